"""Everything that can be wrong with a request, as one tree.

    SymderivError                  what a person asked for cannot be done; the message says what, where, and what would help
    ├── ReadError                  the text cannot be read; carries the place
    ├── UnknownName                no function, row or format of that name
    ├── ShapeError                 sizes do not fit together
    ├── DomainError                an operation outside its domain, such as a written-out division by zero
    ├── NotDerivable               no rule differentiates this
    └── NoDerivation               the goal is not what the start is equal to, or no path was found

Bugs stay ordinary exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symderiv.terms.span import Span


class SymderivError(Exception):
    """What a person asked for cannot be done: what, where, and what would help."""

    def __init__(self, what: str, span: Span | None = None, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.span = span
        self.hint = hint

    def __str__(self) -> str:
        lines = [f"{self.span.place}: {self.what}" if self.span else self.what]
        if self.span:
            lines += ["    " + line for line in self.span.underlined().split("\n")]
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)


class ReadError(SymderivError):
    """The text cannot be read."""


class UnknownName(SymderivError):
    """No function, row or format of that name."""

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str], span: Span | None = None) -> UnknownName:
        """The error for a name that is none of the known ones, with the nearest of them as a hint."""
        known = list(known)
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
        return cls(f"no {kind} is called {name!r}", span, hint)


class ShapeError(SymderivError):
    """Sizes do not fit together."""


class DomainError(SymderivError):
    """An operation outside its domain, such as a written-out division by zero."""


class NotDerivable(SymderivError):
    """No rule differentiates this."""


class NoDerivation(SymderivError):
    """The goal is not what the start is equal to, or no path between them was found."""
