"""No input may hang or fill the memory: every claim comes back near its time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from symderiv.decide import decide, decide_relation, domain, holds, prove
from symderiv.terms import (
    ONE,
    TWO,
    Add,
    Cases,
    Context,
    Derivative,
    Div,
    Fn,
    Indicator,
    Mul,
    Neg,
    Not,
    Num,
    Pow,
    Relation,
    Sym,
    Term,
    Truth,
)

EFFORT = 0.1
x, y = Sym("x"), Sym("y")
xs = [Sym(f"x{k}") for k in range(200)]
BIG = 10**9


def nested(f: Callable[[Term], Term], depth: int, t: Term = x) -> Term:
    for _ in range(depth):
        t = f(t)
    return t


def shifted(f: Callable[[Term], Term]) -> tuple[Term, Term]:
    return nested(f, 5000), nested(f, 4999, f(Mul(ONE, x)))


trinomial = Add(ONE, x, Pow(x, TWO))
PAIRS: dict[str, Callable[[], tuple[Term, Term]]] = {
    "a sum of 10000 powers": lambda: (Add(*(Pow(x, Num(k)) for k in range(1, 10001))), Add(*(Pow(x, Num(k)) for k in range(10000, 0, -1)))),
    "10000 letters": lambda: (Add(*(Sym(f"q{k}") for k in range(10000))), Add(*(Sym(f"q{k}") for k in range(9999, -1, -1)))),
    "a product of 200 sums": lambda: (Mul(*(Add(t, ONE) for t in xs)), Mul(*(Add(ONE, t) for t in reversed(xs)))),
    "200 letters squared": lambda: (Pow(Add(*xs), TWO), Add(*(Mul(t, Add(*xs)) for t in xs))),
    "x^(10^9)": lambda: (Pow(x, Num(BIG)), Mul(x, Pow(x, Num(BIG - 1)))),
    "10^(10^9)": lambda: (Pow(Num(10), Pow(Num(10), Num(9))), ONE),
    "(1 + x)^(10^6)": lambda: (Pow(Add(ONE, x), Num(10**6)), Add(ONE, Pow(Add(ONE, x), Num(10**6)))),
    "a power of a trinomial": lambda: (Pow(trinomial, Num(190)), Mul(trinomial, Pow(trinomial, Num(189)))),
    "fine exponents": lambda: (Add(ONE, Fn("exp", x)), Add(Fn("exp", Mul(x, Div(Num(BIG + 1), Num(BIG)))), ONE)),
    "fine roots": lambda: (Add(Pow(x, Div(ONE, Num(999983))), Pow(x, Div(ONE, Num(999979)))), ONE),
    "a tower of exponentials": lambda: shifted(lambda t: Fn("exp", t)),
    "a nest of roots": lambda: shifted(lambda t: Fn("sqrt", Add(t, ONE))),
    "a nest of moduli": lambda: shifted(lambda t: Fn("abs", Add(t, Neg(ONE)))),
    "a nest of fractions": lambda: shifted(lambda t: Div(ONE, Add(ONE, t))),
    "a nest of divisions": lambda: (nested(lambda t: Div(t, y), 5000), Div(x, Pow(y, Num(5000)))),
    "a nest of signs": lambda: (nested(Neg, 5000), x),
    "a nest of cases": lambda: (nested(lambda t: Cases((x, Relation(">", t, ONE)), (y, Truth())), 5000), x),
    "a nest of negations": lambda: (Indicator(nested(Not, 5000, Relation(">", x, ONE))), ONE),
    "40 moduli": lambda: (Add(*(Fn("abs", t) for t in xs[:40])), Add(*(Fn("abs", t) for t in reversed(xs[:40])))),
    "a maximum of 200": lambda: (Fn("max", *xs), Fn("max", *reversed(xs))),
    "a multiple angle": lambda: (Fn("sin", Mul(Num(200), x)), Mul(TWO, Fn("sin", Mul(Num(100), x)), Fn("cos", Mul(Num(100), x)))),
    "a large sum of angles": lambda: (Fn("sin", Add(*xs[:30])), Fn("sin", Add(*reversed(xs[:30])))),
    "a sum of roots below": lambda: (Div(ONE, Add(*(Fn("sqrt", t) for t in xs[:14]))), Div(ONE, Add(*(Fn("sqrt", t) for t in reversed(xs[:14]))))),
    "tangents of tangents": lambda: (Fn("tan", Fn("tan", Add(x, y))), Fn("tan", Fn("tan", Add(x, y, ONE)))),
    "a derivative of order 300": lambda: (Derivative(Fn("exp", Pow(x, TWO)), x, 300), ONE),
    "a large exponential": lambda: (Fn("exp", Fn("exp", Num(1000))), ONE),
    "a large number to be factored": lambda: (Fn("log", Num(10**3000 + 7)), ONE),
    "a polynomial to be factored": lambda: (Fn("log", Add(Pow(x, Num(399)), Neg(ONE))), Fn("log", Add(Neg(ONE), Pow(x, Num(399)), Neg(Neg(Num(0)))))),
}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_every_claim_comes_back_in_time(pair: str) -> None:
    left, right = PAIRS[pair]()
    tasks: list[Callable[[], object]] = [
        lambda: decide(left, right, Context(), EFFORT),
        lambda: prove(left, right, Context(), EFFORT),
        lambda: decide_relation(Relation("<", left, right), Context(), EFFORT),
        lambda: holds(Relation("≠", left, right), Context(), EFFORT),
        lambda: domain(left, Context(), EFFORT),
    ]
    for task in tasks:
        start = time.monotonic()
        task()
        assert time.monotonic() - start < EFFORT + 1.5


DECIDED = {
    "x^(10^9)": "proved",
    "(1 + x)^(10^6)": "refuted",
    "a power of a trinomial": "proved",
    "fine exponents": "refuted",
    "a nest of divisions": "proved",
    "a nest of signs": "proved",
    "a multiple angle": "proved",
}


@pytest.mark.parametrize("pair", DECIDED)
def test_large_claims_that_are_easy_are_decided(pair: str) -> None:
    assert decide(*PAIRS[pair](), Context()).kind == DECIDED[pair]
