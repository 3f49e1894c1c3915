"""Where a piece of text stands: file, line, column, and how to underline it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A text that is read, and the name a message calls it by (`None` for text given on the command line or in Python)."""

    text: str
    path: str | None = None

    def line(self, number: int) -> str:
        """The text of a line, counted from 1."""
        return self.text.split("\n")[number - 1]


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start … end` (end excluded) of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line on which the span starts, counted from 1."""
        return self.source.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """The column at which the span starts, counted from 1."""
        return self.start - (self.source.text.rfind("\n", 0, self.start) + 1) + 1

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> str:
        """`file:line:column`, without the file where there is none."""
        where = f"{self.line}:{self.column}"
        return f"{self.source.path}:{where}" if self.source.path else where

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of the other."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    def underlined(self, width: int = 96) -> str:
        """The source line and, below it, carets under the span; a long line is cut around the span.

        >>> print(Span(Source("1/(1+x"), 2, 3).underlined())
        1/(1+x
          ^
        """
        line, first = self.source.line(self.line), self.column - 1
        length = max(1, min(self.end - self.start, len(line) - first))
        left = max(0, min(first - width // 3, len(line) - width)) if len(line) > width else 0
        shown = line[left : left + width].replace("\t", " ")
        dots = "… " if left else ""
        more = " …" if left + width < len(line) else ""
        return f"{dots}{shown}{more}\n{' ' * (len(dots) + first - left)}{'^' * min(length, width - (first - left))}"
