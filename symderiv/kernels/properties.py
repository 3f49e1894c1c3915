"""Claims about a kernel judged from its facts: "k2 is an edge detector" is refuted, with the image that shows it.

A property is a row: its name, other words for it, and what of the facts proves or refutes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from symderiv.decide import Verdict
from symderiv.errors import UnknownName
from symderiv.kernels.conclusion import conclude
from symderiv.kernels.facts import Facts
from symderiv.kernels.scalars import rational, term_of, total


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a kernel has a property, and why; `holds` is None where it depends on letters."""

    holds: bool | None
    reason: str

    @property
    def verdict(self) -> Verdict:
        """The judgement as a verdict of `decide`."""
        kind = {True: "proved", False: "refuted", None: "undecided"}[self.holds]
        if kind == "undecided":
            return Verdict("undecided", tried=(self.reason,))
        return Verdict("proved" if self.holds else "refuted", self.reason)


@dataclass(frozen=True, slots=True)
class Property:
    """One thing that can be said of a kernel; `example` is a kernel that has it, `counterexample` one that has it not."""

    name: str
    judge: Callable[[Facts], Judgement]
    example: str
    counterexample: str
    aliases: tuple[str, ...] = ()


def _kind(*kinds: str) -> Callable[[Facts], Judgement]:
    """The conclusion is of one of these kinds."""

    def judge(facts: Facts) -> Judgement:
        conclusion = conclude(facts)
        if conclusion.kind in kinds:
            return Judgement(True, str(conclusion))
        if facts.kernel.letters:
            return Judgement(None, f"the weights depend on letters. {conclusion}")
        if conclusion.kind in ("combination", "polynomial filter") and kinds != ("identity",) and kinds != ("shift",):
            return Judgement(None, f"no inference settles it. {conclusion}")
        return Judgement(False, str(conclusion))

    return judge


def _edge_detector(facts: Facts) -> Judgement:
    if (gain := facts.gain) != 0:
        holds = None if rational(gain) is None else False
        return Judgement(holds, f"the weights add up to {term_of(gain)}: the constant image 1 is answered by that, not by 0")
    if not facts.kernel.support:
        return Judgement(False, "every weight is 0, so edges are answered by 0, too")
    return Judgement(True, "the weights add up to 0 and are not all 0: flat regions are answered by 0, changes are not")


def _edges_along(axis: str, name: str) -> Callable[[Facts], Judgement]:
    """An image that depends on one coordinate alone is answered by the sums of the kernel along the other."""

    def judge(facts: Facts) -> Judgement:
        found = _edge_detector(facts)
        if not found.holds:
            return found
        if facts.kernel.letters:
            return Judgement(None, "the weights depend on letters")
        rows, columns = ([total(line) for line in k.rows] for k in (facts.kernel, facts.kernel.transposed()))
        along, across = (rows, columns) if axis == "y" else (columns, rows)
        if not any(s != 0 for s in along):
            return Judgement(False, f"it answers {name} edges by 0: every {'row' if axis == 'y' else 'column'} adds up to 0")
        if any(s != 0 for s in across):
            return Judgement(False, f"it answers {name} edges, but edges across them, too")
        return Judgement(True, f"it answers {name} edges, and edges across them by 0")

    return judge


def _noise(facts: Facts) -> Judgement:
    known = rational(facts.noise)
    if known is None:
        return Judgement(None, f"the variance of independent noise is multiplied by Σ k² = {term_of(facts.noise)}")
    return Judgement(known < 1, f"the variance of independent noise is multiplied by Σ k² = {known}")


def _keeps_constants(facts: Facts) -> Judgement:
    gain = facts.gain
    holds = None if rational(gain) is None else gain == 1
    return Judgement(holds, f"the weights add up to {term_of(gain)}")


def _separable(facts: Facts) -> Judgement:
    if facts.factors is not None or not facts.kernel.support:
        return Judgement(True, "the kernel is a column times a row")
    if facts.kernel.letters:
        return Judgement(None, "it is not a column times a row for letters in general")
    return Judgement(False, f"the rank is {facts.rank}")


def _symmetric(facts: Facts) -> Judgement:
    if facts.parity == 1:
        return Judgement(True, "the kernel turned by 180° is the kernel: both conventions agree")
    return Judgement(None if facts.kernel.letters else False, "the kernel turned by 180° is another kernel")


_DERIVATIVES: Final = ("derivative", "sobel", "prewitt", "scharr")
_BLURS: Final = ("mean", "gaussian", "motion blur", "low pass", "polynomial smoothing")
_K1: Final = "[[0,0,0],[0,1,0],[0,0,0]]"
_K2: Final = "[[0,0,0],[0,0,1],[0,0,0]]"
_K3: Final = "[[-1,-1,-1],[-1,8,-1],[-1,-1,-1]]"
_K4: Final = "[[1,1,1],[1,1,1],[1,1,1]]/9"
_SOBEL: Final = "[[-1,0,1],[-2,0,2],[-1,0,1]]"

_ROWS: Final = (
    Property("identity", _kind("identity"), _K1, _K2),
    Property("shift", _kind("shift"), _K2, _K1, ("translation",)),
    Property("mean filter", _kind("mean"), _K4, _K3, ("mean", "box blur", "average")),
    Property("smoothing", _kind(*_BLURS), _K4, _K3, ("blur", "low pass", "smooths")),
    Property("gaussian", _kind("gaussian"), "[[1,2,1],[2,4,2],[1,2,1]]/16", _K4, ("gaussian blur",)),
    Property("sharpening", _kind("sharpening", "unsharp masking"), "[[0,-1,0],[-1,5,-1],[0,-1,0]]", _K4, ("sharpens",)),
    Property("emboss", _kind("emboss"), "[[-2,-1,0],[-1,1,1],[0,1,2]]", _K4),
    Property("laplacian", _kind("laplacian"), _K3, _SOBEL),
    Property("second derivative", _kind("laplacian", "second derivative", "mixed derivative"), _K3, _SOBEL),
    Property("derivative", _kind(*_DERIVATIVES), _SOBEL, _K3, ("first derivative", "gradient")),
    Property("edge detector", _edge_detector, _K3, _K2, ("zero gain", "edge detection", "edge detection filter")),
    Property(
        "horizontal edge detector",
        _edges_along("y", "horizontal"),
        "[[-1,-2,-1],[0,0,0],[1,2,1]]",
        _K2,
        ("horizontal edge detection", "horizontal edge detection filter"),
    ),
    Property("vertical edge detector", _edges_along("x", "vertical"), _SOBEL, _K2, ("vertical edge detection",)),
    Property("keeps constants", _keeps_constants, _K4, _K3, ("gain 1", "preserves brightness")),
    Property("reduces noise", _noise, _K4, _K3),
    Property("separable", _separable, _SOBEL, _K3),
    Property("symmetric", _symmetric, _K3, _K2),
)

PROPERTIES: Final[dict[str, Property]] = {row.name: row for row in _ROWS}
"""Every property, by name."""

_NAMES: Final = {name: row for row in _ROWS for name in (row.name, *row.aliases)}


def judge(facts: Facts, claim: str) -> Judgement:
    """Whether the kernel has the property of that name; raises UnknownName for one that is not in the table."""
    words = re.sub(r"^(?:an?|the|is|it)\s+", "", claim.strip().lower())
    if words not in _NAMES:
        raise UnknownName.among("property of kernels", claim, _NAMES)
    return _NAMES[words].judge(facts)
