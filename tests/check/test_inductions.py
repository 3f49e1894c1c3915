"""What is missing in a hand-written induction, as `check` says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from symderiv.check import check_text

BOOK = Path(__file__).parents[2] / "proofs"


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("base-missing", 12, "the base case is missing"),
        ("hypothesis-not-used", 18, "the induction hypothesis is not used"),
        ("step-stops-early", 20, "which is not the claim for N + 1"),
    ],
)
def test_what_is_missing_is_a_claim_that_is_not_shown(name: str, line: int, reason: str) -> None:
    (report,) = check_text((BOOK / "rejected" / f"{name}.md").read_text(encoding="utf-8")).files
    found = [c for c in report.claims if c.reason.startswith("not a proof")]
    assert any(c.span.line == line and reason in c.reason and c.verdict == "undecided" for c in found)
    assert [c.start for c in report.claims] == sorted(c.start for c in report.claims)


def test_a_complete_proof_gets_no_remark() -> None:
    report = check_text((BOOK / "linear-collapse.md").read_text(encoding="utf-8"))
    assert report.summary["undecided"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "The hypothesis class of the network is large. The base case is easy. In step 2 we have $1 + 1 = 2$.",
        "By induction, the network learns. The hypothesis is $h(x) = x^2$, and its step is $h'(x) = 2x$.",
    ],
)
def test_words_about_hypotheses_and_steps_are_no_induction(text: str) -> None:
    (report,) = check_text(text).files
    assert not [c for c in report.claims if "not a proof" in c.reason]


@pytest.mark.parametrize(
    "given",
    [
        r"Let $v_0 = 0$ and $v_t = \beta v_{t-1} + (1 - \beta) g_t$ for $t \ge 1$.",
        r"Let $v_t = \beta v_{t-1} + (1 - \beta) g_t$ for $t \ge 1$ with $v_0 = 0$.",
        r"Let $v_t = \beta v_{t-1} + (1 - \beta) g_t$ for $t = 1, 2, \ldots$ with $v_0 = 0$.",
        r"Let $v_t = \beta v_{t-1} + (1 - \beta) g_t$ with $v_0 = 0$.",
    ],
)
def test_the_first_member_may_be_given_behind_the_recursion(given: str) -> None:
    for right, verdict in ((r"\beta^{t-i} g_i", "proved"), (r"\beta^i g_i", {"refuted", "undecided"})):
        (report,) = check_text(f"{given}\n\n$$v_t = (1 - \\beta) \\sum_{{i=1}}^t {right}$$\n").files
        assert report.claims[-1].verdict in verdict
