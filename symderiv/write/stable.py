"""Formulas rewritten so that floating-point arithmetic neither overflows nor cancels in them.

    1/(1 + e^(−u)) = expit(u)          log(1 + u) = log1p(u)          1 − expit(u) = expit(−u)
    log(1 + e^u) = logaddexp(0, u)     e^u − 1 = expm1(u)             1 − tanh² u = 4 expit(2u) expit(−2u)
    1/(e^u + e^(−u))² = expit(2u) expit(−2u)                          log(cosh u) = logaddexp(u, −u) − log 2
    (e^u − e^(−u))/(e^u + e^(−u)) = tanh(u)                           1 + erf(u) = erfc(−u)

Every rewriting is proved by `decide` for the formula at hand, and kept only if it is measured to err less: by certified balls, at
points far away and close to 0.

>>> from symderiv.read import read_plain
>>> print(stable(read_plain("exp(-x)/(1 + exp(-x))^2")))
expit(x)*expit(-x)
>>> print(stable(read_plain("x^2 + 1")))
x^2 + 1
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from symderiv.decide import decide, holds
from symderiv.read import read_plain
from symderiv.terms import (
    ONE,
    TWO,
    ZERO,
    Add,
    Cases,
    Context,
    Div,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Term,
    Truth,
    exp,
    minus,
    neg,
    plus,
    power,
    replace,
    times,
)

DEFINED: Final = {
    "expit": ("u", "1/(1 + exp(-u))"),
    "log1p": ("u", "log(1 + u)"),
    "expm1": ("u", "exp(u) - 1"),
    "erfc": ("u", "1 - erf(u)"),
    "logaddexp": ("u v", "log(exp(u) + exp(v))"),
}
"""Functions of the numerical libraries that need no care, and what they are: parameters and formula."""

ROUNDS: Final = 8
"""How often the rules go over a formula."""


@cache
def library() -> Context:
    """The context in which the functions of the numerical libraries are defined."""
    context = Context()
    for name, (parameters, formula) in DEFINED.items():
        context = context.define(name, tuple(parameters.split()), read_plain(formula).bare)
    return context


def with_library(context: Context) -> Context:
    """The context with the functions of the numerical libraries, where it does not define these names itself."""
    for name, d in library().definitions.items():
        if name not in context.definitions:
            context = context.define(name, d.parameters, d.body)
    return context


def stable(term: Term, context: Context | None = None) -> Term:
    """An equal formula that errs less in floating-point arithmetic; the term itself where none was found and proved."""
    from symderiv.write.floats import score

    context = with_library(context or Context())
    best, least = term.bare, score(term.bare, context)
    if least == (0, 0, 0):
        return term
    for candidate in (rewritten(term.bare, context), guarded(rewritten(term.bare, context), context)):
        if candidate == best or (found := score(candidate, context)) >= least:
            continue
        verdict = decide(term.bare, candidate, context)
        if verdict.kind == "proved" and not verdict.conditions:
            best, least = candidate, found
    return term if best == term.bare else best


# ----------------------------------------------------------------------------------------------------------- rules
def rewritten(term: Term, context: Context) -> Term:
    """The term with the rules applied from the inside out, until none applies."""
    for _ in range(ROUNDS):
        new = replace(_resolved(term, context), _once)
        if new == term:
            break
        term = new
    return term


def _once(t: Term) -> Term | None:
    for rule in _RULES.get(type(t), ()):
        new = rule(t)
        if new is not None and new != t:
            return new
    return None


def _sum(t: Term) -> Term | None:
    """1 ± f(u) for functions with a complement, e^u − 1, and k (e^u − 1) + k."""
    parts = [p for a in t.children for p in (a.children if isinstance(a, Add) else (a,)) if p != ZERO]
    if len(parts) < 2:
        return parts[0] if parts else ZERO
    for i, a in enumerate(parts):
        for j, b in enumerate(parts):
            if i != j and (both := _pair(a, b)) is not None:
                return plus(*(p for k, p in enumerate(parts) if k not in (i, j)), both)
    return plus(*parts) if len(parts) != len(t.children) else None


def _pair(a: Term, b: Term) -> Term | None:
    """The sum of two terms, the first of them 1 or one that has the other as a factor."""
    if a == ONE:
        match b:
            case Neg(Fn("expit", (u,))):
                return Fn("expit", _minus(u))
            case Neg(Fn("exp", (u,))):
                return Neg(Fn("expm1", u))
            case Neg(Fn("tanh", (u,))):
                return times(TWO, Fn("expit", _minus(_twice(u))))
            case Fn("tanh", (u,)):
                return times(TWO, Fn("expit", _twice(u)))
            case Neg(Pow(Fn("tanh", (u,)), Num(2))):
                return times(Num(4), Fn("expit", _twice(u)), Fn("expit", _minus(_twice(u))))
            case Fn("erf", (u,)):
                return Fn("erfc", _minus(u))
            case Neg(Fn("erf", (u,))):
                return Fn("erfc", u)
    if a == Neg(ONE):
        match b:
            case Fn("exp", (u,)):
                return Fn("expm1", u)
            case Mul((Num(2), Fn("expit", (u,)))):
                return Fn("tanh", _half(u))
    for k, f in enumerate(factors := _factors(b)):
        if isinstance(f, Fn) and f.name == "expm1" and _same(times(*factors[:k], *factors[k + 1 :]), a):
            return times(*factors[:k], *factors[k + 1 :], Fn("exp", *f.children))
    return None


def _fraction(t: Term) -> Term | None:
    """tanh, and every factor 1 + e^u below the line."""
    assert isinstance(t, Div)
    if (found := _tanh(t.left, t.right)) is not None:
        return found
    below: list[Term] = []
    above: list[Term] = []
    for f in _factors(t.right):
        base, n = (f.left, f.right) if isinstance(f, Pow) else (f, ONE)
        u = _one_plus_exp(base)
        if u is not None and isinstance(n, Num):
            above.append(power(Fn("expit", _minus(u)), n.value))
        elif n == TWO and (u := _exponent_of_cosh(base)) is not None:
            above += [Fn("expit", _twice(u)), Fn("expit", _minus(_twice(u)))]
        else:
            below.append(f)
    if not above:
        return None
    top = times(*_factors(t.left), *above)
    product = _product(top) or top
    return Div(product, times(*below)) if below else product


def _tanh(top: Term, bottom: Term) -> Term | None:
    """(e^u − e^(−u))/(e^u + e^(−u)) = tanh u, and (e^u − 1)/(e^u + 1) = tanh(u/2)."""
    if isinstance(top, Fn) and top.name == "expm1" and _one_plus_exp(bottom) == top.children[0]:
        return Fn("tanh", _half(top.children[0]))
    match top, bottom:
        case Add((p, Neg(q))), Add((r, s)) if {p, q} == {r, s}:
            a, b = _exponent(p), _exponent(q)
            if a is not None and b is not None and b == _minus(a):
                return Fn("tanh", a)
            if a is not None and b == ZERO:
                return Fn("tanh", _half(a))
            if a == ZERO and b is not None:
                return Fn("tanh", _half(_minus(b)))
        case Neg(Fn("expm1", (u,))), _ if _one_plus_exp(bottom) == u:
            return Fn("tanh", _half(_minus(u)))
    return None


def _negative(t: Term) -> Term | None:
    """−(−u) = u."""
    assert isinstance(t, Neg)
    return t.arg.arg if isinstance(t.arg, Neg) else None


def _product(t: Term) -> Term | None:
    """e^u expit(−u) = expit(u); a product in a product is one."""
    if isinstance(t, Mul) and any(isinstance(c, Mul) for c in t.children):
        return times(*t.children)
    factors = [f for a in _factors(t) for f in _repeated(a)]
    for i, a in enumerate(factors):
        if isinstance(a, Fn) and a.name == "exp":
            for j, b in enumerate(factors):
                if isinstance(b, Fn) and b.name == "expit" and _same(b.children[0], _minus(a.children[0])):
                    return _collected([*(f for k, f in enumerate(factors) if k not in (i, j)), Fn("expit", *a.children)])
    return None


def _logarithm(t: Term) -> Term | None:
    """log(1 + e^u), log(e^a + e^b), log(expit(u)), log(1 + u), log(cosh(u))."""
    assert isinstance(t, Fn)
    if t.name == "log1p":
        return Fn("logaddexp", ZERO, *t.children[0].children) if _is(t.children[0], "exp") else None
    if t.name != "log":
        return None
    match t.children[0]:
        case Fn("expit", (u,)):
            return Neg(Fn("logaddexp", ZERO, _minus(u)))
        case Add((a, b)) if (p := _exponent(a)) is not None and (q := _exponent(b)) is not None:
            return Fn("logaddexp", *((p, q) if b != ONE else (q, p)))
        case Add(parts) if ONE in parts:
            k = parts.index(ONE)
            return Fn("log1p", plus(*parts[:k], *parts[k + 1 :]))
        case Neg(Fn("expm1", (u,))):
            return Fn("log1p", Neg(exp(u)))
        case Fn("cosh", (u,)):
            return minus(Fn("logaddexp", u, _minus(u)), Fn("log", TWO))
    return None


_RULES: Final[dict[type[Term], tuple[Callable[[Term], Term | None], ...]]] = {
    Add: (_sum,),
    Div: (_fraction,),
    Mul: (_product,),
    Fn: (_logarithm,),
    Neg: (_negative,),
}


# ----------------------------------------------------------------------------------------------------------- cases
def _resolved(term: Term, context: Context) -> Term:
    """Case distinctions inside of a case: where its condition settles them, their value."""

    def settle(t: Term, here: Context) -> Term:
        def inner(s: Term) -> Term | None:
            if not isinstance(s, Cases):
                return None
            left = []
            for v, c in s.pieces:
                held = True if isinstance(c, Truth) else holds(c, here)
                if held is not False:
                    left.append((v, c))
                if held is True:
                    break
            if len(left) == 1 and (left[0][1] == Truth() or holds(left[0][1], here)):
                return left[0][0]
            return None

        return replace(t, inner)

    return _by_piece(term, context, settle)


def guarded(term: Term, context: Context) -> Term:
    """e^u in a case where u ≤ 0 as e^min(u, 0): so it does not overflow where the case is not taken, though it is computed there."""

    def guard(t: Term, here: Context) -> Term:
        def bounded(s: Term) -> Term | None:
            match s:
                case Fn("exp" | "expm1" as name, (u,)) if not _is(u, "min") and holds(Relation("≤", u, ZERO), here):
                    return Fn(name, Fn("min", u, ZERO))
            return None

        return replace(t, bounded)

    return _by_piece(term, context, guard)


def _by_piece(term: Term, context: Context, change: Callable[[Term, Context], Term]) -> Term:
    def each(t: Term) -> Term | None:
        if not isinstance(t, Cases):
            return None
        pieces, here = [], context
        for v, c in t.pieces:
            pieces.append((change(v, here if isinstance(c, Truth) else here.assume(c)), c))
            if isinstance(c, Relation):
                here = here.assume(Relation(Relation.NEGATED[c.op], c.left, c.right))
        return Cases(*pieces)

    return replace(term, each)


# ----------------------------------------------------------------------------------------------------------- parts
def _factors(t: Term) -> list[Term]:
    return list(t.children) if isinstance(t, Mul) else [t]


def _repeated(t: Term) -> list[Term]:
    """A power of an exponential or of expit as equal factors."""
    match t:
        case Pow(Fn("exp" | "expit") as base, Num(n)) if n <= 4:
            return [base] * n
        case Fn("exp", (Mul((Num(n), u)),)) if n <= 4:
            return [exp(u)] * n
    return [t]


def _collected(factors: list[Term]) -> Term:
    """The product with equal factors as powers."""
    return times(*(power(f, factors.count(f)) for f in dict.fromkeys(factors)))


def _one_plus_exp(t: Term) -> Term | None:
    """u, if the term is 1 + e^u."""
    match t:
        case Add((Num(1), Fn("exp", (u,)))) | Add((Fn("exp", (u,)), Num(1))):
            return u
    return None


def _exponent_of_cosh(t: Term) -> Term | None:
    """u, if the term is e^u + e^(−u)."""
    match t:
        case Add((Fn("exp", (u,)), Fn("exp", (v,)))) if v == _minus(u):
            return u
    return None


def _exponent(t: Term) -> Term | None:
    """u for e^u, 0 for 1."""
    return t.children[0] if isinstance(t, Fn) and t.name == "exp" else ZERO if t == ONE else None


def _minus(t: Term) -> Term:
    return t.arg if isinstance(t, Neg) else neg(t)


def _twice(t: Term) -> Term:
    match t:
        case Neg(u):
            return _minus(_twice(u))
        case Div(u, Num(2)):
            return u
    return times(TWO, t)


def _half(t: Term) -> Term:
    match t:
        case Neg(u):
            return _minus(_half(u))
        case Mul((Num(2), *others)):
            return times(*others)
    return Div(t, TWO)


def _is(t: Term, name: str) -> bool:
    return isinstance(t, Fn) and t.name == name


def _same(a: Term, b: Term) -> bool:
    return a == b or (a.free == b.free and bool(a.free) and decide(a, b, library()).kind == "proved")
