"""For certain: both sides to one fraction, multiplied out and collected, every step of it named.

Where the search has not met within its budget, this links start and goal whenever both are rational expressions of the same
exponentials, roots and functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symderiv.derive.search import Graph
from symderiv.rules import RULES
from symderiv.rules.parts import factors, nonzero
from symderiv.rules.step import Rewrite, Rule, Step, at_all_places
from symderiv.terms import ONE, Div, Neg, Term, times

ORDER = [
    "definition_of_tanh",
    "definition_of_sinh",
    "definition_of_cosh",
    "definition_of_tan",
    "signs",
    "arithmetic",
    "exp_log",
    "exp_split",
    "exp_of_minus",
    "exp_multiple",
    "reciprocal",
    "negative_power",
    "power_of_quotient",
    "root_square",
    "nested_fractions",
    "one_fraction",
    "equal_factors",
    "like_terms",
    "add_fractions",
    "cancel",
    "common_denominator",
    "power_of_product",
    "binomial",
    "multiply_out",
    "root_product",
]
"""The rules towards one fraction; the first that applies is used."""

LONGEST = 80
"""Steps to the canonical form, at most."""
LARGEST = 2000
"""Nodes of a line on the way, at most."""


def canonical(term: Term, definitions: Sequence[Rule]) -> Iterator[Step]:
    """The steps to one fraction with everything in it multiplied out."""
    order = [*definitions, *(RULES[name] for name in ORDER)]
    for _ in range(LONGEST):
        step = next((s for r in order if (s := at_all_places(r, term)) is not None), None)
        if step is None or step.after.size > LARGEST:
            return
        yield step
        term = step.after
        if step.rule is RULES["common_denominator"]:
            added = at_all_places(RULES["add_fractions"], term)
            if added is None:
                return
            yield added
            term = added.after


def _extension(by: Term) -> Rule:
    def extended(t: Term) -> Rewrite | None:
        if not isinstance(t, Div):
            return Rewrite(Div(times(t, by), by), nonzero(factors(by)), (by,))
        return Rewrite(Div(times(t.left, by), times(t.right, by)), nonzero(factors(by)), (by,))

    return Rule("extend", "\\frac ab = \\frac{a\\,c}{b\\,c}", "extend the fraction by {}", "cancel {}", extended, "a/b")


def link_canonical(graph: Graph, goal: Term, definitions: Sequence[Rule]) -> None:
    """Link start and goal to their canonical fractions, and both of these to one over the product of the denominators."""
    ends: list[Term] = []
    for side, term in enumerate((graph.start, goal)):
        for s in canonical(term, definitions):
            graph.link(s, side)
            term = s.after
        match term:
            case Neg(Div(a, b)):
                inside = Div(Neg(a), b)
                if (signs := at_all_places(RULES["signs"], inside)) is not None and signs.after == term:
                    graph.link(signs.reversed(), side)
                    term = inside
        ends.append(term)
    bottoms = [t.right if isinstance(t, Div) else ONE for t in ends]
    for side, term in enumerate(ends):
        other = bottoms[1 - side]
        if graph.key(bottoms[side]) == graph.key(other) or other == ONE:
            continue
        step = _extension(other).apply(term)
        if step is None:
            continue
        graph.link(step, side)
        extended = step.after
        assert isinstance(extended, Div)
        for s in canonical(extended.left, definitions):
            graph.link(_inside(s, extended.right), side)


def _inside(step: Step, bottom: Term) -> Step:
    places = tuple((0, *p) for p in step.places)
    return replace(step, before=Div(step.before, bottom), after=Div(step.after, bottom), places=places)
