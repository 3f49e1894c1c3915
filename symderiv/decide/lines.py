"""Terms as linear forms in letters with rational coefficients."""

from __future__ import annotations

from fractions import Fraction

from symderiv.terms import ZERO, Add, Div, Mul, Neg, Sym, Term, neg, number, plus, times, value

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


def solved(u: Term) -> tuple[str, Term] | None:
    """A letter that u = 0 determines, and what it is."""
    form = linear_form(u)
    if form is not None:
        name = next((n for n in sorted(form) if n and form[n]), None)
        if name is None:
            return None
        rest = plus(
            *(times(number(-c / form[name]), Sym(n)) if n else number(-c / form[name]) for n, c in form.items() if n != name and c)
        )
        return name, rest
    match u:
        case Add():
            args: list[Term] = []
            for a in u.children:
                args += [neg(b) for b in a.arg.children] if isinstance(a, Neg) and isinstance(a.arg, Add) else [a]
            for k, a in enumerate(args):
                sign, letter = (-1, a.arg) if isinstance(a, Neg) else (1, a)
                others = args[:k] + args[k + 1 :]
                if isinstance(letter, Sym) and not any(letter.name in b.free for b in others):
                    total = plus(*others)
                    return letter.name, neg(total) if sign > 0 else total
        case Sym(name):
            return name, ZERO
    return None
