"""Python functions that compute the result of every chain with NumPy, and SciPy where it is needed."""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.terms import Context
from symderiv.terms.sympy_border import to_sympy
from symderiv.write.blocks import Block
from symderiv.write.formats.python import results
from symderiv.write.numeric import computable
from symderiv.write.registry import Page


def render(blocks: Sequence[Block], page: Page) -> str:
    """A module with the functions `result`, `result_2`, …: the last line of each chain, for floats and arrays.

    Raises SymderivError for blocks without a chain, and where a derivative or an unknown function is left in a result.
    """
    from sympy.printing.numpy import SciPyPrinter

    printer = SciPyPrinter({"fully_qualified_modules": True})
    functions = []
    for k, r in enumerate(results(blocks)):
        body = printer.doprint(to_sympy(computable(r.term, r.letters, Context())))
        name = f"result{f'_{k + 1}' if k else ''}"
        functions.append(f'def {name}({", ".join(r.letters)}):\n    """{r.start}"""\n    return {body}\n')
    imports = [f"import {module}" for module in sorted(printer.module_imports)] if page.standalone else []
    return "\n".join([*imports, *(["", ""] if imports else []), "\n\n".join(functions)])
