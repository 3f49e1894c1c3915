"""Entries of arrays, arrays by their entries, and δ: every index is an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderiv.terms import ONE, Entry, Fn, Lambda, Sym, Term
from symderiv.terms.shapes import in_letters, same_size
from symderiv.write.arrays.exponentials import SOFTMAX
from symderiv.write.arrays.pieces import COLUMN, MATRIX, Piece, no_numpy
from symderiv.write.arrays.ranges import Affine, Frame, Range, affine, at_least_zero, combined, difference, length, written
from symderiv.write.arrays.sums import without
from symderiv.write.notations.python import ATOM, Written, python_with

if TYPE_CHECKING:
    from symderiv.write.arrays.emit import Emitter


def delta(e: Emitter, parts: tuple[Term, ...], frame: Frame) -> Piece:
    """δ_ij as the identity matrix, or by comparing."""
    ranges = [next((r for r in frame if p == Sym(r.name)), None) for p in parts]
    a, b = ranges
    if a is not None and b is not None and a != b and (a.low, a.high) == (b.low, b.high):
        size = length(a)
        return Piece(f"numpy.eye({e.whole(size)})", axes=tuple(r.name for r in frame if r in ranges))
    pieces = [e.numbers(p, frame) for p in parts]
    axes = tuple(r.name for r in frame if any(r.name in p.axes for p in pieces))
    left, right = (p.aligned(axes)[0] for p in pieces)
    return Piece(f"numpy.where({left} == {right}, 1, 0)", axes=axes)


def vector(e: Emitter, t: Lambda, frame: Frame) -> Piece:
    """An array by its entries, its last axis that of the index."""
    if t.low is None or t.high is None:
        raise no_numpy(t, "the range of its index is not said")
    own = without(t, frame)
    body, r = own.body, Range(own.index.name, own.low, own.high)  # type: ignore[arg-type]
    if isinstance(body, Entry) and body.indices == (own.index,) and own.low == ONE and own.index.name not in body.family.free:
        sizes = () if isinstance(body.family, Lambda) else e.shape(body.family)
        if len(sizes) == 1 and same_size(sizes[0], own.high or ONE):
            return e.of(body.family, frame)
    if isinstance(body, Lambda):
        inner = vector(e, body, (*frame, r))
        if frame or inner.axes != (r.name,):
            raise no_numpy(t, "an array of more than two axes")
        return Piece(inner.text, inner.level, kind=MATRIX)
    p = e.numbers(body, (*frame, r))
    if r.name not in p.axes:
        if p.axes:
            raise no_numpy(t, "an array that does not depend on its index")
        return Piece(f"numpy.full({e.whole(length(r))}, {p.text})", kind=COLUMN)
    return Piece(p.text, p.level, tuple(a for a in p.axes if a != r.name), COLUMN)


def entry(e: Emitter, t: Entry, frame: Frame) -> Piece:
    """An entry: the array itself where its indices are free, a slice, or a selection by arrays of indices."""
    family = t.family
    if isinstance(family, Fn) and family.name == "transpose" and len(t.indices) == 2:
        return e.of(Entry(family.children[0], *reversed(t.indices)), frame)
    if any(r.name in family.free for r in frame):
        return _entry_of_dependent(e, t, frame)
    sizes = _sizes(e, family)
    places = [affine(i) for i in t.indices]
    if None in places:
        raise no_numpy(t, "an index is no whole combination of letters")
    if len(sizes) != len(places):
        raise no_numpy(t, f"{in_letters(sizes)} with {len(places)} indices")
    text = e.letters[family.name] if isinstance(family, Sym) else e.of(family).atom
    forms = [p for p in places if p is not None]
    exist = all(at_least_zero(f, frame) for p, n in zip(forms, sizes, strict=True) for f in _margins(p, n))
    slices = [_slice(e, p, n, frame) for p, n in zip(forms, sizes, strict=True)]
    names = [next((r.name for r in frame if r.name in p), "") for p in forms]
    along = [n for n in names if n]
    if exist and None not in slices and len({*along}) == len(along):
        found = [s or "" for s in slices]
        while found and found[-1] == ":":
            found.pop()
        order = tuple(r.name for r in frame if r.name in along)
        p = Piece(f"{text}[{', '.join(found)}]" if found else text, axes=order)
        if list(order) == along:
            return p
        if len(order) == 2:
            return Piece(f"{p.text}.T", axes=order)
        return Piece(f"{p.text}.transpose({', '.join(str(along.index(a)) for a in order)})", axes=order)
    return _gathered(e, text, forms, sizes, frame, exist)


def _sizes(e: Emitter, family: Term) -> tuple[Term, ...]:
    """The sizes of the axes of what entries are taken of."""
    match family:
        case Fn(name, (Lambda(_, _, low, high),)) if name in SOFTMAX and low == ONE and high is not None:
            return (high,)
        case Lambda(_, _, low, high) if low == ONE and high is not None:
            return (high,)
    found = e.shape(family)
    if not found:
        raise no_numpy(family, "its sizes are not said")
    return found


def _entry_of_dependent(e: Emitter, t: Entry, frame: Frame) -> Piece:
    """An entry of a vector that depends on indices itself, as softmax(k ↦ u_ik)_j does."""
    place = next((r for r in frame if (Sym(r.name),) == t.indices), None)
    family = t.family
    p = e.of(family, frame) if not isinstance(family, Lambda) else vector(e, family, frame)
    sizes = _sizes(e, family)
    if place is None or place.low != ONE or not same_size(place.high, sizes[0]) or place.name in p.axes or p.kind != COLUMN:
        raise no_numpy(t, "an entry of a vector that depends on an index")
    order = (*p.axes, place.name)
    kept = tuple(r.name for r in frame if r.name in order)
    if kept == order:
        return Piece(p.text, p.level, order)
    return Piece(f"{p.atom}.transpose({', '.join(str(order.index(a)) for a in kept)})", axes=kept)


def _slice(e: Emitter, form: Affine, size: Term, frame: Frame) -> str | None:
    """`:`, a slice, or the number of one entry; None where it is none of these."""
    inside = [r for r in frame if r.name in form]
    shift = {n: c for n, c in form.items() if n not in {r.name for r in inside}}
    if not inside:
        return e.whole(combined(form, {"": -1}))
    if len(inside) != 1 or form[inside[0].name] != 1:
        return None
    (r,) = inside
    low, high = combined(affine(r.low), shift, {"": -1}), combined(affine(r.high), shift)
    if not at_least_zero(high, ()):
        return None
    start = "" if low == {} else e.whole(low)
    end = "" if difference(high, affine(size)) == {} else e.whole(high)
    return f"{start}:{end}"


def _gathered(e: Emitter, text: str, forms: list[Affine], sizes: tuple[Term, ...], frame: Frame, exist: bool) -> Piece:
    """Entries by arrays of indices; nan for those that do not exist, so that they count only where they are asked for."""
    axes = tuple(r.name for r in frame if any(r.name in f for f in forms))
    places, tests = [], []
    for form, n in zip(forms, sizes, strict=True):
        known: dict[Term, Written] = {Sym(r.name): e.index(r).aligned(axes) for r in frame if r.name in form}
        known |= {Sym(name): (e.letters[name], ATOM) for name in form if name and Sym(name) not in known}
        at = python_with(written(combined(form, {"": -1}) or {}), known)
        end = e.whole(affine(n))
        if exist:
            places.append(at[0])
        else:
            p = e.assigned(Piece(*at, axes=axes))
            places.append(f"numpy.clip({p.text}, 0, {end} - 1)")
            tests.append(f"({p.text} >= 0) & ({p.text} < {end})")
    if exist:
        return Piece(f"{text}[{', '.join(places)}]", axes=axes)
    found = " & ".join(tests)
    return Piece(f"numpy.where({found}, {text}[{', '.join(places)}], numpy.nan)", axes=axes)


def _margins(place: Affine, size: Term) -> tuple[Affine | None, Affine | None]:
    """What must not be negative for an entry to exist."""
    return combined(place, {"": -1}), difference(affine(size), place)
