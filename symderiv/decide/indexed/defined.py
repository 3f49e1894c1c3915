"""Where a side is defined: its denominators, inverted matrices and logarithms, as conditions that the other side does not need."""

from __future__ import annotations

from collections.abc import Iterator, Set

from symderiv.decide.indexed import powers
from symderiv.decide.indexed.elaborate import Elaborator
from symderiv.decide.indexed.normal import Normal
from symderiv.decide.indexed.polynomials import Poly, add, scale
from symderiv.decide.indexed.setting import conditions
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import ZERO, Binder, Context, Div, Fn, Pow, Relation, Sym, Term
from symderiv.terms import value as number_of

ANY: Whole = Whole.letter("*")
"""Stands for a bound index where guards of two sides are compared."""


def needed(left: Term, right: Term, n: Normal) -> tuple[Term, ...]:
    """The conditions under which one side, as it is written, is defined, where the other side and the context do not give them."""
    every = set(n.setting.ranges)
    given = {k for u in _assumed(n.setting.context) for k in _keys(u, every | u.free, n)}
    sides = [_guards(side, n) for side in (left, right)]
    out: list[Term] = []
    for mine, other in (sides, sides[::-1]):
        held = set[str]().union(*other.values())
        for condition, keys in mine.items():
            said = _keys(condition.left, every | condition.left.free, n) <= given
            if not said and not keys <= held and condition not in out:
                out.append(condition)
    return tuple(out)


def at_knots(n: Normal) -> tuple[Term, ...] | None:
    """What a proof by steps needs besides the context; None if it may fail at a knot where both sides have a value."""
    nonzero = {_knot(n, p) for p in _nonzero(n)}
    undefined = {_knot(n, n.of(u)) for u in n.setting.kinks}
    out: list[Term] = []
    for knot in n.knots:
        key = _knot(n, knot.gap)
        if knot.gap.value is not None or key in nonzero:
            continue
        if knot.needed and key not in undefined:
            return None
        if knot.relation is not None and key in undefined:
            out.append(Relation("≠", knot.relation.left, knot.relation.right))
    return tuple(dict.fromkeys(out))


def _nonzero(n: Normal) -> list[Poly]:
    """What the assumptions say is different from zero; of an array that is not 0, some entry may be 0."""
    out = []
    for fact in conditions(n.setting.context):
        if isinstance(fact, Relation) and fact.op in ("≠", "<", ">"):
            try:
                e = Elaborator(n.setting)
                a, b = e.value(fact.left), e.value(fact.right)
                if not b.is_scalar or (fact.op == "≠" and not a.is_scalar):
                    continue
                u = a.scalar if a.is_scalar else a.entry(tuple(Whole.letter(n.setting.fresh(s).name) for s in a.shape))
                out.append(add(n.of(u), scale(n.of(b.scalar), -1)))
            except Unsupported:
                continue
    return out


def _knot(n: Normal, p: Poly) -> str:
    """A polynomial up to its sign and positive factors, with its indices made alike."""
    _, _, rest = powers.common_content(n, p, only_positive=True) if p else (1, {}, p)
    alike = n.rename(rest, {x: ANY for x in rest.free if x in n.setting.ranges})
    chosen = rest if alike.value is not None else alike
    return min(chosen.key, scale(chosen, -1).key)


def _guards(side: Term, n: Normal) -> dict[Relation, set[str]]:
    """The conditions of a side, each with the texts of what must not vanish; those that always hold are left out."""
    bound = {t.index.name for t in side.postorder() if isinstance(t, Binder)}
    found = {condition: _keys(condition.left, bound, n) for condition in _written(side)}
    return {condition: keys for condition, keys in found.items() if keys}


def _written(side: Term) -> Iterator[Relation]:
    for t in side.postorder():
        match t:
            case Div(_, b):
                yield Relation("≠", b, ZERO)
            case Pow(b, e) if (q := number_of(e)) is not None and q < 0:
                yield Relation("≠", b, ZERO)
            case Fn("inverse", (a,)):
                yield Relation("≠", Fn("det", a), ZERO)
            case Fn("log", (u,)):
                yield Relation(">", u, ZERO)


def _assumed(context: Context) -> Iterator[Term]:
    """What the assumptions say is not zero."""
    for fact in conditions(context):
        match fact:
            case Relation("≠", Sym(name) as a, b) if number_of(b) == 0 and context.sort(name).shape:
                yield Fn("frobenius", a)
                yield Fn("inner", a, a)
            case Relation("≠" | ">" | "<", a, b) if number_of(b) == 0:
                yield a
            case Fn(word, (a,)) if word in ("invertible", "positive_definite", "orthogonal"):
                yield Fn("det", a)


def _keys(u: Term, indices: Set[str], n: Normal) -> set[str]:
    """The factors of a term that may vanish, with these indices made alike."""
    try:
        value = Elaborator(n.setting).value(u)
        if value.unit:
            return set()
        p = n.of(value.scalar)
        p = n.rename(p, {x: ANY for x in p.free if x in indices})
    except Unsupported:
        return {str(u)}
    if powers.poly_positive(n, p):
        return set()
    if len(p.terms) != 1:
        return {p.key}
    (m, _), *_ = p.terms.items()
    return {p.key} if m.bound else {a.key for a, _ in m.factors if not powers.is_positive(n, a)}
