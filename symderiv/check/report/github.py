"""Annotations for GitHub Actions: one workflow command for each claim that needs a look."""

from __future__ import annotations

from typing import Final

from symderiv.check.claim import Claim, Report
from symderiv.check.report.pretty import WORDS, remarks

_LEVELS: Final = {"refuted": "error", "undecided": "notice", "unread": "warning"}


def text(report: Report) -> str:
    """`::error file=…,line=…::…` for refuted claims, warnings for unread ones, notices for undecided ones and for hazards of code."""
    lines = []
    for entry in report.files:
        if entry.error:
            lines.append(f"::error file={_property(entry.path)},title=symderiv::{_message(entry.error)}")
        lines += [_line(entry.path, claim) for claim in entry.claims if claim.verdict in _LEVELS or claim.warnings]
    return "".join(line + "\n" for line in lines)


def _line(path: str, claim: Claim) -> str:
    (line, column), (end_line, end_column) = claim.start, claim.end
    where = f"file={_property(path)},line={line},endLine={end_line},col={column},endColumn={end_column}"
    said = "\n".join([f"{claim.left} {claim.relation} {claim.right}".strip(), *remarks(claim)])
    title = WORDS[claim.verdict] if claim.verdict in _LEVELS else "hazard"
    return f"::{_LEVELS.get(claim.verdict, 'notice')} {where},title=symderiv {title}::{_message(said)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
