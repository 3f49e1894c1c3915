"""The normal form of index notation: equal normal forms are a proof for all sizes ≥ 1, where both sides are defined.

Σ is linear; sums over deltas are contracted; a sum over nothing is its size; sums are split at their ends; denominators and
inverses are folded (see `folding`); bound indices get canonical names (see `labelling`).
"""

from __future__ import annotations

import itertools
from collections import ChainMap
from fractions import Fraction
from typing import Final

from symderiv.decide.indexed import folding, labelling, matrices, powers, shifting, slopes, sums
from symderiv.decide.indexed.expressions import (
    Apply,
    AtLeast,
    Call,
    Cell,
    Counted,
    Delta,
    Determinant,
    Expression,
    Factors,
    Family,
    Inverse,
    Largest,
    Moved,
    Number,
    Plus,
    Positive,
    Raised,
    Slope,
    Times,
    Total,
)
from symderiv.decide.indexed.knots import Knot
from symderiv.decide.indexed.polynomials import NIL, Atom, Mono, Poly, Renaming, add, constant, letter, scale, single
from symderiv.decide.indexed.polynomials import Factors as Powers
from symderiv.decide.indexed.setting import Setting
from symderiv.decide.indexed.whole import ONE, Index, Ranges, Whole, never_negative
from symderiv.decide.verdict import Unsupported

MOST_SHIFTED: Final = 8
"""How far a sum is shifted."""
MOST_TERMS: Final = 4000
"""Monomials that one polynomial may have."""


def _reduced(a: Atom, e: int) -> Poly:
    """y^e of lower degree for an entry of few values: (y − a)(y − b) … = 0."""
    coefficients = [Fraction(1)]
    for v in a.name.values:
        coefficients = [x - v * y for x, y in zip([Fraction(0), *coefficients], [*coefficients, Fraction(0)], strict=True)]
    low = e - len(a.name.values)
    powers_of = [single(a, low + k) if low + k else constant(1) for k in range(len(a.name.values))]
    return add(*(scale(p, -c) for p, c in zip(powers_of, coefficients, strict=False)))


class Normal:
    """Normal forms in one setting.

    `unfolded`: functions are written by their definitions where they have one. `by_steps`: what has knots is written by steps, which
    holds away from the `knots`.
    """

    def __init__(self, setting: Setting, unfolded: bool = False, by_steps: bool = False) -> None:
        self.setting = setting
        self.unfolded = unfolded
        self.by_steps = by_steps
        self.knots: list[Knot] = []
        self.known = [*setting.known, *setting.places]
        self.positives: list[Poly] = []
        self.renamed: dict[tuple[str, Fraction, tuple[tuple[str, Whole], ...]], Poly] = {}
        self.powers: dict[tuple[str, Fraction], Poly] = {}
        self.whole_bases: set[str] = set()
        self._done: dict[int, tuple[Expression, Poly]] = {}

    # ------------------------------------------------------------------------------------------------- node by node
    def of(self, t: Expression) -> Poly:
        """The normal form of an expression."""
        hit = self._done.get(id(t))
        if hit is None:
            self.setting.budget.check()
            hit = (t, self._of(t))
            if len(hit[1].terms) > MOST_TERMS:
                raise Unsupported("more terms than this")
            self._done[id(t)] = hit
        return hit[1]

    def _of(self, t: Expression) -> Poly:
        match t:
            case Number(v):
                return constant(v)
            case Counted(w):
                return self.counted(w)
            case Cell(family, slots):
                return self.of(family.point(slots)) if family.point is not None else self.cell(family, slots)
            case Delta(w):
                return self.delta(w)
            case AtLeast(w):
                return self.at_least(w)
            case Positive(body, relation):
                gap = self.of(body)
                self.knots.append(Knot(gap, relation))
                return powers.apply(self, "positive", gap)
            case Total(k, body, guard, start):
                return sums.total(self, k, self.of(body) if guard is None else self.multiply(self.of(guard), self.of(body)), start)
            case Factors():
                return powers.factors(self, t)
            case Largest(k, body):
                return single(matrices.bound_kernel(self, "max", k, self.of(body)))
            case Plus(args):
                return add(*map(self.of, args))
            case Times(args):
                return self.multiply(*map(self.of, args))
            case Raised(Times(args), q) if q.denominator == 1 and q < 0:
                return self.multiply(*(self.of(Raised(a, q)) for a in args))
            case Raised(Raised(base, p), q) if p.denominator == q.denominator == 1:
                return self.of(Raised(base, p * q))
            case Raised(base, q):
                return powers.power(self, self.of(base), q)
            case Apply(name, args):
                written = slopes.definition(self.setting, name, args, self.unfolded)
                return self.of(written) if written is not None else powers.apply(self, name, *map(self.of, args))
            case Inverse(m, i, j):
                return matrices.square(self, "inv", self.of(m.body), m.row, m.column, (i, j))
            case Determinant(m):
                return matrices.square(self, "det", self.of(m.body), m.row, m.column)
            case Call():
                return matrices.call(self, t)
            case Moved(body, to):
                return self.rename(self.of(body), to)
            case Slope(body, family, slots):
                return self.of(slopes.slope(self.setting, body, family, slots))
        raise Unsupported(f"{type(t).__name__} in a normal form")

    # --------------------------------------------------------------------------------------------------------- atoms
    def cell(self, family: Family, slots: tuple[Whole, ...]) -> Poly:
        """An entry of a family; off the diagonal of a diagonal one it is 0."""
        if family.diagonal and len(slots) >= 2 and slots[-1] != slots[-2]:
            return self.multiply(self.delta(slots[-2] - slots[-1]), single(self.entry(family, (*slots[:-1], slots[-2]))))
        return single(self.entry(family, slots))

    def entry(self, family: Family, slots: tuple[Whole, ...]) -> Atom:
        """An entry of a family; of a symmetric one with its indices in order."""
        slots = tuple(self.settled(w) for w in slots)
        if family.symmetric and len(slots) == 2:
            slots = tuple(sorted(slots))
        text = f"{family.name}[{','.join(w.text for w in slots)}]"
        return Atom("entry", family, slots, text, {x for w in slots for x in w.letters})

    def settled(self, w: Whole) -> Whole:
        """The whole number with equal indices put in."""
        return w.put(self.setting.equal) if self.setting.equal else w

    def counted(self, w: Whole) -> Poly:
        """A whole number as a polynomial."""
        out: dict[Mono, Fraction] = {}
        for m, c in self.settled(w).terms:
            counts: dict[Atom, Fraction] = {}
            for x in m:
                counts[letter(x)] = counts.get(letter(x), Fraction(0)) + 1
            out[Mono((), counts)] = Fraction(c)
        return Poly(out)

    def delta(self, w: Whole, bound: tuple[Index, ...] = ()) -> Poly:
        """[w = 0]."""
        w = self.settled(w)
        if w.value is not None:
            return constant(int(w.value == 0))
        if self._never_zero(w, bound):
            return NIL
        if w.terms[-1][1] < 0:
            w = -w
        return single(Atom("delta", "d", (w,), f"d[{w}]", w.letters))

    def at_least(self, w: Whole, bound: tuple[Index, ...] = ()) -> Poly:
        """[w ≥ 0]."""
        w = self.settled(w)
        if w.value is not None:
            return constant(int(w.value >= 0))
        ranges = self.ranges(bound)
        if never_negative(w, ranges, self.known):
            return constant(1)
        if never_negative(-w - ONE, ranges, self.known):
            return NIL
        return single(Atom("range", "r", (w,), f"r[{w}]", w.letters))

    def ranges(self, bound: tuple[Index, ...]) -> Ranges:
        """What the free and these bound indices run over."""
        return ChainMap({i.name: (ONE, i.size) for i in bound}, self.setting.ranges)

    def _never_zero(self, w: Whole, bound: tuple[Index, ...]) -> bool:
        if any(w in (d, -d) for d in map(self.settled, self.setting.different)):
            return True
        ranges = self.ranges(bound)
        return any(never_negative(v - ONE, ranges, self.known) for v in (w, -w))

    # ---------------------------------------------------------------------------------------------- sums and products
    def multiply(self, *polys: Poly) -> Poly:
        """The product, multiplied out."""
        return self.expand(Fraction(1), (), polys)

    def expand(self, coefficient: Fraction, bound: tuple[Index, ...], polys: tuple[Poly, ...] | list[Poly]) -> Poly:
        """Σ over `bound` of the product, multiplied out; inner bound indices get fresh names."""
        out: dict[Mono, Fraction] = {}
        count = 1
        for p in polys:
            count *= len(p.terms)
        if count > MOST_TERMS:
            raise Unsupported("more terms than this")
        for choice in itertools.product(*(p.terms.items() for p in polys)):
            c, names, factors = coefficient, list(bound), dict[Atom, Fraction]()
            for m, v in choice:
                c *= v
                if m.bound:
                    m, sign = self.refreshed(m)
                    c *= sign
                    names += m.bound
                for a, e in m.factors:
                    factors[a] = factors.get(a, Fraction(0)) + e
            for m, v in self.product(tuple(names), factors).terms.items():
                out[m] = out.get(m, Fraction(0)) + c * v
        return Poly(out)

    def refreshed(self, m: Mono) -> tuple[Mono, Fraction]:
        """The same monomial with bound indices that nobody else has, and the factor that renaming may bring."""
        new = {b.name: self.setting.fresh(b.size) for b in m.bound}
        c, factors = self.injective(m.factors, {old: Whole.letter(i.name) for old, i in new.items()})
        return Mono(tuple(new.values()), factors), c

    def rename(self, p: Poly, to: Renaming) -> Poly:
        """Free letters substituted; bound ones step aside. Deltas may collapse."""
        to = {x: w for x, w in to.items() if x in p.free}
        if not to:
            return p
        arriving = {y for w in to.values() for y in w.letters}
        out = []
        for m, c in p.terms.items():
            if arriving & m.names:
                m, sign = self.refreshed(m)
                c *= sign
            out.append(self.expand(c, m.bound, [self.rename_power(a, e, to) for a, e in m.factors]))
        return add(*out)

    def injective(self, factors: tuple[tuple[Atom, Fraction], ...], to: Renaming) -> tuple[Fraction, dict[Atom, Fraction]]:
        """Atoms renamed by a one-to-one map: the coefficient that comes out, and the factors."""
        c, out = Fraction(1), dict[Atom, Fraction]()
        for a, e in factors:
            renamed = self.rename_power(a, e, to).terms
            if len(renamed) != 1:
                raise Unsupported("renaming split an atom")
            m, v = next(iter(renamed.items()))
            if m.bound:
                raise Unsupported("renaming split an atom")
            c *= v
            for b, f in m.factors:
                out[b] = out.get(b, Fraction(0)) + f
        return c, {a: e for a, e in out.items() if e}

    def rename_power(self, a: Atom, e: Fraction, to: Renaming) -> Poly:
        """A power of an atom with letters substituted."""
        to = {x: w for x, w in to.items() if x in a.free}
        if not to:
            return single(a, e)
        key = (a.key, e, tuple(sorted(to.items())))
        if key not in self.renamed:
            self.renamed[key] = self._rename_power(a, e, to)
        return self.renamed[key]

    def _rename_power(self, a: Atom, e: Fraction, to: Renaming) -> Poly:
        match a.kind:
            case "entry":
                return single(self.entry(a.name, tuple(w.put(to) for w in a.args)), e)
            case "number":
                return powers.power(self, self.counted(to[a.name]), e)
            case "delta" | "range":
                made = self.delta(a.args[0].put(to)) if a.kind == "delta" else self.at_least(a.args[0].put(to))
                if e < 0:
                    raise Unsupported("division by an indicator")
                return made
            case "base":
                return powers.power(self, self.rename(a.args[0], to), e)
            case "function":
                return powers.power(self, powers.apply(self, a.name, *(self.rename(p, to) for p in a.args)), e)
        return powers.power(self, matrices.renamed(self, a, to), e)

    def bind(self, p: Poly, k: Index) -> Poly:
        """Σ_{k=1}^{size} p."""
        return sums.bind(self, p, k)

    def product(self, bound: tuple[Index, ...], factors: Powers) -> Poly:
        """Σ over `bound` of ∏ atom^e, in normal form."""
        factors = {a: e for a, e in factors.items() if e}
        names = {b.name for b in bound}
        for a, e in factors.items():
            rest = {b: f for b, f in factors.items() if b is not a}
            done = self._simplified(bound, names, a, e, rest)
            if done is not None:
                return done
        for b in bound:
            done = sums.known(self, b, bound, factors)
            if done is not None:
                return done
        for b in bound:
            c = shifting.offset(factors, b.name)
            if c and abs(c) <= MOST_SHIFTED and never_negative(b.size, self.setting.ranges, self.known):
                return sums.shifted(self, b, c, bound, factors)
        folded = folding.fold(self, bound, factors)
        return labelling.label(self, bound, factors) if folded is None else folded

    def _simplified(
        self, bound: tuple[Index, ...], names: set[str], a: Atom, e: Fraction, rest: dict[Atom, Fraction]
    ) -> Poly | None:
        if a.kind in ("delta", "range"):
            if e < 0:
                raise Unsupported("division by an indicator")
            again = (self.delta if a.kind == "delta" else self.at_least)(a.args[0], bound)
            if again.value is not None:
                return self.product(bound, rest) if again.value else NIL
            if e != 1:
                return self.product(bound, {**rest, a: Fraction(1)})
            return self._contracted(bound, names, a, rest) if a.kind == "delta" else None
        if a.kind == "prime" and not 0 <= e < 1:
            n = e.numerator // e.denominator
            return scale(self.product(bound, {**rest, a: e - n}), Fraction(a.name) ** n)
        if a.kind == "function" and a.name == "abs" and e.denominator == 1 and abs(e) >= 2:
            twice = e - e % 2
            return self.expand(
                Fraction(1),
                bound,
                [single(b, f) for b, f in rest.items()] + [single(a, e % 2), powers.power(self, a.args[0], twice)],
            )
        if a.kind == "function" and a.name in ("heaviside", "positive") and e != 1:
            if e < 0:
                raise Unsupported("division by a step")
            return self.product(bound, {**rest, a: Fraction(1)})
        if a.kind == "entry" and a.name.values and e.denominator == 1 and (least := _least(a.name.values, int(e))) != e:
            return self.product(bound, {**rest, a: Fraction(least)})
        if a.kind == "entry" and a.name.hot and e > 0:
            return self._of_one_hot(bound, a, e, rest)
        if a.kind == "entry" and a.name.values and e.denominator == 1 and e >= len(a.name.values):
            return self.expand(Fraction(1), bound, [*(single(b, f) for b, f in rest.items()), _reduced(a, int(e))])
        if a.kind == "base" and e.denominator == 1:
            if e > 0:
                return self.expand(Fraction(1), bound, [*(single(b, f) for b, f in rest.items()), *[a.args[0]] * int(e)])
            if a.args[0].key not in self.whole_bases:
                again = powers.power(self, a.args[0], e)
                return self.expand(Fraction(1), bound, [*(single(b, f) for b, f in rest.items()), again])
        return None

    def _of_one_hot(self, bound: tuple[Index, ...], a: Atom, e: Fraction, rest: dict[Atom, Fraction]) -> Poly | None:
        """y_i^e = y_i, and y_i y_j = [i = j] y_i."""
        if e != 1:
            return self.product(bound, {**rest, a: Fraction(1)})
        for b, f in rest.items():
            if b.kind == "entry" and f > 0 and b.name.name == a.name.name and b.args[:-1] == a.args[:-1]:
                others = [single(x, g) for x, g in rest.items() if x is not b]
                return self.expand(Fraction(1), bound, [self.delta(a.args[-1] - b.args[-1]), single(a), *others])
        return None

    def _contracted(self, bound: tuple[Index, ...], names: set[str], a: Atom, rest: dict[Atom, Fraction]) -> Poly | None:
        """Σ_k [k = j] f(k) = f(j) [j in the range of k]; beside a delta that stays, one index is written by the other."""
        w: Whole = a.args[0]
        choices = []
        for b in bound:
            slope = w.slope(b.name)
            if slope is not None and abs(slope) == 1:
                there = Whole.letter(b.name) - w * Whole.number(slope)
                others = tuple(x for x in bound if x is not b)
                guard = self.multiply(self.at_least(there - ONE, others), self.at_least(b.size - there, others))
                choices.append((guard.value is None, b, there, others, guard))
        if choices:
            _, b, there, others, guard = min(choices, key=lambda c: c[0])
            moved = [self.rename_power(x, f, {b.name: there}) for x, f in rest.items()]
            return self.expand(Fraction(1), others, [guard, *moved])
        free = [x for x in w.letters & self.setting.ranges.keys() if w.slope(x) in (1, -1)]
        if not free or not any(max(free) in b.free for b in rest):
            return None
        x = max(free)
        there = Whole.letter(x) - w * Whole.number(w.slope(x) or 1)
        moved = [self.rename_power(b, f, {x: there}) for b, f in rest.items()]
        return self.expand(Fraction(1), bound, [single(a), *moved])


def _least(values: tuple[Fraction, ...], e: int) -> int:
    """The least exponent with which a power of a number of these is the same: y² = y of 0 and 1, s² = 1 of −1 and 1."""
    if set(values) <= {0, 1}:
        return min(e, 1)
    return e % 2 if set(values) <= {-1, 1} else e
