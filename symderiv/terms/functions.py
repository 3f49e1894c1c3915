"""The table of functions: one row holds everything that is known of a function, so that adding one touches one place.

Formulas in a row are plain maths over `u` (and `v` for the second argument); they are read when they are first needed.

>>> FUNCTIONS["tanh"].derivative
('1 - tanh(u)^2',)
>>> FUNCTIONS["log"].domain
('u > 0',)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

Ball = Any
"""A ball of interval arithmetic (`flint.arb`, or its power series `flint.arb_series`); the table itself never imports FLINT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """All meanings of one function, side by side.

    `derivative`: one formula for each argument (none: not differentiated by a table row). `domain`: where it is defined.
    `smooth`: where it is differentiable, if not on all of its domain. `range`: what holds of every value `y`. `increasing`: whether
    it grows on all of its domain, which is the line or a half-line from 0.
    `values`: at points where it is known. `definition`: an equal expression in simpler functions. `cases`: its value region by region, for functions with knots.
    `ball` and `series` evaluate it with certified error, as a number and as a power series (value and derivatives);
    None where the knots have to be looked at first. `latex`, `sympy`, `numpy`: its name there (`numpy` may be an expression).
    """

    name: str
    arity: int | None
    example: str
    derivative: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    smooth: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    parity: str = ""
    increasing: bool = False
    values: tuple[str, ...] = ()
    definition: str = ""
    cases: str = ""
    ball: Callable[..., Ball] | None = None
    series: Callable[..., Ball] | None = None
    latex: str = ""
    sympy: str = ""
    numpy: str = ""
    aliases: tuple[str, ...] = ()


_ROWS: Final = (
    Function(
        name="exp",
        arity=1,
        example="exp(-x)",
        increasing=True,
        derivative=("exp(u)",),
        range=("y > 0",),
        ball=lambda u: u.exp(),
        series=lambda u: u.exp(),
        values=("exp(0) = 1",),
        latex=r"\exp",
        sympy="exp",
        numpy="numpy.exp",
    ),
    Function(
        name="log",
        arity=1,
        example="log(1 + x^2)",
        increasing=True,
        derivative=("1/u",),
        domain=("u > 0",),
        ball=lambda u: u.log(),
        series=lambda u: u.log(),
        values=("log(1) = 0",),
        latex=r"\log",
        sympy="log",
        numpy="numpy.log",
        aliases=("ln",),
    ),
    Function(
        name="sqrt",
        arity=1,
        example="sqrt(1 + x^2)",
        increasing=True,
        derivative=("1/(2*sqrt(u))",),
        domain=("u >= 0",),
        smooth=("u > 0",),
        range=("y >= 0",),
        ball=lambda u: u.sqrt(),
        series=lambda u: u.sqrt(),
        values=("sqrt(0) = 0", "sqrt(1) = 1"),
        latex=r"\sqrt",
        sympy="sqrt",
        numpy="numpy.sqrt",
    ),
    Function(
        name="root",
        arity=2,
        example="root(1 + x^2, 3)",
        domain=("u >= 0",),
        smooth=("u > 0",),
        range=("y >= 0",),
        definition="u^(1/v)",
        ball=lambda u, v: u.root(int(v.unique_fmpz())),
        latex=r"\sqrt",
        sympy="root",
        numpy="({0}) ** (1 / ({1}))",
    ),
    Function(
        name="sin",
        arity=1,
        example="sin(x)",
        derivative=("cos(u)",),
        range=("y >= -1", "y <= 1"),
        parity="odd",
        ball=lambda u: u.sin(),
        series=lambda u: u.sin(),
        values=("sin(0) = 0",),
        latex=r"\sin",
        sympy="sin",
        numpy="numpy.sin",
    ),
    Function(
        name="cos",
        arity=1,
        example="cos(x)",
        derivative=("-sin(u)",),
        range=("y >= -1", "y <= 1"),
        parity="even",
        ball=lambda u: u.cos(),
        series=lambda u: u.cos(),
        values=("cos(0) = 1",),
        latex=r"\cos",
        sympy="cos",
        numpy="numpy.cos",
    ),
    Function(
        name="tan",
        arity=1,
        example="tan(x)",
        derivative=("1 + tan(u)^2",),
        domain=("cos(u) != 0",),
        parity="odd",
        definition="sin(u)/cos(u)",
        ball=lambda u: u.tan(),
        series=lambda u: u.tan(),
        values=("tan(0) = 0",),
        latex=r"\tan",
        sympy="tan",
        numpy="numpy.tan",
    ),
    Function(
        name="sinh",
        arity=1,
        example="sinh(x)",
        increasing=True,
        derivative=("cosh(u)",),
        parity="odd",
        definition="(exp(u) - exp(-u))/2",
        ball=lambda u: u.sinh(),
        values=("sinh(0) = 0",),
        latex=r"\sinh",
        sympy="sinh",
        numpy="numpy.sinh",
    ),
    Function(
        name="cosh",
        arity=1,
        example="cosh(x)",
        derivative=("sinh(u)",),
        range=("y >= 1",),
        parity="even",
        definition="(exp(u) + exp(-u))/2",
        ball=lambda u: u.cosh(),
        values=("cosh(0) = 1",),
        latex=r"\cosh",
        sympy="cosh",
        numpy="numpy.cosh",
    ),
    Function(
        name="tanh",
        arity=1,
        example="tanh(x)",
        increasing=True,
        derivative=("1 - tanh(u)^2",),
        range=("y > -1", "y < 1"),
        parity="odd",
        definition="(exp(u) - exp(-u))/(exp(u) + exp(-u))",
        ball=lambda u: u.tanh(),
        values=("tanh(0) = 0",),
        latex=r"\tanh",
        sympy="tanh",
        numpy="numpy.tanh",
    ),
    Function(
        name="atan",
        arity=1,
        example="atan(x)",
        increasing=True,
        derivative=("1/(1 + u^2)",),
        range=("y > -pi/2", "y < pi/2"),
        parity="odd",
        ball=lambda u: u.atan(),
        series=lambda u: u.atan(),
        values=("atan(0) = 0",),
        latex=r"\arctan",
        sympy="atan",
        numpy="numpy.arctan",
        aliases=("arctan",),
    ),
    Function(
        name="asin",
        arity=1,
        example="asin(x/2)",
        derivative=("1/sqrt(1 - u^2)",),
        domain=("u >= -1", "u <= 1"),
        smooth=("u > -1", "u < 1"),
        range=("y >= -pi/2", "y <= pi/2"),
        parity="odd",
        ball=lambda u: u.asin(),
        series=lambda u: u.asin(),
        values=("asin(0) = 0",),
        latex=r"\arcsin",
        sympy="asin",
        numpy="numpy.arcsin",
        aliases=("arcsin",),
    ),
    Function(
        name="acos",
        arity=1,
        example="acos(x/2)",
        derivative=("-1/sqrt(1 - u^2)",),
        domain=("u >= -1", "u <= 1"),
        smooth=("u > -1", "u < 1"),
        range=("y >= 0", "y <= pi"),
        ball=lambda u: u.acos(),
        series=lambda u: u.acos(),
        latex=r"\arccos",
        sympy="acos",
        numpy="numpy.arccos",
        aliases=("arccos",),
    ),
    Function(
        name="erf",
        arity=1,
        example="erf(x)",
        increasing=True,
        derivative=("2/sqrt(pi)*exp(-u^2)",),
        range=("y > -1", "y < 1"),
        parity="odd",
        ball=lambda u: u.erf(),
        series=lambda u: u.erf(),
        values=("erf(0) = 0",),
        latex=r"\operatorname{erf}",
        sympy="erf",
        numpy="scipy.special.erf",
    ),
    Function(
        name="abs",
        arity=1,
        example="abs(x - 1)",
        derivative=("sign(u)",),
        smooth=("u != 0",),
        range=("y >= 0",),
        parity="even",
        cases="cases(u if u > 0, 0 if u = 0, -u if u < 0)",
        ball=lambda u: abs(u),
        values=("abs(0) = 0",),
        latex=r"\operatorname{abs}",
        sympy="Abs",
        numpy="numpy.abs",
    ),
    Function(
        name="sign",
        arity=1,
        example="sign(x - 1)",
        derivative=("0",),
        smooth=("u != 0",),
        range=("y >= -1", "y <= 1"),
        parity="odd",
        cases="cases(1 if u > 0, 0 if u = 0, -1 if u < 0)",
        values=("sign(0) = 0",),
        latex=r"\operatorname{sign}",
        sympy="sign",
        numpy="numpy.sign",
        aliases=("sgn",),
    ),
    Function(
        name="heaviside",
        arity=1,
        example="heaviside(x)",
        derivative=("0",),
        domain=("u != 0",),
        smooth=("u != 0",),
        range=("y >= 0", "y <= 1"),
        cases="cases(1 if u > 0, 0 if u < 0)",
        latex=r"\operatorname{H}",
        sympy="Heaviside",
        numpy="numpy.heaviside({0}, numpy.nan)",
    ),
    Function(
        name="max",
        arity=None,
        example="max(0, x)",
        latex=r"\max",
        ball=lambda *us: _fold_balls("max", us),
        sympy="Max",
        numpy="numpy.maximum",
    ),
    Function(
        name="min",
        arity=None,
        example="min(1, x)",
        latex=r"\min",
        ball=lambda *us: _fold_balls("min", us),
        sympy="Min",
        numpy="numpy.minimum",
    ),
)


def _fold_balls(name: str, balls: tuple[Ball, ...]) -> Ball:
    best = balls[0]
    for b in balls[1:]:
        best = getattr(best, name)(b)
    return best


FUNCTIONS: Final[dict[str, Function]] = {row.name: row for row in _ROWS}
"""Every function that symderiv knows by itself, by name."""

ALIASES: Final[dict[str, str]] = {alias: row.name for row in _ROWS for alias in row.aliases}
"""Other names under which a function is read: `ln` for `log`, `arctan` for `atan`."""
