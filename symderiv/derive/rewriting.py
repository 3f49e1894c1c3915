"""From one derivative-free term to another, or to the simplest form that can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symderiv.decide import decide
from symderiv.derive.canonical import link_canonical
from symderiv.derive.search import Graph, written_out
from symderiv.errors import NoDerivation
from symderiv.rules import ALGEBRA, RULES
from symderiv.rules.convention import conventional
from symderiv.rules.definitions import assumption_rule, definition_rule, total_rule
from symderiv.rules.parts import powers
from symderiv.rules.step import Rule, Step, at_all_places, reordered
from symderiv.terms import ONE, Add, Context, Div, Mul, Neg, Term, names_of_functions

BUDGET = 400
"""Terms that the search for a given goal expands before the canonical forms are taken."""
SIMPLIFYING = 80
"""Terms that are expanded in looking for the simplest form."""


def rules_in(context: Context) -> tuple[Rule, ...]:
    """The rules between derivative-free terms that hold in a context: its definitions, as they are in its
    region, what follows from them, its equations, and ALGEBRA."""
    given = (r for a in context.assumptions if (r := assumption_rule(a)) is not None)
    totals = (r for d in context.definitions.values() if (r := total_rule(d)) is not None)
    return (*(definition_rule(d, context) for d in context.definitions.values()), *totals, *given, *ALGEBRA)


def tidied(term: Term, rules: Sequence[Rule], goal: Term | None = None) -> Iterator[Step]:
    """Signs collected and numbers calculated, until nothing is left of that or the goal is reached."""
    while term != goal:
        step = next((s for r in rules if r.tidy and (s := at_all_places(r, term)) is not None), None)
        if step is None:
            return
        yield step
        term = step.after


def towards(start: Term, goal: Term, context: Context, budget: int = BUDGET) -> list[Step]:
    """The steps from a term to one that it is equal to.

    Raises NoDerivation where the two differ, with a point at which they do, and where no path is found.
    """
    verdict = decide(start, goal, context)
    if verdict.kind == "refuted":
        assert verdict.witness is not None
        at = ", ".join(f"{name} = {value}" for name, value in verdict.witness.values.items())
        sides = f"{verdict.witness.left} on the left and {verdict.witness.right} on the right"
        raise NoDerivation(f"{goal} is not equal to {start}", goal.span, f"at {at} there is {sides}" if at else sides)
    rules = rules_in(context)
    steps = list(tidied(start, rules, goal))
    line = steps[-1].after if steps else start
    graph = Graph(line, goal, rules)
    graph.run(budget)
    own = [r for r in rules if r not in ALGEBRA]
    for definitions in (_to_open(own, start, goal, context), own):
        if not graph.met:
            link_canonical(graph, goal, definitions)
    path = graph.cheapest(goal)
    if path is None:
        raise NoDerivation(
            f"no derivation from {start} to {goal} was found", goal.span, "give an intermediate form as a goal of its own"
        )
    return steps + written_out(path, goal, graph)


def _to_open(rules: Sequence[Rule], start: Term, goal: Term, context: Context) -> list[Rule]:
    """The rules without the definitions that can stay closed: of functions that the other term names, too, openly or in a definition."""
    closed = {
        f"definition_of_{name}" for t, other in ((start, goal), (goal, start)) for name in _named(t) & _reached(other, context)
    }
    return [r for r in rules if r.name not in closed]


def _named(t: Term) -> set[str]:
    return set(names_of_functions(t))


def _reached(t: Term, context: Context) -> set[str]:
    """The functions that a term names, and those that their definitions name."""
    found: set[str] = set()
    todo = _named(t)
    while todo:
        found |= todo
        todo = {n for name in todo & context.definitions.keys() for n in _named(context.definitions[name].body)} - found
    return found


def simplified(start: Term, context: Context, budget: int = SIMPLIFYING) -> list[Step]:
    """The steps to the simplest form that was found: the one with the least to read."""
    rules = [r for r in rules_in(context) if not r.name.startswith("definition_of_")]
    steps = list(tidied(start, rules))
    line = steps[-1].after if steps else start
    graph = Graph(line, None, rules)
    graph.explore(budget)
    best = min(graph.written.values(), key=reading_cost)
    if reading_cost(best) < reading_cost(line):
        path = graph.cheapest(best)
        assert path is not None
        steps += written_out(path, best, graph)
    steps += _without_leading_minus(steps[-1].after if steps else start)
    return steps + conventional(steps[-1].after if steps else start)


def _without_leading_minus(term: Term) -> list[Step]:
    """−(a − b) as b − a."""
    if not (isinstance(term, Neg) and isinstance(term.arg, Add) and any(isinstance(c, Neg) for c in term.arg.children)):
        return []
    step = RULES["multiply_out"].apply(term)
    if step is None or not isinstance(step.after, Add):
        return []
    positive_first = Add(*sorted(step.after.children, key=lambda c: isinstance(c, Neg)))
    return [step] if positive_first == step.after else [step, reordered(step.after, positive_first)]


def reading_cost(term: Term) -> float:
    """How much there is to read: nodes, where signs cost little, fractions within fractions and equal factors that are not collected much."""
    cost = float(term.size)
    for t in term.preorder():
        match t:
            case Neg():
                cost -= 0.75
            case Mul(args):
                cost += 0.75 * any(isinstance(a, Div) for a in args) + 2.0 * (len(args) - len(powers(t)) - args.count(ONE))
            case Div(a, b) if any(isinstance(s, Div) for s in (*a.preorder(), *b.preorder())):
                cost += 2.0
    return cost
