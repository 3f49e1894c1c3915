"""NumPy functions and the table that verifies a derivative; a wrong derivative must be caught."""

import warnings

import numpy
import pytest

from symderiv.errors import SymderivError
from symderiv.read import read_plain
from symderiv.terms import FUNCTIONS, Context, Num, Relation, Sym
from symderiv.write.numeric import numpy_function, opened, verify

X = Sym("x")
RIGHT = (
    ("1/(1 + exp(-x))", "exp(-x)/(1 + exp(-x))^2"),
    ("log(1 + exp(x))", "1/(1 + exp(-x))"),
    ("x/2*(1 + erf(x/sqrt(2)))", "(1 + erf(x/sqrt(2)))/2 + x*exp(-x^2/2)/sqrt(2*pi)"),
    ("a*sin(x)^2", "2*a*sin(x)*cos(x)"),
)
WRONG = (
    ("1/(1 + exp(-x))", "exp(-x)/(1 + exp(-x))"),
    ("sin(x)", "-cos(x)"),
    ("x^3", "3*x^2 + 0.000000000000000000001"),
    ("a*x", "x"),
)


@pytest.mark.parametrize(("f", "g"), RIGHT)
def test_right_derivatives_agree(f: str, g: str) -> None:
    found = verify(read_plain(f), read_plain(g), "x")
    assert found.ok is True
    near = [row for row in found.rows if 0.001 < abs(row.point) < 5]
    assert len(near) == 8
    assert max(row.complex_step for row in near) < 1e-13
    assert max(row.central for row in near) < 1e-7


@pytest.mark.parametrize(("f", "g"), WRONG)
def test_wrong_derivatives_are_caught(f: str, g: str) -> None:
    found = verify(read_plain(f), read_plain(g), "x")
    assert found.ok is False
    assert "differs" in str(found)


def test_overflow_does_not_count_as_wrong() -> None:
    found = verify(read_plain("exp(x)/(1 + exp(x))"), read_plain("exp(x)/(1 + exp(x))^2"), "x")
    assert found.ok is True
    assert "no value" in str(found)


def test_domains_are_respected() -> None:
    found = verify(read_plain("log(x)"), read_plain("1/x"), "x", Context().assume(Relation(">", X, Num(0))))
    assert found.ok is True
    assert all(row.point > 0 for row in found.rows)


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.arity == 1])
def test_every_function_computes(name: str) -> None:
    f = numpy_function(read_plain(FUNCTIONS[name].example), ["x"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert numpy.shape(f(numpy.array([0.25, 0.5]))) == (2,)


def test_definitions_are_put_in() -> None:
    context = Context().define("g", ("t",), read_plain("t^2")).define("c", (), Num(3))
    t = read_plain("g(x + 1) + c", context, functions=["g"])
    assert str(opened(t, context)) == "(x + 1)^2 + 3"
    assert numpy_function(t, ["x"], context)(1.0) == 7.0


def test_what_has_no_value_is_refused() -> None:
    with pytest.raises(SymderivError, match="a has no value"):
        numpy_function(read_plain("a*x"), ["x"])
    with pytest.raises(SymderivError, match="derivative is left"):
        numpy_function(read_plain("d/dx (x^2)"), ["x"])
    circle = Context().define("c", (), Sym("d")).define("d", (), Sym("c"))
    with pytest.raises(SymderivError, match="circle"):
        opened(Sym("c"), circle)
