"""What is written, in blocks that every format knows: headings, paragraphs, chains of equations, parts, tables, notes, figures.

A derivation is turned into blocks once, by `symderiv.write.layout`; a sheet is a list of blocks of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from symderiv.errors import SymderivError
from symderiv.read import read_latex
from symderiv.terms import Context, Term


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be shown letter for letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


Words = tuple[str | Term | Code | Strong, ...]
"""Running text: words, and terms that are set as maths."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 is that of the document."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    words: Words


@dataclass(frozen=True, slots=True)
class Line:
    """`= term`, or another relation to the line before, why, and under which conditions; `rules` are the rules that the line uses."""

    term: Term
    label: Words = ()
    conditions: tuple[Term, ...] = ()
    rules: tuple[str, ...] = ()
    relation: str = "="


@dataclass(frozen=True, slots=True)
class Chain:
    """start = … = … in a context."""

    start: Term
    lines: tuple[Line, ...]
    context: Context = field(default_factory=Context, compare=False)

    @property
    def result(self) -> Term:
        """The term of the last line."""
        return self.lines[-1].term if self.lines else self.start


@dataclass(frozen=True, slots=True)
class Equations:
    """Equations that stand one below the other: definitions, the forward pass of a graph."""

    equations: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks under a condition or a step: the derivation of one region."""

    title: Words
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under a head."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A note for the reader, set apart from the derivation."""

    words: Words


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in a file."""

    path: Path
    caption: Words = ()


Block = Heading | Paragraph | Chain | Equations | Part | Table | Note | Figure


def worded(words: str, details: tuple[Term, ...] = ()) -> Words:
    """Words with `{}` standing for each of the details, and `…` in backquotes shown letter for letter.

    The last place takes all of the details that are left.

    >>> from symderiv.terms import Sym
    >>> worded("recognise {} in `a/b`", (Sym("x"), Sym("y")))
    ('recognise ', Sym('x'), ', ', Sym('y'), ' in ', Code(text='a/b'))
    """
    pieces = words.split("{}")
    places = len(pieces) - 1
    filled: list[str | Term | Code | Strong] = [*_runs(pieces[0])]
    for k, piece in enumerate(pieces[1:]):
        shown = details[k:] if k == places - 1 else details[k : k + 1]
        filled += [part for n, d in enumerate(shown) for part in ((", ", d) if n else (d,))]
        filled += _runs(piece)
    return tuple(filled)


_INLINE: Final = re.compile(
    r"(?s)(?P<maths>\$\$.+?\$\$|\$[^$\n]+?\$)|\*\*(?P<strong>.+?)\*\*|`(?P<code>[^`]+)`|\[(?P<link>[^\]]*)\]\([^)]*\)"
)


def marked_up(text: str) -> Words:
    """Words of Markdown with maths read into terms; maths that cannot be read is shown as it was written.

    >>> from symderiv.terms import Sym
    >>> marked_up("where $x$ is **real**")
    ('where ', Sym('x'), ' is ', Strong(text='real'))
    """
    words: list[str | Term | Code | Strong] = []
    end = 0
    for m in _INLINE.finditer(text):
        words.append(text[end : m.start()].replace("\n", " "))
        end = m.end()
        if m["maths"]:
            formula = m["maths"].strip("$").strip()
            try:
                words.append(read_latex(formula).bare)
            except SymderivError:
                words.append(Code(formula))
        elif m["strong"]:
            words.append(Strong(m["strong"]))
        else:
            words.append(Code(m["code"]) if m["code"] else m["link"])
    words.append(text[end:].replace("\n", " "))
    return tuple(w for w in words if w != "")


def _runs(text: str) -> Iterable[str | Code]:
    for k, run in enumerate(re.split(r"`([^`]*)`", text)):
        if run:
            yield Code(run) if k % 2 else run


def listed(parts: Iterable[Words], joint: str = "; ") -> Words:
    """Several words in a row."""
    found: list[str | Term | Code | Strong] = []
    for part in parts:
        if found and part:
            found.append(joint)
        found += part
    return tuple(found)


def chains(blocks: Iterable[Block]) -> list[Chain]:
    """Every chain of the blocks that is not inside a part of another derivation, in order."""
    return [b for b in blocks if isinstance(b, Chain)]
