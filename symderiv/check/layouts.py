"""How a paragraph says that derivatives are laid out: by a name, by the shape they have, or by what stands in row i and column j."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.marked import FORMULA, Marked
from symderiv.terms import Term
from symderiv.terms.shapes import DENOMINATOR, ENTRIES, MIXED, NUMERATOR

_DENOMINATOR: Final = re.compile(
    r"denominator layout|same shape as|shape of (?:the|that|its) (?:variable|vector|matrix|parameter)", re.IGNORECASE
)
_NUMERATOR: Final = re.compile(r"numerator layout", re.IGNORECASE)
_PLACE: Final = re.compile(
    rf"(?:row\s+(?P<row>{FORMULA})\s+and\s+column\s+(?P<column>{FORMULA})|(?P<pair>{FORMULA})[- ]?(?:th\s+)?entry|entry\s+(?:at\s+)?(?P<at>{FORMULA}))",
    re.IGNORECASE,
)
_ENTRY: Final = r"\s*-?\s*(?:th|st|nd|rd)?\s+(?:entry|component|element|coordinate)"
_IN_WORDS: Final = re.compile(
    rf"derivative of (?:the\s+)?(?P<above>{FORMULA})(?P<entry_above>{_ENTRY})?.*?"
    rf"(?:with respect to|by) (?:the\s+)?(?P<below>{FORMULA})(?P<entry_below>{_ENTRY})?",
    re.IGNORECASE,
)
_OF_FAMILY: Final = re.compile(r"\s*\\?\w+\s*_\s*(?:\{\s*(\w)\s*\}|(\w))\s*")
_SCRIPT: Final = r"_(?:\{(\w+)\}|(\w))"
_PARTIAL: Final = re.compile(
    rf"\\[dt]?frac\s*\{{\s*(?:\\partial|d|\\mathrm\{{d\}})\s*[^{{}}]*?{_SCRIPT}\s*(?:\([^()]*\))?\}}\s*\{{\s*(?:\\partial|d|\\mathrm\{{d\}})\s*[^{{}}]*?{_SCRIPT}\s*\}}"
)
_ENTRY_OF: Final = re.compile(
    r"(?:\)|\]|J|D)\s*(?:\([^()]*\))?\s*_\{\s*([a-z])\s*,?\s*([a-z])\s*\}.*?(?::=|=)\s*(\\[dt]?frac.*)", re.DOTALL
)


def layouts(text: Marked) -> Iterator[Term]:
    """The assumptions on the layout of derivatives that a paragraph makes."""
    for sentence in text.sentences():
        if _DENOMINATOR.search(sentence):
            yield DENOMINATOR
        if _NUMERATOR.search(sentence):
            yield NUMERATOR
        if (
            re.search(r"\b(?:jacobian|derivative|matrix)", sentence, re.IGNORECASE)
            and (order := _order(sentence, text)) is not None
        ):
            yield ENTRIES
            yield MIXED if order else DENOMINATOR


def _order(sentence: str, text: Marked) -> bool | None:
    """Whether the row is that of the entry that is differentiated; None if the sentence does not say what stands where."""
    for span in text.spans(sentence):
        if (said := _ENTRY_OF.search(span.text)) is not None and (partial := _PARTIAL.match(said[3])) is not None:
            return _compared((said[1], said[2]), _pair(partial))
    at = next((at for place in _PLACE.finditer(sentence) if (at := _place(place, text)) is not None), None)
    if at is None:
        return None
    words = _IN_WORDS.search(sentence)
    if words is not None and (derivative := tuple(_index(words, k, text) for k in ("above", "below"))) != ("", ""):
        return _compared(at, derivative)
    for span in text.spans(sentence):
        if (partial := _PARTIAL.search(span.text)) is not None:
            return _compared(at, _pair(partial))
    return None


def _place(place: re.Match[str], text: Marked) -> tuple[str, ...] | None:
    """The row and the column."""
    if place["row"]:
        return tuple(_letter(text.spans(place[k])[0].text) for k in ("row", "column"))
    found = re.fullmatch(r"\s*\(?\s*(\w)\s*,\s*(\w)\s*\)?\s*", text.spans(place["pair"] or place["at"])[0].text)
    return None if found is None else (found[1], found[2])


def _pair(partial: re.Match[str]) -> tuple[str, ...]:
    return (partial[1] or partial[2], partial[3] or partial[4])


def _index(words: re.Match[str], place: str, text: Marked) -> str:
    """The index of "the $i$th entry of $y$" and of $y_i$; "" if there is none."""
    formula = text.spans(words[place])[0].text
    if words[f"entry_{place}"]:
        return _letter(formula)
    found = _OF_FAMILY.fullmatch(formula)
    return "" if found is None else found[1] or found[2]


def _letter(text: str) -> str:
    return re.sub(r"[^A-Za-z].*", "", text.strip().lstrip("("))


def _compared(at: tuple[str, ...], derivative: tuple[str, ...]) -> bool | None:
    return True if at == derivative else False if at == derivative[::-1] else None
