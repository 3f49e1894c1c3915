"""Python cells: the functions and values that they define, as terms. Code is read, never executed.

A function is read if it is one formula: assignments, then `return`, or `if`/`else` with a `return` in each branch. Anything else is
unread, with the reason.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from symderiv.terms import (
    ALIASES,
    FUNCTIONS,
    TWO,
    Add,
    And,
    Cases,
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
    Span,
    Sym,
    Term,
    Truth,
)

DEEPEST: Final = 100
"""How deep an expression of Python may be nested."""

_MODULES: Final = frozenset(("np", "numpy", "math", "torch", "jnp", "sp", "scipy", "tf", "F", "nn"))
_NAMES: Final = {
    "maximum": "max",
    "minimum": "min",
    "power": "power",
    "pow": "power",
    "absolute": "abs",
    "fabs": "abs",
    "arctan": "atan",
    "arcsin": "asin",
    "arccos": "acos",
    "square": "square",
    "where": "where",
}
_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
_MAGIC: Final = re.compile(r"^[ \t]*[%!?].*$|^.*\?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CodeDefinition:
    """`name(parameters) := body`, or why it is not read."""

    name: str
    parameters: tuple[str, ...]
    body: Term | None
    span: Span
    text: str
    reason: str = ""


class _Unread(Exception):
    pass


def definitions(piece: Span) -> Iterator[CodeDefinition]:
    """The functions that a piece of Python defines, in order. Code that is not Python gives nothing."""
    code = _MAGIC.sub(lambda m: "#" + " " * (len(m[0]) - 1) if m[0] else "", piece.text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    lines = _line_starts(code)
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            yield _function(statement, piece, lines, code)


def _line_starts(code: str) -> list[int]:
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _function(f: ast.FunctionDef, piece: Span, lines: list[int], code: str) -> CodeDefinition:
    start = piece.start + lines[f.lineno - 1]
    end_line = code[lines[f.lineno - 1] :].find("\n")
    span = Span(piece.source, start, start + end_line if end_line >= 0 else piece.end)
    parameters = tuple(a.arg for a in f.args.args)
    written = "".join(code.splitlines(keepends=True)[f.lineno - 1 : f.end_lineno])
    try:
        if f.args.vararg or f.args.kwarg or f.args.kwonlyargs or f.decorator_list:
            raise _Unread("its parameters are not plain names")
        body = _body(f.body, dict.fromkeys(parameters), 0)
    except _Unread as reason:
        return CodeDefinition(f.name, parameters, None, span, written, str(reason))
    return CodeDefinition(f.name, parameters, body, span, written)


def _body(statements: list[ast.stmt], known: Mapping[str, Term | None], depth: int) -> Term:
    """The value that a block of statements returns."""
    if depth > DEEPEST:
        raise _Unread("it is nested too deeply")
    names = dict(known)
    for k, s in enumerate(statements):
        match s:
            case ast.Expr(ast.Constant()):
                continue
            case ast.Assign(targets=[ast.Name(name)], value=value):
                names[name] = _Expression(names).of(value, depth)
            case ast.Return(value=ast.expr() as value):
                return _Expression(names).of(value, depth)
            case ast.If(test=test, body=body, orelse=orelse):
                condition = _Expression(names).condition(test, depth)
                rest = orelse or statements[k + 1 :]
                return Cases((_body(body, names, depth + 1), condition), (_body(rest, names, depth + 1), Truth()))
            case _:
                raise _Unread(f"line {s.lineno}: {type(s).__name__.lower()} is not read as a formula")
    raise _Unread("it returns nothing")


class _Expression:
    def __init__(self, names: Mapping[str, Term | None]) -> None:
        self.names = names

    def of(self, e: ast.expr, depth: int) -> Term:
        """The term of an expression; raises _Unread."""
        if depth > DEEPEST:
            raise _Unread("it is nested too deeply")
        match e:
            case ast.Name(name):
                return self.names.get(name) or Sym(name)
            case ast.Constant(bool()):
                raise _Unread("a truth value is no number")
            case ast.Constant(int() as n):
                return Num(n)
            case ast.Constant(float() as x):
                text = repr(x)
                if not re.fullmatch(r"\d+(?:\.\d+)?(?:e-?\d+)?", text):
                    raise _Unread(f"{text} is no number")
                return Num(int(x)) if x == int(x) and "e" not in text else Decimal(text)
            case ast.UnaryOp(ast.USub(), operand):
                return Neg(self.of(operand, depth + 1))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.of(operand, depth + 1)
            case ast.BinOp(left, op, right):
                return self._binary(op, self.of(left, depth + 1), self.of(right, depth + 1))
            case ast.IfExp(test, body, orelse):
                return Cases((self.of(body, depth + 1), self.condition(test, depth + 1)), (self.of(orelse, depth + 1), Truth()))
            case ast.Attribute(ast.Name("np" | "math" | "numpy"), "pi"):
                return Const("pi")
            case ast.Attribute(ast.Name("np" | "math" | "numpy"), "e"):
                return Const("e")
            case ast.Call(func, args, keywords):
                if keywords:
                    raise _Unread(f"the option {keywords[0].arg} is not read")
                return self._call(func, args, depth)
            case ast.Compare():
                raise _Unread("a comparison is used as a number")
            case ast.Subscript():
                raise _Unread("entries of arrays are not read")
        raise _Unread(f"{type(e).__name__.lower()} is not read as a formula")

    def _binary(self, op: ast.operator, a: Term, b: Term) -> Term:
        match op:
            case ast.Add():
                return Add(a, b)
            case ast.Sub():
                return Add(a, Neg(b))
            case ast.Mult():
                return Mul(a, b)
            case ast.Div():
                return Div(a, b)
            case ast.Pow():
                return Pow(a, b)
        raise _Unread(f"the operator {type(op).__name__.lower()} is not read")

    def _call(self, func: ast.expr, args: list[ast.expr], depth: int) -> Term:
        match func:
            case ast.Attribute(ast.Name(module), name) if module in _MODULES:
                pass
            case ast.Attribute(ast.Attribute(ast.Name(module)), name) if module in _MODULES:
                pass
            case ast.Name(name):
                if name not in FUNCTIONS and name not in ALIASES and name not in _NAMES:
                    return Fn(name, *(self.of(a, depth + 1) for a in args))
            case _:
                raise _Unread("a method call is not read")
        name = ALIASES.get(_NAMES.get(name, name), _NAMES.get(name, name))
        if name == "where" and len(args) == 3:
            return Cases((self.of(args[1], depth + 1), self.condition(args[0], depth + 1)), (self.of(args[2], depth + 1), Truth()))
        values = [self.of(a, depth + 1) for a in args]
        if name == "square" and len(values) == 1:
            return Pow(values[0], TWO)
        if name == "power" and len(values) == 2:
            return Pow(values[0], values[1])
        row = FUNCTIONS.get(name)
        if row is None or (row.arity is not None and row.arity != len(values)):
            raise _Unread(f"{ast.unparse(func)} is not read")
        return Fn(name, *values)

    def condition(self, e: ast.expr, depth: int) -> Term:
        """The condition of a test; raises _Unread."""
        if depth > DEEPEST:
            raise _Unread("it is nested too deeply")
        match e:
            case ast.Compare(left, ops, comparators):
                sides = [self.of(s, depth + 1) for s in (left, *comparators)]
                signs = [_COMPARISONS.get(type(o)) for o in ops]
                found = [Relation(s, a, b) for s, a, b in zip(signs, sides, sides[1:], strict=False) if s is not None]
                if len(found) < len(ops):
                    raise _Unread("this comparison is not read")
                return found[0] if len(found) == 1 else And(*found)
            case ast.BoolOp(op, values):
                parts = [self.condition(v, depth + 1) for v in values]
                return And(*parts) if isinstance(op, ast.And) else Or(*parts)
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.condition(operand, depth + 1))
        raise _Unread(f"the test {type(e).__name__.lower()} is not read")
