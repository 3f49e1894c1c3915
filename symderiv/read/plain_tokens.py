"""The lexer of plain maths: what is typed on a keyboard, and the mathematical characters of Unicode."""

from __future__ import annotations

import re
from typing import Final

from symderiv.errors import ReadError
from symderiv.read.tokens import OPERATORS, Token, number_token
from symderiv.read.vocabulary import DOUBLE_STRUCK, GREEK
from symderiv.terms import Source, Span

_LETTERS: Final = {**GREEK, **DOUBLE_STRUCK, "ℓ": "ell"}
_SUBSCRIPTS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx")
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵃᵇᵈᵉᵏᵐᵗˣʸᵀ", "0123456789+-()niabdekmtxyT")
_LOW: Final = "".join(map(chr, _SUBSCRIPTS))
_HIGH: Final = "".join(map(chr, _SUPERSCRIPTS))
_ALPHA: Final = "A-Za-zÀ-ÖØ-öø-ɏͰ-Ͽℓℝℕℤ"
_PATTERN: Final = re.compile(
    rf"""(?P<space>\s+)
    |(?P<number>\d+(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+(?![\w]))?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<module>(?:np|numpy|math|torch|jnp|tf|scipy|special|nn|functional|F|cmath|linalg)\.(?=[A-Za-z]))
    |(?P<name>[{_ALPHA}]+(?:_?[{_ALPHA}0-9]+)*[{_LOW}]*)
    |(?P<high>[{_HIGH}]+)
    |(?P<transposed>\.T\b)
    |(?P<operator>\*\*|<=|>=|==|!=|<>|=<|:=|->|&&|\|\||\.\.\.?|[-+*/^_=<>|,;:!'&·⋅×∗∙•@÷∕⁄−–≤≥≠⩽⩾≦≧≔’′‖…⋯⊙⊗∘∈∉≈∝∼≡→⇒∂√∑Σ∏∫∞%])
    |(?P<open>[(\[{{⌊⌈⟨])|(?P<close>[)\]}}⌋⌉⟩])""",
    re.VERBOSE,
)
KEYWORDS: Final = frozenset(("if", "else", "otherwise", "and", "or", "not", "for", "where", "in"))
_SIGNS: Final = {"∂": "∂", "Σ": "sum", "∑": "sum", "∏": "prod", "∫": "integral"}


def plain_tokens(source: Source, start: int = 0, end: int | None = None, *, rows: bool = False) -> list[Token]:
    """The tokens of the text from `start` to `end`; with `rows`, the end of a line outside of brackets ends a row."""
    text = source.text
    end = len(text) if end is None else end
    tokens: list[Token] = []
    at, spaced, depth = start, False, 0
    match = _PATTERN.match
    while at < end:
        found = match(text, at, end)
        if found is None:
            hint = "LaTeX commands are read by read_latex" if text[at] == "\\" else ""
            failure = ReadError(f"{text[at]!r} is not a character of a formula", Span(source, at, at + 1), hint)
            tokens.append(Token("bad", text[at], at, at + 1, spaced, failure))
            at, spaced = at + 1, False
            continue
        kind, piece, stop = found.lastgroup, found.group(), found.end()
        if kind == "space":
            if rows and "\n" in piece and depth <= 0:
                tokens.append(Token("row", "\n", at, stop))
            at, spaced = stop, True
            continue
        if kind == "number":
            tokens.append(number_token(piece, source, at, stop, spaced))
        elif kind == "name":
            tokens.append(_name(piece, at, stop, spaced))
        elif kind == "operator":
            tokens.append(_operator(piece, at, stop, spaced))
        elif kind == "high":
            tokens += _raised(piece, source, at, stop)
        elif kind == "transposed":
            tokens.append(Token("operator", "transposed", at, stop))
        elif kind == "open":
            depth += 1
            tokens.append(Token("open", piece, at, stop, spaced))
        elif kind == "close":
            depth -= 1
            tokens.append(Token("close", piece, at, stop, spaced))
        at, spaced = stop, False
    tokens.append(Token("end", "", end, end, spaced))
    return tokens


def _name(piece: str, start: int, stop: int, spaced: bool) -> Token:
    if piece in KEYWORDS:
        return Token("command", piece, start, stop, spaced)
    if not piece.isascii():
        body = piece.rstrip(_LOW)
        low = piece[len(body) :].translate(_SUBSCRIPTS)
        body = "".join(_LETTERS.get(c, c) for c in body)
        piece = f"{body}_{low}" if low else body
    return Token("name", piece, start, stop, spaced)


def _operator(piece: str, start: int, stop: int, spaced: bool) -> Token:
    if piece == "∞":
        return Token("name", "oo", start, stop, spaced)
    if piece in _SIGNS:
        return Token("name", _SIGNS[piece], start, stop, spaced)
    return Token("operator", OPERATORS.get(piece, piece), start, stop, spaced)


def _raised(piece: str, source: Source, start: int, stop: int) -> list[Token]:
    """x² as x^2, x⁻¹ as x^(-1)."""
    inner = plain_tokens(Source(piece.translate(_SUPERSCRIPTS)))[:-1]
    for t in inner:
        t.start, t.end = start + t.start, start + t.end
    power = Token("operator", "^", start, start)
    if len(inner) == 1:
        return [power, *inner]
    return [power, Token("open", "(", start, start), *inner, Token("close", ")", stop, stop)]
