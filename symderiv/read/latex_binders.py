r"""What binds an index in LaTeX: \sum_{k=1}^{K}, \prod, \int … dx, \lim_{x \to 0}, \mathbb{E}_{x \sim p}; indicators stand with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symderiv.read.binders import KINDS, bind
from symderiv.read.latex_functions import letter
from symderiv.read.parser import ANYTHING, FACTOR, PRODUCT, SUM
from symderiv.read.tokens import CLOSING, RELATIONS, Token
from symderiv.terms import (
    CONDITIONS,
    Expectation,
    Fn,
    Indicator,
    Sym,
    Term,
)

if TYPE_CHECKING:
    from symderiv.read.latex import LatexParser


def big_operator(parser: LatexParser) -> Term:
    """Σ, ∏, ∫, lim with what stands below and above."""
    t = parser.advance()
    low, high = _bounds(parser)
    if t.text == "integral":
        return _integral(parser, t, low, high)
    if low is None:
        low = _index_of_summand(parser, t)
    if t.text == "limit":
        match low:
            case Fn("tends_to", (Sym(name), point)):
                body = parser.expression(PRODUCT)
                return KINDS["limit"].make((name, ("low",)), (body, point), parser.since(t.start))
        raise parser.error("this limit does not say where its letter goes", parser.since(t.start), "write \\lim_{x \\to 0}")
    if parser.token.kind == "end" or parser.token.kind == "close":
        raise parser.error("this sum is taken of nothing", t, "write the summand")
    return bind(parser, KINDS[t.text], t, low, high, lambda: parser.expression(PRODUCT))


def _bounds(parser: LatexParser) -> tuple[Term | None, Term | None]:
    low: Term | None = None
    high: Term | None = None
    while parser.token.kind == "operator" and parser.token.text in ("_", "^"):
        sign = parser.advance()
        if parser.token.text == "{" and parser.peek().text == "}":
            parser.advance()
            parser.advance()
            continue
        value = _below(parser) if sign.text == "_" else parser.argument()
        if (low if sign.text == "_" else high) is not None:
            raise parser.error("two bounds stand here", sign, "write one below and one above")
        if sign.text == "_":
            low = value
        else:
            high = value
    return low, high


def _index_of_summand(parser: LatexParser, t: Token) -> Term:
    """The only index letter below a letter of the summand, for a sum that does not say what it runs over."""
    depth, ahead = 0, 0
    found: set[str] = set()
    while (u := parser.peek(ahead)).kind != "end":
        depth += (u.kind == "open") - (u.kind == "close")
        if depth < 0 or (depth == 0 and ahead and u.kind == "operator" and u.text in ("+", "-", *RELATIONS)):
            break
        below = parser.peek(ahead + 2) if parser.peek(ahead + 1).text == "{" else parser.peek(ahead + 1)
        bracketed = u.kind == "open" and u.text == "[" and ahead > 0 and parser.peek(ahead + 2).text == "]"
        letter_below = below.kind == "name" and len(below.text) == 1 and below.text.islower()
        if (u.text == "_" or bracketed) and letter_below and below.text not in parser.names.bound:
            found.add(below.text)
        ahead += 1
    if len(found) != 1:
        raise parser.error("this has no index", t, f"write the index below it: \\{t.text}_{{k=1}}^{{n}}")
    (name,) = found
    parser.convention(f"the index is taken to be {name}, the only one in what follows", parser.span(t))
    return Sym(name)


def _below(parser: LatexParser) -> Term:
    """What stands below a big operator: one index, or several with commas or in rows."""
    opened = parser.token
    if opened.text != "{":
        return parser.argument()
    parser.advance()
    wrapped = parser.token.kind == "command" and parser.token.text == "substack"
    inner = opened
    if wrapped:
        parser.advance()
        inner = parser.advance()
    parts = [parser.expression(ANYTHING)]
    while parser.is_operator(",") or parser.token.kind == "row" or parser.is_operator(":") or parser.is_operator(";"):
        parser.advance()
        parts.append(parser.expression(ANYTHING))
    if wrapped:
        parser.expect("}", inner)
    parser.expect("}", opened)
    return parts[0] if len(parts) == 1 else Fn.make("tuple", tuple(parts), parser.since(opened.start))


def _integral(parser: LatexParser, t: Token, low: Term | None, high: Term | None) -> Term:
    depth, inner, ahead = 0, 0, 0
    while (u := parser.peek(ahead)).kind != "end":
        if u.kind == "open":
            depth += 1
        elif u.kind == "close":
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and u.kind == "command" and u.text == "integral":
            inner += 1
        elif depth == 0 and u.kind == "name" and u.text == "d" and parser.peek(ahead + 1).kind in ("name", "command"):
            if inner == 0:
                break
            inner -= 1
        ahead += 1
    if u.text != "d":
        raise parser.error("this integral has no dx", t, "write the letter it is taken over at its end: \\, dx")
    place = parser.at + ahead
    parser.tokens[place] = replace(u, kind="command", text="differential")
    variable_first = ahead == 0
    if variable_first:
        parser.token = parser.tokens[parser.at]
        body = None
    else:
        body = parser.expression(SUM)
        if parser.at != place:
            raise parser.unexpected()
    parser.advance()
    variable = parser.token
    term = letter(parser, applies=False)
    if not isinstance(term, Sym):
        raise parser.error("an integral is taken over a letter", variable, "name the variable by one letter")
    if body is None:
        body = parser.expression(PRODUCT)
    given = {"low": low, "high": high}
    roles = tuple(role for role, bound in given.items() if bound is not None)
    children = (body, *(bound for bound in given.values() if bound is not None))
    return KINDS["integral"].make((term.name, roles), children, parser.since(t.start))


def expectation(parser: LatexParser) -> Term:
    r"""\mathbb{E}_{x \sim p}[…]; without a letter below it, `expectation(…)`."""
    t = parser.advance()
    low: Term | None = None
    if parser.is_operator("_"):
        parser.advance()
        low = _below(parser)
    opened = parser.token
    index, where = None, None
    match low:
        case Sym(name):
            index = name
        case Fn("distributed" | "in", (Sym(name), _)):
            index, where = name, low
    if opened.kind == "open" and opened.text in ("[", "(", "\\{", "{"):
        parser.advance()
        arguments = parser.arguments(opened)
        if len(arguments) != 1:
            raise parser.error("an expectation is taken of one term", parser.since(t.start), "write \\mathbb{E}[…]")
        body = arguments[0]
    else:
        body = parser.expression(FACTOR)
    span = parser.since(t.start)
    term: Term
    if index is not None:
        term = Expectation.make(
            (index, ("where",) if where is not None else ()), (body, *((where,) if where is not None else ())), span
        )
    else:
        term = Fn.make("expectation", (body,) if low is None else (body, low), span)
    return parser.scripted(term, t.start)


def one(parser: LatexParser, first: Token | None = None) -> Term:
    r"""\mathbb{1}[c], 1_{c}: an indicator; \mathbf{1}_n: the vector of ones."""
    t = first or parser.advance()
    if parser.is_operator("_"):
        parser.advance()
        if parser.token.text == "{":
            opened = parser.advance()
            bracketed = parser.token if parser.token.text in ("\\{", "[", "(") and parser.fills_group() else None
            if bracketed:
                parser.advance()
            term = parser.expression(ANYTHING)
            if bracketed:
                parser.expect(CLOSING[bracketed.text], bracketed)
            parser.expect("}", opened)
        else:
            term = parser.argument()
        return parser.scripted(_indicator(parser, term, t, "ones"), t.start)
    if parser.token.kind == "open" and parser.token.text in ("[", "(", "\\{", "{"):
        save = parser.at
        term = parser.bracket()
        if isinstance(term, (*CONDITIONS, Indicator)) or (isinstance(term, Fn) and term.name in ("in", "not_in")):
            return parser.scripted(term if isinstance(term, Indicator) else _indicator(parser, term, t, ""), t.start)
        parser.at = save
        parser.token = parser.tokens[save]
    return parser.scripted(Fn.make("ones", (), parser.span(t)), t.start)


def _indicator(parser: LatexParser, term: Term, t: Token, otherwise: str) -> Term:
    if isinstance(term, CONDITIONS) or (isinstance(term, Fn) and term.name in ("in", "not_in")):
        if term.data == "=" and len(term.children) == 2:
            parser.names.shown_index(*term.children)
        return Indicator.make(None, (term,), parser.since(t.start))
    if otherwise:
        return Fn.make(otherwise, (term,), parser.since(t.start))
    raise parser.error("an indicator is of a condition", parser.since(t.start), "write \\mathbb{1}[x > 0]")
