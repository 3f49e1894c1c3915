"""Plain text for terminals: equations aligned at =, the rule on the right, or below where the line is narrow."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Callable, Sequence

from symderiv.terms import Relation, Term
from symderiv.write.blocks import Block, Chain, Code, Equations, Figure, Heading, Line, Note, Paragraph, Part, Strong, Table, Words
from symderiv.write.notations import text
from symderiv.write.registry import Page

_INDENT = "    "


def render(blocks: Sequence[Block], page: Page) -> str:
    """The blocks as text, a blank line between them; text that does not fit the width is wrapped, formulas are broken before a sign."""
    width = page.width or shutil.get_terminal_size().columns
    written = [_underlined(page.title, "=")] if page.title else []
    written += _blocks(blocks, max(width, 20), lambda t: text(t, page.names))
    return "\n\n".join(written) + "\n"


Write = Callable[[Term], str]


def _blocks(blocks: Sequence[Block], width: int, write: Write) -> list[str]:
    return [_block(b, width, write) for b in blocks]


def _block(b: Block, width: int, write: Write) -> str:
    match b:
        case Heading(title, level):
            return _underlined(title, "=" if level == 1 else "-" if level == 2 else "")
        case Paragraph(words):
            return textwrap.fill(_words(words, write), width)
        case Equations(equations):
            return "\n".join(_INDENT + row for e in equations for row in _equation(e, width - len(_INDENT), write))
        case Chain():
            return "\n".join(_chain(b, width, write))
        case Part(title, inner):
            body = "\n\n".join(_blocks(inner, width - len(_INDENT), write))
            return f"{_words(title, write)}\n\n{textwrap.indent(body, _INDENT)}"
        case Table(head, body):
            return _table([[_words(c, write) for c in row] for row in (head, *body)])
        case Note(words):
            return textwrap.fill(_words(words, write), width, initial_indent="  | ", subsequent_indent="  | ")
        case Figure(path, caption):
            return f"[{path}] {_words(caption, write)}".rstrip()


def _underlined(title: str, mark: str) -> str:
    return f"{title}\n{mark * columns(title)}".rstrip("\n")


def _words(words: Words, write: Write) -> str:
    return "".join(w.text if isinstance(w, (Code, Strong)) else write(w) if isinstance(w, Term) else w for w in words)


def columns(line: str) -> int:
    """The columns that a line takes: combining marks take none."""
    return sum(unicodedata.combining(c) == 0 for c in line)


def _padded(line: str, width: int) -> str:
    return line + " " * (width - columns(line))


def _equation(e: Term, width: int, write: Write) -> list[str]:
    if not isinstance(e, Relation):
        return _broken(write(e), width)
    head = f"{write(e.left)} {e.op} "
    first, *others = _broken(write(e.right), max(width - columns(head), 12))
    return [head + first, *(" " * columns(head) + row for row in others)]


def _broken(formula: str, width: int) -> list[str]:
    """A formula in rows of at most this width, broken before signs outside of brackets, then before any, then anywhere."""
    rows = []
    start = 0
    while columns(formula[start : start + 2 * width + 2]) > width:
        end = start + _cut(formula[start : start + width + 1], width)
        rows.append(formula[start:end].strip())
        start = end
    return [*rows, formula[start:].strip()]


def _cut(formula: str, width: int) -> int:
    depth, best = 0, {}
    for k, c in enumerate(formula):
        depth += c in "([{"
        depth -= c in ")]}"
        if k and c in "+−=" and formula[k - 1] == " ":
            best[depth] = k
        elif k and c in "·/;":
            best[depth + 100] = k
    return best[min(best)] if best else width


def _chain(chain: Chain, width: int, write: Write) -> list[str]:
    start = write(chain.start)
    if not chain.lines:
        return _broken(start, width)
    beside = columns(start) <= width // 3
    margin = columns(start) + 1 if beside else 2
    room = max(width - margin - 2, 12)
    labels = [_label(line, write) for line in chain.lines]
    formulas = [_broken(write(line.term), room) for line in chain.lines]
    formula_width = max((columns(row) for rows in formulas for row in rows), default=0)
    label_width = width - margin - 2 - formula_width - 3
    at_right = label_width >= min(24, max(map(columns, labels), default=0))
    lines = [] if beside else _broken(start, width)
    for k, (rows, label) in enumerate(zip(formulas, labels, strict=True)):
        head = start + " " if beside and k == 0 else " " * margin
        notes = textwrap.wrap(label, max(label_width, 12)) if at_right else []
        for n in range(max(len(rows), len(notes))):
            row = rows[n] if n < len(rows) else ""
            note = notes[n] if n < len(notes) else ""
            left = (f"{head}{chain.lines[k].relation} " if n == 0 else " " * (margin + 2)) + row
            lines.append(f"{_padded(left, margin + 2 + formula_width)}   {note}".rstrip())
        if not at_right and label:
            indent = " " * (margin + 6)
            lines += [
                row.rstrip()
                for row in textwrap.wrap(label, max(width, margin + 22), initial_indent=indent, subsequent_indent=indent)
            ]
    return lines


def _label(line: Line, write: Write) -> str:
    label = _words(line.label, write)
    conditions = ", ".join(map(write, line.conditions))
    return f"{label} (for {conditions})" if conditions and label else f"for {conditions}" if conditions else label


def _table(rows: list[list[str]]) -> str:
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    rule = "  ".join("-" * w for w in widths)
    return "\n".join([lines[0], rule, *lines[1:]])
