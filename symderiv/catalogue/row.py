"""A row of the catalogue: a function of deep learning with everything that is said about it, side by side."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from symderiv.read import let, read_plain
from symderiv.terms import Context, Definition, Entry, Lambda, Sym, Term


@dataclass(frozen=True, kw_only=True)
class Row:
    """One function: `formula` and its textbook `derivative`, both plain maths in `variable`; `second`, where there is one, its second derivative.

    A function of a vector is differentiated `by` one of its entries; one whose value is a vector or
    matrix has `entry`, the indices of the formula.
    Its second derivative is that by the entry with index i and then by the one with index j; where it is differentiated by the whole vector, the Hessian.
    `title`: its full name. `letters`: what its parameters are, as declarations. `uses`: rows that its formula or derivative name.
    `latex`: how it is written. `aliases`: other names it is asked for by. `domain`: where it is defined. `source`: where it is from.
    `varies`: in what other functions of that name differ, where authors do not agree.
    """

    name: str
    title: str
    formula: str
    derivative: str
    source: str
    latex: str
    variable: str = "x"
    entry: str = ""
    by: str = ""
    second: str = ""
    letters: str = ""
    domain: str = "all real x"
    uses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    varies: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the row is known by."""
        return (self.name, *self.aliases)

    @cached_property
    def context(self) -> Context:
        """What its letters are."""
        return let(self.letters) if self.letters else Context()

    @cached_property
    def definition(self) -> Definition:
        """name(x) := formula; for one whose value is a vector, name(z) := i ↦ formula."""
        body = self._read(self.formula, self.uses)
        return Definition(self.name, (self.variable,), self._over(body, *self._entry))

    @cached_property
    def head(self) -> Term:
        """What is differentiated: name(x), or name(z)_i."""
        return Entry(self.definition.head, *map(Sym, self._entry)) if self.entry else self.definition.head

    @cached_property
    def goal(self) -> Term:
        """The derivative as a textbook writes it."""
        return self._read(self.derivative, (self.name, *self.uses))

    @cached_property
    def second_goal(self) -> Term | None:
        """The second derivative as a textbook writes it."""
        return self._read(self.second, (self.name, *self.uses)) if self.second else None

    def indices(self, order: int) -> tuple[str, ...]:
        """The indices of the entries by which is differentiated in the textbook form of this order."""
        if order > 1:
            return ("i", "j")[:order]
        match self._read(self.by, ()) if self.by else None:
            case Entry(indices=(Sym(name),)):
                return (name,)
        return ()

    @cached_property
    def known(self) -> Definition:
        """name'(x) := derivative, for use in other derivations; over the index of the value and that of the variable for vectors."""
        body = self.goal
        if self.by:
            match self._read(self.by, ()):
                case Entry(indices=indices):
                    body = self._over(body, *(k.name for k in indices if isinstance(k, Sym)))
        return Definition(self.name, (self.variable,), self._over(body, *self._entry))

    @property
    def _entry(self) -> list[str]:
        return self.entry.split(", ") if self.entry else []

    def _over(self, body: Term, *indices: str) -> Term:
        """i ↦ j ↦ … ↦ body."""
        for index in reversed(indices):
            body = Lambda(body, Sym(index), *(self.context.sort(index).bounds or ()))
        return body

    def _read(self, text: str, functions: Collection[str]) -> Term:
        return read_plain(text, self.context, functions=functions).bare
