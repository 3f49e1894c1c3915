"""Arrays by their entries, and the algebra of matrices on them: each operation says what its entry (i, j) is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from symderiv.decide.indexed.expressions import (
    NOTHING,
    UNIT,
    Apply,
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

    `unit`: the number is meant times an identity matrix whose size its neighbours say.
    """

    shape: Slots
    entry: Callable[[Slots], Expression]
    unit: bool = False

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
            return Value((*self.shape, ONE), lambda at: self.entry(at[:1]))
        if not self.shape:
            return Value((ONE, ONE), lambda at: self.entry(()))
        raise Unsupported("an array of more than two axes in a matrix product")


def scalar(u: Expression) -> Value:
    """A number as a value."""
    return Value((), lambda at: u)


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
        return Value((n, n), lambda at: product(Delta(at[0] - at[1]), factor))

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
        return Value(shape, lambda at: total(*(e(at) for e in entries)))

    def mapped(self, change: Callable[..., Expression], *values: Value) -> Value:
        """A function of numbers, entry by entry."""
        shape, entries = self.matched(list(values))
        return Value(shape, lambda at: change(*(e(at) for e in entries)))

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
        n = left.shape[1]
        out = Value(
            (left.shape[0], right.shape[1]),
            lambda at: self.over(n, lambda k: product(left.entry((at[0], k)), right.entry((k, at[1])))),
        )
        if len(b.shape) == 1 and len(a.shape) == 2:
            return Value(out.shape[:1], lambda at: out.entry((at[0], ONE)))
        return out

    def transpose(self, a: Value) -> Value:
        """Rows and columns exchanged; a column becomes a row."""
        if not a.shape:
            return a
        m = a.matrix
        return Value((m.shape[1], m.shape[0]), lambda at: m.entry((at[1], at[0])))

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
        """A^{-1}; 1/a for a number."""
        if a.is_scalar:
            inverted = Raised(a.entry(tuple(ONE for _ in a.shape)), Fraction(-1))
            return Value(a.shape, lambda at: inverted, unit=a.unit)
        template = self._template(a)
        n = template.row.size
        return Value((n, n), lambda at: Inverse(template, at[0], at[1]))

    def determinant(self, a: Value) -> Value:
        """det A."""
        return a if a.is_scalar else scalar(Determinant(self._template(a)))

    def trace(self, a: Value) -> Value:
        """Σ_k A_kk."""
        n, m = self.square(a)
        return scalar(self.over(n, lambda k: m.entry((k, k))))

    def summed(self, a: Value, change: Callable[[Expression], Expression]) -> Expression:
        """The sum of a function of all entries."""

        def axis(done: Slots, left: Slots) -> Expression:
            return self.over(left[0], lambda k: axis((*done, k), left[1:])) if left else change(a.entry(done))

        return axis((), a.shape)

    def norm(self, a: Value, p: Fraction = Fraction(2)) -> Value:
        """(Σ |a|^p)^{1/p}; Euclidean for p = 2, Frobenius on matrices."""
        if p == 2:
            return scalar(Raised(self.summed(a, lambda u: Raised(u, Fraction(2))), Fraction(1, 2)))
        inside = self.summed(a, lambda u: Apply("abs", (u,)) if p == 1 else Raised(Apply("abs", (u,)), p))
        return scalar(inside if p == 1 else Raised(inside, 1 / p))

    def identity(self, n: Whole) -> Value:
        """I_n."""
        return Value((n, n), lambda at: Delta(at[0] - at[1]))

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
        both = Value(shape, lambda at: product(left(at), right(at)))
        return scalar(self.summed(both, lambda u: u))

    def subtracted(self, a: Value) -> Value:
        """−a."""
        return Value(a.shape, lambda at: negative(a.entry(at)), unit=a.unit)
