"""Proofs by induction in files, judged part by part: every line, the base case, the hypothesis and its use, the end of the step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from symderiv.check.checker import Checker
from symderiv.check.claim import Claim
from symderiv.check.documents import ENDINGS, KINDS
from symderiv.check.inductions import Flaw, inductions
from symderiv.check.scope import Scope
from symderiv.terms import ZERO, Pow, Relation, Source
from symderiv.write import latex

EFFORT: Final = 20.0
"""Seconds for one line: a proof in a book is worth more time than a line of a notebook."""


@dataclass(slots=True)
class Judged:
    """The judgement on the proofs of one file: accepted if there is no flaw."""

    path: str
    title: str = ""
    lines: int = 0
    letters: list[str] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether every part is there and right."""
        return not self.flaws


def judge_file(path: Path) -> Judged:
    """The judgement on a file. Raises OSError where it cannot be read."""
    return judge_proof(path.read_text(encoding="utf-8"), str(path), ENDINGS.get(path.suffix.lower(), "markdown"))


def judge_proof(source: str, path: str = "<text>", kind: str = "markdown") -> Judged:
    """The judgement on a text with a proof by induction."""
    scope = Scope(effort=EFFORT)
    claims = list(Checker(KINDS[kind](Source(source, path)), scope).claims())
    title = re.search(r"^#+\s*(.+)$", source, re.MULTILINE)
    result = Judged(path, title[1].replace("\\", "").strip() if title else "", sum(c.verdict == "proved" for c in claims))
    found = inductions(source, claims, scope)
    stated = [id(c) for one in found for c in one.stated]
    result.flaws += _wrong_lines([c for c in claims if c.verdict == "refuted" or id(c) not in stated])
    if not found:
        result.flaws.append(Flaw(1, "there is no proof here: neither `Proof`, nor a base case, hypothesis or step is named"))
    for one in found:
        result.flaws += one.flaws
        if one.letter:
            result.letters.append(one.letter)
    result.flaws = sorted(dict.fromkeys(result.flaws), key=lambda f: f.line)
    return result


def _wrong_lines(claims: list[Claim]) -> Iterator[Flaw]:
    for c in claims:
        step = " ".join(f"{c.left} {c.relation} {c.right}".split())
        if c.verdict == "refuted":
            yield Flaw(c.span.line, f"{c.reason or 'this is wrong'}: {step}")
        elif c.verdict in ("undecided", "unread"):
            yield Flaw(c.span.line, f"not shown ({c.reason or c.verdict}): {step}")
        elif c.verdict == "proved" and (needed := [n for n in c.conditions if n not in _of_empty_powers(c)]):
            yield Flaw(c.span.line, f"this needs {', '.join(needed)}, of which nothing is said: {step}")


def _of_empty_powers(c: Claim) -> set[str]:
    """Conditions b ≠ 0 that b^0 brings: a power with exponent 0 is 1 in every sum of powers."""
    parts = (p for t in (c.left_term, c.term) if t is not None for p in t.bare.postorder())
    return {latex(Relation("≠", p.left, ZERO)) for p in parts if isinstance(p, Pow) and p.right == ZERO}
