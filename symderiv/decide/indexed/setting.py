"""What the context says of sizes, indices and families, in the words of this package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from symderiv.decide.finite import values_of
from symderiv.decide.indexed.expressions import Expression, Family
from symderiv.decide.indexed.whole import ONE, Index, Whole
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.errors import ShapeError
from symderiv.terms import (
    Add,
    And,
    Binder,
    Context,
    Decimal,
    Derivative,
    Div,
    Entry,
    Fn,
    Lambda,
    Layer,
    Mul,
    Neg,
    Num,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
)
from symderiv.terms import value as number_of
from symderiv.terms.shapes import MIXED, NUMERATOR, shape

BOUND: Final = "\0"
"""What the name of a bound index begins with while a whole number is read that it stands in."""

UNSAID: Final = "#"
"""What the name of a size begins with of which nothing is said; in a counterexample all of them are the same, as a sum may run over several."""


class Ambiguous(Unsupported):
    """A number is added to a square matrix."""


@dataclass
class Setting:
    """One claim's sizes, ranges, equal and different indices, families; and a supply of fresh index names.

    `numerator`: gradients are turned; `rows_of_values`: a Jacobian has a row for each entry of what is differentiated.
    `times_identity`: how a number added to a square matrix is meant, times I or times ones; None while it is not asked.
    `known`: whole numbers that are ≥ 0 by the assumptions; `places`: those that are ≥ 0 because an entry exists.
    `composed`: places that are made of several ones, (i − 1) p + k of (i, k), with the sizes (m, p).
    `kinks`: numbers at whose zeros a derivative in the claim does not exist.
    `rules`: for a family that the assumptions define entry by entry, y_ij = …, the indices and the right sides.
    """

    context: Context
    budget: Budget
    numerator: bool = field(init=False)
    rows_of_values: bool = field(init=False)
    times_identity: bool | None = None
    ranges: dict[str, tuple[Whole, Whole]] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)
    extents: dict[tuple[str, int], Whole] = field(default_factory=dict)
    equal: dict[str, Whole] = field(default_factory=dict)
    different: list[Whole] = field(default_factory=list)
    known: list[Whole] = field(default_factory=list)
    families: dict[str, Family] = field(default_factory=dict)
    places: list[Whole] = field(default_factory=list)
    rules: dict[str, list[tuple[list[Term], Term]]] = field(default_factory=dict)
    composed: dict[Whole, tuple[tuple[Whole, ...], tuple[Whole, ...]]] = field(default_factory=dict)
    kinks: list[Expression] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.numerator = NUMERATOR in self.context.assumptions
        self.rows_of_values = self.numerator or MIXED in self.context.assumptions

    def fresh(self, size: Whole) -> Index:
        """An index that nobody else has."""
        self.count += 1
        name = f"_{self.count}"
        self.ranges[name] = (ONE, size)
        return Index(name, size)

    def family(self, name: str) -> Family:
        """The family of this name, with what is assumed of it."""
        if name not in self.families:
            self.families[name] = Family(name, **self._flags(name))
        return self.families[name]

    def _flags(self, name: str) -> dict[str, Any]:
        flags: dict[str, Any] = {"values": values_of(name, self.context)}
        for fact in conditions(self.context):
            match fact:
                case Fn("symmetric" | "positive_semidefinite" | "positive_definite" as word, (Sym(n),)) if n == name:
                    flags["symmetric"] = True
                    flags["definite"] = flags.get("definite", False) or word == "positive_definite"
                    flags["semidefinite"] = flags.get("semidefinite", False) or word != "symmetric"
                case Fn("one_hot", (Sym(n),)) if n == name:
                    flags["hot"] = True
                    flags["total"] = max(len(self.shape(name)) - 1, 0)
                case Fn("sums_to_one", (Sym(n), Num(axis))) if n == name:
                    flags["total"] = int(axis)
                case Fn("diagonal", (Sym(n),)) if n == name:
                    flags["diagonal"] = True
                case Fn("orthogonal" | "orthonormal_columns" | "unit_norm" as word, (Sym(n),)) if n == name:
                    flags["orthonormal"] = (0, 1) if word == "orthogonal" else (0,)
                case Relation("=", Entry(children=(Sym(n), at)), Num(1)) if n == name and self._is_hot(name):
                    flags["hot_at"] = self.whole(at)
                case Relation("=", Fn("transpose", (Sym(n),)), Sym(m)) | Relation("=", Sym(m), Fn("transpose", (Sym(n),))):
                    if n == m == name:
                        flags["symmetric"] = True
                case Relation("=", Sum() as s, Num(1)) if family_name(s.body) == name and _sums_whole_axis(s, self):
                    places = slots_of(s.body)
                    flags["total"] = places.index(s.index) if places.count(s.index) == 1 else None
                case Relation(op, u, v) if op in "<>":
                    _narrow(flags, name, *((u, v) if op == ">" else (v, u)))
        return flags

    def _is_hot(self, name: str) -> bool:
        return Fn("one_hot", Sym(name)) in self.context.assumptions and len(self.shape(name)) <= 1

    def place(self, slots: tuple[Whole, ...], shape: tuple[Whole, ...]) -> None:
        """Entries of an array of this shape are written at these slots: the free ones among them lie inside."""
        for w, n in zip(slots, shape, strict=False):
            if not any(x.startswith("_") for x in w.letters) and not (w.name in self.ranges and self.ranges[w.name] == (ONE, n)):
                for gap in (w - ONE, n - w):
                    if gap.letters and gap not in self.places:
                        self.places.append(gap)

    def shape(self, name: str) -> tuple[Whole, ...]:
        """The declared sizes of a letter."""
        if self.context.sort(name).varies:
            raise Unsupported(f"{name}, whose members are of different sizes")
        return tuple(self.whole(n) for n in self.context.sort(name).shape)

    def extent(self, name: str, axis: int) -> Whole:
        """What the axis of a family runs up to: declared, or as its sums show, or a size of its own."""
        shape = self.shape(name) if name in self.context.sorts else ()
        if axis < len(shape):
            return shape[axis]
        if (name, axis) not in self.extents:
            letter = f"{UNSAID}{name}" if axis == 0 else f"{UNSAID}{name}{axis}"
            self.sizes.add(letter)
            self.extents[name, axis] = Whole.letter(letter)
        return self.extents[name, axis]

    def whole(self, t: Term) -> Whole:
        """A whole number written with sizes and indices."""
        t = t.bare
        match t:
            case Num(v):
                return Whole.number(v)
            case Sym(name):
                if name in self.equal:
                    return self.equal[name]
                if name in self.context.definitions and name not in self.sizes:
                    return self.whole(self.context.definitions[name].body)
                if name not in self.ranges:
                    self.sizes.add(name)
                return Whole.letter(name)
            case Neg(a):
                return -self.whole(a)
            case Add(args):
                out = Whole({})
                for a in args:
                    out = out + self.whole(a)
                return out
            case Mul(args):
                out = ONE
                for a in args:
                    out = out * self.whole(a)
                return out
            case Pow(a, Num(n)) if n <= 4:
                out = ONE
                for _ in range(n):
                    out = out * self.whole(a)
                return out
            case Div(a, b) if (q := number_of(b)) is not None and q:
                return self.whole(a) * Whole.number(1 / q)
            case Decimal():
                raise Unsupported(f"{t} as a size or index")
            case Layer() | Entry() if not any(x.startswith(BOUND) for x in t.free):
                letter = f"{t}"
                self.sizes.add(letter)
                return Whole.letter(letter)
            case Fn("abs", (Sym(name),)):
                self.sizes.add(f"|{name}|")
                return Whole.letter(f"|{name}|")
        raise Unsupported(f"{t} as a size or index")

    def learn(self, *sides: Term) -> None:
        """Take in the declared indices, the assumed relations of indices, and what sums show of their families."""
        for name, sort in self.context.sorts.items():
            if sort.bounds is not None:
                self.ranges[name] = (ONE, ONE)
        for name, sort in self.context.sorts.items():
            for n in () if sort.varies else sort.shape:
                self.whole(n)
            if sort.bounds is not None:
                self.ranges[name] = (self.whole(sort.bounds[0]), self.whole(sort.bounds[1]))
        for fact in conditions(self.context):
            self._learn_natural(fact)
            if (rule := defining(fact, self.context)) is not None:
                name, places, body = rule
                self.rules.setdefault(name, []).append((places, body))
        bodies = [d.body for d in self.context.definitions.values()]
        for t in (*sides, *bodies, *self.context.assumptions):
            self._learn_extents(t)
        for t in (*sides, *bodies, *self.context.assumptions):
            self._learn_ranges(t)
        for fact in conditions(self.context):
            self._learn_relation(fact)

    def _learn_natural(self, fact: Term) -> None:
        """An integer that is said to be at least 1 is a size."""
        match fact:
            case Relation("≥" | ">" as op, Sym(n), v) if (b := number_of(v)) is not None and b >= (1 if op == "≥" else 0):
                sort = self.context.sort(n)
                if sort.field == "integer" and sort.bounds is None:
                    self.sizes.add(n)

    def _learn_extents(self, term: Term) -> None:
        for t in term.postorder():
            if not isinstance(t, (Sum, Product, Lambda)):
                continue
            for bound in (t.low, t.high):
                if bound is not None and bound.free <= term.free:
                    self.whole(bound)
            axes = list(axes_of(t.body, t.index))
            if (among := set_of(t)) is not None:
                self._learn_extent(axes, self.whole(Fn("abs", among)))
                continue
            declared = self.context.sort(t.index.name).bounds if t.low is None and t.high is None else None
            low, high = declared if declared is not None else (t.low, t.high)
            if low == Num(1) and high is not None and t.where is None and high.bare != Num(1):
                self._learn_extent(axes, self.whole(high))
            elif low is None and high is None and (said := self._said_extent(axes)) is not None:
                self._learn_extent(axes, said)

    def _said_extent(self, axes: list[tuple[str, int]]) -> Whole | None:
        """What one of several axes at which an index without bounds stands runs up to; a new size if it is said of none."""
        free = [(name, axis) for name, axis in axes if name not in self.context.definitions]
        for name, axis in free:
            if axis < len(self.context.sort(name).shape) or (name, axis) in self.extents:
                return self.extent(name, axis)
        return self.extent(*free[0]) if len(free) > 1 else None

    def _learn_extent(self, axes: list[tuple[str, int]], size: Whole) -> None:
        for name, axis in axes:
            if axis >= len(self.context.sort(name).shape):
                self.extents.setdefault((name, axis), size)

    def _learn_ranges(self, term: Term) -> None:
        """Free letters that stand as an index run over the axis they stand at; in index arithmetic they are sizes."""
        for t in term.postorder():
            if isinstance(t, (Entry, Derivative)):
                for axis, i in enumerate(slots_of(t)):
                    if isinstance(i, Sym) and i.name in term.free and self._unknown_index(i.name):
                        size = self._size_along(t, axis)
                        if size is not None:
                            self.ranges[i.name] = (ONE, size)
        for t in term.postorder():
            places = (
                slots_of(t) if isinstance(t, (Entry, Derivative)) else t.children if isinstance(t, Fn) and t.name == "delta" else ()
            )
            for i in places:
                for x in i.free & term.free:
                    if self._unknown_index(x):
                        self.sizes.add(x)

    def _size_along(self, t: Term, axis: int) -> Whole | None:
        """How many entries there are along an axis of what an entry is taken of; None if that is not said."""
        base = t
        while isinstance(base, (Entry, Layer)):
            base = base.children[0]
        name = family_name(t)
        definition = self.context.definitions.get(name or "")
        given = definition is not None and not definition.parameters and not isinstance(definition.body, Lambda)
        if isinstance(t, Entry) and (given or not isinstance(base, (Sym, Fn))):
            try:
                sizes = shape(base, self.context)
                return self.whole(sizes[axis]) if axis < len(sizes) else None
            except (ShapeError, Unsupported):
                if not isinstance(base, Sym):
                    return None
        return None if name is None else self.extent(name, axis)

    def _unknown_index(self, name: str) -> bool:
        return name not in self.ranges and name not in self.sizes and name not in self.context.definitions

    def _learn_relation(self, fact: Term) -> None:
        if not isinstance(fact, Relation):
            return
        letters = {x for side in (fact.left, fact.right) for x in side.free}
        if not letters or not all(x in self.ranges or x in self.sizes for x in letters):
            return
        try:
            gap = self.whole(fact.left) - self.whole(fact.right)
        except Unsupported:
            return
        match fact.op:
            case "=":
                for x in sorted(gap.letters, key=lambda x: (x not in self.ranges, x), reverse=True):
                    slope = gap.slope(x)
                    if x in self.ranges and slope in (1, -1):
                        self.equal[x] = Whole.letter(x) - gap * Whole.number(slope)
                        break
            case "≠":
                self.different.append(gap)
            case "≥":
                self.known.append(gap)
            case ">":
                self.known.append(gap - ONE)
            case "≤":
                self.known.append(-gap)
            case "<":
                self.known.append(-gap - ONE)


def _narrow(flags: dict[str, Any], name: str, larger: Term, smaller: Term) -> None:
    """Take in larger > smaller where one side is every entry of the family and the other a number."""
    if every_entry(larger, name) and (bound := number_of(smaller)) is not None:
        flags["low"] = max(bound, flags.get("low", bound))
    if every_entry(smaller, name) and (bound := number_of(larger)) is not None:
        flags["high"] = min(bound, flags.get("high", bound))


def every_entry(t: Term, name: str) -> bool:
    """Whether what is said of a term is said of all entries: the letter itself, or an entry at different letters."""
    places = slots_of(t)
    return (
        family_name(t) == name
        and not isinstance(t, Fn)
        and all(isinstance(i, Sym) for i in places)
        and len(set(places)) == len(places)
    )


def conditions(context: Context) -> Iterator[Term]:
    """The assumptions one by one."""
    todo = list(reversed(context.assumptions))
    while todo:
        fact = todo.pop()
        if isinstance(fact, And):
            todo += reversed(fact.children)
        else:
            yield fact


def defining(fact: Term, context: Context) -> tuple[str, list[Term], Term] | None:
    """The family, the indices and the right side of an assumption y_ij = … about a family that nothing else declares."""
    if not isinstance(fact, Relation) or fact.op != "=" or not isinstance(fact.left, (Entry, Layer)):
        return None
    name, places = family_name(fact.left), slots_of(fact.left)
    if name is None or context.sort(name).shape or name in context.definitions or isinstance(fact.left.children[0], Fn):
        return None
    letters = [i for i in places if isinstance(i, Sym)]
    if len(set(letters)) != len(letters) or not all(isinstance(i, (Sym, Num)) for i in places) or name in fact.right.free:
        return None
    return name, places, fact.right


def family_name(t: Term) -> str | None:
    """The letter that an entry belongs to: z of z_i, of z^{(l)}_i, of z itself; and of ∂/∂z_i."""
    if isinstance(t, Derivative):
        return t.var.name
    while isinstance(t, (Entry, Layer)):
        t = t.children[0]
    return t.name if isinstance(t, Sym) else t.name if isinstance(t, Fn) and t.children and isinstance(t.children[0], Sym) else None


def slots_of(t: Term) -> list[Term]:
    """The indices of an entry in order, or of a derivative by one; superscripts come before subscripts."""
    if isinstance(t, Entry):
        return [*slots_of(t.family), *t.indices]
    if isinstance(t, Layer):
        return [*slots_of(t.family), t.number]
    return list(t.indices) if isinstance(t, Derivative) else []


def axes_of(body: Term, index: Sym) -> Iterator[tuple[str, int]]:
    """At which axis of which family a bare index stands in a body."""
    for t in body.postorder():
        if isinstance(t, (Entry, Layer)) and (name := family_name(t)) is not None:
            for axis, i in enumerate(slots_of(t)):
                if i == index:
                    yield name, axis


def set_of(t: Binder) -> Sym | None:
    """The set V of a sum over w ∈ V where w counts entries only, so that the members may have the numbers from 1 to |V|; else None."""
    match t.where:
        case Fn("in", (Sym(index), Sym() as among)) if index == t.index.name and t.low is None and not _is_value(t.index, t.body):
            return among
    return None


def _is_value(index: Sym, body: Term) -> bool:
    """Whether an index stands in a body as a number, too."""
    if body == index or (isinstance(body, Binder) and body.index == index):
        return body == index
    parts = body.children[:1] if isinstance(body, (Entry, Layer)) else body.children
    return any(_is_value(index, c) for c in parts)


def _sums_whole_axis(s: Binder, setting: Setting) -> bool:
    """Whether a sum of entries is over all of an axis."""
    name = family_name(s.body)
    places = slots_of(s.body)
    if name is None or s.where is not None or s.index not in places:
        return False
    if s.low is None and s.high is None:
        return True
    if s.high is None or s.low not in (None, Num(1)):
        return False
    return setting.whole(s.high) == setting.extent(name, places.index(s.index))
