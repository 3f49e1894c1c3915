"""Properties that words give to letters: one table of phrases, and the grammar that says which letter a phrase is about.

>>> [(s.property.word, s.about[0]) for s in sayings("Let ⟦0⟧ be symmetric and ⟦1⟧ an index, the rows of ⟦2⟧ sum to one.")]
[('symmetric', '⟦0⟧'), ('sums_to_one', '⟦2⟧')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from symderiv.check.marked import FORMULA, FORMULAS, Marked
from symderiv.read.kinds import kind_of
from symderiv.terms import Context, Fn, Num, Relation, Sym, Term

Needs = Literal["array", "matrix", "square", "vector"]


@dataclass(frozen=True, slots=True)
class Property:
    """What a phrase says: the `word` of an assumption `word(letter)`, or relations that all entries have to numbers.

    `needs`: what the letter must be for this meaning. `reckoned`: whether a verdict takes account of it.
    """

    word: str
    pattern: str
    needs: Needs = "array"
    relations: tuple[tuple[str, int], ...] = ()
    reckoned: bool = True

    def facts(self, name: str, axis: int | None, context: Context) -> tuple[Term, ...] | None:
        """The assumptions about a letter; None where the phrase has another meaning for it."""
        rank = len(context.sort(name).shape)
        if axis is not None and (rank < 2 or self.word not in ("sums_to_one", "one_hot") or (self.word == "one_hot" and axis == 0)):
            axis = None
        fits = {"array": rank >= 1, "matrix": rank >= 2, "square": rank >= 2, "vector": rank == 1}[self.needs]
        if not self.reckoned or not fits or context.sort(name).arity:
            return None
        letter = Sym(name)
        if self.relations:
            return tuple(Relation(sign, letter, Num(v)) for sign, v in self.relations)
        if self.word == "sums_to_one":
            if axis is None and rank > 1:
                return None
            return (Fn(self.word, letter, Num(0 if axis is None else rank - 2 + axis)),)
        return (Fn(self.word, letter),)

    def of_term(self, term: Term, context: Context) -> tuple[Term, ...] | None:
        """The assumption about a matrix that is no letter, as X^T X; None where it is not reckoned with."""
        fits = self.reckoned and self.needs in ("square", "matrix") and kind_of(term, context) == "matrix"
        return (Fn(self.word, term),) if fits else None


_ENTRIES: Final = r"(?:entries|components|elements|coordinates|coefficients)"
_ARE: Final = r"(?:\s+(?:of\s+⟦\d+⟧|that|which|all|are|is|be|being|each|strictly|have|has))*\s+"
_UNRECKONED: Final = (
    r"skew-?\s?symmetric|anti-?symmetric|negative (?:semi-?)?definite|random|independent(?! (?:real )?variables?)|idempotent|nilpotent|involutory|normali[sz]ed"
    r"|permutation|triangular|mean zero|zero[- ]mean|cent(?:er|re)d|unbiased|commut\w+|hermitian|unitary|doubly stochastic|trace-?free"
    r"|traceless|circulant|toeplitz|projection matri\w+|projectors?|whitened|standardi[sz]ed|sum(?:s|ming)? to (?:zero|0)|tridiagonal"
    r"|antidiagonal|block[- ]diagonal|(?:mutually |pairwise )?orthogonal to|linearly dependent|rank[- ](?:one|1)|low[- ]rank|singular"
    r"|orthonormal rows|equal entries|probabilit(?:y|ies)(?! (?:vectors?|distributions?))|distribution|i\.i\.d\.?"
)
PROPERTIES: Final[tuple[Property, ...]] = (
    Property("unreckoned", rf"(?<!non-)(?<!non)(?:{_UNRECKONED})", reckoned=False),
    Property("one_hot", r"one[- ]hot(?:[- ]encoded)?(?! encoding of)|indicator vectors?|standard basis vectors?"),
    Property(
        "sums_to_one",
        rf"(?:(?:rows?|columns?|{_ENTRIES}){_ARE})?sum(?:s|ming)? (?:up )?to (?:one|1|unity)\b"
        r"|row[- ]stochastic|probability (?:vectors?|distributions?)|vectors? of probabilities"
        rf"|(?:rows?|columns?){_ARE}(?:a )?probability (?:vectors?|distributions?)",
    ),
    Property("positive_semidefinite", r"(?:symmetric )?positive[- ]semi-?\s?definite|\bPSD\b", "square"),
    Property("positive_definite", r"(?:symmetric )?positive[- ]definite|\bSPD\b", "square"),
    Property("orthonormal_columns", rf"orthonormal columns|columns{_ARE}orthonormal", "matrix"),
    Property("symmetric", r"symmetric", "square"),
    Property("unit_norm", r"unit (?:euclidean )?(?:norm|length|vectors?)|norm (?:one|1)\b|length (?:one|1)\b", "vector"),
    Property("orthogonal", r"orthogonal|orthonormal", "square"),
    Property("diagonal", rf"diagonal(?! (?:{_ENTRIES}|of|blocks?))", "square"),
    Property(
        "full_column_rank",
        r"full column[- ]rank|(?:linearly )?independent columns|columns" + _ARE + r"linearly independent",
        "matrix",
    ),
    Property("full_row_rank", r"full row[- ]rank|(?:linearly )?independent rows|rows" + _ARE + r"linearly independent", "matrix"),
    Property("full_rank", r"full[- ]rank", "matrix"),
    Property("invertible", r"invertible|non-?singular", "square"),
    Property("not_constant", rf"not constant|non-?constant|(?:{_ENTRIES}{_ARE})?not all (?:equal|the same)"),
    Property(
        "nonnegative", rf"non-?negative {_ENTRIES}|{_ENTRIES}{_ARE}non-?negative|entry-?wise non-?negative", relations=(("≥", 0),)
    ),
    Property(
        "unit_interval",
        rf"{_ENTRIES}(?:\s+(?:of\s+⟦\d+⟧|that|all|are|lie|is|strictly))*\s+(?:between (?:0|zero) and (?:1|one))",
        relations=((">", 0), ("<", 1)),
    ),
    Property(
        "positive",
        rf"positive {_ENTRIES}|{_ENTRIES}{_ARE}positive(?! (?:semi|definite))|entry-?wise positive|positive vectors?",
        relations=((">", 0),),
    ),
    Property(
        "nonzero",
        rf"non-?zero {_ENTRIES}|{_ENTRIES}{_ARE}(?:non-?zero|different from (?:zero|0)|not (?:zero|0))|no zero {_ENTRIES}",
        relations=(("≠", 0),),
    ),
)
"""Every property, the longer phrases before the shorter ones that stand in them."""

_ALL: Final = "|".join(rf"(?P<p{k}>(?<![\w-])(?:{p.pattern})(?![\w-]))" for k, p in enumerate(PROPERTIES))
PHRASE: Final = re.compile(_ALL, re.IGNORECASE)
"""A property in words."""
_NOUN: Final = (
    r"(?:real|square|column|row|weight|data|design|input|target|label|covariance|kernel|coordinate|matrix|matrices|vectors?|targets?"
    r"|labels?|arrays?|rows?|columns?|entries|letters?|variables?|parameters?|encodings?)"
)
_ADJECTIVE: Final = "(?:" + "|".join(p.pattern for p in PROPERTIES) + ")"
_BEHIND: Final = re.compile(rf"(?:(?:\s+|\s*,\s*|\s+and\s+)(?:{_NOUN}|{_ADJECTIVE}))*\s+(?P<marks>{FORMULAS})", re.IGNORECASE)
_OF: Final = re.compile(rf"\bof\s+(?:(?:the|both|{_NOUN})\s+)*(?P<marks>{FORMULAS})", re.IGNORECASE)
_OF_BEFORE: Final = re.compile(
    rf"{_OF.pattern}\s+(?:(?:each|all|both|are|is|be|have|has|that|which|they|an?|the)\s+)*$", re.IGNORECASE
)
_HAS_SUBJECT: Final = re.compile(rf"{FORMULA}\s+(?:is|are|be|being|both|has|have|which is)\s+(?:\w+\s+){{0,12}}$", re.IGNORECASE)
_OF_ONE: Final = re.compile(r"\s*(?:,|an?\b|is\b|has\b|which is\b)", re.IGNORECASE)
"""What stands between the last of several formulas and a phrase that is about that one only."""
_DENIED: Final = re.compile(r"\b(?:not(?: necessarily| assumed to be)?|neither|nor|without being)\s+(?:an?\s+)?$", re.IGNORECASE)
"""Words before a property that a letter need not have."""
_ONLY_IF: Final = re.compile(r"\b(?:if|when|whenever|unless|whether|in case|for which)\b[^⟦]*⟦\d+⟧[^⟦]*$", re.IGNORECASE)
"""Words before a property that a letter has in some case only."""
_MARKS: Final = re.compile(FORMULAS)
_AXES: Final = (("row", 1), ("column", 0))


@dataclass(frozen=True, slots=True)
class Saying:
    """A phrase with what it may be about, the likeliest formulas first; `certain`: not in some case only. `axis`: 1 if it is about rows, 0 if about columns."""

    property: Property
    words: str
    certain: bool
    axis: int | None
    about: tuple[str, ...]


def sayings(sentence: str) -> Iterator[Saying]:
    """The properties in a sentence."""
    for phrase in PHRASE.finditer(sentence):
        prop = PROPERTIES[int((phrase.lastgroup or "p0")[1:])]
        start, end = phrase.span()
        if _DENIED.search(sentence[:start]):
            continue
        near = f"{sentence[max(0, start - 40) : start].rpartition('⟧')[0][-12:]} {phrase[0]} {sentence[end : end + 25].partition('⟦')[0]}"
        if (before := _OF_BEFORE.search(sentence[:start])) is not None:
            near = f"{sentence[: before.start()][-12:]} {near}"
        axis = next((a for word, a in _AXES if re.search(rf"\b{word}s?\b(?! vector)", near)), None)
        yield Saying(
            prop,
            " ".join(phrase[0].split()).lower(),
            _ONLY_IF.search(sentence[:start]) is None,
            axis,
            tuple(_subjects(sentence, start, end)),
        )


def _subjects(sentence: str, start: int, end: int) -> Iterator[str]:
    """Of it ("the rows of T …"), else right behind it ("a symmetric matrix A"), else before it ("A and B are symmetric")."""
    inside = _OF.search(sentence, start, end)
    before = _OF_BEFORE.search(sentence[:start])
    behind = _BEHIND.match(sentence, end)
    if inside is not None:
        yield inside["marks"]
    elif before is not None:
        yield before["marks"]
    elif behind is not None and _HAS_SUBJECT.search(sentence[:start]) is None:
        yield behind["marks"]
    for m in reversed(list(_MARKS.finditer(sentence, 0, start))):
        one = _OF_ONE.match(sentence, m.end()) is not None and " both " not in sentence[m.end() : start]
        yield f"⟦{m[0].rpartition('⟦')[2]}" if one else m[0]


def said(text: Marked, context: Context) -> Iterator[tuple[str, str, tuple[Term, ...] | None]]:
    """What a paragraph says of its letters: the letter, the words, and the assumptions (None: not reckoned with)."""
    for sentence in text.sentences():
        for saying in sayings(sentence):
            for marks in saying.about:
                names = [n for n in text.letters(marks, context) if not _is_index(n, context)]
                for name in names:
                    yield name, saying.words, saying.property.facts(name, saying.axis, context) if saying.certain else None
                terms = [] if names else text.terms(marks, context)
                for term in terms:
                    facts = saying.property.of_term(term, context) if saying.certain else None
                    for name in sorted(term.free):
                        yield name, saying.words, facts
                if names or terms:
                    break


def _is_index(name: str, context: Context) -> bool:
    sort = context.sort(name)
    return sort.field == "integer"
