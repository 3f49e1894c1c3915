"""LaTeX: a document of its own (article, amsmath, booktabs), or the piece of one; equations aligned, the rule beside each line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symderiv.terms import Relation, Term
from symderiv.terms.notation import fill
from symderiv.write.blocks import Block, Chain, Code, Equations, Figure, Heading, Line, Note, Paragraph, Part, Strong, Table, Words
from symderiv.write.measure import rows, width
from symderiv.write.notations import latex
from symderiv.write.registry import Page

LINE = 96
"""The width of a line of a page, in characters of maths."""

LABELS = 34
"""The width of the column of rules, in characters of maths."""

WIDEST_LABEL = 36
"""The number of its own, smaller characters up to which a rule stands on one line."""

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=2.2cm]{geometry}
\usepackage{mathtools,amssymb,booktabs,graphicx,xcolor}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\emergencystretch}{3em}
"""

_FITTED = r"""\providecommand{\fitted}[2]{\sbox0{$\displaystyle #2$}\ifdim\wd0>#1\resizebox{#1}{!}{\usebox0}\else\usebox0\fi}
"""
"""A formula, made smaller if it is wider than its place."""

_ESCAPED = str.maketrans(
    {c: rf"\{c}" for c in "&%$#_{}"}
    | {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
    }
)

_SIGNS = {"=": "=", "≠": r"\ne", "<": "<", "≤": r"\le", ">": ">", "≥": r"\ge"}

Write = Callable[[Term], str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where equations stand: the width of a line, and whether it is paper, whose width cannot be exceeded."""

    line: float
    paper: bool = True

    @property
    def alone(self) -> str:
        """How a row is written that has a line for itself."""
        return r"& \mathrlap{#1}" if self.paper else "& #1"


def render(blocks: Sequence[Block], page: Page) -> str:
    """The blocks in LaTeX; a document that compiles if the page is to be standalone."""

    def write(t: Term) -> str:
        return latex(t, page.names)

    body = _joined([_block(b, write, Place(LINE)) for b in blocks]) + "\n"
    if r"\fitted{" in body:
        body = _FITTED + body
    if not page.standalone:
        return body
    title = f"\\section*{{{escaped(page.title)}}}\n\n" if page.title else ""
    return f"{_PREAMBLE}\\begin{{document}}\n\n{title}{body}\n\\end{{document}}\n"


def _joined(blocks: list[str]) -> str:
    """Blocks one after the other; a display belongs to the paragraph before it, and an empty line would part them."""
    text = ""
    for block in blocks:
        display = block.startswith("\\begin{align*}") and text and not text.endswith("\\end{align*}")
        text += ("\n" if display else "\n\n" if text else "") + block
    return text


def escaped(words: str) -> str:
    """Words with the signs that mean something to TeX escaped."""
    return words.translate(_ESCAPED)


def _block(b: Block, write: Write, place: Place) -> str:
    match b:
        case Heading(title, level):
            command = ("section", "subsection", "subsubsection")[min(max(level, 1), 3) - 1]
            return f"\\{command}*{{{escaped(title)}}}"
        case Paragraph(words):
            return _words(words, write)
        case Equations(equations):
            return _aligned([row for e in equations for row in equation_rows(e, write, place)])
        case Chain():
            return _aligned(chain_rows(b, write, place, _label))
        case Part(title, inner):
            body = _joined([_words(title, write), *(_block(i, write, Place(place.line - 8)) for i in inner)])
            return f"\\begin{{quote}}\n{body}\n\\end{{quote}}"
        case Table(head, body):
            lines = [" & ".join(_words(c, write) for c in row) + r" \\" for row in (head, *body)]
            columns = "l" * len(head)
            inside = "\n".join(["\\toprule", lines[0], "\\midrule", *lines[1:], "\\bottomrule"])
            return f"\\begin{{center}}\n\\begin{{tabular}}{{{columns}}}\n{inside}\n\\end{{tabular}}\n\\end{{center}}"
        case Note(words):
            return f"{{\\small\\color{{gray}}{_words(words, write)}\\par}}"
        case Figure(path, caption):
            below = f"\n\\caption{{{_words(caption, write)}}}" if caption else ""
            return f"\\begin{{figure}}[ht]\\centering\n\\includegraphics[width=0.8\\linewidth]{{{path}}}{below}\n\\end{{figure}}"


def _words(words: Words, write: Write) -> str:
    return "".join(_word(w, write) for w in words)


def _word(w: str | Term | Code | Strong, write: Write) -> str:
    match w:
        case Term():
            return f"${write(w)}$"
        case Code(code):
            breakable = re.sub(r"([-/.])", r"\1\\allowbreak{}", escaped(code))
            return rf"\texttt{{{breakable}}}"
        case Strong(strong):
            return rf"\textbf{{{escaped(strong)}}}"
        case _:
            return escaped(w)


def _aligned(lines: list[str]) -> str:
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def equation_rows(e: Term, write: Write, place: Place) -> list[str]:
    """An equation in rows that are aligned at its sign."""
    if not isinstance(e, Relation):
        return [f"& {row}" for row in _fitted(e, write, place.line, place)]
    first, *others = _fitted(e.right, write, place.line - width(e.left) - 3, place)
    return [f"{write(e.left)} &{_SIGNS[e.op]} {first}", *(f"&\\quad {{}}{row}" for row in others)]


def chain_rows(chain: Chain, write: Write, place: Place, label: Callable[[Line, Write], str]) -> list[str]:
    """A chain in rows that are aligned at =, each with its label; a start that is long stands on a line of its own."""
    start = write(chain.start)
    if not chain.lines:
        return [f"& {row}" for row in _fitted(chain.start, write, place.line, place)]
    beside = width(chain.start) <= place.line / 3
    found = [] if beside else [fill(place.alone, row) for row in _fitted(chain.start, write, place.line, place)]
    room = place.line - (width(chain.start) if beside else 0) - LABELS
    for k, step in enumerate(chain.lines):
        first, *others = _fitted(step.term, write, max(room, 20), place)
        head = start if beside and k == 0 else ""
        note = label(step, write)
        found.append(f"{head} &{_SIGNS[step.relation]} {first}{' && ' + note if note else ''}".strip())
        found += [f"&\\quad {{}}{row}" for row in others]
    return found


def _fitted(t: Term, write: Write, room: float, place: Place) -> list[str]:
    """The rows of a term; a row that cannot be broken and is too wide is scaled to fit, on paper."""
    found = rows(t, write, room)
    if place.paper and len(found) == 1 and width(t) > room:
        return [rf"\fitted{{{room / LINE:.2f}\linewidth}}{{{found[0]}}}"]
    return found


def _label(line: Line, write: Write) -> str:
    """The words of a line in small grey type, on several lines where they are long."""
    words = labelled(line)
    if not words:
        return ""
    size = sum(len(w) if isinstance(w, str) else width(w) if isinstance(w, Term) else len(w.text) for w in words)
    if size > WIDEST_LABEL:
        return rf"\parbox[c]{{0.31\linewidth}}{{\raggedright\footnotesize\color{{gray}}{_words(words, write)}}}"
    return rf"\text{{\footnotesize\color{{gray}}{_words(words, write)}}}"


def labelled(line: Line) -> Words:
    """The label of a line with its conditions after it; it begins with words, so that it is not taken for a formula."""
    label: Words = ("by ", *line.label) if line.label and isinstance(line.label[0], Term) else line.label
    if not line.conditions:
        return label
    conditions = tuple(part for k, c in enumerate(line.conditions) for part in ((", ", c) if k else (c,)))
    return (*label, ", for " if label else "for ", *conditions)
