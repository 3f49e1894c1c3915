"""Functions of numbers and of arrays: of the tables, defined in the context, unknown, and those of matrix algebra."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from symderiv.decide.indexed import binders, derivatives
from symderiv.decide.indexed.expressions import (
    NOTHING,
    UNIT,
    Apply,
    Argument,
    Call,
    Cell,
    Delta,
    Expression,
    Family,
    Largest,
    Raised,
    Slope,
    negative,
    product,
)
from symderiv.decide.indexed.scope import NOT_ENTRYWISE, USUAL, Scope, formula
from symderiv.decide.indexed.values import Slots, Value, scalar
from symderiv.decide.indexed.whole import ONE, Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import FUNCTIONS, Definition, Entry, Fn, Lambda, Sym, Term
from symderiv.terms import value as number_of
from symderiv.terms.shapes import goes_entrywise

if TYPE_CHECKING:
    from symderiv.decide.indexed.elaborate import Elaborator


OPERATIONS: Final = frozenset(
    [
        "transpose",
        "inverse",
        "trace",
        "det",
        "diag",
        "hadamard",
        "circ",
        "frobenius",
        "norm",
        "inner",
        "identity",
        "ones",
        "delta",
        "softmax",
        "vec",
        "otimes",
    ]
)
"""Functions whose arguments or values are arrays."""


def function(e: Elaborator, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
    """f(u, …): as the context defines it, as matrix algebra, as the tables have it, or as a function of which nothing is known."""
    definition = e.context.definitions.get(name)
    if definition is not None and definition.parameters:
        return applied(e, definition, args, scope)
    if definition is None and name in OPERATIONS and e.context.sort(name).arity == 0:
        return _operation(e, name, args, scope)
    if name == "partial" and definition is None and len(args) == 2:
        return derivatives.partial(e, args[0], args[1], scope)
    if name in FUNCTIONS and definition is None:
        return _row(e, name, args, scope)
    if definition is None and name in USUAL:
        u = e.value(args[0], scope)
        return e.arrays.mapped(lambda x: e.scalar(formula(USUAL[name]), Scope({"u": scalar(x)}, {}, {})), u)
    return unknown(e, name, args, (), scope)


def _row(e: Elaborator, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
    if name in ("max", "min") and len(args) == 1 and isinstance(args[0], Lambda):
        return _largest(e, name, args[0], scope)
    values = [e.value(u, scope) for u in args]
    if name == "sqrt":
        return e.arrays.mapped(lambda x: Raised(x, Fraction(1, 2)), *values)
    if name == "root" and len(args) == 2 and (q := number_of(args[1])) is not None and q > 0:
        return e.arrays.mapped(lambda x: Raised(x, 1 / q), values[0])
    for v in values:
        if name in NOT_ENTRYWISE and len(v.shape) == 2 and v.shape[0] == v.shape[1] != ONE:
            raise Unsupported(f"{name} of a square matrix, which may be meant entry by entry or of the matrix")
        if name == "abs" and not v.is_scalar:
            raise Unsupported("the absolute value of an array")
    return e.arrays.mapped(lambda *xs: Apply(name, xs), *values)


def _largest(e: Elaborator, name: str, t: Lambda, scope: Scope) -> Value:
    low, high = binders.bounds(e, t, scope)
    k = e.setting.fresh(high - low + ONE)
    body = e.scalar(t.body, scope.with_index(t.index.name, Whole.letter(k.name) + low - ONE))
    return scalar(Largest(k, body) if name == "max" else negative(Largest(k, negative(body))))


def applied(e: Elaborator, definition: Definition, args: tuple[Term, ...], scope: Scope) -> Value:
    """f(u): the body with the values of the arguments; entry by entry where the parameter is a number."""
    if len(args) != len(definition.parameters):
        raise Unsupported(f"{definition.name} with {len(args)} arguments")
    values = [e.value(u, scope) for u in args]
    body = definition.body

    def opened(given: list[Value]) -> Value:
        inner = scope.outside.with_local(dict(zip(definition.parameters, given, strict=True)))
        return _members(e, definition.name, body, inner)

    wanted = [len(e.context.sort(p).shape) for p in definition.parameters]
    uses = {t.family.name for t in body.postorder() if isinstance(t, Entry) and isinstance(t.family, Sym)}
    whole = [w > 0 or p in uses for w, p in zip(wanted, definition.parameters, strict=True)]
    if any(not v.is_scalar and not w for v, w in zip(values, whole, strict=True)):
        if any(whole):
            raise Unsupported(f"{definition.name} of arrays and numbers")
        return e.arrays.mapped(lambda *xs: opened([scalar(x) for x in xs]).scalar, *values)
    return opened(values)


def _members(e: Elaborator, name: str, body: Term, scope: Scope) -> Value:
    names: list[str] = []
    shape: list[Whole] = []
    while isinstance(body, Lambda):
        if body.high is not None:
            high: Whole | None = binders.bounds(e, body, scope)[1]
        else:
            high = e.shown(body.body, body.index) or e.shown_undeclared(body.body, body.index)
        shape.append(high if high is not None else e.setting.extent(name, len(names)))
        names.append(body.index.name)
        body = body.body
    if not names:
        return e.value(body, scope)

    def entry(at: Slots) -> Expression:
        inner = scope
        for n, w in zip(names, at, strict=True):
            inner = inner.with_index(n, w)
        return e.scalar(body, inner)

    return Value(tuple(shape), entry)


def unknown(e: Elaborator, name: str, args: tuple[Term, ...], by: tuple[int, ...], scope: Scope) -> Value:
    """A function of which nothing is known; of a number entry by entry, unless it was given a shape of its own."""
    values = [e.value(u, scope) for u in args]
    sort = e.context.sort(name)
    if sort.shape:
        raise Unsupported(f"{name}, an unknown function with values in a space")
    orders = tuple((k, ()) for k, n in enumerate(by) for _ in range(n))
    declared = name in e.context.definitions
    if len(values) == 1 and not values[0].is_scalar and not declared:
        if not any(by) and not goes_entrywise(name, e.context):
            raise Unsupported(f"whether {name} goes entry by entry")
        return e.arrays.mapped(lambda x: Call(name, (Argument((), x),), orders), values[0])
    if not values:
        raise Unsupported(f"{name} without arguments")
    arguments = []
    for v in values:
        indices = tuple(e.setting.fresh(n) for n in v.shape)
        arguments.append(Argument(indices, v.entry(tuple(Whole.letter(i.name) for i in indices))))
    call = Call(name, tuple(arguments), orders)
    return scalar(call)


def prime(e: Elaborator, name: str, orders: tuple[int, ...], args: tuple[Term, ...], scope: Scope) -> Value:
    """f'(u): the derivative of the defined body, at u; entry by entry on arrays."""
    definition = e.context.definitions.get(name)
    if definition is None or not definition.parameters:
        if name in USUAL and definition is None:
            definition = Definition(name, ("u",), formula(USUAL[name]))
        elif name in FUNCTIONS and definition is None:
            definition = Definition(name, ("u",), Fn(name, Sym("u")))
        else:
            return unknown(e, name, args, orders, scope)
    values = [e.value(u, scope) for u in args]
    chosen = definition

    def taken(*xs: Expression) -> Expression:
        local, families = {}, []
        for p, x in zip(chosen.parameters, xs, strict=True):
            family = Family(f"{p}~", point=lambda _, x=x: x)  # type: ignore[misc]
            families.append(family)
            local[p] = scalar(Cell(family, ()))
        out = e.scalar(chosen.body, scope.outside.with_local(local))
        for n, family in zip(orders, families, strict=True):
            for _ in range(n):
                out = Slope(out, family, ())
        return out

    return e.arrays.mapped(taken, *values)


def _operation(e: Elaborator, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
    a = e.arrays
    if name == "delta":
        if len(args) != 2:
            raise Unsupported("delta of other than two indices")
        return scalar(Delta(e.whole(args[0], scope) - e.whole(args[1], scope)))
    if name in ("identity", "ones"):
        return _constant(e, name, args, scope)
    values = [e.value(u, scope) for u in args]
    first = values[0] if values else scalar(NOTHING)
    match name:
        case "transpose":
            return a.transpose(first)
        case "inverse":
            return a.inverse(first)
        case "trace":
            return a.trace(first)
        case "det":
            return a.determinant(first)
        case "diag" if len(values) == 1:
            return a.diag(first)
        case "hadamard" | "circ":
            out = first
            for v in values[1:]:
                out = a.mapped(product, out, v)
            return out
        case "frobenius":
            return a.norm(first)
        case "norm":
            p = Fraction(2) if len(args) == 1 else number_of(args[1])
            if p is None or p < 1 or (p == 2 and len(first.shape) == 2 and ONE not in first.shape):
                raise Unsupported("this norm of a matrix")
            return a.norm(first, p)
        case "inner" if len(values) == 2:
            return a.inner(first, values[1])
        case "softmax":
            return a.softmax(first)
        case "vec" if len(values) == 1:
            return a.stacked(first)
        case "otimes" if len(values) == 2:
            return a.kronecker(first, values[1])
    raise Unsupported(f"{name} at symbolic size")


def _constant(e: Elaborator, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
    if name == "identity":
        if not args:
            return Value((), lambda at: UNIT, unit=True)
        if len(args) != 1:
            raise Unsupported("an identity matrix of more than one size")
        return e.arrays.identity(e.whole(args[0], scope))
    if not args or len(args) > 2:
        raise Unsupported("ones whose number is not said")
    return e.arrays.ones(*(e.whole(u, scope) for u in args))
