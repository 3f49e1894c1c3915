"""Names as formats show them: a stem with an accent and subscripts, Greek letters, and the customary names of functions.

>>> parts("hat(y)_1")
Name(stem='y', accent='hat', subscripts=('1',))
>>> latex_symbol("alpha_i"), typst_symbol("alpha_i"), text_symbol("alpha_1")
('\\\\alpha_{i}', 'alpha_(i)', 'α₁')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from symderiv.read.vocabulary import GREEK as LETTERS
from symderiv.terms.notation import Notation

GREEK: Final[Mapping[str, str]] = MappingProxyType({name: letter for letter, name in reversed(LETTERS.items())})
"""Greek letters by name."""

_SUBSCRIPTS: Final = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


class Accent(NamedTuple):
    """How an accent is called in LaTeX and in Typst, its sign above a letter, and the sign that joins the letter before it."""

    latex: str
    typst: str
    mark: str
    joining: str


ACCENTS: Final[Mapping[str, Accent]] = MappingProxyType(
    {
        "hat": Accent(r"\hat", "hat", "^", "\u0302"),
        "tilde": Accent(r"\tilde", "tilde", "~", "\u0303"),
        "bar": Accent(r"\bar", "macron", "¯", "\u0304"),
        "dot": Accent(r"\dot", "dot", "˙", "\u0307"),
        "vec": Accent(r"\vec", "arrow", "→", "\u20d7"),
    }
)
"""The accents that names carry: hat(y), bar(x)."""


class Name(NamedTuple):
    """A name taken apart: hat(y)_1 is the stem y under a hat with the subscript 1."""

    stem: str
    accent: str
    subscripts: tuple[str, ...]


def parts(name: str) -> Name:
    """The stem, accent and subscripts of a name."""
    accented = re.match(r"(\w+)\((.+?)\)((?:_\w+)?)$", name)
    accent = ""
    if accented and accented[1] in ACCENTS:
        accent, name = accented[1], accented[2] + accented[3]
    stem, *subscripts = name.split("_")
    return Name(stem, accent, tuple(s for s in subscripts if s)) if stem else Name(name, accent, ())


def of_words(name: str) -> bool:
    """Whether a name is made of words, such as leaky_relu, so that what follows the first _ is no subscript."""
    stem, accent, subscripts = parts(name)
    return len(stem) > 1 and stem not in GREEK and not accent and bool(subscripts)


def latex_symbol(name: str) -> str:
    """The name of a letter in LaTeX."""
    return _latex(name, r"\mathrm{#}")


def latex_function(name: str) -> str:
    r"""The name of a function in LaTeX: \sigma, f_{1}, \operatorname{ReLU}; a name of words stays in one piece.

    >>> print(latex_function("leaky_relu"))
    \mathrm{leaky\_relu}
    """
    if of_words(name):
        whole = name.replace("_", r"\_")
        return rf"\mathrm{{{whole}}}"
    return _latex(name, r"\operatorname{#}")


def _latex(name: str, word: str) -> str:
    stem, accent, subscripts = parts(name)

    def letter(s: str) -> str:
        if s in GREEK:
            return "o" if s == "omicron" else rf"\{s}" if s != "Upsilon" else r"\Upsilon"
        return s if len(s) == 1 or s.isdigit() else word.replace("#", s)

    text = letter(stem)
    if accent:
        text = f"{ACCENTS[accent].latex}{{{text}}}"
    if not subscripts:
        return text
    below = ", ".join(s if len(s) == 1 or s.isdigit() else f"\\{s}" if s in GREEK else rf"\mathrm{{{s}}}" for s in subscripts)
    return f"{text}_{{{below}}}"


def typst_symbol(name: str) -> str:
    """The name of a letter in Typst maths."""
    return _typst(name, "upright")


def typst_function(name: str) -> str:
    """The name of a function in Typst maths."""
    return f"op({quoted(name)})" if of_words(name) else _typst(name, "op")


def _typst(name: str, word: str) -> str:
    stem, accent, subscripts = parts(name)

    def letter(s: str, word: str) -> str:
        if s in GREEK or (len(s) == 1 and s.isalpha()) or s.isdigit():
            return s
        return f'{word}("{s}")' if s.isalnum() else f"upright({quoted(s)})"

    text = letter(stem, word)
    if accent:
        text = f"{ACCENTS[accent].typst}({text})"
    return f"{text}_({', '.join(letter(s, 'upright') for s in subscripts)})" if subscripts else text


def quoted(s: str) -> str:
    """A string of Typst."""
    escaped = s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def text_symbol(name: str) -> str:
    """The name of a letter in Unicode."""
    stem, accent, subscripts = parts(name)
    text = GREEK.get(stem, stem) + (ACCENTS[accent].joining if accent else "")
    below = "".join(subscripts)
    if not subscripts:
        return text
    small = below.translate(_SUBSCRIPTS)
    unchanged = any(a == b for a, b in zip(below, small, strict=True))
    return f"{text}_{'_'.join(GREEK.get(s, s) for s in subscripts)}" if unchanged or len(subscripts) > 1 else text + small


def subscripted(text: str) -> str | None:
    """The text in small low letters; None if one of them does not exist."""
    small = text.translate(_SUBSCRIPTS)
    return None if any(a == b for a, b in zip(text, small, strict=True)) else small


def renaming(notation: Notation, names: Mapping[str, str]) -> Notation:
    """The notation with other names for the letters and functions that `names` lists."""
    if not names:
        return notation
    symbol, function = notation.symbol, notation.function
    return replace(
        notation,
        symbol=lambda name: symbol(names.get(name, name)),
        function=lambda name: function(names.get(name, name)),
    )
