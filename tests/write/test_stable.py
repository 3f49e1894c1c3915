"""Stable forms: right far away and close to 0 for every scalar row of the catalogue, proved equal, and left alone where nothing is won."""

import warnings
from fractions import Fraction

import numpy
import pytest

from symderiv.catalogue import CATALOGUE, Row
from symderiv.catalogue.activations import ACTIVATIONS
from symderiv.decide import decide
from symderiv.read import read_plain
from symderiv.terms import Context, Term
from symderiv.write import write
from symderiv.write.floats import far_points, measured
from symderiv.write.numeric import assumed, numpy_function
from symderiv.write.numeric import opened as put_in
from symderiv.write.stable import DEFINED, library, stable, with_library

FAR = [sign * x for x in (Fraction(1000), Fraction(800), Fraction(50), Fraction(40), Fraction(1, 10**9)) for sign in (1, -1)]


def opened(row: Row, term: Term) -> Term:
    context = row.context
    for name in (row.name, *row.uses):
        other = CATALOGUE[name]
        context = context.define(name, (other.variable,), other.definition.body)
    return put_in(term, context)


@pytest.mark.parametrize("of", ["function", "derivative"])
@pytest.mark.parametrize("row", ACTIVATIONS, ids=lambda row: row.name)
def test_every_scalar_row_is_right_far_away(row: Row, of: str) -> None:
    term = opened(row, row.definition.body if of == "function" else row.goal)
    context = with_library(assumed(row.context))
    form = stable(term, context)
    letters = {n: q for n, q in far_points(term, context)[0].items() if n != "x"}
    for x in FAR:
        found = measured(form, {"x": x, **letters}, context)
        assert found is not None
        assert found.error < 1e-12
        assert found.events == ()


@pytest.mark.parametrize("row", ACTIVATIONS, ids=lambda row: row.name)
def test_as_functions_of_arrays(row: Row) -> None:
    term = opened(row, row.goal)
    names = ["x", *sorted(term.free - {"x"})]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = numpy_function(term, names, assumed(row.context))(numpy.array([float(x) for x in FAR]), *[0.5] * (len(names) - 1))
    assert numpy.isfinite(found).all()


REWRITTEN = [
    ("1/(1 + exp(-x))", "expit(x)"),
    ("exp(x)/(exp(x) + 1)", "expit(x)"),
    ("1 - 1/(1 + exp(-x))", "expit(-x)"),
    ("log(1 + exp(-y*x))", "logaddexp(0, -y*x)"),
    ("(exp(2*x) - 1)/(exp(2*x) + 1)", "tanh(x)"),
    ("2/(1 + exp(-2*x)) - 1", "tanh(x)"),
    ("4/(exp(x) + exp(-x))^2", "4*expit(2*x)*expit(-2*x)"),
    ("1 - exp(-x)", "-expm1(-x)"),
    ("log(cosh(x))", "logaddexp(x, -x) - log(2)"),
    ("cases(x if x > 0, exp(x) - 1 otherwise)", "cases(x if x > 0, expm1(min(x, 0)) otherwise)"),
]


@pytest.mark.parametrize(("naive", "better"), REWRITTEN)
def test_rewritten_and_equal(naive: str, better: str) -> None:
    found = stable(read_plain(naive))
    assert str(found) == better
    assert decide(read_plain(naive), found, library()).kind == "proved"


@pytest.mark.parametrize("text", ["x^2 + 1", "1/x", "log(x)", "sin(x)*exp(-x^2)", "max(0, x)", "exp(x)"])
def test_what_needs_no_care_is_left_as_it_is(text: str) -> None:
    assert stable(read_plain(text)) == read_plain(text)


@pytest.mark.parametrize("name", DEFINED)
def test_functions_of_the_libraries_are_what_is_said_of_them(name: str) -> None:
    parameters, formula = DEFINED[name]
    term = library().definitions[name].head
    for k in range(5):
        values = {p: Fraction(3 * k + 1 + n, 8) for n, p in enumerate(parameters.split())}
        found = measured(term, values, library())
        exact = measured(read_plain(formula), values, Context())
        assert found is not None
        assert exact is not None
        assert found.exact == exact.exact
        assert found.error < 1e-13


def test_the_written_program_is_stable() -> None:
    from symderiv import derive

    names: dict[str, object] = {}
    exec(str(write(derive("softplus"), "numpy", standalone=True)), names)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert names["result"](numpy.array([-1000.0, 1000.0])).tolist() == [0.0, 1.0]  # type: ignore[operator]
