r"""Rows and columns that words give a name: "$x_i^\top$ is the $i$-th row of $X$", "the matrix $X$ with rows $x_i^\top$".

>>> [(found["member"], found["what"], found["array"]) for found in phrases("where ⟦0⟧ denotes the ⟦1⟧-th row of ⟦2⟧")]
[('⟦0⟧', 'row', '⟦2⟧')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.marked import FORMULA, Marked
from symderiv.read import statements
from symderiv.terms import Context, Entry, Fn, Sym, Term

_MEMBER: Final = rf"(?P<member>{FORMULA})"
_ARRAY: Final = rf"(?:the\s+)?(?:\w+\s+)?(?:matrix\s+)?(?P<array>{FORMULA})"
_NTH: Final = rf"(?:the\s+)?(?:{FORMULA}(?:\s*-?\s*th)?\s+)?"
MEMBERS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_MEMBER}\s+(?:is|are|be|being|denotes?)\s+{_NTH}(?P<what>row|column)s?\s+of\s+{_ARRAY}",
        rf"{_NTH}(?P<what>row|column)s?\s+of\s+{_ARRAY}\s+(?:is|are|be|being)\s+{_MEMBER}",
        rf"(?P<array>{FORMULA})\s+(?:has|have|with|having)\s+(?:the\s+)?(?P<what>row|column)s\s+{_MEMBER}",
        rf"(?P<array>{FORMULA})[^.;⟦]{{0,40}}\bwhose\s+{_NTH}(?P<what>row|column)s?\s+(?:is|are)\s+{_MEMBER}",
    )
)
"""Phrases in which `member` is a row or a column of `array`."""

_INDEXED: Final = re.compile(r"([A-Za-z]+)_([a-z])")


def phrases(sentence: str) -> Iterator[dict[str, str]]:
    """What the phrases of a sentence say: `member`, `what` it is, and `array`."""
    for pattern in MEMBERS:
        for match in pattern.finditer(sentence):
            yield match.groupdict()


def said(text: Marked, context: Context) -> Iterator[tuple[str, Term]]:
    """The families x whose members x_i are columns, with the matrix of which they are the rows or, transposed, the columns.

    A row is written x_i^T; where the words call x_i itself a row, whether it is written as a column is not known, unless it is declared as one.
    """
    for sentence in text.sentences():
        for found in phrases(sentence):
            member, arrays = _term(text.spans(found["member"])[0].text, context), text.letters(found["array"], context)
            if len(arrays) != 1 or len(context.sort(arrays[0]).shape) != 2:
                continue
            array, what, turned = Sym(arrays[0]), found["what"].lower(), isinstance(member, Fn) and member.name == "transpose"
            name = _family(member.children[0] if turned and member is not None else member)
            if name is None or name in context.definitions or name == array.name:
                continue
            if what == "row" and (turned or len(context.sort(name).shape) == 2):
                yield name, array
            if what == "column" and not turned:
                yield name, Fn("transpose", array)


def _family(member: Term | None) -> str | None:
    """x of x_i, whether or not i is known to be an index."""
    match member:
        case Entry(children=(Sym(name), Sym())):
            return str(name)
        case Sym(name) if (found := _INDEXED.fullmatch(name)) is not None:
            return found[1]
    return None


def _term(formula: str, context: Context) -> Term | None:
    """What one formula writes; None where it is more than a term, or not read."""
    found = statements(formula, context, latex=True)
    if len(found) != 1 or found[0].relations or found[0].errors or len(found[0].sides) != 1:
        return None
    side = found[0].sides[0]
    return side.bare if isinstance(side, Term) else None
