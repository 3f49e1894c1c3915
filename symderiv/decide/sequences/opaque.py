"""Numbers taken for letters of which only the sign is known: members of sequences, entries, sums and products over an index, powers a^n.

What holds of all numbers with these signs holds of the terms themselves: so claims about terms of any length become claims about a
few letters, which signs and ranges settle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from symderiv.decide.indexed.setting import conditions
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.sequences.system import System, family_of, whole, written
from symderiv.decide.sequences.words import exponent, range_of
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.terms import (
    ONE,
    ZERO,
    Binder,
    Context,
    Derivative,
    Div,
    Entry,
    Fn,
    Lambda,
    Layer,
    Pow,
    Product,
    Relation,
    Sort,
    Sum,
    Sym,
    Term,
    fresh_name,
    number,
    over,
    power,
    substitute,
    times,
    value,
)
from symderiv.terms import replace as replaced
from symderiv.terms.order import ordered

Proves = Callable[[Relation, Context, Budget], bool]
"""Whether a relation between numbers is certain, by signs and ranges."""
ROUNDS: Final = 3
"""How often what is assumed of all members is put to those that came in by it."""
_SIGNS: Final = (">", "<", "≥", "≤")
_LENGTHS: Final = ("norm", "frobenius")


class Opaque:
    """Terms with letters for what is no plain number, and what is known of these letters.

    `ranges`: what the whole letters run over. `inside`: whether the terms stand in a sum, where only what is said of single members
    is known.
    """

    def __init__(
        self,
        system: System,
        proves: Proves,
        budget: Budget,
        ranges: Mapping[str, tuple[Whole, Whole]],
        *,
        inside: bool = False,
    ) -> None:
        self.inside = inside
        self.system = system
        self.proves = proves
        self.budget = budget
        self.ranges = dict(ranges)
        self.letters: dict[Term, Sym] = {}
        self.known: list[Relation] = []
        self._seen: set[Term] = set()
        self._least: dict[tuple[Term, Whole], int] = {}

    # ------------------------------------------------------------------------------------------------------- letters
    def of(self, *terms: Term) -> tuple[Term, ...]:
        """The terms with letters in them, those of all terms together. Raises Unsupported for what is no number."""
        settled = [_plain_powers(self.system.settled(t)) for t in terms]
        for t in settled:
            self._look_at_exponents(t)
        return tuple(self._hidden(t) for t in settled)

    def relation(self, r: Relation) -> Relation:
        """A relation with letters in it."""
        left, right = self.of(r.left, r.right)
        return Relation(r.op, left, right)

    def _look_at_exponents(self, t: Term) -> None:
        for p in t.postorder():
            match p:
                case Pow(a, e) if (w := self._counting(e)) is not None:
                    self._lowest(a, w)
                case Fn("factorial", (n,)) if (w := self._counting(n)) is not None:
                    self._lowest(Fn("factorial", ONE), w)

    def _lowest(self, key: Term, w: Whole) -> None:
        base = w - Whole.number(w.constant)
        self._least[key, base] = min(self._least.get((key, base), int(w.constant)), int(w.constant))

    def _hidden(self, t: Term) -> Term:
        self.budget.check()
        match t:
            case Entry() if (fixed := self.system.fixed.get(t)) is not None:
                return self._hidden(self.system.settled(fixed))
            case Sum() | Product() | Entry() | Layer() | Derivative():
                return self._letter(t)
            case Fn("factorial", (n,)) if (w := self._counting(n)) is not None:
                return self._factorial(w)
            case Fn(name, args) if self.system.is_array(t) or any(map(self.system.is_array, args)):
                if name in _LENGTHS:
                    return self._letter(t)
                raise Unsupported(f"{t} as a number")
            case Pow(a, e) if (w := self._counting(e)) is not None:
                return self._power(t, a, w)
            case Sym() if self.system.is_array(t):
                raise Unsupported(f"{t} as a number")
        return t.rebuild([self._hidden(c) for c in t.children]) if t.children else t

    def _letter(self, t: Term) -> Sym:
        key = ordered(t)
        if key not in self.letters:
            taken = {x.name for x in self.letters.values()} | t.free | set(self.system.context.sorts)
            name = next(n for k in range(len(taken) + 1) if (n := f"q_{len(self.letters) + k + 1}") not in taken)
            self.letters[key] = letter = Sym(name)
            self.known += [Relation(op, letter, ZERO) for op in self._sign(t)]
        return self.letters[key]

    def _power(self, t: Term, a: Term, w: Whole) -> Term:
        """a^{n+c} as a^c times the letter for a^n, where a is not 0, or n is never negative."""
        base = w - Whole.number(w.constant)
        hidden = self._hidden(a)
        nonzero = bool(value(a)) or self.certain(Relation(">", hidden, ZERO))
        c = int(w.constant)
        low = 0 if nonzero else self._least[a, base]
        kept = base + Whole.number(low)
        if not nonzero and not self._at_least(kept, 0):
            raise Unsupported(f"the power {t}")
        negative = nonzero and all(k < 0 for letters, k in kept.terms if letters)
        size = -kept if negative else kept
        letter = self._letter(Pow(a, written(size)))
        self.known += self._of_power(letter, hidden, size, nonzero=nonzero)
        hidden_power = Div(ONE, letter) if negative else letter
        rest = c - low
        return times(hidden_power, power(hidden, rest) if rest >= 0 else Div(ONE, power(hidden, -rest)))

    def _of_power(self, letter: Sym, base: Term, w: Whole, *, nonzero: bool) -> Iterator[Relation]:
        if self.certain(Relation(">", base, ZERO)):
            yield Relation(">", letter, ZERO)
        elif self.certain(Relation("≥", base, ZERO)) or all(k % 2 == 0 for _, k in w.terms):
            yield Relation(">" if nonzero else "≥", letter, ZERO)
        if self._at_least(w, 0):
            if self.certain(Relation("≥", base, ONE)):
                yield Relation("≥", letter, ONE)
            elif self.certain(Relation("≤", base, ONE)) and self.certain(Relation("≥", base, ZERO)):
                yield Relation("≤", letter, ONE)

    def _factorial(self, w: Whole) -> Term:
        """(n+2)! as (n+2)(n+1) times the letter for n!."""
        base = w - Whole.number(w.constant)
        low = self._least[Fn("factorial", ONE), base]
        kept = base + Whole.number(low)
        if not self._at_least(kept, 0):
            raise Unsupported("a factorial of what may be negative")
        letter = self._letter(Fn("factorial", written(kept)))
        self.known.append(Relation("≥", letter, ONE))
        return times(*(written(base + Whole.number(k)) for k in range(int(w.constant), low, -1)), letter)

    # --------------------------------------------------------------------------------------------------------- signs
    def _sign(self, t: Term) -> Iterator[str]:
        """The relation of a term to 0 that its form shows."""
        match t:
            case Fn(name) if name in _LENGTHS:
                yield "≥"
            case Sum() | Product():
                try:
                    low, high = range_of(t)
                except Unsupported:
                    return
                index = fresh_name(t.index.name, t.free | set(self.system.context.sorts) | self.ranges.keys())
                inside = Opaque(self.system, self.proves, self.budget, {**self.ranges, index: (low, high)}, inside=True)
                try:
                    (body,) = inside.of(substitute(t.body, {t.index.name: Sym(index)}))
                except Unsupported:
                    return
                inside.use_assumptions()
                found = next((op for op in _SIGNS if inside.certain(Relation(op, body, ZERO))), None)
                if found is None or (isinstance(t, Product) and found in "<≤"):
                    return
                filled = isinstance(t, Product) or self._never_negative(high - low)
                yield found if filled else {">": "≥", "<": "≤"}.get(found, found)

    def _never_negative(self, w: Whole) -> bool:
        """Whether w ≥ 0, where of each of its letters a smallest value is known."""
        inner = {x for x in w.letters if x in self.ranges for b in self.ranges[x] for x in b.letters}
        plain = {x for x in w.letters | inner if x not in self.ranges}
        return all(map(self._bounded, plain)) and self.system.certain(w, self.ranges)

    def _bounded(self, name: str) -> bool:
        return name in self.system.least or (
            self.system.context.is_size(name) and self.system.context.sort(name).field != "integer"
        )

    def _counting(self, t: Term) -> Whole | None:
        """An exponent over letters that count; None for any other."""
        w = exponent(t)
        known = self.system.context
        counts = (x in self.ranges or known.sort(x).field == "integer" or known.is_size(x) for x in (w.letters if w else ()))
        return w if w is not None and w.letters and all(counts) else None

    def _at_least(self, w: Whole, low: int) -> bool:
        return self._never_negative(w - Whole.number(low))

    # -------------------------------------------------------------------------------------------------- what is known
    def use_assumptions(self) -> None:
        """Take in what the context says of numbers, and what it says of every member for the members that have letters."""
        facts = [f for f in conditions(self.system.context) if isinstance(f, Relation)]
        if self.inside:
            facts = [f for f in facts if not any(isinstance(t, Binder) for t in f.postorder())]
        for _ in range(ROUNDS):
            before = len(self.letters)
            for r in [r for f in facts for r in self._instances(f)]:
                if ordered(r) not in self._seen:
                    self._seen.add(ordered(r))
                    try:
                        self.known.append(self.relation(r))
                    except Unsupported:
                        continue
            if len(self.letters) == before:
                return

    def _instances(self, fact: Relation) -> Iterator[Relation]:
        """What an assumption says of the members that have letters: of p_k for every k, where k is an index."""
        fact = Relation(fact.op, *map(self.system.settled, fact.children))
        inside = [e for e in fact.postorder() if isinstance(e, Entry)]
        if fact.op == "=" and family_of(fact.left) in self.system.recursions:
            return
        sort = self.system.context.sort
        vectors = [x for x in fact.children if isinstance(x, Sym) and len(sort(x.name).shape) == 1]
        general = False
        for t in [*self.letters]:
            if not isinstance(t, Entry) or len(t.children) != 2:
                continue
            for x in vectors:
                if t.family == x:
                    yield Relation(fact.op, *(t if side == x else side for side in fact.children))
            for e in inside:
                if e.family == t.family and len(e.children) == 2 and (k := self._index(e.children[1])) is not None:
                    general = True
                    place = _whole(t.children[1])
                    offset = _whole(e.children[1])
                    if place is not None and offset is not None:
                        put = written(place - Whole.number(offset.constant))
                        yield Relation(fact.op, *(self.system.settled(substitute(s, {k: put})) for s in fact.children))
        if not general and not vectors:
            yield fact

    def _index(self, place: Term) -> str | None:
        """The index k of a place k or k + 1, if it is one that runs over a range."""
        w = _whole(place)
        if w is None or len(w.letters) != 1:
            return None
        (name,) = w.letters
        runs = self.system.context.sort(name).bounds is not None and name not in self.ranges
        return name if runs and w.slope(name) == 1 else None

    def context(self) -> Context:
        """The letters, and what is known of them and of the plain ones."""
        old = self.system.context
        used = {x for r in self.known for x in r.free} | self.ranges.keys()
        sorts = {n: s for n, s in old.sorts.items() if not s.shape and not s.member and n not in self.system.recursions}
        sorts |= {x: Sort("integer") for x in self.ranges}
        definitions = {
            n: d for n, d in old.definitions.items() if n not in self.system.recursions and not isinstance(d.body, Lambda)
        }
        lows = {x: low for x, (low, _) in self.ranges.items()}
        least = [Relation("≥", Sym(x), number(v)) for x, v in self.system.least.items() if x in used and x not in lows]
        least += [Relation("≥", Sym(x), written(low)) for x, low in lows.items()]
        least += [Relation("≤", Sym(x), written(high)) for x, (_, high) in self.ranges.items()]
        return Context(sorts, definitions, tuple(dict.fromkeys((*least, *self.known))))

    def certain(self, r: Relation) -> bool:
        """Whether a relation between terms with letters holds, by what is known."""
        return self.proves(r, self.context(), self.budget)


def _whole(t: Term) -> Whole | None:
    try:
        return whole(t)
    except Unsupported:
        return None


def _plain_powers(t: Term) -> Term:
    """(1/4)^n as 1/4^n, and 4^{-n} in the same way, so that powers of one number are one."""

    def change(s: Term) -> Term | None:
        match s:
            case Pow(a, e) if e.free and (q := value(a)) is not None and 0 < q < 1:
                return over(ONE, Pow(number(Fraction(1) / q), e))
        return None

    return replaced(t, change)
