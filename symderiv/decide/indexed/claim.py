"""One claim of equality at symbolic size: its two sides in index notation, its proof, its counterexample."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from flint import arb, ctx, fmpq

from symderiv.decide.indexed import defined, proof
from symderiv.decide.indexed.duals import Real, Undefined, bare
from symderiv.decide.indexed.elaborate import Elaborator
from symderiv.decide.indexed.expressions import Expression, Plus, negative
from symderiv.decide.indexed.normal import Normal
from symderiv.decide.indexed.point import Point
from symderiv.decide.indexed.polynomials import Poly
from symderiv.decide.indexed.requirements import Requirement, fulfilled, requirements
from symderiv.decide.indexed.scope import NOWHERE
from symderiv.decide.indexed.setting import UNSAID, Setting, conditions, defining
from symderiv.decide.indexed.values import Value, described
from symderiv.decide.indexed.whole import ONE, Whole
from symderiv.decide.properties import WORDS
from symderiv.decide.verdict import Budget, Unsupported, Witness
from symderiv.terms import Context, Fn, Relation, Sym, Term
from symderiv.terms import value as number_of

SIZES: Final = (2, 3, 4)
"""Sizes of a counterexample, dealt out in turn so that different letters differ where they can."""
ROUNDS: Final = 6
PRECISION: Final = 128
MOST_CELLS: Final = 64
"""Entries that are compared at one point."""


class Fact(NamedTuple):
    """An assumption `gap op 0`; `slots`: the entries it is said of; `of_indices`: whether it is about indices and sizes only."""

    op: str
    gap: Expression
    slots: tuple[str, ...]
    of_indices: bool


class Claim:
    """left = right in a context. Raises Unsupported where a side cannot be written in indices."""

    def __init__(
        self,
        left: Term,
        right: Term,
        context: Context,
        budget: Budget,
        *,
        times_identity: bool | None = None,
    ) -> None:
        self.setting = Setting(context, budget, times_identity)
        self.setting.learn(left, right)
        self.sides = (left, right)
        self._at_knots: tuple[Term, ...] = ()
        self.elaborator = Elaborator(self.setting)
        a, b = self.elaborator.value(left), self.elaborator.value(right)
        if a.unit != b.unit:
            a, b = (self._sized(u, v) for u, v in ((a, b), (b, a)))
        elif a.unit:
            a, b = Value((), a.entry), Value((), b.entry)
        shape = _common(a, b, right)
        both = Value(shape, a.entry, pieces=self.elaborator.arrays.pieces([v for v in (a, b) if not v.is_scalar]))
        axes = [both.axis(k) for k in range(len(shape))]
        self.slots = [[self.setting.fresh(n) if n != ONE else None for n in sizes] for sizes in axes]
        self.at = tuple(
            self.elaborator.arrays.composed(tuple(ONE if i is None else Whole.letter(i.name) for i in axis), sizes)
            for axis, sizes in zip(self.slots, axes, strict=True)
        )
        self.left, self.right = _entry(a, self.at), _entry(b, self.at)

    def _sized(self, u: Value, v: Value) -> Value:
        """A multiple of the identity beside a square matrix, in its size."""
        return self.elaborator.arrays.sized(u, self.elaborator.arrays.square(v)[0]) if u.unit else u

    # -------------------------------------------------------------------------------------------------------- proofs
    def proved(self, slow: bool) -> str | None:
        """How the claim is proved, in words; None if it is not. `slow`: with functions written by simpler ones, too."""
        reason = None
        ways = [(unfolded, by_steps) for by_steps in (False, True) for unfolded in (False, True)] if slow else [(False, False)]
        for unfolded, by_steps in ways:
            n = Normal(self.setting, unfolded, by_steps)
            try:
                proof.learn_positive(n, [n.of(e) for e in self._positive_facts()])
                p = n.of(Plus((self.left, negative(self.right))))
                how = proof.zero(n, p) if slow else self._quick(n, p)
                if how is not None and by_steps:
                    found = defined.at_knots(n)
                    how, self._at_knots = (None, ()) if found is None else (f"{how}, on either side of the knots", found)
            except Unsupported as error:
                reason = error
                continue
            if how is not None:
                return how + (", functions written by simpler ones" if unfolded else "")
        if reason is not None:
            raise reason
        return None

    def conditions(self) -> tuple[Term, ...]:
        """What a proof needs and the context does not give: where one side is undefined and the other is not."""
        return (*defined.needed(*self.sides, Normal(self.setting)), *self._at_knots)

    def _quick(self, n: Normal, p: Poly) -> str | None:
        return "equal normal forms" if not p else "equal normal forms after cross-multiplying" if not proof.clear(n, p) else None

    def _positive_facts(self) -> Iterator[Expression]:
        for fact in conditions(self.setting.context):
            if isinstance(fact, Relation) and fact.op in "<>":
                high, low = (fact.left, fact.right) if fact.op == ">" else (fact.right, fact.left)
                try:
                    a, b = self.elaborator.value(high, NOWHERE), self.elaborator.value(low, NOWHERE)
                    if a.is_scalar and b.is_scalar:
                        yield Plus((a.scalar, negative(b.scalar)))
                except Unsupported:
                    continue

    # ------------------------------------------------------------------------------------------------ counterexamples
    def witness(self, rounds: int = ROUNDS) -> Witness | None:
        """Concrete sizes and rational values at which the two sides are certainly different."""
        facts, required = self._facts(), requirements(self.elaborator)
        if facts is None or required is None:
            return None
        precision = ctx.prec
        ctx.prec = PRECISION
        try:
            for attempt in range(rounds):
                point = Point(self.setting, self._sizes(attempt), attempt)
                found = self._at(point, facts, required)
                if found is not None:
                    return found
        finally:
            ctx.prec = precision
        return None

    def _sizes(self, attempt: int) -> dict[str, int]:
        """The sizes of an attempt; those of which nothing is said are all the same, for they may be one."""
        fixed = {}
        for fact in conditions(self.setting.context):
            match fact:
                case Relation("=", Sym(name), v) if name in self.setting.sizes and (q := number_of(v)) is not None:
                    fixed[name] = int(q)
        names = sorted(x for x in self.setting.sizes if not x.startswith(UNSAID))
        dealt = {x: SIZES[(k + attempt) % len(SIZES)] for k, x in enumerate(names)}
        unsaid = dict.fromkeys((x for x in self.setting.sizes if x.startswith(UNSAID)), SIZES[(len(names) + attempt) % len(SIZES)])
        return {**dealt, **unsaid, **fixed}

    def _at(self, point: Point, facts: list[Fact], required: list[Requirement]) -> Witness | None:
        try:
            if not all(fulfilled(r, point) for r in required):
                return None
            cells = itertools.islice(self._cells(point, self.left, self.right), MOST_CELLS)
            for at in cells:
                if not self._allowed(point, facts, at):
                    continue
                try:
                    a, b = bare(point.evaluate(self.left, at)), bare(point.evaluate(self.right, at))
                except (Undefined, ZeroDivisionError):
                    continue
                if _apart(a, b) and (not point.outside or self._apart_padded(point, at)):
                    return self._witness(point, at, a, b)
        except (Undefined, ZeroDivisionError):
            return None
        return None

    def _apart_padded(self, point: Point, at: dict[str, int]) -> bool:
        """Whether the sides differ, too, if entries that the declared sizes do not have are 0, as authors often mean it."""
        padded = Point(self.setting, point.sizes, point.seed, padded=True)
        try:
            return _apart(bare(padded.evaluate(self.left, at)), bare(padded.evaluate(self.right, at)))
        except (Undefined, ZeroDivisionError):
            return False

    def _cells(self, point: Point, *sides: Expression) -> Iterator[dict[str, int]]:
        """Every choice of the free indices of some expressions, and of the entry that is compared."""
        letters = {x for t in sides for x in point.letters(t)}
        free = sorted(x for x in letters if x in self.setting.ranges and not x.startswith("_") and x not in self.setting.equal)
        names = free + [i.name for axis in self.slots for i in axis if i is not None]
        ranges = []
        for x in names:
            low, high = self.setting.ranges[x]
            ranges.append(range(point.whole(low, {}), point.whole(high, {}) + 1))
        for cell in itertools.product(*ranges):
            yield dict(zip(names, cell, strict=True))

    def _facts(self) -> list[Fact] | None:
        """The assumptions as differences; None if one cannot be checked, for then no point is known to be allowed."""
        out: list[Fact] = []
        for fact in conditions(self.setting.context):
            match fact:
                case Fn(word) if word in WORDS:
                    continue
                case Relation(op, left, right):
                    try:
                        a, b = self.elaborator.value(left), self.elaborator.value(right)
                        shape = _common(a, b, right) if op in ("=", "≠") or a.is_scalar else a.shape
                        slots = tuple(self.setting.fresh(n) for n in shape)
                        at = tuple(Whole.letter(i.name) for i in slots)
                        gap = Plus((_entry(a, at), negative(_entry(b, at))))
                    except Unsupported:
                        return None
                    if (slots and op == "≠") or defining(fact, self.setting.context) or (op == "=" and self._vanishes(gap)):
                        continue
                    of_indices = all(x in self.setting.ranges or x in self.setting.sizes for x in fact.free)
                    out.append(Fact(op, gap, tuple(i.name for i in slots), of_indices))
                case _:
                    return None
        return out

    def _vanishes(self, gap: Expression) -> bool:
        try:
            return not Normal(self.setting).of(gap)
        except Unsupported:
            return False

    def _allowed(self, point: Point, facts: list[Fact], at: dict[str, int]) -> bool:
        """Whether the assumptions hold at a point: those about indices for these ones, those about entries for all."""
        for gap in self.setting.places:
            if gap.letters <= at.keys() | self.setting.sizes and point.whole(gap, at) < 0:
                return False
        for fact in facts:
            free = sorted(x for x in point.letters(fact.gap) if x in self.setting.ranges and not x.startswith("_"))
            names = [x for x in free if x not in self.setting.equal and not (fact.of_indices and x in at)] + list(fact.slots)
            ranges = []
            for x in names:
                low, high = self.setting.ranges[x]
                ranges.append(range(point.whole(low, at), point.whole(high, at) + 1))
            for cell in itertools.product(*ranges):
                here = {**at, **dict(zip(names, cell, strict=True))}
                if not _holds(fact.op, bare(point.evaluate(fact.gap, here))):
                    return False
        return True

    def _witness(self, point: Point, at: dict[str, int], a: Real, b: Real) -> Witness:
        used = {x for t in (self.left, self.right) for x in point.letters(t)}
        sizes = {x: Fraction(v) for x, v in sorted(point.sizes.items()) if x in used}
        free = {x: Fraction(v) for x, v in at.items() if not x.startswith("_")}
        entries = {}
        for (name, cell), v in sorted(point.drawn.items()):
            if isinstance(v, fmpq):
                entries[_named(name, cell)] = Fraction(int(v.p), int(v.q))
        left, right = _digits(a, b)
        place = [str(point.whole(w, at)) for w in self.at]
        if place:
            left, right = (f"{v} in entry ({', '.join(place)})" for v in (left, right))
        return Witness({**sizes, **free, **entries}, left, right, PRECISION)


def _named(name: str, cell: tuple[int, ...]) -> str:
    if not cell:
        return name
    return f"{name}_{cell[0]}" if len(cell) == 1 else f"{name}_" + ("" if max(cell) < 10 else ",").join(map(str, cell))


def _common(a: Value, b: Value, right: Term) -> tuple[Whole, ...]:
    """The shape that both sides have; a number on one side stands for a number only, but 0 for every shape."""
    if a.is_scalar and b.is_scalar:
        return ()
    if b.is_scalar and number_of(right) == 0:
        return a.shape
    if a.shape == b.shape:
        return a.shape
    if {len(a.shape), len(b.shape)} == {1, 2} and a.matrix.shape == b.matrix.shape:
        return a.matrix.shape
    raise Unsupported(f"a {described(a.shape)} and a {described(b.shape)}")


def _entry(v: Value, at: tuple[Whole, ...]) -> Expression:
    if v.is_scalar:
        return v.scalar
    return v.entry(at) if len(v.shape) == len(at) else v.matrix.entry(at)


def _apart(a: Real, b: Real) -> bool:
    """Whether two numbers are certainly different."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return bool(a != b)
    x, y = arb(a), arb(b)
    return bool(x.is_finite() and y.is_finite() and not x.overlaps(y))


def _holds(op: str, gap: Real) -> bool:
    """Whether gap op 0 is certain."""
    zero = fmpq(0)
    x = arb(gap) if not isinstance(gap, fmpq) else gap
    match op:
        case "=":
            return isinstance(x, fmpq) and x == zero
        case "≠":
            return _apart(x, zero)
        case "<":
            return bool(x < 0)
        case ">":
            return bool(x > 0)
        case "≤":
            return bool(x <= 0)
    return bool(x >= 0)


def _digits(a: Real, b: Real) -> tuple[str, str]:
    """Both values, exact if they are short, otherwise with as many digits as tell them apart."""
    if isinstance(a, fmpq) and isinstance(b, fmpq) and max(len(str(a)), len(str(b))) <= 16:
        return str(a), str(b)
    x, y = arb(a), arb(b)
    for n in (4, 8, 15, 30):
        left, right = x.str(n, radius=False), y.str(n, radius=False)
        if left != right:
            return left, right
    return x.str(radius=False), y.str(radius=False)
