"""Rules that a context brings: definitions opened and recognised, values of piecewise functions where a condition is assumed."""

from __future__ import annotations

from symderiv.decide import piece
from symderiv.rules.step import Rewrite, Rule, at_all_places, head
from symderiv.terms import (
    Context,
    Definition,
    Fn,
    Relation,
    Sym,
    Term,
)


def definition_rule(definition: Definition, context: Context | None = None) -> Rule:
    """f(x) = body, read forwards `definition of f(x)`, backwards `recognise f(x)`.

    In a context that decides which case of the body holds, it is the equation of that case: for x < 0, |x| = −x.
    """

    def opened(t: Term) -> Rewrite | None:
        if not definition.parameters:
            return Rewrite(definition.body, (), (t,)) if t == Sym(definition.name) else None
        if not (isinstance(t, Fn) and t.name == definition.name and len(t.children) == len(definition.parameters)):
            return None
        body = definition.opened(t.children)
        return Rewrite(body if context is None or not context.assumptions else resolved(body, context), (), (t,))

    name = f"definition_of_{definition.name}"
    statement = f"definition of {definition.name}"
    return Rule(
        name,
        statement,
        "definition of {}",
        "recognise {}",
        opened,
        str(definition.head),
        back_cost=0.5,
        everywhere=True,
        small=not definition.parameters,
        heads=frozenset((head(definition.head),)),
    )


def resolved(t: Term, context: Context) -> Term:
    """The term with every case distinction taken that the context decides."""
    rule = on_region(context)
    while (step := at_all_places(rule, t)) is not None:
        t = step.after
    return t


def on_region(context: Context) -> Rule:
    """|u|, sign, max, min, case distinctions and indicators, where what is assumed decides which case it is.

    |u| = u for u ≥ 0 and −u for u ≤ 0; max(u, v) = u for u ≥ v; the first case of a distinction that holds, all before it failing.
    """

    def case(t: Term) -> Rewrite | None:
        found = piece(t, context)
        return None if found is None else Rewrite(found, (), (Relation("=", t, found),))

    return Rule("case", "|u| = u \\text{ for } u \\ge 0", "{} here", "{} here", case, "abs(x)", everywhere=True)
