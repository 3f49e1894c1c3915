"""Numbers that change sign: max, min, |u| and sign written by steps, for proofs that hold away from the knots.

With [u > 0] as an atom, max(u, v) = v + (u − v)[u − v > 0] and |u| = u (2 [u > 0] − 1), everywhere; sign u = 2 [u > 0] − 1 and
[−u > 0] = 1 − [u > 0] where u ≠ 0. A proof that uses these needs u ≠ 0 by the context, or a side that has no value there, since it is a
derivative at a knot. Where a side has no value at a condition's knot, u ≠ 0 is a condition of the proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from symderiv.decide.indexed import folding, powers
from symderiv.decide.indexed.polynomials import Poly, add, constant, kernel, scale, single
from symderiv.decide.verdict import Unsupported

if TYPE_CHECKING:
    from symderiv.decide.indexed.normal import Normal
    from symderiv.terms import Relation

STEPPED: Final = frozenset(("max", "min", "abs", "sign", "heaviside", "positive"))
"""Functions of the normal form that have knots."""


class Knot(NamedTuple):
    """A number with a knot where it is 0: the condition that the claim writes with it, and whether the normal form `needs` that it is not 0."""

    gap: Poly
    relation: Relation | None = None
    needed: bool = False


def stepped(n: Normal, name: str, args: tuple[Poly, ...]) -> Poly:
    """A function with knots, by steps."""
    if name in ("max", "min"):
        out = args[0]
        for p in args[1:]:
            gap = add(p, scale(out, -1)) if name == "max" else add(out, scale(p, -1))
            taken = n.multiply(gap, step(n, gap)[0])
            out = add(out, taken) if name == "max" else add(out, scale(taken, -1))
        return out
    p = args[0]
    if not p:
        return constant(0)
    taken, turned = step(n, p)
    sign = add(scale(taken, 2), constant(-1))
    if name == "abs":
        return n.multiply(p, sign)
    if turned or name == "sign":
        n.knots.append(Knot(p, needed=name != "heaviside"))
    return sign if name == "sign" else taken


def step(n: Normal, p: Poly) -> tuple[Poly, bool]:
    """[p > 0] by p or by −p, whichever is the usual one; whether it is by −p, which is right where p ≠ 0."""
    if not p:
        return constant(0), False
    if _nested(p):
        raise Unsupported("a condition on what has knots itself")
    _, _, rest = powers.common_content(n, p, only_positive=True)
    if powers.poly_positive(n, rest):
        return constant(1), False
    if powers.poly_positive(n, scale(rest, -1)):
        return constant(0), False
    if rest.terms[folding.leading(rest)] < 0:
        return add(constant(1), scale(single(kernel("function", "positive", scale(rest, -1))), -1)), True
    return single(kernel("function", "positive", rest)), False


def _nested(p: Poly) -> bool:
    """Whether something in a polynomial has knots."""
    return any(
        (a.kind == "function" and a.name in STEPPED) or any(isinstance(q, Poly) and _nested(q) for q in a.args)
        for m in p.terms
        for a, _ in m.factors
    )
