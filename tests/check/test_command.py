from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from symderiv.check.command import add_parser
from symderiv.check.configuration import Settings, read
from symderiv.errors import SymderivError


def options(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    return parser.parse_args(["check", *arguments])


def run(*arguments: str) -> int:
    chosen = options(*arguments)
    status = chosen.command(chosen)
    assert isinstance(status, int)
    return status


def test_the_command_reports_and_has_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("$$1 + 1 = 2$$")
    bad.write_text("$$1 + 1 = 3$$")
    assert run(str(good)) == 0
    assert run(str(bad), "-f", "json") == 1
    out = capsys.readouterr().out
    assert json.loads(out[out.index("{") :])["summary"]["refuted"] == 1
    assert run(str(bad), "-o", str(tmp_path / "page.html"), "-f", "html") == 1
    assert (tmp_path / "page.html").read_text().startswith("<!DOCTYPE")


def test_settings_come_from_pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.symderiv]\npaths = ["a.md"]\nstrict = true\nformat = "json"\n')
    assert read(tmp_path, options()) == Settings(("a.md",), (), "json", True)
    assert read(tmp_path, options("b.md", "-f", "html")).paths == ("b.md",)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("$$\\foo = 1$$")
    assert run() == 1


@pytest.mark.parametrize("table", ["pathes = []", "paths = 3", "strict = 1", "paths = [1]"])
def test_settings_that_are_not_understood_are_refused(tmp_path: Path, table: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.symderiv]\n{table}\n")
    with pytest.raises(SymderivError):
        read(tmp_path, options())


def test_nothing_to_check_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SymderivError):
        run()


def test_checking_imports_nothing_heavy() -> None:
    program = "import sys; from symderiv.check import check_text; check_text('$$ 1 + 1 = 3 $$'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sympy", "numpy", "scipy", "matplotlib"} & set(loaded)
