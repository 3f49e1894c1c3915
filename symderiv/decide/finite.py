"""Letters that take finitely many values, y ∈ {0, 1} or s ∈ {−1, 1}: a claim holds if it holds at each of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace as changed
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from symderiv.decide.verdict import Verdict, Witness
from symderiv.terms import Binder, Context, Definition, Derivative, Entry, Fn, Layer, Sym, Term, number, replace, value

ONE_OF: Final = "one_of"
"""`one_of(y, 0, 1)`: the letter, or every entry of the array, is one of these numbers."""
MOST_VALUES: Final = 6
"""Values that one letter may have, where it is only known as a whole number."""
MOST_CASES: Final = 64
"""Choices of values that are tried."""


class Case(NamedTuple):
    """A claim with values put in; `alike`: entries of one array have one value."""

    left: Term
    right: Term
    context: Context
    values: dict[str, Fraction]
    alike: bool


def values_of(name: str, context: Context) -> tuple[Fraction, ...]:
    """The values that a letter, or an entry of an array, can take by the assumptions or as a whole number between two; else none."""
    for fact in context.assumptions:
        if isinstance(fact, Fn) and fact.name == ONE_OF and fact.children[0] == Sym(name):
            return tuple(q for v in fact.children[1:] if (q := value(v)) is not None)
    bounds = context.sort(name).bounds
    low, high = (value(b) for b in bounds) if bounds is not None else (None, None)
    if low is None or high is None or high - low >= MOST_VALUES:
        return ()
    return tuple(low + k for k in range(int(high - low) + 1))


def concerns(left: Term, right: Term, context: Context) -> bool:
    """Whether a claim has letters or entries of which an assumption says their values."""
    said = [a for a in context.assumptions if isinstance(a, Fn) and a.name == ONE_OF]
    return bool(said) and not _reached(left, right, context).isdisjoint(n for a in said for n in a.free)


def of_arrays(left: Term, right: Term, context: Context) -> bool:
    """Whether entries that take finitely many values stand in a claim, or in the definitions in it."""
    reached = _reached(left, right, context)
    sides = (left, right, *(context.definitions[n].body for n in reached if n in context.definitions))
    finite = {n for n in reached if values_of(n, context)}
    return any(
        (isinstance(t, (Entry, Layer)) and isinstance(t.children[0], Sym) and t.children[0].name in finite)
        or (isinstance(t, Sym) and t.name in finite and bool(context.sort(t.name).shape))
        for side in sides
        for t in side.postorder()
    )


def cases(left: Term, right: Term, context: Context) -> list[Case] | None:
    """The claim at all values; None where an array is summed over, a value is an index or differentiated by, or there are too many."""
    sides = (left, right, *(context.definitions[n].body for n in _reached(left, right, context) if n in context.definitions))
    names = [n for n in sorted(_reached(left, right, context)) if n not in context.definitions and values_of(n, context)]
    if not names or any(n in fact.free for fact in context.random for n in names):
        return None
    atoms: dict[Term, str] = {}
    for t in (t for side in sides for t in side.postorder()):
        if isinstance(t, Derivative) and t.var.name in names:
            return None
        if isinstance(t, (Entry, Layer)):
            family = t.children[0]
            if any(i.free & set(names) for i in t.children[1:]):
                return None
            if isinstance(family, Sym) and family.name in names:
                atoms[t] = family.name
        elif isinstance(t, Binder) and any(n in t.free for n in names):
            return None
    families = set(atoms.values())
    atoms |= {Sym(n): n for n in names if n not in families}
    if any(context.sort(n).shape and n not in families for n in names):
        return None
    choices = [values_of(n, context) for n in atoms.values()]
    count = 1
    for c in choices:
        count *= len(c)
    return list(_put(left, right, context, atoms, choices)) if count <= MOST_CASES else None


def _put(left: Term, right: Term, context: Context, atoms: dict[Term, str], choices: list[tuple[Fraction, ...]]) -> Iterator[Case]:
    names = set(atoms.values())
    facts = [a for a in context.assumptions if not (isinstance(a, Fn) and a.name == ONE_OF and a.children[0].free <= names)]
    sorts = {n: s for n, s in context.sorts.items() if n not in names}
    for chosen in itertools.product(*choices):
        put = dict(zip(atoms, map(number, chosen), strict=True))
        definitions = {
            n: Definition(n, d.parameters, replace(d.body, put.get)) if not set(d.parameters) & names else d
            for n, d in context.definitions.items()
        }
        here = changed(
            context,
            sorts=MappingProxyType(sorts),
            definitions=MappingProxyType(definitions),
            assumptions=tuple(f for a in facts if (f := replace(a, put.get)).free),
        )
        values = {str(t): v for t, v in zip(atoms, chosen, strict=True)}
        alike = len({(n, v) for n, v in zip(atoms.values(), chosen, strict=True)}) == len(names)
        yield Case(replace(left, put.get), replace(right, put.get), here, values, alike)


def joined(verdicts: list[tuple[Case, Verdict]]) -> Verdict:
    """The verdict on a claim from those at all values."""
    for case, found in verdicts:
        if found.kind == "refuted" and case.alike and found.witness is not None:
            seen = found.witness
            return changed(found, witness=Witness({**case.values, **seen.values}, seen.left, seen.right, seen.precision))
    if all(found.kind == "proved" for _, found in verdicts):
        conditions = dict.fromkeys(c for _, found in verdicts for c in found.conditions)
        return Verdict("proved", f"at each of the {len(verdicts)} values", tuple(conditions))
    return Verdict("undecided", tried=tuple(dict.fromkeys(t for _, found in verdicts for t in found.tried)))


def _reached(left: Term, right: Term, context: Context) -> set[str]:
    """The letters of a claim and of the definitions in it."""
    seen: set[str] = set()
    todo = [left, right]
    while todo:
        for t in todo.pop().postorder():
            name = t.name if isinstance(t, (Sym, Fn)) else None
            if name is not None and name not in seen:
                seen.add(name)
                if name in context.definitions:
                    todo.append(context.definitions[name].body)
    return seen
