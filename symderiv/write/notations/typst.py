"""Terms in Typst maths.

>>> from symderiv.terms import Div, Fn, Neg, Num, Add, Sym
>>> typst(Div(Num(1), Add(Num(1), Fn("exp", Neg(Sym("x"))))))
'frac(1, 1 + e^(-x))'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from symderiv.terms import FUNCTIONS, DescendingProduct, Expectation, Integral, Lambda, Limit, Product, Sum, Term
from symderiv.terms.notation import Form, Level, written
from symderiv.write.notations.latex import LATEX, scripts
from symderiv.write.notations.names import renaming, typst_function, typst_symbol

_BUILT_IN: Final = frozenset({"log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min", "arctan", "arcsin", "arccos"})


def _operator(latex_name: str) -> str:
    word = latex_name.removeprefix(r"\operatorname").strip("\\{}")
    return word if word in _BUILT_IN else f'op("{word}")'


TYPST: Final = replace(
    LATEX,
    symbol=typst_symbol,
    function=typst_function,
    constants=MappingProxyType({"pi": "pi", "e": "e", "oo": "infinity"}),
    relations=MappingProxyType({"=": "=", "≠": "!=", "<": "<", "≤": "<=", ">": ">", "≥": ">="}),
    tall_brackets="(#1)",
    tall=(),
    high=("frac(", "sum_", "product_", "integral", "cases(", "mat("),
    juxtaposed=" ",
    coefficient=" ",
    dot=" dot.op ",
    fraction="frac(#1, #2)",
    power="#1^(#2)",
    forms=MappingProxyType(
        {
            "exp": Form("e^(#1)", Level.POWER),
            "sqrt": Form("sqrt(#1)"),
            "root": Form("root(#2, #1)"),
            "abs": Form("abs(#1)"),
            "norm": Form("norm(#1)"),
            "frobenius": Form("norm(#1)_F"),
            "inner": Form("lr(chevron.l #1, #2 chevron.r)"),
            "differential": Form("dif #1", Level.POWER, Level.ATOM),
            "in": Form("#1 in #2", Level.RELATION),
            "vectors": Form("RR^(#1)"),
            "matrices": Form("RR^(#1 times #2)"),
            "integers": Form("{#1, dots, #2}"),
            "transpose": Form("#1^(top)", Level.POWER, Level.ATOM),
            "inverse": Form("#1^(-1)", Level.POWER, Level.ATOM),
            "hadamard": Form("#1 dot.circle #2", Level.NEGATIVE, Level.FRACTION),
            "delta": Form("delta_(#1 #2)", apart="delta_(#1, #2)"),
            "trace": Form('op("tr")(#1)'),
            "det": Form("det(#1)"),
        }
    ),
    operators=MappingProxyType({k: _operator(FUNCTIONS[k].latex) for k in LATEX.operators}),
    spelled=MappingProxyType({"exp": "exp"}),
    entry="#1_(#2)",
    layer="#1^((#2))",
    layer_entry="#1_(#2)",
    array="mat(#1)",
    array_rows="; ",
    array_entries=", ",
    high_prime="#1^((#2))#3",
    partial_prime="partial_(#2) #1#3",
    differential="dif",
    partial="partial",
    derivative="frac(#4, #4 #1) thin #2",
    high_derivative="frac(#4^(#3), #4 #1^(#3)) thin #2",
    quotient="frac(#4 #2, #4 #1)",
    high_quotient="frac(#4^(#3) #2, #4 #1^(#3))",
    at_point="lr(#1 |)_(#2 = #3)",
    ellipsis="dots.c",
    binders=MappingProxyType(
        {
            Sum: scripts("sum", "_(#)", "^(#)"),
            Product: scripts("product", "_(#)", "^(#)"),
            DescendingProduct: scripts("product", "_(#)", "^(#)"),
            Limit: scripts("lim", "_(#)", "^(#)", joint=" -> "),
            Integral: scripts("integral", "_(#)", "^(#)", index=False, after=" space dif #2"),
            Expectation: scripts("EE", "_(#)", "^(#)", body="[#1]"),
            Lambda: MappingProxyType(dict.fromkeys(LATEX.binders[Lambda], "#2 |-> #1")),
        }
    ),
    conjunction=' "and" ',
    disjunction=' "or" ',
    negation='"not" #1',
    truth='"true"',
    cases="cases(#1)",
    case='#1 & "if" #2',
    otherwise='#1 & "otherwise"',
    case_joint=", ",
    indicator="bold(1)_(#1)",
)
"""The table of Typst maths: LaTeX's, written otherwise."""


def typst(term: Term, names: Mapping[str, str] | None = None) -> str:
    """The term in Typst maths; `names` gives functions and letters other names."""
    return written(term, renaming(TYPST, names or {}))
