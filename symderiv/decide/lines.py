"""Terms as linear forms in letters with rational coefficients."""

from __future__ import annotations

from fractions import Fraction

from symderiv.terms import Add, Div, Mul, Neg, Sym, Term, value

DEEPEST_LINE = 200
"""How deep a term may be that is read as a linear form."""

Linear = dict[str, Fraction]
"""Coefficients by letter; the constant under the empty name."""


def linear_form(t: Term) -> Linear | None:
    """The term as a linear form with rational coefficients, or None."""
    if t.depth > DEEPEST_LINE:
        return None
    q = value(t)
    if q is not None:
        return {"": q}
    match t:
        case Sym(name):
            return {name: Fraction(1)}
        case Neg(a):
            inner = linear_form(a)
            return None if inner is None else {n: -c for n, c in inner.items()}
        case Add(args):
            total: Linear = {}
            for a in args:
                inner = linear_form(a)
                if inner is None:
                    return None
                for n, c in inner.items():
                    total[n] = total.get(n, Fraction(0)) + c
            return total
        case Mul(args):
            scale, moving = Fraction(1), None
            for a in args:
                q = value(a)
                if q is not None:
                    scale *= q
                elif moving is not None:
                    return None
                else:
                    moving = a
            inner = {"": Fraction(1)} if moving is None else linear_form(moving)
            return None if inner is None else {n: c * scale for n, c in inner.items()}
        case Div(a, b):
            q, inner = value(b), linear_form(a)
            return None if not q or inner is None else {n: c / q for n, c in inner.items()}
    return None
