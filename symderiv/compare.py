"""Whether two expressions are equal: texts, SymPy expressions or Terms, in which the names of the catalogue are known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from symderiv.catalogue import CATALOGUE, NAMES, Row
from symderiv.decide import Verdict, decide, holds
from symderiv.errors import DomainError
from symderiv.read import let as declared
from symderiv.read import reading
from symderiv.terms import (
    ZERO,
    Context,
    Definition,
    Div,
    Fn,
    Pow,
    Relation,
    Sym,
    Term,
    fresh_name,
    function,
    names_of_functions,
    substitute,
)

Asked = Any
"""A name, a text, a SymPy expression or a Term."""


def equal(left: Asked, right: Asked, *, let: str = "", context: Context | None = None) -> Verdict:
    """Whether two expressions are equal: proved, refuted with a witness, or undecided.

    >>> equal("(x + 1)^2", "x^2 + 2*x + 1").kind
    'proved'
    """
    context = declared(let, context or Context()) if let else context or Context()
    sides = []
    for side in (left, right):
        if isinstance(side, Term):
            sides.append(side)
        elif isinstance(side, str):
            term = reading(side, with_catalogue(context), functions=tuple(NAMES)).term
            context = with_rows(
                context, [NAMES[n] for n in names_of_functions(term) if n in NAMES and n not in context.definitions]
            )
            refuse_nonsense(term)
            sides.append(term)
        else:
            from symderiv.terms.sympy_border import from_sympy

            sides.append(from_sympy(side))
    return decide(sides[0], sides[1], context)


def refuse_nonsense(term: Term) -> None:
    """Raise DomainError for what is written out and defined nowhere: a denominator that is 0, a root or a logarithm outside its domain."""
    for t in term.postorder():
        match t:
            case Div(_, b) if not b.free and decide(b, ZERO).kind == "proved":
                raise DomainError("this divides by 0", t.span, f"the denominator {b} is 0")
            case Pow(a, n) if (
                not a.free and not n.free and decide(a, ZERO).kind == "proved" and holds(Relation("≤", n, ZERO), Context())
            ):
                raise DomainError(f"{t} is not defined", t.span, "0 has powers with a positive exponent only")
            case Fn("log", (u,)) if not u.free and holds(Relation("≤", u, ZERO), Context()):
                raise DomainError(f"{t} is not defined", t.span, "the logarithm is taken of positive numbers")
            case Fn("sqrt", (u,)) if not u.free and holds(Relation("<", u, ZERO), Context()):
                raise DomainError(f"{t} is not defined", t.span, "the root is taken of numbers that are not negative")


_SORTS: Final = MappingProxyType(dict.fromkeys(NAMES, function()))


def with_catalogue(context: Context) -> Context:
    """The context in which the names of the catalogue are functions."""
    return replace(context, sorts=MappingProxyType({**_SORTS, **context.sorts}))


def with_rows(context: Context, rows: Iterable[Row]) -> Context:
    """The context with the definitions of rows, and of the rows that they use."""
    for row in rows:
        if row.name in context.definitions:
            continue
        context = with_rows(context, [CATALOGUE[name] for name in row.uses])
        context = merged(context, row.context)
        definition = _beside_arrays(row.definition, row, context)
        context = context.define(row.name, definition.parameters, definition.body)
    return context


def _beside_arrays(definition: Definition, row: Row, context: Context) -> Definition:
    """The same function with a parameter that is free, where the context has an array of that name and the row a number."""
    (x,) = definition.parameters
    if not context.sort(x).shape or row.context.sort(x).shape:
        return definition
    taken = {*context.sorts, *definition.body.free}
    free = next((name for name in "uts" if name not in taken), fresh_name("u", taken))
    return Definition(definition.name, (free,), substitute(definition.body, {x: Sym(free)}))


def merged(context: Context, more: Context) -> Context:
    """The first context with the declarations and assumptions of the second."""
    for name, sort in more.sorts.items():
        if name not in context.sorts:
            context = context.declare(name, sort)
    return context.assume(*(a for a in more.assumptions if a not in context.assumptions))
