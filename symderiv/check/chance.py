"""What the words of a paragraph say of random letters: "let $X$ and $Y$ be independent random variables with mean $0$"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from symderiv.check.scope import name_of
from symderiv.decide import decide
from symderiv.errors import SymderivError
from symderiv.read import read_latex, statements
from symderiv.read.vocabulary import words
from symderiv.terms import CONDITIONS, ONE, REAL, ZERO, Context, Entry, Fn, Num, Sym, Term, minus, vector

_F: Final = r"⟦\d+⟧"
_LIST: Final = rf"{_F}(?:(?:\s*,?\s*and\s+|\s*,\s*|\s+){_F})*"
_SPEAKS: Final = re.compile(
    r"\brandom|\bindependen|\biid\b|uncorrelated|with probability|\bmeans?\b|\bvariances?\b|\bbernoulli|distributed|\bexpect(?:ed|ation)",
    re.IGNORECASE,
)
_RANDOM_BEFORE: Final = re.compile(
    rf"(?P<list>{_LIST})\s*,?\s*(?:be|are|is|denotes?|to be)\s+(?:[a-z-]+,?\s+){{0,5}}?(?:random\b|iid\b|independent\b|uncorrelated\b|identically\b"
    r"|Bernoulli\b|normally\b|standard normal\b|Gaussian\b)",
    re.IGNORECASE,
)
_RANDOM_AFTER: Final = re.compile(
    rf"\brandom\s+(?:variables?|vectors?|numbers?|scalars?|letters?|matri(?:x|ces)|inputs?|weights?|quantit(?:y|ies))?\s*(?P<list>{_LIST})",
    re.IGNORECASE,
)
_CONSTANTS: Final = re.compile(
    rf"(?P<list>{_LIST})\s+(?:(?:be|are|is)\s+)?(?:(?:an?|some|any|real|fixed|known|given|deterministic|non-?random)\s+)*(?:constants?|numbers?|scalars?|reals?|deterministic|fixed)\b",
    re.IGNORECASE,
)
_ENTRIES: Final = r"(?:entries|components|coordinates|elements)"
_INDEPENDENT: Final = re.compile(
    r"(?<!not )(?<!in)(?<!pairwise )\b(?:mutually\s+|jointly\s+|all\s+)?(?:independent\b(?:\s+and\s+identically\s+distributed)?|iid\b)",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(
    rf"independent\s+(?:and\s+identically\s+distributed\s+)?{_ENTRIES}|iid\s+{_ENTRIES}|{_ENTRIES}\s+(?:[^.]*?\s)?(?:are|be)\s+(?:all\s+)?(?:independent|iid)",
    re.IGNORECASE,
)
_DENIES: Final = re.compile(r"\b(?:not|no|never|neither|nor|without|linearly|conditionally)\b[^,;]{0,40}$|-$", re.IGNORECASE)
_GIVEN: Final = re.compile(r"\s*,?\s*(?:given|conditional|if|when)\b", re.IGNORECASE)
_UNCORRELATED: Final = re.compile(r"\b(?:pairwise\s+independent|(?:pairwise\s+|mutually\s+)?uncorrelated)\b", re.IGNORECASE)
_IDENTICAL: Final = re.compile(r"\biid\b|identically\s+distributed|the same distribution", re.IGNORECASE)
_AMOUNT: Final = rf"(?:equal\s+to\s+)?(?:a\s+)?(?P<amount>{_F}|zero\b|one\b|0\b|1\b)"
_AMOUNTS: Final = rf"(?P<amounts>{_F}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+){_F})+)"
_MEAN: Final = re.compile(
    rf"\b(?:zero[- ]mean\b|(?:means|expectations|expected\s+values)\s+{_AMOUNTS}"
    rf"|(?:common\s+)?(?:mean|expectation|expected\s+value)(?:\s+value)?s?\s+{_AMOUNT})",
    re.IGNORECASE,
)
_VARIANCE: Final = re.compile(
    rf"\b(?:unit[- ]variance\b|variances\s+{_AMOUNTS}|(?:common\s+)?variances?\s+{_AMOUNT})", re.IGNORECASE
)
_SUBJECT: Final = re.compile(
    rf"(?:(?:those|the\s+{_ENTRIES}|{_ENTRIES}|that)\s+of\s+)?(?P<list>{_LIST})\s+(?:all\s+|each\s+|both\s+)?(?:has|have|having)\b|(?P<all>\b(?:all|the|whose|each|every)\s+{_ENTRIES}?)",
    re.IGNORECASE,
)
_TWO_VALUES: Final = re.compile(
    rf"(?:\b(?:equal\s+to|(?:it\s+)?(?:is|takes?)(?:\s+on)?(?:\s+the\s+values?)?)\s+)?(?P<a>{_F})\s+with\s+probability\s+(?P<p>{_F})\s*,?\s*(?:and|or)\s+(?:is\s+)?(?:equal\s+)?(?:to\s+)?(?:the\s+value\s+)?(?P<b>{_F})"
    rf"\s+(?:with\s+probability\s+(?P<q>{_F})|otherwise|else)",
    re.IGNORECASE,
)
_BERNOULLI: Final = re.compile(
    rf"\bBernoulli(?:[- ]distributed)?(?:\s+random)?(?:\s+variables?)?\s+with\s+(?:success\s+)?(?:parameter|probability)\s+(?P<p>{_F})",
    re.IGNORECASE,
)
_LAW: Final = re.compile(
    r"^(?P<head>.*?)\s*(?:\\sim|∼|~)\s*(?:\\(?:mathrm|mathcal|text|textrm|operatorname|mathit)\s*)?\{?\s*(?P<law>[A-Za-z]+)\s*\}?\s*(?:\\left)?\(\s*(?P<args>.*?)\s*(?:\\right)?\)\s*$",
    re.DOTALL,
)
_GENERIC: Final = re.compile(
    r"\brandom(?:\s+(?:variables?|vectors?|numbers?|scalars?|inputs?|weights?|matri(?:x|ces)|quantit(?:y|ies)))?|\bfinite\s+(?:means?|variances?|expectations?|second\s+moments?|moments?)"
    r"(?:\s+and\s+(?:means?|variances?))?|\bnormally\s+distributed|\bstandard\s+normal",
    re.IGNORECASE,
)
_SAY_NOTHING: Final = frozenset(
    words(
        "let s suppose assume given where with and of be are is the a an all any both each its their those that have has having which for in on to "
        "real fixed entries entry components coordinates elements vector vectors variable variables number numbers constant constants noise input "
        "inputs weight weights matrix sample samples sum write put denote by here mean also then scalar scalars deterministic parameters parameter "
        "finite some two iid known given consider now column respectively"
    )
)
"""Words of a sentence on random letters that add nothing to what was read of it."""
_CONCLUDES: Final = re.compile(r"\b(?:then|therefore|thus|hence|so|we (?:get|have|obtain|find)|show|prove)\b[^.]*$", re.IGNORECASE)
_REAL_MEMBER: Final = re.compile(r"^[^=<>]*(?:\\in|∈)\s*(?:\\(?:mathbb|mathds|mathbf)\s*\{?\s*R|\\R\b|ℝ)")
_MEMBER_OF: Final = re.compile(r"^\s*(?P<stem>\\?[A-Za-z]+)_\{?[ijklmnt]\}?\s*$")
_LISTED: Final = re.compile(r"dots|…|\.\.\.|^\s*\\?[A-Za-z]+_\{?[ijklmnt]\}?\s*(?:$|,|\\sim|∼)")
_MEMBER: Final = re.compile(r"\\in\b|∈|\\sim|∼|:")


def with_chances(parts: Sequence[tuple[bool, str]], context: Context) -> Context:
    """The context with what a paragraph says of random letters; its parts are formulas (True) and words (False)."""
    formulas = [text for formula, text in parts if formula]
    speaks = any(_SPEAKS.search(text) for formula, text in parts if not formula) or any("sim" in f or "∼" in f for f in formulas)
    if not speaks and not context.random:
        return context
    joined, k = "", 0
    for formula, text in parts:
        joined += f" ⟦{k}⟧ " if formula else text
        k += formula
    joined = re.sub(r"\bi\.\s?i\.\s?d\.?", "iid", " ".join(joined.split()), flags=re.IGNORECASE)
    for sentence in re.split(r"[.;](?=\s|$)", joined):
        if context.random or _SPEAKS.search(sentence) or any(_LAW.match(formulas[k]) for k in _places(sentence)):
            context = _Sentence(sentence, formulas, context).read()
    return context


def _places(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"⟦(\d+)⟧", text)]


class _Sentence:
    """One sentence, with its formulas as numbers in brackets, and the facts that it states."""

    def __init__(self, text: str, formulas: list[str], context: Context) -> None:
        self.text, self.formulas, self.context = text, formulas, context
        self.rest = text
        self.subjects: list[str] = []

    def read(self) -> Context:
        """The context with the facts of the sentence."""
        self._who()
        self._constants()
        known = [f.children[0].name for f in self.context.random if f.name == "random"]  # type: ignore[attr-defined]
        about = self.subjects or list(dict.fromkeys(known))
        if not about:
            return self.context
        self._dependence(about)
        self._amounts(about)
        self._values(about)
        for found in _GENERIC.finditer(self.rest):
            self._take(found)
        self._formulas(about)
        said = re.findall(r"[A-Za-z]+", re.sub(_F, " ", self.rest).lower())
        if not set(said) <= _SAY_NOTHING:
            self._say(*(Fn("unread", Sym(x)) for x in about))
        return self.context

    def _formulas(self, about: list[str]) -> None:
        """Formulas about random letters: their moments are taken, a list of letters or a definition says nothing, all others are unread."""
        for found in re.finditer(_F, self.rest):
            text = self.formulas[_places(found[0])[0]]
            if _LAW.match(text) is not None or _CONCLUDES.search(self.text[: self.text.find(found[0])]):
                continue
            for s in statements(text, self.context, latex=True):
                left, right = (s.sides[0], s.sides[-1]) if s.sides else (None, None)
                if not s.relations:
                    continue
                if s.relations == ("=",) and isinstance(left, Term) and isinstance(right, Term):
                    more = read_moments(left.bare, right.bare, self.context)
                    self.context = more or self.context
                    unread = more is None and self._mentions(left)
                else:
                    unread = not _REAL_MEMBER.search(text) and any(not isinstance(t, Term) or self._mentions(t) for t in s.sides)
                if unread:
                    self._say(*(Fn("unread", Sym(x)) for x in about))

    def _mentions(self, t: Term) -> bool:
        return not t.free.isdisjoint({n for f in self.context.random for n in f.children[0].free})

    def _say(self, *facts: Term) -> None:
        known = self.context.random
        self.context = replace(self.context, random=(*known, *(f for f in facts if f not in known)))

    def _take(self, found: re.Match[str]) -> None:
        self.rest = self.rest.replace(found[0], " ", 1)

    # ---------------------------------------------------------------------------------------------------------- letters
    def _who(self) -> None:
        for pattern in (_RANDOM_BEFORE, _RANDOM_AFTER):
            for found in pattern.finditer(self.text):
                self.subjects += [x for k in _places(found["list"]) for x in self._letters(self.formulas[k])]
        for k in _places(self.text):
            if (law := _LAW.match(self.formulas[k])) is not None:
                names = self._letters(law["head"])
                self.subjects += names
                self._law(names, law["law"], law["args"])
        self.subjects = list(dict.fromkeys(self.subjects))
        self._say(*(Fn("random", Sym(x)) for x in self.subjects))

    def _constants(self) -> None:
        """Letters that are said to be constants are declared, for they are not random."""
        for found in _CONSTANTS.finditer(self.text):
            for x in (x for k in _places(found["list"]) for x in self._letters(self.formulas[k])):
                if (
                    x not in self.context.sorts
                    and x not in self.context.definitions
                    and Fn("random", Sym(x)) not in self.context.random
                ):
                    self.context = self.context.declare(x, REAL)

    def _letters(self, text: str) -> list[str]:
        """The letters of a list such as w, x ∈ R^n or x_1, …, x_n; a listed family is declared as a vector."""
        text = _MEMBER.split(text)[0]
        runs = re.findall(r"(\\?[A-Za-z]+)_\{?[01]\}?\s*,\s*(?:\\[lcd]?dots|…|\.\.\.)\s*,\s*\1_\{?(\w+)\}?", text)
        out: list[str] = []
        for stem, high in runs:
            name, size = self._term(stem), self._term(high)
            if isinstance(name, Sym) and size is not None:
                if name.name not in self.context.sorts:
                    self.context = self.context.declare(name.name, vector(size))
                out.append(name.name)
        text = re.sub(r"(\\?[A-Za-z]+)_\{?[01]\}?\s*,\s*(?:\\[lcd]?dots|…|\.\.\.)\s*,\s*\1_\{?(\w+)\}?", "", text)
        for piece in text.split(","):
            if (member := _MEMBER_OF.match(piece)) is not None:
                piece = member["stem"]
            term = self._term(piece) if piece.strip() and "dots" not in piece else None
            found = None if term is None else name_of(term)
            if found is not None and isinstance(term, (Sym, Entry)):
                out.append(found)
        return out

    def _term(self, text: str) -> Term | None:
        try:
            return read_latex(text, self.context).bare
        except SymderivError:
            return None

    def _amount(self, said: str | None, otherwise: Term) -> Term | None:
        if said is None:
            return otherwise
        if said == "unclear":
            return None
        if said.startswith("⟦"):
            term = self._term(self.formulas[_places(said)[0]])
            return (
                None
                if term is None or isinstance(term, CONDITIONS) or any(isinstance(t, Entry) for t in term.postorder())
                else term
            )
        return ONE if said.lower() in ("one", "1") else ZERO

    # ------------------------------------------------------------------------------------------------------------ facts
    def _dependence(self, about: list[str]) -> None:
        letters = [Sym(x) for x in about]
        arrays = [x for x in about if self.context.sort(x).shape or self._has_members(x)]
        listed = any(_LISTED.search(self.formulas[k]) for k in _places(self.text))
        if (found := _INDEPENDENT.search(self.text)) is not None and self._denied(found):
            self._say(*(Fn("unread", x) for x in letters))
        elif found is not None:
            arrays_said = arrays or re.search(r"\b(?:vectors?|matri(?:x|ces))\b", self.text)
            within = _WITHIN.search(self.text) is not None or listed or not arrays_said
            self._say(Fn.make("independent" if within else "apart", tuple(letters)))
            if not within and len(about) == 1:
                self._say(Fn("unread", letters[0]))
            self._take(found)
        if (found := _UNCORRELATED.search(self.text)) is not None:
            if self._denied(found) or (arrays and not listed and not re.search(_ENTRIES, self.text)):
                self._say(*(Fn("unread", x) for x in letters))
            else:
                self._say(Fn.make("uncorrelated", tuple(letters)))
            self._take(found)
        if (found := _IDENTICAL.search(self.text)) is not None:
            self._say(*(Fn("identical", Sym(x)) for x in arrays))
            if len(about) > 1:
                self._say(*(Fn("unread", x) for x in letters))
            self._take(found)

    def _denied(self, found: re.Match[str]) -> bool:
        """Whether the words before or after make it another thing: "not necessarily independent", "linearly independent"."""
        return _DENIES.search(self.text[: found.start()]) is not None or _GIVEN.match(self.text[found.end() :]) is not None

    def _has_members(self, x: str) -> bool:
        """Whether the sentence speaks of x_i."""
        return any(
            (found := _MEMBER_OF.match(piece)) is not None and self._term(found["stem"]) == Sym(x)
            for k in _places(self.text)
            for piece in _MEMBER.split(self.formulas[k])[0].split(",")
        )

    def _amounts(self, about: list[str]) -> None:
        for pattern, fact, otherwise in ((_MEAN, "mean", ZERO), (_VARIANCE, "variance", ONE)):
            for found in pattern.finditer(self.text):
                names = about
                for subject in _SUBJECT.finditer(self.text, 0, found.start()):
                    named = [] if subject["list"] is None else self._named(subject["list"])
                    names = named or (about if subject["all"] is not None else names)
                for x, said in zip(names, self._shared(found, len(names)), strict=True):
                    amount = None if self._denied(found) else self._amount(said, otherwise)
                    self._say(Fn("unread", Sym(x)) if amount is None else Fn(fact, Sym(x), amount))
                self._take(found)

    def _shared(self, found: re.Match[str], count: int) -> list[str | None]:
        """The amounts that as many letters have: one each of "variances a and b", or all the same."""
        if found["amounts"] is None:
            return [found["amount"]] * count
        each = re.findall(_F, found["amounts"])
        return [*each] if len(each) == count else ["unclear"] * count

    def _named(self, listed: str) -> list[str]:
        return [x for k in _places(listed) for x in self._letters(self.formulas[k]) if Fn("random", Sym(x)) in self.context.random]

    def _values(self, about: list[str]) -> None:
        if (found := _TWO_VALUES.search(self.text)) is not None:
            a, p, b = (self._term(self.formulas[_places(found[role])[0]]) for role in "apb")
            q = minus(ONE, p) if p is not None else None
            if found["q"] is not None and p is not None:
                said = self._term(self.formulas[_places(found["q"])[0]])
                q = q if said is not None and q is not None and decide(said, q, self.context).kind == "proved" else None
            for x in about if None not in (a, p, b, q) else ():
                self._say(Fn("two_valued", Sym(x), a, p, b, q))  # type: ignore[arg-type]
            if None not in (a, p, b, q):
                self._take(found)
                self.rest = re.sub(r"takes?\s+(?:only\s+)?(?:the\s+)?values?|random", " ", self.rest)
        if (found := _BERNOULLI.search(self.text)) is not None:
            p = self._term(self.formulas[_places(found["p"])[0]])
            if p is not None:
                self._say(*(Fn("two_valued", Sym(x), Num(0), minus(ONE, p), ONE, p) for x in about))
                self._take(found)
        if re.search(r"standard normal", self.text, re.IGNORECASE):
            self._say(*(Fn("normal", Sym(x), ZERO, ONE) for x in about))

    def _law(self, names: list[str], law: str, args: str) -> None:
        values = [self._term(a) for a in args.split(",")]
        match law.lower(), values:
            case (("n" | "normal" | "gaussian"), [Term() as m, Term() as v]):
                facts = [Fn("normal", Sym(x), m, v) for x in names]
            case (("bernoulli" | "ber" | "bern"), [Term() as p]):
                facts = [Fn("two_valued", Sym(x), Num(0), minus(ONE, p), ONE, p) for x in names]
            case _:
                facts = [Fn("unread", Sym(x)) for x in names]
        self._say(*facts)


def read_moments(left: Term, right: Term, context: Context) -> Context | None:
    """The context after "with E[X] = m" or "Var(X) = v"; None for any other equation."""
    random = {f.children[0] for f in context.random if isinstance(f, Fn) and f.name == "random"}
    match left:
        case Fn(name, args) | Entry(children=(Sym(name), *args)):
            letters = [a.children[0] if isinstance(a, Entry) else a for a in args]
        case _:
            return None
    if not letters or not set(letters) <= random:
        return None
    what = {"E": "mean", "expectation": "mean", "Var": "variance", "var": "variance", "V": "variance", "mathbb(V)": "variance"}.get(
        name
    )
    if what is not None and len(letters) == 1 and not any(isinstance(t, Entry) for t in right.postorder()):
        return replace(context, random=(*context.random, Fn(what, letters[0], right)))
    if name in ("Cov", "cov") and right == ZERO and letters[0] != letters[1]:
        return replace(context, random=(*context.random, Fn("uncorrelated", *letters)))
    return replace(context, random=(*context.random, *(Fn("unread", x) for x in letters)))
