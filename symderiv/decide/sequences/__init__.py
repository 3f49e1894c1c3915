"""Sequences defined by recursion, products of matrices in order, and claims about all of their members: proved by induction.

decide(left, right, context, judge)     a claim of equality
decide_inequality(relation, context, judge, proves)   a claim of <, ≤, >, ≥
concerns(left, right, context)          whether a claim is of this kind
system_of(context)                      the recursions of a context
closed_form(system, name)               a conjecture for a sequence
"""

from symderiv.decide.sequences.claim import Claim
from symderiv.decide.sequences.closed import closed_form
from symderiv.decide.sequences.decision import beyond_ranges, concerns, decide, decide_inequality, may_help, plain, rearranged
from symderiv.decide.sequences.system import ASCENDING, DESCENDING, Recursion, System, system_of

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "Claim",
    "Recursion",
    "System",
    "beyond_ranges",
    "closed_form",
    "concerns",
    "decide",
    "decide_inequality",
    "may_help",
    "plain",
    "rearranged",
    "system_of",
]
