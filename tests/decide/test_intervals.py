"""Interval arithmetic contains what it must, with open and closed ends."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from symderiv.decide.intervals import NONNEGATIVE, POSITIVE, REAL, ZERO, Interval

numbers = st.fractions(min_value=-5, max_value=5, max_denominator=4)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval with a number in it."""
    inside = draw(numbers)
    below, above = draw(st.one_of(st.none(), st.fractions(0, 3))), draw(st.one_of(st.none(), st.fractions(0, 3)))
    low, high = (None if below is None else inside - below), (None if above is None else inside + above)
    open_low = below is None or (below > 0 and draw(st.booleans()))
    open_high = above is None or (above > 0 and draw(st.booleans()))
    return Interval(low, high, open_low, open_high), inside


def inside(q: Fraction, i: Interval) -> bool:
    above = i.low is None or q > i.low or (q == i.low and not i.open_low)
    below = i.high is None or q < i.high or (q == i.high and not i.open_high)
    return above and below


@given(intervals(), intervals(), st.integers(0, 6))
def test_results_contain_the_results(a: tuple[Interval, Fraction], b: tuple[Interval, Fraction], n: int) -> None:
    (i, p), (j, q) = a, b
    assert inside(p + q, i + j)
    assert inside(p * q, i * j)
    assert inside(-p, -i)
    assert inside(p**n, i.power(n))
    if q:
        assert inside(1 / q, j.reciprocal())
    if inside(p, j):
        assert inside(p, i.meet(j))
    if p.denominator == 1:
        assert inside(p, i.whole())


@given(intervals())
def test_signs(a: tuple[Interval, Fraction]) -> None:
    i, p = a
    assert (p > 0) - (p < 0) in i.signs()
    assert not i.positive() or p > 0
    assert not i.nonnegative() or p >= 0
    assert not i.is_zero() or p == 0


@given(intervals(), st.integers(41, 60))
def test_high_powers_keep_the_sign(a: tuple[Interval, Fraction], n: int) -> None:
    i, p = a
    assert inside(p**n, i.power(n))


def test_named_intervals() -> None:
    assert (REAL.signs(), POSITIVE.signs(), NONNEGATIVE.signs(), ZERO.signs()) == ({-1, 0, 1}, {1}, {0, 1}, {0})
    assert Interval(Fraction(1), Fraction(3), False, True).inner_point() == 2
    assert Interval(Fraction(0), None).whole() == Interval(Fraction(1), None, False, True)
