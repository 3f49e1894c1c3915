"""The exact value of a term about sequences at one value of its letters, by nothing but its meaning: the judge of the decider."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction

from symderiv.decide.sequences import system_of
from symderiv.terms import (
    Add,
    Context,
    DescendingProduct,
    Div,
    Entry,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Product,
    Sum,
    Sym,
    Term,
    number,
    substitute,
)

Matrix = tuple[tuple[Fraction, ...], ...]


class Exact:
    """The value of a term with all matrices 2 × 2, all vectors of two numbers, drawn at random, at one value of the letters."""

    def __init__(self, context: Context, values: Mapping[str, int], seed: int) -> None:
        self.system = system_of(context)
        self.context = context
        self.values = values
        self.random = random.Random(seed)
        self.drawn: dict[tuple[str, tuple[int, ...]], Matrix] = {}

    def of(self, t: Term) -> Matrix:
        t = self.system.settled(substitute(t, {x: Num(v) for x, v in self.values.items()}))
        match t:
            case Num(v):
                return ((Fraction(v),),)
            case Sym("I"):
                return ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)))
            case Sym(name):
                return self.draw(name, (), len(self.context.sort(name).shape))
            case Entry(children=(Sym(name), k)):
                return self.member(name, self.whole(k))
            case Add(args):
                out = self.of(args[0])
                for a in args[1:]:
                    out = tuple(tuple(p + q for p, q in zip(r, s, strict=True)) for r, s in zip(out, self.of(a), strict=True))
                return out
            case Neg(a):
                return tuple(tuple(-p for p in row) for row in self.of(a))
            case Mul(args):
                return self.times([self.of(a) for a in args])
            case Div(a, b):
                return self.times([self.of(a), ((1 / self.of(b)[0][0],),)])
            case Pow(a, n):
                return self.times([self.of(a)] * self.whole(n))
            case Fn("transpose", (a,)):
                return tuple(zip(*self.of(a), strict=True))
            case Sum() | Product():
                parts = [substitute(t.body, {t.index.name: number(k)}) for k in range(self.whole(t.low), self.whole(t.high) + 1)]
                if isinstance(t, Sum):
                    return (
                        self.of(Add(*parts, Num(0))) if not parts else self.of(Add(*parts)) if len(parts) > 1 else self.of(parts[0])
                    )
                return self.times([self.of(p) for p in (reversed(parts) if isinstance(t, DescendingProduct) else parts)])
        raise NotImplementedError(t)

    def times(self, factors: list[Matrix]) -> Matrix:
        out: Matrix = ((Fraction(1),),)
        for f in factors:
            if len(out) == len(out[0]) == 1:
                out = tuple(tuple(out[0][0] * p for p in row) for row in f)
            elif len(f) == len(f[0]) == 1:
                out = tuple(tuple(p * f[0][0] for p in row) for row in out)
            else:
                out = tuple(tuple(sum(p * q for p, q in zip(row, c, strict=True)) for c in zip(*f, strict=True)) for row in out)
        return out

    def whole(self, t: Term | None) -> int:
        assert t is not None
        return int(self.of(t)[0][0])

    def member(self, name: str, k: int) -> Matrix:
        recursion = self.system.recursions.get(name)
        if recursion is None or not recursion.steps:
            return self.draw(name, (k,), len(self.context.sort(name).shape) - 1)
        for at, base in recursion.bases.items():
            if at.at(self.values) == k:
                return self.of(base)
        return self.of(substitute(recursion.body, {recursion.letter: Num(k)}))

    def draw(self, name: str, at: tuple[int, ...], axes: int) -> Matrix:
        if (name, at) not in self.drawn:
            rows, columns = (2, 2) if axes == 2 else (2, 1) if axes == 1 else (1, 1)
            self.drawn[name, at] = tuple(
                tuple(Fraction(self.random.randint(-9, 9), self.random.choice((5, 7, 11))) for _ in range(columns))
                for _ in range(rows)
            )
        return self.drawn[name, at]
