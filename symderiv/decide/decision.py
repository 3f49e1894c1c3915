"""Deciding a claim: refuted by a point at which certified balls are disjoint, proved by equal canonical forms, else undecided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from symderiv.decide import finite
from symderiv.decide.canonical import form_of
from symderiv.decide.entries import lettered
from symderiv.decide.facts import PRECISIONS, Facts, facts_of, holds
from symderiv.decide.opened import is_scalar, opened
from symderiv.decide.proofs import needed, proof
from symderiv.decide.regions import resolved, split
from symderiv.decide.traits import traits
from symderiv.decide.verdict import EFFORT, Budget, Unsupported, Verdict
from symderiv.decide.witnesses import Search
from symderiv.errors import NotDerivable
from symderiv.read.vocabulary import ALGEBRA, COUNTING
from symderiv.terms import (
    Array,
    Context,
    Derivative,
    Entry,
    Expectation,
    Fn,
    Integral,
    Layer,
    Limit,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    minus,
)

QUICK: Final = 2
"""Points that are tried before a proof."""
POINTS: Final = 24
"""Points that are tried in all."""


_OF_ANY_SIZE: Final = frozenset((Array, Entry))
_CALCULUS: Final = frozenset((Expectation, Integral, Limit))
_NAMED: Final = COUNTING | {"E", "expectation", "Var", "var", "Cov", "cov", "mathbb(V)"}


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
    verdict = _equal(left, right, context or Context(), effort)
    if not verdict.conditions or not traits(left).binds | traits(right).binds:
        return verdict
    from symderiv.decide import sequences

    needed = sequences.beyond_ranges(verdict.conditions, (left, right), context or Context(), _proves, effort)
    return replace(verdict, conditions=needed)


def _equal(left: Term, right: Term, context: Context, effort: float) -> Verdict:
    if finite.concerns(left, right, context):
        return _of_finite(left, right, context, effort)
    verdict = _of_any_values(left, right, context, effort)
    if verdict.kind == "undecided" and (found := finite.cases(left, right, context)) is not None:
        again = _at_values(found, effort)
        return again if again.kind != "undecided" else verdict
    return verdict


def _of_finite(left: Term, right: Term, context: Context, effort: float) -> Verdict:
    """The verdict where an assumption says which values a letter or the entries of an array have."""
    from symderiv.decide import indexed

    if (found := finite.cases(left, right, context)) is not None:
        return _at_values(found, effort)
    if finite.of_arrays(left, right, context) and indexed.concerns(left, right, context):
        return indexed.decide(left, right, context, effort)
    return Verdict("undecided", tried=("what takes finitely many values stands under a sum, or is an index",))


def _at_values(found: list[finite.Case], effort: float) -> Verdict:
    return finite.joined([(c, decide(c.left, c.right, c.context, effort / len(found))) for c in found])


def _of_any_values(left: Term, right: Term, context: Context, effort: float) -> Verdict:
    if context.random or _has_calculus(left, right):
        from symderiv.decide.calculus import evaluation, expectations

        if expectations.concerns(left, right, context):
            return expectations.decide(left, right, context, effort, decide)
        if evaluation.concerns(left, right, context):
            return evaluation.decide(left, right, context, effort, decide)
    if left != right and _may_be_of_any_size(left, right, context):
        from symderiv.decide import indexed

        verdict = _of_any_size(left, right, context, effort)
        if verdict is not None and verdict.kind == "refuted" and (turned := indexed.by_columns(left, right, context)) is not None:
            other = _of_any_size(*turned, effort)
            if other is None or other.kind != "refuted":
                return Verdict("undecided", tried=("false with the softmax of every row, but not with that of every column",))
        if verdict is not None:
            return verdict
    verdict = _decided(Relation("=", left, right), context, effort)
    if verdict.conditions and _has_whole_powers(left, right, context):
        from symderiv.decide import sequences

        again = sequences.decide(left, right, context, _at_one_index, effort)
        return again if again.kind == "proved" and len(again.conditions) < len(verdict.conditions) else verdict
    return verdict


def _has_whole_powers(left: Term, right: Term, context: Context) -> bool:
    """Whether a power with a whole letter as its exponent stands in a claim: b^n is defined for b = 0, too, where n ≥ 0."""
    return any(
        isinstance(t, Pow) and any(context.sort(x).field == "integer" for x in t.right.free)
        for side in (left, right)
        for t in side.postorder()
    )


def _of_any_size(left: Term, right: Term, context: Context, effort: float) -> Verdict | None:
    """The verdict on sequences, arrays and sums over an index; None where there are none."""
    from symderiv.decide import indexed, sequences

    if sequences.concerns(left, right, context):
        return sequences.decide(left, right, context, _at_one_index, effort)
    if not indexed.concerns(left, right, context):
        return None
    verdict = indexed.decide(left, right, context, effort)
    if verdict.kind == "undecided" and (numbers := lettered(left, right, context)) is not None:
        found = prove(numbers.left, numbers.right, numbers.context, effort)
        if found.kind == "proved":
            return replace(found, conditions=tuple(map(numbers.written, found.conditions)))
    if verdict.kind == "undecided" and sequences.may_help(left, right):
        again = sequences.decide(left, right, context, _at_one_index, effort)
        return again if again.kind != "undecided" else verdict
    return verdict


def _has_calculus(left: Term, right: Term) -> bool:
    """Whether an integral, a limit or a factorial may stand in a claim; a quick look, for most claims have none."""
    return any(
        not found.kinds.isdisjoint(_CALCULUS) or not found.functions.isdisjoint(_NAMED) for found in (traits(left), traits(right))
    )


def _at_one_index(left: Term, right: Term, context: Context, effort: float) -> Verdict:
    """Whether left = right, where what is defined member by member stands written out and is not written out again."""
    if left != right and _may_be_of_any_size(left, right, context):
        from symderiv.decide import indexed

        if indexed.concerns(left, right, context):
            return indexed.decide(left, right, context, effort)
    return _decided(Relation("=", left, right), context, effort)


def _may_be_of_any_size(left: Term, right: Term, context: Context) -> bool:
    """Whether something of a vector, a matrix or a sum stands in a claim or in the definitions; a quick look, for most claims have none."""
    if any(s.shape for s in context.sorts.values()):
        return True
    found = [traits(b) for b in (left, right, *(d.body for d in context.definitions.values()))]
    return any(t.binds or not t.kinds.isdisjoint(_OF_ANY_SIZE) or not t.functions.isdisjoint(ALGEBRA) for t in found)


def decide_relation(
    relation: Term, context: Context | None = None, effort: float = EFFORT, equations: Mapping[Term, Term] = MappingProxyType({})
) -> Verdict:
    """Whether a relation holds wherever both sides are defined and the assumptions hold.

    Equations are decided as by `decide`, inequalities by signs and ranges, both refuted with a counterexample; those about members of
    sequences and sums of any length by induction, too. `equations` may define sequences.
    Raises TypeError for what is not a relation.
    """
    if not isinstance(relation, Relation):
        raise TypeError(f"not a relation: {relation}")
    if context is not None and finite.concerns(relation.left, relation.right, context):
        found = finite.cases(relation.left, relation.right, context)
        if found is None:
            return Verdict("undecided", tried=("what takes finitely many values stands under a sum, or is an index",))
        return finite.joined(
            [(c, decide_relation(Relation(relation.op, c.left, c.right), c.context, effort / len(found))) for c in found]
        )
    context = context or Context()
    verdict = _decided(relation, context, effort)
    if verdict.kind != "undecided" or relation.op in ("=", "≠") or not _of_any_length(relation):
        return verdict
    from symderiv.decide import sequences

    return sequences.decide_inequality(relation, context, _decided, _proves, effort, equations)


def certain(relation: Relation, context: Context, effort: float = EFFORT) -> bool:
    """Whether a relation is plain from signs and ranges, members and sums of any length taken for numbers with the signs they show."""
    if holds(relation, context) is True:
        return True
    if relation.op in ("=", "≠"):
        return False
    from symderiv.decide import sequences

    return sequences.plain(relation, context, _proves, effort)


def _of_any_length(relation: Relation) -> bool:
    """Whether a relation has something of any length in it, as a quick look tells."""
    return any(
        isinstance(t, (Entry, Layer, Sum, Product))
        or (isinstance(t, Sym) and "_" in t.name)
        or (isinstance(t, Pow) and bool(t.right.free))
        or (isinstance(t, Fn) and t.name == "factorial")
        for t in relation.postorder()
    )


def _proves(relation: Relation, context: Context, budget: Budget) -> bool:
    """Whether signs and ranges show that a relation between numbers holds."""
    try:
        a, b = (_ready(side, context, budget) for side in (relation.left.bare, relation.right.bare))
        return _holds_everywhere(relation.op, minus(a, b), facts_of(context, budget))
    except Unsupported:
        budget.check()
        return False


def _decided(relation: Relation, context: Context, effort: float) -> Verdict:
    op, left, right = relation.op, relation.left.bare, relation.right.bare
    if left is right and op in ("=", "≤", "≥"):
        return Verdict("proved", "both sides are the same")
    budget = Budget(effort)
    try:
        a, b = _ready(left, context, budget), _ready(right, context, budget)
        facts = facts_of(context, budget)
    except Unsupported as reason:
        return Verdict("undecided", tried=(f"{reason} cannot be decided yet",))
    search = Search(op, a, b, facts)
    if (witness := search.quick_counterexample(QUICK)) is not None:
        return Verdict("refuted", "counterexample", witness=witness)
    tried = []
    try:
        if op == "=":
            return proof(a, b, facts, POINTS)
        if _holds_everywhere(op, minus(a, b), facts):
            return Verdict("proved", "signs and ranges")
        tried.append("signs and ranges")
    except Unsupported as reason:
        tried.append(f"{'normal form' if op == '=' else 'signs and ranges'}: {reason}")
    if (witness := search.counterexample(POINTS)) is not None:
        return Verdict("refuted", "counterexample", witness=witness)
    tried.append(f"{search.tested} points in balls of up to {PRECISIONS[-1]} bits: no difference seen")
    return Verdict("undecided", tried=tuple(tried))


def prove(left: Term, right: Term, context: Context | None = None, effort: float = EFFORT) -> Verdict:
    """The proof alone, with no look for a counterexample before it, in it or after it; undecided where there is none."""
    context, budget = context or Context(), Budget(effort)
    try:
        return proof(_ready(left, context, budget), _ready(right, context, budget), facts_of(context, budget), 0)
    except Unsupported as reason:
        return Verdict("undecided", tried=(f"normal form: {reason}",))


def _ready(term: Term, context: Context, budget: Budget) -> Term:
    """The term opened; raises Unsupported for what is not a number or is too large."""
    if not is_scalar(term.bare, context):
        raise Unsupported("what is not a number")
    whole = opened(term, context, budget)
    if whole is not term and not is_scalar(whole, context):
        raise Unsupported("what is not a number")
    return whole


def _holds_everywhere(op: str, difference: Term, facts: Facts) -> bool:
    """Whether `difference op 0` on every region."""
    difference = resolved(difference, facts)
    relations = split((difference,), facts)
    if not relations:
        return facts.sign_is(op, difference) is True
    facts.budget.check()
    return all(_holds_everywhere(op, difference, facts.assume(here)) for here in relations)


def domain(term: Term, context: Context | None = None, effort: float = EFFORT) -> tuple[Term, ...]:
    """The conditions under which every part of a term is defined, without those that the context gives.

    None are told where the canonical form of the term cannot be made.
    """
    context, budget = context or Context(), Budget(effort)
    try:
        whole = _ready(term, context, budget)
        facts = facts_of(context, budget)
        guards = form_of(
            lambda form: (form.of(whole), list(form.guards.values()))[1], facts.budget, facts.range_of, facts.is_integer
        )
        return needed([g.condition for g in guards], facts)
    except Unsupported:
        return ()


def derivative_of(term: Term, name: str, context: Context | None = None) -> Term:
    """The derivative by a letter, mechanically: definitions opened, no steps. Raises NotDerivable where it has none."""
    try:
        return opened(Derivative(term, Sym(name)), context or Context())
    except Unsupported as reason:
        raise NotDerivable(f"{term} has no derivative by {name} that can be taken: {reason}", term.span) from None
