"""Terms as NumPy functions, and the table that compares a derivative with three independent ways to compute it.

    numpy_function(term, variables)          a function of arrays, in a stable form, common parts computed once
    verify(function, derivative, variable)   certified balls, central differences, complex step, and NumPy, at many points

Only the balls decide: they refute a derivative where two of them are disjoint. The floating-point columns show how far each method
can be trusted, also where it overflows.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from symderiv.decide import derivative_ball, evaluate
from symderiv.errors import DomainError, SymderivError
from symderiv.rules.named import applied
from symderiv.terms import (
    FUNCTIONS,
    Add,
    Array,
    Binder,
    Cases,
    Context,
    Derivative,
    Entry,
    Fn,
    Indicator,
    Prime,
    Relation,
    Sum,
    Sym,
    Term,
    instance,
    number,
    replace,
    substitute,
    times,
    value,
)
from symderiv.write.stable import stable

if TYPE_CHECKING:
    from symderiv.derive import Derivation
    from symderiv.write.arrays import ArrayVerification

Ball = Any
"""A ball of interval arithmetic, `flint.arb`."""

NumpyFunction = Callable[..., Any]
"""A function of floats, complex numbers or arrays of them."""

DEEPEST: Final = 50
"""How often definitions that use definitions are opened."""

PRECISION: Final = 192
"""The bits of the balls."""

FAR: Final = tuple(sign * x for x in (Fraction(50), Fraction(800), Fraction(1000), Fraction(1, 10**9)) for sign in (1, -1))
"""Points at which naive formulas overflow or cancel."""


def opened(term: Term, context: Context) -> Term:
    """The term with every definition of the context put in. SymderivError if they go round in a circle."""

    letters = {d.name: d.body for d in context.definitions.values() if not d.parameters}

    def put_in(t: Term) -> Term | None:
        head = t.family if isinstance(t, Entry) else t
        d = context.definitions.get(head.name) if isinstance(head, Fn) else None
        return None if d is None else applied(d, t)

    for _ in range(DEEPEST):
        new = replace(substitute(term, letters), put_in)
        if new == term:
            return term
        term = new
    raise SymderivError("the definitions use each other in a circle, or are nested too deeply")


SIZE: Final = 3
"""The size that stands for every size where numbers are computed."""


def at_a_size(term: Term, result: Term, by: Derivative, context: Context) -> tuple[Term, Term, str]:
    """A function of a vector, its derivative by an entry, and the letter for that entry, at size 3: the first entry by the second.

    An equation Σ y = c of the context gives the entries of y the values c/6, 2c/6, 3c/6.
    """
    bounded = [n for n, s in context.sorts.items() if s.bounds is not None]
    sizes = [n for n, s in context.sorts.items() if s.field == "integer" and s.bounds is None and not s.shape]
    values = {**dict.fromkeys(sizes, SIZE), **{name: 1 + k % SIZE for k, name in enumerate(bounded)}}
    given: dict[str, Term] = {}
    for a in context.assumptions:
        if isinstance(a, Relation) and a.op == "=" and isinstance(a.left, Sum):
            total = instance(a.left, values)
            entries = total.children if isinstance(total, Add) else (total,)
            weights = range(1, len(entries) + 1)
            for entry, weight in zip(entries, weights, strict=True):
                if isinstance(entry, Sym):
                    given[entry.name] = times(a.right, number(Fraction(weight, sum(weights))))
    found = [substitute(instance(opened(t, context), values), given) for t in (term, result)]
    letter = instance(Entry(by.var, *by.indices), values)
    assert isinstance(letter, Sym)
    return found[0], found[1], letter.name


def numpy_function(
    term: Term, variables: Sequence[str], context: Context | None = None, *, as_written: bool = False
) -> NumpyFunction:
    """The term as a function of its variables, for floats and arrays; definitions of the context are put in.

    Vectors and matrices are arrays of any size, and further arguments if they are not among the variables; sizes are those of the arrays.

    It is computed in a form that neither overflows nor cancels where one is found and proved equal; `as_written`: in its own.

    Raises SymderivError if a letter is not among the variables, or a derivative is left in the term.

    >>> from symderiv.read import read_plain
    >>> f = numpy_function(read_plain("log(1 + exp(x))"), ["x"])
    >>> float(f(0.0)), float(f(1000.0))
    (0.6931471805599453, 1000.0)
    """
    from symderiv.write.arrays import Program, has_arrays
    from symderiv.write.floats import compiled

    context = context or Context()
    if has_arrays(term, context):
        return Program(term, context, variables=variables).function()
    body = computable(term, variables, context)
    return compiled(body if as_written else stable(body, assumed(context)), tuple(variables))


def result_function(start: Term, result: Term, context: Context) -> NumpyFunction:
    """The result of a derivation as a function: the letter by which is differentiated comes first, then the others in order."""
    from symderiv.write.arrays import has_arrays, program_of

    if has_arrays(start, context):
        return program_of(start, result, context).function()
    variable = [start.var.name] if isinstance(start, Derivative) else []
    return numpy_function(result, [*variable, *sorted(opened(result, context).free - {*variable})], context)


def for_sympy(term: Term, context: Context) -> Term:
    """The term with definitions put in, as it goes to SymPy."""
    from symderiv.write.arrays import has_arrays, with_maps

    return with_maps(term, context) if has_arrays(term, context) else opened(term, context)


def compared(derivation: Derivation, *, points: int = 3, seed: int = 0) -> ArrayVerification:
    """A derivative at symbolic size beside central differences."""
    from symderiv.write.arrays import compared

    return compared(derivation, points=points, seed=seed)


def assumed(context: Context) -> Context:
    """The context with what the letters are, and without definitions."""
    return replaced(context, definitions={})


def computable(term: Term, variables: Sequence[str], context: Context) -> Term:
    """The term with definitions put in, if numbers for the variables give it a value.

    Raises SymderivError if a letter is not among the variables, or a derivative or an unknown function is left.
    """
    body = opened(term, context)
    if left := sorted(body.free - {*variables}):
        raise SymderivError(f"{', '.join(left)} has no value in {term}", hint=f"the variables are {', '.join(variables)}")
    if any(isinstance(t, (Derivative, Prime)) for t in body.postorder()):
        raise SymderivError(f"a derivative is left in {term}", hint="derive it first")
    for t in body.postorder():
        if isinstance(t, (Entry, Binder, Array)) or (isinstance(t, Fn) and t.name not in FUNCTIONS):
            raise SymderivError(
                f"{t} has no value that balls and floats could be compared at", hint="give sizes numbers: `instance`"
            )
    return body


@dataclass(frozen=True, slots=True)
class Row:
    """One point: the derivative of the function and the value of the claimed one as balls, and relative errors in floating point.

    `exact` is None where the function has no certified derivative, `claimed` where the claim has no value. An error is None where
    the method does not apply, and nan or inf where the arithmetic overflows.
    """

    point: Fraction
    exact: Ball | None
    claimed: Ball | None
    central: float | None
    complex_step: float | None
    numpy: float | None

    @property
    def agrees(self) -> bool | None:
        """Whether the two balls meet; None where there are not two."""
        if self.exact is None or self.claimed is None:
            return None
        return bool(self.exact.overlaps(self.claimed))


@dataclass(frozen=True, slots=True)
class Verification:
    """The comparison at all points, with the values of the other letters."""

    rows: tuple[Row, ...]
    letters: Mapping[str, Fraction]

    @property
    def ok(self) -> bool | None:
        """False if balls are disjoint somewhere, True if they meet wherever there are two, None if there are two nowhere."""
        known = [row.agrees for row in self.rows if row.agrees is not None]
        return all(known) if known else None

    def __str__(self) -> str:
        head = ("point", "derivative", "claimed", "central difference", "complex step", "NumPy")
        lines = [head, *(_shown(row) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = ["  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in lines]
        where = ", ".join(f"{name} = {v}" for name, v in self.letters.items())
        return "\n".join([*([f"with {where}"] if where else []), *table])


def _shown(row: Row) -> tuple[str, ...]:
    exact = "none" if row.exact is None else row.exact.str(10, radius=False)
    claimed = "no value" if row.claimed is None else "differs" if row.agrees is False else "agrees" if row.agrees else "?"
    return f"{float(row.point):g}", exact, claimed, *(_error(e) for e in (row.central, row.complex_step, row.numpy))


def _error(error: float | None) -> str:
    if error is None:
        return "-"
    return "no value" if math.isnan(error) else "overflow" if math.isinf(error) else f"{error:.1e}"


def verify(
    function: Term, derivative: Term, variable: str, context: Context | None = None, *, points: int = 8, seed: int = 0
) -> Verification:
    """Compare a derivative with the function, at random points, far away and close to 0; the same points for the same seed.

    Raises SymderivError if a derivative or an unknown function is left in one of them.
    """
    context = context or Context()
    names = [variable, *sorted((opened(function, context).free | opened(derivative, context).free) - {variable})]
    f, g = computable(function, names, context), computable(derivative, names, context)
    draw = random.Random(seed)
    letters = {name: _drawn(name, context, draw) for name in names[1:]}
    near = [Fraction(draw.randint(-4000, 4000), 1000) for _ in range(points)]
    allowed = [p for p in (*near, *FAR) if _allows(variable, p, context)]
    of, claimed = numpy_function(f, names, context, as_written=True), numpy_function(g, names, context)
    return Verification(tuple(_row(f, g, of, claimed, p, variable, letters, context) for p in allowed), letters)


def _row(
    f: Term,
    g: Term,
    of: NumpyFunction,
    claimed: NumpyFunction,
    point: Fraction,
    variable: str,
    letters: Mapping[str, Fraction],
    c: Context,
) -> Row:
    values = {variable: point, **letters}
    exact = _ball(lambda: derivative_ball(f, variable, values, 1, PRECISION))
    stated = _ball(lambda: evaluate(g, values, c, PRECISION))
    if exact is None:
        return Row(point, None, stated, None, None, None)
    others = [float(v) for v in letters.values()]
    x, true = float(point), float(exact.mid())
    h = (2.0**-52) ** (1 / 3) * max(1.0, abs(x))
    above, below = x + h, x - h
    central = _float(lambda: (of(above, *others) - of(below, *others)) / (above - below))
    step = _float(lambda: of(complex(x, 1e-20), *others).imag / 1e-20) if _analytic(f) else None
    named = _float(lambda: claimed(x, *others))
    return Row(
        point, exact, stated, _relative(central, true), None if step is None else _relative(step, true), _relative(named, true)
    )


def _ball(compute: Callable[[], Ball]) -> Ball | None:
    """A finite ball, or None where there is no value."""
    try:
        ball = compute()
    except DomainError:
        return None
    return ball if ball is not None and ball.is_finite() else None


def _float(compute: Callable[[], Any]) -> float:
    """A float, or nan where floating point gives none."""
    import numpy

    with numpy.errstate(all="ignore"):
        try:
            found = complex(compute())
        except (OverflowError, ZeroDivisionError):
            return math.nan
    return found.real if found.imag == 0 else math.nan


def _relative(found: float, true: float) -> float:
    if found == true:
        return 0.0
    return abs(found - true) / abs(true) if true else abs(found)


def _analytic(t: Term) -> bool:
    """Whether the formula has no knots, so that it extends to complex numbers."""
    return not any(
        isinstance(s, (Cases, Indicator)) or (isinstance(s, Fn) and s.name in ("abs", "sign", "heaviside", "max", "min"))
        for s in t.postorder()
    )


def _drawn(name: str, context: Context, draw: random.Random) -> Fraction:
    """A value for a letter, as assumed: positive unless that is ruled out."""
    candidates = [Fraction(draw.randint(250, 3000), 1000) for _ in range(20)]
    if context.sort(name).field == "integer":
        candidates = [Fraction(n) for n in (2, 3, 1, 5)]
    tried = [*candidates, *(-c for c in candidates), *(c / 4 for c in candidates)]
    return next((c for c in tried if _allows(name, c, context)), candidates[0])


def _allows(name: str, number: Fraction, context: Context) -> bool:
    """Whether the assumptions that compare the letter with a number allow this value."""
    for a in context.assumptions:
        match a:
            case Relation(op, Sym(letter), bound) if letter == name and (limit := value(bound)) is not None:
                if not _HOLDS[op](number, limit):
                    return False
    return True


_HOLDS: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
}
