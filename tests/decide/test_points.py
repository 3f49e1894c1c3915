"""Points meet the assumptions, ranges and sorts; the sequence is the same every time."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import pytest

from symderiv.decide.facts import Facts
from symderiv.decide.lines import linear_form
from symderiv.decide.points import Points, condition_true
from symderiv.read import let, read_plain
from symderiv.terms import Neg, Sym


def points(names: list[str], declared: str, count: int = 60):
    context = let(declared)
    facts = Facts(context)
    return [p for p in islice(Points(names, facts.relations, facts.conditions, context, set()), count) if p]


@pytest.mark.parametrize(
    ("names", "declared"),
    [
        (["x"], "x > 0"),
        (["x"], "0 < x < 1/1000"),
        (["x", "y"], "x > y, y > 5"),
        (["x", "y"], "x + y = 1, x > 0"),
        (["x", "y", "z"], "x + y + z = 1, x > 0, y > 0, z > 0"),
        (["x"], "x != 0"),
        (["n"], "n integer, n >= 3"),
        (["n", "k"], "n integer, k integer, k < n, k >= 0"),
        (["i"], "n integer, i in 1..n"),
        (["i", "j"], "n integer, i in 1..n, j in 1..n, i != j"),
        (["x", "y"], "x*y > 0"),
        (["p", "q"], "0 < p < 1, q = 1 - p"),
    ],
)
def test_points_meet_the_assumptions(names: list[str], declared: str) -> None:
    context, found = let(declared), points(names, declared)
    assert len(found) >= 5
    for p in found:
        assert all(condition_true(c, p) for c in Facts(context).conditions)
        assert all(p[n].denominator == 1 for n in p if context.sort(n).field == "integer")
        if "i" in p:
            assert 1 <= p["i"] <= p["n"]


def test_contradictions_have_no_points() -> None:
    assert points(["x"], "x > 1, x < 0") == []
    assert points(["n"], "n integer, 0 < n < 1") == []


def test_the_sequence_is_the_same_every_time() -> None:
    assert points(["x", "y"], "x > y") == points(["x", "y"], "x > y")


def test_special_values_come_early() -> None:
    assert any(p["x"] == 0 for p in points(["x"], "y > 0", 24))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2*x - y/3 + 1", {"x": 2, "y": -1 / 3, "": 1}),
        ("-(x - 2*3)", {"x": -1, "": 6}),
        ("x*y", None),
        ("x/0", None),
        ("x^2", None),
        ("exp(x)", None),
        ("0.5", {"": 0.5}),
    ],
)
def test_linear_form(text: str, expected: dict[str, float] | None) -> None:
    found = linear_form(read_plain(text).bare)
    assert (found is None) == (expected is None)
    assert found is None or {n: float(c) for n, c in found.items() if c} == pytest.approx({n: c for n, c in expected.items() if c})


def test_what_is_nested_deep_is_no_linear_form() -> None:
    term = Sym("x")
    for _ in range(5000):
        term = Neg(term)
    assert linear_form(term) is None


def test_conditions_hold_exactly() -> None:
    third = {"x": Fraction(1, 3)}
    assert condition_true(read_plain("3*x = 1").bare, third)
    assert not condition_true(read_plain("3*x = 1 + 1/10^40").bare, third)
    assert not condition_true(read_plain("sin(x)^2 + cos(x)^2 = 1").bare, third)
