"""Sums over one index: split at their ends, over ranges that depend on another index, and those that are known."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from symderiv.decide.indexed import powers
from symderiv.decide.indexed.polynomials import Atom, Poly, add, constant, scale, single
from symderiv.decide.indexed.polynomials import Factors as Powers
from symderiv.decide.indexed.whole import ONE, ZERO, Index, Whole, never_negative
from symderiv.decide.verdict import Unsupported

if TYPE_CHECKING:
    from symderiv.decide.indexed.normal import Normal

MOST_WRITTEN_OUT: Final = 8
"""How many terms of a sum of a fixed length are written out."""


def total(n: Normal, k: Index, p: Poly, start: Whole) -> Poly:
    """Σ over k = 1, …, size, for a body written for an index that began above 1 by `start`."""
    c = start.value
    certain = all(never_negative(w, n.setting.ranges, n.known) for w in (k.size, k.size + start))
    if start == ZERO or not certain:
        return bind(n, p, k)
    if c is None:
        if not never_negative(start, n.setting.ranges, n.known):
            return bind(n, p, k)
        return add(_over(n, p, k, k.size + start, start), scale(_over(n, p, k, start, start), -1))
    if c.denominator != 1 or abs(int(c)) > MOST_WRITTEN_OUT or k.size.value is not None:
        return bind(n, p, k)
    places = range(1, int(c) + 1) if c > 0 else range(int(c) + 1, 1)
    ends = [n.rename(p, {k.name: Whole.number(v) - start}) for v in places]
    return add(_over(n, p, k, k.size + start, start), scale(add(*ends), -1 if c > 0 else 1))


def _over(n: Normal, p: Poly, k: Index, size: Whole, start: Whole = ZERO) -> Poly:
    """Σ_{l=1}^{size} of p at k = l − start, by an index of its own: what is known of k need not hold of l."""
    own = n.setting.fresh(size)
    return bind(n, n.rename(p, {k.name: Whole.letter(own.name) - start}), own)


def bind(n: Normal, p: Poly, k: Index) -> Poly:
    """Σ_{k=1}^{size} p."""
    length = k.size.value
    if length is not None and length.denominator == 1 and length <= MOST_WRITTEN_OUT:
        return add(*(n.rename(p, {k.name: Whole.number(v)}) for v in range(1, int(length) + 1)))
    c = k.size.constant
    base = k.size - Whole.number(c)
    known = n.known
    if (
        length is None
        and c
        and c.denominator == 1
        and abs(int(c)) <= MOST_WRITTEN_OUT
        and all(never_negative(w, n.setting.ranges, known) for w in (base, k.size))
    ):
        places = [base + Whole.number(v) for v in (range(1, int(c) + 1) if c > 0 else range(int(c) + 1, 1))]
        ends = [n.rename(p, {k.name: w}) for w in places]
        return add(_over(n, p, k, base), scale(add(*ends), 1 if c > 0 else -1))
    if k.size.letters & n.setting.ranges.keys():
        return _triangular(n, p, k)
    parts = []
    for m, v in p.terms.items():
        if k.name in m.names:
            m, sign = n.refreshed(m)
            v *= sign
        parts.append(scale(n.product((k, *m.bound), dict(m.factors)), v))
    return add(*parts)


def _triangular(n: Normal, p: Poly, k: Index) -> Poly:
    """Σ_{k=1}^{i} as a sum over all of a range with the condition k ≤ i."""
    high = k.size
    for x in sorted(k.size.letters & n.setting.ranges.keys()):
        if high.slope(x) != 1:
            raise Unsupported("a range that depends on another index")
        high = high.put({x: n.setting.ranges[x][1]})
    own = n.setting.fresh(high)
    inside = Whole.letter(own.name)
    return bind(n, n.multiply(n.at_least(k.size - inside), n.rename(p, {k.name: inside})), own)


def shifted(n: Normal, b: Index, c: int, bound: tuple[Index, ...], factors: Powers) -> Poly:
    """Σ_{k=1}^{n} f(k + c) = Σ_{k=1}^{n} f(k) + Σ_{k=n+1}^{n+c} f(k) − Σ_{k=1}^{c} f(k), and its mirror image for c < 0."""
    others = tuple(x for x in bound if x is not b)

    def moved(w: Whole) -> list[Poly]:
        return [n.rename_power(a, e, {b.name: w - Whole.number(c)}) for a, e in factors.items()]

    def at(w: Whole) -> Poly:
        return n.expand(Fraction(1), others, moved(w))

    places = range(1, c + 1) if c > 0 else range(c + 1, 1)
    ends = [add(at(b.size + Whole.number(k)), scale(at(Whole.number(k)), -1)) for k in places]
    fresh = n.setting.fresh(b.size)
    whole = n.expand(Fraction(1), (fresh, *others), moved(Whole.letter(fresh.name)))
    return add(whole, scale(add(*ends), 1 if c > 0 else -1))


def known(n: Normal, b: Index, bound: tuple[Index, ...], factors: Powers) -> Poly | None:
    """The sum over one index where it is known: of nothing, of powers of the index, of entries that sum to 1."""
    holders = [a for a in factors if b.name in a.free]
    left = tuple(k for k in bound if k is not b)
    if not holders:
        _not_fewer_than_none(n, b)
        return n.expand(Fraction(1), left, [n.counted(b.size), *(single(a, e) for a, e in factors.items())])
    if (paired := _orthonormal(n, b, left, holders, factors)) is not None:
        return paired
    if len(holders) > 1:
        return None
    a = holders[0]
    e = factors[a]
    others = [single(x, f) for x, f in factors.items() if x is not a]
    if a.kind == "number" and e.denominator == 1 and 1 <= e <= 8:
        _not_fewer_than_none(n, b)
        return n.expand(Fraction(1), left, [powers.faulhaber(n, int(e), b.size), *others])
    if a.kind == "range" and (count := _count(n, a.args[0], b, left)) is not None:
        return n.expand(Fraction(1), left, [n.counted(count), *others])
    if a.kind == "entry" and e == 1 and a.name.total is not None:
        axis = a.name.total
        slots = a.args
        whole = axis < len(slots) and slots[axis] == Whole.letter(b.name) and b.size == n.setting.extent(a.name.name, axis)
        if whole and not any(b.name in w.letters for place, w in enumerate(slots) if place != axis):
            return n.expand(Fraction(1), left, others or [constant(1)])
    return None


def _orthonormal(n: Normal, b: Index, left: tuple[Index, ...], holders: list[Atom], factors: Powers) -> Poly | None:
    """Σ_k q_ki q_kj = δ_ij for orthonormal columns, Σ_k q_k² = 1 for a vector of norm 1."""
    both = [a for a in holders for _ in range(2 if factors[a] == 2 else 1)]
    if len(both) != 2 or not all(a.kind == "entry" and factors[a] == (2 if len(holders) == 1 else 1) for a in holders):
        return None
    first, second = both
    if first.name.name != second.name.name:
        return None
    k = Whole.letter(b.name)
    for axis in first.name.orthonormal:
        slots = first.args, second.args
        whole = b.size == n.setting.extent(first.name.name, axis)
        if whole and all(axis < len(s) and s[axis] == k and sum(b.name in w.letters for w in s) == 1 for s in slots):
            rest = [n.delta(x - y, left) for place, (x, y) in enumerate(zip(*slots, strict=True)) if place != axis]
            others = [single(x, f) for x, f in factors.items() if x not in holders]
            return n.expand(Fraction(1), left, [*rest, *others] or [constant(1)])
    return None


def _not_fewer_than_none(n: Normal, b: Index) -> None:
    """Σ_{k=1}^{n−3} 1 is n − 3 only for n ≥ 3: raise Unsupported where a range may end before it begins."""
    if not never_negative(b.size, n.setting.ranges, n.known):
        raise Unsupported(f"a sum of {b.size} terms, which may be fewer than none")


def _count(n: Normal, w: Whole, b: Index, others: tuple[Index, ...]) -> Whole | None:
    """How many of 1, …, n are ≥ t: n − t + 1 for 1 ≤ t ≤ n + 1; how many are ≤ t: t for 0 ≤ t ≤ n."""
    slope = w.slope(b.name)
    if slope not in (1, -1):
        return None
    k = Whole.letter(b.name)
    count = b.size + w - k + ONE if slope == 1 else w + k
    ranges = n.ranges(others)
    inside = all(never_negative(v, ranges, n.known) for v in (count, b.size - count))
    return count if inside else None
