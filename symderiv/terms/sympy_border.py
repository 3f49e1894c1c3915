"""The border to SymPy: `to_sympy(term, context)` and `from_sympy(expr)`; SymPy is imported when one of them is called.

Going out, nothing is evaluated: SymPy's own `.doit()` or `simplify` do that when its user asks. What has no SymPy counterpart
(expectations, layers, the softmax of a whole matrix) is an error that says so. Coming in, the arguments keep the order that SymPy holds
them in, quotients are gathered from negative powers, and letters are taken to be real; `context_of` gives what SymPy assumes of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal as Exact
from fractions import Fraction
from math import gcd
from operator import attrgetter
from typing import Any, Final

from symderiv.errors import SymderivError, UnknownName
from symderiv.terms.build import number
from symderiv.terms.context import Context
from symderiv.terms.functions import FUNCTIONS
from symderiv.terms.sorts import INTEGER, Shape
from symderiv.terms.sympy_arrays import array_to_sympy, used_whole
from symderiv.terms.term import (
    ONE,
    ZERO,
    Add,
    And,
    Array,
    Binder,
    Cases,
    Const,
    Decimal,
    Derivative,
    Div,
    Entry,
    Fn,
    Indicator,
    Integral,
    Lambda,
    Limit,
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
)

Expr = Any
"""A SymPy expression."""

_RELATIONS: Final = {"=": "Eq", "≠": "Ne", "<": "Lt", "≤": "Le", ">": "Gt", "≥": "Ge"}


# ---------------------------------------------------------------------------------------------------------- outwards
def to_sympy(term: Term, context: Context | None = None) -> Expr:
    """The term as a SymPy expression, unevaluated; letters carry what the context declares and assumes of their sign.

    Raises SymderivError for what SymPy has no counterpart for.

    >>> from symderiv.terms import Div, Sym
    >>> to_sympy(Div(Sym("x"), Sym("x")))
    x/x
    """
    out = _Outwards(context or Context(), used_whole(term))
    done: dict[Term, Expr] = {}
    for t in term.bare.postorder():
        done[t] = out.convert(t, [done[c] for c in t.children])
    return done[term.bare]


class _Outwards:
    def __init__(self, context: Context, whole: frozenset[str]) -> None:
        import sympy

        self.sympy = sympy
        self.context = context
        self.whole = whole
        self.symbols: dict[str, Expr] = {}

    def symbol(self, name: str) -> Expr:
        if name not in self.symbols:
            sizes = self.context.sort(name).shape if name in self.whole else ()
            self.symbols[name] = self.array(name, sizes) if sizes else self.sympy.Symbol(name, **_assumed(name, self.context))
        return self.symbols[name]

    def array(self, name: str, sizes: Shape) -> Expr:
        """A vector is a matrix of one column."""
        if len(sizes) > 2:
            raise SymderivError(f"SymPy has no counterpart of {name}, which has {len(sizes)} axes", hint="write out its entries")
        return self.sympy.MatrixSymbol(name, *(to_sympy(n, self.context) for n in (*sizes, ONE)[:2]))

    def convert(self, t: Term, parts: list[Expr]) -> Expr:
        s = self.sympy
        found = array_to_sympy(t, parts, s)
        if found is not None:
            return found
        match t:
            case Num(n):
                return s.Integer(n)
            case Decimal():
                return s.Rational(t.value.numerator, t.value.denominator)
            case Const(name):
                return {"pi": s.pi, "e": s.E, "oo": s.oo}[name]
            case Sym(name):
                return self.symbol(name)
            case Add():
                return s.Add(*parts, evaluate=False)
            case Mul():
                return s.Mul(*parts, evaluate=False)
            case Neg():
                return s.Mul(s.Integer(-1), parts[0], evaluate=False)
            case Div(Num(p), Num(q)) if q > 1 and gcd(p, q) == 1:
                return s.Rational(p, q)
            case Div():
                return s.Mul(parts[0], s.Pow(parts[1], s.Integer(-1), evaluate=False), evaluate=False)
            case Pow():
                return s.Pow(*parts, evaluate=False)
            case Fn() | Prime():
                return self.function(t, parts)
            case Entry():
                return self.entry(t, parts)
            case Array():
                return s.ImmutableMatrix([parts[k : k + t.data] for k in range(0, len(parts), t.data)])
            case Derivative() if not t.indices:
                variable = self.symbol(t.var.name)
                derivative = s.Derivative(parts[0], (variable, t.order))
                return derivative if t.at_point == t.var else s.Subs(derivative, variable, parts[1])
            case Binder():
                return self.binder(t, parts)
            case Relation(op):
                return getattr(s, _RELATIONS[op])(*parts, evaluate=False)
            case And() | Or():
                return getattr(s, type(t).__name__)(*parts, evaluate=False)
            case Not():
                return s.Not(parts[0], evaluate=False)
            case Truth():
                return s.true
            case Cases():
                return s.Piecewise(*zip(parts[::2], parts[1::2], strict=True), evaluate=False)
            case Indicator():
                return s.Piecewise((s.Integer(1), parts[0]), (s.Integer(0), s.true), evaluate=False)
        raise _no_counterpart(t)

    def function(self, t: Fn | Prime, parts: list[Expr]) -> Expr:
        s = self.sympy
        row = FUNCTIONS.get(t.name)
        if isinstance(t, Prime):
            if row is not None or len(t.orders) != 1:
                raise _no_counterpart(t)
            dummy = s.Dummy("u")
            return s.Subs(s.Derivative(s.Function(t.name)(dummy), (dummy, t.orders[0])), dummy, parts[0])
        if row is None:
            return s.Function(t.name)(*parts)
        match t.name:
            case "sqrt":
                return s.Pow(parts[0], s.Rational(1, 2), evaluate=False)
            case "root":
                return s.Pow(parts[0], s.Pow(parts[1], s.Integer(-1)), evaluate=False)
            case "heaviside":
                return s.Heaviside(parts[0], s.nan)
        return getattr(s, row.sympy)(*parts, evaluate=False)

    def entry(self, t: Entry, parts: list[Expr]) -> Expr:
        if not isinstance(t.family, Sym):
            raise _no_counterpart(t)
        return self.sympy.IndexedBase(t.family.name)[tuple(parts[1:])]

    def binder(self, t: Binder, parts: list[Expr]) -> Expr:
        s, variable, roles = self.sympy, self.symbol(t.index.name), t.data[1]
        match t, roles:
            case Lambda(), ():
                return s.Lambda(variable, parts[0])
            case Integral(), ():
                return s.Integral(parts[0], variable)
            case Limit(), ("low",):
                return s.Limit(parts[0], variable, parts[1])
            case ((Sum() | Product() | Integral()), ("low", "high")):
                return getattr(s, type(t).__name__)(parts[0], (variable, *parts[1:]))
            case Sum(), ("low", "high", "where"):
                return s.Sum(s.Piecewise((parts[0], parts[3]), (0, True)), (variable, *parts[1:3]))
        raise _no_counterpart(t)


def _no_counterpart(t: Term) -> SymderivError:
    what = type(t).__name__.lower()
    return SymderivError(f"SymPy has no counterpart of this {what}: {t}", t.span, "write it out with scalars or entries first")


def _assumed(name: str, context: Context) -> dict[str, bool]:
    """What SymPy is told of a letter: its field, and the sign that the assumptions state outright."""
    sort = context.sort(name)
    found = {"integer" if sort.field == "integer" or context.is_size(name) else "real": True}
    signs = {">": "positive", "<": "negative", "≥": "nonnegative", "≤": "nonpositive", "≠": "nonzero"}
    for a in context.assumptions:
        match a:
            case Relation(op, Sym(letter), Num(0)) if letter == name and op in signs:
                found[signs[op]] = True
    return found


# ----------------------------------------------------------------------------------------------------------- inwards
def from_sympy(expr: Expr) -> Term:
    """The SymPy expression as a term; every number exact, a Float as the decimal that it prints.

    Raises UnknownName for a function that is not in the table, SymderivError for what no term stands for (complex numbers, matrices
    of letters).

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> print(from_sympy(1/(1 + sympy.exp(-x))))
    1/(1 + exp(-x))
    >>> print(from_sympy(sympy.Piecewise((x, x > 0), (0, True))))
    cases(x if x > 0, 0 otherwise)
    """
    import sympy

    expr = sympy.sympify(expr)
    done: dict[Expr, Any] = {}
    stack = [expr]
    while stack:
        e = stack[-1]
        if e in done:
            stack.pop()
            continue
        parts = _parts(e)
        missing = [p for p in parts if p not in done]
        if missing:
            stack += missing
            continue
        done[e] = _inwards(e, [done[p] for p in parts], sympy)
        stack.pop()
    found = done[expr]
    if not isinstance(found, Term):
        raise _no_term(expr)
    return found


def context_of(expr: Expr) -> Context:
    """What SymPy assumes of the letters of an expression: integers, and signs."""
    signs = (("positive", ">"), ("negative", "<"), ("nonnegative", "≥"), ("nonpositive", "≤"), ("nonzero", "≠"))
    context = Context()
    for symbol in sorted(expr.free_symbols, key=str):
        name = _letter(str(symbol))
        if symbol.is_integer:
            context = context.declare(name, INTEGER)
        known = next((op for sign, op in signs if getattr(symbol, f"is_{sign}")), None)
        if known is not None:
            context = context.assume(Relation(known, Sym(name), ZERO))
    return context


def _parts(e: Expr) -> Sequence[Expr]:
    """What has to be read before an expression is."""
    if e.is_Symbol or e.is_Number or type(e).__name__ == "MatrixSymbol":
        return ()
    args: Sequence[Expr] = e.args
    return args[:1] if _is_step_function(e) and str(args[1]) == "nan" else args


def _is_step_function(e: Expr) -> bool:
    return type(e).__name__ == "Heaviside"


def _letter(name: str) -> str:
    """The letter of a SymPy symbol: x1 is x_1."""
    numbered = re.fullmatch(r"([A-Za-z]+)(\d+)", name)
    return f"{numbered[1]}_{numbered[2]}" if numbered else name


def _no_term(e: Expr) -> SymderivError:
    return SymderivError(
        f"no term stands for SymPy's {type(e).__name__}: {e}", hint="scalars, entries, sums, derivatives and cases can be read"
    )


def _inwards(e: Expr, parts: list[Any], sympy: Any) -> Any:
    constants = {sympy.pi: Const("pi"), sympy.E: Const("e"), sympy.oo: Const("oo"), -sympy.oo: Neg(Const("oo"))}
    if e in constants:
        return constants[e]
    if e.is_Float:
        return _decimal(str(e))
    if e.is_Rational:
        return number(Fraction(int(e.p), int(e.q)))
    for kind, convert in _INWARDS.items():
        if isinstance(e, attrgetter(kind)(sympy)):
            return convert(e, parts)
    if isinstance(e, sympy.core.function.AppliedUndef):
        return Fn(_letter(e.func.__name__), *parts)
    if isinstance(e, sympy.core.function.Application):
        name = _BY_SYMPY.get(type(e).__name__)
        if name is None:
            raise UnknownName.among("function", type(e).__name__, sorted(_BY_SYMPY))
        return Fn(name, *parts)
    raise _no_term(e)


_BY_SYMPY: Final = {row.sympy: row.name for row in FUNCTIONS.values()}


def _decimal(text: str) -> Term:
    plain = format(Exact(text).normalize(), "f")
    size: Term = Decimal(plain.removeprefix("-")) if "." in plain else Num(abs(int(plain)))
    return Neg(size) if plain.startswith("-") else size


def _product(e: Expr, parts: list[Term]) -> Term:
    """Factors over factors: those with negative exponents and the denominator of the coefficient stand below."""
    above: list[Term] = []
    below: list[Term] = []
    negative = False
    for place, (factor, part) in enumerate(zip(e.args, parts, strict=True)):
        if place == 0 and factor.is_Rational:
            negative = bool(factor < 0)
            above += [Num(abs(int(factor.p)))] if abs(factor.p) != 1 or factor == 1 else []
            below += [Num(int(factor.q))] if factor.q != 1 else []
        elif factor.is_Pow and factor.exp.is_Rational and factor.exp < 0 and isinstance(part, Div):
            below.append(part.right)
        else:
            above.append(part)
    top = Mul(*above) if len(above) > 1 else above[0] if above else ONE
    quotient = Div(top, Mul(*below) if len(below) > 1 else below[0]) if below else top
    return Neg(quotient) if negative else quotient


def _power(e: Expr, parts: list[Term]) -> Term:
    base, exponent = parts
    if base == Const("e"):
        return Fn("exp", exponent)
    if e.exp.is_Rational and not e.exp.is_Float:
        if e.exp < 0:
            q = -Fraction(int(e.exp.p), int(e.exp.q))
            return Div(ONE, base if q == 1 else Fn("sqrt", base) if q == Fraction(1, 2) else Pow(base, number(q)))
        if e.exp.p == 1 and e.exp.q == 2:
            return Fn("sqrt", base)
    return Pow(base, exponent)


def _derivative(e: Expr, parts: list[Any]) -> Term:
    body, *variables = parts
    for var, order in reversed(variables):
        if not isinstance(var, Sym):
            raise _no_term(e)
        body = Derivative(body, var, order.value)
    if not isinstance(body, Term):
        raise _no_term(e)
    return body


def _at_point(e: Expr, parts: list[Any]) -> Term:
    body, variables, points = parts
    if len(variables) != 1:
        raise _no_term(e)
    match body, variables[0]:
        case Derivative(Fn(name, (Sym(argument),)), Sym(letter), order), _ if argument == letter == variables[0].name:
            if name not in FUNCTIONS:
                return Prime(name, (order,), points[0])
    if isinstance(body, Derivative) and body.var == variables[0] == body.at_point and not body.indices:
        return Derivative(body.body, body.var, body.order, points[0])
    raise _no_term(e)


def _over_range(kind: type[Binder]) -> Callable[[Expr, list[Any]], Term]:
    def convert(e: Expr, parts: list[Any]) -> Term:
        body, *ranges = parts
        for limits in ranges:
            if len(limits) not in (1, 3) or (len(limits) == 1 and kind is not Integral):
                raise _no_term(e)
            index, *bounds = limits
            body = kind(body, index, *bounds)
        return body  # type: ignore[no-any-return]

    return convert


def _step_function(_: Expr, parts: list[Term]) -> Term:
    """SymPy's Heaviside has a value at 0, 1/2 unless told otherwise; ours has none, which SymPy calls nan."""
    u, *value = parts
    if not value:
        return Fn("heaviside", u)
    (at_zero,) = value
    return Cases((ZERO, Relation("<", u, ZERO)), (at_zero, Relation("=", u, ZERO)), (ONE, Relation(">", u, ZERO)))


def _limit(e: Expr, parts: list[Any]) -> Term:
    body, index, point, _ = parts
    if str(e.args[3]) != "+-" and e.args[2].is_finite:
        raise SymderivError("a one-sided limit has no term", hint='give the direction "+-" for the limit from both sides')
    return Limit(body, index, point)


def _logarithm(_: Expr, parts: list[Term]) -> Term:
    """log(u), and log to a base as the quotient of logarithms."""
    return Fn("log", parts[0]) if len(parts) == 1 else Div(Fn("log", parts[0]), Fn("log", parts[1]))


def _relation(op: str) -> Callable[[Expr, list[Any]], Term]:
    return lambda _, parts: Relation(op, *parts)


def _matrix(e: Expr, parts: list[Any]) -> Term:
    entries, columns = list(parts[2]), e.cols
    return Array(*(tuple(entries[k : k + columns]) for k in range(0, len(entries), columns)))


_INWARDS: Final[dict[str, Callable[[Expr, list[Any]], Any]]] = {
    "Symbol": lambda e, _: Sym(_letter(e.name)),
    "Add": lambda _, parts: Add(*parts) if len(parts) > 1 else parts[0],
    "Mul": _product,
    "Pow": _power,
    "Piecewise": lambda _, parts: Cases(*parts),
    "Heaviside": _step_function,
    "log": _logarithm,
    "Derivative": _derivative,
    "Subs": _at_point,
    "Sum": _over_range(Sum),
    "Product": _over_range(Product),
    "Integral": _over_range(Integral),
    "Limit": _limit,
    "Lambda": lambda _, parts: Lambda(parts[1], parts[0][0]) if len(parts[0]) == 1 else None,
    "Indexed": lambda _, parts: Entry(*parts),
    "IndexedBase": lambda _, parts: parts[0],
    "KroneckerDelta": lambda _, parts: Fn("delta", *parts[:2]),
    "ImmutableDenseMatrix": _matrix,
    "Eq": _relation("="),
    "Ne": _relation("≠"),
    "Lt": _relation("<"),
    "Le": _relation("≤"),
    "Gt": _relation(">"),
    "Ge": _relation("≥"),
    "And": lambda _, parts: And(*parts),
    "Or": lambda _, parts: Or(*parts),
    "logic.boolalg.BooleanTrue": lambda _, __: Truth(),
    "Not": lambda _, parts: Not(*parts),
    "Tuple": lambda _, parts: tuple(parts),
}
