import pytest

from symderiv.decide import decide, derivative_of
from symderiv.derive import backpropagate
from symderiv.derive.backprop import graph_of
from symderiv.read import let, read_plain
from symderiv.request import backprop, gradient
from symderiv.terms import Context, Definition, Sym

EXPRESSIONS = [
    "x1 + 5*x2 - 3*x3^2",
    "x1*(x2 - 4) + exp(x3^2)/5*x4^2",
    "1/x3 + exp((x1 + 5*(x2 + 3))^2)",
    "(1/(1 + exp(-(w*x + b))) - t)^2/2",
    "x*exp(x)*sin(x)",
    "(x*y)^2 + x*y",
    "x",
    "x*x",
    "log(x1*x2 + x2*x3 + x3*x1)",
    "tanh(w2*tanh(w1*x))",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_both_ways_agree_and_every_step_is_a_rule(text: str) -> None:
    passes = backprop(f"z = {text}")
    direct = gradient(f"z = {text}")
    assert [p.result for p in passes.partials] == [d.result for d in direct]
    for d in passes.derivations():
        assert d.leaps() == ()
        assert all(v.kind == "proved" for v in d.check())
    for d in passes.partials:
        letter = d.start.var.name  # type: ignore[attr-defined]
        truth = derivative_of(read_plain(text).bare, letter, Context())
        assert decide(d.result, truth, Context()).kind == "proved"


def test_a_letter_that_enters_twice_gets_a_sum() -> None:
    passes = backprop("z = x*exp(x)")
    words = [s.words for d in passes.partials for s in d.steps]
    assert any("added" in w for w in words)


def test_equal_subterms_are_one_node() -> None:
    nodes = graph_of(Definition("z", (), read_plain("(x*y)^2 + exp(x*y)").bare), Context())
    assert [n.name for n in nodes] == ["v_1", "v_2", "v_3", "z"]
    assert sum(1 for n in nodes if n.body == read_plain("x*y").bare) == 1


def test_names_of_nodes_do_not_collide_with_letters() -> None:
    nodes = graph_of(Definition("z", (), read_plain("v_1*x + 1").bare), Context())
    assert [n.name for n in nodes] == ["v_2", "z"]


def test_by_some_letters_only() -> None:
    output = Definition("z", (), read_plain("a*x^2").bare)
    passes = backpropagate(output, ["x"], Context())
    assert [d.start.var for d in passes.partials] == [Sym("x")]  # type: ignore[attr-defined]


def test_definitions_of_the_context_are_opened() -> None:
    passes = backprop("E = (y - t)^2/2", ["w"], context=let("y = w*x"))
    assert "y" in [n.name for n in passes.nodes]
    assert decide(passes.partials[0].result, read_plain("(w*x - t)*x").bare, Context()).kind == "proved"
