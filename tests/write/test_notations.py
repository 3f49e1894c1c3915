"""Terms in LaTeX, Typst and Unicode; what LaTeX writes is read back as the same term."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from symderiv.read import read_latex, read_plain
from symderiv.terms import (
    FUNCTIONS,
    Add,
    Array,
    Cases,
    Derivative,
    Div,
    Entry,
    Expectation,
    Fn,
    Integral,
    Lambda,
    Layer,
    Limit,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
)
from symderiv.write import latex, mathml, text, typst
from tests.terms.strategies import terms

a, b, x, z, k = map(Sym, "abxzk")
ONE, TWO = Num(1), Num(2)
E = Fn("exp", Neg(x))

TABLE: tuple[tuple[Term, str, str, str], ...] = (
    (Div(ONE, Add(ONE, E)), r"\frac{1}{1 + e^{-x}}", "frac(1, 1 + e^(-x))", "1/(1 + e^(−x))"),
    (Mul(TWO, Sym("alpha"), Sym("x_1")), r"2 \alpha x_{1}", "2 alpha x_(1)", "2α·x₁"),
    (Mul(x, Num(3)), r"x \cdot 3", "x dot.op 3", "x·3"),
    (Mul(Sym("f"), Add(a, b)), r"f \cdot (a + b)", "f dot.op (a + b)", "f·(a + b)"),
    (Mul(x, Add(ONE, Neg(x))), "x (1 - x)", "x (1 - x)", "x·(1 − x)"),
    (Pow(Fn("sin", x), TWO), r"\sin^{2}(x)", "sin^(2)(x)", "sin(x)²"),
    (Fn("sigmoid", x), r"\operatorname{sigmoid}(x)", 'op("sigmoid")(x)', "sigmoid(x)"),
    (Fn("sigma", x), r"\sigma(x)", "sigma(x)", "σ(x)"),
    (Sym("hat(y)"), r"\hat{y}", "hat(y)", "y\u0302"),
    (Derivative(Fn("f", x), x), r"\frac{\mathrm{d}}{\mathrm{d} x} \, f(x)", "frac(dif, dif x) thin f(x)", "d/dx f(x)"),
    (
        Derivative(Mul(a, x), x, 2),
        r"\frac{\partial^{2}}{\partial x^{2}} \, (a x)",
        "frac(partial^(2), partial x^(2)) thin (a x)",
        "∂^2/∂x^2 (a·x)",
    ),
    (
        Derivative(z, x, 2),
        r"\frac{\partial^{2} z}{\partial x^{2}}",
        "frac(partial^(2) z, partial x^(2))",
        "∂^2 z/∂x^2",
    ),
    (Prime("f", (2,), x), "f''(x)", "f''(x)", "f''(x)"),
    (Fn("abs", x), r"\left|x\right|", "abs(x)", "|x|"),
    (Fn("root", x, Num(3)), r"\sqrt[3]{x}", "root(3, x)", "root(x, 3)"),
    (Entry(Layer(z, Sym("l")), k), "z^{(l)}_{k}", "z^((l))_(k)", "(z^(l))ₖ"),
    (Sum(Entry(z, k), k, ONE, Sym("K")), r"\sum_{k=1}^{K} z_{k}", "sum_(k=1)^(K) z_(k)", "Σ[k=1]^K (zₖ)"),
    (
        Cases((x, Relation(">", x, Num(0))), (Num(0), Truth())),
        r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        'cases(x & "if" x > 0, 0 & "otherwise")',
        "{ x if x > 0; 0 otherwise }",
    ),
)


@pytest.mark.parametrize(("t", "in_latex", "in_typst", "in_text"), TABLE)
def test_how_constructs_are_written(t: Term, in_latex: str, in_typst: str, in_text: str) -> None:
    assert (latex(t), typst(t), text(t)) == (in_latex, in_typst, in_text)


def test_names_may_be_others() -> None:
    t = Fn("sigmoid", x)
    names = {"sigmoid": "sigma"}
    assert (latex(t, names), typst(t, names), text(t, names)) == (r"\sigma(x)", "sigma(x)", "σ(x)")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_read_back_from_latex(name: str) -> None:
    t = read_plain(FUNCTIONS[name].example).bare
    assert read_latex(latex(t)) == t


@settings(max_examples=300)
@given(terms)
def test_latex_round_trip(t: Term) -> None:
    assert read_latex(latex(t)) == t


@settings(max_examples=100)
@given(terms)
def test_every_term_can_be_written(t: Term) -> None:
    for write in (latex, typst, text):
        written = write(t)
        assert written.count("(") == written.count(")")
        assert written.count("{") == written.count("}")
    ElementTree.fromstring(f"<math>{mathml(t)}</math>")


def test_every_kind_of_term_can_be_written() -> None:
    body = Entry(z, k)
    bounds: list[dict[str, Term]] = [{}, {"low": ONE}, {"high": TWO}, {"where": Relation("≠", k, x)}, {"low": ONE, "high": TWO}]
    ts = [kind(body, k, **given) for kind in (Sum, Product, Integral, Expectation, Limit, Lambda) for given in bounds]
    ts += [
        Array((a, b), (x, z)),
        Prime("g", (0, 1), a, b),
        Prime("f", (5,), a),
        Derivative(x, x, 1, Add(a, b)),
        Derivative(a, z, indices=(k,)),
    ]
    for t in ts:
        for write in (latex, typst, text, str):
            assert write(t)
        ElementTree.fromstring(f"<math>{mathml(t)}</math>")
