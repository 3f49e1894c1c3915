"""The way from one term to another: both are simplified until they meet, and the cheapest path through all equations seen is taken.

Every rule is an equation with a name for each reading direction, so the half of the path that comes from the goal is read backwards:
what a hand derivation invents (add and subtract 1, split the fraction) is a plain simplification of its last line, reversed.

The nodes of the graph are terms up to the order of sums and products; which order a line is written in is settled at the end,
and a change of order that is left over is a step of its own.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count

from symderiv.rules.step import Head, Rule, Step, applications, at_all_places, head, lifted, reordered
from symderiv.terms import Term
from symderiv.terms.order import ordered

DISTANCE_WEIGHT = 0.2
"""What one subterm that the other side does not have weighs against one step, in the choice of the next term."""
SIZE_WEIGHT = 0.05
"""What one node weighs there, where there is no goal."""
LONGER = 0.1
"""How much longer the search goes on once both sides have met, for a cheaper path."""
LINE_COST = 0.02
"""What one node of a line costs its reader, against one step."""
LARGEST_LINE = 120
"""Larger terms are not followed."""


class Graph:
    """All equations seen, between terms up to order; each keeps the form in which it was first written."""

    def __init__(self, start: Term, goal: Term | None, rules: Sequence[Rule]) -> None:
        self._rules: dict[Head, list[Rule]] = {}
        self.rules = rules
        self.written: dict[Term, Term] = {}
        self.edges: dict[Term, dict[Term, tuple[float, Step]]] = {}
        self.side: dict[Term, int] = {}
        self.depth: dict[Term, float] = {}
        self.heaps: tuple[list[tuple[float, int, Term]], ...] = ([], [])
        self.expanded = 0
        self._steps: dict[Term, list[Step]] = {}
        self._parts: dict[Term, Counter[int]] = {}
        self.recent: tuple[list[Term], list[Term]] = ([self.key(start)], [] if goal is None else [self.key(goal)])
        self.met = self.recent[0] == self.recent[1]
        self.start = start
        self.add(start, 0, 0.0)
        if goal is not None:
            self.add(goal, 1, 0.0)

    def key(self, term: Term) -> Term:
        """What all orders of writing a term share."""
        return ordered(term)

    def add(self, term: Term, side: int, depth: float) -> Term:
        """Put a term into the graph, reached from a side; its key."""
        key = self.key(term)
        if key not in self.written:
            self.written[key], self.side[key], self.depth[key] = term, side, depth
            others = self.recent[1 - side]
            ahead = DISTANCE_WEIGHT * min(self.distance(key, t) for t in others) if others else SIZE_WEIGHT * key.size
            heapq.heappush(self.heaps[side], (depth + ahead, len(self.written), key))
        elif self.side[key] != side:
            self.met = True
        return key

    def link(self, step: Step, side: int) -> None:
        """Put an equation into the graph, once for each reading direction."""
        a = self.key(step.before)
        b = self.add(step.after, side, self.depth.get(a, 0.0) + step.rule.cost)
        for p, q, s in ((a, b, step), (b, a, step.reversed())):
            price = (s.rule.back_cost if s.backwards else s.rule.cost) + LINE_COST * q.size
            if p is not q and price < self.edges.setdefault(p, {}).get(q, (1e9,))[0]:
                self.edges[p][q] = (price, s)

    def distance(self, a: Term, b: Term) -> int:
        """How many subterms stand in one term and not in the other."""
        p, q = sorted((self._count(a), self._count(b)), key=len)
        return a.size + b.size - 2 * sum([min(n, q[k]) for k, n in p.items() if k in q])

    def _count(self, term: Term) -> Counter[int]:
        """How often each subterm of a key stands in it; by identity, for keys have no spans, and the graph keeps them."""
        found = self._parts.get(term)
        if found is None:
            found = self._parts[term] = Counter(map(id, term.preorder()))
        return found

    def neighbours(self, term: Term) -> list[Step]:
        """Every rule at every single place; what holds of a subterm is found once."""
        for t in term.postorder():
            if t in self._steps:
                continue
            steps = [s for r in self._rules_for(head(t)) if (s := r.apply(t)) is not None]
            steps += [lifted(s, t, k) for k, c in enumerate(t.children) for s in self._steps[c]]
            self._steps[t] = steps
        return self._steps[term]

    def _rules_for(self, kind: Head) -> list[Rule]:
        found = self._rules.get(kind)
        if found is None:
            found = self._rules[kind] = [r for r in self.rules if not r.heads or kind in r.heads]
        return found

    def expand(self, key: Term, side: int) -> None:
        """Link everything that one rule makes of a term."""
        self.expanded += 1
        recent = self.recent[side]
        recent[1:] = [*recent[1:][-3:], key]
        term = self.written[key]
        steps = self.neighbours(term)
        tidying = [s for s in steps if s.rule.tidy]
        uses = Counter(s.rule for s in tidying or steps)
        whole = [at_all_places(r, term) for r, n in uses.items() if n > 1 or r.everywhere]
        for s in [*(s for s in tidying or steps if not s.rule.everywhere), *whole]:
            if s is not None and s.after.size <= LARGEST_LINE:
                self.link(s, side)

    def run(self, budget: int) -> None:
        """Expand the more promising frontier; once they have met, a little longer for a better path."""
        longer = False
        while self.expanded < budget and any(self.heaps):
            side = min((h[0], i) for i, h in enumerate(self.heaps) if h)[1]
            self.expand(heapq.heappop(self.heaps[side])[2], side)
            if self.met and not longer:
                longer, budget = True, min(budget, self.expanded + 4 + int(LONGER * self.expanded))

    def explore(self, budget: int) -> None:
        """Expand what can be reached from the start, near and short terms first."""
        while self.expanded < budget and self.heaps[0]:
            self.expand(heapq.heappop(self.heaps[0])[2], 0)

    def cheapest(self, goal: Term) -> list[Step] | None:
        """The cheapest way from the start to a term that was seen, as it was found; None if there is none."""
        first, last = self.key(self.start), self.key(goal)
        best: dict[Term, float] = {first: 0.0}
        came: dict[Term, tuple[Term, Step]] = {}
        heap: list[tuple[float, int, Term]] = [(0.0, 0, first)]
        tie = count(1)
        while heap:
            cost, _, key = heapq.heappop(heap)
            if cost > best[key]:
                continue
            for other, (price, step) in self.edges.get(key, {}).items():
                if cost + price < best.get(other, 1e9):
                    best[other], came[other] = cost + price, (key, step)
                    heapq.heappush(heap, (cost + price, next(tie), other))
        path, key = [], last
        while key != first:
            if key not in came:
                return None
            key, step = came[key]
            path.append(step)
        return path[::-1]


def written_out(path: Sequence[Step], goal: Term, graph: Graph) -> list[Step]:
    """The path with every line in the order in which its rule writes it, and changes of order as steps of their own.

    A step read forwards is applied again to the line before it as that is written, one read backwards to the line after it.
    """
    keys = [graph.key(graph.start), *(graph.key(s.after) for s in path)]
    steps = list(path)
    line = graph.start
    for k, s in enumerate(path):
        if not s.backwards:
            given = graph.written[keys[k]] if k and path[k - 1].backwards else line
            steps[k] = _from(s, given, keys[k + 1], graph)
            line = steps[k].after
    line = goal
    for k in range(len(path) - 1, -1, -1):
        s = path[k]
        if s.backwards:
            given = graph.written[keys[k + 1]] if k + 1 < len(path) and not path[k + 1].backwards else line
            forwards = _from(s.reversed(), given, keys[k], graph)
            steps[k] = forwards.reversed()
            line = forwards.after
    return chained(steps, graph.start, goal)


def _from(step: Step, line: Term, key: Term, graph: Graph) -> Step:
    """The rule of a forward step, applied to the line as it is written, so that it gives the same term up to order."""
    if step.before == line:
        return step
    return next((s for s in applications(step.rule, line) if graph.key(s.after) == key), step)


def chained(steps: Iterable[Step], start: Term, goal: Term) -> list[Step]:
    """The steps as a chain from start to goal, a step `reorder` wherever a line ends otherwise than the next begins."""
    out: list[Step] = []
    line = start
    for s in steps:
        if s.before != line:
            out.append(reordered(line, s.before))
        out.append(s)
        line = s.after
    if line != goal:
        out.append(reordered(line, goal))
    return out
