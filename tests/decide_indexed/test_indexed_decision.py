"""Textbook identities at symbolic size, each with a corrupted twin."""

from __future__ import annotations

import time

import pytest

from symderiv.decide import decide, indexed
from symderiv.read import let, read, read_latex
from symderiv.terms import Context, Entry, Fn, Num, Relation, Sum, Sym, Term, function, index
from symderiv.terms.shapes import DENOMINATOR, MIXED, NUMERATOR

LETTERS = let(
    r"X \in \mathbb{R}^{n \times d}, W \in \mathbb{R}^{d \times m}, Y \in \mathbb{R}^{n \times m}, z, y \in \mathbb{R}^K, a, b \in \mathbb{R}^n,"
    r" A, B, S \in \mathbb{R}^{n \times n}, u, v \in \mathbb{R}^d, i = 1, \ldots, K, j = 1, \ldots, K, q \in \mathbb{R}^K"
).assume(
    Fn("symmetric", Sym("S")),
    Relation(">", Sym("q"), read("0")),
    Relation("=", Sum(read_latex(r"q_k", let(r"q \in \mathbb{R}^K")), Sym("k")), read("1")),
)
SOFTMAX = r"\frac{e^{z_i}}{\sum_{k=1}^K e^{z_k}}"
OTHER = r"\frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}}"
ARRANGED = LETTERS.assume(DENOMINATOR)
LSE = r"\log \sum_{k=1}^K e^{z_k}"

CLAIMS = [
    (r"(I_n + a b^\top)^{-1}", r"I_n - \frac{a b^\top}{1 + b^\top a}", r"I_n - \frac{a b^\top}{1 + a^\top a}"),
    (r"\det(z_1 A)", r"z_1^n \det(A)", r"z_1 \det(A)"),
    (r"\det(A - B)", r"(-1)^n \det(B - A)", r"\det(B - A)"),
    (r"(z_1 A)^{-1}", r"\frac{1}{z_1} A^{-1}", r"z_1 A^{-1}"),
    (r"(A - B)^{-1}", r"-(B - A)^{-1}", r"(B - A)^{-1}"),
    (r"\nabla_A \log |\det(A)|", r"A^{-\top}", r"A^{-1}"),
    (
        rf"\frac{{\partial}}{{\partial z_j}} {SOFTMAX}",
        rf"{SOFTMAX} (\delta_{{ij}} - {OTHER})",
        rf"{SOFTMAX} (\delta_{{ij}} - {SOFTMAX})",
    ),
    (rf"\frac{{\partial}}{{\partial z_j}} {LSE}", OTHER, r"e^{z_j}"),
    (rf"\frac{{\partial}}{{\partial z_j}} ({LSE} - \sum_{{k=1}}^K q_k z_k)", rf"{OTHER} - q_j", rf"{OTHER} + q_j"),
    (LSE, r"\max_k z_k + \log \sum_{k=1}^K e^{z_k - \max_l z_l}", r"\max_k z_k + \log \sum_{k=1}^K e^{z_k}"),
    (r"\frac{\partial}{\partial z_j} \sum_{k=1}^K e^{z_k}", r"e^{z_j}", r"K e^{z_j}"),
    (r"\sum_{k \ne i} z_k", r"\sum_{k=1}^K z_k - z_i", r"\sum_{k=1}^K z_k"),
    (r"\sum_{k=1}^K \delta_{ik} z_k y_k", r"z_i y_i", r"z_i \sum_{k=1}^K y_k"),
    (r"\sum_{k=1}^{K+1} z_k", r"\sum_{k=1}^K z_k + z_{K+1}", r"\sum_{k=1}^K z_k + z_K"),
    (r"\sum_{k=0}^{K-1} z_{k+1}", r"\sum_{l=1}^K z_l", r"\sum_{l=1}^{K-1} z_l"),
    (r"\sum_{k=1}^K k", r"\frac{K (K + 1)}{2}", r"\frac{K (K - 1)}{2}"),
    (r"\sum_{k=1}^K q_k (z_k + 1)", r"\sum_{k=1}^K q_k z_k + 1", r"\sum_{k=1}^K q_k z_k + K"),
    (r"(\sum_{k=1}^K z_k)^2", r"\sum_{k=1}^K \sum_{l=1}^K z_k z_l", r"\sum_{k=1}^K z_k^2"),
    (r"\log \prod_{k=1}^K q_k^{y_k}", r"\sum_{k=1}^K y_k \log q_k", r"\prod_{k=1}^K y_k \log q_k"),
    (r"\prod_{k=1}^K 2 z_k", r"2^K \prod_{k=1}^K z_k", r"2 \prod_{k=1}^K z_k"),
    (r"\nabla_W \|X W - Y\|_F^2", r"2 X^\top (X W - Y)", r"2 (X W - Y) X^\top"),
    (r"\nabla_W \|X W - Y\|_F^2", r"2 X^\top X W - 2 X^\top Y", r"X^\top (X W - Y)"),
    (r"\nabla_W (\|X W - Y\|_F^2 + c \|W\|_F^2)", r"2 X^\top (X W - Y) + 2 c W", r"2 X^\top (X W - Y) + c W"),
    (r"\nabla_A \log \det A", r"A^{-\top}", r"A^{-1}"),
    (r"\nabla_A (\operatorname{tr}(A B) + 1)", r"B^\top", r"B"),
    (r"\nabla_A \operatorname{tr}(A^{-1} B)", r"-A^{-\top} B^\top A^{-\top}", r"-A^{-1} B A^{-1}"),
    (r"(A B)^{-1}", r"B^{-1} A^{-1}", r"A^{-1} B^{-1}"),
    (r"\det (A B)", r"\det(A) \det(B)", r"\det(A) + \det(B)"),
    (r"\det (2 A)", r"2^n \det(A)", r"2 \det(A)"),
    (r"\operatorname{tr}(A B S)", r"\operatorname{tr}(S A B)", r"\operatorname{tr}(A S B)"),
    (r"(I + A B)^{-1} A", r"A (I + B A)^{-1}", r"A (I + A B)^{-1}"),
    (r"\nabla_a (a^\top S a)", r"2 S a", r"S a"),
    (r"\nabla_a (a^\top A a)", r"(A + A^\top) a", r"2 A a"),
    (r"\nabla_a \|a - b\|", r"\frac{a - b}{\|a - b\|}", r"a - b"),
    (
        r"\frac{\partial}{\partial a} \frac{a}{\|a\|}",
        r"\frac{1}{\|a\|} I_n - \frac{1}{\|a\|^3} a a^\top",
        r"\frac{1}{\|a\|} I_n - a a^\top",
    ),
    (r"\operatorname{diag}(a) b", r"a \odot b", r"a + b"),
    (r"\nabla_u \sum_{k=1}^n \tanh((X u)_k)", r"X^\top (\mathbf{1}_n - \tanh(X u) \odot \tanh(X u))", r"X^\top \tanh(X u)"),
    (r"\nabla_u^2 \|X u - a\|^2", r"2 X^\top X", r"X^\top X"),
    (r"\frac{\partial}{\partial u^\top} (X u)", r"X", r"X^\top"),
    (r"\sum_{k=1}^n \sum_{l=1}^k a_l", r"\sum_{l=1}^n (n - l + 1) a_l", r"\sum_{l=1}^n (n - l) a_l"),
    (r"\mathbf{1}^\top a", r"\sum_{k=1}^n a_k", r"\sum_{k=1}^n a_k^2"),
    (
        r"a^\top (A \mathbf{1} - \mathbf{1})",
        r"\sum_{k=1}^n \sum_{l=1}^n a_k A_{kl} - \mathbf{1}^\top a",
        r"\sum_{k=1}^n \sum_{l=1}^n a_k A_{kl}",
    ),
    (r"\mathbf{1}_n^\top (a \odot b)", r"a^\top b", r"\mathbf{1}_n^\top a"),
]


def parsed(text: str) -> Term:
    return read_latex(text, LETTERS)


@pytest.mark.parametrize(("left", "right", "wrong"), CLAIMS)
def test_the_identity_is_proved_and_its_twin_is_refuted(left: str, right: str, wrong: str) -> None:
    verdict = indexed.decide(parsed(left), parsed(right), ARRANGED)
    assert verdict.kind == "proved", verdict
    verdict = indexed.decide(parsed(left), parsed(wrong), ARRANGED)
    assert verdict.kind == "refuted", verdict
    assert verdict.witness is not None


@pytest.mark.parametrize(("left", "right", "wrong"), CLAIMS)
def test_the_prover_alone_proves_the_identity_only(left: str, right: str, wrong: str) -> None:
    assert indexed.prove(parsed(left), parsed(right), ARRANGED).kind == "proved"
    assert indexed.prove(parsed(left), parsed(wrong), ARRANGED).kind == "undecided"


@pytest.mark.parametrize(("left", "right", "wrong"), CLAIMS)
def test_a_claim_and_its_mirror_image_have_one_verdict(left: str, right: str, wrong: str) -> None:
    assert indexed.decide(parsed(right), parsed(left), ARRANGED).kind == "proved"
    assert indexed.decide(parsed(wrong), parsed(left), ARRANGED).kind == "refuted"


def test_the_index_of_the_derivative_is_not_captured() -> None:
    left = read_latex(r"\frac{\partial}{\partial z_k} \sum_{k=1}^K e^{z_k}", LETTERS)
    assert indexed.decide(left, read_latex(r"e^{z_k}", LETTERS), LETTERS).kind == "proved"
    assert indexed.decide(left, read_latex(r"\sum_{k=1}^K e^{z_k}", LETTERS), LETTERS).kind == "refuted"


def test_entries_that_do_not_exist_may_be_meant_as_zeros() -> None:
    """Σ_i g_i w_{j−i+1} without its condition is right for a padded w, so nothing refutes it; false either way it is refuted."""
    context = let("n positive integer, r positive integer, x in R^{n+r-1}, w in R^r, g in R^n, j in 1..n+r-1")
    loss = r"\frac{\partial}{\partial x_j} \sum_{i=1}^n g_i \sum_{k=1}^r w_k x_{i+k-1}"

    def verdict(right: str) -> str:
        return decide(read_latex(loss, context), read_latex(right, context), context).kind

    assert verdict(r"\sum_{i=1, 1 \le j-i+1 \le r}^n g_i w_{j-i+1}") == "proved"
    assert verdict(r"\sum_{i=1}^n g_i w_{j-i+1}") == "undecided"
    assert verdict(r"2 \sum_{i=1}^n g_i w_{j-i+1}") == "refuted"
    assert verdict(r"\sum_{i=1, 1 \le i-j+1 \le r}^n g_i w_{i-j+1}") == "refuted"


def test_assumptions_about_indices_choose_the_case() -> None:
    left, other = parsed(rf"\frac{{\partial}}{{\partial z_j}} {SOFTMAX}"), parsed(rf"- {SOFTMAX} {OTHER}")
    same = parsed(rf"{SOFTMAX} (1 - {SOFTMAX})")
    apart = LETTERS.assume(Relation("≠", Sym("i"), Sym("j")))
    equal = LETTERS.assume(Relation("=", Sym("i"), Sym("j")))
    assert indexed.decide(left, other, apart).kind == indexed.decide(left, same, equal).kind == "proved"
    assert indexed.decide(left, other, equal).kind == indexed.decide(left, same, apart).kind == "refuted"
    assert indexed.decide(left, other, LETTERS).kind == indexed.decide(left, same, LETTERS).kind == "refuted"


def test_symmetry_counts_only_where_it_is_said() -> None:
    assert indexed.decide(parsed(r"S^\top"), parsed("S"), LETTERS).kind == "proved"
    assert indexed.decide(parsed(r"A^\top"), parsed("A"), LETTERS).kind == "refuted"


def test_the_layout_of_a_jacobian_is_told() -> None:
    left = parsed(r"\frac{\partial}{\partial u} (X u)")
    first, second = (indexed.decide(left, parsed(t), LETTERS) for t in (r"X^\top", "X"))
    assert (first.kind, second.kind) == ("proved", "proved")
    assert first.method.endswith("denominator layout")
    assert second.method.endswith("numerator layout")
    said = LETTERS.assume(NUMERATOR)
    assert indexed.decide(left, parsed("X"), said).kind == "proved"
    assert indexed.decide(left, parsed(r"X^\top"), said).kind == "refuted"


def test_a_gradient_as_a_column_and_a_jacobian_with_rows_of_values_are_often_mixed() -> None:
    """∂L/∂x = (∂h/∂x)^⊤ ∂L/∂h."""
    context = let(r"x \in \mathbb{R}^n, V \in \mathbb{R}^{m \times n}, h = V x").define("L", (), Fn("L", Sym("h")))
    left = read_latex(r"\frac{\partial L}{\partial x}", context)
    mixed = read_latex(r"(\frac{\partial h}{\partial x})^\top \frac{\partial L}{\partial h}", context)
    plain = read_latex(r"\frac{\partial h}{\partial x} \frac{\partial L}{\partial h}", context)
    assert indexed.decide(left, mixed, context).method.endswith("Jacobians in numerator layout")
    assert indexed.decide(left, plain, context).method.endswith(", denominator layout")
    assert indexed.decide(left, mixed, context.assume(DENOMINATOR)).kind == "undecided"
    assert indexed.decide(left, mixed, context.assume(MIXED)).kind == "proved"
    twice = read_latex(r"2 \frac{\partial h}{\partial x} \frac{\partial L}{\partial h}", context)
    assert indexed.decide(left, twice, context).kind == "refuted"


def test_a_gradient_in_the_other_layout_is_not_refuted() -> None:
    assert indexed.decide(parsed(r"\nabla_W \operatorname{tr}(X W Y^\top)"), parsed(r"Y^\top X"), LETTERS).kind == "undecided"


def test_defined_variables_can_be_differentiated_by() -> None:
    context = let(r"x \in \mathbb{R}^n, V \in \mathbb{R}^{m \times n}, j = 1, \ldots, n, h = V x")
    context = context.define("L", (), Fn("L", Sym("h")))
    left = read_latex(r"\frac{\partial L}{\partial x_j}", context)
    chain = read_latex(r"\sum_{i=1}^m \frac{\partial L}{\partial h_i} V_{ij}", context)
    assert indexed.decide(left, chain, context).kind == "proved"
    wrong = read_latex(r"\sum_{i=1}^m \frac{\partial L}{\partial h_i}", context)
    assert indexed.decide(left, wrong, context).kind == "refuted"


def test_an_activation_goes_entry_by_entry_and_another_unknown_function_only_if_that_is_said() -> None:
    context = let(r"W \in \mathbb{R}^{m \times n}, x \in \mathbb{R}^n, g \in \mathbb{R}^m").assume(DENOMINATOR)
    for name, letter in (("phi", r"\phi"), ("f", "f")):
        known = context.declare(name, function())
        left = read_latex(rf"\nabla_x (g^\top {letter}(W x))", known)
        right = read_latex(rf"W^\top (g \odot {letter}'(W x))", known)
        wrong = read_latex(rf"W^\top g \odot {letter}'(W x)", known)
        said = known.assume(Fn("entrywise", Sym(name)))
        assert indexed.decide(left, right, said).kind == "proved"
        assert indexed.decide(left, wrong, said).kind == "refuted"
        assert (indexed.decide(left, right, known).kind == "proved") == (name == "phi")


UNDECIDED = {
    "nothing says that y depends on z": (r"\frac{\partial y_i}{\partial z_j}", "0"),
    "exp of a square matrix": (r"\exp(A)", r"\exp(A)^\top"),
    "a number beside a square matrix": (r"A - c", r"A - c I_n"),
    "how many ones there are": (r"\mathbf{1} a^\top", r"a^\top"),
    "the size of an identity matrix in a Kronecker product": (r"\operatorname{vec}(A B)", r"(I \otimes A) \operatorname{vec}(B)"),
    "a range that is not said": (r"\sum_k 1", r"K"),
    "a function of which nothing is said": (r"\operatorname{Var}(\sum_{k=1}^K z_k)", r"\sum_{k=1}^K \operatorname{Var}(z_k)"),
    "a column that may be meant as a row": (r"a A", r"A^\top a"),
}


@pytest.mark.parametrize("why", UNDECIDED)
def test_what_is_unclear_stays_undecided_with_a_reason(why: str) -> None:
    left, right = (parsed(t) for t in UNDECIDED[why])
    verdict = indexed.decide(left, right, LETTERS)
    assert verdict.kind == "undecided"
    assert verdict.tried


def test_a_domain_is_not_overstepped() -> None:
    """log z_i² = 2 log z_i needs z_i > 0; √(z_i²) = z_i too."""
    assert indexed.decide(parsed(r"\sum_{k=1}^K \log z_k^2"), parsed(r"\sum_{k=1}^K 2 \log z_k"), LETTERS).kind == "undecided"
    assert indexed.decide(parsed(r"\sum_{k=1}^K \log q_k^2"), parsed(r"\sum_{k=1}^K 2 \log q_k"), LETTERS).kind == "proved"
    assert indexed.decide(parsed(r"\sum_{k=1}^K \sqrt{z_k^2}"), parsed(r"\sum_{k=1}^K z_k"), LETTERS).kind == "refuted"


def test_the_counterexample_names_sizes_and_entries() -> None:
    verdict = indexed.decide(parsed(r"\sum_{k=1}^K z_k"), parsed(r"\sum_{k=1}^K y_k"), LETTERS)
    assert verdict.witness is not None
    assert {"K", "z_1", "y_2"} <= verdict.witness.values.keys()


CONDITIONS = {
    (r"\sum_{k=1}^K \frac{z_k}{z_k}", "K"): ["z[k] != 0"],
    (r"A A^{-1}", "I"): ["det(A) != 0"],
    (r"(A B)^{-1}", r"B^{-1} A^{-1}"): [],
    (r"\nabla_a \|a\|", r"\frac{a}{\|a\|}"): ["norm(a) != 0"],
    (r"\frac{q_i z_i}{q_i}", r"z_i"): [],
    (r"\frac{z_i}{\sum_{k=1}^K e^{z_k}} \sum_{k=1}^K e^{z_k}", r"z_i"): [],
}


@pytest.mark.parametrize("claim", CONDITIONS)
def test_what_a_side_needs_to_be_defined_is_a_condition_unless_it_is_given(claim: tuple[str, str]) -> None:
    verdict = indexed.decide(parsed(claim[0]), parsed(claim[1]), LETTERS)
    assert verdict.kind == "proved"
    assert [str(c) for c in verdict.conditions] == CONDITIONS[claim]
    given = LETTERS.assume(Fn("invertible", Sym("A")), Relation("≠", Sym("a"), read("0")), read("z[k] != 0", LETTERS))
    assert indexed.decide(parsed(claim[0]), parsed(claim[1]), given).conditions == ()


def test_a_condition_on_one_index_does_not_wander_to_another() -> None:
    """Σ_{k ≤ j} over rows is not Σ_{k ≤ j} over columns."""
    context = LETTERS.declare("r", index(Num(1), Sym("n")))
    k, m, r = Sym("k"), Sym("l"), Sym("r")
    by_row = Sum(Sum(Entry(Sym("A"), m, k), m, Num(1), r), k, Num(1), Sym("n"))
    by_column = Sum(Sum(Entry(Sym("A"), k, m), m, Num(1), r), k, Num(1), Sym("n"))
    assert indexed.prove(by_row, by_column, context).kind == "undecided"
    assert indexed.decide(by_row, by_column, context).kind == "refuted"
    part = Sum(Sum(Entry(Sym("A"), m, k), m, Num(1), Sym("n"), Relation("≤", m, r)), k, Num(1), Sym("n"))
    assert indexed.decide(by_row, part, context).kind == "proved"


@pytest.mark.parametrize(
    "claim", [(r"\sum_{k=1}^{K-3} 1", "K - 3"), (r"\prod_{k=1}^{K-3} t", "t^{K-3}"), (r"\sum_{k=j}^{i} 1", "i - j + 1")]
)
def test_a_range_may_end_before_it_begins(claim: tuple[str, str]) -> None:
    """Σ_{k=1}^{K−3} 1 is K − 3 only for K ≥ 3, which the author may have in mind: neither proved nor refuted."""
    left, right = map(parsed, claim)
    assert indexed.prove(left, right, LETTERS).kind == "undecided"
    assert indexed.decide(left, right, LETTERS).kind == "undecided"


def test_a_range_that_is_said_not_to_be_empty_is_counted() -> None:
    context = LETTERS.assume(Relation("≥", Sym("K"), Num(3)))
    left, right = parsed(r"\sum_{k=1}^{K-3} 1"), parsed("K - 3")
    assert indexed.decide(left, right, context).kind == "proved"


def test_a_bound_label_is_no_constant() -> None:
    """Σ_i p_{c_i} is not n p_{c_1}."""
    context = let(r"q \in \mathbb{R}^K, i = 1, \ldots, n")
    label = Entry(Sym("c"), Sym("k"))
    left = Sum(Entry(Sym("q"), label), Sym("k"), Num(1), Sym("n"))
    right = Sum(Entry(Sym("q"), label), Sym("l"), Num(1), Sym("n"))
    assert indexed.decide(left, right, context).kind == "undecided"


def test_sizes_may_be_numbers() -> None:
    context = let(r"g \in \mathbb{R}^{784}, H \in \mathbb{R}^{784 \times 10}, t \in \mathbb{R}^{10}, p \in \mathbb{R}^3")
    claims = [
        (r"g^\top H t", r"t^\top H^\top g"),
        (r"\nabla_t (g^\top H t)", r"H^\top g"),
        (r"\sum_{k=1}^3 p_k", "p_1 + p_2 + p_3"),
    ]
    for left, right in claims:
        assert indexed.decide(read_latex(left, context), read_latex(right, context), context).kind == "proved"
    wrong = indexed.decide(read_latex(r"\nabla_t (g^\top H t)", context), read_latex("H g", context), context)
    assert wrong.kind == "refuted"


def test_what_concerns_symbolic_size() -> None:
    assert indexed.concerns(parsed(r"\sum_{k=1}^K z_k"), parsed("1"), LETTERS)
    assert not indexed.concerns(read("x + 1"), read("1 + x"), Context())
    rule = Context().assume(Relation("=", Entry(Sym("s"), Sym("i"), Sym("j")), read("2*i + j")))
    entry = Entry(Sym("s"), Num(2), Num(1))
    assert indexed.concerns(entry, Num(5), rule)
    assert indexed.decide(entry, Num(5), rule).kind == "proved"
    assert indexed.decide(entry, Num(4), rule).kind == "refuted"


def test_deep_terms_and_scarce_time_are_undecided() -> None:
    t: Term = Sym("A")
    for _ in range(5000):
        t = Fn("transpose", t)
    assert indexed.decide(t, Sym("A"), LETTERS).kind == "undecided"
    start = time.monotonic()
    power = parsed(r"\operatorname{tr}((A + B + S)^{12})")
    assert indexed.decide(power, parsed(r"\operatorname{tr}((S + B + A)^{12})"), LETTERS, 0.5).kind != "refuted"
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (r"\operatorname{tr}(P Q)", r"\operatorname{tr}(P) \operatorname{tr}(Q)", ""),
        (r"(P Q)^\top", r"P^\top Q^\top", ""),
        (r"\|P x\|^2", r"P^2 \|x\|^2", r"x \in \mathbb{R}^n"),
        (r"P x", r"x P", r"x \in \mathbb{R}^n"),
    ],
)
def test_what_holds_for_numbers_only_is_not_proved_of_undeclared_letters(left: str, right: str, given: str) -> None:
    context = let(given) if given else Context()
    sides = read_latex(left, context), read_latex(right, context)
    assert indexed.decide(*sides, context).kind != "proved"
    assert indexed.prove(*sides, context).kind != "proved"


def test_an_undeclared_factor_that_is_no_capital_is_a_number() -> None:
    context = let(r"M \in \mathbb{R}^{n \times n}")
    sides = read_latex(r"\operatorname{tr}(\lambda M)", context), read_latex(r"\lambda \operatorname{tr}(M)", context)
    assert indexed.decide(*sides, context).kind == "proved"
