"""Proofs by induction about sequences: first cases, base case, hypothesis and step, each a derivation of named rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from symderiv.decide import Verdict, decide, decide_relation, sequences
from symderiv.decide.indexed.whole import ONE as UNIT
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.sequences import system_of
from symderiv.decide.sequences.system import family_of, whole, written
from symderiv.decide.sequences.words import exponent
from symderiv.derive.bounding import Bounding
from symderiv.derive.derivation import Derivation
from symderiv.derive.differentiate import calculus_rules, differentiate
from symderiv.derive.rewriting import towards
from symderiv.errors import NoDerivation
from symderiv.rules.inequalities import abs_product
from symderiv.rules.sequences import Sequences
from symderiv.rules.step import Rule, Step, at_all_places, reordered
from symderiv.terms import (
    Add,
    Binder,
    Context,
    Derivative,
    Entry,
    Fn,
    Neg,
    Num,
    Pow,
    Prime,
    Relation,
    Sort,
    Sym,
    Term,
    index,
    minus,
    number,
    plus,
    substitute,
)
from symderiv.terms import replace as replaced

if TYPE_CHECKING:
    from symderiv.write.layout import Steps

There = Callable[[str, Whole], bool]
"""Which members of a sequence are put in by their definition."""
LONGEST: Final = 80
"""Lines, at most, that one side of a step may take."""
FIRST_CASES: Final = 2
"""How many cases after the base are written out before the claim."""


@dataclass(frozen=True)
class Proposition:
    """For every `letter` ≥ `start`: left = right, or another `op`, for sequences that the context defines.

    With a recursion that counts down (δ_l from δ_{l+1}), for every letter from its last value down. Without a letter, an identity
    or inequality that is proved from one side to the other, over the lines `via`. `lemmas` are bounds that hold for all values of
    their letters and are used in the proof.
    """

    title: str
    context: Context
    letter: str
    left: Term
    right: Term
    start: int = 0
    source: str = ""
    remark: str = ""
    op: str = "="
    via: tuple[Term, ...] = ()
    lemmas: tuple[Proposition, ...] = ()

    @property
    def lemmas_used(self) -> tuple[tuple[Relation, frozenset[str]], ...]:
        """The bounds of the lemmas, with the letters for all values of which they hold."""
        return tuple((_with_primes(lemma.relation), lemma.relation.free - self.context.sorts.keys()) for lemma in self.lemmas)

    @property
    def relation(self) -> Relation:
        """The claim."""
        return Relation(self.op, self.left, self.right)

    def at(self, place: Term) -> Relation:
        """The claim at one value of its letter."""
        if not self.letter:
            return self.relation
        system = system_of(self.context)
        return Relation(self.op, *(system.settled(substitute(t, {self.letter: place})) for t in (self.left, self.right)))


def _with_primes(r: Relation) -> Relation:
    """A relation with f'(u) for the derivative of f(u) by u, so that it can be used at any place."""

    def primed(t: Term) -> Term | None:
        match t:
            case Derivative(body=Fn(name, (Sym() as u,))) if t.var == u and t.order == 1:
                return Prime(name, (1,), u)
        return None

    return Relation(r.op, *(replaced(side, primed) for side in r.children))


@dataclass(frozen=True)
class Proof:
    """A proof by induction: the first `cases` written out, `base`, `hypothesis`, `step`; `lemmas` that the step uses, proved before."""

    proposition: Proposition
    cases: tuple[Derivation, ...]
    base: tuple[Derivation, ...]
    hypothesis: tuple[Relation, ...]
    step: Derivation
    upwards: bool = True
    lemmas: tuple[Proof, ...] = ()

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """Every derivation of the proof, in order."""
        return (*(d for lemma in self.lemmas for d in lemma.derivations), *self.cases, *self.base, self.step)

    @property
    def next(self) -> Term:
        """The letter of the step: N + 1, or l where the induction goes down."""
        here = Sym(self.proposition.letter)
        return plus(here, Num(1)) if self.upwards else here

    @property
    def hypothesis_place(self) -> Term:
        """The letter of the hypothesis: N, or l + 1 where the induction goes down."""
        here = Sym(self.proposition.letter)
        return here if self.upwards else plus(here, Num(1))

    def check(self) -> tuple[Verdict, ...]:
        """The verdict of `decide` on every step of the proof."""
        return tuple(v for d in self.derivations for v in d.check())

    def write(self, format: str = "text", *, steps: Steps = "lines") -> str | bytes:
        """The proof in a format of `symderiv.write`; bytes for pdf. Raises UnknownName for one that does not exist."""
        from symderiv.write import write

        return write(self, format, steps=steps)

    def latex(self, *, steps: Steps = "lines", standalone: bool = False) -> str:
        """The proof in LaTeX; `standalone`: as a document."""
        from symderiv.write import write

        return str(write(self, "latex", steps=steps, standalone=standalone))

    def __str__(self) -> str:
        return str(self.write())

    def leaps(self) -> tuple[Step, ...]:
        """Steps that no rule justifies; there must be none."""
        return tuple(s for d in self.derivations for s in d.leaps())


def prove(proposition: Proposition, *, cases: int = FIRST_CASES) -> Proof:
    """The proof of a proposition by induction on its letter, `cases` of its members after the base written out.

    Raises NoDerivation where the claim is false, with the index at which it is, or where no proof is found.
    """
    verdict = (
        decide(proposition.left, proposition.right, proposition.context)
        if proposition.op == "="
        else decide_relation(proposition.relation, proposition.context)
    )
    if verdict.kind == "refuted":
        at = ", ".join(f"{name} = {value}" for name, value in verdict.witness.values.items()) if verdict.witness else ""
        raise NoDerivation(
            f"the claim {proposition.relation} is false: {verdict.method}", proposition.left.span, f"at {at}" if at else ""
        )
    if not proposition.letter:
        return _identity(proposition)
    return _Prover(proposition, cases).proof()


def _identity(p: Proposition) -> Proof:
    """An identity or inequality, from the left side to the right one: derivatives are taken first."""
    steps = list(differentiate(p.left, calculus_rules(p.context)))
    bounding = Bounding(p.op, p.context, p.lemmas_used)
    for goal in (*p.via, p.right):
        steps += bounding.steps(steps[-1].after if steps else p.left, goal)
    return Proof(p, (), (), (), Derivation(p.left, tuple(steps), p.context))


class _Prover:
    def __init__(self, p: Proposition, cases: int) -> None:
        self.p = p
        self.cases = cases
        least = Relation("≥", Sym(p.letter), number(p.start))
        self.context = p.context if p.context.sort(p.letter).bounds else p.context.declare(p.letter, Sort("integer")).assume(least)
        self.system = system_of(self.context)
        self.left, self.right = self.system.settled(p.left), self.system.settled(p.right)
        self.recursions = [
            self.system.recursions[name] for name in {name for name, _ in self.system.members(Add(self.left, self.right))}
        ]
        self.order = max((r.order for r in self.recursions), default=1) or 1
        self.upwards = all(r.upwards for r in self.recursions)
        self.lemmas = (*p.lemmas, *self._lemmas())

    def proof(self) -> Proof:
        """All parts of the proof."""
        if not self.upwards:
            return self._downwards()
        first = [self._at(k) for k in range(self.p.start, self.p.start + self.order)]
        cases = [c for k in range(1, self.cases + 1) if (c := self._case(self.p.start + self.order - 1 + k)) is not None]
        here = Whole.letter(self.p.letter)
        before = [written(here - Whole.number(j)) for j in range(self.order)]
        return Proof(
            self.p,
            tuple(cases),
            tuple(first),
            tuple(self.p.at(b) for b in before),
            self._step(written(here + UNIT), before, lambda name, at: (c := (at - here).value) is not None and c >= 1),
            lemmas=tuple(map(prove, self.lemmas)),
        )

    def _lemmas(self) -> tuple[Proposition, ...]:
        """Closed forms of the other sequences on which those of the claim depend."""
        own = {r.name for r in self.recursions}
        others = {name for r in self.recursions for name, _ in self.system.members(r.body)} - own
        forms = ((name, sequences.closed_form(self.system, name)) for name in sorted(others))
        letter = Sym(self.p.letter)
        return tuple(
            replace(self.p, title="", left=Entry(Sym(name), letter), right=self.system.settled(form.opened((letter,))))
            for name, form in forms
            if form is not None
        )

    def _downwards(self) -> Proof:
        (last,) = {at for r in self.recursions for at in r.bases}
        here = Whole.letter(self.p.letter)
        base = self._linked(self._rules({}), self.p.at(written(last)), self.context, lambda name, at: at == last)
        return Proof(
            self.p,
            (),
            (base,),
            (self.p.at(written(here + UNIT)),),
            self._step(written(here), [written(here + UNIT)], lambda name, at: at == here),
            upwards=False,
        )

    # ---------------------------------------------------------------------------------------------------- the parts
    def _at(self, k: int) -> Derivation:
        """The claim at a number, from what defines the first members."""
        return self._linked(self._rules({}), self.p.at(number(k)), self.context, lambda name, at: at.value is not None)

    def _case(self, k: int) -> Derivation | None:
        """The member at a number written out, with everything put in."""
        start = self.p.at(number(k)).left
        if family_of(start) is None:
            return None
        rules = self._rules({})
        steps = self._forwards(start, [rules.definition(lambda name, at: at.value is not None)])
        line = steps[-1].after if steps else start
        steps += self._forwards(line, self._tidy(rules))
        return Derivation(start, tuple(steps), self.context)

    def _step(self, place: Term, before: Sequence[Term], there: There) -> Derivation:
        """From the members before to the next one."""
        hypotheses = [self.p.at(b) for b in before]
        equations = {h.left: h.right for h in hypotheses}
        if self.p.op != "=":
            return self._bounded(self._rules(equations), self.p.at(place), self.context.assume(*hypotheses), there, hypotheses)
        known = (lemma.relation for lemma in self.lemmas)
        context = self.context.assume(*hypotheses, *known)
        if not self.upwards:
            low, high = context.sort(self.p.letter).bounds or (Num(1), Num(1))
            context = context.declare(self.p.letter, index(low, minus(high, Num(1))))
        return self._linked(self._rules(equations), self.p.at(place), context, there, equations)

    def _rules(self, equations: Mapping[Term, Term]) -> Sequences:
        exponents: dict[Whole, int] = {}
        for t in equations.values():
            for p in t.postorder():
                if isinstance(p, Pow) and p.right.free and (e := exponent(p.right)) is not None:
                    base = e - Whole.number(e.constant)
                    exponents[base] = min(exponents.get(base, int(e.constant)), int(e.constant))
        bounds = self.context.sort(self.p.letter).bounds
        ranges = {}
        if bounds is not None:
            high = whole(bounds[1]) - (UNIT if not self.upwards and equations else Whole.number(0))
            ranges[self.p.letter] = (whole(bounds[0]), high)
        return Sequences(self.system, self.p.letter, ranges, exponents)

    def _tidy(self, rules: Sequences) -> list[Rule]:
        return [
            rules.turned_product(),
            rules.one_factor(),
            rules.last_summand(),
            rules.outer_factor(),
            *self._powers(rules),
            rules.identity_factor(),
            rules.scalars_first(),
            rules.distribute(),
            rules.into_the_sum(),
        ]

    def _powers(self, rules: Sequences) -> list[Rule]:
        """What is done in every line: powers split, and what is empty left out."""
        return [rules.next_power(), rules.empty_product(), rules.empty_sum()]

    def _linked(
        self, rules: Sequences, claim: Relation, context: Context, there: There, equations: Mapping[Term, Term] | None = None
    ) -> Derivation:
        """left = … = right: the left side opened and multiplied out, the right side split up, until they meet."""
        if self.p.op != "=":
            return self._bounded(rules, claim, context, there, ())
        left: list[Step] = []
        line = claim.left
        hypothesis = [rules.hypothesis(equations)] if equations else []
        lemmas = [rules.known(r.left, r.right) for r in (lemma.relation for lemma in self.lemmas)]
        split = [] if any(map(family_of, equations or ())) else [rules.last_summand(), rules.outer_factor()]
        for stage in ([rules.definition(there)], split, hypothesis, lemmas):
            left += self._forwards(line, stage)
            line = left[-1].after if left else line
        right: list[Step] = self._forwards(claim.right, [rules.definition(there)]) if claim.right.free else []
        goal = right[-1].after if right else claim.right
        plain = not self.system.is_array(claim.left) and not _binds(line, goal)
        further = self._powers(rules) if plain else self._tidy(rules)
        left += self._forwards(line, further)
        right += self._forwards(goal, further)
        line, goal = (part[-1].after if part else end for part, end in ((left, claim.left), (right, claim.right)))
        steps = left + self._met(line, goal, context)
        return Derivation(claim.left, (*steps, *(s.reversed() for s in reversed(right))), context)

    def _bounded(
        self, rules: Sequences, claim: Relation, context: Context, there: There, hypotheses: Iterable[Relation]
    ) -> Derivation:
        """left ≤ … ≤ right: the left side opened and split, what is known of its parts put in, on the way to the right side, split up."""
        split = [rules.last_summand(), rules.outer_factor(), abs_product(), *self._powers(rules)]
        left = self._forwards(claim.left, [rules.definition(there)])
        left += self._forwards(left[-1].after if left else claim.left, split)
        right = self._forwards(claim.right, [rules.definition(there), *split])
        line, goal = (part[-1].after if part else end for part, end in ((left, claim.left), (right, claim.right)))
        met = Bounding(self.p.op, context, self.p.lemmas_used, hypotheses).steps(line, goal)
        return Derivation(claim.left, (*left, *met, *(s.reversed() for s in reversed(right))), context)

    def _met(self, line: Term, goal: Term, context: Context) -> list[Step]:
        if line == goal:
            return []
        if sorted(_summands(line), key=str) == sorted(_summands(goal), key=str):
            return [reordered(line, goal)]
        if self.system.is_array(line):
            raise NoDerivation(f"the sides do not meet: {line} and {goal}", self.p.left.span, "is the claim true?")
        return towards(line, goal, context)

    def _forwards(self, line: Term, rules: Iterable[Rule]) -> list[Step]:
        """The first rule that applies, at all places, until none does."""
        steps: list[Step] = []
        available = list(rules)
        for _ in range(LONGEST):
            step = next((s for r in available if (s := at_all_places(r, line)) is not None), None)
            if step is None:
                return steps
            steps.append(step)
            line = step.after
        raise NoDerivation(f"the derivation from {line} does not end", self.p.left.span)


def _summands(t: Term) -> list[Term]:
    match t:
        case Add(args):
            return [s for a in args for s in _summands(a)]
        case Neg(a):
            return [Neg(s) for s in _summands(a)]
    return [t]


def _binds(*terms: Term) -> bool:
    return any(isinstance(s, Binder) for t in terms for s in t.postorder())
