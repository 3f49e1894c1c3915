"""The report as JSON, version 1: the contract with other programs."""

from __future__ import annotations

import json
from typing import Any, Final

from symderiv.check.claim import Claim, FileReport, Report

VERSION: Final = 1


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain data: version, files with their claims in source order, summary."""
    return {"version": VERSION, "files": [_file(f) for f in report.files], "summary": dict(report.summary)}


def text(report: Report) -> str:
    """The report as JSON text."""
    return json.dumps(as_dict(report), ensure_ascii=False, indent=1) + "\n"


def _file(entry: FileReport) -> dict[str, Any]:
    out: dict[str, Any] = {"path": entry.path, "claims": [claim_dict(c) for c in entry.claims]}
    return {**out, "error": entry.error} if entry.error else out


def claim_dict(claim: Claim) -> dict[str, Any]:
    """One claim as plain data; `warnings` only where code has some."""
    (line, column), (end_line, end_column) = claim.start, claim.end
    witness = claim.witness
    warnings = [{"message": w.message, "code": w.code} for w in claim.warnings]
    return {
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "lhs": claim.left,
        "rhs": claim.right,
        "relation": claim.relation,
        "verdict": claim.verdict,
        "method": claim.method,
        "conditions": claim.conditions,
        "inferred": claim.inferred,
        "repairs": claim.repairs,
        "witness": None if witness is None else {"values": dict(witness.values), "lhs": witness.left, "rhs": witness.right},
        "reason": claim.reason,
        "suggestion": claim.suggestion,
        **({"warnings": warnings} if warnings else {}),
    }
