"""Claims about every member of a recursion: proved, refuted, and never proved where exact numbers disagree."""

from __future__ import annotations

import random

import pytest

from symderiv.decide import decide
from symderiv.decide.sequences import DESCENDING, closed_form, system_of
from symderiv.read import let, read_latex
from symderiv.terms import (
    Add,
    Context,
    DescendingProduct,
    Entry,
    Mul,
    Neg,
    Num,
    Pow,
    Product,
    Sum,
    Sym,
    Term,
    number,
)
from tests.decide.exact_sequences import Exact

INDEX = r"N \in \mathbb{N}, l \in \{1, \dots, N\}, "
LAYERS = (
    INDEX
    + r"W_l \in \mathbb{R}^{n_l \times n_{l-1}}, b_l \in \mathbb{R}^{n_l}, x \in \mathbb{R}^{n_0}, h_0 = x, h_l = W_l h_{l-1} + b_l"
)
SQUARE = INDEX + r"W_l \in \mathbb{R}^{d \times d}, b_l \in \mathbb{R}^{d}, x \in \mathbb{R}^{d}, h_0 = x, "
MOMENTUM = r"t \in \mathbb{N}, s \in \{1, \dots, t\}, 0 < \beta < 1, v_0 = 0, "
BACKWARDS = INDEX + r"W_l \in \mathbb{R}^{d \times d}, g \in \mathbb{R}^d, s_l \in \mathbb{R}^d, e_N = g, "

TRUE = [
    (LAYERS, "h_2", "W_2 (W_1 x + b_1) + b_2"),
    (LAYERS, "h_N", r"(\prod_{l=1}^N W_l) x + \sum_{l=1}^N (\prod_{k=l+1}^N W_k) b_l"),
    (LAYERS, r"h_N - (\prod_{l=1}^N W_l) x", r"\sum_{l=1}^N (\prod_{k=l+1}^N W_k) b_l"),
    (SQUARE + "h_l = W_l h_{l-1}", "h_N", r"(\prod_{k=1}^N W_k) x"),
    (SQUARE + "h_l = h_{l-1} + W_l h_{l-1}", "h_N", r"(\prod_{k=1}^N (I + W_k)) x"),
    (
        SQUARE + r"h_l = \alpha (W_l h_{l-1} + b_l)",
        "h_N",
        r"\alpha^N (\prod_{l=1}^N W_l) x + \sum_{l=1}^N \alpha^{N-l+1} (\prod_{k=l+1}^N W_k) b_l",
    ),
    (INDEX + r"A \in \mathbb{R}^{d \times d}, x \in \mathbb{R}^d, h_0 = x, h_l = A h_{l-1}", "h_N", "A^N x"),
    (MOMENTUM + r"v_s = \beta v_{s-1} + g", "v_t", r"\frac{1 - \beta^t}{1 - \beta} g"),
    (MOMENTUM + r"v_s = \beta v_{s-1} + (1 - \beta) g_s", "v_t", r"(1 - \beta) \sum_{s=1}^t \beta^{t-s} g_s"),
    (MOMENTUM + r"v_s = \beta v_{s-1} + g_s", "v_t", r"\sum_{s=0}^{t-1} \beta^s g_{t-s}"),
    (r"n \in \mathbb{N}, k \in \{1, \dots, n\}, a \ne 1, x_0 = c, x_k = a x_{k-1} + b", "x_n", r"a^n c + b \frac{1 - a^n}{1 - a}"),
    (r"n \in \mathbb{N}, F_0 = 0, F_1 = 1, k \in \{2, \dots, n\}, F_k = F_{k-1} + F_{k-2}", r"\sum_{k=1}^n F_k", "F_{n+2} - 1"),
    (
        r"L \in \mathbb{N}, k, s \in \mathbb{R}^{L}, l \in \{1, \dots, L\}, j_0 = 1, j_l = j_{l-1} s_l, r_0 = 1, r_l = r_{l-1} + (k_l - 1) j_{l-1}",
        "r_L",
        r"1 + \sum_{l=1}^{L} (k_l - 1) \prod_{i=1}^{l-1} s_i",
    ),
    (BACKWARDS + r"e_l = W_{l+1}^\top e_{l+1}", "e_l", r"(\prod_{k=l+1}^{N} W_k)^\top g"),
    (r"n \in \mathbb{N}", r"\sum_{k=0}^n a^k", r"\frac{1 - a^{n+1}}{1 - a}"),
    (r"n \in \mathbb{N}", r"\sum_{k=1}^{n} \frac{1}{k (k+1)}", r"\frac{n}{n+1}"),
    (r"n \in \mathbb{N}", r"\sum_{k=1}^{n} \sum_{j=1}^{k} a_j", r"\sum_{j=1}^{n} (n - j + 1) a_j"),
]
FALSE = [
    (LAYERS, "h_2", "W_1 (W_2 x + b_1) + b_2"),
    (LAYERS, "h_N", "W_N x"),
    (LAYERS, "h_N", r"(\prod_{l=1}^N W_l) x + \sum_{l=1}^N b_l"),
    (LAYERS, "h_N", r"(\prod_{l=1}^N W_l) x + \sum_{l=1}^{N-1} (\prod_{k=l+1}^N W_k) b_l"),
    (SQUARE + "h_l = W_l h_{l-1}", "h_N", r"(\prod_{k=1}^{N-1} W_k) x"),
    (SQUARE + "h_l = W_l h_{l-1}", "h_N", r"(\prod_{k=1}^N W_k^\top) x"),
    (SQUARE + r"h_l = \alpha (W_l h_{l-1} + b_l)", "h_N", r"\alpha^N (\prod_{l=1}^N W_l) x + \sum_{l=1}^N \alpha^{N-l} (\prod_{k=l+1}^N W_k) b_l"),
    (MOMENTUM + r"v_s = \beta v_{s-1} + g", "v_t", r"\frac{1 - \beta^{t+1}}{1 - \beta} g"),
    (MOMENTUM + r"v_s = \beta v_{s-1} + g_s", "v_t", r"\sum_{s=1}^t \beta^s g_s"),
    (BACKWARDS + r"e_l = W_{l+1}^\top e_{l+1}", "e_l", r"(\prod_{k=l}^{N} W_k)^\top g"),
    (r"n \in \mathbb{N}", r"\sum_{k=0}^n a^k", r"\frac{1 - a^{n}}{1 - a}"),
    (r"n \in \mathbb{N}", r"\sum_{k=1}^{n} \sum_{j=1}^{k} a_j", r"\sum_{j=1}^{n} (n - j) a_j"),
]  # fmt: skip


def _read(said: str, left: str, right: str) -> tuple[Term, Term, Context]:
    context = let(said).assume(DESCENDING)
    return read_latex(left, context).bare, read_latex(right, context).bare, context


@pytest.mark.parametrize(("said", "left", "right"), TRUE)
def test_a_claim_about_every_member_is_proved(said: str, left: str, right: str) -> None:
    a, b, context = _read(said, left, right)
    assert decide(a, b, context).kind == "proved"


@pytest.mark.parametrize(("said", "left", "right"), FALSE)
def test_a_false_claim_is_refuted_at_a_concrete_index(said: str, left: str, right: str) -> None:
    a, b, context = _read(said, left, right)
    verdict = decide(a, b, context)
    assert verdict.kind == "refuted"
    assert verdict.witness is not None


def test_the_order_of_a_product_has_to_be_said_unless_the_shapes_say_it() -> None:
    context = let(SQUARE + "h_l = W_l h_{l-1}")
    h, run = read_latex("h_N", context), read_latex(r"(\prod_{k=1}^N W_k) x", context)
    assert decide(h, run, context).kind == "undecided"
    context = let(LAYERS)
    h, run = read_latex("h_N", context), read_latex(r"(\prod_{l=1}^N W_l) x + \sum_{l=1}^N (\prod_{k=l+1}^N W_k) b_l", context)
    verdict = decide(h, run, context)
    assert (verdict.kind, verdict.method) == ("proved", "induction on N, the largest index on the left")


def test_a_sequence_without_a_first_member_is_not_decided() -> None:
    context = let(r"N \in \mathbb{N}, l \in \{1, \dots, N\}, h_l = 2 h_{l-1}")
    assert decide(read_latex("h_N", context), read_latex("2^N", context), context).kind == "undecided"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (SQUARE + "h_l = W_l h_{l-1} + b_l", "h"),
        (SQUARE + "h_l = h_{l-1} - W_l h_{l-1}", "h"),
        (MOMENTUM + r"v_s = \beta v_{s-1} + g_s", "v"),
        (r"n \in \mathbb{N}, k \in \{1, \dots, n\}, x_0 = c, x_k = a x_{k-1} + b", "x"),
        (r"n \in \mathbb{N}, k \in \{1, \dots, n\}, x_0 = c, x_k = x_{k-1} + b", "x"),
    ],
)
def test_a_closed_form_is_found_and_proved(said: str, name: str) -> None:
    context = let(said).assume(DESCENDING)
    form = closed_form(system_of(context), name)
    assert form is not None
    letter = "t" if "t " in said else "n" if "n " in said else "N"
    member = Entry(Sym(name), Sym(letter))
    assert decide(member, form.opened((Sym(letter),)), context).kind == "proved"


def test_a_recursion_that_is_not_linear_has_no_closed_form() -> None:
    assert closed_form(system_of(let(r"n \in \mathbb{N}, k \in \{1, \dots, n\}, x_0 = c, x_k = x_{k-1}^2")), "x") is None


@pytest.mark.parametrize(("said", "left", "right"), [c for c in TRUE if r"\frac" not in c[2] and "F_" not in c[1]])
def test_what_is_proved_holds_of_exact_numbers_up_to_six_layers(said: str, left: str, right: str) -> None:
    a, b, context = _read(said, left, right)
    for n in range(1, 7):
        exact = Exact(context, {"N": n, "t": n, "n": n, "L": n, "l": 1}, seed=n)
        assert exact.of(a) == exact.of(b)


def mutants(t: Term) -> list[Term]:
    """Terms with one slip in them: a bound or an exponent one off, the order turned, a factor or a summand lost, a sign."""
    out: list[Term] = []
    for k, c in enumerate(t.children):
        out += [t.rebuild([*t.children[:k], m, *t.children[k + 1 :]]) for m in mutants(c)]
    match t:
        case Sum() | Product():
            for role in range(1, len(t.children)):
                for shift in (1, -1):
                    moved = [*t.children]
                    moved[role] = Add(moved[role], number(shift))
                    out.append(t.rebuild(moved))
            if isinstance(t, Product):
                other = Product if isinstance(t, DescendingProduct) else DescendingProduct
                out.append(other.make(t.data, t.children))
        case Mul(args) | Add(args) if len(args) > 1:
            out.append(t.rebuild([args[1], args[0], *args[2:]]))
            out.append(args[0] if len(args) == 2 else t.rebuild(args[1:]))
        case Pow(a, n):
            out.append(Pow(a, Add(n, Num(1))))
    return [*out, Neg(t)] if not isinstance(t, (Num, Sym)) else out


@pytest.mark.parametrize(("said", "left", "right"), [c for c in TRUE if "n_l" not in c[0] and "F_" not in c[1]])
def test_a_slip_is_never_proved_where_exact_numbers_differ(said: str, left: str, right: str) -> None:
    a, b, context = _read(said, left, right)
    chosen = mutants(b)
    random.Random(0).shuffle(chosen)
    for wrong in chosen[:12]:
        verdict = decide(a, wrong, context, 0.5)
        for n in (2, 3):
            exact = Exact(context, {"N": n, "t": n, "n": n, "L": n, "l": 1}, seed=n)
            try:
                same = exact.of(a) == exact.of(wrong)
            except (NotImplementedError, ValueError, ZeroDivisionError, RecursionError):
                break
            assert not (verdict.kind == "proved" and not same), f"{wrong} is proved and false for {n}"
            assert not (verdict.kind == "refuted" and verdict.witness is None)
