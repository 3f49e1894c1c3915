"""What a reader has to say besides the term: choices, repairs, conventions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symderiv.errors import ReadError
from symderiv.terms import Span, Term


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was decided in reading.

    `ambiguity`: the text can be read in two ways, and `other` is the whole term in the other one (None where too many choices
    stand in one text). `repair`: damage was mended. `convention`: a habit of the field decided.
    """

    kind: Literal["ambiguity", "repair", "convention"]
    message: str
    span: Span
    other: Term | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A term, and what was decided in reading it."""

    term: Term
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Sides with relations between them: a = b = c has three sides and the relations ("=", "=").

    A side that cannot be read is its ReadError (all of them again in `errors`). `conditions` are those that stand beside the
    formula ("if j = k").
    """

    sides: tuple[Term | ReadError, ...]
    relations: tuple[str, ...]
    conditions: tuple[Term, ...]
    notes: tuple[Note, ...]
    errors: tuple[ReadError, ...]
    span: Span
