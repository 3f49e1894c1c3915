r"""LaTeX documents: macros of the author expanded, comments left out, environments and `\input` followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from symderiv.check.documents.markdown import ENVIRONMENTS
from symderiv.check.documents.pieces import Cell, Document, Origin, Piece, PieceKind
from symderiv.check.documents.scanning import Closers, braced
from symderiv.terms import Source, Span

MOST_EXPANSIONS: Final = 20_000
"""How many macro calls of one file are expanded; what comes after them stays as written."""
LONGEST: Final = 20_000
"""Characters that one macro call may grow to."""
DEEPEST_INPUT: Final = 8

_DEFINITION: Final = re.compile(
    r"""\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?[ ]{0,4}\{?[ ]{0,4}\\(?P<name>[A-Za-z]+)[ ]{0,4}\}?
         [ ]{0,4}(?:\[(?P<count>\d)\])?[ ]{0,4}(?:\[(?P<default>[^\]]{0,200})\])?\s{0,4}(?=\{)
    |\\def\s{0,4}\\(?P<def_name>[A-Za-z]+)(?P<def_count>(?:\#\d){0,9})\s{0,4}(?=\{)
    |\\DeclareMathOperator(?P<star>\*?)[ ]{0,4}\{?[ ]{0,4}\\(?P<op_name>[A-Za-z]+)[ ]{0,4}\}?\s{0,4}(?=\{)
    """,
    re.VERBOSE,
)
_COMMENT: Final = re.compile(r"(?<!\\)(?:\\\\)*%[^\n]*")
_IGNORE: Final = re.compile(r"%[ \t]*symderiv:[ \t]*ignore\b")
_COMMAND: Final = re.compile(r"\\([A-Za-z]+)")
_TOKEN: Final = re.compile(r"\s*(\\[A-Za-z]+|[^\s{}])")
_BRACE: Final = re.compile(r"\s*(?=\{)")
_OPTIONAL: Final = re.compile(r"\s*\[([^\]]*)\]")
_OPENER: Final = re.compile(
    rf"""(?P<ignore>%[ \t]*symderiv:[ \t]*ignore\b[^\n]*)
    |(?P<skip>\\begin\{{(?P<skipped>verbatim\*?|lstlisting|minted|comment|tikzpicture|thebibliography)\}})
    |(?P<input>\\(?:input|include|subfile)[ ]*\{{(?P<file>[^{{}}\n]{{1,500}})\}})
    |(?P<heading>\\(?:chapter|section|subsection|subsubsection|paragraph)\*?[ ]*\{{[^{{}}]{{0,500}}\}})
    |(?P<environment>\\begin\{{(?P<name>{ENVIRONMENTS})\}})
    |(?P<escaped>\\[\\$])
    |(?P<double>\$\$)
    |(?P<bracket>\\\[)
    |(?P<paren>\\\()
    |(?P<single>\$)
    |(?P<break>\n[ \t]*(?=\n)|\\(?:par|item|begin|end)\b(?:\{{[^{{}}]{{0,100}}\}})?)
    """,
    re.VERBOSE,
)
_CLOSERS: Final[dict[str, tuple[str, bool, PieceKind]]] = {
    "double": (r"\$\$", False, "display"),
    "bracket": (r"\\\]", False, "display"),
    "paren": (r"\\\)", True, "inline"),
    "single": (r"(?<!\\)\$", True, "inline"),
}
_PASSED: Final[dict[str, PieceKind]] = {"ignore": "ignore", "heading": "heading", "break": "break"}
_KINDS: Final = tuple(k for k in _OPENER.groupindex if k not in ("skipped", "file", "name"))


@dataclass(frozen=True, slots=True)
class _Macro:
    count: int
    default: str | None
    body: str


def document(source: Source) -> Document:
    """The document that a LaTeX file is, with the files that it inputs."""
    result = Document(source, iter(()))
    result.pieces = _file(source, result, {}, DEEPEST_INPUT)
    return result


def _file(source: Source, result: Document, macros: dict[str, _Macro], depth: int) -> Iterator[Piece]:
    text = _without_comments(source.text)
    begin = text.find(r"\begin{document}")
    body = begin + len(r"\begin{document}") if begin >= 0 else 0
    finish = text.find(r"\end{document}")
    for found in _DEFINITION.finditer(text):
        if (close := braced(text, found.end(), len(text))) is not None:
            if _TYPESETTING.search(text, found.end(), close):
                continue
            name, macro = _macro(found, text[found.end() + 1 : close - 1])
            macros.setdefault(name, macro)
    end = finish if finish >= body else len(text)
    expanded, origin = _expanded(text, body, end, macros)
    inner = Source(expanded, source.path)
    result.cells[id(inner)] = Cell(origin)
    result.files[id(inner)] = source
    yield from _pieces(inner, source, result, macros, depth)


def _pieces(inner: Source, source: Source, result: Document, macros: dict[str, _Macro], depth: int) -> Iterator[Piece]:
    text = inner.text
    closers = Closers(text, len(text))
    words = at = 0
    while (found := _OPENER.search(text, at)) is not None:
        kind = next(k for k in _KINDS if found.group(k) is not None)
        made, after = _piece(kind, found, inner, closers)
        at = max(after, found.end())
        if after <= found.start():
            continue
        if text[words : found.start()].strip():
            yield Piece("words", Span(inner, words, found.start()))
        words = after
        yield from made
        if kind == "input" and depth > 0:
            yield from _input(found["file"], source, result, macros, depth - 1)
    if text[words:].strip():
        yield Piece("words", Span(inner, words, len(text)))


def _piece(kind: str, found: re.Match[str], inner: Source, closers: Closers) -> tuple[tuple[Piece, ...], int]:
    """The pieces that an opener begins and where they end; the start of the opener where it opens nothing."""
    start, after = found.span()
    if kind in _PASSED:
        return (Piece(_PASSED[kind], Span(inner, start, after)),), after
    if kind == "input":
        return (), after
    if kind in ("skip", "environment"):
        name = found["skipped"] or found["name"]
        closed = closers.find(rf"\\end\{{{re.escape(name)}\}}", after, paragraph=False)
        if kind == "skip":
            return (), closed[1] if closed else closers.end
        return ((Piece("display", Span(inner, start, closed[1])),), closed[1]) if closed else ((), start)
    if kind not in _CLOSERS:
        return (), start
    closer, within, form = _CLOSERS[kind]
    closed = closers.find(closer, after, paragraph=within)
    if closed is None or not inner.text[after : closed[0]].strip():
        return (), start
    return (Piece(form, Span(inner, after, closed[0])),), closed[1]


def _input(name: str, source: Source, result: Document, macros: dict[str, _Macro], depth: int) -> Iterator[Piece]:
    if source.path is None:
        return
    path = Path(source.path).parent / name.strip()
    path = path if path.suffix else path.with_suffix(".tex")
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return
    yield from _file(Source(text, str(path)), result, macros, depth)


def _without_comments(text: str) -> str:
    """The text with blanks for its comments, other than those that ask to ignore."""

    def blank(found: re.Match[str]) -> str:
        at = found.group().rindex("%") if found.group().count("%") == 1 else found.group().index("%")
        comment = found.group()[at:]
        return found.group() if _IGNORE.match(comment) else found.group()[:at] + " " * len(comment)

    return _COMMENT.sub(blank, text)


_TYPESETTING: Final = re.compile(r"\\(?:sbox|usebox|resizebox|ifdim|hbox|vbox)\b")
"""Marks of a macro that sets boxes; it says nothing of what is in them, and is not expanded."""


def _macro(found: re.Match[str], body: str) -> tuple[str, _Macro]:
    if found["name"]:
        return found["name"], _Macro(int(found["count"] or 0), found["default"], body)
    if found["def_name"]:
        return found["def_name"], _Macro(found["def_count"].count("#"), None, body)
    return found["op_name"], _Macro(0, None, rf"\operatorname{found['star']}{{{body}}}")


def _expanded(text: str, start: int, end: int, macros: dict[str, _Macro]) -> tuple[str, Origin]:
    """The text with macro calls replaced by what they stand for, and where its characters stand in the file."""
    parts: list[str] = []
    starts: list[int] = [0]
    places: list[int] = [start]
    length, at, left = 0, start, MOST_EXPANSIONS
    for found in _COMMAND.finditer(text, start, end):
        macro = macros.get(found[1])
        if macro is None or found.start() < at or left <= 0 or _defines(text, found.start()):
            continue
        left -= 1
        body, after = _call(text, found.end(), end, macro)
        body = _inside(body, macros)
        parts += (text[at : found.start()], body)
        length += found.start() - at
        starts.append(length)
        places.append(found.start())
        length += len(body)
        starts.append(length)
        places.append(after)
        at = after
    parts.append(text[at:end])
    return "".join(parts), Origin(tuple(starts), tuple(places))


def _defines(text: str, at: int) -> bool:
    return re.search(r"(?:command\*?|\\def|Operator\*?)\s*\{?\s*$", text[max(0, at - 40) : at]) is not None


def _call(text: str, at: int, end: int, macro: _Macro) -> tuple[str, int]:
    """What a macro call stands for, and where it ends."""
    values: list[str] = []
    if macro.default is not None:
        optional = _OPTIONAL.match(text, at, end)
        values.append(optional[1] if optional else macro.default)
        at = optional.end() if optional else at
    while len(values) < macro.count:
        brace = _BRACE.match(text, at, end)
        close = braced(text, brace.end(), end) if brace else None
        if brace and close is not None:
            values.append(text[brace.end() + 1 : close - 1])
            at = close
        elif (token := _TOKEN.match(text, at, end)) is not None:
            values.append(token[1])
            at = token.end()
        else:
            values.append("")
    body = macro.body
    if values:
        body = re.sub(r"#(\d)", lambda m: values[int(m[1]) - 1] if 0 < int(m[1]) <= len(values) else "", body)
    separator = " " if body[-1:].isalpha() and text[at : at + 1].isalpha() else ""
    return body + separator, at


def _inside(body: str, macros: dict[str, _Macro]) -> str:
    """A body with the macro calls in it expanded, to a bounded depth and length."""
    for _ in range(6):
        if len(body) > LONGEST:
            break
        found = next((m for m in _COMMAND.finditer(body) if m[1] in macros), None)
        if found is None:
            break
        out: list[str] = []
        at = 0
        for call in _COMMAND.finditer(body):
            if call[1] in macros and call.start() >= at:
                text, after = _call(body, call.end(), len(body), macros[call[1]])
                out += (body[at : call.start()], text)
                at = after
        body = "".join((*out, body[at:]))
    return body[:LONGEST]
