"""The derivative of a function as a Derivation: definition, calculus, then the algebra towards its textbook form.

>>> from symderiv.read import read_plain
>>> from symderiv.terms import Context, Definition
>>> square = Definition("f", ("x",), read_plain("x^2*exp(x)"))
>>> print(derivative(square, "x", Context()).result)
x*exp(x)*(2 + x)
"""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.decide import has_knots
from symderiv.derive.derivation import Derivation, Knot, Remark
from symderiv.derive.differentiate import calculus_rules, differentiate
from symderiv.derive.piecewise import piecewise
from symderiv.derive.rewriting import simplified, towards
from symderiv.errors import NotDerivable
from symderiv.rules.calculus import higher_order
from symderiv.rules.definitions import definition_rule
from symderiv.rules.step import Step, at_all_places, lifted
from symderiv.terms import Context, Definition, Derivative, Entry, Fn, Sym, Term


def derivative(
    of: Definition | Term,
    by: str | Term,
    context: Context,
    *,
    goal: Term | None = None,
    order: int = 1,
    known: Sequence[Definition] = (),
    title: str = "",
    head: Term | None = None,
) -> Derivation:
    """d/dx f(x) = … = the goal, or the simplest form that is found where no goal is given.

    `head`: what is differentiated of a definition, if not f(x): an entry f(z)_i. `by`: a letter, or an entry z_k of a family. `known`: derivatives that are used without deriving them again, as f'(x) := …. Raises NotDerivable where no rule differentiates
    the function, NoDerivation where the goal is not its derivative.
    """
    x, indices = _letter(by)
    if isinstance(of, Definition):
        context = context.define(of.name, of.parameters, of.body)
        head = head or of.head
        definitions: tuple[Definition, ...] = (of,)
    else:
        head, definitions = head or of.bare, ()
    start = Derivative(head, x, order, indices=indices)
    knots: tuple[Knot, ...] = ()
    remarks: tuple[Remark, ...] = ()
    if order > 1:
        before = derivative(of, by, context, order=order - 1, known=known, head=head)
        twice = higher_order.apply(start)
        assert twice is not None
        steps = [twice, *(lifted(s, Derivative(s.before, x, indices=indices), 0) for s in before.steps)]
        if isinstance(of, Definition) and of.parameters == (x.name,) and order == 2 and not has_knots(of.body):
            known = (*known, Definition(of.name, of.parameters, before.result))
        line: Term = Derivative(before.result, x, indices=indices)
    else:
        steps, line = [], start
        for d in _to_open(definitions, head, context):
            opened = at_all_places(definition_rule(d), line)
            if opened is not None:
                steps.append(opened)
                line = opened.after
    assert isinstance(line, Derivative)

    def finish(line: Term, goal: Term | None, context: Context) -> list[Step]:
        found = list(differentiate(line, calculus_rules(context, known)))
        line = found[-1].after if found else line
        return found + (simplified(line, context) if goal is None else towards(line, goal, context))

    if has_knots(line.body):
        by_region, knots, remarks = piecewise(line, goal, context, finish)
        steps += by_region
    else:
        steps += finish(line, goal, context)
    return Derivation(start, tuple(steps), context, title, definitions, knots, remarks)


def _letter(by: str | Term) -> tuple[Sym, tuple[Term, ...]]:
    """The letter x and no indices, or z and (k,) for an entry z_k."""
    match by:
        case Entry() if isinstance(by.family, Sym):
            return by.family, by.indices
        case Sym():
            return by, ()
        case str():
            return Sym(by), ()
    raise NotDerivable(f"{by} is neither a letter nor an entry of one", by.span, "differentiate by x, or by z[k]")


def _to_open(own: Sequence[Definition], head: Term, context: Context) -> list[Definition]:
    """The definitions that are put in first: of what is differentiated, of letters, and of functions with knots."""
    found = list(own)
    seen = [head, *(d.body for d in own)]
    while seen:
        t = seen.pop()
        for s in t.postorder():
            name = s.name if isinstance(s, (Fn, Sym)) else None
            d = context.definitions.get(name) if name is not None else None
            if d is not None and d not in found and (not d.parameters or _has_knots(d, context)):
                found.append(d)
                seen.append(d.body)
    return found


def _has_knots(definition: Definition, context: Context) -> bool:
    inner = [
        context.definitions[s.name] for s in definition.body.postorder() if isinstance(s, Fn) and s.name in context.definitions
    ]
    return has_knots(definition.body) or any(_has_knots(d, context) for d in inner if d != definition)
