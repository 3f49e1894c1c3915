"""Confusable images: scores on the probability vectors of classifiers, the fast-gradient step, and `rank`.

SCORES                    every score: definition, bounds, extremal cases, gradient, program
evaluate(score, p)        a score of probability vectors
prove_gradient(score)     whether its gradient is right, decided
rank(paths, …)            the most confusing images of memory-mapped arrays
fast_gradient, THEOREMS   the step that raises a linearised loss most, with its proof
"""

from symderiv.ranking.gradients import prove_gradient
from symderiv.ranking.perturbation import THEOREMS, fast_gradient
from symderiv.ranking.ranking import Ranking, rank
from symderiv.ranking.scores import SCORES, Score, evaluate, score_named

__all__ = ["SCORES", "THEOREMS", "Ranking", "Score", "evaluate", "fast_gradient", "prove_gradient", "rank", "score_named"]
