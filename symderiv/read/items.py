"""Declarations as tokens: what stands between commas, and the relation in it."""

from __future__ import annotations

from typing import Final

from symderiv.read.tokens import RELATIONS, Token

DOTS: Final = frozenset(("…", "..", "..."))
"""What stands between the first and the last of a range."""


def items_of(tokens: list[Token]) -> list[list[Token]]:
    """What stands between commas outside of brackets; `1, …, K` is one item."""
    items: list[list[Token]] = [[]]
    depth = 0
    for k, t in enumerate(tokens):
        if t.kind == "end":
            break
        if t.kind == "open" or t.text.startswith("begin:"):
            depth += 1
        elif t.kind == "close" or (t.kind == "command" and t.text == "end"):
            depth -= 1
        separates = (t.kind == "operator" and t.text in (",", ";")) or t.kind == "row" or (t.kind == "command" and t.text == "and")
        if separates and depth == 0:
            if t.text == "," and (tokens[k + 1].text in DOTS or tokens[k - 1].text in DOTS):
                continue
            items.append([])
        else:
            items[-1].append(t)
    return [i for i in items if i]


def relation_at(tokens: list[Token]) -> int | None:
    """Where the first relation outside of brackets stands, or the `:` of f : R → R, or the word `in`."""
    depth = 0
    for k, t in enumerate(tokens):
        depth += (t.kind == "open") - (t.kind == "close")
        relation = t.kind == "operator" and (t.text in RELATIONS or t.text == ":")
        if depth == 0 and (relation or (t.kind == "command" and t.text == "in")):
            return k
    return None
