"""Proofs by induction in a text, judged part by part: the base case, the hypothesis and its use, where the step begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from symderiv.check.arguments import Argument, Part, arguments_of, counted, parts_of, starts_of
from symderiv.check.claim import Claim
from symderiv.check.scope import Scope
from symderiv.decide import certain, decide
from symderiv.decide.sequences import System, rearranged, system_of
from symderiv.decide.sequences.system import family_of, whole, written
from symderiv.decide.verdict import Unsupported
from symderiv.derive.derivation import joint
from symderiv.terms import ZERO, Num, Relation, Sym, Term, minus, plus, substitute
from symderiv.terms import replace as replaced
from symderiv.terms import value as number_of
from symderiv.terms.order import ordered
from symderiv.write import text

_VALUE: Final = re.compile(r"(?P<letter>[A-Za-z])\s*=\s*(?P<value>[A-Za-z]|\d+)\b")


_DIRECTED: Final = ("<", "≤", ">", "≥")
_STRONGER: Final = {"≤": ("<", "="), "≥": (">", "=")}
"""What gives a relation besides itself."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a proof, and in which line."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Induction:
    """One argument of a text: the letter that it is by induction on ("" for a direct proof), what is wrong with it, and whether it is plainly one.

    `stated`: the formulas of what it proves, if it is a direct proof without a flaw.
    """

    letter: str
    flaws: tuple[Flaw, ...]
    plain: bool
    stated: tuple[Claim, ...] = ()


def inductions(source: str, claims: Sequence[Claim], scope: Scope) -> list[Induction]:
    """The arguments of a text of which the formulas were judged, in order."""
    found = []
    for a in arguments_of(parts_of(source, claims)):
        if not a.parts:
            continue
        judge = _Judge(a, scope, source)
        flaws = tuple(judge.flaws())
        plain = judge.claim is not None and any(p.chains for p in a.named("step"))
        direct = not judge.letter and not flaws and a.claim is not None
        stated = tuple(a.claim.chains[0]) if direct and a.claim is not None else ()
        found.append(Induction(judge.letter, flaws, plain, stated))
    return found


class _Judge:
    """One argument, in the scope of its document."""

    def __init__(self, argument: Argument, scope: Scope, source: str) -> None:
        self.argument = argument
        self.source = source
        self.system: System = system_of(scope.here, scope.equations)
        self.claim = self._stated(argument.claim)
        self.letter = self._letter()

    def flaws(self) -> Iterator[Flaw]:
        """What is missing or wrong in the parts."""
        base, hypotheses, steps = (self.argument.named(n) for n in ("base", "hypothesis", "step"))
        first = (base or hypotheses or steps or self.argument.parts)[0]
        if self.claim is None:
            yield Flaw(first.line, "it is not said what is to be proved: no claim stands before the proof")
            return
        left, right = self.claim.children
        if not (base or hypotheses or steps):
            yield from self._direct(self.claim)
            return
        if self.letter not in left.free | right.free:
            yield Flaw(first.line, f"the induction is on {self.letter or 'no letter'}, which does not occur in the claim")
            return
        downwards = any(
            not self.system.recursions[name].upwards for name, _ in self.system.members(left) if name in self.system.recursions
        )
        if not base:
            yield Flaw((hypotheses or steps or self.argument.parts)[0].line, "the base case is missing")
        for p in base[:1]:
            yield from self._base(p, base, downwards)
        if not steps:
            yield Flaw(self.argument.parts[-1].line, "the induction step is missing")
        here = whole(Sym(self.letter))
        after, before = (here, here + whole(Num(1))) if downwards else (here + whole(Num(1)), here)
        for p in hypotheses[:1]:
            yield from self._hypothesis(p, written(before))
        for p in steps[:1]:
            yield from self._step(p, written(after), written(before))

    # ----------------------------------------------------------------------------------------------------- the parts
    def _direct(self, claim: Relation) -> Iterator[Flaw]:
        """A proof without induction: a chain from one side of the claim to the other, or from their difference to 0."""
        part = (self.argument.named("proof") or self.argument.parts)[0]
        self.letter = ""
        found = self._chain(part, claim)
        if found is None:
            yield Flaw(part.line, f"the proof does not begin with {text(claim.left)}")
            return
        chain, wanted = found
        if (last := chain[-1].term) is None or ordered(self.system.settled(last.bare)) != ordered(wanted.right):
            yield Flaw(chain[-1].span.line, f"the proof ends in {chain[-1].right}, which is not {text(wanted.right)}")
        else:
            yield from _pointing(chain, wanted)

    def _stated(self, part: Part | None) -> Relation | None:
        """The equation or inequality that a part states: the first of its formulas."""
        for chain in part.chains if part is not None else ():
            c = chain[0]
            op = _joint(chain)
            if c.left_term is not None and c.term is not None and op is not None:
                last = chain[-1].term
                return Relation(op, self.system.settled(c.left_term.bare), self.system.settled((last or c.term).bare))
        return None

    def _letter(self) -> str:
        """The letter of the induction: as the words say, or the one of the claim's first member."""
        for letter in counted(self.source):
            return letter
        if self.claim is None:
            return ""
        for side in self.claim.children:
            for _, e in self.system.members(side):
                letters = sorted(whole(e.children[1]).letters)
                if letters:
                    return letters[0]
        free = sorted(x for side in self.claim.children for x in side.free if self.system.context.is_size(x))
        return free[0] if free else ""

    def _at(self, place: Term) -> Relation:
        assert self.claim is not None
        left, right = (self.system.settled(substitute(t, {self.letter: place})) for t in self.claim.children)
        return Relation(self.claim.op, left, right)

    def _base(self, part: Part, base: list[Part], downwards: bool) -> Iterator[Flaw]:
        place = self._place(part)
        start = self._start()
        if place is None:
            yield Flaw(part.line, f"it is not said for which {self.letter} the base case is")
            return
        at = number_of(place)
        if not downwards and start is not None and at is not None and at > start:
            yield Flaw(part.line, f"the base case is {self.letter} = {place}, but the claim begins at {self.letter} = {start}")
            return
        claim = self._at(place)
        found = self._chain(part, claim)
        if found is None:
            yield Flaw(part.line, f"the base case does not show {text(claim)}")
            return
        chain, wanted = found
        last = chain[-1].term
        if last is None or not self._same(last.bare, wanted.right):
            yield Flaw(
                chain[-1].span.line,
                f"the base case ends in {chain[-1].right}, which is not {text(wanted.right)} as it stands in the claim",
            )
        else:
            yield from _pointing(chain, wanted)

    def _hypothesis(self, part: Part, place: Term) -> Iterator[Flaw]:
        stated = self._stated(part)
        if stated is None:
            return
        claim = self._at(place)
        if not any(stated.op == c.op and all(map(self._same, stated.children, c.children)) for c in (claim, _turned(claim))):
            line = part.chains[0][0].span.line
            yield Flaw(line, f"the hypothesis is not the claim for {text(place)}: {text(claim)}")

    def _step(self, part: Part, after: Term, before: Term) -> Iterator[Flaw]:
        claim = self._at(after)
        found = self._chain(part, claim)
        if found is None:
            yield Flaw(part.line, f"the step proves something else: it does not begin with {text(claim.left)}")
            return
        chain, wanted = found
        last = chain[-1].term
        if last is None or not self._same(last.bare, wanted.right):
            yield Flaw(
                chain[-1].span.line,
                f"the step ends in {chain[-1].right}, which is not the claim for {text(after)}: {text(wanted.right)}",
            )
        else:
            yield from _pointing(chain, wanted)
        if not self._uses(chain, before):
            yield Flaw(part.line, "the induction hypothesis is not used")

    def _chain(self, part: Part, claim: Relation) -> tuple[list[Claim], Relation] | None:
        """The chain of a part that begins with a side of a claim, or with their difference, and what it has to show."""
        for wanted in _readings(claim):
            for chain in part.chains:
                first = chain[0].left_term
                if first is not None and self._same(first.bare, wanted.left, strictly=True):
                    return chain, wanted
        return None

    def _uses(self, chain: list[Claim], before: Term) -> bool:
        """Whether one line of a chain follows from the one before by the hypothesis, and not without it."""
        hypothesis = self._at(before)
        left, right = hypothesis.children

        def put(t: Term) -> Term | None:
            return right if t == left else None

        for c in chain:
            if c.left_term is None or c.term is None:
                continue
            a, b = (self.system.settled(t.bare) for t in (c.left_term, c.term))
            if hypothesis.op != "=":
                if c.relation in _DIRECTED and self._rests_on(Relation(c.relation, a, b), hypothesis):
                    return True
                continue
            with_it = self.system.settled(replaced(a, put))
            if with_it != a and self._same(with_it, b) and not self._same(a, b):
                return True
            if family_of(left) is None and a != b and not self._same(a, b) and self._adds_hypothesis(a, b, left, right):
                return True
        return False

    def _rests_on(self, line: Relation, hypothesis: Relation) -> bool:
        """Whether a line is plain where the hypothesis holds, and not plain without it."""
        context = self.system.context
        return certain(line, context.assume(hypothesis)) and not certain(line, context)

    def _adds_hypothesis(self, a: Term, b: Term, left: Term, right: Term) -> bool:
        """Whether a becomes b where a sum or product that the hypothesis is about is split off and replaced."""
        return self._same(plus(a, right), plus(b, left))

    def _same(self, a: Term, b: Term, *, strictly: bool = False) -> bool:
        """Whether two terms are one up to how they are written; `strictly`: up to their indices only."""
        a, b = self.system.settled(a), self.system.settled(b)
        if a == b:
            return True
        if strictly and family_of(b) is not None:
            return False
        try:
            return rearranged(a, b, self.system, decide)
        except (Unsupported, RecursionError):
            return False

    def _place(self, part: Part) -> Term | None:
        """The value of the letter for which a base case is."""
        for found in _VALUE.finditer(part.words):
            if found["letter"] == self.letter:
                return Num(int(found["value"])) if found["value"].isdigit() else Sym(found["value"])
        for chain in part.chains:
            first = chain[0].left_term
            if first is None or self.claim is None:
                continue
            for name, e in self.system.members(self.system.settled(first.bare)):
                if any(name == other for other, _ in self.system.members(self.claim.left)):
                    return e.children[1]
        return None

    def _start(self) -> int | None:
        """The smallest value of the letter for which the claim is made, if it is said."""
        if self.argument.claim is not None and (starts := starts_of(self.letter, self.argument.claim.words)):
            return starts[0]
        for fact in self.system.context.assumptions:
            match fact:
                case Relation("≥", Sym(name), Num(v)) if name == self.letter:
                    return int(v)
        return None


def _joint(chain: Sequence[Claim]) -> str | None:
    """What a chain says of its first and its last term; None if it says nothing."""
    relations = {c.relation for c in chain}
    if not relations <= {"=", *_DIRECTED}:
        return None
    try:
        return joint(relations)
    except ValueError:
        return None


def _pointing(chain: Sequence[Claim], wanted: Relation) -> Iterator[Flaw]:
    """What is wrong with the relations of a chain that has the right ends."""
    op = _joint(chain)
    if op != wanted.op and op not in _STRONGER.get(wanted.op, ()):
        shown = op or "in both directions"
        yield Flaw(chain[-1].span.line, f"the chain is {shown}, which does not give {text(wanted)}")


def _turned(r: Relation) -> Relation:
    return Relation(Relation.MIRRORED[r.op], r.right, r.left)


def _readings(claim: Relation) -> Iterator[Relation]:
    """Relations that say the same: from left to right, and of an inequality from right to left, and of the difference to 0."""
    yield claim
    if claim.op != "=":
        turned = _turned(claim)
        yield turned
        for r in (claim, turned):
            yield Relation(r.op, minus(r.left, r.right), ZERO)
