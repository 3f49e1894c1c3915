r"""JSON for programs. The shape, in which a term is {"plain": "x^2", "latex": "x^{2}"} and words are a list of strings and terms:

    {"version": 1, "title": "…", "blocks": [block, …]}

    block = {"type": "heading", "text": "…", "level": 2}
          | {"type": "paragraph" | "note", "words": words}
          | {"type": "equations", "equations": [term, …]}
          | {"type": "chain", "start": term, "result": term, "lines": [line, …]}
          | {"type": "part", "title": words, "blocks": [block, …]}
          | {"type": "table", "head": [words, …], "rows": [[words, …], …]}
          | {"type": "figure", "path": "…", "caption": words}
    line  = {"lhs": term, "rhs": term, "relation": "=", "rules": ["chain", …], "words": words, "conditions": [term, …]}

Every line is a claim of its own: its left side is what stands on the line before, as in the reports of `check`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from symderiv.terms import Term
from symderiv.terms.plain import plain
from symderiv.write.blocks import Block, Chain, Code, Equations, Figure, Heading, Note, Paragraph, Part, Strong, Table, Words
from symderiv.write.notations import latex
from symderiv.write.registry import Page

VERSION = 1

Written = Callable[[Term], Mapping[str, str]]


def render(blocks: Sequence[Block], page: Page) -> str:
    """The blocks as JSON."""

    def write(t: Term) -> Mapping[str, str]:
        return {"plain": plain(t), "latex": latex(t, page.names)}

    found = {"version": VERSION, "title": page.title, "blocks": [_block(b, write) for b in blocks]}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _words(words: Words, write: Written) -> list[Any]:
    return [w.text if isinstance(w, (Code, Strong)) else write(w) if isinstance(w, Term) else w for w in words]


def _block(b: Block, write: Written) -> dict[str, Any]:
    match b:
        case Heading(title, level):
            return {"type": "heading", "text": title, "level": level}
        case Paragraph(words):
            return {"type": "paragraph", "words": _words(words, write)}
        case Note(words):
            return {"type": "note", "words": _words(words, write)}
        case Equations(equations):
            return {"type": "equations", "equations": [write(e) for e in equations]}
        case Chain():
            return {"type": "chain", "start": write(b.start), "result": write(b.result), "lines": _lines(b, write)}
        case Part(title, inner):
            return {"type": "part", "title": _words(title, write), "blocks": [_block(i, write) for i in inner]}
        case Table(head, body):
            rows = [[_words(c, write) for c in row] for row in body]
            return {"type": "table", "head": [_words(c, write) for c in head], "rows": rows}
        case Figure(path, caption):
            return {"type": "figure", "path": str(path), "caption": _words(caption, write)}


def _lines(chain: Chain, write: Written) -> list[dict[str, Any]]:
    befores = (chain.start, *(line.term for line in chain.lines))
    return [
        {
            "lhs": write(before),
            "rhs": write(line.term),
            "relation": line.relation,
            "rules": list(line.rules),
            "words": _words(line.label, write),
            "conditions": [write(c) for c in line.conditions],
        }
        for before, line in zip(befores, chain.lines, strict=False)
    ]
