from __future__ import annotations

import pytest

from symderiv.check.diagnosis import absent_letter, diagnose
from symderiv.check.edits import edits
from symderiv.check.scope import Scope
from symderiv.decide import decide
from symderiv.read import let, read_latex
from symderiv.terms import Context

CONTEXT = let("f(x) = 1/(1 + exp(-x)), q(x) = (3*x + 1)^4, x real, y real, w real, a real, b real")


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        (r"f'(x)", r"-f(x)(1 - f(x))", "−1"),
        (r"f'(x)", r"f(x)(1 + f(x))", "sign"),
        (r"f'(x)", r"f(x)", "factor"),
        (r"q'(x)", r"4(3x+1)^3", "the inner derivative 3 is missing"),
        (r"q'(x)", r"12(3x+1)^4", "exponent"),
        (r"\frac{d}{dx} e^{-x}", r"e^{-x}", "the inner derivative −1 is missing"),
        (r"\frac{d}{dx} x^3", r"2x^2", "3"),
        (r"\frac{d}{dx} \sin(x)", r"\sin(x)", "cos"),
        (r"\frac{d}{dw} (y - wx)^2", r"-2w(y - wx)", "x belongs where w stands"),
        (r"(a + b)^2", r"a^2 + b^2", "missing"),
        (r"2(a + b)", r"2a + b", "factor 2"),
        (r"\frac{a}{b}", r"\frac{b}{a}", "upside down"),
        (r"a^2 - (a - b - x)", r"a^2 - a - b - x", "parentheses"),
        (r"|x|", r"\begin{cases} -x & x > 0 \\ x & x \le 0 \end{cases}", "swapped"),
        (r"|x|", r"\begin{cases} x & y > 0 \\ -x & x \le 0 \end{cases}", "but y does not occur"),
        (r"3 \cdot 4", r"11", "12"),
        (r"a - b + x", r"a + b + x", "sign"),
        (r"\frac{1}{a} + \frac{1}{b}", r"\frac{1}{a} - \frac{1}{b}", "minus"),
    ],
)
def test_the_cause_is_found_and_its_suggestion_is_proved(left: str, right: str, words: str) -> None:
    a, b = read_latex(left, CONTEXT), read_latex(right, CONTEXT)
    found = diagnose(a, b, Scope(CONTEXT), seconds=5)
    assert found is not None
    assert words in found.words
    assert found.suggestion is not None
    assert decide(a, read_latex(found.suggestion, CONTEXT), CONTEXT).kind == "proved"


def test_the_derivative_is_given_where_no_single_edit_helps() -> None:
    a, b = read_latex(r"\frac{d}{dx} (x^2 e^{3x} + \sin(x))"), read_latex("5 x^7 - 19")
    found = diagnose(a, b, Scope(), seconds=5)
    assert found is not None
    assert found.suggestion is not None
    assert decide(a, read_latex(found.suggestion)).kind == "proved"


def test_an_edit_never_just_copies_the_left_side() -> None:
    a, b = read_latex("a"), read_latex("b")
    assert all(new != a for _, _, new in edits(a, b, Context()))


def test_a_letter_that_occurs_in_a_condition_only() -> None:
    left = read_latex("y + j + k")
    assert (
        absent_letter(left, read_latex(r"\begin{cases} 1 & i = k \\ 0 & j \ne k \end{cases}"))
        == "the case says i = k but i does not occur"
    )
    assert absent_letter(left, read_latex(r"\begin{cases} 1 & j = k \\ 0 & j \ne k \end{cases}")) is None


@pytest.mark.parametrize(
    ("declared", "left", "right", "words"),
    [
        ("A in R^{n x n}, u in R^n", r"u^T A u", r"u^T A", "at the end is missing"),
        ("H in R^{n x n}, z in R^n, m integer", r"z^T H z", r"\sum_{i=1}^m \sum_{j=1}^m z_i H_{ij} z_j", "runs to n, not m"),
        ("z = w*a + b", r"\frac{\partial z}{\partial w}", r"\frac{\partial (w a + b)}{\partial a}", "by w, not by a"),
        ("g, z in R^n, i, j = 1, ..., n", r"\frac{\partial (g_i z_i)}{\partial z_j}", r"g_i", "the factor δ(i, j) is missing"),
        (
            "z in R^K, i, j = 1, ..., K",
            r"\frac{\partial}{\partial z_j} (z_i - \log \sum_{k=1}^K e^{z_k})",
            r"1 - \frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}}",
            "δ(i, j) belongs where 1 stands",
        ),
        ("", r"0.48 \cdot 0.2379", r"0.3958", "arithmetic"),
    ],
)
def test_causes_with_arrays_and_numbers(declared: str, left: str, right: str, words: str) -> None:
    context = let(declared) if declared else Context()
    found = diagnose(read_latex(left, context), read_latex(right, context), Scope(context), seconds=5)
    assert found is not None
    assert words in found.words
    assert found.suggestion is not None


def test_arithmetic_is_corrected_to_the_decimals_that_were_written() -> None:
    found = diagnose(read_latex(r"0.48 \cdot 0.2379"), read_latex("0.3958"), Scope())
    assert found is not None
    assert found.suggestion == "0.1142"


def test_exchanged_transposes_are_one_edit() -> None:
    context = let("A in R^{n x n}, B in R^{m x m}, X in R^{n x m}")
    left = read_latex(r"\nabla_X \operatorname{Tr}(X^T A X B)", context)
    found = {words: new for _, words, new in edits(left, read_latex("A X B^T + A^T X B", context), context)}
    assert found["the transposes of B are exchanged"] == read_latex("A X B + A^T X B^T", context)
