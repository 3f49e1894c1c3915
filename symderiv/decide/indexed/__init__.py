"""Deciding at symbolic size: indexed sums and arrays of any shape, for every size.

concerns(left, right, context)       whether a claim is of this kind
decide(left, right, context, effort) the verdict: proved for every size, refuted by concrete unequal sizes, or undecided
prove(left, right, context, effort)  the proof alone
"""

from symderiv.decide.indexed.decision import concerns, decide, prove

__all__ = ["concerns", "decide", "prove"]
