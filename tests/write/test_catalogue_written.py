"""Every row of the catalogue: derived, written in every format, read back, and verified by certified balls."""

from dataclasses import replace

import pytest

from symderiv import derive
from symderiv.catalogue import CATALOGUE
from symderiv.errors import SymderivError
from symderiv.read import read_latex, read_plain
from symderiv.rules.step import reordered
from symderiv.terms import Add, Cases, Context, Entry, Fn, Num, Sum, Term, function
from symderiv.write import FORMATS, Chain, Part, blocks_of, latex, write
from symderiv.write.blocks import Block
from symderiv.write.numeric import verify

ARRAYS = [row.name for row in CATALOGUE.values() if row.by and "[" not in row.by]
FAST = [name for name in FORMATS if name != "pdf"]


def _terms(blocks: tuple[Block, ...]) -> list[Term]:
    found: list[Term] = []
    for b in blocks:
        if isinstance(b, Chain):
            found += [b.start, *(line.term for line in b.lines)]
        elif isinstance(b, Part):
            found += _terms(b.blocks)
    return found


def _of_any_size(t: Term) -> bool:
    return any(isinstance(s, (Entry, Sum)) for s in t.postorder())


@pytest.mark.parametrize("name", CATALOGUE)
def test_written_in_every_format(name: str) -> None:
    d = derive(name)
    for form in FAST:
        if form in ("numpy", "sympy") and (name in ARRAYS or (form == "numpy" and _of_any_size(d.result))):
            with pytest.raises(SymderivError):
                write(d, form)
        else:
            assert write(d, form)


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
