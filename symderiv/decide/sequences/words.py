"""The normal form of sums of products in order: words of matrices with scalar coefficients, under sums over an index.

    (W_N ⋯ W_1) x + Σ_l (W_N ⋯ W_{l+1}) b_l      two words, the second under a sum

Products are multiplied out, sums split into their words. A run W_N ⋯ W_{l+1} is one letter; where a bound reaches further than the
others of the claim, its outer factors stand by themselves, if the run certainly has them. So two terms that are equal by the laws of
a ring, by splitting off factors and summands, and by renaming or shifting an index have one normal form, whatever the sizes are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from symderiv.decide.indexed.whole import ONE as UNIT
from symderiv.decide.indexed.whole import Ranges, Whole
from symderiv.decide.sequences.system import System, whole, written
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.terms import (
    ONE,
    Add,
    Binder,
    DescendingProduct,
    Div,
    Entry,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Product,
    Sum,
    Sym,
    Term,
    neg,
    over,
    plus,
    power,
    substitute,
    times,
    value,
)

MOST: Final = 400
"""Words that one side may have."""
FARTHEST: Final = 12
"""Factors or summands that are split off at one end."""
_INSIDE: Final = "\u03c1"
"""The index of every run."""


@dataclass(frozen=True, slots=True)
class Word:
    """Σ over `bounds` of scalar · letters."""

    bounds: tuple[tuple[str, Whole, Whole], ...]
    letters: tuple[Term, ...]
    scalar: Term

    @property
    def free(self) -> frozenset[str]:
        """The names that occur in the summand."""
        return self.scalar.free.union(*(t.free for t in self.letters))

    @property
    def term(self) -> Term:
        """The word as a term."""
        t = times(self.scalar, *self.letters)
        for name, low, high in reversed(self.bounds):
            t = Sum(t, Sym(name), written(low), written(high))
        return t


Words = list[Word]
Split = Callable[[Whole], object]
"""What is done with the summand or factor at an end."""


@dataclass(frozen=True)
class Ends:
    """How far bounds reach: for what a bound is up to a number, the least such number of upper bounds and the largest of lower ones."""

    highs: Mapping[Whole, int]
    lows: Mapping[Whole, int]


def range_of(t: Sum | Product) -> tuple[Whole, Whole]:
    """The bounds of a sum or product. Raises Unsupported where it has none, or a condition besides."""
    if t.low is None or t.high is None or t.where is not None:
        raise Unsupported(f"the range of {t.index}")
    return whole(t.low), whole(t.high)


def ends_of(terms: Iterable[Term], least: Mapping[str, int] | None = None) -> Ends:
    """The ends of the sums and products in some terms; `least`: upper bounds that are wanted for these letters."""
    highs: dict[Whole, int] = {Whole.letter(x): c for x, c in (least or {}).items()}
    lows: dict[Whole, int] = {}
    for t in terms:
        for b in t.postorder():
            if isinstance(b, (Sum, Product)) and b.low is not None and b.high is not None:
                try:
                    for end, found, best in ((whole(b.high), highs, min), (whole(b.low), lows, max)):
                        base, c = _parts(end)
                        found[base] = best(found.get(base, c), c)
                except Unsupported:
                    continue
    return Ends(highs, lows)


def exponent(t: Term) -> Whole | None:
    """An exponent as a whole number over letters; None if it is none."""
    try:
        e = whole(t)
    except Unsupported:
        return None
    return e if e.constant == int(e.constant) else None


def _parts(w: Whole) -> tuple[Whole, int]:
    c = w.constant
    return w - Whole.number(c), int(c)


class Normal:
    """Normal forms in one system, with bounds cut down to the same ends."""

    def __init__(self, system: System, ends: Ends, budget: Budget) -> None:
        self.system = system
        self.ends = ends
        self.budget = budget
        self._names = itertools.count()

    def words(self, t: Term, ranges: Ranges) -> Words:
        """The words of a settled term. Raises Unsupported for what has too many."""
        self.budget.check()
        found = self._words(t, ranges)
        if len(found) > MOST:
            raise Unsupported("more words than this")
        return found

    def _words(self, t: Term, ranges: Ranges) -> Words:
        match t:
            case Num(0):
                return []
            case Add(args):
                return [w for a in args for w in self.words(a, ranges)]
            case Neg(a):
                return [replace(w, scalar=neg(w.scalar)) for w in self.words(a, ranges)]
            case Mul(args):
                return self._multiplied([self.words(a, ranges) for a in args], ranges)
            case Div(a, b) if not self.system.is_array(b):
                below = self.leaf(b, ranges)
                return [replace(w, scalar=over(w.scalar, below)) for w in self.words(a, ranges)]
            case Sum():
                return self._sum(t, ranges)
            case Product():
                return self._product(t, ranges)
            case Pow(a, n) if self.system.is_array(a):
                return self._power(a, n, ranges)
        if not self.system.is_array(t):
            return [Word((), (), self.leaf(t, ranges))]
        match t:
            case Sym("I") | Fn("identity"):
                return [Word((), (), ONE)]
            case Fn("inverse", (a,)):
                return self._power(a, Neg(ONE), ranges)
            case Fn("transpose", (a,)):
                return [replace(w, letters=tuple(map(self._turned, reversed(w.letters)))) for w in self.words(a, ranges)]
            case Fn("hadamard", args):
                return self._entrywise(args, ranges)
        return [Word((), (self._opaque(t, ranges),), ONE)]

    # ----------------------------------------------------------------------------------------------------- numbers
    def leaf(self, t: Term, ranges: Ranges) -> Term:
        """A scalar with the sums and products inside of it in normal form."""
        match t:
            case Sum() | Product():
                return self.term(self.words(t, ranges))
            case Binder():
                return t
            case Pow(b, e) if (e.free or e == Num(0)) and (n := exponent(e)) is not None:
                below = self.leaf(b, ranges)
                return power(below, int(n.constant)) if not n.letters and n.constant >= 0 else Pow(below, written(n))
        return t.rebuild([self.leaf(c, ranges) for c in t.children]) if t.children and not isinstance(t, Entry) else t

    def term(self, words: Words) -> Term:
        """Words as one term, in their order."""
        return plus(*(w.term for w in self.collected(words)))

    def collected(self, words: Words) -> Words:
        """Words with canonical names, equal ones added up."""
        groups: dict[tuple[object, ...], list[Term]] = {}
        kept: dict[tuple[object, ...], Word] = {}
        for w in map(_canonical, words):
            key = (w.bounds, w.letters)
            groups.setdefault(key, []).append(w.scalar)
            kept[key] = w
        made = [replace(kept[k], scalar=plus(*parts)) for k, parts in groups.items()]
        return sorted(made, key=lambda w: (len(w.bounds), str(w.letters), str(w.bounds)))

    def _opaque(self, t: Term, ranges: Ranges) -> Term:
        """What is one letter, with its arguments in normal form."""
        if isinstance(t, Fn):
            return t.rebuild(
                [self.term(self.words(a, ranges)) if self.system.is_array(a) else self.leaf(a, ranges) for a in t.children]
            )
        return t

    # ---------------------------------------------------------------------------------------------------- products
    def _multiplied(self, factors: list[Words], ranges: Ranges) -> Words:
        out: Words = []
        for choice in itertools.product(*factors):
            bounds: list[tuple[str, Whole, Whole]] = []
            letters: list[Term] = []
            scalars: list[Term] = []
            for w in choice:
                if {name for name, *_ in w.bounds} & {name for name, *_ in bounds}:
                    w = self._renamed(w)
                bounds += w.bounds
                letters += w.letters
                scalars.append(w.scalar)
            inner = {**ranges, **{name: (a, b) for name, a, b in bounds}}
            out.append(Word(tuple(bounds), self._joined(letters, inner), times(*scalars)))
            if len(out) > MOST:
                raise Unsupported("more words than this")
        return out

    def _renamed(self, w: Word) -> Word:
        fresh = {name: self._fresh() for name, *_ in w.bounds}
        to = {name: Sym(new) for name, new in fresh.items()}
        moved = {name: Whole.letter(new) for name, new in fresh.items()}
        bounds = tuple((fresh[name], a.put(moved), b.put(moved)) for name, a, b in w.bounds)
        return Word(bounds, tuple(self.system.settled(substitute(t, to)) for t in w.letters), substitute(w.scalar, to))

    def _fresh(self) -> str:
        return f"\u03b9{next(self._names)}"

    def _joined(self, letters: Iterable[Term], ranges: Ranges) -> tuple[Term, ...]:
        """Neighbours put together: powers of one letter, and runs that continue each other."""
        out: list[Term] = []
        for t in letters:
            while out:
                both = _same_power(out[-1], t) if not isinstance(t, Product) else self._one_run(out[-1], t, ranges)
                if both is None:
                    break
                out.pop()
                t = both
            if not (isinstance(t, Pow) and value(t.right) == 0):
                out.append(t)
        return tuple(out)

    def _one_run(self, a: Term, b: Term, ranges: Ranges) -> Term | None:
        """(W_N ⋯ W_{l+1}) (W_l ⋯ W_1) as one run."""
        if not (isinstance(a, Product) and isinstance(b, Product) and type(a) is type(b) and a.body == b.body):
            return None
        upper, lower = (a, b) if isinstance(a, DescendingProduct) else (b, a)
        (middle, high), (low, end) = range_of(upper), range_of(lower)
        both = self.system.certain(high - middle + UNIT, ranges) and self.system.certain(end - low + UNIT, ranges)
        if middle - UNIT != end or not both:
            return None
        return type(a)(a.body, a.index, written(low), written(high))

    def _power(self, a: Term, n: Term, ranges: Ranges) -> Words:
        """A^n as a letter; of what is no letter, multiplied out."""
        base = self.words(a, ranges)
        count = value(n)
        if count is not None and count.denominator == 1 and 0 <= count <= 6:
            return self._multiplied([base] * int(count), ranges) if count else [Word((), (), ONE)]
        if len(base) != 1 or base[0].bounds or len(base[0].letters) != 1:
            return [Word((), (Pow(self.term(base), written(whole(n))),), ONE)]
        (letter,), scalar = base[0].letters, base[0].scalar
        raised = ONE if scalar == ONE else Pow(scalar, n)
        inner, count_inside = _base_and_exponent(letter)
        return [Word((), (Pow(inner, written(count_inside * whole(n))),), raised)]

    def _entrywise(self, args: tuple[Term, ...], ranges: Ranges) -> Words:
        """a ⊙ v as diag(v) a, where a is what a recursion gives, or else the last one."""
        inside = [k for k, a in enumerate(args) if self.system.members(a)]
        at = inside[0] if len(inside) == 1 else max(range(len(args)), key=lambda k: str(args[k]))
        diagonals = sorted((self._opaque(Fn("diag", a), ranges) for k, a in enumerate(args) if k != at), key=str)
        return self._multiplied([*([Word((), (d,), ONE)] for d in diagonals), self.words(args[at], ranges)], ranges)

    def _turned(self, t: Term) -> Term:
        """The transpose of a letter."""
        match t:
            case Fn("transpose", (a,)):
                return a
            case Fn("diag"):
                return t
            case Pow(a, n):
                return Pow(self._turned(a), n)
            case DescendingProduct(body, index, low, high):
                return Product(self._turned(body), index, low, high)
            case Product(body, index, low, high):
                return DescendingProduct(self._turned(body), index, low, high)
        return t if Fn("symmetric", t) in self.system.context.assumptions else Fn("transpose", t)

    # ------------------------------------------------------------------------------------------- sums and runs
    def _sum(self, t: Sum, ranges: Ranges) -> Words:
        name, body, low, high = self._opened(t)
        name, body, low, high = self._shifted(name, body, low, high)
        out: Words = []

        def split_off(at: Whole) -> None:
            out.extend(self.words(self.system.settled(substitute(body, {name: written(at)})), ranges))

        low, high = self._cut(low, high, ranges, split_off, split_off)
        if self._empty(low, high, ranges):
            return out
        if low == high:
            split_off(low)
            return out
        for w in self.words(body, {**ranges, name: (low, high)}):
            if name in w.free or any(name in a.letters | b.letters for _, a, b in w.bounds):
                out.append(replace(w, bounds=((name, low, high), *w.bounds)))
            elif self.system.certain(high - low + UNIT, ranges):
                out.append(replace(w, scalar=times(written(high - low + UNIT), w.scalar)))
            else:
                raise Unsupported(f"how many summands {t} has")
        return out

    def _product(self, t: Product, ranges: Ranges) -> Words:
        name, body, low, high = self._opened(t)
        if not self.system.is_array(body):
            return [Word((), (), self._scalar_product(name, body, low, high, ranges))]
        if name not in body.free:
            if not self.system.certain(high - low + UNIT, ranges):
                raise Unsupported(f"how many factors {t} has")
            return self._power(body, written(high - low + UNIT), ranges)
        descending = isinstance(t, DescendingProduct)
        first: list[Words] = []
        last: list[Words] = []

        def at(place: Whole) -> Words:
            return self.words(self.system.settled(substitute(body, {name: written(place)})), ranges)

        low, high = self._cut(
            low,
            high,
            ranges,
            lambda place: first.append(at(place)) if not descending else last.insert(0, at(place)),
            lambda place: last.insert(0, at(place)) if not descending else first.append(at(place)),
        )
        middle: Words = [Word((), (), ONE)]
        if low == high:
            middle = at(low)
        elif not self._empty(low, high, ranges):
            middle = [self._run(DescendingProduct if descending else Product, name, body, low, high, ranges)]
        return self._multiplied([*first, middle, *last], ranges)

    def _run(self, kind: type[Product], name: str, body: Term, low: Whole, high: Whole, ranges: Ranges) -> Word:
        """A run as one letter, with the numbers among its factors before it."""
        inside = self.system.settled(substitute(body, {name: Sym(_INSIDE)}))
        words = self.words(inside, {**ranges, _INSIDE: (low, high)})
        scalar: Term = ONE
        if len(words) == 1 and not words[0].bounds and words[0].scalar != ONE and words[0].letters:
            inside = times(*words[0].letters)
            scalar = self._scalar_product(_INSIDE, words[0].scalar, low, high, ranges)
        return Word((), (kind(inside, Sym(_INSIDE), written(low), written(high)),), scalar)

    def _scalar_product(self, name: str, body: Term, low: Whole, high: Whole, ranges: Ranges) -> Term:
        name, body, low, high = self._shifted(name, body, low, high)
        if name not in body.free:
            if not self.system.certain(high - low + UNIT, ranges):
                raise Unsupported("how many factors a product has")
            return Pow(self.leaf(body, ranges), written(high - low + UNIT))
        factors: list[Term] = []

        def split_off(at: Whole) -> None:
            factors.append(self.leaf(self.system.settled(substitute(body, {name: written(at)})), ranges))

        low, high = self._cut(low, high, ranges, split_off, split_off)
        if low == high:
            split_off(low)
        elif not self._empty(low, high, ranges):
            inside = self.system.settled(substitute(body, {name: Sym(_INSIDE)}))
            inner = {**ranges, _INSIDE: (low, high)}
            factors.append(Product(self.leaf(inside, inner), Sym(_INSIDE), written(low), written(high)))
        return times(*factors)

    def _opened(self, t: Sum | Product) -> tuple[str, Term, Whole, Whole]:
        """A fresh index, the body in it, and the bounds."""
        low, high = range_of(t)
        name = self._fresh()
        return name, self.system.settled(substitute(t.body, {t.index.name: Sym(name)})), low, high

    def _shifted(self, name: str, body: Term, low: Whole, high: Whole) -> tuple[str, Term, Whole, Whole]:
        """The same range over an index that stands bare in a member of the body: Σ g_{t−s} over s is a sum of g_m."""
        places = []
        for e in body.postorder():
            if isinstance(e, Entry) and len(e.children) == 2:
                w = whole(e.children[1])
                if (slope := w.slope(name)) in (1, -1):
                    places.append((str(e.children[0]), w, slope))
        if not places:
            return name, body, low, high
        _, w, slope = min(places, key=lambda p: (p[0], str(p[1])))
        offset = w - Whole.letter(name) * Whole.number(slope)
        if slope == 1 and offset == Whole.number(0):
            return name, body, low, high
        new = self._fresh()
        back = (Whole.letter(new) - offset) * Whole.number(slope)
        moved = self.system.settled(substitute(body, {name: written(back)}))
        a, b = (low + offset, high + offset) if slope == 1 else (offset - high, offset - low)
        return new, moved, a, b

    def _cut(self, low: Whole, high: Whole, ranges: Ranges, at_low: Split, at_high: Split) -> tuple[Whole, Whole]:
        """Split off what reaches beyond the common ends, as long as something is certainly there."""
        for _ in range(FARTHEST):
            base, c = _parts(high)
            if c <= self.ends.highs.get(base, c) or not self.system.certain(high - low, ranges):
                break
            at_high(high)
            high = high - UNIT
        for _ in range(FARTHEST):
            base, c = _parts(low)
            if c >= self.ends.lows.get(base, c) or not self.system.certain(high - low, ranges):
                break
            at_low(low)
            low = low + UNIT
        return low, high

    def _empty(self, low: Whole, high: Whole, ranges: Ranges) -> bool:
        return self.system.certain(low - high - UNIT, ranges)


def _same_power(a: Term, b: Term) -> Term | None:
    """A^m A^n as one letter."""
    (x, m), (y, n) = map(_base_and_exponent, (a, b))
    if x != y or isinstance(x, Product):
        return None
    return x if m + n == UNIT else Pow(x, written(m + n))


def _base_and_exponent(t: Term) -> tuple[Term, Whole]:
    match t:
        case Pow(a, n):
            return a, whole(n)
    return t, UNIT


def _canonical(w: Word) -> Word:
    """The word with its indices named in the order in which they occur, independent sums in order."""
    if not w.bounds:
        return w
    text = " ".join(map(str, w.letters)) + " " + str(w.scalar)
    order = sorted(
        range(len(w.bounds)),
        key=lambda k: (text.find(w.bounds[k][0]) if w.bounds[k][0] in text else len(text), str(w.bounds[k][1:])),
    )
    if any(w.bounds[k][0] in (a.letters | b.letters) for k in range(len(w.bounds)) for _, a, b in w.bounds[:k]):
        order = list(range(len(w.bounds)))
    names = {w.bounds[k][0]: f"i{n}" for n, k in enumerate(order)}
    to = {old: Sym(new) for old, new in names.items()}
    moved = {old: Whole.letter(new) for old, new in names.items()}
    bounds = tuple((names[w.bounds[k][0]], w.bounds[k][1].put(moved), w.bounds[k][2].put(moved)) for k in order)
    return Word(bounds, tuple(substitute(t, to) for t in w.letters), substitute(w.scalar, to))
