"""From terms to index notation: names opened, matrices written by their entries, bound indices given names of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Final

from symderiv.decide.indexed.expressions import (
    NOTHING,
    UNIT,
    Apply,
    Argument,
    AtLeast,
    Call,
    Cell,
    Counted,
    Delta,
    Expression,
    Factors,
    Family,
    Largest,
    Number,
    Raised,
    Slope,
    Total,
    negative,
    product,
    total,
)
from symderiv.decide.indexed.setting import BOUND, Setting, axes_of, family_name, slots_of
from symderiv.decide.indexed.values import Arrays, Slots, Value, scalar
from symderiv.decide.indexed.whole import ONE, Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import (
    FUNCTIONS,
    Add,
    And,
    Array,
    Binder,
    Cases,
    Const,
    Decimal,
    Definition,
    Derivative,
    Div,
    Entry,
    Fn,
    Indicator,
    Lambda,
    Layer,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Prime,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
    substitute,
)
from symderiv.terms import value as number_of

USUAL: Final = {
    "sigmoid": "1/(1 + exp(-u))",
    "softplus": "log(1 + exp(u))",
    "relu": "u*heaviside(u)",
}
"""What these names mean where the context does not define them."""
NOT_ENTRYWISE: Final = frozenset(("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "abs"))
"""Functions that also mean something else of a square matrix."""
DEEPEST: Final = 150
"""How deep terms and definitions may nest."""


@cache
def formula(text: str) -> Term:
    """A formula of the tables, read once."""
    from symderiv.read import read_plain

    return read_plain(text).bare


@dataclass(frozen=True)
class Scope:
    """What the bound letters stand for; and which names stay closed while a derivative by them is taken."""

    local: Mapping[str, Value]
    whole: Mapping[str, Whole]
    closed: Mapping[str, Value]
    depth: int = 0

    def with_local(self, values: Mapping[str, Value]) -> Scope:
        """More letters with values; they hide indices of the same name."""
        whole = {n: w for n, w in self.whole.items() if n not in values}
        return replace(self, local={**self.local, **values}, whole=whole)

    def with_index(self, name: str, w: Whole) -> Scope:
        """One more index; it hides a letter of the same name."""
        local = {n: v for n, v in self.local.items() if n != name}
        return replace(self, local=local, whole={**self.whole, name: w})

    @property
    def outside(self) -> Scope:
        """The scope of a definition: its letters are those of the document."""
        return Scope({}, {}, self.closed, self.depth + 1)


NOWHERE: Final = Scope({}, {}, {})


class Elaborator:
    """Terms of one setting as values."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.context = setting.context
        self.arrays = Arrays(setting)

    def value(self, t: Term, scope: Scope = NOWHERE) -> Value:
        """The array that a term writes; raises Unsupported where it means nothing here."""
        self.setting.budget.check()
        if scope.depth > DEEPEST:
            raise Unsupported("definitions nested deeper than this")
        return self._value(t.bare, replace(scope, depth=scope.depth + 1))

    def scalar(self, t: Term, scope: Scope) -> Expression:
        """The number that a term writes."""
        return self.value(t, scope).scalar

    # --------------------------------------------------------------------------------------------------- term by term
    def _value(self, t: Term, scope: Scope) -> Value:
        a = self.arrays
        match t:
            case Num() | Decimal():
                return scalar(Number(Fraction(t.value)))
            case Const(name) if name != "oo":
                return scalar(Apply(name, ()))
            case Sym(name):
                return self._letter(name, scope)
            case Add(args):
                return a.added([self.value(u, scope) for u in args])
            case Neg(u):
                return a.subtracted(self.value(u, scope))
            case Mul(args):
                return self._product(args, scope)
            case Div(u, v):
                return self._quotient(u, v, scope)
            case Pow(u, v):
                return self._power(u, v, scope)
            case Entry() | Layer():
                return self._entry(t, scope)
            case Array():
                return self._array(t, scope)
            case Sum() | Product():
                return self._binder(t, scope)
            case Derivative():
                return self._derivative(t, scope)
            case Indicator(c):
                return scalar(self.indicator(c, scope))
            case Cases():
                return self._cases(t, scope)
            case Prime(name, orders, args):
                return self._prime(name, orders, args, scope)
            case Fn(name, args):
                return self._function(name, args, scope)
        raise Unsupported(f"{type(t).__name__.lower()} terms at symbolic size")

    def _letter(self, name: str, scope: Scope) -> Value:
        if name in scope.whole:
            return scalar(Counted(scope.whole[name]))
        if name in scope.local:
            return scope.local[name]
        if name in scope.closed:
            return scope.closed[name]
        definition = self.context.definitions.get(name)
        if definition is not None:
            if definition.parameters:
                return self._applied(definition, tuple(Sym(p) for p in definition.parameters), scope.outside)
            if self._itself(definition):
                return self._unknown(name, definition.body.children, (), scope.outside)
            return (
                self.value(definition.body, scope.outside)
                if not isinstance(definition.body, Lambda)
                else self._family(definition, scope)
            )
        sort = self.context.sort(name)
        if sort.arity:
            raise Unsupported(f"{name} without its arguments")
        if name == "I" and name not in self.context.sorts:
            return Value((), lambda at: UNIT, unit=True)
        if name in self.setting.ranges or name in self.setting.sizes:
            return scalar(Counted(self.setting.whole(Sym(name))))
        if sort.field == "integer":
            raise Unsupported(f"{name}, an integer of unknown sign")
        family = self.setting.family(name)
        return Value(self.setting.shape(name), lambda at: Cell(family, at))

    def _itself(self, definition: Definition) -> bool:
        """L := L(y) says that L is some function of y."""
        return isinstance(definition.body, Fn) and definition.body.name == definition.name and not definition.parameters

    def _family(self, definition: Definition, scope: Scope) -> Value:
        """A family defined by its members, as an array."""
        shape: list[Whole] = []
        names: list[str] = []
        body = definition.body
        while isinstance(body, Lambda):
            high = body.high
            if high is not None and body.low in (None, Num(1)):
                shape.append(self.setting.whole(high))
            elif (w := self._shown(body.body, body.index)) is not None:
                shape.append(w)
            else:
                shape.append(self.setting.extent(definition.name, len(names)))
            names.append(body.index.name)
            body = body.body

        def entry(at: Slots) -> Expression:
            inner = scope.outside
            for n, w in zip(names, at, strict=True):
                inner = inner.with_index(n, w)
            return self.scalar(body, inner)

        return Value(tuple(shape), entry)

    def _shown(self, body: Term, index: Sym) -> Whole | None:
        """The range that an index shows by the axes it stands at."""
        for name, axis in axes_of(body, index):
            if name in self.context.sorts and axis < len(self.context.sort(name).shape):
                return self.setting.extent(name, axis)
            definition = self.context.definitions.get(name)
            if definition is not None and isinstance(definition.body, Lambda) and not definition.parameters:
                shape = self._family(definition, NOWHERE).shape
                if axis < len(shape):
                    return shape[axis]
        for name, axis in axes_of(body, index):
            if name not in self.context.definitions:
                return self.setting.extent(name, axis)
        return None

    def whole(self, t: Term, scope: Scope) -> Whole:
        """A size or an index, with the bound ones put in."""
        if not scope.whole and not scope.local:
            return self.setting.whole(t)
        for name in t.free:
            if name in scope.local and name not in scope.whole:
                u = scope.local[name].scalar
                if not isinstance(u, Counted):
                    raise Unsupported(f"{t} as an index")
                scope = replace(scope, whole={**scope.whole, name: u.whole})
        hidden = {n: f"{BOUND}{n}" for n in t.free if n in scope.whole}
        plain = substitute(t, {n: Sym(h) for n, h in hidden.items()})
        out = self.setting.whole(plain).put({h: scope.whole[n] for n, h in hidden.items()})
        self.setting.sizes -= set(hidden.values())
        return out

    def _product(self, args: tuple[Term, ...], scope: Scope) -> Value:
        out = self.value(args[0], scope)
        for u in args[1:]:
            out = self.arrays.times(out, self.value(u, scope))
        return out

    def _quotient(self, u: Term, v: Term, scope: Scope) -> Value:
        top, bottom = self.value(u, scope), self.value(v, scope)
        if not bottom.is_scalar and top.is_scalar:
            raise Unsupported("division by an array")
        if top.unit:
            return Value((), lambda at: product(top.entry(()), Raised(bottom.scalar, Fraction(-1))), unit=True)
        return self.arrays.mapped(lambda x, y: product(x, Raised(y, Fraction(-1))), top, bottom)

    def _power(self, u: Term, v: Term, scope: Scope) -> Value:
        if v == Sym("T") and "T" not in self.context.sorts:
            return self.arrays.transpose(self.value(u, scope))
        base = self.value(u, scope)
        q = number_of(v)
        if base.unit:
            raise Unsupported("a power of an identity matrix whose size is not said")
        if not base.is_scalar:
            if q is None or q.denominator != 1:
                raise Unsupported("this power of an array")
            n, _ = self.arrays.square(base)
            if q == 0:
                return self.arrays.identity(n)
            once = base if q > 0 else self.arrays.inverse(base)
            out = once
            for _ in range(abs(int(q)) - 1):
                out = self.arrays.times(out, once)
            return out
        if q is not None:
            raised = Raised(base.scalar, q)
            return scalar(raised)
        return scalar(Apply("pow", (base.scalar, self.scalar(v, scope))))

    def _entry(self, t: Term, scope: Scope) -> Value:
        family = t
        while isinstance(family, (Entry, Layer)):
            family = family.children[0]
        places = slots_of(t)
        name = family_name(family)
        if isinstance(family, Sym) and name is not None and name not in scope.local and name not in scope.whole:
            sort = self.context.sort(name)
            if name not in self.context.definitions and name not in scope.closed and not sort.shape:
                slots = tuple(self.whole(i, scope) for i in places)
                for rule in self.setting.rules.get(name, ()):
                    inner = self._fitting(rule[0], slots, scope)
                    if inner is not None:
                        return self.value(rule[1], inner)
                known = self.setting.family(name)
                return scalar(Cell(known, slots))
            if sort.arity and name in self.context.definitions:
                definition = self.context.definitions[name]
                return self._at(
                    self._applied(definition, tuple(Sym(p) for p in definition.parameters), scope.outside), places, scope
                )
        return self._at(self.value(family, scope), places, scope)

    def _fitting(self, places: list[Term], slots: Slots, scope: Scope) -> Scope | None:
        """The scope of a right side y_ij = … at given slots; None if they are not of the written form."""
        inner = scope.outside
        for place, w in zip(places, slots, strict=False):
            if isinstance(place, Sym):
                inner = inner.with_index(place.name, w)
            elif w != self.setting.whole(place):
                return None
        return inner if len(places) == len(slots) else None

    def _at(self, array: Value, places: list[Term], scope: Scope) -> Value:
        """The entry at given indices; a row or a column of what is left."""
        slots = tuple(self.whole(i, scope) for i in places)
        if len(slots) > len(array.shape):
            raise Unsupported(f"{len(slots)} indices for {len(array.shape)} axes")
        self.setting.place(slots, array.shape)
        return Value(array.shape[len(slots) :], lambda at: array.entry((*slots, *at)))

    def _array(self, t: Array, scope: Scope) -> Value:
        rows = [[self.scalar(u, scope) for u in row] for row in t.rows]
        height, width = len(rows), len(rows[0])

        def entry(at: Slots) -> Expression:
            i, j = at[0].value, at[1].value if len(at) > 1 else Fraction(1)
            if i is not None and j is not None:
                return rows[int(i) - 1][int(j) - 1]
            column = at[1] if len(at) > 1 else ONE
            return total(
                *(
                    product(Delta(at[0] - Whole.number(r + 1)), Delta(column - Whole.number(c + 1)), rows[r][c])
                    for r in range(height)
                    for c in range(width)
                )
            )

        if width == 1:
            return Value((Whole.number(height),), entry)
        return Value((Whole.number(height), Whole.number(width)), entry)

    # ------------------------------------------------------------------------------------------- sums and conditions
    def bounds(self, t: Binder, scope: Scope) -> tuple[Whole, Whole]:
        """The low and high end of a binder; what is not said is shown by the axes at which the index stands."""
        shown = self._shown(t.body, t.index) if t.high is None else None
        if t.high is not None:
            high = self.whole(t.high, scope)
        elif shown is not None:
            high = shown
        else:
            declared = self.context.sort(t.index.name).bounds
            if declared is None:
                raise Unsupported(f"it is not said what {t.index} runs over")
            return self.setting.whole(declared[0]), self.setting.whole(declared[1])
        return (self.whole(t.low, scope) if t.low is not None else ONE), high

    def _binder(self, t: Binder, scope: Scope) -> Value:
        low, high = self.bounds(t, scope)
        k = self.setting.fresh(high - low + ONE)
        at = Whole.letter(k.name) + low - ONE
        inner = scope.with_index(t.index.name, at)
        guard = None if t.where is None else self.indicator(t.where, inner)
        body = self.value(t.body, inner)
        if isinstance(t, Product):
            return scalar(Factors(k, body.scalar, guard))
        if body.is_scalar:
            return scalar(Total(k, body.scalar, guard, low - ONE))

        def entry(place: Slots) -> Expression:
            return Total(k, body.entry(place), guard, low - ONE)

        return Value(body.shape, entry)

    def indicator(self, c: Term, scope: Scope) -> Expression:
        """1 where a condition on whole numbers holds, else 0."""
        match c:
            case Truth():
                return UNIT
            case Not(u):
                return total(UNIT, negative(self.indicator(u, scope)))
            case And(args):
                return product(*(self.indicator(u, scope) for u in args))
            case Or(args):
                return total(UNIT, negative(product(*(total(UNIT, negative(self.indicator(u, scope))) for u in args))))
            case Relation(op, left, right):
                if any(isinstance(t, (Entry, Layer)) for t in c.postorder()) or not all(self._is_whole(x, scope) for x in c.free):
                    raise Unsupported(f"the condition {c} on numbers")
                gap = self.whole(left, scope) - self.whole(right, scope)
                match op:
                    case "=":
                        return Delta(gap)
                    case "≠":
                        return total(UNIT, negative(Delta(gap)))
                    case "≥":
                        return AtLeast(gap)
                    case ">":
                        return AtLeast(gap - ONE)
                    case "≤":
                        return AtLeast(-gap)
                    case "<":
                        return AtLeast(-gap - ONE)
        raise Unsupported(f"the condition {c}")

    def _is_whole(self, name: str, scope: Scope) -> bool:
        if name in scope.whole or name in self.setting.ranges or name in self.setting.sizes:
            return True
        return name in scope.local or self.context.sort(name).field == "integer" or name not in self.context.sorts

    def _cases(self, t: Cases, scope: Scope) -> Value:
        left: Expression = UNIT
        parts: list[Expression] = []
        for u, c in t.pieces:
            here = self.indicator(c, scope)
            parts.append(product(left, here, self.scalar(u, scope)))
            left = product(left, total(UNIT, negative(here)))
        if not isinstance(t.pieces[-1][1], Truth):
            conditions = [c for _, c in t.pieces]
            if not (len(conditions) == 2 and all(isinstance(c, Relation) for c in conditions) and _complementary(*conditions)):
                raise Unsupported("a case distinction that may leave a case out")
        return scalar(total(*parts))

    # ------------------------------------------------------------------------------------------------------ functions
    def _function(self, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
        definition = self.context.definitions.get(name)
        if definition is not None and definition.parameters:
            return self._applied(definition, args, scope)
        if definition is None and name in _OPERATIONS and self.context.sort(name).arity == 0:
            return self._operation(name, args, scope)
        if name == "partial" and definition is None and len(args) == 2:
            return self._partial(args[0], args[1], scope)
        if name in FUNCTIONS and definition is None:
            return self._row(name, args, scope)
        if definition is None and name in USUAL:
            u = self.value(args[0], scope)
            return self.arrays.mapped(lambda x: self.scalar(formula(USUAL[name]), Scope({"u": scalar(x)}, {}, {})), u)
        return self._unknown(name, args, (), scope)

    def _row(self, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
        if name in ("max", "min") and len(args) == 1 and isinstance(args[0], Lambda):
            return self._largest(name, args[0], scope)
        values = [self.value(u, scope) for u in args]
        if name == "sqrt":
            return self.arrays.mapped(lambda x: Raised(x, Fraction(1, 2)), *values)
        if name == "root" and len(args) == 2 and (q := number_of(args[1])) is not None and q > 0:
            return self.arrays.mapped(lambda x: Raised(x, 1 / q), values[0])
        for v in values:
            if name in NOT_ENTRYWISE and len(v.shape) == 2 and v.shape[0] == v.shape[1] != ONE:
                raise Unsupported(f"{name} of a square matrix, which may be meant entry by entry or of the matrix")
            if name == "abs" and not v.is_scalar:
                raise Unsupported("the absolute value of an array")
        return self.arrays.mapped(lambda *xs: Apply(name, xs), *values)

    def _largest(self, name: str, t: Lambda, scope: Scope) -> Value:
        low, high = self.bounds(t, scope)
        k = self.setting.fresh(high - low + ONE)
        body = self.scalar(t.body, scope.with_index(t.index.name, Whole.letter(k.name) + low - ONE))
        return scalar(Largest(k, body) if name == "max" else negative(Largest(k, negative(body))))

    def _applied(self, definition: Definition, args: tuple[Term, ...], scope: Scope) -> Value:
        """f(u): the body with the values of the arguments; entry by entry where the parameter is a number."""
        if len(args) != len(definition.parameters):
            raise Unsupported(f"{definition.name} with {len(args)} arguments")
        values = [self.value(u, scope) for u in args]
        body = definition.body

        def opened(given: list[Value]) -> Value:
            inner = scope.outside.with_local(dict(zip(definition.parameters, given, strict=True)))
            return self._members(definition.name, body, inner)

        wanted = [len(self.context.sort(p).shape) for p in definition.parameters]
        uses = {t.family.name for t in body.postorder() if isinstance(t, Entry) and isinstance(t.family, Sym)}
        whole = [w > 0 or p in uses for w, p in zip(wanted, definition.parameters, strict=True)]
        if any(not v.is_scalar and not w for v, w in zip(values, whole, strict=True)):
            if any(whole):
                raise Unsupported(f"{definition.name} of arrays and numbers")
            return self.arrays.mapped(lambda *xs: opened([scalar(x) for x in xs]).scalar, *values)
        return opened(values)

    def _members(self, name: str, body: Term, scope: Scope) -> Value:
        names: list[str] = []
        shape: list[Whole] = []
        while isinstance(body, Lambda):
            high = self.bounds(body, scope)[1] if body.high is not None else self._shown(body.body, body.index)
            shape.append(high if high is not None else self.setting.extent(name, len(names)))
            names.append(body.index.name)
            body = body.body
        if not names:
            return self.value(body, scope)

        def entry(at: Slots) -> Expression:
            inner = scope
            for n, w in zip(names, at, strict=True):
                inner = inner.with_index(n, w)
            return self.scalar(body, inner)

        return Value(tuple(shape), entry)

    def _unknown(self, name: str, args: tuple[Term, ...], by: tuple[int, ...], scope: Scope) -> Value:
        """A function of which nothing is known; of a number entry by entry, unless it was given a shape of its own."""
        values = [self.value(u, scope) for u in args]
        sort = self.context.sort(name)
        if sort.shape:
            raise Unsupported(f"{name}, an unknown function with values in a space")
        orders = tuple((k, ()) for k, n in enumerate(by) for _ in range(n))
        declared = name in self.context.definitions
        if len(values) == 1 and not values[0].is_scalar and not declared:
            return self.arrays.mapped(lambda x: Call(name, (Argument((), x),), orders), values[0])
        if not values:
            raise Unsupported(f"{name} without arguments")
        arguments = []
        for v in values:
            indices = tuple(self.setting.fresh(n) for n in v.shape)
            arguments.append(Argument(indices, v.entry(tuple(Whole.letter(i.name) for i in indices))))
        call = Call(name, tuple(arguments), orders)
        return scalar(call)

    def _prime(self, name: str, orders: tuple[int, ...], args: tuple[Term, ...], scope: Scope) -> Value:
        definition = self.context.definitions.get(name)
        if definition is None or not definition.parameters:
            if name in USUAL and definition is None:
                definition = Definition(name, ("u",), formula(USUAL[name]))
            elif name in FUNCTIONS and definition is None:
                definition = Definition(name, ("u",), Fn(name, Sym("u")))
            else:
                return self._unknown(name, args, orders, scope)
        values = [self.value(u, scope) for u in args]
        chosen = definition

        def taken(*xs: Expression) -> Expression:
            local, families = {}, []
            for p, x in zip(chosen.parameters, xs, strict=True):
                family = Family(f"{p}~", point=lambda _, x=x: x)  # type: ignore[misc]
                families.append(family)
                local[p] = scalar(Cell(family, ()))
            out = self.scalar(chosen.body, scope.outside.with_local(local))
            for n, family in zip(orders, families, strict=True):
                for _ in range(n):
                    out = Slope(out, family, ())
            return out

        return self.arrays.mapped(taken, *values)

    def _operation(self, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
        a = self.arrays
        if name == "delta":
            if len(args) != 2:
                raise Unsupported("delta of other than two indices")
            return scalar(Delta(self.whole(args[0], scope) - self.whole(args[1], scope)))
        if name in ("identity", "ones"):
            return self._constant(name, args, scope)
        values = [self.value(u, scope) for u in args]
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
            case "inner":
                return a.inner(first, values[1])
            case "softmax":
                return a.softmax(first)
        raise Unsupported(f"{name} at symbolic size")

    def _constant(self, name: str, args: tuple[Term, ...], scope: Scope) -> Value:
        if name == "identity":
            if not args:
                return Value((), lambda at: UNIT, unit=True)
            if len(args) != 1:
                raise Unsupported("an identity matrix of more than one size")
            return self.arrays.identity(self.whole(args[0], scope))
        if not args or len(args) > 2:
            raise Unsupported("ones whose number is not said")
        return self.arrays.ones(*(self.whole(u, scope) for u in args))

    # ---------------------------------------------------------------------------------------------------- derivatives
    def _derivative(self, t: Derivative, scope: Scope) -> Value:
        name = t.var.name
        point = self.value(t.at_point, scope)
        family = self._variable(name, point, t.at_point == t.var, scope)
        variable = Value(point.shape, lambda at: Cell(family, at))
        if not self._depends(t.body, name):
            raise Unsupported(f"it is not said how {t.body} depends on {name}")
        body = self.value(t.body, self._closing(scope, name, variable))
        slots = tuple(self.whole(i, scope) for i in t.indices)
        if point.shape:
            self.setting.place(slots, point.shape)
            if slots and len(slots) < len(point.shape):
                return self._partial_gradient(t, body, family, point.shape, slots)
        out = body
        for _ in range(t.order):
            out = self._gradient(out, family, point.shape, slots if t.indices else None)
        return out

    def _partial_gradient(self, t: Derivative, body: Value, family: Family, shape: Slots, slots: Slots) -> Value:
        """The gradient of a number by a member of a family of vectors or matrices."""
        if t.order != 1 or not body.is_scalar:
            raise Unsupported(f"this derivative by a member of {t.var}")
        u = body.scalar
        out = Value(shape[len(slots) :], lambda at: Slope(u, family, (*slots, *at)))
        return self.arrays.transpose(out) if self.setting.numerator else out

    def _depends(self, body: Term, name: str) -> bool:
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
                if x in self.context.definitions:
                    todo.append(self.context.definitions[x].body)
                todo += [right for _, right in self.setting.rules.get(x, ())]
        return False

    def _partial(self, body: Term, target: Term, scope: Scope) -> Value:
        """∂y/∂x^⊤, which is numerator layout; and the derivative by an entry of a family that nothing declares."""
        match target:
            case Fn("transpose", (Sym() as x,)):
                before, self.setting.numerator = self.setting.numerator, True
                try:
                    return self.value(Derivative(body, x), scope)
                finally:
                    self.setting.numerator = before
            case Entry() | Layer() if (name := family_name(target)) is not None and name not in self.context.definitions:
                if self.context.sort(name).shape or name in scope.local or name in scope.closed or name in self.setting.rules:
                    raise Unsupported(f"the derivative by {target}")
                if not self._depends(body, name):
                    raise Unsupported(f"it is not said how {body} depends on {name}")
                slots = tuple(self.whole(i, scope) for i in slots_of(target))
                family, inner = self.setting.family(name), self.value(body, scope)
                return Value(inner.shape, lambda at: Slope(inner.entry(at), family, slots))
        raise Unsupported(f"the derivative by {target}")

    def _closing(self, scope: Scope, name: str, variable: Value) -> Scope:
        local = {n: v for n, v in scope.local.items() if n != name}
        return replace(scope, local=local, closed={**scope.closed, name: variable})

    def _variable(self, name: str, point: Value, itself: bool, scope: Scope) -> Family:
        """The family that a derivative is taken by: the letter's own, or one that stands for a defined name or a point."""
        free = itself and name not in self.context.definitions and name not in scope.local and name not in scope.closed
        if free:
            family = self.setting.family(name)
            if family.symmetric or family.total is not None:
                raise Unsupported(f"the derivative by {name}, whose entries depend on each other")
            return family
        return Family(f"{name}~{self.setting.fresh(ONE).name}", point=lambda at: point.entry(at))

    def _gradient(self, body: Value, family: Family, shape: Slots, slots: Slots | None) -> Value:
        def slope(u: Expression, at: Slots) -> Expression:
            return Slope(u, family, at)

        if slots is not None or not shape:
            at = slots or ()
            return Value(body.shape, lambda place: slope(body.entry(place), at))
        if body.is_scalar:
            u = body.scalar
            out = Value(shape, lambda at: slope(u, at))
            return self.arrays.transpose(out) if self.setting.numerator else out
        if len(shape) == 1 or ONE in shape:
            return self._jacobian(body, family, shape)
        raise Unsupported("the derivative of an array by a matrix")

    def _jacobian(self, body: Value, family: Family, shape: Slots) -> Value:
        """Of a vector by a vector: denominator layout has ∂y_j/∂x_i in row i, numerator layout ∂y_i/∂x_j."""
        if len(body.shape) == 2 and ONE not in body.shape:
            raise Unsupported("the derivative of a matrix by a vector")

        def along(own: Slots, k: Whole) -> Slots:
            return (k,) if len(own) == 1 else (k, ONE) if own[1] == ONE else (ONE, k)

        def length(own: Slots) -> Whole:
            return own[0] if len(own) == 1 or own[1] == ONE else own[1]

        def entry(at: Slots) -> Expression:
            i, j = (at[0], at[1]) if self.setting.numerator else (at[1], at[0])
            return Slope(body.entry(along(body.shape, i)), family, along(shape, j))

        sizes = (length(body.shape), length(shape))
        return Value(sizes if self.setting.numerator else sizes[::-1], entry)


_OPERATIONS: Final = frozenset(
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


def _complementary(a: Term, b: Term) -> bool:
    """Whether one relation is the negation of the other."""
    if not (isinstance(a, Relation) and isinstance(b, Relation)):
        return False
    return Relation.NEGATED[a.op] == b.op and {a.left, a.right} == {b.left, b.right}
