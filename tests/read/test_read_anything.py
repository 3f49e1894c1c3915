"""Whatever is read, there is a term or a ReadError with a place: no other exception, no hang."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.errors import ReadError, SymderivError
from symderiv.read import let, read_latex, read_plain, reading, statements
from symderiv.read.latex_commands import ACCENTS, LETTERS, OPERATOR_COMMANDS, STRUCTURES
from symderiv.terms import Add, Div, Mul, Term

PROFILE = settings(max_examples=500, deadline=None, derandomize=True)

PLAIN_PIECES = [
    *"xyzfe123+-*/^()[]|,.'_!=<>{} ",
    "d/dx",
    "sin",
    "exp(",
    "sum(",
    "cases(",
    " if ",
    " else ",
    " otherwise",
    "x_1",
    "∂",
    "√",
    "²",
    "∑",
    "<=",
]
LATEX_PIECES = [
    *"xyzfeT123+-*/^_()[]{}|,.'!=<>& \\",
    *(f"\\{c} " for c in (*ACCENTS, *STRUCTURES, *LETTERS, *OPERATOR_COMMANDS)),
    r"\frac{d}{dx}",
    r"\frac{",
    r"\partial",
    r"\sum_{k=1}^n",
    r"\begin{cases}",
    r"\end{cases}",
    r"\begin{pmatrix}",
    r"\end{pmatrix}",
    r"\left",
    r"\right",
    r"\left|",
    r"\right|",
    r"\text{if }",
    r"\mathbf{",
    r"\mathbb{1}",
    r"\operatorname{tr}",
    r"\\",
    "_{",
    "^{",
    "^{(l)}",
    r"\log",
    r"\max",
    r"\quad",
]


def refusal(read: Callable[[str], object], text: str) -> SymderivError | None:
    try:
        read(text)
    except SymderivError as error:
        return error
    return None


def reads_or_refuses(read: Callable[[str], object], text: str) -> None:
    error = refusal(read, text)
    assert error is None or (error.span is not None and str(error))


@PROFILE
@given(st.lists(st.sampled_from(PLAIN_PIECES), max_size=14).map("".join))
def test_pieces_of_plain_maths(text: str) -> None:
    reads_or_refuses(read_plain, text)


@PROFILE
@given(st.lists(st.sampled_from(LATEX_PIECES), max_size=14).map("".join))
def test_pieces_of_latex(text: str) -> None:
    reads_or_refuses(read_latex, text)
    for s in statements(text, latex=True):
        for error in s.errors:
            assert str(error)


@PROFILE
@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    reads_or_refuses(read_plain, text)
    reads_or_refuses(read_latex, text)
    statements(text)


@PROFILE
@given(
    st.lists(
        st.sampled_from([*PLAIN_PIECES, *LATEX_PIECES, " in ", "R^", "n", " integer", "\\in", "\\{1, \\dots, K\\}", "..", "->"]),
        max_size=10,
    ).map("".join)
)
def test_any_declaration(text: str) -> None:
    reads_or_refuses(let, text)


@pytest.mark.parametrize(
    "text",
    ["(" * 500 + "x" + ")" * 500, "exp(" * 500 + "x" + ")" * 500, "^".join("x" * 500), "(" * 5000, "d/dx " * 500 + "x", "|" * 1001],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        read_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{1}{" * 500 + "x" + "}" * 500,
        "x_{" * 500 + "y" + "}" * 500,
        r"\sum_k " * 500 + "x",
        r"\log " * 500 + "x",
        "f(" * 1000,
        r"\begin{cases}" * 500,
    ],
)
def test_latex_that_is_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(ReadError, match="deep"):
        read_latex(text)


def test_brackets_of_modest_depth_are_read() -> None:
    assert read_plain("(" * 100 + "x" + ")" * 100) == read_plain("x")


def test_accents_of_any_depth_end() -> None:
    reads_or_refuses(read_latex, r"\hat{" * 3000 + "x" + "}" * 3000)


@pytest.mark.parametrize(("joint", "kind"), [("+", Add), ("-", Add), ("*", Mul), (" ", Mul)])
def test_a_long_sum_or_product_is_flat_and_fast(joint: str, kind: type[Term]) -> None:
    term = read_plain(joint.join(f"x{k}" for k in range(10_000)))
    assert type(term) is kind
    assert len(term.children) == 10_000


def test_a_long_quotient_needs_no_recursion() -> None:
    term = read_plain("/".join("x" * 5000))
    assert isinstance(term, Div)
    assert term.depth == 5000


def test_many_ambiguities_cost_no_square() -> None:
    notes = reading("+".join(["1/2x"] * 3000)).notes
    assert len(notes) == 3000
