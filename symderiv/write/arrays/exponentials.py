"""Sums of exponentials by functions that do not overflow.

    e^{u_i} / Σ_m e^{u_m} = softmax(u)_i           log Σ_m e^{u_m} = logsumexp(u)
    log softmax(u)_i = log_softmax(u)_i            1 / Σ_m e^{u_m} = e^{−logsumexp(u)}

>>> from symderiv.read import read_plain
>>> print(without_overflow(read_plain("sum(y[m], m, 1, K)*log(exp(z[i])/sum(exp(z[m]), m, 1, K))")).children[1].family.name)
log_softmax
"""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.terms import (
    ONE,
    Div,
    Entry,
    Fn,
    Lambda,
    Mul,
    Neg,
    Num,
    Pow,
    Sum,
    Sym,
    Term,
    exp,
    minus,
    over,
    replace,
    substitute,
    times,
)
from symderiv.terms.build import neg
from symderiv.terms.substitute import fresh_name

SOFTMAX = ("softmax", "log_softmax")
"""Functions of a vector whose values are vectors; of the rows of a matrix."""


def without_overflow(term: Term) -> Term:
    """The term with the rules applied from the inside out."""
    return replace(term.bare, _once)


def _once(t: Term) -> Term | None:
    match t:
        case Div():
            return _fraction(t)
        case Fn("log", (Sum() as s,)) if (powers := _exponents(s)) is not None:
            return Fn("logsumexp", powers)
        case Fn("log", (Fn("softmax", (x,)),)):
            return Fn("log_softmax", x)
        case Fn("log", (Entry(children=(Fn("softmax", (x,)), *places)),)):
            return Entry(Fn("log_softmax", x), *places)
    return None


def _exponents(t: Term) -> Lambda | None:
    """m ↦ u_m, if the term is Σ_m e^{u_m} over a range; the index is named alike wherever the sum is."""
    match t:
        case Sum(Fn("exp", (u,)), m, low, high, None) if low is not None and high is not None and m.name in u.free:
            name = "k" if m.name == "k" or "k" not in u.free else fresh_name("k", u.free)
            return Lambda(substitute(u, {m.name: Sym(name)}), Sym(name), low, high)
    return None


def _fraction(t: Div) -> Term | None:
    sign, above = _factors(t.left)
    below_sign, below = _factors(t.right)
    changed = False
    left: list[Term] = []
    for f in below:
        powers = _exponents(f)
        if powers is None:
            left.append(f)
            continue
        changed = True
        for k, a in enumerate(above):
            if (found := _share(a, powers)) is not None:
                above[k] = found
                break
        else:
            above.append(exp(neg(Fn("logsumexp", powers))))
    if not changed:
        return None
    found = over(times(*above), times(*left))
    return found if sign == below_sign else Neg(found)


def _share(t: Term, powers: Lambda) -> Term | None:
    """e^{u_i} over the sum; Σ_i b_i e^{u_i} over the sum; None if the term has no such factor."""
    match t:
        case Fn("exp", (u,)):
            place = place_of(powers.body, powers.index, u)
            return exp(minus(u, Fn("logsumexp", powers))) if place is None else Entry(Fn("softmax", powers), place)
        case Sum(body, index, low, high, where):
            sign, parts = _factors(body)
            for k, f in enumerate(parts):
                if isinstance(f, Fn) and f.name == "exp" and place_of(powers.body, powers.index, f.children[0]) == index:
                    share = Entry(Fn("softmax", powers), index)
                    if index.name in powers.free:
                        return None
                    inside = times(*parts[:k], share, *parts[k + 1 :])
                    return Sum(inside if sign > 0 else Neg(inside), index, low, high, where)
    return None


def place_of(pattern: Term, index: Sym, term: Term) -> Term | None:
    """The place i at which the pattern u_m, with i for m, is the term; None if there is none."""
    pairs: list[tuple[Term, Term]] = [(pattern, term)]
    while pairs:
        p, t = pairs.pop()
        if p == index:
            return t if substitute(pattern, {index.name: t}) == term else None
        if index.name in p.free and type(p) is type(t) and len(p.children) == len(t.children):
            pairs += zip(p.children, t.children, strict=True)
    return None


def _factors(t: Term) -> tuple[int, list[Term]]:
    """The sign and the factors of a product, whole powers written out."""
    match t:
        case Neg(a):
            sign, parts = _factors(a)
            return -sign, parts
        case Mul(parts):
            both = [_factors(p) for p in parts]
            sign = -1 if sum(s < 0 for s, _ in both) % 2 else 1
            return sign, [f for _, fs in both for f in fs]
        case Pow(Sum() as base, Num(n)) if 1 <= n <= 4:
            return 1, [base] * n
    return 1, _without_one(t)


def _without_one(t: Term) -> list[Term]:
    return [] if t == ONE else [t]


__all__: Sequence[str] = ("SOFTMAX", "place_of", "without_overflow")
