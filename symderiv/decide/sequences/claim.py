"""One claim about sequences: its counterexample at a small index, its proof by the normal form, by induction, or by closed forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from symderiv.decide.indexed.setting import conditions
from symderiv.decide.indexed.whole import ONE as UNIT
from symderiv.decide.indexed.whole import Ranges, Whole
from symderiv.decide.sequences.instances import instance, instances, ranges_of, whole_letters
from symderiv.decide.sequences.system import Recursion, System, family_of, whole, written
from symderiv.decide.sequences.words import Normal, Words, ends_of, exponent
from symderiv.decide.verdict import Budget, Unsupported, Verdict, Witness
from symderiv.terms import (
    ZERO,
    Add,
    Context,
    Definition,
    Derivative,
    Entry,
    Fn,
    Lambda,
    Neg,
    Num,
    Pow,
    Product,
    Relation,
    Sort,
    Sum,
    Sym,
    Term,
    minus,
    neg,
    number,
    plus,
    power,
    substitute,
    times,
)
from symderiv.terms import replace as replaced
from symderiv.terms import value as number_of

Judge = Callable[[Term, Term, Context, float], Verdict]
"""How a claim without sequences is decided."""
LONGEST: Final = 8
"""How often definitions are put into each other in one step."""
LONGEST_SHOWN: Final = 120
"""Characters of the two sides of an instance that are still shown."""
MOST_OPEN: Final = 2
"""Instances without a verdict after which no further one is looked at."""
SAME: Final = "equal normal forms"


@dataclass(frozen=True, slots=True)
class Found:
    """A proof: how, and under which conditions."""

    method: str
    conditions: tuple[Term, ...] = ()


class Claim:
    """left = right in a system of recursions."""

    def __init__(self, system: System, left: Term, right: Term, judge: Judge, budget: Budget) -> None:
        self.system = system
        self.judge = judge
        self.budget = budget
        self.left, self.right = system.settled(left), system.settled(right)
        self.letters = whole_letters(system, self.left, self.right)
        self.closed: dict[str, Definition | None] = {}

    def verdict(self) -> Verdict:
        """A counterexample at small indices, or else a proof."""
        try:
            refuted = self._refuted()
            if refuted is not None:
                return refuted
            found = self.proof()
        except Unsupported as reason:
            return Verdict("undecided", tried=(str(reason),))
        except RecursionError:
            return Verdict("undecided", tried=("terms nested deeper than this",))
        if found is None:
            return Verdict("undecided", tried=("no proof by induction was found, and no counterexample at small indices",))
        return Verdict("proved", found.method, found.conditions)

    # ------------------------------------------------------------------------------------------------ counterexamples
    def _refuted(self) -> Verdict | None:
        open_ones = 0
        for case in instances(self.system, self.left, self.right):
            self.budget.check()
            if case.left == case.right:
                continue
            verdict = self.judge(case.left, case.right, case.context, self.budget.seconds)
            if verdict.kind == "refuted":
                values = {x: Fraction(v) for x, v in case.values.items()}
                witness = verdict.witness or Witness({}, "", "")
                where = ", ".join(f"{x} = {v}" for x, v in case.values.items())
                method = f"{verdict.method}, for {where}" if where else verdict.method
                if verdict.method == "counterexample" and len(shown := f"{case.left} is not {case.right}") <= LONGEST_SHOWN:
                    method = f"{method}: {shown}"
                return replace(verdict, method=method, witness=replace(witness, values={**values, **witness.values}))
            open_ones += verdict.kind == "undecided"
            if open_ones == MOST_OPEN:
                break
        return None

    # --------------------------------------------------------------------------------------------------------- proofs
    def proof(self) -> Found | None:
        """A proof by the normal form, or by induction on one of the letters."""
        gap = minus(self.left, self.right)
        if not self.letters:
            return self._base({})
        direct = self.by_normal_form() or self._unfolded_proof(gap)
        if direct is not None:
            return direct
        for letter in self.candidates():
            found = self._by_induction(letter, gap)
            if found is not None:
                return found
        return self._by_closed_forms(gap)

    def by_normal_form(self) -> Found | None:
        """A proof in which no definition is put in."""
        gap = minus(self.left, self.right)
        return self._vanishes([gap], lambda n: n.words(gap, self.ranges()))

    def _by_closed_forms(self, gap: Term) -> Found | None:
        """A proof by the normal form once closed forms, which are proved by induction, are put in for the members."""
        names = sorted({name for name, _ in self.system.members(gap)})
        opened = gap
        for name in names:
            opened = self._with_closed_form(self.system, name, opened)
        if opened == gap:
            return None
        found = self._vanishes([opened], lambda n: n.words(opened, self.ranges()))
        return None if found is None else replace(found, method=f"induction, by the closed form of {' and '.join(names)}")

    def _unfolded_proof(self, gap: Term) -> Found | None:
        """A proof by the normal form once members that are given, and those that follow from others of the claim, are put in."""
        last: dict[tuple[str, Whole], int] = {}
        for name, e in self.system.members(gap):
            at = whole(e.children[1])
            key, c = (name, at - Whole.number(at.constant)), int(at.constant)
            furthest = min if self.system.recursions[name].upwards else max
            last[key] = furthest(last.get(key, c), c)

        def there(name: str, at: Whole) -> bool:
            recursion, c = self.system.recursions[name], int(at.constant)
            end = last.get((name, at - Whole.number(c)), c)
            return at in recursion.bases or (c > end if recursion.upwards else c < end)

        opened = self.unfolded(self.system, gap, there)
        if opened is None or opened == gap:
            return None
        return self._vanishes([opened], lambda n: n.words(opened, self.ranges()))

    def ranges(self, without: str = "") -> dict[str, tuple[Whole, Whole]]:
        """What the indices of the claim run over."""
        return {x: r for x, r in ranges_of(self.system, self.letters).items() if x != without}

    def candidates(self) -> Iterator[str]:
        """Letters for an induction: those of members first."""
        gap = minus(self.left, self.right)
        inside = {x for _, e in self.system.members(gap) for x in whole(e.children[1]).letters}
        yield from (x for x in self.letters if x in inside)
        yield from (x for x in self.letters if x not in inside)

    def _by_induction(self, letter: str, gap: Term) -> Found | None:
        system = countable(self.system, letter)
        if system is None:
            return None
        if system.context.assumptions != self.system.context.assumptions:
            return Claim(system, self.left, self.right, self.judge, self.budget)._by_induction(letter, gap)
        used = {name for name, _ in self.system.members(gap)}
        recursions = [self.system.recursions[name] for name in sorted(used)]
        if all(r.upwards for r in recursions):
            return self._upwards(letter, gap, max((r.order for r in recursions), default=1) or 1)
        if all(not r.upwards for r in recursions) and all(r.order == 1 for r in recursions):
            return self._downwards(letter, gap, recursions)
        return None

    def _upwards(self, letter: str, gap: Term, order: int) -> Found | None:
        bounds = self.system.context.sort(letter).bounds
        start = self.start(letter, bounds)
        if start is None:
            return None
        conditions: list[Term] = []
        for k in range(start, start + order):
            base = self._base({letter: k})
            if base is None:
                return None
            conditions += base.conditions
        least = {**self.system.least, letter: start + order - 1}
        here = replace(self.system, least=least)
        reach = self.reach(gap, letter)
        after = self.unfolded(
            here,
            substitute(gap, {letter: plus(Sym(letter), Num(1))}),
            lambda name, at: (c := (at - Whole.letter(letter)).value) is not None and c > reach.get(name, c),
        )
        if after is None:
            return None
        before = [here.settled(substitute(gap, {letter: written(Whole.letter(letter) - Whole.number(j))})) for j in range(order)]
        step = self._step(here, after, before, letter)
        if step is None:
            return None
        return Found(f"induction on {letter}", tuple(dict.fromkeys((*conditions, *step.conditions))))

    def reach(self, gap: Term, letter: str) -> dict[str, int]:
        """The largest index letter + c of each sequence in a claim, as c."""
        found: dict[str, int] = {}
        for name, e in self.system.members(gap):
            c = (whole(e.children[1]) - Whole.letter(letter)).value
            if c is not None:
                found[name] = max(found.get(name, int(c)), int(c))
        return found

    def start(self, letter: str, bounds: tuple[Term, Term] | None) -> int | None:
        """The smallest value of the letter."""
        if bounds is not None:
            low = whole(bounds[0]).value
            return None if low is None else int(low)
        return self.system.least.get(letter, 1)

    def _base(self, values: Mapping[str, int]) -> Found | None:
        """The claim at one value of the letter; other letters stay."""
        if set(self.letters) - values.keys():
            return None
        case = instance(self.system, self.left, self.right, values)
        if case.left == case.right:
            return Found(SAME)
        verdict = self.judge(case.left, case.right, case.context, self.budget.seconds)
        return Found(verdict.method, verdict.conditions) if verdict.kind == "proved" else None

    def _downwards(self, letter: str, gap: Term, recursions: list[Recursion]) -> Found | None:
        """From the last member to the first one."""
        bounds = self.system.context.sort(letter).bounds
        lasts = {at for r in recursions for at in r.bases}
        if len(lasts) != 1 or bounds is None:
            return None
        (last,) = lasts
        high = whole(bounds[1])
        if high != last:
            return None
        at_end = self.unfolded(self.system, substitute(gap, {letter: written(last)}), lambda _, at: at == last)
        if at_end is None:
            return None
        base = self._vanishes([at_end], lambda n: n.words(at_end, self.ranges(letter)))
        if base is None:
            return None
        here = Whole.letter(letter)
        inner = {**self.ranges(letter), letter: (whole(bounds[0]), last - UNIT)}
        after = self.unfolded(self.system, gap, lambda _, at: at == here)
        if after is None:
            return None
        before = self.system.settled(substitute(gap, {letter: written(here + UNIT)}))
        step = self._step(self.system, after, [before], letter, inner)
        if step is None:
            return None
        return Found(
            f"induction on {letter}, downwards from {written(last)}", tuple(dict.fromkeys((*base.conditions, *step.conditions)))
        )

    def unfolded(self, system: System, t: Term, there: Callable[[str, Whole], bool]) -> Term | None:
        """The members at some places put in by their definition, and those of families that are merely defined."""
        t = system.settled(t)

        def put(e: Term) -> Term | None:
            if (name := family_of(e)) is not None:
                at = whole(e.children[1])
                if name in system.recursions and (not system.is_recursive(name) or there(name, at)):
                    return system.value(name, at)
            return None

        for _ in range(LONGEST):
            new = system.settled(replaced(t, put))
            if new == t:
                return t
            t = new
        return None

    def _step(self, system: System, after: Term, before: list[Term], letter: str, ranges: Ranges | None = None) -> Found | None:
        """after = 0, where each of `before` is 0."""
        ranges = self.ranges(letter) if ranges is None else ranges
        for count in range(1, len(before) + 1):
            found = self._from(system, after, before[:count], ranges)
            if found is not None:
                return found
        return None

    def _from(self, system: System, after: Term, before: list[Term], ranges: Ranges) -> Found | None:
        """after = 0, where all of `before` are 0, solved for a member where that is possible."""
        equations: dict[Term, Term] = {}
        for hypothesis in before:
            solved = self._solved(hypothesis)
            if solved is not None:
                equations.setdefault(*solved)
        put = _put(equations)
        replaced_once = system.settled(replaced(after, put))
        others = {name for name, _ in system.members(replaced_once)} - {family_of(e) for e in equations}
        for name in sorted(others):
            replaced_once = self._with_closed_form(system, name, replaced_once)

        def words(n: Normal) -> Words:
            out = n.words(replaced_once, ranges)
            if not equations:
                out = self._less(n, out, n.words(before[0], ranges))
            return out

        return self._vanishes([replaced_once, *before], words, system)

    def _solved(self, hypothesis: Term) -> tuple[Term, Term] | None:
        """An equation member = … from gap = 0, if a member stands in it once as a summand."""
        parts = list(_summands(hypothesis))
        for k, (sign, part) in enumerate(parts):
            if (name := family_of(part)) is not None and self.system.is_recursive(name):
                rest = [(s, p) for j, (s, p) in enumerate(parts) if j != k]
                if not any(part in set(p.postorder()) for _, p in rest):
                    return part, plus(*(neg(p) if s == sign else p for s, p in rest))
        return None

    def _less(self, n: Normal, words: Words, hypothesis: Words) -> Words:
        """Words without the multiple of the hypothesis that takes its first sum or run away."""
        given = n.collected(hypothesis)
        found = n.collected(words)
        for h in given:
            if not (h.bounds or any(isinstance(x, Product) for x in h.letters)):
                continue
            for w in found:
                if (w.bounds, w.letters) == (h.bounds, h.letters) and (factor := _ratio(w.scalar, h.scalar)) is not None:
                    return [*found, *(replace(x, scalar=times(number(-factor), x.scalar)) for x in given)]
        return words

    def _with_closed_form(self, system: System, name: str, t: Term) -> Term:
        """The term with a closed form put in for the members of another sequence, if it has one that is proved."""
        from symderiv.decide.sequences.closed import closed_form

        if name not in self.closed:
            self.closed[name] = None
            form = closed_form(system, name)
            if form is not None:
                member = Entry(Sym(name), Sym(form.parameters[0]))
                inner = replace(self.system, context=self.system.context.declare(form.parameters[0], Sort("integer")))
                claim = Claim(inner, member, form.body, self.judge, self.budget)
                claim.closed = self.closed
                if claim.proof() is not None:
                    self.closed[name] = form
        form = self.closed[name]
        if form is None:
            return t

        def put(e: Term) -> Term | None:
            if family_of(e) == name:
                return form.opened((e.children[1],))
            return None

        return system.settled(replaced(t, put))

    # ------------------------------------------------------------------------------------------------- normal forms
    def _vanishes(self, terms: list[Term], words: Callable[[Normal], Words], system: System | None = None) -> Found | None:
        """Whether words add up to nothing: every scalar of the collected ones is zero."""
        system = system or self.system
        n = Normal(system, ends_of(terms), self.budget)
        try:
            left = n.collected(words(n))
        except Unsupported:
            return None
        conditions: list[Term] = []
        for w in left:
            inner = {name: (low, high) for name, low, high in w.bounds}
            verdict = self._scalar_zero(system, self._with_hidden_powers(system, w.scalar, inner), inner)
            verdict = verdict or self._scalar_zero(system, w.scalar, inner)
            if verdict is None or any(c.free & inner.keys() for c in verdict.conditions):
                return None
            conditions += verdict.conditions
        return Found(SAME, tuple(dict.fromkeys(conditions)))

    def _with_hidden_powers(self, system: System, t: Term, ranges: Ranges) -> Term:
        """b^{n+2} as b^n b^2, b^n a number of which nothing is known: so b = 0 needs no case of its own where n ≥ 0."""
        least: dict[tuple[Term, Whole], int] = {}
        for p in t.postorder():
            if isinstance(p, Pow) and (e := exponent(p.right)) is not None and e.letters:
                key = (p.left, e - Whole.number(e.constant))
                least[key] = min(least.get(key, int(e.constant)), int(e.constant))

        def split(p: Term) -> Term | None:
            if isinstance(p, Pow) and (e := exponent(p.right)) is not None and e.letters:
                base = e - Whole.number(e.constant)
                c = least.get((p.left, base))
                if c is not None and system.certain(base + Whole.number(c), {**self.ranges(), **ranges}):
                    hidden = Entry(Sym("power"), p.left, written(base + Whole.number(c)))
                    return times(hidden, power(p.left, int(e.constant) - c))
            return None

        return replaced(t, split)

    def _scalar_zero(self, system: System, t: Term, ranges: Ranges) -> Found | None:
        """Whether a scalar is 0, entries and sums in it taken for numbers of which nothing is known."""
        if t == ZERO:
            return Found(SAME)
        names: dict[Term, str] = {}
        taken = t.free | set(system.context.sorts)

        def hidden(s: Term) -> Term | None:
            if isinstance(s, (Entry, Sum, Product, Derivative)) or (
                isinstance(s, Fn) and any(system.is_array(a) for a in s.children)
            ):
                return Sym(names.setdefault(s, f"q_{len(names) + 1}" if "q" not in taken else f"q_{len(names) + 1}_{len(taken)}"))
            return None

        plain = _outermost(t, hidden)
        old = system.context
        gone = set(system.recursions)
        sorts = {n: s for n, s in old.sorts.items() if n in plain.free and not s.shape}
        sorts |= {x: Sort("integer") for x in ranges if x in plain.free}
        definitions = {n: d for n, d in old.definitions.items() if n not in gone and not isinstance(d.body, Lambda)}
        facts = tuple(a for a in old.assumptions if isinstance(a, Relation) and a.free <= plain.free)
        lows = {x: int(low.value) for x, (low, _) in ranges.items() if low.value is not None}
        least = tuple(Relation("≥", Sym(x), number(v)) for x, v in {**system.least, **lows}.items() if x in plain.free)
        verdict = self.judge(plain, ZERO, Context(sorts, definitions, (*facts, *least)), self.budget.seconds)
        return Found(verdict.method, verdict.conditions) if verdict.kind == "proved" else None


def countable(system: System, letter: str) -> System | None:
    """The system with what may be used in an induction on the letter: no assumption that changes with it, but for bounds on itself.

    None where a definition or the rule of a sequence changes with it.
    """
    context = system.context
    given = [d.body for n, d in context.definitions.items() if not {n, n.partition("_")[0]} & system.recursions.keys()]
    given += [r.body for r in system.recursions.values() if r.letter != letter]
    given += [b for r in system.recursions.values() for at, b in r.bases.items() if at.value is not None]
    if any(letter in t.free for t in given):
        return None
    kept = [f for f in conditions(context) if letter not in f.free or _bounds_only(f, letter) or _defines_member(f, system)]
    return replace(system, context=replace(context, assumptions=tuple(kept)))


def _bounds_only(fact: Term, letter: str) -> bool:
    """Whether an assumption is a bound of the letter by a number."""
    match fact:
        case Relation("<" | "≤" | ">" | "≥", Sym(name), Num()) | Relation("<" | "≤" | ">" | "≥", Num(), Sym(name)):
            return bool(name == letter)
    return False


def _defines_member(fact: Term, system: System) -> bool:
    """Whether an assumption is the equation of one member of a sequence."""
    return isinstance(fact, Relation) and fact.op == "=" and family_of(system.settled(fact.left)) in system.recursions


def _put(equations: Mapping[Term, Term]) -> Callable[[Term], Term | None]:
    return lambda e: equations.get(e)


def _ratio(a: Term, b: Term) -> Fraction | None:
    """The number a / b, where it is plain to see."""
    p, q = number_of(a), number_of(b)
    if p is not None and q:
        return p / q
    return Fraction(1) if a == b else None


def _summands(t: Term, sign: int = 1) -> Iterator[tuple[int, Term]]:
    match t:
        case Add(args):
            for a in args:
                yield from _summands(a, sign)
        case Neg(a):
            yield from _summands(a, -sign)
        case _:
            yield sign, t


def _outermost(t: Term, change: Callable[[Term], Term | None]) -> Term:
    """The outermost parts for which `change` gives a term replaced by it."""
    new = change(t)
    if new is not None:
        return new
    return t.rebuild([_outermost(c, change) for c in t.children]) if t.children else t
