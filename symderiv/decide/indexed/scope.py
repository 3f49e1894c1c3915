"""What letters stand for while terms are written in indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from symderiv.decide.indexed.values import Value
from symderiv.decide.indexed.whole import Whole
from symderiv.terms import Term

USUAL: Final = {
    "sigmoid": "1/(1 + exp(-u))",
    "softplus": "log(1 + exp(u))",
    "relu": "u*heaviside(u)",
    "ReLU": "u*heaviside(u)",
}
"""What these names mean where the context does not define them."""
NOT_ENTRYWISE: Final = frozenset(("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "abs"))
"""Functions that also mean something else of a square matrix."""
DEEPEST: Final = 150
"""How deep terms and definitions may nest."""


@cache
def formula(text: str) -> Term:
    """A formula of the tables, read once."""
    from symderiv.read import read_plain

    return read_plain(text).bare


@dataclass(frozen=True)
class Scope:
    """What the bound letters stand for; and which names stay closed while a derivative by them is taken."""

    local: Mapping[str, Value]
    whole: Mapping[str, Whole]
    closed: Mapping[str, Value]
    depth: int = 0

    def with_local(self, values: Mapping[str, Value]) -> Scope:
        """More letters with values; they hide indices of the same name."""
        whole = {n: w for n, w in self.whole.items() if n not in values}
        return replace(self, local={**self.local, **values}, whole=whole)

    def with_index(self, name: str, w: Whole) -> Scope:
        """One more index; it hides a letter of the same name."""
        local = {n: v for n, v in self.local.items() if n != name}
        return replace(self, local=local, whole={**self.whole, name: w})

    @property
    def outside(self) -> Scope:
        """The scope of a definition: its letters are those of the document."""
        return Scope({}, {}, self.closed, self.depth + 1)


NOWHERE: Final = Scope({}, {}, {})
