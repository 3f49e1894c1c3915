"""Random terms of every kind that people write, for round trips."""

from hypothesis import strategies as st

from symderiv.terms import (
    FUNCTIONS,
    Add,
    And,
    Cases,
    Const,
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
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
)

LETTERS = ("x", "y", "a", "b", "x_1", "alpha", "mu", "K")
X, K_INDEX = Sym("x"), Sym("k")

atoms = st.one_of(
    st.sampled_from([Sym(name) for name in LETTERS]),
    st.integers(0, 20).map(Num),
    st.sampled_from([Decimal("0.5"), Decimal("0.044715"), Const("pi")]),
)


def _functions(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    def applied(name: str) -> st.SearchStrategy[Term]:
        if name == "root":
            return st.tuples(inner, st.integers(3, 7).map(Num)).map(lambda args: Fn("root", *args))
        arity = FUNCTIONS[name].arity
        low, high = (arity, arity) if arity else (2, 3)
        return st.lists(inner, min_size=low, max_size=high).map(lambda args: Fn(name, *args))

    return st.sampled_from(sorted(FUNCTIONS)).flatmap(applied)


def _arithmetic(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=3)
    exponent = st.one_of(st.integers(2, 4).map(Num), inner)
    return st.one_of(
        several.map(lambda ts: Add(*ts)),
        several.map(lambda ts: Mul(*ts)),
        inner.map(Neg),
        st.builds(Div, inner, inner),
        st.builds(Pow, inner, exponent),
        _functions(inner),
    )


def _special(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    condition = st.builds(Relation, st.sampled_from(sorted(Relation.NEGATED)), inner, inner)
    conditions = st.one_of(condition, st.builds(And, condition, condition))
    return st.one_of(
        st.builds(lambda u, v, c: Cases((u, c), (v, Truth())), inner, inner, conditions),
        st.builds(lambda u, v, c, d: Cases((u, c), (v, d)), inner, inner, condition, condition),
        st.builds(lambda body, order: Derivative(body, X, order), inner, st.integers(1, 2)),
        st.builds(
            lambda body, kind: kind(Mul(Entry(Sym("z"), K_INDEX), body), K_INDEX, Num(1), Sym("K")),
            inner,
            st.sampled_from([Sum, Product]),
        ),
        conditions.map(Indicator),
    )


scalars = st.recursive(atoms, _arithmetic, max_leaves=8)
"""Arithmetic and the functions of the table."""

terms = st.recursive(atoms, lambda inner: st.one_of(_arithmetic(inner), _arithmetic(inner), _special(inner)), max_leaves=8)
"""Scalars, case distinctions, indicators, derivatives, sums and products over an index."""


def readable(t: Term) -> bool:
    """Whether the term can be typed: e^u is typed as exp(u), so no power of the constant e."""
    return not any(isinstance(s, Pow) and s.left == Const("e") for s in t.postorder())
