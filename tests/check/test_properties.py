"""What words say of letters: which letter a phrase is about, and that verdicts reckon with it, in proofs and in counterexamples."""

import pytest

from symderiv.check import check_text
from symderiv.check.properties import PROPERTIES, sayings
from symderiv.decide.properties import OF_ARRAYS

SQUARE = r"\in \mathbb{R}^{n \times n}"


def verdict(text: str) -> str:
    return verdicts(text)[-1]


def verdicts(text: str) -> list[str]:
    return [c.verdict for entry in check_text(text, "markdown").files for c in entry.claims]


def test_words_are_those_of_the_decision() -> None:
    assert all(p.word in OF_ARRAYS for p in PROPERTIES if p.reckoned and not p.relations)


@pytest.mark.parametrize(
    ("sentence", "word", "about"),
    [
        ("Let ⟦0⟧ be invertible and ⟦1⟧.", "invertible", "⟦0⟧"),
        ("Let ⟦0⟧, where the rows of ⟦1⟧ sum to one, and let ⟦2⟧.", "sums_to_one", "⟦1⟧"),
        ("⟦0⟧, ⟦1⟧ with ⟦2⟧, ⟦3⟧ a one-hot column vector, and ⟦4⟧.", "one_hot", "⟦3⟧"),
        ("⟦0⟧ and ⟦1⟧ are symmetric.", "symmetric", "⟦0⟧ and ⟦1⟧"),
        ("For an orthogonal matrix ⟦0⟧ and ⟦1⟧.", "orthogonal", "⟦0⟧ and ⟦1⟧"),
        ("With symmetric ⟦0⟧.", "symmetric", "⟦0⟧"),
        ("Let ⟦0⟧, not constant, let ⟦1⟧.", "not_constant", "⟦0⟧"),
        ("Every row of ⟦0⟧ is a probability vector.", "sums_to_one", "⟦0⟧"),
        ("All entries of ⟦0⟧ are positive.", "positive", "⟦0⟧"),
        ("⟦0⟧ and ⟦1⟧ commute.", "unreckoned", "⟦0⟧ and ⟦1⟧"),
    ],
)
def test_which_letter_a_phrase_is_about(sentence: str, word: str, about: str) -> None:
    (first, *_) = sayings(sentence)
    assert (first.property.word, first.about[0]) == (word, about)


@pytest.mark.parametrize("sentence", ["⟦0⟧ is not symmetric.", "⟦0⟧ is not necessarily invertible."])
def test_what_is_denied_is_not_said(sentence: str) -> None:
    assert not list(sayings(sentence))


@pytest.mark.parametrize(
    ("declared", "true", "false"),
    [
        (rf"Let $Q {SQUARE}$ be orthogonal.", r"\operatorname{tr}(Q^\top Q) = n", r"\operatorname{tr}(Q^\top Q) = n + 1"),
        (rf"Let $Q {SQUARE}$ be an orthogonal matrix.", r"Q^{-1} = Q^\top", "Q^{-1} = Q"),
        (r"Let $V \in \mathbb{R}^{n \times k}$ have orthonormal columns.", r"V^\top V = I_k", r"V^\top V = 2 I_k"),
        (r"Let $u \in \mathbb{R}^n$ be a unit vector.", r"u^\top u = 1", r"u^\top u = n"),
        (r"Let $y \in \mathbb{R}^K$ be one-hot.", r"y^\top y = 1", r"y^\top y = K"),
        (r"Let $y \in \mathbb{R}^K$ be one-hot.", r"\sum_{k=1}^K y_k^3 = 1", r"\sum_{k=1}^K y_k^3 = 2"),
        (
            r"Let $T \in \mathbb{R}^{N \times K}$, where the rows of $T$ sum to one.",
            r"\sum_{n=1}^N \sum_{k=1}^K T_{nk} = N",
            r"\sum_{n=1}^N \sum_{k=1}^K T_{nk} = K",
        ),
        (rf"Let $D, A {SQUARE}$, where $D$ is diagonal.", r"(D A)_{ij} = D_{ii} A_{ij}", r"(D A)_{ij} = D_{jj} A_{ij}"),
        (
            rf"Let $A {SQUARE}$ be symmetric and $x \in \mathbb{{R}}^n$.",
            r"\nabla_x (x^\top A x) = 2 A x",
            r"\nabla_x (x^\top A x) = A x",
        ),
    ],
)
def test_properties_are_reckoned_with(declared: str, true: str, false: str) -> None:
    assert verdict(f"{declared}\n\n$$ {true} $$\n") == "proved"
    assert verdict(f"{declared}\n\n$$ {false} $$\n") == "refuted"


@pytest.mark.parametrize(
    ("declared", "claim"),
    [
        (rf"Let $A, B {SQUARE}$ commute.", r"A B = B A"),
        (rf"Let $P {SQUARE}$ be idempotent.", r"P P = P"),
        (rf"If $A$ is symmetric, it is diagonalisable. Let $A {SQUARE}$.", r"A^\top = A"),
        (r"Let $x, y \in \mathbb{R}^n$ be orthogonal.", r"x^\top y = 0"),
        (r"Let the entries of $W \in \mathbb{R}^{n \times m}$ sum to one.", r"\sum_{i=1}^n \sum_{j=1}^m W_{ij} = 1"),
    ],
)
def test_what_is_not_reckoned_with_refutes_nothing(declared: str, claim: str) -> None:
    assert verdict(f"{declared}\n\n$$ {claim} $$\n") == "undecided"


def test_a_letter_that_is_declared_anew_has_lost_its_properties() -> None:
    text = (
        r"Let $X \in \mathbb{R}^{n \times n}$ be symmetric. $$ X^\top = X $$"
        + "\n\n"
        + r"Now let $X \in \mathbb{R}^{m \times m}$. $$ X^\top = X $$"
    )
    assert verdicts(text) == ["proved", "refuted"]


@pytest.mark.parametrize(
    "words",
    [
        "$x$ is a vector of length $n$ and $X$ is a matrix with $n$ rows and $d$ columns.",
        "Let $x$ be an $n$-dimensional vector and let $X$ be an $n \\times d$ matrix.",
        "Let $x$ be a vector with $n$ entries. The matrix $X$ has shape $n \\times d$.",
        "Take a vector $x$ of length $n$ and an $n \\times d$ matrix $X$.",
        "Let $x$ be a column vector of size $n$ and $X$ a matrix of size $n \\times d$.",
    ],
)
def test_sizes_in_words(words: str) -> None:
    assert verdict(f"{words}\n\n$$ (X^\\top x)^\\top = x^\\top X $$\n") == "proved"
    assert verdict(f"{words}\n\n$$ (X^\\top x)^\\top = 2 x^\\top X $$\n") == "refuted"


@pytest.mark.parametrize(
    ("layout", "right", "wrong"),
    [
        (
            "has entry $(i,j)$ equal to the derivative of the $i$-th entry of $y$ with respect to the $j$-th entry of $x$",
            "W",
            r"W^\top",
        ),
        ("has entry $(i,j)$ equal to the derivative of the $i$th entry of $y$ with respect to $x_j$", "W", r"W^\top"),
        ("has entry $(i,j)$ equal to the derivative of $y_j$ with respect to $x_i$", r"W^\top", "W"),
        (r"has the entry $\frac{\partial y_i}{\partial x_j}$ in row $i$ and column $j$", "W", r"W^\top"),
        (r"has the entry $\frac{\partial y_j}{\partial x_i}$ in row $i$ and column $j$", r"W^\top", "W"),
    ],
)
def test_the_layout_of_a_jacobian_in_words(layout: str, right: str, wrong: str) -> None:
    given = (
        r"Let $W \in \mathbb{R}^{m \times n}$ and $x \in \mathbb{R}^n$. The Jacobian $\frac{\partial y}{\partial x}$ of $y$ "
        + layout
        + "."
    )
    assert verdict(f"{given}\n\n$$ \\frac{{\\partial}}{{\\partial x}} (W x) = {right} $$\n") == "proved"
    assert verdict(f"{given}\n\n$$ \\frac{{\\partial}}{{\\partial x}} (W x) = {wrong} $$\n") == "refuted"


def test_what_is_said_of_a_formula_is_not_taken_for_its_letters() -> None:
    given = r"Let $X \in \mathbb{R}^{p \times n}$ be such that $X^\top X$ is invertible."
    assert verdict(f"{given}\n\n$$ X (X^\\top X)^{{-1}} X^\\top X = X $$\n") == "proved"
    assert verdict(f"{given}\n\n$$ X (X^\\top X)^{{-1}} X^\\top X = X^\\top X $$\n") == "refuted"
    (report,) = check_text(f"Let $A {SQUARE}$ be such that $A - I$ is invertible.\n\n$$ A^{{-1}} A = I $$\n").files
    assert report.claims[-1].conditions
    held = check_text(f"Let $A {SQUARE}$ be such that $A - I$ is invertible.\n\n$$ (A - I)^{{-1}} (A - I) = I $$\n").files[0]
    assert not held.claims[-1].conditions
    assert verdict(f"Let $B {SQUARE}$, where $B^\\top B$ is idempotent.\n\n$$ B^\\top B B^\\top B = B $$\n") == "undecided"
