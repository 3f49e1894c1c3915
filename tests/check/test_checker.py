from __future__ import annotations

import pytest

from symderiv.check import check_text
from symderiv.check.claim import Claim


def claims(text: str, kind: str = "markdown") -> list[Claim]:
    (entry,) = check_text(text, kind).files
    assert not entry.error
    return entry.claims


def verdicts(text: str) -> list[str]:
    return [c.verdict for c in claims(text)]


SIGMOID = r"Let $f(x) = \frac{1}{1+e^{-x}}$."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SIGMOID + r" Then $f'(x) = f(x)(1 - f(x))$.", ["definition", "proved"]),
        (SIGMOID + r" Then $f'(x) = f(x)(1 + f(x))$.", ["definition", "refuted"]),
        (r"$f'(x) = \frac{d}{dx} x^2$ $= 2x$", ["proved", "proved"]),
        ("$$ z = x^2 $$\n\n" + r"$$ \frac{dz}{dx} = 2x = 3x $$", ["definition", "proved", "refuted"]),
        (
            r"Let $a, b \in \mathbb{R}$."
            + "\n\n$$\\begin{align} (a+b)^2 &= a^2 + 2ab + b^2 \\\\ &= b^2 + 2ab + a^2 \\end{align}$$",
            ["proved"] * 2,
        ),
        ("Let $x > 0$. $$ |x| = x $$", ["proved"]),
        ("Let $x$ be positive. $$ |x| = x $$", ["proved"]),
        (r"Let $x \in \mathbb{R}$. $$ |x| = x $$", ["refuted"]),
        (r"Let $x \in \mathbb{R}$. $$ |x| = x $$ for $x > 0$.", ["proved"]),
        (r"Let $x \in \mathbb{R}$. If $x > 0$, $$ |x| = x $$", ["proved"]),
        (r"Let $L = (y - wx)^2$ for $w, x, y \in \mathbb{R}$. $$ \frac{dL}{dw} = -2x(y - wx) $$", ["definition", "proved"]),
        ("```\nz = x1 + 5*x2\n```\n\n" + r"$\frac{\partial z}{\partial x_2} = 5$", ["definition", "proved"]),
        (r"$$ 0.609 \times 0.391 = 0.238 $$", ["proved"]),
        (r"$$ 0.609 \times 0.391 = 0.338 $$", ["refuted"]),
        (r"$$ 2 + 2 = 5 $$", ["refuted"]),
        (r"Let $A \in \mathbb{R}^{n \times n}$ be symmetric. $$ A^\top = A $$", ["proved"]),
        (r"Let $A \in \mathbb{R}^{n \times n}$. $$ A^\top = A $$", ["refuted"]),
        (r"Let $y \in \mathbb{R}^K$ be one-hot. $$ \sum_{k=1}^K y_k = 1 $$", ["proved"]),
        (r"Let $x \in \mathbb{R}$. $$ x^2 + 1 > 0 $$", ["proved"]),
        ("<!-- symderiv: ignore --> $$ 2 + 2 = 5 $$ $$ 1 + 1 = 2 $$", ["proved"]),
        (r"The ReLU is $\operatorname{ReLU}(2) = 2$.", ["proved"]),
        (r"The logistic sigmoid: $$\sigma(0) = \frac{1}{2}$$", ["proved"]),
        (r"Here $f : \mathbb{R} \to \mathbb{R}$, $f(x) = x^3$, so $f'(x) = 3x^2$.", ["definition", "proved"]),
    ],
)
def test_a_document_is_judged(text: str, expected: list[str]) -> None:
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        r"$$ \frac{\partial L}{\partial w} = \frac{\partial L}{\partial y} x $$",
        r"$$ \frac{\partial L}{\partial w} = 2 x $$",
        r"We want $$ a + b = c $$",
        r"$$ E = m c^2 $$",
        r"$$ w x + b = 2 \cdot 3 + 1 $$",
        r"$$ e = 0.6225 - 1 $$",
        r"$$ x1 = 0.5 $$",
        r"Let $f(x) = x^2$. For instance $f(x) = \tanh(x)$.",
        r"Let $A$ be a permutation matrix, $A \in \mathbb{R}^{n \times n}$. $$ A^\top A = 2 I_n $$",
        r"Let $z = x^2$. At $x = 3$ we have $$ z = 9 $$",
        r"$$ \begin{align} a + 2 b &= 4 \\ 2 b &= 4 - a \end{align} $$",
        r"$$ \frac{dy}{dx} = \frac{dy}{du} \frac{du}{dx} $$",
        r"$$ \phi'(x) = \phi(x) $$",
        r"Let $\sigma(z) = \frac{1}{1+e^{-z}}$. $$ \sigma'(z) = \sigma(1 - \sigma) $$",
        r"$$ n_1 = m $$ $$ {e^{(0)}} = {e^{(1)}} $$",
        r"$$ J(\theta) = \frac{1}{2} (h - y)^2 $$ then $$ \frac{\partial J}{\partial \theta} = h - y $$",
    ],
)
def test_what_may_mean_something_else_is_no_false_alarm(text: str) -> None:
    assert "refuted" not in verdicts(text)


def test_a_step_follows_again_after_a_wrong_one() -> None:
    found = claims("Let $x, y$ be real. $$\\begin{align} (x+y)^2 &= x^2 + y^2 \\\\ &= x^2 + 2xy + y^2 \\end{align}$$")
    assert [c.verdict for c in found] == ["refuted", "proved"]
    assert "follows again" in found[1].reason


def test_what_was_inferred_is_said() -> None:
    (claim,) = claims(r"$f'(x) = \frac{d}{dx} \frac{1}{1+e^{-x}}$")
    assert claim.inferred == ["f(x) := 1/(1 + exp(-x))"]


def test_a_condition_of_the_paragraph_before_is_said() -> None:
    (claim,) = claims("Let $x$ be real.\n\nWhen $x > 0$, the sign is known.\n\nThis is what we get:\n\n$$|x| = x$$")
    assert (claim.verdict, claim.conditions) == ("proved", ["x > 0"])


def test_a_value_at_a_kink_is_a_condition() -> None:
    text = r"Let $f(x) = \max(0, x)$. $$f'(x) = \begin{cases} 0 & x < 0 \ 1 & x \ge 0 \end{cases}$$"
    claim = claims(text)[-1]
    assert claim.conditions == [r"x \ne 0"]
    assert claim.repairs


def test_one_unreadable_side_hides_none_of_the_others() -> None:
    found = claims(r"$$ \foo{x} = 1 $$ $$ 1 + 1 = \bar = 2 $$ $$ 2 + 2 = 5 $$")
    assert found[0].verdict == "unread"
    assert found[0].reason.startswith("1:")
    assert found[-1].verdict == "refuted"


def test_a_given_expression_that_is_misread_is_told() -> None:
    text = (
        "```\nz = x1*(x2-4) + exp(x3^2) / 5*x4^2\n```\n\n"
        + r"The function $z = x_1(x_2 - 4) + \frac{\exp(x_3^2)}{5x_4^2}$ has $\frac{\partial z}{\partial x_1} = x_2 - 4$."
    )
    found = claims(text)
    assert [c.verdict for c in found] == ["definition", "refuted", "proved"]
    assert "line 2" in found[1].reason
    assert "a / b * c" in found[1].reason


def test_a_new_section_starts_afresh() -> None:
    text = "# A\nLet $f(x) = x^2$.\n# B\n$$f(x) = x^3$$\n\n$$f'(x) = 3x^2$$"
    assert verdicts(text) == ["definition", "definition", "proved"]


def test_cases_given_one_by_one_are_put_together() -> None:
    text = "When $x \\ge 0$, the function is just $f(x) = x$.\n\nWhen $x < 0$, the function is just $f(x) = -x$.\n\nTogether: $$f(x) = |x|$$"
    assert verdicts(text) == ["definition", "definition", "proved"]


CELL = "```python\ndef {}:\n  {}\n```\n"


@pytest.mark.parametrize(
    ("head", "body", "verdict"),
    [
        ("sigmoid(x)", "return 1/(1 + np.exp(-x))", "definition"),
        ("sigmoid(x)", "return 1/(1 + np.exp(x))", "refuted"),
        ("sigmoid_derivative(x)", "s = 1/(1 + np.exp(-x))\n  return s*(1 - s)", "proved"),
        ("sigmoid_derivative(a)", "return a*(1 - a)", "proved"),
        ("d_tanh(x)", "return 1 - np.tanh(x)", "refuted"),
        ("relu_derivative(x)", "return 1 if x > 0 else 0", "proved"),
        ("softmax(z)", "return z/np.sum(z)", "refuted"),
    ],
)
def test_code_cells_claim_what_their_names_say(head: str, body: str, verdict: str) -> None:
    (claim,) = claims(CELL.format(head, body))
    assert claim.verdict == verdict
    assert claim.reason or verdict in ("proved",)


def test_a_softmax_without_exponential_is_told() -> None:
    (first, second) = claims(
        CELL.format("Softmax(z)", "return z/np.sum(z)")
        + CELL.format(
            "softmax_derivative(z)", "D = np.zeros(len(z))\n  for i in range(len(z)):\n    D[i] = Softmax(z[i])\n  return D"
        )
    )
    assert "no exponential" in first.reason
    assert "single number z[i]" in second.reason


def test_a_very_long_formula_is_unread() -> None:
    (claim,) = claims("$$ y = " + "x + " * 300_000 + "1 $$")
    assert claim.verdict == "unread"


def test_no_document_is_no_claim() -> None:
    assert claims("") == []
    assert claims("Only words, and $x$.") == []


def test_a_function_of_a_letter_depends_on_it() -> None:
    given = r"Let $x \in \mathbb{R}^{n}$, and let $f$ and $g$ be differentiable functions of $x$. Take $j \in \{1, \dots, n\}$. "
    rule = r"$$ \frac{\partial (f g)}{\partial x_j} = g \frac{\partial f}{\partial x_j} + f \frac{\partial g}{\partial x_j} $$"
    wrong = r"$$ \frac{\partial (f g)}{\partial x_j} = \frac{\partial f}{\partial x_j} \frac{\partial g}{\partial x_j} $$"
    assert verdicts(given + rule) == ["proved"]
    assert verdicts(given + wrong) == ["refuted"]
    assert verdicts(rule) == ["undecided"]


def test_a_number_put_in_for_an_example_does_not_make_a_derivative_0() -> None:
    text = "A weight contributes to the score: $z = w x$. With $L = z^2$, $w = 3$ and $x = 2$: $z = 6$, $L = 36$.\n\n"
    chain = r"$$\frac{\partial L}{\partial z} \cdot \frac{\partial z}{\partial w} = 2 z x$$"
    assert verdicts(text + chain)[-1] != "refuted"


def test_a_letter_of_which_nothing_is_said_is_not_refuted_for_its_shape() -> None:
    assert verdicts(r"$$S^{-1} = \frac{1}{|S|} \begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix}$$") != ["refuted"]


SIZES = [
    r"Let $A$ be an $m \times n$ matrix and $B$ an $n \times m$ matrix.",
    r"Let $A$ denote a real $m \times n$ matrix. Take an $n \times m$ matrix $B$.",
    r"Here $A$ is a matrix with $m$ rows and $n$ columns, $B$ is a matrix with $n$ rows and $m$ columns.",
    r"Let $A$ and $B$ be $n \times n$ matrices.",
]


@pytest.mark.parametrize("given", SIZES)
def test_sizes_are_read_from_the_words(given: str) -> None:
    assert verdicts(given + "\n\n" + r"$$(A B)^\top = B^\top A^\top$$") == ["proved"]
    assert verdicts(given + "\n\n" + r"$$(A B)^\top = A^\top B^\top$$") == ["refuted"]
    assert verdicts(given + "\n\n" + r"$$A B = B A$$") == ["refuted"]


def test_a_long_word_before_a_size_is_passed_over() -> None:
    assert verdicts(rf"Let ${'a' * 400} + 1$ be an $m \times n$ matrix." + "\n\n$$x + x = 2 x$$") == ["proved"]


def test_a_vector_is_read_from_the_words() -> None:
    given = r"Let $u$ be an $n$-dimensional vector and $M$ an $n \times n$ matrix."
    assert verdicts(given + "\n\n" + r"$$u^\top M u = u^\top M^\top u$$") == ["proved"]


@pytest.mark.parametrize(
    "text",
    [
        r"$$(A B)^\top = A^\top B^\top$$",
        r"$$\operatorname{tr}(A B) = \operatorname{tr}(A) \operatorname{tr}(B)$$",
        r"$$\det(A + B) = \det(A) + \det(B)$$",
        "$$(A B)^{-1} = A^{-1} B^{-1}$$",
        "Let $A$ and $B$ be square matrices.\n\n$$A B = B A$$",
        r"Let $C \in \mathbb{R}^{n \times n}$." + "\n\n$$C D = D C$$",
        r"Let $x \in \mathbb{R}^n$." + "\n\n" + r"$$\nabla_x \|A x\|^2 = 2 A A x$$",
    ],
)
def test_a_matrix_of_which_nothing_is_said_is_no_number(text: str) -> None:
    assert verdicts(text) == ["undecided"]


def test_what_was_transposed_once_is_no_number_later() -> None:
    assert verdicts(r"$$(A B)^\top = B^\top A^\top$$" + "\n\n$$A x = x A$$")[-1] == "undecided"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Let $a > 0$ and $b > 0$. Set the derivative to zero and solve for $\\hat{p}$:\n\n$$a (1 - \\hat{p}) = b \\hat{p}$$",
            "solved",
        ),
        ("If $y = f(u)$ and $u = g(x)$ with $f(x) = x^7$ and $g(x) = x^2 + 1$. Then $f'(g(x)) = f'(u) g'(x)$.", "composition"),
        ("Let $x \\in \\mathbb{R}^n$. We sum over the labels $y_k$.\n\n$$\\sum_{k=1}^n y_k^2 x_k = \\sum_{k=1}^n x_k$$", "y"),
        (
            "The data are $x_0$, $x_1$, $w_0$, $w_1$, $x$ and $w$.\n\n$$x \\cdot w = x_0 w_0 + x_1 w_1 + \\ldots + x_{24} w_{24}$$",
            "it is not said",
        ),
    ],
)
def test_what_may_be_meant_otherwise_is_not_called_wrong(text: str, reason: str) -> None:
    last = list(check_text(text).claims)[-1]
    assert last.verdict == "undecided"
    if reason == "composition":
        assert "may be meant" in last.reason
    else:
        assert reason in last.reason


def test_what_is_said_is_still_called_wrong() -> None:
    assert (
        check_text(
            "Let $x \\in \\mathbb{R}^n$ and $y \\in \\mathbb{R}^n$. $$\\sum_{k=1}^n y_k^2 x_k = \\sum_{k=1}^n x_k$$"
        ).status()
        == 1
    )
    assert check_text("Let $f(x) = x^7$ and $g(x) = x^2$. $$f'(g(x)) = 7 x^{11}$$").status() == 1


def test_a_function_of_the_table_may_be_given_as_it_is_known() -> None:
    given = r"Let $\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}$."
    assert [c.verdict for c in check_text(f"{given}\n\n$$\\tanh'(x) = 1 - \\tanh^2(x)$$\n").files[0].claims] == ["proved", "proved"]
    assert [c.verdict for c in check_text(f"{given}\n\n$$\\tanh'(x) = 1 + \\tanh^2(x)$$\n").files[0].claims] == [
        "proved",
        "refuted",
    ]


def test_the_gradient_of_a_function_of_one_vector_is_by_that_vector() -> None:
    given = r"Let $A \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^n$ and $f(x) = x^\top A x$."
    for right, verdict in ((r"(A + A^\top) x", "proved"), ("2 A x", "refuted")):
        assert check_text(f"{given}\n\n$$\\nabla f(x) = {right}$$\n").files[0].claims[-1].verdict == verdict


def test_letters_of_no_said_length_are_summed_over_the_same_range() -> None:
    text = (
        "$$a_j = \\frac{e^{z_j}}{\\sum_k e^{z_k}}$$\n\n"
        "$$-y_i(1-a_i) - \\sum_{k\\neq i} y_k \\frac{1}{a_k}(-a_ka_i)$$\n$$= -y_i(1-a_i) + \\sum_{k\\neq i} y_k a_i$$\n"
    )
    (report,) = check_text(text).files
    assert report.claims[-1].verdict != "refuted"
