"""Questions of a sheet about confusable images, in every format for documents."""

from __future__ import annotations

import pytest

from symderiv.errors import UnknownName
from symderiv.ranking import SCORES, answer
from symderiv.terms import Context
from symderiv.write import FORMATS, STEPS, write

DOCUMENTS = [f.name for f in FORMATS.values() if f.suffix != ".py"]


@pytest.mark.parametrize("format", DOCUMENTS)
def test_everything_in_every_format(format):
    blocks, _ = answer("", {}, Context(), "lines")
    written = write(blocks, format)
    assert written
    if isinstance(written, str) and format == "text":
        assert "undecided" not in written
        assert all(row.title.split()[0].lower() in written.lower() for row in SCORES.values())


@pytest.mark.parametrize("steps", STEPS)
def test_one_score(steps):
    blocks, context = answer("entropy", {}, Context(), steps)
    assert context == Context()
    written = write(blocks, "text")
    assert "is proved" in written
    assert ("chain rule" in written.lower()) == (steps != "result")


def test_the_step():
    assert "undecided" not in write(answer("fast-gradient", {}, Context(), "lines")[0], "text")


def test_unknown():
    with pytest.raises(UnknownName):
        answer("entropie", {}, Context(), "lines")
