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
from symderiv.terms import And, Relation, Term
from symderiv.write import Block, Equations, Heading, Note, Paragraph, Strong, marked_up


@dataclass(frozen=True, slots=True)
class Claim:
    """A chain of relations for one coordinate, in plain maths, each of them decided under the assumptions."""

    relations: tuple[str, ...]
    assumptions: str

    def verdicts(self) -> list[Verdict]:
        """What `decide` says of each."""
        return [decide_relation(r, let(self.assumptions)) for r in map(_relation, self.relations)]

    def shown(self) -> tuple[Term, ...]:
        """The chain a ≤ b ≤ c, or its relations one below the other if they are not all of one kind."""
        return _chain(self.relations)


@dataclass(frozen=True, slots=True)
class Added:
    """What the claims before say when they are added up over the coordinates: a chain of relations, in plain maths."""

    relations: tuple[str, ...]

    def shown(self) -> tuple[Term, ...]:
        """The chain."""
        return _chain(self.relations)


def _relation(text: str) -> Relation:
    term = read_plain(text).bare
    assert isinstance(term, Relation)
    return term


def _chain(relations: tuple[str, ...]) -> tuple[Term, ...]:
    found = tuple(map(_relation, relations))
    return (And(*found),) if len(found) > 1 and len({r.op for r in found}) == 1 else found


@dataclass(frozen=True, slots=True)
class Theorem:
    """A statement, and its proof: words, claims for one coordinate, and what they add up to. Words are Markdown with maths."""

    name: str
    norm: str
    says: str
    proof: tuple[str | Claim | Added, ...]

    @property
    def claims(self) -> list[Claim]:
        """The claims that the proof rests on."""
        return [part for part in self.proof if isinstance(part, Claim)]

    def blocks(self) -> list[Block]:
        """The theorem with its proof, and the verdict on the claims in it."""
        found: list[Block] = [Heading(self.name, 3), Paragraph((Strong("Theorem."), " ", *marked_up(self.says)))]
        words: str | None = "Proof."
        for part in self.proof:
            if isinstance(part, str):
                lead = (Strong(words), " ") if words else ()
                found.append(Paragraph((*lead, *marked_up(part))))
                words = None
            else:
                found.append(Equations(part.shown()))
        verdicts = [v.kind for claim in self.claims for v in claim.verdicts()]
        kind = "proved" if set(verdicts) == {"proved"} else "undecided"
        found.append(Note((f"All {len(verdicts)} relations for one coordinate are decided by symderiv: ", Strong(kind), ".")))
        return found


_POSITIVE: Final = "s > 0, epsilon > 0"
_ROWS: Final = (
    Theorem(
        "Fast gradient sign step",
        "inf",
        r"Let $\varepsilon > 0$. Of all changes $d$ with $|d_k| \le \varepsilon$ for every $k$, the linearised loss $\sum_k g_k d_k$ is raised "
        r"most, namely by $\varepsilon \sum_k |g_k|$, by $d_k = \varepsilon \operatorname{sign}(g_k)$.",
        (
            r"For every coordinate, as $|d_k| \le \varepsilon$,",
            Claim(
                ("g_k*d_k <= abs(g_k)*abs(d_k)", "abs(g_k)*abs(d_k) <= epsilon*abs(g_k)"),
                "epsilon > 0, abs(d_k) <= epsilon",
            ),
            "and added up over all of them,",
            Added(("sum(g_k*d_k, k) <= epsilon*sum(abs(g_k), k)",)),
            r"This bound is reached: for $d_k = \varepsilon \operatorname{sign}(g_k)$ every term is",
            Claim(("g_k*(epsilon*sign(g_k)) = epsilon*abs(g_k)",), "epsilon > 0"),
            "and this change is small enough, for",
            Claim(("abs(epsilon*sign(g_k)) <= epsilon",), "epsilon > 0"),
        ),
    ),
    Theorem(
        "Fast gradient step",
        "2",
        r"Let $\varepsilon > 0$, and let $s = \sqrt{\sum_k g_k^2}$ be positive. Of all changes $d$ with $\sum_k d_k^2 \le \varepsilon^2$, the "
        r"linearised loss $\sum_k g_k d_k$ is raised most, namely by $\varepsilon s$, by $d_k = \frac{\varepsilon g_k}{s}$.",
        (
            r"Complete the square: for every coordinate, with any $\lambda > 0$,",
            Claim(
                (
                    "lambda/2*d_k^2 + g_k^2/(2*lambda) - g_k*d_k = (lambda*d_k - g_k)^2/(2*lambda)",
                    "(lambda*d_k - g_k)^2/(2*lambda) >= 0",
                ),
                "lambda > 0",
            ),
            r"Added up over all of them, as $\sum_k d_k^2 \le \varepsilon^2$ and $\sum_k g_k^2 = s^2$,",
            Added(("sum(g_k*d_k, k) <= lambda/2*epsilon^2 + s^2/(2*lambda)",)),
            r"and for $\lambda = \frac{s}{\varepsilon}$ the right side is",
            Claim(("s/(2*epsilon)*epsilon^2 + epsilon/(2*s)*s^2 = epsilon*s",), _POSITIVE),
            r"This bound is reached: for $d_k = \frac{\varepsilon g_k}{s}$",
            Claim(("g_k*(epsilon*g_k/s) = epsilon/s*g_k^2",), _POSITIVE),
            "which adds up to",
            Claim(("epsilon/s*s^2 = epsilon*s",), _POSITIVE),
            "and this change is small enough, for",
            Claim(("(epsilon*g_k/s)^2 = epsilon^2/s^2*g_k^2",), _POSITIVE),
            r"adds up to $\frac{\varepsilon^2}{s^2} s^2 = \varepsilon^2$.",
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
