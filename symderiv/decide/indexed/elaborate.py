"""From terms to index notation: names opened, matrices written by their entries, bound indices given names of their own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from symderiv.decide.indexed import binders, derivatives, functions
from symderiv.decide.indexed.expressions import (
    UNIT,
    Apply,
    Cell,
    Counted,
    Delta,
    Expression,
    Family,
    Number,
    Raised,
    product,
    total,
)
from symderiv.decide.indexed.scope import DEEPEST, NOWHERE, Scope
from symderiv.decide.indexed.setting import BOUND, Setting, axes_of, family_name, slots_of
from symderiv.decide.indexed.values import Arrays, Slots, Value, scalar
from symderiv.decide.indexed.whole import ONE, Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import (
    Add,
    Array,
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
    Num,
    Pow,
    Prime,
    Product,
    Sum,
    Sym,
    Term,
    substitute,
)
from symderiv.terms import value as number_of

ONES: Final = Fn("ones")
LOOSE: Final = (ONES, Fn("transpose", ONES))
"""The vector of ones, whose size is what its neighbours need."""


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
                return self._sum(args, scope)
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
                return binders.binder(self, t, scope)
            case Derivative():
                return derivatives.derivative(self, t, scope)
            case Indicator(c):
                return scalar(binders.indicator(self, c, scope))
            case Cases():
                return binders.cases(self, t, scope)
            case Prime(name, orders, args):
                return functions.prime(self, name, orders, args, scope)
            case Fn(name, args):
                return functions.function(self, name, args, scope)
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
                return functions.applied(self, definition, tuple(Sym(p) for p in definition.parameters), scope.outside)
            if self._itself(definition):
                return functions.unknown(self, name, definition.body.children, (), scope.outside)
            return (
                self.value(definition.body, scope.outside)
                if not isinstance(definition.body, Lambda)
                else self.family(definition, scope)
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
        return Value(self.setting.shape(name), lambda at: self.cell(family, at))

    def cell(self, family: Family, at: Slots) -> Expression:
        """An entry of a family; of a one-hot vector whose place is said, whether it is that place."""
        return Cell(family, at) if family.hot_at is None or len(at) != 1 else Delta(at[0] - family.hot_at)

    def _itself(self, definition: Definition) -> bool:
        """L := L(y) says that L is some function of y."""
        return isinstance(definition.body, Fn) and definition.body.name == definition.name and not definition.parameters

    def family(self, definition: Definition, scope: Scope) -> Value:
        """A family defined by its members, as an array."""
        shape: list[Whole] = []
        names: list[str] = []
        body = definition.body
        while isinstance(body, Lambda):
            high = body.high
            if high is not None and body.low in (None, Num(1)):
                shape.append(self.setting.whole(high))
            elif (w := self.shown(body.body, body.index) or self.shown_undeclared(body.body, body.index)) is not None:
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

    def shown(self, body: Term, index: Sym) -> Whole | None:
        """The range that an index shows by the axes it stands at."""
        for name, axis in axes_of(body, index):
            if name in self.context.sorts and axis < len(self.context.sort(name).shape):
                return self.setting.extent(name, axis)
            definition = self.context.definitions.get(name)
            if definition is not None and isinstance(definition.body, Lambda) and not definition.parameters:
                shape = self.family(definition, NOWHERE).shape
                if axis < len(shape):
                    return shape[axis]
        return None

    def shown_undeclared(self, body: Term, index: Sym) -> Whole | None:
        """The range that an index shows by the axes of families of which nothing is said."""
        axes = ((name, axis) for name, axis in axes_of(body, index) if name not in self.context.definitions)
        return next((self.setting.extent(name, axis) for name, axis in axes), None)

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
        values = [None if u in LOOSE else self.value(u, scope) for u in args]
        known = [self._fitted(values, k, args[k] == ONES) if args[k] in LOOSE else v for k, v in enumerate(values)]
        out: Value | None = None
        for v in known:
            if v is None:
                raise Unsupported("ones whose number is not said")
            out = v if out is None else self.arrays.times(out, v)
        assert out is not None
        return out

    def _fitted(self, values: list[Value | None], k: int, column: bool) -> Value | None:
        """The ones of A 1 and of 1^⊤ A, in the size of A."""
        before = next((v for v in values[:k][::-1] if v is None or v.shape), None)
        after = next((v for v in values[k + 1 :] if v is None or v.shape), None)
        if column and before is not None and before.matrix.shape[1] != ONE:
            return self.arrays.ones(before.matrix.shape[1])
        if not column and after is not None and before is None and after.matrix.shape[0] != ONE:
            return self.arrays.transpose(self.arrays.ones(after.matrix.shape[0]))
        return None

    def _sum(self, args: tuple[Term, ...], scope: Scope) -> Value:
        values = [self.value(u, scope) for u in args if u not in LOOSE and not (isinstance(u, Neg) and u.arg in LOOSE)]
        loose = [u for u in args if u in LOOSE or (isinstance(u, Neg) and u.arg in LOOSE)]
        columns = [v for v in values if len(v.shape) == 1]
        for u in loose:
            if not columns or u not in (ONES, Neg(ONES)):
                raise Unsupported("ones whose number is not said")
            ones = self.arrays.ones(columns[0].shape[0])
            values.append(ones if u == ONES else self.arrays.subtracted(ones))
        return self.arrays.added(values)

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
                return self._ruled(name, slots, scope) or scalar(self.cell(self.setting.family(name), slots))
            if sort.arity and name in self.context.definitions:
                definition = self.context.definitions[name]
                return self.at(
                    functions.applied(self, definition, tuple(Sym(p) for p in definition.parameters), scope.outside), places, scope
                )
        return self.at(self.value(family, scope), places, scope)

    def ruled(self, name: str, slots: Slots, scope: Scope) -> Expression | None:
        """The number that the assumptions say an entry is; None where they say nothing."""
        found = self._ruled(name, slots, scope)
        return None if found is None else found.scalar

    def _ruled(self, name: str, slots: Slots, scope: Scope) -> Value | None:
        fitting = ((self._fitting(places, slots, scope), body) for places, body in self.setting.rules.get(name, ()))
        return next((self.value(body, inner) for inner, body in fitting if inner is not None), None)

    def _fitting(self, places: list[Term], slots: Slots, scope: Scope) -> Scope | None:
        """The scope of a right side y_ij = … at given slots; None if they are not of the written form."""
        inner = scope.outside
        for place, w in zip(places, slots, strict=False):
            if isinstance(place, Sym):
                inner = inner.with_index(place.name, w)
            elif w != self.setting.whole(place):
                return None
        return inner if len(places) == len(slots) else None

    def at(self, array: Value, places: list[Term], scope: Scope) -> Value:
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
