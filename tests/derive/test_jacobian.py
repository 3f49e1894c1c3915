"""Hessians by vectors: every step is decided, and the whole against index notation, which does not use the rules."""

import pytest

from symderiv.check import check_text
from symderiv.decide import decide
from symderiv.derive import hessian, jacobian, matrix_gradient
from symderiv.errors import NoDerivation, NotDerivable, UnknownName
from symderiv.read import let, read_plain
from symderiv.request import derive
from symderiv.terms import Derivative, Fn, Relation, Sym, Term
from symderiv.terms.shapes import NUMERATOR

CASES = [
    ("A in R^{n x n}, x in R^n", "transpose(x)*A*x", "x", "A + transpose(A)"),
    ("X in R^{n x d}, w in R^d, y in R^n", "||X*w - y||^2/2", "w", "transpose(X)*X"),
    ("X in R^{n x d}, w in R^d, y in R^n", "||X*w - y||^2 + lambda*||w||^2", "w", "2*transpose(X)*X + 2*lambda*identity(d)"),
    ("a in R^n, x in R^n", "inner(a, x)^2", "x", ""),
    ("a in R^n, x in R^n", "exp(inner(a, x))", "x", ""),
    ("a in R^n, x in R^n", "log(1 + exp(inner(a, x)))", "x", ""),
    ("x in R^n", "||x||", "x", ""),
    ("x in R^n", "1/(1 + inner(x, x))", "x", ""),
    ("a in R^n, x in R^n", "inner(a, x)", "x", "0"),
    ("W in R^{m x n}, x in R^n, b in R^m", "inner(b, tanh(W*x))", "x", ""),
    ("a in R^n, b in R^n, x in R^n", "inner(a, x)*inner(b, x)", "x", ""),
    ("A in R^{n x n}, x in R^n", "(transpose(x)*A*x)^2", "x", ""),
    ("A in R^{n x n}, x in R^n, b in R^n", "inner(hadamard(x, b), A*x)", "x", ""),
]


@pytest.mark.parametrize(("letters", "text", "by", "goal"), CASES)
def test_every_step_is_proved_for_every_size(letters: str, text: str, by: str, goal: str) -> None:
    context = let(letters)
    d = hessian(matrix_gradient(read_plain(text, context).bare, by, context))
    assert d.leaps() == ()
    assert {v.kind for v in d.check()} == {"proved"}
    assert decide(Derivative(read_plain(text, context).bare, Sym(by), 2), d.result, context).kind == "proved"
    if goal:
        assert str(d.result) == str(read_plain(goal, context))


@pytest.mark.parametrize(("letters", "text", "by", "goal"), [c for c in CASES if c[3] not in ("", "0")])
def test_a_wrong_goal_is_refused(letters: str, text: str, by: str, goal: str) -> None:
    context = let(letters)
    gradient = matrix_gradient(read_plain(text, context).bare, by, context)
    with pytest.raises(NoDerivation):
        hessian(gradient, goal=read_plain(f"3*({goal})", context).bare)
    other = read_plain(f"{goal} + 0*({goal})", context).bare
    assert hessian(gradient, goal=other).result == other


VECTORS = [
    ("A in R^{m x n}, x in R^n", "A*x", "transpose(A)", "A"),
    ("W in R^{m x n}, x in R^n, b in R^m", "tanh(W*x + b)", "", ""),
    ("b in R^n, x in R^n", "hadamard(b, x)", "diag(b)", "diag(b)"),
    ("b in R^n, x in R^n", "inner(b, x)*x", "", ""),
    ("x in R^n", "x/norm(x)", "", ""),
    ("A in R^{n x n}, x in R^n", "x*transpose(x)*A*x", "", ""),
]


@pytest.mark.parametrize(("letters", "text", "below", "above"), VECTORS)
def test_a_jacobian_is_laid_out_as_is_asked_for_and_passed_back(letters: str, text: str, below: str, above: str) -> None:
    for context, goal in ((let(letters), below), (let(letters).assume(NUMERATOR), above)):
        d = jacobian(read_plain(text, context).bare, "x", context)
        assert d.leaps() == ()
        assert {v.kind for v in d.check()} == {"proved"}
        assert decide(d.start, d.result, d.context).kind == "proved"
        if goal:
            assert str(d.result) == goal
        (back,) = d.forms
        assert isinstance(back.derivation.start, Derivative)
        assert isinstance(back.derivation.start.body, Fn)
        assert back.derivation.start.body.name == "inner"


@pytest.mark.parametrize("name", ["linear_regression", "least_squares", "logistic_regression", "log_softmax", "quadratic_form"])
def test_the_numerator_layout_is_the_transpose_and_is_said(name: str) -> None:
    d = derive(name, layout="numerator")
    assert d.leaps() == ()
    assert {v.kind for v in d.check()} == {"proved"}
    written = str(d.write("markdown"))
    assert "numerator layout" in written
    assert [c.reason for c in check_text(written, "markdown").claims if c.verdict not in ("proved", "definition")] == []
    other = derive(name)
    assert other.result == d.result or decide(d.result, other.result, d.context).kind != "proved"


def test_a_layout_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UnknownName, match="layout"):
        derive("quadratic_form", layout="sideways")


def test_what_no_rule_brings_to_a_linear_map_is_said() -> None:
    with pytest.raises(NotDerivable, match="could not be brought"):
        derive("inner(a, f(x))", "x", let="a in R^n, x in R^n, f : R^n -> R^n", order=2)


def test_indices_are_declared_where_none_are() -> None:
    d = derive("log(sum(exp(z[m]), m, 1, K))", "z", let="z in R^K", order=2)
    assert isinstance(d.start, Derivative)
    assert d.leaps() == ()
    assert {v.kind for v in d.check()} == {"proved"}
    assert [str(r.condition) for r in d.forms[:2]] == ["i = j", "i != j"]


def test_a_second_derivative_by_one_entry_is_what_is_asked_for() -> None:
    d = derive("sum(z[m]^3, m, 1, K)", "z[i]", let="z in R^K, i in 1..K", order=2)
    assert str(d.start) == "d^2/dz[i]^2 (sum(z[m]^3, m, 1, K))"
    assert str(d.result) == "6*z[i]"
    assert {v.kind for v in d.check()} == {"proved"}


@pytest.mark.parametrize("equal", [True, False])
def test_the_cases_hold_under_their_own_condition_only(equal: bool) -> None:
    d = derive("softmax")
    case = d.forms[not equal].derivation
    other: Term = Relation("≠" if equal else "=", Sym("i"), Sym("j"))
    assert decide(case.start, case.result, case.context).kind == "proved"
    assert decide(case.start, case.result, d.context.assume(other)).kind == "refuted"
