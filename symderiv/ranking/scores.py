"""Scores that find images which classifiers confuse: each a row with its definition, bounds, extremal cases, gradient and program.

M networks give the probabilities p^(m)_k of K classes; p̄ is their mean, v_k the share of the networks that vote for class k.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from symderiv.errors import UnknownName
from symderiv.ranking.distributions import Array, divergence, entropy, votes
from symderiv.terms import ONE, Context, Sym, index

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Everything about one score.

    `definition`, `slope` (∂s/∂p_k) and `gradient` (∂s/∂z_k) are LaTeX; in the last two p are the probabilities of one of the networks and z
    its logits; `slope` is empty for a score that is constant between jumps. `where` adds to them in words. `low`, `high`: bounds, as
    plain maths in M and K, and `because` why they hold. In words, maths stands between dollars. `least`, `most`: probabilities (networks × classes) at which the bounds are taken.
    `large`: whether large values are confusing. `networks`: how many it needs. `compute`: networks × images × classes → images.
    """

    name: str
    title: str
    definition: str
    says: str
    low: str
    high: str
    because: str
    least: tuple[tuple[float, ...], ...]
    most: tuple[tuple[float, ...], ...] | None
    gradient: str
    compute: Callable[[Array, Pair | None], Array]
    large: bool = True
    networks: int = 1
    needs_pair: bool = False
    slope: str = ""
    aliases: tuple[str, ...] = ()
    where: str = ""


def _margin(p: Array, _: Pair | None) -> Array:
    import numpy as np

    two = np.partition(p.mean(axis=0), -2, axis=-1)[:, -2:] if p.shape[-1] > 1 else np.zeros((p.shape[1], 2))
    return two[:, 1] - two[:, 0]


def _confusion(p: Array, pair: Pair | None) -> Array:
    if pair is None:
        raise ValueError("a pair of classes is needed")
    a, b = pair
    return (p[:, :, a] * p[:, :, b]).mean(axis=0)


def _jensen_shannon(p: Array, _: Pair | None) -> Array:
    import numpy as np

    return np.maximum(entropy(p.mean(axis=0)) - sum(entropy(q) for q in p) / len(p), 0)


def _mutual_information(p: Array, _: Pair | None) -> Array:
    mean = p.mean(axis=0)
    return sum(divergence(q, mean) for q in p) / len(p)


def _pairwise_divergence(p: Array, _: Pair | None) -> Array:
    pairs = [divergence(q, r) for k, q in enumerate(p) for n, r in enumerate(p) if k != n]
    return sum(pairs) / len(pairs)


def _variation_ratio(p: Array, _: Pair | None) -> Array:
    return 1 - votes(p).max(axis=-1)


def _vote_entropy(p: Array, _: Pair | None) -> Array:
    import numpy as np

    share = votes(p)
    return np.maximum(-np.log(share).mean(axis=-1), 0)


_ROWS: Final = (
    Score(
        name="margin",
        title="top-2 margin",
        definition=r"s = \bar p_a - \bar p_b",
        where=r"$a$ and $b$ are the classes with the two largest $\bar p$",
        says="how far the most probable class is ahead of the second; small values are confusing",
        low="0",
        high="1",
        because=r"$\bar p_a \ge \bar p_b$, $\bar p_a \le 1$ and $\bar p_b \ge 0$",
        least=((0.5, 0.5),),
        most=((1.0, 0.0),),
        slope=r"\frac{1}{M} (\delta_{ak} - \delta_{bk})",
        gradient=r"\frac{1}{M} p_k (\delta_{ak} - \delta_{bk} - p_a + p_b)",
        compute=_margin,
        large=False,
    ),
    Score(
        name="entropy",
        title="entropy of the mean",
        definition=r"s = -\sum_{k=1}^{K} \bar p_k \log \bar p_k",
        says="how evenly the probability is spread",
        low="0",
        high="log(K)",
        because=r"$-p \log p \ge 0$ for $p$ from 0 to 1, and $\log K - s$ is the divergence of $\bar p$ from the uniform distribution, which is not negative by Gibbs' inequality",
        least=((1.0, 0.0),),
        most=((0.5, 0.5),),
        slope=r"-\frac{1}{M} (\log \bar p_k + 1)",
        gradient=r"-\frac{1}{M} p_k \Bigl(\log \bar p_k - \sum_i p_i \log \bar p_i\Bigr)",
        compute=lambda p, _: entropy(p.mean(axis=0)),
    ),
    Score(
        name="confusion",
        title="pairwise confusion",
        definition=r"s = \frac{1}{M} \sum_{m=1}^{M} p^{(m)}_a p^{(m)}_b",
        says="how much both classes of a pair are seen by the same network",
        low="0",
        high="1/4",
        because=r"$p_b \le 1 - p_a$, and $\frac{1}{4} - p_a (1 - p_a) = (\frac{1}{2} - p_a)^2 \ge 0$",
        least=((1.0, 0.0),),
        most=((0.5, 0.5),),
        slope=r"\frac{1}{M} (\delta_{ak} p_b + \delta_{bk} p_a)",
        gradient=r"\frac{1}{M} p_a p_b (\delta_{ak} + \delta_{bk} - 2 p_k)",
        compute=_confusion,
        needs_pair=True,
    ),
    Score(
        name="jensen_shannon",
        title="Jensen–Shannon divergence",
        definition=r"s = -\sum_{k=1}^{K} \bar p_k \log \bar p_k + \frac{1}{M} \sum_{m=1}^{M} \sum_{k=1}^{K} p^{(m)}_k \log p^{(m)}_k",
        says="how much the networks disagree",
        low="0",
        high="log(M)",
        because=r"$s$ is the mean of the divergences of $p^{(m)}$ from $\bar p$, none of which is negative, and $p^{(m)}_k \le \sum_{n=1}^{M} p^{(n)}_k = M \bar p_k$, so that every $\log \frac{p^{(m)}_k}{\bar p_k} \le \log M$",
        least=((0.25, 0.75), (0.25, 0.75)),
        most=((1.0, 0.0), (0.0, 1.0)),
        slope=r"\frac{1}{M} \log \frac{p_k}{\bar p_k}",
        gradient=r"\frac{1}{M} p_k \Bigl(\log \frac{p_k}{\bar p_k} - \sum_i p_i \log \frac{p_i}{\bar p_i}\Bigr)",
        compute=_jensen_shannon,
        networks=2,
    ),
    Score(
        name="mutual_information",
        title="mutual information of class and network",
        definition=r"s = \frac{1}{M} \sum_{m=1}^{M} \sum_{k=1}^{K} p^{(m)}_k \log \frac{p^{(m)}_k}{\bar p_k}",
        says="how much is learnt about the class when it is said which network speaks; equal to the Jensen–Shannon divergence",
        low="0",
        high="log(M)",
        because=r"each summand over $m$ is the divergence of $p^{(m)}$ from $\bar p$, which is not negative, and $p^{(m)}_k \le M \bar p_k$",
        least=((0.25, 0.75), (0.25, 0.75)),
        most=((1.0, 0.0), (0.0, 1.0)),
        slope=r"\frac{1}{M} \log \frac{p_k}{\bar p_k}",
        gradient=r"\frac{1}{M} p_k \Bigl(\log \frac{p_k}{\bar p_k} - \sum_i p_i \log \frac{p_i}{\bar p_i}\Bigr)",
        compute=_mutual_information,
        networks=2,
        aliases=("bald",),
    ),
    Score(
        name="kl",
        title="mean Kullback–Leibler divergence between networks",
        definition=r"s = \frac{1}{M (M - 1)} \sum_{m=1}^{M} \sum_{n=1}^{M} \sum_{k=1}^{K} p^{(m)}_k \log \frac{p^{(m)}_k}{p^{(n)}_k}",
        says="how much the networks disagree; infinite where one excludes what another does not",
        low="0",
        high="oo",
        because=r"no divergence is negative by Gibbs' inequality, and none has an upper bound where $p^{(n)}_k$ tends to 0",
        least=((0.25, 0.75), (0.25, 0.75)),
        most=None,
        slope=r"\frac{1}{M (M - 1)} \sum_{n=1}^{M} \Bigl(\log \frac{p_k}{p^{(n)}_k} + 1 - \frac{p^{(n)}_k}{p_k}\Bigr)",
        gradient=r"\frac{1}{M (M - 1)} \sum_{n=1}^{M} p_k \Bigl(\log \frac{p_k}{p^{(n)}_k} + 1 - \frac{p^{(n)}_k}{p_k} - \sum_i p_i \log \frac{p_i}{p^{(n)}_i}\Bigr)",
        compute=_pairwise_divergence,
        networks=2,
    ),
    Score(
        name="variation_ratio",
        title="variation ratio",
        definition=r"s = 1 - v_a",
        where=r"$a$ is the class with the most votes; the gradient is that where no two largest probabilities are equal",
        says="the share of the networks that do not vote with the majority",
        low="0",
        high="1 - 1/M",
        because=r"the most frequent class has at least one of $M$ votes and at most all",
        least=((0.9, 0.1), (0.6, 0.4)),
        most=((1.0, 0.0), (0.0, 1.0)),
        gradient="0",
        compute=_variation_ratio,
        networks=2,
        aliases=("variance_ratio",),
    ),
    Score(
        name="vote_entropy",
        title="vote entropy",
        definition=r"s = -\sum_{k=1}^{K} v_k \log v_k",
        where="classes without votes add 0; the gradient is that where no two largest probabilities are equal",
        says="how evenly the votes are spread",
        low="0",
        high="log(M)",
        because=r"at most $M$ classes have votes, and an entropy over $M$ values is at most $\log M$",
        least=((0.9, 0.1), (0.6, 0.4)),
        most=((1.0, 0.0), (0.0, 1.0)),
        gradient="0",
        compute=_vote_entropy,
        networks=2,
    ),
)


SCORES: Final[dict[str, Score]] = {row.name: row for row in _ROWS}
"""Every score, by name."""

_NAMES: Final = {name: row for row in _ROWS for name in (row.name, *row.aliases)}


def score_named(name: str) -> Score:
    """The score of that name; raises UnknownName."""
    if name not in _NAMES:
        raise UnknownName.among("score", name, _NAMES)
    return _NAMES[name]


def evaluate(score: str, probabilities: Any, pair: Pair | None = None) -> Array:
    """The score of images given as networks × images × classes, or networks × classes for a single image.

    >>> evaluate("confusion", [[[0.5, 0.5, 0.0]]], pair=(0, 1)).tolist()
    [0.25]
    """
    import numpy as np

    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim == 2:
        return score_named(score).compute(p[:, None, :], pair)[0]
    return score_named(score).compute(p, pair)


def _letters() -> Context:
    context = Context()
    for names, high in (("abik", "K"), ("mn", "M")):
        for name in names:
            context = context.declare(name, index(ONE, Sym(high)))
    return context


LETTERS: Final = _letters()
"""What the indices of the formulas are: a, b, i, k number classes, m, n number networks."""
