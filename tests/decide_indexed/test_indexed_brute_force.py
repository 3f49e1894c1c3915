"""Verdicts at symbolic size against the schoolbook at every size from 1 to 4: no proof of what differs, no refutation of what agrees."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest

from symderiv.decide.indexed.claim import Claim
from symderiv.decide.indexed.normal import Normal
from symderiv.decide.indexed.polynomials import Poly, constant
from symderiv.decide.indexed.whole import Index, Whole
from symderiv.decide.verdict import Budget, Unsupported, Witness
from symderiv.terms import Add, Term
from tests.decide_indexed.plain_arrays import Plain, Value
from tests.decide_indexed.random_terms import CONTEXT, FREE, Indexed, Matrices

SAMPLE = range(40)
SMALL = tuple(itertools.product(range(1, 5), repeat=2))
TOLERANCE = Fraction(1, 10**5)
"""The schoolbook takes derivatives as differences of fractions."""
SHAPES = {name: CONTEXT.sort(name).shape for name in CONTEXT.sorts}


class Missing(Exception):
    """An entry that does not exist at this size: the term is not defined there."""


def point(seed: str, sizes: tuple[int, int], indices: Mapping[str, int]) -> tuple[Plain, dict[str, int]]:
    """Random entries at concrete sizes; indices that are not given are drawn from their ranges."""
    draw = random.Random(f"{seed}/{sizes}")
    named = dict(zip(("n", "m"), sizes, strict=True))
    cells: dict[tuple[str, tuple[int, ...]], Fraction] = {}

    def entry(name: str, at: tuple[int, ...]) -> Fraction:
        if any(not 1 <= k <= named[str(size)] for k, size in zip(at, SHAPES.get(name, ()), strict=True)):
            raise Missing
        key = (name, tuple(sorted(at)) if name == "S" else at)
        if key not in cells:
            size = Fraction(draw.randint(1, 12), draw.randint(2, 7))
            cells[key] = size if name == "p" else size * draw.choice((-1, 1))
        return cells[key]

    return Plain(CONTEXT, named, entry), {i: indices.get(i, draw.randint(1, named[n])) for i, n in FREE.items()}


def differs(left: Term, right: Term, seed: str, sizes: tuple[int, int], indices: Mapping[str, int]) -> bool | None:
    """Whether the two sides differ at a point; None where one of them is not defined there."""
    plain, at = point(seed, sizes, indices)
    try:
        a, b = (_flat(plain.of(t, at)) for t in (left, right))
    except (Missing, ZeroDivisionError):
        return None
    return any(abs(x - y) > TOLERANCE * max(1, abs(x), abs(y)) for x, y in zip(a, b, strict=True))


def _flat(v: Value) -> list[Fraction]:
    return [x for row in v for x in row] if isinstance(v, list) else [v]


def verdict(left: Term, right: Term) -> tuple[bool, Witness | None]:
    """Whether the prover proves it, and the counterexample that the other side finds: each without the other."""
    try:
        proved = Claim(left, right, CONTEXT, Budget(1.0)).proved(slow=True) is not None
    except Unsupported:
        proved = False
    try:
        return proved, Claim(left, right, CONTEXT, Budget(1.0)).witness(3)
    except Unsupported:
        return proved, None


def pairs(seed: int) -> Iterator[tuple[Term, Term]]:
    """A random term beside an equal one and beside corrupted ones."""
    if seed % 5:
        source = Indexed(seed, rational=True)
        t = source.term(FREE, source.random.randint(2, 3))
        same = source.rewritten(source.rewritten(t))
        yield from ((t, same), (t, source.corrupted(t)), (same, source.corrupted(source.rewritten(t))))
    else:
        matrices = Matrices(seed)
        a, b = matrices.pair("n", "nm"[seed % 2], 3)
        yield from ((a, b), (a, Add(b, b)), (a, matrices.corrupted(b)))


def false_verdicts(seeds: range) -> Iterator[tuple[str, Term, Term]]:
    """The verdicts on random pairs that the schoolbook contradicts."""
    for seed in seeds:
        for left, right in pairs(seed):
            proved, witness = verdict(left, right)
            if proved and any(differs(left, right, str(seed), sizes, {}) for sizes in SMALL):
                yield "proved", left, right
            if witness is not None and not _differs_there(left, right, witness, str(seed)):
                yield "refuted", left, right


def _differs_there(left: Term, right: Term, witness: Witness, seed: str) -> bool:
    """Whether they differ, or are not defined, at the sizes and indices of a counterexample or at other small ones."""
    values = {name: int(v) for name, v in witness.values.items() if name in ("n", "m", *FREE)}
    there = (values.get("n", 2), values.get("m", 3))
    answers = [differs(left, right, f"{seed}/{k}", there, values) for k in range(3)]
    answers += [differs(left, right, seed, sizes, {}) for sizes in SMALL]
    return True in answers or None in answers[:3]


def test_no_verdict_is_contradicted_at_a_small_size() -> None:
    assert list(false_verdicts(SAMPLE)) == []


def _always(self: Normal, w: Whole, bound: tuple[Index, ...] = ()) -> Poly:
    return constant(1)


@pytest.mark.parametrize("indicator", ["at_least", "delta"])
def test_a_prover_that_takes_an_indicator_for_1_is_caught(indicator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Normal, indicator, _always)
    assert any(kind == "proved" for kind, _, _ in false_verdicts(SAMPLE))


def test_a_refuter_that_compares_other_sides_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Claim.witness

    def shifted(self: Claim, rounds: int = 3) -> Witness | None:
        left, right = self.sides
        return before(Claim(left, Add(right, right), CONTEXT, Budget(1.0)), rounds)

    monkeypatch.setattr(Claim, "witness", shifted)
    assert any(kind == "refuted" for kind, _, _ in false_verdicts(SAMPLE))
