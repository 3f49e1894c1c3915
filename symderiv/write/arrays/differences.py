"""A derivative at symbolic size beside central differences, at random sizes and points.

Floating-point numbers prove nothing: this is a second opinion, that shares with the derivation nothing but the formula of the function.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from symderiv.errors import SymderivError
from symderiv.terms import Context, Derivative, Fn, Relation, Sum, Sym, Term
from symderiv.terms.shapes import NUMERATOR
from symderiv.write.arrays.program import Program, program_of

if TYPE_CHECKING:
    from symderiv.derive import Derivation

AGREES: Final = 1e-6
"""The relative difference up to which they are said to agree: that of the largest entry."""
ATTEMPTS: Final = 20
"""How many points are tried until the function has a value."""
LARGEST: Final = 7
"""Sizes are different numbers from 2 to this, or to as many as there are letters."""

Array = Any
"""An array of NumPy."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One point: the sizes, how many entries, and the largest difference relative to the largest entry."""

    sizes: Mapping[str, int]
    entries: int
    difference: float

    @property
    def agrees(self) -> bool:
        """Whether the difference is that of rounding."""
        return self.difference <= AGREES


@dataclass(frozen=True, slots=True)
class ArrayVerification:
    """The comparison at all points."""

    rows: tuple[Compared, ...]

    @property
    def ok(self) -> bool:
        """Whether they agree everywhere."""
        return all(row.agrees for row in self.rows)

    def __str__(self) -> str:
        head = ("sizes", "entries", "central differences")
        lines = [
            head,
            *((_said(r.sizes), str(r.entries), "agree" if r.agrees else f"differ by {r.difference:.1e}") for r in self.rows),
        ]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def _said(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {n}" for name, n in sizes.items()) or "none"


def compared(derivation: Derivation, *, points: int = 3, seed: int = 0) -> ArrayVerification:
    """The result of a derivation beside central differences of what it starts from; all sizes are different.

    Raises SymderivError where one of them is not written with NumPy, or no point was found at which the function has a value.
    """
    start, context = derivation.start, derivation.context
    _, by = _parted(start)
    indices = [i for d in by for i in d.indices]
    if any(not isinstance(i, Sym) for i in indices) or len({*indices}) != len(indices):
        raise SymderivError(f"{start} is not compared with differences", hint="differentiate by entries with an index of their own")
    f, _ = differentiated(start, context)
    own = [r.name for r in f.axes]
    derivative = program_of(start, derivation.result, context)
    draw = random.Random(seed)
    return ArrayVerification(tuple(_compared(f, derivative, own, by, context, draw) for _ in range(points)))


def differentiated(start: Term, context: Context) -> tuple[Program, str]:
    """What is differentiated at the start of a chain, as a function, and the letter by which, its first argument."""
    function, by = _parted(start)
    return Program(function, context, variables=[by[0].var.name]), by[0].var.name


def _parted(start: Term) -> tuple[Term, list[Derivative]]:
    """What is differentiated, and the derivatives that are taken of it, the inner one first."""
    by: list[Derivative] = []
    while isinstance(start, Derivative):
        if by and by[0].var != start.var:
            raise SymderivError("a derivative by several letters is not compared with differences")
        by.insert(0, start)
        start = start.body
    return start, by


def _compared(
    f: Program, derivative: Program, own: Sequence[str], by: Sequence[Derivative], context: Context, draw: random.Random
) -> Compared:
    import numpy

    of, claimed = f.function(), derivative.function()
    orders = sum(d.order for d in by)
    for _ in range(ATTEMPTS):
        point = Point([f, derivative], context, draw)
        arguments = [point.values[n] for n in f.parameters]

        def at(x: Array, others: Sequence[Array] = tuple(arguments[1:])) -> Array:
            return numpy.asarray(of(x, *others), dtype=float)

        with numpy.errstate(all="ignore"):
            found = differences(at, arguments[0], orders)
            stated = numpy.asarray(claimed(*(point.values[n] for n in derivative.parameters)), dtype=float)
        if numpy.isfinite(found).all():
            break
    else:
        raise SymderivError("no point was found at which the function has a value")
    if any(d.indices for d in by):
        names = [*own, *(str(i) for d in by for i in d.indices)]
        found = found.transpose([names.index(r.name) for r in derivative.axes])
    elif NUMERATOR in context.assumptions:
        found = found.T
    if found.shape != stated.shape:
        return Compared(point.sizes, found.size, float("inf"))
    scale = max(float(numpy.abs(found).max(initial=0.0)), 1e-3)
    return Compared(point.sizes, found.size, float(numpy.abs(found - stated).max(initial=0.0)) / scale)


def differences(f: Callable[[Array], Array], x: Array, order: int = 1) -> Array:
    """The derivative by every entry of x, by central differences that are exact for polynomials of degree 4; its axes come last."""
    import numpy

    if order > 1:
        return differences(lambda y: differences(f, y, order - 1), x)
    step = 1e-3
    x = numpy.asarray(x, dtype=float)
    columns = []
    for place in numpy.ndindex(x.shape):
        h = numpy.zeros(x.shape)
        h[place] = step
        columns.append((8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * step))
    found = numpy.stack(columns, axis=-1)
    return found.reshape(*found.shape[:-1], *x.shape)


class Point:
    """Random sizes, all different, and random values that fulfil the assumptions."""

    def __init__(self, programs: Sequence[Program], context: Context, draw: random.Random) -> None:
        import numpy

        shapes = {a.name: a.sizes for p in programs for a in p.arguments}
        letters = sorted({n for p in programs for n in p.letters if context.is_size(n)})
        self.sizes = dict(zip(letters, draw.sample(range(2, max(LARGEST, len(letters) + 2) + 1), len(letters)), strict=True))
        self.random = numpy.random.default_rng(draw.randrange(2**32))
        self.positive = draw.random() < 0.5
        self.values: dict[str, Array] = {}
        for name, sizes in shapes.items():
            self.values[name] = self.sizes[name] if name in self.sizes else self._drawn(tuple(self._size(n) for n in sizes))
        for fact in context.assumptions:
            self._fulfil(fact)

    def _size(self, n: Term) -> int:
        from symderiv.write.arrays.ranges import affine

        form = affine(n)
        if form is None:
            raise SymderivError(f"the size {n} is no whole combination of letters")
        return sum(c * self.sizes.get(name, 1) for name, c in form.items())

    def _drawn(self, sizes: tuple[int, ...]) -> Array:
        """Numbers of ordinary size; a square matrix is far from singular, with a positive determinant."""
        import numpy

        found = self.random.uniform(0.2, 1.5, sizes)
        if not self.positive:
            found = found * self.random.choice([-1.0, 1.0], sizes)
        if len(sizes) == 2 and sizes[0] == sizes[1]:
            found = found + 2 * sizes[0] * numpy.eye(sizes[0])
        return found

    def _fulfil(self, fact: Term) -> None:
        """Change the values so that an assumption holds."""
        values = self.values
        match fact:
            case Relation(">" | "≥", Sym(name), _) if name in values and name not in self.sizes:
                values[name] = abs(values[name])
            case Relation("<" | "≤", Sym(name), _) if name in values and name not in self.sizes:
                values[name] = -abs(values[name])
            case Relation("=", Fn("transpose", (Sym(name),)), Sym(other)) if name == other and name in values:
                values[name] = (values[name] + values[name].T) / 2
            case Fn("symmetric" | "positive_definite", (Sym(name),)) if name in values:
                values[name] = (values[name] + values[name].T) / 2
            case Relation("=", Sum() as total, _) if (
                len(found := [n for n in total.free if n in values and n not in self.sizes]) == 1
            ):
                values[found[0]] = abs(values[found[0]])
                values[found[0]] = values[found[0]] / values[found[0]].sum(axis=-1, keepdims=True)
