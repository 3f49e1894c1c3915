"""The backward passes of layers as people write them: true ones are proved, wrong twins are not."""

from __future__ import annotations

import pytest

from symderiv.check import check_text

LAYER_NORM = r"""Let $x \in \mathbb{R}^n$, $g \in \mathbb{R}^n$, $\epsilon > 0$ and $i, j \in \{1, \dots, n\}$. Let
$\mu = \frac{1}{n} \sum_{m=1}^n x_m$ and $\sigma = \sqrt{\frac{1}{n} \sum_{m=1}^n (x_m - \mu)^2 + \epsilon}$ and $y_i = \frac{x_i - \mu}{\sigma}$.
"""
RMS_NORM = r"""Let $x \in \mathbb{R}^n$, $\gamma \in \mathbb{R}^n$, $g \in \mathbb{R}^n$, $\epsilon > 0$ and $i, j \in \{1, \dots, n\}$. Let
$r = \sqrt{\frac{1}{n} \sum_{m=1}^n x_m^2 + \epsilon}$ and $y_i = \gamma_i \frac{x_i}{r}$.
"""
DIVERGENCE = r"""Let $z \in \mathbb{R}^K$, $p \in \mathbb{R}^K$, $p_k > 0$, $\sum_{k=1}^K p_k = 1$ and
$s_i = \frac{e^{z_i}}{\sum_{k=1}^K e^{z_k}}$ for $i, j \in \{1, \dots, K\}$.
"""
ATTENTION = r"""Let $Q \in \mathbb{R}^{n \times d}$, $K \in \mathbb{R}^{m \times d}$, $V \in \mathbb{R}^{m \times v}$, $G \in \mathbb{R}^{n \times v}$.
Let $S = \frac{Q K^\top}{\sqrt{d}}$, $P = \operatorname{softmax}(S)$ and $L = \langle G, P V \rangle$.
Put $H = G V^\top$ and $D = P \odot (H - (P \odot H) \mathbf{1}_m \mathbf{1}_m^\top)$.
"""
BATCH_NORM = r"""Let $X \in \mathbb{R}^{n \times d}$, $G \in \mathbb{R}^{n \times d}$, $\epsilon > 0$, $i, k \in \{1, \dots, n\}$, $j, l \in \{1, \dots, d\}$.
Let $\mu_j = \frac{1}{n} \sum_{m=1}^n X_{mj}$, $\sigma_j = \sqrt{\frac{1}{n} \sum_{m=1}^n (X_{mj} - \mu_j)^2 + \epsilon}$
and $Y_{ij} = \frac{X_{ij} - \mu_j}{\sigma_j}$.
"""
CONVOLUTION = r"""Let $x \in \mathbb{R}^{n+r-1}$, $w \in \mathbb{R}^r$, $g \in \mathbb{R}^n$ and $y_i = \sum_{k=1}^r w_k x_{i+k-1}$ for $i \in \{1, \dots, n\}$.
"""
LOSS = r"\sum_{i=1}^n g_i y_i"
SUM_OF_ALL = r"\sum_{i=1}^n \sum_{j=1}^d G_{ij} Y_{ij}"
CLAIMS = [
    (
        LAYER_NORM,
        r"\frac{\partial y_i}{\partial x_j}",
        r"\frac{1}{\sigma} \left( \delta_{ij} - \frac{1}{n} - \frac{y_i y_j}{n} \right)",
        r"\frac{1}{\sigma} \left( \delta_{ij} - \frac{1}{n} - y_i y_j \right)",
    ),
    (
        LAYER_NORM,
        rf"\frac{{\partial}}{{\partial x_j}} {LOSS}",
        r"\frac{1}{\sigma} \left( g_j - \frac{1}{n} \sum_{i=1}^n g_i - y_j \frac{1}{n} \sum_{i=1}^n g_i y_i \right)",
        r"\frac{1}{\sigma} \left( g_j - \frac{1}{n} \sum_{i=1}^n g_i \right)",
    ),
    (
        RMS_NORM,
        rf"\frac{{\partial}}{{\partial x_j}} {LOSS}",
        r"\frac{1}{r} \left( \gamma_j g_j - \frac{x_j}{n r^2} \sum_{i=1}^n \gamma_i g_i x_i \right)",
        r"\frac{1}{r} \left( \gamma_j g_j - \frac{x_j}{n r} \sum_{i=1}^n \gamma_i g_i x_i \right)",
    ),
    (DIVERGENCE, r"\frac{\partial}{\partial z_j} \sum_{k=1}^K p_k \log \frac{p_k}{s_k}", "s_j - p_j", "p_j - s_j"),
    (
        DIVERGENCE,
        r"\frac{\partial}{\partial z_j} \sum_{k=1}^K s_k \log \frac{s_k}{p_k}",
        r"s_j \left( \log \frac{s_j}{p_j} - \sum_{k=1}^K s_k \log \frac{s_k}{p_k} \right)",
        r"s_j \log \frac{s_j}{p_j}",
    ),
    (ATTENTION, r"\frac{\partial L}{\partial V}", r"P^\top G", "P G"),
    (ATTENTION, r"\frac{\partial L}{\partial Q}", r"\frac{D K}{\sqrt{d}}", "D K"),
    (ATTENTION, r"\frac{\partial L}{\partial K}", r"\frac{D^\top Q}{\sqrt{d}}", r"\frac{D Q}{\sqrt{d}}"),
    (
        BATCH_NORM,
        rf"\frac{{\partial}}{{\partial X_{{kl}}}} {SUM_OF_ALL}",
        r"\frac{1}{n \sigma_l} \left( n G_{kl} - \sum_{i=1}^n G_{il} - Y_{kl} \sum_{i=1}^n G_{il} Y_{il} \right)",
        r"\frac{1}{n \sigma_l} \left( n G_{kl} - \sum_{i=1}^n G_{il} \right)",
    ),
    (CONVOLUTION, rf"\frac{{\partial}}{{\partial w_l}} {LOSS}", r"\sum_{i=1}^n g_i x_{i+l-1}", r"\sum_{i=1}^n g_i x_{i+l}"),
    (
        CONVOLUTION,
        rf"\frac{{\partial}}{{\partial x_j}} {LOSS}",
        r"\sum_{i=1, 1 \le j-i+1 \le r}^n g_i w_{j-i+1}",
        r"\sum_{i=1, 1 \le i-j+1 \le r}^n g_i w_{i-j+1}",
    ),
]


@pytest.mark.parametrize(("letters", "left", "right", "wrong"), CLAIMS)
def test_the_textbook_form_is_proved_and_its_twin_is_refuted(letters: str, left: str, right: str, wrong: str) -> None:
    (report,) = check_text(f"{letters}\n$${left} = {right}$$\n$${left} = {wrong}$$\n").files
    assert [c.verdict for c in report.claims if c.verdict != "definition"] == ["proved", "refuted"]


def test_a_family_with_two_indices_is_defined_for_all_of_them() -> None:
    letters = (
        r"Let $X, G \in \mathbb{R}^{n \times d}$, $i, k \in \{1, \dots, n\}$, $j, l \in \{1, \dots, d\}$ and $Y_{ij} = X_{ij}^2$."
    )
    left = r"\frac{\partial}{\partial X_{kl}} \sum_{m=1}^n G_{ml} Y_{ml}"
    (report,) = check_text(
        f"{letters}\n\n$${left} = 2 G_{{kl}} X_{{kl}}$$\n$${left} = 2 G_{{kl}} X_{{lk}}$$\n$$Y_{{kl}} = X_{{kl}}^3$$\n"
    ).files
    kinds = [c.verdict for c in report.claims if c.verdict != "definition"]
    assert kinds[0] == "proved"
    assert "proved" not in kinds[1:]
