"""Random index expressions and matrix expressions, equal rewritings of them, and corruptions."""

from __future__ import annotations

import random

from symderiv.errors import ShapeError
from symderiv.terms import (
    ONE,
    TWO,
    ZERO,
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
    index,
    matrix,
    minus,
    substitute,
    vector,
)
from symderiv.terms.shapes import same_shape, shape

N, M = Sym("n"), Sym("m")
SIZES = {"n": N, "m": M}
CONTEXT = (
    Context()
    .declare("x", vector(N))
    .declare("y", vector(N))
    .declare("u", vector(M))
    .declare("A", matrix(N, N))
    .declare("S", matrix(N, N))
    .declare("B", matrix(N, M))
    .declare("C", matrix(M, N))
    .declare("p", vector(N))
    .declare("i", index(ONE, N))
    .declare("j", index(ONE, N))
    .declare("a", index(ONE, M))
    .assume(Relation(">", Sym("p"), ZERO), Fn("symmetric", Sym("S")))
)
FREE = {"i": "n", "j": "n", "a": "m"}
FAMILIES = {"x": "n", "y": "n", "u": "m", "p": "n", "A": "nn", "S": "nn", "B": "nm", "C": "mn"}
SQUARE = ("A", "S")
RELATIONS = ("≠", "<", "≥", "=")


def changed(t: Term, old: Term, new: Term) -> Term:
    """The term with the first occurrence of a subterm replaced."""
    done = False

    def go(u: Term) -> Term:
        nonlocal done
        if u is old and not done:
            done = True
            return new
        return u.rebuild([go(c) for c in u.children]) if u.children else u

    return go(t)


class Indexed:
    """Random scalars over indices. `rational`: only what has exact values."""

    def __init__(self, seed: int, rational: bool = False) -> None:
        self.random = random.Random(seed)
        self.rational = rational
        self.count = 0

    def name(self) -> str:
        self.count += 1
        return f"k{self.count}"

    def slot(self, names: dict[str, str], size: str) -> Term:
        fitting = [x for x, s in names.items() if s == size]
        return Sym(self.random.choice(fitting)) if fitting and self.random.random() < 0.93 else ONE

    def atom(self, names: dict[str, str]) -> Term:
        kind = self.random.randint(0, 9)
        if kind < 7:
            family = self.random.choice(list(FAMILIES))
            return Entry(Sym(family), *(self.slot(names, s) for s in FAMILIES[family]))
        if kind == 7:
            return Fn("delta", self.slot(names, "n"), self.slot(names, "n"))
        return Sym("c") if kind == 8 else self.random.choice((ONE, TWO, Num(3), Div(ONE, TWO), Neg(ONE)))

    def term(self, names: dict[str, str], depth: int) -> Term:
        if depth <= 0:
            return self.atom(names)
        chance = self.random.random()
        if chance < 0.24:
            return Mul(self.term(names, depth - 1), self.term(names, depth - 1))
        if chance < 0.42:
            return Add(self.term(names, depth - 1), self.term(names, depth - 1))
        if chance < 0.48:
            return Neg(self.term(names, depth - 1))
        if chance < 0.72:
            return self.sum(names, depth)
        if chance < 0.78:
            return Pow(self.term(names, depth - 1), TWO)
        if chance < 0.82:
            return Div(self.term(names, depth - 1), Add(Pow(self.term(names, depth - 2), TWO), ONE))
        if chance < 0.85:
            return Product(self.atom({**names, "q": "n"}), Sym("q"), ONE, N)
        if chance < 0.92 or self.rational:
            body = Add(Mul(self.term(names, depth - 1), Entry(Sym("x"), self.slot(names, "n"))), self.term(names, depth - 2))
            return Derivative(body, Sym("x"), indices=(self.slot(names, "n"),))
        kernel = self.random.choice(("exp", "tanh", "abs", "sqrt", "log"))
        inside = self.term(names, depth - 1)
        if kernel == "log":
            return Fn("log", Entry(Sym("p"), self.slot(names, "n")))
        return Fn(kernel, Add(ONE, Pow(inside, TWO))) if kernel == "sqrt" else Fn(kernel, inside)

    def sum(self, names: dict[str, str], depth: int) -> Term:
        k, size = self.name(), self.random.choice("nnm")
        body = self.term({**names, k: size}, depth - 1)
        high = SIZES[size]
        others = [x for x, s in names.items() if s == size]
        chance = self.random.random()
        if chance < 0.1 and others:
            return Sum(body, Sym(k), ONE, high, Relation(self.random.choice(RELATIONS), Sym(k), Sym(self.random.choice(others))))
        if chance < 0.14 and others:
            return Sum(body, Sym(k), ONE, Sym(self.random.choice(others)))
        if chance < 0.2:
            return Sum(body, Sym(k), ONE, minus(high, self.random.choice((ONE, ONE, Num(3)))))
        if chance < 0.24:
            return Sum(body, Sym(k), ONE, Add(high, ONE))
        return Sum(body, Sym(k), TWO if chance < 0.28 else ZERO if chance < 0.32 else ONE, high)

    def rewritten(self, t: Term) -> Term:
        """An equal term; the term itself if nothing fits."""
        parts = list(t.preorder())
        self.random.shuffle(parts)
        for u in parts[:8]:
            v = self.equal(u)
            if v is not None:
                return changed(t, u, v)
        return t

    def equal(self, t: Term) -> Term | None:
        match t:
            case Add((a, b)):
                return Add(b, a)
            case Mul((Add((a, b)), c)):
                return Add(Mul(a, c), Mul(b, c))
            case Mul((c, Add((a, b)))):
                return Add(Mul(c, a), Mul(c, b))
            case Mul((a, b)):
                return Mul(b, a)
            case Sum(Add((a, b)), k, low, high, None):
                return Add(Sum(a, k, low, high), Sum(b, k, low, high))
            case Sum(Sum(body, k2, low2, high2, None), k, low, high, None) if k2.name not in high.free and k.name not in high2.free:  # type: ignore[union-attr]
                return Sum(Sum(body, k, low, high), k2, low2, high2)
            case Sum(body, k, low, high, None) if low == ONE and high is not None and self.random.random() < 0.5:
                more = Add(high, ONE)
                return minus(Sum(body, k, ONE, more), substitute(body, {k.name: more}))
            case Sum(body, k, low, high, where):
                other = self.name()
                to = {k.name: Sym(other)}
                return Sum(substitute(body, to), Sym(other), low, high, None if where is None else substitute(where, to))
            case Pow(a, n) if n == TWO:
                return Mul(a, a)
            case Fn("exp", (Add((a, b)),)):
                return Mul(Fn("exp", a), Fn("exp", b))
            case Fn("exp", (a,)):
                return Div(ONE, Fn("exp", Neg(a)))
            case Fn("tanh", (a,)):
                return Neg(Fn("tanh", Neg(a)))
            case Fn("delta", (a, b)):
                return Fn("delta", b, a)
            case Entry(children=(Sym("S"), a, b)):
                return Entry(Sym("S"), b, a)
            case Entry(children=(Sym("x" | "y" | "p") as family, Sym("i" | "j") as place)):
                k = Sym(self.name())
                return Sum(Mul(Fn("delta", k, place), Entry(family, k)), k, ONE, N)
        return None

    def corrupted(self, t: Term) -> Term:
        """A term that is nearly always another value."""
        parts = list(t.preorder())
        self.random.shuffle(parts)
        for u in parts:
            v = self.other(u)
            if v is not None:
                return changed(t, u, v)
        return Add(t, ONE)

    def other(self, t: Term) -> Term | None:
        match t:
            case Num(v):
                return Num(v + 1)
            case Entry(children=(Sym("A" | "S") as family, a, b)):
                return Entry(family, b, a)
            case Entry(children=(family, Sym("i"))):
                return Entry(family, Sym("j"))
            case Neg(a):
                return a
            case Fn("delta"):
                return ONE
            case Sum(body, k, low, high, None) if high is not None:
                return Sum(body, k, low, minus(high, ONE))
            case Sum(body, k, low, high, _):
                return Sum(body, k, low, high)
            case Add((a, _)) | Mul((_, a)):
                return a
        return None


class Matrices:
    """Random matrix expressions of a wanted shape, with an equal one beside each."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pair(self, rows: str, columns: str, depth: int) -> tuple[Term, Term]:
        """A matrix and the same one written otherwise."""
        chance = self.random.random()
        if depth <= 0 or chance < 0.12:
            return self.leaf(rows, columns)
        if chance < 0.4:
            inner = self.random.choice("nm")
            (a, b), (c, d) = self.pair(rows, inner, depth - 1), self.pair(inner, columns, depth - 1)
            if self.random.random() < 0.4:
                return Mul(a, c), transpose(Mul(transpose(d), transpose(b)))
            return Mul(a, c), Mul(b, d)
        if chance < 0.6:
            (a, b), (c, d) = self.pair(rows, columns, depth - 1), self.pair(rows, columns, depth - 1)
            return Add(a, c), Add(d, b)
        if chance < 0.72:
            a, b = self.pair(columns, rows, depth - 1)
            return transpose(a), transpose(b)
        if chance < 0.82:
            (a, b), (c, d) = self.pair(rows, columns, depth - 1), self.pair(rows, columns, depth - 1)
            return Fn("hadamard", a, c), Fn("hadamard", d, b)
        if chance < 0.9:
            a, b = self.pair(rows, columns, depth - 1)
            (s, t) = self.number(depth - 1)
            return Mul(s, a), Mul(b, t)
        if rows == columns:
            a, b = self.pair(rows, rows, min(depth - 1, 1))
            return Fn("inverse", transpose(a)), transpose(Fn("inverse", b))
        return self.leaf(rows, columns)

    def leaf(self, rows: str, columns: str) -> tuple[Term, Term]:
        fitting = [x for x, s in FAMILIES.items() if s == rows + columns]
        turned = [x for x, s in FAMILIES.items() if s == columns + rows]
        if fitting and (not turned or self.random.random() < 0.7):
            a: Term = Sym(self.random.choice(fitting))
            return a, transpose(transpose(a)) if self.random.random() < 0.3 else a
        if turned:
            a = transpose(Sym(self.random.choice(turned)))
            return a, a
        outer = Mul(Sym("u"), transpose(Fn("ones", SIZES[columns])))
        return outer, outer

    def corrupted(self, t: Term) -> Term:
        """A matrix of the same shape that is nearly always another one; twice the matrix if nothing fits."""
        parts = [u for u in t.preorder() if not isinstance(u, Sym)]
        self.random.shuffle(parts)
        for u in parts:
            v = self.other(u)
            if v is not None and same_shape(shape(u, CONTEXT), shape(v, CONTEXT)):
                return changed(t, u, v)
        return Add(t, t)

    def other(self, t: Term) -> Term | None:
        """A transpose or an inverse lost, factors exchanged, one product for another, a summand lost; None if it does not fit."""
        try:
            match t:
                case Fn("transpose" | "inverse", (a,)):
                    found: Term = a
                case Mul((a, b)):
                    found = self.random.choice((Mul(b, a), Mul(transpose(a), b), Mul(a, transpose(b)), Fn("hadamard", a, b)))
                case Fn("hadamard", (a, b)):
                    found = self.random.choice((Mul(a, b), Fn("hadamard", transpose(a), b)))
                case Add((a, b)):
                    found = self.random.choice((a, b, minus(a, b)))
                case Fn("trace", (a,)):
                    found = self.random.choice((Fn("trace", transpose(a)), Fn("inner", a, a), Fn("trace", Mul(a, a))))
                case _:
                    return None
            shape(found, CONTEXT)
        except ShapeError:
            return None
        return found

    def number(self, depth: int) -> tuple[Term, Term]:
        """A trace, and the same one with its factors turned round."""
        a, b = self.pair("n", "m", depth)
        c, d = self.pair("m", "n", depth)
        return Fn("trace", Mul(a, c)), Fn("trace", Mul(d, b))


def transpose(a: Term) -> Term:
    return Fn("transpose", a)
