"""Calls of plain maths that are no plain functions: sums, derivatives, case distinctions, and spellings of numerical libraries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from symderiv.read.binders import KINDS, binding, derivative_by
from symderiv.read.names import canonical
from symderiv.read.parser import ANYTHING, OR, Parser
from symderiv.read.tokens import Token
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    TWO,
    Add,
    Cases,
    Derivative,
    Div,
    Expectation,
    Fn,
    Indicator,
    Lambda,
    Layer,
    Neg,
    Num,
    Pow,
    Sym,
    Term,
    Truth,
)
from symderiv.terms.term import Binder


@dataclass(frozen=True, slots=True)
class Call:
    """A call with a grammar of its own: how it is read, once its name has been, and how it is written."""

    read: Callable[[Parser, Token], Term]
    example: str


def applied(parser: Parser, first: Token, name: str, arguments: list[Term]) -> Term:
    """A function of the table or of the Context with its arguments; ReadError if their number does not fit."""
    span = parser.since(first.start)
    if name == "log" and len(arguments) == 2:
        return Div.make(None, (Fn.make("log", (arguments[0],), span), Fn("log", arguments[1])), span)
    row = FUNCTIONS.get(name)
    declared = parser.names.context.is_function(name)
    arity = parser.names.context.sort(name).arity if declared else row.arity if row else None
    if arity is not None and arity != len(arguments) and not (declared and len(arguments) == 1):
        expected = "one argument" if arity == 1 else f"{arity} arguments"
        raise parser.error(f"{name} takes {expected}, not {len(arguments)}", span)
    return Fn.make(name, tuple(arguments), span)


def index_ahead(parser: Parser) -> str | None:
    """The name after the first comma of the call whose bracket comes next: its body is read knowing that this is bound."""
    depth, ahead = 0, 1
    while (t := parser.peek(ahead)).kind != "end":
        if t.kind == "open":
            depth += 1
        elif t.kind == "close":
            depth -= 1
            if depth < 0:
                return None
        elif t.text == "," and depth == 0:
            follows = parser.peek(ahead + 1)
            return canonical(follows.text) if follows.kind == "name" else None
        ahead += 1
    return None


def _bounded(kind: str) -> Callable[[Parser, Token], Term]:
    def read(parser: Parser, first: Token) -> Term:
        opened = parser.token
        index = index_ahead(parser)
        parser.advance()
        with binding(parser, *((index,) if index and kind not in ("integral", "limit") else ())):
            body = parser.expression(ANYTHING)
        if index is None:
            raise parser.error(f"{first.text} needs its index", parser.since(first.start), f"write {CALLS[first.text].example}")
        parser.advance()
        parser.advance()
        places: dict[str, Term] = {}
        while parser.is_operator(","):
            parser.advance()
            if parser.token.kind == "command" and parser.token.text == "where":
                parser.advance()
                with binding(parser, index):
                    places["where"] = parser.expression(ANYTHING)
            elif parser.token.text == "high" and parser.peek().text == "=":
                parser.advance()
                parser.advance()
                places["high"] = parser.expression(ANYTHING)
            elif len(places) < 2 and "where" not in places:
                places["high" if "low" in places else "low"] = parser.expression(ANYTHING)
            else:
                raise parser.unexpected(f"write {CALLS[first.text].example}")
        parser.expect(")", opened)
        roles = tuple(role for role in ("low", "high", "where") if role in places)
        return _BINDERS[kind].make((index, roles), (body, *(places[r] for r in roles)), parser.since(first.start))

    return read


_BINDERS: Final[dict[str, type[Binder]]] = {**KINDS, "expectation": Expectation, "function": Lambda}


def _diff(parser: Parser, first: Token) -> Term:
    opened = parser.advance()
    arguments = parser.arguments(opened)
    match arguments:
        case [body, variable]:
            return derivative_by(parser, body, variable, 1, first)
        case [body, variable, Num(order)] if order >= 1:
            return derivative_by(parser, body, variable, order, first)
    raise parser.error(
        "diff takes a term, a letter, and perhaps an order", parser.since(first.start), f"write {CALLS['diff'].example}"
    )


def _at(parser: Parser, first: Token) -> Term:
    opened = parser.advance()
    arguments = parser.arguments(opened)
    match arguments:
        case [Derivative() as derivative, Sym(name), point] if name == derivative.var.name:
            return Derivative.make(derivative.data, (derivative.body, point, *derivative.indices), parser.since(first.start))
    raise parser.error(
        "`at` takes a derivative, its letter, and a point", parser.since(first.start), f"write {CALLS['at'].example}"
    )


def _cases(parser: Parser, first: Token) -> Term:
    opened = parser.advance()
    pieces: list[Term] = []
    while True:
        value = parser.expression(OR)
        word = parser.token
        if word.kind == "command" and word.text == "if":
            parser.advance()
            pieces += (value, parser.expression(OR))
        elif word.kind == "command" and word.text == "otherwise":
            parser.advance()
            pieces += (value, Truth.make(None, (), parser.span(word)))
        else:
            raise parser.error("this case has no condition", parser.since(first.start), f"write {CALLS['cases'].example}")
        if not parser.is_operator(","):
            break
        parser.advance()
    parser.expect(")", opened)
    return Cases.make(None, tuple(pieces), parser.since(first.start))


def _layer(parser: Parser, first: Token) -> Term:
    return _exactly(parser, first, 2, lambda a, b: Layer(a, b))


def _exactly(parser: Parser, first: Token, count: int, build: Callable[..., Term]) -> Term:
    opened = parser.advance()
    arguments = parser.arguments(opened)
    if len(arguments) != count:
        expected = "one argument" if count == 1 else f"{count} arguments"
        hint = f"write {CALLS[first.text].example}"
        raise parser.error(f"{first.text} takes {expected}, not {len(arguments)}", parser.since(first.start), hint)
    return build(*arguments).at(parser.since(first.start))


def _formula(count: int, build: Callable[..., Term], example: str) -> Call:
    return Call(lambda parser, first: _exactly(parser, first, count, build), example)


CALLS: Final[dict[str, Call]] = {
    "sum": Call(_bounded("sum"), "sum(z[k], k, 1, n)"),
    "prod": Call(_bounded("prod"), "prod(z[k], k, 1, n)"),
    "descending_prod": Call(_bounded("descending_prod"), "descending_prod(W[k], k, 1, n)"),
    "product": Call(_bounded("prod"), "product(z[k], k, 1, n)"),
    "integral": Call(_bounded("integral"), "integral(exp(-t^2), t, 0, x)"),
    "integrate": Call(_bounded("integral"), "integrate(exp(-t^2), t, 0, x)"),
    "limit": Call(_bounded("limit"), "limit(sin(x)/x, x, 0)"),
    "lim": Call(_bounded("limit"), "lim(sin(x)/x, x, 0)"),
    "expectation": Call(_bounded("expectation"), "expectation(x^2, x)"),
    "function": Call(_bounded("function"), "function(x^2, x)"),
    "diff": Call(_diff, "diff(x^3, x, 2)"),
    "at": Call(_at, "at(d/dx (x^2), x, y + 1)"),
    "cases": Call(_cases, "cases(x if x > 0, 0 otherwise)"),
    "layer": Call(_layer, "layer(z, l)"),
    "indicator": _formula(1, Indicator, "indicator(x > 0)"),
    "where": _formula(3, lambda c, a, b: Cases((a, c), (b, Truth())), "where(x > 0, x, 0)"),
    "cbrt": _formula(1, lambda u: Fn("root", u, Num(3)), "cbrt(x)"),
    "log2": _formula(1, lambda u: Div(Fn("log", u), Fn("log", TWO)), "log2(x)"),
    "log10": _formula(1, lambda u: Div(Fn("log", u), Fn("log", Num(10))), "log10(x)"),
    "log1p": _formula(1, lambda u: Fn("log", Add(ONE, u)), "log1p(x)"),
    "expm1": _formula(1, lambda u: Add(Fn("exp", u), Neg(ONE)), "expm1(x)"),
    "square": _formula(1, lambda u: Pow(u, TWO), "square(x)"),
    "pow": _formula(2, Pow, "pow(x, 3)"),
    "power": _formula(2, Pow, "power(x, 3)"),
}
"""Calls that plain maths reads with a grammar or a formula of their own, each with an example."""
