"""What a context's assumptions say: ranges of letters, and whether a condition holds, fails or is not known."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fractions import Fraction
from typing import Any

from symderiv.decide.balls import ball_of, compared
from symderiv.decide.canonical import Form, form_of
from symderiv.decide.intervals import REAL, Interval
from symderiv.decide.linear import Constraint, infeasible
from symderiv.decide.opened import opened
from symderiv.decide.polynomials import Polynomial, as_fraction, terms_of
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.terms import And, Context, Not, Or, Relation, Sym, Term, Truth, minus, value

PRECISIONS = (64, 256, 1024)
"""Bits at which numbers without letters are compared, one after the other."""


def relations_of(condition: Term, holding: bool = True) -> Iterator[Relation]:
    """The relations that all hold where the condition does (or where it does not)."""
    match condition:
        case Relation(op, a, b):
            yield condition if holding else Relation(Relation.NEGATED[op], a, b)
        case Not(c):
            yield from relations_of(c, not holding)
        case And(parts) if holding:
            for p in parts:
                yield from relations_of(p)
        case Or(parts) if not holding:
            for p in parts:
                yield from relations_of(p, False)


class Facts:
    """The assumptions of a context, opened, and what follows from them for single letters."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.relations: list[Relation] = []
        for a in context.assumptions:
            for r in relations_of(a):
                try:
                    self.relations.append(Relation(r.op, opened(r.left, context), opened(r.right, context)))
                except Unsupported:
                    continue
        self._ranges: dict[Term, Interval] = {}

    def range_of(self, term: Term) -> Interval:
        """The interval in which a letter (or another atom) lies."""
        found = self._ranges.get(term)
        if found is None:
            found = self._sort_range(term)
            for r in self.relations:
                for side, other, op in ((r.left, r.right, r.op), (r.right, r.left, Relation.MIRRORED[r.op])):
                    q = value(other)
                    if side == term and q is not None and op != "≠":
                        found = found.meet(_half_line(op, q))
            self._ranges[term] = found
        return found

    def _sort_range(self, term: Term) -> Interval:
        if not isinstance(term, Sym):
            return REAL
        bounds = self.context.sort(term.name).bounds
        if bounds is None:
            return REAL
        low, high = (value(b) for b in bounds)
        return Interval(low, high, low is None, high is None)


def _half_line(op: str, q: Fraction) -> Interval:
    if op == "=":
        return Interval.point(q)
    if op in (">", "≥"):
        return Interval(q, None, op == ">", True)
    return Interval(None, q, True, op == "<")


def holds(condition: Term, context: Context, effort: float = 0.5) -> bool | None:
    """Whether a condition holds under the assumptions of a context: True, False, or None where that is not known.

    >>> from symderiv.read import read_plain
    >>> holds(read_plain("1 + exp(x) != 0"), Context())
    True
    >>> holds(read_plain("x > 0"), Context()) is None
    True
    """
    return _holds(condition.bare, Facts(context), Budget(effort))


def _holds(condition: Term, facts: Facts, budget: Budget) -> bool | None:
    match condition:
        case Truth():
            return True
        case Not(c):
            known = _holds(c, facts, budget)
            return None if known is None else not known
        case And(parts):
            found = [_holds(p, facts, budget) for p in parts]
            return False if False in found else None if None in found else True
        case Or(parts):
            found = [_holds(p, facts, budget) for p in parts]
            return True if True in found else None if None in found else False
        case Relation(op, a, b):
            if condition in facts.context.assumptions:
                return True
            try:
                difference = minus(opened(a, facts.context), opened(b, facts.context))
                return relation_holds(op, difference, facts, budget)
            except Unsupported:
                return None
    return None


def relation_holds(op: str, difference: Term, facts: Facts, budget: Budget) -> bool | None:
    """Whether `difference op 0`, for an opened term."""
    if not difference.free:
        for bits in PRECISIONS:
            ball = ball_of(difference, {}, bits)
            if ball is None:
                break
            known = compared(op, ball)
            if known is not None:
                return known
    found: bool | None = form_of(lambda form: _Signs(form, facts).holds(op, difference), budget, facts.range_of)
    return found


class _Signs:
    """Signs of polynomials in the kernels of one form, from the assumptions and the ranges of the kernels."""

    def __init__(self, form: Form, facts: Facts) -> None:
        self.form = form
        self.facts: list[Constraint] = []
        self.nonzero: set[str] = set()
        for r in facts.relations:
            try:
                self._learn(r)
            except Unsupported:
                continue

    def _learn(self, r: Relation) -> None:
        n, d = self.form.reduced(self.form.of(minus(r.left, r.right)))
        sign = self.form.sign(d)
        if r.op == "≠":
            self.nonzero |= {str(p) for p, _ in n.factor()[1]} if len(n) < 100 and n != 0 else set()
            return
        if not sign and r.op != "=":
            return
        n = n * (sign or 1)
        self.facts.append(_constraint(r.op, n if r.op in (">", "≥", "=") else -n))
        if r.op in (">", "<") and len(n) < 100 and n != 0:
            self.nonzero |= {str(p) for p, _ in n.factor()[1]}

    def holds(self, op: str, difference: Term) -> bool | None:
        """Whether `difference op 0`."""
        n, d = self.form.reduced(self.form.of(difference))
        if n == 0:
            return op in ("=", "≤", "≥")
        signs = self.signs(n)
        below = self.signs(d)
        possible = {a * b for a in signs for b in below if b}
        allowed = {"=": {0}, "≠": {1, -1}, ">": {1}, "<": {-1}, "≥": {0, 1}, "≤": {0, -1}}[op]
        if possible <= allowed:
            return True
        return False if not possible & allowed else None

    def signs(self, p: Polynomial) -> frozenset[int]:
        """The signs that a polynomial can have."""
        whole = self._signs(p)
        if len(whole) == 1 or p.is_constant() or len(p) > 60:
            return whole
        c, factors = p.factor()
        possible = frozenset((1 if as_fraction(c) > 0 else -1,))
        for q, k in factors:
            one = self._signs(q) if len(factors) > 1 or k > 1 else whole
            one = frozenset(s ** int(k) for s in one)
            if str(q) in self.nonzero:
                one -= {0}
            possible = frozenset(a * b for a in possible for b in one)
        return (whole & possible) or whole

    def _signs(self, p: Polynomial) -> frozenset[int]:
        possible = self.form.range_of_polynomial(p).signs()
        if len(possible) == 1:
            return possible
        facts = [*self.facts, *self._ranges(p)]
        signs = set()
        for sign, op, polynomial in ((1, ">", p), (-1, ">", -p), (0, "=", p)):
            if sign in possible and not infeasible([*facts, _constraint(op, polynomial)]):
                signs.add(sign)
        if len(signs) > 1:
            signs &= _univariate_signs(p, self.form) or signs
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


def _univariate_signs(p: Polynomial, form: Form) -> set[int] | None:
    """The signs of a polynomial in one kernel over the range of that kernel, from its real roots."""
    used = {k for m, _ in terms_of(p) for k, n in enumerate(m) if n}
    if len(used) != 1 or len(p) > 30:
        return None
    (k,) = used
    coefficients: dict[int, Fraction] = {m[k]: c for m, c in terms_of(p)}
    if max(coefficients) > 24:
        return None
    roots = _real_roots(coefficients)
    inside = form.kernels[k].range
    ends = [r for r in roots if _may_contain(inside, r)]
    if ends:
        return None
    point = _inner_point(inside)
    total = sum((c * point**n for n, c in coefficients.items()), Fraction(0))
    return {1 if total > 0 else -1} if total else None


def _real_roots(coefficients: dict[int, Fraction]) -> list[Any]:
    """Balls around every root that may be real."""
    from math import lcm

    from flint import fmpz_poly

    scale = lcm(*(c.denominator for c in coefficients.values()))
    polynomial = fmpz_poly([int(coefficients.get(n, Fraction(0)) * scale) for n in range(max(coefficients) + 1)])
    return [root.real for root, _ in polynomial.complex_roots() if root.imag.contains(0)]


def _may_contain(interval: Interval, ball: Any) -> bool:
    from symderiv.decide.balls import rational

    above = interval.low is None or bool(ball.upper() >= rational(interval.low))
    below = interval.high is None or bool(ball.lower() <= rational(interval.high))
    return above and below


def _inner_point(interval: Interval) -> Fraction:
    match interval.low, interval.high:
        case None, None:
            return Fraction(0)
        case low, None:
            assert low is not None
            return low + 1
        case None, high:
            assert high is not None
            return high - 1
        case low, high:
            assert low is not None
            assert high is not None
            return (low + high) / 2
    raise AssertionError
