"""The formats, found by name, and `write`: anything that can be written, in any of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Final, cast

from symderiv.catalogue import CATALOGUE
from symderiv.errors import UnknownName
from symderiv.write.blocks import Block
from symderiv.write.layout import Steps, Writable, blocks_of

FUNCTION_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        row.name: word[1]
        for row in CATALOGUE.values()
        if (word := re.fullmatch(r"\\(?:operatorname\{)?(\w+)\}?", row.latex)) is not None
    }
)
"""What the functions of the catalogue are called where maths is set: sigmoid is sigma, relu is ReLU."""

Renderer = Callable[[Sequence[Block], "Page"], "str | bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a format is told beside the blocks.

    `title`: of the document. `width`: of a line, in characters, for formats that have one (None: that of the terminal).
    `standalone`: a whole document, not a piece of one. `names`: what letters and functions are called where maths is set.
    """

    title: str = ""
    width: int | None = None
    standalone: bool = True
    names: Mapping[str, str] = field(default_factory=lambda: FUNCTION_NAMES)


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write blocks: `module` of `symderiv.write.formats` has the function `render(blocks, page)`."""

    name: str
    module: str
    suffix: str
    says: str

    def render(self, blocks: Sequence[Block], page: Page) -> str | bytes:
        """The blocks in this format."""
        module = import_module(f"symderiv.write.formats.{self.module}")
        return cast(Renderer, module.render)(blocks, page)


_ROWS: Final = (
    Format("text", "terminal", ".txt", "aligned lines for the terminal, the rule beside each"),
    Format("latex", "latex", ".tex", "a document (article, amsmath), or the piece of one"),
    Format("markdown", "markdown", ".md", "Markdown with mathematics, as GitHub and notebooks show it"),
    Format("html", "html", ".html", "a page for browsers, mathematics in MathML, no scripts"),
    Format("json", "json", ".json", "every line with its rules and conditions, as plain maths and as LaTeX"),
    Format("typst", "typst", ".typ", "the source of the PDF"),
    Format("pdf", "pdf", ".pdf", "a page to hand in"),
    Format("sympy", "sympy", ".py", "Python that builds the results in SymPy"),
    Format("numpy", "numpy", ".py", "Python functions that compute the results with NumPy"),
)

FORMATS: Final[Mapping[str, Format]] = MappingProxyType({row.name: row for row in _ROWS})
"""Every format, by name."""


def write(
    what: Writable,
    format: str = "text",
    *,
    steps: Steps = "lines",
    title: str = "",
    width: int | None = None,
    standalone: bool = True,
    names: Mapping[str, str] = FUNCTION_NAMES,
) -> str | bytes:
    """A derivation, a backward pass, or blocks, in a format; bytes for pdf, text for all others.

    `steps`: "all" a line for each, "lines" small ones share a line, "key" small ones are not named, "result" only the result.
    Raises UnknownName for a format or a way to show steps that does not exist.
    """
    if format not in FORMATS:
        raise UnknownName.among("format", format, FORMATS)
    page = Page(title=title, width=width, standalone=standalone, names=names)
    return FORMATS[format].render(blocks_of(what, steps), page)
