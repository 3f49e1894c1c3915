"""Where a term is a continuous function of its letters, shown by the guards of its canonical form."""

from __future__ import annotations

from typing import Final

from symderiv.decide.canonical import Guard, form_of
from symderiv.decide.facts import Facts
from symderiv.decide.traits import has_knots, traits
from symderiv.decide.verdict import Unsupported
from symderiv.terms import (
    FUNCTIONS,
    ZERO,
    Add,
    Cases,
    Derivative,
    Entry,
    Fn,
    Indicator,
    Layer,
    Mul,
    Neg,
    Prime,
    Relation,
    Term,
    neg,
    plus,
    replace,
    times,
)

_OTHER: Final = frozenset((Prime, Entry, Layer, Derivative, Cases, Indicator))
_STRICT: Final = {"≥": ">", "≤": "<"}


def guards_of(term: Term, facts: Facts) -> list[Term]:
    """The conditions under which a term is defined and continuous; raises Unsupported where they cannot be told."""
    found = traits(term)
    if found.binds or has_knots(term) or not found.kinds.isdisjoint(_OTHER) or not found.functions <= FUNCTIONS.keys():
        raise Unsupported(f"the continuity of {term}")
    guards: list[Guard] = form_of(
        lambda form: (form.of(term), list(form.guards.values()))[1], facts.budget, facts.range_of, facts.is_integer
    )
    return [g.condition for g in guards]


def continuous(term: Term, facts: Facts) -> bool:
    """Whether the term is certainly continuous wherever the facts hold."""
    return all(facts.holds(c) is True for c in guards_of(term, facts))


def strict(condition: Term) -> Term:
    """The condition on a neighbourhood: ≥ and ≤ made strict."""
    if isinstance(condition, Relation):
        return Relation(_STRICT.get(condition.op, condition.op), condition.left, condition.right)
    raise Unsupported(f"the condition {condition}")


def is_zero(term: Term, facts: Facts) -> bool | None:
    """Whether a term is 0: True, False, or None where that is not known."""
    return facts.holds(Relation("=", term, ZERO))


def tidy(term: Term) -> Term:
    """The term without zeros in sums and ones in products, so that f(x + 0) is f(x)."""

    def put(t: Term) -> Term | None:
        match t:
            case Add(args):
                return plus(*args)
            case Mul(args):
                return times(*args)
            case Neg(a):
                return neg(a)
        return None

    return replace(term, put)


def unknown_functions(term: Term, facts: Facts) -> set[str]:
    """The functions in a term of which nothing is known but that they are differentiable."""
    names = {t.name for t in term.postorder() if isinstance(t, (Fn, Prime))}
    return {n for n in names if n not in FUNCTIONS and n not in facts.context.definitions}
