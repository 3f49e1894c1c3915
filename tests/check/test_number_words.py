"""What words say of numbers: it is reckoned with, or a claim that it may save is left open."""

import pytest

from symderiv.check import check_text

ROOT = r"\sqrt{a^2} = a"
LOGS = r"\log(a b) = \log a + \log b"

UNDERSTOOD = [
    ("Let $a$ and $b$ be positive.", LOGS),
    ("The numbers $a$ and $b$ denote lengths.", r"\sqrt{a^2 b^2} = a b"),
    ("Let $a$ be a number, $b$ be another number, all quantities being positive.", ROOT),
    ("Let $a$ and $b$ be real numbers, where all quantities are positive.", LOGS),
    (r"Let $a, b, c \in \mathbb{R}$, all of them positive.", ROOT),
    (r"Let $a, b \in \mathbb{R}$, both nonnegative.", ROOT),
    ("Assume that all variables are positive.", ROOT),
    ("We assume throughout that all letters stand for positive numbers.", ROOT),
    (r"Let $a$, $b \in \mathbb{N}$.", ROOT),
    (r"Let $a$ and $b \in \mathbb{N}$.", r"\sqrt{b^2} = b"),
    ("Let $a$ lie between $0$ and $1$.", r"\sqrt{(1 - a)^2} = 1 - a"),
    ("Let $a$ be greater than $1$.", r"\sqrt{(a - 1)^2} = a - 1"),
    ("Let $a$ be at most 1.", r"\sqrt{(1 - a)^2} = 1 - a"),
    ("Let $a$ be less than $b$.", "|b - a| = b - a"),
    ("Suppose $a$ exceeds $b$.", "|a - b| = a - b"),
    ("Let $a$ be the standard deviation of a batch.", ROOT),
    ("Let $a$ be a real number that is not negative.", ROOT),
    ("Let $a$ be negative.", r"\sqrt{a^2} = -a"),
    ("Assume $a$ to be positive.", ROOT),
    ("Given two positive numbers, $a$ and $b$.", ROOT),
    ("Consider positive reals $a, b$.", ROOT),
    ("$b$: a real number. $a$: a positive number.", ROOT),
    ("Let $a$ be a non-negative, $b$ a positive number.", ROOT),
    ("Let $a$ be non-zero.", r"\frac{a}{a} = 1"),
]
"""Words with a step that they make true."""

NOT_UNDERSTOOD = [
    (r"Let $a, b, c \in \mathbb{R}$, none of which is negative.", ROOT),
    ("Let $a$ be the temperature.", ROOT),
    (r"Let $\lambda$ be the regularization strength.", r"\sqrt{\lambda^2} = \lambda"),
    ("Suppose neither $a$ nor $b$ is negative.", ROOT),
    ("Let $a$ be a real number. Its sign is positive.", ROOT),
    ("Let $a$ be a real number. We only consider positive values.", ROOT),
    ("Let $a$ be real; it is positive.", ROOT),
    ("We write $a$ for the positive root.", ROOT),
    ("Let $a$ and $b$ have the same sign.", "|a b| = a b"),
    ("Let $a$ and $b$ be numbers of opposite sign.", "|a b| = -a b"),
    ("Let $a$ and $b$ be reals with positive product.", "|a b| = a b"),
    ("Let $a$ be a binary label.", "a^2 = a"),
    ("Let $a$ be one or zero.", "a^2 = a"),
    (r"Let $\theta$ be an acute angle.", r"\sqrt{1 - \sin^2\theta} = \cos\theta"),
    ("Let $n$ be odd.", "(-1)^n = -1"),
]
"""Words with a step that is true as they are meant."""

SAID_OF_SOMETHING_ELSE = [
    ("Let $a$ and $b$ be reals with positive product.", ROOT),
    ("Let $b$ and $a$ be a positive and a negative number.", ROOT),
    ("The loss is positive and $a$ is a real number.", ROOT),
    ("Let $a$ be positive or negative.", ROOT),
    ("Let $a$ be a real number that is not positive.", ROOT),
    ("The derivative at $a$ is positive.", ROOT),
    ("The sum of $b$ and $a$ is positive.", ROOT),
    ("Let $a$ and $b$ be real numbers, and let $c$ be positive.", ROOT),
    ("Let $a$ and $b$, which is positive, be real.", ROOT),
    ("Let $a$ be a real number and $b$ a positive one.", ROOT),
    ("The positive part of $a$ is $b$.", ROOT),
    (r"Let $f$ be a function of $a$, $b \in \mathbb{N}$.", ROOT),
    ("Let $a$ be the log variance.", ROOT),
    ("If $a$ is positive, the matrix is invertible.", ROOT),
]
"""Words from which a step does not follow."""


def verdict(words: str, step: str) -> str:
    (entry,) = check_text(f"{words}\n\n$$\n{step}\n$$\n", "markdown").files
    return entry.claims[-1].verdict


@pytest.mark.parametrize(("words", "step"), UNDERSTOOD)
def test_words_that_are_understood_are_assumptions(words: str, step: str) -> None:
    assert verdict(words, step) == "proved"


@pytest.mark.parametrize(("words", "step"), NOT_UNDERSTOOD)
def test_words_that_are_not_understood_refute_nothing_that_they_may_save(words: str, step: str) -> None:
    assert verdict(words, step) == "undecided"


@pytest.mark.parametrize(("words", "step"), [*UNDERSTOOD, *NOT_UNDERSTOOD])
def test_what_no_restriction_saves_is_refuted_or_left_open(words: str, step: str) -> None:
    assert verdict(words, f"{step} + 1") in ("refuted", "undecided")


@pytest.mark.parametrize("words", ["Let $a$ be the temperature.", "Let $a$ be a real number. We only consider positive values."])
def test_a_claim_that_fails_however_the_letters_are_restricted_is_refuted(words: str) -> None:
    assert verdict(words, "(a + 1)^2 = a^2 + a + 1") == "refuted"


@pytest.mark.parametrize(("words", "step"), SAID_OF_SOMETHING_ELSE)
def test_what_is_said_of_something_else_proves_nothing(words: str, step: str) -> None:
    assert verdict(words, step) != "proved"


def test_what_was_said_of_all_letters_ends_with_the_section() -> None:
    assert verdict("All variables are positive.\n\n# Another\n\nLet $a$ be real.", ROOT) == "undecided"


def test_a_letter_that_is_declared_again_takes_other_values() -> None:
    step = "s^3 = s"
    assert verdict(r"Let $s \in \{-1, 1\}$.", step) == "proved"
    assert verdict("Let $s \\in \\{-1, 1\\}$.\n\nNow let $s \\in \\mathbb{R}$.", step) == "refuted"
