"""What can come of a claim: proved, refuted with a witness, or undecided."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from symderiv.terms import Term

Kind = Literal["proved", "refuted", "undecided"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A point at which certified balls separate the two sides: `left` and `right` give the digits that are certain."""

    values: Mapping[str, Fraction]
    left: str
    right: str
    precision: int = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one claim.

    `method`: how it was reached, in words. `conditions`: what the proof needs and the context does not give: where one side is
    undefined and the other is not. `tried`: for an undecided claim, what was tried.
    """

    kind: Kind
    method: str = ""
    conditions: tuple[Term, ...] = ()
    witness: Witness | None = None
    tried: tuple[str, ...] = ()


class Unsupported(Exception):
    """A method does not apply to the claim, or would need more than its budget; never leaves this package."""


class NowhereDefined(Unsupported):
    """A part of a term has no value anywhere, such as 1/(x − x)."""


EFFORT: Final = 2.0
"""Seconds that one claim may take, unless said otherwise."""


@dataclass(slots=True)
class Budget:
    """What is left of the time for a claim; `check` raises Unsupported when it is used up."""

    seconds: float = EFFORT
    ends: float = field(init=False)

    def __post_init__(self) -> None:
        self.ends = time.monotonic() + self.seconds

    @property
    def used_up(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() > self.ends

    def check(self) -> None:
        """Raise Unsupported if the time is used up."""
        if self.used_up:
            raise Unsupported(f"the time of {self.seconds:g} s")
