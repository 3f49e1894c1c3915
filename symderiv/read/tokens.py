"""Tokens: what both lexers hand to the parser, with canonical spelling: `−` is `-`, `\\cdot` and `×` are `*`, `<=` is `≤`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from symderiv.errors import ReadError
from symderiv.terms import Source, Span

Kind = Literal["number", "name", "function", "operator", "open", "close", "command", "text", "row", "bad", "end"]
"""`name`: letters of a value. `function`: a name that only ever is applied (`\\sin`). `command`: a LaTeX construct with a grammar of
its own, or a keyword. `text`: words inside `\\text{…}`. `row`: the end of a row. `bad`: what is no token; its `failure` is raised when the
parser comes to it. `end`: the end of what is read."""


@dataclass(slots=True)
class Token:
    """A piece of text: its kind, its canonical spelling, and where it stands. `spaced`: white space stands before it."""

    kind: Kind
    text: str
    start: int
    end: int
    spaced: bool = False
    failure: ReadError | None = None


OPERATORS: Final = {
    "−": "-",
    "–": "-",
    "**": "^",
    "·": "*",
    "⋅": "*",
    "×": "*",
    "∗": "*",
    "∙": "*",
    "•": "*",
    "@": "*",
    "÷": "/",
    "∕": "/",
    "⁄": "/",
    "==": "=",
    "!=": "≠",
    "<>": "≠",
    "<=": "≤",
    ">=": "≥",
    "=<": "≤",
    "⩽": "≤",
    "⩾": "≥",
    "≦": "≤",
    "≧": "≥",
    "≔": ":=",
    "，": ",",
    "；": ";",
    "。": ".",
    "＝": "=",
    "＋": "+",
    "－": "-",
    "’": "'",
    "′": "'",
    "‖": "‖",
    "||": "‖",
    "…": "…",
    "⋯": "…",
    "∘": "∘",
    "⊗": "⊗",
    "⊙": "⊙",
    "∖": "\\",
    "->": "→",
    "&&": "and",
}
"""Spellings of an operator, with the one that the parser knows; an operator that is not here is spelled as it is."""

RELATIONS: Final = ("=", "≠", "<", "≤", ">", "≥", "≈", "∈", "∉", "∝", "∼", "≡", ":=", "→", "⇒", "⇔", "⊂", "⊆", "≪", "≫")
"""What may stand between two sides."""

CLOSING: Final = {
    "(": ")",
    "[": "]",
    "{": "}",
    "\\{": "\\}",
    "\\lvert": "\\rvert",
    "\\lVert": "\\rVert",
    "⌊": "⌋",
    "⌈": "⌉",
    "⟨": "⟩",
}

DEEPEST_NESTING: Final = 220
LONGEST_NUMBER: Final = 1000
LARGEST_EXPONENT: Final = 400


def number_token(text: str, source: Source, start: int, end: int, spaced: bool) -> Token:
    """A number; raises ReadError for one that nobody wrote by hand (thousands of digits, `1e999999`)."""
    digits, _, exponent = text.lower().partition("e")
    if len(digits) > LONGEST_NUMBER or (exponent and (len(exponent) > 6 or abs(int(exponent)) > LARGEST_EXPONENT)):
        raise ReadError("this number is too long", Span(source, start, end), "write it as a power, such as 10^1000")
    return Token("number", text, start, end, spaced)
