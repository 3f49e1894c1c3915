"""Limits at infinity: sums of c xᵃ (log x)ᵈ e^{p(x)} compared by the terms that grow fastest."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from symderiv.decide.calculus.continuity import guards_of, is_zero
from symderiv.decide.facts import Facts
from symderiv.decide.verdict import Unsupported
from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    Const,
    Div,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    Term,
    exp,
    minus,
    neg,
    over,
    plus,
    times,
    value,
)

MOST_TERMS: Final = 60
_AT_INFINITY: Final = {"atan": Div(Const("pi"), Num(2)), "erf": ONE, "tanh": ONE}
"""Odd functions and their limits at +∞."""


@dataclass(frozen=True, slots=True)
class Infinite:
    """+∞ or −∞."""

    sign: Literal[1, -1]


@dataclass(frozen=True, slots=True)
class _Monomial:
    """c xᵃ (log x)ᵈ exp(Σ e_k x^k), with e_k ≠ 0 for k ≥ 1."""

    exponent: tuple[tuple[int, Term], ...]
    power: Fraction
    logs: int
    c: Term


_Terms = list[_Monomial]


def at_infinity(t: Term, name: str, facts: Facts) -> Term | Infinite:
    """The limit of a term as the letter goes to +∞; raises Unsupported where it is not known."""
    if name not in t.free:
        return t
    facts.budget.check()
    match t:
        case Sym():
            return Infinite(1)
        case Neg(a):
            return _opposite(at_infinity(a, name, facts))
        case Fn(f, (u,)) if f in _AT_INFINITY or f in ("exp", "log", "sqrt"):
            return _function(f, at_infinity(u, name, facts), facts)
    try:
        return _by_parts(t, name, facts)
    except Unsupported:
        return _by_growth(t, name, facts)


def _opposite(a: Term | Infinite) -> Term | Infinite:
    return Infinite(-1 if a.sign > 0 else 1) if isinstance(a, Infinite) else neg(a)


def _function(f: str, u: Term | Infinite, facts: Facts) -> Term | Infinite:
    if isinstance(u, Infinite):
        if f == "exp":
            return u if u.sign > 0 else ZERO
        if f in ("log", "sqrt"):
            if u.sign > 0:
                return u
            raise Unsupported(f"the {f} of what goes to -oo")
        return _AT_INFINITY[f] if u.sign > 0 else neg(_AT_INFINITY[f])
    out = Fn(f, u)
    for c in guards_of(out, facts):
        if (
            facts.holds(c if not isinstance(c, Relation) else Relation({"≥": ">", "≤": "<"}.get(c.op, c.op), c.left, c.right))
            is not True
        ):
            raise Unsupported(f"whether {c} holds in the limit")
    return out


def _by_parts(t: Term, name: str, facts: Facts) -> Term | Infinite:
    """By the limits of the parts, where these settle it."""
    match t:
        case Add(args):
            parts = [at_infinity(a, name, facts) for a in args]
            signs = {p.sign for p in parts if isinstance(p, Infinite)}
            if len(signs) > 1:
                raise Unsupported("the difference of what grows without bound")
            return Infinite(signs.pop()) if signs else plus(*(p for p in parts if not isinstance(p, Infinite)))
        case Mul(args):
            parts = [at_infinity(a, name, facts) for a in args]
            if not any(isinstance(p, Infinite) for p in parts):
                return times(*(p for p in parts if not isinstance(p, Infinite)))
            sign = 1
            for p in parts:
                sign *= p.sign if isinstance(p, Infinite) else _sign(p, facts)
            return Infinite(1 if sign > 0 else -1)
        case Div(a, b):
            top, bottom = at_infinity(a, name, facts), at_infinity(b, name, facts)
            if isinstance(bottom, Infinite):
                if isinstance(top, Infinite):
                    raise Unsupported("a quotient of what grows without bound")
                return ZERO
            sign = _sign(bottom, facts)
            return over(top, bottom) if not isinstance(top, Infinite) else Infinite(1 if top.sign * sign > 0 else -1)
    raise Unsupported(f"the limit of {t}")


def _sign(t: Term, facts: Facts) -> int:
    for op, sign in ((">", 1), ("<", -1)):
        if facts.holds(Relation(op, t, ZERO)) is True:
            return sign
    raise Unsupported(f"the sign of {t}")


# ------------------------------------------------------------------------------------------------------------- growth
def _by_growth(t: Term, name: str, facts: Facts) -> Term | Infinite:
    top, bottom = _fraction(t, name, facts)
    below = _fastest(bottom, facts)
    while (zero := is_zero(below.c, facts)) is not False:
        bottom = [m for m in bottom if _compared(m, below, facts)]
        if zero is None or not bottom:
            raise Unsupported("a denominator that may be 0")
        below = _fastest(bottom, facts)
    while top:
        above = _fastest(top, facts)
        order = _compared(above, below, facts)
        if order <= 0:
            return over(above.c, below.c) if order == 0 else ZERO
        zero = is_zero(above.c, facts)
        if zero is None:
            raise Unsupported(f"whether {above.c} is 0")
        if not zero:
            return Infinite(1 if _sign(above.c, facts) * _sign(below.c, facts) > 0 else -1)
        top = [m for m in top if _compared(m, above, facts)]
    return ZERO


def _fraction(t: Term, name: str, facts: Facts) -> tuple[_Terms, _Terms]:
    one = [_Monomial((), Fraction(0), 0, ONE)]
    if name not in t.free:
        return [_Monomial((), Fraction(0), 0, t)], one
    match t:
        case Sym():
            return [_Monomial((), Fraction(1), 0, ONE)], one
        case Neg(a):
            n, d = _fraction(a, name, facts)
            return [_Monomial(m.exponent, m.power, m.logs, neg(m.c)) for m in n], d
        case Add(args):
            n, d = _fraction(args[0], name, facts)
            for a in args[1:]:
                p, q = _fraction(a, name, facts)
                n, d = ([*n, *p], d) if d == q else ([*_product(n, q), *_product(p, d)], _product(d, q))
            return n, d
        case Mul(args):
            n, d = one, one
            for a in args:
                p, q = _fraction(a, name, facts)
                n, d = _product(n, p), _product(d, q)
            return n, d
        case Div(a, b):
            (n, d), (p, q) = _fraction(a, name, facts), _fraction(b, name, facts)
            return _product(n, q), _product(d, p)
        case Pow(a, m) if (k := value(m)) is not None:
            if a == Sym(name):
                return [_Monomial((), k, 0, ONE)], one
            if k.denominator == 1 and abs(k) <= 8:
                n, d = _fraction(a, name, facts)
                out = one, one
                for _ in range(abs(int(k))):
                    out = _product(out[0], n), _product(out[1], d)
                return out if k >= 0 else (out[1], out[0])
        case Fn("sqrt", (a,)) if a == Sym(name):
            return [_Monomial((), Fraction(1, 2), 0, ONE)], one
        case Fn("log", (a,)) if a == Sym(name):
            return [_Monomial((), Fraction(0), 1, ONE)], one
        case Fn("exp", (u,)):
            return [_exponential(u, name, facts)], one
        case Fn("tanh" | "sinh" | "cosh" as f, (u,)):
            up, down = exp(u), exp(neg(u))
            difference, both = minus(up, down), plus(up, down)
            return _fraction(
                Div(difference, both) if f == "tanh" else Div(difference if f == "sinh" else both, Num(2)), name, facts
            )
    raise Unsupported(f"how fast {t} grows")


def _exponential(u: Term, name: str, facts: Facts) -> _Monomial:
    top, bottom = _fraction(u, name, facts)
    if len(bottom) != 1 or bottom[0].exponent or bottom[0].logs or bottom[0].power:
        raise Unsupported(f"how fast exp({u}) grows")
    parts: dict[int, Term] = {}
    for m in top:
        if m.exponent or m.logs or m.power.denominator != 1 or m.power < 0:
            raise Unsupported(f"how fast exp({u}) grows")
        parts[int(m.power)] = plus(parts.get(int(m.power), ZERO), over(m.c, bottom[0].c))
    constant = parts.pop(0, ZERO)
    return _Monomial(_powers(parts, facts), Fraction(0), 0, exp(constant))


def _powers(parts: dict[int, Term], facts: Facts) -> tuple[tuple[int, Term], ...]:
    return tuple((k, c) for k, c in sorted(parts.items(), reverse=True) if is_zero(c, facts) is not True)


def _product(a: _Terms, b: _Terms) -> _Terms:
    if len(a) * len(b) > MOST_TERMS:
        raise Unsupported("sums of this length in a limit")
    out = []
    for m in a:
        for n in b:
            parts = dict(m.exponent)
            for k, c in n.exponent:
                parts[k] = plus(parts.get(k, ZERO), c)
            out.append(_Monomial(tuple(sorted(parts.items(), reverse=True)), m.power + n.power, m.logs + n.logs, times(m.c, n.c)))
    return out


def _fastest(terms: _Terms, facts: Facts) -> _Monomial:
    """The term that grows fastest, like terms collected; its coefficient may be 0."""
    best = terms[0]
    for m in terms[1:]:
        if _compared(m, best, facts) > 0:
            best = m
    c = plus(*(m.c for m in terms if _compared(m, best, facts) == 0))
    return _Monomial(best.exponent, best.power, best.logs, c)


def _compared(a: _Monomial, b: _Monomial, facts: Facts) -> int:
    """+1, 0 or −1 as a grows faster than b, as fast, or slower."""
    up, down = dict(a.exponent), dict(b.exponent)
    for k in sorted({*up, *down}, reverse=True):
        c = minus(up.get(k, ZERO), down.get(k, ZERO))
        if is_zero(c, facts) is not True:
            return _sign(c, facts)
    left, right = (a.power, a.logs), (b.power, b.logs)
    return (left > right) - (left < right)
