"""Signs of polynomials in kernels."""

from __future__ import annotations

import pytest

from symderiv.decide.canonical import Form, form_of
from symderiv.decide.facts import Facts
from symderiv.decide.signs import ALLOWED, Signs, relation_of_signs
from symderiv.decide.verdict import Budget
from symderiv.read import let, read_plain
from symderiv.terms import Context, Relation


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("x", "", {-1, 0, 1}),
        ("x - x", "", {0}),
        ("x^2", "", {0, 1}),
        ("x^2 + 1", "", {1}),
        ("x^2 - x + 1", "", {1}),
        ("-x^4 - x^2 - 1", "", {-1}),
        ("(x - 1)*(x - 2)", "x > 2", {1}),
        ("(x - 1)*(x - 2)", "1 < x < 2", {-1}),
        ("x*y", "x > 0", {-1, 0, 1}),
        ("x*y", "x > 0, y >= 0", {0, 1}),
        ("x^3*y", "x < 0, y < 0", {1}),
        ("1/x", "", {-1, 1}),
        ("x/y", "x > 0", {-1, 1}),
        ("exp(x) + 1", "", {1}),
        ("x^2 - 2*x*y + y^2", "x != y", {1}),
        ("x - y", "x > z, z > y", {1}),
        ("x + y - 1", "x > 1/2, y > 1/2", {1}),
        ("x", "x != 0", {-1, 1}),
        ("x", "x > 1, x < 0", set()),
    ],
)
def test_signs(text: str, declared: str, expected: set[int]) -> None:
    facts = Facts(let(declared) if declared else Context())

    def build(form: Form) -> frozenset[int]:
        return Signs(form, facts.relations).of(read_plain(text).bare)

    found = form_of(build, Budget(), facts.range_of)
    assert found == expected or (not expected and len(found) <= 1)


def test_relations_of_signs_know_every_relation() -> None:
    assert set(ALLOWED) == set(Relation.NEGATED)
    for op, negated in Relation.NEGATED.items():
        assert ALLOWED[op] | ALLOWED[negated] == {-1, 0, 1}
        assert not ALLOWED[op] & ALLOWED[negated]
    assert relation_of_signs(">", frozenset()) is None
    assert (relation_of_signs("≥", frozenset((0, 1))), relation_of_signs("<", frozenset((0, 1)))) == (True, False)
    assert relation_of_signs(">", frozenset((0, 1))) is None
