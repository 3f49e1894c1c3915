"""Wide terms are broken before a sign, and nothing is lost on the way."""

from symderiv.terms import Add, Derivative, Div, Mul, Neg, Num, Pow, Sym, Term
from symderiv.terms.plain import plain
from symderiv.write.measure import rows, width

x = Sym("x")
LONG = Add(*(Neg(Pow(x, Num(n))) if n % 3 == 0 else Mul(Num(n), x) for n in range(1, 30)))


def test_the_rows_hold_all_of_the_term() -> None:
    assert " ".join(rows(LONG, plain, 30)) == plain(LONG)
    assert max(map(len, rows(LONG, plain, 30))) < 45


def test_terms_around_a_sum_are_broken_too() -> None:
    wrapped: list[tuple[Term, str, str]] = [
        (Neg(LONG), "-(1*x", ")"),
        (Div(LONG, Add(x, Num(1))), "(1*x", ") / (x + 1)"),
        (Derivative(LONG, x), "d/dx (1*x", ")"),
    ]
    for t, first, last in wrapped:
        found = rows(t, plain, 30)
        assert len(found) > 3
        assert found[0].startswith(first)
        assert found[-1].endswith(last)


def test_what_fits_is_left_alone() -> None:
    assert rows(Add(x, Num(1)), plain, 30) == ["x + 1"]


def test_fractions_are_as_wide_as_their_wider_part() -> None:
    assert width(Div(LONG, x)) == width(LONG)
