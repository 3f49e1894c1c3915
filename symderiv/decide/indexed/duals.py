"""Numbers that carry slopes: forward-mode derivatives of any order, over exact rationals and certified balls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

Real = Any
"""An `fmpq` or an `arb`."""


class Undefined(Exception):
    """No value at this point."""


@dataclass(frozen=True, slots=True)
class Dual:
    """value + Σ slope · ε_key for the keys of one derivative; nested for higher ones: `level` counts from outside."""

    level: int
    value: Any
    slopes: Mapping[Any, Any]


Numeric = Any
"""A `Real` or a `Dual` over them."""


def level_of(x: Numeric) -> int:
    """How deep a number's slopes nest: 0 for a bare one."""
    return x.level if isinstance(x, Dual) else 0


def parts(x: Numeric, level: int) -> tuple[Numeric, Mapping[Any, Numeric]]:
    """The value and the slopes at a level."""
    return (x.value, x.slopes) if isinstance(x, Dual) and x.level == level else (x, {})


def plus(x: Numeric, y: Numeric) -> Numeric:
    """x + y."""
    level = max(level_of(x), level_of(y))
    if level == 0:
        return x + y
    (a, da), (b, db) = parts(x, level), parts(y, level)
    out = dict(da)
    for k, s in db.items():
        out[k] = plus(out[k], s) if k in out else s
    return Dual(level, plus(a, b), out)


def times(x: Numeric, y: Numeric) -> Numeric:
    """x · y."""
    level = max(level_of(x), level_of(y))
    if level == 0:
        return x * y
    (a, da), (b, db) = parts(x, level), parts(y, level)
    out = {k: times(s, b) for k, s in da.items()}
    for k, s in db.items():
        moved = times(a, s)
        out[k] = plus(out[k], moved) if k in out else moved
    return Dual(level, times(a, b), out)


def chained(x: Numeric, value: Callable[[Numeric], Numeric], slope: Callable[[Numeric], Numeric]) -> Numeric:
    """f(x) for an x with slopes, by f at its value and f' there."""
    if not isinstance(x, Dual):
        return value(x)
    factor = slope(x.value)
    return Dual(x.level, chained(x.value, value, slope), {k: times(factor, s) for k, s in x.slopes.items()})


def raised(x: Numeric, q: Fraction) -> Numeric:
    """x^q."""
    if isinstance(x, Dual):
        return Dual(
            x.level,
            raised(x.value, q),
            {k: times(times(fmpq(q.numerator, q.denominator), raised(x.value, q - 1)), s) for k, s in x.slopes.items()}
            if q
            else {},
        )
    if q.denominator == 1:
        if q < 0 and isinstance(x, fmpq) and x == 0:
            raise Undefined
        return x ** int(q)
    return arb(x) ** arb(fmpq(q.numerator, q.denominator))


def exact(q: Fraction | int) -> Real:
    """A rational as FLINT has it."""
    q = Fraction(q)
    return fmpq(q.numerator, q.denominator)


def _may_vanish(x: Numeric) -> bool:
    value = bare(x)
    return bool(value == 0) if isinstance(value, fmpq) else bool(value.contains(0))


def bare(x: Numeric) -> Real:
    """The value without its slopes."""
    while isinstance(x, Dual):
        x = x.value
    return x


def _reciprocal(x: Numeric) -> Numeric:
    if _may_vanish(x):
        raise Undefined
    return raised(x, Fraction(-1))


def inverted(rows: list[list[Numeric]]) -> list[list[Numeric]]:
    """Gauss and Jordan's elimination, slopes and all."""
    n = len(rows)
    work = [[*row, *(fmpq(int(i == j)) for j in range(n))] for i, row in enumerate(rows)]
    for k in range(n):
        _pivot(work, k)
        head = _reciprocal(work[k][k])
        work[k] = [times(head, x) for x in work[k]]
        for i in range(n):
            if i != k:
                factor = times(fmpq(-1), work[i][k])
                work[i] = [plus(x, times(factor, y)) for x, y in zip(work[i], work[k], strict=True)]
    return [row[n:] for row in work]


def _pivot(work: list[list[Numeric]], k: int) -> int:
    """Bring a row whose entry k is not zero to place k; the sign of the exchange."""
    for i in range(k, len(work)):
        if not _may_vanish(work[i][k]):
            work[k], work[i] = work[i], work[k]
            return 1 if i == k else -1
    raise Undefined


def determinant(rows: list[list[Numeric]]) -> Numeric:
    """By expansion along the first row: sizes are small, and slopes of a singular matrix come out too."""
    if len(rows) == 1:
        return rows[0][0]
    out: Numeric = fmpq(0)
    for j, x in enumerate(rows[0]):
        minor = determinant([row[:j] + row[j + 1 :] for row in rows[1:]])
        out = plus(out, times(times(fmpq((-1) ** j), x), minor))
    return out
