from hypothesis import given

from symderiv.terms import (
    ONE,
    Add,
    Context,
    Derivative,
    Entry,
    Fn,
    Lambda,
    Mul,
    Num,
    Relation,
    Sum,
    Sym,
    Term,
    fresh_name,
    names_of_functions,
    replace,
    substitute,
)
from tests.terms.test_term import terms

x, y, z, k, n = map(Sym, "xyzkn")


@given(terms())
def test_nothing_is_substituted_for_letters_that_do_not_occur(t: Term) -> None:
    assert substitute(t, {"w": Num(1)}) is t


@given(terms())
def test_a_letter_that_is_put_in_and_out_again_gives_the_same(t: Term) -> None:
    there = substitute(t, {"y": Sym("w")})
    assert substitute(there, {"w": y}) == t


def test_a_bound_index_is_renamed_where_it_would_capture() -> None:
    s = Sum(Mul(Entry(x, k), y), k, ONE, n)
    t = substitute(s, {"y": k})
    assert isinstance(t, Sum)
    assert t.index != k
    assert t.body == Mul(Entry(x, t.index), k)
    assert substitute(s, {"k": z}) is s, "a bound letter is not replaced"


def test_the_point_of_a_derivative_is_free_and_its_variable_is_bound() -> None:
    t = substitute(Derivative(Mul(x, y), x), {"x": Add(y, ONE)})
    assert isinstance(t, Derivative)
    assert (t.body, t.at_point) == (Mul(x, y), Add(y, ONE))
    u = substitute(Derivative(Mul(x, y), x), {"y": x})
    assert isinstance(u, Derivative)
    assert u.var != x
    assert u.body == Mul(u.var, x)


def test_all_values_are_put_in_at_once() -> None:
    assert substitute(Add(x, y), {"x": y, "y": x}) == Add(y, x)


def test_conditions_under_a_sum_are_inside() -> None:
    s = Sum(Entry(z, k), k, where=Relation("≠", k, n))
    t = substitute(s, {"n": Sym("j")})
    assert isinstance(t, Sum)
    assert t.where == Relation("≠", k, Sym("j"))


def test_lambda_owns_its_letter() -> None:
    assert substitute(Lambda(Add(x, y), x), {"x": z}) == Lambda(Add(x, y), x)


def test_replace_works_from_the_leaves_up() -> None:
    doubled = replace(Add(x, Fn("exp", x)), lambda t: Mul(Num(2), x) if t == x else None)
    assert doubled == Add(Mul(Num(2), x), Fn("exp", Mul(Num(2), x)))


def test_names() -> None:
    assert fresh_name("k", {"k", "k_1"}) == "k_2"
    assert names_of_functions(Add(Fn("f", Fn("exp", x)), Fn("f", y))) == ["f", "exp"]


def test_a_context_replaces_and_does_not_change() -> None:
    first = Context().define("f", ("x",), Mul(x, x))
    second = first.define("f", ("x",), x).assume(Relation(">", x, Num(0)))
    assert first.definitions["f"].opened([Add(y, ONE)]) == Mul(Add(y, ONE), Add(y, ONE))
    assert second.definitions["f"].body == x
    assert first.assumptions == ()
    assert first.is_function("f")
    assert not first.is_function("x")
