"""Python functions that compute the result of every chain with NumPy, and SciPy where it is needed, in a form that is stable."""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.terms import Context
from symderiv.terms.plain import plain
from symderiv.write.arrays import has_arrays, program_of
from symderiv.write.blocks import Block, Chain
from symderiv.write.floats import program
from symderiv.write.formats.python import chains_with_results, result_of
from symderiv.write.numeric import computable
from symderiv.write.registry import Page
from symderiv.write.stable import stable


def render(blocks: Sequence[Block], page: Page) -> str:
    """A module with the functions `result`, `result_2`, …: the last line of each chain, for floats and arrays.

    Raises SymderivError for blocks without a chain, and where a derivative or an unknown function is left in a result.
    """
    chains = chains_with_results(blocks)
    written = "\n\n".join(_function(f"result{f'_{k + 1}' if k else ''}", chain) for k, chain in enumerate(chains))
    modules = [m for m in ("numpy", "scipy.special") if f"{m}." in written] if page.standalone else []
    return "\n".join([*(f"import {m}" for m in modules), *(["", ""] if modules else []), written])


def _function(name: str, chain: Chain) -> str:
    if has_arrays(chain.start, chain.context) or has_arrays(chain.result, chain.context):
        return program_of(chain.start, chain.result, chain.context).source(name, plain(chain.start))
    r = result_of(chain)
    body = stable(computable(r.term, r.letters, Context()), Context().assume(*r.context.assumptions))
    return program(name, body, r.letters, r.start)
