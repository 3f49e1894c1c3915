"""Not, and, or, in three-valued logic: what is known of a condition from what is known of its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from symderiv.terms import And, Not, Or, Term, Truth

CONNECTED: Final = (Truth, Not, And, Or)
"""The conditions that are made of others, and the one that always holds."""


def connected(condition: Term, holds: Callable[[Term], bool | None]) -> bool | None:
    """Whether a condition of CONNECTED holds, where `holds` tells it of the parts; None where that is not known (Kleene's logic).

    >>> from symderiv.terms import Sym
    >>> known = {Sym("p"): True, Sym("q"): None}
    >>> connected(And(Sym("p"), Sym("q")), known.get), connected(Or(Sym("p"), Sym("q")), known.get)
    (None, True)
    """
    match condition:
        case Not(c):
            known = holds(c)
            return None if known is None else not known
        case And(parts):
            found = [holds(p) for p in parts]
            return False if False in found else None if None in found else True
        case Or(parts):
            found = [holds(p) for p in parts]
            return True if True in found else None if None in found else False
    return True
