"""Sums and products of numbers and letters: signs, numbers, like terms, equal factors, multiplying out and factoring.

signs             (−a) b = −(a b)                      collect the signs
arithmetic        2 · 3 = 6                            calculate
like_terms        a x + b x = (a + b) x                collect like terms / add and subtract x
equal_factors     u u = u²                             collect equal factors
multiply_out      a (b + c) = a b + a c                multiply out / factor out a
factor_out        a b + a c = a (b + c)                factor out a / multiply out
binomial          (a + b)² = a² + 2 a b + b²           binomial formula
difference_of_squares   a² − b² = (a + b)(a − b)
power_of_product  (a b)^n = a^n b^n
"""

from __future__ import annotations

from fractions import Fraction

from symderiv.rules.family import rule
from symderiv.rules.parts import (
    Powers,
    coefficient,
    key,
    negated_sum,
    nonzero,
    powers,
    sign,
    signed,
    terms_of,
    with_coefficient,
)
from symderiv.rules.step import Rewrite
from symderiv.terms import ONE, TWO, ZERO, Add, Decimal, Div, Mul, Neg, Num, Pow, Term, plus, power, times

LARGEST_POWER = 12
"""Powers of sums above this are not multiplied out: no reader checks such a line by eye."""


@rule(
    "(-a)\\,b = -(a\\,b)", "collect the signs", example="a*(-b)", everywhere=True, tidy=True, small=True, heads=(Neg, Mul, Div, Pow)
)
def signs(t: Term) -> Term | None:
    """(−a) b = −(a b), −(−a) = a, (−a)/b = −a/b, (−a)² = a²."""
    if not isinstance(t, (Neg, Mul, Div, Pow)):
        return None
    new = signed(*sign(t))
    return None if new == t else new


@rule(
    "2 \\cdot 3 = 6",
    "calculate",
    "write the number as a product",
    example="2*x*3",
    cost=0.7,
    back_cost=2.0,
    everywhere=True,
    tidy=True,
    small=True,
    heads=(Mul, Div, Pow, Neg, Add),
)
def arithmetic(t: Term) -> Rewrite | Term | None:
    """Numbers multiplied, whole quotients and powers of numbers taken, u/1 = u, u¹ = u, 0/u = 0."""
    match t:
        case Mul(args) if ZERO in args:
            return ZERO
        case Mul(args) if sum(isinstance(a, (Num, Decimal)) or _fraction_of_numbers(a) for a in args) > 1:
            return with_coefficient(*coefficient(t), like=t)
        case Mul(args) if ONE in args:
            return times(*args)
        case Div(Num(a), Num(b)) if b and a % b == 0:
            return Num(a // b)
        case Div(Num(0), b) if b != ZERO:
            return Rewrite(ZERO, nonzero((b,)))
        case Div(Num() | Decimal() as a, Num() | Decimal() as b) if b.value and (isinstance(a, Decimal) or isinstance(b, Decimal)):
            return with_coefficient(Fraction(a.value) / Fraction(b.value), ONE, like=t)
        case Div(a, Num(1)) | Pow(a, Num(1)):
            return a
        case Pow(Num(a), Num(b)) if b * a.bit_length() <= 64 and (a or b):
            return Num(a**b)
        case Pow(Decimal() as a, Num(b)) if b <= 8:
            return with_coefficient(a.value**b, ONE, like=t)
        case Neg(Num(0)):
            return ZERO
        case Add(args) if ZERO in args:
            return plus(*args)
    return None


def _fraction_of_numbers(t: Term) -> bool:
    return isinstance(t, Div) and isinstance(t.left, Num) and isinstance(t.right, Num) and t.right != ZERO


@rule(
    "a\\,x + b\\,x = (a+b)\\,x",
    "collect like terms",
    "write as a sum of like terms",
    example="2*x + 3*x",
    back_cost=1.3,
    heads=(Add,),
)
def like_terms(t: Term) -> Rewrite | None:
    """a x + b x = (a + b) x for numbers a, b; backwards, x − x put in is `add and subtract x`."""
    if not isinstance(t, Add):
        return None
    groups: dict[Term, tuple[Term, Fraction, Fraction]] = {}
    for c, r in map(coefficient, t.children):
        rest, total, first = groups.get(key(r), (r, Fraction(0), c))
        groups[key(r)] = (rest, total + c, first)
    if len(groups) == len(t.children):
        return None
    after = plus(*(with_coefficient(c, r, like=t) for r, c, _ in groups.values() if c))
    gone = [with_coefficient(abs(first), r) for r, c, first in groups.values() if not c]
    if gone:
        return Rewrite(after, (), (gone[0],), ("collect like terms", "add and subtract {}"))
    return Rewrite(after)


@rule("u\\,u = u^2", "collect equal factors", "write the power as a product", example="x*x", heads=(Mul,))
def equal_factors(t: Term) -> Term | None:
    """u u = u², uᵐ uⁿ = uᵐ⁺ⁿ."""
    if isinstance(t, Mul) and len(p := powers(t)) < len(t.children):
        return p.product()
    return None


@rule("a\\,(b+c) = a\\,b + a\\,c", "multiply out", "factor out {}", example="a*(b + c)", heads=(Neg, Mul))
def multiply_out(t: Term) -> Rewrite | None:
    """a (b + c) = a b + a c, also under a minus."""
    match t:
        case Neg(Add() as inner):
            return Rewrite(negated_sum(inner), (), (Neg(ONE),))
        case Mul(args) if any(isinstance(a, Add) for a in args):
            rows: list[list[Term]] = [[]]
            for a in args:
                rows = [[*row, c] for row in rows for c in terms_of(a)]
                if len(rows) > 64:
                    return None
            rest = times(*(a for a in args if not isinstance(a, Add)))
            return Rewrite(plus(*(signed(*sign(times(*row))) for row in rows)), (), (rest if rest != ONE else args[0],))
    return None


@rule("a\\,b + a\\,c = a\\,(b+c)", "factor out {}", "multiply out", example="a*b + a*c", heads=(Add,))
def factor_out(t: Term) -> Rewrite | None:
    """a b + a c = a (b + c), with the largest common factor a."""
    if not isinstance(t, Add):
        return None
    parts = [sign(a) for a in t.children]
    split = [powers(r) for _, r in parts]
    common = Powers()
    for b, n in split[0].items():
        if not isinstance(b, Num) and (m := min([n, *(p.of(b) for p in split[1:])])):
            common.multiply(b, m)
    if not common:
        return None
    rest = [signed(s, p.divided(common).product()) for (s, _), p in zip(parts, split, strict=True)]
    return Rewrite(times(common.product(), plus(*rest)), (), (common.product(),))


@rule(
    "(a \\pm b)^2 = a^2 \\pm 2\\,a\\,b + b^2",
    "binomial formula",
    "binomial formula, read backwards",
    example="(a - b)^2",
    heads=(Pow,),
)
def binomial(t: Term) -> Term | None:
    """(a ± b)² = a² ± 2 a b + b²; a higher whole power as a product, multiplied out."""
    match t:
        case Pow(Add((a, b)), Num(2)):
            (r, p), (s, q) = sign(a), sign(b)
            return plus(Pow(p, TWO), signed(r * s, times(TWO, p, q)), Pow(q, TWO))
        case Pow(Add() as base, Num(n)) if 1 < n <= LARGEST_POWER and len(base.children) ** n <= 64:
            rewrite = multiply_out.function(Mul(*[base] * n))
            return rewrite.after if isinstance(rewrite, Rewrite) else None
    return None


@rule("a^2-b^2 = (a+b)\\,(a-b)", "difference of squares", "third binomial formula", example="a^2 - b^2", heads=(Add,))
def difference_of_squares(t: Term) -> Term | None:
    """a² − b² = (a + b)(a − b); backwards, the third binomial formula."""
    match t:
        case Add((a, Neg(b))):
            p, q = _root(a), _root(b)
            if p is not None and q is not None and not (p == ONE and q == ONE) and not isinstance(p, Num):
                return times(plus(p, q), plus(p, negated_sum(q) if isinstance(q, Add) else Neg(q)))
            if p == ONE and q is not None:
                return times(plus(p, q), plus(p, negated_sum(q) if isinstance(q, Add) else Neg(q)))
    return None


def _root(t: Term) -> Term | None:
    """What t is the square of, as it is written."""
    match t:
        case Pow(a, Num(2)):
            return a
        case Num(1):
            return ONE
    return None


@rule("(a\\,b)^n = a^n\\,b^n", "power of a product", "product of equal powers as a power", example="(a*b)^3", heads=(Pow,))
def power_of_product(t: Term) -> Term | None:
    """(a b)ⁿ = aⁿ bⁿ and (aᵐ)ⁿ = aᵐⁿ for whole m, n."""
    match t:
        case Pow(Mul(args), Num() as n):
            return times(*(Pow(a, n) for a in args))
        case Pow(Pow(a, Num(m)), Num(n)):
            return power(a, m * n)
    return None


SUMS = (
    signs,
    arithmetic,
    like_terms,
    equal_factors,
    power_of_product,
    multiply_out,
    factor_out,
    binomial,
    difference_of_squares,
)
