"""Expectations against exact enumeration: what is proved holds for random finite distributions, at several sizes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from symderiv.decide import Verdict, decide
from symderiv.decide.calculus.chances import Chances, Moments
from symderiv.read import let, read
from symderiv.terms import Context, Fn, Sym, Term, substitute
from symderiv.terms import number as written

Law = list[tuple[Fraction, Fraction]]
"""(value, probability)."""


def laws(seed: int, count: int) -> list[Law]:
    dice = random.Random(seed)
    out = []
    for _ in range(count):
        weights = [dice.randint(1, 5) for _ in range(3)]
        out.append([(Fraction(dice.randint(-6, 6), dice.randint(1, 3)), Fraction(w, sum(weights))) for w in weights])
    return out


def mean(of: Callable[..., Fraction], given: list[Law]) -> Fraction:
    total = Fraction(0)
    for outcome in itertools.product(*given):
        chance = Fraction(1)
        for _, p in outcome:
            chance *= p
        total += chance * of(*(v for v, _ in outcome))
    return total


def independent(text: str = "", *letters: str) -> Context:
    facts = (*(Fn("random", Sym(x)) for x in letters), Fn("independent", *map(Sym, letters)))
    return replace(let(text) if text else Context(), random=facts)


def verdict(left: str, right: str, context: Context) -> Verdict:
    return decide(read(left, context), read(right, context), context)


CONTEXT = independent("a, b real", "X", "Y")
POLYNOMIALS = [
    ("X*Y", lambda x, y: x * y),
    ("(X + Y)^2", lambda x, y: (x + y) ** 2),
    ("X^2*Y - X", lambda x, y: x * x * y - x),
    ("(X - 2*Y)*(X + Y)", lambda x, y: (x - 2 * y) * (x + y)),
    ("(X*Y)^2 - Y", lambda x, y: (x * y) ** 2 - y),
]


@pytest.mark.parametrize(("text", "function"), POLYNOMIALS, ids=[t for t, _ in POLYNOMIALS])
@pytest.mark.parametrize("seed", range(3))
def test_the_moments_of_a_polynomial_are_those_of_every_distribution(
    text: str, function: Callable[..., Fraction], seed: int
) -> None:
    from symderiv.decide.calculus.expectations import _Side

    given = laws(seed, 2)
    moments = Moments(Chances(CONTEXT))
    found = _Side(moments).expectation(read(text, CONTEXT))
    put: dict[str, Term] = {}
    for letter, law in zip("XY", given, strict=True):
        first, second = (mean(lambda v, k=k: v**k, [law]) for k in (1, 2))
        for key, q in ((f"E({letter})", first), (f"Var({letter})", second - first**2)):
            if key in moments.made:
                put[moments.made[key][0]] = written(q)
    assert decide(substitute(found, put), written(mean(function, given))).kind == "proved"


def test_the_two_valued_letter_is_standardised() -> None:
    context = independent("", "X")
    for skewed in (False, True):
        moments = Moments(Chances(context), skewed)
        assert decide(moments.mean(Sym("X")), moments.moment(Sym("X"), 1), context).kind == "proved"
        spread = moments.variance(Sym("X"))
        both = moments.moment(Sym("X"), 2)
        assert decide(both, read("m^2", context), context.define("m", (), moments.mean(Sym("X")))).kind == "refuted"
        assert decide(spread, moments.variance(Sym("X")), context).kind == "proved"


@pytest.mark.parametrize("k", range(1, 7))
def test_moments_of_the_normal_distribution(k: int) -> None:
    context = replace(
        Context(), random=(Fn("random", Sym("z")), Fn("normal", Sym("z"), written(Fraction(0)), written(Fraction(1))))
    )
    double_factorial = {1: 0, 2: 1, 3: 0, 4: 3, 5: 0, 6: 15}
    assert verdict(f"E(z^{k})", str(double_factorial[k]), context).kind == "proved"
    assert verdict(f"E(z^{k})", str(double_factorial[k] + 1), context).kind == "refuted"


@pytest.mark.parametrize("p", ["1/3", "3/4"])
@pytest.mark.parametrize("k", range(1, 5))
def test_moments_of_two_values(p: str, k: int) -> None:
    q = Fraction(p)
    facts = (Fn("random", Sym("m")), Fn("two_valued", Sym("m"), written(-1), written(q), written(2), written(1 - q)))
    context = replace(Context(), random=facts)
    expected = mean(lambda v: v**k, [[(Fraction(-1), q), (Fraction(2), 1 - q)]])
    assert verdict(f"E(m^{k})", str(written(expected)), context).kind == "proved"
    assert verdict(f"E(m^{k})", str(written(expected + 1)), context).kind == "refuted"


def test_nothing_of_dependence_is_taken_for_independence() -> None:
    loose = replace(CONTEXT, random=CONTEXT.random[:2])
    assert verdict("E(X*Y)", "E(X)*E(Y)", CONTEXT).kind == "proved"
    assert verdict("E(X*Y)", "E(X)*E(Y)", loose).kind == "refuted"
    hidden = loose.define("Z", (), read("X + a", loose)).define("V_1", (), read("2*Z", loose))
    assert verdict("E(Z)", "Z", hidden).kind == "refuted"
    assert verdict("E(X*Z)", "E(X)*E(Z)", hidden).kind == "refuted"
    assert verdict("E(Z)", "E(X) + a", hidden).kind == "proved"
    assert verdict("E(V_1)", "V_1", hidden).kind != "proved"
