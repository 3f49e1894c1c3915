import subprocess
import sys

import pytest

import symderiv
from symderiv import backprop, derive, equal, gradient
from symderiv.decide import decide
from symderiv.errors import DomainError, ReadError, SymderivError, UnknownName
from symderiv.read import read_plain
from symderiv.terms import Context


def test_the_public_functions_win_over_the_subpackages() -> None:
    code = "import symderiv.derive.derivation, symderiv.request; from symderiv import derive; print(derive('x^2').result)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "2*x"
    assert set(symderiv.__all__) <= set(dir(symderiv))
    with pytest.raises(AttributeError):
        symderiv.nothing  # noqa: B018


@pytest.mark.parametrize("asked", ["x^2*exp(x)", r"x^2 e^{x}", "f(x) = x**2*exp(x)", r"f(x) = x^2 \exp(x)"])
def test_text_is_plain_or_latex_an_expression_or_a_definition(asked: str) -> None:
    d = derive(asked)
    assert decide(d.result, read_plain("(x^2 + 2*x)*exp(x)").bare, d.context).kind == "proved"


def test_sympy_comes_in_and_goes_out() -> None:
    import sympy

    x = sympy.Symbol("x", real=True)
    f = sympy.tanh(x) * sympy.exp(-(x**2))
    result = derive(f).sympy()
    assert sympy.simplify(result - sympy.diff(f, x)) == 0


def test_several_letters_need_a_choice() -> None:
    with pytest.raises(SymderivError, match="by which letter"):
        derive("x*y")
    assert str(derive("x*y", "y").result) == "x"
    assert [str(d.result) for d in gradient("x*y")] == ["y", "x"]
    assert [str(d.result) for d in backprop("x10*x2").partials] == ["x_10", "x_2"]


def test_a_function_that_is_equal_to_a_row_is_recognised() -> None:
    d = derive("exp(x)/(1 + exp(x))")
    assert str(d.result) == "sigmoid(x)*(1 - sigmoid(x))"
    named = derive("f(t) = 1/(1 + exp(-t))")
    assert str(named.result) == "f(t)*(1 - f(t))"
    assert named.leaps() == ()


def test_functions_of_the_catalogue_can_be_used() -> None:
    d = derive("x*sigmoid(3*x)")
    assert d.leaps() == ()
    assert any("known" in s.words for s in d.steps)
    assert derive("relu(x)*x").knots


def test_the_misread_fraction_is_pointed_out() -> None:
    by = dict(zip(("x_1", "x_2", "x_3", "x_4"), gradient("z = x1*(x2-4) + exp(x3^2) / 5*x4^2"), strict=True))
    for letter, expected in (("x_3", "2/5*x3*x4^2*exp(x3^2)"), ("x_4", "2/5*x4*exp(x3^2)"), ("x_1", "x2 - 4"), ("x_2", "x1")):
        assert decide(by[letter].result, read_plain(expected).bare, Context()).kind == "proved"
    assert [len(d.remarks) for d in by.values()] == [0, 0, 0, 1], "said once"
    remark = by["x_4"].remarks[-1]
    assert "misread" in remark.words
    other = remark.details[-1].children[1]
    assert decide(other, read_plain("-2*exp(x3^2)/(5*x4^3)").bare, Context()).kind == "proved"


def test_a_letter_that_does_not_occur_gives_0_and_a_word() -> None:
    d = derive("x^2", "y")
    assert str(d.result) == "0"
    assert any("does not occur" in r.words for r in d.remarks)


@pytest.mark.parametrize(
    ("left", "right", "let", "kind"),
    [
        ("(x + 1)^2", "x^2 + 2*x + 1", "", "proved"),
        ("(x + 1)^2", "x^2 + 1", "", "refuted"),
        ("sqrt(x^2)", "x", "", "refuted"),
        ("sqrt(x^2)", "x", "x > 0", "proved"),
        ("sigmoid(x)", "(1 + tanh(x/2))/2", "", "proved"),
        ("relu(x)", "(x + abs(x))/2", "", "proved"),
    ],
)
def test_equal(left: str, right: str, let: str, kind: str) -> None:
    verdict = equal(left, right, let=let)
    assert verdict.kind == kind
    assert (verdict.witness is not None) == (kind == "refuted")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("", ReadError),
        ("   ", ReadError),
        ("(x", ReadError),
        ("x +", ReadError),
        ("sigmiod", UnknownName),
        ("sigmiod(x)", SymderivError),
        ("x < 3", SymderivError),
        ("(" * 500 + "x" + ")" * 500, ReadError),
        ("x $ y", ReadError),
        ("\\frac{1}{", ReadError),
        ("x/0", DomainError),
        ("0^0", DomainError),
        ("log(-1)*x", DomainError),
        ("x/(1 - 1)", DomainError),
        ("[1, 2]", SymderivError),
        ("a and b", SymderivError),
        ("x if x > 0", ReadError),
    ],
)
def test_bad_input_is_one_clear_error(asked: str, error: type[SymderivError]) -> None:
    with pytest.raises(error):
        derive(asked)


def test_unusual_input_is_answered() -> None:
    assert str(derive("−x").result) == "-1"
    assert str(derive(" + ".join(["x"] * 10_000)).result) == "10000"
    assert str(derive("sin").result) == "cos(x)"
    assert str(derive("x + y", "x").result) == "1"


def test_a_composition_at_symbolic_size_ends_in_prediction_minus_label() -> None:
    d = derive("cross_entropy(softmax(z))")
    expected = read_plain("softmax(z)[i] - y[i]", d.context)
    assert decide(d.result, expected, d.context).kind == "proved"
    assert d.leaps() == ()
    assert d.result.size <= expected.size + 2


def test_functions_of_vectors_take_the_size_of_what_they_are_applied_to() -> None:
    for name, size in (("x", "n"), ("z", "K"), ("K", "m")):
        let = f"{size} positive integer, {name} in R^{size}, i in 1..{size}"
        assert equal(f"softmax({name})[i]", f"exp({name}[i])/sum(exp({name}[l]), l, 1, {size})", let=let).kind == "proved"
        assert equal(f"mean({name})", f"sum({name}[l], l, 1, {size})/({size} + 1)", let=let).kind == "refuted"
        d = derive(f"mean({name})^2", f"{name}[i]", let=let)
        assert d.leaps() == ()
        assert str(d.result) == f"2*mean({name})/{size}"
    with pytest.raises(SymderivError, match="one size"):
        equal("mean(x)", "mean(y)", let="x in R^n, y in R^k")


def test_the_softmax_of_a_matrix_is_taken_of_its_rows() -> None:
    let = "S in R^{n x m}, i in 1..n, j in 1..m"
    assert equal("softmax(S)[i,j]", "exp(S[i,j])/sum(exp(S[i,k]), k, 1, m)", let=let).kind == "proved"
    by_columns = equal("softmax(S)[i,j]", "exp(S[i,j])/sum(exp(S[k,j]), k, 1, n)", let=let)
    assert by_columns.kind == "undecided"
    assert "column" in by_columns.tried[0]
    assert equal("softmax(S)[i,j]", "exp(S[i,j])/sum(exp(S[i,k]), k, 1, n)", let=let).kind == "refuted"
    d = derive("inner(G, log(softmax(X*W)))", "W", let="X in R^{n x d}, W in R^{d x m}, G in R^{n x m}")
    assert d.leaps() == ()
    assert {v.kind for v in d.check()} == {"proved"}
    assert any("each of its rows" in r.words for r in d.remarks)
