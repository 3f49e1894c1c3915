"""Terms at concrete sizes by the schoolbook: nested lists of fractions, sums as loops, derivatives as differences of fractions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from symderiv.terms import (
    Add,
    Context,
    Derivative,
    Div,
    Entry,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    value,
)

Value = Any
"""A fraction, or a list of rows of fractions; a column has rows of one entry."""
STEP = Fraction(1, 10**9)
TESTS: dict[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
}


class Plain:
    """One point: sizes, and the value of every entry."""

    def __init__(self, context: Context, sizes: Mapping[str, int], entry: Callable[[str, tuple[int, ...]], Fraction]) -> None:
        self.context = context
        self.sizes = sizes
        self.entry = entry
        self.moved: list[tuple[str, tuple[int, ...]]] = []

    def cell(self, name: str, at: tuple[int, ...]) -> Fraction:
        return self.entry(name, at) + STEP * self.moved.count((name, at))

    def of(self, t: Term, at: Mapping[str, int]) -> Value:
        match t:
            case Num(v):
                return Fraction(v)
            case Sym(name):
                return self.letter(name, at)
            case Add(args):
                return self.zipped(sum, [self.of(a, at) for a in args])
            case Neg(a):
                return self.zipped(lambda v: -v[0], [self.of(a, at)])
            case Mul(args):
                out = self.of(args[0], at)
                for a in args[1:]:
                    out = self.product(out, self.of(a, at))
                return out
            case Div(a, b):
                bottom = self.of(b, at)
                return self.zipped(lambda v: v[0] / bottom, [self.of(a, at)])
            case Pow(a, n):
                exponent = value(n)
                assert exponent is not None
                return self.of(a, at) ** int(exponent)
            case Entry():
                return self.cell(str(t.family), tuple(int(self.of(i, at)) for i in t.indices))
            case Sum(body, index, low, high, where) | Product(body, index, low, high, where):
                assert low is not None
                assert high is not None
                out = Fraction(0) if isinstance(t, Sum) else Fraction(1)
                for k in range(int(self.of(low, at)), int(self.of(high, at)) + 1):
                    inner = {**at, index.name: k}
                    if where is None or self.test(where, inner):
                        v = self.of(body, inner)
                        out = out + v if isinstance(t, Sum) else out * v
                return out
            case Derivative(body, Sym(name)):
                return self.slope(body, name, tuple(int(self.of(i, at)) for i in t.indices), at)
            case Fn(name, args):
                return self.function(name, args, at)
        raise AssertionError(type(t))

    def letter(self, name: str, at: Mapping[str, int]) -> Value:
        if name in at:
            return Fraction(at[name])
        if name in self.sizes:
            return Fraction(self.sizes[name])
        shape = [int(self.of(n, {})) for n in self.context.sort(name).shape]
        if not shape:
            return self.cell(name, ())
        rows = range(1, shape[0] + 1)
        if len(shape) == 1:
            return [[self.cell(name, (i,))] for i in rows]
        return [[self.cell(name, (i, j)) for j in range(1, shape[1] + 1)] for i in rows]

    def zipped(self, change: Callable[[list[Fraction]], Any], values: list[Value]) -> Value:
        if not any(isinstance(v, list) for v in values):
            return change(values)
        height, width = next((len(v), len(v[0])) for v in values if isinstance(v, list))
        return [[change([v[i][j] if isinstance(v, list) else v for v in values]) for j in range(width)] for i in range(height)]

    def product(self, a: Value, b: Value) -> Value:
        if not isinstance(a, list) or not isinstance(b, list):
            return self.zipped(lambda v: v[0] * v[1], [a, b])
        return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]

    def test(self, t: Term, at: Mapping[str, int]) -> bool:
        assert isinstance(t, Relation)
        return TESTS[t.op](int(self.of(t.left, at)), int(self.of(t.right, at)))

    def slope(self, body: Term, name: str, cell: tuple[int, ...], at: Mapping[str, int]) -> Fraction:
        self.entry(name, cell)  # there is no derivative by an entry that does not exist
        before = self.of(body, at)
        self.moved.append((name, cell))
        after = self.of(body, at)
        self.moved.pop()
        return Fraction((after - before) / STEP)

    def function(self, name: str, args: tuple[Term, ...], at: Mapping[str, int]) -> Value:
        values = [self.of(a, at) for a in args]
        first = values[0]
        match name:
            case "delta":
                return Fraction(int(first == values[1]))
            case "transpose":
                return first if not isinstance(first, list) else [list(row) for row in zip(*first, strict=True)]
            case "trace":
                return sum((row[k] for k, row in enumerate(first)), Fraction(0))
            case "hadamard":
                return self.zipped(lambda v: v[0] * v[1], values)
            case "inner":
                return sum((x * y for r, s in zip(*values, strict=True) for x, y in zip(r, s, strict=True)), Fraction(0))
            case "identity":
                return [[Fraction(int(i == j)) for j in range(int(first))] for i in range(int(first))]
            case "ones":
                return [[Fraction(1)] for _ in range(int(first))]
            case "diag":
                if len(first[0]) == 1:
                    return [[row[0] if i == j else Fraction(0) for j in range(len(first))] for i, row in enumerate(first)]
                return [[row[k]] for k, row in enumerate(first)]
            case "det":
                return determinant(first)
            case "inverse":
                whole = determinant(first)
                n = len(first)
                return [[(-1) ** (i + j) * determinant(minor(first, j, i)) / whole for j in range(n)] for i in range(n)]
        raise AssertionError(name)


def minor(rows: list[list[Fraction]], i: int, j: int) -> list[list[Fraction]]:
    return [row[:j] + row[j + 1 :] for k, row in enumerate(rows) if k != i]


def determinant(rows: list[list[Fraction]]) -> Fraction:
    if not rows:
        return Fraction(1)
    return sum(((-1) ** j * x * determinant(minor(rows, 0, j)) for j, x in enumerate(rows[0])), Fraction(0))
