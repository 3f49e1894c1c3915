"""A concrete size is an instance: sums and products written out, entries with numbers as letters of their own.

>>> from symderiv.terms import Entry, Num, Sum, Sym
>>> z, m, K = map(Sym, "zmK")
>>> print(instance(Sum(Entry(z, m), m, Num(1), K), {"K": 3}))
z_1 + z_2 + z_3
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from symderiv.errors import SymderivError
from symderiv.terms.build import number, plus, times, value
from symderiv.terms.substitute import replace, substitute
from symderiv.terms.term import ONE, ZERO, Add, And, Entry, Fn, Mul, Neg, Product, Relation, Sum, Sym, Term


def instance(term: Term, values: Mapping[str, int]) -> Term:
    """The term with numbers for sizes and indices: Σ and ∏ over them written out, δ of numbers 0 or 1, z_3 a letter.

    Raises SymderivError for a range that is still not numbers.
    """
    term = substitute(term, {name: number(v) for name, v in values.items()})
    return replace(_written_out(term), _settled)


def _written_out(term: Term) -> Term:
    done: dict[Term, Term] = {}
    stack = [(term, False)]
    while stack:
        t, ready = stack.pop()
        if t in done:
            continue
        if isinstance(t, (Sum, Product)):
            parts = [_written_out(p) for p in _terms(t)]
            done[t] = plus(*parts) if isinstance(t, Sum) else times(*parts)
        elif ready or not t.children:
            done[t] = t.rebuild(done[c] for c in t.children) if t.children else t
        else:
            stack += [(t, True), *((c, False) for c in t.children)]
    return done[term]


def _terms(binder: Sum | Product) -> list[Term]:
    low, high = (None if b is None else whole(b) for b in (binder.low, binder.high))
    places = range(low, high + 1) if low is not None and high is not None else ()
    allowed = [True if binder.where is None else _holds(substitute(binder.where, {binder.index.name: number(k)})) for k in places]
    if low is None or high is None or None in allowed:
        raise SymderivError(f"the range of {binder.index} is not given by numbers", binder.span, "give every size a number")
    return [substitute(binder.body, {binder.index.name: number(k)}) for k, here in zip(places, allowed, strict=True) if here]


def whole(t: Term) -> int | None:
    """The whole number that sums and products of numbers write: 3 + 2 − 1 is 4; None for any other term."""
    match t:
        case Neg(a):
            inside = whole(a)
            return None if inside is None else -inside
        case Add(args) | Mul(args):
            parts = [n for n in map(whole, args) if n is not None]
            return None if len(parts) < len(args) else sum(parts) if isinstance(t, Add) else prod(parts)
    v = value(t)
    return int(v) if v is not None and v.denominator == 1 else None


def _holds(condition: Term) -> bool | None:
    """Whether a relation of whole numbers holds, or several at once."""
    match condition:
        case And(parts):
            found = [_holds(p) for p in parts]
            return False if False in found else None if None in found else True
        case Relation(op, left, right) if (a := whole(left)) is not None and (b := whole(right)) is not None:
            return _COMPARED[op](a, b)
    return None


_COMPARED: Final[dict[str, Callable[[int, int], bool]]] = {"=": eq, "≠": ne, "<": lt, "≤": le, ">": gt, "≥": ge}


def _settled(t: Term) -> Term | None:
    match t:
        case Fn("delta", (i, j)) if whole(i) is not None and whole(j) is not None:
            return ONE if whole(i) == whole(j) else ZERO
        case Entry() if isinstance(t.family, Sym) and all(whole(i) is not None for i in t.indices):
            return Sym("_".join([t.family.name, *(str(whole(i)) for i in t.indices)]))
    return None
