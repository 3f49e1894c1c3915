"""Arithmetic with rounded decimals: 0.609 · 0.391 = 0.238 is right to the digits that are written, not exactly."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Final

from symderiv.decide import Verdict, decide, decide_relation
from symderiv.terms import Add, Context, Decimal, Div, Fn, Mul, Neg, Num, Pow, Relation, Term, number

TOLERANCE: Final = Fraction(1, 50)
"""By what share a result may be off before it is called wrong although its inputs were rounded."""


def judge_rounded(left: Term, right: Term) -> Verdict | None:
    """The verdict on an equation between numbers whose right side has decimals; None for any other.

    Proved with the digits as condition where it is right to the last digit written; refuted where it is off by more than rounding explains.
    """
    decimals = [t for t in right.postorder() if isinstance(t, Decimal)]
    if not decimals or left.free or right.free:
        return None
    exact = decide(left, right)
    if exact.kind != "refuted":
        return exact
    digits = min(len(t.text.partition(".")[2]) for t in decimals)
    half = number(Fraction(1, 2 * 10**digits))
    if isinstance(right.arg if isinstance(right, Neg) else right, Decimal) and _within(left, right, half) == "proved":
        return Verdict("proved", f"equal to the {digits} decimals written", (Relation("≤", Add(left, Neg(right)), half),))
    allowed = Add(Mul(Num(6), half), Mul(number(TOLERANCE), Fn("abs", right)))
    if _within(left, right, allowed) == "refuted":
        return exact
    return Verdict("undecided", tried=(f"not equal to the {digits} decimals written; the numbers before may be rounded",))


def _within(left: Term, right: Term, by: Term) -> str:
    """Whether left lies in right ± by: "proved", "refuted" or "undecided"."""
    above = decide_relation(Relation("≤", left, Add(right, by)), Context())
    below = decide_relation(Relation("≥", left, Add(right, Neg(by))), Context())
    kinds = {above.kind, below.kind}
    return "refuted" if "refuted" in kinds else "proved" if kinds == {"proved"} else "undecided"


def rational(term: Term) -> Fraction | None:
    """The value of arithmetic with rational numbers; None for any other term, and where it is undefined or too large.

    >>> from symderiv.read import read_plain
    >>> rational(read_plain("(28 + 2 - 3)/2 + 1"))
    Fraction(29, 2)
    """
    values: dict[Term, Fraction | None] = {}
    for t in term.bare.postorder():
        parts = [v for c in t.children if (v := values[c]) is not None]
        values[t] = _value(t, parts) if len(parts) == len(t.children) else None
    return values[term.bare]


def _value(t: Term, parts: list[Fraction]) -> Fraction | None:
    match t:
        case Num() | Decimal():
            return Fraction(t.value)
        case Neg():
            return -parts[0]
        case Add():
            return sum(parts, Fraction(0))
        case Mul():
            return prod(parts, start=Fraction(1))
        case Div() if parts[1]:
            return parts[0] / parts[1]
        case Pow() if parts[1].denominator == 1 and abs(parts[1]) <= 64 and parts[0] and parts[0].denominator < 10**6:
            return Fraction(parts[0] ** int(parts[1])) if abs(parts[0].numerator) < 10**6 else None
    return None


def as_precise_as(value: Fraction, written: Term) -> Fraction:
    """The value with as many decimals as a decimal number that was written for it; exact for any other term."""
    size = written.arg if isinstance(written, Neg) else written
    if not isinstance(size, Decimal):
        return value
    return round(value, len(size.text.partition(".")[2]))


def decimal_or_fraction(value: Fraction) -> Term:
    """A number as it is usually written: 14.5, but 1/3."""
    rest = value.denominator
    for p in (2, 5):
        while rest % p == 0:
            rest //= p
    if rest != 1 or value.denominator == 1 or value.denominator > 10**12:
        return number(value)
    digits = 0
    while (abs(value) * 10**digits).denominator != 1:
        digits += 1
    shifted = str(int(abs(value) * 10**digits)).rjust(digits + 1, "0")
    size = Decimal(f"{shifted[:-digits]}.{shifted[-digits:]}")
    return Neg(size) if value < 0 else size
