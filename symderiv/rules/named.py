"""Derivatives of functions that a context names: only named, derived before, or defined.

chain_rule                 f(u)' = f'(u) u' for a function that is only named
known_derivative           f' that was derived before, with the chain rule
opened_under_derivative    the definition of f put in where it is to be differentiated
"""

from __future__ import annotations

from collections.abc import Iterable

from symderiv.rules.calculus import By, simple
from symderiv.rules.step import Rewrite, Rule
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    Definition,
    Derivative,
    Entry,
    Fn,
    Lambda,
    Prime,
    Relation,
    Sym,
    Term,
    plus,
    substitute,
    times,
)


def chain_rule(defined: Iterable[str]) -> Rule:
    """f(u, v, …)' = ∂₁f u' + ∂₂f v' + … for a function that is only named: none of the table and none of those defined."""
    known = {*defined, *FUNCTIONS}

    def chain(t: Term) -> Rewrite | None:
        parts = simple(t)
        if parts is None:
            return None
        body, x = parts
        if not isinstance(body, (Fn, Prime)) or body.name in known or x.constant(body):
            return None
        orders = body.orders if isinstance(body, Prime) else (0,) * len(body.children)
        total = []
        for k, u in enumerate(body.children):
            if not x.constant(u):
                slope = Prime(body.name, tuple(n + (i == k) for i, n in enumerate(orders)), *body.children)
                total.append(times(slope, ONE if u == x.term else x.of(u)))
        return Rewrite(plus(*total), (), (body,))

    return Rule("chain_rule", "f(u)' = f'(u)\\,u'", "chain rule for {}", "", chain, "d/dx(f(x^2))")


def known_derivative(definition: Definition) -> Rule:
    """A derivative that was derived before, used with the chain rule: `definition` gives f'(parameter)."""
    name, (letter,) = definition.name, definition.parameters
    law = Relation("=", Derivative(Fn(name, Sym(letter)), Sym(letter)), definition.body)

    def known(t: Term) -> Rewrite | None:
        match simple(t):
            case Entry() | Fn() as body, x if x.indices and (found := entries(definition, body, x)) is not None:
                return Rewrite(found, (), (Relation("=", t, found),), ("known: {}",) * 2)
            case Fn(g, (u,)), x if g == name and not x.constant(u) and not isinstance(definition.body, Lambda):
                inner = ONE if u == x.term else x.of(u)
                shown = (law,) if u == x.term else (law, Relation("=", Sym(letter), u))
                words = ("known: {}",) * 2 if u == x.term else ("known: {}, chain rule with {}",) * 2
                return Rewrite(times(definition.opened((u,)), inner), (), shown, words)
        return None

    return Rule(f"known_derivative_of_{name}", f"{name}'", "known: {}", "", known, f"d/dx({name}(x))")


def entries(definition: Definition, t: Term, x: By) -> Term | None:
    """∂f(z)_i/∂z_j from i ↦ j ↦ derivative, where z is the whole vector; None for any other term."""
    head = t.family if isinstance(t, Entry) else t
    if not (isinstance(head, Fn) and head.name == definition.name and head.children == (x.letter,)):
        return None
    body = definition.opened((x.letter,))
    for k in (*(t.indices if isinstance(t, Entry) else ()), *x.indices):
        if not isinstance(body, Lambda):
            return None
        body = substitute(body.body, {body.index.name: k})
    return None if isinstance(body, Lambda) else body


def opened_under_derivative(definition: Definition, known: Rule | None = None) -> Rule:
    """The definition of a function put in where its derivative is to be taken, and where no known derivative of it can be used."""

    def opened(t: Term) -> Rewrite | None:
        if known is not None and known.function(t) is not None:
            return None
        match simple(t):
            case body, x if (found := applied(definition, body)) is not None:
                return Rewrite(x.of(found), (), (body if isinstance(body, Entry) else definition.head,))
        return None

    return Rule(f"open_{definition.name}", "definition", "definition of {}", "", opened, f"d/dx({definition.name}(x))")


def applied(definition: Definition, t: Term) -> Term | None:
    """What a definition makes of f(u, …), of an entry f(u)_i where it gives a family, or of the letter that it defines; else None."""
    if not definition.parameters:
        return definition.body if t == Sym(definition.name) else None
    head = t.family if isinstance(t, Entry) else t
    if not (isinstance(head, Fn) and head.name == definition.name and len(head.children) == len(definition.parameters)):
        return None
    body = definition.opened(head.children)
    if not isinstance(t, Entry):
        return None if isinstance(body, Lambda) else body
    for i in t.indices:
        if not isinstance(body, Lambda):
            return None
        body = substitute(body.body, {body.index.name: i})
    return body
