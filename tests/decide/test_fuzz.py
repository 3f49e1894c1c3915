"""Random pairs: nothing true is refuted and nothing false is proved, by `decide` and by `prove` alone; what holds, holds in balls."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from symderiv.decide import Verdict, decide, derivative_of, holds, prove
from symderiv.decide.balls import ball_of, condition_at, series_of
from symderiv.decide.verdict import Unsupported
from symderiv.errors import NotDerivable
from symderiv.terms import Context, Neg, Relation, Term
from tests.decide.random_terms import CONTEXTS, balls_of, condition, corrupted, integers, points, rewritten, term

METHODS = {"decide": decide, "prove": prove}


def check(r: Random, left: Term, right: Term, context: Context, verdict: Verdict) -> str:
    """What the points say, after checking that the verdict agrees with them."""
    if verdict.witness is not None:
        point = dict(verdict.witness.values)
        both = balls_of(left, right, point, context)
        assert both is not None
        assert all(condition_at(c, point, 64) is True for c in context.assumptions if c.free <= set(point))
        assert not both[0].overlaps(both[1]), (left, right, verdict)
        return "different"
    seen = [both for p in points(r, context, 10) if (both := balls_of(left, right, p, context)) is not None]
    equal = all(a.overlaps(b) for a, b in seen)
    assert equal or verdict.kind != "proved", (str(left), str(right), verdict, context.assumptions)
    return "equal" if equal and seen else "unknown"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("knots", [False, True])
def test_true_pairs_are_proved_and_false_ones_are_not(method: str, knots: bool) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    for seed in range(350):
        r = Random(seed)
        context, left = r.choice(CONTEXTS), term(r, r.choice([1, 2, 2, 3]), knots)
        right = rewritten(r, left)
        verdict = METHODS[method](left, right, context)
        assert verdict.kind != "refuted", (str(left), str(right), verdict)
        outcomes[verdict.kind, check(r, left, right, context, verdict)] += 1
        wrong = corrupted(r, right)
        check(r, left, wrong, context, METHODS[method](left, wrong, context))
    assert outcomes["undecided", "equal"] <= 8, outcomes
    assert sum(n for (kind, _), n in outcomes.items() if kind == "proved") > 235


def test_what_holds_holds_in_balls() -> None:
    known = 0
    for seed in range(900):
        r = Random(seed)
        context = r.choice(CONTEXTS)
        claim = condition(r, term(r, 2, knots=False), term(r, r.choice([0, 1, 2]), knots=False))
        answer = holds(claim, context)
        if answer is None:
            continue
        known += 1
        for point in points(r, context, 30):
            try:
                seen = condition_at(claim, point, 200, integers(context))
            except Unsupported:
                break
            assert seen in (None, answer), (str(claim), context.assumptions, point)
    assert known > 110


@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_agree_with_power_series(order: int) -> None:
    compared = 0
    for seed in range(300):
        r = Random(seed)
        body = term(r, 2, knots=seed % 2 == 1)
        try:
            found = derivative_of(body, "x") if order == 1 else derivative_of(derivative_of(body, "x"), "x")
        except NotDerivable:
            continue
        for point in points(r, Context(), 8):
            try:
                series, ball = series_of(body, "x", point, order, 128), ball_of(found, point, 128)
            except Unsupported:
                break
            if series is not None and ball is not None:
                assert series[order].overlaps(ball), (str(body), str(found), point)
                compared += 1
    assert compared > 300


def test_a_relation_and_its_negation_never_both_hold() -> None:
    for seed in range(350):
        r = Random(seed)
        context, claim = r.choice(CONTEXTS), condition(r, term(r, 1, knots=True), term(r, 1, knots=False))
        assert isinstance(claim, Relation)
        negated = Relation(Relation.NEGATED[claim.op], claim.left, claim.right)
        answers = holds(claim, context), holds(negated, context)
        assert answers[0] is None or answers[1] is not answers[0], (str(claim), context.assumptions)
        mirrored = Relation(Relation.MIRRORED[claim.op], Neg(claim.left), Neg(claim.right))
        assert holds(mirrored, context) in (None, answers[0]) or answers[0] is None
