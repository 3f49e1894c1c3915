"""What a piece of Python stands for: a number or an array, entry by entry, with letters for sizes; shapes fit as NumPy's do.

Indices count from 1, as in mathematics. An array `z` of n entries has the entry z_i; `np.exp(z)` has e^(z_i).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    And,
    Cases,
    Entry,
    Fn,
    Not,
    Or,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
    number,
    substitute,
    value,
)
from symderiv.terms import replace as replaced
from symderiv.terms.shapes import same_size

LARGEST: Final = 20_000
"""Nodes of a formula that is still read."""


class Trouble(Exception):
    """This code is not read as a formula, with the reason."""


class NeedsArray(Trouble):
    """A parameter that was taken for a number, or a vector, is used as an array of more axes."""

    def __init__(self, names: frozenset[str], what: str) -> None:
        super().__init__(what)
        self.names = names


class Misfit(Trouble):
    """The shapes do not fit: the code fails when it is run."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number, or an array: `body` is its entry at `indices`, which run from 1 to the sizes in `axes`.

    `truth`: the body is a condition. `mask`: only the entries where it holds are meant.
    """

    body: Term
    axes: tuple[Term, ...] = ()
    indices: tuple[str, ...] = ()
    truth: bool = False
    mask: Term | None = None

    @property
    def rank(self) -> int:
        """How many axes it has."""
        return len(self.axes)

    def at(self, places: Iterable[Term]) -> Term:
        """The entry at these indices."""
        return substitute(self.body, dict(zip(self.indices, places, strict=True)))


@dataclass(frozen=True, slots=True)
class Items:
    """A tuple: several values at once, or `x.shape`, then with the parameters `of` which it is."""

    values: tuple[object, ...]
    of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that grows by `append`."""

    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number of Python that is the place of an entry: `place` counts from 1, so Python's number is place − 1."""

    place: Term


NUMBER_NAMES: Final = ("i", "j", "k", "l", "m", "r")


@dataclass(slots=True)
class Space:
    """The names in use, what sizes are known to be equal, and the largest entries, which have letters of their own.

    `maxima`: by name, max or min, the array, and the indices beside those over which it is taken. `arrays`: the sizes of parameters.
    """

    taken: set[str]
    equal: dict[str, Term] = field(default_factory=dict)
    maxima: dict[str, tuple[str, Value, tuple[str, ...]]] = field(default_factory=dict)
    arrays: dict[str, tuple[Term, ...]] = field(default_factory=dict)
    steps: int = 0

    def fresh(self, *wished: str) -> str:
        """A name that is not in use."""
        names = (*wished, *NUMBER_NAMES)
        name = next((n for n in names if n not in self.taken), None)
        k = 1
        while name is None:
            k += 1
            candidate = f"{names[0]}_{k}"
            name = candidate if candidate not in self.taken else None
        self.taken.add(name)
        return name

    def size(self, t: Term) -> Term:
        """A size in the letters that stand for all that are equal to it."""
        while t.free & self.equal.keys():
            t = substitute(t, self.equal)
        return t

    def settled(self, v: Value) -> Value:
        """The value with equal sizes written by one letter."""
        return replace(v, body=self.size(v.body), axes=tuple(map(self.size, v.axes)))

    def common(self, a: Term, b: Term) -> Term:
        """The size of two axes that are joined entry by entry; a letter for a size may turn out to be another. Raises Misfit."""
        a, b = self.size(a), self.size(b)
        if same_size(a, b):
            return a
        of_one = any({a, b} <= {*map(self.size, axes)} for axes in self.arrays.values())
        for letter, other in ((b, a), (a, b)):
            if isinstance(letter, Sym) and letter.name not in other.free and not of_one:
                self.equal[letter.name] = other
                return other
        raise Misfit(f"sizes {a} and {b} do not fit together")

    # ------------------------------------------------------------------------------------------------- entry by entry
    def joined(self, make: Callable[..., Term], *values: Value, truth: bool = False) -> Value:
        """The array whose entries are made of those of the values; shapes are broadcast from the last axis on. Raises Misfit."""
        self.steps += 1
        values = tuple(map(self.settled, values))
        longest = max(values, key=lambda v: (v.rank, -sum(n == ONE for n in v.axes)))
        axes: list[Term] = []
        for k in range(-longest.rank, 0):
            here = [v.axes[k] for v in values if v.rank >= -k]
            wide = [n for n in here if n != ONE]
            size = wide[0] if wide else ONE
            for n in wide[1:]:
                try:
                    size = self.common(size, n)
                except Misfit:
                    shapes = " and ".join(dict.fromkeys(shown(v.axes) for v in values if v.rank))
                    raise Misfit(f"the shapes {shapes} do not fit together") from None
            axes.append(size)
        clash = len({*longest.indices}) < longest.rank or any(n == ONE != m for n, m in zip(longest.axes, axes, strict=True))
        indices = tuple(self.fresh() for _ in axes) if clash else longest.indices
        bodies = []
        for v in values:
            places = [ONE if n == ONE else Sym(i) for n, i in zip(v.axes, indices[len(indices) - v.rank :], strict=True)]
            bodies.append(v.at(places))
        masks = {v.mask for v in values if v.mask is not None}
        if len(masks) > 1:
            raise Trouble("entries that are chosen by different conditions are joined")
        body = make(*bodies)
        if body.size > LARGEST:
            raise Trouble("the formula is too long")
        return Value(body, tuple(axes), indices, truth, masks.pop() if masks else None)

    def summed(self, v: Value, axis: int | None, keep: bool) -> Value:
        """Σ over one axis, or over all."""
        return self.reduced(v, axis, keep, lambda body, index, size: Sum(body, Sym(index), ONE, size))

    def reduced(self, v: Value, axis: int | None, keep: bool, make: Callable[[Term, str, Term], Term]) -> Value:
        """The array with one axis, or all of them, taken together."""
        if v.mask is not None:
            raise Trouble("a sum over entries that are chosen by a condition")
        v = self.settled(v)
        chosen = range(v.rank) if axis is None else [axis + v.rank if axis < 0 else axis]
        if any(not 0 <= k < v.rank for k in chosen):
            raise Misfit(f"there is no axis {axis} in the shape {shown(v.axes)}")
        body = v.body
        for k in reversed(chosen):
            body = substitute(body, {v.indices[k]: ONE}) if v.axes[k] == ONE else make(body, v.indices[k], v.axes[k])
        left = [(n, i) for k, (n, i) in enumerate(zip(v.axes, v.indices, strict=True)) if k not in chosen or keep]
        if keep:
            left = [(ONE, self.fresh()) if k in chosen else (n, i) for k, (n, i) in enumerate(zip(v.axes, v.indices, strict=True))]
        return Value(body, tuple(n for n, _ in left), tuple(i for _, i in left))

    def extreme(self, kind: str, v: Value, axis: int | None, keep: bool) -> Value:
        """The largest or smallest entry: a letter of its own, for every entry of what is left."""
        v = self.settled(v)
        chosen = list(range(v.rank)) if axis is None else [axis + v.rank if axis < 0 else axis]
        left = [i for k, i in enumerate(v.indices) if k not in chosen]
        name = next(
            (n for n, (k, of, _) in self.maxima.items() if k == kind and of == v and len(left) == of.rank - len(chosen)), ""
        )
        if not name:
            name = self.fresh(f"{kind}_{min(v.body.free - {*v.indices}, default='x')}")
            self.maxima[name] = (kind, v, tuple(left))
        entry = Entry(Sym(name), *map(Sym, left)) if left else Sym(name)
        return self.reduced(replace(v, body=entry), axis, keep, lambda body, _index, _size: body)


def shown(axes: tuple[Term, ...]) -> str:
    """A shape as NumPy shows it.

    >>> shown((Sym("n"),)), shown((Sym("m"), Sym("n")))
    ('(n,)', '(m, n)')
    """
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(map(str, axes))})"


def shifted(t: Term, by: int) -> Term:
    """t + by, whole numbers added up.

    >>> print(shifted(Add(Sym("i"), ONE), -1), shifted(Sym("i"), 2))
    i i + 2
    """
    parts = [t]
    while any(isinstance(p, Add) for p in parts):
        parts = [c for p in parts for c in (p.children if isinstance(p, Add) else (p,))]
    letters = [p for p in parts if value(p) is None]
    total = by + sum((q for p in parts if (q := value(p)) is not None), start=0)
    if total:
        letters.append(number(total))
    return Add(*letters) if len(letters) > 1 else letters[0] if letters else ZERO


def chosen(condition: Term, yes: Term, no: Term) -> Term:
    """The case distinction, settled where the condition says nothing."""
    condition = simpler(condition)
    if condition == Truth():
        return yes
    if condition == Not(Truth()) or yes == no:
        return no
    return Cases((yes, condition), (no, Truth()))


def simpler(condition: Term) -> Term:
    """A condition without i = i, and with whole numbers compared."""
    match condition:
        case Relation(op, a, b):
            a, b = _balanced(a, b)
            p, q = value(a), value(b)
            if p is not None and q is not None:
                return Truth() if _HOLDS[op](p, q) else Not(Truth())
            if a == b:
                return Truth() if op in "=≤≥" else Not(Truth())
            return Relation(op, a, b)
        case And(parts):
            left = [s for s in map(simpler, parts) if s != Truth()]
            if Not(Truth()) in left:
                return Not(Truth())
            return And(*left) if len(left) > 1 else left[0] if left else Truth()
        case Or(parts):
            left = [s for s in map(simpler, parts) if s != Not(Truth())]
            if Truth() in left:
                return Truth()
            return Or(*left) if len(left) > 1 else left[0] if left else Not(Truth())
        case Not(Relation(op, a, b)):
            return simpler(Relation(Relation.NEGATED[op], a, b))
    return condition


_HOLDS: Final = {
    "=": lambda p, q: p == q,
    "≠": lambda p, q: p != q,
    "<": lambda p, q: p < q,
    "≤": lambda p, q: p <= q,
    ">": lambda p, q: p > q,
    "≥": lambda p, q: p >= q,
}


def _balanced(a: Term, b: Term) -> tuple[Term, Term]:
    """Both sides without the whole number that is added to each: i − 1 = j − 1 is i = j."""
    for t, other in ((a, b), (b, a)):
        if isinstance(t, Add) and isinstance(other, Add):
            k = next((int(q) for p in t.children if (q := value(p)) is not None and q.denominator == 1), None)
            if k is not None and shifted(t, -k) != t:
                c, d = shifted(a, -k), shifted(b, -k)
                if c.size + d.size < a.size + b.size:
                    return c, d
    return a, b


def tidied(t: Term) -> Term:
    """The term with its case distinctions settled where they can be."""

    def settle(s: Term) -> Term | None:
        if not isinstance(s, Cases):
            return None
        left: list[tuple[Term, Term]] = []
        for v, c in s.pieces:
            c = simpler(c)
            if c != Not(Truth()):
                left.append((v, c))
            if c == Truth():
                break
        return left[0][0] if left and left[0][1] == Truth() else Cases(*left)

    return replaced(t, settle)


def as_number(v: Value) -> Value:
    """A truth value as 1 or 0."""
    return replace(v, body=chosen(v.body, ONE, ZERO), truth=False) if v.truth else v


def renamed(v: Value) -> Value:
    """The value with the first letters for its indices that are not used in it otherwise."""
    used = {t.bound for t in v.body.postorder() if t.bound is not None} | (v.body.free - {*v.indices})
    wished = tuple([n for n in (*NUMBER_NAMES, *v.indices) if n not in used][: v.rank])
    if len(wished) < v.rank or len({*wished}) < v.rank:
        return v
    return replace(v, body=v.at(map(Sym, wished)), indices=wished)


def substituted(v: Value, values: Mapping[str, Term]) -> Value:
    """The value with other letters in it."""
    return replace(v, body=substitute(v.body, values), axes=tuple(substitute(n, values) for n in v.axes))


def prior(name: str, indices: Iterable[str]) -> Fn:
    """The entry of an array before this round of a loop."""
    return Fn(name, *map(Sym, indices))
