"""Writing: one module for each format, found by its name; blocks that all of them know; terms in LaTeX, Typst, MathML and Unicode.

write(what, format)                    a derivation, a backward pass, a sheet of blocks
latex(term), typst(term), mathml(term), text(term)   a term
FORMATS                                every format, by name
"""

from symderiv.write.blocks import Block, Chain, Code, Equations, Figure, Heading, Line, Note, Paragraph, Part, Strong, Table, Words
from symderiv.write.layout import STEPS, Steps, Writable, blocks_of
from symderiv.write.notations import latex, mathml, text, typst
from symderiv.write.registry import FORMATS, FUNCTION_NAMES, Format, Page, write

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
    "mathml",
    "text",
    "typst",
    "write",
]
