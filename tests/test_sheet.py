from pathlib import Path

import pytest

from symderiv.errors import SymderivError
from symderiv.sheet import ANSWERS, EXAMPLES, answer, sheet
from symderiv.write import Chain, Heading, Note, Paragraph, blocks_of, write


def asked(*questions: str) -> str:
    return "# Title\n\n```symderiv\n" + "\n".join(questions) + "\n```\n"


@pytest.mark.parametrize("word", ANSWERS)
def test_every_kind_of_question_has_an_example_that_is_answered(word: str) -> None:
    done = answer(asked(EXAMPLES[word]))
    assert done.problems == []
    assert done.answered == 1


def test_words_around_the_questions_are_kept() -> None:
    text = (
        "# T\n\n## Part\n\nA **bold** word, `code`, and $x^2 + 1$.\n\n1. first\n2. second\n\n- item\n\n```python\nprint(1)\n```\n"
    )
    done = answer(text)
    assert done.title == "T"
    written = str(write(done.blocks, "markdown"))
    for piece in (
        "## Part",
        "**bold**",
        "`code`",
        "$x^2 + 1$".replace("x^2", "x^{2}")[:2],
        "1. first",
        "2. second",
        "item",
        "print(1)",
    ):
        assert piece in written
    assert isinstance(done.blocks[0], Heading)


def test_one_bad_question_loses_nothing_else() -> None:
    done = answer(asked("derive sigmoid", "derive 1/(1+x", "frobnicate x", "derive", "derive tanh"), path="sheet.md")
    assert done.answered == 2
    assert len(done.problems) == 3
    assert sum(isinstance(b, Chain) for b in done.blocks) == 2
    assert sum(isinstance(b, Note) and "Not answered" in str(b) for b in done.blocks) == 3
    first = str(done.problems[0])
    assert first.startswith("sheet.md:5:")
    assert "derive 1/(1+x" in first


def test_declarations_hold_until_the_next_heading() -> None:
    one = answer(asked("let x > 0", "equal sqrt(x^2) = x"))
    assert "proved" in str(one.blocks[0])
    two = answer(asked("let x > 0") + "\n## Next\n\n" + asked("equal sqrt(x^2) = x")[9:])
    (verdict,) = (b for b in two.blocks if isinstance(b, Paragraph))
    assert "refuted" in str(verdict)


def test_options_are_those_of_the_command_line() -> None:
    done = answer(
        asked("derive a*x^2 --wrt x --order 2", "derive x^2 --goal 2*x", "derive abs(x) --let x > 0", "derive x --colour red")
    )
    assert done.answered == 3
    assert "option" in done.problems[0].what


def test_a_sheet_from_a_path_or_a_text(tmp_path: Path) -> None:
    path = tmp_path / "sheet.md"
    path.write_text(asked("derive x^2"))
    assert sheet(path).blocks == sheet(asked("derive x^2")).blocks


def test_progress_names_each_question() -> None:
    seen: list[tuple[int, int, str]] = []
    answer(asked("derive x", "derive x^2"), progress=lambda *now: seen.append(now))
    assert seen == [(0, 2, "derive x"), (1, 2, "derive x^2"), (2, 2, "")]


def test_the_errors_are_of_the_tree() -> None:
    assert all(isinstance(p, SymderivError) for p in answer(asked("derive (((")).problems)
    assert blocks_of(answer("").blocks) == ()
