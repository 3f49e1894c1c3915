"""Rules that a context brings: definitions opened and recognised, values of piecewise functions where a condition is assumed."""

from __future__ import annotations

from symderiv.decide import piece
from symderiv.rules.named import applied
from symderiv.rules.parts import nonzero
from symderiv.rules.step import Head, Rewrite, Rule, at_all_places, head
from symderiv.terms import ONE, Context, Definition, Div, Entry, Fn, Lambda, Relation, Sum, Term
from symderiv.terms.order import ordered


def definition_rule(definition: Definition, context: Context | None = None) -> Rule:
    """f(x) = body, read forwards `definition of f(x)`, backwards `recognise f(x)`.

    In a context that decides which case of the body holds, it is the equation of that case: for x < 0, |x| = −x.
    """

    def opened(t: Term) -> Rewrite | None:
        body = applied(definition, t)
        if body is None:
            return None
        return Rewrite(body if context is None or not context.assumptions else resolved(body, context), (), (t,))

    heads: frozenset[Head] = frozenset((Entry,) if isinstance(definition.body, Lambda) else (head(definition.head),))
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
        heads=heads,
    )


def total_rule(definition: Definition) -> Rule | None:
    """Σ_i f(z)_i = 1 where f(z)_i = u_i / Σ_m u_m, as for the softmax; None for a definition of another form."""
    match definition.body:
        case Lambda(Div(above, Sum() as below)) as family if family.low is not None and family.high is not None:
            over_its_range = Sum(above, family.index, family.low, family.high)
            if ordered(over_its_range) != ordered(below):
                return None
        case _:
            return None

    def total(t: Term) -> Rewrite | None:
        match t:
            case Sum(Entry(family=Fn(name, args), indices=(index,))) if name == definition.name and index == t.index:
                opened = definition.opened(args)
                if isinstance(opened, Lambda) and (t.low, t.high, t.where) == (opened.low, opened.high, None):
                    return Rewrite(ONE, nonzero((opened.body.children[1],)), (definition.head,))
        return None

    words = "the entries of {} add up to 1"
    name = f"total_of_{definition.name}"
    return Rule(name, "\\sum_i f_i = 1", words, words, total, "sum(f(z)[i], i, 1, K)", back_cost=3.0, heads=frozenset((Sum,)))


def assumption_rule(assumption: Term) -> Rule | None:
    """Σ_m y_m = 1 and the like, used as it is assumed; None for what is not an equation that begins with a sum."""
    if not (isinstance(assumption, Relation) and assumption.op == "=" and isinstance(assumption.left, Sum)):
        return None
    left, right = ordered(assumption.left), assumption.right

    def used(t: Term) -> Rewrite | None:
        return Rewrite(right, (), (assumption,)) if isinstance(t, Sum) and ordered(t) == left else None

    return Rule("assumption", "given", "as {} is given", "as {} is given", used, "sum(y[m], m, 1, K)", heads=frozenset((Sum,)))


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
