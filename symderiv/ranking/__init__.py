"""Confusable images: scores on the probability vectors of classifiers, the fast-gradient step, and `rank`.

SCORES                    every score: definition, bounds, extremal cases, gradient, program
evaluate(score, p)        a score of probability vectors
derive_gradient(score)    its gradient by the logits, for every number of classes
answer                    a `confusable` question of an exercise sheet
prove_gradient(score)     whether its gradient is right, decided
rank(paths, …)            the most confusing images of memory-mapped arrays
fast_gradient, THEOREMS   the step that raises a linearised loss most, with its proof
"""

from symderiv.ranking.gradients import derive_gradient, prove_gradient
from symderiv.ranking.perturbation import THEOREMS, fast_gradient
from symderiv.ranking.question import answer
from symderiv.ranking.ranking import Ranking, rank
from symderiv.ranking.scores import SCORES, Score, evaluate, score_named

__all__ = [
    "SCORES",
    "THEOREMS",
    "Ranking",
    "Score",
    "answer",
    "derive_gradient",
    "evaluate",
    "fast_gradient",
    "prove_gradient",
    "rank",
    "score_named",
]
