"""Plain text with `$…$` maths, and notebooks that were exported as text, with `In [3]:` before each code cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.documents.markdown import pieces as markdown_pieces
from symderiv.check.documents.pieces import Document, Piece
from symderiv.terms import Source, Span

_PROMPT: Final = re.compile(r"^(?:In|Out)[ ]?\[(?:[ \d*]*|None)\]:[ \t]*\n?", re.MULTILINE)
_CODE: Final = re.compile(
    r"[ \t]+\S|#|%|!|@|'|\"|(?:def|class|import|from|return|if|else|elif|for|while|with|try|except|print|assert|pass)\b|[A-Za-z_][\w.]*\s*(?:=[^=]|\(|\[.*\]\s*=)"
)
_QUOTES: Final = ("'''", '"""')


def document(source: Source) -> Document:
    """The document that a plain text is."""
    return Document(source, _pieces(source))


def _pieces(source: Source) -> Iterator[Piece]:
    text, at = source.text, 0
    for prompt in _PROMPT.finditer(text):
        if prompt.start() < at:
            continue
        yield from markdown_pieces(Span(source, at, prompt.start()))
        end = _code_end(text, prompt.end())
        if end > prompt.end():
            yield Piece("code", Span(source, prompt.end(), end))
        yield Piece("break", Span(source, end, end))
        at = end
    yield from markdown_pieces(Span(source, at, len(text)))


def _code_end(text: str, start: int) -> int:
    """Where the code after a prompt ends: before the first line that cannot be Python."""
    at = end = start
    quote = ""
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop + 1
        line = text[at:stop]
        if quote:
            quote = "" if quote in line else quote
            end = stop
        elif line.strip():
            if not _CODE.match(line) or "$" in line:
                break
            end = stop
            quote = next((q for q in _QUOTES if line.count(q) % 2), "")
        at = stop
    return end
