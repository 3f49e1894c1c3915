r"""Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, bare environments, fenced maths and code, as GitHub and Jupyter read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.documents.pieces import Document, Piece, PieceKind
from symderiv.terms import Source, Span

ENVIRONMENTS: Final = r"(?:align|aligned|equation|gather|gathered|multline|eqnarray|split|displaymath|math|flalign|alignat)\*?"

_PATTERN: Final = re.compile(
    rf"""(?P<fence>^[ \t>]*(?P<bars>```+|~~~+)[ \t]*(?P<language>[\w+-]*)[^\n`]*\n(?P<block>.*?)(?:^[ \t>]*(?P=bars)[ \t]*$|\Z))
    |(?P<ignore><!--[ \t]*symderiv:[ \t]*ignore[ \t]*-->)
    |(?P<comment><!--.*?(?:-->|\Z))
    |(?P<heading>^[ ]{{0,3}}\#{{1,6}}[ \t]+[^\n]*)
    |(?P<github>\$`(?P<github_inner>[^`]+)`\$)
    |(?P<code>(?P<ticks>`+)(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`))
    |(?P<escaped>\\\$)
    |(?P<double>\$\$(?P<double_inner>(?:(?!\$\$)(?!\n[ \t]*\n[ \t]*\n).)+)\$\$)
    |(?P<bracket>\\\\?\[(?P<bracket_inner>(?:(?!\\\\?\]).)+)\\\\?\])
    |(?P<paren>\\\\?\((?P<paren_inner>(?:(?!\\\\?\))(?!\n[ \t]*\n).)+)\\\\?\))
    |(?P<environment>\\begin\{{(?P<name>{ENVIRONMENTS})\}}(?:(?!\\begin\{{(?P=name)\}}).)*?\\end\{{(?P=name)\}})
    |(?P<single>\$(?![\s$]*\$)(?P<single_inner>(?:[^$\\\n]|\\.|\n(?![ \t]*\n))+)\$(?!\d))
    |(?P<tag></?[A-Za-z][^<>\n]*>)
    |(?P<link>!?\[[^\]\n]*\]\([^()\s]*\))
    |(?P<break>\n[ \t>]*(?=\n))
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_MATHS: Final = frozenset(("math", "latex", "tex", "katex", "mathjax"))
_CODE: Final = frozenset(("python", "py", "python3", "ipython", "ipython3"))
_PLAIN: Final = frozenset(("", "text", "txt", "plain"))
_FORMULAS: Final = {
    "github": ("github_inner", "inline"),
    "double": ("double_inner", "display"),
    "bracket": ("bracket_inner", "display"),
    "paren": ("paren_inner", "inline"),
    "environment": ("environment", "display"),
    "single": ("single_inner", "inline"),
}
_QUOTE: Final = re.compile(r"^[ \t]*>", re.MULTILINE)


def document(source: Source) -> Document:
    """The document that a Markdown text is."""
    return Document(source, pieces(Span(source, 0, len(source.text))))


def pieces(piece: Span) -> Iterator[Piece]:
    """The pieces of Markdown in a part of a source, in order."""
    source, at = piece.source, piece.start
    text = source.text

    def words(end: int) -> Iterator[Piece]:
        if text[at:end].strip():
            yield Piece("words", Span(source, at, end))

    for found in _PATTERN.finditer(text, piece.start, piece.end):
        kind = found.lastgroup or ""
        kind = next(k for k in _KINDS if found.group(k) is not None)
        if kind == "escaped":
            continue
        yield from words(found.start())
        at = found.end()
        if kind == "fence":
            yield Piece("break", Span(source, found.start(), found.start()))
            yield from _fenced(source, found)
        elif kind in ("ignore", "heading", "break"):
            yield Piece(_PLAIN_KINDS[kind], Span(source, found.start(), found.end()))
        elif kind in _FORMULAS:
            group, form = _FORMULAS[kind]
            yield Piece("display" if form == "display" else "inline", Span(source, *found.span(group)))
    yield from words(piece.end)


_KINDS: Final = (
    "fence",
    "ignore",
    "comment",
    "heading",
    "github",
    "code",
    "escaped",
    "double",
    "bracket",
    "paren",
    "environment",
    "single",
    "tag",
    "link",
    "break",
)
_PLAIN_KINDS: Final[dict[str, PieceKind]] = {"ignore": "ignore", "heading": "heading", "break": "break"}


def _fenced(source: Source, found: re.Match[str]) -> Iterator[Piece]:
    language = found.group("language").lower()
    span = Span(source, *found.span("block"))
    if language in _MATHS:
        yield Piece("display", span)
    elif language in _CODE:
        yield Piece("code", span)
    elif language in _PLAIN:
        yield Piece("plain", span)
