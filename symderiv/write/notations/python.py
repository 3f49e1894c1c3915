"""Terms as expressions of Python over NumPy and SciPy, evaluated for floats and arrays alike.

>>> from symderiv.read import read_plain
>>> python(read_plain("exp(-x^2/2) + max(0, x)"))
'numpy.exp(-(x**2/2)) + numpy.maximum(0, x)'
>>> python(read_plain("cases(x if x > 0, -x otherwise)"), numpy="np")
'np.where(x > 0, x, -x)'
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import Final

from symderiv.errors import SymderivError
from symderiv.terms import (
    FUNCTIONS,
    Add,
    And,
    Cases,
    Const,
    Decimal,
    Div,
    Fn,
    Indicator,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Relation,
    Sym,
    Term,
    Truth,
)

SUM, MATRIX_PRODUCT, PRODUCT, SIGN, POWER, ATOM = range(6)
"""How tightly the parts of an expression hold together, from loose to tight; `@` as if it were looser than `*`, to be read with ease."""

Written = tuple[str, int]
"""An expression and how tightly it holds together."""

_RELATIONS: Final = {"=": "==", "≠": "!=", "≤": "<=", "≥": ">="}
EXACT: Final = {
    "expit": "scipy.special.expit",
    "erfc": "scipy.special.erfc",
    "log1p": "numpy.log1p",
    "expm1": "numpy.expm1",
    "logaddexp": "numpy.logaddexp",
}
"""Functions of the numerical libraries that are right where their formulas overflow or cancel."""


def python(term: Term, *, numpy: str = "numpy", known: Mapping[Term, str] | None = None) -> str:
    """The expression; subterms in `known` are written by the names that they have there.

    Raises SymderivError for what is no scalar formula: derivatives, sums over letters, entries.
    """
    written, _ = python_with(term, {t: (name, ATOM) for t, name in (known or {}).items()})
    return written if numpy == "numpy" else written.replace("numpy.", f"{numpy}.")


def python_with(term: Term, known: Mapping[Term, Written]) -> Written:
    """The expression with the texts of subterms put in, and how tightly it holds together."""
    return _Writer(known).of(term)


def condition_with(term: Term, known: Mapping[Term, Written]) -> str:
    """A condition with the texts of subterms put in."""
    return _Writer(known).condition(term)


class _Writer:
    def __init__(self, known: Mapping[Term, Written]) -> None:
        self.known = known

    def of(self, t: Term) -> Written:
        if t in self.known:
            return self.known[t]
        match t:
            case Num(n):
                return str(n), ATOM
            case Decimal(text):
                return text, ATOM
            case Const("pi" | "e" as name):
                return f"numpy.{name}", ATOM
            case Sym(name):
                return name, ATOM
            case Add(parts):
                text = self.at(parts[0], SUM)
                for p in parts[1:]:
                    text += f" - {self.at(p.arg, MATRIX_PRODUCT)}" if isinstance(p, Neg) else f" + {self.at(p, MATRIX_PRODUCT)}"
                return text, SUM
            case Mul(parts):
                first, *others = parts
                return "*".join([self.at(first, PRODUCT), *(self.at(p, SIGN) for p in others)]), PRODUCT
            case Div(a, b):
                return f"{self.at(a, PRODUCT)}/{self.at(b, POWER)}", PRODUCT
            case Neg(a):
                return f"-{self.at(a, POWER)}", SIGN
            case Pow(a, b):
                return f"{self.at(a, ATOM)}**{self.at(b, ATOM)}", POWER
            case Fn(name, parts):
                return self.function(name, [self.of(p)[0] for p in parts]), ATOM
            case Cases(pieces):
                return self.cases(pieces), ATOM
            case Indicator(condition):
                return f"numpy.where({self.condition(condition)}, 1, 0)", ATOM
        raise SymderivError(f"{t} is not written as a Python expression", t.span)

    def at(self, t: Term, level: int) -> str:
        text, own = self.of(t)
        return text if own >= level else f"({text})"

    def function(self, name: str, parts: list[str]) -> str:
        row = FUNCTIONS.get(name)
        written = EXACT.get(name, name) if row is None else row.numpy
        if "{0}" in written:
            return "(" + written.format(*parts) + ")"
        if name in ("max", "min") and len(parts) > 2:
            return f"{written}({parts[0]}, {self.function(name, parts[1:])})"
        return f"{written}({', '.join(parts)})"

    def cases(self, pieces: tuple[tuple[Term, Term], ...]) -> str:
        text = "numpy.nan"
        for value, condition in reversed(pieces):
            v = self.of(value)[0]
            text = v if isinstance(condition, Truth) else f"numpy.where({self.condition(condition)}, {v}, {text})"
        return text

    def condition(self, t: Term) -> str:
        match t:
            case Relation(op, a, b):
                return f"{self.at(a, SUM)} {_RELATIONS.get(op, op)} {self.at(b, SUM)}"
            case And(parts) | Or(parts):
                sign = " & " if isinstance(t, And) else " | "
                return sign.join(f"({self.condition(p)})" for p in parts)
            case Not(a):
                return f"~({self.condition(a)})"
            case Truth():
                return "True"
        raise SymderivError(f"{t} is not written as a Python condition", t.span)


def identifier(name: str) -> str:
    """A name that Python accepts for a letter.

    >>> identifier("lambda"), identifier("hat(y)_1")
    ('lambda_', 'hat_y_1')
    """
    plain_name = re.sub(r"[\W_]+", "_", name).strip("_") or "letter"
    return f"{plain_name}_" if keyword.iskeyword(plain_name) else plain_name
