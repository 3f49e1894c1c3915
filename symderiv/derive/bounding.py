"""From one line to another that is larger, or smaller: equations, bounds that are known put in, summands of one sign left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from symderiv.decide import certain, decide
from symderiv.derive.rewriting import simplified, towards
from symderiv.errors import NoDerivation
from symderiv.rules.inequalities import abs_of_sign, instance_in, known_bound, leave_out, remainder
from symderiv.rules.step import Rule, Step, at_all_places
from symderiv.terms import Context, Relation, Term, minus, plus

DEEPEST: Final = 4
"""Bounds that are put in one after the other."""


class Bounding:
    """The way from a line to a goal with `line op goal`; for op = the way of equations.

    `lemmas` are bounds with the letters for all values of which they hold, `hypotheses` bounds as they stand.
    """

    def __init__(
        self,
        op: str,
        context: Context,
        lemmas: Iterable[tuple[Relation, frozenset[str]]] = (),
        hypotheses: Iterable[Relation] = (),
    ) -> None:
        self.op = op
        self.context = context
        self.lemmas = tuple(lemmas)
        self.hypotheses = tuple(hypotheses)

    def steps(self, line: Term, goal: Term, depth: int = DEEPEST) -> list[Step]:
        """The steps. Raises NoDerivation where none are found."""
        if line == goal:
            return []
        if self.op == "=" or decide(line, goal, self.context).kind == "proved":
            return self._equal(line, goal)
        for rule in [*self._known(line)] if depth else ():
            step = rule.apply(line)
            if step is not None:
                return [step, *self.steps(step.after, goal, depth - 1)]
        return self._left_out(line, goal)

    def _equal(self, line: Term, goal: Term) -> list[Step]:
        rule = abs_of_sign(self._certain)
        step = at_all_places(rule, line)
        if step is None or at_all_places(rule, goal) is not None:
            return towards(line, goal, self.context)
        return [step] if step.after == goal else [step, *towards(step.after, goal, self.context)]

    def _known(self, line: Term) -> Iterable[Rule]:
        upwards = self.op in ("<", "≤")
        for r in self.hypotheses:
            yield known_bound(r, upwards, "induction hypothesis", self._certain, "induction_hypothesis")
        for lemma, letters in self.lemmas:
            here = instance_in(lemma, letters, line)
            if here is not None:
                yield known_bound(here, upwards, "lemma", self._certain, "lemma")

    def _left_out(self, line: Term, goal: Term) -> list[Step]:
        """line = goal + rest, and the rest left out, which has one sign."""
        steps: list[Step] = []
        if remainder(line, goal) is None:
            gap = simplified(minus(line, goal), self.context)
            rest = gap[-1].after if gap else minus(line, goal)
            steps = towards(line, plus(goal, rest), self.context)
            line = steps[-1].after if steps else line
        step = leave_out(goal, self._certain).apply(line)
        if step is None or (step.relation == "≤") != (self.op in ("<", "≤")):
            raise NoDerivation(f"{line} is not seen to be {self.op} {goal}", goal.span, "give a line between them")
        return [*steps, step]

    def _certain(self, r: Relation) -> bool:
        return certain(r, self.context)
