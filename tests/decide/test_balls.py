"""Every row of the table of functions, its columns checked against certified balls."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symderiv.decide import derivative_ball, evaluate
from symderiv.decide.balls import ball_of, compared, condition_at, rational, series_of
from symderiv.decide.verdict import Unsupported
from symderiv.errors import DomainError
from symderiv.read import let, read_plain
from symderiv.terms import FUNCTIONS, Const, Fn, Function, Num, Pow, Relation, Sym, Term, substitute

ROWS = [row for row in FUNCTIONS.values() if row.arity == 1]
POINTS = [
    Fraction(p, q)
    for p, q in ((0, 1), (1, 1), (-1, 1), (1, 3), (-1, 3), (9, 10), (-7, 8), (5, 2), (-13, 4), (30, 1), (-31, 1), (1, 997))
]
u = Sym("u")


def value(row: Function, q: Fraction, bits: int = 128):
    return ball_of(Fn(row.name, u), {"u": q}, bits)


def conditions(texts: tuple[str, ...]) -> list[Term]:
    return [read_plain(text).bare for text in texts]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_function_has_a_value_exactly_on_its_domain(row: Function) -> None:
    for q in POINTS:
        inside = all(condition_at(c, {"u": q}, 128) for c in conditions(row.domain))
        assert (value(row, q) is not None) == inside, q


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_values_stay_in_the_range(row: Function) -> None:
    for q in POINTS:
        y = value(row, q, 3000)
        for c in conditions(row.range) if y is not None else ():
            assert isinstance(c, Relation)
            assert compared(c.op, y - ball_of(c.right, {}, 3000)) is not False, (q, c)


@pytest.mark.parametrize("row", [r for r in ROWS if r.parity], ids=lambda row: row.name)
def test_parity(row: Function) -> None:
    for q in POINTS:
        here, there = value(row, q), value(row, -q)
        if here is not None and there is not None:
            assert here.overlaps(-there if row.parity == "odd" else there), q


@pytest.mark.parametrize("row", [r for r in ROWS if r.definition or r.cases], ids=lambda row: row.name)
def test_a_definition_and_cases_give_the_same_values(row: Function) -> None:
    for text in filter(None, (row.definition, row.cases)):
        other = read_plain(text).bare
        for q in POINTS:
            here, there = value(row, q), ball_of(other, {"u": q}, 128)
            assert (here is None) == (there is None), (q, text)
            assert here is None or here.overlaps(there), (q, text)


@pytest.mark.parametrize(("row", "text"), [(row, text) for row in ROWS for text in row.values])
def test_known_values(row: Function, text: str) -> None:
    claim = read_plain(text).bare
    assert condition_at(claim, {}, 128) is True or ball_of(claim.left, {}, 128).overlaps(ball_of(claim.right, {}, 128))


@pytest.mark.parametrize("row", [r for r in ROWS if r.derivative], ids=lambda row: row.name)
def test_the_derivative_column_is_the_derivative(row: Function) -> None:
    derivative, checked = read_plain(row.derivative[0]).bare, 0
    for q in POINTS:
        try:
            found = derivative_ball(Fn(row.name, u), "u", {"u": q}, bits=128)
        except DomainError:
            continue
        assert all(condition_at(c, {"u": q}, 128) for c in conditions(row.smooth)), q
        assert found.overlaps(ball_of(derivative, {"u": q}, 128)), q
        checked += 1
    assert checked >= 4


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_derivative_where_it_is_not_smooth(row: Function) -> None:
    for q in POINTS:
        if not all(condition_at(c, {"u": q}, 128) for c in conditions((*row.domain, *row.smooth))):
            with pytest.raises(DomainError):
                derivative_ball(Fn(row.name, u), "u", {"u": q})


@pytest.mark.parametrize("name", ["max", "min", "root"])
def test_functions_of_several_arguments(name: str) -> None:
    term = Fn(name, u, Num(3))
    for q in POINTS:
        if name == "root" and q < 0:
            assert ball_of(term, {"u": q}, 64) is None
        else:
            expected = {"max": rational(max(q, Fraction(3))), "min": rational(min(q, Fraction(3)))}
            found = ball_of(term, {"u": q}, 64)
            assert found.overlaps(expected[name]) if name in expected else (found**3).overlaps(rational(q))


@pytest.mark.parametrize(
    "text",
    [
        "1/0",
        "0^0",
        "0^(-1)",
        "log(0)",
        "log(-1)",
        "sqrt(-1)",
        "(-8)^(1/3)",
        "(-1)^u",
        "0^u",
        "heaviside(0)",
        "asin(2)",
        "cases(1 if u > 9)",
    ],
)
def test_what_has_no_value(text: str) -> None:
    assert ball_of(read_plain(text).bare, {"u": Fraction(2)}, 64) is None


def test_powers_of_negative_numbers_need_exponents_made_of_integers() -> None:
    power = Pow(read_plain("-2").bare, Sym("n"))
    assert ball_of(power, {"n": Fraction(3)}, 64) is None
    assert ball_of(power, {"n": Fraction(3)}, 64, frozenset("n")) == -8
    assert evaluate(power, {"n": Fraction(3)}, let("n integer")) == -8


def test_evaluate_opens_definitions_and_derivatives() -> None:
    context = let("f(x) = x^3, c = 2")
    assert evaluate(read_plain("c*f'(x) + d/dx f(x)", context), {"x": Fraction(2)}, context) == 36


@pytest.mark.parametrize(
    ("text", "message"), [("1/x", "not defined at x = 0"), ("g(x)", "cannot be evaluated"), ("y", "without a value")]
)
def test_what_cannot_be_evaluated_is_refused(text: str, message: str) -> None:
    with pytest.raises(DomainError, match=message):
        evaluate(read_plain(text, functions=("g",)), {"x": Fraction(0)})


def test_conditions_at_a_point() -> None:
    point = {"x": Fraction(1, 3)}
    for text, expected in {
        "x > 0": True, "x > 1": False, "not x > 1": True, "x > 0 and x > 1": False, "x > 1 or x > 0": True,
        "log(x - 1) > 0": None, "x*0 = 0": True, "sin(x)^2 + cos(x)^2 = 1": None, "x > 1 and log(x - 1) > 0": False,
    }.items():  # fmt: skip
        try:
            condition = read_plain(text).bare
        except Exception:
            pytest.fail(text)
        assert condition_at(condition, point, 64) is expected, text


def test_what_is_not_a_number_has_no_ball() -> None:
    for term in (Const("oo"), Fn("undefined"), Sym("y")):
        with pytest.raises(Unsupported):
            ball_of(term, {"x": Fraction(1)}, 64)


def test_series_of_higher_order() -> None:
    found = series_of(read_plain("exp(2*x)").bare, "x", {"x": Fraction(0)}, 4, 64)
    assert [int(b.unique_fmpz()) for b in found] == [1, 2, 4, 8, 16]


def test_the_precision_is_put_back() -> None:
    import flint

    before = flint.ctx.prec
    evaluate(substitute(Pow(u, Num(2)), {"u": Num(3)}), {}, bits=300)
    assert flint.ctx.prec == before
