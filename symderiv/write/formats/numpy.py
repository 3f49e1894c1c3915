"""Python functions that compute the result of every chain with NumPy, and SciPy where it is needed, in a form that is stable."""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.terms import Context
from symderiv.write.blocks import Block
from symderiv.write.floats import program
from symderiv.write.formats.python import results
from symderiv.write.numeric import computable
from symderiv.write.registry import Page
from symderiv.write.stable import stable


def render(blocks: Sequence[Block], page: Page) -> str:
    """A module with the functions `result`, `result_2`, …: the last line of each chain, for floats and arrays.

    Raises SymderivError for blocks without a chain, and where a derivative or an unknown function is left in a result.
    """
    functions = []
    for k, r in enumerate(results(blocks)):
        body = stable(computable(r.term, r.letters, Context()), Context().assume(*r.assumptions))
        functions.append(program(f"result{f'_{k + 1}' if k else ''}", body, r.letters, r.start))
    written = "\n\n".join(functions)
    modules = [m for m in ("numpy", "scipy.special") if f"{m}." in written] if page.standalone else []
    return "\n".join([*(f"import {m}" for m in modules), *(["", ""] if modules else []), written])
