"""Numbers p + q √d and the real roots of rational polynomials that are of this kind, all exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Final

from symderiv.terms import Const, Div, Fn, Mul, Num, Term, neg, number, over, plus, times

Polynomial = tuple[Fraction, ...]
"""Coefficients, that of the constant first, without a 0 at the end."""


@dataclass(frozen=True, slots=True)
class Surd:
    """p + q √d with d ≥ 0; d is 1 where q is 0."""

    p: Fraction
    q: Fraction = Fraction(0)
    d: int = 1

    def times(self, other: Surd) -> Surd:
        """The product; both have the same root, or one has none."""
        d = self.d if self.q else other.d
        return Surd(self.p * other.p + self.q * other.q * d, self.p * other.q + self.q * other.p, d)

    def plus(self, other: Surd) -> Surd:
        """The sum; both have the same root, or one has none."""
        return Surd(self.p + other.p, self.q + other.q, self.d if self.q else other.d)

    def sign(self) -> int:
        """1, 0 or −1."""
        return _sign(self.p, self.q, self.d)

    def term(self) -> Term:
        """The number as a term."""
        if not self.q:
            return number(self.p)
        root = times(number(abs(self.q)), Fn("sqrt", Num(self.d)))
        return plus(number(self.p), neg(root) if self.q < 0 else root)


def surd(p: Fraction, square: Fraction) -> tuple[Surd, Surd]:
    """p + √square and p − √square, for square ≥ 0."""
    inside = square.numerator * square.denominator
    outside = Fraction(1, square.denominator)
    for n in range(2, 1000):
        while inside and inside % (n * n) == 0:
            inside //= n * n
            outside *= n
    root = isqrt(inside)
    if root * root == inside:
        return Surd(p + outside * root), Surd(p - outside * root)
    return Surd(p, outside, inside), Surd(p, -outside, inside)


def square_root(s: Surd) -> Term:
    """√s for s ≥ 0, a rational number where it is one."""
    if s.q:
        return Fn("sqrt", s.term())
    return surd(Fraction(0), s.p)[0].term()


def compared(a: Surd, b: Surd) -> int:
    """The sign of a − b, with different roots too: by squaring."""
    left = Surd(a.p - b.p, a.q, a.d)
    if not b.q or not a.q or a.d == b.d:
        return left.plus(Surd(Fraction(0), -b.q, b.d if b.q else 1)).sign()
    first, second = left.sign(), (b.q > 0) - (b.q < 0)
    if first != second:
        return 1 if first > second else -1
    difference = left.times(left).plus(Surd(-b.q * b.q * b.d))
    return first * difference.sign()


def _sign(p: Fraction, q: Fraction, d: int) -> int:
    if p >= 0 and q >= 0:
        return 1 if p or q else 0
    if p <= 0 and q <= 0:
        return -1
    larger = p * p - q * q * d
    return (1 if larger > 0 else -1 if larger < 0 else 0) * (1 if p > 0 else -1)


def trimmed(coefficients: Sequence[Fraction]) -> Polynomial:
    """Without zeros at the end."""
    found = list(coefficients)
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def value_at(polynomial: Polynomial, at: Surd) -> Surd:
    """The polynomial at a number, by Horner's rule."""
    result = Surd(Fraction(0))
    for c in reversed(polynomial):
        result = result.times(at).plus(Surd(c))
    return result


def roots_on_interval(polynomial: Polynomial) -> tuple[Surd, ...] | None:
    """The different real roots in [−1, 1], falling; None where one of them is no p + q √d, or the polynomial is 0."""
    if not polynomial:
        return None
    found: list[Surd] = []
    for factor in _factors(polynomial):
        if len(factor) == 2:
            candidates: tuple[Surd, ...] = (Surd(-factor[0] / factor[1]),)
        elif len(factor) == 3:
            c, b, a = factor
            square = (b * b - 4 * a * c) / (4 * a * a)
            candidates = surd(-b / (2 * a), square) if square >= 0 else ()
        elif _has_root_on_interval(factor):
            return None
        else:
            candidates = ()
        found += [r for r in candidates if compared(r, ONE) <= 0 and compared(r, MINUS_ONE) >= 0]
    ordered: list[Surd] = []
    for r in found:
        at = next((k for k, s in enumerate(ordered) if compared(r, s) >= 0), len(ordered))
        if at == len(ordered) or compared(r, ordered[at]) != 0:
            ordered.insert(at, r)
    return tuple(ordered)


ONE: Final = Surd(Fraction(1))
MINUS_ONE: Final = Surd(Fraction(-1))


def _factors(polynomial: Polynomial) -> list[Polynomial]:
    """The irreducible factors over ℚ, each once."""
    from flint import fmpq, fmpq_poly

    whole = fmpq_poly([fmpq(c.numerator, c.denominator) for c in polynomial]).numer()
    return [tuple(Fraction(int(c)) for c in factor.coeffs()) for factor, _ in whole.factor()[1]]


def _has_root_on_interval(factor: Polynomial) -> bool:
    """Whether an irreducible factor may have a real root in [−1, 1]: by Sturm's theorem, which counts them."""
    chain = [factor, derivative(factor)]
    while len(chain[-1]) > 1:
        chain.append(tuple(-c for c in _remainder(chain[-2], chain[-1])))
    return _changes(chain, MINUS_ONE) != _changes(chain, ONE)


def _changes(chain: list[Polynomial], at: Surd) -> int:
    signs = [s for p in chain if (s := value_at(p, at).sign())]
    return sum(a != b for a, b in pairwise(signs))


def derivative(polynomial: Polynomial) -> Polynomial:
    """The derivative."""
    return tuple(n * c for n, c in enumerate(polynomial))[1:]


def _remainder(a: Polynomial, b: Polynomial) -> Polynomial:
    rest = list(a)
    while len(rest) >= len(b):
        factor = rest[-1] / b[-1]
        for k, c in enumerate(b):
            rest[len(rest) - len(b) + k] -= factor * c
        rest = list(trimmed(rest[:-1]))
    return trimmed(rest)


_ANGLES: Final = {
    Fraction(1): (0, 1),
    Fraction(1, 2): (1, 3),
    Fraction(0): (1, 2),
    Fraction(-1, 2): (2, 3),
    Fraction(-1): (1, 1),
}


def angle(cosine: Surd) -> Term:
    """The angle in [0, π] with that cosine."""
    if cosine.q or cosine.p not in _ANGLES:
        return Fn("acos", cosine.term())
    top, bottom = _ANGLES[cosine.p]
    return times(number(top), over(Const("pi"), number(bottom))) if top in (0, 1) else Div(Mul(Num(top), Const("pi")), Num(bottom))
