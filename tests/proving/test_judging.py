"""Proofs in files: the book is accepted, what is wrong is refused in its line for its reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symderiv.catalogue.theorems import THEOREMS
from symderiv.proving import judge_file, judge_proof, prove
from symderiv.write import write

BOOK = Path(__file__).parents[2] / "proofs"
REJECTED = sorted((BOOK / "rejected").glob("*.md"))


def test_the_book_has_a_page_for_every_theorem_and_nothing_else() -> None:
    assert {p.stem for p in BOOK.glob("*.md")} == set(THEOREMS)


@pytest.mark.parametrize("name", THEOREMS)
def test_a_page_of_the_book_is_what_the_engine_writes_and_what_it_accepts(name: str) -> None:
    page = BOOK / f"{name}.md"
    assert page.read_text(encoding="utf-8") == write([prove(name)], "markdown", standalone=True), f"symderiv prove {name} -o {page}"
    judged = judge_file(page)
    assert judged.flaws == []
    assert judged.lines > 2


@pytest.mark.parametrize("path", REJECTED, ids=[p.stem for p in REJECTED])
def test_a_wrong_proof_is_refused_in_its_line_for_its_reason(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = re.search(r"<!-- refused in line (\d+): (.*) -->", text)
    assert expected is not None, "the file must say what is wrong with it"
    flaws = judge_file(path).flaws
    assert any(f.line == int(expected[1]) and expected[2] in f.reason for f in flaws), flaws


SETTING = r"""Let $N \in \mathbb{N}$, $l \in \{1, \dots, N\}$, $W_l \in \mathbb{R}^{d \times d}$ and $x \in \mathbb{R}^d$. Put $h_0 = x$ and $h_l = W_l h_{l-1}$.
Products of matrices are taken with the largest index on the left.

"""
ACCEPTED = {
    "a classroom proof": SETTING
    + r"""We show that for every $N \ge 1$

$$h_N = W_N W_{N-1} \cdots W_1 x.$$

Basis: for $N = 1$ we have

$$h_1 = W_1 h_0 = W_1 x$$

Suppose the formula holds for some $N$, that is,

$$h_N = W_N \cdots W_1 x$$

Inductive step: the next layer gives

$$h_{N+1} = W_{N+1} h_N = W_{N+1} W_N \cdots W_1 x$$

By induction, the formula holds for all $N$.
""",
    "headings for the parts": SETTING
    + r"""## Claim

For all $N \ge 0$: $h_N = \Big(\prod_{l=1}^{N} W_l\Big) x$.

## Base case

$N = 0$:

$$h_0 = x = \Big(\prod_{l=1}^{0} W_l\Big) x$$

## Induction hypothesis

$$h_N = \Big(\prod_{l=1}^{N} W_l\Big) x$$

## Induction step

$$
\begin{aligned}
h_{N+1} &= W_{N+1} h_N \\
&= W_{N+1} \Big(\prod_{l=1}^{N} W_l\Big) x \\
&= \Big(\prod_{l=1}^{N+1} W_l\Big) x
\end{aligned}
$$
""",
    "a sum": r"""**Theorem.** For every natural number $n \ge 1$,

$$\sum_{k=1}^{n} k = \frac{n (n+1)}{2}$$

Proof by induction on $n$.

**Base case.** $n = 1$:

$$\sum_{k=1}^{1} k = 1 = \frac{1 (1+1)}{2}$$

**Induction hypothesis.** Assume that for some $n$

$$\sum_{k=1}^{n} k = \frac{n (n+1)}{2}$$

**Induction step.**

$$\sum_{k=1}^{n+1} k = \sum_{k=1}^{n} k + (n+1) = \frac{n (n+1)}{2} + n + 1 = \frac{(n+1) (n+2)}{2}$$
""",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_a_proof_in_other_words_is_accepted(text: str) -> None:
    assert judge_proof(text).flaws == []


def test_a_chain_that_stops_short_proves_no_identity() -> None:
    text = r"""**Claim.** $$\frac{e^{a + c}}{e^{b + c}} = e^{a - b}$$

**Proof.** $$\frac{e^{a + c}}{e^{b + c}} = \frac{e^a e^c}{e^b e^c}$$
"""
    (flaw,) = judge_proof(text).flaws
    assert "the proof ends in" in flaw.reason


def test_a_text_without_an_induction_is_not_a_proof() -> None:
    (flaw,) = judge_proof(SETTING).flaws
    assert "there is no proof here" in flaw.reason
