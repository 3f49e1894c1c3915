from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.check import check_text
from symderiv.check.documents import KINDS

TOKENS = st.sampled_from(
    [
        "$",
        "$$",
        r"\(",
        r"\)",
        r"\[",
        r"\]",
        "{",
        "}",
        "(",
        ")",
        r"\frac",
        r"\frac{a}{b}",
        "^",
        "_",
        "=",
        r"\le",
        "&",
        r"\\",
        r"\begin{cases}",
        r"\end{cases}",
        r"\begin{align}",
        r"\end{align}",
        "x",
        "f(x)",
        "f'(x)",
        r"\frac{d}{dx}",
        r"\sum_{k=1}^K",
        "z_k",
        "2",
        "0.5",
        "+",
        "-",
        "\n\n",
        "# H\n",
        "Let ",
        "if ",
        "for ",
        " where ",
        ". ",
        "```",
        "```python\n",
        "def f(x):\n  return x\n",
        "<!--",
        "%",
        r"\newcommand{\a}[1]{#1}",
        r"\a",
        "In [1]:\n",
        r"\in \mathbb{R}",
        "\x00",
        "é",
    ]
)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.lists(TOKENS, max_size=40).map("".join), st.sampled_from(sorted(KINDS)))
def test_any_text_is_checked(text: str, kind: str) -> None:
    start = time.perf_counter()
    for entry in check_text(text, kind).files:
        for claim in entry.claims:
            assert claim.span.start <= claim.span.end <= len(text)
            assert claim.reason or claim.verdict not in ("unread", "undecided")
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "text",
    [
        "$ " * 20_000,
        r"\[" * 20_000,
        r"\( " * 20_000,
        "`a " * 20_000,
        "<!--" * 20_000,
        "[" * 20_000,
        "```\n" * 20_000,
        r"\begin{align} " * 5_000,
        r"\newcommand{\a}{" * 2_000,
        "$$ y = " + "(" * 5_000 + "x" + ")" * 5_000 + " $$",
        "$$ y = " + "a/" * 5_000 + "b $$ $$ y = 1 $$",
        "$x$ " * 1_500,
        "\n \n" * 20_000,
    ],
    ids=range(13),
)
def test_damaged_texts_take_no_long_time(text: str, kind: str) -> None:
    start = time.perf_counter()
    check_text(text, kind)
    assert time.perf_counter() - start < 4
