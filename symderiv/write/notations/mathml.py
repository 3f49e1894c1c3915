"""Terms in MathML, which browsers set without scripts.

>>> from symderiv.terms import Num, Pow, Sym
>>> mathml(Pow(Sym("x"), Num(2)))
'<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from types import MappingProxyType
from typing import Final

from symderiv.terms import FUNCTIONS, DescendingProduct, Expectation, Integral, Lambda, Limit, Product, Sum, Term
from symderiv.terms.notation import Form, Level, written
from symderiv.write.notations.latex import LATEX
from symderiv.write.notations.names import GREEK, MARKS, Mark, of_words, parts, renaming, styled, text_symbol

_APPLY: Final = "<mo>&#x2061;</mo>"


def _name(name: str) -> str:
    whole = parts(name)
    if any("#" not in MARKS[mark].mathml for mark in whole.marks):
        return _word(text_symbol(name))

    def put(mark: Mark, shown: str) -> str:
        return styled(mark, shown, mark.mathml)

    text = whole.marked(_word(whole.stem), put, high=False)
    if whole.subscripts:
        below = "<mo>,</mo>".join(f"<mn>{s}</mn>" if s.isdigit() else _word(s) for s in whole.subscripts)
        text = f"<msub>{text}<mrow>{below}</mrow></msub>"
    return whole.marked(text, put, high=True)


def _word(word: str) -> str:
    return f"<mi>{escape(GREEK.get(word, word))}</mi>"


def _operator(latex_name: str) -> str:
    return _word(latex_name.removeprefix(r"\operatorname").strip("\\{}"))


def _row(content: str) -> str:
    return f"<mrow>{content}</mrow>"


def _operators(sign: str, *, joint: str = "<mo>=</mo>", after: str = "") -> Mapping[frozenset[str], str]:
    """The templates of a big operator for each choice of what is given: its index, bounds and condition, then its body."""
    found = {}
    for roles in LATEX.binders[Sum]:
        under = "<mo>,</mo>".join(text for text, role in ((f"#2{joint}#3", "low"), ("#5", "where")) if role in roles) or "#2"
        scripts = _row(under) + (_row("#4") if "high" in roles else "")
        tag = "munderover" if "high" in roles else "munder"
        found[roles] = f"<{tag}><mo>{sign}</mo>{scripts}</{tag}>#1{after}"
    return MappingProxyType(found)


_D: Final = '<mi mathvariant="normal">d</mi>'
_PARTIAL: Final = "<mo>∂</mo>"
_HIGH: Final = "<msup>#4#3</msup>"
_TO_THE: Final = f"<msup>{_row('#1')}#3</msup>"


MATHML: Final = replace(
    LATEX,
    symbol=_name,
    function=lambda name: _word(name) if of_words(name) else _name(name),
    number="<mn>#1</mn>",
    constants=MappingProxyType({"pi": "<mi>π</mi>", "e": "<mi>e</mi>", "oo": "<mi>∞</mi>"}),
    relations=MappingProxyType({op: f"<mo>{escape(op)}</mo>" for op in LATEX.relations}),
    brackets="<mrow><mo>(</mo>#1<mo>)</mo></mrow>",
    tall_brackets="<mrow><mo>(</mo>#1<mo>)</mo></mrow>",
    tall=(),
    high=("<mfrac", "<munder", "<mtable"),
    plus="<mo>+</mo>",
    minus="<mo>−</mo>",
    comma="<mo>,</mo>",
    juxtaposed="<mo>&#x2062;</mo>",
    coefficient="<mo>&#x2062;</mo>",
    dot="<mo>·</mo>",
    fraction=f"<mfrac>{_row('#1')}{_row('#2')}</mfrac>",
    power=f"<msup>{_row('#1')}{_row('#2')}</msup>",
    forms=MappingProxyType(
        {
            "exp": Form(f"<msup><mi>e</mi>{_row('#1')}</msup>", Level.POWER),
            "sqrt": Form("<msqrt>#1</msqrt>"),
            "root": Form(f"<mroot>{_row('#1')}{_row('#2')}</mroot>"),
            "abs": Form("<mrow><mo>|</mo>#1<mo>|</mo></mrow>"),
            "norm": Form("<mrow><mo>‖</mo>#1<mo>‖</mo></mrow>"),
            "frobenius": Form("<msub><mrow><mo>‖</mo>#1<mo>‖</mo></mrow><mi>F</mi></msub>"),
            "inner": Form("<mrow><mo>⟨</mo>#1<mo>,</mo>#2<mo>⟩</mo></mrow>"),
            "differential": Form("<mo>d</mo>#1", Level.POWER, Level.ATOM),
            "trace": Form("<mi>tr</mi><mo>(</mo>#1<mo>)</mo>"),
            "det": Form("<mi>det</mi><mo>(</mo>#1<mo>)</mo>"),
            "in": Form("#1<mo>∈</mo>#2", Level.RELATION),
            "vectors": Form(f"<msup><mi>ℝ</mi>{_row('#1')}</msup>"),
            "matrices": Form(f"<msup><mi>ℝ</mi>{_row('#1<mo>×</mo>#2')}</msup>"),
            "integers": Form("<mo>{</mo>#1<mo>,</mo><mo>…</mo><mo>,</mo>#2<mo>}</mo>"),
            "transpose": Form(f"<msup>{_row('#1')}<mo>⊤</mo></msup>", Level.POWER, Level.ATOM),
            "inverse": Form(f"<msup>{_row('#1')}<mrow><mo>−</mo><mn>1</mn></mrow></msup>", Level.POWER, Level.ATOM),
            "hadamard": Form("#1<mo>⊙</mo>#2", Level.NEGATIVE, Level.FRACTION),
            "delta": Form(f"<msub><mi>δ</mi>{_row('#1#2')}</msub>", apart=f"<msub><mi>δ</mi>{_row('#1<mo>,</mo>#2')}</msub>"),
        }
    ),
    operators=MappingProxyType({name: _operator(FUNCTIONS[name].latex) for name in LATEX.operators}),
    spelled=MappingProxyType({"exp": "<mi>exp</mi>"}),
    entry=f"<msub>{_row('#1')}{_row('#2')}</msub>",
    entry_joint="<mo>,</mo>",
    layer=f"<msup>{_row('#1')}<mrow><mo>(</mo>#2<mo>)</mo></mrow></msup>",
    layer_entry=f"<msub>{_row('#1')}{_row('#2')}</msub>",
    array="<mrow><mo>(</mo><mtable>#1</mtable><mo>)</mo></mrow>",
    array_row="<mtr><mtd>#1</mtd></mtr>",
    array_rows="",
    array_entries="</mtd><mtd>",
    prime=f"#1<mo>#2</mo>{_APPLY}#3",
    prime_mark="′",
    high_prime=f"<msup>{_row('#1')}<mrow><mo>(</mo><mn>#2</mn><mo>)</mo></mrow></msup>#3",
    partial_prime=f"<msub><mo>∂</mo>{_row('#2')}</msub>#1#3",
    differential=_D,
    partial=_PARTIAL,
    derivative=f"<mfrac>{_row('#4')}{_row('#4#1')}</mfrac>#2",
    high_derivative=f"<mfrac>{_row(_HIGH)}{_row('#4' + _TO_THE)}</mfrac>#2",
    quotient=f"<mfrac>{_row('#4#2')}{_row('#4#1')}</mfrac>",
    high_quotient=f"<mfrac>{_row(_HIGH + '#2')}{_row('#4' + _TO_THE)}</mfrac>",
    at_point=f"<msub><mrow>#1<mo>|</mo></mrow>{_row('#2<mo>=</mo>#3')}</msub>",
    ellipsis="<mo>⋯</mo>",
    binders=MappingProxyType(
        {
            Sum: _operators("∑"),
            Product: _operators("∏"),
            DescendingProduct: _operators("∏"),
            Limit: _operators("lim", joint="<mo>→</mo>"),
            Integral: _operators("∫", after=f"{_D}#2"),
            Expectation: MappingProxyType({r: t.replace("#1", "<mo>[</mo>#1<mo>]</mo>") for r, t in _operators("𝔼").items()}),
            Lambda: MappingProxyType(dict.fromkeys(LATEX.binders[Lambda], "#2<mo>↦</mo>#1")),
        }
    ),
    conjunction="<mtext> and </mtext>",
    disjunction="<mtext> or </mtext>",
    negation="<mtext>not </mtext>#1",
    truth="<mtext>true</mtext>",
    cases='<mrow><mo>{</mo><mtable columnalign="left">#1</mtable></mrow>',
    case="<mtr><mtd>#1</mtd><mtd><mtext>if </mtext>#2</mtd></mtr>",
    otherwise="<mtr><mtd>#1</mtd><mtd><mtext>otherwise</mtext></mtd></mtr>",
    case_joint="",
    indicator=f"<msub><mn>1</mn>{_row('#1')}</msub>",
)
"""The table of MathML: LaTeX's, written otherwise."""


def mathml(term: Term, names: Mapping[str, str] | None = None) -> str:
    """The term in MathML, without the `math` element around it; `names` gives functions and letters other names."""
    return written(term, renaming(MATHML, names or {}))
