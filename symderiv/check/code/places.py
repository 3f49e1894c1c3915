"""Entries and parts of arrays: x[i], W[i, j], x[:, None], x[1:], x[x > 0]."""

from __future__ import annotations

import ast
from collections.abc import Mapping, MutableMapping
from fractions import Fraction
from typing import Final

from symderiv.check.code.library import Library, number_of
from symderiv.check.code.values import Items, Listing, Misfit, NeedsArray, Trouble, Value, Whole, shifted
from symderiv.terms import ONE, Sym, Term, number, value

_MODULES: Final = frozenset(
    ("np", "numpy", "math", "torch", "jnp", "sp", "scipy", "tf", "F", "nn", "functional", "special", "linalg")
)

Names = MutableMapping[str, object]


class Places(Library):
    """Subscripts, over expressions that a subclass reads."""

    def of(self, e: ast.expr, names: Names, depth: int) -> object:
        """What an expression stands for. Raises Trouble."""
        raise NotImplementedError

    def number(self, e: ast.expr, names: Names, depth: int) -> Value:
        """The number or array that an expression stands for."""
        raise NotImplementedError

    def stacked(self, found: Listing) -> Value:
        """A list that is written out, as an array."""
        raise Trouble("a list of single values is used as an array")

    def entry(self, whole: object, place: ast.expr, names: Names, depth: int) -> object:
        """x[i], W[i, j], x[:, None], x[1:], x[mask]."""
        places = place.elts if isinstance(place, ast.Tuple) else [place]
        if isinstance(whole, Items):
            k = value(self.number(places[0], names, depth).body)
            if k is not None and whole.of and not -len(whole.values) <= k < len(whole.values):
                raise NeedsArray(whole.of, f"{min(whole.of)} is used as an array")
            if k is None or not -len(whole.values) <= k < len(whole.values) or len(places) > 1:
                raise Trouble("an entry of a tuple that is not known")
            return whole.values[int(k)]
        if isinstance(whole, Listing):
            whole = self.stacked(whole)
        if not isinstance(whole, Value):
            raise Trouble("entries of this are not read")
        if len(places) == 1 and (mask := self.mask(places[0], whole, names, depth)) is not None:
            return Value(whole.body, whole.axes, whole.indices, whole.truth, mask)
        counted = [p for p in places if not _is_new_axis(p, names)]
        if whole.rank < len(counted):
            self.array(whole, len(counted))
            kind = "a single number" if not whole.rank else f"an array of {whole.rank} axis"
            raise Misfit(f"an entry is taken of {kind}")
        whole = self.space.settled(whole)
        put: list[Term] = []
        left: list[tuple[Term, str]] = []
        axis = 0
        for p in places:
            if _is_new_axis(p, names):
                left.append((ONE, self.space.fresh()))
                continue
            size, index = whole.axes[axis], whole.indices[axis]
            axis += 1
            if isinstance(p, ast.Slice):
                first, length = self.slice(p, size, names, depth)
                left.append((length, index))
                put.append(shifted(Sym(index), first))
            else:
                put.append(self.place(p, size, names, depth))
        put += [Sym(i) for i in whole.indices[axis:]]
        left += list(zip(whole.axes[axis:], whole.indices[axis:], strict=True))
        return Value(whole.at(put), tuple(n for n, _ in left), tuple(i for _, i in left), whole.truth, whole.mask)

    def mask(self, place: ast.expr, whole: Value, names: Names, depth: int) -> Term | None:
        """The condition at the entries of an array, if the subscript is one."""
        if isinstance(place, ast.Slice) or _is_new_axis(place, names):
            return None
        found = number_of(self.of(place, names, depth))
        if not isinstance(found, Value) or not found.truth:
            return None
        if found.rank != whole.rank:
            raise Trouble("a condition of another shape chooses the entries")
        return found.at(map(Sym, whole.indices))

    def slice(self, s: ast.Slice, size: Term, names: Names, depth: int) -> tuple[int, Term]:
        """How many entries are left out before a slice, and how many it has."""
        if s.step is not None:
            raise Trouble("a slice with steps")
        low, high = (None if b is None else value(self.number(b, names, depth).body) for b in (s.lower, s.upper))
        known = all(b is None or self.number(b, names, depth).body == number_term(q) for b, q in ((s.lower, low), (s.upper, high)))
        if not known or (low is not None and low < 0) or (high is not None and high >= 0):
            raise Trouble("a slice whose ends are not counted from the ends of the array")
        first, last = int(low or 0), int(high or 0)
        return first, shifted(size, last - first)

    def place(self, p: ast.expr, size: Term, names: Names, depth: int) -> Term:
        """The index, counted from 1, of a subscript."""
        found = self.of(p, names, depth)
        if isinstance(found, Whole):
            return found.place
        if not isinstance(found, Value) or found.rank or found.truth:
            raise Trouble("entries that are chosen by an array")
        k = value(found.body)
        return shifted(size, int(k) + 1) if k is not None and k < 0 else shifted(found.body, 1)


def number_term(q: object) -> Term | None:
    """The term of a whole number."""
    return number(q) if isinstance(q, Fraction) else None


def is_module(e: ast.expr, names: Mapping[str, object]) -> bool:
    """Whether an expression is a module of the libraries: np, np.linalg, torch.nn.functional."""
    match e:
        case ast.Name(name):
            return name in _MODULES and name not in names
        case ast.Attribute(inner, name):
            return name in _MODULES and is_module(inner, names)
    return False


def _is_new_axis(p: ast.expr, names: Mapping[str, object]) -> bool:
    match p:
        case ast.Constant(None):
            return True
        case ast.Attribute(inner, "newaxis"):
            return is_module(inner, names)
    return False
