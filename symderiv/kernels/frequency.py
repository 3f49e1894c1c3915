"""The frequency response H(u, v) of a kernel on the grid of step 1: gains, zeros and extrema, exact where they can be had.

    H(u, v) = Σ k_ij e^{√−1 (j u + i v)} = A(u, v) + √−1 B(u, v)        cross-correlation; a convolution has A − √−1 B
    A = Σ k_ij cos(j u + i v),   B = Σ k_ij sin(j u + i v)
    |H|² = A² + B²

A wave cos(u x + v y) is answered by A cos(u x + v y) − B sin(u x + v y).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from symderiv.kernels.grid import Kernel, Offset
from symderiv.kernels.scalars import Scalar, rational, total, weighted
from symderiv.kernels.structure import Factors, separated
from symderiv.kernels.surds import (
    MINUS_ONE,
    ONE,
    Polynomial,
    Surd,
    angle,
    compared,
    derivative,
    roots_on_interval,
    square_root,
    trimmed,
    value_at,
)
from symderiv.terms import Add, Fn, Sym, Term, number, plus, substitute, times

U: Final = Sym("u")
V: Final = Sym("v")


def even_part(kernel: Kernel) -> Term:
    """A(u, v)."""
    return _part(kernel, "cos", 1)


def odd_part(kernel: Kernel) -> Term:
    """B(u, v)."""
    return _part(kernel, "sin", -1)


def _part(kernel: Kernel, wave: str, sign: int) -> Term:
    """Opposite offsets taken together: (k_ij ± k_−i−j) times the wave."""
    summands = []
    centre = kernel.weight(0, 0)
    if sign > 0 and centre != 0:
        summands.append(weighted(centre, number(1)))
    for (i, j), w in kernel.window():
        if (i, j) > (0, 0):
            both = w + sign * kernel.weight(-i, -j)
            if both != 0:
                at, flip = ((i, j), 1) if j > 0 or (j == 0 and i > 0) else ((-i, -j), sign)
                summands.append(weighted(both * flip, Fn(wave, phase(at))))
    return plus(*summands)


def phase(at: Offset) -> Term:
    """j u + i v."""
    i, j = at
    return plus(*(weighted(Fraction(n), letter) for n, letter in ((j, U), (i, V)) if n))


def factored(factors: Factors) -> Term | None:
    """H as a product of one factor in u and one in v, where both are even or one is even and one is odd; without its √−1.

    None where a factor is neither, or where it would be the sum that it is anyway.
    """
    found = []
    for values, letter in ((factors.row, U), (factors.column, V)):
        line = Kernel((values,))
        even, odd = (_in_letter(part(line), letter) for part in (even_part, odd_part))
        if even != number(0) and odd != number(0):
            return None
        found.append(even if odd == number(0) else odd)
    if not all(isinstance(f, Add) or f.free for f in found):
        return None
    return times(*found)


def _in_letter(t: Term, letter: Sym) -> Term:
    return substitute(t, {"u": letter})


CORNERS: Final = ((0, 0), (1, 0), (0, 1), (1, 1))
"""(u, v)/π at the corners of the quarter of the frequency square: constant, columns, rows and chessboard alternating."""


def gain(kernel: Kernel, corner: Offset) -> Scalar:
    """H at a corner, where it is real: Σ k_ij (−1)^{j u/π + i v/π}."""
    p, q = corner
    return total(w * Fraction((-1) ** ((j * p + i * q) % 2)) for (i, j), w in kernel.support)


@dataclass(frozen=True, slots=True)
class Extremum:
    """A value of |H|, or of H where it is real, and a place (u, v) at which it is taken."""

    value: Term
    place: tuple[Term, Term]


@dataclass(frozen=True, slots=True)
class Spectrum:
    """What is known exactly of H on 0 ≤ u, v ≤ π (and by symmetry, or as stated by `method`, everywhere).

    `real`: whether largest and smallest speak of H itself; otherwise of |H|. `zeros`: the frequencies where H is 0, each as `u = …` or
    `v = …` (a line) or both (a point); None where they are not known. `curve`: a cos-polynomial whose zeros are those of H.
    """

    method: str
    real: bool
    largest: Extremum | None = None
    smallest: Extremum | None = None
    zeros: tuple[tuple[Term | None, Term | None], ...] | None = None
    curve: Term | None = None


def spectrum(kernel: Kernel, factors: Factors | None) -> Spectrum | None:
    """Zeros and extrema, by the first way that applies; None where none does, or where the weights depend on letters."""
    if kernel.rational is None or not kernel.support:
        return None
    return _by_corners(kernel) or _by_factors(factors) or _by_constant_part(kernel) or _by_bound(kernel)


def _by_corners(kernel: Kernel) -> Spectrum | None:
    """H = α + β cos u + γ cos v + δ cos u cos v: linear in each cosine, so its extrema on the square are at corners."""
    if any(
        kernel.weight(i, j) != kernel.weight(-i, j) or kernel.weight(i, j) != kernel.weight(i, -j) for (i, j), _ in kernel.window()
    ):
        return None
    if any(abs(i) > 1 or abs(j) > 1 for (i, j), _ in kernel.support):
        return None
    gains = {corner: _known(gain(kernel, corner)) for corner in CORNERS}
    top, low = max(gains, key=lambda c: gains[c]), min(gains, key=lambda c: gains[c])
    zeros: tuple[tuple[Term | None, Term | None], ...] | None = None
    curve = None
    nulls = [c for c, g in gains.items() if g == 0]
    if gains[low] > 0 or gains[top] < 0:
        zeros = ()
    elif len(nulls) == 1 and (gains[low] == 0 or gains[top] == 0):
        zeros = (_at(nulls[0]),)
    elif gains[low] < gains[top] and (product := _by_factors(separated(kernel))) is not None:
        zeros = product.zeros
    else:
        curve = even_part(kernel)
    method = "H is linear in cos u and in cos v, so its extrema lie at the corners 0, π"
    return Spectrum(method, True, Extremum(number(gains[top]), _at(top)), Extremum(number(gains[low]), _at(low)), zeros, curve)


def _at(corner: Offset) -> tuple[Term, Term]:
    p, q = (angle(ONE if n == 0 else MINUS_ONE) for n in corner)
    return p, q


def _known(s: Scalar) -> Fraction:
    q = rational(s)
    if q is None:
        raise AssertionError("a gain that depends on letters")
    return q


def _by_factors(factors: Factors | None) -> Spectrum | None:
    """|H|² = P(cos u) Q(cos v) for a separable kernel: one letter at a time."""
    if factors is None:
        return None
    lines = [_line(values) for values in (factors.row, factors.column)]
    (row, column) = lines
    if row is None or column is None:
        return None
    zeros = tuple((angle(z), None) for z in row.zeros) + tuple((None, angle(z)) for z in column.zeros)
    largest = Extremum(_root_of_product(row.largest, column.largest), (angle(row.top), angle(column.top)))
    smallest = Extremum(_root_of_product(row.smallest, column.smallest), (angle(row.low), angle(column.low)))
    return Spectrum("H is a product of a factor in u and a factor in v", False, largest, smallest, zeros)


def _root_of_product(a: Surd, b: Surd) -> Term:
    if not a.q or not b.q or a.d == b.d:
        return square_root(a.times(b))
    return times(square_root(a), square_root(b))


@dataclass(frozen=True, slots=True)
class _Line:
    """|A|² of one factor: its extrema with their cosines, and the cosines at which it is 0."""

    largest: Surd
    top: Surd
    smallest: Surd
    low: Surd
    zeros: tuple[Surd, ...]


def _line(values: Sequence[Scalar]) -> _Line | None:
    squared = squared_gain([_known(w) for w in values])
    slope = trimmed(derivative(squared))
    stationary = roots_on_interval(slope) if slope else ()
    zeros = roots_on_interval(squared)
    if stationary is None or zeros is None:
        return None
    top = low = ONE
    for c in (MINUS_ONE, *stationary):
        if compared(value_at(squared, c), value_at(squared, top)) > 0:
            top = c
        if compared(value_at(squared, c), value_at(squared, low)) < 0:
            low = c
    return _Line(value_at(squared, top), top, value_at(squared, low), low, zeros)


def squared_gain(values: Sequence[Fraction]) -> Polynomial:
    """|Σ a_j e^{√−1 j u}|² = r_0 + 2 Σ r_m cos(m u) as a polynomial in cos u, where r_m = Σ a_j a_{j+m}."""
    result = [Fraction(0)] * len(values)
    before, chebyshev = [Fraction(1)], [Fraction(0), Fraction(1)]
    for m in range(len(values)):
        r = sum((a * b for a, b in zip(values, values[m:], strict=False)), Fraction(0))
        for n, c in enumerate(before):
            result[n] += r * c * (1 if m == 0 else 2)
        doubled = [Fraction(0), *(2 * c for c in chebyshev)]
        before, chebyshev = chebyshev, [c - (before[n] if n < len(before) else 0) for n, c in enumerate(doubled)]
    return trimmed(result)


def _by_constant_part(kernel: Kernel) -> Spectrum | None:
    """A = k_00 alone, so |H| ≥ |k_00|, taken where B = 0, as at u = v = 0."""
    if any(w + kernel.weight(-i, -j) != 0 for (i, j), w in kernel.support if (i, j) != (0, 0)) or kernel.weight(0, 0) == 0:
        return None
    low = Extremum(number(abs(_known(kernel.weight(0, 0)))), _at((0, 0)))
    return Spectrum("the real part of H is constant", False, None, low, ())


def _by_bound(kernel: Kernel) -> Spectrum | None:
    """|H| ≤ Σ |k_ij|: where a corner takes this value, it is the largest."""
    bound = sum((abs(_known(w)) for _, w in kernel.support), Fraction(0))
    for corner in CORNERS:
        if abs(_known(gain(kernel, corner))) == bound:
            return Spectrum("|H| is at most the sum of the absolute weights", False, Extremum(number(bound), _at(corner)))
    return None
