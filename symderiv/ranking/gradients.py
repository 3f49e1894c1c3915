"""The gradients of the scores by the logits: derived for every number of classes, and proved for given ones.

∂s/∂z_k = Σ_i ∂s/∂p_i ∂p_i/∂z_k = Σ_i ∂s/∂p_i p_i (δ_ik − p_k) = p_k (∂s/∂p_k − Σ_i p_i ∂s/∂p_i)      for p = softmax(z)
"""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.decide import Verdict, decide, derivative_of
from symderiv.derive import Derivation, Remark
from symderiv.errors import NotDerivable
from symderiv.ranking.instances import instance, letters
from symderiv.ranking.scores import LETTERS, Score
from symderiv.read import let, read_latex, read_plain
from symderiv.rules import Rewrite, Rule, Step
from symderiv.terms import ONE, Context, Entry, Fn, Relation, Sum, Sym, Term, minus, number, plus, substitute, times


def formulas(score: Score) -> tuple[Term, Term, Term]:
    """The score, its slope ∂s/∂p_k and its gradient ∂s/∂z_k, as they are printed.

    Raises NotDerivable for a score that is constant between jumps.
    """
    if not score.slope:
        raise NotDerivable(f"{score.title} is constant between jumps: its gradient is 0 where it has one")
    definition, slope, gradient = (read_latex(text, LETTERS).bare for text in (score.definition, score.slope, score.gradient))
    return definition.right if isinstance(definition, Relation) else definition, slope, gradient


def derive_gradient(score: Score) -> Derivation:
    """Σ_i ∂s/∂p_i p_i (δ_ik − p_k) = … = the gradient of the row, for every number of classes and networks.

    Raises NotDerivable for a score that is constant between jumps.
    """
    _, slope, gradient = formulas(score)
    i, k, p = Sym("i"), Sym("k"), Sym("p")
    here, there = Entry(p, k), Entry(p, i)
    slope_there = substitute(slope, {"k": i})
    start = Sum(times(slope_there, there, minus(Fn("delta", i, k), here)), i, ONE, Sym("K"))
    contracted = _contracted(slope)
    unity = Relation("=", Sum(there, i, ONE, Sym("K")), ONE)
    steps = (
        _step("delta_contracted", r"\sum_i t_i \delta_{ik} = t_k", "of δ only i = k is left; p_k taken out", start, contracted),
        _step("gradient", r"\sum_i p_i = 1", "the sum multiplied out; probabilities add up to 1", contracted, gradient, (unity,)),
    )
    by_chain_rule, softmax = (read_latex(text, LETTERS).bare for text in (CHAIN_RULE, SOFTMAX))
    words = "Chain rule: {}, with {} for the softmax and the derivative of the score by a probability put in"
    return Derivation(start, steps, LETTERS, f"Gradient of the {score.title}", remarks=(Remark(words, (by_chain_rule, softmax)),))


CHAIN_RULE = r"\frac{\partial s}{\partial z_k} = \sum_{i=1}^{K} \frac{\partial s}{\partial p_i} \frac{\partial p_i}{\partial z_k}"
SOFTMAX = r"\frac{\partial p_i}{\partial z_k} = p_i (\delta_{ik} - p_k)"


def _contracted(slope: Term) -> Term:
    """p_k (∂s/∂p_k − Σ_i p_i ∂s/∂p_i) with the slope put in."""
    i, k, p = Sym("i"), Sym("k"), Sym("p")
    mean = Sum(times(Entry(p, i), substitute(slope, {"k": i})), i, ONE, Sym("K"))
    return times(Entry(p, k), minus(slope, mean))


def _step(name: str, statement: str, words: str, before: Term, after: Term, conditions: tuple[Term, ...] = ()) -> Step:
    step = Rule(name, statement, words, "", lambda t: Rewrite(after, conditions) if t == before else None, str(before)).apply(
        before
    )
    if step is None:
        raise AssertionError(f"{name} changes nothing in {before}")
    return step


def claims(score: Score, classes: int, networks: int) -> Iterator[tuple[Term, Term]]:
    """What the derivation rests on, for this many classes and networks, as pairs of terms that are equal where probabilities add up to 1.

    ∂p_i/∂z_k = p_i (δ_ik − p_k) in the logits; ∂s/∂p_k = the slope; p_k (slope − Σ p_i slope) = the gradient.
    """
    yield from softmax_claims(classes)
    names = letters(classes, networks)
    last = {row[-1]: minus(number(1), plus(*map(Sym, row[:-1]))) for row in names}
    definition, slope, gradient = formulas(score)
    value = instance(definition, classes, networks)
    for k in range(1, classes + 1):
        yield derivative_of(value, names[0][k - 1]), instance(slope, classes, networks, k)
        inserted = instance(_contracted(slope), classes, networks, k)
        yield substitute(inserted, last), substitute(instance(gradient, classes, networks, k), last)


def softmax_claims(classes: int) -> Iterator[tuple[Term, Term]]:
    """∂p_i/∂z_k = p_i (δ_ik − p_k) for p = softmax(z)."""
    sum_of_powers = " + ".join(f"exp(z_{n + 1})" for n in range(classes))
    p = [read_plain(f"exp(z_{n + 1})/({sum_of_powers})") for n in range(classes)]
    for i in range(classes):
        for k in range(classes):
            yield derivative_of(p[i], f"z_{k + 1}"), times(p[i], minus(number(int(i == k)), p[k]))


def prove_gradient(score: Score, *, classes: int = 3, networks: int | None = None) -> Verdict:
    """Whether the gradient that is printed is that of the score, for this many classes and networks: the first verdict that is not `proved`.

    Raises NotDerivable for a score that is constant between jumps, ValueError for fewer than two classes.
    """
    if classes < 2:
        raise ValueError("a score needs two classes")
    many = max(score.networks, 1) if networks is None else networks
    verdict = Verdict("proved")
    for left, right in claims(score, classes, many):
        verdict = decide(left, right, positive(classes, many))
        if verdict.kind != "proved":
            break
    return verdict


def positive(classes: int, networks: int) -> Context:
    """The context in which all probabilities of an instance are positive, and all but the last of each network below 1 together."""
    found = []
    for row in letters(classes, networks):
        found += [f"{name} > 0" for name in row]
        found.append(f"{' + '.join(row[:-1])} < 1")
    return let(", ".join(found))
