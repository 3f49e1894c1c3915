"""Index notation: scalar expressions in which indices are free. Matrices are gone: a product is a sum over its inner index.

Every bound index runs over 1, …, size and has a name that nobody else has, so nothing can be captured. Nodes are compared by
identity; nothing is simplified here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symderiv.decide.indexed.whole import ZERO, Index, Whole
from symderiv.terms import Relation


@dataclass(frozen=True, eq=False)
class Family:
    """A named array of any rank; rank 0 is a number. The flags are what the context assumes of it.

    `low` and `high`: what every entry lies strictly between. `total`: the axis along which its entries sum to 1; `hot`: one of
    them is 1 and the others 0, and `hot_at` is where; `values`: all that an entry can be, if these are finitely many. `orthonormal`:
    the axes over which Σ_k q_ki q_kj = δ_ij, and Σ_k q_k² = 1 for a vector. `point`: where the family stands for a defined name or
    a point, the expression of its entries.
    """

    name: str
    symmetric: bool = False
    definite: bool = False
    semidefinite: bool = False
    diagonal: bool = False
    orthonormal: tuple[int, ...] = ()
    hot_at: Whole | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    total: int | None = None
    hot: bool = False
    values: tuple[Fraction, ...] = ()
    point: Callable[[tuple[Whole, ...]], Expression] | None = None

    @property
    def constrained(self) -> bool:
        """Whether the entries depend on each other."""
        bound = self.symmetric or self.diagonal or self.hot or self.hot_at is not None
        return bound or self.total is not None or bool(self.orthonormal)

    @property
    def positive(self) -> bool:
        """Whether every entry is positive."""
        return self.low is not None and self.low >= 0


class Expression:
    """A scalar."""

    __slots__ = ()


@dataclass(frozen=True, eq=False, slots=True)
class Number(Expression):
    """A rational number."""

    value: Fraction


@dataclass(frozen=True, eq=False, slots=True)
class Counted(Expression):
    """A size or an index used as a number, as n in 1/n."""

    whole: Whole


@dataclass(frozen=True, eq=False, slots=True)
class Cell(Expression):
    """An entry of a family."""

    family: Family
    slots: tuple[Whole, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Delta(Expression):
    """1 where the whole number is 0, else 0."""

    whole: Whole


@dataclass(frozen=True, eq=False, slots=True)
class AtLeast(Expression):
    """1 where the whole number is ≥ 0, else 0."""

    whole: Whole


@dataclass(frozen=True, eq=False, slots=True)
class Positive(Expression):
    """1 where a number is > 0, else 0; `relation`: the condition as it is written."""

    body: Expression
    relation: Relation


@dataclass(frozen=True, eq=False, slots=True)
class Total(Expression):
    """Σ over the index, of the body where the guard (0 or 1) is 1.

    `start`: the body was written for an index that began above 1 by this much.
    """

    index: Index
    body: Expression
    guard: Expression | None = None
    start: Whole = ZERO


@dataclass(frozen=True, eq=False, slots=True)
class Factors(Expression):
    """∏ over the index, of the body where the guard (0 or 1) is 1."""

    index: Index
    body: Expression
    guard: Expression | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Largest(Expression):
    """The maximum over the index."""

    index: Index
    body: Expression


@dataclass(frozen=True, eq=False, slots=True)
class Plus(Expression):
    """A sum."""

    args: tuple[Expression, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Times(Expression):
    """A product."""

    args: tuple[Expression, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Raised(Expression):
    """A power with a rational exponent."""

    base: Expression
    exponent: Fraction


@dataclass(frozen=True, eq=False, slots=True)
class Apply(Expression):
    """A function of the table of functions."""

    name: str
    args: tuple[Expression, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Square:
    """A square matrix: its entry at two indices of its own."""

    row: Index
    column: Index
    body: Expression


@dataclass(frozen=True, eq=False, slots=True)
class Inverse(Expression):
    """The entry (row, column) of the inverse."""

    matrix: Square
    row: Whole
    column: Whole


@dataclass(frozen=True, eq=False, slots=True)
class Determinant(Expression):
    """The determinant of a matrix."""

    matrix: Square


@dataclass(frozen=True, eq=False, slots=True)
class Argument:
    """An argument of an unknown function: a number, or an array by its entry at indices of its own."""

    indices: tuple[Index, ...]
    body: Expression


@dataclass(frozen=True, eq=False, slots=True)
class Call(Expression):
    """An unknown function, differentiated by some entries of its arguments: (which argument, slots), sorted when compared."""

    name: str
    args: tuple[Argument, ...]
    by: tuple[tuple[int, tuple[Whole, ...]], ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Moved(Expression):
    """The body with letters of its indices replaced."""

    body: Expression
    to: Mapping[str, Whole]


@dataclass(frozen=True, eq=False, slots=True)
class Slope(Expression):
    """The derivative of the body by an entry of a family, not yet taken."""

    body: Expression
    family: Family
    slots: tuple[Whole, ...]


NOTHING = Number(Fraction(0))
UNIT = Number(Fraction(1))


def number(q: Fraction | int) -> Number:
    """A number."""
    return Number(Fraction(q))


def negative(u: Expression) -> Expression:
    """−u."""
    return Times((number(-1), u))


def product(*factors: Expression) -> Expression:
    """The product, without ones; 0 if a factor is 0."""
    kept = tuple(f for f in factors if f is not UNIT)
    if any(f is NOTHING for f in kept):
        return NOTHING
    return Times(kept) if len(kept) > 1 else kept[0] if kept else UNIT


def total(*terms: Expression) -> Expression:
    """The sum, without zeros."""
    kept = tuple(t for t in terms if t is not NOTHING)
    return Plus(kept) if len(kept) > 1 else kept[0] if kept else NOTHING
