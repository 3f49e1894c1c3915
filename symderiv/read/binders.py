"""Derivatives, sums, products, integrals, limits: what they bind and how far they reach. Both languages use these."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from symderiv.read.parser import FACTOR, PRODUCT
from symderiv.terms import (
    And,
    Decimal,
    Derivative,
    DescendingProduct,
    Div,
    Entry,
    Fn,
    Integral,
    Limit,
    Mul,
    Num,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
)
from symderiv.terms.term import Binder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from symderiv.read.parser import Parser
    from symderiv.read.tokens import Token

KINDS: dict[str, type[Binder]] = {
    "sum": Sum,
    "prod": Product,
    "descending_prod": DescendingProduct,
    "integral": Integral,
    "limit": Limit,
}


def derivative_by(parser: Parser, body: Term, variable: Term, order: int, first: Token) -> Term:
    """∂body/∂variable; by what is neither a letter nor an entry of one, `partial(body, variable)`."""
    span = parser.since(first.start)
    match variable:
        case Sym(name):
            return Derivative.make((name, order), (body, variable), span)
        case Entry(children=(Sym(name) as family, *indices)):
            return Derivative.make((name, order), (body, family, *indices), span)
    if order > 1:
        raise parser.error("a higher derivative is only read by a letter", span, "name what is differentiated by: u = …")
    return Fn.make("partial", (body, variable), span)


def scope_of_derivative(parser: Parser, sign: Token) -> Term:
    """What d/dx is taken of: the bracket that follows it with its power, else the product up to the next + or −.

    Where a product follows, both readings occur in practice: (u v)' and u' v. The choice is reported.
    """
    opened = parser.token
    start = opened.start
    if opened.kind == "end":
        raise parser.error("this derivative is taken of nothing", sign, "write what is differentiated, in brackets: d/dx (x^2)")
    minus = opened.kind == "operator" and opened.text == "-"
    first = parser.expression(PRODUCT if minus else FACTOR)
    if not follows_factor(parser):
        return first
    only_first = opened.kind == "open"
    other = "of the whole product" if only_first else "of its first factor only"
    taken = "of the bracket only" if only_first else "of the whole product up to the next sign"
    if parser.choose(f"the derivative is taken {taken}; it may have been meant {other}", sign) != only_first:
        return first
    return rest_of_product(parser, first, start)


def scope_of_gradient(parser: Parser, sign: Token) -> Term:
    """What ∇ is taken of: one factor, after those that are numbers such as 1/2 or 1/n."""
    start = parser.token.start
    if parser.token.kind == "end":
        raise parser.error("this gradient is taken of nothing", sign, "write what is differentiated")
    minus = parser.token.kind == "operator" and parser.token.text == "-"
    factors = [parser.expression(PRODUCT if minus else FACTOR)]
    while _is_coefficient(factors[-1]) and (parser.is_operator("*") or parser.starts_operand()):
        if parser.is_operator("*"):
            parser.advance()
        factors.append(parser.expression(FACTOR))
    first = Mul.make(None, tuple(factors), parser.since(start)) if len(factors) > 1 else factors[0]
    if not follows_factor(parser) or not parser.choose(
        "the gradient is taken of one factor; it may have been meant of the whole", sign
    ):
        return first
    return rest_of_product(parser, first, start)


def _is_coefficient(t: Term) -> bool:
    match t:
        case Num() | Decimal():
            return True
        case Div(Num() | Decimal(), Num() | Decimal() | Sym()):
            return True
    return False


def follows_factor(parser: Parser) -> bool:
    """Whether a product goes on here."""
    return parser.is_operator("*") or parser.is_operator("/") or parser.starts_operand()


def rest_of_product(parser: Parser, first: Term, start: int) -> Term:
    """The product that starts with a factor already read, up to the next sign or division."""
    factors = [first]
    while parser.is_operator("*") or parser.starts_operand():
        if parser.is_operator("*"):
            parser.advance()
        factors.append(parser.expression(FACTOR))
    return Mul.make(None, tuple(factors), parser.since(start)) if len(factors) > 1 else first


@contextmanager
def binding(parser: Parser, *names: str) -> Iterator[None]:
    """While the body is read, these names are indices."""
    parser.names.bound.extend(names)
    yield
    del parser.names.bound[len(parser.names.bound) - len(names) :]


def bind(
    parser: Parser, kind: type[Binder], first: Token, condition: Term | None, high: Term | None, read: Callable[[], Term]
) -> Term:
    """Σ and its like: the index from what stands below (k = 1, k, k ≠ j, i < j, k ∈ S, several with commas), then the body."""
    indices = indices_below(parser, condition, first)
    with binding(parser, *(name for name, _, _ in indices)):
        body = read()
    span = parser.since(first.start)
    for k, (name, low, where) in enumerate(reversed(indices)):
        outermost = k == len(indices) - 1
        given = {"low": low, "high": high if low is not None or len(indices) == 1 or outermost else None, "where": where}
        roles = tuple(role for role, t in given.items() if t is not None)
        body = kind.make((name, roles), (body, *(t for t in given.values() if t is not None)), span)
    return body


def _restricts(parser: Parser, condition: Term, names: set[str]) -> bool:
    """Whether a condition is about indices that already stand below the operator, as i ≠ j after i = 1, and names no new one."""
    match condition:
        case And(parts):
            return all(_restricts(parser, c, names) for c in parts)
        case Relation("<" | "≤", Sym(name), Sym(other)) if other in "ijklmn" and not parser.names.is_index(other):
            return name in names and other in names
        case Relation(_, Sym(name), _) | Fn("in" | "not_in", (Sym(name), _)):
            return name in names
        case Relation():
            return not names.isdisjoint(condition.free)
    return False


def indices_below(parser: Parser, condition: Term | None, first: Token) -> list[tuple[str, Term | None, Term | None]]:
    """(index, low, where) for each index that stands below a big operator."""
    match condition:
        case Sym(name):
            return [(name, None, None)]
        case Mul(children) if all(isinstance(c, Sym) and len(c.name) == 1 for c in children):
            return [index for c in children for index in indices_below(parser, c, first)]
        case Relation("=", Sym(name), low):
            return [(name, low, None)]
        case Relation("<" | "≤", Sym(name), Sym(other)) if other in "ijklmn" and not parser.names.is_index(other):
            return [(name, None, None), (other, None, condition)]
        case Relation("≠" | "<" | "≤" | ">" | "≥", Sym(name), _) | Fn("in" | "not_in", (Sym(name), _)):
            return [(name, None, condition)]
        case Relation("<" | "≤" | ">" | "≥", _, Sym(name)):
            return [(name, None, condition)]
        case And(children):
            names = [index for c in children for index in indices_below(parser, c, first)]
            letters = list(dict.fromkeys(name for name, _, _ in names))
            if len(letters) == 1:
                lows = [low for _, low, _ in names if low is not None]
                wheres = [w for _, _, w in names if w is not None]
                where = None if not wheres else wheres[0] if len(wheres) == 1 else And(*wheres)
                return [(letters[0], lows[0] if lows else None, where)]
            chained = [(name, low) for name, low, _ in names]
            return [(name, low, condition if k == len(chained) - 1 else None) for k, (name, low) in enumerate(chained)]
        case Fn("in", (Fn("tuple", children), _)) if all(isinstance(c, Sym) for c in children):
            return [(str(c.data), None, condition if k == len(children) - 1 else None) for k, c in enumerate(children)]
        case Fn("tuple", children):
            found: list[tuple[str, Term | None, Term | None]] = []
            for c in children:
                known = {name for name, _, _ in found}
                if _restricts(parser, c, known):
                    k = max(k for k, (name, _, _) in enumerate(found) if name in c.free)
                    index, start, said = found[k]
                    found[k] = (index, start, c if said is None else And(said, c))
                else:
                    found += [new for new in indices_below(parser, c, first) if new[0] not in known]
            return found
        case Fn("prime", (Sym(name),)):
            return [(f"prime({name})", None, None)]
    where_at = condition.span if condition is not None and condition.span is not None else parser.span(first)
    raise parser.error("no index can be found here", where_at, "write the index and where it starts, such as k = 1")
