"""One walk tells what a term has in it."""

from symderiv.decide.traits import has_knots, nesting, outside_binders, traits
from symderiv.read import read_plain
from symderiv.terms import Fn, Num, Sum, Sym

k, x = Sym("k"), Sym("x")


def test_traits() -> None:
    found = traits(Sum(Fn("f", k), k, Num(1), x))
    assert found.letters == {"k", "x"}
    assert found.functions == {"f"}
    assert found.binds
    assert not traits(x).binds


def test_nothing_under_a_binder_is_walked() -> None:
    total = Sum(Fn("abs", k), k, Num(1), x)
    assert list(outside_binders(Fn("exp", total))) == [total, Fn("exp", total)]
    assert not has_knots(total)
    assert list(outside_binders(Fn("exp", x))) == [x, Fn("exp", x)]


def test_knots_and_nesting() -> None:
    assert has_knots(read_plain("exp(max(x, 1))").bare)
    assert not has_knots(read_plain("exp(x)").bare)
    assert nesting(read_plain("x + 1").bare) == 0
    assert nesting(read_plain("cases(1 if x > 0 and y > 0, 2 otherwise)").bare) == 3
