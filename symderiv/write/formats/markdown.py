"""Markdown with mathematics as GitHub and notebooks show it: aligned equations, the rule of each line in words beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from symderiv.terms import Term
from symderiv.write.blocks import Block, Chain, Code, Equations, Figure, Heading, Line, Note, Paragraph, Part, Strong, Table, Words
from symderiv.write.formats.latex import Place, chain_rows, equation_rows, escaped, labelled
from symderiv.write.notations import latex
from symderiv.write.registry import Page

LINE = Place(130, paper=False)
"""A line of a screen, in characters of maths."""

Write = Callable[[Term], str]


def render(blocks: Sequence[Block], page: Page) -> str:
    """The blocks in Markdown."""

    def write(t: Term) -> str:
        return latex(t, page.names)

    title = [f"# {_plain(page.title)}"] if page.title else []
    return "\n\n".join([*title, *(_block(b, write) for b in blocks)]) + "\n"


def _block(b: Block, write: Write) -> str:
    match b:
        case Heading(title, level):
            return f"{'#' * level} {_plain(title)}"
        case Paragraph(words):
            return _words(words, write)
        case Equations(equations):
            return _aligned([row for e in equations for row in equation_rows(e, write, LINE)])
        case Chain():
            return _aligned(chain_rows(b, write, LINE, _label))
        case Part(title, inner):
            return "\n\n".join([_words(title, write), *(_block(i, write) for i in inner)])
        case Table(head, body):
            lines = ["| " + " | ".join(_words(c, write).replace("|", r"\vert ") for c in row) + " |" for row in (head, *body)]
            return "\n".join([lines[0], "|" + " --- |" * len(head), *lines[1:]])
        case Note(words):
            return f"> {_words(words, write)}"
        case Figure(path, caption):
            return f"![{_words(caption, write)}]({path})"


def _plain(words: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|$])", r"\\\1", words)


def _words(words: Words, write: Write) -> str:
    return "".join(_word(w, write) for w in words)


def _word(w: str | Term | Code | Strong, write: Write) -> str:
    match w:
        case Term():
            return f"${write(w)}$"
        case Code(code):
            return f"`{code}`"
        case Strong(strong):
            return f"**{_plain(strong)}**"
        case _:
            return _plain(w)


def _aligned(lines: list[str]) -> str:
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}\n$$"


def _label(line: Line, write: Write) -> str:
    """The words of a line inside the maths: words as text, terms as they are."""
    pieces = [
        write(w) if isinstance(w, Term) else rf"\text{{{escaped(w if isinstance(w, str) else w.text)}}}" for w in labelled(line)
    ]
    return " ".join(pieces)
