"""The Context: what the letters are, what the names mean, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from symderiv.terms.sorts import REAL, Sort, function
from symderiv.terms.substitute import substitute
from symderiv.terms.term import Fn, Sym, Term


@dataclass(frozen=True, slots=True)
class Definition:
    """`name(parameters) := body`; without parameters, `name := body`."""

    name: str
    parameters: tuple[str, ...]
    body: Term

    @property
    def head(self) -> Term:
        """The defined term: f(x), or the letter z."""
        return Fn(self.name, *map(Sym, self.parameters)) if self.parameters else Sym(self.name)

    def opened(self, args: Iterable[Term] = ()) -> Term:
        """The body with the arguments put in for the parameters."""
        return substitute(self.body, dict(zip(self.parameters, args, strict=True)))


@dataclass(frozen=True, slots=True)
class Context:
    """Declarations, definitions and assumptions; immutable: every method that adds gives a new one.

    A letter that is not declared is a real number. `random`: what is known of random letters, in the words of
    `symderiv.decide.calculus.chances`.
    """

    sorts: Mapping[str, Sort] = field(default_factory=lambda: MappingProxyType({}))
    definitions: Mapping[str, Definition] = field(default_factory=lambda: MappingProxyType({}))
    assumptions: tuple[Term, ...] = ()
    random: tuple[Term, ...] = ()

    def declare(self, name: str, sort: Sort) -> Context:
        """The letter is of this sort; an earlier declaration or definition of it is replaced."""
        definitions = {n: d for n, d in self.definitions.items() if n != name}
        return replace(self, sorts=MappingProxyType({**self.sorts, name: sort}), definitions=MappingProxyType(definitions))

    def define(self, name: str, parameters: tuple[str, ...], body: Term) -> Context:
        """name(parameters) := body; an earlier definition of the name is replaced."""
        definitions = {**self.definitions, name: Definition(name, parameters, body.bare)}
        sorts = {**self.sorts, name: function(len(parameters)) if parameters else REAL}
        return replace(self, sorts=MappingProxyType(sorts), definitions=MappingProxyType(definitions))

    def assume(self, *conditions: Term) -> Context:
        """The conditions hold from here on."""
        return replace(self, assumptions=(*self.assumptions, *(c.bare for c in conditions)))

    def sort(self, name: str) -> Sort:
        """What the letter is; a real number if nothing was said."""
        return self.sorts.get(name, REAL)

    def is_size(self, name: str) -> bool:
        """Whether a letter is a whole number that is no index: N of l ∈ {1, …, N}, so h_N = … says something of one member only."""
        sort = self.sort(name)
        if sort.bounds is not None:
            return False
        said = (t for s in self.sorts.values() for t in (*s.shape, *(s.bounds or ())))
        return sort.field == "integer" or any(name in t.free for t in said)

    def is_function(self, name: str) -> bool:
        """Whether the name was declared or defined as a function, so that `f(x)` is an application."""
        return self.sort(name).arity > 0
