"""Definitions put in and derivatives taken: shadows, circles, defined letters, what is not a number."""

from __future__ import annotations

import pytest

from symderiv.decide import decide
from symderiv.decide.opened import is_scalar, opened
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.read import let, read_plain
from symderiv.terms import (
    Array,
    Context,
    Derivative,
    Entry,
    Fn,
    Indicator,
    Layer,
    Mul,
    Not,
    Num,
    Pow,
    Sym,
    Term,
    function,
    matrix,
    vector,
)

n, x, v, W = Sym("n"), Sym("x"), Sym("v"), Sym("W")
SHAPES = Context().declare("v", vector(n)).declare("W", matrix(n, n)).declare("f", function()).declare("g", function(1, (n,)))


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("f(x) = x^2", "f(3)", "9"),
        ("f(x) = x^2, g(x) = f(x + 1)", "g(y)", "(y + 1)^2"),
        ("f(x) = x^2", "f'(y)", "2*y"),
        ("f(x) = x^2", "f''(y)", "2"),
        ("f(x) = x^2", "d/dx f(x)", "2*x"),
        ("f(x) = x^3", "d/dy f(y^2)", "6*y^5"),
        ("c = 3, f(x) = c*x", "f'(y)", "3"),
        ("z = x*y", "d/dx z", "y"),
        ("z = x*y, w = z^2", "d/dx w", "2*x*y^2"),
        ("z = x*y, w = z^2", "d/dz w", "2*z"),
        ("z = x*y, w = z^2 + x", "d/dx w", "2*x*y^2 + 1"),
        ("x = 3, f(x) = x^2", "f(y)", "y^2"),
        ("y = 5, f(x) = x*y", "f(2)", "10"),
    ],
)
def test_opened(declared: str, text: str, expected: str) -> None:
    context = let(declared)
    verdict = decide(read_plain(text, context), read_plain(expected, context), context)
    assert verdict.kind == "proved", verdict


def test_a_prime_of_a_function_of_the_table() -> None:
    from symderiv.terms import Prime

    assert decide(Prime("tanh", (1,), x), read_plain("1 - tanh(x)^2")).kind == "proved"


def test_nothing_to_open_is_the_same_term() -> None:
    term = read_plain("exp(x)/(1 + x)").bare
    assert opened(term, let("f(t) = t")) is term


def test_circles_are_refused() -> None:
    context = Context().define("a", (), read_plain("b + 1")).define("b", (), read_plain("a - 1"))
    with pytest.raises(Unsupported, match="circles"):
        opened(Sym("a"), context)
    recursive = Context().define("f", ("x",), Fn("f", x))
    with pytest.raises(Unsupported, match="circles"):
        opened(Fn("f", Num(1)), recursive)
    assert decide(Sym("a"), Num(1), context).kind == "undecided"


@pytest.mark.parametrize(
    "term",
    [Derivative(v, v), Derivative(Pow(x, Num(2)), x, indices=(Num(1),)), Derivative(Fn("max", x, Entry(x, Num(1))), x)],
)
def test_derivatives_that_are_refused(term: Term) -> None:
    with pytest.raises(Unsupported):
        opened(term, SHAPES)


def test_derivatives_that_grow_are_refused() -> None:
    with pytest.raises(Unsupported, match="size"):
        opened(Derivative(read_plain("exp(x^2)").bare, x, 300), Context(), Budget(20))
    assert opened(Derivative(Pow(x, Num(2)), x, 10**9), Context()) == Num(0)


def test_conditions_nested_too_deep_are_refused() -> None:
    condition: Term = read_plain("x > 0").bare
    for _ in range(5000):
        condition = Not(condition)
    with pytest.raises(Unsupported, match="nested"):
        opened(Indicator(condition), Context())


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (x, True),
        (v, False),
        (W, False),
        (Sym("f"), False),
        (Entry(v, Num(1)), True),
        (Entry(W, Num(1)), False),
        (Entry(W, Num(1), Num(2)), True),
        (Entry(Layer(W, Sym("l")), Num(1), Num(2)), True),
        (Layer(v, Num(1)), False),
        (Layer(Sym("s"), Num(1)), True),
        (Fn("f", x), True),
        (Fn("g", x), False),
        (Fn("f", v), False),
        (Entry(Fn("f", x), Num(1)), False),
        (Array((x, x)), False),
    ],
)
def test_is_scalar(term: Term, expected: bool) -> None:
    assert is_scalar(term, SHAPES) is expected
    assert is_scalar(Fn("exp", term), SHAPES) is expected


def test_a_letter_of_which_nothing_is_said_is_not_taken_for_a_constant() -> None:
    """∂loss/∂w of somebody else's text is not 0 because loss was not defined; in a formula, letters are constants."""
    loss, w, a = Sym("loss"), Sym("w"), Sym("a")
    assert decide(Derivative(loss, w), Num(0)).kind == "undecided"
    assert decide(Derivative(loss, w), Mul(Num(2), w)).kind == "undecided"
    assert decide(Derivative(Mul(a, w), w), a).kind == "proved"
    assert decide(Derivative(w, w), Num(1)).kind == "proved"
    defined = Context().define("loss", (), Mul(a, w))
    assert decide(Derivative(loss, w), a, defined).kind == "proved"
