"""Terms on one line of Unicode, for terminals.

>>> from symderiv.terms import Add, Div, Fn, Mul, Neg, Num, Pow, Sym
>>> x = Sym("x")
>>> text(Div(Fn("exp", Neg(x)), Pow(Add(Num(1), Fn("exp", Neg(x))), Num(2))))
'e^(−x)/(1 + e^(−x))²'
>>> text(Mul(Num(2), Sym("alpha_1"), Fn("sqrt", Add(Num(1), x))))
'2α₁·√(1 + x)'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from symderiv.terms import DescendingProduct, Expectation, Integral, Lambda, Limit, Num, Product, Sum, Term
from symderiv.terms.notation import Form, Level, written
from symderiv.terms.plain import PLAIN
from symderiv.write.notations.latex import differentiated, scripts
from symderiv.write.notations.names import renaming, subscripted, text_symbol

_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _small(exponent: Term) -> str | None:
    return str(exponent.value).translate(_RAISED) if isinstance(exponent, Num) else None


TEXT: Final = replace(
    PLAIN,
    symbol=text_symbol,
    function=text_symbol,
    constants=MappingProxyType({"pi": "π", "e": "e", "oo": "∞"}),
    relations=MappingProxyType({"=": "=", "≠": "≠", "<": "<", "≤": "≤", ">": ">", "≥": "≥"}),
    minus="−",
    juxtaposed="·",
    dot="·",
    coefficient="",
    exponents=_small,
    forms=MappingProxyType(
        {
            "exp": Form("e^#1", Level.POWER, Level.ATOM),
            "sqrt": Form("√#1", Level.ATOM, Level.ATOM),
            "abs": Form("|#1|"),
            "norm": Form("‖#1‖"),
            "frobenius": Form("‖#1‖_F"),
            "inner": Form("⟨#1, #2⟩"),
            "differential": Form("d#1", Level.POWER, Level.ATOM),
            "trace": Form("tr(#1)"),
            "in": Form("#1 ∈ #2", Level.RELATION),
            "vectors": Form("ℝ^#1", needs=Level.ATOM),
            "matrices": Form("ℝ^(#1×#2)", needs=Level.PRODUCT),
            "integers": Form("{#1, …, #2}"),
            "transpose": Form("#1ᵀ", Level.POWER, Level.ATOM),
            "inverse": Form("#1⁻¹", Level.POWER, Level.ATOM),
            "hadamard": Form("#1 ⊙ #2", Level.NEGATIVE, Level.FRACTION),
        }
    ),
    entry_joint=",",
    low=subscripted,
    layer="#1^(#2)",
    high_prime="#1^(#2)#3",
    partial_marks=differentiated,
    partial_prime="∂[#2]#1#3",
    derivative_brackets=False,
    derivative_body=Level.POWER,
    partial="∂",
    quotient="#4#2/#4#1",
    high_quotient="#4^#3 #2/#4#1^#3",
    at_point="#1 at #2 = #3",
    ellipsis="⋯",
    binders=MappingProxyType(
        {
            Sum: scripts("Σ", "[#]", "^#", body=" (#1)"),
            Product: scripts("∏", "[#]", "^#", body=" (#1)"),
            DescendingProduct: scripts("∏", "[#]", "^#", body=" (#1)"),
            Limit: scripts("lim", "[#]", "^(#)", joint=" → ", body=" (#1)"),
            Integral: scripts("∫", "[#]", "^(#)", index=False, body=" (#1)", after=" d#2"),
            Expectation: scripts("E", "[#]", "^(#)", body="[#1]"),
            Lambda: MappingProxyType(dict.fromkeys(scripts("", "", ""), "#2 ↦ #1")),
        }
    ),
    chains=True,
    cases="{ #1 }",
    case_joint="; ",
    indicator="1[#1]",
)
"""The table of one-line Unicode: plain maths with the signs of print."""


def text(term: Term, names: Mapping[str, str] | None = None) -> str:
    """The term on one line of Unicode; `names` gives functions and letters other names."""
    return written(term, renaming(TEXT, names or {}))
