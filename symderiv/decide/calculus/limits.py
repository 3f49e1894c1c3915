"""Limits: by continuity, by the leading terms of numerator and denominator at a point, by growth at infinity.

At a point a, for N and D that are k times differentiable there with N⁽ⁱ⁾(a) = D⁽ⁱ⁾(a) = 0 for i < k and D⁽ᵏ⁾(a) ≠ 0,
lim N/D = N⁽ᵏ⁾(a)/D⁽ᵏ⁾(a) (Taylor's formula with the remainder of Peano): for k = 1 this is the definition of the derivative.
At infinity, sums of c xᵃ (log x)ᵈ e^{p(x)} are compared by their fastest growing terms.
"""

from __future__ import annotations

from typing import Final

from symderiv.decide.calculus.continuity import guards_of, is_zero, strict, tidy, unknown_functions
from symderiv.decide.calculus.growth import Infinite, at_infinity
from symderiv.decide.differentiate import differentiated
from symderiv.decide.facts import Facts
from symderiv.decide.opened import opened
from symderiv.decide.verdict import Unsupported
from symderiv.terms import (
    ONE,
    Add,
    Const,
    Div,
    Fn,
    Limit,
    Mul,
    Neg,
    Pow,
    Prime,
    Sym,
    Term,
    fresh_name,
    neg,
    over,
    plus,
    power,
    renamed,
    substitute,
    times,
    value,
)

HIGHEST: Final = 6
"""Derivatives that are taken of numerator and denominator."""


class NoLimit(Unsupported):
    """A limit that certainly does not exist as a number."""


def limit_of(limit: Limit, facts: Facts, order: int = 1) -> Term:
    """The value of a limit; raises NoLimit where it is none, Unsupported where it is not known.

    `order`: how often the functions that are only named are differentiable.
    """
    if limit.low is None:
        raise Unsupported("a limit that does not say where its letter goes")
    name = fresh_name(limit.index.name, {*limit.free, *facts.context.sorts, *facts.context.definitions, *_letters(facts)})
    moved = renamed(limit, name)
    assert isinstance(moved, Limit)
    body, point = opened(moved.body, facts.context, facts.budget), limit.low
    if any(t.bound is not None for t in body.postorder()):
        raise Unsupported("a limit of what has bound letters in it")
    if isinstance(point, Const) and point.name == "oo":
        return _finite(at_infinity(body, name, facts))
    if isinstance(point, Neg) and point.arg == Const("oo"):
        return _finite(at_infinity(substitute(body, {name: neg(Sym(name))}), name, facts))
    return _at_point(body, name, point, facts, order)


def _letters(facts: Facts) -> set[str]:
    return {n for a in facts.context.assumptions for n in a.free}


def _finite(found: Term | Infinite) -> Term:
    if isinstance(found, Infinite):
        raise NoLimit("a limit that is infinite")
    return found


def _at_point(body: Term, name: str, point: Term, facts: Facts, order: int) -> Term:
    top, bottom = together(body)
    facts.budget.check()
    for k in range(HIGHEST + 1):
        _differentiable(top, name, point, facts, order, k)
        _differentiable(bottom, name, point, facts, order, k)
        a, b = (tidy(substitute(_derivative(t, name, k), {name: point})) for t in (top, bottom))
        below = is_zero(b, facts)
        if below is False:
            return over(a, b)
        if below is None:
            raise Unsupported("a denominator that may be 0 in the limit")
        above = is_zero(a, facts)
        if above is False:
            raise NoLimit("a limit of what grows without bound")
        if above is None:
            raise Unsupported("a numerator that need not vanish with its denominator")
    raise Unsupported("a limit of this order")


def _derivative(t: Term, name: str, k: int) -> Term:
    for _ in range(k):
        t = differentiated(t, name)
    return t


def _differentiable(t: Term, name: str, point: Term, facts: Facts, order: int, k: int) -> None:
    """Raise Unsupported unless t is k times differentiable at the point, and continuous for k = 0."""
    unknown = unknown_functions(t, facts)
    if unknown and k > order:
        raise Unsupported(f"whether {min(unknown)} is differentiable {k} times")
    parts: dict[Term, Term] = {}

    def hidden(u: Term) -> Term | None:
        if isinstance(u, (Fn, Prime)) and u.name in unknown:
            if not all(_affine(a, name) for a in u.children):
                raise Unsupported(f"the limit of {u}")
            return parts.setdefault(u, Sym(f"value {len(parts)} of {u.name}"))
        return None

    from symderiv.terms import replace

    plain = replace(t, hidden)
    for c in guards_of(plain, facts):
        if facts.holds(strict(tidy(substitute(c, {name: point})))) is not True:
            raise Unsupported(f"whether {c} holds at the limit")


def _affine(t: Term, name: str) -> bool:
    return name not in t.free or name not in differentiated(t, name).free


def together(t: Term) -> tuple[Term, Term]:
    """The term as one fraction, (numerator, denominator), nothing cancelled."""
    match t:
        case Neg(a):
            n, d = together(a)
            return neg(n), d
        case Add(args):
            n, d = together(args[0])
            for a in args[1:]:
                p, q = together(a)
                n, d = (plus(n, p), d) if d == q else (plus(times(n, q), times(p, d)), times(d, q))
            return n, d
        case Mul(args):
            pairs = [together(a) for a in args]
            return times(*(n for n, _ in pairs)), times(*(d for _, d in pairs))
        case Div(a, b):
            (n, d), (p, q) = together(a), together(b)
            return times(n, q), times(d, p)
        case Pow(a, m) if (exponent := value(m)) is not None and exponent.denominator == 1 and abs(exponent) <= 2 * HIGHEST:
            n, d = together(a)
            k = abs(int(exponent))
            return (power(n, k), power(d, k)) if exponent >= 0 else (power(d, k), power(n, k))
    return t, ONE
