"""Claims with integrals, limits and factorials: brought to claims about numbers, which the deciders of those settle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from fractions import Fraction
from typing import Final

from symderiv.decide.balls import evaluate
from symderiv.decide.calculus import factorials
from symderiv.decide.calculus.continuity import unknown_functions
from symderiv.decide.calculus.integrals import integral_of, is_indefinite, rate
from symderiv.decide.calculus.limits import NoLimit, limit_of
from symderiv.decide.facts import Facts, facts_of, holds
from symderiv.decide.traits import traits
from symderiv.decide.verdict import Budget, Unsupported, Verdict, Witness
from symderiv.errors import SymderivError
from symderiv.terms import (
    ONE,
    REAL,
    Binder,
    Context,
    Derivative,
    Fn,
    Integral,
    Limit,
    Num,
    Prime,
    Sym,
    Term,
    function,
    number,
    plus,
    power,
    substitute,
    times,
)

Decide = Callable[[Term, Term, Context, float], Verdict]
_KINDS: Final = frozenset((Integral, Limit))
_T: Final = Sym("t")
_EXAMPLES: Final = (power(_T, 2), plus(power(_T, 3), ONE), plus(times(Num(3), _T), ONE))
"""Functions that are put in for one of which nothing is known."""
_POINTS: Final = (Fraction(2), Fraction(3), Fraction(5), Fraction(7), Fraction(1, 2), Fraction(11))


def concerns(left: Term, right: Term, context: Context) -> bool:
    """Whether a claim has an integral, a limit or a factorial in it."""
    return any(
        not found.kinds.isdisjoint(_KINDS) or factorials.has_factorials(side, context)
        for side in (left, right)
        if (found := traits(side)).binds or found.functions
    )


def decide(left: Term, right: Term, context: Context, effort: float, numbers: Decide) -> Verdict:
    """The verdict on left = right, where `numbers` decides what is left without integrals, limits and factorials."""
    left, right = left.bare, right.bare
    if left is right:
        return Verdict("proved", "both sides are the same")
    if _has(Integral, left, right):
        import sympy.integrals.manualintegrate  # noqa: F401  # loaded before the clock starts
    budget = Budget(effort)
    try:
        if any(is_indefinite(t) for side in (left, right) for t in side.postorder()):
            return _up_to_a_constant(left, right, context, effort, numbers)
        if any(isinstance(t, (Integral, Limit)) for side in (left, right) for t in side.postorder()):
            return _evaluated(left, right, context, budget, numbers)
        return _with_factorials(left, right, context, budget, numbers)
    except Unsupported as reason:
        return Verdict("undecided", tried=(str(reason),))


# ------------------------------------------------------------------------------------------------ integrals and limits
def _up_to_a_constant(left: Term, right: Term, context: Context, effort: float, numbers: Decide) -> Verdict:
    """An equation of integrals without bounds: both sides have the same derivative."""
    letters = {t.index.name for side in (left, right) for t in side.postorder() if isinstance(t, Integral) and is_indefinite(t)}
    if len(letters) > 1:
        raise Unsupported("integrals without bounds over different letters")
    x = Sym(letters.pop())
    if x.name in context.definitions:
        raise Unsupported(f"an integral over {x}, which is defined")
    found = numbers(rate(left, x), rate(right, x), context, effort)
    if found.kind == "proved":
        return changed(found, method=f"equal derivatives by {x}, up to a constant: {found.method}")
    if found.kind == "refuted":
        return changed(found, method=f"the derivatives by {x} differ")
    return found


def _evaluated(left: Term, right: Term, context: Context, budget: Budget, numbers: Decide) -> Verdict:
    facts = facts_of(context, budget)
    unknown = _unknown(left, right, facts)
    try:
        a, b = (_values(side, facts, _order(left, right)) for side in (left, right))
    except Unsupported:
        if unknown and (found := _by_example(left, right, unknown, facts, numbers)) is not None:
            return found
        raise
    found = numbers(a, b, context, max(budget.seconds / 2, 0.1))
    if found.kind == "undecided" and unknown and (example := _by_example(left, right, unknown, facts, numbers)) is not None:
        return example
    what = [word for kind, word in ((Integral, "integrals"), (Limit, "limits")) if _has(kind, left, right)]
    if found.kind == "proved":
        return changed(found, method=f"{' and '.join(what)} evaluated, {found.method}")
    return found


def _has(kind: type[Term], left: Term, right: Term) -> bool:
    return kind in traits(left).kinds or kind in traits(right).kinds


def _order(left: Term, right: Term) -> int:
    """How often the functions of a claim are differentiable, as its primes show; once at least."""
    return max([1, *(sum(t.orders) for side in (left, right) for t in side.postorder() if isinstance(t, Prime))])


def _values(side: Term, facts: Facts, order: int) -> Term:
    """The side with its integrals and limits evaluated, the innermost first."""
    done: dict[Term, Term] = {}
    for t in side.postorder():
        whole = t if not t.children else t.rebuild([done[c] for c in t.children])
        if isinstance(whole, Integral):
            whole = integral_of(whole, facts)
        elif isinstance(whole, Limit):
            whole = limit_of(whole, facts, order)
        elif (
            isinstance(whole, (Binder, Derivative))
            and not _varies_freely(whole, facts)
            and any(isinstance(u, (Integral, Limit)) for u in t.children[0].postorder())
        ):
            raise Unsupported("an integral or a limit of what is bound outside of it")
        done[t] = whole
    return done[side]


def _varies_freely(t: Term, facts: Facts) -> bool:
    """Whether a derivative is taken by a letter at itself, of which nothing is assumed: what holds for it holds around it."""
    return (
        isinstance(t, Derivative)
        and t.at_point == t.var
        and not t.indices
        and not any(t.var.name in a.free for a in facts.context.assumptions)
    )


def _unknown(left: Term, right: Term, facts: Facts) -> set[str]:
    return {
        t.name
        for side in (left, right)
        for t in side.postorder()
        if isinstance(t, (Fn, Prime)) and len(t.children) == 1 and t.name in unknown_functions(side, facts)
    }


def _by_example(left: Term, right: Term, unknown: set[str], facts: Facts, numbers: Decide) -> Verdict | None:
    """Refuted by polynomials in place of the functions of which nothing is known; None where none refutes."""
    free = sorted((left.free | right.free) - facts.context.definitions.keys())
    point = dict(zip(free, _POINTS, strict=False))
    put = {n: number(q) for n, q in point.items()}
    if len(point) < len(free) or any(holds(substitute(c, put), Context()) is not True for c in facts.context.assumptions):
        return None
    for body in _EXAMPLES:
        context = Context(sorts=dict.fromkeys(free, REAL), definitions=dict(facts.context.definitions))
        for name in sorted(unknown):
            context = context.declare(name, function()).define(name, (_T.name,), body)
        words = f"counterexample with {', '.join(f'{n}({_T}) = {body}' for n in sorted(unknown))}"
        a, b = substitute(left, put), substitute(right, put)
        found = facts_of(context, facts.budget)
        sides: list[Term | None] = []
        infinite = 0
        for side in (a, b):
            try:
                sides.append(_values(side, found, 6))
            except NoLimit:
                infinite += 1
                sides.append(None)
            except Unsupported:
                return None
        if infinite == 1:
            known = [_digits(s, context) for s in sides]
            if any(s is not None and k == "" for s, k in zip(sides, known, strict=True)):
                continue
            return Verdict("refuted", words, witness=Witness(point, known[0] or "no number", known[1] or "no number"))
        if infinite == 0 and sides[0] is not None and sides[1] is not None:
            verdict = numbers(sides[0], sides[1], context, 0.3)
            if verdict.kind == "refuted" and verdict.witness is not None:
                return changed(verdict, method=words, witness=changed(verdict.witness, values={**point, **verdict.witness.values}))
    return None


def _digits(side: Term | None, context: Context) -> str:
    if side is None:
        return ""
    try:
        return str(evaluate(side, {}, context).str(6, radius=False))
    except SymderivError:
        return ""


# --------------------------------------------------------------------------------------------------------- factorials
def _with_factorials(left: Term, right: Term, context: Context, budget: Budget, numbers: Decide) -> Verdict:
    facts = facts_of(context, budget)
    reason = "the factorials differ"
    try:
        (a, b), within, conditions = factorials.reduced((left, right), facts)
        found = numbers(a, b, within, max(budget.seconds / 3, 0.1))
        if found.kind == "proved":
            kept = tuple(c for c in found.conditions if not any(n.startswith("factorial") for n in c.free))
            return Verdict("proved", f"factorials written by the lowest one, {found.method}", (*conditions, *kept))
        reason = "; ".join(found.tried) or reason
    except Unsupported as why:
        reason = str(why)
    for point, (a, b) in factorials.instances((left, right), facts):
        budget.check()
        found = numbers(a, b, _without(context, point), 0.2)
        if found.kind == "refuted" and found.witness is not None:
            return changed(found, witness=changed(found.witness, values={**point, **found.witness.values}))
    return Verdict("undecided", tried=(reason,))


def _without(context: Context, point: object) -> Context:
    """The context with what it says of letters into which nothing was put."""
    assert isinstance(point, dict)
    kept = tuple(a for a in context.assumptions if not a.free & point.keys())
    return changed(context, assumptions=kept)
