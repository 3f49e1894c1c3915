"""The ring: arithmetic with bounds on what is computed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symderiv.decide.polynomials import Ring, constant_of, terms_of
from symderiv.decide.verdict import Unsupported

ring = Ring(6)
x, y = ring.generators[:2]


def test_arithmetic() -> None:
    assert ring.times(x + y, x - y) == x * x - y * y
    assert ring.power(x + 1, 3) == x**3 + 3 * x**2 + 3 * x + 1
    assert ring.divided(x * x - y * y, x - y) == x + y
    assert ring.divided(x, ring.one) == x
    assert ring.monomial((1, 2, 0, 0, 0, 0), Fraction(1, 2)) == x * y**2 / 2


def test_terms_and_constants() -> None:
    assert terms_of(x * y**2 / 2 + 3) == [((1, 2, 0, 0, 0, 0), Fraction(1, 2)), ((0, 0, 0, 0, 0, 0), Fraction(3))]
    assert (constant_of(ring.constant(Fraction(2, 3))), constant_of(ring.zero), constant_of(x)) == (Fraction(2, 3), 0, None)


def test_a_huge_power_of_one_letter_is_no_work() -> None:
    assert ring.power(x, 10**9) == ring.monomial((10**9, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    "work",
    [
        lambda: ring.power(x + 1, 10**6),
        lambda: ring.power(sum(ring.generators, ring.one), 60),
        lambda: ring.power(ring.constant(10), 10**9),
        lambda: ring.power(x, 10**30),
        lambda: ring.times((x + 1) ** 300, (y + 1) ** 300),
    ],
)
def test_what_would_blow_up_is_refused(work) -> None:
    with pytest.raises(Unsupported):
        work()
