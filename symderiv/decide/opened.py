"""Terms made ready for deciding: definitions put in, derivatives taken.

A letter that is defined stands for a quantity: with z := x y, the derivative ∂z/∂x is y. So definitions of letters are put in under
a derivative as well, except for the letter by which it is differentiated: that one is free to vary there.
"""

from __future__ import annotations

from symderiv.decide.differentiate import differentiated
from symderiv.decide.traits import nesting, traits
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.terms import (
    FUNCTIONS,
    REAL,
    ZERO,
    Array,
    Context,
    Derivative,
    Entry,
    Fn,
    Layer,
    Prime,
    Sym,
    Term,
    substitute,
)

DEEPEST = 60
"""How many definitions may stand inside one another."""
LARGEST = 50_000
"""Places in the distinct subterms of a derivative that is still differentiated."""
DEEPEST_CONDITIONS = 100
"""How many conditions and case distinctions may stand inside one another."""

_PLACED = frozenset((Array, Entry, Layer))


def opened(term: Term, context: Context, budget: Budget | None = None) -> Term:
    """The term without definitions of the context and without derivatives, other than of functions that are only named.

    Raises Unsupported for derivatives that cannot be taken, for definitions that go in circles, and for conditions that are nested
    too deep.
    """
    term = term.bare
    whole = _Opening(context, budget or Budget()).of(term, frozenset(), 0) if _to_open(term, context) else term
    if nesting(whole) > DEEPEST_CONDITIONS:
        raise Unsupported("conditions nested this deep")
    return whole


def _to_open(term: Term, context: Context) -> bool:
    """Whether there is something to open in a term."""
    found, definitions = traits(term), context.definitions
    if Derivative in found.kinds or (Prime in found.kinds and not found.functions.isdisjoint(FUNCTIONS)):
        return True
    return bool(definitions) and not (found.letters.isdisjoint(definitions) and found.functions.isdisjoint(definitions))


def is_scalar(term: Term, context: Context) -> bool:
    """Whether every part of a term is a number: no letter for a vector, a matrix or a function stands alone, nothing is written out."""
    sorts, found = context.sorts, traits(term)
    if found.kinds.isdisjoint(_PLACED) and not any(
        n in sorts and sorts[n] != REAL and (sorts[n].shape or sorts[n].arity) for n in found.letters | found.functions
    ):
        return True
    stack = [term]
    seen: set[Term] = set()
    while stack:
        t = stack.pop()
        if t in seen:
            continue
        seen.add(t)
        match t:
            case Array():
                return False
            case Entry() | Layer():
                family: Term = t
                places = 0
                while isinstance(family, (Entry, Layer)):
                    inner = family.children[1:]
                    places += len(inner) if isinstance(family, Entry) else 0
                    stack.extend(inner)
                    family = family.children[0]
                if not isinstance(family, Sym):
                    return False
                sort = sorts.get(family.name)
                if sort is not None and (sort.arity or len(sort.shape) not in (0, places)):
                    return False
                continue
            case Sym(name) | Fn(name) | Prime(name):
                sort = sorts.get(name)
                if sort is not None and (sort.shape or (sort.arity and isinstance(t, Sym))):
                    return False
        stack.extend(t.children)
    return True


class _Opening:
    def __init__(self, context: Context, budget: Budget) -> None:
        self.budget = budget
        self.definitions = context.definitions
        self.sorts = context.sorts
        self.done: dict[tuple[Term, frozenset[str]], Term] = {}

    def of(self, term: Term, varying: frozenset[str], depth: int) -> Term:
        """The term opened, where the letters in `varying` are not."""
        if depth > DEEPEST:
            raise Unsupported("definitions that go in circles")
        for t in self._outside_binders(term, varying):
            self.budget.check()
            if (t, varying) not in self.done:
                self.done[t, varying] = self._node(t, varying, depth)
        return self.done[term, varying]

    def _outside_binders(self, term: Term, varying: frozenset[str]) -> list[Term]:
        """The distinct subterms, children first, without those inside a derivative."""
        order: list[Term] = []
        seen: set[Term] = set()
        stack: list[tuple[Term, bool]] = [(term, False)]
        while stack:
            t, ready = stack.pop()
            if ready:
                order.append(t)
            elif t not in seen and (t, varying) not in self.done:
                seen.add(t)
                stack.append((t, True))
                inner = t.children[1:] if isinstance(t, Derivative) else t.children
                stack.extend((c, False) for c in reversed(inner))
        return order

    def _node(self, t: Term, varying: frozenset[str], depth: int) -> Term:
        match t:
            case Sym(name):
                d = self.definitions.get(name)
                return t if d is None or d.parameters or name in varying else self.of(d.body, varying, depth + 1)
            case Fn(name, args):
                d = self.definitions.get(name)
                inner = [self.done[a, varying] for a in args]
                if d is None or len(d.parameters) != len(args) or not args:
                    return t.rebuild(inner)
                return substitute(
                    self.of(d.body, varying | set(d.parameters), depth + 1), dict(zip(d.parameters, inner, strict=True))
                )
            case Prime(name, orders, args):
                d = self.definitions.get(name)
                inner = [self.done[a, varying] for a in args]
                if d is not None and len(d.parameters) == len(args):
                    letters, body = d.parameters, self.of(d.body, varying | set(d.parameters), depth + 1)
                elif d is None and name in FUNCTIONS:
                    letters = tuple(f"u_{k}" for k in range(len(args)))
                    body = Fn(name, *map(Sym, letters))
                else:
                    return t.rebuild(inner)
                for letter, n in zip(letters, orders, strict=True):
                    body = self._derivative(body, letter, n)
                return substitute(body, dict(zip(letters, inner, strict=True)))
            case Derivative(body, var, order, at):
                if t.indices or self.sorts.get(var.name, REAL).shape:
                    raise Unsupported("derivatives by an entry or by a vector")
                inside = self.of(body, varying | {var.name}, depth + 1)
                if isinstance(inside, Sym) and inside != var and inside.name not in self.definitions:
                    raise Unsupported(f"the derivative of {inside}, of which it is not said how it depends on {var},")
                inside = self._derivative(inside, var.name, order)
                if at == var:
                    return (
                        self.of(inside, varying, depth + 1) if var.name in self.definitions and var.name not in varying else inside
                    )
                return substitute(inside, {var.name: self.done[at, varying]})
        if t.bound is not None:
            return t
        return t.rebuild([self.done[c, varying] for c in t.children])

    def _derivative(self, body: Term, name: str, order: int) -> Term:
        """The derivative of some order."""
        for _ in range(order):
            if nesting(body) > DEEPEST_CONDITIONS:
                raise Unsupported("conditions nested this deep")
            body = differentiated(body, name)
            if body == ZERO:
                break
            self.budget.check()
            if body.size > LARGEST and sum(1 + len(t.children) for t in body.postorder()) > LARGEST:
                raise Unsupported("derivatives of this size")
        return body
