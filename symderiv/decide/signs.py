"""Signs of polynomials in the kernels of one form, from ranges, assumptions, factors and real roots."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpz_poly

from symderiv.decide.balls import Precision, rational
from symderiv.decide.canonical import Form
from symderiv.decide.intervals import Interval
from symderiv.decide.kernels import degree_of
from symderiv.decide.linear import Constraint, infeasible
from symderiv.decide.polynomials import Polynomial, terms_of
from symderiv.decide.verdict import Unsupported
from symderiv.terms import Relation, Term, minus

LONGEST_SPLIT = 60
"""Terms of a polynomial whose factors are looked at for its sign."""
HIGHEST_SPLIT = 60
"""Degree up to which they are."""
HIGHEST_ROOTS = 24
"""Degree of a polynomial in one kernel whose real roots are isolated."""

ALLOWED = {"=": {0}, "≠": {1, -1}, ">": {1}, "<": {-1}, "≥": {0, 1}, "≤": {0, -1}}
"""The signs of u for which `u op 0`."""


def relation_of_signs(op: str, possible: frozenset[int]) -> bool | None:
    """Whether `u op 0` for a term that can have these signs; None where they do not tell, or where there are none."""
    allowed = ALLOWED[op]
    if not possible:
        return None
    return True if possible <= allowed else None if possible & allowed else False


class Signs:
    """What the relations, which all hold, say of the signs of terms read into one form."""

    def __init__(self, form: Form, relations: Iterable[Relation]) -> None:
        self.form = form
        self.facts: list[Constraint] = []
        self.nonzero: set[str] = set()
        for r in relations:
            try:
                self._learn(r)
            except Unsupported:
                continue

    def _learn(self, r: Relation) -> None:
        n, d = self.form.reduced(self.form.of(minus(r.left, r.right)))
        sign = self.form.sign(d)
        if r.op in ("≠", ">", "<") and n != 0:
            self.nonzero |= self._factors_of(n)
        if r.op == "≠":
            return
        if r.op != "=":
            n = n * sign if sign else self.form.related(self.form.ring.times(n, d))
        self.facts.append(_constraint(r.op, n if r.op in (">", "≥", "=") else -n))

    def _factors_of(self, n: Polynomial) -> set[str]:
        if len(n) > LONGEST_SPLIT or degree_of(n) > HIGHEST_SPLIT:
            return {str(n), str(-n)}
        return {str(n), str(-n)} | {str(p) for p, _ in self.form.factors(n)[1]}

    def of(self, difference: Term) -> frozenset[int]:
        """The signs that a term can have; none at all where the relations contradict each other."""
        n, d = self.form.reduced(self.form.of(difference))
        if n == 0:
            return frozenset((0,))
        possible = self.signs(n)
        if d != self.form.ring.one:
            below = self.signs(d)
            possible = frozenset(a * b for a in possible for b in below if b)
            if len(possible) > 1 and self.facts:
                possible &= self.signs(self.form.related(self.form.ring.times(n, d)))
        return possible

    def signs(self, p: Polynomial) -> frozenset[int]:
        """The signs that a polynomial can have."""
        whole = self._signs(p)
        if len(whole) == 1 or p.is_constant() or len(p) > LONGEST_SPLIT or degree_of(p) > HIGHEST_SPLIT:
            return whole
        c, factors = self.form.factors(p)
        possible = frozenset((1 if c > 0 else -1,))
        for q, k in factors:
            one = frozenset(s**k for s in self._signs(q))
            if str(q) in self.nonzero:
                one -= {0}
            possible = frozenset(a * b for a in possible for b in one)
        return (whole & possible) or whole

    def _signs(self, p: Polynomial) -> frozenset[int]:
        possible = self.form.range_of_polynomial(p).signs()
        if (known := self.form.learned.get(str(p))) is not None:
            possible = (possible - {-known}) or possible
        if len(possible) == 1:
            return possible
        signs = set(possible)
        if self.facts:
            facts = [*self.facts, *self._ranges(p)]
            signs = {
                sign
                for sign, op, polynomial in ((1, ">", p), (-1, ">", -p), (0, "=", p))
                if sign in possible and not infeasible([*facts, _constraint(op, polynomial)])
            }
        if len(signs) > 1:
            found = self._signs_in_one_kernel(p)
            signs = signs & found if found is not None else signs
        if str(p) in self.nonzero:
            signs.discard(0)
        return frozenset(signs) or possible

    def _ranges(self, p: Polynomial) -> Iterator[Constraint]:
        """What is known of each monomial of the polynomial and of the facts."""
        monomials: set[Hashable] = {m for m, _ in terms_of(p)} | {m for f in self.facts for m in f.coefficients}
        for m in monomials:
            assert isinstance(m, tuple)
            if not any(m):
                continue
            found = Interval.point(Fraction(1))
            for k, n in enumerate(m):
                if n:
                    found = found * self.form.kernels[k].range.power(n)
            if found.low is not None:
                yield Constraint({m: Fraction(1)}, -found.low, found.open_low)
            if found.high is not None:
                yield Constraint({m: Fraction(-1)}, found.high, found.open_high)

    def _signs_in_one_kernel(self, p: Polynomial) -> set[int] | None:
        """The sign of a polynomial in one kernel over the range of that kernel, if it has no root there."""
        used = [k for k, n in enumerate(p.degrees()) if n]
        if len(used) != 1 or degree_of(p) > HIGHEST_ROOTS:
            return None
        (k,) = used
        coefficients: dict[int, Fraction] = {m[k]: c for m, c in terms_of(p)}
        inside = self.form.kernels[k].range
        if any(_may_contain(inside, r) for r in _real_roots(coefficients)):
            return None
        point = inside.inner_point()
        total = sum((c * point**n for n, c in coefficients.items()), Fraction(0))
        return {1 if total > 0 else -1} if total else None


def _constraint(op: str, p: Polynomial) -> Constraint:
    """p > 0, p ≥ 0 or p = 0, linear in the monomials of p."""
    coefficients: dict[Hashable, Fraction] = {}
    constant = Fraction(0)
    for m, c in terms_of(p):
        if any(m):
            coefficients[m] = c
        else:
            constant = c
    return Constraint(coefficients, constant, op in (">", "<"), op == "=")


def _real_roots(coefficients: dict[int, Fraction]) -> list[Any]:
    """Balls around every root that may be real."""
    scale = lcm(*(c.denominator for c in coefficients.values()))
    polynomial = fmpz_poly([int(coefficients.get(n, Fraction(0)) * scale) for n in range(max(coefficients) + 1)])
    with Precision(64):
        found: list[Any] = polynomial.complex_roots()
        return [root.real for root, _ in found if root.imag.contains(0)]


def _may_contain(interval: Interval, ball: Any) -> bool:
    """Whether a number of the ball may lie in the interval."""
    above = interval.low is None or not ball < rational(interval.low)
    below = interval.high is None or not ball > rational(interval.high)
    return above and below
