"""A document from its first piece to its last: what declares is taken into the scope, what claims is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from symderiv.check import gradients, layouts, members, number_words, properties, sizes
from symderiv.check.arguments import counted
from symderiv.check.chains import Chains
from symderiv.check.chance import read_moments, with_chances
from symderiv.check.claim import Claim
from symderiv.check.documents import Document, Piece
from symderiv.check.english import (
    ASSUMES,
    CONDITION,
    DECLARES,
    DEFINED_AS,
    DEFINES,
    SENTENCE_END,
    SOLVES,
    described,
)
from symderiv.check.marked import marked
from symderiv.check.network_claims import judge_weights, speaks_of_weights
from symderiv.check.scope import Scope, deviation, is_number, name_of
from symderiv.decide import certain
from symderiv.errors import ReadError
from symderiv.read import Statement, is_latex, statements
from symderiv.read.vocabulary import GREEK
from symderiv.terms import REAL, Entry, Fn, Layer, Num, Pow, Relation, Sort, Span, Sum, Sym, Term

LONGEST_LEAD: Final = 600
"""Characters of a sentence before a formula that are looked at."""
LONGEST_FORMULA: Final = 20_000
"""Characters of a formula that is still read."""

_CONDITIONS: Final = frozenset(("≠", "<", "≤", ">", "≥"))
_MEMBERSHIP: Final = re.compile(r"\\in\b|∈|\\colon|:(?!=)|\\(?:l|c|h)?dots\b|\.\.\.|…")
_IN_A_SET: Final = re.compile(r"\\in\b|∈|\\subset|⊂")
_COMPARES: Final = frozenset(("<", ">", "≤", "≥", "∈", "⊂", "⊆"))
_EQUATION_IN: Final = re.compile(r"(?<![:<>≤≥])=.*(?:\\in\b|∈)", re.DOTALL)
_RANGE: Final = re.compile(
    r"\s*(?P<letters>[A-Za-z](?:\s*,\s*[A-Za-z])*)\s*(?:=|\\in|∈)\s*(?:\\?\{)?\s*(?P<low>\d+)\s*,\s*(?:\d+\s*,\s*)*"
    r"(?:\\[lcd]?dots|\.\.\.|…)\s*,?\s*(?P<high>[A-Za-z0-9]+(?:_\w|_\{\w+\})?(?:\s*[-+]\s*[A-Za-z0-9]+)?|\|[A-Za-z]+\|)\s*(?:\\?\})?\s*[.,]?\s*"
)
_ENDLESS: Final = re.compile(
    r"\s*(?P<letters>[A-Za-z](?:\s*,\s*[A-Za-z])*)\s*(?:=|\\in|∈)\s*(?:\\?\{)?\s*(?P<low>\d+)\s*,\s*(?:\d+\s*,\s*)+(?:\\[lcd]?dots|\.\.\.|…)\s*(?:\\?\})?\s*[.,]?\s*"
)
_ATTACHED: Final = re.compile(
    r"^[\s,;:]*(?:if|for|when|whenever|where|with|provided|unless|as)(?:\s+(?:all|every|each|any|that|both))*\s*$", re.IGNORECASE
)
_VARIABLES: Final = re.compile(
    r"\b(?:variables?|numbers?|scalars?|parameters?|constants?|inputs?|reals?)\s*(?:§|,|\band\b|\s)*$", re.IGNORECASE
)
_DESCRIBES: Final = re.compile(r"^\s*,?\s*(?:is|are|be|denotes?|has|have|a|an|the|being|runs?|stands? for)\b", re.IGNORECASE)
_NUMBERS: Final = re.compile(
    r"^\s*(?:are|be|is)\s+(?:all\s+)?(?:an?\s+)?(?:real(?:[ -]valued)?\s+)?(?:numbers?|scalars?|reals?)\b", re.IGNORECASE
)
_LETTER: Final = r"\\?[A-Za-z]+(?:\{\\?[A-Za-z]+\})?(?:_\w|_\{\w+(?:\s*,\s*\w+)*\})?"
_OPERATOR: Final = r"(?:[<>≠≤≥]|\\(?:[gl]eq?(?:slant)?|n?eq?|[gl]t)(?![A-Za-z]))"
_ON_EACH: Final = re.compile(
    rf"\s*(?P<low>[^,<>=\\]+{_OPERATOR}\s*)?(?P<letters>{_LETTER}(?:\s*,\s*{_LETTER})+)(?P<high>\s*{_OPERATOR}[^,]+)?[\s.,]*"
)
"""A condition that is said of several letters at once."""
_ONE_LETTER: Final = re.compile(r"\s*\\?[A-Za-z]+(?:_\w|_\{\w+\})?\s*")
_OPENS_LIST: Final = re.compile(r"\b(?:let|for|for all|for every|where|with|and|given|suppose|numbers|take|fix)\s*$", re.IGNORECASE)
"""Words after which a list of letters begins that are all of one kind."""
_WHERE: Final = re.compile(r"^[\s,;]*where\s*$", re.IGNORECASE)
_JOINS: Final = re.compile(r"^\s*(?:,|and|or|, and)?\s*$", re.IGNORECASE)
_MENTIONS: Final = re.compile(r"[A-Za-z]{3,}")
_CASE_OF_VALUE: Final = re.compile(r"§[^§.]*\b(?:be|is|equals?|being)\b[^.]*\b(?:if|when)\s*$", re.IGNORECASE)
_ELSE: Final = re.compile(r"^\s*,?\s*(?:and\s*$|and (?:zero|is|0)|else|otherwise|or)\b", re.IGNORECASE)
_FUNCTION_OF: Final = re.compile(r"^\s*(?:be|is|are|,)?[^.$]*\bfunctions? of\s*$", re.IGNORECASE)
"""Words that end with what is to follow: "let f and g be differentiable functions of $x$"."""
_SATISFIES: Final = re.compile(
    r"\b(?:satisf(?:y|ies|ying)|obey(?:s|ing)?|fulfil\w*)(?: the (?:bound|inequality|recursion|estimate))?\s*$", re.IGNORECASE
)
_STEP_WORDS: Final = re.compile(
    r"\b(?:then|therefore|thus|hence|so|we (?:get|have|obtain|find)|gives?|yields?|becomes?|follows?|show that|prove that|equals?)\b[^.]*$",
    re.IGNORECASE,
)


_RESTATES: Final = re.compile(
    r"[\s.,:;]*(?:(?:then|therefore|thus|hence|so|so that|and so|consequently|equivalently|that is|i\.e\.|in other words|expanding|simplifying"
    r"|written out|expanded|simplified|we (?:then )?(?:get|have|obtain|find)|one (?:gets|has|obtains)|this|which|it|expression"
    r"|can (?:also )?be (?:re)?written as|is|gives|yields|becomes|means|simplifies to|is the same as|equals)(?:[\s.,:;]+(?:that\s+)?|$))*",
    re.IGNORECASE,
)
"""Words, or none, after which a name has the meaning that it was given before."""


@dataclass(slots=True)
class _Item:
    """Words or a formula of a paragraph."""

    piece: Piece
    ignored: bool = False

    @property
    def formula(self) -> bool:
        return self.piece.kind in ("inline", "display")

    @property
    def text(self) -> str:
        return self.piece.span.text


class Checker:
    """The claims of one document, in order."""

    def __init__(self, document: Document, scope: Scope | None = None) -> None:
        self.document = document
        self.scope = scope or Scope()
        self.chains = Chains(document, self.scope)
        self._dependent: tuple[str, ...] = ()

    def claims(self) -> Iterator[Claim]:
        """Every claim with its verdict, as soon as its paragraph was read."""
        for letter, start in counted(self.document.source.text).items():
            if letter not in self.scope.context.sorts:
                self.scope.context = self.scope.context.declare(letter, Sort("integer"))
                if start is not None:
                    self.scope.context = self.scope.context.assume(Relation("≥", Sym(letter), Num(start)))
        paragraph: list[_Item] = []
        ignore = False
        for piece in self.document.pieces:
            match piece.kind:
                case "words" | "inline" | "display":
                    if piece.kind != "words" and piece.span.end - piece.span.start > LONGEST_FORMULA:
                        yield too_long(piece.span, self.document)
                    elif piece.kind != "words":
                        paragraph.append(_Item(piece, ignore))
                        ignore = False
                    else:
                        paragraph.append(_Item(piece))
                case "break":
                    yield from self._paragraph(paragraph)
                    paragraph = []
                case "ignore":
                    ignore = True
                case _:
                    yield from self._paragraph(paragraph)
                    paragraph = []
                    yield from self._block(piece)
        yield from self._paragraph(paragraph)

    def _block(self, piece: Piece) -> Iterator[Claim]:
        if piece.kind == "heading":
            self.scope.section()
            self.chains.restart()
            self.scope.mentioned |= {w.lower() for w in _MENTIONS.findall(piece.span.text)}
        elif piece.kind == "code":
            from symderiv.check.code_claims import code_claims

            yield from code_claims(piece.span, self.document, self.scope)
        elif piece.kind == "plain":
            yield from self._given(piece.span)

    def _given(self, span: Span) -> Iterator[Claim]:
        """A block of plain text: formulas that the exercise gives are definitions; a text that is none is passed over."""
        found = statements(span, self.scope.here, latex=is_latex(span.text))
        if any(s.errors or not s.relations or name_of_side(s.sides[0]) is None for s in found):
            return
        for s in found:
            yield from self.chains.defined(s)

    # ------------------------------------------------------------------------------------------------- paragraphs
    def _paragraph(self, items: list[_Item]) -> Iterator[Claim]:
        if not items:
            return
        words = " ".join(i.text for i in items if not i.formula)
        self.scope.mentioned |= {w.lower() for w in _MENTIONS.findall(words)}
        if any(i.piece.kind == "inline" for i in items) or words.strip(" \n\t.,:;"):
            self.scope.paragraph(_speaks(items))
        self._listed(items)
        if _RESTATES.fullmatch(words) is None:
            self.chains.fresh.clear()
        belonging = [
            i.piece.span
            for i in items
            if i.piece.kind == "inline" and "=" not in i.text and _is_membership(i.text) and ":" not in i.text
        ]
        self._ranges(items)
        for span in [s for s in belonging if not self.scope.declare(s)]:
            if not self.scope.declare(span, open_ranges=True) and _IN_A_SET.search(span.text):
                self._not_understood(span)
        self._phrases(items)
        self.scope.context = with_chances(
            [(i.formula, i.piece.span.text) for i in items if i.piece.kind != "display"], self.scope.context
        )
        before = self.chains.lead if items[0].formula else ""
        pending: list[str] = []
        skip = -1
        ahead: dict[int, list[Claim]] = {}
        seen: list[Span] = []
        for k, item in enumerate(items):
            if k in ahead:
                yield from ahead[k]
                before = (before + " § ")[-LONGEST_LEAD:]
                continue
            if not item.formula:
                ends = [m.end() for m in SENTENCE_END.finditer(item.text)]
                if ends:
                    before, pending = item.text[ends[-1] :], []
                else:
                    before = (before + item.text)[-LONGEST_LEAD:]
                continue
            if k <= skip or item.ignored:
                before = (before + " § ")[-LONGEST_LEAD:]
                continue
            after = items[k + 1].text if k + 1 < len(items) and not items[k + 1].formula else ""
            if item.piece.kind == "display" and _WHERE.match(after) and self._explains(items[k + 2 : k + 3], item):
                ahead[k + 2] = list(self._formula(items[k + 2], after, "", [], ()))
            conditions, skip = self._attached(items, k)
            here = conditions if not conditions or _by_case(items[k + 1].text) or not DECLARES.search(before) else ()
            self.scope.solving = SOLVES.search(before) is not None
            derived = gradients.in_words(before, seen, self.scope)
            seen.append(item.piece.span)
            claims = [*self._called(item, derived, here)] if derived is not None else []
            claims = claims or [*self._formula(item, before, after, pending, here), *self._weights(item, before)]
            judged = any(c.verdict != "definition" for c in claims)
            if conditions and not judged and not _by_case(items[k + 1].text):
                self._assume(list(conditions), permanent=True)
            yield from claims
            before = (before + " § ")[-LONGEST_LEAD:]
        self.chains.lead = before if before.rstrip().endswith(":") or not SENTENCE_END.search(before) else ""
        if items[-1].piece.kind == "display":
            self.chains.lead = ""

    def _ranges(self, items: list[_Item]) -> None:
        """The ranges i = 1, …, m of a paragraph, which may stand behind what is declared with them; not those given twice."""
        found: dict[str, set[tuple[str, str]]] = {}
        for item in items:
            if item.piece.kind == "inline" and (bounds := range_of(item.text)) is not None:
                for letter in bounds[0]:
                    found.setdefault(letter, set()).add(bounds[1:])
        for letter, ranges in found.items():
            if len(ranges) == 1:
                self.scope.declare_range((letter,), *ranges.pop())

    def _listed(self, items: list[_Item]) -> None:
        """Letters of which the last one of a list says what they are: "Let $a$, $b \\in \\mathbb{N}$"."""
        for k, item in enumerate(items):
            found = _IN_A_SET.search(item.text)
            if item.piece.kind != "inline" or found is None or "=" in item.text or "^" in item.text:
                continue
            letters: list[str] = []
            at = k - 1
            while (
                at >= 1
                and items[at - 1].piece.kind == "inline"
                and _JOINS.match(items[at].text)
                and _ONE_LETTER.fullmatch(items[at - 1].text)
            ):
                letters.append(items[at - 1].text)
                at -= 2
            if not letters or not (at < 0 or (not items[at].formula and _OPENS_LIST.search(items[at].text))):
                continue
            for letter in letters:
                self.scope.declare(f"{letter} {item.text[found.start() :]}")

    def _called(self, item: _Item, derived: Term, conditions: tuple[Term, ...]) -> Iterator[Claim]:
        """The claims of a formula H = …, where the words before it say which derivative H is."""
        found = statements(item.piece.span, self.scope.here, latex=True)
        name = name_of_side(found[0].sides[0]) if len(found) == 1 and found[0].relations[:1] == ("=",) else None
        if name is None or found[0].sides[0] != Sym(name) or name in self.scope.known() - self.scope.stale:
            return
        self.scope.context = self.scope.context.define(name, (), derived)
        self.scope.stale.discard(name)
        self.scope.called = name
        yield from self.chains.claimed(found[0], conditions)
        self.scope.called = ""

    def _explains(self, items: list[_Item], display: _Item) -> bool:
        """Whether a formula, "where D = …", says what a letter of the display before it is, of which nothing is known yet."""
        if not items or items[0].piece.kind != "inline":
            return False
        found = statements(items[0].piece.span, self.scope.here, latex=True)
        if (
            len(found) != 1
            or found[0].errors
            or found[0].relations != ("=",)
            or not all(isinstance(t, Term) for t in found[0].sides)
        ):
            return False
        left, right = (t.bare for t in found[0].sides if isinstance(t, Term))
        known = self.scope.known()
        if not isinstance(left, Sym) or left.name in known or isinstance(right, Sym) or is_number(right):
            return False
        shown = statements(display.piece.span, self.scope.here, latex=True)
        return any(left.name in t.free for s in shown for t in s.sides[1:] if isinstance(t, Term))

    def _phrases(self, items: list[_Item]) -> None:
        """What the words say of letters: sizes, that they are arrays, properties, the layout of derivatives, the order of products."""
        text = marked(
            [(i.formula and i.piece.kind == "inline", i.piece.span) for i in items if i.formula <= (i.piece.kind == "inline")]
        )
        for declaration in sizes.declarations(text, self.scope.here):
            self.scope.declare(declaration)
        self.scope.arrays |= sizes.arrays(text, self.scope.here)
        for name, array in members.said(text, self.scope.here):
            self.scope.context = self.scope.context.define(name, (), array)
        for name, words, facts in properties.said(text, self.scope.here):
            self.scope.call(name, words, facts)
        number_words.said(text, self.scope.here).into(self.scope)
        self.scope.take(*layouts.layouts(text))
        for item in items:
            if not item.formula:
                self.scope.speak_of_order(" ".join(item.text.split()))

    def _weights(self, item: _Item, before: str) -> Iterator[Claim]:
        """What is said of the weights of a whole network."""
        if item.piece.kind != "inline" or not speaks_of_weights(before):
            return
        found = [s for s in statements(item.piece.span, self.scope.here, latex=True) if not s.relations]
        if len(found) != 1 or not isinstance(found[0].sides[0], Term):
            return
        judged = judge_weights(found[0].sides[0].bare, self.scope.here, self.scope.equations)
        if judged is None:
            return
        verdict, reason, right = judged
        span = self.document.original(item.piece.span)
        suggestion = right if verdict.kind == "refuted" else None
        said = "the weights of the network"
        yield Claim(
            span,
            said,
            "=",
            item.text.strip(),
            verdict.kind,
            verdict.method,
            reason=reason,
            suggestion=suggestion,
            cell=self.document.cell_of(span),
        )

    def _attached(self, items: list[_Item], k: int) -> tuple[tuple[Term, ...], int]:
        """The conditions that follow a formula ("for $j = k$"), and the last item that they take."""
        conditions: list[Term] = []
        last = k
        while last + 2 < len(items) and not items[last + 1].formula and items[last + 2].piece.kind == "inline":
            joined = _ATTACHED.match(items[last + 1].text) or (last > k and _JOINS.match(items[last + 1].text))
            if not joined:
                break
            span = items[last + 2].piece.span
            if (bounds := range_of(span.text)) is not None:
                self.scope.declare_range(*bounds)
            elif _is_membership(span.text):
                if not self.scope.declare(span):
                    break
            else:
                found = self._conditions(span)
                if found is None:
                    break
                conditions += found
            last += 2
        return tuple(conditions), last

    def _conditions(self, span: Span) -> list[Term] | None:
        """The relations that a formula writes if it is a condition: j = k, x > 0, a, b > 0; None if it is not."""
        if (endless := _ENDLESS.fullmatch(span.text)) is not None:
            return [Relation("≥", Sym(letter), Num(int(endless["low"]))) for letter in re.findall(r"[A-Za-z]", endless["letters"])]
        out: list[Term] = []
        for s in (s for text in _one_by_one(span) for s in statements(text, self.scope.here, latex=True)):
            sides = [t for t in s.sides if isinstance(t, Term)]
            if s.errors or len(sides) != len(s.relations) + 1 or not s.relations:
                return None
            for a, r, b in zip(sides, s.relations, sides[1:], strict=False):
                simple = r in _CONDITIONS or (r == "=" and _simple(a) and _simple(b) and not self._is_first_member(a))
                if not simple:
                    return None
                out.append(Relation(r, a.bare, b.bare))
            out += [c.bare for c in s.conditions]
        return out or None

    def _is_first_member(self, left: Term) -> bool:
        """Whether an equation gives a member, v_0 = 0, of a sequence that is defined: that is no condition on letters."""
        match left.bare:
            case Entry(children=(Sym(stem), Num(at))):
                first = str(at)
            case Sym(name):
                stem, _, first = name.partition("_")
            case _:
                return False
        return first == "0" or (first.isdigit() and stem in self.scope.lines)

    # --------------------------------------------------------------------------------------------------- formulas
    def _formula(self, item: _Item, before: str, after: str, pending: list[str], conditions: tuple[Term, ...]) -> Iterator[Claim]:
        span = item.piece.span
        display = self.chains.displayed = item.piece.kind == "display"
        self.chains.follows = display and not conditions and _RESTATES.fullmatch(before.rpartition("§")[2]) is not None
        declares = DECLARES.search(before) is not None and not _STEP_WORDS.search(before)
        functions = frozenset(re.findall(r"\b[A-Za-z]\b", before)) if re.search(r"\bfunctions?\b", before) else frozenset()
        found = statements(span, self.scope.here, latex=True)
        if not display and len(found) == 1 and not found[0].relations and not found[0].conditions:
            if _IN_A_SET.search(span.text):
                self._not_understood(span)
            self._letter(found[0], before, after, pending, declares)
            return
        if not display and declares and self._moments(found):
            return
        if _is_membership(span.text) and not display and self.scope.declare(span, functions, open_ranges=True):
            return
        if not display and (bounds := range_of(span.text)) is not None:
            self.scope.declare_range(*bounds)
            return
        if not display and CONDITION.search(before) and (condition := self._conditions(span)) is not None:
            if not (_CASE_OF_VALUE.search(before) or _ELSE.match(after)):
                permanent = re.search(r"\b(?:assume|suppose|let)\b[^§]*$", before, re.IGNORECASE)
                self._assume(condition, permanent=permanent is not None)
            return
        if not display and declares and (condition := self._conditions(span)) is not None and self._assumes(condition, before):
            self._assume(condition, permanent=True)
            self.scope.declare(span)
            return
        yield from self._statements(found, span, before, conditions, display=display, declares=declares)

    def _statements(
        self, found: tuple[Statement, ...], span: Span, before: str, conditions: tuple[Term, ...], *, display: bool, declares: bool
    ) -> Iterator[Claim]:
        defines = declares and DEFINES.search(before) is not None
        for s in found:
            if s.errors and not display and (declares or _IN_A_SET.search(span.text)):
                self._not_understood(span)
            if not s.relations:
                if display and s.errors:
                    yield from self.chains.unread(s)
                continue
            if not display and not {"=", ":="} & set(s.relations):
                if _COMPARES & set(s.relations):
                    self._compared(s, before, declares=declares)
                continue
            if not display and properties.PHRASE.search(before) and self._fact(s):
                continue
            if display and name_of_side(s.sides[0]) is None and not self._squares(s.sides[0]):
                yield from self.chains.claimed(s, conditions)
            elif defines or (declares and not self._states(s)) or DEFINED_AS.search(before):
                yield from self.chains.defined(s, conditions, replaces=defines or bool(DEFINED_AS.search(before)))
            else:
                yield from self.chains.claimed(s, conditions)

    def _compared(self, s: Statement, before: str, *, declares: bool) -> None:
        """An inequality in running text: what is known already says nothing new, "let a satisfy" is an assumption."""
        found = self._conditions(s.span) or []
        if found and all(isinstance(c, Relation) and certain(c, self.scope.here) for c in found):
            return
        if found and declares and _SATISFIES.search(before):
            self._assume(found, permanent=True)
        else:
            self._not_understood(s.span)

    def _not_understood(self, span: Span) -> None:
        """Something is said of these letters that is not understood: nothing is refuted that depends on it."""
        for name in re.findall(r"\\[A-Za-z]+|[A-Za-z]+", span.text):
            letter = name.removeprefix("\\")
            if len(name) == 1 or letter in GREEK.values():
                self.scope.call(letter, f"said to be {' '.join(span.text.split())}"[:80], None)

    def _moments(self, found: tuple[Statement, ...]) -> bool:
        """Whether a formula gives moments of random letters, as in "with $E[X] = m$"; they are taken into the context."""
        context = self.scope.context
        for s in found if context.random else ():
            left, right = s.sides if len(s.sides) == 2 and s.relations == ("=",) else (None, None)
            more = read_moments(left.bare, right.bare, context) if isinstance(left, Term) and isinstance(right, Term) else None
            if more is None:
                return False
            context = more
        changed = context is not self.scope.context
        self.scope.context = context
        return changed

    def _fact(self, s: Statement) -> bool:
        """Whether a statement beside words such as one-hot or probabilities says a fact: that the entries sum to 1."""
        if len(s.sides) != 2 or s.errors or s.relations != ("=",) or name_of_side(s.sides[0]) is not None:
            return False
        left, right = s.sides
        if not isinstance(left, Sum) or not isinstance(right, Term):
            return False
        self.scope.context = self.scope.context.assume(Relation("=", left.bare, right.bare))
        return True

    def _squares(self, side: Term | ReadError) -> bool:
        """Whether a side is the square of a standard deviation, which defines the deviation."""
        return isinstance(side, Term) and deviation(side) is not None

    def _states(self, s: Statement) -> bool:
        """Whether a statement says something of what is defined already."""
        return isinstance(s.sides[0], Term) and self.scope.is_defined(s.sides[0])

    def _assumes(self, conditions: list[Term], before: str) -> bool:
        """Whether relations in a declaration are assumptions, rather than a definition."""
        for c in conditions:
            if isinstance(c, Relation) and c.op == "=":
                known = self.scope.known()
                if not ASSUMES.search(before) and not (c.left.free | c.right.free) <= known:
                    return False
                if isinstance(c.left, Sym) and c.left.name not in known and not is_number(c.right):
                    return False
                a_member = isinstance(c.left, (Entry, Layer)) and not self.scope.is_defined(c.left)
                if a_member and not ASSUMES.search(before) and not is_number(c.right):
                    return False
        return True

    def _assume(self, conditions: list[Term], *, permanent: bool) -> None:
        if permanent:
            self.scope.context = self.scope.context.assume(*conditions)
        else:
            kept = [c for c in self.scope.temporary if not _contradicts(c, conditions)]
            self.scope.temporary = (*kept, *conditions)

    def _letter(self, s: Statement, before: str, after: str, pending: list[str], declares: bool) -> None:
        """A letter by itself: "where $K$ is the number of classes"."""
        side = s.sides[0] if s.sides else None
        if not isinstance(side, Term):
            return
        if isinstance(side.bare, Pow) and isinstance(side.bare.left, (Entry, Layer)):
            side = side.bare.left
        if (name := name_of(side)) is None:
            return
        self.scope.mentioned.add(name)
        if self._dependent and isinstance(side.bare, Sym):
            for known in self._dependent:
                if known not in self.scope.context.definitions and known != name:
                    self.scope.context = self.scope.context.define(known, (), Fn(known, Sym(name)))
            self._dependent = ()
            pending.clear()
            return
        if isinstance(side.bare, (Entry, Layer)):
            pending.append(name)
            if declares and _NUMBERS.match(after):
                for known in [n for n in pending if n not in self.scope.context.sorts]:
                    self.scope.context = self.scope.context.declare(known, REAL)
                pending.clear()
            return
        pending.append(name)
        if _FUNCTION_OF.search(after) and declares:
            self._dependent = tuple(dict.fromkeys(pending))
        if isinstance(side.bare, Sym) and name not in self.scope.context.sorts and _VARIABLES.search(before):
            self.scope.context = self.scope.context.declare(name, REAL)
        if _DESCRIBES.match(after) and isinstance(side.bare, Sym):
            words = re.split(r"[.;]|,\s*(?:and|which|where)\b", after)[0]
            for known in pending:
                if declares or re.match(r"\s*(?:is|are|be|denotes?)\b", after):
                    self.scope.context = described(known, words, self.scope.context)
            pending.clear()


def too_long(span: Span, document: Document) -> Claim:
    """A formula that is longer than any that is read."""
    place = document.original(Span(span.source, span.start, span.start + 1))
    reason = f"this formula has {span.end - span.start} characters; up to {LONGEST_FORMULA} are read"
    return Claim(place, " ".join(span.text[:60].split()) + " …", "", "", "unread", reason=reason, cell=document.cell_of(span))


def name_of_side(side: Term | ReadError) -> str | None:
    """The name that a side defines; None for what cannot be read."""
    return name_of(side) if isinstance(side, Term) else None


def range_of(text: str) -> tuple[tuple[str, ...], str, str] | None:
    r"""The letters and bounds of a range such as `i, j = 1, 2, \dots, K`; None for any other text.

    >>> range_of(r"j=1,2,\ldots,K")
    (('j',), '1', 'K')
    """
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    return tuple(re.findall(r"[A-Za-z]", found["letters"])), found["low"], re.sub("[{}]", "", found["high"])


def _by_case(words: str) -> bool:
    """Whether the words before a condition make what stands before them one case of several."""
    return re.search(r"\b(?:if|when|whenever|for)\b", words, re.IGNORECASE) is not None


def _is_membership(text: str) -> bool:
    """Whether a formula says where its letters are from, and is no equation that says so besides."""
    return _MEMBERSHIP.search(text) is not None and _EQUATION_IN.search(text) is None


def _one_by_one(span: Span) -> list[Span | str]:
    """A condition on several letters, a, b > 0 or 0 < p, q < 1, for each of them; any other formula as it is."""
    found = _ON_EACH.fullmatch(span.text)
    if found is None:
        return [span]
    return [f"{found['low'] or ''}{letter}{found['high'] or ''}" for letter in re.findall(_LETTER, found["letters"])]


def _simple(t: Term) -> bool:
    return is_number(t) or (not isinstance(t.bare, Fn) and name_of(t) is not None) or isinstance(t.bare, Num)


def _speaks(items: list[_Item]) -> bool:
    """Whether a paragraph says something besides its formulas and their conditions."""
    return any(not i.formula and not _ATTACHED.match(i.text) and re.search(r"[A-Za-z]{2,}", i.text) for i in items)


def _contradicts(c: Term, conditions: list[Term]) -> bool:
    """Whether new conditions are about the same letters, so that the old one ends."""
    return any(c.free == d.free for d in conditions)
