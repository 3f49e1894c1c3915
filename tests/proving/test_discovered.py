"""Closed forms that are found from a recursion."""

from __future__ import annotations

import pytest

from symderiv.errors import NoDerivation, ReadError, UnknownName
from symderiv.proving import discovered, prove

LAYERS = r"W_l \in \mathbb{R}^{n_l \times n_{l-1}}, b_l \in \mathbb{R}^{n_l}, x \in \mathbb{R}^{n_0}"


@pytest.mark.parametrize(
    ("recursion", "declarations", "form"),
    [
        ("h_0 = x, h_l = W_l h_{l-1}", LAYERS, "descending_prod(W[j], j, 1, N)*x"),
        (
            "h_0 = x, h_l = W_l h_{l-1} + b_l",
            LAYERS,
            "descending_prod(W[j], j, 1, N)*x + sum(descending_prod(W[j], j, l + 1, N)*b[l], l, 1, N)",
        ),
        (r"v_0 = 0, v_t = \beta v_{t-1} + g_t", "", "sum(beta^(N - t)*g[t], t, 1, N)"),
        ("x_0 = c, x_n = a x_{n-1} + b", "", "a^N*c + (1 - a^N)/(1 - a)*b"),
        ("q_1 = 3, q_n = q_{n-1}/2 + 1", "", "(1/2)^(N - 1)*3 + (1 - (1/2)^(N - 1))/(1 - 1/2)"),
        ("s_0 = 1, s_n = s_{n-1} + q^n", "", "1 + sum(q^n, n, 1, N)"),
        ("r_0 = 1, r_l = r_{l-1} + k - 1", "", "1 + N*(k - 1)"),
        ("r_0 = 1, r_l = r_{l-1} + k_l - 1", "", "1 + sum(k[l] - 1, l, 1, N)"),
    ],
)
def test_a_closed_form_is_found_and_proved_without_a_leap(recursion: str, declarations: str, form: str) -> None:
    proof = discovered(recursion, declarations)
    assert str(proof.proposition.right) == form
    assert proof.leaps() == ()
    assert {v.kind for v in proof.check()} == {"proved"}
    assert len(proof.cases) == 3


def test_what_is_no_linear_recursion_is_refused_with_what_would_help() -> None:
    with pytest.raises(NoDerivation, match="no closed form of x"):
        discovered("x_0 = c, x_n = x_{n-1}^2")
    with pytest.raises(ReadError, match="no sequence"):
        discovered("x_0 = c")


def test_an_unknown_theorem_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="linear-colapse"):
        prove("linear-colapse")
