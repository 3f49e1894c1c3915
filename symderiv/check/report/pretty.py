"""The report for a terminal: every wrong line as it stands in the file, a mark, the counterexample, the reason, a suggestion; then a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from symderiv.check.claim import Claim, ClaimVerdict, FileReport, Report

MARKS: Final[dict[ClaimVerdict, str]] = {"proved": "✓", "refuted": "✗", "undecided": "?", "unread": "!", "definition": ":="}
COLOURS: Final[dict[ClaimVerdict, str]] = {
    "proved": "32",
    "refuted": "31;1",
    "undecided": "33",
    "unread": "35",
    "definition": "36",
}
WORDS: Final[dict[ClaimVerdict, str]] = {
    "proved": "proved",
    "refuted": "wrong",
    "undecided": "undecided",
    "unread": "not read",
    "definition": "defined",
}
WIDTH: Final = 100


def text(report: Report, *, colours: bool = False, verbose: bool = False) -> str:
    """The report in lines. Without `verbose`, what is proved or defined without any remark is only counted."""
    lines: list[str] = []
    for entry in report.files:
        shown = list(_file(entry, colours=colours, verbose=verbose))
        if shown:
            lines += [_painted(entry.path, "1", colours), *shown, ""]
    return "\n".join([*lines, _summary(report, colours)]) + "\n"


def _file(entry: FileReport, *, colours: bool, verbose: bool) -> Iterator[str]:
    if entry.error:
        yield _painted(f"  cannot be read: {entry.error}", COLOURS["refuted"], colours)
    for claim in entry.claims:
        quiet = claim.verdict in ("proved", "definition") and not (
            claim.conditions or claim.repairs or claim.reason or claim.inferred
        )
        if verbose or not quiet:
            yield from _claim(claim, colours=colours)


def _claim(claim: Claim, *, colours: bool) -> Iterator[str]:
    line, column = claim.start
    place = f"{line}:{column}" + (f" (cell {claim.cell})" if claim.cell is not None else "")
    mark = _painted(f"{MARKS[claim.verdict]} {WORDS[claim.verdict]}", COLOURS[claim.verdict], colours)
    yield f"  {place}  {mark}"
    step = f"{claim.left} {claim.relation} {claim.right}".strip()
    yield "      " + _cut(_painted(" ".join(step.split()), "1", colours) if colours else " ".join(step.split()))
    yield from (f"      {remark}" for remark in remarks(claim))


def remarks(claim: Claim) -> Iterator[str]:
    """What is said of a claim, one line each."""
    if claim.witness is not None:
        at = ", ".join(f"{name} = {value}" for name, value in claim.witness.values.items())
        differ = f"left is {claim.witness.left}, right is {claim.witness.right}" if claim.witness.left else claim.method
        yield differ + (f", at {at}" if at else "")
    if claim.conditions:
        yield "holds if " + " and ".join(claim.conditions)
    if claim.reason:
        yield f"because: {claim.reason}" if claim.verdict in ("refuted", "undecided", "unread") else claim.reason
    if claim.suggestion:
        yield f"perhaps: {claim.suggestion}"
    for warning in claim.warnings:
        yield f"warning: {warning.message}" + (f"; stable: {warning.code}" if warning.code else "")
    yield from (f"inferred: {i}" for i in claim.inferred)
    yield from (f"repaired: {r}" for r in claim.repairs)


def _summary(report: Report, colours: bool) -> str:
    parts = [
        _painted(f"{MARKS[verdict]} {count} {WORDS[verdict]}", COLOURS[verdict], colours)
        for verdict, count in report.summary.items()
        if count
    ]
    failed = sum(1 for entry in report.files if entry.error)
    if failed:
        parts.append(_painted(f"{failed} not readable", COLOURS["refuted"], colours))
    return "  ".join(parts) or "no claims found"


def _painted(shown: str, colour: str, colours: bool) -> str:
    return f"\033[{colour}m{shown}\033[0m" if colours else shown


def _cut(line: str) -> str:
    return line if len(line) <= 2 * WIDTH else line[: 2 * WIDTH] + " …"
