r"""Sums and products with dots: 1 + 2 + … + n, x_1 ⋯ x_n, W_N ⋯ W_1, read as Σ and ∏ where only one pattern fits.

The terms on both sides of the dots are compared: where they differ, numbers or letters count up or down by equal steps. All terms that
stand next to the dots have to continue that count; where one nearly does, or nothing says by which step it goes, the dots are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from symderiv.read.vocabulary import INDEX_LETTERS
from symderiv.terms import (
    Add,
    Binder,
    Derivative,
    DescendingProduct,
    Entry,
    Layer,
    Mul,
    Neg,
    Num,
    Pow,
    Product,
    Sum,
    Sym,
    Term,
    substitute,
)

if TYPE_CHECKING:
    from symderiv.read.parser import Parser
    from symderiv.read.tokens import Token

Count = dict[str, int]
"""A whole number as an integer combination of letters; the number itself stands under the empty name."""

Counts = dict[str, Count]
"""What one term counts, at each hole."""

_LETTERS: Final = ("k", "i", "j", "m", "l", "p", "q", "r", "s", "t")
_SIZES: Final = ("n", "m", "d", "p")
_NAMES: Final[dict[type[Binder], str]] = {
    Sum: "a sum",
    Product: "a product",
    DescendingProduct: "a product, the largest index first,",
}
_HINT: Final = "write a sum or product with its index, from 1 to n"


def filled(parser: Parser, kind: type[Sum | Product], terms: list[Term], dots: list[tuple[int, Token]]) -> list[Term]:
    """The terms with each of the dots, and the terms around them that they continue, as one Σ or ∏. Raises ReadError if no pattern fits."""
    if dots and kind is Product and _is_row(parser, terms[0]):
        raise parser.error("whether the dots stand for factors or for columns is not clear", dots[0][1], _HINT)
    for at, sign in reversed(dots):
        before, after = terms[:at], terms[at:]
        if not before or not after:
            raise parser.error("these dots have no end: what the last term is is not said", sign, _HINT)
        found = _Progression(parser, sign, kind, before, after)
        terms = [*before[: len(before) - len(found.before)], found.term(), *after[len(found.after) :]]
    return terms


def _is_row(parser: Parser, first: Term) -> bool:
    """Whether the terms fill square brackets: [a_1 ⋯ a_n] is a matrix by its columns."""
    start = first.span.start if first.span is not None else 0
    return parser.token.text == "]" and parser.source.text[:start].rstrip().endswith("[")


def follows_product(parser: Parser) -> bool:
    """Whether dots come next that stand for factors: x_1 ⋯ x_n, 1·2·…·n."""
    ahead = 1 if parser.is_operator("*") else 0
    if not parser.is_ellipsis(ahead):
        return False
    follows = parser.peek(ahead + 1)
    if follows.kind == "operator" and follows.text == "*":
        return True
    before, parser.token = parser.token, follows
    starts = parser.starts_operand()
    parser.token = before
    return starts


@dataclass(slots=True)
class _Hole:
    """A place at which the terms differ: in the term before the dots and in the one after them."""

    name: str
    before: Count
    after: Count
    subscript: bool


class _Progression:
    """What the terms around the dots have in common, and how they count."""

    def __init__(self, parser: Parser, sign: Token, kind: type[Sum | Product], before: list[Term], after: list[Term]) -> None:
        self.parser, self.sign, self.kind = parser, sign, kind
        self.holes: list[_Hole] = []
        template = self._common(before[-1], after[0], subscript=False)
        if template is None or not self.holes:
            raise self._refusal("the terms on both sides of these dots follow no pattern")
        self.template: Term = template
        self.before = self._run(reversed(before))
        self.after = self._run(iter(after))
        self.first = before[-len(self.before)]
        self.letter = self._fresh_letter(before + after)

    def _refusal(self, what: str) -> Exception:
        return self.parser.error(what, self.sign, _HINT)

    # -------------------------------------------------------------------------------------------------- the pattern
    def _common(self, a: Term, b: Term, *, subscript: bool) -> Term | None:
        """The two terms with a hole where they count; None where they differ in anything else."""
        a, b = self._as_entry(a), self._as_entry(b)
        if a == b:
            return a.bare
        if type(a) is type(b) and isinstance(a, (Neg, Mul)) and len(a.children) == len(b.children):
            kept = list(self.holes)
            if (inside := self._inside(a, b)) is not None:
                return inside
            self.holes = kept
        if isinstance(a, Add) and isinstance(b, Add) and len(a.children) == len(b.children):
            kept = list(self.holes)
            inside = self._inside(a, b)
            if inside is not None and all(h.subscript for h in self.holes[len(kept) :]):
                return inside
            self.holes = kept
        counts = _count(a), _count(b)
        if counts[0] is not None and counts[1] is not None:
            return self._hole(counts[0], counts[1], subscript)
        if isinstance(a, Pow) and isinstance(b, Pow) and a.left == b.left:
            if Num(1) in (a.right, b.right):
                raise self._refusal("whether ^1 is a power or a number of the letter is not clear")
            return self._raised(a.left, a.right, b.right)
        for base, exponent, flipped in _one_power(a, b):
            value = _exponent(base, b if flipped else a)
            if value is not None:
                low, high = (exponent, Num(value)) if flipped else (Num(value), exponent)
                return self._raised(base, low, high)
        if type(a) is type(b) and a.data == b.data and len(a.children) == len(b.children):
            return self._inside(a, b)
        if isinstance(a, Mul) or isinstance(b, Mul):
            return self._factors(a, b)
        return None

    def _inside(self, a: Term, b: Term) -> Term | None:
        if isinstance(a, Binder) and not isinstance(a, Derivative):
            return None
        parts: list[Term] = []
        for k, (x, y) in enumerate(zip(a.children, b.children, strict=True)):
            indexed = (isinstance(a, (Entry, Layer)) or (isinstance(a, Derivative) and k > 0)) and k > 0
            part = self._common(x, y, subscript=indexed)
            if part is None:
                return None
            parts.append(part)
        return a.bare.rebuild(parts)

    def _factors(self, a: Term, b: Term) -> Term | None:
        """Products of which one lacks a power or a number, because it is 1 there: a_0, a_1 x, …, a_n x^n."""
        xs, ys = (list(t.children) if isinstance(t, Mul) else [t] for t in (a, b))
        short, long, flipped = (xs, ys, False) if len(xs) < len(ys) else (ys, xs, True)
        parts: list[Term] = []
        for y in long:
            kept = list(self.holes)
            x = short[0] if short else None
            part = None if x is None else self._common(*((y, x) if flipped else (x, y)), subscript=False)
            if part is None:
                self.holes = kept
                one = Num(1)
                part = self._common(*((y, one) if flipped else (one, y)), subscript=False)
                if part is None:
                    return None
            else:
                short = short[1:]
            parts.append(part)
        return None if short else Mul(*parts)

    def _raised(self, base: Term, low: Term, high: Term) -> Term | None:
        exponent = self._common(low, high, subscript=False)
        return None if exponent is None else Pow(base.bare, exponent)

    def _hole(self, a: Count, b: Count, subscript: bool) -> Term:
        for hole in self.holes:
            if (hole.before, hole.after) == (a, b):
                return Sym(hole.name)
        self.holes.append(_Hole(f"…{len(self.holes)}", a, b, subscript))
        return Sym(self.holes[-1].name)

    def _as_entry(self, t: Term) -> Term:
        """x_1 as an entry of x, which is a family from here on."""
        if not isinstance(t, Sym) or "_" not in t.name or self.parser.names.declared(t.name) or "(" in t.name:
            return t
        stem, _, subscript = t.name.partition("_")
        if not stem or not (subscript.isdigit() or (len(subscript) == 1 and subscript.isalpha())):
            return t
        self.parser.names.families.add(stem)
        return Entry.make(None, (Sym(stem), Num(int(subscript)) if subscript.isdigit() else Sym(subscript)), t.span)

    # ---------------------------------------------------------------------------------------------------- the count
    def _run(self, terms: Iterator[Term]) -> list[Counts]:
        """What the terms count that go on with the pattern, from the dots on outwards."""
        seen: list[Counts] = []
        for t in terms:
            values: Counts = {}
            if not self._matches(self.template, t, values):
                break
            seen.append(values)
        return seen

    def _matches(self, template: Term, t: Term, values: Counts) -> bool:
        """Whether a term has the pattern; the counts at its holes are put into `values`."""
        t = self._as_entry(t)
        if isinstance(template, Sym) and template.name.startswith("…"):
            count = _count(t)
            return count is not None and values.setdefault(template.name, count) == count
        if not any(name.startswith("…") for name in template.free):
            return template == t
        if isinstance(template, Pow) and not any(name.startswith("…") for name in template.left.free):
            if isinstance(t, Pow) and t.left == template.left:
                return self._matches(template.right, t.right, values)
            value = _exponent(template.left, t)
            return value is not None and self._matches(template.right, Num(value), values)
        if type(template) is type(t) and template.data == t.data and len(template.children) == len(t.children):
            kept = dict(values)
            if all(self._matches(a, b, values) for a, b in zip(template.children, t.children, strict=True)):
                return True
            values.clear()
            values.update(kept)
        if isinstance(template, Mul):
            return self._matches_factors(list(template.children), list(t.children) if isinstance(t, Mul) else [t], values)
        return False

    def _matches_factors(self, template: list[Term], factors: list[Term], values: Counts) -> bool:
        for part in template:
            kept = dict(values)
            if factors and self._matches(part, factors[0], values):
                factors = factors[1:]
                continue
            values.clear()
            values.update(kept)
            if not self._matches(part, Num(1), values):
                return False
        return not factors

    # --------------------------------------------------------------------------------------------------- the result
    def term(self) -> Term:
        """Σ or ∏ over a letter that occurs nowhere else."""
        ends = [self._ends(hole) for hole in self.holes]
        lengths = [_divided(_minus(last, first), step) for first, last, step in ends]
        if any(n is None or n != lengths[0] for n in lengths) or lengths[0] is None:
            raise self._refusal("the terms at these dots do not count in step")
        if set(lengths[0]) <= {""} and lengths[0].get("", 0) + 1 < len(self.before) + len(self.after):
            raise self._refusal("the term after these dots is not beyond the one before them")
        self._check_powers()
        return self._bound(ends, lengths[0])

    def _ends(self, hole: _Hole) -> tuple[Count, Count, int]:
        """First, last and step of a count."""
        before, after = ([values[hole.name] for values in side] for side in (self.before, self.after))
        first, last = before[-1], after[-1]
        steps = [_minus(before[k], before[k + 1]) for k in range(len(before) - 1)]
        steps += [_minus(after[k + 1], after[k]) for k in range(len(after) - 1)]
        if any(s != steps[0] or set(s) != {""} for s in steps):
            raise self._refusal("the terms at these dots do not go on by equal steps")
        if steps:
            return first, last, steps[0][""]
        difference = _minus(last, first)
        if set(difference) <= {""}:
            step = 1 if difference.get("", 0) > 0 else -1
        elif set(first) <= {""}:
            step = 1
        elif set(last) <= {""}:
            step = -1
        elif hole.subscript:
            step = -1 if _is_size(first) and _is_index(last) else 1
        else:
            raise self._refusal("by which steps the terms at these dots go on is not clear")
        end = last if step > 0 else first
        if not hole.subscript and (len(set(end) - {""}) > 1 or any(abs(v) != 1 for n, v in end.items() if n)):
            raise self._refusal("by which steps the terms at these dots go on is not clear")
        return first, last, step

    def _check_powers(self) -> None:
        """1 + 2 + … + 2^n may count by ones or double: powers of numbers need a term that tells."""
        for t in self.template.postorder():
            if isinstance(t, Pow) and isinstance(t.left, Num) and isinstance(t.right, Sym) and t.right.name.startswith("…"):
                counts = [values[t.right.name] for values in self.before]
                if not any(c.get("", 0) >= 2 for c in counts):
                    raise self._refusal("whether these dots count or multiply is not clear")

    def _bound(self, ends: list[tuple[Count, Count, int]], length: Count) -> Term:
        letter = {self.letter: 1}
        unit = next((k for k, e in enumerate(ends) if e[2] == 1), None)
        down = next((k for k, e in enumerate(ends) if e[2] == -1), None)
        kind = self.kind
        steps_taken: Count
        if unit is not None:
            first, last, _ = ends[unit]
            low, high, steps_taken = first, last, _minus(letter, first)
        elif down is not None and (self.kind is Sum or self.holes[down].subscript):
            first, last, _ = ends[down]
            low, high, steps_taken = last, first, _minus(first, letter)
            kind = DescendingProduct if kind is Product else kind
        elif down is not None:
            low, high, steps_taken = {}, length, letter
        else:
            low, high, steps_taken = {"": 1}, _plus(length, {"": 1}), _minus(letter, {"": 1})
        values = {h.name: _term(_plus(e[0], _times(e[2], steps_taken))) for h, e in zip(self.holes, ends, strict=True)}
        span = self.parser.since(self.first.span.start) if self.first.span is not None else self.parser.span(self.sign)
        body = substitute(self.template, values)
        self.parser.convention(f"the dots are read as {_NAMES[kind]} over {self.letter}", self.parser.span(self.sign))
        return kind.make((self.letter, ("low", "high")), (body, _term(low), _term(high)), span)

    def _fresh_letter(self, terms: list[Term]) -> str:
        names = self.parser.names
        used = {t.text for t in self.parser.tokens if t.kind == "name"}
        used |= {n.name for t in terms for n in t.postorder() if isinstance(n, Sym)}
        for name in (*_LETTERS, *(f"k_{n}" for n in range(len(used) + 1))):
            if name not in used and not names.declared(name) and name not in names.bound:
                return name
        raise AssertionError("there are more candidates than names in use")


# ----------------------------------------------------------------------------------------------------------- counting
def _count(t: Term) -> Count | None:
    """A term as an integer combination of letters, or None."""
    match t:
        case Num(value):
            return {"": value} if value else {}
        case Sym(name):
            return {name: 1}
        case Neg(arg):
            inner = _count(arg)
            return None if inner is None else _times(-1, inner)
        case Add(terms):
            total: Count = {}
            for part in terms:
                inner = _count(part)
                if inner is None:
                    return None
                total = _plus(total, inner)
            return total
        case Mul((Num(value), rest)):
            inner = _count(rest)
            return None if inner is None else _times(value, inner)
    return None


def _is_size(count: Count) -> bool:
    """Whether a letter occurs that usually says how many there are: N, n, K."""
    return any(name.isupper() or name in _SIZES for name in count if name)


def _is_index(count: Count) -> bool:
    """Whether only letters occur that usually count."""
    return all(name in INDEX_LETTERS and name not in _SIZES for name in count if name)


def _plus(a: Count, b: Count) -> Count:
    total = {name: a.get(name, 0) + b.get(name, 0) for name in (*a, *b)}
    return {name: n for name, n in total.items() if n}


def _times(n: int, a: Count) -> Count:
    return {name: n * m for name, m in a.items()} if n else {}


def _minus(a: Count, b: Count) -> Count:
    return _plus(a, _times(-1, b))


def _divided(a: Count, n: int) -> Count | None:
    if n == 0 or any(m % n for m in a.values()):
        return None
    return {name: m // n for name, m in a.items()}


def _term(count: Count) -> Term:
    """The combination as a term, letters first."""
    parts: list[Term] = []
    for name, n in sorted(count.items(), key=lambda item: (item[0] == "", item[1] < 0, item[0])):
        size: Term = Num(abs(n)) if not name else Sym(name) if abs(n) == 1 else Mul(Num(abs(n)), Sym(name))
        parts.append(Neg(size) if n < 0 else size)
    return Num(0) if not parts else parts[0] if len(parts) == 1 else Add(*parts)


def _one_power(a: Term, b: Term) -> Iterator[tuple[Term, Term, bool]]:
    """Base and exponent of the one that is a power, and whether it is the first."""
    if isinstance(b, Pow):
        yield b.left, b.right, False
    if isinstance(a, Pow):
        yield a.left, a.right, True


def _exponent(base: Term, t: Term) -> int | None:
    """n with base^n = t, written as 1, the base, or a power of numbers."""
    if t == Num(1):
        return 0
    if t == base:
        return 1
    if isinstance(base, Num) and isinstance(t, Num) and base.value > 1 and t.value > 1:
        n, value = 0, t.value
        while value % base.value == 0:
            value //= base.value
            n += 1
        return n if value == 1 else None
    return None
