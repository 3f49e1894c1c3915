"""Polynomials whose monomials are sums: Σ over bound indices of a product of atoms to rational powers.

An atom cannot be divided further: an entry, a number letter, a Kronecker delta, a range, the root of a prime, a function of
polynomials, a power base, an entry of an inverse, a determinant. Its text is its identity. Arguments of an atom are normal forms
themselves; indices that an atom binds carry names of its height, so that nested ones never clash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from symderiv.decide.indexed.whole import Index, Whole

Renaming = Mapping[str, Whole]


class Atom:
    """An indivisible factor; `free`: the letters of indices and sizes in it that are not its own."""

    __slots__ = ("args", "free", "height", "key", "kind", "name")

    def __init__(self, kind: str, name: Any, args: tuple[Any, ...], key: str, free: Iterable[str], height: int = 0) -> None:
        self.kind = kind
        self.name = name
        self.args = args
        self.key = key
        self.free = frozenset(free)
        self.height = height

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key

    def __repr__(self) -> str:
        return self.key


Factors = Mapping[Atom, Fraction]


class Mono:
    """Σ over `bound` of the product of atom^exponent."""

    __slots__ = ("bound", "factors", "free", "height", "key")

    def __init__(self, bound: tuple[Index, ...], factors: Factors) -> None:
        self.bound = bound
        self.factors = tuple(sorted(factors.items(), key=lambda p: p[0].key))
        summed = ",".join(f"{i.name}:{i.size}" for i in bound)
        self.key = (f"S{{{summed}}}" if bound else "") + "*".join(a.key if e == 1 else f"{a.key}^{e}" for a, e in self.factors)
        self.free = frozenset(x for a, _ in self.factors for x in a.free) - {i.name for i in bound}
        self.height = 1 + max((a.height for a, _ in self.factors), default=-1)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mono) and self.key == other.key

    @property
    def names(self) -> frozenset[str]:
        """The names of the bound indices."""
        return frozenset(i.name for i in self.bound)

    @property
    def alone(self) -> tuple[Atom, Fraction] | None:
        """The one atom and its power, if that is all."""
        return self.factors[0] if len(self.factors) == 1 and not self.bound else None


class Poly:
    """A sum of coefficient · Mono with rational coefficients; immutable."""

    __slots__ = ("free", "height", "key", "terms")

    def __init__(self, terms: Mapping[Mono, Fraction]) -> None:
        self.terms = dict(sorted(((m, c) for m, c in terms.items() if c), key=lambda p: p[0].key))
        self.key = " + ".join(f"{c} {m.key}" for m, c in self.terms.items())
        self.free = frozenset(x for m in self.terms for x in m.free)
        self.height = max((m.height for m in self.terms), default=0)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key or "0"

    @property
    def value(self) -> Fraction | None:
        """The number, if it is one."""
        if not self.terms:
            return Fraction(0)
        m, c = next(iter(self.terms.items()))
        return c if len(self.terms) == 1 and not m.factors and not m.bound else None

    @property
    def atom(self) -> Atom | None:
        """The bare atom, if it is one."""
        if len(self.terms) != 1:
            return None
        m, c = next(iter(self.terms.items()))
        return m.alone[0] if c == 1 and m.alone is not None and m.alone[1] == 1 else None


UNIT_MONO = Mono((), {})
NIL = Poly({})


def constant(c: Fraction | int) -> Poly:
    """A number."""
    return Poly({UNIT_MONO: Fraction(c)})


def single(atom: Atom, e: Fraction | int = 1) -> Poly:
    """An atom to a power."""
    return Poly({Mono((), {atom: Fraction(e)}): Fraction(1)})


def add(*polys: Poly) -> Poly:
    """The sum."""
    out: dict[Mono, Fraction] = {}
    for p in polys:
        for m, c in p.terms.items():
            out[m] = out.get(m, Fraction(0)) + c
    return Poly(out)


def scale(p: Poly, c: Fraction | int) -> Poly:
    """A multiple."""
    return Poly({m: c * v for m, v in p.terms.items()})


def content(p: Poly) -> Fraction:
    """The positive rational that leaves coprime whole coefficients."""
    return Fraction(gcd(*(c.numerator for c in p.terms.values()), 0), lcm(*(c.denominator for c in p.terms.values())))


def kernel(kind: str, name: str, *polys: Poly) -> Atom:
    """A function of polynomials."""
    text = ";".join(p.key for p in polys)
    free = {x for p in polys for x in p.free}
    return Atom(kind, name, polys, f"{name}({text})", free, 1 + max((p.height for p in polys), default=0))


def prime(p: int) -> Atom:
    """A prime, under a root."""
    return Atom("prime", p, (), f"p{p}", ())


def letter(name: str) -> Atom:
    """A size or an index used as a number."""
    return Atom("number", name, (), f"#{name}", (name,))


def components(
    bound: Iterable[str], factors: Iterable[tuple[Atom, Fraction]]
) -> list[tuple[tuple[str, ...], tuple[tuple[Atom, Fraction], ...]]]:
    """The connected parts of a contraction graph, whose vertices are the bound indices and whose edges are the atoms."""
    names = list(bound)
    parts: list[tuple[set[str], list[tuple[Atom, Fraction]]]] = []
    for a, e in factors:
        mine, atoms = {b for b in names if b in a.free}, [(a, e)]
        for other in [p for p in parts if p[0] & mine]:
            parts.remove(other)
            mine |= other[0]
            atoms += other[1]
        parts.append((mine, atoms))
    return [(tuple(sorted(mine)), tuple(atoms)) for mine, atoms in parts]
