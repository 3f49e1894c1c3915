"""The shape of a term in a context: its sizes along each axis, in letters.

A column of R^n has the shape (n,), a row (1, n). Derivatives have the shape of their variable (denominator layout), unless the
context assumes `layout(numerator)` or `layout(mixed)`.

>>> from symderiv.terms import Context, Fn, Mul, Sym, matrix, vector
>>> n, d, W, x = Sym("n"), Sym("d"), Sym("W"), Sym("x")
>>> context = Context().declare("W", matrix(n, d)).declare("x", vector(d))
>>> shape(Mul(W, x), context)
(Sym('n'),)
>>> shape(Mul(x, W), context)
Traceback (most recent call last):
symderiv.errors.ShapeError: x is d × 1 and W is n × d: their product does not exist
the inner sizes 1 … n must be one and the same; is a transpose missing?
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from symderiv.errors import ShapeError
from symderiv.terms.build import number, plus, times, value
from symderiv.terms.context import Context
from symderiv.terms.functions import FUNCTIONS
from symderiv.terms.sorts import Shape, Sort
from symderiv.terms.substitute import replace, substitute
from symderiv.terms.term import (
    ONE,
    Add,
    Array,
    Binder,
    Cases,
    Derivative,
    Div,
    Entry,
    Fn,
    Lambda,
    Layer,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Sym,
    Term,
)

DENOMINATOR: Final = Fn("layout", Sym("denominator"))
"""The assumption that derivatives are in denominator layout, which they are anyway; said, it rules the other one out."""
NUMERATOR: Final = Fn("layout", Sym("numerator"))
"""The assumption that derivatives are in numerator layout."""
MIXED: Final = Fn("layout", Sym("mixed"))
"""The assumption that a gradient has the shape of its variable, but a Jacobian a row for each entry of what is differentiated."""
ENTRIES: Final = Fn("layout", Sym("entries"))
"""The assumption that it is said where each entry of a Jacobian stands: beside one of the others, it rules all further ones out."""
_NUMBERS: Final = frozenset(("trace", "det", "norm", "frobenius", "inner", "delta", "rank"))
_SQUARE: Final = frozenset(("trace", "det", "inverse"))
_ENTRYWISE: Final = frozenset(("hadamard", "circ"))
_SAME: Final = frozenset(("differential", "softmax", "log_softmax", "sigmoid", "relu", "softplus"))
_ACTIVATIONS: Final = frozenset(("sigma", "phi", "psi", "varphi"))
_DEEPEST: Final = 150


class SizeNotSaid(ShapeError):
    """The declarations do not say what shape a term has; it need not be wrong."""


def shape(term: Term, context: Context) -> Shape:
    """The shape of a term; ShapeError with both shapes in letters where sizes do not fit together."""
    return _Shapes(context, {}, 0).of(term)


def in_letters(sizes: Shape) -> str:
    """n × d; "a number" for no axes.

    >>> in_letters((Sym("n"),)), in_letters(())
    ('n × 1', 'a number')
    """
    both = (*sizes, ONE) if len(sizes) == 1 else sizes
    return " × ".join(str(n) for n in both) if both else "a number"


def same_size(a: Term, b: Term) -> bool:
    """Whether two sizes are one polynomial in their letters: n + m − 1 and m − 1 + n are.

    >>> same_size(Add(Sym("n"), Sym("m")), Add(Sym("m"), Sym("n")))
    True
    """
    return a.bare is b.bare or _polynomial(a) == _polynomial(b)


def same_shape(a: Shape, b: Shape) -> bool:
    """Whether two shapes agree; a column is n × 1."""
    if len(a) != len(b) and {len(a), len(b)} == {1, 2}:
        a, b = ((*s, ONE) if len(s) == 1 else s for s in (a, b))
    return len(a) == len(b) and all(map(same_size, a, b))


def goes_entrywise(name: str, context: Context) -> bool:
    """Whether an unknown function of an array is applied entry by entry: if that is assumed, or its letter is that of an activation.

    >>> goes_entrywise("phi", Context()), goes_entrywise("f", Context())
    (True, False)
    """
    return name in _ACTIVATIONS or Fn("entrywise", Sym(name)) in context.assumptions


def is_number(sizes: Shape) -> bool:
    """Whether an array has one entry."""
    return all(same_size(n, ONE) for n in sizes)


def _polynomial(t: Term) -> dict[tuple[str, ...], int]:
    match t:
        case Num(v):
            return {(): v} if v else {}
        case Neg(a):
            return {m: -c for m, c in _polynomial(a).items()}
        case Add(args):
            out: dict[tuple[str, ...], int] = {}
            for a in args:
                for m, c in _polynomial(a).items():
                    out[m] = out.get(m, 0) + c
            return {m: c for m, c in out.items() if c}
        case Mul(args):
            out = {(): 1}
            for a in args:
                right = _polynomial(a)
                terms: dict[tuple[str, ...], int] = {}
                for m, c in out.items():
                    for n, d in right.items():
                        key = tuple(sorted(m + n))
                        terms[key] = terms.get(key, 0) + c * d
                out = {m: c for m, c in terms.items() if c}
            return out
    return {(str(t.bare),): 1}


def _settled(size: Term) -> Term:
    """A size with the indices in it as numbers where they are: n_{1-1} is n_0."""

    def change(t: Term) -> Term | None:
        if not (isinstance(t, Entry) and isinstance(t.family, Sym) and len(t.indices) == 1):
            return None
        terms = _polynomial(t.indices[0])
        constant = terms.get((), 0)
        if set(terms) <= {()}:
            return Sym(f"{t.family.name}_{constant}")
        letters = (times(number(c), *map(Sym, m)) for m, c in sorted(terms.items()) if m)
        return Entry(t.family, plus(*letters, number(constant)))

    return replace(size, change)


class _Shapes:
    """Shapes in one context, each distinct term once; `local`: those of bound letters."""

    def __init__(self, context: Context, local: dict[str, Shape], depth: int) -> None:
        self.context = context
        self.local = local
        self.depth = depth
        self.numerator = NUMERATOR in context.assumptions
        self.rows_of_values = self.numerator or MIXED in context.assumptions
        self._done: dict[Term, Shape] = {}
        self._names: dict[str, Shape] = {}

    def of(self, term: Term) -> Shape:
        """The shape of a term, its parts first."""
        for t in term.postorder():
            if t not in self._done:
                self._done[t] = self._of(t)
        return self._done[term]

    def _of(self, t: Term) -> Shape:
        parts = [self._done[c] for c in t.children]
        match t:
            case Sym(name):
                return self._letter(name, t)
            case Add():
                return self._agreed(list(zip(t.children, parts, strict=True)), t, "sum")
            case Neg():
                return parts[0]
            case Mul():
                return self._product(t, parts)
            case Div():
                if is_number(parts[1]):
                    return parts[0]
                if is_number(parts[0]):
                    raise ShapeError(f"{t.right} is {in_letters(parts[1])}: one cannot divide by it", t.span)
                return self._agreed(list(zip(t.children, parts, strict=True)), t, "quotient")
            case Pow():
                return self._power(t, parts)
            case Fn() | Prime():
                return self._function(t, parts)
            case Entry():
                return self._entry(t, parts)
            case Layer(children=(Sym(name), _)) if parts[0] and self.context.sort(name).raised:
                return parts[0][1:]
            case Layer():
                if parts[0]:
                    raise SizeNotSaid(f"the shape of {t} is not said", t.span)
                return ()
            case Array():
                return self._array(t, parts)
            case Derivative():
                return self._derivative(t, parts)
            case Lambda():
                return parts[0] if t.high is None else (t.high.bare, *parts[0])
            case Binder() | Cases():
                return parts[0]
        return ()

    def _letter(self, name: str, t: Term) -> Shape:
        if name in self.local:
            return self.local[name]
        definition = self.context.definitions.get(name)
        if definition is None or definition.parameters or self.context.sort(name).shape:
            return self.context.sort(name).shape
        if name not in self._names:
            if self.depth > _DEEPEST or name in definition.body.free or isinstance(definition.body, Lambda):
                raise SizeNotSaid(f"the shape of {name} is not said", t.span)
            self._names[name] = ()
            self._names[name] = _Shapes(self.context, {}, self.depth + 1).of(definition.body)
        return self._names[name]

    def _agreed(self, parts: Iterable[tuple[Term, Shape]], t: Term, what: str) -> Shape:
        arrays = [(u, s) for u, s in parts if not is_number(s)]
        for u, s in arrays[1:]:
            first, sizes = arrays[0]
            if not same_shape(s, sizes):
                raise ShapeError(
                    f"{first} is {in_letters(sizes)} and {u} is {in_letters(s)}: their {what} does not exist",
                    u.span or t.span,
                    "both must have one shape; is a transpose missing?",
                )
        return arrays[0][1] if arrays else ()

    def _product(self, t: Term, parts: list[Shape]) -> Shape:
        out, written = parts[0], t.children[0]
        for u, s in zip(t.children[1:], parts[1:], strict=True):
            if is_number(out) and len(out) < 2:
                out = s if s or not out else out
            elif not s:
                pass
            else:
                left, right = (_matrix(x, t) for x in (out, s))
                if same_size(left[1], right[0]):
                    out = (left[0],) if len(s) == 1 else (left[0], right[1])
                elif is_number(out) or is_number(s):
                    out = s if is_number(out) else out
                elif len(out) == 1 and same_size(out[0], right[0]):
                    raise SizeNotSaid(f"{written} is a column; the product with {u} exists only if it is meant as a row", t.span)
                else:
                    raise ShapeError(
                        f"{written} is {in_letters(out)} and {u} is {in_letters(s)}: their product does not exist",
                        u.span or t.span,
                        f"the inner sizes {left[1]} … {right[0]} must be one and the same; is a transpose missing?",
                    )
                if is_number(out):
                    out = ()
            written = Mul(written, u) if not isinstance(written, Mul) else Mul(*written.children, u)
        return out

    def _power(self, t: Pow, parts: list[Shape]) -> Shape:
        if is_number(parts[0]):
            return ()
        if t.right == Sym("T"):
            return _turned(parts[0], t)
        q = value(t.right)
        rows, columns = _matrix(parts[0], t)
        if q is None or q.denominator != 1 or len(parts[0]) == 1:
            raise SizeNotSaid(f"it is not said what the power {t} of an array means", t.span)
        if not same_size(rows, columns):
            raise ShapeError(f"{t.left} is {in_letters(parts[0])}: only a square matrix has powers", t.span)
        return parts[0]

    def _function(self, t: Fn | Prime, parts: list[Shape]) -> Shape:
        name = t.name
        definition = self.context.definitions.get(name)
        if definition is not None and definition.parameters:
            if len(parts) != len(definition.parameters) or self.depth > _DEEPEST:
                raise SizeNotSaid(f"the shape of {t} is not said", t.span)
            whole = [bool(self.context.sort(p).shape) for p in definition.parameters]
            if any(w and not s for s, w in zip(parts, whole, strict=True)):
                raise SizeNotSaid(f"whether {t} is taken at a vector", t.span)
            if any(s and not w for s, w in zip(parts, whole, strict=True)):
                return self._agreed(list(zip(t.children, parts, strict=True)), t, "combination")
            if isinstance(definition.body, Lambda):
                raise SizeNotSaid(f"the shape of {t} is not said", t.span)
            local = dict(zip(definition.parameters, parts, strict=True))
            return _Shapes(self.context, local, self.depth + 1).of(definition.body)
        if definition is not None:
            return ()
        sort: Sort = self.context.sort(name)
        if sort.arity:
            if sort.shape or all(map(is_number, parts)):
                return sort.shape
            if goes_entrywise(name, self.context):
                return self._agreed(list(zip(t.children, parts, strict=True)), t, "combination")
            raise SizeNotSaid(f"whether {name} goes entry by entry", t.span)
        return self._operation(t, name, parts)

    def _operation(self, t: Fn | Prime, name: str, parts: list[Shape]) -> Shape:
        first = parts[0] if parts else ()
        if name in _SQUARE and not is_number(first):
            rows, columns = _matrix(first, t)
            if not same_size(rows, columns):
                raise ShapeError(
                    f"{t.children[0]} is {in_letters(first)}: {name} needs a square matrix", t.children[0].span or t.span
                )
        if name in _NUMBERS:
            return ()
        match name:
            case "inverse":
                return first
            case "transpose":
                return _turned(first, t)
            case "identity" if len(t.children) == 1:
                return (t.children[0].bare, t.children[0].bare)
            case "ones" if 1 <= len(t.children) <= 2:
                return tuple(c.bare for c in t.children)
            case "vec" if len(t.children) == 1:
                return (Mul(*_matrix(first, t)),)
            case "partial" if len(parts) == 2 and isinstance(t.children[1], Fn) and t.children[1].name == "transpose":
                return (_length(first, t), _length(parts[1], t)) if first else parts[1]
            case "otimes" if len(parts) == 2 and all(len(s) == 1 for s in parts):
                return (Mul(parts[0][0], parts[1][0]),)
            case "otimes" if len(parts) == 2 and all(parts):
                (a, b), (c, d) = (_matrix(s, t) for s in parts)
                return (Mul(a, c), Mul(b, d))
            case "logsumexp" if len(first) == 1:
                return ()
            case "diag" if len(first) == 1:
                return (first[0], first[0])
            case "diag" if len(first) == 2:
                return (first[0],)
        if name in ("max", "min") and len(t.children) == 1:
            return ()
        if name in _ENTRYWISE or name in _SAME or name in FUNCTIONS:
            return self._agreed(list(zip(t.children, parts, strict=True)), t, "combination")
        if isinstance(t, Prime):
            return self._agreed(list(zip(t.children, parts, strict=True)), t, "combination")
        raise SizeNotSaid(f"the shape of {t} is not said", t.span)

    def _entry(self, t: Entry, parts: list[Shape]) -> Shape:
        family = parts[0]
        if not family:
            return ()
        if len(t.indices) > len(family):
            raise ShapeError(f"{t.family} is {in_letters(family)}: {len(t.indices)} indices are too many", t.span)
        sort = self.context.sort(t.family.name) if isinstance(t.family, Sym) else None
        if sort is not None and sort.member and len(t.indices) == 1:
            return tuple(_settled(substitute(n, {sort.member: t.indices[0]})) for n in family[1:])
        if len(t.indices) < len(family):
            raise SizeNotSaid(f"whether {t} is a row or a column", t.span)
        return ()

    def _array(self, t: Array, parts: list[Shape]) -> Shape:
        if any(not is_number(s) for s in parts):
            raise SizeNotSaid("a matrix written out in blocks", t.span)
        rows = t.rows
        return (Num(len(rows)),) if len(rows[0]) == 1 else (Num(len(rows)), Num(len(rows[0])))

    def _derivative(self, t: Derivative, parts: list[Shape]) -> Shape:
        body, variable = parts[0], parts[1]
        if t.indices or is_number(variable):
            return body
        if t.order > 1:
            if t.order == 2 and len(variable) == 1 and is_number(body):
                return (*variable, *variable)
            raise SizeNotSaid(f"the shape of a derivative of order {t.order} by {t.var}", t.span)
        if is_number(body):
            return _turned(variable, t) if self.numerator else variable
        if len(variable) == 2 and not any(same_size(n, ONE) for n in variable):
            raise SizeNotSaid(f"the shape of the derivative of an array by {t.var}", t.span)
        rows, columns = _length(body, t), _length(variable, t)
        return (rows, columns) if self.rows_of_values else (columns, rows)


def _matrix(sizes: Shape, t: Term) -> tuple[Term, Term]:
    if len(sizes) > 2:
        raise SizeNotSaid("a product of arrays of more than two axes", t.span)
    return (sizes[0], sizes[1]) if len(sizes) == 2 else (sizes[0], ONE) if sizes else (ONE, ONE)


def _turned(sizes: Shape, t: Term) -> Shape:
    rows, columns = _matrix(sizes, t)
    return (columns, rows) if sizes else ()


def _length(sizes: Shape, t: Term) -> Term:
    rows, columns = _matrix(sizes, t)
    if not same_size(rows, ONE) and not same_size(columns, ONE):
        raise SizeNotSaid("the derivative of a matrix by an array", t.span)
    return columns if same_size(rows, ONE) else rows
