"""Terms as plain maths, the way they are typed: `plain(t)` is read back as the same term."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from symderiv.terms.notation import Notation, written
from symderiv.terms.term import Binder, DescendingProduct, Expectation, Integral, Lambda, Limit, Product, Sum, Term


def plain(term: Term) -> str:
    """The term as it is typed on a keyboard, with no more brackets than reading it back needs.

    >>> from symderiv.terms import Add, Derivative, Div, Fn, Mul, Neg, Num, Pow, Sym
    >>> a, b, x = Sym("a"), Sym("b"), Sym("x")
    >>> plain(Div(Num(1), Add(Num(1), Fn("exp", Neg(x)))))
    '1/(1 + exp(-x))'
    >>> plain(Mul(Div(a, b), x)), plain(Div(a, Mul(b, x))), plain(Mul(a, Div(b, x)))
    ('a/b*x', 'a/(b*x)', 'a*(b/x)')
    >>> plain(Neg(Mul(a, b))), plain(Mul(Neg(a), b)), plain(Pow(Neg(a), Num(2)))
    ('-a*b', '(-a)*b', '(-a)^2')
    >>> plain(Derivative(Pow(x, Num(2)), x))
    'd/dx (x^2)'
    """
    return written(term, PLAIN)


def _call(name: str) -> dict[frozenset[str], str]:
    """name(body, index, low, high, where) with what is given; `where` names the condition that the index obeys."""
    return {
        frozenset(): f"{name}(#1, #2)",
        frozenset({"low"}): f"{name}(#1, #2, #3)",
        frozenset({"high"}): f"{name}(#1, #2, high = #4)",
        frozenset({"where"}): f"{name}(#1, #2, where #5)",
        frozenset({"low", "high"}): f"{name}(#1, #2, #3, #4)",
        frozenset({"low", "where"}): f"{name}(#1, #2, #3, where #5)",
        frozenset({"high", "where"}): f"{name}(#1, #2, high = #4, where #5)",
        frozenset({"low", "high", "where"}): f"{name}(#1, #2, #3, #4, where #5)",
    }


_NAMES: Final[dict[type[Binder], str]] = {
    Sum: "sum",
    Product: "prod",
    DescendingProduct: "descending_prod",
    Integral: "integral",
    Expectation: "expectation",
    Limit: "limit",
    Lambda: "function",
}

PLAIN: Final = Notation(
    symbol=lambda name: name,
    function=lambda name: name,
    constants=MappingProxyType({}),
    relations=MappingProxyType({"=": "=", "≠": "!=", "<": "<", "≤": "<=", ">": ">", "≥": ">="}),
    stacked=False,
    raised=False,
    derivative_brackets=True,
    negation="not #1",
    binders=MappingProxyType({kind: MappingProxyType(_call(name)) for kind, name in _NAMES.items()}),
)
"""The table of plain maths."""
