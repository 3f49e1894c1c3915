r"""LaTeX formulas: `\frac{\partial f_j}{\partial z_k}`, `\sum_{k=1}^{K} e^{z_k}`, `W^{(l)} a^{(l-1)}`, `\begin{cases} … \end{cases}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from symderiv.read.binders import KINDS
from symderiv.read.environments import cases, matrix
from symderiv.read.latex_binders import big_operator, expectation, one
from symderiv.read.latex_derivatives import fraction, gradient, partial
from symderiv.read.latex_functions import applied_letter, function, letter
from symderiv.read.parser import ANYTHING, FACTOR, RELATION, Parser
from symderiv.read.scripts import raised, read_scripts
from symderiv.read.tokens import CLOSING, Token
from symderiv.terms import (
    CONDITIONS,
    Decimal,
    Derivative,
    Entry,
    Fn,
    Indicator,
    Not,
    Num,
    Sym,
    Term,
)

_STOPS: Final = frozenset(("if", "else", "otherwise", "and", "or", "end", "right.", "evaluated", "differential"))


class LatexParser(Parser):
    """The operands of LaTeX."""

    def starts_operand(self) -> bool:
        t = self.token
        if t.kind in ("name", "number", "function", "open"):
            return True
        if t.kind == "command":
            return t.text not in _STOPS
        return t.kind == "operator" and t.text in ("|", "‖") and t.text not in self.bars

    def number_clashes(self) -> bool:
        return self.tokens[self.at - 1].kind == "number"

    def applies_next(self) -> bool:
        follows = self.peek()
        name = self.token.text
        return (
            follows.kind == "open"
            and follows.text == "("
            and (self.names.function(name) is not None or self.names.usual_function(name))
        )

    # ---------------------------------------------------------------------------------------------------- operands
    def operand(self, least: int) -> Term:
        t = self.token
        kind = t.kind
        if kind == "name":
            return letter(self)
        if kind == "number":
            return self._number()
        if kind == "open":
            return self._bracket()
        if kind == "function":
            return function(self)
        if kind == "command":
            handler = _COMMANDS.get(t.text)
            if handler is not None:
                return handler(self)
            if t.text.startswith("accent:"):
                return letter(self)
            if t.text.startswith("begin:"):
                environment = t.text[6:]
                term = cases(self) if "cases" in environment else matrix(self)
                return self.scripted(term, t.start)
            if t.text == "left.":
                raise self.error("an evaluation bar is not read yet", t, "write the value by a function: f'(0)")
            raise self.unexpected()
        if kind == "operator":
            if t.text in ("-", "+"):
                return self.minus(least)
            if t.text in ("|", "‖") and t.text not in self.bars:
                return self._bars()
            if t.text in ("_", "^"):
                raise self.error(f"{t.text} stands on nothing", t, "write the letter before it")
            raise self.unexpected()
        if kind == "text":
            raise self.error("words in a formula are not read", t, "write them outside of the formula")
        raise self.unexpected()

    def _number(self) -> Term:
        t = self.advance()
        if t.text == "1" and self.is_operator("_") and self.peek().text == "{":
            return one(self, t)
        term: Term
        if t.text.isdigit():
            term = Num.make(int(t.text), (), self.span(t))
        else:
            term = Decimal.make(t.text, (), self.span(t))
        return self.scripted(term, t.start) if self.token.kind == "operator" else term

    def scripted(self, term: Term, start: int) -> Term:
        """The term with the scripts that stand beside it: an entry of it, a power, its derivative."""
        t = self.token
        if t.text == "[" and t.kind == "open" and not isinstance(term, (Num, Decimal)) and self.indexes():
            self.advance()
            term = Entry.make(None, (term, *self.arguments(t)), self.since(start))
            t = self.token
        if (t.kind == "operator" and t.text in ("^", "_", "'", "!")) or (t.text == "{" and self.peek().text in ("}", "_", "^")):
            while self.is_operator("!"):
                self.advance()
                term = Fn.make("factorial", (term,), self.since(start))
            scripts = read_scripts(self)
            if scripts.has_low:
                term = self.entry_of(term, scripts.low, scripts.low_terms, start)
            for _ in range(scripts.primes):
                term = self._primed(term, start)
            term = raised(self, term, scripts, start)
            while self.is_operator("!"):
                self.advance()
                term = Fn.make("factorial", (term,), self.since(start))
        return term

    def entry_of(self, term: Term, low: str | None, terms: list[Term], start: int) -> Term:
        """An entry of a term in brackets, or a letter in braces with a further subscript."""
        span = self.since(start)
        if isinstance(term, (Num, Decimal)):
            raise self.error("a number has no subscript", span, "write an indicator as \\mathbb{1}_{i = j}")
        if isinstance(term, Sym) and low is not None and "(" not in term.name:
            return self.names.subscripted(term.name, low, span)
        if low is not None:
            letters = len(low) > 1 and low.isalpha() and not self.names.declared(low)
            terms = [self.names.symbol(part, span) for part in (low if letters else (low,)) if not part.isdigit()] or [
                Num(int(low))
            ]
        if isinstance(term, Sym):
            self.names.families.add(term.name)
        return Entry.make(None, (term, *terms), span)

    def fills_group(self) -> bool:
        """Whether the bracket that opens here is closed right before the braces around it."""
        depth, ahead = 0, 0
        while (t := self.peek(ahead)).kind != "end":
            depth += (t.kind == "open") - (t.kind == "close")
            ahead += 1
            if depth == 0:
                return self.peek(ahead).text == "}"
        return False

    def unwraps(self) -> bool:
        """Whether the braces that come next hold one bracket: \\sigma{(x)}."""
        end = self.group_end(0)
        depth = 0
        for ahead in range(1, end):
            t = self.peek(ahead)
            depth += (t.kind == "open") - (t.kind == "close")
            if depth == 0:
                return ahead == end - 1
        return False

    def unwrap(self, closing: int | None = None) -> None:
        """Take the braces that come next away, up to the one so many tokens ahead."""
        del self.tokens[self.at + (self.group_end(0) if closing is None else closing)]
        del self.tokens[self.at]
        self.token = self.tokens[self.at]

    def indexes(self) -> bool:
        """Whether the [ … ] that comes next is an index, as in code: it follows at once, and holds a comma or one letter."""
        if self.at == 0 or self.tokens[self.at - 1].end != self.token.start:
            return False
        depth, ahead, comma = 0, 0, False
        while (t := self.peek(ahead)).kind != "end":
            depth += (t.kind == "open") - (t.kind == "close")
            if depth == 0:
                break
            if t.text == "_":
                return False
            comma = comma or (depth == 1 and t.text == ",")
            ahead += 1
        return comma or (ahead == 2 and self.peek(1).kind in ("name", "number"))

    def _primed(self, term: Term, start: int) -> Term:
        """(u)' is the derivative by the only letter of u."""
        span = self.since(start)
        letters = sorted(term.free)
        if len(letters) != 1:
            raise self.error("it is not clear by which letter this prime differentiates", span, "write \\frac{d}{dx}(…)")
        self.convention(f"the prime is taken as the derivative by {letters[0]}", span)
        return Derivative.make((letters[0], 1), (term, Sym(letters[0])), span)

    # ---------------------------------------------------------------------------------------------------- brackets
    def _bracket(self) -> Term:
        t = self.token
        if t.text == "\\lvert" or t.text == "\\lVert":
            return self._bars()
        if t.text in "⌊⌈":
            self.advance()
            return self.scripted(Fn("floor" if t.text == "⌊" else "ceil", *self.arguments(t)).at(self.since(t.start)), t.start)
        if t.text == "⟨":
            self.advance()
            return self.scripted(Fn("inner", *self.arguments(t)).at(self.since(t.start)), t.start)
        if t.text == "{" and self.peek().text == "}":
            self.advance()
            self.advance()
            if not self.starts_operand():
                raise self.unexpected()
            return self.expression(FACTOR)
        if t.text == "{" and self.peek().kind == "command" and self.peek().text in KINDS:
            ahead = 2
            while self.peek(ahead).text in ("_", "^"):
                ahead = self.group_end(ahead + 1) + 1 if self.peek(ahead + 1).text == "{" else ahead + 2
            if self.peek(ahead).text == "}":
                self.unwrap(ahead)
                return big_operator(self)
        if t.text == "\\{" and self.peek().text.startswith("begin:"):
            self.advance()
            term = cases(self)
            if self.token.text in ("right.", "\\}"):
                self.advance()
            return term
        term = self.bracket()
        if isinstance(term, CONDITIONS) and t.text == "[":
            term = Indicator.make(None, (term,), self.since(t.start))
        if t.text == "{" and self.token.kind == "open" and self.token.text == "(" and isinstance(term, Sym):
            applied = applied_letter(self, term.name, t.start)
            if applied is not None:
                return applied
        return self.scripted(term, t.start)

    def _bars(self) -> Term:
        """|u| and ‖u‖, with the norm's letter below it."""
        opened = self.token
        if opened.kind == "open":
            self.advance()
            bars, self.bars = self.bars, []
            term = self.expression(ANYTHING)
            self.bars = bars
            self.expect(CLOSING[opened.text], opened)
            term = Fn.make("abs" if opened.text == "\\lvert" else "norm", (term,), self.since(opened.start))
        else:
            term = self.between_bars()
        if not (self.token.kind == "operator" and self.token.text in ("_", "^", "'")):
            return term
        scripts = read_scripts(self)
        if scripts.has_low:
            span = self.since(opened.start)
            if term.data != "norm":
                raise self.error("only a norm has a letter below it", span, "write ‖x‖_2 as \\|x\\|_2")
            if scripts.low == "F":
                term = Fn.make("frobenius", term.children, span)
            elif scripts.low != "2":
                order = self.names.symbol(scripts.low, span) if scripts.low and not scripts.low.isdigit() else None
                order = order or (Num(int(scripts.low)) if scripts.low else scripts.low_terms[0])
                term = Fn.make("norm", (*term.children, order), span)
        return raised(self, term, scripts, opened.start)

    def argument(self) -> Term:
        """The argument of a command: { … }, one digit, one letter, or one command."""
        t = self.token
        if t.kind == "open" and t.text == "{":
            return self.bracket()
        if t.kind == "number":
            digit = self.digit()
            return Num.make(int(digit.text), (), self.span(digit))
        if t.kind == "name":
            self.advance()
            return self.names.symbol(t.text, self.span(t))
        if t.kind == "command" and (t.text in _COMMANDS or t.text.startswith("accent:")):
            return self.operand(FACTOR)
        if t.kind == "function":
            return function(self)
        raise self.unexpected("write the argument in braces")

    def digit(self) -> Token:
        """The first digit of the number that stands here: `\\frac12` is one half."""
        t = self.token
        if len(t.text) == 1:
            return self.advance()
        if not t.text[0].isdigit():
            raise self.unexpected("write the argument in braces")
        first = Token("number", t.text[0], t.start, t.start + 1)
        rest = Token("number", t.text[1:], t.start + 1, t.end)
        self.tokens[self.at] = rest
        self.token = rest
        self.tokens.insert(self.at, first)
        self.token = first
        return self.advance()

    def group_end(self, ahead: int) -> int:
        """How many tokens ahead the braces that open so many tokens ahead are closed."""
        depth = 0
        while (t := self.peek(ahead)).kind != "end":
            if t.kind == "open" and t.text == "{":
                depth += 1
            elif t.kind == "close" and t.text == "}":
                depth -= 1
                if depth == 0:
                    return ahead
            ahead += 1
        return ahead

    # ---------------------------------------------------------------------------------------------------- commands
    def _sqrt(self) -> Term:
        t = self.advance()
        degree: Term | None = None
        if self.token.kind == "open" and self.token.text == "[":
            degree = self.bracket()
        radicand = self.argument()
        span = self.since(t.start)
        term = Fn.make("root", (radicand, degree), span) if degree is not None else Fn.make("sqrt", (radicand,), span)
        return self.scripted(term, t.start)

    def _binom(self) -> Term:
        t = self.advance()
        top, bottom = self.argument(), self.argument()
        return self.scripted(Fn.make("binomial", (top, bottom), self.since(t.start)), t.start)

    def _brace(self) -> Term:
        r"""\underbrace{u}_{remark}: u."""
        t = self.advance()
        term = self.argument()
        if self.token.kind == "operator" and self.token.text in ("_", "^"):
            remark = self.advance()
            end = self.group_end(0) if self.token.text == "{" else 0
            for _ in range(end + 1):
                self.advance()
            self.convention("the remark at the brace is no part of the formula", self.since(remark.start))
        return term.at(self.since(t.start))

    def _box(self) -> Term:
        self.advance()
        return self.argument()

    def _not(self) -> Term:
        t = self.advance()
        return Not.make(None, (self.expression(RELATION),), self.since(t.start))


_COMMANDS: Final[dict[str, Callable[[LatexParser], Term]]] = {
    "frac": fraction,
    "∂": partial,
    "nabla": gradient,
    "sqrt": LatexParser._sqrt,
    "binom": LatexParser._binom,
    "sum": big_operator,
    "prod": big_operator,
    "integral": big_operator,
    "limit": big_operator,
    "expectation": expectation,
    "one": one,
    "brace": LatexParser._brace,
    "box": LatexParser._box,
    "not": LatexParser._not,
}
