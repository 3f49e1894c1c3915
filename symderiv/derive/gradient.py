"""Gradients by matrices and vectors of any size, by the differential method: dL = ⟨G, dX⟩, so ∂L/∂X = G."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symderiv.decide import decide
from symderiv.derive.derivation import Derivation, Region, Remark
from symderiv.errors import NoDerivation, NotDerivable
from symderiv.rules.differentials import GRADIENT, TURNED_GRADIENT, Varying, d, differentials
from symderiv.rules.inner_products import inner_products
from symderiv.rules.step import Step, at_all_places, by_regions
from symderiv.terms import Context, Definition, Derivative, Fn, Num, Prime, Sym, Term, Truth, replace
from symderiv.terms.shapes import NUMERATOR, is_number, shape

LONGEST = 200
"""Steps, at most."""


def matrix_gradient(
    of: Definition | Term,
    by: str,
    context: Context,
    *,
    goal: Term | None = None,
    title: str = "",
    known: Sequence[Definition] = (),
) -> Derivation:
    """∂L/∂X = G in denominator layout, G of the shape of X, with the derivation of dL = ⟨G, dX⟩ that gives it; Gᵀ in numerator layout.

    `known`: derivatives of functions of a number that are used without deriving them again, as f'(x) := ….
    Raises ShapeError where the sizes do not fit, NotDerivable where L is not a number or no rule takes its differential,
    NoDerivation where the goal is not the gradient.
    """
    x = Sym(by)
    body = of.body if isinstance(of, Definition) else of.bare
    if isinstance(of, Definition):
        context = context.define(of.name, of.parameters, of.body)
    body, remarks = with_frobenius(body, context)
    remarks += _row_by_row(body, context)
    if not is_number(shape(body, context)):
        raise NotDerivable(
            f"{body} is not a number", body.span, "the gradient is taken of a number: sum the entries, or take a norm"
        )
    v = Varying(x, context)
    steps = list(_to_inner_product(d(body), v, known))
    line = steps[-1].after if steps else d(body)
    match line:
        case Fn("inner", (g, dx)) if dx == v.step:
            found = g
        case Num(0):
            found = line
        case _:
            raise NotDerivable(
                f"the differential of {body} could not be brought to the form ⟨G, d{by}⟩", body.span, f"it ended in {line}"
            )
    turned = NUMERATOR in context.assumptions
    if turned:
        found = v.turned(found)
    if goal is not None and decide(found, goal, context).kind != "proved":
        raise NoDerivation(f"{goal} is not shown to be the gradient {found}", goal.span)
    differential = Derivation(d(body), tuple(steps), context, varying=by)
    start = Derivative(body if not isinstance(of, Definition) else of.head, x)
    step = by_regions(
        start,
        found if goal is None else goal,
        TURNED_GRADIENT if turned else GRADIENT,
        (Region(Truth(), differential, "Take the differential, all else being constant:"),),
        (),
    )
    definitions = (*((of,) if isinstance(of, Definition) else ()), *_named(found, body, context))
    return Derivation(start, (step.with_details((v.step, x)),), context, title, definitions, (), tuple(remarks))


def _named(found: Term, body: Term, context: Context) -> tuple[Definition, ...]:
    """What the functions mean that stand in what is differentiated and in its gradient."""
    names = dict.fromkeys(t.name for u in (body, found) for t in u.postorder() if isinstance(t, (Fn, Prime)))
    return tuple(context.definitions[n] for n in names if n in context.definitions)


def with_frobenius(t: Term, context: Context) -> tuple[Term, list[Remark]]:
    """The term with ‖A‖ of a matrix as its Frobenius norm, and the remark that says so."""
    taken: list[Term] = []

    def frobenius(s: Term) -> Term | None:
        if isinstance(s, Fn) and s.name == "norm" and len(s.children) == 1 and len(shape(s.children[0], context)) == 2:
            taken.append(s.children[0])
            return Fn("frobenius", s.children[0])
        return None

    changed = replace(t, frobenius)
    return changed, [Remark("the norm of the matrix {} is taken to be the Frobenius norm", (taken[0],))] if taken else []


def _row_by_row(t: Term, context: Context) -> list[Remark]:
    """The remark that says how the softmax of a matrix is meant."""
    taken = [
        s.children[0] for s in t.postorder() if isinstance(s, Fn) and s.name == "softmax" and "softmax" not in context.definitions
    ]
    matrices = [a for a in taken if len(shape(a, context)) == 2]
    return [Remark("the softmax of the matrix {} is taken of each of its rows", (matrices[0],))] if matrices else []


def _to_inner_product(line: Term, v: Varying, known: Sequence[Definition]) -> Iterator[Step]:
    """The first rule that applies, at all places, until none does."""
    rules = (*differentials(v, {definition.name: definition for definition in known}), *inner_products(v))
    for _ in range(LONGEST):
        step = None
        for r in rules:
            step = at_all_places(r, line)
            if step is not None:
                break
        if step is None:
            return
        yield step
        line = step.after
    raise NotDerivable(f"the derivation is longer than {LONGEST} steps")
