"""Proofs by canonical forms and regions, and the conditions that they report."""

from __future__ import annotations

import pytest

from symderiv.decide.facts import Facts
from symderiv.decide.proofs import needed, proof, smooth
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.read import let, read_plain
from symderiv.terms import Context, Term


def sides(left: str, right: str) -> tuple[Term, Term]:
    return read_plain(left).bare, read_plain(right).bare


def test_smooth_gives_the_conditions() -> None:
    facts = Facts(Context())
    assert smooth(*sides("x", "2*x - x"), facts) == ()
    assert [str(c) for c in smooth(*sides("x*y/x", "y"), facts)] == ["x != 0"]
    assert smooth(*sides("1/x + 1", "(1 + x)/x"), facts) == ()
    assert smooth(*sides("x*y/x", "y"), Facts(let("x > 0"))) == ()


@pytest.mark.parametrize(("left", "right"), [("x", "y"), ("x", "x + 1/10^30"), ("abs(x)", "x"), ("1/(x - x)", "1/(x - x)")])
def test_smooth_refuses(left: str, right: str) -> None:
    with pytest.raises(Unsupported):
        smooth(*sides(left, right), Facts(Context()))


@pytest.mark.parametrize(
    ("conditions", "declared", "expected"),
    [
        (["x > 0", "x != 0"], "", ["x > 0"]),
        (["x >= 0", "x != 0"], "", ["x > 0"]),
        (["x > 0"], "x > 1", []),
        (["x*y > 0", "x > 0", "y > 0"], "", ["x > 0", "y > 0"]),
        (["1 + x^2 > 0"], "", []),
    ],
)
def test_needed(conditions: list[str], declared: str, expected: list[str]) -> None:
    facts = Facts(let(declared) if declared else Context())
    assert [str(c) for c in needed([read_plain(c).bare for c in conditions], facts)] == expected


@pytest.mark.parametrize("conditions", [["x < 0"], ["x > 1", "x < 0"]])
def test_conditions_that_fail_are_no_proof(conditions: list[str]) -> None:
    with pytest.raises(Unsupported, match="nowhere"):
        needed([read_plain(c).bare for c in conditions], Facts(let("x > 0") if len(conditions) == 1 else Context()))


@pytest.mark.parametrize(
    ("left", "right", "regions"),
    [("abs(x)", "abs(-x)", 3), ("max(x, y)", "max(y, x)", 3), ("abs(abs(x))", "abs(x)", 3), ("abs(x)*abs(y)", "abs(x*y)", 9)],
)
def test_regions(left: str, right: str, regions: int) -> None:
    verdict = proof(*sides(left, right), Facts(Context()), 0)
    assert (verdict.kind, verdict.conditions) == ("proved", ())
    assert f" {regions} regions" in verdict.method


def test_a_false_region_is_refuted_only_with_points() -> None:
    both = sides("cases(1 if x > 1000, 0 otherwise)", "0")
    assert proof(*both, Facts(Context()), 24).kind == "refuted"
    with pytest.raises(Unsupported):
        proof(*both, Facts(Context()), 0)


def test_a_side_undefined_on_one_region_gives_a_condition() -> None:
    verdict = proof(*sides("cases(x if x > 0, -x if x < 0)", "abs(x)"), Facts(Context()), 0)
    assert [str(c) for c in verdict.conditions] == ["x != 0"]


def test_sides_that_are_never_defined_together_are_not_equal() -> None:
    with pytest.raises(Unsupported):
        proof(*sides("cases(1 if x > 0)", "cases(2 if x < 0)"), Facts(Context()), 0)


def test_too_many_regions() -> None:
    total = " + ".join(f"abs(x_{k})" for k in range(40))
    back = " + ".join(f"abs(x_{k})" for k in reversed(range(40)))
    with pytest.raises(Unsupported):
        proof(*sides(total, back), Facts(Context(), budget=Budget(1)), 0)
