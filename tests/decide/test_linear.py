"""Fourier–Motzkin elimination: what has a solution is never called infeasible."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symderiv.decide.linear import Constraint, infeasible

small = st.integers(-3, 3)


@given(
    st.lists(small, min_size=3, max_size=3),
    st.lists(st.tuples(small, small, small, st.sampled_from(["", "strict", "equal"])), max_size=7),
)
def test_what_a_point_satisfies_is_feasible(point: list[int], rows: list[tuple[int, int, int, str]]) -> None:
    constraints = []
    for *row, kind in rows:
        value = sum(c * p for c, p in zip(row, point, strict=True))
        constant = Fraction(-value + (0 if kind == "equal" else 1 if kind == "strict" else 0))
        coefficients = {k: Fraction(c) for k, c in enumerate(row) if c}
        constraints.append(Constraint(coefficients, constant, kind == "strict", kind == "equal"))
    assert not infeasible(constraints)


def constraint(x: int, y: int, constant: int, kind: str = "") -> Constraint:
    coefficients = {n: Fraction(c) for n, c in (("x", x), ("y", y)) if c}
    return Constraint(coefficients, Fraction(constant), kind == ">", kind == "=")


@pytest.mark.parametrize(
    "constraints",
    [
        [constraint(1, 0, 0, ">"), constraint(-1, 0, 0)],
        [constraint(1, 0, -2), constraint(-1, 0, 1)],
        [constraint(1, 1, -1, "="), constraint(1, 0, -1), constraint(0, 1, 0, ">")],
        [constraint(1, -1, 0, ">"), constraint(-1, 1, 0, ">")],
        [constraint(0, 0, -1)],
        [constraint(0, 0, 1, "=")],
        [constraint(1, -1, 0), constraint(-1, 1, 0), constraint(1, -1, -1, "=")],
    ],
)
def test_infeasible(constraints: list[Constraint]) -> None:
    assert infeasible(constraints)


def test_no_constraint_is_feasible() -> None:
    assert not infeasible([])


def test_what_takes_too_long_is_given_up() -> None:
    rows = [
        Constraint({k: Fraction(1 if k % 2 else -1), j: Fraction(-1)}, Fraction(0)) for k in range(40) for j in range(40) if j != k
    ]
    assert not infeasible(rows)
