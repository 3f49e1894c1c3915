"""Arithmetic with rounded decimals: 0.609 · 0.391 = 0.238 is right to the digits that are written, not exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from symderiv.decide import Verdict, decide, decide_relation
from symderiv.terms import Add, Context, Decimal, Neg, Relation, Term, number

TOLERANCE: Final = Fraction(1, 50)
"""By what share a result may be off before it is called wrong although its inputs were rounded."""


def judge_rounded(left: Term, right: Term) -> Verdict | None:
    """The verdict on an equation between numbers whose right side is a decimal; None for any other.

    Proved with the digits as condition where it is right to the last digit written; refuted where it is off by more than rounding explains.
    """
    shown = right.arg if isinstance(right, Neg) else right
    if not isinstance(shown, Decimal) or left.free:
        return None
    exact = decide(left, right)
    if exact.kind == "proved":
        return exact
    digits = len(shown.text.partition(".")[2])
    half = Fraction(1, 2 * 10**digits)
    if _within(left, right, half) == "proved":
        return Verdict("proved", f"equal to the {digits} decimals written", (_unit(left, right, half),))
    if exact.kind == "refuted" and _within(left, right, max(6 * half, TOLERANCE * shown.value)) == "refuted":
        return exact
    return Verdict("undecided", tried=(f"not equal to the {digits} decimals written; the numbers before may be rounded",))


def _unit(left: Term, right: Term, half: Fraction) -> Term:
    return Relation("≤", Add(left, Neg(right)), number(half))


def _within(left: Term, right: Term, by: Fraction) -> str:
    above = decide_relation(Relation("≤", left, Add(right, number(by))), Context())
    below = decide_relation(Relation("≥", left, Add(right, Neg(number(by)))), Context())
    kinds = {above.kind, below.kind}
    return "refuted" if "refuted" in kinds else "proved" if kinds == {"proved"} else "undecided"
