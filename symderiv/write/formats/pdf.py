"""PDF by the Typst compiler: no TeX, no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symderiv.errors import SymderivError
from symderiv.write.blocks import Block
from symderiv.write.formats import typst as source
from symderiv.write.registry import Page


def render(blocks: Sequence[Block], page: Page) -> bytes:
    """The blocks as a PDF of A4 pages. SymderivError for what the compiler cannot set: a picture that is missing, a formula too deep."""
    import typst

    text = source.render(blocks, replace(page, standalone=True))
    try:
        return bytes(typst.compile(text.encode(), format="pdf"))
    except typst.TypstError as error:
        raise SymderivError(f"the page cannot be set: {error}", hint="write it as text, LaTeX or Markdown instead") from error
