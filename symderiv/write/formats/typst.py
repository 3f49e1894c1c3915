"""Typst: the source from which the PDF is made; its layout is `sheet.typ`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files

from symderiv.terms import Relation, Term
from symderiv.write.blocks import Block, Chain, Code, Equations, Figure, Heading, Line, Note, Paragraph, Part, Strong, Table, Words
from symderiv.write.formats.latex import labelled
from symderiv.write.measure import rows, width
from symderiv.write.notations import typst
from symderiv.write.notations.names import quoted
from symderiv.write.registry import Page

LINE = 108
"""The width of a line of a page, in characters of maths."""

RULE = 34
"""The width of the column of rules."""

Write = Callable[[Term], str]


def render(blocks: Sequence[Block], page: Page) -> str:
    """The blocks in Typst; with the layout before them if the page is to be standalone."""

    def write(t: Term) -> str:
        return typst(t, page.names)

    body = "\n\n".join(_block(b, write, LINE) for b in blocks) + "\n"
    if not page.standalone:
        return body
    layout = files("symderiv.write.formats").joinpath("sheet.typ").read_text(encoding="utf-8")
    title = f"#set document(title: {quoted(page.title)})\n" if page.title else ""
    head = f"#heading(level: 1, {quoted(page.title)})\n\n" if page.title else ""
    return f"{title}{layout}\n{head}{body}"


def _block(b: Block, write: Write, line: float) -> str:
    match b:
        case Heading(title, level):
            return f"#heading(level: {level}, {quoted(title)})"
        case Paragraph(words):
            return f"#par[{_words(words, write)}]"
        case Equations(equations):
            return _call("equations", [f"maths({row})" for e in equations for row in _equation(e, write, line)])
        case Chain():
            return _chain(b, write, line)
        case Part(title, inner):
            body = "\n\n".join(_block(i, write, line - 4) for i in inner)
            return f"#part([{_words(title, write)}])[\n{body}\n]"
        case Table(head, body):
            cells = [f"table.header({', '.join(f'[#strong[{_words(c, write)}]]' for c in head)})", "table.hline(stroke: 0.4pt)"]
            cells += [f"[{_words(c, write)}]" for row in body for c in row]
            return _call("knots", [str(len(head)), *cells])
        case Note(words):
            return f"#note[{_words(words, write)}]"
        case Figure(path, caption):
            return f"#figure(image({quoted(str(path))}, width: 80%), caption: [{_words(caption, write)}])"


def _rows(t: Term, write: Write, limit: float) -> list[str]:
    return rows(t, write, limit, slash="\\/")


def _call(name: str, arguments: list[str]) -> str:
    return f"#{name}(\n  " + ",\n  ".join(arguments) + ",\n)"


def _words(words: Words, write: Write) -> str:
    return "".join(_word(w, write) for w in words)


def _word(w: str | Term | Code | Strong, write: Write) -> str:
    match w:
        case Term():
            return f"${write(w)}$"
        case Code(code):
            return f"#raw({quoted(code)})"
        case Strong(strong):
            return f"#strong({quoted(strong)})"
        case _:
            return f"#{quoted(w)};"


def _equation(e: Term, write: Write, line: float) -> list[str]:
    if not isinstance(e, Relation):
        return [f"$ {row} $" for row in _rows(e, write, line)]
    first, *others = _rows(e.right, write, line - width(e.left) - 3)
    return [f"$ {write(e.left)} {_sign(e.op)} {first} $", *(f'$ quad quad "" {row} $' for row in others)]


def _sign(relation: str) -> str:
    return {"≠": "!=", "≤": "<=", "≥": ">="}.get(relation, relation)


def _chain(chain: Chain, write: Write, line: float) -> str:
    """A grid of left side, right side and rule; a start that is long stands on a line of its own."""
    if not chain.lines:
        return _call("equations", [f"maths($ {row} $)" for row in _rows(chain.start, write, line)])
    beside = width(chain.start) <= line / 3
    cells = ["auto" if beside else "1.2em"]
    if not beside:
        cells += [f"grid.cell(colspan: 3, align: std.left, maths($ {row} $))" for row in _rows(chain.start, write, line)]
    room = line - RULE - (width(chain.start) if beside else 2)
    for k, step in enumerate(chain.lines):
        first, *others = _rows(step.term, write, max(room, 16))
        left = f"$ {write(chain.start)} $" if beside and k == 0 else "[]"
        cells.append(f"{left}, maths($ {_sign(step.relation)} {first} $), {_why(step, write)}")
        cells += [f'[], maths($ quad "" {row} $), []' for row in others]
    return _call("chain", cells)


def _why(line: Line, write: Write) -> str:
    words = labelled(line)
    return f"why[{_words(words, write)}]" if words else "[]"
