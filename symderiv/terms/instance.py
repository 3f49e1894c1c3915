"""A concrete size is an instance: sums and products written out, entries with numbers as letters of their own.

>>> from symderiv.terms import Entry, Num, Sum, Sym
>>> z, m, K = map(Sym, "zmK")
>>> print(instance(Sum(Entry(z, m), m, Num(1), K), {"K": 3}))
z_1 + z_2 + z_3
"""

from __future__ import annotations

from collections.abc import Mapping

from symderiv.errors import SymderivError
from symderiv.terms.build import number, plus, times, value
from symderiv.terms.substitute import replace, substitute
from symderiv.terms.term import ONE, ZERO, Entry, Fn, Product, Sum, Sym, Term


def instance(term: Term, values: Mapping[str, int]) -> Term:
    """The term with numbers for sizes and indices: Σ and ∏ over them written out, δ of numbers 0 or 1, z_3 a letter.

    Raises SymderivError for a range that is still not numbers.
    """
    term = substitute(term, {name: number(v) for name, v in values.items()})
    return replace(_written_out(term), _settled)


def _written_out(term: Term) -> Term:
    done: dict[Term, Term] = {}
    for t in term.postorder():
        if isinstance(t, (Sum, Product)):
            parts = [_written_out(p) for p in _terms(t)]
            done[t] = plus(*parts) if isinstance(t, Sum) else times(*parts)
        else:
            done[t] = t.rebuild(done[c] for c in t.children) if t.children else t
    return done[term]


def _terms(binder: Sum | Product) -> list[Term]:
    low, high = (None if b is None else value(b) for b in (binder.low, binder.high))
    if low is None or high is None or low.denominator != 1 or high.denominator != 1 or binder.where is not None:
        raise SymderivError(f"the range of {binder.index} is not given by numbers", binder.span, "give every size a number")
    return [substitute(binder.body, {binder.index.name: number(k)}) for k in range(int(low), int(high) + 1)]


def _settled(t: Term) -> Term | None:
    match t:
        case Fn("delta", (i, j)) if value(i) is not None and value(j) is not None:
            return ONE if value(i) == value(j) else ZERO
        case Entry() if isinstance(t.family, Sym) and all(value(i) is not None for i in t.indices):
            return Sym("_".join([t.family.name, *(str(value(i)) for i in t.indices)]))
    return None
