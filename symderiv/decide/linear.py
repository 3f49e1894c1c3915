"""Exact linear arithmetic over any atoms: Fourier–Motzkin elimination, so that assumptions decide conditions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

MOST_CONSTRAINTS = 200
"""More constraints than this are given up on: the answer is then not known."""
MOST_COEFFICIENTS = 3000
"""More coefficients than this, in all constraints together, are given up on as well."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """Σ c_a a + constant ≥ 0, or > 0 if strict, or = 0 if equality; the atoms a are any hashable things."""

    coefficients: Mapping[Hashable, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    constant: Fraction = Fraction(0)
    strict: bool = False
    equality: bool = False

    def plus(self, other: Constraint, factor: Fraction) -> Constraint:
        """self + factor · other, as an inequality that follows from both (factor > 0 unless other is an equality)."""
        coefficients = dict(self.coefficients)
        for a, c in other.coefficients.items():
            total = coefficients.get(a, Fraction(0)) + factor * c
            if total:
                coefficients[a] = total
            else:
                coefficients.pop(a, None)
        return Constraint(
            coefficients, self.constant + factor * other.constant, self.strict or other.strict, self.equality and other.equality
        )

    def contradicts(self) -> bool:
        """Whether the constraint, without atoms, is false."""
        if self.coefficients:
            return False
        if self.equality:
            return self.constant != 0
        return self.constant <= 0 if self.strict else self.constant < 0


def infeasible(constraints: Iterable[Constraint]) -> bool:
    """Whether no values of the atoms satisfy all of the constraints; False also where that was given up on."""
    live = list(constraints)
    while True:
        if any(c.contradicts() for c in live):
            return True
        live = [c for c in live if c.coefficients]
        if not live:
            return False
        if sum(len(c.coefficients) for c in live) > MOST_COEFFICIENTS:
            return False
        equality = next((c for c in live if c.equality), None)
        if equality is not None:
            atom, c0 = next(iter(equality.coefficients.items()))
            live = [
                c.plus(equality, -c.coefficients[atom] / c0) if atom in c.coefficients else c for c in live if c is not equality
            ]
            continue
        count: dict[Hashable, list[int]] = {}
        for c in live:
            for a, k in c.coefficients.items():
                count.setdefault(a, [0, 0])[k > 0] += 1
        atom = min(count, key=lambda a: count[a][0] * count[a][1])
        upper = [c for c in live if c.coefficients.get(atom, 0) < 0]
        lower = [c for c in live if c.coefficients.get(atom, 0) > 0]
        rest = [c for c in live if atom not in c.coefficients]
        if len(upper) * len(lower) + len(rest) > MOST_CONSTRAINTS:
            return False
        live = rest + [low.plus(up, low.coefficients[atom] / -up.coefficients[atom]) for low in lower for up in upper]
