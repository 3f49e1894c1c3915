"""What changes the shape of arrays: sums, products of matrices, diagonals, arrays of zeros; and functions of numbers, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from symderiv.check.code.names import ENTRYWISE
from symderiv.check.code.values import (
    Items,
    Listing,
    Misfit,
    NeedsArray,
    Space,
    Trouble,
    Value,
    Whole,
    as_number,
    chosen,
    shifted,
    shown,
)
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    TWO,
    ZERO,
    Add,
    Div,
    Fn,
    Mul,
    Neg,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    substitute,
    times,
    value,
)
from symderiv.terms.shapes import same_size


@dataclass(slots=True)
class Library:
    """The functions, as they stand in one program.

    `numbers`: parameters of which it is not settled that they have no more axes, and how many they have so far. `ideal`: leave out what guards against overflow (clipping far away, adding
    10⁻⁸), and note it in `guards`. `guessed`: a parameter was taken for a vector in a product where it may as well be a matrix. `flat`:
    parameters of which a single entry was used as an array.
    """

    space: Space
    numbers: dict[str, int] = field(default_factory=dict)
    ideal: bool = False
    guards: list[str] = field(default_factory=list)
    guessed: bool = False
    flat: set[str] = field(default_factory=set)

    def array(self, v: object, axes: int = 1) -> Value:
        """A value that is used as an array. NeedsArray where it comes from a parameter that may be one."""
        if isinstance(v, Listing):
            raise Trouble("a list of single values is used as an array")
        if not isinstance(v, Value):
            raise Trouble("this is used as an array, and is none")
        if v.rank < axes:
            if names := self.may_grow(v):
                raise NeedsArray(names, f"{min(names)} is used as an array")
            self.flat |= v.body.free & self.numbers.keys()
        return v

    def may_grow(self, v: Value) -> frozenset[str]:
        """The parameters that give a value its shape, and may have more axes than they are taken to have."""
        return frozenset(n for n in v.body.free if self.numbers.get(n) == v.rank)

    # ------------------------------------------------------------------------------------------------------- sums
    def sum(self, v: object, axis: object = None, keepdims: object = None) -> Value:
        """np.sum, x.sum()."""
        axis, keep = _axis(axis), keepdims is not None
        return self.space.summed(as_number(self.array(v, _least_rank(axis))), axis, keep)

    def mean(self, v: object, axis: object = None, keepdims: object = None) -> Value:
        """The sum over the number of entries."""
        total = self.sum(v, axis, keepdims)
        whole = self.space.settled(self.array(v))
        along = _axis(axis)
        counted = whole.axes if along is None else (whole.axes[along],)
        return self.space.joined(lambda b: Div(b, times(*counted)) if counted else b, total)

    def prod(self, v: object, axis: object = None, keepdims: object = None) -> Value:
        """np.prod."""
        a = _axis(axis)
        return self.space.reduced(
            self.array(v, _least_rank(a)), a, keepdims is not None, lambda body, i, n: Product(body, Sym(i), ONE, n)
        )

    def max(self, v: object, *others: object, axis: object = None, keepdims: object = None) -> Value:
        """np.max of an array; Python's max of several numbers."""
        return self._extreme("max", v, *others, axis=axis, keepdims=keepdims)

    def min(self, v: object, *others: object, axis: object = None, keepdims: object = None) -> Value:
        """np.min of an array; Python's min of several numbers."""
        return self._extreme("min", v, *others, axis=axis, keepdims=keepdims)

    def _extreme(self, kind: str, v: object, *others: object, axis: object, keepdims: object) -> Value:
        if len(others) == 1 and axis is None and not isinstance(others[0], Value):
            axis, others = others[0], ()
        if others and isinstance(others[0], Value) and axis is None and self.array(v, 0).rank and value(others[0].body) is not None:
            axis, others = others[0], ()
        if others:
            return self.entrywise(kind, [v, *others])
        a = _axis(axis)
        whole = self.array(v, _least_rank(a))
        return self.space.extreme(kind, whole, a, keepdims is not None) if whole.rank else whole

    def size(self, v: object) -> Value:
        """The number of entries."""
        return Value(times(*self.space.settled(self.array(v)).axes))

    def norm(self, v: object) -> Value:
        """√Σ x²."""
        whole = self.array(v)
        squares = self.space.joined(lambda b: Pow(b, TWO), whole)
        return self.space.joined(lambda b: Fn("sqrt", b), self.space.summed(squares, None, False))

    def softmax(self, v: object, axis: object = None) -> Value:
        """e^x over the sum of e^x, along the last axis if no other is said."""
        whole = self.array(v, _least_rank(a := _axis(axis)))
        powers = self.space.joined(lambda b: Fn("exp", b), whole)
        return self.space.joined(Div, powers, self.space.summed(powers, -1 if a is None and whole.rank else a, True))

    def log_softmax(self, v: object, axis: object = None) -> Value:
        """log of the softmax: x − log Σ e^x."""
        whole = self.array(v, _least_rank(a := _axis(axis)))
        total = self.logsumexp(whole, -1 if a is None and whole.rank else a, True)
        return self.space.joined(lambda b, s: Add(b, Neg(s)), whole, total)

    def logsumexp(self, v: object, axis: object = None, keepdims: object = None) -> Value:
        """log Σ e^x."""
        powers = self.space.joined(lambda b: Fn("exp", b), self.array(v))
        return self.space.joined(lambda b: Fn("log", b), self.space.summed(powers, _axis(axis), keepdims is not None))

    # --------------------------------------------------------------------------------------------------- products
    def matmul(self, a: object, b: object) -> Value:
        """a @ b: Σ over the last axis of a and the first but one of b."""
        left, right = self.array(a), self.array(b)
        self.guessed = self.guessed or bool(self.may_grow(left) | self.may_grow(right))
        if not left.rank or not right.rank:
            return self.space.joined(Mul, left, right)
        if left.rank > 2 or right.rank > 2:
            raise Trouble("a product of arrays of more than two axes")
        left, right = self.space.settled(left), self.space.settled(right)
        try:
            inner = self.space.common(left.axes[-1], right.axes[0])
        except Misfit:
            sizes = f"{_shown(left)} and {_shown(right)}"
            raise Misfit(f"the product of shapes {sizes} does not exist: is a transpose missing?") from None
        left, right = self.space.settled(left), self.space.settled(right)
        k = self.space.fresh("k", "l", "m")
        rows, columns = self.space.fresh("i"), self.space.fresh("j")
        first = (left.at([Sym(rows), Sym(k)]), left.axes[:1], (rows,)) if left.rank == 2 else (left.at([Sym(k)]), (), ())
        last = (right.at([Sym(k), Sym(columns)]), right.axes[1:], (columns,)) if right.rank == 2 else (right.at([Sym(k)]), (), ())
        product = times(first[0], last[0])
        body = Sum(product, Sym(k), ONE, inner) if inner != ONE else _at_one(product, k)
        return Value(body, (*first[1], *last[1]), (*first[2], *last[2]))

    def outer(self, a: object, b: object) -> Value:
        """a_i b_j."""
        left, right = self.array(a), self.array(b)
        if not left.rank or not right.rank:
            return self.space.joined(Mul, left, right)
        if left.rank != 1 or right.rank != 1:
            raise Trouble("an outer product of matrices")
        i, j = self.space.fresh("i"), self.space.fresh("j")
        return Value(times(left.at([Sym(i)]), right.at([Sym(j)])), (left.axes[0], right.axes[0]), (i, j))

    # ----------------------------------------------------------------------------------------------------- shapes
    def diag(self, v: object) -> Value:
        """The diagonal matrix of a vector; the diagonal of a matrix."""
        whole = self.space.settled(self.array(v))
        if whole.rank == 1:
            i, j = self.space.fresh("i"), self.space.fresh("j")
            return Value(chosen(Relation("=", Sym(i), Sym(j)), whole.at([Sym(i)]), ZERO), whole.axes * 2, (i, j))
        if whole.rank == 2:
            i = self.space.fresh("i")
            return Value(whole.at([Sym(i), Sym(i)]), (self.space.common(*whole.axes),), (i,))
        raise Misfit("a number has no diagonal")

    def diagflat(self, v: object) -> Value:
        """The diagonal matrix of all entries of a row, a column or a vector."""
        return self.diag(self.ravel(v))

    def ravel(self, v: object) -> Value:
        """All entries in one line: of a vector, a row or a column."""
        whole = self.space.settled(self.array(v))
        long = [k for k, n in enumerate(whole.axes) if n != ONE] or [0]
        if not whole.rank:
            raise Trouble("a number in one line")
        if len(long) > 1:
            raise Trouble("the entries of a matrix in one line")
        k = long[0]
        body = whole.at([Sym(i) if n == k else ONE for n, i in enumerate(whole.indices)])
        return Value(body, (whole.axes[k],), (whole.indices[k],))

    def reshape(self, v: object, *shape: object) -> Value:
        """A vector as a column (−1, 1), a row (1, −1) or a line (−1)."""
        if len(shape) == 1 and isinstance(shape[0], Items):
            shape = shape[0].values
        sizes = [-1 if value(_number(n)) == -1 else _number(n) for n in shape]
        line = self.ravel(v)
        (n,), (i,) = line.axes, line.indices
        match [s == -1 or (isinstance(s, Term) and same_size(self.space.size(s), n)) for s in sizes], [s == ONE for s in sizes]:
            case [True], _:
                return line
            case [True, _], [False, True]:
                return Value(line.body, (n, ONE), (i, self.space.fresh()))
            case [_, True], [True, False]:
                return Value(line.body, (ONE, n), (self.space.fresh(), i))
        raise Trouble("this change of shape is not read")

    def transpose(self, v: object) -> Value:
        """Rows as columns; a vector stays as it is, as in NumPy."""
        whole = self.array(v, 0)
        return replace(whole, axes=whole.axes[::-1], indices=whole.indices[::-1])

    def expand_dims(self, v: object, axis: object) -> Value:
        """A new axis of one entry."""
        whole, k = self.array(v), _axis(axis)
        assert k is not None
        k = k + whole.rank + 1 if k < 0 else k
        axes, indices = list(whole.axes), list(whole.indices)
        axes.insert(k, ONE)
        indices.insert(k, self.space.fresh())
        return replace(whole, axes=tuple(axes), indices=tuple(indices))

    def squeeze(self, v: object) -> Value:
        """Without the axes of one entry."""
        whole = self.array(v, 0)
        left = [(n, i) for n, i in zip(whole.axes, whole.indices, strict=True) if n != ONE]
        body = whole.at([ONE if n == ONE else Sym(i) for n, i in zip(whole.axes, whole.indices, strict=True)])
        return Value(body, tuple(n for n, _ in left), tuple(i for _, i in left), whole.truth)

    def filled(self, number: Term, shape: object) -> Value:
        """An array of equal entries: np.zeros, np.ones, np.full."""
        sizes = shape.values if isinstance(shape, Items) else (shape,)
        axes = tuple(_number(n) for n in sizes)
        return Value(number, axes, tuple(self.space.fresh() for _ in axes))

    def zeros(self, shape: object) -> Value:
        """An array of zeros."""
        return self.filled(ZERO, shape)

    def ones(self, shape: object) -> Value:
        """An array of ones."""
        return self.filled(ONE, shape)

    def empty(self, shape: object) -> Value:
        """An array whose entries are not set yet."""
        return self.filled(UNSET, shape)

    def empty_like(self, v: object) -> Value:
        """An array of the same shape whose entries are not set yet."""
        return replace(self.array(v, 0), body=UNSET, truth=False)

    def full(self, shape: object, number: object) -> Value:
        """An array of one number."""
        return self.filled(_number(number), shape)

    def eye(self, n: object) -> Value:
        """The identity matrix."""
        i, j = self.space.fresh("i"), self.space.fresh("j")
        return Value(chosen(Relation("=", Sym(i), Sym(j)), ONE, ZERO), (_number(n),) * 2, (i, j))

    def zeros_like(self, v: object) -> Value:
        """Zeros of the same shape."""
        return replace(self.array(v, 0), body=ZERO, truth=False)

    def ones_like(self, v: object) -> Value:
        """Ones of the same shape."""
        return replace(self.array(v, 0), body=ONE, truth=False)

    def same(self, v: object) -> object:
        """The value itself: np.array, copy, float."""
        if isinstance(v, Items):
            raise Trouble("an array whose entries are written out")
        return as_number(v) if isinstance(v, Value) else v

    # ---------------------------------------------------------------------------------------------- entry by entry
    def entrywise(self, name: str, args: list[object]) -> Value:
        """A function of numbers, entry by entry."""
        values = [as_number(self.array(number_of(a), 0)) for a in args]
        made = ENTRYWISE.get(name)
        if made is not None:
            return self.space.joined(made, *values)
        row = FUNCTIONS.get(name)
        if row is None or (row.arity is not None and row.arity != len(values)) or len(values) < 1:
            raise Trouble(f"{name} is not read")
        if self.ideal and name in ("max", "min") and (guard := self._floor(name, values)) is not None:
            return guard
        return self.space.joined(lambda *bodies: Fn(name, *bodies), *values)

    def _floor(self, name: str, values: list[Value]) -> Value | None:
        """max(x, 10⁻⁸) as x."""
        for k, v in enumerate(values):
            q = value(v.body)
            if len(values) == 2 and q is not None and ((0 < q < TINY) if name == "max" else 1 - TINY < q < 1):
                self.guards.append(f"{name} with {v.body}")
                return values[1 - k]
        return None

    def where(self, condition: object, yes: object, no: object) -> Value:
        """yes where the condition holds, else no."""
        c = self.array(condition, 0)
        if not c.truth:
            raise Trouble("a number is used as a condition")
        a, b = (as_number(self.array(number_of(v), 0)) for v in (yes, no))
        return self.space.joined(chosen, c, a, b)

    def clip(self, v: object, low: object = None, high: object = None) -> Value:
        """max(low, min(v, high))."""
        found = as_number(self.array(v, 0))
        bounds = [b for b in (low, high) if isinstance(b, Value)]
        if self.ideal and bounds and all(_is_guard(value(b.body)) for b in bounds):
            self.guards.append(f"clipping at {', '.join(str(b.body) for b in bounds)}")
            return found
        if isinstance(high, Value):
            found = self.space.joined(lambda b, h: Fn("min", b, h), found, high)
        if isinstance(low, Value):
            found = self.space.joined(lambda b, h: Fn("max", b, h), found, low)
        return found


UNSET: Final = Sym("unset")
"""An entry that holds whatever was in memory."""
TINY: Final = 1e-4
"""A number below this that is added, or that bounds a value from below, is there for the floating-point arithmetic."""
FARTHEST: Final = 15
"""Clipping at this or beyond is there for the floating-point arithmetic."""


def is_tiny(t: Term) -> bool:
    """Whether a term is a number such as 10⁻⁸.

    >>> from symderiv.terms import Decimal
    >>> is_tiny(Decimal("1e-08")), is_tiny(Decimal("0.5")), is_tiny(ZERO)
    (True, False, False)
    """
    q = value(t)
    return q is not None and 0 < q < TINY


def _is_guard(q: object) -> bool:
    return q is not None and (abs(q) >= FARTHEST or 0 <= q < TINY or 1 - TINY < q <= 1)  # type: ignore[operator, arg-type]


def number_of(v: object) -> object:
    """A place of an entry as the number that Python has for it."""
    return Value(shifted(v.place, -1)) if isinstance(v, Whole) else v


def _number(v: object) -> Term:
    v = number_of(v)
    if not isinstance(v, Value) or v.rank or v.truth:
        raise Trouble("a size that is no number")
    return v.body


def _axis(v: object) -> int | None:
    if v is None or isinstance(v, int):
        return v
    q = value(_number(v))
    if q is None or q.denominator != 1:
        raise Trouble("an axis that is no whole number")
    return int(q)


def _least_rank(axis: int | None) -> int:
    return 1 if axis is None else axis + 1 if axis >= 0 else -axis


def _shown(v: Value) -> str:
    return shown(v.axes)


def _at_one(t: Term, index: str) -> Term:
    return substitute(t, {index: ONE})
