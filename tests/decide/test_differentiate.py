"""Mechanical derivatives: rules of the table, kinks left out, what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symderiv.decide import decide
from symderiv.decide.balls import ball_of, series_of
from symderiv.decide.differentiate import differentiated, has_derivative, interior
from symderiv.decide.verdict import Unsupported
from symderiv.read import read_plain
from symderiv.terms import FUNCTIONS, ONE, ZERO, Entry, Fn, Function, Not, Num, Prime, Sum, Sym, Term, Truth

x = Sym("x")
POINTS = [Fraction(p, q) for p, q in ((1, 3), (-2, 5), (7, 4), (-9, 4), (21, 2), (1, 50))]


def derivative(text: str) -> Term:
    return differentiated(read_plain(text).bare, "x")


@pytest.mark.parametrize("row", [r for r in FUNCTIONS.values() if r.arity == 1 and r.name != "heaviside"], ids=lambda row: row.name)
@pytest.mark.parametrize("inner", ["x", "x^2/9 - 1/7", "sin(x)/2"])
def test_every_function_of_the_table_by_the_chain_rule(row: Function, inner: str) -> None:
    body = Fn(row.name, read_plain(inner).bare)
    found, compared = differentiated(body, "x"), 0
    for q in POINTS:
        series, ball = series_of(body, "x", {"x": q}, 1, 128), ball_of(found, {"x": q}, 128)
        if series is not None and ball is not None:
            assert series[1].overlaps(ball)
            compared += 1
    assert compared >= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^1", "1"),
        ("x^0", "0"),
        ("x^(-1)", "-1/x^2"),
        ("x^x", "x^x*(log(x) + 1)"),
        ("2^x", "2^x*log(2)"),
        ("root(x, 3)", "x^(-2/3)/3"),
        ("y^2/3", "0"),
        ("max(x, 1, x^2)", "cases(2*x if x < -1, 0 if x > -1 and x < 1, 2*x if x > 1)"),
    ],
)
def test_written_out(text: str, expected: str) -> None:
    verdict = decide(derivative(text), read_plain(expected).bare)
    assert verdict.kind == "proved", verdict


def test_the_first_power_needs_no_condition() -> None:
    assert decide(derivative("x^1"), ONE).conditions == ()


@pytest.mark.parametrize(
    "text", ["abs(x)", "max(0, x)", "sign(x)", "heaviside(x)", "cases(x if x > 0, 0 otherwise)", "indicator(x >= 0)"]
)
def test_no_value_at_a_kink(text: str) -> None:
    found = derivative(text)
    assert ball_of(found, {"x": Fraction(0)}, 64) is None
    assert all(ball_of(found, {"x": q}, 64) is not None for q in POINTS)


def test_named_functions_keep_their_names() -> None:
    f = Fn("f", read_plain("x^2").bare, x)
    parts = {t.orders for t in differentiated(f, "x").postorder() if isinstance(t, Prime)}
    assert parts == {(1, 0), (0, 1)}
    assert {t.orders for t in differentiated(Prime("f", (1,), x), "x").postorder() if isinstance(t, Prime)} == {(2,)}


@pytest.mark.parametrize("term", [Sum(x, Sym("k"), Num(1), Num(3)), Entry(x, Num(1)), Fn("root", Num(2), x)])
def test_what_is_refused(term: Term) -> None:
    with pytest.raises(Unsupported):
        differentiated(term, "x")


def test_what_the_letter_does_not_touch_is_not_looked_at() -> None:
    assert differentiated(Sum(Sym("y"), Sym("k"), Num(1), Num(3)), "x") == ZERO


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("x >= 1", "x > 1"),
        ("x != 1", "x != 1"),
        ("not x > 1", "x < 1"),
        ("x > 0 and x <= 1", "x > 0 and x < 1"),
        ("not x = 1", "x != 1"),
    ],
)
def test_interior(condition: str, expected: str) -> None:
    assert interior(read_plain(condition).bare, []) == read_plain(expected).bare


def test_the_interior_of_a_point_is_empty() -> None:
    assert interior(read_plain("x = 1").bare, []) == Not(Truth())
    assert interior(Truth(), [read_plain("x >= 1").bare]) == read_plain("x < 1").bare


def test_has_derivative() -> None:
    assert has_derivative(read_plain("1 + d/dx x^2"))
    assert not has_derivative(read_plain("1 + x^2"))
