"""How far an index is shifted where it stands: Σ_k z_{k+1} w_{k+2} is written with the smallest shift 0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symderiv.decide.indexed.polynomials import Atom, Poly
from symderiv.decide.indexed.whole import Rational, Whole


def offset(factors: Iterable[Atom], name: str) -> int:
    """The smallest c over all places k + c at which the index k stands alone; 0 if k is used as a number or in a condition."""
    found: set[Rational] = set()
    for a in factors:
        for c in _of_atom(a, name):
            if c is None:
                return 0
            found.add(c)
    return int(min(found)) if found and all(c.denominator == 1 for c in found) else 0


def _of_atom(a: Atom, name: str) -> Iterator[Rational | None]:
    if name not in a.free:
        return
    if a.kind in ("number", "delta", "range"):
        yield None
        return
    for part in _parts(a.args):
        if isinstance(part, Whole):
            if part.letters == {name} and part.slope(name) == 1:
                yield part.constant
        else:
            for m in part.terms:
                for inner, _ in m.factors:
                    yield from _of_atom(inner, name)


def _parts(args: Iterable[object]) -> Iterator[Whole | Poly]:
    for x in args:
        if isinstance(x, (Whole, Poly)):
            yield x
        elif isinstance(x, tuple):
            yield from _parts(x)
