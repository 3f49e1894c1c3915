"""Terms go to SymPy and come back with the same meaning; what SymPy cannot say, and what terms cannot, is refused."""

import pytest
import sympy
from hypothesis import given, settings

from symderiv.decide import decide
from symderiv.errors import SymderivError, UnknownName
from symderiv.read import read_plain
from symderiv.terms import (
    FUNCTIONS,
    INTEGER,
    Add,
    Context,
    Div,
    Entry,
    Expectation,
    Fn,
    Lambda,
    Layer,
    Mul,
    Num,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
    matrix,
    vector,
)
from symderiv.terms.sympy_border import context_of, from_sympy, to_sympy
from tests.terms.strategies import scalars

x, y, k = sympy.symbols("x y k")
X = Sym("x")

SAME_STRUCTURE = (
    "a/b",
    "a*(1/b)",
    "a/b*c",
    "a/b/c",
    "a/(b/c)",
    "-(-a)",
    "(-a)/b",
    "-a*b",
    "a - b",
    "a + (b + c)",
    "x/x",
    "1/0",
    "0/x",
    "2/4",
    "(x^a)^b",
    "d/dx (x^2)",
    "d^2/dx^2 (sin(x))",
    "f''(a*b)",
    "g(x, y)",
    "heaviside(x)",
    "cases(x if x = 1, a otherwise)",
    "cases(x if x > 0 and x < 1, a if x >= 1 or x < 0)",
    "sum(z[k]^2, k, 1, n)",
    "prod(x, k, 1, 3)",
    "integral(x^2, x, 0, 1)",
    "W[i, j]",
    "2*(a + b)",
    "0*(1/x)",
)


def _same(a: Term, b: Term) -> bool:
    return a == b or decide(a, b).kind == "proved"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_goes_out_and_comes_back(name: str) -> None:
    t = read_plain(FUNCTIONS[name].example).bare
    assert _same(from_sympy(to_sympy(t)), t)


@pytest.mark.parametrize("text", SAME_STRUCTURE)
def test_nothing_is_evaluated(text: str) -> None:
    t = read_plain(text, functions=["g"]).bare
    assert from_sympy(to_sympy(t)) == t


@settings(max_examples=100)
@given(scalars)
def test_round_trip_keeps_the_shape_up_to_coefficients(t: Term) -> None:
    once = from_sympy(to_sympy(t))
    assert from_sympy(to_sympy(once)) == once


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (1 / (1 + sympy.exp(-x)), "1/(1 + exp(-x))"),
        (-x / 2, "-x/2"),
        (3 * x / 2, "3*x/2"),
        (sympy.Rational(-2, 3), "-2/3"),
        (x**-3, "1/x^3"),
        (1 / sympy.sqrt(x), "1/sqrt(x)"),
        (sympy.Float("0.1"), "0.1"),
        (sympy.Float(-2.5) * x, "(-2.5)*x"),
        (sympy.Max(0, x), "max(0, x)"),
        (sympy.Heaviside(x), "cases(0 if x < 0, 1/2 if x = 0, 1 if x > 0)"),
        (sympy.Function("f")(x, y), "f(x, y)"),
        (sympy.Derivative(sympy.Function("f")(x), x), "d/dx (f(x))"),
        (sympy.Symbol("x1") + sympy.Symbol("x10"), "x_1 + x_10"),
        (sympy.E**2 * sympy.pi, "pi*exp(2)"),
        (sympy.log(x, 2), "log(x)/log(2)"),
        (sympy.Matrix([[1, x], [y, 2]]), "[[1, x], [y, 2]]"),
        (sympy.Limit(x, x, 0, "+-"), "limit(x, x, 0)"),
    ],
)
def test_from_sympy(expr: object, text: str) -> None:
    assert str(from_sympy(expr)) == text


@pytest.mark.parametrize(
    "expr", [sympy.I * x, sympy.nan, sympy.zoo, sympy.MatrixSymbol("A", 2, 2), sympy.Limit(x, x, 0), sympy.false]
)
def test_what_no_term_stands_for_is_refused(expr: object) -> None:
    with pytest.raises(SymderivError):
        from_sympy(expr)


def test_unknown_functions_are_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="gamma"):
        from_sympy(sympy.gamma(x))


@pytest.mark.parametrize("t", [Layer(Sym("z"), Sym("l")), Expectation(X, X), Sum(X, Sym("k"))])
def test_what_sympy_cannot_say_is_refused(t: Term) -> None:
    with pytest.raises(SymderivError, match="no counterpart"):
        to_sympy(t)


def test_arrays_are_matrix_expressions() -> None:
    n, m, a, x = Sym("n"), Sym("m"), Sym("A"), Sym("x")
    context = Context().declare("A", matrix(n, m)).declare("x", vector(m))
    rows, columns = (sympy.Symbol(s, integer=True, real=True) for s in "nm")
    left, right = sympy.MatrixSymbol("A", rows, columns), sympy.MatrixSymbol("x", columns, 1)
    assert to_sympy(Mul(a, x), context) == left * right
    assert to_sympy(Fn("frobenius", a), context) == sympy.sqrt(sympy.Trace(left.T * left))
    assert to_sympy(Mul(Fn("transpose", x), x), context) == sympy.Trace(right.T * right)
    assert to_sympy(Mul(Entry(x, Sym("i")), x), context) == sympy.MatMul(right[sympy.Symbol("i", real=True) - 1, 0], right)
    assert to_sympy(Fn("map", Lambda(Fn("exp", Sym("t")), Sym("t")), a), context).shape == (rows, columns)


@pytest.mark.parametrize("t", [Fn("exp", X), Add(X, Num(1)), Fn("norm", X, Num(1))])
def test_what_sympy_does_not_do_with_matrices_is_refused(t: Term) -> None:
    with pytest.raises(SymderivError, match="SymPy"):
        to_sympy(t, Context().declare("x", vector(Sym("n"))))


def test_assumptions_cross_the_border() -> None:
    context = Context().assume(Relation(">", X, Num(0))).declare("n", INTEGER)
    e = to_sympy(Div(X, Sym("n")), context)
    symbols = {s.name: s for s in e.free_symbols}
    assert symbols["x"].is_positive
    assert symbols["n"].is_integer
    back = context_of(e)
    assert back.assumptions == context.assumptions
    assert back.sort("n") == INTEGER


def test_deep_expressions_do_not_recurse() -> None:
    t: Term = X
    for _ in range(3000):
        t = Fn("sin", t)
    assert from_sympy(to_sympy(t)) == t


def test_the_condition_that_always_holds() -> None:
    assert from_sympy(sympy.true) == Truth()
