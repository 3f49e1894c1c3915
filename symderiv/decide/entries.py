"""Claims about entries x_i, y_ij as claims about numbers: what holds for any numbers holds for entries, whichever of them are the same."""

from __future__ import annotations

from dataclasses import replace as changed
from types import MappingProxyType
from typing import NamedTuple

from symderiv.decide.traits import traits
from symderiv.terms import REAL, Context, Derivative, Entry, Prime, Relation, Sym, Term, replace, substitute


class Lettered(NamedTuple):
    """A claim in which every entry is a letter of its own, and the entries that the letters stand for."""

    left: Term
    right: Term
    context: Context
    entries: dict[str, Term]

    def written(self, term: Term) -> Term:
        """A term in these letters with the entries put back."""
        return substitute(term, self.entries)


def lettered(left: Term, right: Term, context: Context) -> Lettered | None:
    """The claim with a letter for every entry; None where it has none, or has sums, derivatives or whole arrays in it.

    What the assumptions say of an entry, or of all entries of an array, is said of the letters; other assumptions are left out.
    """
    found: dict[Term, Sym] = {}
    for t in (*left.postorder(), *right.postorder()):
        if t.bound is not None or isinstance(t, (Derivative, Prime)):
            return None
        if isinstance(t, Entry) and _is_entry(t, context):
            found[t] = Sym(f"{t}")
    if not found:
        return None

    def put(t: Term) -> Term | None:
        return found.get(t)

    sides = replace(left, put), replace(right, put)
    letters = set().union(*(s.free for s in sides))
    if any(context.sort(n).shape for n in letters) or any(not traits(s).kinds.isdisjoint({Entry}) for s in sides):
        return None
    facts: list[Term] = []
    for fact in context.assumptions:
        here = replace(fact, put)
        if not any(context.sort(n).shape for n in here.free):
            facts.append(here)
        elif isinstance(fact, Relation) and fact.op in ("<", ">", "≤", "≥"):
            facts += [
                Relation(fact.op, letter, fact.right)
                for entry, letter in found.items()
                if fact.left == entry.children[0] and not any(context.sort(n).shape for n in fact.right.free)
            ]
    sorts = {n: s for n, s in context.sorts.items() if not s.shape} | {s.name: REAL for s in found.values()}
    numbers = changed(context, sorts=MappingProxyType(sorts), assumptions=tuple(facts))
    return Lettered(*sides, numbers, {s.name: t for t, s in found.items()})


def _is_entry(t: Entry, context: Context) -> bool:
    """Whether a term is one number of an array that is declared and not defined."""
    family = t.family
    return (
        isinstance(family, Sym)
        and family.name not in context.definitions
        and len(context.sort(family.name).shape) == len(t.indices)
    )
