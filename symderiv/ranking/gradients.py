"""The gradients of the scores by the logits: derived for every number of classes, and proved for given ones.

    ∂s/∂z_k = Σ_i ∂s/∂p_i ∂p_i/∂z_k = Σ_i ∂s/∂p_i p_i (δ_ik − p_k) = p_k (∂s/∂p_k − Σ_i p_i ∂s/∂p_i)      for p = softmax(z)
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.decide import Verdict, decide, derivative_of
from symderiv.derive import Derivation
from symderiv.errors import NotDerivable
from symderiv.ranking.instances import instance, letters
from symderiv.ranking.scores import LETTERS, Score
from symderiv.read import let, read_latex, read_plain
from symderiv.rules import Rule, Step
from symderiv.terms import Relation, Sym, Term, minus, number, plus, substitute, times


def formulas(score: Score) -> tuple[Term, Term, Term]:
    """The score, its slope ∂s/∂p_k and its gradient ∂s/∂z_k, as they are printed.

    Raises NotDerivable for a score that is constant between jumps.
    """
    if not score.slope:
        raise NotDerivable(f"{score.title} is constant between jumps: its gradient is 0 where it has one")
    definition, slope, gradient = (read_latex(text, LETTERS).bare for text in (score.definition, score.slope, score.gradient))
    return definition.right if isinstance(definition, Relation) else definition, slope, gradient


CHAIN = (
    ("", r"\frac{\partial s}{\partial z_k}"),
    (
        "chain rule over all probabilities",
        r"\sum_{i=1}^{K} \frac{\partial s}{\partial p_i} \frac{\partial p_i}{\partial z_k}",
    ),
    ("derivative of softmax", r"\sum_{i=1}^{K} \frac{\partial s}{\partial p_i} p_i (\delta_{ik} - p_k)"),
    (
        "of δ only i = k is left",
        r"p_k \Bigl(\frac{\partial s}{\partial p_k} - \sum_{i=1}^{K} p_i \frac{\partial s}{\partial p_i}\Bigr)",
    ),
)
"""The part of the derivation that all scores share: the words for each line, and the line."""


def derive_gradient(score: Score) -> Derivation:
    """∂s/∂z_k = … = the gradient of the row, for every number of classes and networks."""
    _, slope, gradient = formulas(score)
    lines = [(words, read_latex(text, LETTERS).bare) for words, text in CHAIN]
    lines.append(("the derivative of s by a probability put in", _inserted(score)))
    lines.append(("sums over δ contracted, probabilities add up to 1", gradient))
    steps = [_step(f"gradient_{n}", words, before, after) for n, ((_, before), (words, after)) in enumerate(zip(lines, lines[1:], strict=False))]
    return Derivation(lines[0][1], tuple(steps), LETTERS, f"Gradient of the {score.title}")


def _inserted(score: Score) -> Term:
    """p_k (∂s/∂p_k − Σ_i p_i ∂s/∂p_i) with the slope put in."""
    _, slope, _ = formulas(score)
    whole = read_latex(r"p_k \Bigl(A - \sum_{i=1}^{K} p_i B\Bigr)", LETTERS).bare
    return substitute(whole, {"A": slope, "B": substitute(slope, {"k": Sym("j")})}) if False else _filled(whole, slope)


def _step(name: str, words: str, before: Term, after: Term) -> Step:
    step = Rule(name, "", words, "", lambda t: after if t == before else None, str(before)).apply(before)
    if step is None:
        raise AssertionError(f"{name} changes nothing in {before}")
    return step
