"""Every format writes every example, in every way to show the steps."""

import json
import re
import subprocess
import sys

import pytest

from symderiv.errors import SymderivError, UnknownName
from symderiv.rules import Step
from symderiv.terms import Sym
from symderiv.write import FORMATS, STEPS, Chain, Heading, Paragraph, Steps, Table, blocks_of, write
from tests.write.examples import EXAMPLES, relu, sigmoid, wide

TEXTS = [name for name in FORMATS if name not in ("pdf", "sympy", "numpy")]
PROGRAMS = ["sympy", "numpy"]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("steps", STEPS)
def test_every_format_writes_every_example(name: str, steps: Steps) -> None:
    whole = write(EXAMPLES, name, steps=steps, title="Answers & 100% of them_all")
    assert isinstance(whole, str)
    assert len(whole) > 200
    piece = write(EXAMPLES, name, steps=steps, standalone=False)
    assert isinstance(piece, str)
    assert piece


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_every_time(name: str) -> None:
    if name != "pdf":
        assert write(sigmoid(), name) == write(sigmoid(), name)


@pytest.mark.parametrize("row", FORMATS.values(), ids=list(FORMATS))
def test_rows_are_complete(row: object) -> None:
    assert row.suffix.startswith(".")  # type: ignore[attr-defined]
    assert row.says  # type: ignore[attr-defined]


def test_unknown_formats_and_steps_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean latex"):
        write(sigmoid(), "latx")
    with pytest.raises(UnknownName, match="lines"):
        write(sigmoid(), "text", steps="line")  # type: ignore[arg-type]


def test_programs_need_a_derivation() -> None:
    for name in PROGRAMS:
        with pytest.raises(SymderivError, match="no derivation"):
            write(Heading("Title"), name)


# ---------------------------------------------------------------------------------------------------------- layout
def _chain(steps: Steps) -> Chain:
    (chain,) = (b for b in blocks_of(sigmoid(), steps) if isinstance(b, Chain))
    return chain


def test_small_steps_share_a_line() -> None:
    every, lines, key, result = (_chain(steps) for steps in STEPS)
    assert [len(c.lines) for c in (every, lines, key, result)] == [5, 4, 4, 1]
    assert {c.result for c in (every, lines, key, result)} == {every.result}
    assert lines.lines[2].label[-1] == "signs: minus times minus is plus"
    assert "signs: minus times minus is plus" not in key.lines[2].label
    assert lines.lines[2].rules == key.lines[2].rules == ("chain", "signs:")
    assert result.lines[0].label == ()


def test_conditions_that_hold_are_not_printed() -> None:
    shown = [str(c) for line in _chain("lines").lines for c in line.conditions]
    assert shown == ["x != 7"]
    assert [str(c) for c in _chain("result").lines[0].conditions] == ["x != 7"]


def test_regions_and_knots_stand_before_the_chain() -> None:
    kinds = [type(b).__name__ for b in blocks_of(relu())]
    assert kinds == ["Heading", "Paragraph", "Equations", "Part", "Part", "Table", "Paragraph", "Chain"]
    table = next(b for b in blocks_of(relu()) if isinstance(b, Table))
    assert table.rows[0][-1] == ("no",)


def test_equal_blocks_are_one() -> None:
    assert len({*blocks_of(sigmoid()), *blocks_of(sigmoid())}) == len(blocks_of(sigmoid()))


# ------------------------------------------------------------------------------------------------------------ text
@pytest.mark.parametrize("width", [24, 50, 80, 132])
def test_text_keeps_to_the_width(width: int) -> None:
    lines = str(write([sigmoid(), relu(), wide()], "text", width=width)).split("\n")
    prose = [line for line in lines if not re.match(r"knot|0  |---|Derivative|=", line.strip())]
    assert max(map(len, prose)) <= max(width, 40)
    assert not any(line.endswith(" ") for line in lines)


def test_text_aligns_the_signs() -> None:
    lines = str(write(sigmoid(), "text", width=100)).split("\n")
    at = {
        line.index(" = ") for line in lines if line.startswith(("d/dx", "    ", "  ")) and " = " in line and "σ(x) = 1" not in line
    }
    assert len(at) == 1


# ------------------------------------------------------------------------------------------------- LaTeX, Markdown
def test_latex_is_balanced() -> None:
    tex = str(write(EXAMPLES, "latex", title="A"))
    begun = re.findall(r"\\begin\{(\w+\*?)\}", tex)
    ended = re.findall(r"\\end\{(\w+\*?)\}", tex)
    assert sorted(begun) == sorted(ended)
    assert tex.count("{") - tex.count(r"\{") == tex.count("}") - tex.count(r"\}")
    assert r"\& 100\% of its\_parts" in tex
    assert tex.startswith(r"\documentclass")
    assert r"\documentclass" not in str(write(EXAMPLES, "latex", standalone=False))


def test_wide_formulas_are_broken() -> None:
    for name in ("latex", "markdown", "typst"):
        rows = str(write(wide(), name)).split("\n")
        assert max(len(row) for row in rows if "sin" in row) < 420


def test_markdown_displays_stand_alone() -> None:
    lines = str(write(EXAMPLES, "markdown")).split("\n")
    fences = [k for k, line in enumerate(lines) if "$$" in line]
    assert len(fences) % 2 == 0
    assert all(lines[k] == "$$" for k in fences)


def test_words_are_escaped() -> None:
    words = Paragraph(('_a_ "b" #c $d$ \\e <f> [g] *h*', Sym("x")))
    assert r"\_a\_" in str(write(words, "markdown"))
    assert r"\#c \$d\$" in str(write(words, "latex"))
    assert r"\"b\" #c $d$ \\e" in str(write(words, "typst", standalone=False))


# ------------------------------------------------------------------------------------------------------------ JSON
def test_json_lines_are_claims() -> None:
    found = json.loads(write(sigmoid(), "json", steps="all"))
    (chain,) = (b for b in found["blocks"] if b["type"] == "chain")
    assert found["version"] == 1
    assert chain["lines"][0]["lhs"] == chain["start"]
    assert chain["lines"][-1]["rhs"] == chain["result"]
    for before, after in zip(chain["lines"], chain["lines"][1:], strict=False):
        assert before["rhs"] == after["lhs"]
    assert chain["lines"][1]["conditions"] == [{"plain": "x != 7", "latex": r"x \ne 7"}]


# -------------------------------------------------------------------------------------------------------- programs
def test_the_sympy_program_runs() -> None:
    import sympy

    names: dict[str, object] = {}
    exec(str(write([sigmoid(), relu()], "sympy")), names)
    (x,) = names["result"].free_symbols  # type: ignore[attr-defined]
    assert sympy.simplify(names["result"] - sympy.diff(1 / (1 + sympy.exp(-x)), x)) == 0  # type: ignore[operator]
    assert names["result_2"].subs(x, 2) == 1  # type: ignore[attr-defined]


def test_the_numpy_program_runs() -> None:
    names: dict[str, object] = {}
    exec(str(write([sigmoid(), relu()], "numpy")), names)
    assert names["result"](0.0) == 0.25  # type: ignore[operator]
    assert names["result_2"](2.0) == 1  # type: ignore[operator]


def test_a_derivative_left_in_the_result_is_refused() -> None:
    d = sigmoid()
    unfinished = type(d)(d.start, (Step(d.start, d.steps[0].after, d.steps[0].rule),), d.context)
    with pytest.raises(SymderivError, match="derivative is left"):
        write(unfinished, "numpy")


def test_importing_loads_nothing_heavy() -> None:
    modules = "symderiv.write, symderiv.write.numeric, symderiv.terms.sympy_border"
    heavy = "{'sympy', 'numpy', 'scipy', 'matplotlib', 'typst'}"
    program = f"import {modules}, sys; sys.exit(str({heavy} & {{*sys.modules}}) if {heavy} & {{*sys.modules}} else 0)"
    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True).stderr == ""
