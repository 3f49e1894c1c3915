"""The border to SymPy for arrays as a whole: vectors are matrices of one column, and nothing is evaluated.

    A B, A + B, A^⊤, A^{-1}       MatMul, MatAdd, Transpose, Inverse
    ⟨A, B⟩, ‖A‖_F                 Trace(A^⊤ B), sqrt(Trace(A^⊤ A))
    f of every entry              A.applyfunc(Lambda(x, f(x)))
    softmax of every row          DiagMatrix(E 1)^{-1} E, where E is e^A entry by entry

SymPy counts entries from 0: A_ij of an array that also occurs as a whole is A[i - 1, j - 1].
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from symderiv.errors import SymderivError
from symderiv.terms.term import Add, Div, Entry, Fn, Mul, Neg, Num, Pow, Sym, Term

Expr = Any
"""A SymPy expression."""

MAP: Final = "map"
"""map(x ↦ f(x), A) is f of every entry of A: how the definitions of functions of numbers are put in for arrays."""


def is_matrix(e: Expr) -> bool:
    """Whether an expression is a matrix."""
    return bool(getattr(e, "is_Matrix", False))


def is_matrix_expression(e: Expr) -> bool:
    """Whether an expression is a matrix of symbolic shape."""
    return is_matrix(e) and bool(getattr(e, "is_MatrixExpr", False))


def used_whole(term: Term) -> frozenset[str]:
    """The letters that stand somewhere for the whole array, not only with indices."""
    found: set[str] = {term.name} if isinstance(term, Sym) else set()
    for t in term.postorder():
        inner = t.indices if isinstance(t, Entry) else t.children
        found |= {c.name for c in inner if isinstance(c, Sym)}
    return frozenset(found)


def array_to_sympy(t: Term, parts: list[Expr], sympy: Any) -> Expr | None:
    """The SymPy expression of a term with these expressions for its children; None if the arithmetic of numbers does.

    Raises SymderivError for what SymPy has no counterpart for.
    """
    if isinstance(t, Fn) and (operation := _OPERATIONS.get(t.name)) is not None:
        return operation(sympy, *parts)
    if not any(map(is_matrix_expression, parts)):
        return None
    match t:
        case Add():
            if not all(map(is_matrix, parts)):
                raise SymderivError(f"SymPy adds no numbers to matrices: {t}", t.span, "write the matrix of ones")
            return sympy.MatAdd(*parts)
        case Neg():
            return sympy.MatMul(sympy.Integer(-1), parts[0])
        case Mul():
            return _number(sympy, sympy.MatMul(*parts))
        case Div():
            bottom = parts[1]
            if not is_matrix(bottom):
                return sympy.MatMul(sympy.Pow(bottom, -1, evaluate=False), parts[0])
            if is_matrix(parts[0]):
                return sympy.HadamardProduct(parts[0], sympy.HadamardPower(bottom, -1), evaluate=False)
        case Pow(_, n):
            if n == Sym("T"):
                return sympy.Transpose(parts[0])
            return sympy.Inverse(parts[0]) if n == Neg(Num(1)) else sympy.MatPow(parts[0], parts[1])
        case Entry() if not isinstance(t.family, Sym) or is_matrix_expression(parts[0]):
            places = [i - 1 for i in parts[1:]]
            return parts[0][(*places, 0)[:2]]
        case Fn() if t.name == MAP:
            return parts[1].applyfunc(parts[0])
    raise SymderivError(f"SymPy has no counterpart of this with matrices: {t}", t.span, "write it out with entries first")


def _number(s: Any, e: Expr) -> Expr:
    """The entry of a matrix that has one, as its trace: taken by its place, SymPy would write it out as a sum."""
    return s.Trace(e) if is_matrix(e) and e.shape == (1, 1) else e


def _transpose(s: Any, a: Expr) -> Expr:
    return s.Transpose(a) if is_matrix(a) else a


def _hadamard(s: Any, *parts: Expr) -> Expr:
    if all(map(is_matrix, parts)):
        return s.HadamardProduct(*parts, evaluate=False)
    return s.MatMul(*parts) if any(map(is_matrix, parts)) else s.Mul(*parts, evaluate=False)


def _inner(s: Any, a: Expr, b: Expr) -> Expr:
    return s.Trace(s.MatMul(s.Transpose(a), b)) if is_matrix(a) else s.Mul(a, b, evaluate=False)


def _norm(s: Any, a: Expr, p: Expr = 2) -> Expr:
    if p != 2 or not is_matrix(a):
        raise SymderivError(f"SymPy has no counterpart of this norm of {a}")
    return s.sqrt(_inner(s, a, a))


def _softmax(s: Any, a: Expr) -> Expr:
    """e^A with every row divided by its sum; a column by its sum."""
    if not is_matrix(a):
        raise SymderivError(f"the softmax of a number: {a}")
    entry = s.Symbol("entry", real=True)
    powers = a.applyfunc(s.Lambda(entry, s.exp(entry)))
    if a.shape[1] == 1:
        return s.MatMul(s.Pow(s.Trace(s.MatMul(s.OneMatrix(1, a.shape[0]), powers)), -1), powers)
    return s.MatMul(s.Inverse(s.DiagMatrix(s.MatMul(powers, s.OneMatrix(a.shape[1], 1)))), powers)


def _log_softmax(s: Any, a: Expr) -> Expr:
    entry = s.Symbol("entry", real=True)
    return _softmax(s, a).applyfunc(s.Lambda(entry, s.log(entry)))


def _diag(s: Any, a: Expr) -> Expr:
    return s.DiagMatrix(a) if a.shape[1] == 1 else s.DiagonalOf(a)


_OPERATIONS: Final[dict[str, Callable[..., Expr]]] = {
    "transpose": _transpose,
    "inverse": lambda s, a: s.Inverse(a) if is_matrix(a) else s.Pow(a, -1, evaluate=False),
    "det": lambda s, a: s.Determinant(a) if is_matrix(a) else a,
    "trace": lambda s, a: s.Trace(a) if is_matrix(a) else a,
    "hadamard": _hadamard,
    "circ": _hadamard,
    "inner": _inner,
    "norm": _norm,
    "frobenius": _norm,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "diag": _diag,
    "otimes": lambda s, a, b: s.KroneckerProduct(a, b),
    "identity": lambda s, n: s.Identity(n),
    "ones": lambda s, n, m=1: s.OneMatrix(n, m),
    "delta": lambda s, i, j: s.KroneckerDelta(i, j),
}
"""Functions of arrays, and δ."""
