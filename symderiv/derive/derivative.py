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
from symderiv.derive.derivation import Derivation, Knot, Region, Remark
from symderiv.derive.differentiate import calculus_rules, differentiate
from symderiv.derive.piecewise import piecewise
from symderiv.derive.rewriting import simplified, towards
from symderiv.errors import NotDerivable
from symderiv.read.vocabulary import ALGEBRA
from symderiv.rules.definitions import definition_rule
from symderiv.rules.step import Rule, Step, at_all_places, by_regions
from symderiv.terms import Context, Definition, Derivative, Entry, Fn, Sym, Term, Truth, names_of_functions

ONCE_MORE = Rule(
    "once_more", "f'' = (f')'", "the derivative of {}, which is known from above", "", lambda _: None, "diff(sin(2*x), x, 2)"
)


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
    if order > 1:
        before = derivative(of, by, context, order=order - 1, known=known, head=head)
        return once_more(before, by, goal=goal, known=known, title=title)
    x, indices = _letter(by)
    if isinstance(of, Definition):
        context = context.define(of.name, of.parameters, of.body)
        head = head or of.head
        definitions: tuple[Definition, ...] = (of,)
    else:
        head, definitions = head or of.bare, ()
    start = Derivative(head, x, indices=indices)
    steps = _opened(start, _to_open(definitions, head, context))
    line = steps[-1].after if steps else start
    found, knots, remarks = _differentiated(line, goal, context, known)
    chain = (*steps, *found)
    lines = (start, *(s.after for s in chain))
    return Derivation(start, chain, context, title, (*definitions, *_of_arrays(lines, definitions, context)), knots, remarks)


def _of_arrays(lines: Sequence[Term], own: Sequence[Definition], context: Context) -> list[Definition]:
    """The functions of arrays that stand in the lines or in their definitions, and that mean something only as they are defined."""
    found: list[Definition] = []
    todo = list(lines)
    while todo:
        for name in names_of_functions(todo.pop()):
            d = context.definitions.get(name)
            if d is None or d in own or d in found or name in ALGEBRA:
                continue
            if any(context.sort(p).shape for p in d.parameters):
                found.append(d)
                todo.append(d.body)
    return found


def once_more(
    before: Derivation, by: str | Term, *, goal: Term | None = None, known: Sequence[Definition] = (), title: str = ""
) -> Derivation:
    """The derivative of a derivative that was derived: d²/dx² f(x) = d/dx f'(x) = …, and ∂/∂z_k ∂f/∂z_j = ∂/∂z_k of what ∂f/∂z_j is."""
    x, indices = _letter(by)
    first = before.start
    assert isinstance(first, Derivative)
    if first.var == x and first.indices == indices:
        start = Derivative(first.body, x, first.order + 1, indices=indices)
    else:
        start = Derivative(first, x, indices=indices)
    line: Term = Derivative(before.result, x, indices=indices)
    resting = Region(Truth(), before, "First, the gradient, entry by entry:", "Its Jacobian, entry by entry:")
    if not indices:
        resting = Region(Truth(), before, f"First, the {before.title or 'derivative'}:", "Differentiate once more:")
    steps = [by_regions(start, line, ONCE_MORE, (resting,), ()).with_details((first,))]
    steps += _opened(line, _to_open((), line, before.context))
    line = steps[-1].after
    of = before.definitions[0] if before.definitions else None
    if of is not None and of.parameters == (x.name,) and first.body == of.head and first.order == 1 and not indices:
        known = (*known, Definition(of.name, of.parameters, before.result)) if not has_knots(of.body) else known
    found, knots, remarks = _differentiated(line, goal, before.context, known)
    return Derivation(start, (*steps, *found), before.context, title, before.definitions, knots, remarks)


def _opened(line: Term, definitions: Sequence[Definition]) -> list[Step]:
    """The steps that put definitions in, one after the other."""
    steps: list[Step] = []
    for d in definitions:
        step = at_all_places(definition_rule(d), line)
        if step is not None:
            steps.append(step)
            line = step.after
    return steps


def _differentiated(
    line: Term, goal: Term | None, context: Context, known: Sequence[Definition]
) -> tuple[tuple[Step, ...], tuple[Knot, ...], tuple[Remark, ...]]:
    """The steps that remove the derivative, region by region where there are knots."""
    assert isinstance(line, Derivative)

    def finish(line: Term, goal: Term | None, context: Context) -> list[Step]:
        found = list(differentiate(line, calculus_rules(context, known)))
        line = found[-1].after if found else line
        return found + (simplified(line, context) if goal is None else towards(line, goal, context))

    if has_knots(line.body):
        return piecewise(line, goal, context, finish)
    return tuple(finish(line, goal, context)), (), ()


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
