"""What is stated again for a name: a claim where nothing gives it a new meaning; and letters that an equation determines."""

import pytest

from symderiv.check import check_text

LOSS = r"Let $L = (y - t)^2$ with $y, t \in \mathbb{R}$."
LIKELIHOOD = r"Let $0 < p < 1$ and $y \in \{0, 1\}$. The loss is $L(p, y) = -\log\left(p^{y} (1 - p)^{1 - y}\right)$."
POSITIVE = "Let $b > 0$ and let $a$ be the number with $a b + c = r$."
NORMALISED = (
    r"Let $\epsilon > 0$ and let $\hat{x}_{i, j}$ be the number with $\hat{x}_{i, j} \sqrt{s_j^2 + \epsilon} = x_{i, j} - \mu_j$."
)

CASES = [
    # stated again, with nothing between
    (LOSS, "L = y^2 - 2 y t + t^2", "proved"),
    (LOSS, "L = y^2 - t^2", "refuted"),
    (LIKELIHOOD, r"L(p, y) = -y \log p - (1 - y) \log(1 - p)", "proved"),
    (LIKELIHOOD, r"L(p, y) = -y \log p + (1 - y) \log(1 - p)", "refuted"),
    (f"{LOSS} Then", "L = t^2 - y^2", "refuted"),
    (f"{LOSS}\n\nSo we get", "L = t^2 - y^2", "refuted"),
    # a new meaning
    ("Let $L = (y - t)^2$. Now let", "L = y^2 - t^2", "definition"),
    ("Let $L = (y - t)^2$.\n\nAnother loss is", "L = |y - t|", "definition"),
    ("Let $f(x) = x^2$.\n\nFor the rectifier:", r"f(x) = \max(0, x)", "definition"),
    ("Let $f(x) = x^2$ or", "f(x) = x^3", "definition"),
    ("Let $f(x) = x^2$.\n\n# Next", "f(x) = x^3", "definition"),
    ("Let $z = w x + b$.\n\nThe output is $a = z^2$.", "z = w x - b", "definition"),
    ("Consider the functions\n\n$$\nf(x) = \\tanh x\n$$", r"f(x) = \max(0, x)", "definition"),
    # determined by an equation
    (POSITIVE, r"a = \frac{r - c}{b}", "proved"),
    (POSITIVE, r"a = \frac{r + c}{b}", "refuted"),
    (POSITIVE, r"a^2 = \frac{(r - c)^2}{b^2}", "proved"),
    (NORMALISED, r"\hat{x}_{i, j} = \frac{x_{i, j} - \mu_j}{\sqrt{s_j^2 + \epsilon}}", "proved"),
    (NORMALISED, r"\hat{x}_{i, j} = \frac{x_{i, j} - \mu_j}{\sqrt{s_j^2}}", "refuted"),
    (NORMALISED, r"\hat{x}_{i, j} = (x_{i, j} - \mu_j) \sqrt{s_j^2 + \epsilon}", "refuted"),
    # not determined: the factor may be 0, or the letter stands in a square
    ("Let $a$ be the number with $a b = c$.", "a = c b", "definition"),
    ("Let $x$ be a number with $x^2 = 4$.", "x = 3", "definition"),
]


@pytest.mark.parametrize(("context", "step", "verdict"), CASES)
def test_a_name_that_is_stated_again(context: str, step: str, verdict: str) -> None:
    (entry,) = check_text(f"{context}\n\n$$\n{step}\n$$\n", "markdown").files
    assert entry.claims[-1].verdict == verdict


def test_a_restated_loss_says_where_it_was_given_and_what_is_wrong() -> None:
    (entry,) = check_text(f"{LIKELIHOOD}\n\n$$\nL(p, y) = -y \\log p + (1 - y) \\log(1 - p)\n$$\n", "markdown").files
    claim = entry.claims[-1]
    assert claim.reason.startswith("this is not the L that was given in line 1")
    assert claim.suggestion == r"-y \log(p) - (1 - y) \log(1 - p)"
