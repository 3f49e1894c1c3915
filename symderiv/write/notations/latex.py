r"""Terms in LaTeX: `latex(t)` is read back as the same term.

>>> from symderiv.terms import Div, Fn, Neg, Num, Add, Sym
>>> latex(Div(Num(1), Add(Num(1), Fn("exp", Neg(Sym("x"))))))
'\\frac{1}{1 + e^{-x}}'
>>> latex(Fn("sigmoid", Sym("x_1")), {"sigmoid": "sigma"})
'\\sigma(x_{1})'
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType
from typing import Final

from symderiv.read.vocabulary import SOMETIMES_FUNCTIONS, USUAL_FUNCTIONS
from symderiv.terms import FUNCTIONS, DescendingProduct, Expectation, Integral, Lambda, Limit, Product, Sum, Term
from symderiv.terms.notation import Form, Level, Notation, written
from symderiv.write.notations.names import latex_function, latex_symbol, renaming

APPLIED: Final = USUAL_FUNCTIONS | SOMETIMES_FUNCTIONS
"""Letters that a bracket after them turns into functions."""

HIGH: Final = (r"\frac", r"\sum", r"\prod", r"\int", r"\begin")

FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "exp": Form("e^{#1}", Level.POWER),
        "sqrt": Form(r"\sqrt{#1}"),
        "root": Form(r"\sqrt[#2]{#1}"),
        "abs": Form(r"\left|#1\right|"),
        "norm": Form(r"\left\lVert #1 \right\rVert"),
        "frobenius": Form(r"\left\lVert #1 \right\rVert_F"),
        "inner": Form(r"\left\langle #1, #2 \right\rangle"),
        "differential": Form(r"\mathrm{d} #1", Level.POWER, Level.ATOM),
        "in": Form(r"#1 \in #2", Level.RELATION),
        "vectors": Form(r"\mathbb{R}^{#1}"),
        "matrices": Form(r"\mathbb{R}^{#1 \times #2}"),
        "integers": Form(r"\{#1, \dots, #2\}"),
        "transpose": Form(r"#1^{\top}", Level.POWER, Level.ATOM),
        "inverse": Form("#1^{-1}", Level.POWER, Level.ATOM),
        "hadamard": Form(r"#1 \odot #2", Level.NEGATIVE, Level.FRACTION),
        "delta": Form(r"\delta_{#1 #2}", apart=r"\delta_{#1, #2}"),
        "trace": Form(r"\operatorname{tr}(#1)"),
        "det": Form(r"\det(#1)"),
    }
)


def differentiated(orders: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers of the arguments by which is differentiated: (0, 2) is twice by the second, 2, 2."""
    return tuple(k for k, order in enumerate(orders, start=1) for _ in range(order))


def scripts(
    name: str, below: str, above: str, *, joint: str = "=", body: str = " #1", index: bool = True, after: str = ""
) -> Mapping[frozenset[str], str]:
    """The templates of a big operator, for each choice of what is given: its index with bounds and condition, then its body."""
    found = {}
    for given in product((False, True), repeat=3):
        low, high, where = given
        at_low = f"#2{joint}#3" if index else "#3"
        under = ", ".join(text for text, shown in ((at_low, low), ("#5", where)) if shown) or ("#2" if index else "")
        text = name + (below.replace("#", under, 1) if under else "") + (above.replace("#", "#4", 1) if high else "") + body + after
        found[frozenset(role for role, shown in zip(("low", "high", "where"), given, strict=True) if shown)] = text
    return MappingProxyType(found)


LATEX: Final = Notation(
    symbol=latex_symbol,
    function=latex_function,
    constants=MappingProxyType({"pi": r"\pi", "e": "e", "oo": r"\infty"}),
    relations=MappingProxyType({"=": "=", "≠": r"\ne", "<": "<", "≤": r"\le", ">": ">", "≥": r"\ge"}),
    stacked=True,
    raised=True,
    brackets="(#1)",
    tall_brackets=r"\left(#1\right)",
    tall=(*HIGH, r"\left", "^", r"\sqrt"),
    high=HIGH,
    juxtaposed=" ",
    coefficient=" ",
    dot=r" \cdot ",
    fraction=r"\frac{#1}{#2}",
    power="#1^{#2}",
    forms=FORMS,
    operators=MappingProxyType({row.name: row.latex for row in FUNCTIONS.values() if row.name not in FORMS}),
    spelled=MappingProxyType({"exp": r"\exp"}),
    applied=APPLIED,
    entry="#1_{#2}",
    layer="#1^{(#2)}",
    layer_entry="#1_{#2}",
    array=r"\begin{pmatrix} #1 \end{pmatrix}",
    array_row="#1",
    array_rows=r" \\ ",
    array_entries=" & ",
    high_prime="#1^{(#2)}#3",
    partial_marks=differentiated,
    partial_prime=r"\partial_{#2} #1#3",
    differential=r"\mathrm{d}",
    partial=r"\partial",
    derivative=r"\frac{#4}{#4 #1} \, #2",
    high_derivative=r"\frac{#4^{#3}}{#4 #1^{#3}} \, #2",
    quotient=r"\frac{#4 #2}{#4 #1}",
    high_quotient=r"\frac{#4^{#3} #2}{#4 #1^{#3}}",
    derivative_body=Level.FRACTION,
    at_point=r"\left.#1\right|_{#2 = #3}",
    ellipsis=r"\cdots",
    binders=MappingProxyType(
        {
            Sum: scripts(r"\sum", "_{#}", "^{#}"),
            Product: scripts(r"\prod", "_{#}", "^{#}"),
            DescendingProduct: scripts(r"\prod", "_{#}", "^{#}"),
            Limit: scripts(r"\lim", "_{#}", "^{#}", joint=r" \to "),
            Integral: scripts(r"\int", "_{#}", "^{#}", index=False, after=r" \,\mathrm{d}#2"),
            Expectation: scripts(r"\mathbb{E}", "_{#}", "^{#}", body=r"\left[#1\right]"),
            Lambda: MappingProxyType(dict.fromkeys(scripts("", "", ""), r"#2 \mapsto #1")),
        }
    ),
    conjunction=r" \text{ and } ",
    disjunction=r" \text{ or } ",
    negation=r"\text{not } #1",
    chains=True,
    truth=r"\text{true}",
    cases=r"\begin{cases} #1 \end{cases}",
    case=r"#1 & \text{if } #2",
    otherwise=r"#1 & \text{otherwise}",
    case_joint=r" \\ ",
    indicator=r"\mathbf{1}_{#1}",
)
"""The table of LaTeX."""


def latex(term: Term, names: Mapping[str, str] | None = None) -> str:
    """The term in LaTeX; `names` gives functions and letters other names."""
    return written(term, renaming(LATEX, names or {}))
