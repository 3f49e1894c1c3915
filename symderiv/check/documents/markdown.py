r"""Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, bare environments, fenced maths and code, as GitHub and Jupyter read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.documents.pieces import Document, Piece, PieceKind
from symderiv.check.documents.scanning import Closers
from symderiv.terms import Source, Span

ENVIRONMENTS: Final = r"(?:align|aligned|equation|gather|gathered|multline|eqnarray|split|displaymath|math|flalign|alignat)\*?"

_OPENER: Final = re.compile(
    rf"""(?P<fence>^[ \t>]*(?P<bars>```+|~~~+)[ \t]*(?P<language>[\w+-]*)[^\n`]*\n)
    |(?P<ignore><!--[ \t]*symderiv:[ \t]*ignore[ \t]*-->)
    |(?P<comment><!--)
    |(?P<heading>^[ ]{{0,3}}\#{{1,6}}[ \t]+[^\n]*)
    |(?P<github>\$`)
    |(?P<code>`+)
    |(?P<escaped>\\\$)
    |(?P<double>\$\$)
    |(?P<bracket>\\\\?\[)
    |(?P<paren>\\\\?\()
    |(?P<environment>\\begin\{{(?P<name>{ENVIRONMENTS})\}})
    |(?P<single>\$)
    |(?P<tag></?[A-Za-z][^<>\n]{{0,2000}}>)
    |(?P<link>!?\[[^\]\n\[]{{0,300}}\]\([^()\s]{{0,2000}}\))
    |(?P<break>\n[ \t>]*(?=\n))
    """,
    re.VERBOSE | re.MULTILINE,
)
_KINDS: Final = tuple(k for k in _OPENER.groupindex if k not in ("bars", "language", "name"))
_CLOSERS: Final[dict[str, tuple[str, bool, PieceKind]]] = {
    "github": (r"`\$", True, "inline"),
    "double": (r"\$\$", False, "display"),
    "bracket": (r"\\\\?\]", False, "display"),
    "paren": (r"\\\\?\)", True, "inline"),
    "single": (r"(?<!\\)\$", True, "inline"),
}
"""What closes a formula, whether within its paragraph, and what it is."""

_PASSED: Final[dict[str, PieceKind]] = {"ignore": "ignore", "heading": "heading", "break": "break"}
_MATHS: Final = frozenset(("math", "latex", "tex", "katex", "mathjax"))
_CODE: Final = frozenset(("python", "py", "python3", "ipython", "ipython3"))
_PLAIN: Final = frozenset(("", "text", "txt", "plain"))


def document(source: Source) -> Document:
    """The document that a Markdown text is."""
    return Document(source, pieces(Span(source, 0, len(source.text))))


def pieces(piece: Span) -> Iterator[Piece]:
    """The pieces of Markdown in a part of a source, in order."""
    source, text = piece.source, piece.source.text
    closers = Closers(text, piece.end)
    words = at = piece.start
    while (found := _OPENER.search(text, at, piece.end)) is not None:
        kind = next(k for k in _KINDS if found.group(k) is not None)
        made, after = _piece(kind, found, source, closers)
        at = max(after, found.end())
        if after <= found.start():
            continue
        if text[words : found.start()].strip():
            yield Piece("words", Span(source, words, found.start()))
        words = after
        yield from made
    if text[words : piece.end].strip():
        yield Piece("words", Span(source, words, piece.end))


def _piece(kind: str, found: re.Match[str], source: Source, closers: Closers) -> tuple[tuple[Piece, ...], int]:
    """The pieces that an opener begins and where they end; the start of the opener where it opens nothing."""
    start, inner = found.span()
    nothing = ((), start)
    if kind in _PASSED:
        return (Piece(_PASSED[kind], Span(source, start, inner)),), inner
    if kind in ("tag", "link"):
        return (), inner
    if kind == "fence":
        closed = closers.find(rf"^[ \t>]*{re.escape(found['bars'])}[ \t]*$", inner, paragraph=False)
        end, after = closed or (closers.end, closers.end)
        return _fenced(found["language"].lower(), Span(source, inner, end)), after
    if kind == "comment":
        closed = closers.find("-->", inner, paragraph=False)
        return ((), closed[1]) if closed else nothing
    if kind == "code":
        closed = closers.find(rf"(?<!`){found['code']}(?!`)" if len(found["code"]) <= 16 else r"(?!)", inner, paragraph=True)
        return ((), closed[1]) if closed else nothing
    if kind == "environment":
        closed = closers.find(rf"\\end\{{{re.escape(found['name'])}\}}", inner, paragraph=False)
        return ((Piece("display", Span(source, start, closed[1])),), closed[1]) if closed else nothing
    if kind not in _CLOSERS:
        return nothing
    closer, within, form = _CLOSERS[kind]
    closed = closers.find(closer, inner, paragraph=within)
    if closed is None or not source.text[inner : closed[0]].strip():
        return nothing
    if kind == "single" and _is_money(source.text, inner, closed):
        return nothing
    return (Piece(form, Span(source, inner, closed[0])),), closed[1]


def _is_money(text: str, start: int, closed: tuple[int, int]) -> bool:
    """Whether the dollars of `$5 and $10` are prices."""
    return text[closed[1] : closed[1] + 1].isdigit()


def _fenced(language: str, block: Span) -> tuple[Piece, ...]:
    before = Piece("break", Span(block.source, block.start, block.start))
    if language in _MATHS:
        return before, Piece("display", block)
    if language in _CODE:
        return before, Piece("code", block)
    return (before, Piece("plain", block)) if language in _PLAIN else (before,)
