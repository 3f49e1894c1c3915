"""Files and folders to reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from symderiv.check.checker import Checker
from symderiv.check.claim import Claim, FileReport, Report
from symderiv.check.documents import ENDINGS, KINDS
from symderiv.check.kernel_claims import kernel_claims
from symderiv.check.scope import Scope
from symderiv.errors import SymderivError, UnknownName
from symderiv.terms import Source, Span

Progress = Callable[[int, int, str], None]
"""Called before each file: how many are done, of how many, and the next one."""

_OF_LINES: Final = ("markdown", "tex", "text")
"""Kinds of which a line of the file is a line of what is read."""
_INDUCTION: Final = re.compile(r"\binduct(?:ion|ive)\b", re.IGNORECASE)
_PASSED_OVER: Final = frozenset(("__pycache__", "node_modules", "site-packages"))


def check(paths: str | Path | Iterable[str | Path], *, exclude: Iterable[str] = (), progress: Progress | None = None) -> Report:
    """The report on files, and on all documents in folders. A file that cannot be read is an entry with its error."""
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    files = list(dict.fromkeys(found for path in given for found in _documents(Path(path), tuple(exclude))))
    report = Report()
    for done, path in enumerate(files):
        if progress is not None:
            progress(done, len(files), str(path))
        report.files.append(_checked(path))
    return report


def check_text(text: str, kind: str = "markdown", *, path: str | None = None) -> Report:
    """The report on a text of a kind: markdown, notebook, tex or text. Raises UnknownName for another kind.

    >>> check_text("Let $f(x) = x^2$. Then $f'(x) = 2x$.").summary["proved"]
    1
    """
    reader = KINDS.get(kind)
    if reader is None:
        raise UnknownName.among("kind of document", kind, KINDS)
    entry = FileReport(path or "<text>")
    source = Source(text, path)
    try:
        document = reader(source)
        scope = Scope()
        entry.claims.extend(Checker(document, scope).claims())
        if kind in _OF_LINES and _INDUCTION.search(text):
            entry.claims = sorted([*entry.claims, *_incomplete(source, entry.claims, scope)], key=lambda claim: claim.start)
        if of_kernels := kernel_claims(document):
            entry.claims = sorted([*entry.claims, *of_kernels], key=lambda claim: claim.start)
    except SymderivError as error:
        entry.error = str(error)
    return Report([entry])


def _incomplete(source: Source, claims: list[Claim], scope: Scope) -> Iterator[Claim]:
    """What is missing in a proof by induction: a claim of its own, undecided, in the line of the flaw."""
    from symderiv.check.inductions import inductions

    for one in inductions(source.text, claims, scope):
        for flaw in one.flaws if one.plain else ():
            start = sum(len(line) + 1 for line in source.text.split("\n")[: flaw.line - 1])
            length = len(source.text[start:].split("\n", 1)[0])
            span = Span(source, start, start + length)
            yield Claim(span, "the proof by induction", "is", "complete", "undecided", reason=f"not a proof: {flaw.reason}")


def _checked(path: Path) -> FileReport:
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        return FileReport(str(path), error=error.strerror or str(error))
    kind = ENDINGS.get(path.suffix.lower(), "markdown")
    return check_text(text, kind, path=str(path)).files[0]


def _documents(path: Path, exclude: tuple[str, ...]) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for found in sorted(path.rglob("*")):
        inner = found.relative_to(path).parts
        hidden = any(part.startswith(".") or part in _PASSED_OVER for part in inner)
        if found.suffix.lower() in ENDINGS and not hidden and found.is_file() and not any(found.match(e) for e in exclude):
            yield found
