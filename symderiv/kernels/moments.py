"""Moments of a kernel and what they say of smooth images.

    M_ab = Σ k_ij j^a i^b                                    moment
    Σ k_ij f(x + j h, y + i h) = Σ_n h^n P_n(∂x, ∂y) f        Taylor
    P_n(ξ, η) = Σ_{a+b=n} M_ab / (a! b!) ξ^a η^b = 1/n! Σ k_ij (j ξ + i η)^n

The first n with P_n ≠ 0 is the order of the differential operator that the kernel approximates; the next one its leading error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

from symderiv.kernels.grid import Kernel, Offset
from symderiv.kernels.scalars import Scalar, total

Symbol = Mapping[Offset, Scalar]
"""P_n by its exponents: (a, b) ↦ the coefficient of ∂x^a ∂y^b; coefficients that are 0 are left out."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """The first homogeneous parts of the Taylor expansion that are not 0, by their power of h.

    `exact`: there are no more of them. `remainder`: the power of h of the first part that is not listed.
    """

    parts: Mapping[int, Symbol]
    exact: bool
    remainder: int

    @property
    def order(self) -> int | None:
        """The order of the differential operator that is approximated; None for the kernel 0."""
        return min(self.parts, default=None)

    @property
    def leading(self) -> Symbol:
        """The symbol of the differential operator."""
        return {} if self.order is None else self.parts[self.order]

    @property
    def accuracy(self) -> int | None:
        """The power of h of the leading error, relative to the operator; None where there is no error."""
        powers = sorted(self.parts)
        return powers[1] - powers[0] if len(powers) > 1 else None


def moment(kernel: Kernel, a: int, b: int) -> Scalar:
    """M_ab = Σ k_ij j^a i^b, where 0^0 = 1."""
    return total(w * Fraction(j**a * i**b) for (i, j), w in kernel.support)


def symbol(kernel: Kernel, n: int) -> Symbol:
    """P_n, the homogeneous part of degree n."""
    found = {(a, n - a): moment(kernel, a, n - a) * Fraction(1, factorial(a) * factorial(n - a)) for a in range(n, -1, -1)}
    return {ab: c for ab, c in found.items() if c != 0}


def expansion(kernel: Kernel, parts: int = 2) -> Expansion:
    """The first parts that are not 0 and the power of h of the next.

    A weight that is not at the centre makes infinitely many parts differ from 0, at least one in as many successive degrees as there
    are weights: the search ends.
    """
    found: dict[int, Symbol] = {}
    if all(at == (0, 0) for at, _ in kernel.support):
        here = symbol(kernel, 0)
        return Expansion({0: here} if here else {}, True, 0)
    n = 0
    while len(found) < parts:
        if here := symbol(kernel, n):
            found[n] = here
        n += 1
    while not symbol(kernel, n):
        n += 1
    return Expansion(found, False, n)


def reproduces(kernel: Kernel, limit: int = 12) -> int:
    """The largest degree up to which every polynomial image is left as it is; −1 for none; `limit` where it is all."""
    for n in range(limit + 1):
        if dict(symbol(kernel, n)) != ({(0, 0): Fraction(1)} if n == 0 else {}):
            return n - 1
    return limit
