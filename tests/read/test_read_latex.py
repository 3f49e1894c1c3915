from __future__ import annotations

import pytest

from symderiv.errors import ReadError
from symderiv.read import let, read_latex, read_plain, reading, statements
from symderiv.read.latex_commands import FUNCTION_COMMANDS, LETTERS, OPERATOR_COMMANDS
from symderiv.terms import (
    ONE,
    TWO,
    Add,
    Array,
    Const,
    Derivative,
    Div,
    Entry,
    Expectation,
    Fn,
    Indicator,
    Lambda,
    Layer,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Relation,
    Sum,
    Sym,
    Term,
)

a, i, j, k, layer, x, y, z, A, K, L, W = map(Sym, ("a", "i", "j", "k", "l", "x", "y", "z", "A", "K", "L", "W"))
T = Fn


SAME: dict[str, str] = {
    r"\frac{1}{1+e^{-x}}": "1/(1+exp(-x))",
    r"\dfrac12 x": "1/2*x",
    r"\frac ab": "a/b",
    r"\tfrac{a}{b} \, c \cdot d \times g": "(a/b)*c*d*g",
    r"\left( x + 1 \right) \big( y \big)": "(x + 1)*y",
    r"\sqrt{x} + \sqrt[3]{x}": "sqrt(x) + root(x, 3)",
    r"-(1+e^{-x})^{-2} \cdot -e^{-x}": "-(1+exp(-x))^(-2)*(-exp(-x))",
    r"\sin^2 x + \cos^2 x": "sin(x)^2 + cos(x)^2",
    r"\sin^{-1} x": "asin(x)",
    r"\sin 2x \cos x": "sin(2*x)*cos(x)",
    r"\log(x)^2": "log(x)^2",
    r"\log x^2": "log(x^2)",
    r"\ln{x} + \log_2 x": "log(x) + log(x)/log(2)",
    r"\exp(x)y": "exp(x)*y",
    r"\mathrm{e}^{x}": "exp(x)",
    r"2exp(x)": "2*exp(x)",
    r"\operatorname{tr}(A)": "trace(A)",
    r"f'(x) + f''(x) + f^{(3)}(x)": "f'(x) + f''(x) + f'''(x)",
    r"\frac{d}{dx} x^2 + 1": "d/dx (x^2) + 1",
    r"\frac{\mathrm{d}^2}{\mathrm{d}x^2} x^3": "d^2/dx^2 (x^3)",
    r"\frac{\partial^2 f}{\partial x \partial y}": "d/dx (d/dy (f))",
    r"\frac{dL}{dW}": "d/dW (L)",
    r"\nabla_W L": "d/dW (L)",
    r"\partial_x (x^2)": "d/dx (x^2)",
    r"\sum_{k=1}^{K} e^{z_k}": "sum(exp(z_k), k, 1, K)",
    r"\sum\limits_{k \ne j} z_k": "sum(z_k, k, where k != j)",
    r"\sum_{k=1, k \ne j}^{K} z_k": "sum(z_k, k, 1, K, where k != j)",
    r"\sum_{k=1, 1 \le j - k + 1 \le r}^{K} z_k": "sum(z_k, k, 1, K, where 1 <= j - k + 1 and j - k + 1 <= r)",
    r"\sum_{k=1, k < l}^{K} z_k z_l": "sum(sum(z_k*z_l, l, where k < l), k, 1, K)",
    r"\sum_k z_k y": "sum(z_k*y, k)",
    r"\prod_{k=1}^n x_k": "prod(x_k, k, 1, n)",
    r"\int_0^1 x e^x \, dx": "integral(x*exp(x), x, 0, 1)",
    r"\lim_{x \to 0} \frac{\sin x}{x}": "limit(sin(x)/x, x, 0)",
    r"\max(0, x) + \max\{0, y\}": "max(0, x) + max(0, y)",
    r"|x| + \left| y \right| + \lvert z \rvert": "abs(x) + abs(y) + abs(z)",
    r"\|x\|_2^2": "norm(x)^2",
    r"\lVert A \rVert_F": "frobenius(A)",
    r"\langle x, y \rangle": "inner(x, y)",
    r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}": "cases(x if x > 0, 0 otherwise)",
    r"\begin{cases} x, & x > 0, \\ 0, & \text{else}. \end{cases}": "cases(x if x > 0, 0 otherwise)",
    r"\left\{\begin{array}{ll} x & x > 0 \\ 0 & x \le 0 \end{array}\right.": "cases(x if x > 0, 0 if x <= 0)",
    r"\begin{pmatrix} 1 & 2 \\ a & b \end{pmatrix}": "[[1, 2], [a, b]]",
    r"\boxed{x} + \underbrace{y}_{\text{new}}": "x + y",
    r"\color{red}{x} + {\color{blue} y}": "x + y",
    r"x &lt; y": "x < y",
    r"n! + \binom{n}{k}": "factorial(n) + binomial(n, k)",
    r"\hat{y} + \hat y": "hat(y) + hat(y)",
    r"x_{1} + x_1 + \mathbf{x}_1": "x1 + x1 + x1",
    r"\text{sigmoid}(x)": "sigmoid(x)",
    r"\sigma(1 - \sigma)": "sigma*(1 - sigma)",
    r"{\lim_{h \to 0}} \frac{f(x+h) - f(x)}{h}": "limit((f(x+h) - f(x))/h, h, 0)",
}


@pytest.mark.parametrize("text", SAME)
def test_latex_is_the_same_as_plain_maths(text: str) -> None:
    assert read_latex(text) == read_plain(SAME[text], functions=("sigmoid",))


MEANS: dict[str, Term] = {
    r"z^{(l)}": Layer(z, layer),
    r"W^{[l]} a^{(l-1)}": Mul(Layer(W, layer), Layer(a, Add(layer, Neg(ONE)))),
    r"a^{(l-1)}_i": Entry(Layer(a, Add(layer, Neg(ONE))), i),
    r"w_{ij}^{(l)}": Entry(Layer(Sym("w"), layer), i, j),
    r"(1+x)^{(2)}": Pow(Add(ONE, x), TWO),
    r"A^T A^\top A^{\intercal}": Mul(T("transpose", A), T("transpose", A), T("transpose", A)),
    r"x \odot y \odot z": T("hadamard", x, y, z),
    r"\delta_{ij}": T("delta", i, j),
    r"\mathbb{1}[x > 0]": Indicator(Relation(">", x, Num(0))),
    r"\mathbf{1}_{i = j}": Indicator(Relation("=", i, j)),
    r"1_{i=j}": Indicator(Relation("=", i, j)),
    r"\mathbf{1}_n": T("ones", Sym("n")),
    r"\mathbb{E}_{x \sim p}[x^2]": Expectation(Pow(x, TWO), x, None, None, T("distributed", x, Sym("p"))),
    r"p(y \mid x)": T("p", T("given", y, x)),
    r"p(y | x)": T("p", T("given", y, x)),
    r"\max_j z_j": T("max", Lambda(Entry(z, j), j)),
    r"\arg\max_j z_j": T("argmax", Lambda(Entry(z, j), j)),
    r"\frac{\partial L}{\partial W^{(l)}}": T("partial", L, Layer(W, layer)),
    r"\sigma'(z^{(l)})": Prime("sigma", (1,), Layer(z, layer)),
    r"\mathrm{softmax}(z)_i": Entry(T("softmax", z), i),
    r"z_{i+1}": Entry(z, Add(i, ONE)),
    r"W[i, j]": Entry(W, i, j),
    r"(x e^x)'": Derivative(Mul(x, T("exp", x)), x),
    r"\pi e": Mul(Const("pi"), Const("e")),
    r"\begin{bmatrix} x \\ y \end{bmatrix}^T": T("transpose", Array((x,), (y,))),
    r"\mathcal{L}": Sym("mathcal(L)"),
    r"f_j(z)": Entry(T("f", z), j),
    r"x'": Sym("prime(x)"),
    r"\theta{_k}": Sym("theta_k"),
    r"\sigma^{(l)}(x)": T("apply", Layer(Sym("sigma"), layer), x),
}


@pytest.mark.parametrize("text", MEANS)
def test_a_convention_of_the_field(text: str) -> None:
    assert read_latex(text) == MEANS[text]


def test_a_declared_matrix_has_an_inverse_and_a_number_a_power() -> None:
    context = let(r"A \in \mathbb{R}^{n \times n}, x \in \mathbb{R}^n")
    assert read_latex("A^{-1} x", context) == Mul(Fn("inverse", A), x)
    assert isinstance(read_latex("(A A^T + I)^{-1}", context), Fn)
    assert isinstance(read_latex("(x^T A x)^{-1}", context), Pow)
    assert read_latex("A_{ij}", context) == Entry(A, i, j)


def test_the_quotient_rule_with_its_two_readings() -> None:
    text = r"\frac{\frac{\partial}{\partial z_k} e^{z_j} \sum_{k=1}^{K} e^{z_k} - 1}{x}"
    (note,) = (n_ for n_ in reading(text).notes if n_.kind == "ambiguity")
    exp_j, total = Fn("exp", Entry(z, j)), Sum(Fn("exp", Entry(z, k)), k, ONE, K)
    assert reading(text).term == Div(Add(Derivative(Mul(exp_j, total), z, indices=(k,)), Neg(ONE)), x)
    assert note.other == Div(Add(Mul(Derivative(exp_j, z, indices=(k,)), total), Neg(ONE)), x)


def test_damage_is_mended_and_reported() -> None:
    read_ = reading("\\begin{cases}\n0 & x < 0 \\\n1 & x \\geq 0\n\\end{cases}")
    assert read_.term == read_plain("cases(0 if x < 0, 1 if x >= 0)")
    assert [n_.kind for n_ in read_.notes] == ["repair"]
    assert reading(r"x\_1 + \frac12", latex=True).notes[0].kind == "repair"


def test_a_defined_function_without_its_argument_stands_for_its_value() -> None:
    context = let(r"f(x) = x^2")
    assert read_latex(r"\frac{df}{dx}", context) == Derivative(Fn("f", x), x)
    assert read_latex("f'", context) == Prime("f", (1,), x)


@pytest.mark.parametrize("command", LETTERS)
def test_every_letter_command_is_read(command: str) -> None:
    if LETTERS[command] not in ("d",):
        read_latex(f"\\{command}")


@pytest.mark.parametrize("command", FUNCTION_COMMANDS)
def test_every_function_command_is_read(command: str) -> None:
    read_latex(f"\\{command}(x)")


@pytest.mark.parametrize("command", OPERATOR_COMMANDS)
def test_every_operator_stands_between_two_sides(command: str) -> None:
    found = statements(f"x \\{command} y", latex=True)
    assert found
    assert all(e.span is not None for s in found for e in s.errors)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"\frac{1}{1+x", "never closed"),
        (r"x}", "closes nothing"),
        (r"x + y + \dots + z", "dots"),
        (r"\foo{x}", "not known"),
        (r"\sqrt", "missing"),
        (r"x^", "missing"),
        (r"x_1_2", "two subscripts"),
        (r"\left( x \right]", "expected"),
        (r"\begin{cases} x & x > 0 \\", "missing"),
        (r"\begin{tikzpicture}\end{tikzpicture}", "not read"),
        (r"1 2 \cdot x", "operator is missing"),
        (r"\int x", "dx"),
        (r"\sum_{k=1}^n", "taken of nothing"),
        (r"\frac{\partial^2 f}{\partial x}", "orders differ"),
        (r"\text{some words in it}", "words"),
        (r"x \pm y", "±"),
        (r"(xy)'", "which letter"),
        (r"\hat{x + y}", "accent"),
        (r"f^{-1}(x)", "reciprocal"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", "entries"),
        (r"\frac{d}{dx}", "taken of nothing"),
        (r"\left. x^2 \right|_{x=1}", "evaluation"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_latex(text)
    assert words in caught.value.what
    assert caught.value.span is not None
