"""The expression parser that plain maths and LaTeX share: precedence climbing over tokens.

Weakest first: `a if c else b`, or, and, relations (chained), sums, ⊙ and its like, products and fractions from left to right
(a product may be written without a sign), the minus sign, powers. What an operand is, each language says itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from symderiv.errors import ReadError
from symderiv.read.ellipsis import filled, follows_product
from symderiv.read.items import DOTS
from symderiv.read.names import Names
from symderiv.read.notes import Note
from symderiv.read.tokens import CLOSING, DEEPEST_NESTING, RELATIONS, Token
from symderiv.terms import (
    Add,
    And,
    Cases,
    Const,
    Decimal,
    Div,
    Entry,
    Fn,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Product,
    Relation,
    Source,
    Span,
    Sum,
    Sym,
    Term,
    Truth,
)

ANYTHING, TERNARY, OR, AND, RELATION, SUM, SPECIAL, PRODUCT, FACTOR, POWER = range(10)

_LEVELS: Final = {
    "if": TERNARY,
    "or": OR,
    "∨": OR,
    "and": AND,
    "∧": AND,
    **dict.fromkeys(RELATIONS, RELATION),
    "+": SUM,
    "-": SUM,
    "±": SUM,
    "⊙": SPECIAL,
    "⊗": SPECIAL,
    "∘": SPECIAL,
    "⋆": SPECIAL,
    "*": PRODUCT,
    "/": PRODUCT,
}
_SPECIAL: Final = {"⊙": "hadamard", "⊗": "otimes", "∘": "circ", "⋆": "star"}
_RELATION_NAMES: Final = {"≈": "approx", "∈": "in", "∉": "not_in", "∝": "proportional", "∼": "distributed", "→": "tends_to"}


class Parser:
    """One reading of one list of tokens, which ends with a token of kind `end`.

    `flips` are the places at which the other one of two possible readings is taken; `choices` are the places where there are two.
    """

    def __init__(self, tokens: list[Token], source: Source, names: Names, flips: frozenset[int] = frozenset()) -> None:
        self.tokens = tokens
        self.at = 0
        self.token = tokens[0]
        self.source = source
        self.names = names
        self.flips = flips
        self.choices: dict[int, Note] = {}
        self.notes: list[Note] = []
        self.depth = 0
        self.bars: list[str] = []
        self.term: Term | None = None

    # --------------------------------------------------------------------------------------------------- the door
    def whole(self) -> Term:
        """All tokens as one term; ReadError if anything is left."""
        try:
            term = self.expression(ANYTHING)
        except RecursionError:
            raise self.error("this is nested too deeply", self.token, "name its inner parts and write them one by one") from None
        if self.token.kind != "end":
            raise self.unexpected()
        self.term = term
        return term

    # ------------------------------------------------------------------------------------------- tokens and places
    def advance(self) -> Token:
        """The present token, and on to the next."""
        t = self.token
        if t.kind != "end":
            self.at += 1
            if self._closes_and_opens(t, self.tokens[self.at]):
                double = self.tokens[self.at]
                middle = double.start + 1
                self.tokens[self.at : self.at + 1] = [
                    replace(double, text="|", end=middle),
                    replace(double, text="|", start=middle, spaced=False),
                ]
            self.token = self.tokens[self.at]
        return t

    def _closes_and_opens(self, before: Token, t: Token) -> bool:
        """Whether || is two bars, as in |x||y|: one that closes what is open and one that opens."""
        return (
            t.kind == "operator"
            and t.text == "‖"
            and self.bars[-1:] == ["|"]
            and before.kind not in ("operator", "open")
            and self.source.text[t.start : t.end] == "||"
        )

    def peek(self, ahead: int = 1) -> Token:
        """A later token; the last one if there are not so many."""
        k = self.at + ahead
        return self.tokens[k] if k < len(self.tokens) else self.tokens[-1]

    def is_operator(self, text: str) -> bool:
        """Whether the present token is this operator."""
        return self.token.kind == "operator" and self.token.text == text

    def is_ellipsis(self, ahead: int = 0) -> bool:
        """Whether three dots stand so many tokens ahead."""
        t = self.peek(ahead)
        return t.kind == "operator" and t.text in ("…", "...")

    def expect(self, text: str, opened: Token) -> Token:
        """The closing token of what `opened` opened; ReadError that points at the opening one if it is missing."""
        t = self.token
        if t.text == text and t.kind in ("close", "operator", "command"):
            return self.advance()
        if t.kind == "end":
            raise self.error(f"this {opened.text} is never closed", opened, f"a {text} is missing after it")
        if t.kind == "close":
            raise self.error(
                f"{text} is expected here, not {t.text}", t, f"the {opened.text} at {self.span(opened).place} is still open"
            )
        raise self.unexpected(f"{text} is expected here to close the {opened.text} at {self.span(opened).place}")

    def span(self, first: Token, last: Token | None = None) -> Span:
        """From the start of one token to the end of another."""
        return Span(self.source, first.start, (last or first).end)

    def since(self, start: int) -> Span:
        """From a place to the end of the token before the present one."""
        return Span(self.source, start, max(self.tokens[self.at - 1].end if self.at else start, start))

    def error(self, what: str, place: Token | Span, hint: str = "") -> ReadError:
        """A ReadError at a token or span."""
        return ReadError(what, place if isinstance(place, Span) else self.span(place), hint)

    def unexpected(self, hint: str = "") -> ReadError:
        """The ReadError for a token that cannot stand where it stands."""
        t = self.token
        if t.failure is not None:
            return t.failure
        if t.text in DOTS:
            return self.error("what these dots stand for is not clear", t, "write a sum or product with its index, from 1 to n")
        if t.kind == "end":
            before = self.tokens[self.at - 1] if self.at else t
            if self.at and before.kind == "operator":
                return self.error(f"something is missing after {before.text}", before, hint or "write what follows it, or drop it")
            return self.error("something is missing at the end", t, hint or "write what follows")
        shown = self.span(t).text or t.text
        if t.kind == "close" or shown == "}":
            return self.error(f"{shown} closes nothing here", t, hint or "drop it, or write what it closes before it")
        if t.kind == "number" and self.at:
            return self.error(f"an operator is missing before {shown}", t, hint or "write * between two numbers, or join them")
        return self.error(f"{shown!r} cannot stand here", t, hint)

    # ------------------------------------------------------------------------------------------------------- notes
    def convention(self, message: str, span: Span) -> None:
        """Report that a habit of the field decided."""
        self.notes.append(Note("convention", message, span))

    def choose(self, message: str, place: Token, last: Token | None = None) -> bool:
        """Report that there are two readings; whether the second one is to be taken."""
        self.choices[place.start] = Note("ambiguity", message, self.span(place, last))
        return place.start in self.flips

    # ------------------------------------------------------------------------------------------------ expressions
    def expression(self, least: int) -> Term:
        """The longest expression whose operators bind at least as tightly as `least`."""
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise self.error("this is nested too deeply", self.token, "name its inner parts and write them one by one")
        if self.token.failure is not None:
            raise self.token.failure
        left = self.operand(least)
        while True:
            t = self.token
            if t.kind == "operator":
                level = _LEVELS.get(t.text)
                if level is None or (t.text in self.bars):
                    bars = t.text in ("|", "‖") and self.starts_operand()
                    if least <= PRODUCT and (bars or follows_product(self)):
                        left = self._product(left)
                        continue
                    break
                if level < least:
                    break
                left = _INFIX[level](self, left)
            elif least <= PRODUCT and self.starts_operand():
                left = self._product(left)
            elif t.kind == "command" and t.text in _LEVELS and _LEVELS[t.text] >= least:
                left = _INFIX[_LEVELS[t.text]](self, left)
            else:
                break
        self.depth -= 1
        return left

    def _start(self, left: Term) -> int:
        return left.span.start if left.span is not None else self.token.start

    def _sum(self, left: Term) -> Term:
        terms = [left]
        dots: list[tuple[int, Token]] = []
        while self.token.kind == "operator" and self.token.text in ("+", "-", "±"):
            sign = self.advance()
            if sign.text == "±":
                raise self.error("± is not read yet", sign, "write the two signs as two formulas")
            if self.is_ellipsis():
                dots.append((len(terms), self.advance()))
                continue
            right = self.expression(SPECIAL)
            if sign.text == "-":
                right = Neg.make(None, (right,), Span(self.source, sign.start, self.tokens[self.at - 1].end))
            terms.append(right)
        if dots:
            terms = filled(self, Sum, terms, dots)
        return Add.make(None, tuple(terms), self.since(self._start(left))) if len(terms) > 1 else terms[0]

    def _special(self, left: Term) -> Term:
        name = _SPECIAL[self.token.text]
        operands = [left]
        while self.token.kind == "operator" and _SPECIAL.get(self.token.text) == name:
            self.advance()
            operands.append(self.expression(PRODUCT))
        return Fn.make(name, tuple(operands), self.since(self._start(left)))

    def _product(self, left: Term) -> Term:
        start = self._start(left)
        factors = [left]
        dots: list[tuple[int, Token]] = []
        while True:
            t = self.token
            if follows_product(self):
                if t.text == "*":
                    self.advance()
                dots.append((len(factors), self.advance()))
                if self.is_operator("*"):
                    self.advance()
                factors.append(self.expression(FACTOR))
            elif t.kind == "operator" and t.text == "*":
                self.advance()
                factors.append(self.expression(FACTOR))
            elif t.kind == "operator" and t.text == "/":
                factors, dots = filled(self, Product, factors, dots), []
                left = Mul.make(None, tuple(factors), self.since(start)) if len(factors) > 1 else factors[0]
                slash = self.advance()
                bottom = self._denominator(slash)
                left = Div.make(None, (left, bottom), self.since(start))
                factors = [left]
            elif self.starts_operand():
                if t.kind == "number" and self.number_clashes():
                    raise self.unexpected()
                factors.append(self.expression(FACTOR))
            else:
                break
        factors = filled(self, Product, factors, dots)
        return Mul.make(None, tuple(factors), self.since(start)) if len(factors) > 1 else factors[0]

    def _denominator(self, slash: Token) -> Term:
        first = self.token
        bottom = self.expression(FACTOR)
        bare = isinstance(bottom, (Num, Decimal, Sym, Const, Entry, Pow)) and first.kind != "open"
        if bare and (self.is_operator("*") or self.starts_operand()) and self.token.kind != "number":
            shown = self.span(slash, self.tokens[self.at - 1]).text
            message = f"what follows {shown!r} multiplies the fraction; it may have been meant for the denominator"
            if self.choose(message, slash, self.tokens[self.at - 1]):
                start, factors = first.start, [bottom]
                while self.is_operator("*") or self.starts_operand():
                    if self.is_operator("*"):
                        self.advance()
                    factors.append(self.expression(FACTOR))
                return Mul.make(None, tuple(factors), self.since(start))
        return bottom

    def number_clashes(self) -> bool:
        """Whether a number may not follow what was just read."""
        before = self.tokens[self.at - 1]
        return before.kind not in ("close",) or before.text == "}"

    def _relation(self, left: Term) -> Term:
        start = self._start(left)
        relations: list[Term] = []
        while self.token.kind == "operator" and self.token.text in RELATIONS and self.token.text not in self.bars:
            sign = self.advance()
            right = self.expression(SUM)
            span = self.since(self._start(left))
            if sign.text in Relation.NEGATED:
                relations.append(Relation.make(sign.text, (left, right), span))
            elif sign.text in _RELATION_NAMES:
                relations.append(Fn.make(_RELATION_NAMES[sign.text], (left, right), span))
            else:
                raise self.error(f"{sign.text} is not read inside a formula", sign, "write = or another relation")
            left = right
        return relations[0] if len(relations) == 1 else And.make(None, tuple(relations), self.since(start))

    def _joined(self, left: Term) -> Term:
        word = self.token.text
        kind, above = (And, RELATION) if _LEVELS[word] == AND else (Or, AND)
        parts = [left]
        while self.token.text == word and self.token.kind in ("operator", "command"):
            self.advance()
            parts.append(self.expression(above))
        return kind.make(None, tuple(parts), self.since(self._start(left)))

    def _ternary(self, left: Term) -> Term:
        start = self._start(left)
        pieces: list[Term] = [left]
        while self.token.kind == "command" and self.token.text == "if":
            opened = self.advance()
            pieces.append(self.expression(OR))
            if self.token.text != "else":
                raise self.error(
                    "this `if` has no `else`", opened, "write: a if condition else b; or: cases(a if condition, b otherwise)"
                )
            self.advance()
            pieces.append(self.expression(OR))
        return Cases.make(None, (*pieces, Truth()), self.since(start))

    # ----------------------------------------------------------------------------------------- parts of operands
    def minus(self, least: int) -> Term:
        """A sign before an operand: −a b is −(a b), −x² is −(x²), and after an operator it takes one factor."""
        signs = [self.advance()]
        while self.token.kind == "operator" and self.token.text in ("-", "+"):
            signs.append(self.advance())
        term = self.expression(max(least, PRODUCT))
        for sign in reversed(signs):
            if sign.text == "-":
                term = Neg.make(None, (term,), self.since(sign.start))
        return term

    def power(self, base: Term, exponent: Term, start: int) -> Term:
        """base^exponent; e^u is exp(u)."""
        span = self.since(start)
        if isinstance(base, Const) and base.name == "e":
            return Fn.make("exp", (exponent,), span)
        return Pow.make(None, (base, exponent), span)

    def arguments(self, opened: Token) -> list[Term]:
        """The comma-separated terms up to the bracket that closes `opened`, which has been read; a bar says `given`."""
        closing = CLOSING[opened.text]
        terms: list[Term] = []
        if self.token.kind == "close" and self.token.text == closing:
            raise self.error("there is nothing between these brackets", self.span(opened, self.token), "write the argument")
        bars, self.bars = self.bars, self.given_bars()
        while True:
            terms.append(self._item(closing))
            if self.is_operator(",") or self.is_operator(";"):
                self.advance()
            elif self.token.kind == "operator" and self.token.text in self.bars:
                self.advance()
                rest = [self._item(closing)]
                while self.is_operator(",") or self.is_operator(";"):
                    self.advance()
                    rest.append(self._item(closing))
                head = terms[0] if len(terms) == 1 else Fn("tuple", *terms)
                terms = [Fn.make("given", (head, *rest), self.since(opened.end))]
                break
            else:
                break
        self.bars = bars
        self.expect(closing, opened)
        return terms

    def _item(self, closing: str) -> Term:
        """One of the terms between commas; dots stand for those that are left out."""
        if self.is_ellipsis() and self.peek().text in (",", ";", closing):
            return self.left_out()
        return self.expression(ANYTHING)

    def left_out(self) -> Term:
        """Dots in the place of a term."""
        dots = self.advance()
        return Fn.make("dots", (), self.span(dots))

    def given_bars(self) -> list[str]:
        """The bars that say `given`: \\mid, and a sign that stands an odd number of times before the bracket that closes."""
        depth = 0
        counts = {"|": 0, "‖": 0}
        for t in self.tokens[self.at :]:
            if t.kind == "open":
                depth += 1
            elif t.kind == "close":
                if depth == 0:
                    break
                depth -= 1
            elif t.kind == "end":
                break
            elif depth == 0 and t.kind == "operator" and t.text in counts:
                counts[t.text] += 1
        return ["\\mid", *(bar for bar, count in counts.items() if count % 2)]

    def bracket(self) -> Term:
        """( … ), with the term's span over the brackets; with commas, a tuple."""
        opened = self.advance()
        terms = self.arguments(opened)
        span = self.since(opened.start)
        return terms[0].at(span) if len(terms) == 1 else Fn.make("tuple", tuple(terms), span)

    def between_bars(self) -> Term:
        """|u| or ‖u‖."""
        opened = self.advance()
        self.bars.append(opened.text)
        term = self.expression(ANYTHING)
        if not self.is_operator(opened.text):
            raise self.error(f"this {opened.text} is never closed", opened, "write abs(…) where bars are hard to tell apart")
        self.bars.pop()
        self.advance()
        return Fn.make("abs" if opened.text == "|" else "norm", (term,), self.since(opened.start))

    def bare_argument(self, of: Token) -> Term:
        """The argument of a function written without brackets: sin 2x, log p_i, exp −x."""
        if self.is_operator("-"):
            sign = self.advance()
            return Neg.make(None, (self.bare_argument(of),), self.since(sign.start))
        if not self.starts_operand():
            raise self.error(f"{of.text} needs an argument", of, f"write {of.text}(…)")
        start = self.token.start
        first = self.token
        factors = [self.expression(FACTOR)]
        while self.token.kind == "name" and first.kind in ("number", "name") and not self.applies_next():
            letters = all(isinstance(f, (Num, Decimal)) for f in factors) or isinstance(factors[-1], Const)
            if not letters and not self.choose(f"{of.text} is taken of the first factor only", self.token):
                break
            factors.append(self.expression(FACTOR))
        bracket = (
            self.token.kind == "open"
            and self.token.text == "("
            and first.kind == "name"
            and self.tokens[self.at - 1].kind == "name"
        )
        if bracket and self.choose(f"{of.text} is taken of the letter only", self.token):
            factors.append(self.expression(FACTOR))
        return Mul.make(None, tuple(factors), self.since(start)) if len(factors) > 1 else factors[0]

    # ---------------------------------------------------------------------------------- what each language says
    def applies_next(self) -> bool:
        """Whether the name that comes next is a function with its argument."""
        raise NotImplementedError

    def starts_operand(self) -> bool:
        """Whether an operand may start here, so that a product is meant where no operator stands."""
        raise NotImplementedError

    def operand(self, least: int) -> Term:
        """A sign, number, letter, bracket, function, … with its powers."""
        raise NotImplementedError


_INFIX: Final[dict[int, Callable[[Parser, Term], Term]]] = {
    TERNARY: Parser._ternary,
    OR: Parser._joined,
    AND: Parser._joined,
    RELATION: Parser._relation,
    SUM: Parser._sum,
    SPECIAL: Parser._special,
    PRODUCT: Parser._product,
}

__all__ = ["ANYTHING", "FACTOR", "OR", "POWER", "PRODUCT", "RELATION", "SPECIAL", "SUM", "Not", "Parser"]
