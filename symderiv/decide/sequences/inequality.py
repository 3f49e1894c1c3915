"""Inequalities about members, sums and powers of any length: refuted at a small index, proved by signs, or by induction.

In the step of an induction the hypothesis is used where the difference of the sides can only grow by it: in h h_N ≤ h c^N for h ≥ 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from symderiv.decide.indexed.whole import Whole
from symderiv.decide.monotone import direction
from symderiv.decide.sequences.claim import MOST_OPEN, Claim, countable
from symderiv.decide.sequences.instances import instance, instances, ranges_of, whole_letters
from symderiv.decide.sequences.opaque import Opaque, Proves
from symderiv.decide.sequences.system import System, written
from symderiv.decide.sequences.words import range_of
from symderiv.decide.verdict import Budget, Unsupported, Verdict, Witness
from symderiv.terms import (
    ZERO,
    Add,
    Context,
    Div,
    Entry,
    Fn,
    Layer,
    Mul,
    Num,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    minus,
    over,
    plus,
    substitute,
    times,
)
from symderiv.terms import replace as replaced
from symderiv.terms.order import ordered

Judge = Callable[[Relation, Context, float], Verdict]
"""How a relation between numbers is decided."""
DEEPEST: Final = 3
"""How many bounds are put in one after the other."""
_OF_ANY_LENGTH: Final = (Entry, Layer, Sum, Product)


def concerns(relation: Relation, system: System) -> bool:
    """Whether a relation has members, sums, products, or powers and factorials up to a whole letter in it."""
    whole_ones = set(whole_letters(system, relation.left, relation.right))
    return any(
        isinstance(t, _OF_ANY_LENGTH)
        or (isinstance(t, Pow) and bool(t.right.free & whole_ones))
        or (isinstance(t, Fn) and t.name == "factorial" and bool(t.free))
        for t in relation.postorder()
    )


def decide(relation: Relation, system: System, judge: Judge, proves: Proves, effort: float) -> Verdict:
    """Whether an inequality holds for every value of the letters that count."""
    return Inequality(relation, system, judge, proves, Budget(effort)).verdict()


class Inequality:
    """left op right, for one of <, ≤, >, ≥, in a system of recursions."""

    def __init__(self, relation: Relation, system: System, judge: Judge, proves: Proves, budget: Budget) -> None:
        self.system = system
        self.judge = judge
        self.proves = proves
        self.budget = budget
        self.op = relation.op
        self.left, self.right = system.settled(relation.left), system.settled(relation.right)
        self.letters = whole_letters(system, self.left, self.right)

    def verdict(self) -> Verdict:
        """A counterexample at small indices, or else a proof."""
        try:
            refuted = self._refuted()
            if refuted is not None:
                return refuted
            method = self.proof()
        except Unsupported as reason:
            return Verdict("undecided", tried=(str(reason),))
        except RecursionError:
            return Verdict("undecided", tried=("terms nested deeper than this",))
        if method:
            return Verdict("proved", method)
        return Verdict("undecided", tried=("signs, and induction with monotone steps, and no counterexample at small indices",))

    def by_signs(self) -> bool:
        """Whether it holds by signs, what is assumed being put in where that is monotone; without an induction."""
        return self._holds(self.left, self.right, (), ranges_of(self.system, self.letters))

    def _refuted(self) -> Verdict | None:
        open_ones = 0
        for case in instances(self.system, self.left, self.right):
            self.budget.check()
            verdict = self.judge(Relation(self.op, case.left, case.right), case.context, self.budget.seconds)
            if verdict.kind == "refuted":
                values = {x: Fraction(v) for x, v in case.values.items()}
                witness = verdict.witness or Witness({}, "", "")
                where = ", ".join(f"{x} = {v}" for x, v in case.values.items())
                method = f"{verdict.method}, for {where}" if where else verdict.method
                return replace(verdict, method=method, witness=replace(witness, values={**values, **witness.values}))
            open_ones += verdict.kind == "undecided"
            if open_ones == MOST_OPEN:
                break
        return None

    # --------------------------------------------------------------------------------------------------------- proofs
    def proof(self) -> str:
        """How it is proved; empty if it is not."""
        if self.by_signs():
            return "signs and ranges"
        less = self._without_common()
        if less is not None:
            return less.proof()
        claim = Claim(self.system, self.left, self.right, _never, self.budget)
        for letter in claim.candidates():
            if self._by_induction(letter, claim):
                return f"induction on {letter}, with monotone steps"
        return ""

    def _without_common(self) -> Inequality | None:
        """The claim without the summands and factors that both sides share, factors of a certain sign; None if there are none."""
        left, right, op = self.left, self.right, self.op
        both = Counter(map(ordered, _terms(left))) & Counter(map(ordered, _terms(right)))
        left, right = (plus(*_less(_terms(t), both)) if both else t for t in (left, right))
        shared = Counter(map(ordered, _factors(left))) & Counter(map(ordered, _factors(right)))
        if shared:
            opaque = Opaque(self.system, self.proves, self.budget, ranges_of(self.system, self.letters))
            (common,) = opaque.of(times(*shared.elements()))
            opaque.use_assumptions()
            weak = self.op in ("≤", "≥")
            if opaque.certain(Relation("≥" if weak else ">", common, ZERO)):
                left, right = (times(*_less(_factors(t), shared)) for t in (left, right))
            elif opaque.certain(Relation("≤" if weak else "<", common, ZERO)):
                left, right = (times(*_less(_factors(t), shared)) for t in (left, right))
                op = Relation.MIRRORED[op]
        if (left, right) == (self.left, self.right):
            return None
        return Inequality(Relation(op, left, right), self.system, self.judge, self.proves, self.budget)

    def _by_induction(self, letter: str, claim: Claim) -> bool:
        bounds = self.system.context.sort(letter).bounds
        if bounds is None and letter not in self.system.least and self.system.context.sort(letter).field == "integer":
            return False
        start = claim.start(letter, bounds)
        gap = minus(self.left, self.right)
        recursions = [self.system.recursions[name] for name in {name for name, _ in self.system.members(gap)}]
        system = countable(self.system, letter)
        if start is None or system is None or not all(r.upwards for r in recursions):
            return False
        order = max((r.order for r in recursions), default=1) or 1
        if not all(self._base({letter: k}) for k in range(start, start + order)):
            return False
        here = replace(system, least={**self.system.least, letter: start + order - 1})
        reach = claim.reach(gap, letter)

        def there(name: str, at: Whole) -> bool:
            c = (at - Whole.letter(letter)).value
            return c is not None and c > reach.get(name, 0)

        after = []
        for side in (self.left, self.right):
            next_one = claim.unfolded(here, substitute(side, {letter: plus(Sym(letter), Num(1))}), there)
            if next_one is None:
                return False
            after.append(_peeled(next_one, letter, here))
        places = [written(Whole.letter(letter) - Whole.number(j)) for j in range(order)]
        before = tuple(
            Relation(self.op, *(here.settled(substitute(s, {letter: p})) for s in (self.left, self.right))) for p in places
        )
        return self._holds(after[0], after[1], before, claim.ranges(letter), here)

    def _base(self, values: dict[str, int]) -> bool:
        if set(self.letters) - values.keys():
            return False
        case = instance(self.system, self.left, self.right, values)
        return self.judge(Relation(self.op, case.left, case.right), case.context, self.budget.seconds).kind == "proved"

    def _holds(
        self,
        left: Term,
        right: Term,
        given: tuple[Relation, ...],
        ranges: dict[str, tuple[Whole, Whole]],
        system: System | None = None,
    ) -> bool:
        """Whether left op right by signs, where the given relations hold and are put in where that is monotone."""
        opaque = Opaque(system or self.system, self.proves, self.budget, ranges)
        a, b, *others = opaque.of(left, right, *(t for r in given for t in r.children))
        hypotheses = [Relation(r.op, p, q) for r, p, q in zip(given, others[::2], others[1::2], strict=True)]
        opaque.known += hypotheses
        opaque.use_assumptions()
        gap = minus(b, a) if self.op in ("≤", "<") else minus(a, b)
        return self._positive(_separated(gap), opaque, [*hypotheses, *_bounds(opaque)], DEEPEST)

    def _positive(self, gap: Term, opaque: Opaque, bounds: list[Relation], depth: int) -> bool:
        """Whether the gap is certainly ≥ 0 (> 0 for a strict claim)."""
        self.budget.check()
        if opaque.certain(Relation("≥" if self.op in ("≤", "≥") else ">", gap, ZERO)):
            return True
        if not depth:
            return False
        for r in bounds:
            small, large = (r.left, r.right) if r.op in ("≤", "<") else (r.right, r.left)
            for part, new, wanted in ((small, large, -1), (large, small, 1)):
                if not part.free or part in new.postorder() or not gap.contains(part):
                    continue
                found = direction(gap, part, new, opaque.certain)
                if found is not None and found[0] == wanted:
                    smaller = replaced(gap, lambda s, part=part, new=new: new if s == part else None)  # type: ignore[misc]
                    if self._positive(smaller, opaque, bounds, depth - 1):
                        return True
        return False


def _terms(t: Term) -> tuple[Term, ...]:
    return t.children if isinstance(t, Add) else (t,)


def _factors(t: Term) -> tuple[Term, ...]:
    return t.children if isinstance(t, Mul) else (t,)


def _less(parts: tuple[Term, ...], gone: Counter[Term]) -> list[Term]:
    """The parts without those that are counted in `gone`, as often as they are."""
    left = Counter(gone)
    kept = []
    for p in parts:
        if left[ordered(p)] > 0:
            left[ordered(p)] -= 1
        else:
            kept.append(p)
    return kept


def _bounds(opaque: Opaque) -> list[Relation]:
    """What is known of letters besides their signs."""
    return [r for r in opaque.known if r.op != "=" and r.right.free and r.left.free]


def _separated(t: Term) -> Term:
    """|a b| as |a| |b|, so that what is known of |a| can be put in."""

    def change(s: Term) -> Term | None:
        match s:
            case Fn("abs", (Mul(args),)):
                return times(*(Fn("abs", a) for a in args))
            case Fn("abs", (Div(a, b),)):
                return over(Fn("abs", a), Fn("abs", b))
        return None

    return replaced(t, change)


def _peeled(t: Term, letter: str, system: System) -> Term:
    """Sums and products that reach up to letter + 1, with the last summand or factor by itself."""

    def change(s: Term) -> Term | None:
        if not isinstance(s, (Sum, Product)) or system.is_array(s.body):
            return None
        try:
            low, high = range_of(s)
        except Unsupported:
            return None
        if high.slope(letter) != 1 or letter in low.letters or not system.certain(high - low, {}):
            return None
        last = system.settled(substitute(s.body, {s.index.name: written(high)}))
        rest = type(s)(s.body, s.index, written(low), written(high - Whole.number(1)))
        return plus(rest, last) if isinstance(s, Sum) else times(rest, last)

    return replaced(t, change)


def _never(left: Term, right: Term, context: Context, effort: float) -> Verdict:
    return Verdict("undecided")
