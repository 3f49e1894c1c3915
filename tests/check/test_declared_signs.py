"""What a text says of the signs and ranges of letters holds, or else blocks a refutation; it is never passed over."""

from __future__ import annotations

import pytest

from symderiv.check import check_text

STEP = "\n\n$$\\sqrt{a^2} \\sqrt{b^2} = a b$$\n"
GIVEN = [
    r"Let $a > 0, b > 0$.",
    r"Let $a, b > 0$.",
    r"Suppose $a, b \geqslant 0$.",
    r"Let $0 < a, b < 1$.",
    r"Let $a,b\in(0,1)$.",
    r"Let $a \in [0, 1]$ and $b \geq 0$.",
    r"Let $a \in (0,\infty)$ and $b \in \mathbb{R}_{+}$.",
    r"with $a,b \in [0, \infty)$.",
    r"For positive $a$ and $b$,",
    r"Let $a$ and $b$ be positive real numbers.",
    r"for all $a, b > 0$:",
]


@pytest.mark.parametrize("said", GIVEN)
def test_signs_are_taken_from_words_and_formulas(said: str) -> None:
    (report,) = check_text(said + STEP).files
    assert report.claims[-1].verdict == "proved"


@pytest.mark.parametrize("said", [r"Let $\{a, b\} \subset (0,1)$.", r"Let $a \in A$ and $b \in B$."])
def test_what_is_not_understood_refutes_nothing(said: str) -> None:
    (report,) = check_text(said + STEP).files
    assert report.claims[-1].verdict != "refuted"


def test_an_interval_is_no_set_of_two_numbers() -> None:
    (report,) = check_text("Let $a \\in [0, 1]$.\n\n$$a^2 = a$$\n").files
    assert report.claims[-1].verdict == "refuted"
