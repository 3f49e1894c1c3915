"""What an expression of Python stands for. Whatever is not known is Trouble, with the reason; nothing is executed."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from symderiv.check.code.library import is_tiny, number_of
from symderiv.check.code.names import ENTRYWISE, IGNORED, KEYWORDS, NAMES, OPERATIONS
from symderiv.check.code.places import Names, Places, is_module
from symderiv.check.code.values import (
    Items,
    Listing,
    Misfit,
    NeedsArray,
    Trouble,
    Value,
    Whole,
    as_number,
    chosen,
    shifted,
    simpler,
    substituted,
)
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    ZERO,
    Add,
    And,
    Const,
    Decimal,
    Div,
    Fn,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
    exp,
    times,
    value,
)

DEEPEST: Final = 100
"""How deep an expression may be nested."""
MOST_STEPS: Final = 3000
"""Operations on one way through a function."""
_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
_BARE: Final = frozenset(("sum", "max", "min", "float", "list"))


@dataclass(frozen=True, slots=True)
class Closure:
    """A function of the program, with the names that it sees."""

    name: str
    node: ast.FunctionDef | ast.Lambda
    scope: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Unset:
    """A name that has no value here, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """What a loop or a comprehension runs over: the letter, its bounds, and what each target stands for."""

    index: str
    low: Term
    high: Term
    bound: object


class Expressions(Places):
    """The expressions of one program; `known` are functions whose value is written by their name, f(x)."""

    known: Mapping[str, int]
    program: Mapping[str, object]
    arguments_written: str = ""

    def run(self, closure: Closure, args: list[object], named: Mapping[str, object], depth: int) -> object:
        """The value that a function of the program returns."""
        raise NotImplementedError

    def value(self, e: ast.expr, names: Names, depth: int) -> Value:
        """The number or array that an expression stands for."""
        found = number_of(self.of(e, names, depth))
        if isinstance(found, Listing):
            found = self.stacked(found)
        if not isinstance(found, Value):
            raise Trouble(f"{ast.unparse(e)[:40]} is no number and no array")
        return found

    def number(self, e: ast.expr, names: Names, depth: int) -> Value:
        """The same, a truth value as 1 or 0."""
        return as_number(self.value(e, names, depth))

    def of(self, e: ast.expr, names: Names, depth: int) -> object:
        """What an expression stands for. Raises Trouble."""
        depth += 1
        if depth > DEEPEST:
            raise Trouble("it is nested too deeply")
        if self.space.steps > MOST_STEPS:
            raise Trouble("it takes too many steps")
        match e:
            case ast.Name(name):
                return self._name(name, names)
            case ast.Constant():
                return _constant(e.value)
            case ast.UnaryOp(ast.USub(), operand):
                return self.space.joined(Neg, self.number(operand, names, depth))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.value(operand, names, depth)
            case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
                return self.space.joined(lambda c: simpler(Not(c)), self.truth(operand, names, depth), truth=True)
            case ast.BinOp():
                return self._binary(e, names, depth)
            case ast.Compare():
                return self._compared(e, names, depth)
            case ast.BoolOp(op, values):
                parts = [self.truth(v, names, depth) for v in values]
                kind = And if isinstance(op, ast.And) else Or
                return self.space.joined(lambda *cs: simpler(kind(*cs)), *parts, truth=True)
            case ast.IfExp(test, body, orelse):
                c = self.truth(test, names, depth)
                return self.space.joined(chosen, c, self.number(body, names, depth), self.number(orelse, names, depth))
            case ast.Attribute():
                return self._attribute(e, names, depth)
            case ast.Subscript(target, place):
                return self.entry(self.of(target, names, depth), place, names, depth)
            case ast.Tuple(elts):
                return Items(tuple(self.of(x, names, depth) for x in elts))
            case ast.List(elts):
                return Listing(tuple(self.number(x, names, depth) for x in elts))
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(e, names, depth)
            case ast.Call():
                return self._call(e, names, depth)
            case ast.Lambda():
                return Closure("lambda", e, dict(names))
        raise Trouble(f"{type(e).__name__.lower()} is not read as a formula")

    def _name(self, name: str, names: Names) -> object:
        for scope in (names, self.program):
            if name in scope:
                found = scope[name]
                if isinstance(found, Unset):
                    raise Trouble(found.reason)
                return found
        return Value(Sym(name))

    def truth(self, e: ast.expr, names: Names, depth: int) -> Value:
        """A condition. Trouble for a number that is used as one."""
        found = self.value(e, names, depth)
        if not found.truth:
            raise Trouble(f"{ast.unparse(e)[:40]} is used as a condition, and is a number")
        return found

    def _binary(self, e: ast.BinOp, names: Names, depth: int) -> Value:
        if isinstance(e.op, ast.Mult) and isinstance(e.left, ast.List) and len(e.left.elts) == 1:
            content = self.number(e.left.elts[0], names, depth)
            if content.rank:
                raise Trouble("a list whose rows are one and the same list")
            return self.filled(content.body, self.value(e.right, names, depth))
        if isinstance(e.op, ast.MatMult):
            return self.matmul(self.number(e.left, names, depth), self.number(e.right, names, depth))
        a, b = self.value(e.left, names, depth), self.value(e.right, names, depth)
        if a.truth and b.truth and isinstance(e.op, (ast.BitAnd, ast.BitOr)):
            kind = And if isinstance(e.op, ast.BitAnd) else Or
            return self.space.joined(lambda c, d: simpler(kind(c, d)), a, b, truth=True)
        a, b = as_number(a), as_number(b)
        if self.ideal and isinstance(e.op, (ast.Add, ast.Sub)):
            for tiny, other in ((b, a), (a, b)):
                if is_tiny(tiny.body) and not (isinstance(e.op, ast.Sub) and other is b):
                    self.guards.append(f"the constant {tiny.body}")
                    return other
        make: dict[type[ast.operator], Callable[[Term, Term], Term]] = {
            ast.Add: _plus,
            ast.Sub: _minus,
            ast.Mult: _times,
            ast.Div: Div,
            ast.Pow: _power,
        }
        if type(e.op) not in make:
            raise Trouble(f"the operator {type(e.op).__name__.lower()} is not read")
        return self.space.joined(make[type(e.op)], a, b)

    def _compared(self, e: ast.Compare, names: Names, depth: int) -> Value:
        sides = [self.number(s, names, depth) for s in (e.left, *e.comparators)]
        found: list[Value] = []
        for op, a, b in zip(e.ops, sides, sides[1:], strict=False):
            sign = _COMPARISONS.get(type(op))
            if sign is None:
                raise Trouble("this comparison is not read")
            found.append(self.space.joined(lambda x, y, s=sign: simpler(Relation(s, x, y)), a, b, truth=True))
        return found[0] if len(found) == 1 else self.space.joined(lambda *cs: simpler(And(*cs)), *found, truth=True)

    def _attribute(self, e: ast.Attribute, names: Names, depth: int) -> object:
        if is_module(e.value, names) and e.attr in ("pi", "e"):
            return Value(Const(e.attr))
        if is_module(e.value, names) and e.attr == "newaxis":
            return None
        whole = self.value(e.value, names, depth)
        match e.attr:
            case "T":
                return self.transpose(self.array(whole))
            case "shape":
                return Items(tuple(Value(n) for n in self.space.settled(whole).axes), self.may_grow(whole))
            case "size":
                return Value(times(*self.space.settled(self.array(whole)).axes))
            case "ndim":
                return self._axes(whole.rank, self.may_grow(whole))
        raise Trouble(f"the attribute {e.attr} is not read")

    def _axes(self, number: int, names: frozenset[str]) -> Value:
        """How many axes something has; a parameter whose axes are counted is an array."""
        if not number and names:
            raise NeedsArray(names, f"{min(names)} is used as an array")
        return Value(Num(number))

    # -------------------------------------------------------------------------------------------- comprehensions
    def rounds(self, iterable: ast.expr, names: Names, depth: int) -> Round:
        """What `for … in iterable` runs over."""
        match iterable:
            case ast.Call(ast.Name("range"), args, []) if 1 <= len(args) <= 2:
                ends = [self.number(a, names, depth) for a in args]
                if any(v.rank for v in ends):
                    raise Misfit("a range of an array")
                low = ends[0].body if len(ends) == 2 else ZERO
                index = self.space.fresh()
                return Round(index, shifted(low, 1), ends[-1].body, Whole(Sym(index)))
            case ast.Call(ast.Name("enumerate"), [inner], []):
                found = self.rounds(inner, names, depth)
                return Round(found.index, found.low, found.high, Items((Whole(Sym(found.index)), found.bound)))
            case ast.Call(ast.Name("zip"), [first, *others], []) if others:
                found = self.rounds(first, names, depth)
                bound = [found.bound]
                for other in others:
                    more = self.rounds(other, names, depth)
                    self.space.common(found.high, more.high)
                    if not isinstance(more.bound, Value):
                        raise Trouble("this is not read as a loop over entries")
                    bound.append(substituted(more.bound, {more.index: Sym(found.index)}))
                return Round(found.index, found.low, self.space.size(found.high), Items(tuple(bound)))
        whole = self.array(self.of(iterable, names, depth))
        if not whole.rank:
            raise Misfit("a loop over a single number")
        whole = self.space.settled(whole)
        index = self.space.fresh()
        entry = Value(whole.at([Sym(index), *map(Sym, whole.indices[1:])]), whole.axes[1:], whole.indices[1:])
        return Round(index, ONE, whole.axes[0], entry)

    def bind(self, target: ast.expr, bound: object, names: Names) -> None:
        """Give the names of a target their values."""
        match target:
            case ast.Name(name):
                names[name] = bound
            case ast.Tuple(elts) | ast.List(elts) if isinstance(bound, Items) and len(elts) == len(bound.values):
                for t, v in zip(elts, bound.values, strict=True):
                    self.bind(t, v, names)
            case ast.Tuple(elts) if isinstance(bound, Items):
                if bound.of and len(bound.values) < len(elts):
                    raise NeedsArray(bound.of, f"{min(bound.of)} is used as an array")
                raise Misfit(f"{len(elts)} names for {len(bound.values)} values")
            case _:
                raise Trouble(f"{ast.unparse(target)[:40]} is given values in a way that is not read")

    def _comprehension(self, e: ast.ListComp | ast.GeneratorExp, names: Names, depth: int) -> Value:
        inner = dict(names)
        if len(e.generators) > 1 or e.generators[0].ifs:
            raise Trouble("a list that is filtered, or over two loops at once")
        found = self.rounds(e.generators[0].iter, inner, depth)
        self.bind(e.generators[0].target, found.bound, inner)
        element = self.number(e.elt, inner, depth)
        return gathered(element, found)

    def total(self, e: ast.ListComp | ast.GeneratorExp, names: Names, depth: int) -> Value:
        """The sum over a comprehension, of any number of loops and filters."""
        inner = dict(names)
        loops: list[tuple[Round, list[Value]]] = []
        for g in e.generators:
            found = self.rounds(g.iter, inner, depth)
            self.bind(g.target, found.bound, inner)
            loops.append((found, [self.truth(c, inner, depth) for c in g.ifs]))
        element = self.number(e.elt, inner, depth)
        for found, conditions in reversed(loops):
            for c in conditions:
                element = self.space.joined(lambda t, b: chosen(t, b, ZERO), c, element)
            element = Value(Sum(element.body, Sym(found.index), found.low, found.high), element.axes, element.indices)
        return element

    # ------------------------------------------------------------------------------------------------------ calls
    def _call(self, e: ast.Call, names: Names, depth: int) -> object:
        func = e.func
        if any(isinstance(a, ast.Starred) for a in e.args) or any(k.arg is None for k in e.keywords):
            raise Trouble("a call with stars")
        if isinstance(func, ast.Lambda):
            return self.run(Closure("lambda", func, dict(names)), *self._arguments(e, names, depth), depth)
        if isinstance(func, ast.Name):
            return self._named_call(func.id, e, names, depth)
        if not isinstance(func, ast.Attribute):
            raise Trouble(f"the call of {ast.unparse(func)[:40]} is not read")
        if is_module(func.value, names):
            return self._library_call(func.attr, e, names, depth, [])
        return self._library_call(func.attr, e, names, depth, [self.of(func.value, names, depth)])

    def _named_call(self, name: str, e: ast.Call, names: Names, depth: int) -> object:
        found = names.get(name, self.program.get(name))
        if isinstance(found, Closure):
            args, named = self._arguments(e, names, depth)
            if not named and self.known.get(name) == len(args):
                return self._by_name(name, args)
            self.arguments_written = ", ".join(ast.unparse(a) for a in e.args)
            return self.run(found, args, named, depth)
        if isinstance(found, Unset):
            raise Trouble(found.reason)
        if name == "sum" and len(e.args) == 1 and isinstance(e.args[0], (ast.GeneratorExp, ast.ListComp)):
            return self.total(e.args[0], names, depth)
        if name == "len" and len(e.args) == 1:
            measured = self.of(e.args[0], names, depth)
            if isinstance(measured, Items):
                return self._axes(len(measured.values), measured.of)
            whole = self.array(measured)
            if not whole.rank:
                raise Misfit("the length of a single number")
            return Value(self.space.settled(whole).axes[0])
        if (
            name in ("abs", "pow")
            or name in _BARE
            or name in FUNCTIONS
            or ((name in ENTRYWISE or NAMES.get(name)) and name != "sigmoid")
        ):
            return self._library_call(name, e, names, depth, [])
        if name in OPERATIONS and not e.keywords and name in ("softmax", "log_softmax", "logsumexp"):
            return self._library_call(name, e, names, depth, [])
        args, named = self._arguments(e, names, depth)
        if named or not args or hasattr(builtins, name):
            raise Trouble(f"the function {name} is not read")
        return self._by_name(name, args)

    def _by_name(self, name: str, args: list[object]) -> Value:
        values = [as_number(self.array(number_of(a), 0)) for a in args]
        if any(v.rank for v in values) and name not in self.known and not self.is_entrywise(name):
            raise Trouble(f"the function {name} of an array is not in the document")
        return self.space.joined(lambda *bodies: Fn(name, *bodies), *values)

    def is_entrywise(self, name: str) -> bool:
        """Whether a function that the document does not define goes entry by entry."""
        from symderiv.check.judging import catalogue_definition

        return catalogue_definition(name) is not None

    def _arguments(self, e: ast.Call, names: Names, depth: int) -> tuple[list[object], dict[str, object]]:
        named = {k.arg: self.of(k.value, names, depth) for k in e.keywords if k.arg is not None}
        return [self.of(a, names, depth) for a in e.args], named

    def _library_call(self, name: str, e: ast.Call, names: Names, depth: int, before: list[object]) -> object:
        if name == "sum" and len(e.args) == 1 and isinstance(e.args[0], ast.GeneratorExp) and not before:
            return self.total(e.args[0], names, depth)
        args, named = self._arguments(e, names, depth)
        args = before + args
        named = {k: v for k, v in named.items() if k not in IGNORED}
        operation = OPERATIONS.get(name)
        if (
            operation in ("max", "min")
            and len(args) == 2
            and not before
            and name in ("max", "min")
            and isinstance(e.func, ast.Name)
        ):
            return self.entrywise(name, args)
        if operation is not None:
            if operation == "same":
                args, named = args[:1], {}
            clip = operation == "clip"
            named = {KEYWORDS[k] if k in KEYWORDS and (clip or k not in ("min", "max")) else k: v for k, v in named.items()}
            if (keep := named.get("keepdims")) is not None and isinstance(keep, Value) and keep.body == Not(Truth()):
                del named["keepdims"]
            try:
                method: Callable[..., Any] = getattr(self, operation)
                return method(*args, **named)
            except TypeError:
                raise Trouble(f"the options of {name} are not read") from None
        if named:
            raise Trouble(f"the option {next(iter(named))} is not read")
        return self.entrywise(NAMES.get(name, name), args)


# ---------------------------------------------------------------------------------------------------------- parts
def gathered(element: Value, found: Round) -> Value:
    """The array of what every round of a loop gives."""
    if element.mask is not None or element.truth:
        raise Trouble("a list of what is no number")
    body, size = element.body, found.high
    if found.low != ONE:
        k = value(found.low)
        if k is None:
            raise Trouble("a list over a range that begins at a letter")
        body = substituted(element, {found.index: shifted(Sym(found.index), int(k) - 1)}).body
        size = shifted(size, 1 - int(k))
    return Value(body, (size, *element.axes), (found.index, *element.indices))


def _constant(v: object) -> object:
    match v:
        case bool():
            return Value(Truth() if v else Not(Truth()), truth=True)
        case int():
            return Value(Num(v))
        case float():
            text = repr(v)
            if not re.fullmatch(r"\d+(?:\.\d+)?(?:e-?\d+)?", text):
                raise Trouble(f"{text} is no number")
            return Value(Num(int(v)) if v == int(v) and "e" not in text else Decimal(text))
        case None:
            return None
    raise Trouble(f"{v!r} is no number"[:60])


def _plus(a: Term, b: Term) -> Term:
    return b if a == ZERO else a if b == ZERO else Add(a, b)


def _minus(a: Term, b: Term) -> Term:
    return Add(a, Neg(b)) if b != ZERO else a


def _times(a: Term, b: Term) -> Term:
    return ZERO if ZERO in (a, b) else b if a == ONE else a if b == ONE else Mul(a, b)


def _power(a: Term, b: Term) -> Term:
    return exp(b) if a == Const("e") else Pow(a, b)
