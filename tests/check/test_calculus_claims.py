"""Claims about integrals, limits, factorials and random letters in documents: a true one and its wrong twin of every kind."""

from __future__ import annotations

import pytest

from symderiv.check import check_text

REAL = r"Let $x, a, b \in \mathbb{R}$."
POSITIVE = r"Let $a > 0$ and let $x > 0$."
DIFFERENTIABLE = r"Let $f$ be a differentiable function."
COUNTS = r"Let $n, k \in \mathbb{N}$ with $k < n$."
TWO = r"Let $X$ and $Y$ be random variables and $a, b \in \mathbb{R}$."
APART = r"Let $X$ and $Y$ be independent random variables and $a, b \in \mathbb{R}$."
SAMPLE = r"Let $x_1, \dots, x_n$ be i.i.d. random variables with mean $\mu$ and variance $\sigma^2$."
WEIGHTS = (
    r"Let $w, x \in \mathbb{R}^{n}$ be random vectors with independent entries. All entries have mean zero, those of $w$ have "
    r"variance $s^2$ and those of $x$ have variance $t^2$, with $s, t \in \mathbb{R}$."
)
MASK = r"Let $m$ be random, equal to $1$ with probability $q$ and to $0$ with probability $1 - q$, where $0 < q < 1$. Let $x \in \mathbb{R}$."

AMOUNTS = r"Let $X$ and $Y$ be independent random variables with means $m$ and $k$ and variances $a$ and $b$, respectively."

PAIRS = [
    (AMOUNTS, r"\operatorname{Var}(2 X - Y)", "4 a + b", "4 a - b"),
    (AMOUNTS, r"\mathbb{E}[X^2 + Y]", "m^2 + a + k", "m^2 + b + k"),
    # integrals
    (REAL, r"\int_0^x t^3 \, dt", r"\frac{x^4}{4}", r"\frac{x^4}{3}"),
    (REAL, r"\int_a^b (2 t + 1) \, dt", r"b^2 - a^2 + b - a", r"b^2 - a^2"),
    (REAL, r"\int_a^b e^{-t} \, dt", r"e^{-a} - e^{-b}", r"e^{-b} - e^{-a}"),
    (REAL, r"\int_0^x t \cos t \, dt", r"x \sin x + \cos x - 1", r"x \sin x + \cos x"),
    (REAL, r"\int_0^x \frac{e^t}{1 + e^t} \, dt", r"\log(1 + e^x) - \log 2", r"\log(1 + e^x)"),
    (REAL, r"\int_0^x t e^{-t^2} \, dt", r"\frac{1 - e^{-x^2}}{2}", r"1 - e^{-x^2}"),
    (REAL, r"\int_0^1 (x t + t^2) \, dt", r"\frac{x}{2} + \frac{1}{3}", r"x + \frac{1}{3}"),
    (POSITIVE, r"\int_1^x \frac{1}{t} \, dt", r"\log x", r"-\frac{1}{x^2}"),
    (POSITIVE, r"\int_0^\infty e^{-a t} \, dt", r"\frac{1}{a}", r"a"),
    (POSITIVE, r"\int_0^\infty a t e^{-a t} \, dt", r"\frac{1}{a}", r"\frac{1}{a^2}"),
    (POSITIVE, r"\int_x^\infty \frac{1}{t^2} \, dt", r"\frac{1}{x}", r"\frac{1}{x^2}"),
    (REAL, r"\int_{-\infty}^{\infty} e^{-t^2} \, dt", r"\sqrt{\pi}", r"\pi"),
    (REAL, r"\int_{-\infty}^{\infty} \frac{1}{1 + t^2} \, dt", r"\pi", r"2 \pi"),
    (REAL, r"\int_0^{\pi} \sin t \, dt", r"2", r"1"),
    (REAL, r"\frac{d}{dx} \int_0^x \sin t \, dt", r"\sin x", r"\cos x"),
    (REAL, r"\int x^2 \, dx", r"\frac{x^3}{3} + C", r"2 x + C"),
    (REAL, r"\int e^{2 x} \, dx", r"\frac{1}{2} e^{2 x} + C", r"2 e^{2 x} + C"),
    (REAL, r"\int x e^x \, dx", r"x e^x - \int e^x \, dx", r"x e^x + \int e^x \, dx"),
    (POSITIVE, r"\int \log x \, dx", r"x \log x - x + C", r"x \log x + C"),
    # limits
    (DIFFERENTIABLE, r"\lim_{h \to 0} \frac{f(x + h) - f(x)}{h}", "f'(x)", "-f'(x)"),
    (DIFFERENTIABLE, r"\lim_{h \to 0} \frac{f(x) - f(x - h)}{h}", "f'(x)", "2 f'(x)"),
    (DIFFERENTIABLE, r"\lim_{h \to 0} \frac{f(x + h) - f(x - h)}{2 h}", "f'(x)", r"\frac{f'(x)}{2}"),
    (DIFFERENTIABLE, r"\lim_{t \to 0} \frac{f(x + 3 t) - f(x)}{t}", "3 f'(x)", "f'(x)"),
    (REAL, r"\lim_{h \to 0} \frac{(x + h)^3 - x^3}{h}", "3 x^2", "3 x"),
    (REAL, r"\lim_{h \to 0} \frac{e^{x + h} - e^x}{h}", "e^x", "1"),
    (POSITIVE, r"\lim_{h \to 0} \frac{\log(x + h) - \log x}{h}", r"\frac{1}{x}", r"\log x"),
    (REAL, r"\lim_{t \to 0} \frac{\sin t}{t}", "1", "0"),
    (REAL, r"\lim_{t \to 0} \frac{e^t - 1 - t}{t^2}", r"\frac{1}{2}", "1"),
    (REAL, r"\lim_{t \to \infty} \frac{3 t^2 - t}{t^2 + 4}", "3", r"\frac{3}{4}"),
    (REAL, r"\lim_{t \to \infty} \frac{x t + 1}{t}", "x", "1"),
    (REAL, r"\lim_{t \to \infty} t^3 e^{-t}", "0", "1"),
    (REAL, r"\lim_{t \to \infty} \frac{\log t}{t}", "0", "1"),
    (REAL, r"\lim_{t \to -\infty} \frac{1}{1 + e^{-t}}", "0", "1"),
    (REAL, r"\lim_{t \to \infty} \tanh t", "1", "0"),
    # factorials
    (COUNTS, "(n + 1)!", "(n + 1) n!", "n n!"),
    (COUNTS, r"\frac{(n + 2)!}{n!}", "(n + 1) (n + 2)", "n (n + 1)"),
    (COUNTS, r"\binom{n}{k} + \binom{n}{k + 1}", r"\binom{n + 1}{k + 1}", r"\binom{n + 1}{k}"),
    (COUNTS, r"k \binom{n}{k}", r"n \binom{n - 1}{k - 1}", r"n \binom{n - 1}{k}"),
    (COUNTS, r"\binom{n}{k}", r"\frac{n!}{k! (n - k)!}", r"\frac{n!}{(n - k)!}"),
    (COUNTS, r"\binom{n}{2}", r"\frac{n (n - 1)}{2}", r"\frac{n (n + 1)}{2}"),
    (COUNTS, r"\Gamma(n + 1)", "n!", "(n + 1)!"),
    (COUNTS, r"\frac{1}{n!} - \frac{1}{(n + 1)!}", r"\frac{n}{(n + 1)!}", r"\frac{1}{(n + 1)!}"),
    # random letters
    (TWO, r"\mathbb{E}[a X + b Y]", r"a \mathbb{E}[X] + b \mathbb{E}[Y]", r"a b \mathbb{E}[X + Y]"),
    (TWO, r"\operatorname{Var}(X)", r"\mathbb{E}[X^2] - \mathbb{E}[X]^2", r"\mathbb{E}[X^2]"),
    (TWO, r"\operatorname{Var}(a X + b)", r"a^2 \operatorname{Var}(X)", r"a^2 \operatorname{Var}(X) + b"),
    (TWO, r"\operatorname{Cov}(X, X)", r"\operatorname{Var}(X)", r"\operatorname{Var}(X)^2"),
    (
        TWO,
        r"\operatorname{Var}(X + Y)",
        r"\operatorname{Var}(X) + 2 \operatorname{Cov}(X, Y) + \operatorname{Var}(Y)",
        r"\operatorname{Var}(X) + \operatorname{Var}(Y)",
    ),
    (TWO, r"\mathbb{E}[(X - \mathbb{E}[X])^2]", r"\operatorname{Var}(X)", "0"),
    (APART, r"\mathbb{E}[X Y]", r"\mathbb{E}[X] \mathbb{E}[Y]", r"\mathbb{E}[X] + \mathbb{E}[Y]"),
    (
        APART,
        r"\mathrm{Var}(a X - b Y)",
        r"a^2 \mathrm{Var}(X) + b^2 \mathrm{Var}(Y)",
        r"a^2 \mathrm{Var}(X) - b^2 \mathrm{Var}(Y)",
    ),
    (APART, r"\operatorname{Cov}(X, Y)", "0", r"\operatorname{Var}(X)"),
    (APART, r"\mathbb{E}[X^2 Y]", r"\mathbb{E}[X^2] \mathbb{E}[Y]", r"\mathbb{E}[X]^2 \mathbb{E}[Y]"),
    (SAMPLE, r"\mathbb{E}\left[ \sum_{i=1}^{n} x_i \right]", r"n \mu", r"\mu"),
    (SAMPLE, r"\operatorname{Var}\left( \frac{1}{n} \sum_{i=1}^{n} x_i \right)", r"\frac{\sigma^2}{n}", r"\frac{\sigma^2}{n^2}"),
    (SAMPLE, r"\mathbb{E}\left[ \frac{1}{n} \sum_{i=1}^{n} x_i^2 \right]", r"\mu^2 + \sigma^2", r"\mu^2"),
    (
        SAMPLE,
        r"\mathbb{E}\left[ \left( \sum_{i=1}^{n} x_i \right)^2 \right]",
        r"n \sigma^2 + n^2 \mu^2",
        r"n \sigma^2 + n \mu^2",
    ),
    (WEIGHTS, r"\operatorname{Var}\left( \sum_{i=1}^{n} w_i x_i \right)", "n s^2 t^2", "n^2 s^2 t^2"),
    (WEIGHTS, r"\mathbb{E}\left[ \sum_{i=1}^{n} w_i x_i \right]", "0", "s t"),
    (MASK, r"\mathbb{E}\left[ \frac{m x}{q} \right]", "x", "q x"),
    (MASK, r"\operatorname{Var}(m)", "q (1 - q)", "q^2"),
    (
        r"Let $z \sim \mathcal{N}(0, 1)$ and let $y = a + b z$ with $a, b \in \mathbb{R}$.",
        r"\mathbb{E}[y^2]",
        "a^2 + b^2",
        "a^2 + b",
    ),
    (r"Let $z \sim \mathcal{N}(c, s^2)$ with $c \in \mathbb{R}$ and $s > 0$.", r"\mathbb{E}[z^3]", "c^3 + 3 c s^2", "c^3"),
    (
        r"Let $X$ be a random variable with $\mathbb{E}[X] = c$ and $\operatorname{Var}(X) = v$.",
        r"\mathbb{E}[X^2]",
        "v + c^2",
        "v - c^2",
    ),
    (
        r"The noise $\epsilon$ is random with zero mean and variance $s^2$. Let $y = g + \epsilon$ with constants $g, h \in \mathbb{R}$.",
        r"\mathbb{E}[(y - h)^2]",
        "(g - h)^2 + s^2",
        "(g - h)^2",
    ),
    (
        r"Let $W \in \mathbb{R}^{m \times n}$ be random with independent entries of mean $0$ and variance $v$, let $x \in \mathbb{R}^n$ be "
        r"fixed and $i \in \{1, \dots, m\}$.",
        r"\operatorname{Var}\left( \sum_{j=1}^{n} W_{ij} x_j \right)",
        r"v \sum_{j=1}^{n} x_j^2",
        r"v \sum_{j=1}^{n} x_j",
    ),
]

OPEN = [
    (r"Let $X$ be a random variable with a symmetric distribution.", r"\mathbb{E}[X^3] = 0", "distribution"),
    (
        r"Let $X$ and $Y$ be random variables that are not necessarily independent.",
        r"\mathbb{E}[X Y] = \mathbb{E}[X] \mathbb{E}[Y]",
        "",
    ),
    (r"Let $X$ be a random variable.", r"\mathbb{E}[X + u] = \mathbb{E}[X] + u", "whether u is random"),
    ("", r"\mathbb{E}[X^2] = \mathbb{E}[X]^2", "random"),
    (r"Let $X$ be a random variable with values in $\{0, 1\}$.", r"\mathbb{E}[X^2] = \mathbb{E}[X]", "distribution"),
    (r"Let $X$ be a Rademacher random variable.", r"\mathbb{E}[X^2] = 1", "distribution"),
    (r"Let $X$ be a random variable with $X^2 = X$.", r"\mathbb{E}[X^2] = \mathbb{E}[X]", "distribution"),
    (r"Let $X$ be a random variable. It is symmetric about zero.", r"\mathbb{E}[X] = 0", "distribution"),
    (
        r"Let $x$ and $w$ be independent random vectors in $\mathbb{R}^n$.",
        r"\operatorname{Var}(\sum_{i=1}^n w_i) = \sum_{i=1}^n \operatorname{Var}(w_i)",
        "",
    ),
    (r"Let $f$ be differentiable with $f(0) = 0$.", r"\lim_{h \to 0} \frac{f(h)}{h} = 2 f'(0)", "f"),
    (r"Let $f$ be an odd differentiable function.", r"\lim_{h \to 0} \frac{f(h) + f(-h)}{h} = 2 f'(0)", "f"),
    (REAL, r"\int_{-1}^{1} \frac{1}{t} \, dt = 0", "continuous"),
    (REAL, r"\int_0^\infty \sin t \, dt = 1", ""),
    (REAL, r"\lim_{t \to 0} \frac{1}{t} = 0", ""),
]


def outcome(context: str, step: str) -> tuple[str, str]:
    (entry,) = check_text(f"{context}\n\n$$\n{step}\n$$\n", "markdown").files
    claim = entry.claims[-1]
    return claim.verdict, claim.reason


@pytest.mark.parametrize(("context", "left", "right", "wrong"), PAIRS)
def test_a_claim_and_its_wrong_twin(context: str, left: str, right: str, wrong: str) -> None:
    assert outcome(context, f"{left} = {right}")[0] == "proved"
    assert outcome(context, f"{left} = {wrong}")[0] == "refuted"


@pytest.mark.parametrize(("context", "step", "reason"), OPEN)
def test_what_is_not_known_is_left_open(context: str, step: str, reason: str) -> None:
    verdict, why = outcome(context, step)
    assert verdict == "undecided"
    assert reason in why
