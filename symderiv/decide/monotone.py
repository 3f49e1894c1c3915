"""Whether a number can only grow when a part of it does: sums, products with factors of one sign, powers, increasing functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from symderiv.terms import FUNCTIONS, ZERO, Add, Div, Fn, Mul, Neg, Num, Pow, Relation, Term, replace, times

Holds = Callable[[Relation], bool]
"""Whether a relation is certain."""
_DOMAINS: Final = {"u > 0": ">", "u >= 0": "≥"}
"""Where increasing functions of the table are defined, as signs of their arguments."""


def direction(t: Term, part: Term, new: Term, holds: Holds) -> tuple[int, tuple[Relation, ...]] | None:
    """(1, needed) if part ≤ new implies t ≤ t', where t' is t with `new` for `part`; −1 if it implies t ≥ t', 0 if nothing changes.

    `needed` are the signs of factors on which that rests, all of them certain by `holds`. None where nothing is known.
    """
    if t == part:
        return 1, ()
    if not t.contains(part):
        return 0, ()
    match t:
        case Add(args):
            return _together([direction(a, part, new, holds) for a in args])
        case Neg(a):
            return _times(-1, direction(a, part, new, holds))
        case Mul(args):
            touched = [a for a in args if a.contains(part)]
            if len(touched) != 1:
                return None
            rest = times(*(a for a in args if not a.contains(part)))
            return _scaled(direction(touched[0], part, new, holds), rest, holds)
        case Div(a, b) if not b.contains(part):
            return _scaled(direction(a, part, new, holds), b, holds)
        case Div(a, b) if not a.contains(part):
            inside = direction(b, part, new, holds)
            positive = _signs(">", b, part, new, holds)
            return None if positive is None else _scaled(_times(-1, _with(inside, positive)), a, holds)
        case Pow(a, Num(n)) if n > 0:
            inside = direction(a, part, new, holds)
            if n % 2:
                return inside
            sign = _signs("≥", a, part, new, holds)
            return None if sign is None else _with(inside, sign)
        case Fn(name, (a,)) if name in FUNCTIONS and FUNCTIONS[name].increasing:
            inside = direction(a, part, new, holds)
            for limit in FUNCTIONS[name].domain:
                sign = _signs(_DOMAINS[limit], a, part, new, holds)
                inside = None if sign is None else _with(inside, sign)
            return inside
    return None


Direction = tuple[int, tuple[Relation, ...]] | None


def _together(parts: list[Direction]) -> Direction:
    """The direction of a sum: that of all its summands that change."""
    found = 0
    needed: tuple[Relation, ...] = ()
    for p in parts:
        if p is None or (p[0] and found and p[0] != found):
            return None
        found = found or p[0]
        needed += p[1]
    return found, needed


def _times(sign: int, d: Direction) -> Direction:
    return None if d is None else (sign * d[0], d[1])


def _with(d: Direction, needed: tuple[Relation, ...]) -> Direction:
    return None if d is None else (d[0], (*d[1], *needed))


def _scaled(d: Direction, factor: Term, holds: Holds) -> Direction:
    """The direction of what is multiplied by a factor of one sign, or divided by it."""
    if d is None:
        return None
    for op, sign in (("≥", 1), ("≤", -1)):
        relation = Relation(op, factor, ZERO)
        if holds(relation):
            return sign * d[0], (*d[1], relation)
    return None


def _signs(op: str, t: Term, part: Term, new: Term, holds: Holds) -> tuple[Relation, ...] | None:
    """`t op 0` before and after, if both are certain."""
    after = replace(t, lambda s: new if s == part else None)
    both = (Relation(op, t, ZERO), Relation(op, after, ZERO))
    return both if all(map(holds, both)) else None
