"""Pieces of NumPy that compute arrays, and the algebra of matrices over them.

A vector is an array of one axis, whether it stands as a column or as a row; which of both it is decides what a product means.

>>> X, v = Piece("X", kind=MATRIX), Piece("v", kind=COLUMN)
>>> chained([X.transposed, X, v]).text
'X.T @ (X @ v)'
>>> chained([v, v.transposed]).text
'numpy.outer(v, v)'
>>> chained([inverted(X), v]).text
'numpy.linalg.solve(X, v)'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from symderiv.errors import SymderivError
from symderiv.terms import Term
from symderiv.write.notations.python import ATOM, MATRIX_PRODUCT, POWER, PRODUCT

Kind = Literal["number", "column", "row", "matrix"]
NUMBER: Final = "number"
COLUMN: Final = "column"
ROW: Final = "row"
MATRIX: Final = "matrix"


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression of NumPy.

    `axes`: the indices that the axes of the array stand for, for a number that depends on indices. `kind`: what it is in the algebra of
    matrices. `inverse`, `diagonal`: the matrix that it is the inverse of, and the vector that stands on its diagonal, where it was
    made so; `ones`: whether every entry is 1; `spread`: a text that does for it beside another matrix, by broadcasting. Products with
    such matrices, and sums, need not build them.
    """

    text: str
    level: int = ATOM
    axes: tuple[str, ...] = ()
    kind: Kind = NUMBER
    inverse: Piece | None = None
    diagonal: Piece | None = None
    ones: bool = False
    spread: str = ""

    @property
    def simple(self) -> bool:
        """Whether it costs nothing to write it twice: a name, a number, a view."""
        return re.fullmatch(r"[\w.]+(\.T)?(\[[:, \w+-]*\])?(\.T)?", self.text) is not None

    def at(self, level: int) -> str:
        """The text, in brackets where it binds less than this."""
        return self.text if self.level >= level else f"({self.text})"

    @property
    def atom(self) -> str:
        """The text as an operand of anything."""
        return self.at(ATOM)

    @property
    def transposed(self) -> Piece:
        """Rows and columns exchanged; a vector is the same array."""
        match self.kind:
            case "column" | "row":
                return replace(self, kind=ROW if self.kind == COLUMN else COLUMN)
            case "matrix" if self.diagonal is not None:
                return self
            case "matrix" if self.inverse is not None:
                return inverted(self.inverse.transposed)
            case "matrix":
                text = self.text[:-2] if self.text.endswith(".T") and self.level == ATOM else f"{self.atom}.T"
                return Piece(text, kind=MATRIX, ones=self.ones)
        return self

    @property
    def number(self) -> Piece:
        """The one entry of an array that has one."""
        return Piece(f"{self.atom}.item()") if self.kind != NUMBER else self

    @property
    def two_axes(self) -> str:
        """The text of the array with two axes."""
        return self.atom + {"column": "[:, None]", "row": "[None, :]"}.get(self.kind, "")

    @property
    def matrix(self) -> str:
        """The text of the array with two axes, whatever it is."""
        return of_kind(self, MATRIX)[0]

    def aligned(self, axes: Sequence[str]) -> tuple[str, int]:
        """The text and its level with new axes of length 1 where it does not depend on the index."""
        places = [":" if a in self.axes else "None" for a in axes]
        while places and places[0] == "None":
            places.pop(0)
        if "None" not in places:
            return self.text, self.level
        return f"{self.atom}[{', '.join(places)}]", ATOM


def no_numpy(t: Term, why: str) -> SymderivError:
    """What is raised for a term that is not written with NumPy."""
    return SymderivError(f"{t} is not written with NumPy: {why}", t.span, "LaTeX has it")


def inverted(a: Piece) -> Piece:
    """The inverse of a square matrix."""
    if a.inverse is not None:
        return a.inverse
    return Piece(f"numpy.linalg.inv({a.text})", kind=MATRIX, inverse=a)


def diagonal(a: Piece) -> Piece:
    """The diagonal matrix of a vector; the diagonal of a matrix as a column."""
    if a.kind == MATRIX:
        return a.diagonal or Piece(f"numpy.diag({a.text})", kind=COLUMN)
    return Piece(f"numpy.diag({a.text})", kind=MATRIX, diagonal=replace(a, kind=COLUMN))


def chained(factors: Sequence[Piece]) -> Piece:
    """The matrix product, from the right where that keeps it a vector, else from the left."""
    if factors[-1].kind == COLUMN:
        out = factors[-1]
        for f in reversed(factors[:-1]):
            out = multiplied(f, out)
        return out
    out = factors[0]
    for f in factors[1:]:
        out = multiplied(out, f)
    return out


def multiplied(a: Piece, b: Piece) -> Piece:
    """The product of two arrays, or of a number and an array."""
    match a.kind, b.kind:
        case ("number", _) | (_, "number"):
            text, other = (a, b) if a.kind == NUMBER else (b, a)
            return Piece(f"{text.at(PRODUCT)}*{other.at(POWER)}", PRODUCT, kind=other.kind)
        case ("column", "row"):
            spread = a.two_axes if b.ones else b.two_axes if a.ones else ""
            return Piece(f"numpy.outer({a.text}, {b.text})", kind=MATRIX, spread=spread)
        case ("row", "column"):
            return _summed(a, b) or product(a, b, NUMBER)
    if a.kind == MATRIX and a.diagonal is not None:
        scale = a.diagonal.atom if b.kind == COLUMN else a.diagonal.two_axes
        return Piece(f"{scale}*{b.at(POWER)}", PRODUCT, kind=b.kind)
    if b.kind == MATRIX and b.diagonal is not None:
        return Piece(f"{a.at(PRODUCT)}*{b.diagonal.atom}", PRODUCT, kind=a.kind)
    if a.kind == MATRIX and a.inverse is not None and b.kind in (COLUMN, MATRIX):
        return Piece(f"numpy.linalg.solve({a.inverse.text}, {b.text})", kind=b.kind)
    if b.kind == MATRIX and b.inverse is not None and a.kind in (ROW, MATRIX):
        solved = Piece(f"numpy.linalg.solve({b.inverse.transposed.text}, {a.transposed.text})", kind=b.kind)
        return solved.transposed if a.kind == MATRIX else replace(solved, kind=ROW)
    kinds: dict[tuple[Kind, Kind], Kind] = {(MATRIX, COLUMN): COLUMN, (ROW, MATRIX): ROW}
    kind = kinds.get((a.kind, b.kind), MATRIX)
    if kind != MATRIX:
        return _summed(a, b) or product(a, b, kind)
    left, right = (p if p.kind == MATRIX else Piece(p.two_axes, kind=MATRIX) for p in (a, b))
    return product(left, right, MATRIX)


def product(a: Piece, b: Piece, kind: Kind = NUMBER, axes: tuple[str, ...] = ()) -> Piece:
    """a @ b."""
    left = a.text if a.level == MATRIX_PRODUCT else a.at(POWER)
    return Piece(f"{left} @ {b.at(POWER)}", MATRIX_PRODUCT, axes, kind)


def _summed(a: Piece, b: Piece) -> Piece | None:
    """A product with the vector of ones as a sum along an axis."""
    if b.ones and b.kind == COLUMN:
        return _sum_along(a, 1, COLUMN)
    return _sum_along(b, 0, ROW) if a.ones and a.kind == ROW else None


def _sum_along(p: Piece, axis: int, kind: Kind) -> Piece:
    if p.kind != MATRIX:
        return Piece(f"{p.atom}.sum()")
    turned = p.text.endswith(".T") and p.level == ATOM
    return Piece(f"{p.text[:-2] if turned else p.atom}.sum(axis={1 - axis if turned else axis})", kind=kind)


def entrywise_kind(pieces: Sequence[Piece]) -> Kind:
    """The kind of arrays that are combined entry by entry."""
    kinds = [p.kind for p in pieces if p.kind != NUMBER]
    return NUMBER if not kinds else MATRIX if MATRIX in kinds else kinds[0]


def beside(p: Piece, others: Iterable[Piece]) -> Piece:
    """The piece as an operand beside others: by broadcasting where one of them has all rows and columns."""
    full = p.spread and any(q is not p and q.kind == MATRIX and not q.spread for q in others)
    return Piece(p.spread, kind=MATRIX) if full else p


def of_kind(p: Piece, kind: Kind) -> tuple[str, int]:
    """The text and its level as an operand among arrays of a kind."""
    return (p.two_axes, ATOM) if kind == MATRIX and p.kind in (COLUMN, ROW) else (p.text, p.level)
