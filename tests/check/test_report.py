from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from symderiv.check import check, check_text
from symderiv.check.claim import VERDICTS, Report
from symderiv.check.command import FORMATS
from symderiv.check.report import github, html, pretty, sarif
from symderiv.check.report import json as json_report

TEXT = "Let $f(x) = x^2$. Then $f'(x) = 2x$.\n\n$$2 + 2 = 5 < \\foo$$\n\n$$a = b^2, \\quad \\phi'(x) = 3$$\n"
KEYS = {
    "line",
    "column",
    "end_line",
    "end_column",
    "lhs",
    "rhs",
    "relation",
    "verdict",
    "method",
    "conditions",
    "inferred",
    "repairs",
    "witness",
    "reason",
    "suggestion",
}


@pytest.fixture(scope="module")
def report() -> Report:
    return check_text(TEXT, path="a,b.md")


def test_json_is_the_contract(report: Report) -> None:
    data = json.loads(json_report.text(report))
    assert set(data) == {"version", "files", "summary"}
    assert data["version"] == 1
    assert set(data["summary"]) == set(VERDICTS)
    (file,) = data["files"]
    assert set(file) == {"path", "claims"}
    for claim in file["claims"]:
        assert set(claim) == KEYS
        assert claim["verdict"] in VERDICTS
        assert claim["line"] <= claim["end_line"]
        assert (claim["witness"] is None) == (claim["verdict"] != "refuted")
        if claim["witness"]:
            assert set(claim["witness"]) == {"values", "lhs", "rhs"}
    places = [(c["line"], c["column"]) for c in file["claims"]]
    assert places == sorted(places)
    assert sum(data["summary"].values()) == len(file["claims"])


def test_places_are_exact(report: Report) -> None:
    first = json_report.as_dict(report)["files"][0]["claims"][0]
    assert (first["line"], first["column"], first["end_line"], first["end_column"]) == (1, 6, 1, 16)
    assert (first["lhs"], first["rhs"]) == ("f(x)", "x^2")


def test_every_format_writes_every_report(report: Report) -> None:
    for name in FORMATS:
        module = import_module(f"symderiv.check.report.{name}")
        assert module.text(report)
        assert isinstance(module.text(Report()), str)
        assert module.text(Report([*check_text("{", "notebook").files]))


def test_the_terminal_report_shows_what_is_wrong(report: Report) -> None:
    shown = pretty.text(report)
    assert "✗ wrong" in shown
    assert "2 + 2 = 5" in shown
    assert "perhaps: 4" in shown
    assert "\033" not in shown
    assert "\033[" in pretty.text(report, colours=True)
    assert "2x" in pretty.text(report, verbose=True)
    assert "f'(x) = 2x" not in shown


def test_github_annotations_are_escaped(report: Report) -> None:
    lines = github.text(report).splitlines()
    assert lines[0].startswith("::error file=a%2Cb.md,line=3,")
    assert all(line.startswith("::") for line in lines)


def test_sarif_has_a_result_for_each_claim_to_look_at(report: Report) -> None:
    log = sarif.as_dict(report)
    (run,) = log["runs"]
    rules = {r["id"] for r in run["tool"]["driver"]["rules"]}
    assert log["version"] == "2.1.0"
    assert {r["ruleId"] for r in run["results"]} <= rules
    assert len(run["results"]) == sum(c.verdict in rules or bool(c.warnings) for c in report.claims)
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])


def test_sarif_is_what_its_schema_says(report: Report) -> None:
    """The classes of pydantic-sarif are made from the schema of OASIS, and forbid what it does not name."""
    for log in (report, Report(), Report([*check_text("{", "notebook", path="ä b.ipynb").files])):
        SarifLog.model_validate_json(sarif.text(log))
    broken = sarif.as_dict(report)
    broken["runs"][0]["results"][0]["place"] = "nowhere"
    with pytest.raises(ValidationError):
        SarifLog.model_validate(broken)


def test_github_annotations_say_where_and_why(report: Report) -> None:
    shown = github.text(report)
    for claim in report.claims:
        (line, column), (end_line, end_column) = claim.start, claim.end
        place = f"line={line},endLine={end_line},col={column},endColumn={end_column}"
        assert (place in shown) == (claim.verdict in ("refuted", "undecided", "unread"))
    pattern = re.compile(r"::(error|warning|notice) file=[^,\n]*,line=\d+,[^\n]*::[^\n]+")
    assert all(pattern.fullmatch(line) for line in shown.splitlines())
    assert "%0A" in shown


def test_the_page_stands_alone(report: Report) -> None:
    page = html.text(report)
    assert page.startswith("<!DOCTYPE html>")
    assert "<math>" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<script" not in html.text(check_text("$$ <script>alert(1)</script> = 1 $$ $$ a < script = 2 $$"))


def test_exit_status() -> None:
    assert check_text("$$1 + 1 = 2$$").status(strict=True) == 0
    assert check_text("$$1 + 1 = 3$$").status() == 1
    assert check_text("$$\\foo = 3$$").status() == 0
    assert check_text("$$\\foo = 3$$").status(strict=True) == 1
    assert check_text("{", "notebook").status() == 2


def test_folders_are_searched_and_unreadable_files_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("$$1 + 1 = 2$$")
    (tmp_path / "b.ipynb").write_text("no json")
    (tmp_path / "c.bin").write_bytes(b"\xff\xfe$1=2$")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "d.md").write_text("$$1 + 1 = 3$$")
    found = check(tmp_path)
    assert [Path(f.path).name for f in found.files] == ["a.md", "b.ipynb"]
    assert found.files[1].error
    assert check(tmp_path, exclude=("*.ipynb",)).status() == 0
    assert check(tmp_path / "absent.md").files[0].error
    assert check([tmp_path / "a.md", tmp_path]).summary["proved"] == 1
