"""Folding: beside a denominator or an inverse, the monomial that builds it is replaced, so that Σ_k e^{z_k}/S = 1 and A A^{-1} = I."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from symderiv.decide.indexed.polynomials import Atom, Mono, Poly, add, components, scale, single
from symderiv.decide.indexed.whole import Index, Whole

if TYPE_CHECKING:
    from symderiv.decide.indexed.normal import Normal


class Match(NamedTuple):
    """A monomial found inside a product: the bound indices and the factors that are left, and what its letters stand for."""

    bound: tuple[Index, ...]
    factors: dict[Atom, Fraction]
    to: dict[str, Whole]


def leading(p: Poly) -> Mono:
    """The monomial that folding replaces: the one with most indices; never a delta, which contracts before it could match."""
    return max(
        p.terms,
        key=lambda m: (
            not any(a.kind in ("delta", "range") for a, _ in m.factors),
            len(m.bound) + sum(len(a.free) for a, _ in m.factors),
            sum(abs(e) for _, e in m.factors),
            m.key,
        ),
    )


def _leading_of_matrix(m: Poly, r: str, c: str) -> Mono:
    """As `leading`, but a monomial that links row and column comes first: u_r v_c would match any u and any v."""

    def linked(mono: Mono) -> bool:
        return any({r, c} <= set(names) for names, _ in components((r, c, *mono.names), mono.factors))

    best = max(map(linked, m.terms))
    return leading(Poly({mono: v for mono, v in m.terms.items() if linked(mono) == best}))


def fold(n: Normal, bound: tuple[Index, ...], factors: Mapping[Atom, Fraction]) -> Poly | None:
    """The product with one monomial replaced beside a base or an inverse; None if there is none."""
    for a, e in factors.items():
        folded = None
        if a.kind == "base":
            folded = _fold_base(n, a, bound, factors)
        elif a.kind == "inv" and e == 1:
            folded = _fold_inverse(n, a, bound, factors)
        if folded is not None:
            return folded
    return None


def _fold_base(n: Normal, a: Atom, bound: tuple[Index, ...], factors: Mapping[Atom, Fraction]) -> Poly | None:
    """Beside B^q with B = c m + rest, the monomial m is (B − rest)/c."""
    base = a.args[0]
    lead = leading(base)
    hit = match(n, lead, bound, dict(factors), {}, frozenset(), a)
    if hit is None:
        return None
    n.setting.budget.check()
    rest = Poly({m: -v for m, v in base.terms.items() if m is not lead})
    kept = [single(b, f) for b, f in hit.factors.items()]
    higher = n.product(hit.bound, {**hit.factors, a: hit.factors.get(a, Fraction(0)) + 1})
    return scale(add(higher, n.expand(Fraction(1), hit.bound, [*kept, rest])), 1 / base.terms[lead])


def _fold_inverse(n: Normal, a: Atom, bound: tuple[Index, ...], factors: Mapping[Atom, Fraction]) -> Poly | None:
    """Beside (M^{-1})_ij with M = c m + rest: Σ_j (M^{-1})_ij m_jk = (δ_ik − Σ_j (M^{-1})_ij rest_jk)/c."""
    m, r, c, i, j = a.args
    lead = _leading_of_matrix(m, r.name, c.name)
    others = {b: f for b, f in factors.items() if b is not a}
    sizes = {b.name: b for b in bound}
    row, column = Whole.letter(c.name), Whole.letter(r.name)
    turn = {r.name: row, c.name: column}
    ways = [(j, i, r.name, c.name), (i, j, c.name, r.name)]
    if m == n.rename(m, turn):
        ways += [(i, j, r.name, c.name), (j, i, c.name, r.name)]
        leads = Poly({lead: Fraction(1)})
        if leads != n.rename(leads, turn):
            # Beside the inverse of A + A^T, A becomes A^T: read the other way round as well, it would come back for ever.
            ways = [way for way in ways if way[2] == r.name]
    for summed, kept_at, here, there in ways:
        if summed.name not in sizes or summed.name in kept_at.letters or sizes[summed.name].size != r.size:
            continue
        hit = match(n, lead, bound, others, {here: summed}, frozenset((there,)), None)
        if hit is None or there not in hit.to or summed.name in hit.to[there].letters:
            continue
        if any(summed.name in b.free for b in hit.factors):
            continue
        n.setting.budget.check()
        rest = Poly({mono: -v for mono, v in m.terms.items() if mono is not lead})
        kept = [single(b, f) for b, f in hit.factors.items()]
        outer = tuple(k for k in hit.bound if k.name != summed.name)
        first = n.expand(Fraction(1), outer, [*kept, n.delta(kept_at - hit.to[there])])
        moved = n.rename(rest, {here: summed, there: hit.to[there]})
        second = n.expand(Fraction(1), hit.bound, [*kept, single(a), moved])
        return scale(add(first, second), 1 / m.terms[lead])
    return None


def match(
    n: Normal,
    pattern: Mono,
    bound: tuple[Index, ...],
    factors: dict[Atom, Fraction],
    to: dict[str, Whole],
    wild: frozenset[str],
    without: Atom | None,
) -> Match | None:
    """The pattern inside a product: its summed indices go to bound indices that occur nowhere else, those of `wild` to anything."""
    if not pattern.factors:
        return None
    finder = _Finder(n, pattern, bound, wild, without)
    return next(finder.search(0, to, factors), None)


class _Finder:
    def __init__(self, n: Normal, pattern: Mono, bound: tuple[Index, ...], wild: frozenset[str], without: Atom | None) -> None:
        self.n = n
        self.pattern = pattern
        self.bound = bound
        self.sizes = {b.name: b.size for b in bound}
        self.wild = wild
        self.without = without
        self.pattern_sizes = {b.name: b.size for b in pattern.bound}
        self.open = pattern.names | wild

    def search(self, k: int, to: dict[str, Whole], left: dict[Atom, Fraction]) -> Iterator[Match]:
        if k == len(self.pattern.factors):
            yield from self._found(to, left)
            return
        a, e = self.pattern.factors[k]
        for b, f in left.items():
            if b is not self.without and (0 < e <= f or f <= e < 0):
                for new in self._unified(a, b, to):
                    yield from self.search(k + 1, new, {**left, b: f - e})

    def _found(self, to: dict[str, Whole], left: dict[Atom, Fraction]) -> Iterator[Match]:
        summed = [to[i.name].name for i in self.pattern.bound]
        names = set(summed)
        kept = {b: f for b, f in left.items() if f}
        if len(names) != len(summed) or any(names & b.free for b in kept):
            return
        if any(names & to[w].letters for w in self.wild if w in to):
            return
        yield Match(tuple(b for b in self.bound if b.name not in names), kept, to)

    def _goes(self, x: str, w: Whole, to: dict[str, Whole]) -> bool:
        """Whether an open name of the pattern may stand for w."""
        if x in self.wild:
            return True
        return w.name in self.sizes and self.sizes[w.name] == self.pattern_sizes[x] and w not in to.values()

    def _unified(self, a: Atom, b: Atom, to: dict[str, Whole]) -> Iterator[dict[str, Whole]]:
        if a.kind != b.kind:
            return
        if a.kind == "entry":
            if a.name.name != b.name.name or len(a.args) != len(b.args):
                return
            for slots in {b.args, b.args[::-1]} if a.name.symmetric else (b.args,):
                new = self._slots(a.args, slots, to)
                if new is not None:
                    yield new
            return
        loose = [x for x in self.open & a.free if x not in to]
        candidates = [x for x in sorted(b.free) if x in self.sizes or (self.wild and x in self.n.setting.ranges)]
        for images in itertools.permutations(candidates, len(loose)):
            new = dict(to)
            for x, y in zip(loose, images, strict=True):
                if not self._goes(x, Whole.letter(y), new):
                    break
                new[x] = Whole.letter(y)
            else:
                if self.n.rename_power(a, Fraction(1), new) == single(b):
                    yield new

    def _slots(self, mine: tuple[Whole, ...], theirs: tuple[Whole, ...], to: dict[str, Whole]) -> dict[str, Whole] | None:
        new = dict(to)
        for x, y in zip(mine, theirs, strict=True):
            if x.name in self.open and x.name not in new and x.name is not None:
                if not self._goes(x.name, y, new):
                    return None
                new[x.name] = y
            elif x.letters & self.open - new.keys() or x.put(new) != y:
                return None
        return new
