"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from symderiv.check.claim import Claim, Report
from symderiv.check.report.pretty import remarks

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES: Final = {
    "refuted": ("error", "A step of a derivation is wrong: there is a counterexample."),
    "undecided": ("note", "A step of a derivation could be neither proved nor refuted."),
    "unread": ("warning", "A formula could not be read."),
    "hazard": ("note", "Floating-point arithmetic overflows, cancels or has no number in this code."),
}


def text(report: Report) -> str:
    """The report as SARIF text."""
    return json.dumps(as_dict(report), ensure_ascii=False, indent=1) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as a SARIF log: one run, one result for each claim that is refuted, undecided or unread, or code with a hazard."""
    failed = [
        {"level": "error", "message": {"text": entry.error}, "locations": [{"physicalLocation": _file(entry.path)}]}
        for entry in report.files
        if entry.error
    ]
    results = [
        _result(entry.path, claim) for entry in report.files for claim in entry.claims if claim.verdict in _RULES or claim.warnings
    ]
    rules = [
        {"id": name, "shortDescription": {"text": says}, "defaultConfiguration": {"level": level}}
        for name, (level, says) in _RULES.items()
    ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "symderiv", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not failed, "toolExecutionNotifications": failed}],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _file(path: str) -> dict[str, Any]:
    return {"artifactLocation": {"uri": quote(PurePath(path).as_posix())}}


def _result(path: str, claim: Claim) -> dict[str, Any]:
    (line, column), (end_line, end_column) = claim.start, claim.end
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    said = "\n".join([f"{claim.left} {claim.relation} {claim.right}".strip(), *remarks(claim)])
    rule = claim.verdict if claim.verdict in _RULES else "hazard"
    return {
        "ruleId": rule,
        "level": _RULES[rule][0],
        "message": {"text": said},
        "locations": [{"physicalLocation": {**_file(path), "region": region}}],
    }
