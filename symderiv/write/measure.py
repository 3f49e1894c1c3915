"""How wide a term is when it is set as maths, estimated; and how a wide one is broken into rows.

Widths are in characters of running maths, so that one estimate serves every format that stacks fractions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from symderiv.terms import Add, Binder, Cases, Derivative, Div, Entry, Fn, Layer, Mul, Neg, Pow, Relation, Sym, Term

TOLERANCE: Final = 1.3
"""How much wider than its place a formula may be that is not a sum, before it is broken."""

_MARK: Final = Sym("o")


def width(term: Term) -> float:
    """The estimated width of a term in characters, fractions being stacked.

    >>> from symderiv.terms import Num
    >>> width(Div(Num(1), Add(Sym("x"), Num(2))))
    5.0
    """
    done: dict[Term, float] = {}
    for t in term.postorder():
        parts = [done[c] for c in t.children]
        done[t] = _width(t, parts)
    return done[term]


def _width(t: Term, parts: list[float]) -> float:
    match t:
        case Add() | Relation():
            return sum(parts) + 3 * (len(parts) - 1)
        case Mul():
            brackets = 2 * sum(isinstance(c, Add) for c in t.children)
            return sum(parts) + 0.5 * (len(parts) - 1) + brackets
        case Div():
            return max(parts) + 0.0
        case Pow() | Entry() | Layer():
            return parts[0] + 0.7 * sum(parts[1:]) + 2 * isinstance(t.children[0], (Add, Mul, Div))
        case Fn("exp"):
            return 1 + 0.7 * parts[0]
        case Fn():
            return min(len(t.name), 5) + 1.5 + sum(parts) + len(parts)
        case Derivative():
            return parts[0] + 5
        case Binder():
            return parts[0] + 0.7 * max(parts[1:], default=1) + 3
        case Cases():
            return max(a + b for a, b in zip(parts[::2], parts[1::2], strict=True)) + 7
        case Sym():
            stem, _, below = t.name.partition("_")
            return min(len(stem), 4) + 0.7 * len(below)
    return sum(parts) + 1.5 if parts else float(len(str(t.data)))


def rows(term: Term, write: Callable[[Term], str], limit: float, slash: str = "/") -> list[str]:
    """The text of a term. A sum wider than the limit is broken before a sign, also under a derivative or over a denominator.

    What holds a sum is only taken apart if it is wider by `TOLERANCE`: below that, setting it smaller reads better.

    >>> from symderiv.terms.plain import plain
    >>> a, b, c = Sym("a"), Sym("b"), Sym("c")
    >>> rows(Add(a, b, c), plain, 6)
    ['a + b', '+ c']
    >>> rows(Div(Add(a, b, c, Sym("d")), c), plain, 9.1)
    ['(a + b', '+ c', '+ d) / c']
    """
    if width(term) <= limit:
        return [write(term)]
    match term:
        case Add():
            return _sum(term, write, limit)
        case _ if width(term) <= limit * TOLERANCE:
            return [write(term)]
        case Div(Add() as top, bottom) if width(bottom) < limit / 2:
            return _within("(", _sum(top, write, limit - 2), f") {slash} {_bracketed(bottom, write)}")
        case Neg(Add() as inner):
            return _within(write(Neg(_MARK)).removesuffix(write(_MARK)) + "(", _sum(inner, write, limit - 3), ")")
        case Derivative(Add() as body, var, order, point) if point == var and not term.indices:
            inside = var if body.free <= {var.name} else _MARK
            head = write(Derivative(inside, var, order)).removesuffix(f"({write(inside)})").removesuffix(write(inside))
            return _within(head + "(", _sum(body, write, limit - 5), ")")
    return [write(term)]


def _bracketed(t: Term, write: Callable[[Term], str]) -> str:
    return f"({write(t)})" if isinstance(t, (Add, Mul, Neg, Div)) else write(t)


def _within(before: str, inner: list[str], after: str) -> list[str]:
    inner[0] = before + inner[0]
    inner[-1] += after
    return inner


def _sum(term: Add, write: Callable[[Term], str], limit: float) -> list[str]:
    groups: list[list[Term]] = [[]]
    room = limit
    for k, c in enumerate(term.children):
        need = width(c) + 3 * (k > 0)
        if groups[-1] and need > room:
            groups.append([])
            room = limit
        groups[-1].append(c)
        room -= need
    first, *others = groups
    mark = write(_MARK)
    return [
        write(Add(*first)) if len(first) > 1 else write(first[0]),
        *(write(Add(_MARK, *group)).removeprefix(mark).strip() for group in others),
    ]
