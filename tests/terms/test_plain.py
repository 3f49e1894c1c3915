"""Plain maths is written with no more brackets than reading needs, and is read back as the same term."""

import pytest
from hypothesis import given, settings

from symderiv.errors import SymderivError
from symderiv.read import read_plain
from symderiv.terms import FUNCTIONS, Add, Div, Fn, Mul, Num, Sym
from symderiv.terms.plain import plain
from tests.terms.strategies import terms

WRITTEN = (
    "a/b*c",
    "a/(b*c)",
    "a*(b/c)",
    "a/b/c",
    "a/(b/c)",
    "-a*b",
    "(-a)*b",
    "a*(-b)",
    "-(-a)",
    "a - b",
    "a - (-b)",
    "a - (b - c)",
    "a + (b + c)",
    "(a + b)*(c - d)",
    "a*(b*c)",
    "-(a + b)",
    "(-a)/b",
    "-a/b",
    "(-a)^2",
    "-a^2",
    "2^(-x)",
    "a^(b^c)",
    "(a^b)^c",
    "(a/b)^2",
    "a^(1/2)",
    "exp(-x)^2",
    "x_1*(x_2 - 4) + exp(x_3^2)/5*x_4^2",
    "max(0, x)",
    "cases(0 if x < 0, x otherwise)",
    "cases(1 if x > 0 and x < 6, 0 if x <= 0 or x >= 6)",
    "d/dx (x^2)",
    "d^2/dx^2 (sin(x))",
    "(d/dx (x))*y",
    "-(d/dx (1 + x))/(1 + x)^2",
    "0.044715*x^3",
    "2*pi",
    "sum(exp(z[k]), k, 1, K)",
    "z[i]",
    "W[i, j]",
    "indicator(x > 0)",
    "f'(x)",
    "f''(2*x)",
    "x/x",
    "1/0",
    "0^0",
)


@pytest.mark.parametrize("text", WRITTEN)
def test_minimal_brackets(text: str) -> None:
    assert plain(read_plain(text)) == text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_read_back(name: str) -> None:
    t = read_plain(FUNCTIONS[name].example).bare
    assert read_plain(plain(t)).bare is t


@settings(max_examples=400)
@given(terms)
def test_round_trip(t: object) -> None:
    assert read_plain(plain(t)) == t  # type: ignore[arg-type]


def test_str_is_plain() -> None:
    assert str(Div(Num(1), Add(Num(1), Sym("x")))) == "1/(1 + x)"


def test_deep_and_wide_terms() -> None:
    x = Sym("x")
    deep = x
    for _ in range(5000):
        deep = Div(deep, x)
    assert plain(deep) == "x" + "/x" * 5000
    assert plain(Add(*(Num(n) for n in range(10_000)))).count(" + ") == 9_999


def test_terms_too_long_to_write_are_refused() -> None:
    t = Sym("x")
    for _ in range(60):
        t = Mul(t, Fn("exp", t))
    with pytest.raises(SymderivError, match="too long"):
        plain(t)
