"""The one module that makes Steps: a rule applied at the root of a term, at one place of it, or at all places.

A rule answers `Term -> Step | None`; None says that it does not apply. A Step is the equation `before = after`, so a chain of
Steps is a derivation, and each Step can be replayed: the rule, applied again, must give the same equation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from symderiv.terms import ZERO, Add, Fn, Mul, Neg, Product, Relation, Sum, Sym, Term, plus, times
from symderiv.terms.order import ordered

if TYPE_CHECKING:
    from symderiv.derive.derivation import Region

Path = tuple[int, ...]
"""A place in a term: the numbers of the children on the way down."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What a rule's function gives when a bare term is not enough.

    `conditions`: what must hold for the rewriting. `details`: terms for the places `{}` in the rule's words.
    `words`: other words for this application, forwards and backwards. `relation`: what holds between the term and `after`; other than
    =, for a rule that is only used on whole lines.
    """

    after: Term
    conditions: tuple[Term, ...] = ()
    details: tuple[Term, ...] = ()
    words: tuple[str, str] | None = None
    relation: str = "="


Head = type[Term] | str
"""The kind of a term; for a function of the table or one that is named, its name."""


def head(term: Term) -> Head:
    """What a rule looks at first."""
    name: str | None = term.data if isinstance(term, Fn) else None
    return type(term) if name is None else name


Function = Callable[[Term], Rewrite | Term | None]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """An equation with a name for each reading direction; its function rewrites the root of a term from left to right.

    `statement`: the equation in LaTeX. `words`, `back`: its names forwards and backwards, `{}` standing for a detail.
    `cost`, `back_cost`: what a line with it costs the reader. `everywhere`: only ever used at all places of a line at once.
    `tidy`: while it applies to a line, nothing else is tried. `small`: a line of its own only where every step is shown. `heads`: what a term is that the rule can
    apply to (none: anything). `example`: a term (plain maths) to which it applies.
    """

    name: str
    statement: str
    words: str
    back: str
    function: Function
    example: str
    cost: float = 1.0
    back_cost: float = 1.0
    everywhere: bool = False
    tidy: bool = False
    small: bool = False
    heads: frozenset[Head] = frozenset()

    def apply(self, term: Term) -> Step | None:
        """The rule at the root of the term, as a step; None if it does not apply there."""
        if self.heads and head(term) not in self.heads:
            return None
        result = self.function(term)
        if result is None:
            return None
        rewrite = Rewrite(result) if isinstance(result, Term) else result
        if rewrite.after is term:
            return None
        return Step(term, rewrite.after, self, rewrite.conditions, rewrite.details, rewrite.words, ((),), relation=rewrite.relation)

    def __repr__(self) -> str:
        return f"Rule({self.name})"


@dataclass(frozen=True, slots=True)
class Step:
    """before = after by one rule, read forwards or backwards, provided that the conditions hold; or another `relation` than =.

    `places` are the paths, in the term that the rule was applied to, at which it rewrote; `regions` the derivations by which
    a step that speaks of several regions is justified.
    """

    before: Term
    after: Term
    rule: Rule
    conditions: tuple[Term, ...] = ()
    details: tuple[Term, ...] = ()
    own_words: tuple[str, str] | None = None
    places: tuple[Path, ...] = ()
    backwards: bool = False
    regions: tuple[Region, ...] = ()
    relation: str = "="

    @property
    def words(self) -> str:
        """The name of the rule as the line uses it, `{}` standing for each of the details."""
        forwards, back = self.own_words or (self.rule.words, self.rule.back)
        return back if self.backwards else forwards

    def reversed(self) -> Step:
        """The same equation, read from right to left."""
        relation = Relation.MIRRORED[self.relation]
        return replace(self, before=self.after, after=self.before, backwards=not self.backwards, relation=relation)

    def with_details(self, details: tuple[Term, ...]) -> Step:
        """The same step with terms for the places in its words."""
        return replace(self, details=details)

    def replays(self) -> bool:
        """Whether the rule, applied again at the same places of the side it is read from, gives the other side."""
        start, end = (self.after, self.before) if self.backwards else (self.before, self.after)
        if self.rule is REORDER:
            return ordered(start) == ordered(end)
        if self.regions:
            return all(s.replays() for r in self.regions for s in r.derivation.steps)
        if self.relation != "=":
            again = self.rule.apply(start)
            return again is not None and (again.after, again.relation) == (
                end,
                (self.reversed() if self.backwards else self).relation,
            )
        return at_places(self.rule, start, self.places) == end


def joined(node: Term, children: list[Term]) -> Term:
    """The node over other children; sums and products flat and without neutral elements, as rules write them."""
    if isinstance(node, Add):
        return plus(*children)
    if isinstance(node, Mul):
        return times(*children)
    if isinstance(node, Neg) and children[0] == ZERO:
        return ZERO
    return node.rebuild(children)


def lifted(step: Step, node: Term, position: int) -> Step:
    """A step at a child of the node, as a step of the node. Raises ValueError for what is no equation: it need not hold there."""
    if step.relation != "=":
        raise ValueError(f"{step.rule.name} is used on whole lines")
    children = list(node.children)
    children[position] = step.after
    conditions = _beyond_ranges(step.conditions, (node,)) if step.conditions else ()
    places = tuple((position, *p) for p in step.places)
    return replace(step, before=node, after=joined(node, children), conditions=conditions, places=places)


def at_each_place(rule: Rule, term: Term, limit: int = 400) -> Iterator[Step]:
    """The rule at every single place of the term, in reading order."""
    stack: list[tuple[Term, Path]] = [(term, ())]
    spine: dict[Path, Term] = {(): term}
    while stack and limit:
        t, path = stack.pop()
        spine[path] = t
        if (step := rule.apply(t)) is not None:
            limit -= 1
            for depth in range(len(path) - 1, -1, -1):
                step = lifted(step, spine[path[:depth]], path[depth])
            yield step
        stack.extend((c, (*path, k)) for k, c in reversed(list(enumerate(t.children))))


def at_all_places(rule: Rule, term: Term) -> Step | None:
    """The rule at every outermost place of the term where it applies, as one step."""
    done: dict[Term, tuple[Term, tuple[Path, ...]]] = {}
    found: list[Step] = []
    for t in _outermost_first(term, rule, done, found):
        parts = [done[c] for c in t.children]
        places = tuple((k, *p) for k, (_, paths) in enumerate(parts) for p in paths)
        done[t] = (joined(t, [after for after, _ in parts]), places) if places else (t, ())
    after, places = done[term]
    if not found:
        return None
    if any(s.relation != "=" for s in found):
        return found[0] if places == ((),) else None
    details = tuple(dict.fromkeys(d for s in found for d in s.details)) if "{}" in rule.words + rule.back else ()
    conditions = _beyond_ranges(
        dict.fromkeys(c for s in found for c in s.conditions),
        (t for t in term.postorder() if isinstance(t, (Sum, Product)) and t.index.name not in term.free),
    )
    own = found[0].own_words if len({s.own_words for s in found}) == 1 else None
    return Step(term, after, rule, conditions, details, own, places)


def _beyond_ranges(conditions: Iterable[Term], around: Iterable[Term]) -> tuple[Term, ...]:
    """The conditions without those that the ranges of sums give, in which they stand: 1 ≤ j ≤ K under Σ_{j=1}^K."""
    needed = tuple(conditions)
    if not needed:
        return ()
    bound: dict[str, set[tuple[Term | None, Term | None]]] = {}
    for t in around:
        if isinstance(t, (Sum, Product)):
            bound.setdefault(t.index.name, set()).add((t.low, t.high))
    given: set[Term] = set()
    for name, ranges in bound.items():
        if len(ranges) == 1:
            ((low, high),) = ranges
            given |= {Relation("≤", low, Sym(name))} if low is not None else set()
            given |= {Relation("≤", Sym(name), high)} if high is not None else set()
    return tuple(c for c in needed if c not in given)


def _outermost_first(term: Term, rule: Rule, done: dict[Term, tuple[Term, tuple[Path, ...]]], found: list[Step]) -> Iterator[Term]:
    """The distinct subterms above the places where the rule applies, children first; those places are put into `done`."""
    seen: set[Term] = set()
    stack: list[tuple[Term, bool]] = [(term, False)]
    while stack:
        t, ready = stack.pop()
        if ready:
            yield t
        elif t not in seen:
            seen.add(t)
            if (step := rule.apply(t)) is not None:
                done[t] = (step.after, ((),))
                found.append(step)
            else:
                stack.append((t, True))
                stack.extend((c, False) for c in reversed(t.children))


def at_places(rule: Rule, term: Term, places: Iterable[Path]) -> Term | None:
    """The term with the rule applied at these places; None if it does not apply at one of them."""
    below: dict[int, list[Path]] = {}
    for path in places:
        if not path:
            step = rule.apply(term)
            return None if step is None else step.after
        below.setdefault(path[0], []).append(path[1:])
    children = list(term.children)
    for k, paths in below.items():
        if k >= len(children) or (new := at_places(rule, children[k], paths)) is None:
            return None
        children[k] = new
    return joined(term, children)


def applications(rule: Rule, term: Term) -> Iterator[Step]:
    """Every way to use the rule on a line: at all places at once, then at each single place."""
    if (whole := at_all_places(rule, term)) is not None:
        yield whole
    if not rule.everywhere:
        yield from at_each_place(rule, term)


def by_regions(before: Term, after: Term, rule: Rule, regions: tuple[Region, ...], conditions: tuple[Term, ...]) -> Step:
    """The step that puts the results of several regions together; each region carries its own derivation."""
    return Step(before, after, rule, conditions, regions=regions)


REORDER: Final = Rule("reorder", "a+b = b+a", "reorder", "reorder", lambda _: None, "b + a", cost=0.3, small=True)
"""Sums and products commute: the one rule that is told its goal, and replayed by comparing the ordered forms."""


def reordered(before: Term, after: Term) -> Step:
    """The step between two ways to write the same sums and products."""
    return Step(before, after, REORDER)
