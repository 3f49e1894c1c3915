"""Symmetry and separability of a kernel, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from types import MappingProxyType
from typing import Final

from symderiv.kernels.grid import Kernel
from symderiv.kernels.scalars import Scalar, rational

SYMMETRIES: Final = MappingProxyType(
    {
        "left and right exchanged": lambda k: Kernel(tuple(row[::-1] for row in k.rows)),
        "top and bottom exchanged": lambda k: Kernel(k.rows[::-1]),
        "turned by 180°": Kernel.turned,
        "rows and columns exchanged": Kernel.transposed,
        "turned by 90°": lambda k: Kernel(k.transposed().rows[::-1]),
    }
)
"""What can be done to the window of a kernel, in words."""


def symmetries(kernel: Kernel) -> dict[str, int]:
    """For each motion of the window: 1 where the kernel stays what it is, −1 where it changes its sign, 0 otherwise."""
    return {name: _sign(kernel, motion) for name, motion in SYMMETRIES.items()}


def _sign(kernel: Kernel, motion: Callable[[Kernel], Kernel]) -> int:
    moved = motion(kernel).rows
    if moved == kernel.rows:
        return 1
    return -1 if moved == kernel.scaled(Fraction(-1)).rows else 0


@dataclass(frozen=True, slots=True)
class Factors:
    """k_ij = column_i · row_j: a pass over the columns, then a pass over the rows."""

    column: tuple[Scalar, ...]
    row: tuple[Scalar, ...]

    @property
    def multiplications(self) -> int:
        """Multiplications for a pixel in two passes."""
        return len(self.column) + len(self.row)


def separated(kernel: Kernel) -> Factors | None:
    """The factors of a kernel of rank 1; None for any other rank.

    With a pivot k_ab ≠ 0 the kernel has rank 1 just if k_ij k_ab = k_ib k_aj for all i, j. Rational factors are scaled so that the
    row has whole numbers without a common divisor and the column has the rest.
    """
    pivot = next(((r, c) for r, row in enumerate(kernel.rows) for c, w in enumerate(row) if w != 0), None)
    if pivot is None:
        return None
    a, b = pivot
    top = kernel.rows[a]
    for row in kernel.rows:
        if any(row[c] * top[b] != row[b] * top[c] for c in range(kernel.width)):
            return None
    scale = _content(top)
    return Factors(tuple(row[b] / (top[b] / scale) for row in kernel.rows), tuple(w / scale for w in top))


def _content(row: tuple[Scalar, ...]) -> Scalar:
    """What divides the row so that it has whole numbers without a common divisor, the largest part of them positive."""
    known = [rational(w) for w in row]
    numbers = [q for q in known if q is not None]
    if len(numbers) < len(known):
        return next(w for w in row if w != 0)
    bottom = reduce(lcm, (q.denominator for q in numbers))
    top = reduce(gcd, (abs(q.numerator) * (bottom // q.denominator) for q in numbers))
    sign = -1 if sum(q < 0 for q in numbers) > sum(q > 0 for q in numbers) else 1
    return Fraction(sign * top, bottom)


def rank(kernel: Kernel) -> int:
    """The rank as a matrix: as many separable kernels add up to it."""
    rows = [list(row) for row in kernel.rows]
    found = 0
    for c in range(kernel.width):
        pivot = next((r for r in range(found, len(rows)) if rows[r][c] != 0), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            if rows[r][c] != 0:
                factor = rows[r][c] / rows[found][c]
                rows[r] = [w - factor * p for w, p in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found
