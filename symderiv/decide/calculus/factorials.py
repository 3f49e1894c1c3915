"""Factorials and binomial coefficients: (n + k)! = n! (n + 1) ⋯ (n + k), binom(n, k) = n!/(k! (n − k)!), Γ(n) = (n − 1)!."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from math import factorial
from typing import Final

from symderiv.decide.facts import Facts, holds
from symderiv.decide.lines import linear_form
from symderiv.decide.verdict import Unsupported
from symderiv.read.vocabulary import COUNTING
from symderiv.terms import (
    ONE,
    ZERO,
    Const,
    Context,
    Fn,
    Num,
    Relation,
    Sym,
    Term,
    fresh_name,
    minus,
    number,
    over,
    plus,
    replace,
    substitute,
    times,
)

FARTHEST: Final = 40
"""How far apart two arguments may be that are compared."""
_VALUES: Final = range(9)
"""Integers that are put in for a letter in the look for a counterexample."""


def has_factorials(t: Term, context: Context) -> bool:
    """Whether a factorial, a binomial coefficient or a value of Γ stands in a term."""
    return any(isinstance(u, Fn) and u.name in COUNTING and u.name not in context.definitions for u in t.postorder())


def as_factorials(t: Term) -> Term:
    """Binomial coefficients and values of Γ written by factorials."""

    def put(u: Term) -> Term | None:
        match u:
            case Fn("binomial", (n, k)):
                return over(Fn("factorial", n), times(Fn("factorial", k), Fn("factorial", minus(n, k))))
            case Fn("Gamma", (n,)):
                return Fn("factorial", minus(n, ONE))
        return None

    return replace(t, put)


def reduced(sides: tuple[Term, ...], facts: Facts) -> tuple[tuple[Term, ...], Context, tuple[Term, ...]]:
    """The sides with one letter for each factorial that the others are multiples of, the context of these letters, and the conditions.

    Raises Unsupported for a factorial of what is no linear form with whole coefficients in integers.
    """
    families: dict[tuple[tuple[str, Fraction], ...], dict[Term, int]] = defaultdict(dict)
    written = [as_factorials(s) for s in sides]
    for side in written:
        for u in side.postorder():
            if isinstance(u, Fn) and u.name == "factorial":
                form = _whole(u.children[0], facts)
                shift = int(form.pop("", Fraction(0)))
                families[tuple(sorted((n, c) for n, c in form.items() if c))][u.children[0]] = shift
    known: dict[Term, Term] = {}
    conditions: list[Term] = []
    context = facts.context
    taken = {*context.sorts, *context.definitions, *(n for s in written for n in s.free)}
    for letters, found in families.items():
        if not letters:
            if any(not 0 <= k <= 200 for k in found.values()):
                raise Unsupported("the factorial of a negative or a large number")
            known |= {Fn("factorial", u): number(factorial(k)) for u, k in found.items()}
            continue
        low, high = min(found.values()), max(found.values())
        if high - low > FARTHEST:
            raise Unsupported("factorials this far apart")
        argument = plus(*(times(number(c), Sym(n)) for n, c in letters))
        name = fresh_name("factorial", taken)
        taken.add(name)
        context = context.assume(Relation(">", Sym(name), ZERO))
        base = plus(argument, number(low)) if low else argument
        if facts.holds(Relation(">", plus(base, ONE), ZERO)) is not True:
            conditions.append(Relation("≥", base, ZERO))
        for u, k in found.items():
            factors = [plus(argument, number(j)) if j else argument for j in range(low + 1, k + 1)]
            known[Fn("factorial", u)] = times(Sym(name), *factors)
    return tuple(replace(s, lambda t: known.get(t)) for s in written), context, tuple(conditions)


def _whole(t: Term, facts: Facts) -> dict[str, Fraction]:
    form = linear_form(t)
    if form is None or any(c.denominator != 1 for c in form.values()):
        raise Unsupported(f"the factorial of {t}")
    for n in form:
        if n and facts.context.sort(n).field != "integer":
            raise Unsupported(f"the factorial of {t}: it is not said that {n} is an integer")
    return dict(form)


def instances(sides: tuple[Term, ...], facts: Facts) -> list[tuple[Mapping[str, Fraction], tuple[Term, ...]]]:
    """The sides at concrete integers that the facts allow, factorials worked out; points where one is undefined are left out."""
    letters = sorted({n for s in sides for n in s.free if facts.context.sort(n).field == "integer"})
    related = [a.free for a in facts.context.assumptions if a.free & set(letters)]
    letters = sorted({*letters, *(n for free in related for n in free if facts.context.sort(n).field == "integer")})
    if not letters or len(letters) > 3:
        return []
    out: list[tuple[Mapping[str, Fraction], tuple[Term, ...]]] = []
    for values in sorted(itertools.product(_VALUES, repeat=len(letters)), key=lambda v: (sum(v), v)):
        point = {n: Fraction(v) for n, v in zip(letters, values, strict=True)}
        put: dict[str, Term] = {n: Num(int(v)) for n, v in point.items()}
        if not _allowed(put, facts):
            continue
        try:
            out.append((point, tuple(replace(substitute(as_factorials(s), put), _worked_out) for s in sides)))
        except Unsupported:
            continue
    return out


def _allowed(put: Mapping[str, Term], facts: Facts) -> bool:
    for name in put:
        sort = facts.context.sort(name)
        for low, high in ((sort.bounds[0], Sym(name)), (Sym(name), sort.bounds[1])) if sort.bounds else ():
            if high != Const("oo") and holds(substitute(Relation("≤", low, high), put), Context()) is not True:
                return False
    concerned = [a for a in facts.context.assumptions if a.free & put.keys()]
    return all(holds(substitute(a, put), Context()) is True for a in concerned)


def _worked_out(t: Term) -> Term | None:
    if isinstance(t, Fn) and t.name == "factorial":
        form = linear_form(t.children[0])
        if form is None or set(form) - {""}:
            raise Unsupported(f"the factorial of {t.children[0]}")
        q = form.get("", Fraction(0))
        if q < 0 or q.denominator != 1 or q > 200:
            raise Unsupported("the factorial of a negative number")
        return number(factorial(int(q)))
    return None
