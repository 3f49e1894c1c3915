"""Where a side is defined: its denominators, inverted matrices and logarithms, as conditions that the other side does not need."""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.decide.indexed import powers
from symderiv.decide.indexed.elaborate import Elaborator
from symderiv.decide.indexed.normal import Normal
from symderiv.decide.indexed.polynomials import Poly
from symderiv.decide.indexed.setting import DEFINITE, conditions
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import ZERO, Binder, Context, Div, Fn, Pow, Relation, Sym, Term
from symderiv.terms import value as number_of

ANY: Whole = Whole.letter("*")
"""Stands for a bound index where guards of two sides are compared."""


def needed(left: Term, right: Term, n: Normal) -> tuple[Term, ...]:
    """The conditions under which one side, as it is written, is defined, where the other side and the context do not give them."""
    sides = [_guards(side, n) for side in (left, right)]
    out: list[Term] = []
    for mine, other in (sides, sides[::-1]):
        for condition, keys in mine.items():
            if not keys <= {k for ks in other.values() for k in ks} and condition not in out:
                out.append(condition)
    return tuple(c for c in out if not _given(c, n.setting.context))


def _guards(side: Term, n: Normal) -> dict[Term, set[str]]:
    """The conditions of a side, each with the texts of what must not vanish; those that always hold are left out."""
    bound = {t.index.name for t in side.postorder() if isinstance(t, Binder)}
    found: dict[Term, set[str]] = {}
    for condition, u in _written(side):
        keys = _keys(u, bound, n, inverted=isinstance(condition.children[0], Fn) and condition.children[0].name == "det")
        if keys:
            found[condition] = keys
    return found


def _written(side: Term) -> Iterator[tuple[Relation, Term]]:
    for t in side.postorder():
        match t:
            case Div(_, b):
                yield Relation("≠", b, ZERO), b
            case Pow(b, e) if (q := number_of(e)) is not None and q < 0:
                yield Relation("≠", b, ZERO), b
            case Fn("inverse", (a,)):
                yield Relation("≠", Fn("det", a), ZERO), a
            case Fn("log", (u,)):
                yield Relation(">", u, ZERO), u


def _keys(u: Term, bound: set[str], n: Normal, inverted: bool) -> set[str]:
    """The factors of a term that may vanish; for an inverted matrix its entry at two letters."""
    try:
        value = Elaborator(n.setting).value(u)
        if value.unit:
            return set()
        slots = tuple(Whole.letter(n.setting.fresh(size).name) for size in value.shape)
        p = n.of(value.entry(slots))
        p = n.rename(p, {x: ANY for x in p.free if x in bound})
        p = n.rename(p, {w.name: Whole.letter(f"*{k}") for k, w in enumerate(slots) if w.name is not None})
    except Unsupported:
        return {str(u)}
    if inverted and not value.is_scalar:
        return set() if _identity(p) else {p.key}
    if powers.poly_positive(n, p):
        return set()
    if len(p.terms) != 1:
        return {p.key}
    (m, _), *_ = p.terms.items()
    if m.bound:
        return {p.key}
    return {a.key for a, _ in m.factors if not powers.is_positive(n, a)}


def _identity(p: Poly) -> bool:
    return p.atom is not None and p.atom.kind == "delta"


def _given(condition: Term, context: Context) -> bool:
    """Whether the assumptions say it: a ≠ 0 or a > 0, A invertible or positive definite."""
    u = condition.children[0]
    for fact in conditions(context):
        match fact:
            case Relation("≠" | ">" | "<", a, b) if a == u and number_of(b) == 0 and fact.op in ("≠", condition.data, ">"):
                return True
            case Fn(word, (Sym() as a,)) if word in ("invertible", *DEFINITE) and u == Fn("det", a):
                return True
    return False
