"""Derivatives of functions with knots: one derivation for each region, every knot examined by its one-sided derivatives.

A switch is a term whose sign decides which formula holds: u of |u|, u − v of max(u, v), the difference of the sides of a condition.
Its zeros are the knots. Between them each formula is differentiated; at a knot the derivative exists if the values agree there and
the one-sided derivatives do (for f continuous at a and differentiable beside it, lim f'(x) as x → a± is the one-sided derivative:
the mean value theorem).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from symderiv.decide import UNDEFINED, decide, derivative_of, domain, evaluate, has_knots, holds
from symderiv.derive.derivation import Derivation, Knot, Region, Remark
from symderiv.derive.rewriting import simplified
from symderiv.derive.zeros import zeros
from symderiv.errors import DomainError, NotDerivable
from symderiv.rules.definitions import definition_rule, on_region, resolved
from symderiv.rules.step import Rule, Step, at_all_places, by_regions
from symderiv.terms import (
    ZERO,
    And,
    Cases,
    Context,
    Derivative,
    Fn,
    Indicator,
    Not,
    Or,
    Relation,
    Sym,
    Term,
    Truth,
    minus,
    number,
    substitute,
)

BY_REGIONS = Rule("by_regions", "f' \\text{ region by region}", "put the regions together", "", lambda _: None, "d/dx(abs(x))")

Finish = Callable[[Term, Term | None, Context], list[Step]]
"""How d/dx of a formula without knots is derived in a context, towards a goal or to its simplest form."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The open interval between two knots (None: unbounded), the formula that holds there, and signs that are known there."""

    low: Term | None
    high: Term | None
    formula: Term
    signs: tuple[Term, ...] = ()

    def bounds(self, x: Sym) -> tuple[Term, ...]:
        """Where the variable is."""
        if self.low is not None and self.high is not None:
            return Relation("<", self.low, x), Relation("<", x, self.high)
        above = () if self.low is None else (Relation(">", x, self.low),)
        return (*above, *(() if self.high is None else (Relation("<", x, self.high),)))


def piecewise(
    t: Derivative, goal: Term | None, context: Context, finish: Finish
) -> tuple[tuple[Step, ...], tuple[Knot, ...], tuple[Remark, ...]]:
    """The steps d/dx body = … = result, of which the last puts the regions together; the knots, and the remarks on them.

    Where the assumptions leave one region only, its derivation is the whole.

    Raises NotDerivable where a knot cannot be solved for, or where the order of two knots depends on letters of which too little
    is assumed.
    """
    x = t.var
    intervals = list(_intervals(t.body, x, Interval(None, None, t.body), context))
    regions = tuple(_region(t, i, goal, context, finish) for i in intervals)
    knots = tuple(_knot(t.body, x, a, b, regions[k], regions[k + 1], context) for k, (a, b) in enumerate(pairwise(intervals)))
    after = _assembled(x, intervals, regions, knots) if goal is None else goal
    conditions = tuple(_excluded(x, k, after, context) for k in knots)
    step = by_regions(t, after, BY_REGIONS, regions, tuple(c for c in conditions if c is not None))
    convex = _convex(x, regions, knots, context)
    return (step,), knots, tuple(r for k in knots if (r := _remark(k, convex, context)) is not None)


def _intervals(body: Term, x: Sym, whole: Interval, context: Context) -> Iterator[Interval]:
    """The intervals of one formula each, from left to right."""
    inside = context.assume(*whole.bounds(x), *whole.signs)
    body = resolved(body, inside)
    switches = list(_switches(body, x))
    if not switches:
        yield replace(whole, formula=body)
        return
    knots = _sorted([k for u in switches for k in zeros(u, x, inside)], x, whole, inside)
    for low, high in zip((whole.low, *knots), (*knots, whole.high), strict=True):
        part = Interval(low, high, body)
        signs = [r for u in switches if (r := _sign_inside(u, x, part, context)) is not None]
        if not knots and not signs:
            raise NotDerivable(
                f"which formula of {body} holds cannot be decided", body.span, "give an assumption on the letters in it"
            )
        yield from _intervals(body, x, replace(part, signs=(*whole.signs, *signs)), context)


def _sign_inside(u: Term, x: Sym, part: Interval, context: Context) -> Term | None:
    """u > 0 or u < 0, if it is so at one point of an interval that has no zero of u inside: u is continuous where it is defined."""
    inside = context.assume(*part.bounds(x))
    if u.free != {x.name} or has_knots(u) or domain(u, inside):
        return None
    for point in _points_inside(part):
        if all(holds(substitute(a, {x.name: number(point)}), context) is True for a in inside.assumptions if a.free <= {x.name}):
            try:
                ball = evaluate(u, {x.name: point}, inside)
            except DomainError:
                return None
            return Relation(">", u, ZERO) if ball > 0 else Relation("<", u, ZERO) if ball < 0 else None
    return None


def _points_inside(part: Interval) -> Iterator[Fraction]:
    """Rational numbers in the interval, some near its ends; none if the ends depend on letters."""
    ends: list[Fraction | None] = []
    for end in (part.low, part.high):
        if end is not None and end.free:
            return
        ends.append(None if end is None else Fraction(str(evaluate(end, {}).str(15, radius=False))))
    low, high = ends
    for n in range(8):
        step = Fraction(1, 2**n)
        if low is not None and high is not None:
            yield low + (high - low) * step / 2
        else:
            yield high - step if high is not None else low + step if low is not None else step - Fraction(1, 2)


def _switches(body: Term, x: Sym) -> Iterator[Term]:
    """The switches of the innermost functions with knots that depend on x."""
    for t in body.postorder():
        if x.name not in t.free or any(has_knots(c) and x.name in c.free for c in t.children):
            continue
        match t:
            case Fn("abs" | "sign" | "heaviside", (u,)):
                yield u
            case Fn("max" | "min", args):
                yield from (minus(a, b) for k, a in enumerate(args) for b in args[k + 1 :])
            case Indicator(condition):
                yield from _differences(condition, x)
            case Cases(pieces):
                for _, condition in pieces:
                    yield from _differences(condition, x)


def _differences(condition: Term, x: Sym) -> Iterator[Term]:
    match condition:
        case Relation(_, a, b):
            if x.name in condition.free:
                yield minus(a, b)
        case And(parts) | Or(parts):
            for p in parts:
                yield from _differences(p, x)
        case Not(p):
            yield from _differences(p, x)


def _sorted(knots: list[Term], x: Sym, whole: Interval, context: Context) -> list[Term]:
    """The different knots inside an interval, in ascending order."""
    out: list[Term] = []
    for k in knots:
        if _outside(k, whole, context):
            continue
        place = len(out)
        for n, other in enumerate(out):
            if holds(Relation("=", k, other), context) is True:
                place = -1
                break
            less = holds(Relation("<", k, other), context)
            if less is None:
                message = f"the order of the knots {x} = {k} and {x} = {other} depends on letters of which too little is known"
                raise NotDerivable(message, hint=f"assume {k} < {other} or the like")
            if less:
                place = n
                break
        if place >= 0:
            out.insert(place, k)
    return out


def _outside(k: Term, whole: Interval, context: Context) -> bool:
    for bound, op in ((whole.low, "≤"), (whole.high, "≥")):
        if bound is None:
            continue
        known = holds(Relation(op, k, bound), context)
        if known is None:
            raise NotDerivable(
                f"whether {k} {op} {bound} is not known", hint=f"assume {k} {Relation.NEGATED[op]} {bound} or the like"
            )
        if known:
            return True
    return False


def _region(t: Derivative, interval: Interval, goal: Term | None, context: Context, finish: Finish) -> Region:
    """The derivation on one interval: the case, calculus, and the algebra towards the goal's case."""
    assumptions = interval.bounds(t.var)
    inside = context.assume(*assumptions, *interval.signs)
    steps: list[Step] = []
    line: Term = t
    rule = on_region(inside)
    while (step := at_all_places(rule, line)) is not None:
        steps.append(step)
        line = step.after
    steps += finish(line, None if goal is None else resolved(goal, inside), inside)
    condition = assumptions[0] if len(assumptions) == 1 else And(*assumptions) if assumptions else Truth()
    return Region(condition, Derivation(t, tuple(steps), inside))


def _knot(body: Term, x: Sym, left: Interval, right: Interval, before: Region, after: Region, context: Context) -> Knot:
    a = left.high
    assert a is not None
    at = {x.name: a}
    here = context.assume(Relation("=", x, a))
    middle = resolved(substitute(resolved(body, here), at), context)
    continuous: bool | None = None
    if middle.contains(UNDEFINED):
        continuous = False
    elif not has_knots(middle):
        values = (substitute(left.formula, at), middle, substitute(right.formula, at))
        continuous = _all(_same(u, v, context) for u, v in pairwise(values))
    slopes = [_slope(r.derivation, at, context) for r in (before, after)]
    agree = None if slopes[0] is None or slopes[1] is None else _same(slopes[0], slopes[1], context)
    return Knot(Relation("=", x, a), slopes[0], slopes[1], continuous, agree)


def _all(values: Iterator[bool | None]) -> bool | None:
    found = list(values)
    return False if False in found else None if None in found else True


def _same(u: Term, v: Term, context: Context) -> bool | None:
    verdict = decide(u, v, context)
    if verdict.kind == "proved" and not verdict.conditions:
        return True
    if verdict.kind == "refuted" and not (u.free | v.free):
        return False
    return holds(Relation("=", u, v), context)


def _slope(derivation: Derivation, at: dict[str, Term], context: Context) -> Term | None:
    """The limit of the derivative at the knot, from one side; None where the conditions of its steps fail or are unknown there."""
    for c in derivation.conditions:
        if holds(substitute(c, at), context) is not True:
            return None
    slope = substitute(derivation.result, at)
    for d in context.definitions.values():
        if (opened := at_all_places(definition_rule(d), slope)) is not None:
            slope = resolved(opened.after, context)
    steps = simplified(slope, context)
    return steps[-1].after if steps else slope


def _assembled(x: Sym, intervals: list[Interval], regions: tuple[Region, ...], knots: tuple[Knot, ...]) -> Term:
    """The case distinction of the results; a differentiable knot belongs to the region left of it, equal neighbours are one."""
    pieces: list[tuple[Term | None, Term | None, bool, Term]] = []
    for k, (i, r) in enumerate(zip(intervals, regions, strict=True)):
        closed = k < len(knots) and knots[k].differentiable is True
        result = r.derivation.result
        if pieces and pieces[-1][2] and pieces[-1][3] == result:
            pieces[-1] = (pieces[-1][0], i.high, closed, result)
        else:
            pieces.append((i.low, i.high, closed, result))
    if len(pieces) == 1:
        return pieces[0][3]
    out = []
    for low, high, closed, result in pieces:
        parts = [] if low is None else [Relation("<", low, x) if high is not None else Relation(">", x, low)]
        if high is not None:
            parts.append(Relation("≤" if closed else "<", x, high))
        out.append((result, parts[0] if len(parts) == 1 else And(*parts)))
    return Cases(*out)


def _excluded(x: Sym, knot: Knot, result: Term, context: Context) -> Term | None:
    """The condition x ≠ a, unless the derivative exists at the knot and is what the result says there."""
    assert isinstance(knot.point, Relation)
    a = knot.point.right
    if knot.differentiable and knot.left is not None:
        there = substitute(resolved(result, context.assume(knot.point)), {x.name: a})
        if not has_knots(there) and _same(there, knot.left, context):
            return None
    return Relation("≠", x, a)


def _convex(x: Sym, regions: tuple[Region, ...], knots: tuple[Knot, ...], context: Context) -> bool:
    """Whether the function is convex: continuous, its derivative growing in every region and at every knot."""
    for k in knots:
        if not k.continuous or k.left is None or k.right is None or holds(Relation("≤", k.left, k.right), context) is not True:
            return False
    for r in regions:
        try:
            second = derivative_of(r.derivation.result, x.name, r.derivation.context)
        except NotDerivable:
            return False
        if holds(Relation("≥", second, ZERO), r.derivation.context) is not True:
            return False
    return True


def _remark(knot: Knot, convex: bool, context: Context) -> Remark | None:
    """What can be said at a knot where the derivative does not exist although the function is continuous."""
    if knot.differentiable or knot.continuous is not True or knot.left is None or knot.right is None:
        return None
    left, right = knot.left, knot.right
    if knot.agree is None:
        return Remark("at {} the function is differentiable only if {}", (knot.point, Relation("=", left, right)))
    kink = "at {} the function has a kink and no derivative; "
    if convex:
        words = kink + "it is convex, and its subdifferential there is the interval from {} to {}: any value in it is a subgradient"
        return Remark(words, (knot.point, left, right))
    low, high = (right, left) if holds(Relation("<", right, left), context) else (left, right)
    return Remark(kink + "its generalised (Clarke) gradient there is the interval from {} to {}", (knot.point, low, high))
