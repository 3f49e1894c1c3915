r"""Derivatives of LaTeX: \frac{\partial^2 f}{\partial x \partial y}, \frac{d}{dx}, \partial_x, \nabla_W; and the fraction that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderiv.read.binders import derivative_by, scope_of_derivative, scope_of_gradient
from symderiv.read.latex_functions import lists_letters
from symderiv.read.parser import ANYTHING, FACTOR
from symderiv.read.scripts import read_scripts
from symderiv.read.tokens import Token
from symderiv.terms import (
    REAL,
    Div,
    Entry,
    Fn,
    Layer,
    Num,
    Pow,
    Sym,
    Term,
)

if TYPE_CHECKING:
    from symderiv.read.latex import LatexParser


def fraction(parser: LatexParser) -> Term:
    r"""\frac{a}{b}, or the derivative that is written as one."""
    t = parser.advance()
    sign = _derivative_sign(parser)
    if sign is not None:
        return _leibniz(parser, t, sign)
    top = parser.argument()
    bottom = parser.argument()
    return parser.scripted(Div.make(None, (top, bottom), parser.since(t.start)), t.start)


def _derivative_sign(parser: LatexParser) -> str | None:
    """`d` or `∂` if the two groups that come next are those of a derivative."""
    first = _sign_at(parser, 1) if parser.token.text == "{" else None
    if first is None:
        if parser.token.text in ("d", "∂") and parser.peek().text == "{":
            first, end = parser.token.text, 0
        else:
            return None
    else:
        end = parser.group_end(0)
    below = parser.peek(end + 1)
    if below.text != "{" or _sign_at(parser, end + 2) != first:
        return None
    follows = parser.peek(end + 3)
    if parser.peek(end + 2).text == "{":
        return first
    if follows.kind in ("name", "open") or (follows.kind == "command" and follows.text.startswith("accent:")):
        return first if follows.text != "}" else None
    return None


def _sign_at(parser: LatexParser, ahead: int) -> str | None:
    t = parser.peek(ahead)
    if t.text == "{" and parser.peek(ahead + 2).text == "}":
        t = parser.peek(ahead + 1)
    if (t.kind == "name" and t.text == "d") or (t.kind == "command" and t.text == "∂"):
        return t.text
    return None


def _skip_sign(parser: LatexParser) -> None:
    if parser.token.text == "{":
        parser.advance()
        parser.advance()
    parser.advance()


def _leibniz(parser: LatexParser, t: Token, sign: str) -> Term:
    r"""\frac{\partial^2 f}{\partial x \partial y}, \frac{d}{dx} …"""
    order, body = 1, None
    if parser.token.text == "{":
        opened = parser.advance()
        _skip_sign(parser)
        if parser.is_operator("^"):
            parser.advance()
            power = parser.argument()
            if not isinstance(power, Num) or power.value < 1:
                raise parser.error(
                    "the order of a derivative is read as a number only", parser.since(t.start), "write the order as a number"
                )
            order = power.value
        if parser.token.text != "}":
            body = parser.expression(ANYTHING)
        parser.expect("}", opened)
    else:
        parser.advance()
    opened = parser.advance()
    variables: list[tuple[Term, int]] = []
    while parser.token.text != "}":
        if _sign_at(parser, 0) != sign:
            raise parser.unexpected(f"every letter of a mixed derivative has its own {sign}")
        _skip_sign(parser)
        variable = parser.expression(FACTOR)
        times = 1
        match variable:
            case Pow(base, Num(n)) if order > 1 and 1 <= n <= order:
                variable, times = base.at(variable.span), n
            case Pow(Sym(name) | Entry(children=(Sym(name), *_)), _) if order == 1 and _takes_labels(parser, name):
                parser.names.labelled.add(name.partition("_")[0])
            case Layer(children=(Sym(name), _)) | Entry(children=(Layer(children=(Sym(name), _)), *_)) if (
                name in parser.names.labels
            ):
                parser.convention(f"the superscripts of {name} are taken as labels, not powers", parser.since(t.start))
        variables.append((variable, times))
    parser.expect("}", opened)
    total = sum(n for _, n in variables)
    if total != order:
        raise parser.error(f"the orders differ: {order} above, {total} below", parser.since(t.start), "write them alike")
    if body is None:
        body = scope_of_derivative(parser, t)
        after = False
    else:
        after = True
        if isinstance(body, Sym) and not parser.names.declared(body.name) and body.name not in {str(v.data) for v, _ in variables}:
            parser.convention(f"{body.name} is taken to depend on what it is differentiated by", parser.since(t.start))
    for variable, n in reversed(variables):
        body = derivative_by(parser, body, variable, n, t)
    if (
        after
        and parser.token.text == "("
        and parser.token.kind == "open"
        and (lists_letters(parser, "") or parser.peek().text.startswith("begin:"))
    ):
        parser.convention("the bracket after the derivative is taken as the point where it is taken", parser.span(parser.token))
        opened = parser.advance()
        body = Fn.make("apply", (body, *parser.arguments(opened)), parser.since(t.start))
    return parser.scripted(body, t.start) if after else body


def _takes_labels(parser: LatexParser, name: str) -> bool:
    """Whether a superscript of a letter may be a label: nothing is said of it, or only that it has entries that are numbers."""
    return not parser.names.declared(name) or parser.names.context.sorts.get(name) == REAL


def partial(parser: LatexParser) -> Term:
    r"""\partial_x f, and \partial f / \partial x in one line."""
    t = parser.advance()
    if parser.is_operator("_"):
        parser.advance()
        variable = parser.argument()
        return derivative_by(parser, scope_of_derivative(parser, t), variable, 1, t)
    body = parser.expression(FACTOR) if not parser.is_operator("/") else None
    if not (parser.is_operator("/") and parser.peek().text == "∂"):
        raise parser.error("this ∂ is no derivative", t, "write \\frac{\\partial f}{\\partial x}")
    parser.advance()
    parser.advance()
    variable = parser.expression(FACTOR)
    return derivative_by(parser, body if body is not None else scope_of_derivative(parser, t), variable, 1, t)


def gradient(parser: LatexParser) -> Term:
    r"""\nabla_W L is the derivative by W, \nabla f(x) that by x; \nabla L is `gradient(L)`, \nabla^2 L `hessian(L)`."""
    t = parser.advance()
    scripts = read_scripts(parser)
    second = scripts.high == [("power", Num(2))]
    if (scripts.high and not second) or scripts.primes:
        raise parser.error("this script of ∇ is not read", parser.since(t.start), "write \\nabla_W L")
    body = scope_of_gradient(parser, t)
    if not scripts.has_low and (by := _argument(parser, body)) is not None:
        return derivative_by(parser, by[0], by[1], 2 if second else 1, t)
    if not scripts.has_low:
        return Fn.make("hessian" if second else "gradient", (body,), parser.since(t.start))
    low = scripts.low
    variable = parser.names.symbol(low, parser.since(t.start)) if low is not None else scripts.low_terms[0]
    return derivative_by(parser, body, variable, 2 if second else 1, t)


def _argument(parser: LatexParser, body: Term) -> tuple[Term, Term] | None:
    """A function of one letter and that letter: f(x), or f where its definition has one parameter."""
    match body.bare:
        case Fn(_, (Sym() as letter,)):
            return body, letter
        case Sym(name) if (definition := parser.names.context.definitions.get(name)) is not None and len(
            definition.parameters
        ) == 1:
            letter = Sym(definition.parameters[0])
            return Fn(name, letter), letter
    return None
