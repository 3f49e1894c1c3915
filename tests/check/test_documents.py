from __future__ import annotations

import json
from pathlib import Path

import pytest

from symderiv.check.documents import ENDINGS, KINDS
from symderiv.errors import ReadError
from symderiv.terms import Source, Span


def shown(text: str, kind: str = "markdown") -> list[tuple[str, str]]:
    document = KINDS[kind](Source(text))
    return [(p.kind, p.span.text.strip()) for p in document.pieces if p.kind not in ("words", "break")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $x$ b", [("inline", "x")]),
        ("$$x$$", [("display", "x")]),
        (r"\(x\) and \[y\]", [("inline", "x"), ("display", "y")]),
        (r"\\(x\\) and \\[y\\]", [("inline", "x"), ("display", "y")]),
        ("$`x`$", [("inline", "x")]),
        ("```math\nx\n```", [("display", "x")]),
        ("```python\nx\n```", [("code", "x")]),
        ("```\nz = x\n```", [("plain", "z = x")]),
        ("```js\n$x$\n```", []),
        ("`$x$`", []),
        ("<!-- $x$ -->", []),
        ("<!-- symderiv: ignore --> $x$", [("ignore", "<!-- symderiv: ignore -->"), ("inline", "x")]),
        ("# A\n$x$", [("heading", "# A"), ("inline", "x")]),
        (r"\begin{align} a &= b \end{align}", [("display", r"\begin{align} a &= b \end{align}")]),
        ("it costs $5 and $10", []),
        (r"\$5 and $x$", [("inline", "x")]),
        ("$a\n\nb$", []),
        ("![x](a$b$c) $y$", [("inline", "y")]),
        ("an open $ here", []),
    ],
)
def test_formulas_are_found_in_markdown(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


def test_every_ending_has_a_reader() -> None:
    assert set(ENDINGS.values()) == set(KINDS)


TEX = r"""\documentclass{article}
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
\DeclareMathOperator{\relu}{ReLU}
\def\half{\frac12}
\begin{document}
\section{One} Let $x > 0$. % $y$
\[ \pd{z}{x} = \relu(x) \]
% symderiv: ignore
\begin{align} a &= b \end{align}
\begin{verbatim} $v$ \end{verbatim}
\end{document}
$after$
"""


def test_macros_are_expanded_and_places_are_those_of_the_call() -> None:
    document = KINDS["tex"](Source(TEX, "a.tex"))
    pieces = [p for p in document.pieces if p.kind not in ("words", "break")]
    assert [p.kind for p in pieces] == ["heading", "inline", "display", "ignore", "display"]
    formula = pieces[2].span
    assert formula.text.strip() == r"\frac{\partial z}{\partial x} = \operatorname{ReLU}(x)"
    start = formula.start + formula.text.index("=")
    place = document.original(Span(formula.source, start, start + 1))
    assert (place.text, place.line) == ("=", 7)
    assert document.original(Span(formula.source, formula.start + 1, formula.start + 3)).line == 7


def test_a_macro_that_calls_itself_ends() -> None:
    text = r"\newcommand{\a}{\a\a}\begin{document}$\a$\end{document}"
    assert len(shown(text, "tex")) == 1


def test_input_is_followed(tmp_path: Path) -> None:
    (tmp_path / "b.tex").write_text("$b$\n\\input{a}\n")
    main = tmp_path / "a.tex"
    main.write_text("\\begin{document}\n$a$ \\input{b}\n\\end{document}")
    document = KINDS["tex"](Source(main.read_text(), str(main)))
    found = [(p.span.text, document.original(p.span).source.path) for p in document.pieces if p.kind == "inline"]
    assert found[:2] == [("a", str(main)), ("b", str(tmp_path / "b.tex"))]
    assert len(found) < 40


def notebook(*cells: tuple[str, str]) -> str:
    made = [
        {"outputs": [{"data": {"image/png": "A" * 1000}}], "source": text.splitlines(keepends=True), "cell_type": k}
        for k, text in cells
    ]
    return json.dumps({"metadata": {"source": ["$no$"]}, "cells": made, "nbformat": 4}, indent=1)


def test_places_in_a_notebook_are_those_of_its_file() -> None:
    text = notebook(("markdown", 'A "quote" \U0001f600.\nLet $\\alpha = 1$.'), ("code", "x = 1\n"), ("raw", "$r$"))
    document = KINDS["notebook"](Source(text, "n.ipynb"))
    (formula,) = [p.span for p in document.pieces if p.kind == "inline"]
    assert formula.text == r"\alpha = 1"
    place = document.original(formula)
    assert place.text == r"\\alpha = 1"
    assert document.cell_of(formula) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"cells": 1}', '{"cells":' * 50_000, "[" * 50_000])
def test_what_is_no_notebook_is_refused_with_a_place(text: str) -> None:
    with pytest.raises(ReadError) as caught:
        KINDS["notebook"](Source(text))
    assert caught.value.span is not None


@pytest.mark.parametrize(
    "text", ['{"cells": [1, null, {"cell_type": "code", "source": 5}, {"cell_type": "markdown"}]}', '{"cells": []}']
)
def test_strange_cells_are_passed_over(text: str) -> None:
    assert [p for p in KINDS["notebook"](Source(text)).pieces if p.kind not in ("break",)] == []


def test_a_notebook_exported_as_text_has_its_code_cells() -> None:
    text = "In [3]:\n# answer\ndef f(x):\n  return x\n\n'''some\nwords'''\n\n$f(x) = x$\n\nIn [None]:\nMore words.\n"
    found = shown(text, "text")
    assert [k for k, _ in found] == ["code", "inline"]
    assert "return x" in found[0][1]
    assert "words" in found[0][1]
