"""Shapes in letters, and what does not fit together."""

from __future__ import annotations

import pytest

from symderiv.errors import ShapeError
from symderiv.read import let, read_latex
from symderiv.terms import Context, Entry, Fn, Sym
from symderiv.terms.shapes import NUMERATOR, SizeNotSaid, in_letters, shape

CONTEXT = let(
    r"X \in \mathbb{R}^{n \times d}, W \in \mathbb{R}^{d \times m}, A, B \in \mathbb{R}^{n \times n}, x, y \in \mathbb{R}^n, b \in \mathbb{R}^m,"
    r" z \in \mathbb{R}^{n + m - 1}, w \in \mathbb{R}^{m - 1 + n}"
)

FITTING = {
    r"X W": "n × m",
    r"(X W)^\top": "m × n",
    r"2 X W + X W": "n × m",
    r"x^\top A x": "a number",
    r"x x^\top": "n × n",
    r"x y^\top A": "n × n",
    r"A^{-1} x": "n × 1",
    r"\operatorname{tr}(A B)": "a number",
    r"\operatorname{diag}(x) A": "n × n",
    r"\operatorname{diag}(A)": "n × 1",
    r"\tanh(X W)": "n × m",
    r"X \odot X": "n × d",
    r"\|X\|_F^2": "a number",
    r"\mathbf{1}_n b^\top": "n × m",
    r"A^2": "n × n",
    r"x_i": "a number",
    r"\sum_{k=1}^n x_k A": "n × n",
    r"\nabla_W \|X W\|_F^2": "d × m",
    r"\nabla_x (x^\top A x)": "n × 1",
    r"\frac{\partial}{\partial x} (A x)": "n × n",
    r"z + w": "n + m - 1 × 1",
    r"\frac{x}{\|x\|}": "n × 1",
    r"\nabla^2_x (x^\top A x)": "n × n",
    r"\operatorname{vec}(X)": "n*d × 1",
    r"X \otimes W": "n*d × d*m",
}

MISFITS = {
    r"W X": "W is d × m and X is n × d: their product does not exist",
    r"X W + X": "X*W is n × m and X is n × d: their sum does not exist",
    r"X \odot W": "X is n × d and W is d × m: their combination does not exist",
    r"\operatorname{tr}(X)": "X is n × d: trace needs a square matrix",
    r"X^{-1}": "X is n × d: inverse needs a square matrix",
    r"X^2": "X is n × d: only a square matrix has powers",
    r"A X X": "A*X is n × d and X is n × d: their product does not exist",
    r"x + b": "x is n × 1 and b is m × 1: their sum does not exist",
    r"\frac{1}{x}": "x is n × 1: one cannot divide by it",
}


@pytest.mark.parametrize("text", FITTING)
def test_the_shape(text: str) -> None:
    assert in_letters(shape(read_latex(text, CONTEXT), CONTEXT)) == FITTING[text]


@pytest.mark.parametrize("text", MISFITS)
def test_what_does_not_fit_is_told_in_letters_with_its_place(text: str) -> None:
    with pytest.raises(ShapeError) as error:
        shape(read_latex(text, CONTEXT), CONTEXT)
    assert error.value.what == MISFITS[text]
    assert error.value.span is not None
    assert not isinstance(error.value, SizeNotSaid)


@pytest.mark.parametrize(
    "text", [r"x A", r"x^2", r"A_i", r"\operatorname{F}(A)", r"\mathbf{1}^\top x", r"\frac{\partial}{\partial A} (A x)"]
)
def test_what_is_not_said_is_no_misfit(text: str) -> None:
    with pytest.raises(SizeNotSaid):
        shape(read_latex(text, CONTEXT), CONTEXT)


def test_too_many_indices() -> None:
    with pytest.raises(ShapeError, match="x is n × 1: 2 indices are too many"):
        shape(Entry(Sym("x"), Sym("i"), Sym("j")), CONTEXT)


def test_numerator_layout_turns_gradients() -> None:
    gradient = read_latex(r"\nabla_W \|X W\|_F^2", CONTEXT)
    assert in_letters(shape(gradient, CONTEXT.assume(NUMERATOR))) == "m × d"


def test_defined_names_have_the_shape_of_what_they_stand_for() -> None:
    context = CONTEXT.define("Y", (), read_latex(r"X W", CONTEXT))
    assert in_letters(shape(Sym("Y"), context)) == "n × m"


def test_a_function_of_a_number_goes_entry_by_entry() -> None:
    context = let(r"f(t) = \frac{1}{1 + e^{-t}}, Z \in \mathbb{R}^{n \times k}")
    assert in_letters(shape(Fn("f", Sym("Z")), context)) == "n × k"


def test_deep_terms_cost_no_recursion() -> None:
    t = Sym("A")
    for _ in range(5000):
        t = Fn("transpose", t)  # type: ignore[assignment]
    assert in_letters(shape(t, CONTEXT)) == "n × n"
    assert shape(Sym("c"), Context()) == ()
