"""Counterexamples: a rational point that meets the assumptions, at which certified balls say that a claim is false."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from symderiv.decide.balls import ball_of, compared
from symderiv.decide.facts import PRECISIONS, Facts, relations_of
from symderiv.decide.lines import linear_form, solved
from symderiv.decide.points import Points, exact_value
from symderiv.decide.traits import traits
from symderiv.decide.verdict import Unsupported, Witness
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    REAL,
    Binder,
    Derivative,
    Entry,
    Fn,
    Layer,
    Prime,
    Relation,
    Sym,
    Term,
    minus,
    plus,
    substitute,
)
from symderiv.terms import replace as replaced
from symderiv.terms.plain import plain

MOST_POINTS: Final = 10**9
"""More points than are ever asked for."""
MOST_PLACES: Final = 12
"""Values of one unknown function, or entries of one family, that are still told apart."""

_UNKNOWN: Final = frozenset((Prime, Entry, Layer))


def _has_unknown(term: Term) -> bool:
    found = traits(term)
    return found.binds or not found.kinds.isdisjoint(_UNKNOWN) or not found.functions.issubset(FUNCTIONS)


class Search:
    """Points for the claim `left op right`, both opened, one after the other in a fixed order."""

    def __init__(self, op: str, left: Term, right: Term, facts: Facts) -> None:
        self.op, self.facts = op, facts
        self.tested = 0
        self._close: list[Mapping[str, Fraction]] = []
        self._determined: list[tuple[str, Term]] = []
        self._given = 0
        self._possible = False
        if not facts.complete:
            return
        self._left, self._right, relations, conditions, integers = left, right, facts.relations, facts.conditions, set[str]()
        if any(map(_has_unknown, (left, right, *conditions))):
            letters = _Letters(facts)
            self._left, self._right = letters.put(left), letters.put(right)
            relations = [r for r in map(letters.put, relations) if isinstance(r, Relation)]
            conditions = [letters.put(c) for c in conditions]
            if not letters.independent(self._left.free | self._right.free):
                return
            integers = letters.integers
        conditions, relations = self._without_equations(conditions, relations, integers)
        wanted = self._left.free | self._right.free
        self._names = sorted(wanted)
        self._points = Points(self._names, relations, conditions, facts.context, integers)
        self._integers = self._points.integers
        self._iterator = iter(self._points)
        self._possible = True

    def _without_equations(
        self, conditions: list[Term], relations: list[Relation], integers: set[str]
    ) -> tuple[list[Term], list[Relation]]:
        """Letters put in that equations determine by more than rational arithmetic: no rational point would meet those.

        The condition u < u + 1 is kept of what is put in: it says that u has a value.
        """
        sorts = self.facts.context.sorts
        for r in relations:
            difference = minus(r.left, r.right)
            if r.op != "=" or r not in conditions or linear_form(difference) is not None or (found := solved(difference)) is None:
                continue
            name, value = found
            if name in integers or (name in sorts and sorts[name] != REAL):
                continue
            self._determined.append((name, value))
            self._left, self._right = (substitute(side, {name: value}) for side in (self._left, self._right))
            conditions = [substitute(c, {name: value}) for c in conditions if c != r]
            conditions.append(Relation("<", value, plus(value, ONE)))
            relations = [s for c in conditions for s in relations_of(c)]
            return self._without_equations(conditions, relations, integers)
        return conditions, relations

    def quick_counterexample(self, most: int) -> Witness | None:
        """The same for the first points, in balls of the lowest precision alone; `counterexample` looks at them again."""
        while self._possible and self._given < most:
            point = self._next()
            if (point or not self._names) and (found := self._at(point, PRECISIONS[:1])) is not None:
                return found
        return None

    def counterexample(self, most: int) -> Witness | None:
        """A point at which the claim is certainly false, among the first `most` ones, those of earlier calls included."""
        while self._close and self._possible:
            if (found := self._at(self._close.pop(), PRECISIONS[1:])) is not None:
                return found
        while self._possible and self._given < most:
            point = self._next()
            if (point or not self._names) and (found := self._at(point, PRECISIONS)) is not None:
                return found
        return None

    def _next(self) -> Mapping[str, Fraction]:
        """The next point; empty where none was found. Without letters there is only one."""
        self._given += 1
        if not self._names:
            self._given = MOST_POINTS
        return next(self._iterator)

    def _at(self, point: Mapping[str, Fraction], precisions: tuple[int, ...]) -> Witness | None:
        """The witness that a point is; a point at which the balls overlap still is kept in `_close`."""
        try:
            for bits in precisions:
                self.facts.budget.check()
                a = ball_of(self._left, point, bits, self._integers)
                b = None if a is None else ball_of(self._right, point, bits, self._integers)
                if a is None or b is None:
                    return None
                known = compared(self.op, a - b)
                if known is False:
                    self.tested += 1
                    return Witness(self._values(point), *_digits(a, b), bits)
                if known is True:
                    self.tested += 1
                    return None
        except Unsupported:
            self._possible = False
            return None
        if precisions[-1] == PRECISIONS[-1]:
            self.tested += 1
        else:
            self._close.append(point)
        return None

    def _values(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """The point as a witness shows it: with the letters that equations determine, where their values are rational."""
        values = dict(point)
        for name, term in reversed(self._determined):
            if (q := exact_value(term, values)) is not None:
                values[name] = q
        shown = {*self._names, *(name for name, _ in self._determined)}
        return {n: q for n, q in values.items() if n in shown}


class _Letters:
    """Values of unknown functions, entries and layers as letters of their own, for they can be anything.

    That is so for functions that the context declares and does not define, and only where the arguments of two values of one
    function (the indices of two entries of one family) are known to differ, so that they are never one value in disguise.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.possible = True
        self.integers: set[str] = set()
        self._names: dict[Term, str] = {}
        self._places: dict[tuple[object, ...], set[tuple[Term, ...]]] = {}
        self._roots: set[str] = set()

    def put(self, term: Term) -> Term:
        """The term with letters put in."""
        return replaced(term, self._letter)

    def _letter(self, t: Term) -> Term | None:
        context = self.facts.context
        match t:
            case Binder() | Derivative():
                self.possible = False
            case Fn(name) | Prime(name) if name not in FUNCTIONS:
                if not context.is_function(name) or name in context.definitions:
                    self.possible = False
                integer = isinstance(t, Fn) and context.sort(name).field == "integer"
                return self._named(t, (type(t), t.data), t.children, integer)
            case Entry() | Layer():
                root = t.children[0]
                integer = isinstance(root, Sym) and (root.name in self.integers or context.sort(root.name).field == "integer")
                if isinstance(root, Sym) and root.name not in self._names.values():
                    self._roots.add(root.name)
                return self._named(t, (type(t), root), t.children[1:], integer)
        return None

    def _named(self, t: Term, family: tuple[object, ...], places: tuple[Term, ...], integer: bool) -> Sym:
        self._places.setdefault(family, set()).add(places)
        name = self._names.setdefault(t, plain(t))
        if integer:
            self.integers.add(name)
        return Sym(name)

    def independent(self, free: frozenset[str]) -> bool:
        """Whether the letters put in can take any values, together with the free ones."""
        disguised = any(n.startswith(f"{root}_") for root in self._roots for n in free)
        return self.possible and not disguised and all(self._all_different(places) for places in self._places.values())

    def _all_different(self, places: set[tuple[Term, ...]]) -> bool:
        listed = sorted(places, key=lambda p: [t.digest for t in p])
        if len(listed) > MOST_PLACES or len({len(p) for p in listed}) > 1:
            return False
        for k, p in enumerate(listed):
            for q in listed[k + 1 :]:
                if not any(self.facts.holds(Relation("≠", a, b)) is True for a, b in zip(p, q, strict=True) if a != b):
                    return False
        return True


def _digits(a: Any, b: Any) -> tuple[str, str]:
    """Both values with as many certain digits as tell them apart, at least four."""
    for n in (4, 8, 15, 30, 60, 120, 300):
        left, right = a.str(n, radius=False), b.str(n, radius=False)
        if left != right:
            return left, right
    return a.str(radius=False), b.str(radius=False)
