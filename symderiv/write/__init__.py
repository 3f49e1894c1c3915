"""Writing: one module for each format, found by its name; blocks that all of them know; terms in LaTeX, Typst, MathML and Unicode.

write(what, format)                    a derivation, a backward pass, a sheet of blocks
latex(term), typst(term), mathml(term), text(term)   a term
FORMATS                                every format, by name
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symderiv.write.blocks import (
        Block,
        Chain,
        Code,
        Equations,
        Figure,
        Heading,
        Line,
        Note,
        Paragraph,
        Part,
        Strong,
        Table,
        Words,
        marked_up,
    )
    from symderiv.write.layout import STEPS, Steps, Writable, blocks_of
    from symderiv.write.notations import latex, mathml, text, typst
    from symderiv.write.registry import FORMATS, FUNCTION_NAMES, Format, Page, write

_HOMES = {
    "Block": "symderiv.write.blocks",
    "Chain": "symderiv.write.blocks",
    "Code": "symderiv.write.blocks",
    "Equations": "symderiv.write.blocks",
    "Figure": "symderiv.write.blocks",
    "Heading": "symderiv.write.blocks",
    "Line": "symderiv.write.blocks",
    "Note": "symderiv.write.blocks",
    "Paragraph": "symderiv.write.blocks",
    "Part": "symderiv.write.blocks",
    "Strong": "symderiv.write.blocks",
    "Table": "symderiv.write.blocks",
    "Words": "symderiv.write.blocks",
    "marked_up": "symderiv.write.blocks",
    "STEPS": "symderiv.write.layout",
    "Steps": "symderiv.write.layout",
    "Writable": "symderiv.write.layout",
    "blocks_of": "symderiv.write.layout",
    "latex": "symderiv.write.notations",
    "mathml": "symderiv.write.notations",
    "text": "symderiv.write.notations",
    "typst": "symderiv.write.notations",
    "FORMATS": "symderiv.write.registry",
    "FUNCTION_NAMES": "symderiv.write.registry",
    "Format": "symderiv.write.registry",
    "Page": "symderiv.write.registry",
    "write": "symderiv.write.registry",
}
"""Where each name is at home; loaded when it is first used, so that writing one term does not load what derivations need."""

__all__ = [
    "FORMATS",
    "FUNCTION_NAMES",
    "STEPS",
    "Block",
    "Chain",
    "Code",
    "Equations",
    "Figure",
    "Format",
    "Heading",
    "Line",
    "Note",
    "Page",
    "Paragraph",
    "Part",
    "Steps",
    "Strong",
    "Table",
    "Words",
    "Writable",
    "blocks_of",
    "latex",
    "marked_up",
    "mathml",
    "text",
    "typst",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'symderiv.write' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
