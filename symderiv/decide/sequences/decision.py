"""Claims about every member of a sequence: refuted at a concrete index, proved by the normal form or by induction, else undecided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from symderiv.decide import finite
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.sequences import inequality
from symderiv.decide.sequences.claim import Claim, Judge
from symderiv.decide.sequences.instances import whole_letters
from symderiv.decide.sequences.opaque import Opaque, Proves
from symderiv.decide.sequences.system import ASCENDING, DESCENDING, System, system_of, uses
from symderiv.decide.sequences.words import range_of
from symderiv.decide.verdict import EFFORT, Budget, Unsupported, Verdict
from symderiv.terms import (
    Context,
    Entry,
    Layer,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
)

MISFIT: Final = "the shapes do not fit"
CAPITAL: Final = re.compile(r"[A-Z](?:_\w+)?")
_OF_SEQUENCES: Final = (Entry, Layer, Sum, Product)


def concerns(left: Term, right: Term, context: Context, equations: Mapping[Term, Term] | None = None) -> bool:
    """Whether a claim is about members of a recursion, products of matrices over an index, or sums whose ranges depend on each other."""
    if not any(_may_be_of_sequences(t) for side in (left, right) for t in side.postorder()):
        return False
    return uses(system_of(context, equations), left, right)


def _may_be_of_sequences(t: Term) -> bool:
    return isinstance(t, _OF_SEQUENCES) or (isinstance(t, Sym) and "_" in t.name) or (isinstance(t, Pow) and bool(t.right.free))


def may_help(left: Term, right: Term) -> bool:
    """Whether a claim has a sum or a product up to a letter, so that an induction may show what a normal form does not."""
    return any(
        isinstance(t, (Sum, Product)) and t.low is not None and t.high is not None and t.where is None and t.high.free
        for side in (left, right)
        for t in side.postorder()
    )


def decide(
    left: Term,
    right: Term,
    context: Context,
    judge: Judge,
    effort: float = EFFORT,
    equations: Mapping[Term, Term] | None = None,
) -> Verdict:
    """Whether left = right for every value of the letters that count; `judge` decides what stands at a single index."""
    if finite.of_arrays(left, right, context):
        return Verdict("undecided", tried=("entries that take finitely many values, in a sequence",))
    system = system_of(context, equations)
    if (name := undeclared(system, left, right)) is not None:
        return Verdict("undecided", tried=(f"it is not said what {name} is: it may be a matrix",))
    found = Claim(system, left, right, judge, Budget(effort)).verdict()
    if found.kind != "refuted" or not _order_not_said(left, right, context, equations):
        return found
    other = Claim(system_of(context.assume(DESCENDING), equations), left, right, judge, Budget(effort)).verdict()
    if other.kind == "refuted":
        return found
    if found.method.startswith(MISFIT) and other.kind == "proved":
        return replace(other, method=f"{other.method}, the largest index on the left")
    return Verdict(
        "undecided", tried=(f"it is not said in which order ∏ takes its factors: {other.kind} with the largest index on the left",)
    )


def decide_inequality(
    relation: Relation,
    context: Context,
    judge: inequality.Judge,
    proves: Proves,
    effort: float = EFFORT,
    equations: Mapping[Term, Term] | None = None,
) -> Verdict:
    """Whether an inequality holds for every value of the letters that count; `judge` decides it at a single index, `proves` of signs."""
    if finite.of_arrays(relation.left, relation.right, context):
        return Verdict("undecided", tried=("entries that take finitely many values, in a sequence",))
    system = system_of(context, equations)
    if not inequality.concerns(relation, system):
        return Verdict("undecided", tried=("signs and ranges",))
    if (name := undeclared(system, relation.left, relation.right)) is not None:
        return Verdict("undecided", tried=(f"it is not said what {name} is: it may be a matrix",))
    return inequality.decide(relation, system, judge, proves, effort)


def plain(relation: Relation, context: Context, proves: Proves, effort: float = EFFORT) -> bool:
    """Whether a relation is shown by the signs of members, sums and powers alone, without an induction."""
    try:
        return inequality.Inequality(relation, system_of(context), _undecided, proves, Budget(effort)).by_signs()
    except (Unsupported, RecursionError):
        return False


def beyond_ranges(
    needed: tuple[Term, ...], sides: tuple[Term, ...], context: Context, proves: Proves, effort: float = EFFORT
) -> tuple[Term, ...]:
    """The conditions without those that hold for all values that their bound letters take: k ≠ 0 under Σ_{k=1}^n."""
    ranges: dict[str, set[tuple[Whole, Whole]]] = {}
    for b in (b for t in sides for b in t.postorder() if isinstance(b, (Sum, Product))):
        try:
            ranges.setdefault(b.index.name, set()).add(range_of(b))
        except Unsupported:
            return needed
    free = {x for t in sides for x in t.free}
    inside = {x: found.pop() for x, found in ranges.items() if len(found) == 1 and x not in free}
    system = system_of(context)

    def given(c: Term) -> bool:
        if not isinstance(c, Relation) or not c.free & inside.keys() or c.free & ranges.keys() - inside.keys():
            return False
        opaque = Opaque(system, proves, Budget(effort), {x: r for x, r in inside.items() if x in c.free})
        try:
            return opaque.certain(opaque.relation(c))
        except (Unsupported, RecursionError):
            return False

    return tuple(c for c in needed if not given(c))


def _undecided(relation: Relation, context: Context, effort: float) -> Verdict:
    return Verdict("undecided")


def undeclared(system: System, left: Term, right: Term) -> str | None:
    """A capital letter of which nothing is said, in the claim or in a recursion that it uses: whether factors commute is not known."""
    seen: set[str] = set()
    todo = [system.settled(left), system.settled(right)]
    found: set[str] = set()
    while todo:
        t = todo.pop()
        counts = set(whole_letters(system, t))
        found |= {x for x in t.free - counts if CAPITAL.fullmatch(x) and x not in system.recursions}
        for name in t.free & system.recursions.keys() - seen:
            seen.add(name)
            recursion = system.recursions[name]
            todo += [recursion.body, *recursion.bases.values()]
    said = {*system.context.sorts, *system.context.definitions, "I"}
    return min((x for x in found - said if not system.context.is_size(x)), default=None)


def _order_not_said(left: Term, right: Term, context: Context, equations: Mapping[Term, Term] | None) -> bool:
    """Whether a product of matrices stands in a claim, and nothing is said of its order."""
    if DESCENDING in context.assumptions or ASCENDING in context.assumptions:
        return False
    system = system_of(context, equations)
    parts = [p for side in (left, right) for p in system.settled(side).postorder()]
    return any(type(p) is Product and system.is_array(p.body) for p in parts)


def rearranged(left: Term, right: Term, system: System, judge: Judge) -> bool:
    """Whether left = right by multiplying out, splitting off factors and summands, and arithmetic alone: no definition is put in."""
    claim = Claim(system, left, right, judge, Budget())
    return claim.left == claim.right or claim.by_normal_form() is not None
