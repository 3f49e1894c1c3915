"""Jupyter notebooks: Markdown cells and code cells. Places are those of the JSON file; outputs are never looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from symderiv.check.documents.markdown import pieces as markdown_pieces
from symderiv.check.documents.pieces import Cell, Document, Origin, Piece
from symderiv.errors import ReadError
from symderiv.terms import Source, Span

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_ESCAPE: Final = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


@dataclass(slots=True)
class _RawCell:
    """A cell: its kind and the places of the strings of its source."""

    kind: str = ""
    strings: list[tuple[int, int]] = field(default_factory=list)


def document(source: Source) -> Document:
    """The document that a notebook is; ReadError if the file is not JSON of a notebook."""
    try:
        content = json.loads(source.text)
    except (json.JSONDecodeError, RecursionError) as error:
        at = min(getattr(error, "pos", 0), max(0, len(source.text) - 1))
        raise ReadError("this is not a notebook: the JSON cannot be read", Span(source, at, at + 1), str(error)) from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise ReadError("this is not a notebook: it has no cells", Span(source, 0, min(1, len(source.text))), "nbformat 4 is read")
    result = Document(source, iter(()))
    result.pieces = _pieces(source, result)
    return result


def _pieces(source: Source, result: Document) -> Iterator[Piece]:
    for number, raw in enumerate(_cells(source.text), start=1):
        if raw.kind not in ("markdown", "code") or not raw.strings:
            continue
        text, origin = _decoded(source.text, raw.strings)
        cell = Source(text, source.path)
        result.cells[id(cell)] = Cell(origin, number)
        whole = Span(cell, 0, len(text))
        if raw.kind == "code":
            yield Piece("code", whole)
        else:
            yield from markdown_pieces(whole)
        yield Piece("break", Span(cell, len(text), len(text)))


def _cells(text: str) -> Iterator[_RawCell]:
    """The cells of the JSON text, by a walk over its tokens."""
    path: list[str] = []
    key, after_colon = "", False
    cell = _RawCell()
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token in ("{", "["):
            path.append(f"{key}{token}")
            key, after_colon = "", False
            if path == ["{", "cells[", "{"]:
                cell = _RawCell()
        elif token in ("}", "]"):
            if path == ["{", "cells[", "{"]:
                yield cell
            if path:
                path.pop()
            key, after_colon = "", False
        elif token == ":":
            after_colon = True
        elif token == ",":
            key, after_colon = "", False
        elif token[0] == '"':
            if path == ["{", "cells[", "{", "source["]:
                cell.strings.append(found.span())
            elif not after_colon:
                key = token[1:-1] if len(token) < 40 and path[:1] == ["{"] and len(path) < 4 else ""
            elif path == ["{", "cells[", "{"] and key == "source":
                cell.strings.append(found.span())
            elif path == ["{", "cells[", "{"] and key == "cell_type":
                cell.kind = token[1:-1]


def _decoded(text: str, strings: list[tuple[int, int]]) -> tuple[str, Origin]:
    """The joined strings, and where their characters stand in the JSON text."""
    parts: list[str] = []
    starts: list[int] = []
    places: list[int] = []
    length = 0
    for start, end in strings:
        decoded: str = json.loads(text[start:end], strict=False)
        starts.append(length)
        places.append(start + 1)
        at, done = start + 1, 0
        for escape in _ESCAPE.finditer(text, start + 1, end - 1):
            done += escape.start() - at
            at = escape.end()
            done += 1
            if done < len(decoded):
                starts.append(length + done)
                places.append(at)
        parts.append(decoded)
        length += len(decoded)
    return "".join(parts), Origin(tuple(starts), tuple(places))
