r"""LaTeX formulas: `\frac{\partial f_j}{\partial z_k}`, `\sum_{k=1}^{K} e^{z_k}`, `W^{(l)} a^{(l-1)}`, `\begin{cases} … \end{cases}`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from symderiv.read.binders import KINDS, bind, derivative_by, scope_of_derivative
from symderiv.read.environments import cases, matrix
from symderiv.read.latex_functions import applied_letter, function, letter
from symderiv.read.parser import ANYTHING, FACTOR, PRODUCT, RELATION, SUM, Parser
from symderiv.read.scripts import raised, read_scripts
from symderiv.read.tokens import CLOSING, RELATIONS, Token
from symderiv.terms import (
    CONDITIONS,
    Decimal,
    Derivative,
    Div,
    Entry,
    Expectation,
    Fn,
    Indicator,
    Not,
    Num,
    Pow,
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
            return self._one(t)
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

    def indexes(self) -> bool:
        """Whether the [ … ] that comes next is an index, as in code: it follows at once, and holds a comma or one letter."""
        if self.at == 0 or self.tokens[self.at - 1].end != self.token.start:
            return False
        depth, ahead = 0, 0
        while (t := self.peek(ahead)).kind != "end":
            depth += (t.kind == "open") - (t.kind == "close")
            if depth == 0:
                break
            if depth == 1 and t.text == ",":
                return True
            ahead += 1
        return ahead == 2 and self.peek(1).kind in ("name", "number")

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

    # ---------------------------------------------------------------------------------------------------- commands
    def _frac(self) -> Term:
        t = self.advance()
        sign = self._derivative_sign()
        if sign is not None:
            return self._leibniz(t, sign)
        top = self.argument()
        bottom = self.argument()
        return self.scripted(Div.make(None, (top, bottom), self.since(t.start)), t.start)

    def _derivative_sign(self) -> str | None:
        """`d` or `∂` if the two groups that come next are those of a derivative."""
        first = self._sign_at(1) if self.token.text == "{" else None
        if first is None:
            if self.token.text in ("d", "∂") and self.peek().text == "{":
                first, end = self.token.text, 0
            else:
                return None
        else:
            end = self._group_end(0)
        below = self.peek(end + 1)
        if below.text != "{" or self._sign_at(end + 2) != first:
            return None
        follows = self.peek(end + 3)
        if self.peek(end + 2).text == "{":
            return first
        if follows.kind in ("name", "open") or (follows.kind == "command" and follows.text.startswith("accent:")):
            return first if follows.text != "}" else None
        return None

    def _sign_at(self, ahead: int) -> str | None:
        t = self.peek(ahead)
        if t.text == "{" and self.peek(ahead + 2).text == "}":
            t = self.peek(ahead + 1)
        if (t.kind == "name" and t.text == "d") or (t.kind == "command" and t.text == "∂"):
            return t.text
        return None

    def _group_end(self, ahead: int) -> int:
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

    def _skip_sign(self) -> None:
        if self.token.text == "{":
            self.advance()
            self.advance()
        self.advance()

    def _leibniz(self, t: Token, sign: str) -> Term:
        r"""\frac{\partial^2 f}{\partial x \partial y}, \frac{d}{dx} …"""
        order, body = 1, None
        if self.token.text == "{":
            opened = self.advance()
            self._skip_sign()
            if self.is_operator("^"):
                self.advance()
                power = self.argument()
                if not isinstance(power, Num) or power.value < 1:
                    raise self.error(
                        "the order of a derivative is read as a number only", self.since(t.start), "write the order as a number"
                    )
                order = power.value
            if self.token.text != "}":
                body = self.expression(ANYTHING)
            self.expect("}", opened)
        else:
            self.advance()
        opened = self.advance()
        variables: list[tuple[Term, int]] = []
        while self.token.text != "}":
            if self._sign_at(0) != sign:
                raise self.unexpected(f"every letter of a mixed derivative has its own {sign}")
            self._skip_sign()
            variable = self.expression(FACTOR)
            times = 1
            match variable:
                case Pow(base, Num(n)) if order > 1 and 1 <= n <= order:
                    variable, times = base.at(variable.span), n
            variables.append((variable, times))
        self.expect("}", opened)
        total = sum(n for _, n in variables)
        if total != order:
            raise self.error(f"the orders differ: {order} above, {total} below", self.since(t.start), "write them alike")
        if body is None:
            body = scope_of_derivative(self, t)
            after = False
        else:
            after = True
            if (
                isinstance(body, Sym)
                and not self.names.declared(body.name)
                and body.name not in {str(v.data) for v, _ in variables}
            ):
                self.convention(f"{body.name} is taken to depend on what it is differentiated by", self.since(t.start))
        for variable, n in reversed(variables):
            body = derivative_by(self, body, variable, n, t)
        return self.scripted(body, t.start) if after else body

    def _partial(self) -> Term:
        r"""\partial_x f, and \partial f / \partial x in one line."""
        t = self.advance()
        if self.is_operator("_"):
            self.advance()
            variable = self.argument()
            return derivative_by(self, scope_of_derivative(self, t), variable, 1, t)
        body = self.expression(FACTOR) if not self.is_operator("/") else None
        if not (self.is_operator("/") and self.peek().text == "∂"):
            raise self.error("this ∂ is no derivative", t, "write \\frac{\\partial f}{\\partial x}")
        self.advance()
        self.advance()
        variable = self.expression(FACTOR)
        return derivative_by(self, body if body is not None else scope_of_derivative(self, t), variable, 1, t)

    def _nabla(self) -> Term:
        t = self.advance()
        scripts = read_scripts(self)
        second = scripts.high == [("power", Num(2))]
        if (scripts.high and not second) or scripts.primes:
            raise self.error("this script of ∇ is not read", self.since(t.start), "write \\nabla_W L")
        body = scope_of_derivative(self, t)
        if not scripts.has_low:
            return Fn.make("hessian" if second else "gradient", (body,), self.since(t.start))
        low = scripts.low
        variable = self.names.symbol(low, self.since(t.start)) if low is not None else scripts.low_terms[0]
        return derivative_by(self, body, variable, 2 if second else 1, t)

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

    def _big(self) -> Term:
        """Σ, ∏, ∫, lim with what stands below and above."""
        t = self.advance()
        low, high = self._bounds()
        if t.text == "integral":
            return self._integral(t, low, high)
        if low is None:
            low = self._index_of_summand(t)
        if t.text == "limit":
            match low:
                case Fn("tends_to", (Sym(name), point)):
                    body = self.expression(PRODUCT)
                    return KINDS["limit"].make((name, ("low",)), (body, point), self.since(t.start))
            raise self.error("this limit does not say where its letter goes", self.since(t.start), "write \\lim_{x \\to 0}")
        if self.token.kind == "end" or self.token.kind == "close":
            raise self.error("this sum is taken of nothing", t, "write the summand")
        return bind(self, KINDS[t.text], t, low, high, lambda: self.expression(PRODUCT))

    def _bounds(self) -> tuple[Term | None, Term | None]:
        low: Term | None = None
        high: Term | None = None
        while self.token.kind == "operator" and self.token.text in ("_", "^"):
            sign = self.advance()
            if self.token.text == "{" and self.peek().text == "}":
                self.advance()
                self.advance()
                continue
            value = self._below() if sign.text == "_" else self.argument()
            if (low if sign.text == "_" else high) is not None:
                raise self.error("two bounds stand here", sign, "write one below and one above")
            if sign.text == "_":
                low = value
            else:
                high = value
        return low, high

    def _index_of_summand(self, t: Token) -> Term:
        """The only index letter below a letter of the summand, for a sum that does not say what it runs over."""
        depth, ahead = 0, 0
        found: set[str] = set()
        while (u := self.peek(ahead)).kind != "end":
            depth += (u.kind == "open") - (u.kind == "close")
            if depth < 0 or (depth == 0 and ahead and u.kind == "operator" and u.text in ("+", "-", *RELATIONS)):
                break
            below = self.peek(ahead + 2) if self.peek(ahead + 1).text == "{" else self.peek(ahead + 1)
            if u.text == "_" and below.kind == "name" and below.text in "ijklmnt" and below.text not in self.names.bound:
                found.add(below.text)
            ahead += 1
        if len(found) != 1:
            raise self.error("this has no index", t, f"write the index below it: \\{t.text}_{{k=1}}^{{n}}")
        (name,) = found
        self.convention(f"the index is taken to be {name}, the only one in what follows", self.span(t))
        return Sym(name)

    def _below(self) -> Term:
        """What stands below a big operator: one index, or several with commas or in rows."""
        opened = self.token
        if opened.text != "{":
            return self.argument()
        self.advance()
        wrapped = self.token.kind == "command" and self.token.text == "substack"
        inner = opened
        if wrapped:
            self.advance()
            inner = self.advance()
        parts = [self.expression(ANYTHING)]
        while self.is_operator(",") or self.token.kind == "row" or self.is_operator(":") or self.is_operator(";"):
            self.advance()
            parts.append(self.expression(ANYTHING))
        if wrapped:
            self.expect("}", inner)
        self.expect("}", opened)
        return parts[0] if len(parts) == 1 else Fn.make("tuple", tuple(parts), self.since(opened.start))

    def _integral(self, t: Token, low: Term | None, high: Term | None) -> Term:
        depth, inner, ahead = 0, 0, 0
        while (u := self.peek(ahead)).kind != "end":
            if u.kind == "open":
                depth += 1
            elif u.kind == "close":
                depth -= 1
                if depth < 0:
                    break
            elif depth == 0 and u.kind == "command" and u.text == "integral":
                inner += 1
            elif depth == 0 and u.kind == "name" and u.text == "d" and self.peek(ahead + 1).kind in ("name", "command"):
                if inner == 0:
                    break
                inner -= 1
            ahead += 1
        if u.text != "d":
            raise self.error("this integral has no dx", t, "write the letter it is taken over at its end: \\, dx")
        place = self.at + ahead
        self.tokens[place] = replace(u, kind="command", text="differential")
        variable_first = ahead == 0
        if variable_first:
            self.token = self.tokens[self.at]
            body = None
        else:
            body = self.expression(SUM)
            if self.at != place:
                raise self.unexpected()
        self.advance()
        variable = self.token
        term = letter(self, applies=False)
        if not isinstance(term, Sym):
            raise self.error("an integral is taken over a letter", variable, "name the variable by one letter")
        if body is None:
            body = self.expression(PRODUCT)
        given = {"low": low, "high": high}
        roles = tuple(role for role, bound in given.items() if bound is not None)
        children = (body, *(bound for bound in given.values() if bound is not None))
        return KINDS["integral"].make((term.name, roles), children, self.since(t.start))

    def _expectation(self) -> Term:
        t = self.advance()
        low: Term | None = None
        if self.is_operator("_"):
            self.advance()
            low = self._below()
        opened = self.token
        index, where = None, None
        match low:
            case Sym(name):
                index = name
            case Fn("distributed" | "in", (Sym(name), _)):
                index, where = name, low
        if opened.kind == "open" and opened.text in ("[", "(", "\\{", "{"):
            self.advance()
            arguments = self.arguments(opened)
            if len(arguments) != 1:
                raise self.error("an expectation is taken of one term", self.since(t.start), "write \\mathbb{E}[…]")
            body = arguments[0]
        else:
            body = self.expression(FACTOR)
        span = self.since(t.start)
        term: Term
        if index is not None:
            term = Expectation.make(
                (index, ("where",) if where is not None else ()), (body, *((where,) if where is not None else ())), span
            )
        else:
            term = Fn.make("expectation", (body,) if low is None else (body, low), span)
        return self.scripted(term, t.start)

    def _one(self, first: Token | None = None) -> Term:
        r"""\mathbb{1}[c], 1_{c}: an indicator; \mathbf{1}_n: the vector of ones."""
        t = first or self.advance()
        if self.is_operator("_"):
            self.advance()
            if self.token.text == "{":
                opened = self.advance()
                bracketed = self.token if self.token.kind == "open" and self.token.text in ("\\{", "[", "(") else None
                if bracketed:
                    self.advance()
                term = self.expression(ANYTHING)
                if bracketed:
                    self.expect(CLOSING[bracketed.text], bracketed)
                self.expect("}", opened)
            else:
                term = self.argument()
            return self.scripted(self._indicator(term, t, "ones"), t.start)
        if self.token.kind == "open" and self.token.text in ("[", "(", "\\{", "{"):
            save = self.at
            term = self.bracket()
            if isinstance(term, (*CONDITIONS, Indicator)) or (isinstance(term, Fn) and term.name in ("in", "not_in")):
                return self.scripted(term if isinstance(term, Indicator) else self._indicator(term, t, ""), t.start)
            self.at = save
            self.token = self.tokens[save]
        return self.scripted(Fn.make("ones", (), self.span(t)), t.start)

    def _indicator(self, term: Term, t: Token, otherwise: str) -> Term:
        if isinstance(term, CONDITIONS) or (isinstance(term, Fn) and term.name in ("in", "not_in")):
            if term.data == "=" and len(term.children) == 2:
                self.names.shown_index(*term.children)
            return Indicator.make(None, (term,), self.since(t.start))
        if otherwise:
            return Fn.make(otherwise, (term,), self.since(t.start))
        raise self.error("an indicator is of a condition", self.since(t.start), "write \\mathbb{1}[x > 0]")

    def _brace(self) -> Term:
        r"""\underbrace{u}_{remark}: u."""
        t = self.advance()
        term = self.argument()
        if self.token.kind == "operator" and self.token.text in ("_", "^"):
            remark = self.advance()
            end = self._group_end(0) if self.token.text == "{" else 0
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
    "frac": LatexParser._frac,
    "∂": LatexParser._partial,
    "nabla": LatexParser._nabla,
    "sqrt": LatexParser._sqrt,
    "binom": LatexParser._binom,
    "sum": LatexParser._big,
    "prod": LatexParser._big,
    "integral": LatexParser._big,
    "limit": LatexParser._big,
    "expectation": LatexParser._expectation,
    "one": LatexParser._one,
    "brace": LatexParser._brace,
    "box": LatexParser._box,
    "not": LatexParser._not,
}
