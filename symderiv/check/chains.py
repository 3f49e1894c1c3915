"""Chains a = b = c as steps: which of them define, which claim, and what each claim comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.catalogue import NAMES
from symderiv.check.claim import Claim
from symderiv.check.diagnosis import Cause, absent_letter, diagnose
from symderiv.check.documents import Document
from symderiv.check.gradients import with_letters
from symderiv.check.implicit import determined
from symderiv.check.judging import Judgement, judge, saved_by_words
from symderiv.check.scope import Scope, derivatives_in, deviation, head_of, name_of
from symderiv.check.writing import put
from symderiv.decide.indexed.decision import LAYOUTS
from symderiv.decide.sequences import system_of
from symderiv.decide.sequences.system import family_of
from symderiv.errors import ReadError
from symderiv.read import Statement
from symderiv.terms import FUNCTIONS, Add, Definition, Derivative, Entry, Fn, Neg, Prime, Product, Relation, Span, Sum, Sym, Term
from symderiv.write import latex

MISTAKEN_SIZE: Final = 8
"""Nodes from which on a formula that differs from the given one by one edit is a slip, not another example."""

_GLUED: Final = re.compile(r"(?<![A-Za-z\\{^_])[A-Za-z]\d")
_NUMBERED: Final = re.compile(r"(?<![A-Za-z])e\}?\^\{\(\d\)\}")


class Chains:
    """The steps of a document's statements, one after the other.

    `fresh`: names that a sentence before defined, with nothing said since; `displayed`: the statement that is read is displayed;
    `follows`: no words stand before it, or none but "then", "so we get": it restates what is fresh, and gives it no new meaning.
    """

    def __init__(self, document: Document, scope: Scope) -> None:
        self.document = document
        self.scope = scope
        self.lead = ""
        self.last: Term | None = None
        self.good: Term | None = None
        self.good_line = 0
        self.inferred: list[str] = []
        self.equation: tuple[Claim, Term] | None = None
        self.other_readings: dict[str, Term] = {}
        self.fresh: set[str] = set()
        self.displayed = False
        self.follows = False

    def restart(self) -> None:
        """A new section: no chain goes on."""
        self.last = self.good = None
        self.lead = ""

    # ------------------------------------------------------------------------------------------------ definitions
    def defined(self, s: Statement, conditions: tuple[Term, ...] = (), *, replaces: bool = True) -> Iterator[Claim]:
        """The first step of a statement as a definition, the others as claims."""
        if len(s.relations) == len(s.sides):
            yield from self.claimed(s, conditions)
            return
        left, right = s.sides[0], s.sides[1]
        if isinstance(left, ReadError) or isinstance(right, ReadError) or s.relations[0] not in ("=", ":="):
            yield from self.claimed(s, conditions)
            return
        if (not replaces and self.scope.is_defined(left)) or self._as_the_table_has_it(left, right):
            yield from self.claimed(s, conditions)
            return
        yield self._definition(s, left, right, conditions)
        if (name := name_of(deviation(left) or left)) is not None:
            self.scope.given.add(name)
        yield from self._steps(s, 2, conditions, right)

    def _as_the_table_has_it(self, left: Term, right: Term) -> bool:
        """Whether a function of the table is given as it is known: then there is nothing to define."""
        known = isinstance(left.bare, Fn) and left.bare.name in FUNCTIONS
        return known and judge(left, "=", right, self.scope).verdict.kind == "proved"

    def _definition(self, s: Statement, left: Term, right: Term, conditions: tuple[Term, ...]) -> Claim:
        line = self.document.original(s.span).line
        claim = self._claim(s, left, s.relations[0], right, 1)
        claim.verdict = "definition"
        where = (*s.conditions, *conditions, *self.scope.temporary)
        for condition in where:
            if self.scope.define_case(left, right, condition, line=line):
                return claim
        self.scope.remind(left)
        name = name_of(self.scope.said(deviation(left) or left))
        if name is not None and not self.displayed and not conditions:
            self.fresh.add(name)
        before = self.scope.lines.get(name or "")
        known = self.scope.is_defined(left)
        if name is not None:
            self._keep_other_reading(name, right, s)
        if not self.scope.define(left, with_letters(right, self.scope), line=line, where=where):
            if name is not None and name in right.free:
                claim.reason = f"{name} is defined by itself: an update, or a recursion"
            else:
                self.scope.context = self.scope.context.assume(Relation("=", left.bare, right.bare))
        elif known and before is not None and before != line:
            claim.reason = f"{name} was defined in line {before} and means something else from here on"
        return claim

    def _keep_other_reading(self, name: str, right: Term, s: Statement) -> None:
        """What a / b * c of a definition would be if it were a / (b c)."""
        self.other_readings.pop(name, None)
        for note in s.notes:
            inside = right.span is not None and right.span.start <= note.span.start < right.span.end
            if note.kind == "ambiguity" and note.other is not None and inside:
                self.other_readings[name] = note.other

    # ----------------------------------------------------------------------------------------------------- claims
    def claimed(self, s: Statement, conditions: tuple[Term, ...] = ()) -> Iterator[Claim]:
        """The steps of a statement; its first one is a definition where its left side means nothing yet."""
        goes_on = len(s.relations) == len(s.sides)
        if goes_on:
            if self.last is None:
                yield from self._steps(s, 1, conditions, None)
            else:
                yield from self._steps(s, 0, conditions, self.last)
            return
        left, right = s.sides[0], s.sides[1]
        if isinstance(left, Term) and isinstance(right, Term) and s.relations[0] in ("=", ":="):
            if s.relations[0] == ":=" or self._first_sight(left, right):
                yield self._definition(s, left, right, conditions)
                yield from self._steps(s, 2, conditions, right)
                return
            self._infer(left, right)
        yield from self._steps(s, 1, conditions, left if isinstance(left, Term) else None)

    def unread(self, s: Statement) -> Iterator[Claim]:
        """A block of which nothing is read."""
        span = self.document.original(s.span)
        yield self._refused(Claim(span, s.span.text, "", "", "unread"), s.errors[0])

    def _first_sight(self, left: Term, right: Term) -> bool:
        """Whether the left side is a name that means nothing yet."""
        if (base := deviation(left)) is not None:
            return name_of(base) not in self.scope.known() | right.free
        name = name_of(left)
        if name is None or self.scope.is_defined(left) or determined(left, self.scope) is not None:
            return False
        bare = left.bare
        head = head_of(left)
        if bare in set(right.bare.postorder()):
            return False
        if head is None and (name in self.scope.context.definitions or self._is_member(left)):
            return False
        if isinstance(bare, Fn) and head is None:
            return not _is_catalogue(name) and name not in self.scope.context.definitions
        return not (isinstance(bare, Sym) and name in right.free)

    def _is_member(self, left: Term) -> bool:
        """Whether a head such as h^{(2)} is a member of a sequence that is defined from its first member on."""
        system = system_of(self.scope.here, self.scope.equations)
        name = family_of(system.settled(left))
        return name is not None and system.is_recursive(name) and bool(system.recursions[name].bases)

    def _infer(self, left: Term, right: Term) -> None:
        """f'(x) = d/dx E, or dz/dx = d/dx E, with f or z unknown, defines it."""
        self.inferred = []
        derivative = right.bare
        if not isinstance(derivative, Derivative) or derivative.order != 1:
            return
        match left.bare:
            case Prime(name, (1,), (Sym(letter),)) if name not in self.scope.context.definitions and name not in FUNCTIONS:
                if derivative.var.name == letter and name not in derivative.body.free:
                    self.scope.context = self.scope.context.define(name, (letter,), derivative.body)
                    self.inferred.append(f"{name}({letter}) := {derivative.body!s}")
            case Derivative(Sym(name), var, 1) if name not in self.scope.context.definitions and var == derivative.var:
                if name not in derivative.body.free and not isinstance(derivative.body, Sym):
                    self.scope.context = self.scope.context.define(name, (), derivative.body)
                    self.inferred.append(f"{name} := {derivative.body!s}")

    def _steps(self, s: Statement, start: int, conditions: tuple[Term, ...], previous: Term | None) -> Iterator[Claim]:
        """The steps to the sides from `start` on."""
        temporary = self.scope.temporary
        self.scope.temporary = (*temporary, *(c.bare for c in (*s.conditions, *conditions)))
        self.scope.chain = tuple(t.bare for t in (previous, *s.sides) if isinstance(t, Term))
        shift = 0 if len(s.relations) == len(s.sides) else 1
        previous = None if previous is None else with_letters(previous, self.scope)
        left: Term | ReadError | None = previous
        unread = s.sides[0] if previous is None and s.sides and isinstance(s.sides[0], ReadError) else None
        self.good = previous
        self.good_line = self.document.original(s.span).line
        for k in range(start, len(s.sides)):
            side, relation = s.sides[k], s.relations[k - shift]
            right = with_letters(side, self.scope) if isinstance(side, Term) else side
            if relation in ("∈", "∉"):
                break
            claim = self._claim(s, left if left is not None else unread, relation, right, k)
            if isinstance(right, ReadError):
                yield self._refused(claim, right)
                continue
            if not isinstance(left, Term):
                if unread is not None:
                    yield self._refused(claim, unread)
                else:
                    claim.reason = "this chain begins with nothing to compare with"
                    yield claim
                left, self.good = right, right
                continue
            yield self._judged(claim, left, relation, right, s)
            left = right
        if isinstance(left, Term):
            self.last = left
        self.scope.temporary = temporary

    def _remark(self, claim: Claim, left: Term, right: Term) -> None:
        """What can be said of the letters without deciding: a dummy that is free as well, a case about a letter that does not occur."""
        free = left.free | right.free
        bound = {t.index.name for side in (left, right) for t in side.bare.postorder() if isinstance(t, Sum | Product)}
        for name in sorted(bound & free):
            claim.repairs.append(f"{name} is bound in a sum and free beside it: the bound one is taken as a letter of its own")

    def _judged(self, claim: Claim, left: Term, relation: str, right: Term, s: Statement) -> Claim:
        judgement = judge(left, relation, right, self.scope)
        self._remark(claim, left, right)
        claim.inferred += self.inferred
        self.inferred = []
        if judgement.verdict.kind != "proved":
            judgement, claim = self._other_reading(judgement, claim, left, relation, right, s)
        put(claim, judgement)
        if claim.verdict == "undecided" and self.equation is not None:
            self._solves(claim, left, right)
        if claim.verdict == "undecided" and (absent := absent_letter(left, right)) is not None:
            found = diagnose(left, right, self.scope)
            claim.reason = f"{absent}; {claim.reason}" if found is None else found.words
            claim.suggestion = None if found is None else found.suggestion
        if claim.verdict == "refuted":
            self._after_refuted(claim, left, relation, right)
        elif claim.verdict == "proved" and relation == "=" and self.good is left:
            self.good, self.good_line = right, claim.span.line
        if judgement.verdict.conditions and not claim.reason and isinstance(left.bare, Prime | Derivative):
            claim.reason = "elsewhere the derivative does not exist: a value there is a convention"
        if claim.verdict == "proved":
            self.scope.mentioned |= set(right.free)
            if relation == "=" and not claim.conditions:
                self.scope.show(left, right)
        if claim.verdict != "refuted" and relation == "=" and left is s.sides[0] and determined(left, self.scope) is not None:
            self.scope.define(left, right, line=claim.span.line)
        return claim

    def _excused(self, claim: Claim, left: Term, right: Term) -> bool:
        """Whether a refuted step is rather an equation that is solved over several lines, or has names such as x1 in it."""
        if _GLUED.search(claim.left) or _GLUED.search(claim.right):
            _leave_open(claim, "a letter with a number right behind it may be one name")
            return True
        if "}'(" in claim.left or "}'(" in claim.right:
            _leave_open(claim, "a function in braces may have been read as a product")
            return True
        if _NUMBERED.search(claim.left) or _NUMBERED.search(claim.right):
            _leave_open(claim, "e with a number in brackets above may be a name")
            return True
        if self.scope.solving and not derivatives_in(left) and head_of(left) is None:
            _leave_open(claim, "the words say that an equation is solved here")
            return True
        return self._solves(claim, left, right)

    def _solves(self, claim: Claim, left: Term, right: Term) -> bool:
        """Whether a step that is not proved says the same as a refuted one right before it."""
        difference = Add(left.bare, Neg(right.bare))
        before, self.equation = self.equation, (claim, difference) if claim.verdict == "refuted" else None
        if before is None or before[0].span.line == claim.span.line or before[0].left == claim.left:
            return False
        for same in (before[1], Neg(before[1])):
            if judge(same, "=", difference, self.scope).verdict.kind == "proved":
                _leave_open(before[0], "this is an equation that is solved here")
                _leave_open(claim, "this is an equation that is solved here")
                return True
        return False

    def _after_refuted(self, claim: Claim, left: Term, relation: str, right: Term) -> None:
        """Why the step is wrong; or, where its predecessor was, whether it follows again from the last good line."""
        if relation != "=":
            claim.reason = claim.reason or "there is a counterexample"
            return
        if self.good is not None and self.good is not left:
            again = judge(self.good, relation, right, self.scope)
            if again.verdict.kind == "proved":
                put(claim, again)
                claim.witness = None
                claim.reason = f"follows again from line {self.good_line}; what stands between is wrong"
                self.good, self.good_line = right, claim.span.line
                return
        if self._excused(claim, left, right):
            return
        found = diagnose(left, right, self.scope)
        definition = self.scope.context.definitions.get(name_of(left) or "")
        former = left.bare if definition is None else definition.body
        if self._restated(claim, left, right, found):
            if claim.verdict == "refuted" and (words := saved_by_words(former, "=", right.bare, self.scope)) is not None:
                _leave_open(claim, words)
            return
        if found is not None:
            claim.reason = "; ".join(part for part in (found.words, claim.reason) if part)
            claim.suggestion = found.suggestion
        elif not claim.reason or claim.reason in LAYOUTS.values():
            claim.reason = ", ".join(("both sides differ at the counterexample", *filter(None, (claim.reason,))))

    def _restated(self, claim: Claim, left: Term, right: Term, found: Cause | None) -> bool:
        """A name that is given again, differently: a slip where one edit mends it, else a new meaning; it holds from here on."""
        head = head_of(left)
        if head is None or head.name == self.scope.called:
            return False
        if head.name not in self.scope.context.definitions or system_of(self.scope.here).is_recursive(head.name):
            return False
        old = self.scope.context.definitions[head.name]
        line = self.scope.lines.get(head.name)
        other = self.other_readings.get(head.name)
        restated = self.follows and head.name in self.fresh and _of_the_same(old, right, self.scope, left)
        misread = other is not None and judge(other, "=", right, self.scope).verdict.kind == "proved"
        given = head.name in self.scope.given
        if (
            misread
            or restated
            or (given and old.body.free == right.free and right.size >= MISTAKEN_SIZE and found is not None and found.suggestion)
        ):
            claim.reason = f"this is not the {head.name} that was given" + (f" in line {line}" if line else "")
            if misread:
                claim.reason += "; there, a / b * c means (a / b) * c, not a / (b c)"
            if found is not None:
                claim.reason, claim.suggestion = f"{claim.reason}: {found.words}", found.suggestion
        else:
            claim.verdict, claim.witness, claim.method = "definition", None, ""
            claim.reason = f"{head.name} means something else from here on"
        self.scope.former[head.name] = old
        self.scope.define(left, right, line=claim.span.line)
        return True

    def _other_reading(
        self, judgement: Judgement, claim: Claim, left: Term, relation: str, right: Term, s: Statement
    ) -> tuple[Judgement, Claim]:
        """The judgement in another reading of the right or left side, if that one is proved."""
        for note in s.notes:
            if note.kind != "ambiguity" or note.other is None:
                continue
            a, b = left, right
            if right.span is not None and right.span.start <= note.span.start < right.span.end:
                b = note.other
            elif left.span is not None and left.span.start <= note.span.start < left.span.end:
                a = note.other
            else:
                continue
            again = judge(a, relation, b, self.scope)
            if again.verdict.kind == "proved":
                claim.repairs.append(f"read the other way: {note.message}")
                return again, claim
        return judgement, claim

    # -------------------------------------------------------------------------------------------------- the claim
    def _claim(self, s: Statement, left: Term | ReadError | None, relation: str, right: Term | ReadError, k: int) -> Claim:
        here = _place(right, s.span)
        inside = isinstance(left, (Term, ReadError)) and left.span is not None and left.span.source is here.source
        whole = left.span.to(here) if inside and k > 0 and left is not None and left.span is not None else here
        if not (s.span.start <= whole.start and s.span.source is whole.source):
            whole = here
        notes = [n for n in s.notes if n.kind != "ambiguity" and whole.start <= n.span.start <= whole.end]
        if k == 1:
            notes += [n for n in s.notes if n.kind == "repair" and n not in notes]
        return Claim(
            self.document.original(whole),
            _shown(left),
            relation,
            _shown(right),
            "unread",
            repairs=[n.message for n in notes if n.kind == "repair"],
            cell=self.document.cell_of(whole),
            term=right if isinstance(right, Term) else None,
            left_term=left if isinstance(left, Term) else None,
        )

    def _refused(self, claim: Claim, error: ReadError) -> Claim:
        claim.verdict = "unread"
        where = ""
        if error.span is not None:
            original = self.document.original(error.span)
            where = f"{original.line}:{original.column}: "
        claim.reason = f"{where}{error.what}" + (f" ({error.hint})" if error.hint else "")
        return claim


def _leave_open(claim: Claim, reason: str) -> None:
    """The claim undecided, for a reason."""
    claim.verdict, claim.method, claim.witness, claim.suggestion, claim.reason = "undecided", "", None, None, reason


def _of_the_same(old: Definition, new: Term, scope: Scope, head: Term) -> bool:
    """Whether two formulas for one name have the same letters, up to sizes, ranges and bound letters."""
    own = {i.name for i in head.indices if isinstance(i, Sym)} if isinstance(head, Entry) else set()
    before, after = ({n for n in scope.reached(t) - own if not scope.is_size_or_index(n)} for t in (old.body, new))
    return before == after != set()


def _is_catalogue(name: str) -> bool:
    return name in NAMES or name == "sigma"


def _place(side: Term | ReadError, otherwise: Span) -> Span:
    return side.span if side.span is not None else otherwise


def _shown(side: Term | ReadError | None) -> str:
    if side is None:
        return ""
    if side.span is not None:
        return " ".join(side.span.text.split())
    return latex(side) if isinstance(side, Term) else side.what
