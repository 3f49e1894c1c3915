"""The Kronecker product and vec at symbolic size, and at numbers against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from symderiv.check import check_text
from symderiv.decide import indexed
from symderiv.read import let, read_latex
from symderiv.terms import Array, Context, Fn, Num, Term

SIZES = (
    r"A \in \mathbb{R}^{m \times n}, B \in \mathbb{R}^{p \times q}, C \in \mathbb{R}^{n \times r}, D \in \mathbb{R}^{q \times s}, "
    r"X \in \mathbb{R}^{n \times p}, M \in \mathbb{R}^{m \times m}, P \in \mathbb{R}^{p \times p}, a \in \mathbb{R}^m, b \in \mathbb{R}^n"
)
IDENTITIES = [
    (r"(A \otimes B)(C \otimes D)", r"(A C) \otimes (B D)", r"(B D) \otimes (A C)"),
    (r"(A \otimes B)^\top", r"A^\top \otimes B^\top", r"B^\top \otimes A^\top"),
    (r"(A \otimes B) \otimes C", r"A \otimes (B \otimes C)", r"2 A \otimes (B \otimes C)"),
    (r"\operatorname{vec}(A X B)", r"(B^\top \otimes A) \operatorname{vec}(X)", r"(A \otimes B^\top) \operatorname{vec}(X)"),
    (r"\operatorname{vec}(A X)", r"(I_p \otimes A) \operatorname{vec}(X)", r"(A \otimes I_p) \operatorname{vec}(X)"),
    (r"\operatorname{vec}(a b^\top)", r"b \otimes a", r"a \otimes b"),
    (r"(M \otimes P)^{-1}", r"M^{-1} \otimes P^{-1}", r"P^{-1} \otimes M^{-1}"),
    (r"\det(M \otimes P)", r"\det(M)^p \det(P)^m", r"\det(M)^m \det(P)^p"),
    (
        r"\operatorname{tr}(M \otimes P)",
        r"\operatorname{tr}(M) \operatorname{tr}(P)",
        r"\operatorname{tr}(M) + \operatorname{tr}(P)",
    ),
    (r"\|A \otimes B\|_F^2", r"\|A\|_F^2 \|B\|_F^2", r"\|A\|_F^2 + \|B\|_F^2"),
    (
        r"\operatorname{tr}(A C)",
        r"\operatorname{vec}(A^\top)^\top \operatorname{vec}(C)",
        r"\operatorname{vec}(A)^\top \operatorname{vec}(C)",
    ),
]


@pytest.mark.parametrize(("left", "right", "wrong"), IDENTITIES)
def test_the_rules_of_kronecker_products_are_proved_and_their_wrong_twins_refuted(left: str, right: str, wrong: str) -> None:
    context = let(SIZES.replace(r"n \times r", r"n \times m") if "A C" in left and "tr" in left else SIZES)
    terms = [read_latex(t, context) for t in (left, right, wrong)]
    assert indexed.decide(terms[0], terms[1], context).kind == "proved"
    assert indexed.decide(terms[0], terms[2], context).kind == "refuted"


def matrix(rows: np.ndarray) -> Term:
    return Array(*([Num(int(x)) for x in row] for row in rows))


@pytest.mark.parametrize("seed", range(4))
def test_the_values_are_those_of_numpy_and_every_other_value_is_refuted(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    a, b = (drawn.integers(0, 9, drawn.integers(1, 4, 2) + 1) for _ in range(2))
    product, stacked = np.kron(a, b), a.reshape(-1, 1, order="F")
    for term, value in ((Fn("otimes", matrix(a), matrix(b)), product), (Fn("vec", matrix(a)), stacked)):
        assert indexed.decide(term, matrix(value), Context()).kind != "refuted"
        other = value.copy()
        other[0, -1] += 1
        assert indexed.decide(term, matrix(other), Context()).kind == "refuted"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (r"Let $A, B \in \mathbb{R}^{n \times n}$, and let $\otimes$ be the Kronecker product.", "refuted"),
        (r"Let $A, B \in \mathbb{R}^{n \times n}$.", "undecided"),
        (r"Let $A, B \in \mathbb{R}^{n \times n}$, where $\otimes$ is the elementwise product.", "undecided"),
        (r"Let $A \in \mathbb{R}^{n \times n}$ and $B \in \mathbb{R}^{m \times m}$.", "refuted"),
    ],
)
def test_the_sign_is_a_kronecker_product_where_that_is_said_or_the_sizes_show_it(said: str, verdict: str) -> None:
    (report,) = check_text(said + "\n\n$$A \\otimes B = B \\otimes A$$\n").files
    assert report.claims[-1].verdict == verdict
