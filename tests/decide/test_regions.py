"""Functions with knots: the piece that is known to hold, the switches that are open, gaps and overlaps."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symderiv.decide import UNDEFINED, has_knots, piece
from symderiv.decide.balls import ball_of
from symderiv.decide.facts import Facts
from symderiv.decide.regions import differences, resolved, split, switches, undefined
from symderiv.read import let, read_plain
from symderiv.terms import FUNCTIONS, Context, Fn, Num, Relation, Sum, Sym


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("abs(x)", "x > 0", "x"),
        ("abs(x)", "x <= 0", "-x"),
        ("abs(x)", "", None),
        ("sign(x)", "x < 0", "-1"),
        ("sign(x)", "x >= 0", None),
        ("heaviside(x)", "x > 0", "1"),
        ("max(x, y, z)", "x > y, x > z", "x"),
        ("max(x, x)", "", "x"),
        ("min(x, y)", "x > y", "y"),
        ("indicator(x > 0)", "x > 1", "1"),
        ("cases(1 if x > 0, 2 if x > 1)", "x > 1", "1"),
        ("cases(1 if x > 0, 2 if x > -1)", "x < 0, x > -1/2", "2"),
        ("cases(1 if x > 0, 2 otherwise)", "", None),
        ("x + 1", "", None),
    ],
)
def test_piece(text: str, declared: str, expected: str | None) -> None:
    found = piece(read_plain(text).bare, let(declared) if declared else Context())
    assert found == (None if expected is None else read_plain(expected).bare)


@pytest.mark.parametrize(("text", "declared"), [("cases(1 if x > 0)", "x < 0"), ("heaviside(y - y)", "")])
def test_a_gap_is_undefined(text: str, declared: str) -> None:
    assert piece(read_plain(text).bare, let(declared) if declared else Context()) == UNDEFINED


@pytest.mark.parametrize("row", [r for r in FUNCTIONS.values() if r.cases], ids=lambda row: row.name)
@pytest.mark.parametrize(("op", "q"), [(">", Fraction(2)), ("<", Fraction(-2)), ("=", Fraction(0))])
def test_every_function_with_cases_on_every_side(row, op: str, q: Fraction) -> None:
    u = Sym("u")
    found = piece(Fn(row.name, u), Context().assume(Relation(op, u, Num(0))))
    value = ball_of(Fn(row.name, u), {"u": q}, 64)
    assert found is not None
    assert found == UNDEFINED if value is None else value.overlaps(ball_of(found, {"u": q}, 64))


def test_resolved() -> None:
    facts = Facts(let("x > 0, y < 0"))
    assert resolved(read_plain("abs(x) + max(x, y)*sign(abs(y))").bare, facts) == read_plain("x + x*1").bare
    assert resolved(read_plain("abs(z)").bare, facts) == read_plain("abs(z)").bare


def test_what_is_bound_is_left_alone() -> None:
    k = Sym("k")
    term = Sum(Fn("abs", k), k, Num(1), Num(3))
    assert resolved(term, Facts(let("k > 0"))) is term
    assert not has_knots(term)
    assert list(switches(term)) == []
    assert has_knots(Fn("abs", term))


def test_switches() -> None:
    found = [str(u) for u in switches(read_plain("max(abs(x), y) + cases(1 if x > 1 and z < 2, 0 otherwise)").bare)]
    assert found == ["x", "x - 1", "z - 2"]


def test_split_goes_by_factors_and_skips_what_is_known() -> None:
    term = read_plain("abs(x*y)").bare
    assert [str(r) for r in split((term,), Facts(Context()))] == ["x > 0", "x < 0", "x = 0"]
    assert [str(r) for r in split((term,), Facts(let("x > 0")))] == ["y > 0", "y < 0", "y = 0"]
    assert [str(r) for r in split((term,), Facts(let("x != 0")))] == ["x > 0", "x < 0"]
    assert split((term,), Facts(let("x > 0, y > 0"))) == ()
    assert str(split((read_plain("abs(x^2 - 1)").bare,), Facts(Context()))[0]) in ("x - 1 > 0", "x + 1 > 0")


def test_undefined() -> None:
    assert undefined(Fn("exp", UNDEFINED))
    assert not undefined(read_plain("cases(1 if x > 0)").bare)


def test_differences() -> None:
    condition = read_plain("x > 1 and not y = 0 or z < x").bare
    assert [str(u) for u in differences(condition)] == ["x - 1", "y", "z - x"]
