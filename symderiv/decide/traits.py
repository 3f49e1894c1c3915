"""What kinds of parts a term has, found in one walk and kept: most questions about a term end here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from symderiv.terms import FUNCTIONS, And, Cases, Fn, Indicator, Not, Or, Prime, Relation, Sym, Term

CONDITIONAL = frozenset((Cases, Indicator, And, Or, Not, Relation))
"""Conditions and what depends on them."""
KNOTTED = frozenset(("max", "min", *(row.name for row in FUNCTIONS.values() if row.cases)))
"""The functions whose formula changes from region to region."""


@dataclass(frozen=True, slots=True)
class Traits:
    """The classes of the subterms, the letters (bound ones included), the functions, whether a subterm binds a letter."""

    kinds: frozenset[type[Term]]
    letters: frozenset[str]
    functions: frozenset[str]
    binds: bool


@lru_cache(maxsize=512)
def traits(term: Term) -> Traits:
    """The traits of a term."""
    kinds: set[type[Term]] = set()
    letters: set[str] = set()
    functions: set[str] = set()
    binds = False
    for t in term.postorder():
        kinds.add(type(t))
        if isinstance(t, Sym):
            letters.add(t.name)
        elif isinstance(t, (Fn, Prime)):
            functions.add(t.name)
        elif t.bound is not None:
            binds = True
    return Traits(frozenset(kinds), frozenset(letters), frozenset(functions), binds)


def outside_binders(term: Term) -> Iterator[Term]:
    """Every distinct subterm once, children before parents, but nothing that stands under a bound letter."""
    if not traits(term).binds:
        return term.postorder()
    return _outside_binders(term)


def _outside_binders(term: Term) -> Iterator[Term]:
    seen: set[Term] = set()
    stack: list[tuple[Term, bool]] = [(term, False)]
    while stack:
        t, ready = stack.pop()
        if ready:
            yield t
        elif t not in seen:
            seen.add(t)
            stack.append((t, True))
            if t.bound is None:
                stack.extend((c, False) for c in reversed(t.children) if c not in seen)


def has_knots(term: Term) -> bool:
    """Whether a term contains a function whose formula changes from region to region."""
    found = traits(term)
    if not (Cases in found.kinds or Indicator in found.kinds or found.functions & KNOTTED):
        return False
    return not found.binds or any(
        isinstance(t, (Cases, Indicator)) or (isinstance(t, Fn) and t.name in KNOTTED) for t in outside_binders(term)
    )


def nesting(term: Term) -> int:
    """How many conditions and case distinctions stand inside one another."""
    if traits(term).kinds.isdisjoint(CONDITIONAL):
        return 0
    depth: dict[Term, int] = {}
    for t in term.postorder():
        depth[t] = max((depth[c] for c in t.children), default=0) + (type(t) in CONDITIONAL)
    return depth[term]
