"""What the two formats that are Python programs share: the result of each chain with letters that Python accepts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from symderiv.errors import SymderivError
from symderiv.terms import Context, Relation, Sort, Sym, Term, substitute
from symderiv.terms.plain import plain
from symderiv.write.blocks import Block, Chain, chains
from symderiv.write.notations.python import identifier
from symderiv.write.numeric import opened


@dataclass(frozen=True, slots=True)
class Result:
    """The last line of a chain, definitions put in: `start = term`, its letters named as Python names things."""

    start: str
    term: Term
    letters: tuple[str, ...]
    context: Context


def chains_with_results(blocks: Sequence[Block]) -> list[Chain]:
    """Every chain. SymderivError if there is none."""
    found = chains(blocks)
    if not found:
        raise SymderivError("there is no derivation whose result could be written as a program")
    return found


def result_of(chain: Chain, put_in: Callable[[Term, Context], Term] = opened) -> Result:
    """The result of a chain, with what its letters are and what is assumed of them."""
    body, context = put_in(chain.result, chain.context), chain.context
    sizes = (n.free for name in body.free for n in context.sort(name).shape)
    names = {name: Sym(identifier(name)) for name in sorted(body.free.union(*sizes))}
    sorts = {s.name: _renamed(context.sort(name), names) for name, s in names.items() if name in context.sorts}
    assumed = tuple(substitute(a, names) for a in context.assumptions if isinstance(a, Relation))
    letters = tuple(names[name].name for name in sorted(body.free))
    return Result(plain(chain.start), substitute(body, names), letters, Context(sorts=sorts, assumptions=assumed))


def _renamed(sort: Sort, names: dict[str, Sym]) -> Sort:
    bounds = sort.bounds and tuple(substitute(b, names) for b in sort.bounds)
    return replace(sort, shape=tuple(substitute(n, names) for n in sort.shape), bounds=bounds)  # type: ignore[arg-type]
