"""Where code goes wrong in floating-point arithmetic though its formula is right: overflow, 0/0, log 0, digits that cancel.

What the code computes at far points is compared with the exact value in certified balls; the stable form that is suggested is proved
equal by `decide`, and measured at the same points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from symderiv.check.claim import Hazard
from symderiv.check.code.functions import CodeFunction
from symderiv.decide import decide
from symderiv.errors import SymderivError
from symderiv.terms import (
    ONE,
    Add,
    Context,
    Div,
    Entry,
    Fn,
    Mul,
    Neg,
    Sum,
    Sym,
    Term,
    instance,
    minus,
    replace,
    substitute,
    vector,
)
from symderiv.terms.shapes import same_size
from symderiv.write.floats import ROUNDED, Measured, computed_value, far_points, measured
from symderiv.write.notations.python import python
from symderiv.write.numeric import opened
from symderiv.write.stable import stable, with_library

SIZE: Final = 3
"""How many entries a vector has where numbers are computed."""
VECTORS: Final = ((1000, 0, -1000), (-1000, -1001, -1002), (800, 799, 50), (0, 1, -1))
"""Vectors at which naive formulas overflow, in an order in which the plainest comes first."""
SMALLEST: Final = 1e-24
"""Digits that are lost of numbers below this are not spoken of."""
SHIFT: Final = Sym("largest")


@dataclass(frozen=True, slots=True)
class _Seen:
    """How bad it is (1 the worst), where, and what was measured."""

    kind: int
    values: Mapping[str, Fraction]
    found: Measured


def hazard(function: CodeFunction, known: Context) -> Hazard | None:
    """The worst that floating-point arithmetic does to the function; None where nothing was seen."""
    assert function.value is not None
    functions = Context()
    for d in known.definitions.values():
        if d.parameters:
            functions = functions.define(d.name, d.parameters, d.body)
    try:
        if function.of_numbers:
            return _of_numbers(function, opened(function.value.body, functions))
        if function.value.rank <= max(function.ranks, default=0) and not function.applied:
            return _of_arrays(function, opened(function.value.body, functions))
    except SymderivError:
        return None
    return None


def _of_numbers(function: CodeFunction, body: Term) -> Hazard | None:
    context = with_library(Context())
    if not body.free or len(body.free) > len(function.parameters):
        return None
    eager = "where(" in function.text
    seen = _worst((p, measured(body, p, context, taken=not eager)) for p in far_points(body, context))
    better = stable(body, context)
    if seen is None:
        return _logarithm_of_0(body)
    code = None if better == body else python(better, numpy="np")
    minor = seen.kind > 2 or len(body.free) > 1
    return None if code is None and minor else Hazard(_said(seen, function.text), code)


def _of_arrays(function: CodeFunction, body: Term) -> Hazard | None:
    """The same for functions of vectors, and of the rows or columns of a matrix, at three entries."""
    arrays = [(p, r) for p, r in zip(function.parameters, function.ranks, strict=True) if r]
    assert function.value is not None
    if len(arrays) != 1 or body.free - {arrays[0][0], *function.space.maxima} - _letters_of_sizes(function):
        return _logarithm_of_0(body)
    name, rank = arrays[0]
    if rank == 2 and function.value.rank != 2:
        return None
    for long in range(rank)[::-1]:
        line = _Line(function, name, rank, long)
        seen = line.worst(body)
        if seen is None:
            continue
        for better in line.shifted(body):
            if decide(body, better, line.context()).kind == "proved" and line.worst(better) is None:
                return Hazard(_said(seen, function.text, name), line.code(better))
        if rank == 1 and seen.kind <= 2:
            return Hazard(_said(seen, function.text, name), None)
    return None


def _letters_of_sizes(function: CodeFunction) -> set[str]:
    assert function.value is not None
    axes = [function.space.size(n) for a in function.space.arrays.values() for n in a]
    return {x for n in (*axes, *function.value.axes) for x in n.free} | {*function.value.indices}


@dataclass(frozen=True, slots=True)
class _Line:
    """The entries of an array along one axis: a vector, or one row or column of a matrix."""

    function: CodeFunction
    name: str
    rank: int
    long: int

    @property
    def shift(self) -> Term:
        """The letter for the largest entry of the line."""
        assert self.function.value is not None
        return SHIFT if self.rank == 1 else Entry(SHIFT, Sym(self.function.value.indices[1 - self.long]))

    @property
    def axes(self) -> tuple[Term, ...]:
        """The sizes of the array."""
        return tuple(map(self.function.space.size, self.function.space.arrays[self.name]))

    def context(self) -> Context:
        """What the letters are."""
        context = self.function.context(with_library(Context()))
        return context.declare(SHIFT.name, vector(self.axes[1 - self.long])) if self.rank == 2 else context

    def worst(self, body: Term) -> _Seen | None:
        """The worst at the vectors."""
        value = self.function.value
        assert value is not None
        letters = [
            Sym("_".join([self.name, *("1" if k != self.long else str(n + 1) for k in range(self.rank))])) for n in range(SIZE)
        ]
        largest = {"max": Fn("max", *letters), "min": Fn("min", *letters)}
        of_whole = {n: largest[kind] for n, (kind, of, _) in self.function.space.maxima.items() if isinstance(of.body, Entry)}
        of_whole[SHIFT.name] = largest["max"]

        def put(t: Term) -> Term | None:
            match t:
                case Entry(children=(Fn("max" | "min") as head, *_)):
                    return head
                case Sym(name):
                    return of_whole.get(name)
            return None

        sizes = {n: SIZE for n in _letters_of_sizes(self.function) if n not in value.indices}
        if self.rank == 2:
            sizes |= dict.fromkeys(self.axes[1 - self.long].free, 1)
        tried: list[tuple[Mapping[str, Fraction], Measured | None]] = []
        for place in (1, 2) if value.rank else (1,):
            at = {i: place if self.rank == 1 or k == self.long else 1 for k, i in enumerate(value.indices)}
            term = instance(replace(body, put), {**sizes, **at})
            for v in VECTORS:
                values = {s.name: Fraction(q) for s, q in zip(letters, v, strict=True)}
                if term.free <= values.keys():
                    tried.append((values, measured(term, values, Context())))
        return _worst(iter(tried))

    def shifted(self, body: Term) -> Iterator[Term]:
        """Formulas in which the largest entry is taken off before exponentials are formed."""

        def taken_off(t: Term) -> Term | None:
            exponential = isinstance(t, Fn) and t.name == "exp" and self.name in t.free
            return Fn("exp", minus(t.children[0], self.shift)) if exponential else None

        def logarithms(t: Term) -> Term | None:
            match t:
                case Fn("log", (Sum() as total,)):
                    return Add(self.shift, Fn("log", replace(total, taken_off)))
                case Fn("log", (Div(Fn("exp", (u,)), Sum() as total),)):
                    return Add(u, Neg(Add(self.shift, Fn("log", replace(total, taken_off)))))
            return None

        yield replace(body, logarithms)
        yield replace(body, taken_off)

    def code(self, better: Term) -> str | None:
        """The formula as code for the whole array."""
        assert self.function.value is not None
        along = () if self.rank == 1 else (Sym(f"axis={self.long - self.rank}, keepdims=True"),)

        def whole(t: Term) -> Term | None:
            match t:
                case Entry() if t.family == Sym(self.name):
                    return Sym(self.name)
                case Entry() if t.family == SHIFT:
                    return SHIFT
                case Sum() if t.low == ONE and t.high is not None and same_size(t.high, self.axes[self.long]):
                    return Fn("numpy.sum", t.body, *along)
            return None

        written = substitute(replace(better, whole), {SHIFT.name: Fn("numpy.max", Sym(self.name), *along)})
        if any(i in written.free for i in self.function.value.indices):
            return None
        try:
            return python(written, numpy="np")
        except SymderivError:
            return None


# --------------------------------------------------------------------------------------------------------- log 0
def _logarithm_of_0(body: Term) -> Hazard | None:
    """y log p for probabilities: 0 log 0 is nan in floating point, and is meant to be 0."""

    def letter(t: Term) -> bool:
        return isinstance(t, Sym) or (isinstance(t, Entry) and isinstance(t.family, Sym))

    for t in body.postorder():
        match t:
            case Mul((y, Fn("log", (p,)))) | Mul((Neg(y), Fn("log", (p,)))) if letter(y) and letter(p) and y != p:
                computed, _ = computed_value(Mul(Sym("y"), Fn("log", Sym("p"))), {"y": 0.0, "p": 0.0})
                if computed != computed:
                    a, b = _bare(y), _bare(p)
                    says = f"where {a} and {b} are 0, 0·log(0) is nan in floating-point arithmetic, though {a}·log({b}) is meant to be 0 there"
                    return Hazard(says, f"scipy.special.xlogy({a}, {b})")
    return None


def _bare(t: Term) -> str:
    return str(t.children[0] if isinstance(t, Entry) else t)


# ------------------------------------------------------------------------------------------------------- reports
def _worst(tried: Iterator[tuple[Mapping[str, Fraction], Measured | None]]) -> _Seen | None:
    worst: _Seen | None = None
    for values, found in tried:
        if found is None:
            continue
        kind = _kind(found)
        if kind and (worst is None or kind < worst.kind):
            worst = _Seen(kind, values, found)
    return worst


def _kind(found: Measured) -> int:
    """1: no number; 2: a wrong number; 3: digits lost; 4: right, but with a warning of NumPy; 0: nothing."""
    if abs(found.computed) == float("inf") or found.computed != found.computed:
        return 1
    if found.error > 10 * ROUNDED:
        return 2 if abs(found.computed - found.exact) > 10 * ROUNDED else 3 if abs(found.exact) > SMALLEST else 0
    return 4 if found.events else 0


def _said(seen: _Seen, source: str, line: str = "") -> str:
    """The hazard in words; `line` is the name of the array whose entries the values are."""
    if line:
        at = f"{line} = [{', '.join(_shown(float(q)) for q in seen.values.values())}]"
    else:
        at = ", ".join(f"{name} = {_shown(float(q))}" for name, q in seen.values.items())
    found = seen.found
    overflow = "overflow" in found.events
    if overflow and "math.exp" in source:
        return f"at {at} math.exp overflows and raises OverflowError; the exact value is {_shown(found.exact)}"
    why = " (exp overflows)" if overflow else f" ({', '.join(found.events)})" if found.events else ""
    if seen.kind == 4:
        return f"at {at} there is an overflow, of which NumPy warns; the result is right"
    if seen.kind == 3:
        digits = next((k for k in (4, 8, 12) if f"{found.computed:.{k}g}" != f"{found.exact:.{k}g}"), 16)
        return f"digits cancel: at {at} the code gives {found.computed:.{digits}g}, the exact value is {found.exact:.{digits}g}"
    return f"at {at} the code gives {_shown(found.computed)}{why}, the exact value is {_shown(found.exact)}"


def _shown(x: float) -> str:
    return f"{x:.4g}"
