"""What the two formats that are Python programs share: the result of each chain with letters that Python accepts."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

from symderiv.errors import SymderivError
from symderiv.terms import Context, Entry, Relation, Sym, Term, substitute
from symderiv.terms.plain import plain
from symderiv.write.blocks import Block, chains
from symderiv.write.numeric import opened


@dataclass(frozen=True, slots=True)
class Result:
    """The last line of a chain, definitions put in: `start = term`, its letters named as Python names things."""

    start: str
    term: Term
    letters: tuple[str, ...]
    assumptions: tuple[Term, ...]


def results(blocks: Sequence[Block]) -> list[Result]:
    """The result of every chain. SymderivError if there is none."""
    found = []
    for chain in chains(blocks):
        body = opened(chain.result, chain.context)
        refuse_arrays(body, chain.context)
        names = {name: Sym(identifier(name)) for name in sorted(body.free)}
        assumed = tuple(substitute(a, names) for a in chain.context.assumptions if isinstance(a, Relation))
        found.append(Result(plain(chain.start), substitute(body, names), tuple(s.name for s in names.values()), assumed))
    if not found:
        raise SymderivError("there is no derivation whose result could be written as a program")
    return found


def refuse_arrays(body: Term, context: Context) -> None:
    """Raise SymderivError for a vector or a matrix as a whole: as a program, its letter would pass for a number."""
    for t in body.postorder():
        for c in t.children:
            whole = isinstance(c, Sym) and context.sort(c.name).shape and not (isinstance(t, Entry) and c == t.family)
            if whole:
                raise SymderivError(
                    f"{c} is an array, and results with arrays are not written as programs yet", hint="LaTeX has them"
                )


def identifier(name: str) -> str:
    """A name that Python accepts for a letter.

    >>> identifier("lambda"), identifier("hat(y)_1")
    ('lambda_', 'hat_y_1')
    """
    plain_name = re.sub(r"[\W_]+", "_", name).strip("_") or "letter"
    return f"{plain_name}_" if keyword.iskeyword(plain_name) else plain_name
