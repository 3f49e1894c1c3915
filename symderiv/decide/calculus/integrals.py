"""Integrals by the fundamental theorem: ∫ₐᵇ f = F(b) − F(a) for f and F that are continuous between a and b with F' = f.

SymPy suggests the antiderivative; that F' = f and that both are continuous is shown here, or the integral is left undecided.
"""

from __future__ import annotations

from typing import Final

from symderiv.decide.calculus.continuity import continuous
from symderiv.decide.calculus.growth import Infinite, at_infinity
from symderiv.decide.differentiate import differentiated
from symderiv.decide.facts import Facts, facts_of
from symderiv.decide.opened import opened
from symderiv.decide.proofs import smooth
from symderiv.decide.verdict import Unsupported
from symderiv.errors import SymderivError
from symderiv.terms import (
    REAL,
    ZERO,
    Add,
    Cases,
    Const,
    Div,
    Integral,
    Mul,
    Neg,
    Relation,
    Sym,
    Term,
    fresh_name,
    minus,
    neg,
    plus,
    renamed,
    replace,
    substitute,
    times,
)

LARGEST: Final = 80
"""Nodes of an integrand of which an antiderivative is looked for."""
INFINITY: Final = Const("oo")


def integral_of(integral: Integral, facts: Facts) -> Term:
    """The value of a definite integral; raises Unsupported where it cannot be certified."""
    low, high = integral.low, integral.high
    if low is None or high is None or integral.where is not None:
        raise Unsupported("an integral without bounds in a larger term")
    taken = {*integral.free, *low.free, *high.free, *facts.context.sorts, *facts.context.definitions}
    taken |= {n for a in facts.context.assumptions for n in a.free}
    moved = renamed(integral, fresh_name(integral.index.name, taken))
    assert isinstance(moved, Integral)
    x = moved.index
    body = opened(moved.body, facts.context, facts.budget)
    if any(t.bound is not None for t in body.postorder()):
        raise Unsupported("an integral of what has bound letters in it")
    within = facts_of(facts.context.declare(x.name, REAL), facts.budget)
    primitive = antiderivative(body, x, within)
    for between in _orders(x, low, high, within):
        if not (continuous(body, between) and continuous(primitive, between)):
            raise Unsupported("an integrand that may not be continuous between the bounds")
        if any(between.holds(c) is not True for c in smooth(differentiated(primitive, x.name), body, between)):
            raise Unsupported("an antiderivative that may fail between the bounds")
    return minus(_end(primitive, x, high, within), _end(primitive, x, low, within))


def _end(primitive: Term, x: Sym, bound: Term, facts: Facts) -> Term:
    """The antiderivative at a bound, or its limit where that is infinite."""
    if bound not in (INFINITY, Neg(INFINITY)):
        return substitute(primitive, {x.name: bound})
    body = primitive if bound == INFINITY else substitute(primitive, {x.name: neg(x)})
    found = at_infinity(body, x.name, facts)
    if isinstance(found, Infinite):
        raise Unsupported("an integral that diverges")
    return found


def _orders(x: Sym, low: Term, high: Term, facts: Facts) -> list[Facts]:
    """What holds between the bounds, for each order that they can have."""
    out = []
    for a, b in ((low, high), (high, low)):
        infinite = a in (INFINITY, Neg(INFINITY)) or b in (INFINITY, Neg(INFINITY))
        if infinite and (a == INFINITY or b == Neg(INFINITY)):
            continue
        if not infinite and facts.holds(Relation("≤", a, b)) is False:
            continue
        said = [Relation("≤", p, q) for p, q in ((a, x), (x, b)) if p != Neg(INFINITY) and q != INFINITY]
        said += [] if infinite else [Relation("≤", a, b)]
        for op in (">", "≥"):
            if a != Neg(INFINITY) and facts.holds(Relation(op, a, ZERO)) is True:
                said.append(Relation(op, x, ZERO))
        for op in ("<", "≤"):
            if b != INFINITY and facts.holds(Relation(op, b, ZERO)) is True:
                said.append(Relation(op, x, ZERO))
        out.append(facts.assume(*said))
    return out


def antiderivative(body: Term, x: Sym, facts: Facts) -> Term:
    """A term whose derivative by x is the body, as a candidate; raises Unsupported where none is found."""
    if body.size > LARGEST:
        raise Unsupported("an antiderivative of a term of this size")
    if x.name not in body.free:
        return times(body, x)
    from sympy.integrals.manualintegrate import manualintegrate

    from symderiv.terms.sympy_border import from_sympy, to_sympy

    try:
        integrand, variable = to_sympy(body, facts.context).doit(), to_sympy(x, facts.context)
        found = from_sympy(manualintegrate(integrand, variable))
    except (SymderivError, ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError):
        raise Unsupported(f"an antiderivative of {body}") from None
    found = replace(found, lambda t: t.pieces[0][0] if isinstance(t, Cases) else None)
    if any(isinstance(t, Integral) for t in found.postorder()):
        raise Unsupported(f"an antiderivative of {body}")
    return found


def is_indefinite(t: Term) -> bool:
    """Whether a term is an integral without bounds."""
    return isinstance(t, Integral) and t.low is None and t.high is None


def rate(t: Term, x: Sym) -> Term:
    """d/dx of a term in which integrals without bounds stand linearly; raises Unsupported for others."""
    if not any(is_indefinite(u) for u in t.postorder()):
        return differentiated(t, x.name)
    match t:
        case Integral(body, index) if is_indefinite(t):
            return substitute(body, {index.name: x})
        case Add(args):
            return plus(*(rate(a, x) for a in args))
        case Neg(a):
            return neg(rate(a, x))
        case Div(a, b) if x.name not in b.free and not any(is_indefinite(u) for u in b.postorder()):
            return Div(rate(a, x), b)
        case Mul(args):
            inner = [a for a in args if any(is_indefinite(u) for u in a.postorder())]
            rest = [a for a in args if a is not inner[0]]
            if len(inner) == 1 and not any(x.name in a.free for a in rest):
                return times(*rest, rate(inner[0], x))
    raise Unsupported("an integral without bounds in a product")
