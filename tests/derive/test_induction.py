"""Proofs by induction: every theorem of the book without a leap, and what must be refused."""

from __future__ import annotations

import pytest

from symderiv.catalogue.theorems import THEOREMS, Theorem
from symderiv.decide import decide_relation
from symderiv.decide.sequences import DESCENDING, system_of
from symderiv.decide.sequences.instances import instance
from symderiv.derive.induction import Proposition, prove
from symderiv.errors import NoDerivation
from symderiv.read import let, read_latex
from symderiv.terms import Relation
from tests.decide.exact_sequences import Exact

ROWS = pytest.mark.parametrize("row", THEOREMS.values(), ids=THEOREMS)
EQUATIONS = pytest.mark.parametrize("row", [t for t in THEOREMS.values() if t.letter and t.op == "="], ids=lambda t: t.name)
BOUNDS = pytest.mark.parametrize("row", [t for t in THEOREMS.values() if t.letter and t.op != "="], ids=lambda t: t.name)
INDUCTIVE = pytest.mark.parametrize("row", [t for t in THEOREMS.values() if t.letter], ids=lambda t: t.name)


@ROWS
def test_every_step_of_a_theorem_is_a_rule_and_is_proved(row: Theorem) -> None:
    proof = prove(row.proposition)
    assert proof.leaps() == ()
    assert {v.kind for v in proof.check()} == {"proved"}


@INDUCTIVE
def test_the_step_begins_and_ends_where_the_claim_says(row: Theorem) -> None:
    proof = prove(row.proposition)
    claim = row.proposition.at(proof.next)
    assert (proof.step.start, proof.step.relation, proof.step.result) == (claim.left, claim.op, claim.right)
    assert any(s.rule.name == "induction_hypothesis" for s in proof.step.steps)
    for base in proof.base:
        assert base.relation in ("=", row.op)


@BOUNDS
def test_a_bound_is_not_refuted_at_small_values_and_its_converse_is(row: Theorem) -> None:
    p = row.proposition
    for n in range(p.start, p.start + 4):
        case = instance(system_of(p.context), p.left, p.right, {p.letter: n})
        assert decide_relation(Relation(p.op, case.left, case.right), case.context).kind != "refuted"
    strict = {"≤": "<", "≥": ">"}[p.op]
    assert decide_relation(Relation(strict, p.left, p.right), p.context).kind == "refuted"


@EQUATIONS
def test_a_theorem_holds_of_exact_numbers_up_to_six_layers(row: Theorem) -> None:
    p = row.proposition
    for n in range(1, 7):
        values = {p.letter: n} if p.context.sort(p.letter).bounds is None else {p.letter: 1, "N": n}
        exact = Exact(p.context, {**values, "N": n}, seed=n)
        assert exact.of(p.left) == exact.of(p.right)


def test_an_identity_is_proved_from_side_to_side() -> None:
    proof = prove(THEOREMS["softmax-shift-invariance"].proposition)
    assert (proof.step.start, proof.step.result) == (proof.proposition.left, proof.proposition.right)
    assert not proof.base


@pytest.mark.parametrize(
    ("right", "reason"),
    [
        (r"\left(\prod_{l=1}^{N-1} W_l\right) x", "false"),
        (r"W_N x", "false"),
        (r"\left(\prod_{l=1}^{N} W_l^\top\right) x", "false"),
    ],
)
def test_a_false_claim_has_no_proof(right: str, reason: str) -> None:
    context = let(r"l \in \{1, \dots, N\}, W_l \in \mathbb{R}^{d \times d}, x \in \mathbb{R}^d, h_0 = x, h_l = W_l h_{l-1}").assume(
        DESCENDING
    )
    p = Proposition("", context, "N", read_latex("h_N", context).bare, read_latex(right, context).bare)
    with pytest.raises(NoDerivation, match=reason):
        prove(p)


def test_a_sequence_on_which_another_depends_brings_a_lemma() -> None:
    proof = prove(THEOREMS["receptive-field-with-strides"].proposition)
    (lemma,) = proof.lemmas
    assert str(lemma.proposition.left) == "j[N]"
