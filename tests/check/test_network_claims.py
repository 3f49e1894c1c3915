"""What a text says of the weights of a whole network of linear layers."""

from __future__ import annotations

import pytest

from symderiv.check import check_text

COMPONENTS = r"""Let $z_i^{(l)} = \sum_{j=1}^{n^{(l-1)}} w_{ij}^{(l)} a_j^{(l-1)}$ and $a_i^{(l)} = z_i^{(l)}$.

"""
VECTORS = r"""Let $N \in \mathbb{N}$, $l \in \{1, \dots, N\}$, $W_l \in \mathbb{R}^{n_l \times n_{l-1}}$. Put $h_0 = x$ and $h_l = W_l h_{l-1}$ with $x \in \mathbb{R}^{n_0}$.

"""


def _last(text: str) -> tuple[str, str, str | None]:
    (report,) = check_text(text).files
    claim = report.claims[-1]
    return claim.verdict, claim.reason, claim.suggestion


@pytest.mark.parametrize(
    "conclusion",
    [
        "The weights connecting the input layer to the output layer are given by $w_{ij}^{(N)}$.",
        "So the weights of the whole network are $w^{(N)}$.",
        "The network is equivalent to a single layer with weights $w^{(1)}$.",
    ],
)
def test_the_weights_of_one_layer_are_not_those_of_all(conclusion: str) -> None:
    verdict, reason, suggestion = _last(COMPONENTS + conclusion)
    assert verdict == "refuted"
    assert "product over all layers" in reason
    assert suggestion == r"w_{N} \cdots w_{1}"


def test_layers_written_in_vectors_are_known_too() -> None:
    assert _last(VECTORS + "The network is one layer with weight matrix $W_N$.")[0] == "refuted"


@pytest.mark.parametrize("right", [r"W_N W_{N-1} \cdots W_1", r"W_N \cdots W_1"])
def test_the_product_of_all_weights_is_proved(right: str) -> None:
    assert _last(VECTORS + f"The network is a single layer with weights ${right}$.")[0] == "proved"


@pytest.mark.parametrize(
    "words",
    [
        "The weights of the last layer are $w^{(N)}$.",
        "The weights are initialised by $w^{(0)}$.",
        "The weight connecting neuron $j$ to neuron $i$ is $w_{ij}^{(l)}$.",
    ],
)
def test_other_words_about_weights_claim_nothing(words: str) -> None:
    (report,) = check_text(COMPONENTS + words).files
    assert all(c.verdict == "definition" for c in report.claims)


UNDECLARED = r"""Let $N \in \mathbb{N}$ and $l \in \{1, \dots, N\}$. Put $h_0 = x$ and $h_l = W_l h_{l-1}$.

"""


@pytest.mark.parametrize("step", [r"h_2 = W_1 W_2 x", r"h_2 = W_2 W_1 x", r"h_N = \prod_{l=1}^{N} W_l x"])
def test_weights_of_which_nothing_is_said_may_be_matrices(step: str) -> None:
    verdict, reason, _ = _last(UNDECLARED + f"$${step}$$")
    assert verdict == "undecided"
    assert "it is not said what W is" in reason


def test_a_member_of_a_sequence_in_brackets_is_a_claim() -> None:
    text = r"""Put $h^{(0)} = x$ and $h^{(l)} = W^{(l)} h^{(l-1)}$ for every layer $l$.

$$h^{(2)} = W^{(1)} W^{(2)} x$$
"""
    assert _last(text)[0] == "undecided"
