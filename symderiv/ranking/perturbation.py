"""The fast-gradient step: of all small changes of an image the one that raises the linearised loss most, with proof.

    max of g · d over ‖d‖_∞ ≤ ε is ε ‖g‖_1, taken at d = ε sign g        (Goodfellow, Shlens and Szegedy 2015)
    max of g · d over ‖d‖_2 ≤ ε is ε ‖g‖_2, taken at d = ε g/‖g‖_2

Both proofs go coordinate by coordinate, so they hold for images of every size; each claim in them is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from symderiv.decide import Verdict, decide_relation
from symderiv.errors import DomainError, UnknownName
from symderiv.ranking.distributions import Array
from symderiv.read import let, read_plain
from symderiv.write import Block, Equations, Heading, Paragraph, Strong


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation in plain maths under assumptions, and what it is for."""

    relation: str
    assumptions: str
    words: str

    def verdict(self) -> Verdict:
        """What `decide` says of it."""
        return decide_relation(read_plain(self.relation), let(self.assumptions))


@dataclass(frozen=True, slots=True)
class Theorem:
    """A statement, the claims for one coordinate that it rests on, and the words that add them up."""

    name: str
    norm: str
    says: str
    claims: tuple[Claim, ...]

    def blocks(self) -> list[Block]:
        """The theorem with its proof, and the verdict on every claim."""
        found: list[Block] = [Heading(self.name, 3), Paragraph((self.says,))]
        for claim in self.claims:
            found.append(Paragraph((claim.words, f" ({claim.assumptions}) ", Strong(claim.verdict().kind))))
            found.append(Equations((read_plain(claim.relation).bare,)))
        return found


_BALL: Final = "epsilon > 0, abs(d) <= epsilon"
_SCALE: Final = "l > 0"
_ROWS: Final = (
    Theorem(
        "Fast gradient sign step",
        "inf",
        "Of all d with |d_k| ≤ ε for every k, g · d = Σ g_k d_k is largest, namely ε Σ |g_k|, at d = ε sign(g).",
        (
            Claim("g*d <= abs(g)*abs(d)", _BALL, "Every term is at most its size."),
            Claim("abs(g)*abs(d) <= epsilon*abs(g)", _BALL, "The size of d_k is at most ε; added up, g · d ≤ ε Σ |g_k|."),
            Claim(
                "g*(epsilon*sign(g)) = epsilon*abs(g)",
                "epsilon > 0",
                "For d_k = ε sign(g_k) every term takes this bound; added up, so does g · d.",
            ),
            Claim("abs(epsilon*sign(g)) <= epsilon", "epsilon > 0", "And this d lies in the ball."),
        ),
    ),
    Theorem(
        "Fast gradient step",
        "2",
        "Of all d with Σ d_k² ≤ ε², g · d is largest, namely ε ‖g‖, at d = ε g/‖g‖, where ‖g‖ = s > 0. With l = s/ε:",
        (
            Claim("l/2*d^2 + g^2/(2*l) - g*d = (l*d - g)^2/(2*l)", _SCALE, "A square is completed,"),
            Claim(
                "(l*d - g)^2/(2*l) >= 0",
                _SCALE,
                "it is not negative; added up, g · d ≤ l/2 Σ d_k² + Σ g_k²/(2 l) ≤ l ε²/2 + s²/(2 l).",
            ),
            Claim("(s/epsilon)*epsilon^2/2 + s^2/(2*(s/epsilon)) = epsilon*s", "s > 0, epsilon > 0", "For l = s/ε this is ε s."),
            Claim(
                "g*(epsilon*g/s) = epsilon/s*g^2",
                "s > 0, epsilon > 0",
                "For d_k = ε g_k/s the terms add up to (ε/s) Σ g_k² = (ε/s) s²,",
            ),
            Claim("epsilon/s*s^2 = epsilon*s", "s > 0, epsilon > 0", "which is the bound,"),
            Claim(
                "(epsilon*g/s)^2 = (epsilon/s)^2*g^2",
                "s > 0, epsilon > 0",
                "and Σ d_k² = (ε/s)² Σ g_k² = ε²: this d lies in the ball.",
            ),
        ),
    ),
)

THEOREMS: Final[dict[str, Theorem]] = {row.norm: row for row in _ROWS}
"""The theorem for each norm: `inf` and `2`."""


def fast_gradient(gradient: Any, epsilon: float, norm: str = "inf") -> Array:
    """The step d of size ε that raises the linearised loss g · d most, for one gradient of any shape; 0 where the gradient is 0.

    Raises DomainError for an ε that is not positive and for gradients with NaN or ∞, UnknownName for another norm.

    >>> fast_gradient([3.0, -4.0, 0.0], 0.5).tolist(), fast_gradient([3.0, -4.0, 0.0], 0.5, "2").tolist()
    ([0.5, -0.5, 0.0], [0.3, -0.4, 0.0])
    """
    import numpy as np

    if norm not in THEOREMS:
        raise UnknownName.among("norm", norm, THEOREMS)
    if not 0 < epsilon < float("inf"):
        raise DomainError(f"the size of the step is a positive number, not {epsilon}")
    g = np.asarray(gradient, dtype=np.float64)
    if not np.isfinite(g).all():
        raise DomainError("the gradient has entries that are not numbers")
    if norm == "inf":
        return epsilon * np.sign(g)
    largest = np.abs(g).max(initial=0.0)
    if largest == 0:
        return np.zeros_like(g)
    scaled = g / largest
    return epsilon * (scaled / np.sqrt((scaled**2).sum()))
