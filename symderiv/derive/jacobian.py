"""Jacobians and Hessians by vectors of any length, by the differential method: dg = J dx, so ∂g/∂x is J, or its transpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from symderiv.decide import decide
from symderiv.derive.derivation import Derivation, Region
from symderiv.errors import NoDerivation, NotDerivable
from symderiv.rules.differentials import Varying, d, differentials
from symderiv.rules.linear_maps import entrywise_known, linear_map, linear_maps
from symderiv.rules.step import Rewrite, Rule, Step, at_all_places, by_regions
from symderiv.terms import (
    ZERO,
    Context,
    Definition,
    Derivative,
    Fn,
    Mul,
    Relation,
    Sym,
    Term,
    Truth,
    fresh_name,
    times,
    vector,
)
from symderiv.terms.shapes import MIXED, NUMERATOR, shape

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
JACOBIAN = Rule(
    "jacobian_from_differential",
    "dy = J\\,dx \\Rightarrow \\frac{\\partial y}{\\partial x} = J",
    "the Jacobian is what stands before {} (numerator layout: a row for each entry of the function)",
    "",
    lambda _: None,
    "d(X)",
)
TURNED_JACOBIAN = replace(
    JACOBIAN,
    name="turned_jacobian_from_differential",
    statement="dy = J\\,dx \\Rightarrow \\frac{\\partial y}{\\partial x} = J^\\top",
    words="the transpose of what stands before {} (denominator layout: a row for each entry of the variable)",
)


def jacobian(
    of: Definition | Term, by: str, context: Context, *, goal: Term | None = None, known: Sequence[Definition] = ()
) -> Derivation:
    """∂y/∂x of a vector y by a vector x, in the layout of the context, from dy = J dx; and its product with a vector, as backpropagation has it.

    Raises NotDerivable where y is no vector or dy is not brought to the form J dx, NoDerivation where the goal is not the Jacobian.
    """
    x = Sym(by)
    body = of.body if isinstance(of, Definition) else of.bare
    if isinstance(of, Definition):
        context = context.define(of.name, of.parameters, of.body)
    if len(sizes := shape(body, context)) != 1:
        raise NotDerivable(f"{body} is not a vector", body.span)
    v = Varying(x, context)
    differential, found = _differential(body, x, context, known)
    by_rows = bool({NUMERATOR, MIXED} & set(context.assumptions))
    result = found if by_rows else v.turned(found)
    if goal is not None and decide(result, goal, context).kind != "proved":
        raise NoDerivation(f"{goal} is not shown to be the Jacobian {result}", goal.span)
    start = Derivative(of.head if isinstance(of, Definition) else body, x)
    regions = (Region(Truth(), differential, "Take the differential, all else being constant:"),)
    step = by_regions(start, result if goal is None else goal, JACOBIAN if by_rows else TURNED_JACOBIAN, regions, ())
    definitions = (of,) if isinstance(of, Definition) else ()
    derived = Derivation(start, (step.with_details((v.step,)),), context, "Jacobian", definitions)
    return derived if found == ZERO else replace(derived, forms=(_backwards(start, found, sizes[0], v),))


def _backwards(start: Derivative, found: Term, size: Term, v: Varying) -> Region:
    """∂⟨u, y⟩/∂x = Jᵀu for a constant vector u: the gradient by y, passed back to x."""
    taken = {*v.context.sorts, *v.context.definitions, *start.free, *found.free}
    u = Sym(next((name for name in "ugvac" if name not in taken), fresh_name("u", taken)))
    context = v.context.declare(u.name, vector(size))
    by_rows = NUMERATOR in context.assumptions
    after = times(Fn("transpose", u), found) if by_rows else times(v.turned(found), u)
    law = Relation("=", Fn("inner", u, Mul(Sym("J"), v.step)), Fn("inner", Mul(Fn("transpose", Sym("J")), u), v.step))
    before = Derivative(Fn("inner", u, start.body), v.letter)

    def passed_back(t: Term) -> Rewrite | None:
        return Rewrite(after, (), (law,)) if t == before else None

    rule = Rule(
        "vector_jacobian_product",
        "\\langle u, J\\,dx\\rangle = \\langle J^\\top u, dx\\rangle",
        "{}, with the Jacobian from above",
        "",
        passed_back,
        "d(X)",
    )
    step = rule.apply(before)
    assert step is not None
    return Region(
        Truth(), Derivation(before, (step,), context), f"Passed back, for a constant vector {u} (vector-Jacobian product):"
    )


def hessian(gradient: Derivation, *, goal: Term | None = None, known: Sequence[Definition] = ()) -> Derivation:
    """∂²L/∂x∂xᵀ for a gradient that was derived, from its differential.

    Raises NotDerivable where the differential is not brought to the form H dx, NoDerivation where the goal is not the Hessian.
    """
    first = gradient.start
    assert isinstance(first, Derivative)
    x, context = first.var, gradient.context
    v = Varying(x, context)
    column = v.turned(gradient.result) if NUMERATOR in context.assumptions else gradient.result
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
