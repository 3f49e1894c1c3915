"""What is printed is read back as the same term."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.read import let, read_latex, read_plain
from symderiv.terms import (
    FUNCTIONS,
    Add,
    And,
    Array,
    Cases,
    Const,
    Derivative,
    Div,
    Entry,
    Fn,
    Indicator,
    Layer,
    Mul,
    Neg,
    Num,
    Or,
    Pow,
    Prime,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
)
from symderiv.terms.plain import plain
from symderiv.write.notations.latex import latex

PROFILE = settings(max_examples=400, deadline=None, derandomize=True)

CONTEXT = let("i, j integer, a in R^n, A in R^{n x n}, f function")
LETTERS = st.sampled_from([Sym(name) for name in ("x", "y", "z", "x_1", "alpha", "theta", "hat(y)", "w")])
INDICES = st.sampled_from([Sym("i"), Sym("j"), Num(1)])
ATOMS = st.one_of(LETTERS, st.integers(0, 12).map(Num), st.sampled_from([Const("pi"), Const("e")]))
UNARY = sorted(name for name, row in FUNCTIONS.items() if row.arity == 1)


def grown(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    relation = st.builds(Relation, st.sampled_from(["=", "≠", "<", "≤", ">", "≥"]), inner, inner)
    condition = st.one_of(relation, st.builds(And, relation, relation), st.builds(Or, relation, relation))
    base = inner.filter(lambda t: t != Const("e"))
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda ts: Add(*ts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda ts: Mul(*ts)),
        inner.map(Neg),
        st.builds(Div, inner, inner),
        st.builds(Pow, base, inner),
        st.builds(Fn, st.sampled_from(UNARY), inner),
        st.builds(lambda a, b: Fn("max", a, b), inner, inner),
        st.builds(lambda n, u: Prime("f", (n,), u), st.integers(1, 3), inner),
        st.builds(lambda u, v, n: Derivative(u, v, n), inner, st.sampled_from([Sym("x"), Sym("y")]), st.integers(1, 2)),
        INDICES.map(lambda a: Entry(Sym("a"), a)),
        st.builds(lambda a, b: Entry(Sym("A"), a, b), INDICES, INDICES),
        st.builds(lambda u, n: Sum(Mul(u, Entry(Sym("a"), Sym("k"))), Sym("k"), Num(1), n), inner, ATOMS),
        st.builds(lambda u, n: Product(Entry(Sym("a"), Sym("k")), Sym("k"), Num(1), n), inner, ATOMS),
        st.builds(lambda u, c, v: Cases((u, c), (v, Truth())), inner, condition, inner),
        st.builds(Indicator, relation),
    )


TERMS = st.recursive(ATOMS, grown, max_leaves=10)


@PROFILE
@given(TERMS)
def test_plain_maths(term: Term) -> None:
    assert read_plain(plain(term), CONTEXT) == term


@PROFILE
@given(TERMS)
def test_latex(term: Term) -> None:
    assert read_latex(latex(term), CONTEXT) == term


def test_layers_and_matrices() -> None:
    for term in (
        Layer(Sym("W"), Sym("l")),
        Entry(Layer(Sym("a"), Num(1)), Sym("i")),
        Array((Num(1), Sym("x")), (Num(0), Sym("y"))),
    ):
        assert read_plain(plain(term)) == term
        assert read_latex(latex(term)) == term
