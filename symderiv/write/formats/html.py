"""HTML with MathML: a page that browsers show as it is, without scripts and without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files

from symderiv.terms import Term
from symderiv.write.blocks import Block, Chain, Code, Equations, Figure, Heading, Note, Paragraph, Part, Strong, Table, Words
from symderiv.write.formats.latex import labelled
from symderiv.write.measure import width
from symderiv.write.notations import mathml
from symderiv.write.registry import Page

BESIDE = 24
"""The width, in characters of maths, up to which a start stands beside the first =."""

Write = Callable[[Term], str]


def render(blocks: Sequence[Block], page: Page) -> str:
    """The blocks in HTML; a page of its own, with its style, if the page is to be standalone."""

    def write(t: Term) -> str:
        return mathml(t, page.names)

    title = [f"<h1>{escape(page.title)}</h1>"] if page.title else []
    body = "\n".join([*title, *(_block(b, write) for b in blocks)]) + "\n"
    if not page.standalone:
        return body
    style = files("symderiv.write.formats").joinpath("page.css").read_text(encoding="utf-8")
    head = f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>{escape(page.title or "symderiv")}</title>'
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n<style>\n{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n'


def _block(b: Block, write: Write) -> str:
    match b:
        case Heading(title, level):
            return f"<h{level}>{escape(title)}</h{level}>"
        case Paragraph(words):
            return f"<p>{_words(words, write)}</p>"
        case Equations(equations):
            return '<div class="equations">' + "".join(f"<div>{_display(write(e))}</div>" for e in equations) + "</div>"
        case Chain():
            return _chain(b, write)
        case Part(title, inner):
            body = "\n".join(_block(i, write) for i in inner)
            return f'<div class="part">\n<p>{_words(title, write)}</p>\n{body}\n</div>'
        case Table(head, body):
            rows = [_cells(head, "th", write), *(_cells(row, "td", write) for row in body)]
            return "<table>\n" + "\n".join(rows) + "\n</table>"
        case Note(words):
            return f'<p class="note">{_words(words, write)}</p>'
        case Figure(path, caption):
            return f'<figure><img src="{escape(str(path))}" alt=""><figcaption>{_words(caption, write)}</figcaption></figure>'


def _cells(row: Sequence[Words], tag: str, write: Write) -> str:
    return "<tr>" + "".join(f"<{tag}>{_words(c, write)}</{tag}>" for c in row) + "</tr>"


def _display(maths: str) -> str:
    return f'<math displaystyle="true"><mrow>{maths}</mrow></math>'


def _words(words: Words, write: Write) -> str:
    return "".join(_word(w, write) for w in words)


def _word(w: str | Term | Code | Strong, write: Write) -> str:
    match w:
        case Term():
            return f"<math><mrow>{write(w)}</mrow></math>"
        case Code(code):
            return f"<code>{escape(code)}</code>"
        case Strong(strong):
            return f"<strong>{escape(strong)}</strong>"
        case _:
            return escape(w)


def _chain(chain: Chain, write: Write) -> str:
    """Three columns: the start, = and the term, and why; a start that is long has a row for itself."""
    start = _display(write(chain.start))
    beside = width(chain.start) <= BESIDE and bool(chain.lines)
    cells = [] if beside else [f'<div class="wide">{start}</div>']
    for k, line in enumerate(chain.lines):
        head = start if beside and k == 0 else ""
        cells.append(f'<div class="start">{head}</div><div>{_display(f"<mo>{escape(line.relation)}</mo>{write(line.term)}")}</div>')
        cells.append(f'<div class="why">{_words(labelled(line), write)}</div>')
    return '<div class="chain">\n' + "\n".join(cells) + "\n</div>"
