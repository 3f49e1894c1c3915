"""Directions on the grid in words: x runs to the right, y runs down."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import gcd, lcm

Vector = tuple[Fraction, Fraction]
"""x to the right, y down."""


def whole(v: Vector) -> tuple[int, int]:
    """The direction as whole numbers without a common divisor."""
    bottom = reduce(lcm, (c.denominator for c in v))
    x, y = (int(c * bottom) for c in v)
    common = gcd(x, y) or 1
    return x // common, y // common


def towards(v: Vector) -> str:
    """`to the right`, `down and to the left`, or the direction as a vector.

    >>> towards((Fraction(0), Fraction(-3))), towards((Fraction(1), Fraction(2)))
    ('upwards', 'in the direction (1, 2) (x to the right, y down)')
    """
    x, y = whole(v)
    if 0 not in (x, y) and abs(x) != abs(y):
        return f"in the direction ({x}, {y}) (x to the right, y down)"
    if y == 0:
        return "to the right" if x > 0 else "to the left"
    vertical = "down" if y > 0 else "up"
    if x == 0:
        return vertical + "wards"
    return f"{vertical} and to the {'right' if x > 0 else 'left'}"


def edges(v: Vector) -> str:
    """What runs across a direction: vertical edges across a horizontal one."""
    x, y = whole(v)
    if y == 0:
        return "vertical edges"
    if x == 0:
        return "horizontal edges"
    return "diagonal edges" if abs(x) == abs(y) else "edges across that direction"


def pixels(n: int | Fraction) -> str:
    """`1 pixel`, `2 pixels`."""
    return f"{n} pixel{'' if n == 1 else 's'}"


def moved(v: Vector) -> str:
    """`1 pixel to the right and 2 pixels down`."""
    x, y = v
    parts = []
    if x:
        parts.append(f"{pixels(abs(x))} to the {'right' if x > 0 else 'left'}")
    if y:
        parts.append(f"{pixels(abs(y))} {'down' if y > 0 else 'up'}")
    return " and ".join(parts)
