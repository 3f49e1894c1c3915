"""What floating-point arithmetic makes of a formula, beside its exact value in certified balls.

>>> from symderiv.read import read_plain
>>> from symderiv.terms import Context
>>> found = measured(read_plain("log(1 + exp(x))"), {"x": Fraction(1000)}, Context())
>>> found.computed, round(found.exact), found.events
(inf, 1000, ('overflow',))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from symderiv.decide import evaluate, holds
from symderiv.errors import DomainError, SymderivError
from symderiv.terms import CONDITIONS, Cases, Context, Fn, Relation, Sym, Term, replace, substitute, value
from symderiv.terms.build import number
from symderiv.write.notations.python import python

BITS: Final = 4096
"""The bits of the balls: enough for e^1000 beside 1."""
FAR: Final = tuple(
    sign * x for x in (Fraction(10), Fraction(50), Fraction(800), Fraction(1000), Fraction(1, 10**9)) for sign in (1, -1)
)
"""Points at which naive formulas overflow or cancel."""
SMALL: Final = 1e-300
"""Values below this may come out as 0."""
ROUNDED: Final = 1e-9
"""Relative errors below this are those of rounding."""
LETTERS: Final = (Fraction(5, 4), Fraction(3, 2), Fraction(1, 4), Fraction(1), Fraction(-1, 2))
"""Values for the letters beside the one that goes far away; for each the first that its assumptions allow."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The value that is computed, the exact one rounded, and what went beyond the range of numbers on the way."""

    computed: float
    exact: float
    events: tuple[str, ...]

    @property
    def error(self) -> float:
        """The relative error; ∞ for a result that is no number."""
        if self.computed == self.exact or (abs(self.exact) < SMALL and abs(self.computed) < SMALL):
            return 0.0
        if not math.isfinite(self.computed):
            return math.inf
        return abs(self.computed - self.exact) / abs(self.exact) if self.exact else abs(self.computed)


def measured(term: Term, values: Mapping[str, Fraction], context: Context, *, taken: bool = False) -> Measured | None:
    """The formula at a point; None where it has no value there, or one that no float has.

    NumPy computes every case of a distinction; `taken`: only that which holds, as Python's `if` does.
    """
    try:
        ball = evaluate(term, values, context, BITS)
    except DomainError:
        return None
    if ball.abs_upper() < SMALL:
        exact = 0.0
    elif ball.rel_accuracy_bits() < 60 or not math.isfinite(exact := float(ball.mid())):
        return None
    if taken:
        term = _taken(term, values, context)
    computed, events = computed_value(term, {name: float(q) for name, q in values.items()})
    return Measured(computed, exact, events)


def computed_value(term: Term, values: Mapping[str, float]) -> tuple[float, tuple[str, ...]]:
    """The value in double precision, and what NumPy would warn of: overflow, division by 0, no number."""
    import numpy as np

    names = tuple(sorted(values))
    events: dict[str, None] = {}

    def noticed(kind: str, _: int) -> None:
        events.setdefault("division by 0" if kind.startswith("divide") else "no number" if kind == "invalid value" else kind)

    function = compiled(term, names)
    with np.errstate(all="call", under="ignore", call=noticed):
        try:
            found = float(function(*(np.float64(values[n]) for n in names)))
        except (OverflowError, ZeroDivisionError):
            return math.nan, (*events, "error")
    return found, tuple(events)


def score(term: Term, context: Context) -> tuple[int, int, int]:
    """How a formula fares at the far points, smaller is better: results that are wrong, warnings, and digits lost (in eighths of 16).

    Every letter goes far in turn, the others are of ordinary size.
    """
    wrong = warned = 0
    worst = 0.0
    for values in far_points(term, context):
        found = measured(term, values, context)
        if found is None:
            continue
        wrong += found.error > 1e-3
        warned += bool(found.events)
        worst = max(worst, min(found.error, 1.0))
    return wrong, warned, 0 if worst < ROUNDED else 1 + max(0, 9 + int(math.log10(worst)))


def far_points(term: Term, context: Context) -> list[dict[str, Fraction]]:
    """Points at which one letter is far away or close to 0, and the others of ordinary size, as far as the assumptions allow them."""
    free = sorted(term.free)
    usual: dict[str, Fraction] = {}
    for n in free:
        usual[n] = next((q for q in LETTERS if _allowed({n: q}, context)), LETTERS[0])
    return [p for n in free for q in FAR if _allowed(p := {**usual, n: q}, context)]


def _allowed(values: Mapping[str, Fraction], context: Context) -> bool:
    """Whether no assumption of the context is known to fail."""
    put = {n: number(q) for n, q in values.items()}
    return not any(holds(substitute(a, put), Context()) is False for a in context.assumptions if isinstance(a, Relation))


def _taken(term: Term, values: Mapping[str, Fraction], context: Context) -> Term:
    put = {n: number(q) for n, q in values.items()}

    def choose(t: Term) -> Term | None:
        if isinstance(t, Cases):
            for v, c in t.pieces:
                held = holds(substitute(c, put), context)
                if held is None:
                    return None
                if held:
                    return v
        return None

    return replace(term, choose)


@lru_cache(maxsize=256)
def compiled(term: Term, names: tuple[str, ...]) -> Callable[..., Any]:
    """The function of the letters in this order that computes the term, common parts once; for floats, complex numbers and arrays."""
    import numpy
    import scipy
    import scipy.special

    scope: dict[str, Any] = {"numpy": numpy, "scipy": scipy}
    letters = {n: f"letter_{k}" for k, n in enumerate(names)}
    exec(program("computed", substitute(term, {n: Sym(s) for n, s in letters.items()}), tuple(letters.values())), scope)
    function: Callable[..., Any] = scope["computed"]
    return function


def program(name: str, term: Term, letters: Sequence[str], says: str = "") -> str:
    """The source of a Python function: a line for each part that is used more than once, and the value returned."""
    known: dict[Term, str] = {}
    lines = []
    for t in shared_parts(term):
        try:
            written = python(t, known=known)
        except SymderivError:
            continue
        while (word := f"part_{len(known) + 1}") in letters:
            letters = (*letters, "")
        lines.append(f"    {word} = {written}\n")
        known[t] = word
    doc = f'    """{says}"""\n' if says else ""
    return f"def {name}({', '.join(x for x in letters if x)}):\n{doc}{''.join(lines)}    return {python(term, known=known)}\n"


def shared_parts(term: Term) -> list[Term]:
    """The parts of a formula that are used more than once and are more than a letter or a number, inner ones first."""
    uses: dict[Term, int] = {}
    for t in term.postorder():
        for c in t.children:
            uses[c] = uses.get(c, 0) + 1
    return [
        t
        for t in term.postorder()
        if uses.get(t, 0) > 1
        and (t.size > 2 or isinstance(t, Fn))
        and t.free
        and value(t) is None
        and not isinstance(t, CONDITIONS)
    ]
