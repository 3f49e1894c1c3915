"""The prover against brute force: no false proof, no false refutation; and the counterexamples against the schoolbook."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.decide.indexed.claim import Claim
from symderiv.decide.indexed.duals import Undefined, bare
from symderiv.decide.indexed.elaborate import Elaborator
from symderiv.decide.indexed.point import Point
from symderiv.decide.indexed.setting import Setting
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.terms import ONE, Add, Term
from tests.decide_indexed.plain_arrays import Plain
from tests.decide_indexed.random_terms import CONTEXT, FREE, Indexed, Matrices, transpose

AT = {"i": 1, "j": 2, "a": 3}
SEEDS = st.integers(0, 10**9)


def proved(left: Term, right: Term) -> bool | None:
    """Whether it is proved; None where the prover says that it cannot tell."""
    try:
        return Claim(left, right, CONTEXT, Budget(1.0)).proved(slow=True) is not None
    except Unsupported:
        return None


def refuted(left: Term, right: Term) -> bool | None:
    try:
        return Claim(left, right, CONTEXT, Budget(1.0)).witness(3) is not None
    except Unsupported:
        return None


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SEEDS)
def test_equal_terms_are_never_refuted_and_corrupted_ones_never_proved(seed: int) -> None:
    source = Indexed(seed)
    t = source.term(FREE, source.random.randint(2, 3))
    assert not refuted(t, source.rewritten(source.rewritten(t)))
    wrong = source.corrupted(t)
    assert not (proved(t, wrong) and refuted(t, wrong))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEEDS)
def test_equal_rational_terms_are_proved(seed: int) -> None:
    source = Indexed(seed, rational=True)
    t = source.term(FREE, 2)
    assert proved(t, source.rewritten(t)) is not False


@settings(max_examples=25, deadline=None, derandomize=True)
@given(SEEDS)
def test_equal_matrices_are_never_refuted_and_corrupted_ones_never_proved(seed: int) -> None:
    source = Matrices(seed)
    a, b = source.pair("n", "n", 3)
    assert not refuted(a, b)
    for wrong in (transpose(b), Add(b, b)):
        assert not (proved(a, wrong) and refuted(a, wrong))


@pytest.mark.parametrize("kind", ["indexed", "matrix"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(SEEDS)
def test_the_values_are_those_of_the_schoolbook(kind: str, seed: int) -> None:
    t = Indexed(seed, rational=True).term(FREE, 3) if kind == "indexed" else Matrices(seed).pair("n", "m", 3)[0]
    setting = Setting(CONTEXT, Budget(5.0))
    setting.learn(t)
    point = Point(setting, {"n": 2, "m": 3}, 0)

    def entry(name: str, at: tuple[int, ...]) -> Fraction:
        v = point.draw(setting.family(name), at)
        return Fraction(int(v.p), int(v.q))

    try:
        value = Elaborator(setting).value(t)
        place = tuple(setting.whole(n) for n in (ONE, ONE)[: len(value.shape)])
        mine = bare(point.evaluate(value.entry(place), AT))
        plain = Plain(CONTEXT, point.sizes, entry).of(t, AT)
    except (Unsupported, Undefined, ZeroDivisionError):
        return
    plain = plain[0][0] if isinstance(plain, list) else plain
    assert isinstance(mine, fmpq)
    mine = Fraction(int(mine.p), int(mine.q))
    assert abs(mine - plain) <= Fraction(1, 10**4) * max(1, abs(plain))
