from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symderiv.check import check, check_text, second_reader
from symderiv.check.second_reader import MISREADINGS, asked, compare, known_misreading, scalar_sides
from symderiv.errors import SymderivError

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = "Let $f(x) = \\log(x) + x^2$ for $x > 0$.\n\n$$\\frac{x^2}{x} = x + 1$$\n"


def installed() -> bool:
    probe = subprocess.run([sys.executable, "-c", "import latex2sympy2"], capture_output=True, check=False)
    return probe.returncode == 0


needed = pytest.mark.skipif(not installed(), reason="latex2sympy2 is not installed")


@pytest.mark.second_reader
@needed
def test_every_disagreement_over_our_own_examples_is_a_known_misreading() -> None:
    report = check(EXAMPLES)
    verdicts = [c.verdict for c in report.claims]
    assert len(list(scalar_sides(report.claims))) > 40
    found = compare(report)
    assert found
    assert [str(d) for d in found if not d.reason] == []
    assert [c.verdict for c in report.claims] == verdicts


@pytest.mark.second_reader
@needed
def test_what_one_input_poisons_does_not_reach_the_next() -> None:
    poison = "W_0 + W_1 Studied + W_2 Slept"
    answers = asked([r"\frac{1}{x}", poison, r"\frac{1}{x}", r"\frac{", r"\frac{1}{x}"])
    assert len(answers) == 5
    assert answers[0] == answers[2] == answers[4]
    assert "error" in answers[3]


def answering(monkeypatch: pytest.MonkeyPatch, trees: dict[str, Any]) -> None:
    def answers(inputs: list[str], python: str = "") -> list[dict[str, Any]]:
        return [{"tree": trees[i]} if i in trees else {"error": "none"} for i in inputs]

    monkeypatch.setattr(second_reader, "asked", answers)


def test_a_disagreement_is_a_hint_with_its_reason_and_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    x = ["Symbol", "x"]
    ten = ["Mul", ["log", x], ["Pow", ["log", ["Rational", "10", "1"]], ["Rational", "-1", "1"]]]
    answering(monkeypatch, {r"\log(x) + x^2": ["Add", ten, ["Pow", x, ["Rational", "2", "1"]]], r"\frac{x^2}{x}": x})
    report = check_text(TEXT)
    before = [c.verdict for c in report.claims]
    (found,) = compare(report)
    assert "base 10" in found.reason
    assert str(found) in found.claim.inferred
    assert [c.verdict for c in report.claims] == before


@pytest.mark.parametrize(
    "tree",
    [["Symbol", "x_{1}"], ["os", ["Symbol", "x"]], ["exp"], ["Float", "none"], ["Tuple", ["Symbol", "x"]]],
    ids=lambda tree: str(tree[0]),
)
def test_answers_that_agree_or_are_no_term_say_nothing(monkeypatch: pytest.MonkeyPatch, tree: list[Any]) -> None:
    answering(monkeypatch, {r"\frac{x_1^2}{x_1}": tree})
    assert compare(check_text(r"Let $x_1 > 0$. $$\frac{x_1^2}{x_1} = x_1$$")) == []


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\log x", "base 10"),
        ("f'(x)", "primes"),
        ("x^T y", "transposes"),
        (r"\frac{\partial y}{\partial x}", "quotient"),
        ("x + 1", ""),
    ],
)
def test_known_misreadings(latex: str, words: str) -> None:
    reason = known_misreading(latex)
    assert words in reason
    assert (reason != "") == (words != "")
    assert len({m.reason for m in MISREADINGS}) == len(MISREADINGS)


def test_an_interpreter_that_is_not_there_is_said() -> None:
    with pytest.raises(SymderivError, match="cannot be started"):
        asked(["x"], "/no/such/python")
