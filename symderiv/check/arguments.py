"""The parts of a proof by induction in a text: claim, base case, hypothesis, step and conclusion, told by the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final, Literal

from symderiv.check.claim import Claim
from symderiv.terms import Term

PartName = Literal["claim", "lemma", "base", "hypothesis", "step", "resume", "conclusion", "proof"]

_WORDS: Final[tuple[tuple[PartName, re.Pattern[str]], ...]] = (
    ("resume", re.compile(r"\bproof of the (?:claim|theorem|proposition)\b", re.IGNORECASE)),
    ("proof", re.compile(r"^\W*proof of (?:the |this )?lemma\b", re.IGNORECASE)),
    ("lemma", re.compile(r"\blemma\b", re.IGNORECASE)),
    (
        "base",
        re.compile(r"\b(?:base(?: case)?|basis|induction (?:start|base|basis|beginning)|initial case|anchor)\b", re.IGNORECASE),
    ),
    (
        "hypothesis",
        re.compile(
            r"\b(?:induct\w+ (?:hypothesis|assumption)|(?:assume|suppose)\b[^.]*\b(?:claim|formula|statement|equation|true|holds?|some|proven)\b)",
            re.IGNORECASE,
        ),
    ),
    ("step", re.compile(r"\b(?:induct\w+ step|inductive case|(?:we|now) (?:show|prove|consider)\b[^.]*\+ ?1\b)", re.IGNORECASE)),
    (
        "conclusion",
        re.compile(r"\b(?:conclusion|by (?:mathematical )?induction,|this (?:completes|proves|shows)|q\.?e\.?d)\b", re.IGNORECASE),
    ),
    ("proof", re.compile(r"^\W*proof\b(?! by| is)", re.IGNORECASE)),
    (
        "claim",
        re.compile(
            r"\b(?:claim|theorem|proposition|statement|we (?:claim|show|prove)|to (?:show|prove)|show that|prove that)\b",
            re.IGNORECASE,
        ),
    ),
)
_MATHS: Final = re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]|\\begin\{(\w+\*?)\}.*?\\end\{\1\}|```.*?```|<!--.*?-->", re.DOTALL)
_TITLE: Final = re.compile(r"^# [^\n]*|\\title\{[^}]*\}", re.MULTILINE)


_COUNTED: Final = (
    re.compile(r"\b[Ii]nduct\w*\s+(?:on|over|in)\s+\$?\\?(?P<letter>[A-Za-z])\b"),
    re.compile(r"(?P<letter>\b[A-Za-z])\$?\s*(?:\\to|\\mapsto|\\rightarrow|→|->|to)\s*\$?\s*(?P=letter)\s*\+\s*1\b"),
)
"""How a text says on which letter an induction is."""


_EVERY: Final = re.compile(r"(?P<letter>[A-Za-z])\s*(?:\\geq?q?|\\ge|≥|>=|\\geqslant|\\in\s*\\\{)\s*(?P<low>\d+)")
_NATURAL: Final = re.compile(
    r"(?:natural|positive (?:integer|whole)) (?:numbers? )?\$?(?P<letter>[A-Za-z])\b|(?P<member>[A-Za-z])\s*\\in\s*\\(?:mathbb\{?\s*)?N\b\}?(?!_)"
)


def counted(text: str) -> dict[str, int | None]:
    """The letters on which the inductions of a text are, and from where on; None where that is not said, or differs.

    >>> counted(r"For all $n ≥ 1$ we use induction on $n$: the step from k to k + 1 is easy.")
    {'n': 1, 'k': None}
    """
    letters = dict.fromkeys(found["letter"] for pattern in _COUNTED for found in pattern.finditer(text))
    starts = {x: set(starts_of(x, text)) for x in letters}
    return {x: min(lows) if len(lows) == 1 else None for x, lows in starts.items()}


def starts_of(letter: str, text: str) -> list[int]:
    """The smallest values that a text gives for a letter: n ≥ 1, n ∈ {1, …, K}, a natural number n."""
    found = [int(f["low"]) for f in _EVERY.finditer(text) if f["letter"] == letter]
    return found or [1 for f in _NATURAL.finditer(text) if letter in (f["letter"], f["member"])][:1]


@dataclass(slots=True)
class Part:
    """A part of a proof, from a line on: the words of its first paragraph, and the chains of its formulas."""

    name: PartName
    line: int
    words: str
    chains: list[list[Claim]] = field(default_factory=list)


@dataclass(slots=True)
class Argument:
    """One claim and the parts of its proof."""

    claim: Part | None
    parts: list[Part] = field(default_factory=list)

    def named(self, name: PartName) -> list[Part]:
        """The parts of a kind."""
        return [p for p in self.parts if p.name == name]


def parts_of(text: str, claims: Sequence[Claim]) -> list[Part]:
    """The parts of a text in order, with the chains that stand in them; what comes before the first one is left out."""
    parts = list(_marks(text))
    for chain in _chains(claims):
        line = chain[0].span.line
        inside = [p for p in parts if p.line <= line]
        if inside:
            inside[-1].chains.append(chain)
    return parts


def arguments_of(parts: Iterable[Part]) -> list[Argument]:
    """Parts put together to arguments: a lemma in the middle has parts of its own."""
    open_ones: list[Argument] = []
    done: list[Argument] = []
    for p in parts:
        if p.name in ("claim", "lemma"):
            if open_ones and not open_ones[-1].parts and p.name == "claim":
                if p.chains:
                    open_ones[-1].claim = p
                continue
            if p.name == "claim" and not p.chains:
                continue
            open_ones.append(Argument(p))
        elif p.name == "resume":
            if len(open_ones) > 1:
                done.append(open_ones.pop())
        else:
            if not open_ones:
                open_ones.append(Argument(None))
            parts = open_ones[-1].parts
            if parts and parts[-1].name == p.name and not parts[-1].chains:
                parts[-1].chains = p.chains
            else:
                parts.append(p)
    return [*done, *reversed(open_ones)]


def _marks(text: str) -> Iterator[Part]:
    """Where a part begins: words that name it, at the beginning of a line or sentence, outside of displayed formulas."""
    words = _MATHS.sub(_blank, _TITLE.sub(_blank, text, count=1))
    paragraphs = list(re.finditer(r"(?:[^\n]+\n?)+", words))
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        for sentence in re.finditer(r"[^.:]*(?:[.:](?=\s|\*|$)|$)", paragraph[0]):
            found = _named(sentence[0])
            if found is not None:
                start = paragraph.start() + sentence.start() + len(sentence[0]) - len(sentence[0].lstrip("\n *_#>"))
                rest = paragraph[0][sentence.start() :]
                if paragraph[0].startswith("#") and following is not None:
                    rest += following[0]
                yield Part(found, text.count("\n", 0, start) + 1, " ".join(rest.split()))


def _blank(found: re.Match[str]) -> str:
    """As much white space, the lines kept."""
    return re.sub(r"[^\n]", " ", found[0])


def _named(sentence: str) -> PartName | None:
    for name, pattern in _WORDS:
        if pattern.search(sentence):
            return name
    return None


def _chains(claims: Sequence[Claim]) -> Iterator[list[Claim]]:
    """Claims that go on from each other, each chain by itself."""
    chain: list[Claim] = []
    for c in claims:
        if chain and c.left_term is not None and _same(chain[-1].term, c.left_term) and c.left_term.span == _span(chain[-1].term):
            chain.append(c)
        else:
            if chain:
                yield chain
            chain = [c]
    if chain:
        yield chain


def _same(a: Term | None, b: Term) -> bool:
    return a is not None and a == b


def _span(t: Term | None) -> object:
    return None if t is None else t.span
