"""What is assumed of arrays, as conditions that a counterexample must fulfil exactly."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from flint import arb, fmpq

from symderiv.decide.indexed.duals import Real, Undefined, bare, determinant
from symderiv.decide.indexed.expressions import Delta, Expression, Raised, negative, number, product, total
from symderiv.decide.indexed.normal import Normal
from symderiv.decide.indexed.scope import NOWHERE
from symderiv.decide.indexed.setting import conditions
from symderiv.decide.indexed.values import Value
from symderiv.decide.indexed.whole import Index, Whole
from symderiv.decide.properties import OF_ARRAYS
from symderiv.decide.verdict import Unsupported
from symderiv.terms import Fn, Num

if TYPE_CHECKING:
    from symderiv.decide.indexed.elaborate import Elaborator
    from symderiv.decide.indexed.point import Point

Rows = list[list[Real]]


class Requirement(NamedTuple):
    """`word` is said of an array: these expressions vanish for all values of their indices, and what is open is asked of the values."""

    word: str
    array: Value
    vanishing: tuple[tuple[tuple[Index, ...], Expression], ...]


def requirements(e: Elaborator) -> list[Requirement] | None:
    """The properties that the context assumes, without those equations that hold anyway; None if one cannot be written."""
    out = []
    for fact in conditions(e.context):
        if isinstance(fact, Fn) and fact.name in OF_ARRAYS:
            try:
                array = e.value(fact.children[0], NOWHERE)
                found = tuple(_vanishing(e, fact.name, array, fact.children[1] if len(fact.children) > 1 else None))
            except Unsupported:
                return None
            out.append(Requirement(fact.name, array, tuple(x for x in found if not _holds_anyway(e, x[1]))))
    return out


def fulfilled(requirement: Requirement, point: Point) -> bool:
    """Whether the values at a point certainly have the property."""
    for indices, expression in requirement.vanishing:
        for cell in _cells(point, tuple(i.size for i in indices)):
            at = {i.name: v for i, v in zip(indices, cell, strict=True)}
            value = bare(point.evaluate(expression, at))
            if not (isinstance(value, fmpq) and value == 0):
                return False
    return all(_open(requirement.word, rows) for rows in _matrices(requirement, point))


def _cells(point: Point, sizes: tuple[Whole, ...]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*(range(1, point.whole(n, {}) + 1) for n in sizes))


def _holds_anyway(e: Elaborator, u: Expression) -> bool:
    try:
        return not Normal(e.setting).of(u)
    except Unsupported:
        return False


def _vanishing(e: Elaborator, word: str, a: Value, axis: object) -> Iterator[tuple[tuple[Index, ...], Expression]]:
    indices = tuple(e.setting.fresh(n) for n in a.shape)
    at = tuple(Whole.letter(i.name) for i in indices)
    entry = a.entry(at)
    match word:
        case "symmetric" | "positive_definite" | "positive_semidefinite":
            yield indices, total(entry, negative(a.entry((*at[:-2], at[-1], at[-2]))))
        case "diagonal":
            yield indices, product(total(number(1), negative(Delta(at[-2] - at[-1]))), entry)
        case "one_hot":
            yield indices, total(product(entry, entry), negative(entry))
            yield from _sums(e, a, len(a.shape) - 1)
        case "sums_to_one":
            yield from _sums(e, a, int(axis.value) if isinstance(axis, Num) else len(a.shape) - 1)
        case "unit_norm":
            yield (), total(e.arrays.summed(a, lambda u: Raised(u, Fraction(2))), number(-1))
        case "orthogonal" | "orthonormal_columns":
            both = e.arrays.times(e.arrays.transpose(a), a).matrix
            i, j = (e.setting.fresh(both.shape[0]) for _ in range(2))
            place = Whole.letter(i.name), Whole.letter(j.name)
            yield (i, j), total(both.entry(place), negative(Delta(place[0] - place[1])))


def _sums(e: Elaborator, a: Value, axis: int) -> Iterator[tuple[tuple[Index, ...], Expression]]:
    others = tuple(e.setting.fresh(n) for k, n in enumerate(a.shape) if k != axis)
    at = [Whole.letter(i.name) for i in others]
    inside = e.arrays.over(a.shape[axis], lambda k: a.entry((*at[:axis], k, *at[axis:])))
    yield others, total(inside, number(-1))


def _matrices(requirement: Requirement, point: Point) -> Iterator[Rows]:
    """The values of the array, one matrix for each member of a family; a vector is a column."""
    a = requirement.array
    if requirement.word == "not_constant":
        cells = [bare(point.evaluate(a.entry(tuple(map(Whole.number, c))), {})) for c in _cells(point, a.shape)]
        yield [cells]
        return
    if len(a.shape) < 2:
        return
    for outer in _cells(point, a.shape[:-2]):
        height, width = (point.whole(n, {}) for n in a.shape[-2:])
        yield [
            [bare(point.evaluate(a.entry(tuple(map(Whole.number, (*outer, i, j)))), {})) for j in range(1, width + 1)]
            for i in range(1, height + 1)
        ]


def _open(word: str, rows: Rows) -> bool:
    """Whether the open part of a property certainly holds: a rank, definiteness, different entries."""
    match word:
        case "invertible":
            return len(rows) == len(rows[0]) and _not_zero(rows)
        case "full_rank":
            return _not_zero(_gram(rows) if len(rows) >= len(rows[0]) else _gram(_turned(rows)))
        case "full_column_rank":
            return _not_zero(_gram(rows))
        case "full_row_rank":
            return _not_zero(_gram(_turned(rows)))
        case "positive_definite" | "positive_semidefinite":
            return all(bool(arb(_determinant([r[:k] for r in rows[:k]])) > 0) for k in range(1, len(rows) + 1))
        case "not_constant":
            first, *others = rows[0]
            return any(bool(arb(x) < arb(first)) or bool(arb(x) > arb(first)) for x in others)
    return True


def _turned(rows: Rows) -> Rows:
    return [list(r) for r in zip(*rows, strict=True)]


def _gram(rows: Rows) -> Rows:
    columns = _turned(rows)
    return [[sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0)) for b in columns] for a in columns]


def _determinant(rows: Rows) -> Real:
    return bare(determinant(rows))


def _not_zero(rows: Rows) -> bool:
    try:
        d = arb(_determinant(rows))
    except (Undefined, ZeroDivisionError):
        return False
    return bool(d > 0) or bool(d < 0)
