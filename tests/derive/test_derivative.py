import pytest

from symderiv.decide import decide, derivative_of
from symderiv.derive import derivative
from symderiv.derive.search import Graph, chained, written_out
from symderiv.errors import NoDerivation, NotDerivable
from symderiv.read import let, read_plain
from symderiv.rules import ALGEBRA
from symderiv.rules.step import REORDER
from symderiv.terms import Add, Context, Definition, Derivative, Sym, Term

FUNCTIONS = [
    "x^5 - 3*x + 7",
    "(2*x + 1)^3*(x - 4)",
    "x/(x^2 + 1)",
    "exp(-x^2/2)/sqrt(2*pi)",
    "log(x + sqrt(x^2 + 1))",
    "sin(x)*cos(x)",
    "tan(x)",
    "atan(x/a)",
    "asin(x)",
    "x^x",
    "2^x",
    "x^n",
    "x^(1/2)",
    "root(x, 3)",
    "log(cosh(x))",
    "sinh(2*x)",
    "erf(x)",
    "exp(exp(x))",
    "1/x^2",
    "0.5*x^2 + 0.25*x",
    "f(x^2)*g(x)",
    "a*b*c",
    "-x",
    "x",
    "7",
    "((x + 1)^2 + 1)^2",
    "exp(x)/(1 + exp(x))^2",
]


@pytest.mark.parametrize("text", FUNCTIONS)
def test_every_step_is_a_rule_and_the_result_is_the_derivative(text: str) -> None:
    body = read_plain(text, functions=("f", "g")).bare
    d = derivative(body, "x", Context())
    assert d.leaps() == ()
    assert not any(isinstance(t, Derivative) for t in d.result.postorder())
    assert decide(d.result, derivative_of(body, "x", Context()), Context().assume(*d.conditions)).kind == "proved"


@pytest.mark.parametrize("text", FUNCTIONS[:12])
def test_the_second_derivative(text: str) -> None:
    body = read_plain(text).bare
    d = derivative(body, "x", Context(), order=2)
    assert d.leaps() == ()
    twice = derivative_of(derivative_of(body, "x", Context()), "x", Context())
    assert decide(d.result, twice, Context().assume(*d.conditions)).kind == "proved"


@pytest.mark.parametrize(
    ("text", "simplest"),
    [("x^2*exp(x)", 8), ("x^3", 5), ("sin(x)^2", 7), ("(x + 1)*(x - 1)", 3), ("log(x)", 3), ("(3*x + 1)/4", 3)],
)
def test_without_a_goal_the_result_is_short(text: str, simplest: int) -> None:
    assert derivative(read_plain(text).bare, "x", Context()).result.size <= simplest + 4


def test_a_wrong_goal_is_refused_with_a_point() -> None:
    with pytest.raises(NoDerivation, match="not equal") as caught:
        derivative(read_plain("x^2").bare, "x", Context(), goal=read_plain("3*x").bare)
    assert "there is" in caught.value.hint


@pytest.mark.parametrize("text", ["prod(x^k, k, 1, n)", "max(exp(x), x)", "integral(exp(x*t), t, 0, x)"])
def test_what_no_rule_differentiates_is_said(text: str) -> None:
    with pytest.raises(NotDerivable):
        derivative(read_plain(text).bare, "x", Context())


@pytest.mark.parametrize(
    ("text", "knots"),
    [
        ("abs(x)", ["x = 0"]),
        ("abs(x - 1) + abs(x + 2)", ["x = -2", "x = 1"]),
        ("max(0, x)^2", ["x = 0"]),
        ("abs(2*x - 3)", ["x = 3/2"]),
        ("abs(x*x - 1)", ["x = -1", "x = 1"]),
        ("max(x^2, 2)", ["x = -sqrt(2)", "x = sqrt(2)"]),
        ("abs(x^2 + 1)", []),
        ("max(0, sqrt(x + 3))", []),
        ("abs(exp(x) - x)", None),
        ("min(1, max(-1, x))", ["x = -1", "x = 1"]),
        ("max(0, 1 - x*y)", ["x = 1/y"]),
        ("cases(x^2 if x < 1, 2*x - 1 if x >= 1)", ["x = 1"]),
        ("abs(x)*exp(-abs(x))", ["x = 0"]),
        ("max(x, 2*x, 3*x)", ["x = 0"]),
        ("sign(x)*x", ["x = 0"]),
        ("heaviside(x)", ["x = 0"]),
    ],
)
def test_knots_are_found_in_order(text: str, knots: list[str] | None) -> None:
    context = let("y > 0")
    if knots is None:
        with pytest.raises(NotDerivable):
            derivative(read_plain(text).bare, "x", context)
        return
    d = derivative(read_plain(text).bare, "x", context)
    assert [str(k.point) for k in d.knots] == knots
    assert d.leaps() == ()


@pytest.mark.parametrize(
    ("text", "differentiable"),
    [
        ("abs(x)", False),
        ("max(0, x)^2", True),
        ("abs(x)*x", True),
        ("cases(x^2 if x < 1, 2*x - 1 if x >= 1)", True),
        ("cases(x^2 if x < 1, 2*x if x >= 1)", False),
        ("cases(0 if x < 0, 1 if x >= 0)", False),
        ("heaviside(x)", False),
        ("cases(x if x < 0, 5 if x = 0, x if x > 0)", False),
        ("sqrt(abs(x))", None),
    ],
)
def test_a_knot_is_differentiable_only_if_values_and_slopes_agree(text: str, differentiable: bool | None) -> None:
    (knot,) = derivative(read_plain(text).bare, "x", Context()).knots
    assert knot.differentiable is differentiable


def test_the_order_of_knots_that_is_not_known_is_asked_for() -> None:
    body = read_plain("abs(x - a) + abs(x - b)").bare
    with pytest.raises(NotDerivable, match="order of the knots"):
        derivative(body, "x", Context())
    assert [str(k.point) for k in derivative(body, "x", let("a < b")).knots] == ["x = a", "x = b"]


def test_known_derivatives_are_used() -> None:
    sigmoid = read_plain("1/(1 + exp(-x))").bare
    context = Context().define("s", ("x",), sigmoid)
    known = Definition("s", ("x",), read_plain("s(x)*(1 - s(x))", functions=("s",)).bare)
    d = derivative(read_plain("s(2*x)", functions=("s",)).bare, "x", context, known=[known])
    assert any(s.rule.name == "known_derivative_of_s" for s in d.steps)
    assert d.leaps() == ()
    assert derivative(Definition("s", ("x",), sigmoid), "x", Context(), order=2).leaps() == ()


def test_the_definition_is_the_first_step() -> None:
    d = derivative(Definition("f", ("x",), read_plain("x^2").bare), "x", Context())
    assert d.steps[0].words == "definition of {}"
    assert d.definitions[0].name == "f"


def test_a_chain_of_steps_is_a_chain() -> None:
    d = derivative(read_plain("x*exp(x)/(1 + x)").bare, "x", Context())
    line: Term = d.start
    for s in d.steps:
        assert s.before == line
        line = s.after


def test_the_search_is_the_same_in_every_run() -> None:
    start, goal = read_plain("exp(x)/(1 + exp(x))").bare, read_plain("1/(1 + exp(-x))").bare

    def found() -> list[tuple[str, Term]]:
        graph = Graph(start, goal, ALGEBRA)
        graph.run(100)
        path = graph.cheapest(goal)
        assert path is not None
        return [(s.rule.name, s.after) for s in written_out(path, goal, graph)]

    assert found() == found()


def test_a_gap_in_the_order_is_a_step_of_its_own() -> None:
    x, y = Sym("x"), Sym("y")
    steps = chained([], Add(x, y), Add(y, x))
    assert [s.rule for s in steps] == [REORDER]
    assert (steps[0].before, steps[0].after) == (Add(x, y), Add(y, x))
    assert chained([], x, x) == []
