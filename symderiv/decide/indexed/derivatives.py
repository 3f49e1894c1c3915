"""Derivatives by entries, vectors and matrices, in the layout of the setting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symderiv.decide.indexed.expressions import Cell, Expression, Family, Slope
from symderiv.decide.indexed.scope import Scope
from symderiv.decide.indexed.setting import family_name, slots_of
from symderiv.decide.indexed.values import Slots, Value
from symderiv.decide.indexed.whole import ONE, Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import Derivative, Entry, Fn, Layer, Prime, Sym, Term

if TYPE_CHECKING:
    from symderiv.decide.indexed.elaborate import Elaborator


def derivative(e: Elaborator, t: Derivative, scope: Scope) -> Value:
    """∂y/∂x for an x that is a letter, an entry, a vector or a matrix; raises Unsupported where nothing says that y depends on x."""
    name = t.var.name
    point = e.value(t.at_point, scope)
    family = _variable(e, name, point, t.at_point == t.var, scope)
    variable = Value(point.shape, lambda at: Cell(family, at))
    if not _depends(e, t.body, name):
        raise Unsupported(f"it is not said how {t.body} depends on {name}")
    by_cell = bool(t.indices) and not point.shape and family.point is None
    body = e.value(t.body, scope if by_cell else _closing(e, scope, name, variable))
    slots = tuple(e.whole(i, scope) for i in t.indices)
    if point.shape:
        e.setting.place(slots, point.shape)
        if slots and len(slots) < len(point.shape):
            return _partial_gradient(e, t, body, family, point.shape, slots)
    if t.order > 1 and not t.indices and any(n != ONE for n in point.shape):
        return _hessian(t, body, family, point.shape)
    out = body
    for _ in range(t.order):
        out = _gradient(e, out, family, point.shape, slots if t.indices else None)
    return out


def _hessian(t: Derivative, body: Value, family: Family, shape: Slots) -> Value:
    """The matrix of second derivatives of a number by a vector."""
    if t.order != 2 or len(shape) != 1 or not body.is_scalar:
        raise Unsupported(f"the derivative of order {t.order} by {t.var}")
    u = body.scalar
    return Value((*shape, *shape), lambda at: Slope(Slope(u, family, at[:1]), family, at[1:]))


def _partial_gradient(e: Elaborator, t: Derivative, body: Value, family: Family, shape: Slots, slots: Slots) -> Value:
    """The gradient of a number by a member of a family of vectors or matrices."""
    if t.order != 1 or not body.is_scalar:
        raise Unsupported(f"this derivative by a member of {t.var}")
    u = body.scalar
    out = Value(shape[len(slots) :], lambda at: Slope(u, family, (*slots, *at)))
    return e.arrays.transpose(out) if e.setting.numerator else out


def _depends(e: Elaborator, body: Term, name: str) -> bool:
    """Whether a name occurs in a term, or in the definitions that it uses."""
    seen: set[str] = set()
    todo = [body]
    while todo:
        t = todo.pop()
        if name in t.free:
            return True
        functions = {u.name for u in t.postorder() if isinstance(u, (Fn, Prime))}
        for x in sorted((t.free | functions) - seen):
            seen.add(x)
            if x in e.context.definitions:
                todo.append(e.context.definitions[x].body)
            todo += [right for _, right in e.setting.rules.get(x, ())]
    return False


def partial(e: Elaborator, body: Term, target: Term, scope: Scope) -> Value:
    """∂y/∂x^⊤, which is numerator layout; and the derivative by an entry of a family that nothing declares."""
    match target:
        case Fn("transpose", (Sym() as x,)):
            before = e.setting.numerator, e.setting.rows_of_values
            e.setting.numerator = e.setting.rows_of_values = True
            try:
                return e.value(Derivative(body, x), scope)
            finally:
                e.setting.numerator, e.setting.rows_of_values = before
        case Entry() | Layer() if (name := family_name(target)) is not None and name not in e.context.definitions:
            if name in scope.local or name in scope.closed or e.setting.family(name).constrained:
                raise Unsupported(f"the derivative by {target}")
            if not _depends(e, body, name):
                raise Unsupported(f"it is not said how {body} depends on {name}")
            slots = tuple(e.whole(i, scope) for i in slots_of(target))
            shape = e.setting.shape(name) or tuple(e.setting.extent(name, axis) for axis in range(len(slots)))
            if len(shape) != len(slots):
                raise Unsupported(f"the derivative by {target}")
            if name not in e.setting.rules:
                family, inner = e.setting.family(name), e.value(body, scope)
            else:
                family = Family(f"{name}~{e.setting.fresh(ONE).name}", point=lambda at: _member(e, name, at, scope))
                inner = e.value(body, _closing(e, scope, name, Value(shape, lambda at: Cell(family, at))))
            return Value(inner.shape, lambda at: Slope(inner.entry(at), family, slots))
    raise Unsupported(f"the derivative by {target}")


def _member(e: Elaborator, name: str, at: Slots, scope: Scope) -> Expression:
    """What the rules of a family say of one entry; the entry itself where they say nothing."""
    return e.ruled(name, at, scope) or Cell(e.setting.family(name), at)


def _closing(e: Elaborator, scope: Scope, name: str, variable: Value) -> Scope:
    local = {n: v for n, v in scope.local.items() if n != name}
    return replace(scope, local=local, closed={**scope.closed, name: variable})


def _variable(e: Elaborator, name: str, point: Value, itself: bool, scope: Scope) -> Family:
    """The family that a derivative is taken by: the letter's own, or one that stands for a defined name or a point."""
    free = itself and name not in e.context.definitions and name not in scope.local and name not in scope.closed
    if free:
        family = e.setting.family(name)
        if family.constrained:
            raise Unsupported(f"the derivative by {name}, whose entries depend on each other")
        return family
    return Family(f"{name}~{e.setting.fresh(ONE).name}", point=lambda at: point.entry(at))


def _gradient(e: Elaborator, body: Value, family: Family, shape: Slots, slots: Slots | None) -> Value:
    def slope(u: Expression, at: Slots) -> Expression:
        return Slope(u, family, at)

    if slots is not None or not shape:
        at = slots or ()
        return Value(body.shape, lambda place: slope(body.entry(place), at))
    if body.is_scalar:
        u = body.scalar
        out = Value(shape, lambda at: slope(u, at))
        return e.arrays.transpose(out) if e.setting.numerator else out
    if len(shape) == 1 or ONE in shape:
        return _jacobian(e, body, family, shape)
    raise Unsupported("the derivative of an array by a matrix")


def _jacobian(e: Elaborator, body: Value, family: Family, shape: Slots) -> Value:
    """Of a vector by a vector: denominator layout has ∂y_j/∂x_i in row i, numerator layout ∂y_i/∂x_j."""
    if len(body.shape) == 2 and ONE not in body.shape:
        raise Unsupported("the derivative of a matrix by a vector")

    def along(own: Slots, k: Whole) -> Slots:
        return (k,) if len(own) == 1 else (k, ONE) if own[1] == ONE else (ONE, k)

    def length(own: Slots) -> Whole:
        return own[0] if len(own) == 1 or own[1] == ONE else own[1]

    def entry(at: Slots) -> Expression:
        return Slope(body.entry(along(body.shape, at[0])), family, along(shape, at[1]))

    numerator = Value((length(body.shape), length(shape)), entry)
    return numerator if e.setting.rows_of_values else e.arrays.transpose(numerator)
