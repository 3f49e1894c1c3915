"""Intervals with exact ends: what values an expression can take, as far as its shape says so."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

HIGHEST_POWER = 40
"""Above this, only the sign of a power is kept."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` (None: unbounded); an end is left out where `open_low`, `open_high` say so."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = True
    open_high: bool = True

    @classmethod
    def point(cls, q: Fraction) -> Interval:
        """One number."""
        return cls(q, q, False, False)

    def __neg__(self) -> Interval:
        return Interval(
            None if self.high is None else -self.high, None if self.low is None else -self.low, self.open_high, self.open_low
        )

    def __add__(self, other: Interval) -> Interval:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high, self.open_low or other.open_low, self.open_high or other.open_high)

    def __mul__(self, other: Interval) -> Interval:
        if self.is_zero() or other.is_zero():
            return ZERO
        if self.low is not None and self.low >= 0:
            return _times_nonnegative(self, other)
        if self.high is not None and self.high <= 0:
            return -_times_nonnegative(-self, other)
        if other.low is not None and other.low >= 0:
            return _times_nonnegative(other, self)
        if other.high is not None and other.high <= 0:
            return -_times_nonnegative(-other, self)
        if None in (self.low, self.high, other.low, other.high):
            return REAL
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high) if a is not None and b is not None]
        return Interval(min(ends), max(ends), False, False)

    def reciprocal(self) -> Interval:
        """1/self; everything where 0 is inside."""
        if self.positive():
            assert self.low is not None
            high = None if self.low == 0 else 1 / self.low
            low = Fraction(0) if self.high is None else 1 / self.high
            return Interval(low, high, self.high is None or self.open_high, high is None or self.open_low)
        if (-self).positive():
            return -(-self).reciprocal()
        return REAL

    def power(self, n: int) -> Interval:
        """selfⁿ for whole n ≥ 0."""
        if n == 0:
            return Interval.point(Fraction(1))
        if n > HIGHEST_POWER:
            return self._coarse_power(n)
        if self.low is not None and self.low >= 0:
            high = None if self.high is None else self.high**n
            return Interval(self.low**n, high, self.open_low, self.open_high)
        if self.high is not None and self.high <= 0:
            flipped = (-self).power(n)
            return flipped if n % 2 == 0 else -flipped
        if n % 2:
            low = None if self.low is None else self.low**n
            high = None if self.high is None else self.high**n
            return Interval(low, high, self.open_low, self.open_high)
        ends = None if self.low is None or self.high is None else max(-self.low, self.high) ** n
        return Interval(Fraction(0), ends, False, False)

    def _coarse_power(self, n: int) -> Interval:
        if self.positive() or (n % 2 == 0 and (-self).positive()):
            return POSITIVE
        if n % 2 == 0 or self.nonnegative():
            return NONNEGATIVE
        return -POSITIVE if (-self).positive() else -NONNEGATIVE if (-self).nonnegative() else REAL

    def meet(self, other: Interval) -> Interval:
        """What lies in both."""
        low, open_low = _tighter(self.low, self.open_low, other.low, other.open_low, 1)
        high, open_high = _tighter(self.high, self.open_high, other.high, other.open_high, -1)
        return Interval(low, high, open_low, open_high)

    def whole(self) -> Interval:
        """The interval around the integers in it."""
        low = None if self.low is None else self.low // 1 + 1 if self.open_low else -(-self.low // 1)
        high = None if self.high is None else -(-self.high // 1) - 1 if self.open_high else self.high // 1
        ends = (None if low is None else Fraction(low), None if high is None else Fraction(high))
        return Interval(*ends, low is None, high is None)

    def is_zero(self) -> bool:
        """Whether only 0 is in it."""
        return self.low == 0 == self.high

    def positive(self) -> bool:
        """Whether every number in it is > 0."""
        return self.low is not None and (self.low > 0 or (self.low == 0 and self.open_low))

    def nonnegative(self) -> bool:
        """Whether every number in it is ≥ 0."""
        return self.low is not None and self.low >= 0

    def inner_point(self) -> Fraction:
        """A number inside."""
        if self.low is None:
            return Fraction(0) if self.high is None else self.high - 1
        return self.low + 1 if self.high is None else (self.low + self.high) / 2

    def signs(self) -> frozenset[int]:
        """The signs that its numbers can have."""
        out = set()
        if self.high is None or self.high > 0:
            out.add(1)
        if self.low is None or self.low < 0:
            out.add(-1)
        if not (self.positive() or (-self).positive()):
            out.add(0)
        return frozenset(out)


def _times_nonnegative(a: Interval, b: Interval) -> Interval:
    """a · b where a ≥ 0."""
    assert a.low is not None
    if b.low is not None and b.low >= 0:
        high = None if a.high is None or b.high is None else a.high * b.high
        low_open = a.open_low or b.open_low
        if (a.low == 0 and not a.open_low) or (b.low == 0 and not b.open_low):
            low_open = False
        return Interval(a.low * b.low, high, low_open, a.open_high or b.open_high)
    if b.high is not None and b.high <= 0:
        return -_times_nonnegative(a, -b)
    low = None if a.high is None or b.low is None else a.high * b.low
    high = None if a.high is None or b.high is None else a.high * b.high
    return Interval(low, high, a.open_high or b.open_low, a.open_high or b.open_high)


def _tighter(a: Fraction | None, open_a: bool, b: Fraction | None, open_b: bool, side: int) -> tuple[Fraction | None, bool]:
    if a is None:
        return b, open_b
    if b is None or side * a > side * b:
        return a, open_a
    return (b, open_b) if side * b > side * a else (a, open_a or open_b)


REAL = Interval()
ZERO = Interval.point(Fraction(0))
POSITIVE = Interval(Fraction(0), None, True, True)
NONNEGATIVE = Interval(Fraction(0), None, False, True)
