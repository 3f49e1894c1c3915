"""A ranking as CSV, and as blocks for a readable table and a page that needs nothing else."""

from __future__ import annotations

import csv
import io
from typing import Final

from symderiv.errors import SymderivError
from symderiv.ranking.ranking import Ranking
from symderiv.ranking.scores import LETTERS, Score
from symderiv.read import read_latex, read_plain
from symderiv.terms import And, Relation, Sym, Term
from symderiv.write import Block, Code, Equations, Paragraph, Strong, Table, Words, write

TITLE: Final = "Confusable images"


def to_csv(ranking: Ranking) -> str:
    """One line for each image: rank, row, score, and for each network its class, the probability, and those of the pair."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ["rank", "image", ranking.score.name]
    for network in ranking.networks:
        head += [f"{network} class", f"{network} probability", *(f"{network} p({c})" for c in ranking.pair or ())]
    writer.writerow(head)
    for n, row in enumerate(ranking.rows, 1):
        line: list[object] = [n, row.image, _digits(row.value)]
        for guess in row.guesses:
            line += [guess.label, _digits(guess.probability), *map(_digits, guess.of_pair)]
        writer.writerow(line)
    return out.getvalue()


def _digits(x: float) -> str:
    return f"{x:.6g}"


def blocks(ranking: Ranking) -> list[Block]:
    """What was ranked and by which score, then the table."""
    score = ranking.score
    pair = () if ranking.pair is None else (" Pair: ", Strong(" and ".join(ranking.pair)), ".")
    count = (
        f"{ranking.images:,} images, {ranking.classes:,} classes, {len(ranking.networks)} networks: {', '.join(ranking.networks)}."
    )
    head: tuple[Words, ...] = (("",), ("image",), (score.title,), *((name,) for name in ranking.networks))
    rows: list[tuple[Words, ...]] = []
    for n, row in enumerate(ranking.rows, 1):
        said: list[Words] = []
        for guess in row.guesses:
            of_pair = f" ({', '.join(f'{p:.3f}' for p in guess.of_pair)})" if guess.of_pair else ""
            said.append((f"{guess.label} {guess.probability:.3f}{of_pair}",))
        rows.append(((str(n),), (str(row.image),), (f"{row.value:.4g}",), *said))
    legend = "Each network: its most probable class with the probability"
    legend += f" (those of {' and '.join(ranking.pair)})." if ranking.pair else "."
    return [
        Paragraph((count, *pair)),
        *described(score),
        Paragraph((legend,)),
        Table(head, tuple(rows)),
    ]


def described(score: Score) -> list[Block]:
    """The definition of a score, its bounds and why they hold."""
    order = "largest" if score.large else "smallest"
    low, high = (read_plain(b).bare for b in (score.low, score.high))
    s = Sym("s")
    bounds = Relation("≥", s, low) if score.high == "oo" else And(Relation("≤", low, s), Relation("≤", s, high))
    where = ("Here ", *with_formulas(score.where), ". ") if score.where else ()
    definition = formula(score.definition)
    return [
        Paragraph((Strong(score.title), f": {score.says}. The {order} come first.")),
        Equations((definition,)) if isinstance(definition, Term) else Paragraph((definition,)),
        Paragraph((*where, "Its bounds are ", bounds, ", for ", *with_formulas(score.because), ".")),
        Paragraph(
            (
                *with_formulas("Its gradient by the logits of network $m$, with $p$ its probabilities, is "),
                formula(score.gradient),
                ".",
            )
        ),
    ]


def with_formulas(text: str) -> Words:
    """Words in which $…$ is maths."""
    return tuple(formula(part) if k % 2 else part for k, part in enumerate(text.split("$")) if part)


def formula(latex: str) -> Term | Code:
    """The formula as a term, or as it is written where it cannot be read."""
    try:
        return read_latex(latex, LETTERS).bare
    except SymderivError:
        return Code(latex)


def to_html(ranking: Ranking) -> str:
    """A page of its own, without scripts and without a network."""
    return str(write(blocks(ranking), "html", title=TITLE))


def to_text(ranking: Ranking) -> str:
    """The table for a terminal."""
    return str(write(blocks(ranking)[:2] + blocks(ranking)[-2:], "text", title=TITLE))


def to_markdown(ranking: Ranking) -> str:
    """Markdown with the definition of the score and the table."""
    return str(write(blocks(ranking), "markdown", title=TITLE))
