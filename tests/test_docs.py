"""What the documentation shows is what happens: every console block is run, every Python block is a doctest."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from symderiv.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md"]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def commands(page: Path) -> list[tuple[str, str]]:
    """(command, what it prints) of every console block."""
    out = []
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for entry in re.split(r"^\$ ", block, flags=re.M)[1:]:
            line, _, expected = entry.partition("\n")
            out.append((line, expected.strip("\n")))
    return out


@pytest.mark.parametrize(("command", "expected"), [c for page in PAGES for c in commands(page)])
def test_commands_print_what_is_shown(
    command: str, expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, *arguments = shlex.split(command)
    if program == "make":
        assert re.search(rf"^{arguments[0]}:", (ROOT / "Makefile").read_text(), re.M), "the Makefile has this target"
        return
    assert program == "symderiv"
    monkeypatch.setenv("COLUMNS", "80")
    for folder in ("examples", "proofs"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    main(arguments)
    shown = capsys.readouterr()
    assert (shown.out + shown.err).strip("\n") == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_examples(page: Path) -> None:
    failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried
    assert failed == 0


def test_the_two_commands_stand_at_the_top_of_the_readme() -> None:
    first = [c for c, _ in commands(ROOT / "README.md")][:2]
    assert [c.split("#")[0].strip() for c in first] == ["make demo", "make test"]
