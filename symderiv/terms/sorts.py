"""What a letter can be: a number, a vector, a matrix, an index, a function. Sizes are terms, so letters are sizes too.

>>> from symderiv.terms.term import Sym
>>> matrix(Sym("n"), Sym("d")).shape
(Sym('n'), Sym('d'))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from symderiv.terms.term import Term

Shape = tuple[Term, ...]
"""The sizes along each axis: () is a number, (n,) a vector, (n, d) a matrix with n rows and d columns."""


@dataclass(frozen=True, slots=True)
class Sort:
    """What a letter is.

    `field`: of its entries. `shape`: its sizes. `arity`: how many arguments it takes, 0 for what is not a function (for a
    function, `shape` is that of its values). `bounds`: low and high, both included, for an index. `member`: for a family W_k of
    arrays, the letter k of its first axis, in which the sizes of its members may be written. `raised`: how many of its axes, the
    first ones, have their indices above: x^{(i)}, h_j^{(l)}.
    """

    field: Literal["real", "integer"] = "real"
    shape: Shape = ()
    arity: int = 0
    bounds: tuple[Term, Term] | None = None
    member: str = ""
    raised: int = 0

    @property
    def varies(self) -> bool:
        """Whether the members of the family are of different sizes."""
        return any(self.member in n.free for n in self.shape[1:])


REAL: Final = Sort()
INTEGER: Final = Sort("integer")


def vector(n: Term) -> Sort:
    """R^n."""
    return Sort(shape=(n.bare,))


def matrix(rows: Term, columns: Term) -> Sort:
    """R^{rows × columns}."""
    return Sort(shape=(rows.bare, columns.bare))


def index(low: Term, high: Term) -> Sort:
    """An integer from low to high, both included."""
    return Sort("integer", bounds=(low.bare, high.bare))


def function(arity: int = 1, shape: Shape = ()) -> Sort:
    """A function of `arity` numbers."""
    return Sort(shape=shape, arity=arity)
