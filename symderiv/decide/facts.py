"""What a context's assumptions say: ranges of letters, and whether a condition holds, fails or is not known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from symderiv.decide.balls import ball_of
from symderiv.decide.canonical import SIZES, Form
from symderiv.decide.connectives import CONNECTED, connected
from symderiv.decide.intervals import REAL, Interval
from symderiv.decide.kernels import ScaleChanged
from symderiv.decide.lines import linear_form
from symderiv.decide.opened import DEEPEST_CONDITIONS, is_scalar, opened
from symderiv.decide.polynomials import Ring, TooManyKernels, terms_of
from symderiv.decide.properties import WORDS
from symderiv.decide.ranges import follows
from symderiv.decide.signs import Signs, relation_of_signs
from symderiv.decide.traits import nesting
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.terms import REAL as REAL_LETTER
from symderiv.terms import (
    Add,
    And,
    Context,
    Fn,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Relation,
    Sym,
    Term,
    minus,
    number,
    plus,
    value,
)

PRECISIONS: Final = (64, 256, 1024)
"""Bits at which numbers without letters are compared, one after the other."""
REMEMBERED: Final = 8
"""Contexts whose facts are kept."""
LARGEST_FORM: Final = 20_000
"""Terms that one form holds before it is begun afresh."""
MOST_RESTARTS: Final = 40
"""How often a form is begun again, in a larger ring or with finer kernels, for one question."""


def relations_of(condition: Term, holding: bool = True) -> Iterator[Relation]:
    """The relations that all hold where the condition does (or where it does not)."""
    match condition:
        case Relation(op, a, b):
            yield condition if holding else Relation(Relation.NEGATED[op], a, b)
        case Not(c):
            yield from relations_of(c, not holding)
        case And(parts) if holding:
            for p in parts:
                yield from relations_of(p)
        case Or(parts) if not holding:
            for p in parts:
                yield from relations_of(p, False)


class Facts:
    """The assumptions of a context, opened, and what follows from them; every answer is kept.

    `conditions` are the assumptions, `relations` the relations that all hold with them. An assumption that is not one of numbers is
    left out, and `complete` is then False.
    """

    def __init__(self, context: Context, known: Facts | None = None, budget: Budget | None = None) -> None:
        self.context = context
        self.budget = budget or Budget()
        self.complete = True
        self._ranges: dict[Term, Interval] = {}
        self._answers: dict[Term, bool | None] = {}
        self._known_signs: dict[Term, frozenset[int]] = {}
        self._signs: Signs | None = None
        self._baseline = 0
        self._scale: dict[Any, Fraction] = {}
        self._size = 0
        if known is None:
            self.relations: list[Relation] = []
            self.conditions: list[Term] = []
            self._bounds: dict[Term, list[tuple[str, Fraction]]] = {}
            self._take(context.assumptions)
        else:
            self.relations = list(known.relations)
            self.conditions = list(known.conditions)
            self._bounds = {t: list(found) for t, found in known._bounds.items()}
            self.complete = known.complete
            self._take(context.assumptions[len(known.context.assumptions) :])

    def _take(self, assumptions: tuple[Term, ...]) -> None:
        for a in assumptions:
            if isinstance(a, Fn) and a.name in WORDS:
                continue
            try:
                condition = opened(a, self.context, self.budget)
            except Unsupported:
                self.complete = False
                continue
            if is_scalar(condition, self.context):
                self.conditions.append(condition)
                for r in relations_of(condition):
                    self.relations.append(r)
                    self._bound(r)
            else:
                self.complete = False

    def _bound(self, r: Relation) -> None:
        """Keep what a relation says of one letter, or of one other term, alone."""
        form = linear_form(minus(r.left, r.right))
        if form is not None:
            letters = [n for n, c in form.items() if n and c]
            if len(letters) == 1:
                (name,) = letters
                c = form[name]
                op = r.op if c > 0 else Relation.MIRRORED[r.op]
                self._bounds.setdefault(Sym(name), []).append((op, -form.get("", Fraction(0)) / c))
            return
        for side, other, op in ((r.left, r.right, r.op), (r.right, r.left, Relation.MIRRORED[r.op])):
            if (q := value(other)) is not None:
                self._bounds.setdefault(side, []).append((op, q))

    def allow(self, budget: Budget) -> None:
        """Answer from now on within this budget."""
        self.budget = budget
        if self._signs is not None:
            self._signs.form.budget = budget

    def assume(self, *conditions: Term) -> Facts:
        """The facts where the conditions hold as well."""
        return Facts(self.context.assume(*conditions), self, self.budget)

    @property
    def equations(self) -> list[Relation]:
        """The equations among the relations that may be solved for a letter: none of their letters is an integer or runs over a range."""
        sorts = self.context.sorts
        return [
            r
            for r in self.relations
            if r.op == "=" and not any(n in sorts and sorts[n] != REAL_LETTER for n in r.left.free | r.right.free)
        ]

    # ------------------------------------------------------------------------------------------------------- letters
    def range_of(self, term: Term) -> Interval:
        """The interval in which a letter (or another atom) lies."""
        found = self._ranges.get(term)
        if found is None:
            found = self._sort_range(term)
            for op, q in self._bounds.get(term, ()):
                found = found.meet(_half_line(op, q))
            if isinstance(term, Sym) and self.context.sort(term.name).field == "integer":
                found = found.whole()
            self._ranges[term] = found
        return found

    def _sort_range(self, term: Term) -> Interval:
        if not isinstance(term, Sym):
            return REAL
        bounds = self.context.sort(term.name).bounds
        if bounds is None:
            return REAL
        low, high = (value(b) for b in bounds)
        return Interval(low, high, low is None, high is None)

    def is_integer(self, term: Term) -> bool:
        """Whether a term takes only integers as values, as its shape shows."""
        known: dict[Term, bool] = {}
        for t in term.postorder():
            match t:
                case Num():
                    known[t] = True
                case Sym(name):
                    known[t] = self.context.sort(name).field == "integer" and not self.context.sort(name).shape
                case Add(args) | Mul(args):
                    known[t] = all(known[a] for a in args)
                case Neg(a):
                    known[t] = known[a]
                case Pow(a, Num()):
                    known[t] = known[a]
                case _:
                    known[t] = False
        return known[term]

    # ---------------------------------------------------------------------------------------------------- conditions
    def holds(self, condition: Term) -> bool | None:
        """Whether a condition holds: True, False, or None where that is not known."""
        if condition in self._answers:
            return self._answers[condition]
        found = self._holds(condition)
        if found is not None or not self.budget.used_up:
            self._answers[condition] = found
        return found

    def _holds(self, condition: Term) -> bool | None:
        if isinstance(condition, CONNECTED):
            return connected(condition, self.holds)
        match condition:
            case Relation(op, a, b):
                if condition in self.context.assumptions:
                    return True
                try:
                    left, right = opened(a, self.context, self.budget), opened(b, self.context, self.budget)
                    if not (is_scalar(left, self.context) and is_scalar(right, self.context)):
                        return None
                    return self.sign_is(op, minus(left, right))
                except Unsupported:
                    return None
        return None

    def linear_factors(self, u: Term) -> list[Term]:
        """For a polynomial that is not linear and has factors x − q in single letters: these factors."""
        if linear_form(u) is not None:
            return []
        try:
            form = Form(Ring(SIZES[0]), self.budget, self.range_of, {}, is_integer=self.is_integer)
            n, _ = form.reduced(form.of(u))
            found = []
            for p, _ in form.factors(n)[1]:
                used = [k for k, d in enumerate(p.degrees()) if d]
                if len(used) == 1 and p.degrees()[used[0]] == 1 and form.kernels[used[0]].key[0] == "letter":
                    (_, c), *rest = sorted(terms_of(p), reverse=True)
                    letter = Sym(form.kernels[used[0]].key[1])
                    found.append(plus(letter, number(rest[0][1] / c)) if rest else letter)
        except (Unsupported, ScaleChanged, TooManyKernels):
            return []
        return found

    def sign_is(self, op: str, difference: Term) -> bool | None:
        """Whether `difference op 0`, for an opened scalar term. Raises Unsupported where it cannot be read."""
        return relation_of_signs(op, self.signs_of(difference))

    def signs_of(self, term: Term) -> frozenset[int]:
        """The signs that an opened scalar term can have. Raises Unsupported where it cannot be read."""
        if (found := self._known_signs.get(term)) is None:
            found = self._known_signs[term] = self._signs_of(term)
        return found

    def _signs_of(self, term: Term) -> frozenset[int]:
        q = value(term)
        if q is not None:
            return frozenset(((q > 0) - (q < 0),))
        if not term.free and (known := _sign_of_number(term)) is not None:
            return known
        for _ in range(MOST_RESTARTS):
            try:
                return self._ask(term)
            except ScaleChanged:
                self._signs = None
            except TooManyKernels:
                self._signs = None
                self._scale.clear()
                self._size += 1
                if self._size >= len(SIZES):
                    self._size = 0
                    raise Unsupported("more kernels than this") from None
        raise Unsupported("kernels this fine")

    def _ask(self, term: Term) -> frozenset[int]:
        """One question to the form that is kept; what a question teaches by its own domain is forgotten after it."""
        signs = self._signs
        if signs is None or len(signs.form.done) > LARGEST_FORM:
            form = Form(Ring(SIZES[self._size]), self.budget, self.range_of, self._scale, is_integer=self.is_integer)
            signs = self._signs = Signs(form, self.relations)
            self._baseline = len(form.learned)
        try:
            return signs.of(term)
        finally:
            if len(signs.form.learned) != self._baseline:
                self._signs = None


def _sign_of_number(term: Term) -> frozenset[int] | None:
    """The sign of a number that is not rational arithmetic, from balls."""
    for bits in PRECISIONS:
        ball = ball_of(term, {}, bits)
        if ball is None:
            return None
        if ball > 0 or ball < 0 or ball.is_zero():
            return frozenset(((ball > 0) - (ball < 0),))
    return None


def _half_line(op: str, q: Fraction) -> Interval:
    if op == "=":
        return Interval.point(q)
    if op == "≠":
        return REAL
    if op in (">", "≥"):
        return Interval(q, None, op == ">", True)
    return Interval(None, q, True, op == "<")


_recent: deque[Facts] = deque(maxlen=REMEMBERED)


def facts_of(context: Context, budget: Budget) -> Facts:
    """The facts of a context; those of the last few contexts are kept."""
    for facts in _recent:
        known = facts.context
        if (
            known.assumptions == context.assumptions
            and (known.sorts is context.sorts or not (known.sorts or context.sorts))
            and (known.definitions is context.definitions or not (known.definitions or context.definitions))
        ):
            facts.allow(budget)
            return facts
    facts = Facts(context, budget=budget)
    _recent.append(facts)
    return facts


def holds(condition: Term, context: Context, effort: float = 0.5) -> bool | None:
    """Whether a condition holds under the assumptions of a context: True, False, or None where that is not known.

    >>> from symderiv.read import read_plain
    >>> holds(read_plain("1 + exp(x) != 0"), Context())
    True
    >>> holds(read_plain("x > 0"), Context()) is None
    True
    """
    condition = condition.bare
    if nesting(condition) > DEEPEST_CONDITIONS:
        return None
    known = facts_of(context, Budget(effort)).holds(condition)
    return True if known is None and follows(condition, context) else known
