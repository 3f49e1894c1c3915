"""Indices and their ranges: which entries an index expression reaches, and whether they all exist.

>>> from symderiv.terms import Sym, Add, Num
>>> i, n = Sym("i"), Sym("n")
>>> affine(Add(i, Num(2))), at_least_zero(affine(Add(n, Num(2))), ())
({'i': 1, '': 2}, True)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from symderiv.terms import Add, Mul, Neg, Sym, Term, number, plus, times, value

Affine = dict[str, int]
"""Whole multiples of letters, and of 1 under the name ''."""


@dataclass(frozen=True, slots=True)
class Range:
    """An index that runs from `low` to `high`, both included; both are free of indices."""

    name: str
    low: Term
    high: Term


Frame = tuple[Range, ...]
"""The indices in whose scope a term stands, in the order of their axes."""


def affine(t: Term) -> Affine | None:
    """The term as a whole linear combination of letters; None if it is none."""
    match t:
        case Sym(name):
            return {name: 1}
        case Neg(a):
            return _scaled(affine(a), -1)
        case Add(parts):
            return combined(*map(affine, parts))
        case Mul((a, b)):
            left, right = affine(a), affine(b)
            for one, other in ((left, right), (right, left)):
                if one is not None and set(one) <= {""}:
                    return _scaled(other, one.get("", 0))
            return None
    v = value(t)
    return {"": int(v)} if v is not None and v.denominator == 1 else None


def combined(*forms: Affine | None) -> Affine | None:
    """The sum of linear forms; None if one is missing."""
    out: Affine = {}
    for form in forms:
        if form is None:
            return None
        for name, c in form.items():
            out[name] = out.get(name, 0) + c
    return {name: c for name, c in out.items() if c}


def _scaled(form: Affine | None, by: int) -> Affine | None:
    return None if form is None else {name: by * c for name, c in form.items() if by * c}


def difference(a: Affine | None, b: Affine | None) -> Affine | None:
    """a − b."""
    return combined(a, _scaled(b, -1))


def written(form: Affine) -> Term:
    """The linear form as a term."""
    letters = (times(number(c), Sym(name)) for name, c in form.items() if name)
    return plus(*letters, number(form.get("", 0)))


def extreme(form: Affine | None, ranges: Iterable[Range], *, least: bool) -> Affine | None:
    """The least or the greatest value of a linear form while indices run over their ranges, as a form in the sizes."""
    known: Mapping[str, Range] = {r.name: r for r in ranges}
    parts = []
    for name, c in (form or {}).items():
        if name in known:
            end = known[name].low if (c > 0) is least else known[name].high
            parts.append(_scaled(affine(end), c))
        else:
            parts.append({name: c})
    return None if form is None else combined(*parts)


def at_least_zero(form: Affine | None, ranges: Iterable[Range]) -> bool:
    """Whether it is shown that a linear form is nowhere negative, for all sizes from 1 on."""
    least = extreme(form, ranges, least=True)
    if least is None:
        return False
    return sum(least.values()) >= 0 and all(c >= 0 for name, c in least.items() if name)


def length(r: Range) -> Affine | None:
    """How many values an index has."""
    return combined(difference(affine(r.high), affine(r.low)), {"": 1})
