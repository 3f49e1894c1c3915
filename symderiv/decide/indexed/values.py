"""Arrays by their entries, and the algebra of matrices on them: each operation says what its entry (i, j) is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from symderiv.decide.indexed.expressions import (
    NOTHING,
    UNIT,
    Apply,
    Counted,
    Delta,
    Determinant,
    Expression,
    Inverse,
    Raised,
    Square,
    Total,
    negative,
    product,
    total,
)
from symderiv.decide.indexed.setting import Ambiguous, Setting
from symderiv.decide.indexed.whole import ONE, Whole
from symderiv.decide.verdict import Unsupported

Slots = tuple[Whole, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """An array: its sizes, and the expression of the entry at given slots. () is a number, (n,) a column.

    `unit`: the number is meant times an identity matrix whose size its neighbours say. `pieces`: for each axis the sizes whose
    product it is, the slowest first, where an entry is known by its places in these. `factors`: A and B of a Kronecker product.
    """

    shape: Slots
    entry: Callable[[Slots], Expression]
    unit: bool = False
    pieces: tuple[Slots, ...] | None = None
    factors: tuple[Value, Value] | None = None

    def axis(self, k: int) -> Slots:
        """The sizes that an axis is made of."""
        return (self.shape[k],) if self.pieces is None else self.pieces[k]

    @property
    def scalar(self) -> Expression:
        """The number that a 1 × 1 array is."""
        if self.unit:
            raise Unsupported("an identity matrix whose size is not said")
        if any(n != ONE for n in self.shape):
            raise Unsupported(f"a {described(self.shape)} where a number is needed")
        return self.entry(tuple(ONE for _ in self.shape))

    @property
    def is_scalar(self) -> bool:
        """Whether it is a number, or an array of one entry."""
        return all(n == ONE for n in self.shape)

    @property
    def matrix(self) -> Value:
        """The array with rows and columns: a column is n × 1."""
        if self.unit:
            raise Unsupported("an identity matrix whose size is not said")
        if len(self.shape) == 2:
            return self
        if len(self.shape) == 1:
            pieces = None if self.pieces is None else (*self.pieces, (ONE,))
            return Value((*self.shape, ONE), lambda at: self.entry(at[:1]), pieces=pieces)
        if not self.shape:
            return Value((ONE, ONE), lambda at: self.entry(()))
        raise Unsupported("an array of more than two axes in a matrix product")


def scalar(u: Expression) -> Value:
    """A number as a value."""
    return Value((), lambda at: u)


def _joined(p: Slots, q: Slots) -> Slots:
    """What an axis is made of whose length is that of p times that of q."""
    return tuple(n for n in (*p, *q) if n != ONE) or (ONE,)


def described(shape: Slots) -> str:
    """The shape in words."""
    return " × ".join(n.text for n in shape) + " array" if shape else "number"


class Arrays:
    """The algebra of arrays in a setting."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def over(self, size: Whole, body: Callable[[Whole], Expression]) -> Expression:
        """Σ_{k=1}^{size} body(k)."""
        if size == ONE:
            return body(ONE)
        k = self.setting.fresh(size)
        inner = body(Whole.letter(k.name))
        return NOTHING if inner is NOTHING else Total(k, inner)

    def along(self, sizes: Slots, body: Callable[[Whole], Expression], done: Slots = ()) -> Expression:
        """The sum over an axis that is made of these sizes."""
        if len(done) == len(sizes):
            return body(self.composed(done, sizes))
        return self.over(sizes[len(done)], lambda k: self.along(sizes, body, (*done, k)))

    def composed(self, slots: Slots, sizes: Slots) -> Whole:
        """The place (i − 1) p + k in an axis of m p entries, remembered as (i, k)."""
        out = slots[0]
        for k, n in zip(slots[1:], sizes[1:], strict=True):
            out = (out - ONE) * n + k
        if len(sizes) > 1:
            self.setting.composed[out] = (slots, sizes)
        return out

    def parted(self, place: Whole, sizes: Slots, body: Callable[[Slots], Expression]) -> Expression:
        """The expression at the places (i, k) that a place w in an axis of several sizes is made of.

        Σ_i Σ_k δ_{w, (i−1)p+k} body(i, k) where it is not said of which ones it is made.
        """
        slots, known = ((place,), sizes) if len(sizes) == 1 else self.setting.composed.get(place, ((), ()))
        if known == sizes:
            return body(slots)

        def searched(done: Slots) -> Expression:
            if len(done) < len(sizes):
                return self.over(sizes[len(done)], lambda k: searched((*done, k)))
            return product(Delta(place - self.composed(done, sizes)), body(done))

        return searched(())

    def same(self, a: Whole, b: Whole) -> Expression:
        """δ_ab; of places that are made of several ones, that all of these are the same."""
        (left, sizes), (right, others) = (self.setting.composed.get(w, ((w,), (w,))) for w in (a, b))
        if len(left) > 1 and sizes == others:
            return product(*(Delta(i - j) for i, j in zip(left, right, strict=True)))
        return Delta(a - b)

    def apart(self, place: Whole, p: Slots, q: Slots, body: Callable[[Whole, Whole], Expression]) -> Expression:
        """The expression at the places in an axis made of p and in one made of q that a place in the axis of both is made of."""
        k = sum(n != ONE for n in p)
        return self.parted(
            place,
            _joined(p, q),
            lambda slots: body(self.composed(slots[:k] or (ONE,), p), self.composed(slots[k:] or (ONE,), q)),
        )

    def pieces(self, values: list[Value]) -> tuple[Slots, ...] | None:
        """What the axes of arrays of one shape are made of, by the first of them that is made of something."""
        rank = max((len(v.shape) for v in values), default=0)
        return next(((v.matrix if rank == 2 else v).pieces for v in values if v.pieces is not None), None)

    def matched(self, values: list[Value]) -> tuple[Slots, list[Callable[[Slots], Expression]]]:
        """The common shape of arrays that are combined entry by entry, numbers with all; and their entries."""
        shapes = [v.shape for v in values if not v.is_scalar]
        if not shapes:
            return (), [lambda at, v=v: v.scalar for v in values]  # type: ignore[misc]
        rank = max(map(len, shapes))
        entries: list[Callable[[Slots], Expression]] = []
        common = next(s for s in shapes if len(s) == rank)
        for v in values:
            if v.is_scalar:
                entries.append(lambda at, v=v: v.scalar)  # type: ignore[misc]
                continue
            w = v.matrix if rank == 2 else v
            if w.shape != common:
                raise Unsupported(f"the shapes {described(v.shape)} and {described(common)} do not fit")
            entries.append(w.entry)
        return common, entries

    def sized(self, value: Value, n: Whole) -> Value:
        """A multiple of the identity as an n × n array."""
        factor = value.entry(tuple(ONE for _ in value.shape))
        return Value((n, n), lambda at: product(self.same(*at), factor))

    def added(self, values: list[Value]) -> Value:
        """Entry by entry. A number is added to every entry; beside a square matrix it may be meant times the identity."""
        arrays = [v for v in values if not v.is_scalar]
        if all(v.unit for v in values):
            return Value((), lambda at: total(*(v.entry(()) for v in values)), unit=True)
        if any(v.unit for v in values):
            if not arrays:
                raise Unsupported("an identity matrix whose size is not said")
            n, _ = self.square(arrays[0])
            values = [self.sized(v, n) if v.unit else v for v in values]
        square = next((v.shape[0] for v in arrays if len(v.shape) == 2 and v.shape[0] == v.shape[1]), None)
        if square is not None and len(arrays) < len(values):
            if self.setting.times_identity is None:
                raise Ambiguous("a number added to a square matrix, which may be meant times the identity or times ones")
            if self.setting.times_identity:
                values = [self.sized(v, square) if v.is_scalar else v for v in values]
        shape, entries = self.matched(values)
        return Value(shape, lambda at: total(*(e(at) for e in entries)), pieces=self.pieces(values))

    def mapped(self, change: Callable[..., Expression], *values: Value) -> Value:
        """A function of numbers, entry by entry."""
        shape, entries = self.matched(list(values))
        return Value(shape, lambda at: change(*(e(at) for e in entries)), pieces=self.pieces(list(values)))

    def times(self, a: Value, b: Value) -> Value:
        """The product: of numbers, of a number with an array, of matrices."""
        if a.shape == () or b.shape == ():
            if (a.unit or b.unit) and a.shape == b.shape == ():
                return Value((), lambda at: product(a.entry(()), b.entry(())), unit=True)
            a, b = (Value((), v.entry) if v.unit else v for v in (a, b))
            return self.mapped(product, a, b)
        left, right = a.matrix, b.matrix
        if left.shape[1] != right.shape[0]:
            if a.is_scalar or b.is_scalar:
                return self.mapped(product, a, b)
            raise Unsupported(f"the shapes {described(left.shape)} and {described(right.shape)} do not fit")
        inner = max(left.axis(1), right.axis(0), key=len)
        outer = (left.axis(0), right.axis(1))
        out = Value(
            (left.shape[0], right.shape[1]),
            lambda at: self.along(inner, lambda k: product(left.entry((at[0], k)), right.entry((k, at[1])))),
            pieces=outer if any(len(p) > 1 for p in outer) else None,
        )
        if len(b.shape) == 1 and len(a.shape) == 2:
            pieces = None if out.pieces is None else out.pieces[:1]
            return Value(out.shape[:1], lambda at: out.entry((at[0], ONE)), pieces=pieces)
        return out

    def kronecker(self, a: Value, b: Value) -> Value:
        """(A ⊗ B)_{(i−1)p+k, (j−1)q+l} = A_ij B_kl; of two columns a column."""
        if a.unit or b.unit:
            raise Unsupported("an identity matrix whose size is not said")
        if not a.shape or not b.shape:
            raise Unsupported("⊗ with a number")
        left, right = a.matrix, b.matrix
        shape = tuple(left.shape[k] * right.shape[k] for k in (0, 1))

        def entry(at: Slots) -> Expression:
            def columns(i: Whole, k: Whole) -> Expression:
                return self.apart(at[1], left.axis(1), right.axis(1), lambda j, m: both(i, j, k, m))

            def both(i: Whole, j: Whole, k: Whole, m: Whole) -> Expression:
                return product(left.entry((i, j)), right.entry((k, m)))

            return self.apart(at[0], left.axis(0), right.axis(0), columns)

        pieces = tuple(_joined(left.axis(k), right.axis(k)) for k in (0, 1))
        if len(a.shape) == len(b.shape) == 1:
            return Value(shape[:1], lambda at: entry((at[0], ONE)), pieces=pieces[:1])
        return Value(shape, entry, pieces=pieces, factors=(left, right))

    def stacked(self, a: Value) -> Value:
        """vec A: the columns of A under each other, vec(A)_{(j−1)m+i} = A_ij."""
        m = a.matrix

        def entry(at: Slots) -> Expression:
            return self.apart(at[0], m.axis(1), m.axis(0), lambda column, row: m.entry((row, column)))

        return Value((m.shape[0] * m.shape[1],), entry, pieces=(_joined(m.axis(1), m.axis(0)),))

    def transpose(self, a: Value) -> Value:
        """Rows and columns exchanged; a column becomes a row."""
        if not a.shape:
            return a
        m = a.matrix
        pieces = None if m.pieces is None else m.pieces[::-1]
        factors = None if m.factors is None else (self.transpose(m.factors[0]), self.transpose(m.factors[1]))
        return Value((m.shape[1], m.shape[0]), lambda at: m.entry((at[1], at[0])), pieces=pieces, factors=factors)

    def square(self, a: Value) -> tuple[Whole, Value]:
        """The size of a square matrix, and the matrix."""
        m = a.matrix
        if m.shape[0] != m.shape[1]:
            raise Unsupported(f"a {described(a.shape)} is not square")
        return m.shape[0], m

    def _template(self, a: Value) -> Square:
        n, m = self.square(a)
        r, c = self.setting.fresh(n), self.setting.fresh(n)
        return Square(r, c, m.entry((Whole.letter(r.name), Whole.letter(c.name))))

    def inverse(self, a: Value) -> Value:
        """A^{-1}; 1/a for a number; (A ⊗ B)^{-1} = A^{-1} ⊗ B^{-1}."""
        if a.is_scalar:
            inverted = Raised(a.entry(tuple(ONE for _ in a.shape)), Fraction(-1))
            return Value(a.shape, lambda at: inverted, unit=a.unit)
        if a.factors is not None:
            return self.kronecker(*(self.inverse(self.square(f)[1]) for f in a.factors))
        template = self._template(a)
        n = template.row.size
        return Value((n, n), lambda at: Inverse(template, at[0], at[1]))

    def determinant(self, a: Value) -> Value:
        """det A; det(A ⊗ B) = (det A)^p (det B)^m for A of m and B of p rows."""
        if a.factors is None:
            return a if a.is_scalar else scalar(Determinant(self._template(a)))
        (m, left), (p, right) = (self.square(f) for f in a.factors)
        parts = (self.determinant(left).scalar, p), (self.determinant(right).scalar, m)
        return scalar(product(*(Apply("pow", (u, Counted(n))) for u, n in parts)))

    def trace(self, a: Value) -> Value:
        """Σ_k A_kk."""
        _, m = self.square(a)
        return scalar(self.along(m.axis(0), lambda k: m.entry((k, k))))

    def summed(self, a: Value, change: Callable[[Expression], Expression]) -> Expression:
        """The sum of a function of all entries."""

        def rest(done: Slots) -> Expression:
            if len(done) == len(a.shape):
                return change(a.entry(done))
            return self.along(a.axis(len(done)), lambda k: rest((*done, k)))

        return rest(())

    def norm(self, a: Value, p: Fraction = Fraction(2)) -> Value:
        """(Σ |a|^p)^{1/p}; Euclidean for p = 2, Frobenius on matrices."""
        if p == 2:
            return scalar(Raised(self.summed(a, lambda u: Raised(u, Fraction(2))), Fraction(1, 2)))
        inside = self.summed(a, lambda u: Apply("abs", (u,)) if p == 1 else Raised(Apply("abs", (u,)), p))
        return scalar(inside if p == 1 else Raised(inside, 1 / p))

    def identity(self, n: Whole) -> Value:
        """I_n."""
        return Value((n, n), lambda at: self.same(*at))

    def ones(self, *shape: Whole) -> Value:
        """Every entry 1."""
        return Value(shape, lambda at: UNIT)

    def diag(self, a: Value) -> Value:
        """The diagonal matrix of a vector; the diagonal of a matrix as a column."""
        if not a.shape:
            return a
        if len(a.shape) == 2 and ONE not in a.shape:
            n, m = self.square(a)
            return Value((n,), lambda at: m.entry((at[0], at[0])))
        v = a if len(a.shape) == 1 or a.shape[1] == ONE else self.transpose(a)
        column = v.matrix
        n = column.shape[0]
        return Value((n, n), lambda at: product(Delta(at[0] - at[1]), column.entry((at[0], ONE))))

    def softmax(self, a: Value) -> Value:
        """e^{a_i} / Σ_k e^{a_k} along the last axis; along a column."""
        if not a.shape:
            raise Unsupported("the softmax of a number")
        axis = 0 if len(a.shape) == 1 or (len(a.shape) == 2 and a.shape[1] == ONE) else len(a.shape) - 1

        def entry(at: Slots) -> Expression:
            bottom = self.over(a.shape[axis], lambda k: Apply("exp", (a.entry((*at[:axis], k, *at[axis + 1 :])),)))
            return product(Apply("exp", (a.entry(at),)), Raised(bottom, Fraction(-1)))

        return Value(a.shape, entry)

    def inner(self, a: Value, b: Value) -> Value:
        """Σ a_i b_i over all entries."""
        shape, (left, right) = self.matched([a, b])
        both = Value(shape, lambda at: product(left(at), right(at)), pieces=self.pieces([a, b]))
        return scalar(self.summed(both, lambda u: u))

    def subtracted(self, a: Value) -> Value:
        """−a."""
        return Value(a.shape, lambda at: negative(a.entry(at)), unit=a.unit, pieces=a.pieces)
