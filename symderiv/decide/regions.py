"""Functions with knots: which formula holds where the assumptions decide it, and the switches that they do not decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from symderiv.decide.facts import Facts, holds
from symderiv.decide.traits import has_knots, outside_binders, traits
from symderiv.decide.verdict import NowhereDefined, Unsupported
from symderiv.terms import (
    ONE,
    ZERO,
    And,
    Cases,
    Context,
    Div,
    Fn,
    Indicator,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Relation,
    Term,
    Truth,
    minus,
)

UNDEFINED = Fn("undefined")
"""What a case distinction is where none of its cases holds."""

Holds = Callable[[Term], bool | None]


def piece(t: Term, context: Context, known: Holds | None = None) -> Term | None:
    """The formula that a function with knots has where the assumptions hold; None if they do not decide.

    |u| = u for u ≥ 0 and −u for u ≤ 0; max(u, v) = u for u ≥ v; the first case of a distinction that holds, all before it failing.
    """
    test: Holds = known or (lambda c: holds(c, context))

    def true(op: str, u: Term) -> bool:
        return test(Relation(op, u, ZERO)) is True

    match t:
        case Fn("abs", (u,)):
            return u if true("≥", u) else Neg(u) if true("≤", u) else None
        case Fn("sign", (u,)):
            return ZERO if true("=", u) else ONE if true(">", u) else Neg(ONE) if true("<", u) else None
        case Fn("heaviside", (u,)):
            return ONE if true(">", u) else ZERO if true("<", u) else UNDEFINED if true("=", u) else None
        case Fn("max" | "min" as name, args) if args:
            op = "≥" if name == "max" else "≤"
            return next((a for a in args if all(b == a or test(Relation(op, a, b)) is True for b in args)), None)
        case Indicator(condition):
            decided = test(condition)
            return None if decided is None else ONE if decided else ZERO
        case Cases(pieces):
            for v, condition in pieces:
                decided = True if isinstance(condition, Truth) else test(condition)
                if decided is True:
                    return v
                if decided is None:
                    return None
            return UNDEFINED
    return None


def resolved(term: Term, facts: Facts) -> Term:
    """The term with every function with knots replaced by its formula, where the facts decide which one holds."""
    if not has_knots(term):
        return term
    done: dict[Term, Term] = {}
    for t in outside_binders(term):
        facts.budget.check()
        if t.bound is not None or not t.children:
            done[t] = t
            continue
        new = t.rebuild(done[c] for c in t.children)
        found = piece(new, facts.context, facts.holds) if isinstance(new, (Cases, Indicator, Fn)) else None
        done[t] = new if found is None else found
    return done[term]


def undefined(term: Term) -> bool:
    """Whether a part of the term that is not under an undecided case is undefined."""
    stack = [term]
    while stack:
        t = stack.pop()
        if t == UNDEFINED:
            return True
        if not isinstance(t, (Cases, Indicator)):
            stack.extend(t.children)
    return False


def switches(term: Term) -> Iterator[Term]:
    """The terms whose sign decides which formula holds, innermost functions first, each once."""
    seen: set[Term] = set()
    for t in outside_binders(term):
        if not isinstance(t, (Cases, Indicator, Fn)):
            continue
        for u in _own_switches(t):
            if u not in seen and not has_knots(u) and UNDEFINED.name not in traits(u).functions:
                seen.add(u)
                yield u


def split(terms: Iterable[Term], facts: Facts) -> tuple[Relation, ...]:
    """The relations to 0 that are possible for the first switch of the terms whose sign the facts do not tell; () if there is none."""
    for term in terms:
        for u in switches(term):
            if any(facts.holds(Relation(op, u, ZERO)) is True for op in (">", "<", "=")) or _has_no_sign(u, facts):
                continue
            for v in (*_factors(u), *facts.linear_factors(u), u):
                relations = tuple(Relation(op, v, ZERO) for op in (">", "<", "="))
                known = [facts.holds(r) for r in relations]
                if True not in known:
                    return tuple(r for r, k in zip(relations, known, strict=True) if k is None)
    return ()


def _has_no_sign(u: Term, facts: Facts) -> bool:
    """Whether a switch has no value under the facts, so that no sign of it is possible."""
    try:
        return not facts.signs_of(u)
    except NowhereDefined:
        return True
    except Unsupported:
        return False


def _factors(u: Term) -> Iterator[Term]:
    """The factors whose signs together give the sign of a product or quotient, as it is written."""
    stack = [u]
    while stack:
        t = stack.pop()
        match t:
            case Neg(a):
                stack.append(a)
            case Mul(args):
                stack.extend(reversed(args))
            case Div(a, b):
                stack += [b, a]
            case Pow(a, Num(n)) if n % 2:
                stack.append(a)
            case _ if t is not u:
                yield t


def _own_switches(t: Term) -> Iterator[Term]:
    match t:
        case Fn("abs" | "sign" | "heaviside", (u,)):
            yield u
        case Fn("max" | "min", args):
            yield from (minus(a, b) for k, a in enumerate(args) for b in args[k + 1 :])
        case Indicator(condition):
            yield from differences(condition)
        case Cases(pieces):
            for _, condition in pieces:
                yield from differences(condition)


def differences(condition: Term) -> Iterator[Term]:
    """left − right of every relation in a condition."""
    match condition:
        case Relation(_, a, b):
            yield minus(a, b) if b != ZERO else a
        case And(parts) | Or(parts):
            for p in parts:
                yield from differences(p)
        case Not(p):
            yield from differences(p)
