import copy
import gc
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    Array,
    Cases,
    Decimal,
    Derivative,
    Div,
    Entry,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Relation,
    Source,
    Span,
    Sum,
    Sym,
    Term,
    Truth,
)
from symderiv.terms.term import _interned

x, y, z, k, n = map(Sym, "xyzkn")


def terms() -> st.SearchStrategy[Term]:
    atoms = st.one_of(st.integers(0, 9).map(Num), st.sampled_from([x, y, z]))
    return st.recursive(
        atoms,
        lambda t: st.one_of(
            st.builds(Add, t, t),
            st.builds(Mul, t, t),
            st.builds(Neg, t),
            st.builds(Div, t, t),
            st.builds(Pow, t, t),
            st.builds(lambda u: Fn("exp", u), t),
            st.builds(lambda u: Derivative(u, x), t),
            st.builds(lambda u, v: Sum(u, k, ONE, v), t, t),
        ),
        max_leaves=12,
    )


def test_building_changes_nothing() -> None:
    assert Div(x, x).children == (x, x)
    assert Mul(Num(2), Add(x, y)).children[1] == Add(x, y)
    assert Mul(ZERO, Div(ONE, x)) != ZERO
    assert Add(x, Add(y, z)) != Add(x, y, z)
    assert Add(x, y) != Add(y, x)
    assert Decimal("0.50") != Decimal("0.5")


@given(terms())
def test_equal_terms_are_one_object(t: Term) -> None:
    again = t.rebuild(t.children)
    assert again is t
    assert pickle.loads(pickle.dumps(t)) is t
    assert copy.deepcopy(t) is t


@given(terms())
def test_a_span_is_beside_the_term(t: Term) -> None:
    spanned = t.at(Span(Source("text"), 0, 2))
    assert spanned == t
    assert hash(spanned) == hash(t)
    assert spanned.bare is t
    assert Neg(spanned) == Neg(t)
    assert Neg(spanned).children[0].span is not None
    assert spanned.digest == t.digest


@given(terms())
def test_postorder_gives_each_distinct_subterm_once_children_first(t: Term) -> None:
    seen: list[Term] = list(t.postorder())
    assert len(seen) == len(set(seen))
    assert seen[-1] == t
    for k_, s in enumerate(seen):
        assert all(c in seen[:k_] for c in s.children)


@given(terms())
def test_size_and_depth_count_every_place(t: Term) -> None:
    assert t.size == sum(1 for _ in t.preorder())
    assert t.depth == 1 + max((c.depth for c in t.children), default=0)


def test_a_term_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        x.data = "y"  # type: ignore[misc]


@pytest.mark.parametrize(
    "build",
    [
        lambda: Num(-1),
        lambda: Decimal("1.2.3"),
        lambda: Add(x),
        lambda: Mul(),
        lambda: Prime("f", (1,), x, y),
        lambda: Relation("=>", x, y),
        lambda: Array((x,), (x, y)),
    ],
)
def test_what_is_no_term_is_refused(build) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r".*"):
        build()


def test_bound_letters_are_not_free() -> None:
    assert Sum(Entry(x, k), k, ONE, n).free == {"x", "n"}
    assert Sum(k, k, ONE, k).free == {"k"}, "the bounds are outside"
    assert Sum(k, k, where=Relation("≠", k, n)).free == {"n"}, "the condition is inside"
    assert Derivative(Mul(x, y), x).free == {"x", "y"}
    assert Derivative(Mul(x, y), x, at_point=z).free == {"y", "z"}


def test_parts_have_names() -> None:
    s = Sum(Entry(z, k), k, ONE, n)
    assert (s.body, s.index, s.low, s.high, s.where) == (Entry(z, k), k, ONE, n, None)
    d = Derivative(x, x, 2, indices=(k,))
    assert (d.body, d.var, d.order, d.at_point, d.indices) == (x, x, 2, x, (k,))
    assert Cases((x, Relation(">", x, ZERO)), (y, Truth())).pieces == ((x, Relation(">", x, ZERO)), (y, Truth()))
    assert Array((x, y), (y, x)).rows == ((x, y), (y, x))


def test_deep_and_shared_terms_cost_their_distinct_nodes() -> None:
    t: Term = x
    for _ in range(5000):
        t = Add(t, t)
    assert len(list(t.postorder())) == 5001
    assert t.free == {"x"}
    assert t.contains(x)
    assert t == Add(t.children[0], t.children[0])


def test_terms_that_nobody_holds_leave_the_table() -> None:
    gc.collect()
    before = len(_interned)
    t = Pow(Sym("only_here"), Num(123456))
    assert len(_interned) > before
    del t
    gc.collect()
    assert len(_interned) <= before


def test_the_digest_does_not_depend_on_the_run() -> None:
    code = "from symderiv.terms import *; x = Sym('x'); print(Add(x, Fn('exp', x)).digest, Derivative(Pow(x, TWO), x).digest)"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert runs.pop().split() == [str(Add(x, Fn("exp", x)).digest), str(Derivative(Pow(x, Num(2)), x).digest)]
