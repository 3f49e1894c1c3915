"""Calculus to a derivative-free form: outermost first, the derivatives that one knows by heart last and together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symderiv.errors import NotDerivable
from symderiv.rules.calculus import CALCULUS, elementary
from symderiv.rules.named import chain_rule, known_derivative, opened_under_derivative
from symderiv.rules.step import Rule, Step, at_all_places
from symderiv.terms import Context, Definition, Derivative, Term

LONGEST = 2000
"""Steps of calculus, at most: a function deeper than this has no derivation that anybody would read."""


def calculus_rules(context: Context, known: Sequence[Definition] = ()) -> tuple[Rule, ...]:
    """The rules of differentiation that hold in a context: `known` gives derivatives that need no derivation again."""
    functions = [d for d in context.definitions.values() if d.parameters]
    used = {d.name: known_derivative(d) for d in known}
    opened = [opened_under_derivative(d, used.get(d.name)) for d in functions]
    return (*CALCULUS, *used.values(), *opened, chain_rule(d.name for d in functions))


def differentiate(term: Term, rules: Sequence[Rule]) -> Iterator[Step]:
    """The steps that remove every d/dx: the rule that fits the first derivative one reads, at all places that it fits.

    Raises NotDerivable where no rule fits.
    """
    for _ in range(LONGEST):
        found = [t for t in _derivatives(term) if not any(isinstance(s, Derivative) for s in t.body.postorder())]
        if not found:
            return
        chosen = None
        for t in found:
            rule = next((r for r in rules if r.apply(t) is not None), None)
            if rule is None:
                raise _not_derivable(t)
            chosen = chosen if chosen is not None and chosen.name != elementary.name else rule
            if chosen.name != elementary.name:
                break
        assert chosen is not None
        step = at_all_places(chosen, term)
        assert step is not None
        yield step
        term = step.after
    raise NotDerivable(
        f"the derivation is longer than {LONGEST} steps", hint="name parts of the expression and derive them one by one"
    )


def _derivatives(term: Term) -> Iterator[Derivative]:
    """The distinct derivatives in a term, in reading order."""
    seen: set[Term] = set()
    stack = [term]
    while stack:
        t = stack.pop()
        if t in seen:
            continue
        seen.add(t)
        if isinstance(t, Derivative):
            yield t
        stack.extend(reversed(t.children))


def _not_derivable(t: Derivative) -> NotDerivable:
    return NotDerivable(
        f"no rule differentiates {t.body} by {t.var}",
        t.body.span,
        "differentiable are sums, products, quotients, powers, the functions of `symderiv list functions`, and functions only named",
    )
