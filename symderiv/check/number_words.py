"""Signs and bounds that words give to numbers, and which words about a number were not understood.

>>> [(s.marks, s.traits) for s in read("Let ⟦0⟧ and ⟦1⟧ be positive, ⟦2⟧ a real number that is at least 1.").sayings]
[('⟦0⟧ and ⟦1⟧', (('>', '0'),)), ('⟦2⟧', (('≥', '1'),))]
>>> read("Let ⟦0⟧ and ⟦1⟧ denote reals with positive product.").rest
{'⟦0⟧ and ⟦1⟧': ('positive', 'product')}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from symderiv.check.marked import FORMULA, FORMULAS, Marked
from symderiv.check.scope import Scope
from symderiv.read.vocabulary import words
from symderiv.terms import Context, Num, Relation, Sym, Term

_V: Final = rf"(?:{FORMULA}|-?\d+(?![\w.]*\d)|zero\b|one\b)"
_NUMBERS: Final = {"zero": "0", "one": "1"}
_QUANTITIES: Final = r"lengths?|distances?|radius|radii|mass(?:es)?|areas?|volumes?|variances?|standard deviations?|durations?|magnitudes?|side lengths?"
TRAITS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (r"positive or (?:zero|0)|(?:zero|0) or positive|non-?negative|(?:never|not) negative", ("≥ 0",)),
    (r"non-?positive|(?:never|not) positive", ("≤ 0",)),
    (r"non-?zero|(?:different|distinct) from (?:zero|0)|(?:never|not) (?:equal to )?(?:zero|0)|unequal to (?:zero|0)", ("≠ 0",)),
    (r"(?:strictly )?positive", ("> 0",)),
    (r"(?:strictly )?negative", ("< 0",)),
    (rf"(?:greater|larger) than or equal to (?P<a>{_V})|(?:at least|no(?:t)? (?:less|smaller) than) (?P<b>{_V})", ("≥ V",)),
    (rf"(?:less|smaller) than or equal to (?P<a>{_V})|(?:at most|no(?:t)? (?:more|greater|larger) than) (?P<b>{_V})", ("≤ V",)),
    (rf"(?:strictly )?(?:(?:greater|larger|bigger|more) than|above|exceeds?|exceeding) (?P<a>{_V})", ("> V",)),
    (rf"(?:strictly )?(?:(?:less|smaller) than|below) (?P<a>{_V})", ("< V",)),
    (rf"(?:strictly )?between (?P<a>{_V}) and (?P<b>{_V})", ("≥ A", "≤ B")),
    (_QUANTITIES, ("≥ 0",)),
)
"""Every phrase about a number with the relations that it says; V, A and B are the values in it."""
_ROWS: Final = tuple((re.compile(rf"(?:{p})(?![\w-])", re.IGNORECASE), relations) for p, relations in TRAITS)

_NOUNS: Final = frozenset(
    words(
        "number numbers scalar scalars constant constants real reals parameter parameters variable variables quantity quantities value "
        "values coefficient coefficients hyperparameter hyperparameters hyper-parameter integer integers"
    )
)
_FILLERS: Final = _NOUNS | frozenset(
    words(
        "a an the some any two three given fixed arbitrary certain natural whole both all of them each which that is are be being to as "
        "assumed taken supposed denote denotes denoting stand stands for it they also always here strictly lie lies finite learnable large small "
        "differentiable different distinct also these and"
    )
)
_HARMLESS: Final = _FILLERS | frozenset(
    words(
        "let let's where with we write put set define defined consider suppose assume in on at by from into over so then thus hence "
        "function functions input inputs output outputs weight weights bias biases target targets vector vectors matrix matrices index "
        "indices entry entries element elements sample samples data class classes layer layers size dimension i.e such have has had "
        "every letter letters activation activations loss respect derivative derivatives gradient number's logit logits score scores "
        "this there here now when point points argument arguments twice continuously scalar-valued denoted call called chain rule using use "
        "elementwise entrywise applied stand stands row rows column columns holds hold show prove that's following compute find our us get th st nd rd hessian hessians gradients"
    )
)
"""Words that restrict the values of no letter."""
_PREFIX: Final = _NOUNS | frozenset(words("real given fixed arbitrary two three of all any some the"))
_COPULAS: Final = frozenset(words("is are be being remains remain stays stay"))
_INSIDE: Final = re.compile(r"\b(?:at|of|in|by|to|on|from|than|over|under|per|between|into|versus|against|as)\s+$", re.IGNORECASE)
"""Words before a formula that is no subject: "the derivative at $x$ is positive"."""
_OF_ONE: Final = re.compile(r"\s*(?:,\s*)?(?:(?:which|that)\s+)?(?:is|has|an?|denotes)\b", re.IGNORECASE)
"""What stands between the last of several formulas and a phrase that is about that one only."""
_UNCERTAIN: Final = re.compile(
    r"\b(?:neither|nor|no|none|not|never|cannot|unless|if|whether|when|except|or|either|may|might|can|could|need|without|case)\b",
    re.IGNORECASE,
)
"""Words beside which a phrase may say something else."""
_ALL: Final = re.compile(
    r"\b(?:all|every|each|any)\s+(?:(?:the|of the|other|occurring|involved|real)\s+)*"
    r"(?:variables?|quantit(?:y|ies)|letters?|numbers?|symbols?|parameters?|constants?|values?)\s+(?:(?:in|of) [^⟦,.;]*?\s)?$",
    re.IGNORECASE,
)
"""Words that make what follows be said of every letter."""
_RESTRICTS: Final = re.compile(
    r"\b(?:positiv\w*|negativ\w*|non-?zero|sign|signs|integers?|even|odd|binary|vanish\w*|nowhere zero)\b", re.IGNORECASE
)
_RELATES: Final = re.compile(
    r"\b(?:less|greater|smaller|larger|bigger|exceeds?|than|equals?|same|opposite|sums?|means?|average|products?|twice|half|squares?|roots?"
    r"|absolute|inverse|reciprocal|proportional|between|complement\w*|difference|ratio|maximum|minimum|hypotenuse|triangle|solutions?|sol\w+ of"
    r"|satisf\w+|progression|angle|quadrant|acute)\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-z][\w'-]*")
_BEGINS: Final = re.compile(r"(?<![\w'-])\w")
_LIST: Final = re.compile(FORMULAS)


@dataclass(frozen=True, slots=True)
class Saying:
    """Relations, each a sign and a value (a numeral or a formula), that every letter of `marks` has; `exact`: of no weaker reading."""

    marks: str
    traits: tuple[tuple[str, str], ...]
    exact: bool = True


@dataclass(slots=True)
class Reading:
    """What a sentence says of numbers: of some formulas, of all letters, and the words beside formulas that are not understood.

    `loose`: restricting words beside no formula.
    """

    sayings: list[Saying] = field(default_factory=list)
    everywhere: tuple[tuple[str, str], ...] = ()
    rest: dict[str, tuple[str, ...]] = field(default_factory=dict)
    loose: str = ""


@dataclass(frozen=True, slots=True)
class _Phrase:
    start: int
    end: int
    traits: tuple[tuple[str, str], ...]
    exact: bool


def read(sentence: str) -> Reading:
    """What a sentence says of the numbers in it."""
    reading = Reading()
    phrases = list(_phrases(sentence))
    outside = _without(sentence, phrases)
    certain = _UNCERTAIN.search(outside) is None
    lists = [m for m in _LIST.finditer(sentence) if not any(p.start < m.end() and m.start() < p.end for p in phrases)]
    used: set[_Phrase] = set()
    for k, m in enumerate(lists):
        stop = lists[k + 1].start() if k + 1 < len(lists) else len(sentence)
        found = _behind(sentence, m.end(), stop, phrases) if certain and not _INSIDE.search(sentence[: m.start()]) else []
        marks = m[0]
        if found and _OF_ONE.match(sentence, m.end()):
            marks = f"⟦{m[0].rpartition('⟦')[2]}"
        if not found and certain:
            found = _before(sentence, m.start(), lists[k - 1].end() if k else 0, [p for p in phrases if p not in used])
        if found and _consistent(found):
            used |= set(found)
            traits = tuple(dict.fromkeys(t for p in found for t in p.traits))
            reading.sayings.append(Saying(marks, traits, all(p.exact for p in found)))
    free = [p for p in phrases if p not in used]
    for p in free:
        if certain and _says_of_all(sentence, p):
            used.add(p)
            reading.everywhere += p.traits
    left = _without(sentence, [p for p in phrases if p in used])
    for k, m in enumerate(lists):
        start = lists[k - 1].end() if k else 0
        stop = lists[k + 1].start() if k + 1 < len(lists) else len(sentence)
        rest = [w for w in _WORD.findall(f"{left[start : m.start()]} {left[m.end() : stop]}") if w.lower() not in _HARMLESS]
        if rest:
            reading.rest[m[0]] = (*reading.rest.get(m[0], ()), *rest)
    if not lists and (loose := _RESTRICTS.search(left)) is not None:
        reading.loose = loose[0]
    return reading


def _phrases(sentence: str) -> Iterator[_Phrase]:
    """The phrases about numbers, the longest that begin at a place; none of them overlap."""
    at = 0
    while (word := _BEGINS.search(sentence, at)) is not None:
        found = [(m, relations) for pattern, relations in _ROWS if (m := pattern.match(sentence, word.start())) is not None]
        if not found:
            at = word.end()
            continue
        match, relations = max(found, key=lambda f: f[0].end())
        given = {k: v for k, v in match.groupdict().items() if v}
        values = {"A": given.get("a", ""), "B": given.get("b", ""), "V": given.get("a") or given.get("b") or "", "0": "0"}
        traits = tuple((r.split()[0], _numeral(values[r.split()[1]])) for r in relations)
        yield _Phrase(match.start(), match.end(), traits, len(traits) == 1)
        at = match.end()


def _numeral(text: str) -> str:
    return _NUMBERS.get(text.lower(), text)


def _without(sentence: str, phrases: list[_Phrase]) -> str:
    """The sentence with the phrases blanked out."""
    for p in phrases:
        sentence = sentence[: p.start] + " " * (p.end - p.start) + sentence[p.end :]
    return sentence


def _behind(sentence: str, start: int, stop: int, phrases: list[_Phrase]) -> list[_Phrase]:
    """The phrases in the description right behind formulas: "… are positive numbers", "…, all of them positive"."""
    found: list[_Phrase] = []
    at = start
    while at < stop:
        phrase = next((p for p in phrases if p.start == at), None)
        if phrase is not None:
            found.append(phrase)
            at = phrase.end
            follows = re.compile(r"\s*([\w-]+|.)?").match(sentence, at)
            word = (follows[1] or "").lower() if follows is not None else ""
            if not (
                word in ("", ",", ".", ";", ":", "with", "where", "such", "so", "in", "for", "and", "that", "which", "of")
                or word in _NOUNS
            ):
                return []
            continue
        word_here = _WORD.match(sentence, at)
        if word_here is None:
            if sentence[at] not in " ,:":
                return found
            at += 1
        elif word_here[0].lower() in _FILLERS:
            at = word_here.end()
        else:
            return found
    return found


def _before(sentence: str, end: int, start: int, phrases: list[_Phrase]) -> list[_Phrase]:
    """The phrase right before formulas: "for positive numbers …", "given two positive numbers, …"."""
    for p in phrases:
        if not start <= p.start < p.end <= end:
            continue
        between = sentence[p.end : end]
        inner = _WORD.findall(between)
        plain = re.fullmatch(r"[\s\w-]*,?\s*", between) is not None and all(w.lower() in _PREFIX for w in inner)
        ahead = _WORD.findall(sentence[start : p.start])
        if plain and ("," not in between or inner) and not (ahead and ahead[-1].lower() in _COPULAS):
            return [p]
    return []


def _consistent(found: list[_Phrase]) -> bool:
    """Whether phrases can be about the same letter."""
    signs = {sign for p in found for sign, value in p.traits if value == "0"}
    return len(signs & {">", "<"}) < 2 and not ({"≥", "≤"} <= signs)


def _says_of_all(sentence: str, phrase: _Phrase) -> bool:
    """Whether a phrase is said of all letters: "all quantities are positive", "all letters stand for positive numbers"."""
    if "⟦" in "".join(value for _, value in phrase.traits):
        return False
    before = re.sub(
        r"(?:\b(?:are|is|be|being|to|assumed|taken|supposed|stand|stands|for|denote|denotes|strictly|real)\s+)+$",
        "",
        sentence[: phrase.start],
    )
    return before != sentence[: phrase.start] and _ALL.search(before) is not None


# ------------------------------------------------------------------------------------------------------ in a document
@dataclass(slots=True)
class Words:
    """What a paragraph says of numbers: assumptions, relations of every letter, letters with words that are not understood."""

    facts: list[Term] = field(default_factory=list)
    everywhere: list[tuple[str, Term]] = field(default_factory=list)
    open_words: dict[str, str] = field(default_factory=dict)
    related: dict[str, str] = field(default_factory=dict)
    loose: str = ""

    def into(self, scope: Scope) -> None:
        """Take it into the scope of a document."""
        scope.take(*self.facts)
        scope.everywhere = tuple(dict.fromkeys((*scope.everywhere, *self.everywhere)))
        scope.open_words.update(self.open_words)
        scope.related_words.update(self.related)
        scope.loose_words = scope.loose_words or self.loose


def said(text: Marked, context: Context) -> Words:
    """What the sentences of a paragraph say of letters that are numbers."""
    out = Words()
    for sentence in text.sentences():
        reading = read(sentence)
        for saying in reading.sayings:
            names = [n for n in text.letters(saying.marks, context) if not context.sort(n).shape and not context.sort(n).arity]
            for name in names:
                relations = [(sign, _value(v, text, context)) for sign, v in saying.traits]
                out.facts += [Relation(sign, Sym(name), v) for sign, v in relations if v is not None]
                if not saying.exact or any(v is None for _, v in relations):
                    out.open_words.setdefault(name, "between")
        out.everywhere += [(sign, Num(int(v))) for sign, v in reading.everywhere]
        for marks, rest in reading.rest.items():
            for name in text.letters(marks, context):
                out.open_words.setdefault(name, " ".join(rest[:4]))
                if (relating := next((w for w in rest if _RELATES.fullmatch(w)), None)) is not None:
                    out.related.setdefault(name, relating)
        out.loose = out.loose or reading.loose
    return out


def _value(text: str, marked: Marked, context: Context) -> Term | None:
    if not text.startswith("⟦"):
        return Num(int(text))
    names = marked.letters(text, context)
    return Sym(names[0]) if len(names) == 1 and not context.sort(names[0]).shape else None
