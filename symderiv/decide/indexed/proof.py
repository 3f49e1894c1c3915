"""Proofs that an expression is zero: by the normal form, denominators cleared, summand by summand, inverses multiplied out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from symderiv.decide.indexed import powers
from symderiv.decide.indexed.polynomials import Atom, Mono, Poly, add, scale, single
from symderiv.decide.indexed.whole import Index, Whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symderiv.decide.indexed.normal import Normal

ROUNDS: Final = 6
"""How often denominators are cleared: clearing one may show another."""


def zero(n: Normal, p: Poly, depth: int = 2) -> str | None:
    """How p = 0 is shown, in words; None if it is not."""
    if not p:
        return "equal normal forms"
    cleared = clear(n, p)
    if not cleared:
        return "equal normal forms after cross-multiplying"
    if depth == 0:
        return None
    summands = opened(n, cleared)
    if summands is not None and all(zero(n, part, depth - 1) for part in summands):
        return "equal summand by summand"
    for side in multiplied(n, cleared):
        if zero(n, side, depth - 1):
            return "equal after multiplying by the inverted matrix"
    return None


def clear(n: Normal, p: Poly) -> Poly:
    """Multiplied by the denominators outside the sums, which are not zero where p is defined."""
    for _ in range(ROUNDS):
        seen: set[Atom] = set()
        for m in p.terms:
            for a, e in m.factors:
                if not a.free & m.names and (a.kind == "base" or e < 0):
                    seen.add(a)
        least = {a: min(_outside(m).get(a, Fraction(0)) for m in p.terms) for a in seen}
        least = {a: e for a, e in least.items() if e < 0 or (a.kind == "base" and e.denominator > 1)}
        if not least:
            return p
        p = n.multiply(p, *(single(a, -e) for a, e in sorted(least.items(), key=lambda x: x[0].key)))
    return p


def _outside(m: Mono) -> dict[Atom, Fraction]:
    return {a: e for a, e in m.factors if not a.free & m.names}


def opened(n: Normal, p: Poly) -> list[Poly] | None:
    """Σ_i f(i) + Σ_k g(k) + h = 0 if f(i) = 0 for every i, g(k) = 0 for every k, and h = 0; None if nothing is summed.

    Each range is a part of its own: f(i) + h = 0 would not do, its sum is n h.
    """
    parts: dict[Whole | None, list[Poly]] = {}
    names: dict[Whole, Index] = {}
    for m, c in p.terms.items():
        inside = [i for i in m.bound if any(i.name in a.free and (e < 0 or e.denominator > 1) for a, e in m.factors)]
        if not inside:
            parts.setdefault(None, []).append(Poly({m: c}))
            continue
        i = inside[0]
        free = names.setdefault(i.size, n.setting.fresh(i.size)) if i.size not in names else names[i.size]
        v, factors = n.injective(m.factors, {i.name: Whole.letter(free.name)})
        body = n.product(tuple(b for b in m.bound if b is not i), factors)
        parts.setdefault(i.size, []).append(scale(body, c * v))
    return None if set(parts) == {None} else [add(*polys) for polys in parts.values()]


def multiplied(n: Normal, p: Poly) -> Iterator[Poly]:
    """T_ik = 0 iff (M T)_hk = 0, M invertible: the product with every M whose inverse carries a free index."""
    found: dict[tuple[str, str], tuple[Atom, str]] = {}
    for m in p.terms:
        for a, _ in m.factors:
            if a.kind == "inv":
                for w in a.args[3:]:
                    if w.name is not None and w.name in p.free and w.name not in m.names and w.name not in a.args[0].free:
                        found[a.args[0].key, w.name] = (a, w.name)
    for a, at in found.values():
        yield _times_matrix(n, p, a, at)


def _times_matrix(n: Normal, p: Poly, a: Atom, at: str) -> Poly:
    """Σ_i M_hi p_i, where (M^{-1})_ij of a monomial that has i nowhere else gives δ_hj; likewise from the right."""
    matrix, r, c, first, _ = a.args
    k, other = n.setting.fresh(r.size), n.setting.fresh(r.size)
    inner, outer = Whole.letter(k.name), Whole.letter(other.name)
    left = first.name == at
    to = {c.name: inner, r.name: outer} if left else {r.name: inner, c.name: outer}
    gone: list[Poly] = []
    kept: dict[Mono, Fraction] = {}
    for m, v in p.terms.items():
        carriers = [b for b, _ in m.factors if at in b.free]
        alone = carriers[0] if len(carriers) == 1 and dict(m.factors)[carriers[0]] == 1 else None
        if alone is None or alone.kind != "inv" or alone.args[0].key != matrix.key or alone.args[3 if left else 4].name != at:
            kept[m] = v
            continue
        rest = [single(b, e) for b, e in m.factors if b is not alone]
        gone.append(n.expand(v, m.bound, [*rest, n.delta(outer - alone.args[4 if left else 3])]))
    moved = n.multiply(n.rename(matrix, to), n.rename(Poly(kept), {at: inner})) if kept else Poly({})
    return add(*gone, n.bind(moved, k))


def learn_positive(n: Normal, facts: list[Poly]) -> None:
    """Polynomials that the context says are positive, for roots and logarithms."""
    n.positives += [f for f in facts if f.value is None and not powers.poly_positive(n, f)]
