"""Sequences that a context defines by recursion: h_0 = x, h_l = W_l h_{l-1} + b_l; and what is certain of their indices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Final

from symderiv.decide.indexed.setting import conditions
from symderiv.decide.indexed.whole import ONE, ZERO, Ranges, Whole, never_negative
from symderiv.decide.verdict import Unsupported
from symderiv.terms import (
    Add,
    Array,
    Binder,
    Context,
    DescendingProduct,
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
    number,
    plus,
    substitute,
    times,
)
from symderiv.terms import replace as replaced

DESCENDING: Final = Fn("product_order", Sym("descending"))
"""The assumption that in a product of matrices the factor with the largest index stands on the left."""
ASCENDING: Final = Fn("product_order", Sym("ascending"))
"""The assumption that it stands on the right."""
_NUMBERS: Final = frozenset(("trace", "det", "norm", "frobenius", "inner", "abs", "delta", "rank"))


@dataclass(frozen=True, slots=True)
class Recursion:
    """A sequence: `bases` at fixed indices; elsewhere the member at `letter` is `body`, in which members `steps` away stand.

    `steps` are all negative (h_l from h_{l-1}) or all positive (δ_l from δ_{l+1}); none for a family that is merely defined.
    """

    name: str
    letter: str
    body: Term
    steps: tuple[int, ...]
    bases: Mapping[Whole, Term] = field(default_factory=dict)

    @property
    def order(self) -> int:
        """How many members before are needed."""
        return max((abs(s) for s in self.steps), default=0)

    @property
    def upwards(self) -> bool:
        """Whether a member is computed from those before it."""
        return all(s < 0 for s in self.steps)


@dataclass(frozen=True)
class System:
    """The recursions of a context.

    `least`: the smallest value that each whole letter may have. `descending`: whether ∏ of matrices has its largest index on the left.
    """

    context: Context
    recursions: Mapping[str, Recursion]
    least: Mapping[str, int]
    descending: bool

    def is_recursive(self, name: str) -> bool:
        """Whether members of the family refer to other members."""
        return name in self.recursions and bool(self.recursions[name].steps)

    def members(self, t: Term) -> list[tuple[str, Entry]]:
        """The members of recursions that stand in a settled term, with the names of their sequences."""
        found = [(family_of(e), e) for e in t.postorder() if isinstance(e, Entry)]
        return [(name, e) for name, e in found if name is not None and self.is_recursive(name)]

    @cached_property
    def fixed(self) -> Mapping[Term, Term]:
        """Members of families that are no recursions, of which the value at a number is given: e_0 = c."""
        found: dict[Term, Term] = {}
        for fact in conditions(self.context):
            match fact:
                case Relation("=", Entry(children=(Sym(name), Num())) as member, right) if (
                    name not in self.recursions and name not in right.free
                ):
                    found[member] = right
        return found

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """Families of which an assumption names a member."""
        return frozenset(
            e.family.name
            for fact in conditions(self.context)
            for e in fact.postorder()
            if isinstance(e, Entry) and isinstance(e.family, Sym)
        )

    # -------------------------------------------------------------------------------------------------- whole numbers
    def certain(self, w: Whole, ranges: Ranges) -> bool:
        """Whether w ≥ 0 is certain."""
        shift = {x: Whole.letter(x) + Whole.number(self.least.get(x, 1) - 1) for x in w.letters if x not in ranges}
        inner = {x: (a.put(shift), b.put(shift)) for x, (a, b) in ranges.items()}
        for low, high in ranges.values():
            more = (low.letters | high.letters) - ranges.keys() - shift.keys()
            shift |= {x: Whole.letter(x) + Whole.number(self.least.get(x, 1) - 1) for x in more}
        inner = {x: (a.put(shift), b.put(shift)) for x, (a, b) in ranges.items()}
        return never_negative(w.put(shift), inner)

    # --------------------------------------------------------------------------------------------------------- arrays
    def is_array(self, t: Term, local: frozenset[str] = frozenset()) -> bool:
        """Whether a term is a vector or a matrix, so that its order in a product matters."""
        match t:
            case Sym(name):
                if name in self.context.definitions and not self.context.sort(name).shape:
                    return self.is_array(self.context.definitions[name].body)
                return bool(self.context.sort(name).shape) or (name == "I" and name not in self.context.sorts)
            case Entry(children=(Sym(name), *indices)):
                return self._member_is_array(name, len(indices), local)
            case Entry():
                return False
            case Fn(name, args):
                if name in _NUMBERS:
                    return False
                if name in ("transpose", "diag", "inverse", "identity", "ones", "hadamard", "outer"):
                    return True
                sort = self.context.sort(name)
                return bool(sort.shape) if sort.arity and sort.shape else any(self.is_array(a, local) for a in args)
            case Binder(body=body):
                return self.is_array(body, local)
            case Pow(a, b):
                return self.is_array(a, local) or b == Sym("T")
            case Add() | Mul() | Neg() | Div():
                return any(self.is_array(c, local) for c in t.children)
            case Array():
                return True
        return False

    def _member_is_array(self, name: str, indices: int, local: frozenset[str]) -> bool:
        shape = self.context.sort(name).shape
        recursion = self.recursions.get(name)
        if recursion is not None and indices == 1 and name not in local:
            bodies = (recursion.body, *recursion.bases.values())
            return any(self.is_array(b, local | {name}) for b in bodies)
        return len(shape) > indices

    # ------------------------------------------------------------------------------------------------------ unfolding
    def value(self, name: str, at: Whole) -> Term | None:
        """What the definition says of one member; None where nothing is said."""
        recursion = self.recursions.get(name)
        if recursion is None:
            return None
        base = recursion.bases.get(at)
        if base is not None:
            return base
        return self.settled(substitute(recursion.body, {recursion.letter: written(at)}))

    def settled(self, t: Term) -> Term:
        """The term with members as entries at indices in their normal order: h^{(N+1-1)} is h_N."""

        def change(s: Term) -> Term | None:
            match s:
                case Layer(children=(Sym() as family, k)):
                    return Entry(family, settled_bound(k))
                case Entry(children=(Sym(), _)):
                    return settled_entry(s)
                case Sym(name) if "_" in name:
                    stem, _, low = name.partition("_")
                    spoken = stem in self.spoken_of
                    at = place_of(low, self.context)
                    if at is not None and (spoken or stem in self.recursions or self.context.sort(stem).member):
                        return Entry(Sym(stem), at)
                    if spoken and self.context.sort(low).bounds is not None:
                        return Entry(Sym(stem), Sym(low))
                case Sum() | Product():
                    kind = DescendingProduct if self.descending and type(s) is Product and self.is_array(s.body) else type(s)
                    new = kind.make(s.data, (s.body, *map(settled_bound, s.children[1:])))
                    return None if new == s else new
                case Pow(a, b) if b == Sym("T") and "T" not in self.context.sorts:
                    return Fn("transpose", a)
                case Pow(a, b) if isinstance(b, (Add, Neg)):
                    raised = Pow(a, settled_bound(b))
                    return None if raised == s else raised
            return None

        return replaced(t.bare, change)


def family_of(t: Term) -> str | None:
    """The letter of a family of which a term is a member: h of h_l; None for any other term."""
    match t:
        case Entry(children=(Sym(name), _)):
            return str(name)
    return None


def place_of(low: str, context: Context) -> Term | None:
    """The index that a subscript writes: a number, or a declared whole letter; None for any other subscript."""
    if low.isdigit():
        return Num(int(low))
    return Sym(low) if low and context.is_size(low) else None


def settled_bound(t: Term) -> Term:
    """A bound in normal order; what is no whole number stays as it is."""
    try:
        return written(whole(t))
    except Unsupported:
        return t


def settled_entry(t: Term) -> Term | None:
    """A member with its index in normal order, or None if that changes nothing."""
    family, k = t.children
    new = Entry(family, settled_bound(k))
    return None if new == t else new


def whole(t: Term) -> Whole:
    """A whole number over letters. Raises Unsupported for what is none."""
    match t:
        case Num(v):
            return Whole.number(v)
        case Sym(name):
            return Whole.letter(name)
        case Neg(a):
            return -whole(a)
        case Add(args):
            out = ZERO
            for a in args:
                out = out + whole(a)
            return out
        case Mul(args):
            out = ONE
            for a in args:
                out = out * whole(a)
            return out
    raise Unsupported(f"{t} as an index")


def written(w: Whole) -> Term:
    """A whole number as a term, letters before the number."""
    parts = []
    for letters, c in sorted(w.terms, key=lambda part: (not part[0], part[1] < 0, part[0])):
        size = times(number(abs(Fraction(c))), *map(Sym, letters))
        parts.append(Neg(size) if c < 0 else size)
    return plus(*parts)


def system_of(context: Context, equations: Mapping[Term, Term] | None = None) -> System:
    """What a context defines by recursion; `equations` are further ones, in the words of a document."""
    found: dict[str, list[tuple[Term, Term]]] = {}
    for at, name, value in _said(context, equations or {}):
        found.setdefault(name, []).append((at, value))
    draft = System(context, {n: Recursion(n, "", Num(0), ()) for n in found}, _least(context), _is_descending(context))
    recursions = {}
    for name, pairs in found.items():
        made = _recursion(name, [(draft.settled(at), draft.settled(value)) for at, value in pairs], context)
        if made is not None:
            recursions[name] = made
    return replace(draft, recursions=recursions)


def _is_descending(context: Context) -> bool:
    return DESCENDING in context.assumptions


def _least(context: Context) -> dict[str, int]:
    """The smallest values of whole letters."""
    least: dict[str, int] = {}
    for fact in conditions(context):
        match fact:
            case Relation(">" | "≥" as op, Sym(name), Num(v)) | Relation("<" | "≤" as op, Num(v), Sym(name)):
                if context.sort(name).field == "integer":
                    least[name] = max(least.get(name, v), v + (op in "<>"))
    return least


def _said(context: Context, equations: Mapping[Term, Term]) -> Iterator[tuple[Term, str, Term]]:
    """(index, family, value) for everything that the context says of a member."""
    for name, d in context.definitions.items():
        stem, _, low = name.partition("_")
        if isinstance(d.body, Lambda) and not d.parameters and not isinstance(d.body.body, Lambda):
            yield d.body.index, name, d.body.body
        elif low and not d.parameters and stem in context.definitions and (at := place_of(low, context)) is not None:
            yield at, stem, d.body
    pairs = [(f.left, f.right) for f in conditions(context) if isinstance(f, Relation) and f.op == "="]
    for left, right in (*pairs, *equations.items()):
        match left:
            case Entry(children=(Sym(name), at)) | Layer(children=(Sym(name), at)):
                yield at, name, right
            case Sym(name) if (at := place_of(name.partition("_")[2], context)) is not None:
                yield at, name.partition("_")[0], right


def _recursion(name: str, pairs: Iterable[tuple[Term, Term]], context: Context) -> Recursion | None:
    """The recursion that equations for single members make up; None if they are not one."""
    rules, bases = [], {}
    for at, value in pairs:
        try:
            place = whole(at)
        except Unsupported:
            return None
        inside = [e for e in value.postorder() if isinstance(e, Entry) and e.children[0] == Sym(name)]
        letters = [x for x in place.letters if place.slope(x) == 1]
        if (inside or _is_index(place, context)) and len(letters) == 1 and place.slope(letters[0]) == 1:
            rules.append((letters[0], place, value, inside))
        elif not inside:
            bases[place] = value
    if len(rules) != 1:
        return None
    letter, place, value, inside = rules[0]
    back = written(Whole.letter(letter) + Whole.letter(letter) - place)
    steps = set()
    for e in inside:
        try:
            gap = whole(e.children[1]) - place
        except Unsupported:
            return None
        if len(e.children) != 2 or gap.value is None or gap.value == 0:
            return None
        steps.add(int(gap.value))
    if min(steps, default=0) < 0 < max(steps, default=0):
        return None
    return Recursion(name, letter, substitute(value, {letter: back}), tuple(sorted(steps)), bases)


def _is_index(place: Whole, context: Context) -> bool:
    return place.name is not None and not context.is_size(place.name)


def uses(system: System, *terms: Term) -> bool:
    """Whether a member of a recursion or of a family of varying sizes, or a product or power of matrices up to a letter, stands in a term."""
    for t in terms:
        for s in system.settled(t).postorder():
            if (name := family_of(s)) is not None and (system.is_recursive(name) or system.context.sort(name).varies):
                return True
            if (isinstance(s, Product) and system.is_array(s.body)) or (
                isinstance(s, Pow) and s.right.free and system.is_array(s.left)
            ):
                return True
            if isinstance(s, (Sum, Product)) and any(
                isinstance(i, (Sum, Product)) and s.index.name in {x for b in (i.low, i.high) if b is not None for x in b.free}
                for i in s.body.postorder()
            ):
                return True
    return False
