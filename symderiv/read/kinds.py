"""Whether a term is a number, a column, a row or a matrix, as far as the declarations show it; ^{-1} and |…| depend on it."""

from __future__ import annotations

from typing import Final, Literal

from symderiv.terms import Add, Array, Context, Div, Entry, Fn, Layer, Mul, Neg, Pow, Sum, Sym, Term

Kind = Literal["number", "column", "row", "matrix"]

_PRODUCTS: Final[dict[tuple[Kind, Kind], Kind]] = {
    ("matrix", "column"): "column",
    ("row", "matrix"): "row",
    ("row", "column"): "number",
    ("column", "row"): "matrix",
    ("matrix", "matrix"): "matrix",
}
_TURNED: Final[dict[Kind, Kind]] = {"column": "row", "row": "column", "matrix": "matrix", "number": "number"}


def kind_of(term: Term, context: Context) -> Kind:
    """What the term is; a letter of which nothing was declared is a number."""
    kinds: dict[Term, Kind] = {}
    for t in term.bare.postorder():
        kinds[t] = _kind(t, [kinds[c] for c in t.children], context)
    return kinds[term.bare]


def _kind(t: Term, parts: list[Kind], context: Context) -> Kind:
    match t:
        case Sym(name):
            return _of_rank(len(context.sort(name).shape))
        case Layer(children=(Sym(name), _)) if context.sort(name).raised:
            return _of_rank(len(context.sort(name).shape) - 1)
        case Array():
            return "column" if t.data == 1 else "matrix"
        case Add():
            return next((k for k in parts if k != "number"), "number")
        case Neg() | Layer() | Div() | Pow() | Sum():
            return parts[0]
        case Mul():
            kind: Kind = "number"
            for k in parts:
                kind = k if kind == "number" else kind if k == "number" else _PRODUCTS.get((kind, k), kind)
            return kind
        case Fn("transpose"):
            return _TURNED[parts[0]]
        case Fn("inverse" | "hadamard"):
            return next((k for k in parts if k != "number"), "number")
        case Fn("identity"):
            return "matrix"
        case Fn("diag"):
            return "matrix" if parts[0] == "column" else "column" if parts[0] == "matrix" else "number"
        case Entry(children=(Sym(name), *indices)):
            return _of_rank(len(context.sort(name).shape) - len(indices))
        case Entry(children=(Layer(children=(Sym(name), _)), *indices)) if context.sort(name).raised:
            return _of_rank(len(context.sort(name).shape) - 1 - len(indices))
    return "number"


def _of_rank(rank: int) -> Kind:
    return "number" if rank <= 0 else "column" if rank == 1 else "matrix"
