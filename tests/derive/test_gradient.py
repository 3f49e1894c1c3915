"""Gradients by matrices and vectors of any size: every step is decided, and the whole against index notation."""

import pytest

from symderiv.decide import decide
from symderiv.derive import matrix_gradient
from symderiv.errors import NoDerivation, NotDerivable, ShapeError, SymderivError
from symderiv.read import let, read_plain
from symderiv.request import derive
from symderiv.terms import Derivative, Sym
from symderiv.terms.shapes import same_shape, shape

LINEAR = "X in R^{n x d}, W in R^{d x m}, Y in R^{n x m}"
CASES = [
    (LINEAR, "||X*W - Y||^2", "W", "2*transpose(X)*(X*W - Y)"),
    (LINEAR, "||X*W - Y||^2", "X", "2*(X*W - Y)*transpose(W)"),
    (LINEAR, "||X*W - Y||^2", "Y", "-2*(X*W - Y)"),
    (LINEAR, "||X*W - Y||^2 + lambda*||W||^2", "W", "2*transpose(X)*(X*W - Y) + 2*lambda*W"),
    (LINEAR, "||tanh(X*W) - Y||^2", "W", ""),
    ("X in R^{n x d}, w in R^d, y in R^n", "||X*w - y||^2/2", "w", "transpose(X)*(X*w - y)"),
    ("A in R^{n x n}", "log(det(A))", "A", "transpose(inverse(A))"),
    ("A in R^{n x n}", "det(A)", "A", "det(A)*transpose(inverse(A))"),
    ("A in R^{n x m}, X in R^{m x k}, B in R^{k x n}", "trace(A*X*B)", "X", "transpose(A)*transpose(B)"),
    ("A in R^{n x n}, B in R^{n x n}", "trace(inverse(A)*B)", "A", ""),
    ("x in R^n, A in R^{n x n}", "transpose(x)*A*x", "x", "A*x + transpose(A)*x"),
    ("a in R^n, b in R^m, X in R^{n x m}", "transpose(a)*X*b", "X", "a*transpose(b)"),
    ("X in R^{n x d}", "trace(transpose(X)*X) + 1", "X", "2*X"),
    ("x in R^n", "||x||", "x", "x/||x||"),
    ("W in R^{m x n}, x in R^n, b in R^m", "inner(b, tanh(W*x))", "x", ""),
    ("x in R^n, a in R^n", "exp(inner(a, x))", "x", "exp(inner(a, x))*a"),
    ("x in R^n, a in R^n", "log(1 + exp(-inner(a, x)))", "x", ""),
    ("A in R^{n x n}, B in R^{n x n}", "trace(hadamard(A, B)*A)", "A", ""),
]


@pytest.mark.parametrize(("letters", "text", "by", "goal"), CASES)
def test_every_step_is_proved_for_every_size(letters: str, text: str, by: str, goal: str) -> None:
    context = let(letters)
    d = matrix_gradient(read_plain(text, context).bare, by, context)
    assert d.leaps() == ()
    assert {v.kind for v in d.check()} == {"proved"}
    assert same_shape(shape(d.result, context), shape(Sym(by), context))
    assert decide(Derivative(d.start.body, Sym(by)), d.result, context).kind == "proved"  # type: ignore[attr-defined]
    if goal:
        assert str(d.result) == str(read_plain(goal, context))


@pytest.mark.parametrize(("letters", "text", "by", "goal"), [c for c in CASES if c[3]])
def test_a_wrong_goal_is_refused(letters: str, text: str, by: str, goal: str) -> None:
    context = let(letters)
    with pytest.raises(NoDerivation):
        matrix_gradient(read_plain(text, context).bare, by, context, goal=read_plain(f"3*({goal})", context).bare)


def test_order_of_factors_is_never_touched() -> None:
    context = let("A in R^{n x n}, B in R^{n x n}")
    d = matrix_gradient(read_plain("trace(A*B*A)", context).bare, "A", context)
    assert decide(d.result, read_plain("transpose(B*A) + transpose(A*B)", context), context).kind == "proved"
    assert "^2" not in str(d.result)


def test_sizes_that_do_not_fit_are_said_in_letters() -> None:
    with pytest.raises(ShapeError, match="n × d and W is m × d"):
        derive("||X W - Y||^2", "W", let="X in R^{n x d}, W in R^{m x d}, Y in R^{n x m}")


def test_what_is_not_a_number_has_no_gradient() -> None:
    with pytest.raises(NotDerivable, match="not a number"):
        derive("X*W", "W", let=LINEAR)


def test_the_norm_of_a_matrix_is_said_to_be_frobenius() -> None:
    d = derive("||X W - Y||^2", "W", let=LINEAR)
    assert any("Frobenius" in r.words for r in d.remarks)
    assert "\\top" in d.latex()


def test_second_derivatives_by_matrices_are_refused() -> None:
    with pytest.raises(SymderivError, match="second derivatives"):
        derive("||X W - Y||^2", "W", let=LINEAR, order=2)
