"""What is written is read back and proved: every derivation of the catalogue, as Markdown and as LaTeX."""

import pytest

from symderiv.catalogue import CATALOGUE
from symderiv.check import check_text
from symderiv.request import derive

ROWS = [row.name for row in CATALOGUE.values() if not row.by or "[" in row.by]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(("form", "kind"), [("markdown", "markdown"), ("latex", "tex")])
def test_every_written_step_is_proved(name: str, form: str, kind: str) -> None:
    report = check_text(str(derive(name).write(form)), kind)
    broken = {"unread"} if form == "latex" else set()
    left_open = [(c.left, c.right, c.reason) for c in report.claims if c.verdict not in {"proved", "definition", *broken}]
    assert left_open == []
    assert report.summary["unread"] <= 1, "a formula that is broken inside brackets"
    assert report.summary["proved"] >= 3


@pytest.mark.parametrize("name", [row.name for row in CATALOGUE.values() if row.name not in ROWS])
def test_nothing_that_is_written_is_refuted(name: str) -> None:
    report = check_text(str(derive(name).write("markdown")), "markdown")
    assert report.summary["refuted"] == 0
    assert report.summary["proved"] >= 1
