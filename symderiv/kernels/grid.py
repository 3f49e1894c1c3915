"""The kernel itself: an odd number of rows and columns of exact weights, indexed by their offset from the centre.

`weight(i, j)` stands i rows below and j columns to the right of the centre; x runs to the right and y runs down, so on a grid of
step h the weight meets the pixel f(x + j h, y + i h) in a cross-correlation, and f(x − j h, y − i h) in a convolution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symderiv.kernels.scalars import Scalar, rational, term_of
from symderiv.terms import Array, Term

Offset = tuple[int, int]
"""Rows down and columns to the right of the centre."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """Weights row by row; `letters` are those that occur in them."""

    rows: tuple[tuple[Scalar, ...], ...]
    letters: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def reach(self) -> Offset:
        """The largest offsets: (height − 1)/2 rows and (width − 1)/2 columns."""
        return self.height // 2, self.width // 2

    def weight(self, i: int, j: int) -> Scalar:
        """The weight at an offset; 0 outside of the window."""
        down, right = self.reach
        if abs(i) > down or abs(j) > right:
            return Fraction(0)
        return self.rows[i + down][j + right]

    def window(self) -> Iterator[tuple[Offset, Scalar]]:
        """Every offset with its weight, row by row."""
        down, right = self.reach
        for r, row in enumerate(self.rows):
            for c, w in enumerate(row):
                yield (r - down, c - right), w

    @property
    def support(self) -> tuple[tuple[Offset, Scalar], ...]:
        """The offsets whose weight is not 0, with their weights."""
        return tuple((at, w) for at, w in self.window() if w != 0)

    @property
    def rational(self) -> Mapping[Offset, Fraction] | None:
        """The weights that are not 0 as rational numbers; None where one depends on a letter."""
        found = {at: rational(w) for at, w in self.support}
        known = {at: w for at, w in found.items() if w is not None}
        return known if len(known) == len(found) else None

    def turned(self) -> Kernel:
        """The kernel turned by 180°: convolution with it is cross-correlation with the kernel."""
        return Kernel(tuple(row[::-1] for row in self.rows[::-1]), self.letters)

    def transposed(self) -> Kernel:
        """Rows and columns exchanged."""
        return Kernel(tuple(zip(*self.rows, strict=True)), self.letters)

    def scaled(self, factor: Scalar) -> Kernel:
        """Every weight times the factor."""
        return Kernel(tuple(tuple(factor * w for w in row) for row in self.rows), self.letters)

    def array(self) -> Term:
        """The kernel as a matrix."""
        return Array(*(tuple(term_of(w) for w in row) for row in self.rows))
