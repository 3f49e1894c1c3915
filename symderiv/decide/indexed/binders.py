"""Sums and products over an index, conditions on indices, and case distinctions over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symderiv.decide.indexed.expressions import (
    NOTHING,
    UNIT,
    Apply,
    AtLeast,
    Cell,
    Delta,
    Expression,
    Factors,
    Positive,
    Total,
    negative,
    number,
    product,
    total,
)
from symderiv.decide.indexed.scope import Scope
from symderiv.decide.indexed.setting import set_of
from symderiv.decide.indexed.values import Slots, Value, scalar
from symderiv.decide.indexed.whole import ONE, Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import And, Binder, Cases, Entry, Fn, Layer, Not, Or, Product, Relation, Sym, Term, Truth
from symderiv.terms import value as number_of

if TYPE_CHECKING:
    from symderiv.decide.indexed.elaborate import Elaborator


def bounds(e: Elaborator, t: Binder, scope: Scope) -> tuple[Whole, Whole]:
    """The low and high end of a binder; what is not said is shown by the axes at which the index stands."""
    if t.high is not None:
        high = e.whole(t.high, scope)
    elif (among := set_of(t)) is not None:
        high = e.setting.whole(Fn("abs", among))
    elif (shown := e.shown(t.body, t.index)) is not None:
        high = shown
    elif (declared := e.context.sort(t.index.name).bounds) is not None:
        return e.setting.whole(declared[0]), e.setting.whole(declared[1])
    elif (shown := e.shown_undeclared(t.body, t.index)) is not None:
        high = shown
    else:
        raise Unsupported(f"it is not said what {t.index} runs over")
    return (e.whole(t.low, scope) if t.low is not None else ONE), high


def binder(e: Elaborator, t: Binder, scope: Scope) -> Value:
    """Σ or ∏ over an index; a sum of arrays is taken entry by entry."""
    low, high = bounds(e, t, scope)
    k = e.setting.fresh(high - low + ONE)
    at = Whole.letter(k.name) + low - ONE
    inner = scope.with_index(t.index.name, at)
    guard = None if t.where is None or set_of(t) is not None else indicator(e, t.where, inner)
    body = e.value(t.body, inner)
    if isinstance(t, Product):
        return scalar(Factors(k, body.scalar, guard))
    if body.is_scalar:
        return scalar(Total(k, body.scalar, guard, low - ONE))

    def entry(place: Slots) -> Expression:
        return Total(k, body.entry(place), guard, low - ONE)

    return Value(body.shape, entry)


def indicator(e: Elaborator, c: Term, scope: Scope) -> Expression:
    """1 where a condition on whole numbers or on numbers holds, else 0."""
    match c:
        case Truth():
            return UNIT
        case Not(u):
            return total(UNIT, negative(indicator(e, u, scope)))
        case And(args):
            return product(*(indicator(e, u, scope) for u in args))
        case Or(args):
            return total(UNIT, negative(product(*(total(UNIT, negative(indicator(e, u, scope))) for u in args))))
        case Relation(op, left, right):
            if any(isinstance(t, (Entry, Layer)) for t in c.postorder()) or not all(_is_whole(e, x, scope) for x in c.free):
                return _chosen(e, c, scope) or _of_numbers(e, c, scope)
            gap = e.whole(left, scope) - e.whole(right, scope)
            match op:
                case "=":
                    return Delta(gap)
                case "≠":
                    return total(UNIT, negative(Delta(gap)))
                case "≥":
                    return AtLeast(gap)
                case ">":
                    return AtLeast(gap - ONE)
                case "≤":
                    return AtLeast(-gap)
                case "<":
                    return AtLeast(-gap - ONE)
    raise Unsupported(f"the condition {c}")


def _of_numbers(e: Elaborator, c: Relation, scope: Scope) -> Expression:
    """1 where a relation of numbers holds, else 0: [u ≥ v] is 1 − [v − u > 0], [u = v] is 1 − [u − v > 0] − [v − u > 0]."""
    if c.op not in ("=", "≠", "<", ">", "≤", "≥") or _counts(e, c, scope):
        raise Unsupported(f"the condition {c} on numbers")
    left, right = e.scalar(c.left, scope), e.scalar(c.right, scope)
    above = Positive(total(left, negative(right)), c)
    below = Positive(total(right, negative(left)), c)
    match c.op:
        case ">":
            return above
        case "<":
            return below
        case "≥":
            return total(UNIT, negative(below))
        case "≤":
            return total(UNIT, negative(above))
        case "≠":
            return total(above, below)
    return total(UNIT, negative(above), negative(below))


def _counts(e: Elaborator, t: Term, scope: Scope) -> bool:
    """Whether an index or a size stands in a condition other than as the place of an entry: its other side may be one, too."""
    if isinstance(t, (Entry, Layer)):
        return _counts(e, t.children[0], scope)
    if isinstance(t, Binder):
        inner = {n: w for n, w in scope.whole.items() if n != t.index.name}
        return _counts(e, t.body, replace(scope, whole=inner))
    if isinstance(t, Sym):
        return (
            t.name in scope.whole
            or t.name in e.setting.ranges
            or t.name in e.setting.sizes
            or e.context.sort(t.name).field == "integer"
        )
    return any(_counts(e, u, scope) for u in t.children)


def _chosen(e: Elaborator, c: Relation, scope: Scope) -> Expression | None:
    """1 where an entry that may be a few numbers only is one of them: (y − a)/(b − a) for y ∈ {a, b}; None for any other relation."""
    value = number_of(c.right)
    cell = e.scalar(c.left, scope) if value is not None and c.op in ("=", "≠") and isinstance(c.left, (Entry, Layer)) else None
    if value is None or not isinstance(cell, Cell) or not cell.family.values:
        return None
    others = [a for a in cell.family.values if a != value]
    among = value in cell.family.values
    there = product(*(product(number(1 / (value - a)), total(cell, number(-a))) for a in others)) if among else NOTHING
    return there if c.op == "=" else total(UNIT, negative(there))


def _is_whole(e: Elaborator, name: str, scope: Scope) -> bool:
    if name in scope.whole or name in e.setting.ranges or name in e.setting.sizes:
        return True
    return name in scope.local or e.context.sort(name).field == "integer" or name not in e.context.sorts


def cases(e: Elaborator, t: Cases, scope: Scope) -> Value:
    """A case distinction over indices, as a sum of values times indicators; the first case that holds decides."""
    left: Expression = UNIT
    parts: list[Expression] = []
    if (knot := _without_knot(e, t, scope)) is not None:
        return scalar(knot)
    for u, c in t.pieces:
        here = indicator(e, c, scope)
        parts.append(product(left, here, e.scalar(u, scope)))
        left = product(left, total(UNIT, negative(here)))
    if not isinstance(t.pieces[-1][1], Truth):
        conditions = [c for _, c in t.pieces]
        if not (len(conditions) == 2 and all(isinstance(c, Relation) for c in conditions) and _complementary(*conditions)):
            raise Unsupported("a case distinction that may leave a case out")
    return scalar(total(*parts))


def _without_knot(e: Elaborator, t: Cases, scope: Scope) -> Expression | None:
    """Cases for u > v and for u < v, without a value where u = v; None for any others."""
    match t.pieces:
        case ((u, Relation(">" | "<" as op, a, b)), (v, Relation(">" | "<" as other, c, d))):
            if (op, a, b) in ((Relation.MIRRORED[other], c, d), (other, d, c)):
                if op == "<":
                    u, v = v, u
                above = Apply("heaviside", (total(e.scalar(a, scope), negative(e.scalar(b, scope))),))
                return total(product(above, e.scalar(u, scope)), product(total(UNIT, negative(above)), e.scalar(v, scope)))
    return None


def _complementary(a: Term, b: Term) -> bool:
    """Whether one relation is the negation of the other."""
    if not (isinstance(a, Relation) and isinstance(b, Relation)):
        return False
    return Relation.NEGATED[a.op] == b.op and {a.left, a.right} == {b.left, b.right}
