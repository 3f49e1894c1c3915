"""A `confusable` question of an exercise sheet: how images that several networks confuse are found, with every score derived.

confusable                  all scores, and the fast-gradient step
confusable entropy          one score
confusable fast-gradient    the step that raises a loss most
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from symderiv.ranking.gradients import derive_gradient, prove_gradient
from symderiv.ranking.perturbation import THEOREMS
from symderiv.ranking.report import described
from symderiv.ranking.scores import SCORES, Score, score_named
from symderiv.terms import Context
from symderiv.write import Block, Heading, Paragraph, Strong, blocks_of
from symderiv.write.layout import Steps

EXAMPLE: Final = "confusable entropy"
STEP: Final = "fast-gradient"


def answer(text: str, options: Mapping[str, str], context: Context, steps: Steps) -> tuple[list[Block], Context]:
    """The blocks that answer the question; the context is left as it is. Raises UnknownName for a score that does not exist."""
    asked = text.strip()
    if asked == STEP:
        return fast_gradient_step(), context
    if asked and asked != "all":
        return score_blocks(score_named(asked), steps), context
    found: list[Block] = [
        Paragraph(
            (
                "Ask M networks for the probabilities of all classes of many images, give every image a score, and look at the first: "
                "the score is large (or small) where one network hesitates, or where the networks disagree. p̄ is the mean of the "
                "networks, v the shares of their votes. ",
                Strong("symderiv rank"),
                " computes all of these. New examples are made of an image by the step below, along the gradient of a score.",
            )
        )
    ]
    for score in SCORES.values():
        found += score_blocks(score, "result" if steps == "lines" else steps)
    return [*found, *fast_gradient_step()], context


def score_blocks(score: Score, steps: Steps) -> list[Block]:
    """The definition, the bounds, and the gradient with its derivation and what `decide` says of it for three classes."""
    found: list[Block] = [Heading(score.title[0].upper() + score.title[1:], 3), *described(score)]
    if not score.slope:
        return found
    if steps != "result":
        found += [b for b in blocks_of(derive_gradient(score), steps) if not isinstance(b, Heading)]
    verdict = prove_gradient(score)
    found.append(Paragraph(("For three classes, every part of this is ", Strong(verdict.kind), ".")))
    return found


def fast_gradient_step() -> list[Block]:
    """The theorems on the step, with their proofs."""
    return [b for theorem in THEOREMS.values() for b in theorem.blocks()]
