"""How terms are written: one mechanism, and a table of how a format writes each construct.

A `Notation` is that table. Its templates are written as the bodies of TeX macros are, `#1` and `#2` standing for the parts.
Brackets are put where the parts bind less tightly than their place asks for, and nowhere else.

    written(term, notation)     the text of a term; work and depth grow with its distinct nodes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from symderiv.errors import SymderivError
from symderiv.terms.build import value
from symderiv.terms.substitute import substitute
from symderiv.terms.term import (
    Add,
    And,
    Array,
    Binder,
    Cases,
    Const,
    Decimal,
    Derivative,
    DescendingProduct,
    Div,
    Entry,
    Expectation,
    Fn,
    Indicator,
    Integral,
    Lambda,
    Layer,
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

LONGEST: Final = 1_000_000
"""The most nodes, counted at every place, of a term that is written out."""


LONG_ARGUMENT: Final = 12
"""The nodes of an argument from which on e^u is written exp(u)."""


class Level(IntEnum):
    """How tightly a piece of text binds; what binds less tightly than its place asks for is put in brackets."""

    OPEN = 0
    OR = 1
    AND = 2
    NOT = 3
    RELATION = 4
    SUM = 5
    NEGATIVE = 6
    OPERATOR = 7
    PRODUCT = 8
    FRACTION = 9
    POWER = 10
    ATOM = 11


class Piece(NamedTuple):
    """A piece of text, and how tightly it binds."""

    text: str
    level: Level


@dataclass(frozen=True, slots=True)
class Form:
    """How a function is written when not as name(arguments): the level of the whole, and what its arguments must bind.

    `apart`: the template where an argument is more than a letter or a number, if that is another one.
    """

    template: str
    level: Level = Level.ATOM
    needs: Level = Level.OPEN
    apart: str = ""


@dataclass(frozen=True, kw_only=True)
class Notation:
    """How a format writes each construct.

    `stacked`: fractions stand on two lines, so that numerator and denominator need no brackets. `raised`: exponents are set
    apart, so that they need none. `tall`: what makes a text higher than a line, whose brackets are `tall_brackets`; `high`: what does so by much.
    `operators`: functions written with their exponent before the argument, sin²(x). `applied`: letters that a bracket after
    them would turn into functions. `spelled`: functions whose form is not for high or long arguments, and their names.
    `low`: indices in small letters, where all of them exist in the format. `quotient`: dz/dx, where a letter is differentiated, if that is written otherwise than the derivative of a formula.
    `ellipsis`: what stands between the first and the last factor of W_N ⋯ W_1, where that is not written as a binder.
    `partial_marks`: how the orders of differentiation by each argument are told.
    """

    symbol: Callable[[str], str]
    function: Callable[[str], str]
    constants: Mapping[str, str]
    relations: Mapping[str, str]
    stacked: bool
    raised: bool
    brackets: str = "(#1)"
    tall_brackets: str = "(#1)"
    tall: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    number: str = "#1"
    plus: str = "+"
    minus: str = "-"
    comma: str = ", "
    juxtaposed: str = "*"
    dot: str = "*"
    coefficient: str = "*"
    fraction: str = "#1/#2"
    power: str = "#1^#2"
    exponents: Callable[[Term], str | None] = lambda _: None
    forms: Mapping[str, Form] = field(default_factory=lambda: MappingProxyType({}))
    operators: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    spelled: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    applied: frozenset[str] = frozenset()
    entry: str = "#1[#2]"
    low: Callable[[str], str | None] | None = None
    entry_joint: str = ", "
    layer: str = "layer(#1, #2)"
    layer_entry: str = ""
    array: str = "[#1]"
    array_row: str = "[#1]"
    array_rows: str = ", "
    array_entries: str = ", "
    prime: str = "#1#2#3"
    prime_mark: str = "'"
    high_prime: str = ""
    partial_marks: Callable[[tuple[int, ...]], tuple[int, ...]] = lambda orders: orders
    partial_prime: str = "partial(#1, #2)#3"
    differential: str = "d"
    partial: str = "d"
    derivative: str = "#4/#4#1 #2"
    high_derivative: str = "#4^#3/#4#1^#3 #2"
    quotient: str = ""
    high_quotient: str = ""
    derivative_body: Level = Level.ATOM
    derivative_brackets: bool = False
    at_point: str = "at(#1, #2, #3)"
    binders: Mapping[type[Binder], Mapping[frozenset[str], str]]
    ellipsis: str = ""
    conjunction: str = " and "
    disjunction: str = " or "
    negation: str = "not #1"
    chains: bool = False
    truth: str = "true"
    cases: str = "cases(#1)"
    case: str = "#1 if #2"
    otherwise: str = "#1 otherwise"
    case_joint: str = ", "
    indicator: str = "indicator(#1)"


def fill(template: str, *parts: str) -> str:
    """The template with its places filled.

    >>> fill("#1^{#2}", "x", "2")
    'x^{2}'
    """
    pieces = re.split(r"#(\d)", template)
    return "".join(parts[int(p) - 1] if k % 2 else p for k, p in enumerate(pieces))


def written(term: Term, notation: Notation) -> str:
    """The text of a term. SymderivError if it has more than `LONGEST` nodes, counted at every place."""
    if term.size > LONGEST:
        raise SymderivError(
            f"the term is too long to write out: {term.size} nodes", hint="name its repeated parts and write them one by one"
        )
    return _piece(term.bare, notation).text


def _piece(term: Term, notation: Notation) -> Piece:
    done: dict[Term, Piece] = {}
    for t in term.postorder():
        done[t] = _HANDLERS[type(t)](t, [done[c] for c in t.children], notation)
    return done[term]


# --------------------------------------------------------------------------------------------------------- brackets
def _bracketed(text: str, n: Notation) -> str:
    tall = any(mark in text for mark in n.tall)
    return fill(n.tall_brackets if tall else n.brackets, text)


def _at_least(piece: Piece, level: Level, n: Notation) -> str:
    return piece.text if piece.level >= level else _bracketed(piece.text, n)


def _listed(pieces: list[Piece], n: Notation) -> str:
    return n.comma.join(p.text for p in pieces)


# ------------------------------------------------------------------------------------------------------------ atoms
def _number(t: Term, _: list[Piece], n: Notation) -> Piece:
    return Piece(fill(n.number, str(t.data)), Level.ATOM)


def _constant(t: Term, _: list[Piece], n: Notation) -> Piece:
    return Piece(n.constants.get(t.data) or n.symbol(t.data), Level.ATOM)


def _letter(t: Term, _: list[Piece], n: Notation) -> Piece:
    return Piece(n.symbol(t.data), Level.ATOM)


# ------------------------------------------------------------------------------------------------------- arithmetic
def _add(t: Term, parts: list[Piece], n: Notation) -> Piece:
    text = []
    for k, (child, piece) in enumerate(zip(t.children, parts, strict=True)):
        if k == 0:
            text.append(_at_least(piece, Level.NEGATIVE, n))
        elif isinstance(child, Neg):
            text.append(f" {n.minus} {piece.text.removeprefix(n.minus)}")
        else:
            text.append(f" {n.plus} {_at_least(piece, Level.OPERATOR, n)}")
    return Piece("".join(text), Level.SUM)


def _negative(_: Term, parts: list[Piece], n: Notation) -> Piece:
    return Piece(n.minus + _at_least(parts[0], Level.OPERATOR, n), Level.NEGATIVE)


def _multiply(t: Term, parts: list[Piece], n: Notation) -> Piece:
    last = len(parts) - 1
    text = ""
    for k, (child, piece) in enumerate(zip(t.children, parts, strict=True)):
        opens_line = k == 0 and isinstance(child, Div)
        ends_line = k == last and n.stacked and piece.level == Level.OPERATOR
        part = piece.text if opens_line or ends_line else _at_least(piece, Level.FRACTION, n)
        if k:
            text += _joint(t.children[k - 1], child, part != piece.text, n)
        text += part
    return Piece(text, Level.PRODUCT)


def _joint(left: Term, right: Term, bracketed: bool, n: Notation) -> str:
    """What stands between two factors: nothing that could be read as one number or as an application."""
    if (isinstance(right, (Derivative, Binder)) or _starts_with_number(right)) and not bracketed:
        return n.dot
    if isinstance(left, (Num, Decimal)):
        return n.dot if n.stacked and isinstance(right, Div) else n.coefficient
    if isinstance(left, Div) and isinstance(right, Div):
        return n.dot
    applied = isinstance(left, Sym) and bracketed and left.name.split("_")[0] in n.applied
    return n.dot if applied else n.juxtaposed


def _starts_with_number(t: Term) -> bool:
    while isinstance(t, (Pow, Div)):
        t = t.children[0]
    return isinstance(t, (Num, Decimal))


def _divide(_: Term, parts: list[Piece], n: Notation) -> Piece:
    if n.stacked:
        return Piece(fill(n.fraction, parts[0].text, parts[1].text), Level.FRACTION)
    return Piece(fill(n.fraction, _at_least(parts[0], Level.PRODUCT, n), _at_least(parts[1], Level.FRACTION, n)), Level.PRODUCT)


def _raise(t: Term, parts: list[Piece], n: Notation) -> Piece:
    base, exponent = t.children
    small = n.exponents(exponent)
    if isinstance(base, Fn) and base.name in n.operators and isinstance(exponent, Num) and base.name not in n.forms:
        operator = n.operators[base.name]
        return Piece(fill(n.power, operator, parts[1].text) + parts[0].text.removeprefix(operator), Level.POWER)
    below = _at_least(parts[0], Level.ATOM, n)
    if small is not None:
        return Piece(below + small, Level.POWER)
    return Piece(fill(n.power, below, parts[1].text if n.raised else _at_least(parts[1], Level.ATOM, n)), Level.POWER)


# -------------------------------------------------------------------------------------------------------- functions
def _apply(t: Term, parts: list[Piece], n: Notation) -> Piece:
    name: str = t.data
    form = n.forms.get(name)
    if form is not None and len(parts) == _places(form.template):
        if name in n.spelled and (t.children[0].size > LONG_ARGUMENT or any(mark in parts[0].text for mark in n.high)):
            return Piece(n.spelled[name] + _bracketed(parts[0].text, n), Level.ATOM)
        template = form.apart if form.apart and any(p.level < Level.ATOM for p in parts) else form.template
        return Piece(fill(template, *(_at_least(p, form.needs, n) for p in parts)), form.level)
    return Piece((n.operators.get(name) or n.function(name)) + _bracketed(_listed(parts, n), n), Level.ATOM)


def _places(template: str) -> int:
    return len(set(re.findall(r"#\d", template)))


def _prime(t: Term, parts: list[Piece], n: Notation) -> Piece:
    name, orders = t.data
    arguments, head = _bracketed(_listed(parts, n), n), n.function(name)
    if len(orders) != 1:
        return Piece(
            fill(n.partial_prime, head, n.comma.join(fill(n.number, str(k)) for k in n.partial_marks(orders)), arguments),
            Level.ATOM,
        )
    if n.high_prime and orders[0] > 3:
        return Piece(fill(n.high_prime, head, str(orders[0]), arguments), Level.ATOM)
    return Piece(fill(n.prime, head, n.prime_mark * orders[0], arguments), Level.ATOM)


def _entry(t: Term, parts: list[Piece], n: Notation) -> Piece:
    indices = n.entry_joint.join(p.text for p in parts[1:])
    family = t.children[0]
    if isinstance(family, Layer) and n.layer_entry and isinstance(family.left, Sym):
        layer = parts[0].text
        return Piece(fill(n.layer_entry, layer, indices), Level.POWER)
    small = n.low("".join(p.text for p in parts[1:])) if n.low is not None else None
    if small is not None:
        return Piece(_at_least(parts[0], Level.ATOM, n) + small, Level.ATOM)
    return Piece(fill(n.entry, _at_least(parts[0], Level.ATOM, n), indices), Level.ATOM if n.low is None else Level.POWER)


def _layer(_: Term, parts: list[Piece], n: Notation) -> Piece:
    return Piece(fill(n.layer, _at_least(parts[0], Level.ATOM, n), parts[1].text), Level.POWER)


def _array(t: Term, parts: list[Piece], n: Notation) -> Piece:
    width: int = t.data
    rows = [n.array_entries.join(p.text for p in parts[k : k + width]) for k in range(0, len(parts), width)]
    return Piece(fill(n.array, n.array_rows.join(fill(n.array_row, row) for row in rows)), Level.ATOM)


# ---------------------------------------------------------------------------------------------------------- binders
def _derivative(t: Term, parts: list[Piece], n: Notation) -> Piece:
    assert isinstance(t, Derivative)
    variable = n.symbol(t.var.name)
    if t.indices:
        small = n.low("".join(p.text for p in parts[2:])) if n.low is not None else None
        variable = variable + small if small else fill(n.entry, variable, n.entry_joint.join(p.text for p in parts[2:]))
    several = bool(t.indices) or len(t.body.free | {t.var.name}) > 1
    body = _bracketed(parts[0].text, n) if n.derivative_brackets else _at_least(parts[0], n.derivative_body, n)
    sign = n.partial if several else n.differential
    order = fill(n.number, str(t.order))
    level = Level.OPERATOR
    if n.quotient and isinstance(t.body, Sym):
        text = fill(n.quotient if t.order == 1 else n.high_quotient, variable, parts[0].text, order, sign)
        level = Level.FRACTION if n.stacked else Level.OPERATOR
    else:
        text = fill(n.derivative if t.order == 1 else n.high_derivative, variable, body, order, sign)
    if t.at_point == t.var:
        return Piece(text, level)
    return Piece(fill(n.at_point, text, variable, parts[1].text), Level.FRACTION)


def _binder(t: Term, parts: list[Piece], n: Notation) -> Piece:
    assert isinstance(t, Binder)
    roles: tuple[str, ...] = t.data[1]
    template = n.binders[type(t)][frozenset(roles)]
    level = Level.ATOM if "^#4" in template else Level.OPEN
    given = {role: _at_least(p, level, n) if role == "high" else p.text for role, p in zip(roles, parts[1:], strict=True)}
    open_scope = n.stacked and isinstance(t, (Sum, Product, Limit))
    body = _at_least(parts[0], Level.OPERATOR, n) if open_scope else parts[0].text
    text = fill(template, body, n.symbol(t.index.name), given.get("low", ""), given.get("high", ""), given.get("where", ""))
    if isinstance(t, Lambda):
        return Piece(text, Level.OPEN)
    return Piece(text, Level.OPERATOR if n.stacked and not isinstance(t, Expectation) else Level.ATOM)


def _descending(t: Term, parts: list[Piece], n: Notation) -> Piece:
    """W_N ⋯ W_1, by its first and its last factor."""
    assert isinstance(t, DescendingProduct)
    if not n.ellipsis or t.low is None or t.high is None or t.index.name not in t.body.free or _may_be_empty(t.low, t.high):
        return _binder(t, parts, n)
    first, last = (_piece(substitute(t.body, {t.index.name: end}), n) for end in (t.high, t.low))
    return Piece(f"{_at_least(first, Level.FRACTION, n)} {n.ellipsis} {_at_least(last, Level.FRACTION, n)}", Level.PRODUCT)


def _may_be_empty(low: Term, high: Term) -> bool:
    """Whether the upper bound is a number that is not above the lower one."""
    a, b = value(low), value(high)
    return b is not None and (a is None or a > b)


# ------------------------------------------------------------------------------------------------------- conditions
def _relation(t: Term, parts: list[Piece], n: Notation) -> Piece:
    left, right = (_at_least(p, Level.SUM, n) for p in parts)
    return Piece(f"{left} {n.relations[t.data]} {right}", Level.RELATION)


def _conjunction(t: Term, parts: list[Piece], n: Notation) -> Piece:
    if len(parts) == 2 and (chain := _chain(t, n)) is not None:
        first, second = parts
        return Piece(first.text + second.text.removeprefix(chain), Level.RELATION if n.chains else Level.AND)
    return _joined(parts, n.conjunction, Level.AND, n)


def _chain(t: Term, n: Notation) -> str | None:
    """For a < b and b < c, the text of the b that is not said twice."""
    match t.children:
        case (Relation(op, _, middle), Relation(other, again, _)) if n.chains and middle == again:
            upwards = {op, other} <= {"<", "≤"}
            if upwards and not isinstance(middle, Relation):
                return written(middle, n)
    return None


def _joined(parts: list[Piece], word: str, level: Level, n: Notation) -> Piece:
    if not parts:
        return Piece(n.truth, Level.ATOM)
    above = Level(level + 1)
    return Piece(word.join(_at_least(p, above, n) for p in parts), level if len(parts) > 1 else parts[0].level)


def _disjunction(_: Term, parts: list[Piece], n: Notation) -> Piece:
    return _joined(parts, n.disjunction, Level.OR, n)


def _negation(_: Term, parts: list[Piece], n: Notation) -> Piece:
    return Piece(fill(n.negation, _bracketed(parts[0].text, n)), Level.NOT)


def _truth(_: Term, __: list[Piece], n: Notation) -> Piece:
    return Piece(n.truth, Level.ATOM)


def _cases(t: Term, parts: list[Piece], n: Notation) -> Piece:
    lines = [
        fill(n.otherwise if isinstance(condition, Truth) else n.case, v.text, c.text)
        for condition, v, c in zip(t.children[1::2], parts[::2], parts[1::2], strict=True)
    ]
    return Piece(fill(n.cases, n.case_joint.join(lines)), Level.FRACTION if n.stacked else Level.ATOM)


def _indicator(_: Term, parts: list[Piece], n: Notation) -> Piece:
    return Piece(fill(n.indicator, parts[0].text), Level.ATOM)


_HANDLERS: Final[dict[type[Term], Callable[[Term, list[Piece], Notation], Piece]]] = {
    Num: _number,
    Decimal: _number,
    Const: _constant,
    Sym: _letter,
    Add: _add,
    Neg: _negative,
    Mul: _multiply,
    Div: _divide,
    Pow: _raise,
    Fn: _apply,
    Prime: _prime,
    Entry: _entry,
    Layer: _layer,
    Array: _array,
    Derivative: _derivative,
    Sum: _binder,
    Product: _binder,
    DescendingProduct: _descending,
    Integral: _binder,
    Expectation: _binder,
    Limit: _binder,
    Lambda: _binder,
    Relation: _relation,
    And: _conjunction,
    Or: _disjunction,
    Not: _negation,
    Truth: _truth,
    Cases: _cases,
    Indicator: _indicator,
}
