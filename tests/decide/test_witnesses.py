"""Counterexamples: unknown functions and entries as letters, only where they can be anything."""

from __future__ import annotations

import pytest

from symderiv.decide.balls import ball_of
from symderiv.decide.facts import Facts
from symderiv.decide.verdict import Witness
from symderiv.decide.witnesses import Search
from symderiv.read import let, read_plain
from symderiv.terms import Context, Entry, Fn, Layer, Neg, Num, Prime, Relation, Sum, Sym, Term, function, vector

x, y, i, j, z = map(Sym, "xyijz")


def search(left: Term, right: Term, context: Context, op: str = "=") -> Witness | None:
    return Search(op, left, right, Facts(context)).counterexample(24)


F = Context().declare("f", function())
Z = let("i in 1..n, j in 1..n, n integer").declare("z", vector(Sym("n")))


@pytest.mark.parametrize(
    ("left", "right", "context"),
    [
        (Fn("f", x), x, F),
        (Fn("f", x), Prime("f", (1,), x), F),
        (Prime("f", (1,), x), Prime("f", (2,), x), F),
        (Fn("f", Num(1)), Fn("f", Num(2)), F),
        (Fn("f", x), Fn("f", y), F.assume(Relation("≠", x, y))),
        (Fn("f", x), Fn("f", y), F.assume(Relation("<", x, y))),
        (Entry(z, Num(1)), Entry(z, Num(2)), Z),
        (Entry(z, i), Entry(z, j), Z.assume(Relation("≠", i, j))),
        (Entry(z, i), Num(0), Z.assume(Relation(">", Entry(z, i), Num(0)))),
        (Entry(Layer(z, Num(1)), i), Entry(Layer(z, Num(2)), i), Z),
    ],
)
def test_found(left: Term, right: Term, context: Context) -> None:
    assert search(left, right, context) is not None


@pytest.mark.parametrize(
    ("left", "right", "context"),
    [
        (Fn("f", x), Fn("f", y), F),
        (Fn("f", x), x, Context()),
        (Fn("f", x), Fn("f", read_plain("2*x - x").bare), F),
        (Fn("f", Fn("f", x)), x, F),
        (Fn("f", x), Num(0), F.assume(Relation("=", Fn("f", y), Num(0)))),
        (Fn("f", x), Fn("f", read_plain("-x").bare), F.assume(Relation("=", Fn("f", x), Fn("f", read_plain("-x").bare)))),
        (Entry(z, i), Entry(z, j), Z),
        (Entry(z, Num(1)), Sym("z_1"), Z),
        (Entry(Layer(z, i), Num(1)), Entry(Layer(z, j), Num(1)), Z),
        (Sum(x, i, Num(1), Num(3)), x, Context()),
        (Fn("f", x), x, F.define("f", ("x",), x)),
        (Fn("f", x), x, F.assume(Relation("≠", Entry(z, Num(1)), Sum(x, i, Num(1), Num(3))))),
    ],
)
def test_not_looked_for(left: Term, right: Term, context: Context) -> None:
    assert search(left, right, context) is None


def test_the_assumptions_bind_the_values() -> None:
    context = F.assume(Relation(">", Fn("f", x), Num(100)), Relation("<", x, Neg(Num(100))))
    found = search(Fn("f", x), x, context)
    assert found is not None
    assert found.values["f(x)"] > 100 > -100 > found.values["x"]


def test_a_witness_separates_at_its_point() -> None:
    left, right = read_plain("x + 1/10^25").bare, x
    found = search(left, right, Context())
    assert found is not None
    assert found.precision > 64
    assert found.left != found.right
    values = [ball_of(side, found.values, found.precision) for side in (left, right)]
    assert not values[0].overlaps(values[1])


@pytest.mark.parametrize(
    ("assumed", "left", "right", "expected"),
    [
        ("y = sqrt(x)", "y", "x", True),
        ("y = sqrt(x)", "y^2", "x", False),
        ("y = log(-1 - x^2)", "x", "x + 1", False),
        ("y = log(x)", "x", "abs(x) + y - y", False),
        ("y = exp(x) + z", "y", "z", True),
        ("y*sqrt(x) = z", "z", "y", True),
        ("x + y = 1", "x", "y", True),
    ],
)
def test_letters_that_equations_determine(assumed: str, left: str, right: str, expected: bool) -> None:
    context = Context().assume(read_plain(assumed))
    assert (search(read_plain(left).bare, read_plain(right).bare, context) is not None) is expected


def test_a_rational_value_that_an_equation_determines_is_shown() -> None:
    context = Context().assume(read_plain("y/x = y + b"))
    found = search(Sym("b"), Num(0), context)
    assert found is not None
    assert found.values["y"] / found.values["x"] == found.values["y"] + found.values["b"]


def test_integer_letters_are_not_put_away() -> None:
    context = let("n integer").assume(read_plain("n = exp(x)/2"))
    assert search(Sym("n"), Num(7), context) is None


def test_relations() -> None:
    assert search(read_plain("x^2").bare, Num(0), Context(), ">") is not None
    assert search(read_plain("x^2").bare, Num(0), Context(), "≥") is None


def test_the_search_goes_on_where_it_stopped() -> None:
    s = Search("=", x, x, Facts(Context()))
    assert s.counterexample(2) is None
    assert s.counterexample(5) is None
    assert s.tested == 5
