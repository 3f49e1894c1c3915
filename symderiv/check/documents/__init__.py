"""One module for each kind of document; each gives its pieces in order, with their places in the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from symderiv.check.documents import markdown, notebook, tex, text
from symderiv.check.documents.pieces import Document, Piece
from symderiv.terms import Source

KINDS: Final[dict[str, Callable[[Source], Document]]] = {
    "markdown": markdown.document,
    "notebook": notebook.document,
    "tex": tex.document,
    "text": text.document,
}
"""Every kind of document, and what reads it."""

ENDINGS: Final = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".ipynb": "notebook",
    ".tex": "tex",
    ".txt": "text",
}
"""The kind that the ending of a file's name says."""

__all__ = ["ENDINGS", "KINDS", "Document", "Piece"]
