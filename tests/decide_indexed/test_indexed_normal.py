"""A normal form has the value of the expression that it is the normal form of."""

from __future__ import annotations

import random

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.decide import decide
from symderiv.decide.indexed.duals import Undefined, bare
from symderiv.decide.indexed.elaborate import Elaborator
from symderiv.decide.indexed.normal import Normal
from symderiv.decide.indexed.point import Point
from symderiv.decide.indexed.setting import Setting
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.read import read_plain
from symderiv.terms import ONE, Derivative, Entry, Fn, Lambda, Mul, Product, Sum, Sym, Term, minus
from tests.decide_indexed.random_terms import CONTEXT, FREE, Indexed, Matrices, N
from tests.decide_indexed.written_out import written_out

AT = {"i": 1, "j": 2, "a": 3}


def same_value(t: Term, unfolded: bool = False) -> bool | None:
    """Whether the normal form has the value of the term at one point; None where one of them has none."""
    setting = Setting(CONTEXT.declare("f", CONTEXT.sort("c")).define("f", (), Fn("f", Sym("x"))), Budget(2.0))
    setting.learn(t)
    ctx.prec = 128
    point = Point(setting, {"n": 3, "m": 4}, 1)
    try:
        value = Elaborator(setting).value(t)
        place = tuple(setting.whole(n) for n in (ONE, ONE)[: len(value.shape)])
        u = value.entry(place)
        mine = bare(point.evaluate(u, AT))
        other = bare(point.evaluate(written_out(Normal(setting, unfolded).of(u)), AT))
    except (Unsupported, Undefined, ZeroDivisionError):
        return None
    finally:
        ctx.prec = 53
    mine, other = arb(mine), arb(other)
    return bool(mine.overlaps(other)) if mine.is_finite() and other.is_finite() else None


def scalar(seed: int) -> Term:
    source = Indexed(seed)
    return source.term(FREE, source.random.randint(2, 3))


def extremes(seed: int) -> Term:
    """Maxima, products and unknown functions over an index."""
    source = Indexed(seed)
    k = Sym("k")
    inner = source.term({**FREE, "k": "n"}, 1)
    kind = random.Random(seed).randint(0, 3)
    if kind == 0:
        return Sum(Fn("exp", minus(inner, Fn("max", Lambda(inner, k, ONE, N)))), k, ONE, N)
    if kind == 1:
        return Product(inner, k, ONE, N)
    if kind == 2:
        body = Mul(Sym("f"), source.term(FREE, 1))
        return Derivative(Derivative(body, Sym("x"), indices=(Sym("i"),)), Sym("x"), indices=(Sym("j"),))
    return Derivative(Product(Entry(Sym("x"), k), k, ONE, N), Sym("x"), indices=(Sym("i"),))


def gradient(seed: int) -> Term:
    """The derivative of a trace or determinant by a matrix."""
    source = Matrices(seed)
    a, _ = source.pair("n", "n", 2)
    kind = source.random.randint(0, 2)
    body = Fn("trace", a) if kind == 0 else Fn("det", a) if kind == 1 else Fn("trace", Fn("inverse", a))
    return Derivative(body, Sym(source.random.choice(("A", "B", "C"))))


@pytest.mark.parametrize("made", [scalar, extremes, gradient])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_the_normal_form_has_the_value_of_the_term(made: object, seed: int) -> None:
    assert callable(made)
    t = made(seed)
    assert same_value(t) is not False
    assert same_value(t, unfolded=True) is not False


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("inverse(A + transpose(A))*A + inverse(A + transpose(A))*transpose(A)", "identity(n)", "proved"),
        ("A*inverse(A + transpose(A)) + transpose(A)*inverse(A + transpose(A))", "identity(n)", "proved"),
        ("transpose(inverse(A + transpose(A))*A)", "identity(n) - A*inverse(A + transpose(A))", "proved"),
        ("inverse(A + transpose(A))*A", "A*inverse(A + transpose(A))", "refuted"),
        ("inverse(A + transpose(A))*A", "identity(n) - inverse(A + transpose(A))*A", "refuted"),
    ],
)
def test_beside_the_inverse_of_a_symmetric_sum_one_summand_is_written_by_the_other(left: str, right: str, verdict: str) -> None:
    assert decide(*(read_plain(t, CONTEXT) for t in (left, right)), CONTEXT).kind == verdict
