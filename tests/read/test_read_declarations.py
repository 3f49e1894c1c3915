from __future__ import annotations

import pytest

from symderiv.errors import ReadError
from symderiv.read import let, read_plain
from symderiv.terms import INTEGER, ONE, REAL, TWO, ZERO, Lambda, Pow, Relation, Sort, Sym, function, index, matrix, vector

K, d, n, x, y = map(Sym, ("K", "d", "n", "x", "y"))


@pytest.mark.parametrize(
    ("text", "name", "sort"),
    [
        ("n integer", "n", INTEGER),
        ("x real", "x", REAL),
        ("f function", "f", function()),
        ("f : R -> R", "f", function()),
        (r"f: \mathbb{R}^n \to \mathbb{R}", "f", function()),
        ("x in R", "x", REAL),
        ("x in R^n", "x", vector(n)),
        ("X in R^{n x d}", "X", matrix(n, d)),
        (r"W \in \mathbb{R}^{n \times d}", "W", matrix(n, d)),
        ("W ∈ ℝ^(n×d)", "W", matrix(n, d)),
        ("i in 1..K", "i", index(ONE, K)),
        (r"i \in \{1, \dots, K\}", "i", index(ONE, K)),
        (r"i = 1, \dots, K", "i", index(ONE, K)),
        (r"y \in \{0, 1\}", "y", index(ZERO, ONE)),
        (r"n \in \mathbb{N}", "n", INTEGER),
        (r"W_k \in \mathbb{R}^{d \times d}, k \in \{1, \dots, K\}", "W", Sort(shape=(K, d, d), member="k")),
        (r"u_1, \dots, u_K \in \mathbb{R}^d", "u", matrix(K, d)),
        (r"v_c \in \mathbb{R}^d", "v_c", vector(d)),
        ("K positive integer", "K", INTEGER),
        (r"K \ge 2 integer", "K", INTEGER),
    ],
)
def test_a_letter_gets_its_sort(text: str, name: str, sort: Sort) -> None:
    assert let(text).sort(name) == sort


def test_several_letters_share_a_declaration() -> None:
    context = let("x, y > 0, a and b real")
    assert context.assumptions == (Relation(">", x, ZERO), Relation(">", y, ZERO))
    assert set(context.sorts) == {"x", "y", "a", "b"}
    assert let(r"j, k \in \{1, \dots, K\}").sort("j") == index(ONE, K)


def test_assumptions_are_kept_as_relations() -> None:
    p = Sym("p")
    assert let("0 < p < 1").assumptions == (Relation("<", ZERO, p), Relation("<", p, ONE))
    assert let("a != 0").assumptions == (Relation("≠", Sym("a"), ZERO),)
    assert let("K positive integer").assumptions == (Relation(">", K, ZERO),)


def test_definitions() -> None:
    context = let("f(x) = x^2, z = f(y) + 1")
    assert context.definitions["f"].opened((y,)) == Pow(y, TWO)
    assert context.definitions["z"].body == read_plain("f(y) + 1", context)
    assert let("sigmoid(t) = 1/(1 + exp(-t))").is_function("sigmoid")


@pytest.mark.parametrize("text", [r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}", r"p_i(z) = \frac{e^{z_i}}{\sum_k e^{z_k}}"])
def test_a_family_is_defined_entry_by_entry(text: str) -> None:
    context = let(r"i \in \{1, \dots, K\}, " + text)
    assert isinstance(context.definitions["p"].body, Lambda)
    assert context.sort("p").shape == (K,)


def test_what_was_declared_before_is_kept() -> None:
    context = let("y > 0", let("x > 0"))
    assert len(context.assumptions) == 2


@pytest.mark.parametrize(
    "text",
    ["", "x", "x, y", "x ??", "f(x) =", "x in R^", "2 real", "z = z + 1", "x in Q(3)", "f : x", "> 0", "x in", "W_k in R^{d x d}"],
)
def test_what_declares_nothing_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ReadError) as caught:
        let(text)
    assert caught.value.span is not None
