"""Inductions and estimates in the words of lectures: true ones are accepted and no line of theirs is refuted, flawed ones are not accepted."""

from __future__ import annotations

import pytest

from symderiv.check import check_text
from symderiv.proving import judge_proof
from tests.proving.lectures import TEXTS

TRUE = {name: text for name, (accepted, text) in TEXTS.items() if accepted}
FLAWED = {name: text for name, (accepted, text) in TEXTS.items() if not accepted}


@pytest.mark.parametrize("text", TRUE.values(), ids=TRUE)
def test_a_true_proof_is_accepted_and_every_line_of_it_is_proved(text: str) -> None:
    assert judge_proof(text).flaws == []
    summary = check_text(text).summary
    assert (summary["refuted"], summary["undecided"], summary["unread"]) == (0, 0, 0)


@pytest.mark.parametrize("text", FLAWED.values(), ids=FLAWED)
def test_a_flawed_proof_is_not_accepted(text: str) -> None:
    assert judge_proof(text).flaws
    summary = check_text(text).summary
    assert summary["refuted"] + summary["undecided"] > 0
