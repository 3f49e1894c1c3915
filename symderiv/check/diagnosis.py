"""Why a refuted step is wrong: the single edit of its right side that makes it proved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from symderiv.check.edits import Edit, edits, multiplied
from symderiv.check.judging import decided, relevant, with_catalogue, without_stale
from symderiv.check.rounding import as_precise_as, decimal_or_fraction, rational
from symderiv.check.scope import Scope, derivatives_in
from symderiv.decide import derivative_of
from symderiv.errors import SymderivError
from symderiv.terms import Cases, Context, Derivative, Entry, Fn, Pow, Prime, Sym, Term
from symderiv.write import latex, text

SECONDS: Final = 0.8
"""Time for the search of one step's cause."""
LARGEST: Final = 150
"""Nodes of a right side that is still searched."""
EACH: Final = 0.15
"""Seconds for one edit."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong in words, and LaTeX for the right side that makes the step true (None where only the words are known)."""

    words: str
    suggestion: str | None


def diagnose(left: Term, right: Term, scope: Scope, seconds: float = SECONDS) -> Cause | None:
    """The cause of a refuted step left = right; None if no single edit mends it and its right value is not known either."""
    left, right = left.bare, right.bare
    ends = time.monotonic() + seconds
    context, _ = with_catalogue(left, right, scope)
    context = without_stale(relevant(context, left, right, scope), scope)
    if right.size <= LARGEST:
        for _, words, new in (*_chain_factors(left, right, context), *edits(left, right, context)):
            if time.monotonic() > ends:
                break
            if _proved(left, new, context, min(EACH, seconds)):
                return Cause(words, latex(new))
    return _right_value(left, right, context)


def _proved(left: Term, right: Term, context: Context, effort: float) -> bool:
    return decided(left, "=", right, context, effort).kind == "proved"


def _chain_factors(left: Term, right: Term, context: Context) -> list[Edit]:
    """Inner derivatives that the chain rule gives and that may be missing, or be there once too often."""
    out: dict[Term, Edit] = {}
    for body, by in _differentiated(left, context):
        for t in body.postorder():
            for inner in t.children if isinstance(t, (Fn, Pow)) else ():
                if isinstance(inner, Sym) or by not in inner.free or inner.size > 40:
                    continue
                try:
                    factor = derivative_of(inner, by, context)
                except SymderivError:
                    continue
                if factor.size <= 20 and factor != right:
                    out.setdefault(factor, (9, f"the inner derivative {text(factor)} is missing", multiplied(factor, right)))
    return [e for e in out.values() if e[2] != right and not isinstance(right, Cases)]


def _differentiated(left: Term, context: Context) -> Iterator[tuple[Term, str]]:
    """What is differentiated on the left, and by which letter."""
    for d in derivatives_in(left):
        definition = context.definitions.get(d.body.name) if isinstance(d.body, Sym) else None
        yield d.body if definition is None else definition.body, d.var.name
    for t in left.postorder():
        if isinstance(t, Prime) and (definition := context.definitions.get(t.name)) is not None and len(t.children) == 1:
            yield definition.opened(t.children), next(iter(sorted(t.children[0].free)), "")


def _right_value(left: Term, right: Term, context: Context) -> Cause | None:
    """The left side itself, where it is a derivative or arithmetic."""
    if not left.free and (value := rational(left)) is not None:
        return Cause("the arithmetic is wrong", latex(decimal_or_fraction(as_precise_as(value, right))))
    if not isinstance(left, Derivative) or left.order != 1:
        return None
    from symderiv.derive import derivative

    try:
        by = Entry(left.var, *left.indices) if left.indices else left.var
        result = derivative(left.body, by, context).result
    except (SymderivError, RecursionError):
        return None
    if result.size > LARGEST or not _proved(left, result, context, EACH):
        return None
    return Cause("more than one thing is wrong; this is the derivative", latex(result))


def absent_letter(left: Term, right: Term) -> str | None:
    """A case distinction on a letter that occurs in no value and not on the left, in words; None where there is none."""
    for t in right.bare.postorder():
        if not isinstance(t, Cases):
            continue
        outside = left.free | {name for value, _ in t.pieces for name in value.free}
        for _, condition in t.pieces:
            for name in sorted(condition.free - outside):
                return f"the case says {text(condition)} but {name} does not occur"
    return None
