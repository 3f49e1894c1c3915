"""Names as formats show them: a stem with marks and subscripts, Greek letters, and the customary names of functions.

>>> parts("hat(y)_1")
Name(stem='y', marks=('hat',), subscripts=('1',))
>>> latex_symbol("alpha_i"), typst_symbol("alpha_i"), text_symbol("alpha_1")
('\\\\alpha_{i}', 'alpha_(i)', 'α₁')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from symderiv.read.vocabulary import GREEK as LETTERS
from symderiv.terms.notation import Notation

GREEK: Final[Mapping[str, str]] = MappingProxyType({**{name: letter for letter, name in reversed(LETTERS.items())}, "ell": "ℓ"})
"""Greek letters, and ℓ, by name."""

_SUBSCRIPTS: Final = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


class Mark(NamedTuple):
    """A mark on a letter, with # for the letter: in LaTeX, in Typst, in Unicode, in MathML. A high mark stands after the subscripts."""

    latex: str
    typst: str
    text: str
    mathml: str
    high: bool = False


def _over(latex: str, typst: str, sign: str, joining: str) -> Mark:
    return Mark(rf"\{latex}{{#}}", f"{typst}(#)", f"#{joining}", f'<mover accent="true">#<mo>{sign}</mo></mover>')


def _high(latex: str, typst: str, sign: str) -> Mark:
    return Mark(latex, typst, f"#{sign}", f"<msup>#<mo>{sign}</mo></msup>", high=True)


def _style(latex: str, typst: str, variant: str) -> Mark:
    return Mark(rf"\{latex}{{#}}", f"{typst}(#)", variant, variant)


MARKS: Final[Mapping[str, Mark]] = MappingProxyType(
    {
        "hat": _over("hat", "hat", "^", "\u0302"),
        "tilde": _over("tilde", "tilde", "~", "\u0303"),
        "bar": _over("bar", "macron", "¯", "\u0304"),
        "dot": _over("dot", "dot", "˙", "\u0307"),
        "ddot": _over("ddot", "dot.double", "¨", "\u0308"),
        "check": _over("check", "caron", "ˇ", "\u030c"),
        "vec": _over("vec", "arrow", "→", "\u20d7"),
        "underline": Mark(r"\underline{#}", "underline(#)", "#\u0332", "<munder>#<mo>_</mo></munder>"),
        "prime": _high("#'", "#'", "′"),
        "prime2": _high("#''", "#''", "″"),
        "star": _high("{#^{*}}", "#^(*)", "*"),
        "plus": _high("{#^{+}}", "#^(+)", "⁺"),
        "minus": _high("{#^{-}}", "#^(-)", "⁻"),
        "mathcal": _style("mathcal", "cal", "SCRIPT"),
        "mathbb": _style("mathbb", "bb", "DOUBLE-STRUCK"),
        "mathfrak": _style("mathfrak", "frak", "FRAKTUR"),
    }
)
"""The marks that names carry: hat(y), bar(x), star(theta), mathcal(L)."""

_MARKED: Final = re.compile(r"(\w+)\((.+)\)((?:_\w+)?)$")


class Name(NamedTuple):
    """A name taken apart: hat(y)_1 is the stem y under a hat with the subscript 1. The innermost mark comes first."""

    stem: str
    marks: tuple[str, ...]
    subscripts: tuple[str, ...]

    def marked(self, text: str, put: Callable[[Mark, str], str], *, high: bool) -> str:
        """The text under the marks of the stem, or with the high ones."""
        for mark in self.marks:
            if MARKS[mark].high == high:
                text = put(MARKS[mark], text)
        return text


def parts(name: str) -> Name:
    """The stem, marks and subscripts of a name."""
    marks: list[str] = []
    below = ""
    while (found := _MARKED.fullmatch(name)) and found[1] in MARKS:
        marks.append(found[1])
        name, below = found[2], found[3] + below
    if "(" in name:
        return Name(name, tuple(reversed(marks)), tuple(s for s in below.split("_") if s))
    stem, *subscripts = (name + below).split("_")
    if not stem:
        return Name(name, (), ())
    return Name(stem, tuple(reversed(marks)), tuple(s for s in subscripts if s))


def styled(mark: Mark, text: str, template: str) -> str:
    """A letter with a mark by the template of a format; a style is a letter of its own in Unicode."""
    if "#" in template:
        return template.replace("#", text)
    kind = "CAPITAL" if text.isupper() else "SMALL"
    other = {"FRAKTUR": "BLACK-LETTER"}.get(template, template)
    for full in (f"MATHEMATICAL {template} {kind} {text.upper()}", f"{other} {kind} {text.upper()}"):
        try:
            return unicodedata.lookup(full)
        except KeyError:
            continue
    return text


def of_words(name: str) -> bool:
    """Whether a name is made of words, such as leaky_relu, so that what follows the first _ is no subscript."""
    stem, marks, subscripts = parts(name)
    return len(stem) > 1 and stem not in GREEK and not marks and bool(subscripts)


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
    whole = parts(name)
    stem, _, subscripts = whole

    def put(mark: Mark, shown: str) -> str:
        return styled(mark, shown, mark.latex)

    def letter(s: str) -> str:
        if s in GREEK:
            return "o" if s == "omicron" else rf"\{s}" if s != "Upsilon" else r"\Upsilon"
        return s if len(s) == 1 or s.isdigit() else word.replace("#", s)

    text = whole.marked(letter(stem), put, high=False)
    if not subscripts:
        return whole.marked(text, put, high=True)
    below = ", ".join(s if len(s) == 1 or s.isdigit() else f"\\{s}" if s in GREEK else rf"\mathrm{{{s}}}" for s in subscripts)
    return whole.marked(f"{text}_{{{below}}}", put, high=True)


def typst_symbol(name: str) -> str:
    """The name of a letter in Typst maths."""
    return _typst(name, "upright")


def typst_function(name: str) -> str:
    """The name of a function in Typst maths."""
    return f"op({quoted(name)})" if of_words(name) else _typst(name, "op")


def _typst(name: str, word: str) -> str:
    whole = parts(name)
    stem, _, subscripts = whole

    def put(mark: Mark, shown: str) -> str:
        return styled(mark, shown, mark.typst)

    def letter(s: str, word: str) -> str:
        if s in GREEK or (len(s) == 1 and s.isalpha()) or s.isdigit():
            return s
        return f'{word}("{s}")' if s.isalnum() else f"upright({quoted(s)})"

    text = whole.marked(letter(stem, word), put, high=False)
    if subscripts:
        text = f"{text}_({', '.join(letter(s, 'upright') for s in subscripts)})"
    return whole.marked(text, put, high=True)


def quoted(s: str) -> str:
    """A string of Typst."""
    escaped = s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def text_symbol(name: str) -> str:
    """The name of a letter in Unicode.

    >>> text_symbol("star(theta_1)"), text_symbol("p_theta")
    ('θ₁*', 'p_θ')
    """
    whole = parts(name)
    stem, _, subscripts = whole

    def put(mark: Mark, shown: str) -> str:
        return styled(mark, shown, mark.text)

    text = whole.marked(GREEK.get(stem, stem), put, high=False)
    small = subscripted("".join(subscripts)) if len(subscripts) == 1 and not any(s in GREEK for s in subscripts) else None
    if subscripts:
        text = f"{text}_{'_'.join(GREEK.get(s, s) for s in subscripts)}" if small is None else text + small
    return whole.marked(text, put, high=True)


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
