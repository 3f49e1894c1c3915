"""Fractions: one fraction from many, many from one.

one_fraction        a · b/c = a b / c                  write as one fraction / split the fraction into a product
nested_fractions    a / (b/c) = a c / b                dividing by a fraction
cancel              a c / (b c) = a / b                cancel c / extend the fraction by c
cancel_across       a · (b/a) c = b c                  cancel a across the factors
common_denominator  a/b + c/d = a d/(b d) + c b/(b d)
add_fractions       a/c + b/c = (a + b)/c              add the fractions / split the fraction into a sum
"""

from __future__ import annotations

from math import gcd, lcm, prod

from symderiv.rules.family import rule
from symderiv.rules.parts import (
    Powers,
    coefficient,
    collected,
    factors,
    fraction,
    key,
    nonzero,
    powers,
    sign,
    signed,
    with_coefficient,
)
from symderiv.rules.step import Rewrite
from symderiv.terms import Add, Div, Mul, Num, Term, over, plus, times


@rule(
    "a \\cdot \\frac{b}{c} = \\frac{a\\,b}{c}",
    "write as one fraction",
    "split the fraction into a product",
    example="a*(b/c)",
    heads=(Mul,),
)
def one_fraction(t: Term) -> Term | None:
    """a · b/c = a b / c."""
    if isinstance(t, Mul) and any(isinstance(a, Div) for a in t.children):
        top, bottom = fraction(t)
        return Div(collected(top), collected(bottom))
    return None


@rule(
    "\\frac{a}{b/c} = \\frac{a\\,c}{b}",
    "dividing by a fraction is multiplying by its reciprocal",
    "write as a nested fraction",
    example="a/(b/c)",
    back_cost=2.0,
    heads=(Div,),
)
def nested_fractions(t: Term) -> Rewrite | None:
    """a / (b/c) = a c / b, (a/b) / c = a / (b c)."""
    match t:
        case Div(a, b) if any(isinstance(f, Div) for f in (*factors(a), *factors(b))):
            top, bottom = fraction(t)
            return Rewrite(over(collected(top), collected(bottom)), nonzero(fraction(b)[1]))
    return None


@rule(
    "\\frac{a\\,c}{b\\,c} = \\frac{a}{b}",
    "cancel {}",
    "extend the fraction by {}",
    example="a*c/(b*c)",
    cost=0.8,
    back_cost=1.5,
    heads=(Div,),
)
def cancel(t: Term) -> Rewrite | None:
    """a c / (b c) = a / b, where c ≠ 0."""
    if not isinstance(t, Div):
        return None
    (c, r), (d, s) = coefficient(t.left), coefficient(t.right)
    g = gcd(c.numerator, d.numerator) if c.denominator == d.denominator == 1 and c > 0 and d > 0 else 1
    top, bottom = t.left, t.right
    if g > 1:
        top, bottom = with_coefficient(c / g, r), with_coefficient(d / g, s)
    up, down = powers(top), powers(bottom)
    common = Powers()
    for b, n in up.items():
        if not isinstance(b, Num) and (m := min(n, down.of(b))):
            common.multiply(b, m)
    if not common and g == 1:
        return None
    after = over(up.divided(common).product(), down.divided(common).product())
    return Rewrite(after, nonzero(common), (times(Num(g), common.product()),))


@rule("a \\cdot \\frac{b}{a} = b", "cancel {}", "extend by {}", example="a*c*(b/a)", cost=0.9, back_cost=2.0, heads=(Mul,))
def cancel_across(t: Term) -> Rewrite | None:
    """a · (b/a) = b: a factor of a product against the denominator of another, where a ≠ 0."""
    if not isinstance(t, Mul):
        return None
    for k, f in enumerate(t.children):
        if not isinstance(f, Div):
            continue
        down = powers(f.right)
        for i, g in enumerate(t.children):
            if i == k:
                continue
            up = powers(g.left if isinstance(g, Div) else g)
            common = up.common(down)
            if not common:
                continue
            rest = up.divided(common).product()
            parts = list(t.children)
            parts[i] = over(rest, g.right) if isinstance(g, Div) else rest
            parts[k] = over(f.left, down.divided(common).product())
            return Rewrite(times(*parts), nonzero(common), (common.product(),))
    return None


@rule(
    "\\frac{a}{b} + \\frac{c}{d} = \\frac{a\\,d}{b\\,d} + \\frac{c\\,b}{b\\,d}",
    "common denominator {}",
    "cancel {}",
    example="a/b + c/d",
    back_cost=0.8,
    heads=(Add,),
)
def common_denominator(t: Term) -> Rewrite | None:
    """Every term of a sum extended to the least common denominator."""
    if not isinstance(t, Add):
        return None
    parts = [(s, r.left, powers(r.right)) if isinstance(r, Div) else (s, r, Powers()) for s, r in map(sign, t.children)]

    def number(bottom: Powers) -> int:
        return prod(b.value**n for b, n in bottom.items() if isinstance(b, Num))

    whole = lcm(*(number(bottom) for _, _, bottom in parts))
    every = Powers()
    for _, _, bottom in parts:
        for b, n in bottom.items():
            if not isinstance(b, Num) and (more := n - every.of(b)) > 0:
                every.multiply(b, more)
    full = times(Num(whole), every.product())
    if full == Num(1) or whole == 0 or all(key(bottom.product()) == key(full) for _, _, bottom in parts):
        return None

    def extended(top: Term, bottom: Powers) -> Term:
        letters = Powers(f for f in factors(bottom.product()) if not isinstance(f, Num))
        missing = times(Num(whole // number(bottom)), every.divided(letters).product())
        return Div(times(top, missing), full)

    after = plus(*(signed(s, extended(top, bottom)) for s, top, bottom in parts))
    return Rewrite(after, nonzero(every), (full,))


@rule(
    "\\frac{a}{c} + \\frac{b}{c} = \\frac{a+b}{c}",
    "add the fractions",
    "split the fraction into a sum",
    example="a/c + b/c",
    heads=(Add,),
)
def add_fractions(t: Term) -> Term | None:
    """a/c + b/c = (a + b)/c."""
    if not isinstance(t, Add):
        return None
    parts = [sign(a) for a in t.children]
    first = parts[0][1]
    if not isinstance(first, Div):
        return None
    tops = [signed(s, r.left) for s, r in parts if isinstance(r, Div) and key(r.right) == key(first.right)]
    return Div(plus(*tops), first.right) if len(tops) == len(parts) else None


FRACTIONS = (one_fraction, nested_fractions, cancel, cancel_across, common_denominator, add_fractions)
