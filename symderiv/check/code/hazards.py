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
)
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
        if function.value.rank <= 1 and sorted(function.ranks)[-1:] == [1] and not function.applied:
            return _of_vectors(function, opened(function.value.body, functions))
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
    return None if code is None and seen.kind > 2 else Hazard(_said(seen, function.text), code)


def _of_vectors(function: CodeFunction, body: Term) -> Hazard | None:
    """The same for functions of vectors, at vectors of three entries."""
    vectors = [p for p, r in zip(function.parameters, function.ranks, strict=True) if r]
    if len(vectors) != 1 or body.free - {vectors[0], *function.space.maxima} - _letters_of_sizes(function):
        return _logarithm_of_0(body)
    (name,) = vectors
    seen = _at_vectors(body, function, name)
    if seen is None:
        return None
    for better in _shifted(body, name):
        context = function.context(with_library(Context()))
        if decide(body, better, context).kind != "proved" or _at_vectors(better, function, name) is not None:
            continue
        return Hazard(_said(seen, function.text), _vectorised(better, name, function))
    return Hazard(_said(seen, function.text), None) if seen.kind <= 2 else None


def _letters_of_sizes(function: CodeFunction) -> set[str]:
    assert function.value is not None
    axes = [function.space.size(n) for a in function.space.arrays.values() for n in a]
    return {x for n in (*axes, *function.value.axes) for x in n.free} | {*function.value.indices}


def _at_vectors(body: Term, function: CodeFunction, name: str) -> _Seen | None:
    assert function.value is not None
    sizes = {n: SIZE for n in _letters_of_sizes(function) if n not in function.value.indices}
    letters = [Sym(f"{name}_{k + 1}") for k in range(SIZE)]
    largest = {"max": Fn("max", *letters), "min": Fn("min", *letters)}
    put: dict[str, Term] = {
        n: largest[kind] for n, (kind, of, _) in function.space.maxima.items() if of.body == _entry(name, of.indices)
    }
    put[SHIFT.name] = largest["max"]
    tried: list[tuple[Mapping[str, Fraction], Measured | None]] = []
    for place in (1, 2) if function.value.rank else (1,):
        here = instance(body, {**sizes, **dict.fromkeys(function.value.indices, place)})
        term = substitute(here, put)
        for v in VECTORS:
            values = {s.name: Fraction(q) for s, q in zip(letters, v, strict=True)}
            if term.free <= values.keys():
                tried.append((values, measured(term, values, Context())))
    return _worst(iter(tried))


def _entry(name: str, indices: tuple[str, ...]) -> Term:
    return Entry(Sym(name), *map(Sym, indices))


def _shifted(body: Term, name: str) -> Iterator[Term]:
    """Formulas in which the largest entry is taken off before exponentials are formed."""

    def taken_off(t: Term) -> Term | None:
        return Fn("exp", minus(t.children[0], SHIFT)) if isinstance(t, Fn) and t.name == "exp" and name in t.free else None

    def logarithms(t: Term) -> Term | None:
        match t:
            case Fn("log", (Sum() as total,)):
                return Add(SHIFT, Fn("log", replace(total, taken_off)))
            case Fn("log", (Div(Fn("exp", (u,)), Sum() as total),)):
                return Add(u, Neg(Add(SHIFT, Fn("log", replace(total, taken_off)))))
        return None

    yield replace(body, logarithms)
    yield replace(body, taken_off)


def _vectorised(better: Term, name: str, function: CodeFunction) -> str | None:
    """The formula as code for the whole vector."""
    assert function.value is not None

    def whole(t: Term) -> Term | None:
        if isinstance(t, Entry) and t.family == Sym(name):
            return Sym(name)
        if isinstance(t, Sum) and t.low == ONE:
            return Fn("numpy.sum", t.body)
        return None

    written = replace(better, whole)
    if any(i in written.free for i in function.value.indices):
        return None
    try:
        return python(substitute(written, {SHIFT.name: Fn("numpy.max", Sym(name))}), numpy="np")
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


def _said(seen: _Seen, source: str) -> str:
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
