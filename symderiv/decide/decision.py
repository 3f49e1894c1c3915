"""Deciding a claim: refuted by a point at which certified balls are disjoint, proved by equal canonical forms, else undecided."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from symderiv.decide.balls import ball_of, compared
from symderiv.decide.canonical import Form, Guard, form_of
from symderiv.decide.facts import Facts, holds, relation_holds
from symderiv.decide.opened import opened
from symderiv.decide.points import Points, linear_form
from symderiv.decide.regions import has_knots, resolved, switches, undefined
from symderiv.decide.verdict import EFFORT, Budget, Unsupported, Verdict, Witness
from symderiv.terms import (
    FUNCTIONS,
    ZERO,
    Add,
    Binder,
    Context,
    Entry,
    Fn,
    Layer,
    Neg,
    Prime,
    Relation,
    Sym,
    Term,
    minus,
    neg,
    number,
    plus,
    substitute,
    times,
)
from symderiv.terms import replace as replaced
from symderiv.terms.plain import plain

QUICK = 2
"""Points that are tried before a proof."""
POINTS = 24
"""Points that are tried in all."""
PRECISIONS = (64, 256, 1024)
"""Bits, one after the other, while the balls of both sides overlap."""
MOST_REGIONS = 300


def decide(left: Term, right: Term, context: Context | None = None, effort: float = EFFORT) -> Verdict:
    """Whether left = right wherever both are defined and the assumptions hold.

    *Proved* if the canonical forms are equal, on every region if there are several; the conditions say where one side is undefined and
    the other is not. *Refuted* with a rational point at which both sides are defined and their balls are disjoint. Else *undecided*.

    >>> from symderiv.read import read_plain
    >>> decide(read_plain("(x + 1)^2"), read_plain("x^2 + 2*x + 1")).kind
    'proved'
    >>> decide(read_plain("x/x"), read_plain("1")).conditions
    (Relation('≠', Sym('x'), Num(0)),)
    """
    context = context or Context()
    left, right = left.bare, right.bare
    if left is right:
        return Verdict("proved", "both sides are the same")
    budget = Budget(effort)
    try:
        a, b = opened(left, context), opened(right, context)
    except Unsupported as reason:
        return Verdict("undecided", tried=(f"{reason} cannot be decided yet",))
    except RecursionError:
        return Verdict("undecided", tried=("definitions nested this deep cannot be decided",))
    claim = _Claim("=", a, b, context, budget)
    if (witness := claim.witness(QUICK)) is not None:
        return Verdict("refuted", "counterexample", witness=witness)
    tried = []
    try:
        return claim.proof()
    except Unsupported as reason:
        tried.append(f"normal form: {reason}")
    if (witness := claim.witness(POINTS)) is not None:
        return Verdict("refuted", "counterexample", witness=witness)
    tried.append(f"{claim.tested} points in balls of up to {PRECISIONS[-1]} bits: no difference seen")
    return Verdict("undecided", tried=tuple(tried))


def prove(left: Term, right: Term, context: Context | None = None, effort: float = EFFORT) -> Verdict:
    """The proof alone, with no look for a counterexample before or after it; undecided where there is none."""
    context = context or Context()
    try:
        return _Claim("=", opened(left, context), opened(right, context), context, Budget(effort)).proof()
    except Unsupported as reason:
        return Verdict("undecided", tried=(f"normal form: {reason}",))


def decide_relation(relation: Term, context: Context | None = None, effort: float = EFFORT) -> Verdict:
    """Whether a relation holds wherever both sides are defined and the assumptions hold: by signs and ranges, or with a counterexample."""
    context = context or Context()
    assert isinstance(relation, Relation)
    if relation.op == "=":
        return decide(relation.left, relation.right, context, effort)
    budget = Budget(effort)
    try:
        a, b = opened(relation.left, context), opened(relation.right, context)
    except Unsupported as reason:
        return Verdict("undecided", tried=(f"{reason} cannot be decided yet",))
    claim = _Claim(relation.op, a, b, context, budget)
    if (witness := claim.witness(QUICK)) is not None:
        return Verdict("refuted", "counterexample", witness=witness)
    try:
        if _holds_everywhere(relation.op, minus(a, b), context, budget):
            return Verdict("proved", "signs and ranges")
    except Unsupported:
        pass
    if (witness := claim.witness(POINTS)) is not None:
        return Verdict("refuted", "counterexample", witness=witness)
    return Verdict("undecided", tried=("signs and ranges", f"{claim.tested} points: no counterexample"))


def _holds_everywhere(op: str, difference: Term, context: Context, budget: Budget) -> bool:
    """Whether `difference op 0` on every region."""
    difference = resolved(difference, context)
    switch = next(switches(difference), None)
    if switch is None:
        return relation_holds(op, difference, Facts(context), budget) is True
    budget.check()
    for sign in ("<", "=", ">"):
        here = Relation(sign, switch, ZERO)
        if holds(here, context) is not False and not _holds_everywhere(op, difference, context.assume(here), budget):
            return False
    return True


class _Claim:
    """`left op right`, both opened, in a context."""

    def __init__(self, op: str, left: Term, right: Term, context: Context, budget: Budget) -> None:
        self.op, self.left, self.right, self.context, self.budget = op, left, right, context, budget
        self.tested = 0
        self._points: Any = None
        self._given = 0

    # ----------------------------------------------------------------------------------------------- counterexamples
    def witness(self, most: int) -> Witness | None:
        """A point at which the claim is certainly false, among the next ones of a fixed sequence."""
        if self._points is None:
            left, right, names = _with_letters(self.left, self.right, self.context)
            if left is None or right is None:
                return None
            self._sides = (left, right)
            relations = Facts(self.context).relations
            free = sorted((left.free | right.free) | {n for r in relations for n in r.left.free | r.right.free})
            self._points = iter(Points(free, relations, self.context))
            self._names = [n for n in free if n in left.free | right.free or n in names]
        while self._given < most:
            self._given += 1
            point = next(self._points)
            if not point and self._names:
                continue
            try:
                self.budget.check()
                found = self._at(point)
            except Unsupported:
                return None
            if found is not None:
                return found
            if not self._names:
                break
        return None

    def _at(self, point: Mapping[str, Fraction]) -> Witness | None:
        self.tested += 1
        for bits in PRECISIONS:
            a, b = ball_of(self._sides[0], point, bits), ball_of(self._sides[1], point, bits)
            if a is None or b is None:
                return None
            if compared(self.op, a - b) is False:
                values = {n: point[n] for n in self._names if n in point}
                return Witness(values, *_digits(a, b), bits)
            if compared(self.op, a - b) is True and self.op != "=":
                return None
            if not (a - b).contains(0):
                return None
        return None

    # -------------------------------------------------------------------------------------------------------- proofs
    def proof(self) -> Verdict:
        """The proof by canonical forms; raises Unsupported where there is none. May find a counterexample in a region."""
        if not (has_knots(self.left) or has_knots(self.right)):
            return Verdict("proved", "equal canonical forms", self._smooth(self.left, self.right, self.context))
        regions = _Regions(self)
        regions.visit(self.left, self.right, self.context, ())
        if regions.witness is not None:
            return Verdict("refuted", "counterexample", witness=regions.witness)
        return Verdict(
            "proved", f"equal canonical forms on each of {regions.count} regions", _needed(regions.conditions, self.context)
        )

    def _smooth(self, left: Term, right: Term, context: Context) -> tuple[Term, ...]:
        """The conditions under which the canonical forms are equal; raises Unsupported if they are not."""
        facts = Facts(context)
        guards = form_of(lambda form: _equal_forms(form, left, right), self.budget, facts.range_of)
        return _needed([g.condition for g in guards], context)


def _equal_forms(form: Form, left: Term, right: Term) -> list[Guard]:
    """The guards of one side that the other does not have; raises Unsupported unless the forms are equal."""
    p, q = form.of(left)
    first = dict(form.guards)
    form.guards.clear()
    form.done = {t: quotient for t, quotient in form.done.items() if not t.children}
    r, s = form.of(right)
    second = form.guards
    difference = form.ring.times(p, s) - form.ring.times(r, q)
    if form.related(difference) != 0:
        top, _ = form.reduced((difference, form.ring.times(q, s)))
        if top != 0:
            raise Unsupported("the canonical forms differ")
    keys = {k for _, k in first} ^ {k for _, k in second}
    return [g for g in (*first.values(), *second.values()) if g.key[1] in keys]


def _needed(conditions: Any, context: Context) -> tuple[Term, ...]:
    """The conditions that neither the context nor the others give."""
    left = list(dict.fromkeys(c for c in conditions if holds(c, context) is not True))
    for c in list(left):
        others = [d for d in left if d != c]
        if others and len(left) <= 12 and holds(c, context.assume(*others)) is True:
            left = others
    return tuple(left)


class _Regions:
    """The proof region by region: every switch negative, zero, positive."""

    def __init__(self, claim: _Claim) -> None:
        self.claim = claim
        self.count = 0
        self.conditions: list[Term] = []
        self.witness: Witness | None = None

    def visit(self, left: Term, right: Term, context: Context, path: tuple[Relation, ...]) -> None:
        """Prove the claim where the assumptions and the relations of the path hold."""
        self.claim.budget.check()
        left, right = resolved(left, context), resolved(right, context)
        switch = next(switches(left), None) or next(switches(right), None)
        if switch is None or undefined(left) or undefined(right):
            self._leaf(left, right, context, path)
            return
        for sign in (">", "<", "="):
            here = Relation(sign, switch, ZERO)
            if self.witness is None and holds(here, context) is not False:
                self.visit(left, right, context.assume(here), (*path, here))

    def _leaf(self, left: Term, right: Term, context: Context, path: tuple[Relation, ...]) -> None:
        self.count += 1
        if self.count > MOST_REGIONS:
            raise Unsupported("more regions than this")
        if undefined(left) or undefined(right):
            if undefined(left) != undefined(right):
                last = path[-1] if path else None
                if last is None:
                    raise Unsupported("one side is undefined")
                self.conditions.append(_written(Relation.NEGATED[last.op], last.left))
            return
        claim = self.claim
        try:
            pinned_left, pinned_right, pinned = _pinned(left, right, context, path)
            found = claim._smooth(pinned_left, pinned_right, pinned)
            self.conditions += [c for c in found if c not in self.conditions]
        except Unsupported:
            inner = replace_context(claim, context)
            self.witness = inner.witness(POINTS)
            claim.tested += inner.tested
            if self.witness is None:
                raise


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


def replace_context(claim: _Claim, context: Context) -> _Claim:
    """The same claim under more assumptions."""
    return _Claim(claim.op, claim.left, claim.right, context, claim.budget)


def _pinned(left: Term, right: Term, context: Context, path: tuple[Relation, ...]) -> tuple[Term, Term, Context]:
    """Both sides with the letters put in that the equations of the path determine."""
    for r in path:
        if r.op != "=":
            continue
        solved = _solved(minus(r.left, r.right))
        if solved is None:
            continue
        name, term = solved
        left, right = substitute(left, {name: term}), substitute(right, {name: term})
    return left, right, context


def _solved(u: Term) -> tuple[str, Term] | None:
    """A letter that u = 0 determines, and what it is."""
    form = linear_form(u)
    if form is not None:
        name = next((n for n in sorted(form) if n and form[n]), None)
        if name is None:
            return None
        rest = plus(
            *(times(number(-c / form[name]), Sym(n)) if n else number(-c / form[name]) for n, c in form.items() if n != name and c)
        )
        return name, rest
    match u:
        case Add(args):
            for a in args:
                sign, letter = (-1, a.arg) if isinstance(a, Neg) else (1, a)
                others = [b for b in args if b is not a]
                if isinstance(letter, Sym) and not any(letter.name in b.free for b in others):
                    total = plus(*others)
                    return letter.name, neg(total) if sign > 0 else total
        case Sym(name):
            return name, ZERO
    return None


def _with_letters(left: Term, right: Term, context: Context) -> tuple[Term | None, Term | None, set[str]]:
    """Both sides with values of unknown functions, entries and layers as letters of their own, for they can be anything.

    Only where their arguments are letters or numbers that differ as written, so that two of them are never one value in disguise.
    """
    names: dict[Term, str] = {}
    arguments: dict[tuple[Any, ...], set[tuple[Term, ...]]] = {}
    possible = True

    def letter(t: Term) -> Term | None:
        nonlocal possible
        if isinstance(t, Binder):
            possible = False
        unknown = isinstance(t, (Entry, Layer, Prime)) or (isinstance(t, Fn) and t.name not in FUNCTIONS)
        if not unknown:
            return None
        family = (type(t).__name__, t.data) if isinstance(t, (Fn, Prime)) else (type(t).__name__, t.children[0])
        places = t.children if isinstance(t, (Fn, Prime)) else t.children[1:]
        arguments.setdefault(family, set()).add(places)
        return Sym(names.setdefault(t, plain(t)))

    left, right = replaced(left, letter), replaced(right, letter)
    for places in arguments.values():
        if len(places) > 1 and not _all_different(places, context):
            possible = False
    return (left, right, set(names.values())) if possible else (None, None, set())


def _all_different(places: set[tuple[Term, ...]], context: Context) -> bool:
    listed = sorted(places, key=lambda p: [t.digest for t in p])
    for k, p in enumerate(listed):
        for q in listed[k + 1 :]:
            different = [holds(Relation("≠", a, b), context) for a, b in zip(p, q, strict=True) if a != b]
            if True not in different:
                return False
    return True


def _digits(a: Any, b: Any) -> tuple[str, str]:
    """Both values with as many certain digits as tell them apart, at least four."""
    for n in (4, 8, 15, 30, 60, 120, 300):
        left, right = a.str(n, radius=False), b.str(n, radius=False)
        if left != right:
            return left, right
    return a.str(radius=False), b.str(radius=False)


def domain(term: Term, context: Context | None = None) -> tuple[Term, ...]:
    """The conditions under which every part of a term is defined, without those that the context gives.

    Raises Unsupported, as every part of this package, only inside; where the form cannot be made there are none to tell.
    """
    context = context or Context()
    try:
        whole = opened(term, context)
        guards = form_of(lambda form: (form.of(whole), list(form.guards.values()))[1], Budget(), Facts(context).range_of)
    except Unsupported:
        return ()
    return _needed([g.condition for g in guards], context)


def derivative_of(term: Term, name: str, context: Context | None = None) -> Term:
    """The derivative by a letter, mechanically: definitions opened, no steps. Raises NotDerivable where it has none."""
    from symderiv.errors import NotDerivable
    from symderiv.terms import Derivative

    try:
        return opened(Derivative(term, Sym(name)), context or Context())
    except Unsupported as reason:
        raise NotDerivable(f"{term} has no derivative by {name} that can be taken: {reason}", term.span) from None
