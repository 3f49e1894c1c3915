"""Inverses and determinants of symbolic size, and other atoms that bind indices of their own, under canonical names."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from symderiv.decide.indexed import folding, powers
from symderiv.decide.indexed.expressions import Call
from symderiv.decide.indexed.polynomials import Atom, Poly, Renaming, constant, content, scale, single
from symderiv.decide.indexed.whole import Index, Whole
from symderiv.decide.verdict import Unsupported

if TYPE_CHECKING:
    from symderiv.decide.indexed.normal import Normal

Link = tuple[Atom, str, str]


def chain(m: Poly, r: Index, c: Index) -> list[Link] | None:
    """Square factors F₁ … F_k where m_rc = (F₁ … F_k)_rc: (atom, entered at, left at)."""
    if len(m.terms) != 1:
        return None
    (mono, _), *_ = m.terms.items()
    sizes = {b.name: b.size for b in mono.bound}
    links: list[Link] = []
    here, left = r.name, dict(mono.factors)
    while left:
        holders = [a for a in left if here in a.free]
        if len(holders) != 1:
            return None
        a = holders[0]
        ends = two_ends(a)
        if left.pop(a) != 1 or ends is None or here not in ends or ends[0] == ends[1]:
            return None
        there = ends[1] if ends[0] == here else ends[0]
        if not ((there in sizes and sizes[there] == r.size) or (there == c.name and not left)):
            return None
        if any(there in b.free for b in left) is (there == c.name):
            return None
        links.append((a, here, there))
        here = there
    return links if here == c.name and len(links) > 1 else None


def two_ends(a: Atom) -> tuple[str, str] | None:
    """The two bare indices of an entry of a matrix or of an inverse."""
    slots = a.args if a.kind == "entry" else a.args[3:] if a.kind == "inv" else ()
    if len(slots) != 2:
        return None
    first, second = slots[0].name, slots[1].name
    return (first, second) if first is not None and second is not None else None


def square(n: Normal, kind: str, m: Poly, r: Index, c: Index, at: tuple[Whole, ...] = ()) -> Poly:
    """(M^{-1})_ij or det M, where M_rc = m. M and its transpose get one name; the inverse of a symmetric M is symmetric."""
    if not m:
        if kind == "det":
            return m
        raise Unsupported("the inverse of zero")
    if kind == "inv" and _is_orthogonal(m, r, c):
        return n.rename(m, {r.name: at[1], c.name: at[0]})
    if m.terms[folding.leading(m)] < 0:
        sign = constant(-1) if kind == "inv" else powers.apply(n, "pow", constant(-1), n.counted(r.size))
        return n.multiply(sign, square(n, kind, scale(m, -1), r, c, at))
    if (multiple := _multiple(n, kind, m, r, c, at)) is not None:
        return multiple
    links = chain(m, r, c)
    if links is not None:
        split = _split(n, kind, m, links, r, at)
        if split is not None:
            return split
    if kind == "det" and (q := content(m)) != 1:
        size = n.counted(r.size)
        outside = powers.apply(n, "exp", n.multiply(size, powers.logarithm(n, constant(q))))
        return n.multiply(outside, square(n, kind, scale(m, 1 / q), r, c))
    undone = _undone(n, kind, m, r, c, at)
    if undone is not None:
        return undone
    rr, cc = Index(f"%{m.height}r", r.size), Index(f"%{m.height}c", r.size)
    row, column = Whole.letter(rr.name), Whole.letter(cc.name)
    straight = n.rename(m, {r.name: row, c.name: column})
    turned = n.rename(m, {r.name: column, c.name: row})
    identity = n.delta(row - column)
    if kind == "inv":
        if (q := content(straight)) != 1:
            return scale(square(n, kind, scale(m, 1 / q), r, c, at), 1 / q)
        if straight == identity:
            return n.delta(at[0] - at[1])
        if straight == turned:
            at = tuple(sorted(at))
        elif turned.key < straight.key:
            straight, at = turned, at[::-1]
    else:
        if straight == identity:
            return constant(1)
        if turned.key < straight.key:
            straight = turned
    return single(_square_atom(kind, straight, rr, cc, at))


def _multiple(n: Normal, kind: str, m: Poly, r: Index, c: Index, at: tuple[Whole, ...]) -> Poly | None:
    """(q M)^{-1} = q^{-1} M^{-1} and det(q M) = q^n det M for the letters q that all entries have; None if there are none."""
    _, common, _ = powers.common_content(n, m, only_positive=False)
    outside = {a: e for a, e in common.items() if not a.free & {r.name, c.name} and e.denominator == 1}
    if not outside:
        return None
    rest = n.multiply(m, *(single(a, -e) for a, e in outside.items()))
    if kind == "inv":
        return n.multiply(square(n, kind, rest, r, c, at), *(single(a, -e) for a, e in outside.items()))
    size = n.counted(r.size)
    letters = (powers.apply(n, "pow", single(a), scale(size, e)) for a, e in outside.items())
    return n.multiply(square(n, kind, rest, r, c), *letters)


def _is_orthogonal(m: Poly, r: Index, c: Index) -> bool:
    """Whether M or its transpose is an orthogonal letter."""
    a = m.atom
    places = [Whole.letter(r.name), Whole.letter(c.name)]
    return a is not None and a.kind == "entry" and a.name.orthonormal == (0, 1) and list(a.args) in (places, places[::-1])


def _square_atom(kind: str, m: Poly, r: Index, c: Index, at: tuple[Whole, ...]) -> Atom:
    text = f"{kind}<{r.size}>({m.key})[{','.join(w.text for w in at)}]"
    free = (m.free - {r.name, c.name}) | {x for w in at for x in w.letters}
    return Atom(kind, kind, (m, r, c, *at), text, free, m.height + 1)


def _split(n: Normal, kind: str, m: Poly, links: list[Link], r: Index, at: tuple[Whole, ...]) -> Poly | None:
    """(F₁ … F_k)^{-1} = F_k^{-1} … F₁^{-1}, and det of the product, all factors square."""
    number = next(iter(m.terms.values()))

    def part(link: Link, place: tuple[Whole, ...]) -> Poly:
        a, entered, left = link
        return square(n, kind, single(a), Index(entered, r.size), Index(left, r.size), place)

    if kind == "det":
        return n.multiply(*(part(link, ()) for link in links)) if number == 1 else None
    inner = [n.setting.fresh(r.size) for _ in links[1:]]
    places = [at[0], *(Whole.letter(i.name) for i in inner), at[1]]
    parts = [part(link, (places[k], places[k + 1])) for k, link in enumerate(reversed(links))]
    return n.expand(1 / number, tuple(inner), parts)


def _undone(n: Normal, kind: str, m: Poly, r: Index, c: Index, at: tuple[Whole, ...]) -> Poly | None:
    """(F^{-1})^{-1} = F and det F^{-1} = 1/det F."""
    if len(m.terms) != 1:
        return None
    (mono, number), *_ = m.terms.items()
    if mono.alone is None or mono.alone[0].kind != "inv" or mono.alone[1] != 1:
        return None
    inner, r2, c2, i, j = mono.alone[0].args
    if {i.name, j.name} != {r.name, c.name} or inner.free & {r.name, c.name}:
        return None
    if kind == "inv":
        places = at if i.name == r.name else at[::-1]
        return scale(n.rename(inner, dict(zip((r2.name, c2.name), places, strict=True))), 1 / number)
    return powers.power(n, square(n, "det", inner, r2, c2), Fraction(-1)) if number == 1 else None


def bound_kernel(n: Normal, kind: str, k: Index, p: Poly) -> Atom:
    """max_k p or ∏_k p as an atom that binds k."""
    own = Index(f"%{p.height}k", k.size)
    body = n.rename(p, {k.name: Whole.letter(own.name)})
    return Atom(kind, kind, (body, own), f"{kind}<{k.size}>({body.key})", body.free - {own.name}, body.height + 1)


def call(n: Normal, t: Call) -> Poly:
    """An unknown function of its arguments, differentiated or not."""
    arguments = tuple((a.indices, n.of(a.body)) for a in t.args)
    return single(_call_atom(n, t.name, arguments, t.by))


def _call_atom(
    n: Normal,
    name: str,
    arguments: tuple[tuple[tuple[Index, ...], Poly], ...],
    by: tuple[tuple[int, tuple[Whole, ...]], ...],
) -> Atom:
    made = []
    free: set[str] = set()
    for indices, p in arguments:
        own = tuple(Index(f"%{p.height}a{k}", i.size) for k, i in enumerate(indices))
        body = n.rename(p, {i.name: Whole.letter(o.name) for i, o in zip(indices, own, strict=True)})
        made.append((own, body))
        free |= body.free - {o.name for o in own}
    by = tuple(sorted(by))
    free |= {x for _, slots in by for w in slots for x in w.letters}
    shown = ";".join(f"{'.'.join(str(i.size) for i in own)}:{p.key}" for own, p in made)
    derived = ",".join(f"{k}({','.join(w.text for w in slots)})" for k, slots in by)
    height = 1 + max(p.height for _, p in made)
    return Atom("call", name, (tuple(made), by), f"{name}<{derived}>({shown})", free, height)


def renamed(n: Normal, a: Atom, to: Renaming) -> Poly:
    """An atom that binds indices of its own, with free letters substituted."""
    match a.kind:
        case "inv" | "det":
            m, r, c, *at = a.args
            return square(n, a.kind, n.rename(m, to), r, c, tuple(w.put(to) for w in at))
        case "max":
            body, own = a.args
            return single(bound_kernel(n, a.kind, own, n.rename(body, to)))
        case "product":
            body, own = a.args
            return powers.over_index(n, n.rename(body, to), own)
        case "call":
            arguments, by = a.args
            moved = tuple((own, n.rename(p, to)) for own, p in arguments)
            slots = tuple((k, tuple(w.put(to) for w in at)) for k, at in by)
            return single(_call_atom(n, a.name, moved, slots))
    raise Unsupported(f"renaming {a.kind}")
