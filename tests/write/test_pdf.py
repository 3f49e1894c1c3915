"""The PDF: made without warnings, on as many pages as it needs."""

import re
from pathlib import Path

import pytest
import typst as compiler

from symderiv.errors import SymderivError
from symderiv.terms import Div, Sym, Term
from symderiv.write import Chain, Figure, Line, write
from tests.write.examples import EXAMPLES, sigmoid


def test_pdf() -> None:
    pdf = write(EXAMPLES, "pdf", title='Answers "quoted" & more')
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


def test_the_source_compiles_without_warnings() -> None:
    source = write(sigmoid(), "typst")
    assert isinstance(source, str)
    _, warnings = compiler.compile_with_warnings(source.encode(), format="pdf")
    assert warnings == []


def test_what_cannot_be_set_is_refused() -> None:
    deep: Term = Sym("x")
    for _ in range(2000):
        deep = Div(deep, Sym("x"))
    for block in (Chain(Sym("x"), (Line(deep),)), Figure(Path("no/such/picture.svg"))):
        with pytest.raises(SymderivError, match="cannot be set"):
            write(block, "pdf")
