"""Letters and entries that take finitely many values: claims hold at each of them, and counterexamples have no other ones."""

import pytest

from symderiv.decide import decide, decide_relation
from symderiv.read import let, read_latex
from symderiv.terms import Context, Relation

BIT = let(r"y \in \{0, 1\}, 0 < p < 1", latex=True)
BITS = let(r"y, t \in \{0, 1\}", latex=True)
SIGN = let(r"s \in \{-1, +1\}, z \in \mathbb{R}", latex=True)
HALF = let(r"h \in \{0, \frac{1}{2}\}", latex=True)
CLASS = let(r"c \in \{1, 2, 3\}, z \in \mathbb{R}", latex=True)
LABELS = let(r"j \in \{1, \dots, K\}, f \in \mathbb{R}^K, y_j \in \{0, 1\}", latex=True)
VECTOR = let(r"f \in \mathbb{R}^K, s \in \{\pm 1\}^K", latex=True)

CLAIMS = [
    (BIT, "y^2", "y", "y + 1"),
    (BIT, "p^y (1 - p)^{1 - y}", "y p + (1 - y) (1 - p)", "y p + (1 - y) p"),
    (
        BIT,
        "p^y (1 - p)^{1 - y}",
        r"\begin{cases} p & y = 1 \\ 1 - p & y = 0 \end{cases}",
        r"\begin{cases} p & y = 0 \\ 1 - p & y = 1 \end{cases}",
    ),
    (BITS, r"\max(y, t)", "y + t - y t", "y + t"),
    (BITS, "|y - t|", "(y - t)^2", "y - t"),
    (SIGN, "(1 - s z)^2", "(s - z)^2", "(s + z)^2"),
    (SIGN, "s^3", "s", "-s"),
    (SIGN, r"\frac{\partial}{\partial z} (s z)^2", "2 z", "2 s z"),
    (HALF, "2 h^2", "h", "2 h"),
    (CLASS, "(c - 1) (c - 2) (c - 3) z", "0", "z"),
    (LABELS, r"\sum_{j=1}^{K} y_j^2 f_j", r"\sum_{j=1}^{K} y_j f_j", r"\sum_{j=1}^{K} 2 y_j f_j"),
    (LABELS, r"y_j^2", r"y_j", r"2 y_j"),
    (VECTOR, r"\sum_{k=1}^{K} s_k^2", r"K", r"K + 1"),
    (VECTOR, r"\sum_{k=1}^{K} s_k^3 f_k", r"\sum_{k=1}^{K} s_k f_k", r"\sum_{k=1}^{K} f_k"),
    (VECTOR, r"\sum_{k=1}^{K} \frac{f_k}{s_k}", r"\sum_{k=1}^{K} s_k f_k", r"\sum_{k=1}^{K} f_k"),
]


@pytest.mark.parametrize(("context", "left", "right", "wrong"), CLAIMS)
def test_a_claim_and_its_wrong_twin(context: Context, left: str, right: str, wrong: str) -> None:
    a, b, c = (read_latex(text, context) for text in (left, right, wrong))
    assert decide(a, b, context).kind == "proved"
    assert decide(a, c, context).kind == "refuted"


def test_without_the_values_the_claim_is_false() -> None:
    context = let(r"s \in \mathbb{R}", latex=True)
    assert decide(read_latex("s^3", context), read_latex("s", context), context).kind == "refuted"


def test_an_inequality_at_all_values() -> None:
    low, high = read_latex("(1 - s)^2", SIGN), read_latex("4", SIGN)
    assert decide_relation(Relation("≤", low, high), SIGN).kind == "proved"
    assert decide_relation(Relation("<", low, high), SIGN).kind == "refuted"


@pytest.mark.parametrize("step", [r"\frac{\partial s^2}{\partial s} = 0", r"\int_0^s t \, dt = 1"])
def test_what_is_no_function_of_the_values_is_not_proved(step: str) -> None:
    left, right = (read_latex(side, SIGN) for side in step.split(" = "))
    assert decide(left, right, SIGN).kind != "proved"
