"""The facts of a kernel as statements: each a few blocks that say it, and the derivations behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from symderiv.derive import Derivation
from symderiv.kernels.action import (
    CONVENTIONS,
    CONVOLUTION,
    CORRELATION,
    IMPULSE,
    MONOMIALS,
    STEP,
    Convention,
    X,
    Y,
    action,
    impulse,
    impulse_response,
    monomial,
    on_image,
    operator,
    taylor,
    wave,
)
from symderiv.kernels.facts import Facts
from symderiv.kernels.frequency import CORNERS, Extremum, U, V, even_part, factored, gain, odd_part
from symderiv.kernels.moments import Symbol
from symderiv.kernels.scalars import Scalar, term_of, weighted
from symderiv.terms import ZERO, Array, Const, Fn, Mul, Relation, Sym, Term, number, plus, power, times
from symderiv.write import Block, Equations, Paragraph, Table, Words
from symderiv.write.blocks import listed


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a kernel: a name, blocks that state it, and the derivations behind it.

    `main`: whether the derivations are shown when not every step is asked for.
    """

    name: str
    states: tuple[Block, ...]
    derivations: tuple[Derivation, ...] = ()
    main: bool = True


def conventions(facts: Facts) -> tuple[Convention, ...]:
    """The conventions that have to be told apart: one where the kernel is its own half turn."""
    return CONVENTIONS[:1] if facts.parity == 1 else CONVENTIONS


def state_action(facts: Facts) -> Fact:
    """The answer at a pixel, under both conventions."""
    words: Words = (
        "On a grid of step ",
        STEP,
        ", with x to the right and y down, g is the cross-correlation (",
        CORRELATION.used,
        ") and q the convolution (",
        CONVOLUTION.used,
        ").",
    )
    if facts.parity == 1:
        words = (*words, " The kernel turned by 180° is the kernel, so both are the same here: q = g.")
    derivations = tuple(action(facts.kernel, c) for c in conventions(facts))
    return Fact("Action on an image", (Paragraph(words), _results(derivations)), derivations)


def _results(derivations: tuple[Derivation, ...]) -> Equations:
    return Equations(tuple(Relation("=", d.start, d.result) for d in derivations))


def state_impulse(facts: Facts) -> Fact:
    """The answer to one bright pixel: the kernel itself for a convolution, its half turn for a cross-correlation."""
    rows: list[tuple[Words, ...]] = []
    for c in CONVENTIONS:
        turned = c.sign > 0 and facts.parity != 1
        rows.append(
            ((c.name,), (impulse_response(facts.kernel, c).array(),), ("the kernel turned by 180°" if turned else "the kernel",))
        )
    words = ("One pixel of value 1 among zeros, ", Fn(IMPULSE, X, Y), ", is answered by")
    table = Table((("convention",), ("answer",), ("which is",)), tuple(rows))
    return Fact(
        "Response to an impulse", (Paragraph(words), table), tuple(impulse(facts.kernel, c) for c in conventions(facts)), main=False
    )


def state_polynomials(facts: Facts) -> Fact:
    """The answers to constant, linear and quadratic images, and up to which degree polynomials are kept or answered by 0."""
    used = conventions(facts)
    rows: list[tuple[Words, ...]] = []
    derivations = []
    for ab, name in MONOMIALS.items():
        found = [on_image(facts.kernel, monomial(*ab), c) for c in used]
        derivations.append(found[0])
        rows.append(((name,), (monomial(*ab),), *((d.result,) for d in found)))
    head: tuple[Words, ...] = (("image",), ("f(x, y)",), *((c.start,) for c in used))
    words: Words = (
        "The sum of the weights, ",
        term_of(facts.gain),
        f", is the answer to the constant image 1, and H at frequency 0. {_exactness(facts)}",
    )
    return Fact(
        "Constant, linear and quadratic images", (Table(head, tuple(rows)), Paragraph(words)), tuple(derivations), main=False
    )


def _exactness(facts: Facts) -> str:
    order, kept = facts.expansion.order, facts.degree_kept
    if order is None:
        return "Every image is answered by 0."
    if facts.expansion.exact and kept >= 0:
        return "Every image is left as it is."
    if kept >= 0:
        return f"Polynomial images up to degree {kept} are left as they are; not all of degree {kept + 1} are."
    if order > 0:
        return f"Polynomial images of degree below {order} are answered by 0; not all of degree {order} are."
    return "Constant images are neither left as they are nor answered by 0."


def state_taylor(facts: Facts) -> Fact:
    """The differential operator that the kernel approximates, its order and its leading error."""
    expanded = facts.expansion
    derivations = tuple(taylor(facts.kernel, expanded, c) for c in conventions(facts))
    blocks: list[Block] = [_results(derivations)]
    if powers := sorted(expanded.parts):
        words: Words = ("As a cross-correlation it is ", *_applied(powers[0], expanded.parts[powers[0]]))
        words += (f" to leading order, an operator of order {powers[0]}",)
        if expanded.exact:
            words += (", without any error.",)
        else:
            words += ("; the leading error is ", *_applied(powers[1], expanded.parts[powers[1]]))
            words += (f", of relative order {powers[1] - powers[0]} in h.",)
        blocks.append(Paragraph(words))
    return Fact("Taylor expansion in the grid step", tuple(blocks), derivations)


def _applied(n: int, symbol: Symbol) -> Words:
    """h^n P_n f, in terms of the Laplacian where it is a multiple of it or of its square."""
    for name, like in (("∇²f", {(2, 0): 1, (0, 2): 1}), ("∇⁴f", {(4, 0): 1, (2, 2): 2, (0, 4): 1})):
        if set(symbol) == set(like):
            c: Scalar = next(iter(symbol.values()))
            if all(symbol[ab] == c * m for ab, m in like.items()):
                return (weighted(c, power(STEP, n)), f" {name}")
    return (times(power(STEP, n), operator(symbol)),)


def state_frequency(facts: Facts) -> Fact:
    """H(u, v), its gains at the corners, zeros and extrema."""
    even, odd = even_part(facts.kernel), odd_part(facts.kernel)
    blocks: list[Block] = [
        Paragraph(
            (
                "On the grid of step 1 the wave ",
                Fn("cos", plus(times(U, X), times(V, Y))),
                " is answered by A cos(u x + v y) − B sin(u x + v y), so that H = A + √−1 B as a cross-correlation and A − √−1 B as a convolution, with",
            )
        ),
        Equations((Relation("=", Sym("A"), even), Relation("=", Sym("B"), odd))),
    ]
    if facts.factors is not None and (product := factored(facts.factors)) is not None:
        name = "A" if odd == ZERO else "B" if even == ZERO else None
        if name is not None:
            blocks.append(Equations((Relation("=", Sym(name), product),)))
    corners = tuple(
        ((_multiple_of_pi(p),), (_multiple_of_pi(q),), (term_of(gain(facts.kernel, (p, q))),), (what,))
        for (p, q), what in zip(CORNERS, _CORNER_WORDS, strict=True)
    )
    blocks.append(Table(((U,), (V,), ("H",), ("image",)), corners))
    blocks.append(Paragraph(_extrema(facts)))
    return Fact("Frequency response", tuple(blocks), (wave(facts.kernel, even, odd),))


_CORNER_WORDS: Final = ("constant", "columns alternate", "rows alternate", "chessboard")


def _multiple_of_pi(n: int) -> Term:
    return times(number(n), Const("pi"))


def _extrema(facts: Facts) -> Words:
    """The sentence on zeros and extrema."""
    found = facts.spectrum
    if found is None:
        what = "the weights depend on letters" if facts.kernel.letters else "no way to find them exactly applies here"
        return (f"Zeros and extrema between the corners are not given: {what}." if facts.kernel.support else "H is 0 everywhere.",)
    size = "H" if found.real else "|H|"
    words: Words = (f"{found.method[0].upper()}{found.method[1:]}.",)
    for name, extremum in (("largest", found.largest), ("smallest", found.smallest)):
        if extremum is not None:
            words += (f" The {name} value of {size} is ", *_taken(extremum), ".")
    if found.zeros == ():
        words += (" H is nowhere 0.",)
    elif found.zeros is not None:
        words += (" For u and v from 0 to π, H is 0 just where ", *listed(map(_place, found.zeros), " or "), ".")
    elif found.curve is not None:
        words += (" H is 0 on the curve ", Relation("=", found.curve, ZERO), ".")
    else:
        words += (" Its zeros are not given.",)
    return words


def _place(at: tuple[Term | None, Term | None]) -> Words:
    return listed(((Relation("=", letter, angle),) for letter, angle in zip((U, V), at, strict=True) if angle is not None), " and ")


def _taken(extremum: Extremum) -> Words:
    u, v = extremum.place
    return (extremum.value, ", as at ", Relation("=", U, u), ", ", Relation("=", V, v))


def state_symmetry(facts: Facts) -> Fact:
    """Which motions of the window leave the kernel as it is, and which change its sign."""
    kept = [name for name, sign in facts.symmetries.items() if sign > 0]
    changed = [name for name, sign in facts.symmetries.items() if sign < 0]
    parts = []
    if kept:
        parts.append(f"The kernel stays what it is: {', '.join(kept)}.")
    if changed:
        parts.append(f"It changes its sign: {', '.join(changed)}.")
    return Fact(
        "Symmetry", (Paragraph((" ".join(parts) or "None of the motions of the window keeps the kernel or its negative.",)),)
    )


def state_separability(facts: Facts) -> Fact:
    """The factorisation into a column and a row, or the rank."""
    kernel, factors = facts.kernel, facts.factors
    if factors is None:
        what = {None: "not of rank 1", 0: "0"}.get(
            facts.rank, f"of rank {facts.rank} as a matrix, a sum of so many separable kernels"
        )
        return Fact("Separability", (Paragraph((f"The kernel is {what}.",)),))
    column, row = Array(*((term_of(w),) for w in factors.column)), Array(tuple(term_of(w) for w in factors.row))
    saved = f"Rank 1: a pass over the columns and one over the rows take {factors.multiplications} multiplications for a pixel, not {kernel.height * kernel.width}."
    return Fact("Separability", (Equations((Relation("=", kernel.array(), Mul(column, row)),)), Paragraph((saved,))))


def state_noise(facts: Facts) -> Fact:
    """Σ k²."""
    words: Words = (
        "Independent noise of variance σ² in every pixel becomes noise of variance ",
        term_of(facts.noise),
        " σ²: the sum of the squared weights, which is the mean of |H|² over all frequencies.",
    )
    return Fact("Noise", (Paragraph(words),))


STATEMENTS: Final[tuple[Callable[[Facts], Fact], ...]] = (
    state_action,
    state_impulse,
    state_polynomials,
    state_taylor,
    state_frequency,
    state_symmetry,
    state_separability,
    state_noise,
)
"""Every statement, in the order in which they are written."""
