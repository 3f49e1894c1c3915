"""Where a term is 0, exactly: the knots of functions with several formulas."""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest
from typing import Any

from symderiv.decide import holds
from symderiv.derive.rewriting import tidied
from symderiv.errors import NotDerivable
from symderiv.rules import ALGEBRA
from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    Context,
    Div,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    Term,
    minus,
    neg,
    number,
    over,
    plus,
    times,
    value,
)

HIGHEST_DEGREE = 24
"""Degree of a polynomial whose zeros are looked for."""


def zeros(u: Term, x: Sym, context: Context) -> list[Term]:
    """The points x at which u = 0, exactly; for products the zeros of the factors.

    Raises NotDerivable unless every factor is linear in x, or a polynomial with rational coefficients whose real zeros are rational
    numbers or square roots, or is known not to be 0.
    """
    if x.name not in u.free or holds(Relation("≠", u, ZERO), context) is True:
        return []
    match u:
        case Mul(args):
            return [z for a in args for z in zeros(a, x, context)]
        case Neg(a) | Pow(a, Num()) | Div(a, _):
            return zeros(a, x, context)
        case Fn("log", (a,)):
            return zeros(minus(a, ONE), x, context)
        case Fn("sqrt" | "tanh" | "sinh" | "atan" | "erf", (a,)):
            return zeros(a, x, context)
    line = _linear(u, x)
    if line is None:
        if (roots := _polynomial_zeros(u, x)) is not None:
            return roots
        raise NotDerivable(
            f"the knots where {u} = 0 cannot be solved for {x}", u.span, "write the cases out as a piecewise function"
        )
    slope, offset = line
    p, q = value(slope), value(offset)
    if p is not None and q is not None:
        return [number(-q / p)] if p else []
    if holds(Relation("≠", slope, ZERO), context) is not True:
        raise NotDerivable(f"whether {slope} is 0 is not known", u.span, f"assume {slope} > 0 or {slope} < 0")
    return [tidy(over(neg(offset), slope))]


def tidy(t: Term) -> Term:
    """The term with signs collected and numbers calculated."""
    steps = list(tidied(t, ALGEBRA))
    return steps[-1].after if steps else t


def _linear(u: Term, x: Sym) -> tuple[Term, Term] | None:
    """(p, q) with u = p x + q and neither depending on x; None if u is not linear in x."""
    if x.name not in u.free:
        return ZERO, u
    match u:
        case Sym():
            return ONE, ZERO
        case Neg(a):
            return None if (line := _linear(a, x)) is None else (_calculated(neg(line[0])), _calculated(neg(line[1])))
        case Add(args):
            lines = [_linear(a, x) for a in args]
            if any(line is None for line in lines):
                return None
            found = [line for line in lines if line is not None]
            return _calculated(plus(*(p for p, _ in found))), _calculated(plus(*(q for _, q in found)))
        case Mul(args):
            moving = [a for a in args if x.name in a.free]
            if len(moving) > 1 or (line := _linear(moving[0], x)) is None:
                return None
            rest = times(*(a for a in args if a is not moving[0]))
            return _calculated(times(rest, line[0])), _calculated(times(rest, line[1]))
        case Div(a, c) if x.name not in c.free:
            return None if (line := _linear(a, x)) is None else (over(line[0], c), over(line[1], c) if line[1] != ZERO else ZERO)
    return None


def _calculated(t: Term) -> Term:
    """The number that a sum or product of numbers is; anything else as it is."""
    match t:
        case Add(args):
            total = [value(_calculated(a)) for a in args]
            return t if any(v is None for v in total) else number(sum((v for v in total if v is not None), Fraction(0)))
        case Mul(args):
            product = Fraction(1)
            for a in args:
                if (v := value(_calculated(a))) is None:
                    return t
                product *= v
            return number(product)
    return t


def _polynomial_zeros(u: Term, x: Sym) -> list[Term] | None:
    """The real zeros of a polynomial with rational coefficients, if all of them are rational numbers or square roots."""
    coefficients = _coefficients(u, x)
    if coefficients is None or len(coefficients) > HIGHEST_DEGREE:
        return None
    from flint import fmpq, fmpq_poly

    polynomial = fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients])
    out: list[Term] = []
    for factor, _ in polynomial.factor()[1]:
        c = [Fraction(int(factor[k].p), int(factor[k].q)) for k in range(factor.degree() + 1)]
        if len(c) == 2:
            out.append(number(-c[0] / c[1]))
        elif len(c) == 3:
            out += _quadratic_zeros(*c)
        else:
            roots: list[Any] = factor.complex_roots()
            if any(root.imag.contains(0) for root, _ in roots):
                return None
    return out


def _quadratic_zeros(c: Fraction, b: Fraction, a: Fraction) -> list[Term]:
    middle, inside = -b / (2 * a), (b * b - 4 * a * c) / (4 * a * a)
    if inside < 0:
        return []
    root = Fn("sqrt", number(inside))
    return [plus(number(middle), neg(root)), plus(number(middle), root)]


def _coefficients(u: Term, x: Sym) -> list[Fraction] | None:
    """The coefficients of a polynomial in x, constant first; None for anything else."""
    q = value(u)
    if q is not None:
        return [q]
    match u:
        case Sym():
            return [Fraction(0), Fraction(1)] if u == x else None
        case Neg(a):
            return None if (p := _coefficients(a, x)) is None else [-c for c in p]
        case Add(args):
            total: list[Fraction] = []
            for a in args:
                if (p := _coefficients(a, x)) is None:
                    return None
                total = [s + t for s, t in zip_longest(total, p, fillvalue=Fraction(0))]
            return total
        case Mul(args):
            product = [Fraction(1)]
            for a in args:
                if (p := _coefficients(a, x)) is None or len(product) + len(p) > HIGHEST_DEGREE:
                    return None
                product = _product(product, p)
            return product
        case Pow(a, Num(n)) if n <= HIGHEST_DEGREE:
            return _coefficients(Mul(*[a] * n), x) if n > 1 else _coefficients(a, x) if n else [Fraction(1)]
        case Div(a, b):
            q, p = value(b), _coefficients(a, x)
            return None if not q or p is None else [c / q for c in p]
    return None


def _product(p: list[Fraction], q: list[Fraction]) -> list[Fraction]:
    out = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j] += a * b
    return out
