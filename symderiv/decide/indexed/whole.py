"""Whole numbers that are not fixed: polynomials over letters such as a size n or an index i, and what is certain of their sign.

>>> n, i = Whole.letter("n"), Whole.letter("i")
>>> str(i + n - Whole.number(1))
'-1+i+n'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

Powers = tuple[str, ...]
"""A monomial: its letters, sorted, each as often as its power says."""
Rational = Fraction | int
"""A coefficient: an int where it is whole, for speed."""


def _plain(c: Rational) -> Rational:
    return c if type(c) is int else c.numerator if c.denominator == 1 else c


class Whole:
    """An immutable polynomial with rational coefficients that takes whole values, compared by its normal form."""

    def __init__(self, terms: Mapping[Powers, Rational]) -> None:
        self.terms: tuple[tuple[Powers, Rational], ...] = tuple(sorted([(m, _plain(c)) for m, c in terms.items() if c]))

    @classmethod
    def number(cls, value: Rational) -> Whole:
        """A number."""
        return cls({(): value})

    @classmethod
    def letter(cls, name: str) -> Whole:
        """A letter."""
        return cls({(name,): 1})

    def __add__(self, other: Whole) -> Whole:
        out = dict(self.terms)
        for m, c in other.terms:
            out[m] = out.get(m, 0) + c
        return Whole(out)

    def __neg__(self) -> Whole:
        return Whole({m: -c for m, c in self.terms})

    def __sub__(self, other: Whole) -> Whole:
        return self + -other

    def __mul__(self, other: Whole) -> Whole:
        out: dict[Powers, Rational] = {}
        for m, c in self.terms:
            for n, d in other.terms:
                key = tuple(sorted(m + n))
                out[key] = out.get(key, 0) + c * d
        return Whole(out)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Whole) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.terms)

    def __lt__(self, other: Whole) -> bool:
        return self.terms < other.terms

    @cached_property
    def letters(self) -> frozenset[str]:
        """The letters that occur."""
        return frozenset(x for m, _ in self.terms for x in m)

    @cached_property
    def name(self) -> str | None:
        """The letter, if it is a bare one."""
        return self.terms[0][0][0] if len(self.terms) == 1 and self.terms[0][1] == 1 and len(self.terms[0][0]) == 1 else None

    @cached_property
    def value(self) -> Rational | None:
        """The number, if no letter occurs."""
        return None if self.letters else dict(self.terms).get((), 0)

    @cached_property
    def constant(self) -> Rational:
        """The part without a letter."""
        return dict(self.terms).get((), 0)

    @cached_property
    def text(self) -> str:
        """The polynomial in its order, the same for equal ones."""
        parts = []
        for m, c in self.terms:
            body = "*".join(m)
            parts.append(str(c) if not body else body if c == 1 else f"-{body}" if c == -1 else f"{c}*{body}")
        return "+".join(parts).replace("+-", "-") or "0"

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def put(self, values: Mapping[str, Whole]) -> Whole:
        """The letters of `values` replaced, all at once."""
        if not any(name in values for name in self.letters):
            return self
        if self.name is not None:
            return values[self.name]
        out = Whole({})
        for m, c in self.terms:
            part = Whole.number(c)
            for x in m:
                part = part * values.get(x, Whole.letter(x))
            out = out + part
        return out

    def at(self, values: Mapping[str, int]) -> int:
        """The whole number at concrete values of all its letters; ValueError if it is a fraction there."""
        total: Rational = 0
        for m, c in self.terms:
            for x in m:
                c *= values[x]
            total += c
        if total.denominator != 1:
            raise ValueError(f"{self} is not whole here")
        return int(total)

    def slope(self, name: str) -> Rational | None:
        """The coefficient of a letter that occurs linearly and by itself; None if it occurs otherwise."""
        found: Rational = 0
        for m, c in self.terms:
            if name in m:
                if m != (name,):
                    return None
                found = c
        return found


class Index(NamedTuple):
    """A bound index that runs over 1, …, `size`."""

    name: str
    size: Whole


ZERO = Whole.number(0)
ONE = Whole.number(1)
Ranges = Mapping[str, tuple[Whole, Whole]]
"""What indices run over: low and high, both included."""


def never_negative(w: Whole, ranges: Ranges, known: Iterable[Whole] = ()) -> bool:
    """Whether w ≥ 0 is certain: indices lie in their ranges, `known` are ≥ 0, every other letter is a size ≥ 1."""
    return any(_certain(w - fact, ranges, 4) for fact in (ZERO, *known))


def _certain(w: Whole, ranges: Ranges, depth: int) -> bool:
    inside = sorted(x for x in w.letters if x in ranges)
    if not inside:
        shifted = w.put({x: Whole.letter(x) + ONE for x in w.letters})
        return all(c >= 0 for _, c in shifted.terms)
    if depth == 0:
        return False
    for x in inside:
        low, high = ranges[x]
        slope, rest = _along(w, x)
        if slope is None or x in low.letters or x in high.letters:
            continue
        if _certain(slope, ranges, depth - 1):
            end = low
        elif _certain(-slope, ranges, depth - 1):
            end = high
        else:
            continue
        if _certain(rest + slope * end, ranges, depth - 1):
            return True
    return False


def _along(w: Whole, x: str) -> tuple[Whole | None, Whole]:
    """w = slope · x + rest; the slope is None if x occurs to a higher power."""
    slope: dict[Powers, Rational] = {}
    rest: dict[Powers, Rational] = {}
    for m, c in w.terms:
        count = m.count(x)
        if count > 1:
            return None, w
        if count:
            slope[tuple(y for y in m if y != x)] = c
        else:
            rest[m] = c
    return Whole(slope), Whole(rest)
