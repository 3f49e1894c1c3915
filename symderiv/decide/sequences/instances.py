"""A recursion at concrete indices: h_2 = W_2 (W_1 x + b_1) + b_2, where W_1, W_2 are letters of their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import factorial
from types import MappingProxyType
from typing import Final

from symderiv.decide.indexed.setting import conditions
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.sequences.system import DESCENDING, System, whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import (
    Add,
    Context,
    DescendingProduct,
    Entry,
    Fn,
    Mul,
    Num,
    Pow,
    Product,
    Relation,
    Sort,
    Sum,
    Sym,
    Term,
    number,
    plus,
    power,
    substitute,
    times,
)
from symderiv.terms import replace as replaced
from symderiv.terms import value as number_of

LARGEST: Final = 3
"""The largest value of an index or of a number of layers at which a claim is written out."""
MOST: Final = 10
"""Instances of one claim."""
MOST_MEMBERS: Final = 400
"""Members that one instance unfolds."""
_HARMLESS: Final = ("layout", "entrywise", "differentiable", "product_order")
"""Assumptions that every instance satisfies, or that the instance still knows."""


@dataclass(frozen=True)
class Instance:
    """A claim at concrete values of its whole letters: both sides, and the context of the letters in them."""

    values: Mapping[str, int]
    left: Term
    right: Term
    context: Context


def whole_letters(system: System, *terms: Term) -> list[str]:
    """The letters of indices, bounds and exponents that are free in some terms."""
    found: set[str] = set()
    for t in terms:
        for s in t.postorder():
            places: tuple[Term | None, ...] = ()
            if isinstance(s, Entry):
                places = s.children[1:]
            elif isinstance(s, (Sum, Product)):
                places = (s.low, s.high)
            found |= {x for p in places if p is not None for x in p.free}
        found |= {x for x in t.free if system.context.sort(x).field == "integer"}
    free = set().union(*(t.free for t in terms))
    return sorted(found & free - set(system.recursions))


def ranges_of(system: System, letters: list[str]) -> dict[str, tuple[Whole, Whole]]:
    """What the letters that have bounds run over, by their declarations and by what is assumed of them."""
    out = {}
    for x in letters:
        bounds = system.context.sort(x).bounds
        if bounds is not None:
            out[x] = (whole(bounds[0]), whole(bounds[1]))
    for fact in conditions(system.context):
        match fact:
            case Relation("<" | "≤" as op, Sym(x), other) | Relation(">" | "≥" as op, other, Sym(x)) if x in out:
                out[x] = (out[x][0], _nearer(out[x][1], other, op, -1))
            case Relation(">" | "≥" as op, Sym(x), other) | Relation("<" | "≤" as op, other, Sym(x)) if x in out:
                out[x] = (_nearer(out[x][0], other, op, 1), out[x][1])
    return out


def _nearer(bound: Whole, other: Term, op: str, inwards: int) -> Whole:
    """The bound that an assumption gives, if it is plainly the narrower one."""
    try:
        new = whole(other) + Whole.number(inwards if op in "<>" else 0)
    except Unsupported:
        return bound
    gap = (new - bound).value
    return new if gap is not None and gap * inwards > 0 else bound


def instances(system: System, left: Term, right: Term) -> Iterator[Instance]:
    """The claim at small values of its letters, small sums first."""
    letters = whole_letters(system, left, right)
    bounds = ranges_of(system, letters)
    outer = sorted({x for a, b in bounds.values() for x in a.letters | b.letters} - set(letters))
    names = [*letters, *outer]
    choices = [range(system.least.get(x, 1), max(LARGEST, system.least.get(x, 1) + 1) + 1) for x in names]
    points = sorted(itertools.product(*choices), key=lambda p: (sum(p), p))
    given = 0
    for point in points:
        values = dict(zip(names, point, strict=True))
        if not all(a.at(values) <= values[x] <= b.at(values) for x, (a, b) in bounds.items()):
            continue
        try:
            yield instance(system, left, right, values)
        except Unsupported:
            continue
        given += 1
        if given == MOST:
            return


def instance(system: System, left: Term, right: Term, values: Mapping[str, int]) -> Instance:
    """The claim at these values. Raises Unsupported where a member does not exist or an assumption cannot be carried over."""
    writer = _Writer(system, values)
    sides = [writer.written(t) for t in (left, right)]
    context = writer.context()
    return Instance(values, sides[0], sides[1], context)


class _Writer:
    """Terms at concrete values: members unfolded, sums and products written out, members of given families as letters."""

    def __init__(self, system: System, values: Mapping[str, int]) -> None:
        self.system = system
        self.values = values
        self.numbers: dict[str, Term] = {x: Num(v) for x, v in values.items()}
        self.sorts: dict[str, Sort] = {}
        self.done: dict[tuple[str, int], Term] = {}

    def written(self, t: Term) -> Term:
        return self._opened(self.system.settled(substitute(self.system.settled(t), self.numbers)))

    def _opened(self, t: Term) -> Term:
        t = self._spread(t)
        return replaced(t, self._member)

    def _spread(self, t: Term) -> Term:
        """Sums and products over their indices written out."""
        if isinstance(t, (Sum, Product)) and not self._binds_inside(t):
            low, high = (_number(b) for b in (t.low, t.high))
            if low is None or high is None or t.where is not None or high - low > MOST:
                raise Unsupported(f"the range of {t.index}")
            parts = [self._spread(self.system.settled(substitute(t.body, {t.index.name: number(k)}))) for k in range(low, high + 1)]
            if isinstance(t, Sum):
                return plus(*parts)
            if not parts and self.system.is_array(t.body):
                return Sym("I")
            return times(*(reversed(parts) if isinstance(t, DescendingProduct) else parts))
        if not t.children:
            return t
        parts = [self._spread(c) for c in t.children]
        if all(a is b for a, b in zip(parts, t.children, strict=True)):
            return t
        if isinstance(t, Fn) and t.name in ("transpose", "inverse") and parts == [Sym("I")]:
            return Sym("I")
        if isinstance(t, Mul):
            kept = [p for p in parts if p != Sym("I")]
            return times(*kept) if kept else Sym("I")
        return plus(*parts) if isinstance(t, Add) else t.rebuild(parts)

    def _binds_inside(self, t: Sum | Product) -> bool:
        """Whether the range is one of a plain axis, which the sizes of the letters give."""
        return t.low is None or t.high is None

    def _member(self, t: Term) -> Term | None:
        match t:
            case Pow(a, n) if n.depth > 1 or isinstance(n, Num):
                e = _number_of(n)
                return None if e is None or e < 0 or self.system.is_array(a) else power(a, e)
            case Fn("factorial", (n,)) if (whole_one := _number_of(n)) is not None and 0 <= whole_one <= MOST_MEMBERS:
                return Num(factorial(whole_one))
            case Entry(children=(Sym(name), k)) if (at := number_of(k)) is not None and at.denominator == 1:
                if name in self.system.recursions:
                    return self._value(name, int(at))
                if (fixed := self.system.fixed.get(t)) is not None:
                    return self.written(fixed)
                return self._letter(name, int(at))
            case Entry(children=(Sym(name), *_)) if name in self.system.recursions:
                raise Unsupported(f"the member {t}")
        return None

    def _value(self, name: str, k: int) -> Term:
        key = (name, k)
        if key not in self.done:
            if len(self.done) > MOST_MEMBERS:
                raise Unsupported("more members than this")
            recursion = self.system.recursions[name]
            put = {x: Whole.number(v) for x, v in self.values.items()}
            bases = {at.put(put): value for at, value in recursion.bases.items()}
            at = Whole.number(k)
            if at in bases:
                self.done[key] = self.written(bases[at])
            else:
                fixed = [b.value for b in bases if b.value is not None]
                beyond = not fixed or (k < min(fixed) if recursion.upwards else k > max(fixed))
                if recursion.steps and beyond:
                    raise Unsupported(f"{name} has no member {k}")
                self.done[key] = self.written(substitute(recursion.body, {recursion.letter: Num(k)}))
        return self.done[key]

    def _letter(self, name: str, k: int) -> Term | None:
        """W_2, a letter of its own."""
        if k < 0:
            raise Unsupported(f"{name} has no member {k}")
        sort = self.system.context.sort(name)
        new = f"{name}_{k}"
        inner = sort.shape[1:]
        if sort.member:
            inner = tuple(self._size(substitute(n, {sort.member: Num(k)})) for n in inner)
        if name in self.system.context.sorts and not sort.shape:
            return None
        self.sorts[new] = Sort(sort.field, inner)
        return Sym(new)

    def _size(self, n: Term) -> Term:
        """A size with the numbers put in: n_N is n_3."""
        n = self.system.settled(n)

        def change(t: Term) -> Term | None:
            match t:
                case Entry(children=(Sym(name), Num(k))):
                    return Sym(f"{name}_{k}")
                case Sym(name) if (low := name.partition("_")[2]) in self.values:
                    return Sym(f"{name.partition('_')[0]}_{self.values[low]}")
            return None

        return replaced(n, change)

    def context(self) -> Context:
        """The letters of the instance, and the assumptions that speak of letters only."""
        old = self.system.context
        gone = {n for n in old.definitions if n in self.system.recursions or n.partition("_")[0] in self.system.recursions}
        sorts = {
            n: replace(s, shape=tuple(self._size(substitute(k, self.numbers)) for k in s.shape))
            for n, s in old.sorts.items()
            if n not in self.values and n not in gone and not s.member
        }
        definitions = {n: d for n, d in old.definitions.items() if n not in gone}
        kept: list[Term] = []
        for fact in conditions(old):
            if fact == DESCENDING or (isinstance(fact, Fn) and fact.name in _HARMLESS):
                kept += [fact] if isinstance(fact, Fn) and fact.name != "product_order" else []
                continue
            if self._is_recursion(fact):
                continue
            for here in self._of_every_member(fact):
                if not here.free:
                    if not _true(here):
                        raise Unsupported("an assumption fails here")
                    continue
                if any(isinstance(t, Entry) or (isinstance(t, Sym) and old.sort(t.name).member) for t in here.postorder()):
                    raise Unsupported(f"the assumption {fact} on a family")
                kept.append(here)
        return Context(MappingProxyType({**sorts, **self.sorts}), MappingProxyType(definitions), tuple(kept))

    def _of_every_member(self, fact: Term) -> Iterator[Term]:
        """An assumption here: one about a member at an index is one about every member."""
        fact = self.system.settled(fact)
        places = [k for e in fact.postorder() if isinstance(e, Entry) for k in e.children[1:]]
        if places and any(self._is_member(t) for t in fact.postorder()):
            raise Unsupported(f"the assumption {fact} on a family")
        if not places or not isinstance(fact, Relation):
            yield substitute(fact, self.numbers)
            return
        bounds = {x: b for k in places for x in k.free & fact.free if (b := self.system.context.sort(x).bounds) is not None}
        if len(bounds) > 1:
            raise Unsupported(f"the assumption {fact} on a family")
        for name, (low, high) in bounds.items():
            put = {x: t for x, t in self.numbers.items() if x != name}
            first, last = (_number(substitute(b, put)) for b in (low, high))
            if first is None or last is None or last - first > MOST:
                raise Unsupported(f"the assumption {fact} on a family")
            for k in range(first, last + 1):
                yield Relation(fact.op, *(self.written(substitute(side, {name: Num(k)})) for side in fact.children))
        if not bounds:
            yield Relation(fact.op, *map(self.written, fact.children))

    def _is_member(self, t: Term) -> bool:
        """Whether a letter is a member of a family by its subscript: a_t for an index t."""
        low = t.name.partition("_")[2] if isinstance(t, Sym) else ""
        sort = self.system.context.sort(low)
        return bool(low) and (sort.bounds is not None or sort.field == "integer")

    def _is_recursion(self, fact: Term) -> bool:
        match fact:
            case Relation("=", left, _):
                head = self.system.settled(left)
                return (
                    isinstance(head, Entry)
                    and isinstance(head.children[0], Sym)
                    and head.children[0].name in self.system.recursions
                )
        return False


def _number(t: Term | None) -> int | None:
    """The number that a bound is."""
    w = None if t is None else whole(t).value
    return None if w is None else int(w)


def _number_of(exponent: Term) -> int | None:
    """An exponent without letters: b^0 is 1, whatever b is, as in every sum of powers."""
    try:
        return _number(exponent)
    except Unsupported:
        return None


def _true(fact: Term) -> bool:
    """Whether a relation of numbers holds."""
    if not isinstance(fact, Relation):
        return False
    a, b = number_of(fact.left), number_of(fact.right)
    if a is None or b is None:
        return False
    return {"=": a == b, "≠": a != b, "<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b}[fact.op]
