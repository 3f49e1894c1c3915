"""The result of a derivation by entries, written otherwise: case by case where δ_ij stands in it, and as one matrix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symderiv.derive.derivation import Derivation, Region
from symderiv.derive.rewriting import simplified
from symderiv.rules import RULES
from symderiv.rules.entries import Place, delta_case, folding, same_index
from symderiv.rules.step import Rule, Step, at_all_places, by_regions
from symderiv.terms import Add, Derivative, Div, Entry, Fn, Mul, Neg, Relation, Sym, Term, Truth
from symderiv.terms.shapes import MIXED, NUMERATOR

MULTIPLYING_OUT = 6
"""Steps, at most."""
SYMMETRIC = " (it is symmetric, so the layout does not matter)"


def with_forms(d: Derivation) -> Derivation:
    """The derivation with both cases of the δ_ij in its result, and with the matrix of which it is an entry, where there is one."""
    return replace(d, forms=(*_cases(d), *_matrix(d)))


def _cases(d: Derivation) -> Iterator[Region]:
    """For i = j and for i ≠ j, where the result has one δ_ij of two free indices."""
    pairs = {t.children for t in d.result.postorder() if isinstance(t, Fn) and t.name == "delta"}
    pair = next(iter(pairs), ())
    if len({frozenset(p) for p in pairs}) != 1 or not all(isinstance(k, Sym) and k.name in d.result.free for k in pair):
        return
    i, j = sorted((Sym(str(k)) for k in pair), key=lambda k: _indices(d).index(k) if k in _indices(d) else 0)
    for equal in (True, False):
        condition = Relation("=" if equal else "≠", i, j)
        context = d.context.assume(condition)
        steps: list[Step] = []
        line = d.start
        for r in (shown_above(d), delta_case(i, j, equal), *([same_index(i, j)] if equal else [])):
            if (step := at_all_places(r, line)) is not None:
                steps.append(step)
                line = step.after
        yield Region(condition, Derivation(d.start, (*steps, *simplified(line, context)), context))


def shown_above(d: Derivation) -> Rule:
    """What a derivation has shown, used as one step."""

    def shown(t: Term) -> Term | None:
        return d.result if t == d.start else None

    return Rule("shown_above", "a = b", "as shown above", "", shown, "z", small=True)


def _indices(d: Derivation) -> list[Term]:
    """The indices of what is differentiated and of what it is differentiated by, in the order in which they are written."""
    found: list[Term] = []
    t: Term = d.start
    while isinstance(t, Derivative):
        found = [*t.indices, *found]
        t = t.body
    return [*(t.indices if isinstance(t, Entry) else ()), *found]


def _matrix(d: Derivation) -> Iterator[Region]:
    """The derivative by the whole vector, where its entries are found to be those of one matrix."""
    meant = _whole(d)
    if meant is None:
        return
    whole, place, layout = meant
    steps, matrix = _folded(d.result, place)
    if matrix is None:
        return
    if _symmetric(matrix):
        place, layout = _by_value(place, d), SYMMETRIC
        steps, matrix = _folded(d.result, place)
        assert matrix is not None
    entries = Derivation(d.result, tuple(steps), d.context)
    rule = Rule(
        "matrix_of_entries",
        "A = (A_{ij})_{ij}",
        "the matrix with these entries in row {} and column {}" + layout,
        "",
        lambda _: None,
        "z",
    )
    step = by_regions(whole, matrix, rule, (Region(Truth(), entries, "The entries are those of a matrix:"),), d.conditions)
    together = Derivation(whole, (step.with_details((place.row, place.column)),), d.context)
    yield Region(Truth(), together, "As a matrix:")


def _whole(d: Derivation) -> tuple[Term, Place, str] | None:
    """∂f/∂z of a vector f with the place of ∂f_i/∂z_j in it, or the Hessian of a number; and the layout, in words."""
    match d.start:
        case Derivative(Entry(children=(f, Sym() as i)), z, 1, indices=(Sym() as j,)) if i != j and _free(f, i, j):
            rows, columns = _length(d, i), _length(d, j)
            if rows is None or columns is None:
                return None
            if {NUMERATOR, MIXED} & set(d.context.assumptions):
                return Derivative(f, z), Place(i, j, rows, columns), " (numerator layout: a row for each entry of the function)"
            return Derivative(f, z), Place(j, i, columns, rows), " (denominator layout: a row for each entry of the variable)"
        case Derivative(Derivative(f, z, 1, indices=(Sym() as i,)), y, 1, indices=(Sym() as j,)) if i != j and y == z:
            size = _length(d, i)
            if size is None or size != _length(d, j) or not _free(f, i, j):
                return None
            return Derivative(f, z, 2), Place(i, j, size, size), SYMMETRIC
    return None


def _free(f: Term, *indices: Sym) -> bool:
    return not {i.name for i in indices} & f.free


def _length(d: Derivation, index: Sym) -> Term | None:
    bounds = d.context.sort(index.name).bounds
    return None if bounds is None else bounds[1]


def _by_value(place: Place, d: Derivation) -> Place:
    """The place in a symmetric matrix with the indices in the order in which they are written."""
    i, j = sorted((place.row, place.column), key=_indices(d).index)
    return Place(i, j, place.rows, place.columns)


def _symmetric(t: Term) -> bool:
    """Whether a matrix is its own transpose, as it is written: sums and multiples of I, diag(u) and u uᵀ."""
    match t:
        case Neg(a) | Div(a, _):
            return _symmetric(a)
        case Add(args):
            return all(map(_symmetric, args))
        case Fn("diag" | "identity"):
            return True
        case Mul((*_, u, Fn("transpose", (v,)))) if u == v:
            return True
        case Mul((*_, a)):
            return _symmetric(a)
    return False


def _folded(line: Term, place: Place) -> tuple[list[Step], Term | None]:
    """Multiplied out, then every product as an entry of a matrix, then the sum of these; and the matrix, if it is one then."""
    steps: list[Step] = []
    for r in (*[RULES["multiply_out"]] * MULTIPLYING_OUT, *folding(place)):
        step = at_all_places(r, line)
        if step is not None:
            steps.append(step)
            line = step.after
    return steps, place.matrix(line)
