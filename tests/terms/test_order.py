from hypothesis import given

from symderiv.terms import Add, Div, Mul, Neg, Num, Sym, Term
from symderiv.terms.order import ordered
from tests.terms.test_term import terms

x, y, z = map(Sym, "xyz")


@given(terms(), terms(), terms())
def test_order_and_brackets_of_sums_and_products_do_not_matter(a: Term, b: Term, c: Term) -> None:
    for kind in (Add, Mul):
        ways = [kind(a, b, c), kind(c, b, a), kind(a, kind(c, b)), kind(kind(b, a), c)]
        assert len({ordered(t) for t in ways}) == 1


@given(terms())
def test_ordering_twice_changes_nothing(t: Term) -> None:
    assert ordered(ordered(t)) == ordered(t)


def test_what_is_not_commutative_keeps_its_order() -> None:
    assert ordered(Div(x, y)) != ordered(Div(y, x))
    assert ordered(Add(x, Neg(y))) != ordered(Add(Neg(x), y))
    assert ordered(Add(x, x)) != ordered(Mul(Num(2), x))
