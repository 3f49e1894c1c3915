"""What is written is read back and proved: every derivation of the catalogue, as Markdown and as LaTeX."""

import pytest

from symderiv.catalogue import CATALOGUE
from symderiv.check import check_text
from symderiv.request import derive

ROWS = [(name, 1) for name in CATALOGUE] + [(row.name, 2) for row in CATALOGUE.values() if row.second]

WIDE = {"layer_norm", "column_variance", "batch_norm"}
"""Rows with fractions wider than a line, which are broken inside brackets and not read back."""


@pytest.mark.parametrize(("name", "order"), ROWS)
@pytest.mark.parametrize(("form", "kind"), [("markdown", "markdown"), ("latex", "tex")])
def test_every_written_step_is_proved(name: str, order: int, form: str, kind: str) -> None:
    report = check_text(str(derive(name, order=order).write(form)), kind)
    broken = {"unread"} if form == "latex" or name in WIDE else set()
    left_open = [(c.left, c.right, c.reason) for c in report.claims if c.verdict not in {"proved", "definition", *broken}]
    assert left_open == []
    assert report.summary["unread"] <= (report.summary["proved"] if name in WIDE else 1), "formulas that are broken inside brackets"
    assert report.summary["proved"] >= 2


def test_a_gradient_without_a_name_is_proved_too() -> None:
    d = derive("||X W - Y||^2", "W", let="X in R^{n x d}, W in R^{d x m}, Y in R^{n x m}")
    report = check_text(str(d.write("markdown")), "markdown")
    assert [c.verdict for c in report.claims] == ["proved"] * 4
