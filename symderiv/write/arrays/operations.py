"""Functions of whole arrays: the algebra of matrices, and functions along an axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from symderiv.terms import Fn, Lambda, Mul, Term, value
from symderiv.write.arrays.entries import delta, vector
from symderiv.write.arrays.exponentials import SOFTMAX
from symderiv.write.arrays.pieces import (
    COLUMN,
    MATRIX,
    NUMBER,
    ROW,
    Piece,
    chained,
    diagonal,
    inverted,
    multiplied,
    no_numpy,
    of_kind,
)
from symderiv.write.arrays.ranges import Frame, affine
from symderiv.write.notations.python import POWER, PRODUCT

if TYPE_CHECKING:
    from symderiv.write.arrays.emit import Emitter


def function(e: Emitter, t: Fn, name: str, parts: tuple[Term, ...], frame: Frame) -> Piece:
    """The value of a function that is not applied entry by entry."""
    if name == "delta" and len(parts) == 2:
        return delta(e, parts, frame)
    if name in ("identity", "ones"):
        sizes = ", ".join(e.whole(affine(n)) for n in parts)
        if name == "identity" and len(parts) == 1:
            return Piece(f"numpy.eye({sizes})", kind=MATRIX)
        if name == "ones" and len(parts) in (1, 2):
            text = f"numpy.ones({sizes})" if len(parts) == 1 else f"numpy.ones(({sizes}))"
            return Piece(text, kind=COLUMN if len(parts) == 1 else MATRIX, ones=True)
    if name == "log" and isinstance(parts[0], Fn) and parts[0].name == "det":
        return _log_determinant(e, parts[0].children[0])
    if name == "trace" and isinstance(parts[0], Mul) and all(map(e.array, parts[0].children)):
        *first, last = map(e.of, parts[0].children)
        return Piece(f'numpy.einsum("ij,ji->", {chained(first).matrix}, {last.matrix})')
    if name in ("logsumexp", *SOFTMAX, "max", "min") and len(parts) == 1:
        return _over_all(e, name, parts[0], frame)
    arrays = [e.of(p) for p in parts] if name in _OPERATIONS else []
    if arrays and (found := _OPERATIONS[name](e, t, arrays)) is not None:
        return found
    raise no_numpy(t, f"{name} is not known as a function of arrays")


def _log_determinant(e: Emitter, a: Term) -> Piece:
    """log det A without its overflow; no number where the determinant is not positive."""
    sign, size = e.name("sign"), e.name("log_det")
    e.lines.append(f"{sign}, {size} = numpy.linalg.slogdet({e.of(a).text})")
    return Piece(f"numpy.where({sign} > 0, {size}, numpy.nan)")


def _over_all(e: Emitter, name: str, t: Term, frame: Frame) -> Piece:
    """Functions along the last axis of an array: of a vector, or of every row of a matrix."""
    p = e.of(t, frame) if not isinstance(t, Lambda) else vector(e, t, frame)
    if name in ("max", "min"):
        return Piece(f"{p.atom}.{name}({'axis=-1' if p.axes else ''})", axes=p.axes)
    if p.kind == NUMBER:
        raise no_numpy(t, "it is a number")
    axis = ", axis=1" if p.kind == MATRIX else ", axis=-1" if p.axes else ""
    if name == "logsumexp" and p.kind == MATRIX:
        raise no_numpy(Fn(name, t), "of a matrix")
    written = f"scipy.special.{name}({p.text}{axis})"
    return Piece(written, axes=p.axes, kind=NUMBER if name == "logsumexp" else p.kind)


def _transpose(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return parts[0].transposed if not parts[0].axes else None


def _inverse(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return inverted(parts[0]) if parts[0].kind == MATRIX else None


def _determinant(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return Piece(f"numpy.linalg.det({parts[0].text})") if parts[0].kind == MATRIX else None


def _trace(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return Piece(f"numpy.trace({parts[0].text})") if parts[0].kind == MATRIX else None


def _norm(_: Emitter, t: Fn, parts: list[Piece]) -> Piece | None:
    """The Euclidean norm of a vector, its p-norm, and the Frobenius norm of a matrix."""
    p = value(t.children[1]) if len(t.children) == 2 else None
    (a, *_rest) = parts
    if a.kind in (COLUMN, ROW):
        order = "" if p is None or p == 2 else f", {int(p) if p.denominator == 1 else float(p)}"
        return Piece(f"numpy.linalg.norm({a.text}{order})") if p is None or p >= 1 else None
    return Piece(f"numpy.linalg.norm({a.text})") if t.name == "frobenius" and a.kind == MATRIX else None


def _inner(e: Emitter, _: Fn, parts: list[Piece]) -> Piece | None:
    if len(parts) != 2 or NUMBER in (kinds := [p.kind for p in parts]):
        return None
    if MATRIX not in kinds:
        return multiplied(replace(parts[0], kind=ROW), replace(parts[1], kind=COLUMN))
    a, b = (Piece(*of_kind(p, MATRIX)) for p in parts)
    return Piece(f"numpy.sum({a.at(PRODUCT)}*{b.at(POWER)})")


def _diag(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return diagonal(parts[0]) if parts[0].kind != NUMBER else None


def _vec(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    """The columns one below the other."""
    return Piece(f'{parts[0].atom}.ravel(order="F")', kind=COLUMN) if parts[0].kind != NUMBER else None


def _kronecker(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    if len(parts) != 2 or NUMBER in (p.kind for p in parts):
        return None
    a, b = (Piece(*of_kind(p, MATRIX)) for p in parts)
    return Piece(f"numpy.kron({a.text}, {b.text})", kind=MATRIX)


_OPERATIONS: Final[dict[str, Callable[[Emitter, Fn, list[Piece]], Piece | None]]] = {
    "transpose": _transpose,
    "inverse": _inverse,
    "det": _determinant,
    "trace": _trace,
    "frobenius": _norm,
    "norm": _norm,
    "inner": _inner,
    "diag": _diag,
    "vec": _vec,
    "otimes": _kronecker,
}
"""Functions of whole arrays."""
