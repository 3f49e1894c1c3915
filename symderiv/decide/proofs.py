"""Proofs by canonical forms, on every region if there are several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from symderiv.decide.canonical import Form, Guard, form_of
from symderiv.decide.facts import Facts
from symderiv.decide.lines import solved
from symderiv.decide.regions import resolved, split, switches, undefined
from symderiv.decide.traits import has_knots, traits
from symderiv.decide.verdict import NowhereDefined, Unsupported, Verdict, Witness
from symderiv.decide.witnesses import Search
from symderiv.terms import ZERO, Add, Cases, Indicator, Neg, Relation, Term, minus, substitute

MOST_REGIONS: Final = 300
"""Regions that are looked at for one claim."""
MOST_COMPARED: Final = 12
"""Conditions up to which each is compared with the others."""

Guards = dict[tuple[str, str], Guard]


def proof(left: Term, right: Term, facts: Facts, points: int) -> Verdict:
    """The proof of left = right by canonical forms; raises Unsupported where there is none.

    A region in which the forms differ is searched for a counterexample at that many points.
    """
    left, right = _pinned(left, right, facts.equations)
    if not (has_knots(left) or has_knots(right)):
        return Verdict("proved", "equal canonical forms", smooth(left, right, facts))
    regions = _Regions(left, right, facts, points)
    regions.conditions += _conditions_of_switches(left, right, facts)
    regions.visit(left, right, facts, ())
    if regions.witness is not None:
        return Verdict("refuted", "counterexample", witness=regions.witness)
    return Verdict("proved", f"equal canonical forms on each of {regions.count} regions", regions.needed())


def smooth(left: Term, right: Term, facts: Facts) -> tuple[Term, ...]:
    """The conditions under which the canonical forms are equal; raises Unsupported if they are not."""
    guards: list[Guard] = form_of(lambda form: _guards_of_equal(form, left, right), facts.budget, facts.range_of, facts.is_integer)
    return needed([g.condition for g in guards], facts)


def _guards_of_equal(form: Form, left: Term, right: Term) -> list[Guard]:
    """The guards of one side that the other does not have; raises Unsupported unless the forms are equal."""
    first, second = _read(form, left, right)
    if form.learned:
        first, second = _read(form, left, right)
    (p, q), (r, s) = form.done[left], form.done[right]
    difference = p - r if q == s else form.ring.times(p, s) - form.ring.times(r, q)
    if form.related(difference) != 0:
        raise Unsupported("the canonical forms differ")
    return _difference(first, second)


def _difference(first: Guards, second: Guards) -> list[Guard]:
    """The guards that are not on both sides."""
    keys = {k for _, k in first} ^ {k for _, k in second}
    return [g for g in (*first.values(), *second.values()) if g.key[1] in keys]


def _read(form: Form, left: Term, right: Term) -> tuple[Guards, Guards]:
    """Both sides read into the form, and the guards of each: what is under both is read twice, for the guards of both."""
    form.done.clear()
    form.guards.clear()
    quotient = form.of(left)
    first = dict(form.guards)
    form.guards.clear()
    form.done = {t: known for t, known in form.done.items() if not t.children}
    form.of(right)
    second = dict(form.guards)
    form.done[left] = quotient
    return first, second


def needed(conditions: Iterable[Term], facts: Facts) -> tuple[Term, ...]:
    """The conditions that neither the facts nor the others give; raises Unsupported if one of them fails."""
    left = []
    for c in dict.fromkeys(conditions):
        facts.budget.check()
        known = facts.holds(c)
        if known is False:
            raise Unsupported("a side that is nowhere defined")
        if known is None:
            left.append(c)
    for c in list(left) if len(left) <= MOST_COMPARED else ():
        others = [d for d in left if d != c]
        if others and facts.assume(*others).holds(c) is True:
            left = others
    left = _merged(left)
    if 1 < len(left) <= MOST_COMPARED:
        for c in left:
            if facts.assume(*(d for d in left if d != c)).holds(c) is False:
                raise Unsupported("a side that is nowhere defined")
    return tuple(left)


def _merged(conditions: list[Term]) -> list[Term]:
    """u ≥ v and u ≠ v as u > v."""
    out = list(conditions)
    for c in conditions:
        if isinstance(c, Relation) and c.op in ("≥", "≤") and (unequal := Relation("≠", c.left, c.right)) in out:
            out.remove(unequal)
            out[out.index(c)] = Relation(">" if c.op == "≥" else "<", c.left, c.right)
    return out


@dataclass(slots=True)
class _Regions:
    """The proof region by region: every switch negative, zero, positive."""

    left: Term
    right: Term
    facts: Facts
    points: int
    count: int = 0
    conditions: list[Term] = field(default_factory=list)
    proved: list[Facts] = field(default_factory=list)
    witness: Witness | None = None

    def visit(self, left: Term, right: Term, facts: Facts, path: tuple[Relation, ...]) -> None:
        """Prove the claim where the facts hold, among them the relations of the path."""
        facts.budget.check()
        left, right = resolved(left, facts), resolved(right, facts)
        relations = () if undefined(left) or undefined(right) else split((left, right), facts)
        if not relations:
            self.count += 1
            if self.count > MOST_REGIONS:
                raise Unsupported("more regions than this")
            self._leaf(left, right, facts, path)
        for here in relations:
            if self.witness is None:
                self.visit(left, right, facts.assume(here), (*path, here))

    def _leaf(self, left: Term, right: Term, facts: Facts, path: tuple[Relation, ...]) -> None:
        left, right = _pinned(left, right, path)
        nowhere = [undefined(side) or _is_nowhere_defined(side, facts) for side in (left, right)]
        if all(nowhere):
            return
        if any(nowhere):
            self._exclude(self.right if nowhere[1] else self.left, path)
            return
        try:
            found = smooth(left, right, facts)
        except Unsupported:
            follows = _follows(left, right, facts, path)
            if follows is None:
                self.witness = Search("=", self.left, self.right, facts).counterexample(self.points)
                if self.witness is None:
                    raise
                return
            found = follows
        for condition in found:
            self._add(condition)
        self.proved.append(facts)

    def _exclude(self, side: Term, path: tuple[Relation, ...]) -> None:
        """The condition that leaves out the region of the path, in which one side is nowhere defined: one equation if that is why."""
        if not path:
            raise Unsupported("a side that is nowhere defined")
        equations = [r for r in path if r.op == "="]
        for r in equations if len(path) > 1 else ():
            alone = self.facts.assume(r)
            reduced, _ = _pinned(resolved(side, alone), ZERO, (r,))
            if undefined(reduced) or _is_nowhere_defined(reduced, alone):
                self._add(_written("≠", r.left))
                return
        last = equations[-1] if equations else path[-1]
        self._add(_written(Relation.NEGATED[last.op], last.left))

    def _add(self, condition: Term) -> None:
        if condition not in self.conditions:
            self.conditions.append(condition)

    def needed(self) -> tuple[Term, ...]:
        """The conditions of all regions; raises Unsupported if they leave none of the regions in which the claim was proved."""
        conditions = needed(self.conditions, self.facts)
        if not self.proved:
            raise Unsupported("sides that are nowhere defined")
        if conditions and not any(all(region.holds(c) is not False for c in conditions) for region in self.proved):
            raise Unsupported("conditions that exclude each other")
        return conditions


def _conditions_of_switches(left: Term, right: Term, facts: Facts) -> list[Term]:
    """Where the switches of one side are defined, if those of the other do not say so too."""

    def build(form: Form) -> list[Guard]:
        found: list[Guards] = []
        for side in (left, right):
            form.guards.clear()
            form.done.clear()
            for u in switches(side):
                form.of(u)
            found.append(dict(form.guards))
        return _difference(*found)

    if all(traits(side).kinds.isdisjoint((Cases, Indicator)) for side in (left, right)):
        return []
    guards: list[Guard] = form_of(build, facts.budget, facts.range_of, facts.is_integer)
    return [g.condition for g in guards]


def _follows(left: Term, right: Term, facts: Facts, path: tuple[Relation, ...]) -> tuple[Term, ...] | None:
    """The conditions under which left = right follows from the equations of the path; None if it is not seen to."""
    if not any(r.op == "=" for r in path):
        return None
    try:
        if facts.sign_is("=", minus(left, right)) is not True:
            return None
        guards: list[Guard] = form_of(
            lambda form: _difference(*_read(form, left, right)), facts.budget, facts.range_of, facts.is_integer
        )
        return needed([g.condition for g in guards], facts)
    except Unsupported:
        return None


def _is_nowhere_defined(side: Term, facts: Facts) -> bool:
    """Whether some part of a side has no value anywhere under the facts; of undecided cases, the condition that is reached is a part."""
    stack, parts = [side], []
    while stack:
        t = stack.pop()
        if not has_knots(t):
            parts.append(t)
        elif isinstance(t, (Cases, Indicator)):
            conditions = t.children[1::2] if isinstance(t, Cases) else t.children
            reached = next((c for c in conditions if facts.holds(c) is not False), None)
            if isinstance(reached, Relation):
                parts += [side for side in reached.children if not has_knots(side)]
        else:
            stack.extend(t.children)
    return any(_has_no_value(t, facts) for t in parts if t.children)


def _has_no_value(part: Term, facts: Facts) -> bool:
    try:
        guards = form_of(
            lambda form: (form.of(part), list(form.guards.values()))[1], facts.budget, facts.range_of, facts.is_integer
        )
    except NowhereDefined:
        return True
    except Unsupported:
        return False
    return any(facts.holds(g.condition) is False for g in guards)


def _written(op: str, switch: Term) -> Relation:
    """`switch op 0` as one would write it: x ≠ 0 for −x ≠ 0, x ≠ y for x − y ≠ 0."""
    match switch:
        case Neg(a):
            return Relation(Relation.MIRRORED[op], a, ZERO)
        case Add((Neg(a), b)):
            return Relation(op, b, a)
        case Add((a, Neg(b))):
            return Relation(op, a, b)
    return Relation(op, switch, ZERO)


def _pinned(left: Term, right: Term, path: Iterable[Relation]) -> tuple[Term, Term]:
    """Both sides with the letters put in that equations determine."""
    for r in path:
        if r.op == "=" and (found := solved(minus(r.left, r.right))) is not None:
            name, term = found
            left, right = substitute(left, {name: term}), substitute(right, {name: term})
    return left, right
