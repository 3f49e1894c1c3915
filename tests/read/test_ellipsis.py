from __future__ import annotations

import pytest

from symderiv import equal
from symderiv.errors import ReadError
from symderiv.read import read_latex, read_plain, statements

READ = {
    r"1 + 2 + \dots + n": "sum(k, k, 1, n)",
    r"1 + 3 + 5 + \dots + (2n-1)": "sum(2*k - 1, k, 1, n)",
    r"2 + 4 + \dots + 2n": "sum(2*k, k, 1, n)",
    r"1 + 2 + 3 + \dots + 100": "sum(k, k, 1, 100)",
    r"x_1 + \cdots + x_n": "sum(x[k], k, 1, n)",
    r"c + x_0 + \cdots + x_{n-2} + x_{n-1} + d": "c + sum(x[k], k, 0, n - 1) + d",
    r"- x_1 - \cdots - x_n": "sum(-x[k], k, 1, n)",
    r"x_1^2 + \cdots + x_n^2": "sum(x[k]^2, k, 1, n)",
    r"\lambda_1 + \lambda_2 + \ldots + \lambda_k": "sum(lambda[i], i, 1, k)",
    r"w_1 x_1 + \dots + w_d x_d + b": "sum(w[k]*x[k], k, 1, d) + b",
    r"e^{z_1} + e^{z_2} + \dots + e^{z_K}": "sum(exp(z[k]), k, 1, K)",
    r"1 + r + r^2 + \dots + r^n": "sum(r^k, k, 0, n)",
    r"a_0 + a_1 x + a_2 x^2 + \cdots + a_n x^n": "sum(a[k]*x^k, k, 0, n)",
    r"1 + 2 + 4 + 8 + \dots + 2^n": "sum(2^k, k, 0, n)",
    r"1\cdot 2 + 2\cdot 3 + \cdots + n(n+1)": "sum(k*(k + 1), k, 1, n)",
    r"\frac{1}{1} + \frac{1}{2} + \cdots + \frac{1}{n}": "sum(1/k, k, 1, n)",
    r"\theta_t + b\theta_{t-1} + b^2\theta_{t-2} + \cdots + b^{t-1}\theta_1": "sum(b^k*theta[t - k], k, 0, t - 1)",
    r"\frac{x_1 + \cdots + x_n}{n}": "sum(x[k], k, 1, n)/n",
    r"p(x_1) p(x_2) \cdots p(x_n)": "prod(p(x[k]), k, 1, n)",
    r"1 \times 2 \times \dots \times n": "prod(k, k, 1, n)",
    r"n (n-1) \cdots (n-k+1)": "prod(n - i, i, 0, k - 1)",
    r"x_1 x_2 \cdots x_n / n": "prod(x[k], k, 1, n)/n",
    r"(I + A_N) \cdots (I + A_1)": "descending_prod(I + A[k], k, 1, N)",
    r"(W_N \cdots W_{l+1}) b_l": "descending_prod(W[k], k, l + 1, N)*b[l]",
    r"W_N \cdots W_1 x": "descending_prod(W[k], k, 1, N)*x",
    r"W^{[L]}W^{[L-1]}...W^{[2]}W^{[1]}": "descending_prod(layer(W, k), k, 1, L)",
    r"W_1^T W_2^T \cdots W_N^T": "prod(transpose(W[k]), k, 1, N)",
}
REFUSED = [
    r"x + y + \dots + z",
    r"x + \dots + y",
    r"1 + 2 + 4 + \cdots + n",
    r"1 + 2 + \dots + 2^n",
    r"1 + x + x^2 + \cdots",
    r"2 + \dots + 2n",
    r"5 + 5 + \dots + 5",
    r"x^1 + \dots + x^n",
    r"1 - x + x^2 - \cdots + (-1)^n x^n",
    r"x_1 + x_2 + x_4 + \dots + x_n",
    r"x_1 y_n + \dots + x_n y_n^2",
    r"x_3 + x_4 + \dots + x_3",
    r"\sigma(W_L \sigma(W_{L-1} \cdots \sigma(W_1 x)))",
    r"a \cdots \sin(b)",
]


@pytest.mark.parametrize("latex", READ)
def test_dots_with_one_pattern_are_read(latex: str) -> None:
    assert str(read_latex(latex)) == READ[latex]


@pytest.mark.parametrize("latex", REFUSED)
def test_dots_that_may_mean_several_things_are_refused_at_their_place(latex: str) -> None:
    with pytest.raises(ReadError) as refused:
        read_latex(latex)
    span = refused.value.span
    assert span is not None
    assert span.text in (r"\dots", r"\cdots")


def test_plain_maths_has_dots_too() -> None:
    assert str(read_plain("x_1 + ... + x_n")) == "sum(x[k], k, 1, n)"
    assert str(read_plain("1*2*...*n")) == "prod(k, k, 1, n)"


def test_what_dots_say_is_decided() -> None:
    assert equal(r"1 + 2 + \cdots + n", r"\frac{n(n+1)}{2}", let="n integer, n > 0").kind == "proved"
    assert equal(r"1 + 2 + \cdots + n", r"\frac{n(n-1)}{2}", let="n integer, n > 0").kind == "refuted"
    assert equal(r"x_1 x_2 \cdots x_n", r"\prod_{i=1}^n x_i").kind == "proved"


def test_dots_in_the_place_of_a_term_say_nothing_that_is_decided() -> None:
    row = r"\begin{bmatrix} 1 & \dots & 2 \end{bmatrix}"
    assert equal(f"{row} + {row}", r"\begin{bmatrix} 2 & \dots & 4 \end{bmatrix}").kind == "undecided"
    assert equal(r"f(1, \dots, n)", r"f(1, \dots, m)").kind == "undecided"


@pytest.mark.parametrize(
    ("latex", "sides", "says"),
    [
        (r"a = \cdots = c", ["a", "c"], "steps"),
        (r"a \le \cdots = c", ["a", "c"], "steps"),
        (r"a = b \\ & \vdots \\ &= c", ["a", "b", "c"], "rows"),
        (r"a = b + c \quad (2)", ["a", "b + c"], "number of the equation"),
        (r"a = b + c \qquad \cdots (2)", ["a", "b + c"], "number of the equation"),
    ],
)
def test_what_is_left_out_of_a_chain(latex: str, sides: list[str], says: str) -> None:
    (found,) = statements(latex, latex=True)
    assert [str(s) for s in found.sides] == sides
    assert len(found.relations) == len(sides) - 1
    assert any(says in note.message for note in found.notes)


def test_a_number_beside_a_letter_is_a_factor() -> None:
    (found,) = statements("a = b (2)", latex=True)
    assert str(found.sides[1]) == "b*2"
