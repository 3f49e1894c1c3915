"""Sines and cosines: angles are split over their monomials by the addition theorem, with sin² = 1 − cos²; odd functions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symderiv.decide.intervals import Interval
from symderiv.decide.kernels import Quotient
from symderiv.decide.polynomials import Monomial, Polynomial, terms_of
from symderiv.decide.powers import Powers
from symderiv.decide.verdict import Unsupported

MOST_MULTIPLE = 200
"""The largest whole multiple of an angle that is still expanded."""

RANGES = {
    "erf": Interval(Fraction(-1), Fraction(1)),
    "atan": Interval(Fraction(-16, 10), Fraction(16, 10)),
    "asin": Interval(Fraction(-16, 10), Fraction(16, 10)),
}
"""Rational bounds of the odd functions that are kernels."""


@dataclass(slots=True)
class Angles(Powers):
    """Kernels for what turns."""

    def circle(self, quotient: Quotient) -> tuple[Quotient, Quotient]:
        """(cos, sin) of an angle, from those of its monomials by the addition theorem."""
        ring = self.ring
        n, d = self.reduced(quotient)
        both: tuple[Quotient, Quotient] = (ring.one, ring.one), (ring.zero, ring.one)
        for m, coefficient in terms_of(n):
            both = self._turned(both, self._monomial_circle(m, coefficient, d))
        return both

    def _turned(self, a: tuple[Quotient, Quotient], b: tuple[Quotient, Quotient]) -> tuple[Quotient, Quotient]:
        """(cos, sin) of the sum of two angles."""
        self.budget.check()
        (cosine, sine), (c, s) = a, b
        n, d = self.product([sine, s])
        new = (
            self.sum([self.product([cosine, c]), (-n, d)]),
            self.sum([self.product([cosine, s]), self.product([sine, c])]),
        )
        return (self.related(new[0][0]), self.related(new[0][1])), (self.related(new[1][0]), self.related(new[1][1]))

    def _monomial_circle(self, m: Monomial, c: Fraction, d: Polynomial) -> tuple[Quotient, Quotient]:
        ring = self.ring
        kernel = self.kernels[m.index(1)] if sum(m) == 1 and d == ring.one else None
        if kernel is not None and kernel.key == ("pi",) and (2 * c).denominator == 1:
            quarter = int(2 * c) % 4
            return (ring.constant((1, 0, -1, 0)[quarter]), ring.one), (ring.constant((0, 1, 0, -1)[quarter]), ring.one)
        if kernel is not None and kernel.key[0] == "atan" and c.denominator == 1:
            u = kernel.parts[0]
            root = self.rational_power(self.sum([(ring.one, ring.one), self.product([u, u])]), Fraction(1, 2))
            unit: tuple[Quotient, Quotient] = ((root[1], root[0]), self.product([u, (root[1], root[0])]))
            times = int(c)
        else:
            key = ("angle", m, str(d))
            times = int(c / self.unit(key, c))
            cos = self.kernel(("cos", *key), Interval(Fraction(-1), Fraction(1), False, False))
            sin = self.kernel(("sin", *key), Interval(Fraction(-1), Fraction(1), False, False))
            self.relations[self.index["sin", *key]] = (2, ring.one - cos * cos)
            unit = (cos, ring.one), (sin, ring.one)
        if abs(times) > MOST_MULTIPLE:
            raise Unsupported("multiples of an angle this large")
        cosine, sine = self._multiple(unit, abs(times))
        return cosine, sine if times >= 0 else (-sine[0], sine[1])

    def _multiple(self, unit: tuple[Quotient, Quotient], times: int) -> tuple[Quotient, Quotient]:
        """(cos, sin) of a whole multiple of an angle."""
        both: tuple[Quotient, Quotient] = (self.ring.one, self.ring.one), (self.ring.zero, self.ring.one)
        for _ in range(times):
            both = self._turned(both, unit)
        return both

    def odd(self, name: str, quotient: Quotient) -> Quotient:
        """A kernel for an odd function: f(−u) = −f(u)."""
        n, d = self.reduced(quotient)
        if n == 0:
            return self.ring.zero, self.ring.one
        sign = -1 if n.leading_coefficient() < 0 else 1
        n = n * sign
        return self.kernel((name, f"{n}//{d}"), RANGES[name], ((n, d),)) * sign, self.ring.one
