from __future__ import annotations

from pathlib import Path

import pytest

from symderiv.check import check

EXAMPLES = Path(__file__).parents[2] / "examples"
HOMEWORK = Path(__file__).parents[3] / "shared" / "assignment" / "homework.txt"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "documents"


def test_every_planted_mistake_is_found_with_its_reason() -> None:
    report = check(EXAMPLES / "homework-with-mistakes.ipynb")
    wrong = [c for c in report.claims if c.verdict == "refuted"]
    assert len(wrong) == 12
    assert len({c.reason for c in wrong}) == 12
    assert sum(c.suggestion is not None for c in wrong) >= 11
    assert report.summary["unread"] == report.summary["undecided"] == 0


def test_the_corrected_homework_passes() -> None:
    report = check(EXAMPLES / "homework-corrected.ipynb")
    assert report.status(strict=True) == 0
    assert report.summary["proved"] >= 18


def test_the_suggestions_are_what_the_corrected_homework_has() -> None:
    wrong = [c for c in check(EXAMPLES / "homework-with-mistakes.ipynb").claims if c.verdict == "refuted"]
    corrected = list(check(EXAMPLES / "homework-corrected.ipynb").claims)
    for claim in wrong:
        assert any(c.span.line == claim.span.line and c.verdict == "proved" for c in corrected)


@pytest.mark.skipif(not HOMEWORK.exists(), reason="the assignment is not here")
def test_the_assignment_is_read_and_judged() -> None:
    report = check(HOMEWORK)
    found = {c.span.line: c for c in report.claims}
    formulas = [c for c in report.claims if not c.left.lower().startswith("softmax")]
    assert all(c.verdict != "unread" for c in formulas)
    assert all(
        found[line].verdict == "proved" for line in (68, 74, 76, 78, 80, 82, 86, 188, 193, 199, 212, 214, 218, 220, 233, 235, 237)
    )
    assert found[115].conditions == [r"x \ne 0"]
    assert "end of a row" in found[115].repairs[0]
    assert "i" in found[169].reason
    assert any("k is bound" in r for r in found[153].repairs)
    assert found[210].verdict == "refuted"
    assert "line 204" in found[210].reason
    assert "no exponential" in found[127].reason
    assert "single number" in found[137].reason
    wrong = [(c.span.line, c.right) for c in report.claims if c.verdict == "refuted" and c.relation == "is"]
    assert wrong == [
        (281, "horizontal edge detector"),
        (281, "-1 to the middle-left"),
        (281, "horizontal edge detector"),
        (284, "reduces noise"),
    ]
    assert [c.span.line for c in report.claims if c.verdict == "refuted" and c.relation != "is"] in (
        [45, 127, 137, 210],
        [45, 127, 137, 169, 210],
    )


@pytest.mark.skipif(not CORPUS.exists(), reason="the collection of documents is not here")
def test_real_documents_run_through() -> None:
    report = check(sorted(CORPUS.iterdir())[:12])
    assert not [f.error for f in report.files if f.error]
    assert report.summary["refuted"] <= 12
