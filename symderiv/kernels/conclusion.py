"""What a kernel does, in words that follow from its facts.

A rule of inference looks at the facts alone and says what follows, with the reason; the first that applies speaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb
from typing import Final

from symderiv.kernels.directions import Vector, edges, moved, towards, whole
from symderiv.kernels.facts import Facts
from symderiv.kernels.frequency import CORNERS
from symderiv.kernels.frequency import gain as gain_at
from symderiv.kernels.grid import Kernel, Offset
from symderiv.kernels.scalars import rational, term_of


@dataclass(frozen=True, slots=True)
class Conclusion:
    """`kind`: the class in a word or two. `says`: what the kernel does. `because`: the facts it follows from."""

    kind: str
    says: str
    because: str

    def __str__(self) -> str:
        return f"{self.says} {self.because}"


Inference = Callable[[Facts], Conclusion | None]


def conclude(facts: Facts) -> Conclusion:
    """The first inference that applies; the last applies always."""
    for infer in INFERENCES:
        if (found := infer(facts)) is not None:
            return found
    return _by_expansion(facts)


# ------------------------------------------------------------------------------------------------- a single weight
def _single(facts: Facts) -> Conclusion | None:
    support = facts.kernel.support
    if not support:
        return Conclusion("zero", "The answer is 0 everywhere.", "Every weight is 0.")
    if len(support) > 1:
        return None
    ((i, j), w), factor = support[0], rational(support[0][1])
    times = "" if factor == 1 else f", multiplied by {term_of(w)}"
    if (i, j) == (0, 0):
        if factor == 1:
            return Conclusion(
                "identity", "Identity: the image is left as it is.", "The only weight that is not 0 is a 1 at the centre: g = f."
            )
        return Conclusion(
            "scaled identity",
            f"The image is multiplied by {term_of(w)}; nothing is moved or mixed.",
            "The only weight that is not 0 stands at the centre.",
        )
    at = (Fraction(j), Fraction(i))
    back = (-at[0], -at[1])
    return Conclusion(
        "shift",
        f"Shift: as a cross-correlation the image moves {moved(back)}{times}, for every pixel takes the value of the one that lies "
        f"{moved(at)} of it; as a convolution it moves {moved(at)}.",
        "The only weight that is not 0 stands off the centre, so no differences are taken"
        + (": a constant image stays as it is." if factor == 1 else "."),
    )


# ------------------------------------------------------------------------------------------------------- smoothing
def _smoothing(facts: Facts) -> Conclusion | None:
    weights, gain = facts.weights, rational(facts.gain)
    if not weights or gain is None or any(w < 0 for w in weights.values()) or gain <= 0:
        return None
    brightness = (
        "the weights add up to 1"
        if gain == 1
        else f"the weights add up to {gain}, so the image also becomes {gain} times as bright"
    )
    kind, says = _average(facts)
    drift = facts.slope
    if drift is not None and any(drift):
        centre = (drift[0] / gain, drift[1] / gain)
        says += f" It also moves the image, as a cross-correlation by {moved((-centre[0], -centre[1]))}, for the centre of the weights is not the middle."
    reason = f"No weight is negative and {brightness}, so every answer is an average and no frequency is amplified beyond that of constants"
    if facts.noise != 0 and gain == 1:
        reason += f"; the variance of independent noise is multiplied by Σ k² = {facts.noise}"
    return Conclusion(kind, says, reason + ".")


def _average(facts: Facts) -> tuple[str, str]:
    kernel, weights = facts.kernel, facts.weights
    size = f"{kernel.height} × {kernel.width}"
    if len(set(weights.values())) == 1:
        if len(weights) == kernel.height * kernel.width:
            return "mean", f"Mean filter (box blur, low pass): the mean of the {size} pixels around each pixel."
        if (along := line(weights)) is not None:
            return (
                "motion blur",
                f"Motion blur (low pass): the mean of {len(weights)} pixels along the direction {whole(along)} (x to the right, y down).",
            )
        return "mean", f"Mean filter (low pass): the mean of {len(weights)} pixels of the {size} window."
    spread = _spread(facts)
    if facts.factors is not None and all(is_binomial(f) for f in (facts.factors.column, facts.factors.row)):
        return "gaussian", (
            f"Gaussian blur (low pass), approximated by binomial weights{spread}: H is a product of powers of (1 + cos u)/2 and (1 + cos v)/2."
        )
    if falls(kernel) and facts.symmetries["turned by 90°"] == 1:
        return (
            "gaussian",
            f"Gaussian-like blur (low pass): the weights fall with the distance from the centre, the same in all four directions{spread}.",
        )
    return "low pass", "Weighted mean (low pass, blur)."


def _spread(facts: Facts) -> str:
    gain, second = rational(facts.gain), facts.curvature
    if gain is None or second is None or second[0] != second[2] or second[1] != 0:
        return ""
    return f", variance σ² = {2 * second[0] / gain} pixels²"


def is_binomial(values: tuple[object, ...]) -> bool:
    """Whether the values are in the ratio of binomial coefficients, such as 1 : 4 : 6 : 4 : 1."""
    n = len(values) - 1
    known = [v for v in values if isinstance(v, Fraction)]
    return len(known) == n + 1 and all(v == known[0] * comb(n, k) for k, v in enumerate(known))


def falls(kernel: Kernel) -> bool:
    """Whether rational weights fall, or at least do not rise, with the distance from the centre, and are not all equal."""
    by_distance: dict[int, list[Fraction]] = {}
    for (i, j), w in kernel.window():
        if (known := rational(w)) is None:
            return False
        by_distance.setdefault(i * i + j * j, []).append(known)
    rings = [by_distance[d] for d in sorted(by_distance)]
    return all(min(near) >= max(far) for near, far in pairwise(rings)) and min(rings[-1]) < max(rings[0])


def line(weights: dict[Offset, Fraction]) -> Vector | None:
    """The direction of the straight line on which all offsets lie; None where they do not."""
    points = sorted(weights)
    (i, j), (k, m) = points[0], points[-1]
    if any((p - i) * (m - j) != (q - j) * (k - i) for p, q in points):
        return None
    return Fraction(m - j), Fraction(k - i)


# ------------------------------------------------------------------------------- gain that is not 0, negative weights
def _emboss(facts: Facts) -> Conclusion | None:
    kernel, slope, gain = facts.kernel, facts.slope, rational(facts.gain)
    if not gain or not facts.neighbours or slope is None or not any(slope):
        return None
    if any(kernel.weight(-i, -j) != -w for (i, j), w in facts.neighbours.items()):
        return None
    return Conclusion(
        "emboss",
        f"Emboss: the image{'' if gain == 1 else f' times {gain}'} plus its derivative {towards(slope)}, so that it looks lit from one side"
        " (as a convolution, from the other).",
        f"Opposite weights differ in sign, and the centre keeps the gain {gain}: k = {gain} δ + (odd part), and the odd part approximates"
        f" {along(slope)}.",
    )


def _sharpening(facts: Facts) -> Conclusion | None:
    gain, second = rational(facts.gain), facts.curvature
    if gain is None or gain <= 0 or second is None or facts.slope is None or any(facts.slope) or not facts.neighbours:
        return None
    p, q, r = second
    if not (p <= 0 and r <= 0 and 4 * p * r >= q * q and (p or r)):
        return None
    kept = "" if gain == 1 else f"{gain} "
    part = linear((-p, "h² ∇²f")) if p == r and q == 0 else "second derivatives"
    reason = f"The weights add up to {gain}, and g = {kept}f − {part} + …: what bends is made to bend more"
    if gain == 1 and all(w <= 0 for w in facts.neighbours.values()):
        centre = facts.weights.get((0, 0), Fraction(0))
        reason += "; Re H ≥ 1, so no frequency is weakened"
        if centre <= 2:
            blur = "a kernel without negative weights that adds up to 1"
            return Conclusion(
                "unsharp masking",
                "Unsharp masking (sharpening): g = f + (f − s), where s is the image blurred by 2 δ − k.",
                f"2 δ − k is {blur}. {reason}.",
            )
        return Conclusion(
            "sharpening",
            f"Sharpening: g = f + {centre - 1} (f − m), where m is the weighted mean of the neighbours.",
            f"{reason}.",
        )
    if any(abs(known) < gain for known in _corner_gains(facts)):
        return None
    return Conclusion(
        "sharpening",
        f"Sharpening, to leading order: {kept.strip() + ' times ' if kept else ''}the image minus second derivatives of it.",
        f"{reason}.",
    )


def _corner_gains(facts: Facts) -> list[Fraction]:
    return [known for corner in CORNERS if (known := rational(gain_at(facts.kernel, corner))) is not None]


def _keeps_polynomials(facts: Facts) -> Conclusion | None:
    noise = rational(facts.noise)
    if facts.degree_kept < 2 or noise is None:
        return None
    smooths = f"; the variance of independent noise is multiplied by Σ k² = {noise}"
    return Conclusion(
        "polynomial smoothing" if noise < 1 else "polynomial filter",
        f"{'Smoothing' if noise < 1 else 'A filter'} that leaves polynomial images up to degree {facts.degree_kept} as they are (of the kind of Savitzky and Golay).",
        f"The moments up to this degree are those of δ{smooths}.",
    )


# ----------------------------------------------------------------------------------------------------- derivatives
CROSSWISE: Final = {
    (1, 1, 1): ("the mean of three", "the Prewitt operator"),
    (1, 2, 1): ("binomial weights", "the Sobel operator"),
    (3, 10, 3): ("the weights 3 : 10 : 3", "the Scharr operator"),
}
"""Smoothing across a central difference: what it is, and what the product is called."""


def _first_derivative(facts: Facts) -> Conclusion | None:
    slope = facts.slope
    if facts.gain != 0 or slope is None or not any(slope):
        return None
    length = _length(slope)
    says = f"Derivative {towards(slope)} (edge detector for {edges(slope)}): positive where the image becomes brighter {towards(slope)}, as a cross-correlation; as a convolution the sign is the opposite."
    reason = f"The weights add up to 0, so flat regions give 0, and g = {along(slope)} + …, {length} h times the derivative in that direction"
    kind = "derivative"
    if (product := _crosswise(facts)) is not None:
        smoothing, name = product
        kind = name.split()[1].lower() if name else kind
        says += f" It is a central difference with {smoothing} across it{f' ({name})' if name else ''}."
    if (accuracy := facts.expansion.accuracy) is not None:
        evenly = "opposite weights differ in sign" if facts.parity == -1 else "the differences are not taken evenly on both sides"
        reason += f"; {evenly}, and the error is of relative order h{_power(accuracy)}"
    return Conclusion(kind, says, reason + ".")


def along(slope: Vector) -> str:
    """`8 h ∂f/∂x − h ∂f/∂y`."""
    return linear((slope[0], "h ∂f/∂x"), (slope[1], "h ∂f/∂y"))


def linear(*parts: tuple[Fraction, str]) -> str:
    """A sum in words, without what is 0: `8 p − q`."""
    written = ""
    for c, name in parts:
        if c:
            size = name if abs(c) == 1 else f"{abs(c)} {name}"
            written += (" − " if c < 0 else " + ") + size if written else ("−" if c < 0 else "") + size
    return written


def _length(v: Vector) -> str:
    square = v[0] ** 2 + v[1] ** 2
    if 0 in v:
        return str(abs(v[0] + v[1]))
    return f"√{square}"


def _power(n: int) -> str:
    return "" if n == 1 else str(n).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _crosswise(facts: Facts) -> tuple[str, str] | None:
    """For a central difference over three pixels times a smoothing across: the smoothing, and the name of the product or ''."""
    if facts.factors is None:
        return None
    for along, across in ((facts.factors.row, facts.factors.column), (facts.factors.column, facts.factors.row)):
        if len(along) != 3 or along[1] != 0 or along[0] + along[2] != 0 or len(across) != 3:
            continue
        known = [w for w in across if isinstance(w, Fraction)]
        if len(known) < 3 or known[0] == 0 or any(w / known[0] < 0 for w in known):
            return None
        for ratio, (smoothing, name) in CROSSWISE.items():
            if all(w * ratio[0] == known[0] * r for w, r in zip(known, ratio, strict=True)):
                return smoothing, name
        return f"the weights {' : '.join(str(w / known[0]) for w in known)}", ""
    return None


def _second_derivative(facts: Facts) -> Conclusion | None:
    second = facts.curvature
    if facts.gain != 0 or second is None or facts.slope is None or any(facts.slope) or not any(second):
        return None
    p, q, r = second
    flat = "The weights add up to 0 and so do their first moments, so flat and evenly rising regions give 0"
    if p == r and q == 0:
        return _laplacian(facts, str(p), p, flat)
    if 4 * p * r == q * q:
        direction = (Fraction(1), q / (2 * p)) if p else (Fraction(0), Fraction(1))
        size = p * (direction[0] ** 2 + direction[1] ** 2) if p else r
        found = edges(direction).replace("edges", "lines")
        return Conclusion(
            "second derivative",
            f"Second derivative along the direction {whole(direction)} (x to the right, y down), times {size} h²: a detector of {found}.",
            f"{flat}; the second moments are those of a single direction.",
        )
    if not p and not r:
        return Conclusion(
            "mixed derivative",
            f"Mixed derivative: {linear((q, 'h² ∂²f/∂x∂y'))}, a detector of corners and diagonal lines.",
            f"{flat}; the second moments along the axes are 0, the mixed one is not.",
        )
    kind = "the same sign in all directions" if 4 * p * r > q * q else "different signs in different directions"
    return Conclusion(
        "second derivative",
        f"Second-order operator with zero gain: {linear((p, 'h² ∂²f/∂x²'), (q, 'h² ∂²f/∂x∂y'), (r, 'h² ∂²f/∂y²'))}, of {kind}: an edge and line detector.",
        f"{flat}; the second moments differ between directions.",
    )


def _laplacian(facts: Facts, size: str, known: Fraction | None, flat: str) -> Conclusion:
    says = f"Laplacian-type edge detector with zero gain: {size} h² ∇²f to leading order"
    if known is None:
        return Conclusion(
            "laplacian", f"{says}, where {size} is not 0.", f"{flat}; the second moments are equal in both directions."
        )
    times = "" if abs(known) == 1 else f"{abs(known)} times "
    says = f"Laplacian-type edge detector with zero gain: {linear((known, 'h² ∇²f'))} to leading order, {times}{'minus ' if known < 0 else ''}the Laplacian."
    says += f" It answers on both sides of an edge, with opposite signs; smooth bright spots give {'positive' if known < 0 else 'negative'} answers."
    reason = f"{flat}; the second moments are equal in both directions{_isotropic_error(facts)}"
    return Conclusion("laplacian", says, f"{reason}. The variance of independent noise is multiplied by Σ k² = {facts.noise}.")


def _laplacian_with_letters(facts: Facts) -> Conclusion | None:
    """The same where the second moments depend on letters."""
    symbol = facts.expansion.leading
    if facts.expansion.order != 2 or set(symbol) != {(2, 0), (0, 2)} or symbol[2, 0] != symbol[0, 2]:
        return None
    return _laplacian(facts, str(term_of(symbol[2, 0])), None, "The weights add up to 0 and so do their first moments")


def _isotropic_error(facts: Facts) -> str:
    parts = facts.expansion.parts
    error = parts.get(4, {}) if sorted(parts)[1:2] == [4] else {}
    known = {ab: rational(c) for ab, c in error.items()}
    c = known.get((4, 0))
    if c is not None and known == {(4, 0): c, (2, 2): 2 * c, (0, 4): c}:
        return f", and the error {c} h⁴ ∇⁴f depends on no direction either"
    return ""


def _by_expansion(facts: Facts) -> Conclusion:
    order = facts.expansion.order
    if facts.gain != 0:
        return Conclusion(
            "combination",
            f"The image times {term_of(facts.gain)}, changed by derivatives of it.",
            "The weights do not add up to 0; the Taylor expansion shows the rest.",
        )
    return Conclusion(
        f"derivative of order {order}",
        f"A differential operator of order {order} with zero gain: an edge detector that gives 0 on polynomial images of lower degree.",
        f"All moments of degree below {order} are 0.",
    )


INFERENCES: Final[tuple[Inference, ...]] = (
    _single,
    _smoothing,
    _emboss,
    _sharpening,
    _keeps_polynomials,
    _first_derivative,
    _second_derivative,
    _laplacian_with_letters,
)
