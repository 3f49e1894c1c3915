"""What a text says of kernels, sentence by sentence, judged from their facts.

A kernel is named where it is written out, `k2 = [[0 0 0], [0 0 1], [0 0 0]]`; what follows, up to the next one, is about it. Read are
claims of weights ("a weight of −1 to the middle-left pixel") and phrases for properties ("an edge detection filter", "reduces noise");
other sentences are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from symderiv.errors import SymderivError
from symderiv.kernels.directions import moved
from symderiv.kernels.facts import Facts
from symderiv.kernels.grid import Kernel, Offset
from symderiv.kernels.properties import PROPERTIES, Judgement
from symderiv.kernels.reading import read_kernel
from symderiv.kernels.scalars import term_of
from symderiv.terms import Source, Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim in a text about the kernel of that name, and what became of it."""

    kernel: str
    span: Span
    claim: str
    judgement: Judgement


KERNEL: Final = re.compile(r"\b(?P<name>[A-Za-z]\w*)\s*=\s*(?P<rows>\[\s*\[[^\n]*?\]\s*\](?:\s*[*/]\s*[\w.]+)?)")

PHRASES: Final = MappingProxyType(
    {
        r"identity (?:filter|kernel|operator)": "identity",
        r"(?:image|input)[\w ]*?(?:unchanged|as it is)": "identity",
        r"(?:shifts?|translates?|moves?) the (?:input )?image": "shift",
        r"horizontal edge[- ]detect\w+": "horizontal edge detector",
        r"edges that are oriented horizontally|horizontal edges|horizontally oriented edges": "horizontal edge detector",
        r"vertical edge[- ]detect\w+": "vertical edge detector",
        r"edges that are oriented vertically|vertical edges|vertically oriented edges": "vertical edge detector",
        r"(?<!horizontal )(?<!vertical )edge[- ]detect\w+|detects? (?:the )?edges(?! that| oriented)": "edge detector",
        r"laplacian": "laplacian",
        r"second derivatives?": "second derivative",
        r"first derivative|computes the gradient": "derivative",
        r"mean filter|box blur|averag(?:e|ing) (?:filter|value)": "mean filter",
        r"smoothing filter|smooth(?:s|es) the image|blurs? the image|low[- ]pass": "smoothing",
        r"gaussian (?:blur|filter|smoothing)": "gaussian",
        r"sharpen(?:s|ing)": "sharpening",
        r"emboss(?:es|ing)?": "emboss",
        r"(?:reduces?|removes?|suppresses) (?:the )?noise": "reduces noise",
    }
)
"""Phrases, and the property that each claims."""

NEGATION: Final = re.compile(
    r"(?:\bnot\b|n't\b|\bno\b|\bnever\b|\bneither\b|\bwithout\b|\brather than\b|\binstead of\b)[^.;]*$", re.IGNORECASE
)

WEIGHT: Final = re.compile(
    r"(?P<weight>[-−]?\d+(?:\s*/\s*\d+|\.\d+)?) to (?:the |each of the |all of the |all )?"
    r"(?P<where>(?:other|\w+ (?:neighbou?ring|surrounding)|neighbou?ring|surrounding) pixels"
    r"|(?:top|upper|middle|bottom|lower)[- ](?:left|right|center|centre|middle)|cent(?:er|re|ral)|middle|left|right)",
    re.IGNORECASE,
)


def judge_text(text: str, path: str | None = None) -> tuple[Finding, ...]:
    """Every claim that is read in a text, in its order; a kernel that cannot be read hides what is said after it."""
    source = Source(text, path)
    found: list[Finding] = []
    kernels = list(KERNEL.finditer(text))
    for n, m in enumerate(kernels):
        end = kernels[n + 1].start() if n + 1 < len(kernels) else len(text)
        try:
            facts = Facts(read_kernel(Span(source, m.start("rows"), m.end("rows"))))
        except SymderivError:
            continue
        for start, stop in _sentences(text, m.end(), end):
            found += _judged(m["name"], facts, Span(source, start, stop))
    return tuple(found)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; a heading ends what is said of a kernel."""
    if (heading := re.compile(r"^#{1,6} ", re.MULTILINE).search(text, start, end)) is not None:
        end = heading.start()
    begun = start
    for m in re.compile(r"[.!?](?=\s)|\n\s*\n").finditer(text, start, end):
        yield begun, m.start()
        begun = m.end()
    yield begun, end


def _judged(name: str, facts: Facts, sentence: Span) -> list[Finding]:
    text, source = sentence.text, sentence.source
    found: list[Finding] = []
    for pattern, claimed in PHRASES.items():
        for m in re.finditer(pattern, text, re.IGNORECASE):
            if NEGATION.search(text[: m.start()]):
                continue
            span = Span(source, sentence.start + m.start(), sentence.start + m.end())
            found.append(Finding(name, span, claimed, PROPERTIES[claimed].judge(facts)))
    named: set[Offset] = set()
    for m in WEIGHT.finditer(text):
        places = _places(m["where"].lower(), facts.kernel, named)
        if places is None or NEGATION.search(text[: m.start()]):
            continue
        named |= places
        span = Span(source, sentence.start + m.start(), sentence.start + m.end())
        found.append(Finding(name, span, m[0], _weights(facts.kernel, places, m["weight"])))
    return sorted(found, key=lambda f: f.span.start)


_COUNTS: Final = MappingProxyType({"four": 4, "eight": 8, "nine": 9, "24": 24, "25": 25})


def _places(where: str, kernel: Kernel, named: set[Offset]) -> set[Offset] | None:
    """The offsets that words stand for; None where the window has no such pixels."""
    down, right = kernel.reach
    window = {at for at, _ in kernel.window()}
    if where.startswith("other"):
        return window - named
    if where.endswith("pixels"):
        around = window - {(0, 0)}
        count = _COUNTS.get(where.split()[0])
        if count is None or count == len(around):
            return around
        if count == len(window):
            return window
        return {(i, j) for i, j in around if abs(i) + abs(j) == 1} if count == 4 else None
    words = re.split(r"[- ]", where)
    i = next((d for w, d in (("top", -down), ("upper", -down), ("bottom", down), ("lower", down)) if w in words), 0)
    j = next((d for w, d in (("left", -right), ("right", right)) if w in words), 0)
    return {(i, j)}


def _weights(kernel: Kernel, places: set[Offset], said: str) -> Judgement:
    weight = Fraction(said.replace("−", "-").replace(" ", ""))
    for at in sorted(places):
        if (found := kernel.weight(*at)) != weight:
            off = moved((Fraction(at[1]), Fraction(at[0])))
            place = f"{off} of the centre" if off else "at the centre"
            return Judgement(None if kernel.letters else False, f"the weight {place} is {term_of(found)}, not {weight}")
    return Judgement(True, f"the weight there is {weight}")
