"""Judgements written into claims."""

from __future__ import annotations

from symderiv.check.claim import Claim, ShownWitness
from symderiv.check.judging import Judgement
from symderiv.decide import Witness
from symderiv.write import latex


def put(claim: Claim, judgement: Judgement) -> None:
    """The verdict, its method and conditions, what was inferred, the witness and the reason written into the claim."""
    verdict = judgement.verdict
    claim.verdict = verdict.kind
    claim.method = verdict.method
    claim.conditions = [latex(c) for c in (*judgement.conditions, *verdict.conditions)]
    claim.inferred += [i for i in judgement.inferred if i not in claim.inferred]
    claim.witness = _shown(verdict.witness)
    claim.reason = judgement.reason
    if judgement.conditions:
        claim.reason = "holds under the condition that was stated before"


def _shown(witness: Witness | None) -> ShownWitness | None:
    if witness is None:
        return None
    return ShownWitness({name: str(q) for name, q in witness.values.items()}, witness.left, witness.right)
