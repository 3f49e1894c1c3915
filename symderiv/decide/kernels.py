"""Quotients of polynomials in kernels: what is rational arithmetic, and what is known of signs.

A kernel is a generator of the ring; it may carry a relation (a root: r^q = p) and a range (e^u > 0).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from symderiv.decide.intervals import REAL, Interval
from symderiv.decide.polynomials import Monomial, Polynomial, Ring, TooManyKernels, as_fraction, terms_of
from symderiv.decide.verdict import Budget, NowhereDefined, Unsupported
from symderiv.terms import Term

Quotient = tuple[Polynomial, Polynomial]
"""Numerator and denominator."""

LONGEST_GCD = 4000
"""Terms, numerator times denominator, up to which common factors are looked for."""
LONGEST_FACTORED = 120
"""Terms of a polynomial that is still factored."""
LONGEST_RANGE = 300
"""Terms of a polynomial whose range is worked out."""
HIGHEST_FACTORED = 400
"""Degree of a polynomial that is still factored or whose common factors are looked for."""


class ScaleChanged(Exception):
    """An exponent needs a finer kernel than the one in use; the form is begun again."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """A generator: `key` tells kernels apart, `range` holds of its values; `parts` depend on the kind, the first word of the key."""

    key: tuple[Any, ...]
    range: Interval
    parts: tuple[Any, ...] = ()


@dataclass(slots=True)
class Kernels:
    """The kernels met so far, their relations, and the signs known."""

    ring: Ring
    budget: Budget
    range_of: Callable[[Term], Interval]
    scale: dict[Any, Fraction]
    kernels: list[Kernel] = field(default_factory=list)
    index: dict[tuple[Any, ...], int] = field(default_factory=dict)
    relations: dict[int, tuple[int, Polynomial]] = field(default_factory=dict)
    learned: dict[str, int] = field(default_factory=dict)

    # ----------------------------------------------------------------------------------------------------- kernels
    def kernel(self, key: tuple[Any, ...], range: Interval, parts: tuple[Any, ...] = ()) -> Polynomial:
        """The generator for a kernel, made when it is met first."""
        k = self.index.get(key)
        if k is None:
            k = len(self.kernels)
            if k >= self.ring.size:
                raise TooManyKernels
            self.index[key] = k
            self.kernels.append(Kernel(key, range, parts))
        return self.ring.generators[k]

    def scaled(self, key: tuple[Any, ...], c: Fraction) -> int:
        """The index q of a root of which c is a whole multiple of 1/q; begins the form again where that changes."""
        index = int(self.scale.get(key, 1))
        if (c * index).denominator != 1:
            self.scale[key] = Fraction(lcm(index, c.denominator))
            raise ScaleChanged
        return index

    def unit(self, key: tuple[Any, ...], c: Fraction) -> Fraction:
        """The number of which every multiple of the kernel's argument is a whole multiple; begins the form again where that changes."""
        unit = self.scale.get(key)
        if unit is None:
            unit = self.scale[key] = abs(c)
        if (c / unit).denominator != 1:
            self.scale[key] = Fraction(
                gcd(unit.numerator * c.denominator, c.numerator * unit.denominator), unit.denominator * c.denominator
            )
            raise ScaleChanged
        return unit

    def single(self, p: Polynomial) -> Kernel | None:
        """The kernel that a polynomial is, or None."""
        if len(p) != 1 or p.leading_coefficient() != 1:
            return None
        exponents = p.monoms()[0]
        return self.kernels[exponents.index(1)] if sum(exponents) == 1 else None

    # -------------------------------------------------------------------------------------------------- arithmetic
    def sum(self, parts: list[Quotient]) -> Quotient:
        """The sum, over the least common denominator."""
        one = self.ring.one
        whole = self.ring.zero
        by_denominator: dict[str, Quotient] = {}
        for n, d in parts:
            if d == one:
                whole = whole + n
                continue
            key = str(d)
            before = by_denominator.get(key)
            by_denominator[key] = (n if before is None else before[0] + n, d)
        found = list(by_denominator.values())
        if whole != 0 or not found:
            found.append((whole, one))
        while len(found) > 1:
            found = [self._sum_of_two(*found[k : k + 2]) if k + 1 < len(found) else found[k] for k in range(0, len(found), 2)]
        return found[0]

    def _sum_of_two(self, a: Quotient, b: Quotient) -> Quotient:
        (n, d), (p, q) = a, b
        ring = self.ring
        if q == ring.one:
            return n + ring.times(p, d), d
        self.budget.check()
        if not self._tractable(d, q):
            return ring.times(n, q) + ring.times(p, d), ring.times(d, q)
        g = d.gcd(q)
        left, right = ring.divided(q, g), ring.divided(d, g)
        return ring.times(n, left) + ring.times(p, right), ring.times(d, left)

    def product(self, parts: list[Quotient]) -> Quotient:
        """The product."""
        n, d = self.ring.one, self.ring.one
        for p, q in parts:
            n, d = self.ring.times(n, p), self.ring.times(d, q)
        return n, d

    def _tractable(self, p: Polynomial, q: Polynomial) -> bool:
        """Whether common factors of the two can be looked for in little time."""
        if len(p) * len(q) > LONGEST_GCD:
            return False
        return len(p) == 1 or len(q) == 1 or max(degree_of(p), degree_of(q)) <= HIGHEST_FACTORED

    def reduced(self, quotient: Quotient) -> Quotient:
        """In lowest terms: relations used, square roots out of the denominator, common factors cancelled, the denominator monic."""
        ring = self.ring
        n, d = self.related(quotient[0]), self.related(quotient[1])
        if d == 0:
            raise NowhereDefined("a denominator that is 0")
        if n == 0:
            return ring.zero, ring.one
        if d == ring.one:
            return n, d
        if not d.is_constant():
            n, d = self._rationalised(n, d)
            if not d.is_constant() and self._tractable(n, d):
                g = n.gcd(d)
                n, d = ring.divided(n, g), ring.divided(d, g)
        c = d.leading_coefficient()
        return n / c, d / c

    def _rationalised(self, n: Polynomial, d: Polynomial) -> Quotient:
        """Without generators of degree 2 over the others (square roots, moduli, sines) in the denominator, where that can be had."""
        for k in sorted(self.relations, reverse=True):
            if self.relations[k][0] != 2 or d.is_constant():
                continue
            terms = d.to_dict()
            if any(m[k] for m in terms):
                conjugate = self.ring.context.from_dict({m: (-c if m[k] % 2 else c) for m, c in terms.items()})
                if len(terms) == 1:
                    conjugate = self.ring.generators[k]
                self.budget.check()
                norm = self.related(self.ring.times(d, conjugate))
                if norm != 0:
                    n, d = self.related(self.ring.times(n, conjugate)), norm
        return n, d

    def related(self, p: Polynomial) -> Polynomial:
        """The polynomial with powers of roots taken down by their relations."""
        if not self.relations:
            return p
        ring = self.ring
        for k in sorted(self.relations, reverse=True):
            degree, power = self.relations[k]
            if p.degrees()[k] < degree:
                continue
            low: dict[Monomial, Any] = {}
            out = ring.zero
            for m, c in p.to_dict().items():
                times, rest = divmod(int(m[k]), degree)
                if not times:
                    low[m] = c
                    continue
                exponents = (*m[:k], rest, *m[k + 1 :])
                out = out + ring.times(ring.context.from_dict({exponents: c}), ring.power(power, times))
                self.budget.check()
            p = out + ring.context.from_dict(low)
        return p

    # ------------------------------------------------------------------------------------------------------- signs
    def range_of_polynomial(self, p: Polynomial) -> Interval:
        """What values a polynomial can take, from the ranges of its kernels; anything where it is long."""
        if len(p) > LONGEST_RANGE:
            return REAL
        total = Interval.point(Fraction(0))
        for m, c in terms_of(p):
            term = Interval.point(c)
            for k, n in enumerate(m):
                if n:
                    term = term * self.kernels[k].range.power(n)
            total = total + term
            if total.low is None and total.high is None:
                break
        return total

    def sign(self, p: Polynomial) -> int:
        """+1 if p ≥ 0 is known, −1 if p ≤ 0 is, else 0."""
        if (known := self.learned.get(str(p))) is not None:
            return known
        found = self.range_of_polynomial(p)
        if found.nonnegative():
            return 1
        return -1 if (-found).nonnegative() else 0

    def nonzero(self, p: Polynomial) -> bool:
        """Whether p ≠ 0 is known."""
        return 0 not in self.range_of_polynomial(p).signs()

    def factors(self, p: Polynomial) -> tuple[Fraction, list[tuple[Polynomial, int]]]:
        """(a number, [(factor, exponent)]) of a polynomial; raises Unsupported where it is too long or of too high a degree."""
        if (single := self.single(p)) is not None:
            return Fraction(1), [(self.ring.generators[self.index[single.key]], 1)]
        if p.is_constant():
            return as_fraction(p.leading_coefficient()), []
        if len(p) > LONGEST_FACTORED or (len(p) > 1 and degree_of(p) > HIGHEST_FACTORED):
            raise Unsupported("factors of polynomials of this size")
        self.budget.check()
        number, found = p.factor()
        return as_fraction(number), [(q, int(k)) for q, k in found]

    def factored(self, quotient: Quotient, learn: str = "") -> tuple[Fraction, list[tuple[Polynomial, int]]]:
        """(a number, [(factor, exponent)]) with quotient = number · ∏ factor^exponent.

        `learn`: the quotient is known to be `>` or `≥` 0; if that leaves the sign of one factor open, it is taken from there.
        """
        n, d = self.reduced(quotient)
        if n == 0:
            raise NowhereDefined("a power or logarithm of 0")
        c, above = self.factors(n)
        e, below = self.factors(d)
        number = c / e
        factors = above + [(p, -k) for p, k in below]
        if learn:
            self._learn(number, factors, learn == ">")
        return number, factors

    def _learn(self, number: Fraction, factors: list[tuple[Polynomial, int]], strict: bool) -> None:
        """The sign of the one factor whose sign is open; where the product can be 0, only if the other factors cannot."""
        sign, unknown = (1 if number > 0 else -1), []
        for p, k in factors:
            if k % 2:
                known = self.sign(p)
                sign *= known or 1
                if not known:
                    unknown.append(p)
        if len(unknown) != 1:
            return
        (p,) = unknown
        if strict or all(q == p or self.nonzero(q) for q, _ in factors):
            self.learned[str(p)] = sign
            self.learned[str(-p)] = -sign


def degree_of(p: Polynomial) -> int:
    """The highest exponent of any generator."""
    return int(max(p.degrees()))
