"""Inequalities about members of sequences, sums of any length and powers: proved by signs or induction, refuted at an index."""

from __future__ import annotations

import pytest

from symderiv.decide import decide_relation, holds
from symderiv.decide.monotone import direction
from symderiv.read import let, read_latex, read_plain
from symderiv.terms import FUNCTIONS, Context, Num, Relation, Sym

LAYERS = r"N \in \mathbb{N}, N \ge 0, l \in \{1, \dots, N\}, "
SLOPES = LAYERS + r"t \in \mathbb{R}, x_0 = t, x_l = \frac{1}{1 + e^{-x_{l-1}}}, d_0 = 1, d_l = x_l (1 - x_l) d_{l-1}"
ERRORS = LAYERS + r"c \in \mathbb{R}, q \in \mathbb{R}, q \ge 0, e \in \mathbb{R}^N, e_0 = c, e_l \le q e_{l-1}"
WEIGHTS = r"K \in \mathbb{N}, p \in \mathbb{R}^K, v \in \mathbb{R}^K, k \in \{1, \dots, K\}, p_k \ge 0, \sum_{k=1}^{K} p_k = 1"
N = r"n \in \mathbb{N}"


def verdict(given: str, claim: str) -> str:
    context = let(given)
    return decide_relation(read_latex(claim, context).bare, context).kind


@pytest.mark.parametrize(
    ("given", "claim"),
    [
        (N + r", x \in \mathbb{R}, x \ge -1", r"(1 + x)^n \ge 1 + n x"),
        (N + r", x \in \mathbb{R}, x \ge -1", r"1 + n x \le (1 + x)^n"),
        (N + r", n \ge 2, x \in \mathbb{R}, x > 0", r"(1 + x)^n > 1 + n x"),
        (N, r"2^n > n"),
        (N + r", n \ge 5", r"2^n > n^2"),
        (N + r", n \ge 4", r"n! > 2^n"),
        (N, r"\sum_{k=1}^{n} \frac{1}{k^2} \le 2 - \frac{1}{n}"),
        (N + r", a \in \mathbb{R}", r"a^{2n} \ge 0"),
        (SLOPES, r"|d_N| \le \left(\frac{1}{4}\right)^N"),
        (SLOPES, r"d_N \le 4^{-N}"),
        (SLOPES, r"d_N > 0"),
        (ERRORS, r"e_N \le q^N c"),
        (WEIGHTS, r"\sum_{i=1}^{K} p_i (v_i - \sum_{j=1}^{K} p_j v_j)^2 \ge 0"),
        (r"K \in \mathbb{N}, z \in \mathbb{R}^K, i \in \{1, \dots, K\}", r"\frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}} > 0"),
    ],
)
def test_what_holds_at_every_length_is_proved(given: str, claim: str) -> None:
    assert verdict(given, claim) == "proved"


@pytest.mark.parametrize(
    ("given", "claim"),
    [
        (N + r", x \in \mathbb{R}", r"(1 + x)^n \ge 1 + n x"),
        (N + r", x \in \mathbb{R}, x \ge -1", r"(1 + x)^n \ge 1 + n x + x^2"),
        (N + r", x \in \mathbb{R}, x \ge -1", r"(1 + x)^n > 1 + n x"),
        (N, r"2^n > n^2"),
        (N, r"n! > 2^n"),
        (r"n \in \mathbb{Z}", r"2^n \ge 1"),
        (N + r", a \in \mathbb{R}", r"a^n \ge 0"),
        (N, r"\sum_{k=1}^{n} \frac{1}{k^2} \le 1"),
        (SLOPES, r"|d_N| < 4^{-N}"),
        (SLOPES, r"|d_N| \le 5^{-N}"),
        (ERRORS.replace(r"q \ge 0, ", ""), r"e_N \le q^N c"),
        (ERRORS, r"e_N \ge q^N c"),
        (WEIGHTS.replace(r", p_k \ge 0", ""), r"\sum_{i=1}^{K} p_i (v_i - \sum_{j=1}^{K} p_j v_j)^2 \ge 0"),
    ],
)
def test_what_fails_at_some_length_is_not_proved(given: str, claim: str) -> None:
    assert verdict(given, claim) in ("refuted", "undecided")


@pytest.mark.parametrize(
    ("given", "claim"),
    [
        (N + r", x \in \mathbb{R}, x \le n", r"x \le 1"),
        (N + r", l \in \{1, \dots, n\}, a_0 = 0, a_l = a_{l-1} + n", r"a_n \le \frac{n (n - 1)}{2} + 1"),
        (r"K \in \mathbb{N}, i \in \{1, \dots, K\}, i \ge 3", r"\sum_{i=1}^{K} (i - 2) \ge 0"),
    ],
)
def test_what_changes_with_the_letter_is_no_induction(given: str, claim: str) -> None:
    assert verdict(given, claim) != "proved"


@pytest.mark.parametrize(
    ("text", "sign", "expected"),
    [
        ("2*x + 1", ">", 1),
        ("-a*x", ">", -1),
        ("a*x", "<", -1),
        ("x/a - b", ">", 1),
        ("exp(-x)", ">", -1),
        ("x^3", ">", 1),
        ("b", ">", 0),
        ("x^2", ">", None),
        ("b*x", ">", None),
        ("abs(x)", ">", None),
        ("x*x", ">", None),
        ("log(x)", ">", None),
    ],
)
def test_the_direction_in_which_a_term_grows(text: str, sign: str, expected: int | None) -> None:
    context = Context().assume(Relation(sign, Sym("a"), Num(0)))
    found = direction(read_plain(text).bare, Sym("x"), Sym("y"), lambda r: holds(r, context) is True)
    assert (None if found is None else found[0]) == expected


@pytest.mark.parametrize("name", [f.name for f in FUNCTIONS.values() if f.increasing])
def test_a_function_that_is_called_increasing_has_a_slope_that_is_never_negative(name: str) -> None:
    f = FUNCTIONS[name]
    (slope,) = f.derivative
    context = Context().assume(*(read_plain(d).bare for d in f.domain))
    assert decide_relation(Relation("≥", read_plain(slope).bare, Num(0)), context).kind == "proved"
