"""One loop over the catalogue: every row is derived to its textbook form, without leaps, and SymPy agrees."""

from functools import cache, reduce
from itertools import product

import numpy as np
import pytest

from symderiv.catalogue import CATALOGUE, NAMES, Row
from symderiv.decide import decide, has_knots
from symderiv.derive import Derivation
from symderiv.errors import NoDerivation
from symderiv.request import derive, of_row
from symderiv.rules import Step
from symderiv.terms import (
    Add,
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
    Sum,
    Sym,
    Term,
    instance,
    substitute,
)
from symderiv.terms.instance import whole

ROWS = list(CATALOGUE.values())
SCALAR = [row for row in ROWS if not row.by]
VECTOR = [row for row in ROWS if "[" in row.by]
MATRIX = [row for row in ROWS if row.by and "[" not in row.by]
SECOND = [row for row in ROWS if row.second]


def named(row: Row) -> str:
    return row.name


@cache
def derivation(name: str) -> Derivation:
    return derive(name)


def steps_of(d: Derivation) -> list[Step]:
    own = [s for step in d.steps for s in (step, *(t for r in step.regions for t in steps_of(r.derivation)))]
    return own + [s for r in d.forms for s in steps_of(r.derivation)]


@pytest.mark.parametrize("row", ROWS, ids=CATALOGUE)
def test_the_derivation_ends_in_the_textbook_form(row: Row) -> None:
    assert derivation(row.name).result == row.goal


@pytest.mark.parametrize("row", ROWS, ids=CATALOGUE)
def test_there_are_no_leaps(row: Row) -> None:
    assert derivation(row.name).leaps() == ()


@pytest.mark.parametrize("row", ROWS, ids=CATALOGUE)
def test_every_step_is_proved(row: Row) -> None:
    d = derivation(row.name)
    kinds = [v.kind for v in d.check()]
    assert kinds == ["proved"] * len(steps_of(d))


@pytest.mark.parametrize("row", ROWS, ids=CATALOGUE)
def test_a_line_can_be_read_by_eye(row: Row) -> None:
    assert max(s.after.size for s in steps_of(derivation(row.name))) <= 120
    assert len(derivation(row.name).steps) <= 20


@pytest.mark.parametrize("row", SECOND, ids=named)
def test_the_second_derivative_ends_in_the_textbook_form_without_leaps(row: Row) -> None:
    d = derive(row.name, order=2)
    assert d.result == row.second_goal
    assert d.leaps() == ()
    assert [v.kind for v in d.check()] == ["proved"] * len(steps_of(d))
    assert decide(d.start, d.result, d.context).kind == "proved"
    assert max(s.after.size for s in steps_of(d)) <= 120


@pytest.mark.parametrize("row", SECOND, ids=named)
def test_a_wrong_second_derivative_is_refused(row: Row) -> None:
    assert row.second_goal is not None
    with pytest.raises(NoDerivation):
        derive(row.name, goal=Mul(Num(3), row.second_goal), order=2)


@pytest.mark.parametrize("row", SCALAR, ids=named)
def test_every_function_of_a_number_has_a_second_derivative(row: Row) -> None:
    d = derive(row.name, order=2)
    assert d.leaps() == ()
    assert {v.kind for v in d.check()} == {"proved"}


def test_both_cases_of_a_delta_and_the_matrix_are_written_out() -> None:
    shown = {row.name: [str(r.derivation.result) for r in derivation(row.name).forms] for row in VECTOR}
    assert shown["softmax"] == [
        "softmax(z)[i]*(1 - softmax(z)[i])",
        "-softmax(z)[i]*softmax(z)[j]",
        "diag(softmax(z)) - softmax(z)*transpose(softmax(z))",
    ]
    for name, forms in shown.items():
        deltas = {t for t in derivation(name).result.postorder() if isinstance(t, Fn) and t.name == "delta"}
        assert (len(forms) >= 2) == (len(deltas) == 1)


@pytest.mark.parametrize("row", SCALAR, ids=named)
def test_sympy_differentiates_to_the_same(row: Row) -> None:
    import sympy

    from symderiv.terms.sympy_border import from_sympy, to_sympy

    d = derivation(row.name)
    for body, result, context in _smooth_pieces(d):
        theirs = from_sympy(sympy.diff(to_sympy(body, context), to_sympy(Sym(row.variable), context)))
        assert decide(theirs, result, context).kind == "proved"


def _smooth_pieces(d: Derivation):  # type: ignore[no-untyped-def]
    """(formula, its derivative, context) for the whole, or for each region; definitions of other rows put in."""
    from symderiv.rules.definitions import definition_rule
    from symderiv.rules.step import at_all_places

    regions = [r.derivation for s in d.steps for r in s.regions] or [d]
    for part in regions:
        body, result = part.start.body, part.result  # type: ignore[attr-defined]
        for definition in part.context.definitions.values():
            for _ in range(3):
                step = at_all_places(definition_rule(definition, part.context), body)
                body = step.after if step else body
        if part is not d:
            from symderiv.rules.definitions import resolved

            body = resolved(body, part.context)
        yield body, result, part.context


@pytest.mark.parametrize("row", ROWS, ids=CATALOGUE)
def test_a_wrong_goal_is_refused(row: Row) -> None:
    wrong = Add(row.goal, Num(1)) if not has_knots(row.goal) else Add(Sym(row.variable), Num(1))
    with pytest.raises(NoDerivation):
        derive(row.name, goal=wrong)


@pytest.mark.parametrize("row", [r for r in ROWS if has_knots(r.definition.body)], ids=lambda r: r.name)
def test_every_knot_is_examined(row: Row) -> None:
    d = derivation(row.name)
    assert d.knots
    for k in d.knots:
        assert k.continuous is True
        assert k.left is not None
        assert k.right is not None


def test_relu_is_shown_not_to_be_differentiable_at_0() -> None:
    d = derivation("relu")
    (knot,) = d.knots
    assert (knot.left, knot.right, knot.differentiable) == (Num(0), Num(1), False)
    assert Relation("≠", Sym("x"), Num(0)) in d.conditions
    assert any("subdifferential" in r.words and r.details[1:] == (Num(0), Num(1)) for r in d.remarks)


def test_softsign_is_shown_to_be_differentiable_at_0() -> None:
    d = derivation("softsign")
    (knot,) = d.knots
    assert knot.differentiable is True
    assert d.conditions == ()


def test_a_kink_that_depends_on_a_letter_says_on_which() -> None:
    d = derivation("prelu")
    (knot,) = d.knots
    assert knot.differentiable is None
    assert any("only if" in r.words for r in d.remarks)


def test_every_name_leads_to_its_row() -> None:
    assert all(name in NAMES for row in ROWS for name in row.names)
    assert len(NAMES) == sum(len(row.names) for row in ROWS)


@pytest.mark.parametrize("row", VECTOR, ids=named)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_sympy_agrees_at_every_size_and_entry(row: Row, size: int) -> None:
    import sympy

    from symderiv.terms.sympy_border import to_sympy
    from symderiv.write.numeric import opened

    d = derivation(row.name)
    sizes = {"K": size, "n": size, "d": size % 3 + 1, "r": 4 - size}

    def concrete(t: Term, **indices: int) -> sympy.Expr:
        return to_sympy(instance(opened(t, d.context), {**sizes, **indices}))

    def chosen(letters: set[sympy.Symbol]) -> dict[sympy.Symbol, sympy.Rational]:
        point = {u: sympy.Rational((k * k + k + 3) % 11 + 1, 7) for k, u in enumerate(sorted(letters, key=str))}
        for fact in d.context.assumptions:
            match fact:
                case Relation("=", Sum(body=Entry(family=Sym(name))), Num(1)):
                    entries = [u for u in point if str(u).startswith(f"{name}_")]
                    point |= {u: point[u] / sum(point[v] for v in entries) for u in entries}
        return point

    assert isinstance(d.start, Derivative)
    names = [str(k) for k in (*d.start.indices, *(row.head.indices if isinstance(row.head, Entry) else ()))]
    highest = [whole(substitute(d.context.sort(name).bounds[1], {n: Num(v) for n, v in sizes.items()})) for name in names]
    for place in product(*(range(1, high + 1) for high in highest)):
        indices = dict(zip(names, place, strict=True))
        value, letter = (concrete(t, **indices) for t in (row.head, Entry(d.start.var, *d.start.indices)))
        difference = sympy.diff(value, letter) - concrete(d.result, **indices)
        assert abs(sympy.N(difference.subs(chosen(value.free_symbols | difference.free_symbols)), 40)) < 1e-30


SIZES = {"n": 2, "d": 3, "m": 2, "h": 2, "v": 4}


def entrywise(name: str, order: int, argument):  # type: ignore[no-untyped-def]
    """A function of a row of the catalogue, or its derivative of that order, of every entry of a SymPy matrix."""
    import sympy

    from symderiv.terms.sympy_border import to_sympy

    x = sympy.Symbol("x", real=True)
    value = sympy.diff(to_sympy(CATALOGUE[name].definition.body, CATALOGUE[name].context), x, order)
    return argument.applyfunc(lambda u: value.subs(x, u))


def explicit(t: Term, letters):  # type: ignore[no-untyped-def]
    """A term over matrices as a SymPy matrix of expressions; numbers are 1 × 1."""
    import sympy

    if isinstance(t, Fn) and t.name == "ones":
        return sympy.ones(*[*(SIZES[str(n)] for n in t.children), 1][:2])
    c = [explicit(a, letters) for a in t.children]
    match t:
        case Div():
            return c[0] / c[1][0]
        case Fn("inner"):
            return sympy.Matrix([[(c[0].T * c[1]).trace()]])
        case Fn("softmax"):
            exponentials = c[0].applyfunc(sympy.exp)
            return exponentials.multiply_elementwise((exponentials * sympy.ones(c[0].cols, c[0].cols)).applyfunc(lambda u: 1 / u))
        case Fn(name) if name in CATALOGUE:
            return entrywise(name, 0, c[0])
        case Prime(name, (order,), _) if name in CATALOGUE:
            return entrywise(name, order, c[0])
        case Fn("sqrt"):
            return sympy.Matrix([[sympy.sqrt(c[0][0])]])
        case Num(n):
            return sympy.Matrix([[n]])
        case Sym(name) if name in SIZES and name not in letters:
            return sympy.Matrix([[SIZES[name]]])
        case Sym(name):
            return letters.get(name, sympy.Matrix([[sympy.Symbol(name, positive=True)]]))
        case Add():
            return reduce(lambda a, b: a + b, c)
        case Neg():
            return -c[0]
        case Mul():
            return reduce(lambda a, b: a[0] * b if a.shape == (1, 1) else b[0] * a if b.shape == (1, 1) else a * b, c)
        case Pow():
            return sympy.Matrix([[c[0][0] ** c[1][0]]])
        case Fn("transpose"):
            return c[0].T
        case Fn("inverse"):
            return c[0].inv()
        case Fn("det"):
            return sympy.Matrix([[c[0].det()]])
        case Fn("log"):
            return c[0].applyfunc(sympy.log)
        case Fn("tanh"):
            return c[0].applyfunc(sympy.tanh)
        case Prime("tanh", _, _):
            return c[0].applyfunc(lambda u: 1 - sympy.tanh(u) ** 2)
        case Fn("hadamard"):
            return sympy.matrices.hadamard_product(*c)
        case Fn("frobenius" | "norm"):
            return sympy.Matrix([[sympy.sqrt(sum(u**2 for u in c[0]))]])
    raise AssertionError(t)


@pytest.mark.parametrize("row", MATRIX, ids=named)
def test_sympy_agrees_at_unequal_sizes(row: Row) -> None:
    import sympy

    d = derivation(row.name)
    letters = {}
    for name, sort in d.context.sorts.items():
        if sort.shape:
            rows, columns = [*(SIZES[str(n)] for n in sort.shape), 1][:2]
            letters[name] = sympy.Matrix(rows, columns, lambda i, j, name=name: sympy.Symbol(f"{name}{i}{j}", real=True))
    function, gradient = explicit(row.definition.body, letters)[0], explicit(d.result, letters)
    variable = letters[row.variable]
    point = {u: sympy.Rational(k * k % 11 + 1, 7) for k, u in enumerate(sorted({*function.free_symbols}, key=str))}
    for fact in d.context.assumptions:
        match fact:
            case Relation("=", Fn("transpose", (Sym(name),)), Sym()):
                point |= {letters[name][i, j]: point[letters[name][j, i]] for i, j in np.ndindex(letters[name].shape) if i < j}
    for i in range(variable.rows):
        for j in range(variable.cols):
            difference = (sympy.diff(function, variable[i, j]) - gradient[i, j]).subs(point)
            assert abs(sympy.N(difference, 40)) < 1e-30


@pytest.mark.parametrize("row", ROWS, ids=CATALOGUE)
def test_an_expression_that_is_a_row_is_recognised(row: Row) -> None:
    if row.by or row.letters or len(row.definition.body.free) > 1 or row.uses:
        return
    asked = derive(row.formula)
    assert any("catalogue" in r.words for r in asked.remarks)
    assert of_row(row).row is row
