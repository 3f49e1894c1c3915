"""Formulas with tokens deleted, doubled, swapped, cut off and replaced by noise: a term or a refusal with its place, never anything else."""

from __future__ import annotations

import random
import re

import pytest

from symderiv.errors import ReadError
from symderiv.read import statements
from symderiv.read.reader import LONGEST_TEXT

FORMULAS = [
    r"\frac{\partial L}{\partial z_j} = \sum_{i=1}^{K} \frac{\partial L}{\partial a_i} \frac{\partial a_i}{\partial z_j}",
    r"f'(x) = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{align} z^{(l)} &= W^{(l)} a^{(l-1)} + b^{(l)} \\ a^{(l)} &= \sigma\left(z^{(l)}\right) \end{align}",
    r"\nabla_W \|X W - Y\|_F^2 = 2 X^\top (X W - Y), \quad X \in \mathbb{R}^{n \times d}",
    r"p(y = k \mid x; \theta) = \frac{e^{\theta_k^T x}}{\sum_{j=1}^{K} e^{\theta_j^T x}}",
    r"\mathbb{E}_{x \sim p}[\log q(x)] = -\int p(x) \log \frac{1}{q(x)} \, dx",
    r"x_1 + x_2 + \cdots + x_n = \sum_{i=1}^n x_i \quad (3)",
    r"\begin{bmatrix} 1 & \cdots & 0 \\ \vdots & \ddots & \vdots \\ 0 & \cdots & 1 \end{bmatrix} = I_n",
    r"W_N W_{N-1} \cdots W_1 x = \prod_{k=1}^{N} W_k",
    r"\hat{y}_i' = \theta^*_i - \mathcal{L}(\bar{x}) + o_{h \to 0}(h)",
]
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]+|\d+|\s+|.", re.DOTALL)


def mutated(text: str, chance: random.Random) -> str:
    tokens = _TOKEN.findall(text)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        k = chance.randrange(len(tokens))
        match chance.randrange(6):
            case 0:
                del tokens[k]
            case 1:
                tokens.insert(k, tokens[k])
            case 2:
                j = chance.randrange(len(tokens))
                tokens[k], tokens[j] = tokens[j], tokens[k]
            case 3:
                tokens[k] = "".join(chr(chance.randrange(1, 0x3000)) for _ in range(chance.randrange(1, 4)))
            case 4:
                tokens = tokens[: k + 1]
            case _:
                tokens[k:k] = tokens[k : k + chance.randrange(1, 10)] * chance.randrange(1, 5)
        tokens = tokens or ["x"]
    return "".join(tokens)


@pytest.mark.parametrize("formula", FORMULAS)
def test_damaged_formulas_are_read_or_refused_at_a_place(formula: str) -> None:
    chance = random.Random(formula)
    assert not any(s.errors for s in statements(formula, latex=True))
    for _ in range(60):
        text = mutated(formula, chance)
        for s in statements(text, latex=True):
            for part in (*s.sides, *s.errors):
                if isinstance(part, ReadError):
                    assert part.span is not None
                    assert 0 <= part.span.start <= part.span.end <= len(text)


def test_what_is_too_long_is_refused_at_once() -> None:
    (found,) = statements("x + " * LONGEST_TEXT, latex=True)
    assert "characters" in found.errors[0].what
    assert found.errors[0].span is not None
