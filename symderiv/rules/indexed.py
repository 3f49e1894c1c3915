"""Sums over an index and Kronecker deltas.

sift                Σ_m δ_mk u_m = u_k                     for k within the range
sift_shifted        Σ_m δ_{m+i,k} u_m = [1 ≤ k − i ≤ n] u_{k−i}
indicator_in_sum    Σ_m [c_m] u_m = Σ_{m: c_m} u_m
constant_out        Σ_m c u_m / d = c/d Σ_m u_m
sum_of_constant     Σ_{m=1}^n c = n c
split_sum           Σ_m (u_m + v_m) = Σ_m u_m + Σ_m v_m
delta_in_product    δ_jk u_j = δ_jk u_k                    one index for the other beside a delta
delta_power         δ_jk² = δ_jk
"""

from __future__ import annotations

from symderiv.rules.family import rule
from symderiv.rules.parts import factors, sign, signed, terms_of
from symderiv.rules.step import Rewrite
from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    And,
    Div,
    Fn,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sum,
    Sym,
    Term,
    over,
    plus,
    substitute,
    times,
)


def _delta(t: Term) -> tuple[Term, Term] | None:
    """(i, j) of δ_ij."""
    match t:
        case Fn("delta", (i, j)):
            return i, j
    return None


def _fraction(t: Term) -> tuple[list[Term], list[Term]]:
    """The factors above and below, those of quotients in the product included."""
    above: list[Term] = []
    below: list[Term] = []
    for f in factors(t):
        above += factors(f.left if isinstance(f, Div) else f)
        below += factors(f.right) if isinstance(f, Div) else ()
    return above, below


@rule(
    "\\sum_m \\delta_{mk}\\,u_m = u_k",
    "only the term with {} is left of the sum",
    "write as a sum with {}",
    example="sum(delta(m, k)*z[m], m, 1, K)",
    back_cost=3.0,
    heads=(Sum,),
)
def sift(t: Term) -> Rewrite | None:
    """Σ_m δ_mk u_m = u_k, for low ≤ k ≤ high."""
    if not isinstance(t, Sum) or t.where is not None:
        return None
    s, body = sign(t.body)
    above, below = _fraction(body)
    for f in above:
        pair = _delta(f)
        if pair is None or t.index not in pair:
            continue
        k = pair[1] if pair[0] == t.index else pair[0]
        if t.index.name in k.free:
            continue
        rest = times(*(g for g in above if g is not f))
        rest = Div(rest, times(*below)) if below else rest
        bounds = [Relation("≤", low, k) for low in (t.low,) if low is not None] + [
            Relation("≤", k, high) for high in (t.high,) if high is not None
        ]
        return Rewrite(signed(s, substitute(rest, {t.index.name: k})), tuple(bounds), (Relation("=", t.index, k),))
    return None


@rule(
    "\\sum_m \\delta_{m+i,k}\\,u_m = [1 \\le k-i \\le n]\\,u_{k-i}",
    "only the term with {} is left of the sum, if there is one",
    "write as a sum with {}",
    example="sum(delta(m + i, k)*z[m], m, 1, K)",
    back_cost=3.0,
    heads=(Sum,),
)
def sift_shifted(t: Term) -> Rewrite | None:
    """Σ_m δ_{m+i,k} u_m = u_{k−i} if low ≤ k − i ≤ high, else 0."""
    if not isinstance(t, Sum) or t.where is not None or t.low is None or t.high is None:
        return None
    s, body = sign(t.body)
    above, below = _fraction(body)
    for f in above:
        pair = _delta(f)
        if pair is None or t.index in pair or (k := _solved(*pair, t.index)) is None:
            continue
        rest = over(times(*(g for g in above if g is not f)), times(*below))
        inside = Indicator(And(Relation("≤", t.low, k), Relation("≤", k, t.high)))
        return Rewrite(signed(s, times(inside, substitute(rest, {t.index.name: k}))), (), (Relation("=", t.index, k),))
    return None


def _solved(a: Term, b: Term, index: Sym) -> Term | None:
    """The index from a = b, where it is a term of one side and stands nowhere else: k = j − i + 1 from i + k − 1 = j."""
    for side, other in ((a, b), (b, a)):
        rest = [u for u in terms_of(side) if u != index]
        if len(rest) == len(terms_of(side)) - 1 and not any(index.name in u.free for u in (*rest, other)):
            return plus(other, *(signed(*sign(Neg(u))) for u in rest))
    return None


@rule(
    "\\sum_m [c_m]\\,u_m = \\sum_{m:\\,c_m} u_m",
    "only the terms with {} are left of the sum",
    "a factor that is 0 or 1 for the condition {}",
    example="sum(indicator(m <= k)*z[m], m, 1, K)",
    heads=(Sum,),
)
def indicator_in_sum(t: Term) -> Rewrite | None:
    """Σ_m [c_m] u_m = Σ_{m: c_m} u_m."""
    if not isinstance(t, Sum) or t.where is not None:
        return None
    parts = factors(t.body)
    for f in parts:
        if isinstance(f, Indicator) and t.index.name in f.free:
            (condition,) = f.children
            return Rewrite(Sum(times(*(g for g in parts if g is not f)), t.index, t.low, t.high, condition), (), (condition,))
    return None


@rule(
    "\\sum_m \\frac{c\\,u_m}{d} = \\frac cd \\sum_m u_m",
    "constant factor out of the sum",
    "constant factor into the sum",
    example="sum(c*z[m], m, 1, K)",
    heads=(Sum,),
)
def constant_out(t: Term) -> Term | None:
    """Σ_m c u_m / d = c/d Σ_m u_m, where u_m does depend on m."""
    if not isinstance(t, Sum):
        return None
    s, body = sign(t.body)
    above, below = _fraction(body)
    (outside, inside), (outside_below, inside_below) = (_parted(fs, t.index.name) for fs in (above, below))
    if (not outside and not outside_below and s > 0) or (not inside and not inside_below):
        return None
    left = t.rebuild((over(times(*inside), times(*inside_below)), *t.children[1:]))
    return signed(s, over(times(*outside, left), times(*outside_below)))


def _parted(parts: list[Term], index: str) -> tuple[list[Term], list[Term]]:
    """The factors without the index, and those with it."""
    return [f for f in parts if index not in f.free], [f for f in parts if index in f.free]


@rule(
    "\\sum_{m=1}^n c = n\\,c",
    "a sum of {} equal terms",
    "write as a sum of {} equal terms",
    example="sum(c, m, 1, n)",
    back_cost=3.0,
    heads=(Sum,),
)
def sum_of_constant(t: Term) -> Rewrite | None:
    """Σ_{m=1}^n c = n c, for n ≥ 0."""
    if isinstance(t, Sum) and t.where is None and t.low == ONE and t.high is not None and t.index.name not in t.body.free:
        return Rewrite(times(t.high, t.body), (Relation("≥", t.high, ZERO),), (t.high,))
    return None


@rule(
    "\\sum_m (u_m+v_m) = \\sum_m u_m + \\sum_m v_m",
    "split the sum",
    "one sum from two",
    example="sum(x[m] + y[m], m, 1, K)",
    heads=(Sum,),
)
def split_sum(t: Term) -> Term | None:
    """Σ_m (u_m + v_m) = Σ_m u_m + Σ_m v_m."""
    if not isinstance(t, Sum) or not isinstance(t.body, Add):
        return None
    return plus(*(signed(s, t.rebuild((r, *t.children[1:]))) for s, r in map(sign, terms_of(t.body))))


@rule("\\delta_{jk}\\,u_j = \\delta_{jk}\\,u_k", "{} beside the delta", example="delta(j, k)*z[j]", cost=1.2, heads=(Mul,))
def delta_in_product(t: Term) -> Rewrite | None:
    """δ_jk u_j = δ_jk u_k: the letter j, where it stands beside the delta, by k."""
    if not isinstance(t, Mul):
        return None
    for k, f in enumerate(t.children):
        pair = _delta(f)
        if pair is None:
            continue
        for old, new in (pair, pair[::-1]):
            if isinstance(old, Sym) and any(old.name in g.free for j, g in enumerate(t.children) if j != k):
                changed = [g if j == k else substitute(g, {old.name: new}) for j, g in enumerate(t.children)]
                return Rewrite(times(*changed), (), (Relation("=", old, new),))
    return None


@rule("\\delta_{jk}^2 = \\delta_{jk}", "the delta is 0 or 1", example="delta(j, k)^2", heads=(Pow,))
def delta_power(t: Term) -> Term | None:
    """δ_jk^n = δ_jk for whole n > 0."""
    match t:
        case Pow(base, Num(n)) if n > 0 and _delta(base) is not None:
            return base
    return None


INDEXED = (sift, sift_shifted, indicator_in_sum, constant_out, sum_of_constant, split_sum, delta_in_product, delta_power)
