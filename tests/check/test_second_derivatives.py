r"""Hessians and gradients as people write them: \nabla^2 f(w), ∂²L/∂z_i∂z_j, H = X^T D X; true ones proved, their wrong twins refuted."""

import pytest

from symderiv.check import check_text

LOGISTIC = r"""Let $X \in \mathbb{R}^{n\times d}$, $w \in \mathbb{R}^d$, $y \in \mathbb{R}^n$, $\sigma(t) = \frac{1}{1+e^{-t}}$ and
$$L(w) = \sum_{i=1}^n \left(\log(1+e^{x_i^\top w}) - y_i x_i^\top w\right)$$
where $x_i^\top$ is the $i$-th row of $X$. """
DIAGONAL = LOGISTIC + r"Let $D = \operatorname{diag}(\sigma(Xw) \odot (1 - \sigma(Xw)))$. "
LEAST_SQUARES = r"Let $X \in \mathbb{R}^{n\times d}$, $w \in \mathbb{R}^d$, $y \in \mathbb{R}^n$ and $f(w) = \|Xw - y\|^2$. "
QUADRATIC = r"Let $A \in \mathbb{R}^{n\times n}$, $x \in \mathbb{R}^n$ and $q(x) = x^\top A x$. "
LOG_SUM_EXP = r"Let $z \in \mathbb{R}^K$, $L = \log \sum_{m=1}^K e^{z_m}$ and $p_i = \frac{e^{z_i}}{\sum_{m=1}^K e^{z_m}}$. "
CASES = [
    (DIAGONAL, r"\nabla^2 L(w) = X^\top D X", r"\nabla^2 L(w) = X D X^\top"),
    (LOGISTIC, r"\nabla L(w) = X^\top (\sigma(Xw) - y)", r"\nabla L(w) = X^\top (y - \sigma(Xw))"),
    (
        LOGISTIC,
        r"\nabla^2 L(w) = \sum_{i=1}^n \sigma(x_i^\top w) (1 - \sigma(x_i^\top w)) x_i x_i^\top",
        r"\nabla^2 L(w) = \sum_{i=1}^n \sigma(x_i^\top w) (1 + \sigma(x_i^\top w)) x_i x_i^\top",
    ),
    (LEAST_SQUARES, r"\nabla f(w) = 2X^\top(Xw - y)", r"\nabla f(w) = 2X^\top(y - Xw)"),
    (LEAST_SQUARES, r"\nabla^2 f(w) = 2X^\top X", r"\nabla^2 f(w) = 2X X^\top"),
    (LEAST_SQUARES, r"\nabla^2 f = 2X^\top X", r"\nabla^2 f = X^\top X"),
    (LEAST_SQUARES, r"\frac{\partial^2 f}{\partial w \, \partial w^\top} = 2X^\top X", r"\nabla_w^2 f(w) = -2X^\top X"),
    (QUADRATIC, r"\nabla^2 q(x) = A + A^\top", r"\nabla^2 q(x) = 2A"),
    (
        QUADRATIC,
        r"\frac{\partial^2 q}{\partial x_i \partial x_j} = A_{ij} + A_{ji}",
        r"\frac{\partial^2 q}{\partial x_i \partial x_j} = 2A_{ij}",
    ),
    (LOG_SUM_EXP, r"\nabla^2 L = \operatorname{diag}(p) - p p^\top", r"\nabla^2 L = \operatorname{diag}(p) + p p^\top"),
    (
        LOG_SUM_EXP,
        r"\frac{\partial^2 L}{\partial z_i \partial z_j} = p_i (\delta_{ij} - p_j)",
        r"\frac{\partial^2 L}{\partial z_i \partial z_j} = p_i (p_j - \delta_{ij})",
    ),
    (
        LOG_SUM_EXP,
        r"\frac{\partial}{\partial z_j} \frac{\partial L}{\partial z_i} = \begin{cases} p_i (1 - p_i) & i = j \\ -p_i p_j & i \ne j \end{cases}",
        r"\frac{\partial}{\partial z_j} \frac{\partial L}{\partial z_i} = \begin{cases} -p_i p_j & i = j \\ p_i (1 - p_i) & i \ne j \end{cases}",
    ),
    (DIAGONAL + "The Hessian of $L$ is", "H = X^\\top D X", "H = X D X^\\top"),
    (LEAST_SQUARES + "Hence the gradient of $f$ is given by", "g = 2X^\\top(Xw - y)", "g = 2X^\\top(y - Xw)"),
    (QUADRATIC + "The Hessian of $q$ with respect to $x$ is", "H = A + A^\\top", "H = A"),
]


@pytest.mark.parametrize(("words", "true", "wrong"), CASES)
def test_true_claims_are_proved_and_wrong_ones_refuted_with_a_reason(words: str, true: str, wrong: str) -> None:
    for formula, verdict in ((true, "proved"), (wrong, "refuted")):
        *_, claim = check_text(f"{words}\n$$ {formula} $$\n", "markdown").claims
        assert claim.verdict == verdict, (formula, claim.reason)
        assert claim.reason or verdict == "proved"


def test_what_a_letter_is_may_stand_behind_the_formula() -> None:
    text = (
        LOGISTIC + "\n$$ \\nabla^2 L(w) = X^\\top D X $$\nwhere $D = \\operatorname{diag}(\\sigma(Xw) \\odot (1 - \\sigma(Xw)))$.\n"
    )
    *_, claim, definition = check_text(text, "markdown").claims
    assert (claim.verdict, definition.verdict) == ("proved", "definition")


def test_a_gradient_by_one_of_several_letters_is_proved_by_the_one_that_fits_and_refuted_by_none() -> None:
    text = r"Let $X \in \mathbb{R}^{n\times d}$, $w \in \mathbb{R}^d$, $y \in \mathbb{R}^n$ and $L = \|Xw - y\|^2$."
    *_, true, other = check_text(
        f"{text}\n$$ \\nabla L = 2X^\\top(Xw - y) $$\n$$ \\nabla L = 3X^\\top(Xw - y) $$\n", "markdown"
    ).claims
    assert (true.verdict, true.inferred) == ("proved", ["the gradient is taken by w"])
    assert (other.verdict, other.reason) == ("undecided", "it is not said by which letter the gradient is taken")


@pytest.mark.parametrize(
    "words",
    [
        LOGISTIC.replace(r"where $x_i^\top$ is the $i$-th row of $X$.", ""),
        LOGISTIC.replace("row", "column"),
    ],
)
def test_members_of_which_it_is_not_said_what_they_are_refute_nothing(words: str) -> None:
    *_, claim = check_text(f"{words}\n\n$$ \\nabla_w L(w) = X^\\top (\\sigma(Xw) - y) $$\n", "markdown").claims
    assert claim.verdict == "undecided"


@pytest.mark.parametrize(
    "words",
    [
        "The Gauss-Newton approximation of the Hessian of $f$ is",
        "The inverse of the Hessian of $f$ is",
        "An approximation to the Hessian of $f$ that is used in practice is",
        "The trace of the Hessian of $f$ is",
        "The Hessian of $f$ is not",
    ],
)
def test_words_about_more_than_the_hessian_define_a_letter(words: str) -> None:
    *_, claim = check_text(f"{LEAST_SQUARES}{words}\n$$ H = X X^\\top $$\n", "markdown").claims
    assert claim.verdict == "definition"


@pytest.mark.parametrize(
    "words",
    [
        r"Let the rows of $X$ be $x_i^\top$.",
        r"The $i$-th row of $X$ is $x_i^\top$.",
        r"Here $x_i^\top$ denotes the $i$th row of the matrix $X$.",
        r"We write $X$ with rows $x_i^\top$.",
    ],
)
def test_rows_are_named_in_many_ways(words: str) -> None:
    text = rf"Let $X \in \mathbb{{R}}^{{n\times d}}$. {words}"
    *_, claim = check_text(f"{text}\n\n$$ \\sum_{{i=1}}^n x_i x_i^\\top = X^\\top X $$\n", "markdown").claims
    assert claim.verdict == "proved", claim.reason


@pytest.mark.parametrize("formula", ["\\nabla f(0) = -2X^\\top y", "\\nabla f(w_k) = 3X^\\top(Xw_k - y)"])
def test_points_of_which_it_is_not_said_what_they_are_refute_nothing(formula: str) -> None:
    *_, claim = check_text(f"{LEAST_SQUARES}\n\n$$ {formula} $$\n", "markdown").claims
    assert claim.verdict == "undecided"
