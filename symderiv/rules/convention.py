"""The order in which one writes the factors of a product: number, constants, letters, roots and functions, exponentials, sums."""

from __future__ import annotations

import re

from symderiv.rules.step import Step, reordered
from symderiv.terms import Add, Const, Decimal, Div, Entry, Fn, Mul, Neg, Num, Pow, Sym, Term, value


def in_convention(term: Term) -> Term:
    """The term with the factors of every product in the usual order; sums stay as they are.

    >>> from symderiv.terms import Sym, Num
    >>> x = Sym("x")
    >>> print(in_convention(Mul(Fn("exp", x), x, Num(2))))
    2*x*exp(x)
    """
    done: dict[Term, Term] = {}
    for t in term.postorder():
        children = [done[c] for c in t.children]
        if isinstance(t, Mul):
            children.sort(key=_place)
        done[t] = t.rebuild(children) if t.children else t
    return done[term]


def conventional(term: Term) -> list[Step]:
    """The step that puts factors into the usual order; none where they are."""
    after = in_convention(term)
    return [] if after == term else [reordered(term, after)]


def _place(t: Term) -> tuple[int, str, int]:
    base = t.left if isinstance(t, Pow) else t
    if value(t) is not None or isinstance(base, (Num, Decimal)):
        return 0, "", 0
    match base:
        case Const():
            return 1, base.name, 0
        case Sym(name):
            return 2, *_natural(name)
        case Entry():
            return 3, "", 0
        case Fn("exp", _):
            return 6, "", 0
        case Fn("sqrt", _):
            return 4, "", 0
        case Fn(name, _):
            return 5, name, 0
        case Div(a, _):
            return _place(a) if not isinstance(a, (Add, Num)) else (3, "", 0)
        case Neg():
            return 8, "", 0
        case Add():
            return 7, "", 0
    return 7, "", 0


def _natural(name: str) -> tuple[str, int]:
    stem, _, index = name.partition("_")
    return stem, int(index) if re.fullmatch(r"\d{1,9}", index) else 0
