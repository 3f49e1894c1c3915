import json
import subprocess
import sys
from pathlib import Path

import pytest

from symderiv.catalogue import CATALOGUE
from symderiv.cli import LISTS, main
from symderiv.terms import FUNCTIONS
from symderiv.write import FORMATS

EXERCISES = Path(__file__).parent.parent / "examples" / "deep-learning-theory.md"


def test_derive_shows_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "sigmoid", "--steps", "all"]) == 0
    out = capsys.readouterr().out
    for words in ("definition", "reciprocal rule", "chain rule", "recognise"):
        assert words in out


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "pdf"])
def test_every_format_is_written(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "tanh", "-f", name]) == 0
    assert "tanh" in capsys.readouterr().out
    path = tmp_path / f"out{FORMATS[name].suffix}"
    assert main(["derive", "relu", "-f", name, "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip() == str(path)


def test_the_ending_of_the_file_says_the_format(tmp_path: Path) -> None:
    paths = [tmp_path / "a.tex", tmp_path / "a.pdf", tmp_path / "a.md"]
    assert main(["derive", "softplus", *(a for p in paths for a in ("-o", str(p)))]) == 0
    assert "\\begin{document}" in paths[0].read_text()
    assert paths[1].read_bytes().startswith(b"%PDF")
    assert paths[2].read_text().count("$$") == 2 * paths[2].read_text().count("begin{aligned}")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["equal", "x + x", "2*x"], 0),
        (["equal", "x + x", "3*x"], 1),
        (["equal", "f(x)", "g(x)", "--strict"], 1),
        (["derive", "(x"], 2),
        (["derive", ""], 2),
        (["derive", "sigmiod"], 2),
        (["derive", "x", "-f", "docx"], 2),
        (["derive", "x", "-o", "out.docx"], 2),
        (["derive", "x", "--steps", "some"], 2),
        (["derive", "x*y", "--wrt", "x+"], 2),
        (["derive", "x", "--order", "0"], 2),
        (["derive", "logsumexp", "--order", "2"], 0),
        (["derive", "quadratic_form", "--layout", "numerator"], 0),
        (["derive", "quadratic_form", "--layout", "sideways"], 2),
        (["sheet", "no-such-file.md"], 2),
        (["derive", "x", "-o", "/no/such/folder/out.md"], 2),
    ],
)
def test_exit_status(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == status
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert bool(err) == (status == 2)


def test_an_error_underlines_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    main(["derive", "1/(1+x"])
    err = capsys.readouterr().err
    assert "1:3" in err
    assert err.splitlines()[2].strip() == "^"


def test_a_request_that_does_not_exist_is_refused() -> None:
    out = subprocess.run([sys.executable, "-m", "symderiv", "dervie", "x"], capture_output=True, text=True)
    assert out.returncode == 2
    assert "Traceback" not in out.stderr


def test_an_expression_may_begin_with_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "-x^2"]) == 0
    assert main(["equal", "-x", "-1*x"]) == 0
    assert capsys.readouterr().err == ""


def test_equal_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["equal", "x", "x^2", "-f", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "refuted"
    assert set(answer["witness"]) == {"values", "lhs", "rhs"}


def test_verify_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "tanh", "--verify"]) == 0
    assert "central" in capsys.readouterr().out


def test_lists_name_everything(capsys: pytest.CaptureFixture[str]) -> None:
    for what in LISTS:
        assert main(["list", what]) == 0
    out = capsys.readouterr().out
    for name in (*CATALOGUE, *FUNCTIONS, *FORMATS):
        assert name in out


def test_the_example_sheet_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "answers.md"
    assert main(["sheet", str(EXERCISES), "-o", str(path)]) == 0
    assert capsys.readouterr().err == ""
    text = path.read_text()
    assert "symderiv\n" not in text
    assert "Not answered" not in text
