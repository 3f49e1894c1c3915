"""Rational points that meet the assumptions: where a false claim is to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from math import prod

from symderiv.decide.balls import condition_at
from symderiv.decide.lines import Linear, linear_form
from symderiv.decide.verdict import Unsupported
from symderiv.terms import Add, Context, Decimal, Div, Mul, Neg, Num, Pow, Relation, Sym, Term

MAGNITUDES = (Fraction(1), Fraction(1), Fraction(3), Fraction(1, 4), Fraction(12), Fraction(1), Fraction(60))
"""Sizes of the points, one after the other."""

SPECIAL = (0, 0, 1, -1)
TRIES = 8
"""How often a point is tried for that meets the conditions."""
SPECIAL_EACH = 6
"""Every so many points are made of special values."""

HIGHEST_EXACT = 20
"""The highest power that is computed exactly."""


class Points:
    """Points for the given letters at which the conditions hold, in a fixed order, small ones first.

    `relations` are those of the conditions that are single relations: they bound what is tried.
    """

    def __init__(
        self, names: Sequence[str], relations: Sequence[Relation], conditions: Sequence[Term], context: Context, integers: set[str]
    ) -> None:
        self.context = context
        self.conditions = list(conditions)
        wanted = set(names).union(*(c.free for c in conditions))
        self.bounds: dict[str, tuple[Term, Term]] = {}
        todo = sorted(wanted)
        while todo:
            name = todo.pop()
            bounds = context.sort(name).bounds
            if bounds is not None and name not in self.bounds:
                self.bounds[name] = bounds
                new = sorted((bounds[0].free | bounds[1].free) - wanted)
                wanted |= set(new)
                todo += new
                self.conditions += [Relation("≤", bounds[0], Sym(name)), Relation("≤", Sym(name), bounds[1])]
        self.integers = frozenset(integers | {n for n in wanted if context.sort(n).field == "integer"})
        self.linear: list[tuple[str, Linear]] = []
        for r in relations:
            form = linear_form(Add(r.left, Neg(r.right)))
            if form is not None:
                self.linear.append((r.op, {n: c for n, c in form.items() if c}))
        bounded = {n for _, form in self.linear for n in form if n and len(form.keys() - {"", n}) == 0}
        self.names = sorted(wanted, key=lambda n: (n in self.bounds, n not in bounded, n))

    def __iter__(self) -> Iterator[Mapping[str, Fraction]]:
        """The points; an empty one where none was found in so many tries."""
        noise = _Noise()
        for k in count():
            yield next(filter(None, (self._meeting(k, noise) for _ in range(TRIES if self.names else 1))), {})

    def _meeting(self, k: int, noise: _Noise) -> dict[str, Fraction] | None:
        """A point, if it meets the conditions."""
        point = self._point(k, noise)
        return point if point is not None and all(condition_true(c, point, self.integers) for c in self.conditions) else None

    def _point(self, k: int, noise: _Noise) -> dict[str, Fraction] | None:
        size = MAGNITUDES[k % len(MAGNITUDES)]
        values: dict[str, Fraction] = {}
        for name in self.names:
            low, high, exact = self._bounds(name, values)
            if exact is not None:
                if name in self.integers and exact.denominator != 1:
                    return None
                values[name] = exact
                continue
            chosen = noise.special(low, high) if k % SPECIAL_EACH == 2 else None
            if chosen is None:
                chosen = noise.between(low, high, size, name in self.integers)
            if chosen is None:
                return None
            values[name] = chosen
        return values

    def _bounds(self, name: str, values: Mapping[str, Fraction]) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
        """What the linear relations leave for a letter once others have values: low, high, or its exact value."""
        low = high = exact = None
        if (bounds := self.bounds.get(name)) is not None:
            low, high = (_number(b, values) for b in bounds)
        for op, form in self.linear:
            c = form.get(name, Fraction(0))
            if not c or op == "≠" or any(n and n != name and n not in values for n in form):
                continue
            rest = sum((q * (values[n] if n else 1) for n, q in form.items() if n != name), Fraction(0))
            bound = -rest / c
            if op == "=":
                exact = bound
            elif (op in (">", "≥")) == (c > 0):
                low = bound if low is None else max(low, bound)
            else:
                high = bound if high is None else min(high, bound)
        return low, high, exact


def _number(t: Term, values: Mapping[str, Fraction]) -> Fraction | None:
    form = linear_form(t)
    if form is None or any(n and n not in values for n in form):
        return None
    return sum((q * (values[n] if n else 1) for n, q in form.items()), Fraction(0))


def condition_true(condition: Term, point: Mapping[str, Fraction], integers: frozenset[str] = frozenset()) -> bool:
    """Whether a condition certainly holds at a point."""
    if isinstance(condition, Relation) and condition.op == "=":
        left, right = exact_value(condition.left, point), exact_value(condition.right, point)
        if left is not None and right is not None:
            return left == right
    try:
        return any(condition_at(condition, point, bits, integers) is True for bits in (64, 256))
    except Unsupported:
        return False


def exact_value(term: Term, point: Mapping[str, Fraction]) -> Fraction | None:
    """The value of a term of rational arithmetic at a point; None for others, and where it is undefined."""
    done: dict[Term, Fraction] = {}
    for t in term.postorder():
        match t:
            case Num() | Decimal():
                done[t] = Fraction(t.value)
            case Sym(name) if name in point:
                done[t] = point[name]
            case Neg(a):
                done[t] = -done[a]
            case Add(args):
                done[t] = sum((done[a] for a in args), Fraction(0))
            case Mul(args):
                done[t] = prod((done[a] for a in args), start=Fraction(1))
            case Div(a, b) if done[b]:
                done[t] = done[a] / done[b]
            case Pow(a, Num(n)) if 0 < n <= HIGHEST_EXACT:
                done[t] = done[a] ** n
            case _:
                return None
    return done[term]


class _Noise:
    """A fixed sequence of numbers that look random."""

    def __init__(self) -> None:
        self.state = 0x2545F491

    def next(self, below: int) -> int:
        """A whole number from 0 to below − 1."""
        self.state ^= (self.state << 13) & 0xFFFFFFFF
        self.state ^= self.state >> 17
        self.state ^= (self.state << 5) & 0xFFFFFFFF
        return self.state % below

    def special(self, low: Fraction | None, high: Fraction | None) -> Fraction | None:
        """0, 1 or −1, where claims that are almost true fail, if it lies in the closed interval."""
        q = Fraction(SPECIAL[self.next(len(SPECIAL))])
        return q if (low is None or low <= q) and (high is None or q <= high) else None

    def between(self, low: Fraction | None, high: Fraction | None, size: Fraction, integer: bool) -> Fraction | None:
        """A number inside the open interval, near the ends that are given, of about that size otherwise."""
        if integer:
            first = -4 if low is None and high is None else _above(low) if low is not None else _below(high) - 8
            last = _below(high) if high is not None else first + 8
            return Fraction(first + self.next(min(last - first + 1, 12))) if last >= first else None
        step = Fraction(2 * self.next(62) + 1, 128)
        if low is not None and high is not None:
            return low + (high - low) * step if high > low else low if high == low else None
        if low is not None:
            return low + size * step * 2
        if high is not None:
            return high - size * step * 2
        return size * (step * 4 - 2)


def _above(q: Fraction | None) -> int:
    assert q is not None
    return -int(-q // 1)


def _below(q: Fraction | None) -> int:
    assert q is not None
    return int(q // 1)
