"""Every row of the catalogue: derived, written in every format, read back, and verified by certified balls."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy

from symderiv import derive
from symderiv.catalogue import CATALOGUE
from symderiv.read import read_latex, read_plain
from symderiv.rules.step import reordered
from symderiv.terms import Add, Cases, Context, Fn, Num, Term, function
from symderiv.write import FORMATS, Chain, Part, blocks_of, latex, write
from symderiv.write.arrays import program_of
from symderiv.write.arrays.differences import Point
from symderiv.write.blocks import Block
from symderiv.write.numeric import verify

ARRAYS = [row.name for row in CATALOGUE.values() if row.by and "[" not in row.by]
OF_ANY_SIZE = [(row.name, order) for row in CATALOGUE.values() if row.by for order in (1, 2) if order == 1 or row.second]
FAST = [name for name in FORMATS if name != "pdf"]


def _terms(blocks: tuple[Block, ...]) -> list[Term]:
    found: list[Term] = []
    for b in blocks:
        if isinstance(b, Chain):
            found += [b.start, *(line.term for line in b.lines)]
        elif isinstance(b, Part):
            found += _terms(b.blocks)
    return found


@pytest.mark.parametrize("name", CATALOGUE)
def test_written_in_every_format(name: str) -> None:
    d = derive(name)
    for form in FAST:
        assert write(d, form)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_programs_run(name: str) -> None:
    d = derive(name)
    scope: dict[str, object] = {}
    exec(str(write(d, "numpy")), scope)
    assert callable(scope["result"])
    exec(str(write(d, "sympy")), scope)
    assert scope["result"] is not None


@pytest.mark.parametrize(("name", "order"), OF_ANY_SIZE)
def test_central_differences_agree_at_three_random_sizes(name: str, order: int) -> None:
    d = derive(name, order=order)
    found = d.compare(points=3)
    assert found.ok, str(found)
    assert len(found.rows) == 3
    assert all(len({*row.sizes.values()}) == len(row.sizes) > 0 for row in found.rows)
    wrong = replace(d, steps=(*d.steps, reordered(d.result, Add(d.result, d.result))))
    assert not wrong.compare(points=1).ok


@pytest.mark.parametrize(("name", "order"), OF_ANY_SIZE)
def test_sympy_and_numpy_agree_at_unequal_sizes(name: str, order: int) -> None:
    d = derive(name, order=order)
    program = program_of(d.start, d.result, d.context)
    point = Point([program], d.context, random.Random(0))
    expected = program.function()(*(point.values[n] for n in program.parameters))
    entry = entries_of(d.sympy(), point)
    cells = [*np.ndindex(np.shape(expected))]
    for at in random.Random(1).sample(cells, min(len(cells), 6)):
        places = {r.name: k + 1 for r, k in zip(program.axes, at, strict=False)}
        assert abs(entry(at, places) - expected[at]) < 1e-9 * max(1.0, abs(expected[at]))


def entries_of(e: Any, point: Point) -> Callable[[tuple[int, ...], dict[str, int]], float]:
    """The value of an entry of a SymPy expression at a point, by its place from 0, or by indices from 1."""
    sizes = {s: point.sizes[s.name] for s in e.atoms(sympy.Symbol) if s.name in point.sizes}
    matrices = {m: point.values[m.name] for m in e.atoms(sympy.MatrixSymbol)}
    e = e.subs(sizes)
    for m, v in matrices.items():
        e = e.subs(m.subs(sizes), sympy.ImmutableMatrix(v.reshape(len(v), -1)))
    numbers = {s: point.values[s.name] for s in e.atoms(sympy.Symbol) if np.ndim(point.values.get(s.name, [0])) == 0}

    def entry(at: tuple[int, ...], places: dict[str, int]) -> float:
        if matrices:
            return float(e.doit()[(*at, 0)[:2]].subs(numbers).doit())
        here = e.subs({s: places[s.name] for s in e.atoms(sympy.Symbol) if s.name in places}).doit()
        cells = {c: point.values[str(c.base)][tuple(int(i) - 1 for i in c.indices)] for c in here.atoms(sympy.Indexed)}
        return float(here.subs(cells).subs(numbers).doit())

    return entry


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_line_is_read_back(name: str) -> None:
    d = derive(name)
    context = d.context
    for row in CATALOGUE.values():
        if row.name not in context.definitions:
            context = context.declare(row.name, function())
    for t in _terms(blocks_of(d, "all")):
        if any(isinstance(s, Fn) and s.name == "differential" for s in t.postorder()):
            continue
        assert read_plain(str(t), context) == t
        assert read_latex(latex(t), context) == t


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name not in ARRAYS])
def test_verified_by_balls(name: str) -> None:
    d = derive(name)
    assert d.verify(points=4).ok is True
    wrong = replace(d, steps=(*d.steps, reordered(d.result, Add(d.result, Num(1)))))
    assert wrong.verify(points=4).ok is False


def test_pieces_are_verified_where_they_are_defined() -> None:
    d = derive("relu")
    assert isinstance(d.result, Cases)
    assert verify(CATALOGUE["relu"].definition.body, d.result, "x", Context()).ok is True
