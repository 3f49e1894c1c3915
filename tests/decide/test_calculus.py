"""Integrals against ball quadrature, limits against values near the point, factorials against integers."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb, factorial
from typing import Any

import pytest
from flint import acb, arb

from symderiv.decide import decide, evaluate
from symderiv.decide.calculus.integrals import integral_of
from symderiv.decide.calculus.limits import limit_of
from symderiv.decide.facts import facts_of
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.read import let, read_plain
from symderiv.terms import Context, Integral, Limit, Num, Sym, number

INTEGRANDS = {
    "x^3 - 2*x + 1": lambda z: z**3 - 2 * z + 1,
    "x*exp(-x)": lambda z: z * (-z).exp(),
    "x^2*exp(x/2)": lambda z: z**2 * (z / 2).exp(),
    "sin(x)*cos(x)": lambda z: z.sin() * z.cos(),
    "x*sin(2*x)": lambda z: z * (2 * z).sin(),
    "1/(1 + x^2)": lambda z: 1 / (1 + z**2),
    "exp(x)/(1 + exp(x))": lambda z: z.exp() / (1 + z.exp()),
    "exp(-x^2)": lambda z: (-(z**2)).exp(),
    "x/(1 + x^2)": lambda z: z / (1 + z**2),
    "log(x + 5)": lambda z: (z + 5).log(),
}


def overlaps(a: Any, b: Any) -> bool:
    return bool(arb(a).overlaps(arb(b)))


@pytest.mark.parametrize("text", INTEGRANDS)
def test_an_integral_is_what_quadrature_encloses(text: str) -> None:
    dice = random.Random(text)
    facts = facts_of(Context(), Budget(30))
    for _ in range(3):
        low, high = (Fraction(dice.randint(-12, 12), dice.randint(3, 5)) for _ in range(2))
        found = integral_of(Integral(read_plain(text), Sym("x"), number(low), number(high)), facts)
        enclosed = acb.integral(
            lambda z, _: INTEGRANDS[text](z),
            acb(arb(low.numerator) / low.denominator),
            acb(arb(high.numerator) / high.denominator),
        )
        assert overlaps(evaluate(found, {}), enclosed.real)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("1/x", -1, 1), ("1/x^2", -1, 1), ("log(x)", -1, 1), ("tan(x)", 0, 2), ("abs(x)", -1, 1), ("1/(x - 1)", 0, 3)],
)
def test_an_integral_over_a_pole_is_not_evaluated(text: str, low: int, high: int) -> None:
    with pytest.raises(Unsupported):
        integral_of(Integral(read_plain(text), Sym("x"), number(low), number(high)), facts_of(Context(), Budget(30)))


@pytest.mark.parametrize("text", ["sin(x)", "x", "exp(x)", "1/(1 + exp(-x))", "1/sqrt(1 + x)"])
def test_an_integral_that_diverges_is_not_evaluated(text: str) -> None:
    with pytest.raises(Unsupported):
        integral_of(Integral(read_plain(text), Sym("x"), Num(0), read_plain("oo")), facts_of(Context(), Budget(30)))


AT_ZERO = [
    "sin(3*x)/x",
    "(exp(x) - 1)/x",
    "(1 - cos(x))/x^2",
    "(sqrt(1 + x) - 1)/x",
    "log(1 + 2*x)/(3*x)",
    "(x - sin(x))/x^3",
    "exp(x) + x",
]
AT_INFINITY = [
    "(2*x^2 - x)/(3*x^2 + 1)",
    "1/(1 + exp(-x))",
    "atan(x)",
    "x^5*exp(-x)",
    "log(x)/x",
    "tanh(x)",
    "(exp(x) - x)/(2*exp(x) + 1)",
]


@pytest.mark.parametrize("text", AT_ZERO)
def test_a_limit_at_a_point_is_near_the_values_beside_it(text: str) -> None:
    body = read_plain(text)
    found = evaluate(limit_of(Limit(body, Sym("x"), Num(0)), facts_of(Context(), Budget(30))), {})
    for near in (Fraction(1, 10**6), Fraction(-1, 10**6)):
        assert abs(evaluate(body, {"x": near}, bits=256) - found) < arb("0.0001")


@pytest.mark.parametrize("text", AT_INFINITY)
def test_a_limit_at_infinity_is_near_the_values_far_out(text: str) -> None:
    body = read_plain(text)
    found = evaluate(limit_of(Limit(body, Sym("x"), read_plain("oo")), facts_of(Context(), Budget(30))), {})
    assert abs(evaluate(body, {"x": Fraction(10**6)}, bits=256) - found) < arb("0.0001")


@pytest.mark.parametrize("text", ["1/x", "abs(x)/x", "1/x^2", "cos(1/x)", "log(x)", "sqrt(x)"])
def test_a_limit_that_is_none_or_has_one_side_is_not_evaluated(text: str) -> None:
    with pytest.raises(Unsupported):
        limit_of(Limit(read_plain(text), Sym("x"), Num(0)), facts_of(Context(), Budget(30)))


def test_a_function_is_differentiated_no_more_often_than_it_is_said() -> None:
    context = let("f: R -> R")
    second = Limit(read_plain("(f(x + h) - 2*f(x) + f(x - h))/h^2", context), Sym("h"), Num(0))
    with pytest.raises(Unsupported):
        limit_of(second, facts_of(context, Budget(30)), order=1)
    limit_of(second, facts_of(context, Budget(30)), order=2)


COUNTED = {
    "(n + 2)!/n!": lambda n, k: Fraction(factorial(n + 2), factorial(n)),
    "binomial(n, k)*k!": lambda n, k: Fraction(comb(n, k) * factorial(k)),
    "binomial(n + 1, k) - binomial(n, k)": lambda n, k: Fraction(comb(n + 1, k) - comb(n, k)),
    "1/n! + 1/(n + 1)!": lambda n, k: Fraction(1, factorial(n)) + Fraction(1, factorial(n + 1)),
}
FORMS = {
    "(n + 2)!/n!": "n^2 + 3*n + 2",
    "binomial(n, k)*k!": "n!/(n - k)!",
    "binomial(n + 1, k) - binomial(n, k)": "binomial(n, k - 1)",
    "1/n! + 1/(n + 1)!": "(n + 2)/(n + 1)!",
}


@pytest.mark.parametrize("text", COUNTED)
def test_factorials_agree_with_integers(text: str) -> None:
    context = let(r"n, k \in \mathbb{N}, k <= n")
    left, right = read_plain(text, context), read_plain(FORMS[text], context)
    assert decide(left, right, context).kind == "proved"
    wrong = decide(left, read_plain(f"{FORMS[text]} + 1/7", context), context)
    assert wrong.kind == "refuted"
    assert wrong.witness is not None
    n, k = (int(wrong.witness.values.get(letter, Fraction(1))) for letter in "nk")
    assert float(wrong.witness.left) == pytest.approx(float(COUNTED[text](n, k)), rel=1e-3)
