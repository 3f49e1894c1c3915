"""Subscripts and superscripts of LaTeX: index or part of the name, power, layer, transpose, inverse, prime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from symderiv.read.kinds import kind_of
from symderiv.read.parser import ANYTHING
from symderiv.read.vocabulary import GREEK
from symderiv.terms import ONE, Add, Array, Const, Decimal, Entry, Fn, Layer, Neg, Num, Sym, Term

if TYPE_CHECKING:
    from symderiv.read.latex import LatexParser

HighKind = Literal["power", "layer", "bracketed", "transpose", "inverse transpose", "star", "sign"]


@dataclass(slots=True)
class Scripts:
    """What stands low and high beside an operand: a subscript as letters or as terms, superscripts in order, primes."""

    low: str | None = None
    low_terms: list[Term] = field(default_factory=list)
    high: list[tuple[HighKind, Term | None]] = field(default_factory=list)
    primes: int = 0

    @property
    def has_low(self) -> bool:
        return self.low is not None or bool(self.low_terms)


_TRANSPOSES: Final = frozenset(("T", "top", "intercal", "'"))


def read_scripts(parser: LatexParser) -> Scripts:
    """All scripts that stand here."""
    found = Scripts()
    while True:
        t = parser.token
        if t.kind == "operator":
            if t.text == "_":
                if found.has_low:
                    raise parser.error("two subscripts stand here", t, "put the first part in braces: {x_1}_i")
                parser.advance()
                _low(parser, found)
            elif t.text == "^":
                parser.advance()
                _high(parser, found)
            elif t.text == "'":
                parser.advance()
                found.primes += 1
            else:
                return found
        elif t.kind == "open" and t.text == "{" and parser.peek().text == "}":
            parser.advance()
            parser.advance()
        elif t.kind == "open" and t.text == "{" and parser.peek().text in ("_", "^") and parser.peek().kind == "operator":
            opened = parser.advance()
            inner = read_scripts(parser)
            parser.expect("}", opened)
            if inner.has_low and found.has_low:
                raise parser.error("two subscripts stand here", opened, "put the first part in braces: {x_1}_i")
            found.low = inner.low or found.low
            found.low_terms = inner.low_terms or found.low_terms
            found.high += inner.high
            found.primes += inner.primes
        else:
            return found


def _low(parser: LatexParser, found: Scripts) -> None:
    """A subscript: letters and digits are kept as they are written, anything else is read as terms."""
    opened = parser.token
    if opened.text != "{":
        if opened.kind == "number" and len(opened.text) > 1 and opened.text.isdigit():
            found.low = parser.digit().text
        elif opened.kind in ("name", "number"):
            found.low = parser.advance().text
        elif opened.kind == "operator" and opened.text in ("+", "-", "*"):
            parser.advance()
            found.low = {"+": "plus", "-": "minus", "*": "star"}[opened.text]
        else:
            found.low_terms = [parser.argument()]
        return
    ahead, text = 1, ""
    while (t := parser.peek(ahead)).kind in ("name", "number", "function", "text") or (t.kind == "operator" and t.text == "'"):
        text += t.text.replace(" ", "") if t.kind != "operator" else "prime"
        ahead += 1
    plus = parser.peek(1)
    if ahead == 1 and plus.text in ("+", "-", "*") and parser.peek(2).text == "}":
        ahead, text = 2, {"+": "plus", "-": "minus", "*": "star"}[plus.text]
    if parser.peek(ahead).text == "}" and text.replace(".", "").replace("(", "").replace(")", "").isalnum() and ahead > 1:
        for _ in range(ahead + 1):
            parser.advance()
        found.low = text
        return
    parser.advance()
    found.low_terms = [parser.expression(ANYTHING)]
    while parser.is_operator(","):
        parser.advance()
        found.low_terms.append(parser.expression(ANYTHING))
    parser.expect("}", opened)
    if len(found.low_terms) == 1 and isinstance(found.low_terms[0], Sym) and "(" not in found.low_terms[0].name:
        found.low = found.low_terms.pop().data


def _high(parser: LatexParser, found: Scripts) -> None:
    """A superscript; see HighKind."""
    opened = parser.token
    if opened.text != "{":
        if opened.kind == "name" and opened.text in _TRANSPOSES and not _is_number(parser, opened.text):
            parser.advance()
            found.high.append(("transpose", None))
        elif opened.text == "prime":
            parser.advance()
            found.primes += 1
        elif opened.kind == "operator" and opened.text in ("*", "⋆"):
            parser.advance()
            found.high.append(("star", None))
        elif opened.kind == "operator" and opened.text in ("+", "-"):
            parser.advance()
            if parser.starts_operand() and parser.token.kind == "number":
                raise parser.error(f"a {opened.text} alone is no exponent", opened, "put the whole exponent in braces: x^{-1}")
            found.high.append(("sign", Sym({"+": "plus", "-": "minus"}[opened.text])))
        elif opened.kind == "operator" and opened.text == "'":
            parser.advance()
            found.primes += 1
        else:
            found.high.append(("power", parser.argument()))
        return
    parser.advance()
    while True:
        t, follows = parser.token, parser.peek()
        if t.text == "}":
            break
        if t.kind == "name" and t.text in _TRANSPOSES and follows.text == "}" and not _is_number(parser, t.text):
            parser.advance()
            found.high.append(("transpose", None))
        elif t.text == "prime" or (t.kind == "operator" and t.text == "'"):
            parser.advance()
            found.primes += 1
        elif t.text in ("*", "⋆") and (follows.text == "}" or follows.text in _TRANSPOSES):
            parser.advance()
            found.high.append(("star", None))
        elif t.text in ("+", "-") and follows.text == "}":
            parser.advance()
            found.high.append(("sign", Sym({"+": "plus", "-": "minus"}[t.text])))
        elif t.text == "-" and follows.text in ("T", "top") and parser.peek(2).text == "}":
            parser.advance()
            parser.advance()
            found.high.append(("inverse transpose", None))
        elif t.text in ("(", "[") and t.kind == "open" and _closes_group(parser, t.text):
            parser.advance()
            inner = parser.expression(ANYTHING)
            parser.expect(")" if t.text == "(" else "]", t)
            if parser.is_operator(","):
                parser.advance()
            found.high.append(("layer" if t.text == "[" else "bracketed", inner))
        else:
            found.high.append(("power", parser.expression(ANYTHING)))
            if parser.is_operator(","):
                raise parser.error(
                    "a superscript with a comma is not read", parser.token, "write an index below, or a layer as ^{(l)}"
                )
            break
    parser.expect("}", opened)


def _is_number(parser: LatexParser, name: str) -> bool:
    return parser.names.declared(name) or name in parser.names.bound


def _closes_group(parser: LatexParser, opening: str) -> bool:
    """Whether the bracket that opens here is closed right before the end of the group, or before a transpose there."""
    depth, ahead = 0, 0
    while (t := parser.peek(ahead)).kind != "end":
        if t.kind == "open":
            depth += 1
        elif t.kind == "close":
            depth -= 1
            if depth == 0:
                after, last = parser.peek(ahead + 1), parser.peek(ahead + 2)
                return after.text == "}" or (after.text in (*_TRANSPOSES, ",", "prime") and last.text in ("}", "T", "top"))
        ahead += 1
    return False


def layered(parser: LatexParser, base: Term, scripts: Scripts, start: int) -> Term:
    """The layers ^{(l)} and ^{[l]} of a letter put on; what is no layer number stays a power."""
    rest: list[tuple[HighKind, Term | None]] = []
    for kind, value in scripts.high:
        label = kind == "power" and isinstance(value, Sym) and _is_word(parser, value.name)
        label = label or (kind == "power" and isinstance(base, Sym) and base.name in parser.names.labels)
        if kind == "layer" or label or (kind == "bracketed" and value is not None and _numbers_a_layer(value)):
            assert value is not None
            base = Layer.make(None, (base, value), parser.since(start))
        else:
            rest.append((kind, value))
    scripts.high = rest
    return base


def _is_word(parser: LatexParser, name: str) -> bool:
    """Whether a superscript is a word, such as W^{task}: a label, not an exponent."""
    plain = name.isalpha() and len(name) > 1 and name not in GREEK.values() and name not in ("ell", "hbar")
    return plain and not parser.names.declared(name)


def _numbers_a_layer(t: Term) -> bool:
    match t:
        case Num() | Sym():
            return True
        case Add(children):
            return (
                any(isinstance(c, Sym) for c in children)
                and all(isinstance(c, (Num, Sym)) or (isinstance(c, Neg) and isinstance(c.arg, (Num, Sym))) for c in children)
                and sum(isinstance(c, Sym) for c in children) == 1
            )
        case Entry() | Layer():
            return True
    return False


def raised(parser: LatexParser, base: Term, scripts: Scripts, start: int) -> Term:
    """The superscripts that are left put on, in order: powers, transposes, inverses of matrices, stars."""
    for kind, value in scripts.high:
        span = parser.since(start)
        if kind == "transpose":
            if isinstance(base, Fn) and base.name == "tuple":
                base = Array.make(1, base.children, span)
            elif isinstance(base, (Num, Decimal, Const)):
                base = parser.power(base, Sym("T"), start)
            else:
                base = Fn.make("transpose", (base,), span)
        elif kind == "inverse transpose":
            base = Fn.make("transpose", (Fn.make("inverse", (base,), span),), span)
        elif kind in ("star", "sign"):
            mark = "star" if value is None else value.data
            if isinstance(base, Entry) and isinstance(base.family, Sym):
                base = Entry.make(None, (Sym(f"{mark}({base.family.name})"), *base.indices), span)
            elif isinstance(base, Sym):
                base = Sym.make(f"{mark}({base.name})", (), span)
            else:
                raise parser.error("such a mark stands on a letter only", span, "name the value by a letter of its own")
        else:
            assert value is not None
            if value == Neg(ONE) and kind_of(base, parser.names.context) == "matrix":
                base = Fn.make("inverse", (base,), span)
            else:
                base = parser.power(base, value, start)
    return base
