"""Sums and products over an index: along an axis, as products of matrices, or by `numpy.einsum`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from symderiv.terms import ONE, And, Binder, Div, Mul, Neg, Product, Relation, Sum, Sym, Term, fresh_name, renamed, times
from symderiv.terms.build import neg, over
from symderiv.write.arrays.formula import Formula
from symderiv.write.arrays.pieces import Piece, no_numpy, product
from symderiv.write.arrays.ranges import Frame, Range, affine, at_least_zero, extreme, length, written
from symderiv.write.notations.python import ATOM, POWER, PRODUCT, SIGN, SUM, condition_with

if TYPE_CHECKING:
    from symderiv.write.arrays.emit import Emitter

B = TypeVar("B", bound=Binder)


def total(e: Emitter, t: Sum, frame: Frame) -> Piece:
    """Σ, what does not depend on the index before it."""
    own = without(t, frame)
    r, guard = _rectangle(e, own, frame)
    if guard is not None:
        return reduced(e, own, frame, "sum", "0")
    sign, above, below = _fraction(own.body)
    inside = [f for f in above if r.name in f.free]
    inside_below = [f for f in below if r.name in f.free]
    outside = over(times(*(f for f in above if f not in inside)), times(*(f for f in below if f not in inside_below)))
    total = _contracted(e, inside, inside_below, r, frame)
    if sign > 0 and outside == ONE:
        return total
    letter = Sym("total~")
    formula = Formula(e, frame)
    whole = formula.of(outside)
    left = (
        letter if whole == ONE else Div(letter, whole.right) if isinstance(whole, Div) and whole.left == ONE else Mul(whole, letter)
    )
    pieces = {**formula.pieces, letter: total}
    return e.computed(left if sign > 0 else neg(left), pieces, frame)


def _contracted(e: Emitter, above: list[Term], below: list[Term], r: Range, frame: Frame) -> Piece:
    """Σ of a product of factors that all depend on the index."""
    inner = (*frame, r)
    if any(e.array(f) for f in (*above, *below)):
        raise no_numpy(times(*above), "a sum of arrays")
    if not above and not below:
        size = length(r)
        text = e.whole(size)
        return Piece(text, ATOM if text.isidentifier() else SUM) if at_least_zero(size, ()) else Piece(f"max(0, {text})")
    if below:
        above = [over(times(*above), times(*below))]
    factors = [e.numbers(f, inner) for f in above]
    axes = tuple(s.name for s in inner if any(s.name in p.axes for p in factors))
    kept = axes[:-1]
    if len(factors) == 1:
        (p,) = factors
        return Piece(f"{p.atom}.sum({f'axis={len(kept)}' if kept else ''})", axes=kept)
    if len(factors) == 2:
        a, b = factors
        if a.axes == b.axes == (r.name,):
            return product(a, b)
        for left, right in ((a, b), (b, a)):
            if len(left.axes) == 2 and right.axes == (r.name,):
                return product(left, right, axes=left.axes[:1])
    if not kept:
        *first, last = (p for p in factors)
        return product(Piece("*".join(p.at(SIGN) for p in first), PRODUCT), last)
    letters = {name: chr(ord("a") + k) for k, name in enumerate(axes)}
    spelled = ",".join("".join(letters[a] for a in p.axes) for p in factors)
    target = "".join(letters[a] for a in kept)
    fast = ", optimize=True" if len(factors) > 2 else ""
    return Piece(f'numpy.einsum("{spelled}->{target}", {", ".join(p.text for p in factors)}{fast})', axes=kept)


def _rectangle(e: Emitter, t: Sum | Product, frame: Frame) -> tuple[Range, Term | None]:
    """The range of an index as far as it goes for any value of the others, and the condition that says how far it goes."""
    if t.low is None or t.high is None:
        raise no_numpy(t, f"the range of {t.index} is not said")
    k, guards = t.index, [] if t.where is None else [t.where]
    low, high = (extreme(affine(b), frame, least=least) for b, least in ((t.low, True), (t.high, False)))
    if low is None or high is None:
        raise no_numpy(t, f"the range of {t.index} is no whole combination of letters")
    names = {r.name for r in frame}
    if names & t.low.free:
        guards.append(Relation("≥", k, t.low))
    if names & t.high.free:
        guards.append(Relation("≤", k, t.high))
    r = Range(k.name, written(low), written(high))
    return r, None if not guards else guards[0] if len(guards) == 1 else And(*guards)


def reduced(e: Emitter, t: Sum | Product, frame: Frame, how: str, neutral: str) -> Piece:
    """Σ or ∏ over the last axis, the neutral element where the condition does not hold."""
    own = without(t, frame)
    r, guard = _rectangle(e, own, frame)
    inner = (*frame, r)
    body = e.numbers(own.body, inner)
    conditions = None if guard is None else _condition(e, guard, inner)
    pieces = [p for p in (body, conditions) if p is not None]
    along = any(r.name in p.axes for p in pieces)
    if not along:
        size = Piece(f"max(0, {e.whole(length(r))})")
        text = f"{size.text}*{body.at(POWER)}" if how == "sum" else f"{body.atom}**{size.text}"
        body = Piece(text, PRODUCT if how == "sum" else POWER, body.axes)
    axes = tuple(s.name for s in inner if any(s.name in p.axes for p in pieces))
    text, level = body.aligned(axes)
    if conditions is not None:
        text, level = f"numpy.where({conditions.aligned(axes)[0]}, {text}, {neutral})", ATOM
    if not along:
        return Piece(text, level, axes)
    return Piece(f"{Piece(text, level).atom}.{how}({f'axis={len(axes) - 1}' if len(axes) > 1 else ''})", axes=axes[:-1])


def _condition(e: Emitter, t: Term, frame: Frame) -> Piece:
    formula = Formula(e, frame)
    body = formula.condition(t)
    known, axes, _ = e.operands(body, formula.pieces, frame)
    return Piece(condition_with(body, known), SUM, axes)


def _fraction(t: Term) -> tuple[int, list[Term], list[Term]]:
    """The sign, the factors above and those below of a product of fractions."""
    match t:
        case Neg(a):
            sign, above, below = _fraction(a)
            return -sign, above, below
        case Mul(parts):
            found = [_fraction(p) for p in parts]
            sign = -1 if sum(s < 0 for s, _, _ in found) % 2 else 1
            return sign, [f for _, fs, _ in found for f in fs], [f for _, _, fs in found for f in fs]
        case Div(a, b):
            (s, above, below), (r, more_below, more_above) = _fraction(a), _fraction(b)
            return s * r, above + more_above, below + more_below
    return 1, [] if t == ONE else [t], []


def without(t: B, frame: Frame) -> B:
    """The same sum over an index that has not the name of another one in scope."""
    names = {r.name for r in frame}
    return renamed(t, fresh_name(t.index.name, names | t.free)) if t.index.name in names else t  # type: ignore[return-value]
