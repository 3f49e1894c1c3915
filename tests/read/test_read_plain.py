from __future__ import annotations

from collections.abc import Callable

import pytest

from symderiv.errors import ReadError, UnknownName
from symderiv.read import read, read_latex, read_plain, reading
from symderiv.read.calls import CALLS
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    TWO,
    Add,
    And,
    Array,
    Cases,
    Const,
    Context,
    Decimal,
    Derivative,
    Div,
    Entry,
    Fn,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
    function,
    matrix,
    vector,
)

a, b, c, f, i, j, k, n, x, y, z = map(Sym, ("a", "b", "c", "f", "i", "j", "k", "n", "x", "y", "z"))
X1 = Sym("x_1")


WRITTEN: dict[str, Term] = {
    "1/(1+exp(-x))": Div(ONE, Add(ONE, Fn("exp", Neg(x)))),
    "-a*b": Neg(Mul(a, b)),
    "-x^2": Neg(Pow(x, TWO)),
    "a^-b": Pow(a, Neg(b)),
    "a**b^c": Pow(a, Pow(b, c)),
    "a/b*c": Mul(Div(a, b), c),
    "a - b": Add(a, Neg(b)),
    "a*-b": Mul(a, Neg(b)),
    "x/x": Div(x, x),
    "0^0": Pow(Num(0), Num(0)),
    "1/0": Div(ONE, Num(0)),
    "2x": Mul(TWO, x),
    "2(x+1)": Mul(TWO, Add(x, ONE)),
    "(a)(b)": Mul(a, b),
    "x y": Mul(x, y),
    "(a + b) + c": Add(Add(a, b), c),
    "a + b + c": Add(a, b, c),
    "x1": X1,
    "x_1": X1,
    "x₁": X1,
    "α": Sym("alpha"),
    "alpha": Sym("alpha"),
    "x² − 1": Add(Pow(x, TWO), Neg(ONE)),
    "x⁻¹": Pow(x, Neg(ONE)),
    "√2 π": Mul(Fn("sqrt", TWO), Const("pi")),
    "a·b × c": Mul(a, b, c),
    "0.044715": Decimal("0.044715"),
    "1e-5": Decimal("1e-5"),
    "e": Const("e"),
    "e^x": Fn("exp", x),
    "np.exp(x)": Fn("exp", x),
    "math.log(x)": Fn("log", x),
    "ln(x)": Fn("log", x),
    "log2(x)": Div(Fn("log", x), Fn("log", TWO)),
    "max(0, x)": Fn("max", Num(0), x),
    "|x|": Fn("abs", x),
    "|x| |y|": Mul(Fn("abs", x), Fn("abs", y)),
    "||x||^2": Pow(Fn("norm", x), TWO),
    "sin^2(x)": Pow(Fn("sin", x), TWO),
    "sin^-1(x)": Fn("asin", x),
    "sin x cos x": Mul(Fn("sin", x), Fn("cos", x)),
    "f(x)": Fn("f", x),
    "f''(x)": Prime("f", (2,), x),
    "partial(f, 1, 0)(x, y)": Prime("f", (1, 0), x, y),
    "x!": Fn("factorial", x),
    "cases(a if x > 0, b if x = 0, c otherwise)": Cases((a, Relation(">", x, Num(0))), (b, Relation("=", x, Num(0))), (c, Truth())),
    "a if x > 0 else b": Cases((a, Relation(">", x, Num(0))), (b, Truth())),
    "1[x > 0]": Indicator(Relation(">", x, Num(0))),
    "indicator(x > 0)": Indicator(Relation(">", x, Num(0))),
    "d/dx (x^2)": Derivative(Pow(x, TWO), x),
    "d/dx x^2 + 1": Add(Derivative(Pow(x, TWO), x), ONE),
    "diff(x^3, x, 2)": Derivative(Pow(x, Num(3)), x, 2),
    "d^2/dx^2 (x^3)": Derivative(Pow(x, Num(3)), x, 2),
    "at(d/dx (x^2), x, y + 1)": Derivative(Pow(x, TWO), x, 1, Add(y, ONE)),
    "dz/dx1": Derivative(z, X1),
    "∂z/∂x1": Derivative(z, X1),
    "d/dz[k] (z[j])": Derivative(Entry(z, j), z, indices=(k,)),
    "sum(exp(z_k), k, 1, n)": Sum(Fn("exp", Entry(z, k)), k, ONE, n),
    "sum_{k=1}^n z_k": Sum(Entry(z, k), k, ONE, n),
    "∑_k x_k": Sum(Entry(x, k), k),
    "sum(z[k], k, where k != j)": Sum(Entry(z, k), k, None, None, Relation("≠", k, j)),
    "prod(z[k], k, 1, n)": Product(Entry(z, k), k, ONE, n),
    "z[i]": Entry(z, i),
    "z[i, j]": Entry(z, i, j),
    "[[1, 2], [a, b]]": Array((ONE, TWO), (a, b)),
    "a < b <= c": And(Relation("<", a, b), Relation("≤", b, c)),
    "hat(y)": Sym("hat(y)"),
    "p(y | x)": Fn("p", Fn("given", y, x)),
    "p(1 - p)": Mul(Sym("p"), Add(ONE, Neg(Sym("p")))),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_plain_maths_is_read_as_it_is_written(text: str) -> None:
    assert read_plain(text) == WRITTEN[text]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_formula_of_the_table_of_functions_is_read(name: str) -> None:
    row = FUNCTIONS[name]
    assert any(isinstance(t, Fn) and t.name == name for t in read_plain(row.example).postorder())
    for formula in (*row.derivative, *row.domain, *row.smooth, *row.range, row.definition, row.cases):
        if formula:
            assert reading(formula).notes == ()


@pytest.mark.parametrize("alias", [(alias, name) for name, row in FUNCTIONS.items() for alias in row.aliases])
def test_every_alias_is_its_function(alias: tuple[str, str]) -> None:
    assert read_plain(f"{alias[0]}(x)") == Fn(alias[1], x)


@pytest.mark.parametrize("name", CALLS)
def test_every_call_reads_its_example(name: str) -> None:
    read_plain(CALLS[name].example)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("1/(1+x", 3, "never closed"),
        ("1 + x)", 6, "closes nothing"),
        ("(x]", 3, "expected"),
        ("", 1, "nothing to read"),
        ("   ", 1, "nothing to read"),
        ("x +", 3, "missing"),
        ("1 2", 3, "operator is missing"),
        ("x $ y", 3, "character"),
        ("f()", 2, "nothing between"),
        ("exp(x, y)", 1, "one argument"),
        ("sin", 1, "argument"),
        ("a if x > 0", 3, "else"),
        ("d/dx", 1, "taken of nothing"),
        ("cases(x)", 1, "no condition"),
        ("|x", 1, "never closed"),
        ("x * / y", 5, "cannot stand"),
        ("[[1, 2], [3]]", 10, "length"),
        ("sum(x)", 1, "index"),
        ("1e999999", 1, "too long"),
        ("9" * 2000, 1, "too long"),
        ("x_", 2, "cannot stand"),
        ("a ± b", 3, ""),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text: str, column: int, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_plain(text)
    assert words in caught.value.what
    assert caught.value.span is not None
    assert caught.value.span.column == column


def test_an_unknown_function_names_its_neighbours() -> None:
    with pytest.raises(UnknownName, match="did you mean") as caught:
        read_plain("1 + sinn(x)")
    assert caught.value.span is not None
    assert caught.value.span.text == "sinn"


def test_further_functions_may_be_named() -> None:
    assert read_plain("relu(x)", functions=("relu",)) == Fn("relu", x)
    context = Context().declare("relu", function())
    assert read_plain("relu(x)", context) == Fn("relu", x)


def test_declarations_decide_between_application_and_product() -> None:
    assert read_plain("f(x)", Context().declare("f", vector(n))) == Mul(f, x)
    assert read_plain("a(x)", Context().declare("a", function())) == Fn("a", x)
    assert read_plain("a(x + 1)") == Mul(a, Add(x, ONE))


def test_a_subscript_is_an_index_where_declarations_say_so() -> None:
    assert read_plain("z_i") == Sym("z_i")
    assert read_plain("z_i", Context().declare("z", vector(n))) == Entry(z, i)
    assert read_plain("W_ij", Context().declare("W", matrix(n, n))) == Entry(Sym("W"), i, j)


def test_a_letter_is_a_family_everywhere_in_one_text() -> None:
    read_ = read_plain("exp(z_j)/sum(exp(z_k), k, 1, n)")
    assert Entry(z, j) in set(read_.postorder())
    assert Sym("z_j") not in set(read_.postorder())


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("x + a/5*b^2", Add(x, Div(a, Mul(Num(5), Pow(b, TWO))))),
        ("1/2x", Div(ONE, Mul(TWO, x))),
        ("a/b*c", Div(a, Mul(b, c))),
        ("d/dx (x)*y", Derivative(Mul(x, y), x)),
        ("d/dx x*y", Mul(Derivative(x, x), y)),
    ],
)
def test_an_ambiguity_is_reported_with_the_other_reading(text: str, other: Term) -> None:
    (note,) = reading(text).notes
    assert note.kind == "ambiguity"
    assert note.other == other


@pytest.mark.parametrize("text", ["a/(b*c)", "a*b/c", "(a/b)*c", "a/b", "a/b + c", "a/(b)*c"])
def test_brackets_leave_no_ambiguity(text: str) -> None:
    assert reading(text).notes == ()


def test_every_part_has_its_place() -> None:
    text = "1/(1 + exp(-x)) + sum(z_k, k, 1, n)"
    term = read(text, path="notes.md")
    assert term.span is not None
    assert term.span.place == "notes.md:1:1"
    assert {t.span.text for t in term.preorder() if isinstance(t, Fn) and t.span} == {"exp(-x)"}
    assert all(t.span is not None for t in term.preorder() if not isinstance(t, Sym))


@pytest.mark.parametrize("reader", [read_plain, read_latex])
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("|x||y|", "abs(x)*abs(y)"),
        ("|x - 1||y + 2|", "abs(x - 1)*abs(y + 2)"),
        ("|a||b||c|", "abs(a)*abs(b)*abs(c)"),
        ("||x||", "norm(x)"),
        ("| ||x|| - 1|", "abs(norm(x) - 1)"),
        ("|x| ||y||", "abs(x)*norm(y)"),
    ],
)
def test_two_bars_close_and_open_inside_of_bars(reader: Callable[[str], Term], text: str, same: str) -> None:
    assert reader(text) == read_plain(same)
