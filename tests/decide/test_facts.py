"""What assumptions say: signs and ranges, and what they do not say."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symderiv.decide import holds
from symderiv.decide.facts import Facts, relations_of
from symderiv.decide.intervals import Interval
from symderiv.decide.verdict import Budget
from symderiv.read import let, read_plain
from symderiv.terms import And, Context, Not, Or, Relation, Sym, Truth, vector

HOLDS = [
    ("x + y > 0", "x > 0, y > 0", True),
    ("x*y > 0", "x > 0, y > 0", True),
    ("x*y > 0", "x < 0, y < 0", True),
    ("x/y < 0", "x < 0, y > 0", True),
    ("x > 0", "x > y, y > 0", True),
    ("x - y > 0", "x > y", True),
    ("x > 1", "x > 0", None),
    ("x > 0", "x - 1 > 0", True),
    ("2*x - 1 > 0", "x > 1/2", True),
    ("x^2 - 1 > 0", "x > 1", True),
    ("x^2 + x + 1 > 0", "", True),
    ("x^2 - 2*x + 1 >= 0", "", True),
    ("x^2 - 2*x + 1 > 0", "x != 1", True),
    ("x^2 > 0", "", None),
    ("x^4 - 2 = 0", "x > 2", False),
    ("exp(x) > 0", "", True),
    ("exp(x) > 1", "", None),
    ("1 + exp(-x) != 0", "", True),
    ("log(2) > 0", "", True),
    ("pi > 3.14", "", True),
    ("pi = 22/7", "", False),
    ("sqrt(2)*sqrt(3) = sqrt(6)", "", True),
    ("x = x + 1", "", False),
    ("x = 2*x - x", "", True),
    ("cos(x) <= 1", "", True),
    ("tanh(x) < 1", "", True),
    ("erf(x) + 1 > 0", "", True),
    ("n >= 1", "n integer, n > 0", True),
    ("n > 1/2", "n integer, n > 0", True),
    ("n != 0", "n integer, n > 0", True),
    ("i >= 1", "i in 1..5", True),
    ("i <= 5", "i in 1..5", True),
    ("i < 5", "i in 1..5", None),
    ("x > 0 and y > 0", "x > 1", None),
    ("x > 0 or y > 0", "x > 1", True),
    ("not x > 0", "x > 1", False),
    ("x > 0 and y > 0", "x < 0", False),
    ("f(x) = f(2*x - x)", "f: R -> R", True),
    ("z_1 != z_2", "z in R^n", None),
    ("1/x > 0", "x > 0", True),
    ("1/x > 1/y", "1/x - 1/y > 0", True),
]


@pytest.mark.parametrize(("text", "declared", "expected"), HOLDS)
def test_holds(text: str, declared: str, expected: bool | None) -> None:
    context = let(declared) if declared else Context()
    assert holds(read_plain(text, context), context) is expected


def test_what_one_question_teaches_is_forgotten() -> None:
    context = Context()
    assert holds(read_plain("log(x) + x >= log(x)"), context) is True
    assert holds(read_plain("x >= 0"), context) is None
    facts = Facts(context)
    assert facts.holds(read_plain("sqrt(x) >= 0").bare) is True
    assert facts.holds(read_plain("x >= 0").bare) is None


def test_contradictions_say_nothing_wrong() -> None:
    context = let("x > 1, x < 0")
    for text in ("x > 0", "x = 5", "y > 0", "x*y > 0"):
        assert holds(read_plain(text), context) in (True, False, None)
    assert holds(read_plain("y > 0"), context) in (None, True)


def test_relations_of() -> None:
    a, b = read_plain("x > 0").bare, read_plain("y = 1").bare
    assert list(relations_of(And(a, b))) == [a, b]
    assert list(relations_of(Not(Or(a, b)))) == [read_plain("x <= 0").bare, read_plain("y != 1").bare]
    assert list(relations_of(Or(a, b))) == []
    assert list(relations_of(Truth())) == []


def test_ranges() -> None:
    facts = Facts(let("x >= 1, 2*x + 1 < 9, n integer, n > 2, y != 0"))
    assert facts.range_of(Sym("x")) == Interval(Fraction(1), Fraction(4), False, True)
    assert facts.range_of(Sym("n")) == Interval(Fraction(3), None, False, True)
    assert facts.range_of(Sym("y")) == Interval()


def test_assumptions_about_what_is_not_a_number_are_marked() -> None:
    context = Context().declare("v", vector(Sym("n"))).assume(Relation("≠", Sym("v"), Sym("w")))
    assert not Facts(context).complete
    assert Facts(let("x > 0")).complete
    assert holds(Relation("=", Sym("v"), Sym("v")), context) is not False


def test_more_assumptions() -> None:
    facts = Facts(let("x > 0"))
    more = facts.assume(read_plain("y > x").bare)
    assert (facts.holds(read_plain("y > 0").bare), more.holds(read_plain("y > 0").bare)) == (None, True)


def test_is_integer() -> None:
    facts = Facts(let("n integer, m integer"))
    for text, expected in (("n*m - 3", True), ("n^2", True), ("n/2", False), ("x", False), ("2^n", False), ("0.5", False)):
        assert facts.is_integer(read_plain(text).bare) is expected


def test_no_time_is_no_answer_and_is_not_remembered() -> None:
    facts = Facts(Context(), budget=Budget(-1))
    condition = read_plain("x^2 + 1 > 0").bare
    assert facts.holds(condition) is None
    facts.allow(Budget())
    assert facts.holds(condition) is True
