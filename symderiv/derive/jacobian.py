"""Jacobians and Hessians by vectors of any length, by the differential method: dg = J dx, so ∂g/∂x is J, or its transpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symderiv.decide import decide
from symderiv.derive.derivation import Derivation, Region
from symderiv.errors import NoDerivation, NotDerivable
from symderiv.rules.differentials import Varying, d, differentials
from symderiv.rules.linear_maps import entrywise_known, linear_map, linear_maps
from symderiv.rules.step import Rule, Step, at_all_places, by_regions
from symderiv.terms import ZERO, Context, Definition, Derivative, Sym, Term, Truth
from symderiv.terms.shapes import NUMERATOR

LONGEST = 200
"""Steps, at most."""

HESSIAN = Rule(
    "hessian_from_differential",
    "d\\nabla L = H\\,dx \\Rightarrow \\nabla^2 L = H",
    "the Hessian is what stands before {} in the differential of the gradient; it is symmetric, so the layout does not matter",
    "",
    lambda _: None,
    "d(X)",
)


def hessian(gradient: Derivation, *, goal: Term | None = None, known: Sequence[Definition] = ()) -> Derivation:
    """∂²L/∂x∂xᵀ for a gradient that was derived, from its differential.

    Raises NotDerivable where the differential is not brought to the form H dx, NoDerivation where the goal is not the Hessian.
    """
    first = gradient.start
    assert isinstance(first, Derivative)
    x, context = first.var, gradient.context
    v = Varying(x, context)
    column = v.transposed(gradient.result) if NUMERATOR in context.assumptions else gradient.result
    differential, found = _differential(column, x, context, known)
    start = Derivative(first.body, x, 2)
    regions = (
        Region(Truth(), gradient, "First, the gradient:"),
        Region(Truth(), differential, "Take the differential of the gradient, all else being constant:"),
    )
    step = by_regions(start, found, HESSIAN, regions, ()).with_details((v.step,))
    steps = (step, *_opened(found, v, known))
    if goal is not None and goal != steps[-1].after:
        if decide(found, goal, context).kind != "proved":
            raise NoDerivation(f"{goal} is not shown to be the Hessian {found}", goal.span)
        steps = (replace(step, after=goal),)
    return replace(gradient, start=start, steps=steps, title="")


def _differential(body: Term, x: Sym, context: Context, known: Sequence[Definition]) -> tuple[Derivation, Term]:
    """The derivation of d(body) = J dx, and J."""
    v = Varying(x, context)
    steps = list(_to_linear_map(d(body), v, known))
    line = steps[-1].after if steps else d(body)
    found = line if line == ZERO else linear_map(line, v)
    if found is None:
        raise NotDerivable(f"the differential of {body} could not be brought to the form J d{x}", body.span, f"it ended in {line}")
    return Derivation(d(body), tuple(steps), context, varying=x.name), found


def _to_linear_map(line: Term, v: Varying, known: Sequence[Definition]) -> Iterator[Step]:
    """The first rule that applies, at all places, until none does."""
    rules = (*differentials(v, {definition.name: definition for definition in known}), *linear_maps(v))
    for _ in range(LONGEST):
        step = next((s for r in rules if (s := at_all_places(r, line)) is not None), None)
        if step is None:
            return
        yield step
        line = step.after
    raise NotDerivable(f"the derivation is longer than {LONGEST} steps")


def _opened(line: Term, v: Varying, known: Sequence[Definition]) -> Iterator[Step]:
    step = at_all_places(entrywise_known({definition.name: definition for definition in known}, v), line)
    if step is not None:
        yield step
