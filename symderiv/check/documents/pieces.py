"""What every kind of document is read into: pieces in order, and where in the file each character of them stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from symderiv.terms import Source, Span

PieceKind = Literal["heading", "words", "inline", "display", "plain", "code", "break", "ignore"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a document.

    `heading`: a new section. `words`: prose. `inline` and `display`: formulas. `plain`: a block that may be plain maths. `code`: Python.
    `break`: the end of a paragraph. `ignore`: the author asks to pass over the next formula.
    """

    kind: PieceKind
    span: Span


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the characters of a text that was decoded or expanded stand in the file.

    From `starts[k]` on, character `starts[k] + n` of the text is character `places[k] + n` of the file, at most `places[k + 1]`.
    """

    starts: Sequence[int]
    places: Sequence[int]

    def place(self, offset: int) -> int:
        """The offset in the file of an offset in the text."""
        k = max(0, bisect_right(self.starts, offset) - 1)
        here = self.places[k] + offset - self.starts[k]
        following = self.places[k + 1] if k + 1 < len(self.places) else None
        return here if following is None or following < self.places[k] else min(here, following)


@dataclass(frozen=True, slots=True)
class Cell:
    """A text that was taken out of a file: `number` is that of a notebook's cell, None for an expanded text."""

    origin: Origin
    number: int | None = None


@dataclass(slots=True)
class Document:
    """A file: its source, its pieces in order, and for texts that are not the file's own characters, where they come from."""

    source: Source
    pieces: Iterator[Piece]
    cells: dict[int, Cell] = field(default_factory=dict)
    files: dict[int, Source] = field(default_factory=dict)

    def original(self, span: Span) -> Span:
        """The span in the file for a span in the text that was read."""
        cell = self.cells.get(id(span.source))
        source = self.files.get(id(span.source), self.source)
        if cell is None:
            return Span(source, span.start, span.end)
        start = cell.origin.place(span.start)
        last = cell.origin.place(span.end - 1) + 1 if span.end > span.start else start
        return Span(source, start, max(start, last))

    def cell_of(self, span: Span) -> int | None:
        """The number of the notebook cell in which the span stands, counted from 1."""
        cell = self.cells.get(id(span.source))
        return None if cell is None else cell.number
