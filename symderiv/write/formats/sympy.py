"""Python that builds the result of every chain in SymPy."""

from __future__ import annotations

from collections.abc import Sequence

from symderiv.terms import Context
from symderiv.terms.sympy_border import to_sympy
from symderiv.write.blocks import Block
from symderiv.write.formats.python import results
from symderiv.write.registry import Page


def render(blocks: Sequence[Block], page: Page) -> str:
    """A program that names `result`, `result_2`, …: the last line of each chain, definitions put in.

    Raises SymderivError for blocks without a chain, and for what SymPy has no counterpart for.
    """
    from sympy import Function, IndexedBase
    from sympy.core.function import AppliedUndef
    from sympy.printing.str import StrPrinter

    printer = StrPrinter({"sympy_integers": True, "order": "none"})
    declared: dict[str, str] = {}
    lines = []
    for k, r in enumerate(results(blocks)):
        e = to_sympy(r.term, Context(assumptions=r.assumptions))
        for symbol in sorted(e.free_symbols, key=str):
            if symbol.is_Symbol:
                assumed = ", ".join(f"{fact}={known}" for fact, known in symbol.assumptions0.items() if fact in _TOLD)
                declared[symbol.name] = f'Symbol("{symbol.name}", {assumed})'
        for kind, atoms in ((Function, e.atoms(AppliedUndef)), (IndexedBase, e.atoms(IndexedBase))):
            for atom in atoms:
                name = str(atom.func) if kind is Function else str(atom)
                declared[name] = f'{kind.__name__}("{name}")'
        lines += [f"# {r.start}", f"result{f'_{k + 1}' if k else ''} = {printer.doprint(e)}"]
    head = ["from sympy import *", ""] if page.standalone else []
    return "\n".join([*head, *(f"{name} = {made}" for name, made in declared.items()), "", *lines]) + "\n"


_TOLD = ("real", "integer", "positive", "negative")
"""The assumptions on letters that are written; the others follow from them."""
