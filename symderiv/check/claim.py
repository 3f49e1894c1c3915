"""Claims with their verdicts, and the report that they make up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from symderiv.terms import Span, Term

ClaimVerdict = Literal["proved", "refuted", "undecided", "unread", "definition"]
VERDICTS: Final[tuple[ClaimVerdict, ...]] = ("proved", "refuted", "undecided", "unread", "definition")


@dataclass(frozen=True, slots=True)
class ShownWitness:
    """A counterexample in digits: values of the letters, and both sides there."""

    values: Mapping[str, str]
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Hazard:
    """What floating-point arithmetic does to code whose formula may be right, and Python code that computes the same formula safely."""

    message: str
    code: str | None = None


@dataclass(slots=True)
class Claim:
    """`left relation right` at a place of a file, and what came of it.

    `left` and `right` are the text as written. `conditions`: what the proof needs. `inferred`: what the document leaves to be
    concluded. `repairs`: what was mended or decided in reading. `suggestion`: LaTeX for the right side that makes a refuted step true.
    `left_term`, `term`: the sides as they were read, None if they were not. `warnings`: of code; they change no verdict.
    """

    span: Span
    left: str
    relation: str
    right: str
    verdict: ClaimVerdict
    method: str = ""
    conditions: list[str] = field(default_factory=list)
    inferred: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    witness: ShownWitness | None = None
    reason: str = ""
    suggestion: str | None = None
    cell: int | None = None
    term: Term | None = None
    left_term: Term | None = None
    warnings: list[Hazard] = field(default_factory=list)

    @property
    def start(self) -> tuple[int, int]:
        """Line and column at which the claim begins, counted from 1."""
        return self.span.line, self.span.column

    @property
    def end(self) -> tuple[int, int]:
        """Line and column right after the claim."""
        after = Span(self.span.source, self.span.end, self.span.end)
        return after.line, after.column


@dataclass(slots=True)
class FileReport:
    """The claims of one file in source order, or why it could not be read."""

    path: str
    claims: list[Claim] = field(default_factory=list)
    error: str = ""


@dataclass(slots=True)
class Report:
    """The reports of all files.

    >>> Report().status()
    0
    """

    files: list[FileReport] = field(default_factory=list)

    @property
    def claims(self) -> Iterable[Claim]:
        """All claims, file by file."""
        return (claim for file in self.files for claim in file.claims)

    @property
    def summary(self) -> dict[ClaimVerdict, int]:
        """How many claims there are of each verdict."""
        counts = Counter(claim.verdict for claim in self.claims)
        return {verdict: counts[verdict] for verdict in VERDICTS}

    def status(self, *, strict: bool = False) -> int:
        """The exit status: 0 nothing refuted, 1 something refuted (strict: or undecided, unread), 2 a file could not be read."""
        if any(file.error for file in self.files):
            return 2
        summary = self.summary
        bad = summary["refuted"] + (summary["undecided"] + summary["unread"] if strict else 0)
        return 1 if bad else 0
