"""Scores: bounds, extremal cases, SciPy, gradients decided and measured, the fast-gradient step."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy

from symderiv.errors import NotDerivable, SymderivError, UnknownName
from symderiv.ranking import SCORES, THEOREMS, evaluate, fast_gradient, prove_gradient, score_named
from symderiv.ranking.distributions import softmax
from symderiv.ranking.gradients import derive_gradient, formulas
from symderiv.ranking.instances import instance, letters
from symderiv.ranking.perturbation import Claim, Theorem
from symderiv.ranking.report import described, formula, with_formulas
from symderiv.terms import Term
from symderiv.terms.sympy_border import to_sympy
from symderiv.write import write

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
SMOOTH = [row for row in SCORES.values() if row.slope]


@st.composite
def ensembles(draw):
    networks, classes = draw(st.integers(2, 4)), draw(st.integers(2, 6))
    sharp = draw(st.sampled_from([0.1, 1.0, 30.0]))
    seed = draw(st.integers(0, 10_000))
    return softmax(sharp * np.random.default_rng(seed).normal(size=(networks, 5, classes)))


def bound(text, networks, classes):
    return math.inf if text == "oo" else float(eval(text, {"log": math.log, "M": networks, "K": classes}))


@SETTINGS
@given(ensembles())
def test_within_the_bounds(p):
    for row in SCORES.values():
        values = evaluate(row.name, p, (0, 1))
        assert values.shape == (5,)
        assert (values >= bound(row.low, len(p), p.shape[-1]) - 1e-12).all()
        assert (values <= bound(row.high, len(p), p.shape[-1]) + 1e-12).all()


@pytest.mark.parametrize("row", SCORES.values(), ids=SCORES)
def test_the_bounds_are_taken(row):
    assert evaluate(row.name, row.least, (0, 1)) == pytest.approx(bound(row.low, len(row.least), 2), abs=1e-12)
    if row.most is not None:
        assert evaluate(row.name, row.most, (0, 1)) == pytest.approx(bound(row.high, len(row.most), 2), abs=1e-12)


def test_infinite_where_a_network_excludes_what_another_sees():
    assert evaluate("kl", [[1.0, 0.0], [0.5, 0.5]]) == math.inf
    assert evaluate("kl", [[1.0, 0.0], [1.0, 0.0]]) == 0


@SETTINGS
@given(ensembles())
def test_as_scipy_says(p):
    mean = p.mean(axis=0)
    assert evaluate("entropy", p) == pytest.approx(entropy(mean, axis=-1), abs=1e-12)
    divergence = rel_entr(p, mean).sum(axis=-1).mean(axis=0)
    assert evaluate("mutual_information", p) == pytest.approx(divergence, abs=1e-12)
    assert evaluate("jensen_shannon", p) == pytest.approx(divergence, abs=1e-9)
    assert evaluate("jensen_shannon", p[:2]) == pytest.approx(jensenshannon(p[0], p[1], axis=-1) ** 2, abs=1e-7)
    pairs = [rel_entr(a, b).sum(axis=-1) for m, a in enumerate(p) for n, b in enumerate(p) if m != n]
    assert evaluate("kl", p) == pytest.approx(np.mean(pairs, axis=0), rel=1e-9, abs=1e-12)
    for n in range(p.shape[1]):
        counts = np.bincount(p[:, n].argmax(axis=-1))
        assert evaluate("vote_entropy", p)[n] == pytest.approx(entropy(counts), abs=1e-12)
        assert evaluate("variation_ratio", p)[n] == pytest.approx(1 - counts.max() / len(p))
        largest = np.sort(mean[n])[::-1]
        assert evaluate("margin", p)[n] == pytest.approx(largest[0] - largest[1], abs=1e-12)
        assert evaluate("confusion", p, (0, 1))[n] == pytest.approx((p[:, n, 0] * p[:, n, 1]).mean())


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_gradients_are_proved(row, classes):
    assert prove_gradient(row, classes=classes).kind == "proved"


def test_a_wrong_gradient_is_refuted():
    wrong = replace(SCORES["entropy"], gradient=SCORES["entropy"].gradient.removeprefix("-"))
    assert prove_gradient(wrong, classes=2).kind == "refuted"
    wrong = replace(SCORES["jensen_shannon"], slope=SCORES["entropy"].slope)
    assert prove_gradient(wrong, classes=2).kind == "refuted"
    with pytest.raises(NotDerivable):
        prove_gradient(SCORES["vote_entropy"])


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_derivations_are_replayed(row):
    d = derive_gradient(row)
    assert not d.leaps()
    assert d.result == formulas(row)[2]
    assert all(v.kind != "refuted" for v in d.check())
    assert "Chain rule" in write(d, "text")


def gradient_of(row, p, k):
    """The gradient by z_k of the first network as it is printed, with numbers put in."""
    t = instance(formulas(row)[2], len(p[0]), len(p), k + 1)
    values = {
        name: value
        for names, vector in zip(letters(len(p[0]), len(p)), p, strict=True)
        for name, value in zip(names, vector, strict=True)
    }
    expression = to_sympy(t)
    return float(expression.subs({s: values[s.name] for s in expression.free_symbols}))


@pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
def test_gradients_against_central_differences(row):
    z = np.array([[1.0, 0.4, -0.3], [0.8, 0.1, 0.2]])
    for k in range(3):
        step = np.zeros_like(z)
        step[0, k] = 1e-5
        slope = (evaluate(row.name, softmax(z + step), (0, 1)) - evaluate(row.name, softmax(z - step), (0, 1))) / 2e-5
        assert gradient_of(row, softmax(z), k) == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("row", SCORES.values(), ids=SCORES)
def test_definitions_are_formulas_that_can_be_read(row):
    assert isinstance(formula(row.definition), Term)
    assert isinstance(formula(row.gradient), Term)
    assert row.title in write(described(row), "text")
    for alias in row.aliases:
        assert score_named(alias) is row


def test_unknown_score():
    with pytest.raises(UnknownName, match="entropie"):
        evaluate("entropie", [[1.0, 0.0]])


@pytest.mark.parametrize("theorem", THEOREMS.values(), ids=THEOREMS)
def test_theorems_are_proved_claim_by_claim(theorem):
    assert {v.kind for claim in theorem.claims for v in claim.verdicts()} == {"proved"}
    shown = write(theorem.blocks(), "text")
    assert "proved" in shown
    assert "$" not in shown


def test_a_wrong_claim_is_not_called_proved():
    wrong = Theorem("Wrong", "inf", "", (Claim(("g_k*d_k <= epsilon",), "epsilon > 0, abs(d_k) <= epsilon"),))
    assert "proved" not in write(wrong.blocks(), "text")


@pytest.mark.parametrize("row", SCORES.values(), ids=SCORES)
def test_the_maths_in_words_is_read(row):
    for text in (row.because, row.where):
        assert all(isinstance(part, (str, Term)) for part in with_formulas(text))


@SETTINGS
@given(st.integers(0, 10_000), st.sampled_from([1e-3, 0.5]))
def test_no_step_in_the_ball_raises_more(seed, epsilon):
    random = np.random.default_rng(seed)
    g = random.normal(size=12)
    for norm, dual, size in (("inf", 1, np.inf), ("2", 2, 2)):
        best = fast_gradient(g, epsilon, norm)
        assert np.linalg.norm(best, size) <= epsilon * (1 + 1e-12)
        assert g @ best == pytest.approx(epsilon * np.linalg.norm(g, dual))
        other = random.normal(size=12)
        other *= epsilon / np.linalg.norm(other, size)
        assert g @ other <= g @ best + 1e-12


def test_fast_gradient_at_the_edges():
    assert fast_gradient([0.0, 0.0], 1.0, "2").tolist() == [0.0, 0.0]
    assert fast_gradient([1e200, 0.0], 1.0, "2").tolist() == [1.0, 0.0]
    for gradient, epsilon, norm in (([1.0], 0.0, "2"), ([math.nan], 1.0, "inf"), ([1.0], 1.0, "7")):
        with pytest.raises(SymderivError):
            fast_gradient(gradient, epsilon, norm)
