"""Plain maths, as it is typed: `1/(1+exp(-x))`, `sum(z[k], k, 1, n)`, `d/dx (x^2)`, `cases(x if x > 0, 0 otherwise)`."""

from __future__ import annotations

from typing import Final

from symderiv.errors import UnknownName
from symderiv.read.binders import KINDS, bind, derivative_by, scope_of_derivative
from symderiv.read.calls import CALLS, applied
from symderiv.read.kinds import kind_of
from symderiv.read.names import canonical
from symderiv.read.parser import ANYTHING, FACTOR, PRODUCT, RELATION, Parser
from symderiv.read.tokens import Token
from symderiv.read.vocabulary import GREEK, INVERSE_FUNCTIONS, SOMETIMES_FUNCTIONS
from symderiv.terms import (
    ONE,
    Array,
    Decimal,
    Entry,
    Fn,
    Indicator,
    Neg,
    Not,
    Num,
    Pow,
    Prime,
    Sym,
    Term,
    Truth,
)

_POSTFIX: Final = frozenset(["^", "[", "(", "!", "'", "transposed"])
_ACCENTS: Final = frozenset(
    ["hat", "bar", "tilde", "dot", "ddot", "vec", "check", "star", "prime", "mathbb", "mathcal", "underline"]
)
_LETTERS: Final = frozenset(GREEK.values())


class PlainParser(Parser):
    """The operands of plain maths."""

    def starts_operand(self) -> bool:
        t = self.token
        if t.kind in ("number", "name"):
            return True
        if t.kind == "open":
            return t.text != "{"
        return t.kind == "operator" and (t.text == "√" or (t.text in ("|", "‖") and t.text not in self.bars))

    def applies_next(self) -> bool:
        return self.names.function(self.token.text) is not None or self.token.text in CALLS

    def operand(self, least: int) -> Term:
        t = self.token
        kind = t.kind
        if kind == "name":
            term = self._name()
        elif kind == "number":
            self.advance()
            if t.text == "1" and self.token.text == "[" and self.token.kind == "open" and not self.token.spaced:
                opened = self.advance()
                (condition,) = self.arguments(opened)
                term = Indicator.make(None, (condition,), self.since(t.start))
            elif t.text.isdigit():
                term = Num.make(int(t.text), (), self.span(t))
            else:
                term = Decimal.make(t.text, (), self.span(t))
        elif kind == "open":
            term = self._array() if t.text == "[" else self._bracketed()
        elif kind == "operator":
            if t.text in ("-", "+"):
                return self.minus(least)
            if t.text in ("|", "‖") and t.text not in self.bars:
                term = self.between_bars()
            elif t.text == "√":
                self.advance()
                return Fn.make("sqrt", (self.expression(FACTOR),), self.since(t.start))
            else:
                raise self.unexpected()
        elif kind == "command" and t.text == "not":
            self.advance()
            return Not.make(None, (self.expression(RELATION),), self.since(t.start))
        elif kind == "command" and t.text in CALLS and self.peek().text == "(":
            self.advance()
            term = CALLS[t.text].read(self, t)
        else:
            raise self.unexpected()
        return self._postfix(term, t.start) if self.token.text in _POSTFIX else term

    def _bracketed(self) -> Term:
        opened = self.token
        if opened.text in "⌊⌈":
            self.advance()
            arguments = self.arguments(opened)
            return Fn.make("floor" if opened.text == "⌊" else "ceil", tuple(arguments), self.since(opened.start))
        if opened.text == "⟨":
            self.advance()
            return Fn.make("inner", tuple(self.arguments(opened)), self.since(opened.start))
        if opened.text == "{":
            raise self.unexpected("plain maths groups with ( ); braces are LaTeX")
        return self.bracket()

    def _postfix(self, term: Term, start: int) -> Term:
        while True:
            t = self.token
            if t.kind == "operator" and t.text == "^":
                self.advance()
                if self.token.text == "T" and not self.names.declared("T") and kind_of(term, self.names.context) != "number":
                    self.advance()
                    term = Fn.make("transpose", (term,), self.since(start))
                    continue
                return self.power(term, self._exponent(), start)
            if t.kind == "open" and t.text == "[" and not t.spaced and not isinstance(term, (Num, Decimal)):
                self.advance()
                indices = self.arguments(t)
                if isinstance(term, Sym):
                    self.names.families.add(term.name)
                term = Entry.make(None, (term, *indices), self.since(start))
            elif t.kind == "operator" and t.text == "!":
                self.advance()
                term = Fn.make("factorial", (term,), self.since(start))
            elif t.kind == "operator" and t.text == "transposed":
                self.advance()
                term = Fn.make("transpose", (term,), self.since(start))
            elif t.kind == "operator" and t.text == "'":
                raise self.error("a prime stands behind the name of a function", t, "write f'(x), or d/dx (…)")
            else:
                return term

    def _exponent(self) -> Term:
        if self.is_operator("-") or self.is_operator("+"):
            return self.minus(FACTOR)
        return self.expression(FACTOR)

    def _array(self) -> Term:
        """[[a, b], [c, d]] is a matrix, [a, b] a column; [a] is a in brackets."""
        opened = self.token
        if self.peek().text != "[":
            self.advance()
            entries = self.arguments(opened)
            if len(entries) == 1:
                return entries[0].at(self.since(opened.start))
            return Array(*((e,) for e in entries)).at(self.since(opened.start))
        self.advance()
        rows: list[tuple[Term, ...]] = []
        while True:
            row = self.token
            if row.text != "[":
                raise self.unexpected("the rows of a matrix stand in brackets: [[a, b], [c, d]]")
            self.advance()
            rows.append(tuple(self.arguments(row)))
            if len(rows[-1]) != len(rows[0]):
                raise self.error("this row has another length than the first", row, "the rows of a matrix have one length")
            if not self.is_operator(","):
                break
            self.advance()
        self.expect("]", opened)
        return Array(*rows).at(self.since(opened.start))

    # -------------------------------------------------------------------------------------------------------- names
    def _name(self) -> Term:
        t = self.token
        name = t.text
        follows = self.peek()
        if name in ("d", "∂") or (name[0] == "d" and follows.text == "/") or name == "partial":
            derivative = self._derivative()
            if derivative is not None:
                return derivative
        self.advance()
        if follows.kind == "operator":
            if follows.text == "'":
                return self._primed(t)
            if follows.text == "^" and self.names.function(name) is not None and name not in CALLS:
                return self._raised_function(t)
            if follows.text == "_" and name in ("sum", "prod"):
                return self._big_operator(t)
        if follows.kind == "open" and follows.text == "(":
            return self._call(t)
        if name in ("sum", "prod", "sqrt", "log2", "log10", "cbrt") or (
            self.names.function(name) and name not in _LETTERS and not self._declared_value(name)
        ):
            if name in CALLS and name != "log2" and name != "log10" and name != "cbrt":
                raise self.error(f"{name} needs its arguments", t, f"write {CALLS[name].example}")
            if self.names.function(name) in self.names.context.sorts or name in self.names.context.sorts:
                return self.names.symbol(name, self.span(t))
            argument = self.bare_argument(t)
            return applied(self, t, name, [argument])
        if name == "true":
            return Truth.make(None, (), self.span(t))
        return self.names.symbol(name, self.span(t))

    def _declared_value(self, name: str) -> bool:
        return self.names.declared(name) and not self.names.context.is_function(name)

    def _call(self, t: Token) -> Term:
        """name(…): a call of the language, a function, or a product, by declaration first and habit second."""
        name = t.text
        names = self.names
        declared = names.context.is_function(name) or names.context.is_function(canonical(name))
        if name in CALLS and not declared and not names.declared(name):
            return CALLS[name].read(self, t)
        if (
            name in _ACCENTS
            and self.peek().kind == "name"
            and self.peek(2).text == ")"
            and name not in names.functions
            and not declared
        ):
            self.advance()
            inner = self.advance().text
            self.advance()
            accented = f"{name}({canonical(inner)})"
            if self.is_operator("_") and not self.token.spaced and self.peek().kind in ("name", "number"):
                self.advance()
                return names.symbol(f"{accented}_{self.advance().text}", self.since(t.start))
            return Sym.make(accented, (), self.since(t.start))
        known = names.function(name)
        if known is None and names.context.is_function(canonical(name)):
            known = canonical(name)
        if known is not None:
            opened = self.advance()
            return applied(self, t, known, self.arguments(opened))
        member = names.entry_of_function(name)
        if member is not None:
            opened = self.advance()
            function, index = member
            value = Fn.make(function, tuple(self.arguments(opened)), self.since(t.start))
            names.families.add(function)
            return Entry.make(None, (value, index), self.since(t.start))
        if names.usual_function(name) or (name in SOMETIMES_FUNCTIONS and not names.declared(name) and self._lists_letters()):
            self.convention(f"{name}(…) is taken as {name} applied to what stands in the brackets", self.span(t))
            opened = self.advance()
            return Fn.make(canonical(name), tuple(self.arguments(opened)), self.since(t.start))
        if (
            len(name.split("_")[0]) > 1
            and not names.declared(name)
            and canonical(name).split("_")[0] not in _LETTERS
            and len(canonical(name).split("_")[0]) > 1
        ):
            raise UnknownName.among("function", name, names.callable_names(), self.span(t))
        if not names.declared(canonical(name)):
            self.convention(f"{name}(…) is taken as a product", self.span(t))
        return names.symbol(name, self.span(t))

    def _lists_letters(self) -> bool:
        """Whether the bracket that comes next holds names, commas and bars only."""
        own = self.tokens[self.at - 1].text
        ahead = 1
        while (t := self.peek(ahead)).text != ")":
            if t.text == own or not (t.kind == "name" or t.text in (",", "|", ";", "'")):
                return False
            ahead += 1
        return ahead > 1

    def _primed(self, t: Token) -> Term:
        order = 0
        while self.is_operator("'"):
            self.advance()
            order += 1
        name = self.names.function(t.text) or canonical(t.text)
        if self.token.kind == "open" and self.token.text == "(":
            opened = self.advance()
            arguments = self.arguments(opened)
            if len(arguments) != 1:
                raise self.error("a prime is for a function of one variable", t, "write partial(f, 1, 0)(x, y)")
            return Prime.make((name, (order,)), (arguments[0],), self.since(t.start))
        definition = self.names.context.definitions.get(name)
        if definition is not None and len(definition.parameters) == 1:
            return Prime.make((name, (order,)), (Sym(definition.parameters[0]),), self.since(t.start))
        self.convention(f"{t.text}{chr(39) * order} is taken as a name of its own", self.since(t.start))
        return Sym.make(f"prime({name})" if order == 1 else f"prime{order}({name})", (), self.since(t.start))

    def _raised_function(self, t: Token) -> Term:
        """sin^2(x), sin^-1(x)."""
        name = self.names.function(t.text)
        assert name is not None
        self.advance()
        exponent = self._exponent()
        if self.token.kind == "open" and self.token.text == "(":
            opened = self.advance()
            arguments = self.arguments(opened)
        else:
            arguments = [self.bare_argument(t)]
        if exponent == Neg(ONE) and name in INVERSE_FUNCTIONS:
            return Fn.make(INVERSE_FUNCTIONS[name], tuple(arguments), self.since(t.start))
        return Pow.make(None, (Fn.make(name, tuple(arguments), self.since(t.start)), exponent), self.since(t.start))

    def _big_operator(self, t: Token) -> Term:
        """sum_{k=1}^n body, sum_k body."""
        self.advance()
        group = self.token
        if group.text in ("{", "("):
            self.advance()
            condition = self.expression(ANYTHING)
            self.expect("}" if group.text == "{" else ")", group)
        else:
            condition = self.expression(FACTOR)
        high: Term | None = None
        if self.is_operator("^"):
            self.advance()
            upper = self.token
            if upper.text == "{":
                self.advance()
                high = self.expression(ANYTHING)
                self.expect("}", upper)
            else:
                high = self._exponent()
        return bind(self, KINDS[t.text], t, condition, high, lambda: self.expression(PRODUCT))

    def _derivative(self) -> Term | None:
        """d/dx (…), d^2/dx^2 (…), ∂/∂z[k] (…), dz/dx, ∂z/∂x_1; None if that is not what stands here."""
        save = self.at
        t = self.token
        head = t.text
        if head == "partial" and self.peek().text == "(":
            return self._partial_prime()
        body: Term | None = None
        self.advance()
        sign, subject = ("∂", "") if head in ("∂", "partial") else ("d", head[1:])
        order = 1
        if self.is_operator("^") and not subject and self.peek().kind == "number" and self.peek().text.isdigit():
            self.advance()
            order = int(self.advance().text)
        if (sign == "∂" and self.token.kind == "name") or (
            sign == "d" and not subject and self.token.kind == "name" and self.peek().text == "/"
        ):
            body = self.expression(FACTOR)
        elif subject:
            if self.names.declared(head):
                return self._back(save)
            body = self.names.symbol(subject.removeprefix("_"), self.span(t))
        if not self.is_operator("/"):
            return self._back(save)
        self.advance()
        below = self.token
        if sign == "∂":
            if below.text not in ("∂", "partial"):
                return self._back(save)
            self.advance()
            name = self.token
            self.advance()
            variable = name.text
        else:
            if below.kind != "name" or below.text[0] != "d" or len(below.text) < 2 or self.names.declared(below.text):
                return self._back(save)
            self.advance()
            variable = below.text[1:].removeprefix("_")
        term = self.names.symbol(variable, self.since(below.start))
        if self.token.kind == "open" and self.token.text == "[" and not self.token.spaced:
            opened = self.advance()
            term = Entry.make(None, (Sym(canonical(variable)), *self.arguments(opened)), self.since(below.start))
        if order > 1:
            if not (self.is_operator("^") and self.peek().text == str(order)):
                raise self.error(f"the order {order} is missing below", self.since(below.start), f"write d^{order}/dx^{order}")
            self.advance()
            self.advance()
        if body is not None and self.is_operator("^"):
            return self._back(save)
        if body is None:
            body = scope_of_derivative(self, t)
        elif not self.names.declared(str(body.data)):
            self.convention(f"{self.since(t.start).text} is taken as a derivative", self.since(t.start))
        return derivative_by(self, body, term, order, t)

    def _back(self, place: int) -> Term | None:
        """Nothing was read: go back to where it started."""
        self.at = place
        self.token = self.tokens[place]
        return None

    def _partial_prime(self) -> Term | None:
        """partial(g, 0, 1)(u, v)."""
        t = self.token
        ahead = 2
        orders: list[int] = []
        if self.peek(2).kind != "name":
            return None
        name = self.peek(2).text
        ahead = 3
        while self.peek(ahead).text == "," and self.peek(ahead + 1).text.isdigit():
            orders.append(int(self.peek(ahead + 1).text))
            ahead += 2
        if self.peek(ahead).text != ")" or self.peek(ahead + 1).text != "(" or not orders:
            return None
        for _ in range(ahead + 1):
            self.advance()
        opened = self.advance()
        arguments = self.arguments(opened)
        if len(arguments) != len(orders):
            raise self.error("one order of differentiation for each argument", self.since(t.start))
        return Prime.make((canonical(name), tuple(orders)), tuple(arguments), self.since(t.start))
