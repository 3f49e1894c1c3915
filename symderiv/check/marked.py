"""A paragraph as one text in which ⟦k⟧ stands for its k-th piece, a formula: for phrases that say something of letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from symderiv.check.scope import name_of
from symderiv.read import statements
from symderiv.terms import Context, Span, Term

FORMULA: Final = r"⟦\d+⟧"
"""A formula."""
FORMULAS: Final = rf"{FORMULA}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+(?:of\s+)?|\s+or\s+){FORMULA})*"
"""Formulas in a row: A, B and C."""
LONGEST: Final = 1500
"""Characters of a sentence in which phrases are looked for."""
_ANY: Final = re.compile(r"⟦(\d+)⟧")
_SAYS_WHAT: Final = re.compile(r"\\in\b|∈|\\colon|:(?!=)|:=|=")
_RELATION: Final = re.compile(r"\\(?:n?e|neq|[lg]eq?|[lg]t)\b|[<>≠≤≥]|\\dots|\\ldots")
_NUMBER: Final = re.compile(r"\s*\d+\s*")


@dataclass(frozen=True, slots=True)
class Marked:
    """The words of a paragraph and its formulas; numbers stand in the words."""

    text: str
    formulas: dict[int, Span]

    def sentences(self) -> Iterator[str]:
        """The sentences, each with its marks; not those that are longer than any sentence."""
        yield from (s for s in re.split(r"(?<=[.!?;])(?=\s|$)", self.text) if len(s) <= LONGEST)

    def spans(self, marks: str) -> list[Span]:
        """The formulas that stand in a piece of the text."""
        return [self.formulas[int(k)] for k in _ANY.findall(marks)]

    def letters(self, marks: str, context: Context) -> list[str]:
        """The names that the formulas of a piece declare or are: A and B of `A, B ∈ R^{n × n}`, z of `z = x + y`; none of conditions."""
        return [name for span in self.spans(marks) for name in subjects(span, context)]

    def terms(self, marks: str, context: Context) -> list[Term]:
        """The formulas of a piece that are terms and no letters: X^T X and A - I."""
        return [t for span in self.spans(marks) if (t := _term(span, context)) is not None]


def _term(span: Span, context: Context) -> Term | None:
    if _SAYS_WHAT.search(span.text) or _RELATION.search(span.text):
        return None
    found = statements(span, context, latex=True)
    sides = [side for s in found for side in s.sides]
    return sides[0].bare if len(sides) == 1 and isinstance(sides[0], Term) and name_of(sides[0]) is None else None


def marked(pieces: Sequence[tuple[bool, Span]]) -> Marked:
    """The text of pieces, each with whether it is a formula."""
    parts: list[str] = []
    formulas: dict[int, Span] = {}
    for k, (formula, span) in enumerate(pieces):
        if not formula or _NUMBER.fullmatch(span.text):
            parts.append(" ".join(f" {span.text} ".split(" ")) if not formula else span.text.strip())
        else:
            formulas[k] = span
            parts.append(f"⟦{k}⟧")
    return Marked(" ".join("".join(parts).split()), formulas)


def subjects(span: Span, context: Context) -> list[str]:
    """The names that a formula declares, defines or is."""
    text = span.text
    said = _SAYS_WHAT.search(text)
    if said is None and _RELATION.search(text):
        return []
    end = span.start + (said.start() if said is not None else len(text))
    names = []
    for s in statements(Span(span.source, span.start, end), context, latex=True) if end > span.start else ():
        names += [name for side in s.sides if isinstance(side, Term) and (name := name_of(side)) is not None]
    if not names and "," in text[: end - span.start]:
        start = span.start
        for part in text[: end - span.start].split(","):
            if part.strip():
                names += subjects(Span(span.source, start, start + len(part)), context)
            start += len(part) + 1
    return names
