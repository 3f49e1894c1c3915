"""Builders that rules use: sums and products written flat, without the neutral elements.

A rule that leaves `0 + x`, `1 · x` or `-0` behind would need a line of its own to remove it, which no reader wants to see. So
these builders, and only these, drop neutral elements: `plus` drops 0, `times` drops 1 and is 0 as soon as a factor is 0,
`power` drops the exponent 1, `over` drops the denominator 1. Reading never uses them: what is read stays as it was written.
"""

from __future__ import annotations

from fractions import Fraction

from symderiv.terms.term import ONE, ZERO, Add, Decimal, Div, Fn, Mul, Neg, Num, Pow, Term


def plus(*terms: Term) -> Term:
    """The sum of any number of terms, flat, without zeros."""
    flat = [s for t in terms for s in (t.children if isinstance(t, Add) else (t,)) if s != ZERO]
    return Add(*flat) if len(flat) > 1 else flat[0] if flat else ZERO


def times(*factors: Term) -> Term:
    """The product of any number of factors, flat, without ones; 0 if a factor is 0."""
    flat = [s for t in factors for s in (t.children if isinstance(t, Mul) else (t,)) if s != ONE]
    if ZERO in flat:
        return ZERO
    return Mul(*flat) if len(flat) > 1 else flat[0] if flat else ONE


def neg(t: Term) -> Term:
    """−t, where −0 is 0."""
    return ZERO if t == ZERO else Neg(t)


def minus(a: Term, b: Term) -> Term:
    """a − b."""
    return plus(a, neg(b))


def over(top: Term, bottom: Term) -> Term:
    """top / bottom, without the denominator 1."""
    return top if bottom == ONE else Div(top, bottom)


def power(base: Term, n: int) -> Term:
    """base to a whole power; 1 for n = 0, the base for n = 1."""
    if n == 0:
        return ONE
    return base if n == 1 else Pow(base, number(n))


def number(q: Fraction | int) -> Term:
    """An exact rational as a term: −2/3 is Neg(Div(2, 3))."""
    q = Fraction(q)
    size = over(Num(abs(q.numerator)), Num(q.denominator))
    return Neg(size) if q < 0 else size


def exp(u: Term) -> Term:
    """e^u; 1 for u = 0."""
    return ONE if u == ZERO else Fn("exp", u)


_DEEPEST_NUMBER = 100


def value(t: Term) -> Fraction | None:
    """The rational number that a term without letters writes (3, 0.5, −2/3), or None; None too for signs and fractions nested very deep."""
    match t:
        case Num() | Decimal():
            return Fraction(t.value)
        case Neg() | Div() if t.depth > _DEEPEST_NUMBER:
            return None
        case Neg(a):
            v = value(a)
            return None if v is None else -v
        case Div(a, b):
            v, w = value(a), value(b)
            return None if v is None or not w else v / w
    return None
