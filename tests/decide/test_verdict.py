"""The budget is kept."""

import time

import pytest

from symderiv.decide.verdict import Budget, NowhereDefined, Unsupported, Verdict


def test_budget() -> None:
    Budget(5).check()
    assert not Budget(5).used_up
    budget = Budget(0.01)
    time.sleep(0.02)
    with pytest.raises(Unsupported, match=r"the time of 0.01 s"):
        budget.check()


def test_a_verdict_is_plain_data() -> None:
    assert Verdict("undecided").conditions == ()
    assert issubclass(NowhereDefined, Unsupported)
