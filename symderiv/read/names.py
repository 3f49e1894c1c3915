"""What a name means where it stands: a letter, an entry of a family, a constant, a function."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from symderiv.read.vocabulary import INDEX_LETTERS, KNOWN, SPELLINGS, USUAL_FUNCTIONS
from symderiv.terms import Add, Const, Context, Entry, Fn, Lambda, Num, Span, Sym, Term

_CONSTANTS: Final = {"pi": "pi", "e": "e", "oo": "oo", "infty": "oo", "inf": "oo", "infinity": "oo"}
_TRAILING_DIGITS: Final = re.compile(r"([^\W\d_]+)(\d+)")
_USUAL_INDICES: Final = frozenset("ijklmn")
_ACCENT: Final = re.compile(r"(\w+)\((.*)\)")


def canonical(name: str) -> str:
    """One name for all ways to write it: x1 and x_1 are `x_1`.

    >>> canonical("x1"), canonical("x_1"), canonical("x")
    ('x_1', 'x_1', 'x')
    """
    found = _TRAILING_DIGITS.fullmatch(name)
    return f"{found[1]}_{found[2]}" if found else name


class Names:
    """The names of one text: what the Context says, what binders bind, and which families and indices the text itself shows.

    A letter that has a superscript wherever it stands, and by which something is differentiated with it, has labels for superscripts.
    A subscript that is an index makes its letter a family everywhere in the text: beside Σ_k e^{z_k}, z_j is an entry of z too.
    So a text is read again when it has shown a family or an index of which a letter was read before (`stale`).
    """

    def __init__(self, context: Context, functions: Collection[str] = ()) -> None:
        self.context = context
        self.functions = frozenset(functions)
        self.families: set[str] = set()
        self.indices: set[str] = {n for n, s in context.sorts.items() if s.bounds is not None}
        self.members = {n.partition("_")[2] for n, s in context.sorts.items() if s.shape and "_" in n}
        self.sizes = {name for s in context.sorts.values() for size in s.shape for name in size.free}
        self.bound: list[str] = []
        self.applied: set[str] = set()
        self.multiplied: set[str] = set()
        self.labelled: set[str] = set()
        self.bare: set[str] = set()
        self.labels: frozenset[str] = frozenset()
        self._letters: set[tuple[str, str]] = set()

    @property
    def stale(self) -> bool:
        """Whether a letter was read as one symbol that what was shown later makes an entry."""
        return (
            bool(self.applied & self.multiplied)
            or self.labels != self.labelled - self.bare
            or any(stem in self.families or (parts and self._are_indices(parts)) for stem, parts in self._letters)
        )

    def again(self) -> None:
        """Start reading the text anew, with the families and indices that it has shown."""
        self._letters.clear()
        self.multiplied.clear()
        self.labels = frozenset(self.labelled - self.bare)
        self.bound.clear()

    # ------------------------------------------------------------------------------------------------- functions
    def declared(self, name: str) -> bool:
        """Whether the Context says anything of the name."""
        return name in self.context.sorts or name in self.context.definitions

    def function(self, name: str) -> str | None:
        """The function that the name always is when applied, or None."""
        if self.context.is_function(name) or name in self.functions:
            return name
        if self.declared(name):
            return None
        return SPELLINGS.get(name, name) if name in KNOWN else None

    def usual_function(self, name: str) -> bool:
        """Whether the undeclared letter is taken as a function before a bracket."""
        return name.split("_")[0] in USUAL_FUNCTIONS and not self.declared(name)

    def callable_names(self) -> list[str]:
        """All names that can be applied, for the hint of an error."""
        return sorted({*KNOWN, *self.functions, *(n for n in self.context.sorts if self.context.is_function(n))})

    # --------------------------------------------------------------------------------------------------- letters
    def symbol(self, name: str, span: Span | None) -> Term:
        """The term of a name that is not applied; its subscript is what follows the first `_`."""
        name = canonical(name)
        if not self.declared(name):
            if name in _CONSTANTS:
                return Const.make(_CONSTANTS[name], (), span)
            stem, _, subscript = name.partition("_")
            if subscript and stem and not _ACCENT.match(name):
                return self.subscripted(stem, subscript, span)
        return self._opened(name, span)

    def _opened(self, name: str, span: Span | None) -> Term:
        """A letter; a defined function without its arguments stands for the function at its own parameters."""
        definition = self.context.definitions.get(name)
        if definition is not None and definition.parameters and name not in self.bound:
            return Fn.make(name, tuple(map(Sym, definition.parameters)), span)
        return Sym.make(name, (), span)

    def family(self, stem: str) -> bool:
        """Whether the letter was declared or defined as a vector, a matrix or a sequence, or the text has shown it to be one."""
        definition = self.context.definitions.get(stem)
        if definition is not None and isinstance(definition.body, Lambda):
            return True
        return stem in self.families or bool(self.context.sort(stem).shape)

    def is_index(self, name: str) -> bool:
        """Whether the name is bound here, declared as an index, or shown to be one."""
        return name in self.bound or name in self.indices or self.context.sort(name).field == "integer"

    def _are_indices(self, subscript: str) -> bool:
        return self.is_index(subscript) or (len(subscript) > 1 and subscript.isalpha() and any(map(self.is_index, subscript)))

    def subscripted(self, stem: str, subscript: str, span: Span | None) -> Term:
        """stem with a subscript of letters or digits: an entry of a family if that is what it is, else one letter."""
        full = f"{stem}_{subscript}"
        label, _, low = subscript.partition("_")
        if low and (member := self.entry_of_member(stem, label, self._index(low), span)) is not None:
            return member
        if self.declared(full) and subscript not in self.bound:
            return self._opened(full, span)
        if stem == "I" and subscript in self.sizes and not self.declared("I"):
            return Fn.make("identity", (self._index(subscript),), span)
        rank = len(self.context.sort(stem).shape)
        split = len(subscript) == 2 and subscript.isalnum() and not self.is_index(subscript)
        if self._are_indices(subscript) or (
            self.family(stem) and (len(subscript) == 1 or subscript.isdigit() or rank == len(subscript))
        ):
            parts = tuple(subscript) if (split and rank != 1) or len(subscript) == rank > 1 else (subscript,)
            if not subscript.isalpha() and rank != 2:
                parts = (subscript,)
            return self.entry(stem, tuple(map(self._index, parts)), span)
        self._letters.add((stem, subscript))
        return Sym.make(full, (), span)

    def entry_of_member(self, stem: str, label: str, index: Term, span: Span | None) -> Term | None:
        """y_{t_k} as the entry k of y_t, where t is a label: arrays such as q_t are declared; None where t_k is an index itself."""
        if self.context.sort(label).shape or label in self.context.definitions:
            return None
        if label in self.members:
            return self.entry(f"{stem}_{label}", (index,), span)
        if len(self.context.sort(stem).shape) > 1 and self.is_index(label):
            return self.entry(stem, (self._index(label), index), span)
        return None

    def entry(self, stem: str, indices: tuple[Term, ...], span: Span | None) -> Term:
        """An entry of a letter, which is a family from here on; its letters i … n are indices, and any letter beside a number, as in t - 1."""
        shown = {t.name for t in indices if isinstance(t, Sym) and t.name in _USUAL_INDICES}
        shown |= {n for t in indices if isinstance(t, Add) and len(t.free) == 1 for n in t.free}
        self.indices.update(n for n in shown if not self.declared(n))
        self.families.add(stem)
        return Entry.make(None, (self._opened(stem, span), *indices), span)

    def _index(self, name: str) -> Term:
        return Num(int(name)) if name.isascii() and name.isdigit() else Sym(canonical(name))

    def shown_index(self, *terms: Term) -> None:
        """These letters are used as indices, in δ_ij or in the condition of an indicator."""
        self.indices.update(t.name for t in terms if isinstance(t, Sym) and not self.declared(t.name))

    def entry_of_function(self, name: str) -> tuple[str, Term] | None:
        """For f_j of a function f, the pair of f and j; None if the whole name is the function."""
        stem, _, subscript = canonical(name).partition("_")
        if not subscript or self.context.is_function(name) or name in self.functions:
            return None
        known = self.context.is_function(stem) or self.usual_function(stem)
        if known and (subscript in INDEX_LETTERS or self.is_index(subscript)):
            return stem, self._index(subscript)
        return None
