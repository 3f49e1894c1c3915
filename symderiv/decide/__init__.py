"""Deciding: proved by a normal form, refuted by certified balls, otherwise undecided.

decide(left, right, context)        a claim of equality
decide_relation(relation, context)  a claim of any relation
prove(left, right, context)         the proof alone
certain(relation, context)          whether it is plain from signs and ranges, at any length
holds(condition, context)           True, False, or None where it is not known
evaluate(term, values)              a certified ball at a rational point
derivative_ball(term, name, values) a certified derivative, by power series
derivative_of(term, name)           a derivative, mechanically
along_lines(terms, letters, context)  differentials as derivatives along lines
domain(term, context)               where a term is defined
"""

from symderiv.decide.balls import derivative_ball, evaluate
from symderiv.decide.decision import certain, decide, decide_relation, derivative_of, domain, prove
from symderiv.decide.directions import along_lines, differentials_in, opened, varying_letters
from symderiv.decide.facts import holds
from symderiv.decide.regions import UNDEFINED, piece
from symderiv.decide.traits import has_knots
from symderiv.decide.verdict import EFFORT, Verdict, Witness

__all__ = [
    "EFFORT",
    "UNDEFINED",
    "Verdict",
    "Witness",
    "along_lines",
    "certain",
    "decide",
    "decide_relation",
    "derivative_ball",
    "derivative_of",
    "differentials_in",
    "domain",
    "evaluate",
    "has_knots",
    "holds",
    "opened",
    "piece",
    "prove",
    "varying_letters",
]
