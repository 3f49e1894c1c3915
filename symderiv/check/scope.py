"""What is known at a place of a document: declarations, definitions, conditions that hold for the moment, names of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from symderiv.check.code.functions import Functions
from symderiv.decide.indexed.setting import family_name, slots_of
from symderiv.decide.properties import OF_ARRAYS, OF_VALUES
from symderiv.errors import SymderivError
from symderiv.read import let, read_plain
from symderiv.read.vocabulary import TAKEN
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    Cases,
    Const,
    Context,
    Decimal,
    Definition,
    Derivative,
    Entry,
    Fn,
    Lambda,
    Layer,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Product,
    Relation,
    Span,
    Sum,
    Sym,
    Term,
    index,
    vector,
)
from symderiv.terms import replace as substituted

_DESCENDING: Final = re.compile(
    r"(?:largest|highest|last|greatest) (?:index|layer|factor|one)?[^.]{0,40}\b(?:on the left|first|leftmost)\b"
    r"|(?:smallest|lowest|first) (?:index|layer|factor|one)[^.]{0,40}\b(?:on the right|last|rightmost)\b"
    r"|(?:decreasing|descending) (?:order|index|indices)|ordered from right to left|from right to left",
    re.IGNORECASE,
)
_ASCENDING: Final = re.compile(
    r"(?:smallest|lowest|first) (?:index|layer|factor|one)[^.]{0,40}\b(?:on the left|leftmost)\b"
    r"|(?:largest|highest|last|greatest) (?:index|layer|factor|one)?[^.]{0,40}\b(?:on the right|rightmost)\b"
    r"|(?:increasing|ascending) (?:order|index|indices)|ordered from left to right",
    re.IGNORECASE,
)


_DEVIATIONS: Final = frozenset(("sigma", "hat(sigma)"))
"""Letters of standard deviations, which are positive."""

EFFORT: Final = 1.5
"""Seconds for one step, unless said otherwise."""


@dataclass(slots=True)
class Scope:
    """The state of a document while it is read.

    `context`: what holds in this section. `temporary`: conditions of this paragraph ("if j = k"). `recent`: those that the
    paragraph before had. `solving`: the words say that equations are solved. `equations`: heads that no definition of a Context can express, such as z_i^{(l)}. `rules`: those of them that say what every
    entry of their form is. `reminders`: for families of which the members are written J^{(t)}(θ), the letters in brackets. `lines`: where a name was defined. `cases`: functions that are defined case by case. `arrays`: letters that are matrices or vectors by the words or by the
    use made of them, whether or not their size is known. `shown`: members of sequences, such as h_N, for which an equation was proved.
    `called`: the letter of which the words right before say what it is. `chain`: the sides of the chain that is read. `functions`: those of the code cells. `effort`: seconds that one step may take.
    `everywhere`: relations to numbers that every letter has. `open_words`: words beside a letter that are not understood;
    `related_words`: those that may relate it to others; `loose_words`: words that may restrict any letter.
    """

    context: Context = field(default_factory=Context)
    temporary: tuple[Term, ...] = ()
    solving: bool = False
    recent: tuple[Term, ...] = ()
    equations: dict[Term, Term] = field(default_factory=dict)
    reminders: dict[str, tuple[Term, ...]] = field(default_factory=dict)
    rules: dict[Term, Term] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    cases: dict[str, list[tuple[Term, Term]]] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)
    former: dict[str, Definition] = field(default_factory=dict)
    unusual: dict[str, str] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)
    learned: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    arrays: set[str] = field(default_factory=set)
    shown: dict[Term, Term] = field(default_factory=dict)
    called: str = ""
    chain: tuple[Term, ...] = ()
    effort: float = EFFORT
    everywhere: tuple[tuple[str, Term], ...] = ()
    open_words: dict[str, str] = field(default_factory=dict)
    related_words: dict[str, str] = field(default_factory=dict)
    loose_words: str = ""
    functions: Functions = field(default_factory=Functions)

    @property
    def here(self) -> Context:
        """The context with the conditions of this paragraph."""
        return self.context.assume(*self.temporary) if self.temporary else self.context

    def section(self) -> None:
        """A new section: conditions end, and functions of one letter start afresh."""
        self.temporary = self.recent = ()
        self.cases.clear()
        self.shown.clear()
        for name in [n for n, d in self.context.definitions.items() if len(n) == 1 and d.parameters]:
            self.forget(name)
        self.stale = {*self.context.definitions, *self.context.sorts, *(str(family_name(head)) for head in self.rules)}
        self.given.clear()
        self.former.clear()
        if self.everywhere:
            self.everywhere, self.loose_words = (), "what was said of all letters"

    def forget(self, name: str) -> None:
        """The name means nothing any more."""
        definitions = {n: d for n, d in self.context.definitions.items() if n != name}
        sorts = {n: s for n, s in self.context.sorts.items() if n != name}
        self.context = replace(self.context, definitions=definitions, sorts=sorts)
        self.lines.pop(name, None)

    def paragraph(self, words: bool) -> None:
        """A new paragraph; with words in it, the conditions of the last one end."""
        if words and self.temporary:
            self.recent = self.temporary
            self.temporary = ()

    def declare(self, span: Span | str, functions: frozenset[str] = frozenset(), *, open_ranges: bool = False) -> bool:
        """Take a declaration into the context; whether it is one. `open_ranges`: also of entries whose indices run over what is not said."""
        try:
            context = let(span, self.context, functions=functions, latex=True, open_ranges=open_ranges)
        except SymderivError:
            return False
        said = {n for n, sort in context.sorts.items() if self.context.sorts.get(n) is not sort}
        anew = {n for n in said if self.context.sorts.get(n, context.sorts[n]) != context.sorts[n]}
        before = [a for a in self.context.assumptions if isinstance(a, Fn) and a.name in OF_VALUES and a.free & said]
        if before:
            new = context.assumptions[len(self.context.assumptions) :]
            context = replace(context, assumptions=(*(a for a in self.context.assumptions if a not in before), *new))
        if anew:
            kept = tuple(a for a in context.assumptions if not (isinstance(a, Fn) and a.name in OF_ARRAYS and a.free & anew))
            context = replace(context, assumptions=kept)
        self.stale -= said
        self.learned -= said
        self.context = context
        return True

    def define(self, left: Term, right: Term, *, line: int, where: tuple[Term, ...] = ()) -> bool:
        """left := right, where some conditions hold; False where the left side cannot be defined."""
        left, right = self.said(left), self.said(right)
        if (base := deviation(left)) is not None:
            left, right = base, Fn("sqrt", right.bare)
        head = head_of(left)
        name = name_of(left)
        if name is None or left.bare in _parts(right) or (isinstance(left.bare, Sym) and name in right.free):
            return False
        self.lines[name] = line
        self.stale.discard(name)
        partly = [c for c in where if _restricts(c, left)]
        if partly:
            self.call(name, f"said to be something where {partly[0]!s}", None)
        elif head is not None and not isinstance(head, _Family):
            self.context = self.context.define(head.name, head.parameters, right.bare)
        elif isinstance(head, _Family) and self._for_all(head, right):
            self._define_family(head, right)
        else:
            self.equations[left.bare] = right.bare
            self._add_rule(left.bare, right.bare)
        self.learn_arrays(right.bare)
        self.learn_families(right)
        return True

    def remind(self, left: Term) -> None:
        """J^{(t)}(θ) = … reminds of what the members depend on: from here on, J^{(t)}(θ) is the member."""
        match left.bare:
            case Fn("apply", (Entry() | Layer() as member, *letters)) if _letters(letters) and (name := family_name(member)):
                self.reminders[name] = tuple(letters)

    def said(self, term: Term) -> Term:
        """The term without the letters that only remind of what a member depends on."""

        def put(t: Term) -> Term | None:
            match t:
                case Fn("apply", (Entry() | Layer() as member, *letters)):
                    return member if self.reminders.get(family_name(member) or "") == tuple(letters) else None
            return None

        return substituted(term, put) if self.reminders else term

    def _for_all(self, head: _Family, right: Term) -> bool:
        """Whether a definition is of every entry: no index is a size; one with several indices does not go back to other entries."""
        goes_back = len(head.indices) > 1 and head.name in right.free
        return not goes_back and not any(map(self.context.is_size, head.indices))

    def _add_rule(self, left: Term, right: Term) -> None:
        """Take in left = right as what every entry of its form is."""
        name, places = family_name(left), slots_of(left)
        self.rules = {head: body for head, body in self.rules.items() if not _same_form(head, left)}
        if name is None or name in right.free or any(self.context.is_size(x) for i in places for x in i.free):
            return
        self.rules[left] = right

    def declare_range(self, letters: tuple[str, ...], low: str, high: str) -> None:
        """The letters are indices from low to high."""
        bounds = index(read_plain(low), read_plain(high))
        for letter in letters:
            self.context = self.context.declare(letter, bounds)

    def learn_families(self, term: Term) -> None:
        """Letters of which entries are summed over 1 … K are vectors of K numbers, where nothing else was said of them."""
        for t in term.bare.postorder():
            if not isinstance(t, (Sum, Product)) or t.low != ONE or t.high is None:
                continue
            for e in t.body.postorder():
                if isinstance(e, Entry) and e.indices == (t.index,) and isinstance(e.family, Sym):
                    name = e.family.name
                    if name not in self.context.sorts and name not in self.context.definitions and name not in self.arrays:
                        self.context = self.context.declare(name, vector(t.high))
                        self.learned.add(name)

    def _define_family(self, head: _Family, right: Term) -> None:
        shape = self.context.sort(head.name).shape
        body: Term = right.bare
        sizes: list[Term | None] = []
        for letter in reversed(head.indices):
            low, high = self.context.sort(letter).bounds or (None, None)
            body = Lambda(body, Sym(letter), *(() if low is None or high is None else (low, high)))
            sizes.insert(0, high if low == ONE else None)
        self.context = self.context.define(head.name, head.parameters, body)
        known = tuple(n for n in sizes if n is not None)
        sort = replace(self.context.sort(head.name), shape=known if len(known) == len(sizes) else shape)
        self.context = replace(self.context, sorts=MappingProxyType({**self.context.sorts, head.name: sort}))

    def define_case(self, left: Term, right: Term, condition: Term, *, line: int) -> bool:
        """left := right where the condition holds, beside what was said for other conditions."""
        head = head_of(left)
        if head is None or isinstance(head, _Family) or not head.parameters:
            return False
        if not set(head.parameters) & condition.free:
            return False
        pieces = self.cases.setdefault(head.name, [])
        pieces.append((right.bare, condition.bare))
        self.context = self.context.define(head.name, head.parameters, Cases(*pieces))
        self.lines[head.name] = line
        return True

    def call(self, name: str, words: str, facts: tuple[Term, ...] | None) -> None:
        """The document says something of a letter: assumptions where they can be reckoned with, else it is remembered."""
        if facts is None:
            self.unusual.setdefault(name, words)
        else:
            self.take(*facts)

    def take(self, *facts: Term) -> None:
        """Assumptions, each once."""
        for fact in facts:
            if fact not in self.context.assumptions:
                self.context = self.context.assume(fact)

    def learn_arrays(self, *sides: Term) -> None:
        """Letters that are matrices or vectors by what is done to them.

        They or their members are transposed, or a trace or a determinant is taken of them; or they are capitals that stand beside what is transposed,
        as A in x^T A x, or in a product that is inverted, as in (A B)^{-1}.
        """
        for side in sides:
            for t in side.postorder():
                match t:
                    case Fn("transpose" | "trace" | "det", (Sym(name),)):
                        self.arrays.add(name)
                    case Fn("transpose", (Entry(children=(Sym(name), _)) | Layer(children=(Sym(name), _)),)):
                        self.arrays.add(name)
                    case Mul(factors) if any(isinstance(f, Fn) and f.name == "transpose" for f in factors):
                        self.arrays |= _capitals(factors)
                    case Pow(Mul(factors), Neg(Num(1))) if len(_capitals(factors)) > 1:
                        self.arrays |= _capitals(factors)

    def speak_of_order(self, words: str) -> None:
        """On which side the factor with the largest index of a product of matrices stands, where the words say it."""
        for pattern, order in ((_DESCENDING, "descending"), (_ASCENDING, "ascending")):
            said = Fn("product_order", Sym(order))
            if pattern.search(words) and said not in self.context.assumptions:
                self.context = self.context.assume(said)

    def show(self, left: Term, right: Term) -> None:
        """Keep an equation that was proved, if it says what a member of a sequence is: h_N, δ_{l+1}."""
        match left.bare:
            case Entry(children=(Sym(), index)) | Layer(children=(Sym(), index)) if left.bare not in self.equations:
                if isinstance(index, Sym) and self.context.is_size(index.name):
                    self.shown[left.bare] = right.bare

    def is_defined(self, term: Term) -> bool:
        """Whether a head was defined before."""
        if term.bare in self.equations:
            return True
        head = head_of(deviation(term) or term)
        return head is not None and head.name in self.context.definitions

    def is_size_or_index(self, name: str) -> bool:
        """Whether a letter is a whole number that something has so many entries of, or that counts them."""
        sort = self.context.sort(name)
        return sort.bounds is not None or self.context.is_size(name)

    def known(self) -> set[str]:
        """All names of which the document has said anything."""
        names = set(self.context.sorts) | set(self.context.definitions)
        for d in self.context.definitions.values():
            names |= d.body.free | set(d.parameters)
        for head, body in self.rules.items():
            names |= head.free | body.free
        for a in (*self.context.assumptions, *self.temporary, *self.context.random):
            names |= a.free
        for sort in self.context.sorts.values():
            for size in sort.shape:
                names |= size.free
            for bound in sort.bounds or ():
                names |= bound.free
        return names

    def reached(self, term: Term, by: str | None = None) -> set[str]:
        """The free letters of a term once all definitions are put in, other than that of the letter `by`; and the rules of what has indices."""
        seen: set[str] = set()
        waiting = list(term.free) + [t.name for t in term.postorder() if isinstance(t, (Fn, Prime))]
        out: set[str] = set()
        indexed = {family_name(t) for t in term.postorder() if isinstance(t, (Entry, Layer, Derivative))}
        unruled = {by, *(term.free - indexed)}
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            d = self.context.definitions.get(name) if name != by else None
            for rule in (body for head, body in self.rules.items() if (of := family_name(head)) == name and of not in unruled):
                waiting += [*rule.free, *(t.name for t in rule.postorder() if isinstance(t, (Fn, Prime)))]
            if d is None:
                if name in term.free or name not in FUNCTIONS:
                    out.add(name)
            else:
                waiting += [n for n in d.body.free if n not in d.parameters]
                waiting += [t.name for t in d.body.postorder() if isinstance(t, (Fn, Prime))]
        return out


@dataclass(frozen=True, slots=True)
class _Head:
    """What is defined by `name(parameters) = …`, or `name = …`."""

    name: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Family(_Head):
    """What is defined by `name_index = …`, `name_ij = …` or `name_index(parameters) = …`."""

    indices: tuple[str, ...] = ()


def head_of(term: Term) -> _Head | None:
    """The name that `term = …` defines: z, f(x), p_i, f_j(z); None for anything else."""
    match term.bare:
        case Sym(name):
            return _Head(name)
        case Fn(name, args) if args and name not in TAKEN and _letters(args):
            return _Head(name, _names(args))
        case Entry(children=(Sym(name), *indices)) if _letters(indices):
            return _Family(name, (), _names(indices))
        case Entry(children=(Fn(name, args), *indices)) if name not in TAKEN and _letters(args) and _letters(indices):
            return _Family(name, _names(args), _names(indices))
    return None


def deviation(left: Term) -> Term | None:
    """σ of σ^2, σ_d of σ_d^2: by its name the positive root of what its square is said to be; None for any other term."""
    match left.bare:
        case Pow(Sym(name) | Entry(children=(Sym(name), *_)) as base, Num(2)) if name.partition("_")[0] in _DEVIATIONS:
            return base
    return None


def _restricts(condition: Term, left: Term) -> bool:
    """Whether a condition is about the indices of a head such as A_ij, i ≠ j; but l ≥ 1 says where a recursion begins."""
    indices = {x for i in slots_of(left.bare) for x in i.free}
    match condition:
        case Relation("<" | ">" | "≤" | "≥", a, b) if not (a.free and b.free):
            return False
    return bool(indices & condition.free)


def _letters(args: Sequence[Term]) -> bool:
    """Whether terms are letters that differ from each other."""
    return len(args) == len(set(_names(args)))


def _names(args: Sequence[Term]) -> tuple[str, ...]:
    return tuple(a.name for a in args if isinstance(a, Sym))


def _same_form(a: Term, b: Term) -> bool:
    """Whether two heads such as x_1^{(i)} and x_1^{(k)} are about the same entries."""
    return family_name(a) == family_name(b) and [i if not isinstance(i, Sym) else None for i in slots_of(a)] == [
        i if not isinstance(i, Sym) else None for i in slots_of(b)
    ]


def name_of(term: Term) -> str | None:
    """The name that stands in front of a letter, an entry, a layer or an application; None for any other term."""
    t = term.bare
    while isinstance(t, (Entry, Layer)):
        t = t.children[0]
    match t:
        case Sym(name):
            return str(name)
        case Fn(name, args) if args and name not in TAKEN and all(name_of(a) or is_number(a) for a in args):
            return str(name)
    return None


def _capitals(factors: tuple[Term, ...]) -> set[str]:
    return {f.name for f in factors if isinstance(f, Sym) and f.name[:1].isupper()}


def is_number(term: Term) -> bool:
    """Whether a term is a number as written: 3, −1/2, 0.5."""
    return isinstance(term.bare, (Num, Decimal, Const)) or (isinstance(term.bare, Neg) and is_number(term.bare.children[0]))


def _parts(term: Term) -> set[Term]:
    return set(term.bare.postorder())


def derivatives_in(term: Term) -> list[Derivative]:
    """The derivatives that stand in a term."""
    return [t for t in term.bare.postorder() if isinstance(t, Derivative)]
