"""Mechanical differentiation, for deciding claims: every distinct subterm once, nothing explained.

The rules of `symderiv.rules.calculus` are not used here, so that what they derive can be checked against this.
"""

from __future__ import annotations

from functools import cache

from symderiv.decide.verdict import Unsupported
from symderiv.read import read_plain
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    TWO,
    ZERO,
    Add,
    And,
    Cases,
    Const,
    Decimal,
    Derivative,
    Div,
    Fn,
    Indicator,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Prime,
    Relation,
    Sym,
    Term,
    Truth,
    minus,
    neg,
    over,
    plus,
    power,
    substitute,
    times,
)


def differentiated(term: Term, name: str) -> Term:
    """d/d(name) of a term that has no derivatives in it; raises Unsupported for what it cannot differentiate.

    Functions with knots have no derivative at a knot: their derivative is a case distinction that leaves the knot out.
    """
    done: dict[Term, Term] = {}
    for t in term.postorder():
        done[t] = ZERO if name not in t.free else _derivative(t, name, done)
    return done[term]


def _derivative(t: Term, name: str, d: dict[Term, Term]) -> Term:
    match t:
        case Sym():
            return ONE
        case Add(args):
            return plus(*(d[a] for a in args))
        case Neg(a):
            return neg(d[a])
        case Mul(args):
            return plus(*(times(*args[:k], d[a], *args[k + 1 :]) for k, a in enumerate(args) if d[a] != ZERO))
        case Div(a, b):
            if d[b] == ZERO:
                return ZERO if d[a] == ZERO else Div(d[a], b)
            return Div(minus(times(d[a], b), times(a, d[b])), Pow(b, TWO))
        case Pow(a, n):
            return _power(a, n, d)
        case Fn("max" | "min" as f, args):
            return _extremum(f, args, d)
        case Fn("root", (a, n)) if d[n] == ZERO:
            return times(over(ONE, n), Div(t, a), d[a])
        case Fn("abs", (u,)):
            return Cases((d[u], Relation(">", u, ZERO)), (neg(d[u]), Relation("<", u, ZERO)))
        case Fn("sign" | "heaviside", (u,)):
            return Cases((ZERO, Relation("≠", u, ZERO)))
        case Fn(f, args) if f in FUNCTIONS and FUNCTIONS[f].derivative:
            return plus(*(times(substitute(row, {"u": args[0]}), d[a]) for row, a in zip(_rows(f), args, strict=True)))
        case Fn(f, args) if f not in FUNCTIONS:
            return _named(f, (0,) * len(args), args, d)
        case Prime(f, orders, args):
            return _named(f, orders, args, d)
        case Cases(pieces):
            return Cases(*((d[v], interior(c, [e for _, e in pieces[:k]])) for k, (v, c) in enumerate(pieces)))
        case Indicator(condition):
            return Cases((ZERO, interior(condition, [])), (ZERO, interior(Not(condition), [])))
        case Relation() | And() | Or() | Not() | Truth() | Const() | Num() | Decimal():
            return ZERO
    raise Unsupported(f"the derivative of {type(t).__name__}")


@cache
def _rows(name: str) -> tuple[Term, ...]:
    return tuple(read_plain(text).bare for text in FUNCTIONS[name].derivative)


def _power(a: Term, n: Term, d: dict[Term, Term]) -> Term:
    if d[n] == ZERO:
        if d[a] == ZERO or n == ZERO:
            return ZERO
        return times(n, power(a, n.value - 1) if isinstance(n, Num) else Pow(a, minus(n, ONE)), d[a])
    log = Fn("log", a)
    if d[a] == ZERO:
        return times(Pow(a, n), log, d[n])
    return times(Pow(a, n), plus(times(d[n], log), times(n, Div(d[a], a))))


def _extremum(f: str, args: tuple[Term, ...], d: dict[Term, Term]) -> Term:
    op = ">" if f == "max" else "<"
    pieces = []
    for k, a in enumerate(args):
        above = [Relation(op, a, b) for j, b in enumerate(args) if j != k and b != a]
        pieces.append((d[a], above[0] if len(above) == 1 else And(*above) if above else Truth()))
    return Cases(*pieces)


def _named(f: str, orders: tuple[int, ...], args: tuple[Term, ...], d: dict[Term, Term]) -> Term:
    terms = []
    for k, a in enumerate(args):
        if d[a] != ZERO:
            terms.append(times(Prime(f, tuple(n + (j == k) for j, n in enumerate(orders)), *args), d[a]))
    return plus(*terms)


def interior(condition: Term, before: list[Term]) -> Term:
    """A condition that holds only where the given one does in a neighbourhood, and none of those before it."""
    parts = [_inside(condition, True), *(_inside(c, False) for c in before)]
    parts = [p for p in parts if not isinstance(p, Truth)]
    return parts[0] if len(parts) == 1 else And(*parts) if parts else Truth()


def _inside(c: Term, holding: bool) -> Term:
    match c:
        case Truth():
            return c if holding else Not(c)
        case Not(p):
            return _inside(p, not holding)
        case And(parts):
            inner = tuple(_inside(p, holding) for p in parts)
            return And(*inner) if holding else Or(*inner)
        case Or(parts):
            inner = tuple(_inside(p, holding) for p in parts)
            return Or(*inner) if holding else And(*inner)
        case Relation(op, a, b):
            op = op if holding else Relation.NEGATED[op]
            if op == "=":
                return Not(Truth())
            return Relation({"≤": "<", "≥": ">"}.get(op, op), a, b)
    raise Unsupported(f"the condition {c}")


def has_derivative(term: Term) -> bool:
    """Whether a derivative stands somewhere in the term."""
    return any(isinstance(t, Derivative) for t in term.postorder())
