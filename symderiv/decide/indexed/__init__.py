"""Deciding at symbolic size: indexed sums and arrays of any shape, for every size.

concerns(left, right, context)       whether a claim is of this kind
decide(left, right, context, effort) the verdict: proved for every size, refuted by concrete unequal sizes, or undecided
prove(left, right, context, effort)  the proof alone
by_columns(left, right, context)     the claim with the softmax of a matrix read the other way
"""

from symderiv.decide.indexed.decision import by_columns, concerns, decide, prove

__all__ = ["by_columns", "concerns", "decide", "prove"]
