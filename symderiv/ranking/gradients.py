"""Proofs that the gradients of the scores are what their rows say.

With p = softmax(z), ∂p_i/∂z_k = p_i (δ_ik − p_k), so the chain rule gives ∂s/∂z_k = Σ_i ∂s/∂p_i p_i (δ_ik − p_k), which is compared
with the row where Σ p_i = 1. Both parts are decided, for a number of classes and networks.
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.decide import Verdict, decide, derivative_of
from symderiv.errors import NotDerivable
from symderiv.ranking.scores import Score
from symderiv.read import let, read_plain
from symderiv.terms import Sym, Term, minus, number, plus, substitute, times


def letters(classes: int, networks: int) -> list[list[str]]:
    """The names of the probabilities: those of the first network are a_1, a_2, …"""
    return [[f"{chr(ord('a') + m)}_{k + 1}" for k in range(classes)] for m in range(networks)]


def softmax_claims(classes: int) -> Iterator[tuple[Term, Term]]:
    """∂p_i/∂z_k = p_i (δ_ik − p_k) for p = softmax(z), as pairs of terms in the logits z_1, z_2, …"""
    sum_of_powers = " + ".join(f"exp(z_{n + 1})" for n in range(classes))
    p = [read_plain(f"exp(z_{n + 1})/({sum_of_powers})") for n in range(classes)]
    for i in range(classes):
        for k in range(classes):
            yield derivative_of(p[i], f"z_{k + 1}"), times(p[i], minus(number(int(i == k)), p[k]))


def score_claims(score: Score, classes: int, networks: int) -> Iterator[tuple[Term, Term]]:
    """Σ_i ∂s/∂p_i p_i (δ_ik − p_k) = the gradient of the row, for every k, with 1 − the others for the last probability.

    Raises NotDerivable for a score that is constant between jumps.
    """
    if score.value is None or score.derivative is None:
        raise NotDerivable(f"{score.title} is constant between jumps: it has no derivative to be proved")
    names = letters(classes, networks)
    value = read_plain(score.value(names))
    slopes = [derivative_of(value, name) for name in names[0]]
    last = {row[-1]: minus(number(1), plus(*map(Sym, row[:-1]))) for row in names}
    for k, name in enumerate(names[0]):
        chain = [
            times(slope, Sym(other), minus(number(int(i == k)), Sym(name)))
            for i, (slope, other) in enumerate(zip(slopes, names[0], strict=True))
        ]
        yield substitute(plus(*chain), last), substitute(read_plain(score.derivative(names, k)), last)


def prove_gradient(score: Score, *, classes: int = 3, networks: int | None = None) -> Verdict:
    """Whether the gradient in the row is that of the score, for this many classes and networks: the first verdict that is not `proved`.

    Raises NotDerivable for a score that is constant between jumps.
    """
    number_of_networks = score.networks if networks is None else networks
    positive = [name for row in letters(classes, number_of_networks) for name in row[:-1]]
    rest = [f"{' + '.join(row[:-1])} < 1" for row in letters(classes, number_of_networks) if row[:-1]]
    context = let(", ".join([*(f"{name} > 0" for name in positive), *rest])) if positive else None
    verdict = Verdict("proved")
    for left, right in softmax_claims(classes):
        verdict = decide(left, right)
        if verdict.kind != "proved":
            return verdict
    for left, right in score_claims(score, classes, number_of_networks):
        verdict = decide(left, right, context)
        if verdict.kind != "proved":
            return verdict
    return verdict
