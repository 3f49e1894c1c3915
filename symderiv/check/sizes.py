"""The sizes that words give to letters: one table of phrases, such as "$X$ is a matrix with $n$ rows and $d$ columns".

>>> [(found["letters"], found["rows"], found["columns"]) for found in phrases("Let ⟦0⟧ be a matrix with ⟦1⟧ rows and ⟦2⟧ columns.")]
[('⟦0⟧', '⟦1⟧', '⟦2⟧')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.marked import FORMULA, FORMULAS, Marked
from symderiv.terms import Context

_LETTERS: Final = rf"(?P<letters>{FORMULAS})"
_ONE: Final = rf"(?:{FORMULA}|\d+)"
_ARE: Final = r"(?:\s+(?:is|be|are|denotes?|being)|\s*,)?\s+(?:both\s+)?"
_ADJECTIVES: Final = (
    r"(?:(?:an?|the|any|some|real|weight|data|design|input|target|random|symmetric|diagonal|orthogonal|invertible|one-hot|column"
    r"|positive definite|and|given)\s+)*"
)
_WITH: Final = r"(?:\s+(?:of|with|having|in))\s+(?:the\s+)?"
_ENTRIES: Final = r"\s+(?:entries|components|elements|coordinates|dimensions)\b"
_SHAPE: Final = r"(?:size|shape|dimensions?)"
_MATRIX: Final = r"matri(?:x|ces)\b"
_ROW: Final = r"(?P<row>row\s+)?"

SIZES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # b is a row vector of length n, of size n, of dimension n, with n entries
        rf"{_LETTERS}{_ARE}{_ADJECTIVES}{_ROW}vectors?{_WITH}(?:length|{_SHAPE})\s+(?P<size>{_ONE})",
        rf"{_LETTERS}{_ARE}{_ADJECTIVES}{_ROW}vectors?{_WITH}(?P<size>{_ONE}){_ENTRIES}",
        rf"{_LETTERS}\s+has\s+(?:length|dimension)\s+(?P<size>{_ONE})",
        # x is an n-dimensional vector, an n-vector; A and B are m × n matrices
        rf"{_LETTERS}{_ARE}{_ADJECTIVES}(?P<size>{_ONE})\s*-?\s*(?:dimensional\s+)?{_ADJECTIVES}{_ROW}vectors?\b",
        rf"{_LETTERS}{_ARE}{_ADJECTIVES}(?P<size>{_ONE})\s+{_ADJECTIVES}{_MATRIX}",
        # a matrix of size m × n; A has shape m × n; A (m × n) is left to the formulas
        rf"{_LETTERS}{_ARE}{_ADJECTIVES}{_MATRIX}{_WITH}{_SHAPE}\s+(?P<size>{_ONE})",
        rf"{_LETTERS}\s+(?:has|have)\s+{_SHAPE}\s+(?P<size>{_ONE})",
        rf"{_LETTERS}\s+(?:is|are|be)\s+of\s+{_SHAPE}\s+(?P<size>{_ONE})",
        # a matrix with n rows and d columns
        rf"{_LETTERS}(?:{_ARE}{_ADJECTIVES}{_MATRIX}{_WITH}|\s+(?:has|have)\s+)(?P<rows>{_ONE})\s+rows?\s+and\s+(?P<columns>{_ONE})\s+columns?\b",
        # the m × n matrix A, an n-dimensional vector x
        rf"\b(?:an?|the|every|any)\s+(?:real\s+)?(?P<size>{_ONE})\s+{_ADJECTIVES}{_MATRIX}\s+{_LETTERS}",
        rf"\b(?:an?|the|every|any)\s+(?:real\s+)?(?P<size>{_ONE})\s*-\s*(?:dimensional\s+)?{_ADJECTIVES}{_ROW}vectors?\s+{_LETTERS}",
        rf"\b(?:an?|the|every|any)\s+{_ADJECTIVES}{_ROW}vectors?\s+{_LETTERS}{_WITH}(?:length|{_SHAPE})\s+(?P<size>{_ONE})",
        rf"\b(?:an?|the|every|any)\s+{_ADJECTIVES}{_MATRIX}\s+{_LETTERS}{_WITH}(?:{_SHAPE})\s+(?P<size>{_ONE})",
    )
)
"""Phrases that say a size: of a vector or a matrix (`size`), or its `rows` and `columns`; `row`: of a row vector."""
RANGES: Final = re.compile(
    rf"(?:(?P<one>{FORMULA})\s+(?:runs|ranges|goes|varies)|(?P<several>{FORMULAS})\s+(?:both\s+|all\s+)?(?:run|range|go|vary))"
    rf"\s+(?:over\s+)?from\s+(?P<low>{_ONE})\s+(?:up\s+)?to\s+(?P<high>{_ONE})",
    re.IGNORECASE,
)
"""An index with its range: "$j$ runs from $1$ to $n$"."""
ARRAYS: Final = re.compile(
    rf"{_LETTERS}\s+(?:is|be|are|denotes?)\s+(?:(?:both|an?|the|two|any|some|real|square|invertible|non-?singular|symmetric|orthogonal"
    rf"|diagonal|column|row)\s+)*(?:{_MATRIX}|vectors?\b)",
    re.IGNORECASE,
)
"""Letters that are matrices or vectors, perhaps of a size that is not said."""


def phrases(sentence: str) -> Iterator[dict[str, str]]:
    """What the phrases of a sentence say: `letters`, and `size` or `rows` and `columns`, and `row`."""
    for pattern in SIZES:
        for match in pattern.finditer(sentence):
            yield {"row": "", "size": "", "rows": "", "columns": "", **{k: v for k, v in match.groupdict().items() if v}}


def declarations(text: Marked, context: Context) -> Iterator[str]:
    """The sizes that a paragraph says in words, as memberships: `X \\in \\mathbb{R}^{n \\times d}`."""

    def written(mark: str) -> str:
        return text.spans(mark)[0].text if mark.startswith("⟦") else mark

    for sentence in text.sentences():
        for found in phrases(sentence):
            if not all(_is_letter(span.text) for span in text.spans(found["letters"])):
                continue
            size = written(found["size"]) if found["size"] else f"{written(found['rows'])} \\times {written(found['columns'])}"
            if "=" in size or "\\in" in size:
                continue
            if found["row"]:
                size = f"1 \\times {size}"
            for span in text.spans(found["letters"]):
                yield f"{span.text} \\in \\mathbb{{R}}^{{{size}}}"
        for match in RANGES.finditer(sentence):
            for span in text.spans(match["one"] or match["several"]):
                yield f"{span.text} \\in \\{{{written(match['low'])}, \\dots, {written(match['high'])}\\}}"


def arrays(text: Marked, context: Context) -> set[str]:
    """The letters of which the words say that they are matrices or vectors."""
    return {n for s in text.sentences() for m in ARRAYS.finditer(s) for n in text.letters(m["letters"], context)}


def _is_letter(text: str) -> bool:
    return (
        re.fullmatch(r"\s*(?:\\(?:hat|bar|tilde|mathbf|vec|boldsymbol|bm)\{)?\\?[A-Za-z]+\}?(?:_\w|_\{\w+\})?'?\s*", text)
        is not None
    )
