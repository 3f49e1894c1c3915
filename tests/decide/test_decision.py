"""Claims that are easily got wrong: near misses, domains, knots, integer letters, contradictory assumptions, unknown functions."""

from __future__ import annotations

import pytest

from symderiv.decide import decide, decide_relation, derivative_of, domain, prove
from symderiv.errors import NotDerivable
from symderiv.read import let, read_plain
from symderiv.terms import TWO, Context, Num, Or, Relation, Sum, Sym, matrix, plus, times, vector


def claim(left: str, right: str, declared: str = "", method=decide):
    context = let(declared) if declared else Context()
    return method(read_plain(left, context), read_plain(right, context), context)


PROVED = [
    ("sqrt(x^2)", "abs(x)", ""),
    ("sqrt(x^2)", "x", "x >= 0"),
    ("(x^2)^(1/2)", "abs(x)", ""),
    ("log(x^2)", "2*log(abs(x))", ""),
    ("log(x)/log(2)", "2*log(x)/log(4)", ""),
    ("exp(x)^y", "exp(x*y)", ""),
    ("2^x*2^y", "2^(x + y)", ""),
    ("4^x", "2^(2*x)", ""),
    ("(1/2)^x", "2^(-x)", ""),
    ("x^y*x^z", "x^(y + z)", ""),
    ("sqrt(12)", "2*sqrt(3)", ""),
    ("2^(1/3)*4^(1/3)", "2", ""),
    ("root(x, 6)^2", "root(x, 3)", ""),
    ("root(x, 1 + 1)", "sqrt(x)", ""),
    ("log(e)", "1", ""),
    ("0.1 + 0.2", "0.3", ""),
    ("sin(pi)", "0", ""),
    ("cos(2*x)", "2*cos(x)^2 - 1", ""),
    ("sin(x)*cos(y) + cos(x)*sin(y)", "sin(x + y)", ""),
    ("sin(atan(x))", "x/sqrt(1 + x^2)", ""),
    ("asin(-x)", "-asin(x)", ""),
    ("tanh(x)", "(exp(2*x) - 1)/(exp(2*x) + 1)", ""),
    ("cosh(x)^2 - sinh(x)^2", "1", ""),
    ("log(1 + exp(x)) - x", "log(1 + exp(-x))", ""),
    ("exp(x/3)*exp(x/2)", "exp(5*x/6)", ""),
    ("exp(0.044715*x)*exp(x/7)", "exp(x*(0.044715 + 1/7))", ""),
    ("max(x, y)", "(x + y + abs(x - y))/2", ""),
    ("max(x, min(x, y))", "x", ""),
    ("max(x, y) + min(x, y)", "x + y", ""),
    ("max(x*y, x) + min(x*y, x)", "x*y + x", ""),
    ("abs(x*y)", "abs(x)*abs(y)", ""),
    ("sign(x)*sign(y)", "sign(x*y)", ""),
    ("abs(x)^2", "x^2", ""),
    ("x*indicator(x > 0)", "max(0, x)", ""),
    ("indicator(x > 0)", "cases(1 if x > 0, 0 otherwise)", ""),
    ("cases(1 if x > 0, 2 if x > 1)", "cases(1 if x > 0, 3 if x > 1)", ""),
    ("heaviside(1/x + 2)", "heaviside(2 + 1/x)", ""),
    ("max(y^(-1/2), x*x)", "max(2*y^(-1/2) - y^(-1/2), x*x)", ""),
    ("(-1)^(2*n)", "1", "n integer"),
    ("(-1)^n*(-1)^n", "1", "n integer"),
    ("x^n*x", "x^(n + 1)", "n integer, n >= 1"),
    ("(x*y)^n", "x^n*y^n", "n integer"),
    ("(-x)^n", "(-1)^n*x^n", "n integer"),
    ("(x^2)^n", "x^(2*n)", "n integer"),
    ("x^n", "exp(n*log(x))", "n integer, x > 0"),
    ("x", "2", "x = 2"),
    ("f(x + x)", "f(2*x)", "f: R -> R"),
    ("z_i*z_i", "z_i^2", "z in R^n, i in 1..n"),
    ("(f(x)*x)/x", "f(x)", "f: R -> R, x != 0"),
]


@pytest.mark.parametrize(("left", "right", "declared"), PROVED)
@pytest.mark.parametrize("method", [decide, prove])
def test_proved_without_conditions(left: str, right: str, declared: str, method) -> None:
    verdict = claim(left, right, declared, method)
    assert (verdict.kind, verdict.conditions) == ("proved", ()), verdict


CONDITIONAL = [
    ("x/x", "1", "x != 0"),
    ("x^0", "1", "x != 0"),
    ("log(x^2)", "2*log(x)", "x > 0"),
    ("log(x*y)", "log(x) + log(y)", "x > 0; y > 0"),
    ("exp(log(x))", "x", "x > 0"),
    ("sqrt(x)*sqrt(y)", "sqrt(x*y)", "x >= 0; y >= 0"),
    ("abs(x)/x", "sign(x)", "x != 0"),
    ("abs(b)", "abs((max(1, y) + min(1, y) - y)/(1/b))", "b != 0"),
    ("heaviside(x)", "(1 + sign(x))/2", "x != 0"),
    ("cases(1 if x > 0)", "1", "x > 0"),
    ("asin(x) + acos(x)", "pi/2", "1 + x >= 0; 1 - x >= 0"),
    ("x^n*x", "x^(n + 1)", None),
    ("indicator(1/x > 0)", "indicator(x > 0)", "x != 0"),
    ("cases(1 if sqrt(x) >= 0, 1 otherwise)", "1 + 0*abs(y)", "x >= 0"),
    ("1/(1 + sqrt(x))", "(1 - sqrt(x))/(1 - x)", "1 - x != 0"),
]


@pytest.mark.parametrize(("left", "right", "conditions"), CONDITIONAL)
def test_the_conditions_say_where_only_one_side_is_defined(left: str, right: str, conditions: str | None) -> None:
    verdict = claim(left, right, "n integer" if "n" in left and "sin" not in left and "sign" not in left else "")
    assert verdict.kind == "proved", verdict
    if conditions is not None:
        assert [str(c) for c in verdict.conditions] == conditions.split("; ")


REFUTED = [
    ("sqrt(x^2)", "x", ""),
    ("x + 10^(-12)", "x", ""),
    ("x + 10^(-30)", "x", ""),
    ("exp(pi*sqrt(163))", "262537412640768744", ""),
    ("sqrt(x)", "-1", ""),
    ("(-1)^n", "1", "n integer"),
    ("n*(n + 1)/2", "n", "n integer"),
    ("abs(abs(x) - abs(y))", "abs(x - y)", ""),
    ("abs(abs(abs(x) - 1) - 1)", "abs(abs(x) - 1)", ""),
    ("cases(1 if x > 0, 0 otherwise)", "cases(1 if x > 1/1000, 0 otherwise)", "x > 0, x < 1/100"),
    ("f(x)", "x", "f: R -> R"),
    ("f'(x)", "f(x)", "f: R -> R"),
    ("f(1)", "f(2)", "f: R -> R"),
    ("z_1", "z_2", "z in R^n"),
    ("z_i", "z_j", "z in R^n, i in 1..n, j in 1..n, i != j"),
    ("x", "x + 1", "x > 0"),
]


@pytest.mark.parametrize(("left", "right", "declared"), REFUTED)
def test_refuted(left: str, right: str, declared: str) -> None:
    assert claim(left, right, declared).kind == "refuted"
    assert claim(left, right, declared, prove).kind != "proved"


UNDECIDED = [
    ("0^0", "1", ""),
    ("1/0", "2", ""),
    ("1/(x - x)", "1", ""),
    ("1/(x - x)", "1/(y - y)", ""),
    ("sqrt(-1 - x^2)", "1", ""),
    ("log(-1 - x^2)", "2", ""),
    ("(-1)^x", "1", ""),
    ("1/(sqrt(3 + 2*sqrt(2)) - 1 - sqrt(2))", "1", ""),
    ("f(x)", "f(y)", "f: R -> R"),
    ("f(x)", "g(x)", ""),
    ("Var(x)", "x", ""),
    ("f(x^2)", "f(y)", "f: R -> R"),
]


@pytest.mark.parametrize(("left", "right", "declared"), UNDECIDED)
def test_left_undecided(left: str, right: str, declared: str) -> None:
    context = let(declared) if declared else Context()
    functions = ("f", "g", "Var")
    sides = [read_plain(side, context, functions=functions) for side in (left, right)]
    assert decide(*sides, context).kind == "undecided"


NOT_PROVED = [
    ("sqrt(x^2*y) + sqrt(y^2)", "sqrt(x^2*y) + y", ""),
    ("sign(x^y) + x^y", "1 + x^y + 1/10^30", ""),
    ("min(y, 0^y)", "min(y, 0^y) + 1/10^12", "x > 0"),
    ("sqrt(x)*sqrt(-x)", "1", ""),
]


@pytest.mark.parametrize(("left", "right", "declared"), NOT_PROVED)
def test_a_sign_that_holds_almost_everywhere_proves_nothing(left: str, right: str, declared: str) -> None:
    verdict = claim(left, right, declared, prove)
    assert verdict.kind != "proved" or verdict.conditions, verdict


@pytest.mark.parametrize(
    ("left", "right", "assumed"),
    [
        ("x", "1 - y", "x + y = 1"),
        ("p*log(p) + q*log(q)", "p*log(p) + (1 - p)*log(1 - p)", "q = 1 - p"),
        ("x", "z", "x = y; y = z"),
        ("x^2", "y", "x = sqrt(y)"),
        ("abs(x)", "1 - y", "x + y = 1; y < 1"),
    ],
)
def test_equations_that_are_assumed_are_used(left: str, right: str, assumed: str) -> None:
    context = Context().assume(*(read_plain(a) for a in assumed.split("; ")))
    assert prove(read_plain(left), read_plain(right), context).kind == "proved"


def test_contradictory_assumptions_never_refute() -> None:
    for left, right in (("x", "y"), ("x", "x + 1"), ("1/x", "2"), ("abs(x)", "-x - 1")):
        assert claim(left, right, "x > 1, x < 0").kind != "refuted"


def test_what_is_assumed_of_an_alternative_is_respected() -> None:
    context = Context().assume(Or(read_plain("x = 1"), read_plain("x = 2")))
    assert decide(read_plain("(x - 1)*(x - 2)"), Num(0), context).kind != "refuted"


def test_an_index_keeps_to_its_range() -> None:
    context = let("n integer, i in 1..n")
    assert decide(read_plain("abs(n - i)"), read_plain("n - i"), context).kind != "refuted"
    assert decide_relation(Relation("≤", Sym("i"), Sym("n")), context).kind != "refuted"


def test_vectors_and_matrices_are_not_numbers() -> None:
    context = (
        Context().declare("A", matrix(Sym("n"), Sym("n"))).declare("B", matrix(Sym("n"), Sym("n"))).declare("v", vector(Sym("n")))
    )
    defined = context.define("y", (), read_plain("A*v"))
    for left, right in (("A*B", "B*A"), ("v*v", "v^2"), ("A", "B"), ("(A*B)^2", "A^2*B^2"), ("2*y", "y*2")):
        both = read_plain(left), read_plain(right)
        assert prove(*both, defined).kind == "undecided"
        assert decide_relation(Relation("<", *both), defined).kind == "undecided"
    assert decide(read_plain("A*B"), read_plain("B*A"), context).kind != "proved"


def test_what_is_bound_is_not_what_is_assumed() -> None:
    k, low, high = Sym("k"), read_plain("-3"), Num(3)
    context = Context().assume(read_plain("k > 0"))
    assert prove(Sum(read_plain("abs(k)"), k, low, high), Sum(k, k, low, high), context).kind == "undecided"
    inverse = Sum(read_plain("1/k"), k, Num(1), high)
    assert prove(times(TWO, inverse), plus(inverse, inverse)).conditions == ()
    assert prove(times(TWO, inverse), plus(inverse, inverse)).kind == "proved"


RELATIONS = [
    ("1 + x^2 > 0", "proved", ""),
    ("exp(x) >= 1", "undecided", "x >= 0"),
    ("abs(x) >= x", "proved", ""),
    ("max(x, y) >= y", "proved", ""),
    ("x < y", "proved", "x + 1 < y"),
    ("x^2 > 0", "refuted", ""),
    ("x >= 1", "refuted", ""),
    ("x != x", "refuted", ""),
    ("x < x", "refuted", ""),
    ("log(x) <= x", "undecided", ""),
]


@pytest.mark.parametrize(("text", "kind", "declared"), RELATIONS)
def test_relations(text: str, kind: str, declared: str) -> None:
    context = let(declared) if declared else Context()
    found = decide_relation(read_plain(text), context).kind
    assert found == kind


def test_what_is_not_a_relation_is_refused() -> None:
    with pytest.raises(TypeError, match="not a relation"):
        decide_relation(Sym("x"))


def test_domain() -> None:
    assert [str(c) for c in domain(read_plain("log(x)/(x - 1)"))] == ["x > 0", "x - 1 != 0"]
    assert domain(read_plain("log(1 + exp(x))")) == ()
    assert domain(read_plain("sqrt(x)"), let("x > 0")) == ()


def test_what_has_no_derivative_is_refused() -> None:
    with pytest.raises(NotDerivable, match="no derivative by x"):
        derivative_of(Sum(read_plain("x*k"), Sym("k"), Num(1), Sym("n")), "x")


DERIVATIVES = [
    ("d/dx x", "1"),
    ("d/dx x^2", "2*x"),
    ("d/dx max(0, x)", "indicator(x > 0)"),
    ("d/dx abs(x)", "x/abs(x)"),
    ("d/dx (x*y)", "y"),
    ("d^2/dx^2 exp(-x^2)", "(4*x^2 - 2)*exp(-x^2)"),
    ("d/dx x^x", "x^x*(log(x) + 1)"),
]


@pytest.mark.parametrize(("left", "right"), DERIVATIVES)
def test_derivatives(left: str, right: str) -> None:
    verdict = claim(left, right)
    assert verdict.kind == "proved"
    assert all(str(c) == "x != 0" for c in verdict.conditions)


def test_relu_has_no_derivative_at_zero() -> None:
    verdict = claim("d/dx max(0, x)", "cases(1 if x >= 0, 0 otherwise)")
    assert (verdict.kind, [str(c) for c in verdict.conditions]) == ("proved", ["x != 0"])
