"""Whether two expressions are equal: texts, SymPy expressions or Terms, in which the names of the catalogue are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from symderiv.catalogue import CATALOGUE, NAMES, Row
from symderiv.decide import Verdict, decide, holds
from symderiv.errors import DomainError, ShapeError, SymderivError
from symderiv.read import let as declared
from symderiv.read import reading
from symderiv.read.vocabulary import ALGEBRA
from symderiv.terms import (
    ZERO,
    Context,
    Definition,
    Div,
    Entry,
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
from symderiv.terms.shapes import shape

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
            sides.append(reading(side, with_catalogue(context), functions=tuple(NAMES)).term)
            refuse_nonsense(sides[-1])
        else:
            from symderiv.terms.sympy_border import from_sympy

            sides.append(from_sympy(side))
    context = with_rows_of(sides, context)
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


def with_rows_of(terms: Sequence[Term], context: Context) -> Context:
    """The context with the rows whose functions the terms name, at the sizes of what they are applied to."""
    rows = [row for t in terms for row in _rows_in(t, context)]
    return with_rows(context, rows, sizes_in(terms, context))


def _rows_in(term: Term, context: Context) -> list[Row]:
    """The rows whose functions a term names; not those with a meaning for whole arrays, where an array stands whole: softmax(X W).

    As a vector whose entries are named, or that a row takes, it is the row's: softmax(z)_i, cross_entropy(softmax(z)).
    """
    vectors: set[Term] = set()
    for t in term.postorder():
        if isinstance(t, Entry) and len(t.indices) == 1:
            vectors.add(t.family)
        elif isinstance(t, Fn) and t.name in NAMES and NAMES[t.name].context.sort(NAMES[t.name].variable).shape:
            vectors.update(t.children)
    whole = {t.name for t in term.postorder() if isinstance(t, Fn) and t.name in ALGEBRA and t not in vectors}
    names = [name for name in names_of_functions(term) if name in NAMES and name not in context.definitions]
    return [NAMES[name] for name in names if name not in whole]


def sizes_in(terms: Sequence[Term], context: Context) -> dict[str, Term]:
    """The sizes of the arrays to which functions of the catalogue are applied, by the letters of their rows.

    Raises SymderivError where a row would be used at two sizes.
    """
    found: dict[str, Term] = {}
    for t in (s for term in terms for s in term.postorder() if isinstance(s, Fn) and s.name in NAMES):
        row = NAMES[t.name]
        own = row.context.sort(row.variable).shape
        try:
            sizes = shape(t.children[0].bare, context) if own and len(t.children) == 1 else ()
        except ShapeError:
            continue
        for letter, size in zip(own, sizes, strict=False) if len(own) == len(sizes) else ():
            if isinstance(letter, Sym) and found.setdefault(letter.name, size) != size:
                raise SymderivError(
                    f"{t.name} is used for {found[letter.name]} and for {size} entries", t.span, "use one size in a question"
                )
    return found


def with_rows(context: Context, rows: Iterable[Row], sizes: Mapping[str, Term] = MappingProxyType({})) -> Context:
    """The context with the definitions of rows, and of the rows that they use; `sizes`: what the letters for sizes in them stand for."""
    for row in rows:
        if row.name in context.definitions:
            continue
        context = with_rows(context, [CATALOGUE[name] for name in row.uses], sizes)
        context = merged(context, at_sizes(row.context, sizes))
        definition = _beside_arrays(row.definition, row, context)
        context = context.define(row.name, definition.parameters, substitute(definition.body, sizes))
    return context


def at_sizes(context: Context, sizes: Mapping[str, Term]) -> Context:
    """The context of a row with other sizes."""
    if not any(name != str(size) for name, size in sizes.items()):
        return context

    def of(t: Term) -> Term:
        return substitute(t, sizes)

    sorts = {
        name: replace(
            sort,
            shape=tuple(map(of, sort.shape)),
            bounds=None if sort.bounds is None else (of(sort.bounds[0]), of(sort.bounds[1])),
        )
        for name, sort in context.sorts.items()
        if name not in sizes
    }
    return replace(context, sorts=MappingProxyType(sorts), assumptions=tuple(map(of, context.assumptions)))


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
