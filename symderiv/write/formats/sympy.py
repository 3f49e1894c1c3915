"""Python that builds the result of every chain in SymPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symderiv.terms.sympy_border import to_sympy
from symderiv.write.blocks import Block
from symderiv.write.formats.python import chains_with_results, result_of
from symderiv.write.numeric import for_sympy
from symderiv.write.registry import Page


def render(blocks: Sequence[Block], page: Page) -> str:
    """A program that names `result`, `result_2`, …: the last line of each chain, definitions put in.

    Raises SymderivError for blocks without a chain, and for what SymPy has no counterpart for.
    """
    from sympy import Function, IndexedBase, MatrixSymbol, Symbol
    from sympy.core.function import AppliedUndef

    printer = _printer()
    declared: dict[str, str] = {}
    lines = []
    for k, chain in enumerate(chains_with_results(blocks)):
        r = result_of(chain, for_sympy)
        e = to_sympy(r.term, r.context)
        matrices = sorted(e.atoms(MatrixSymbol), key=str)
        sizes = {n for m in matrices for size in m.shape for n in size.free_symbols}
        for symbol in sorted(e.atoms(Symbol) | sizes, key=str):
            assumed = ", ".join(f"{fact}={known}" for fact, known in symbol.assumptions0.items() if fact in _TOLD)
            declared[symbol.name] = f'Symbol("{symbol.name}", {assumed})'
        for m in matrices:
            declared[m.name] = f'MatrixSymbol("{m.name}", {printer.doprint(m.shape[0])}, {printer.doprint(m.shape[1])})'
        for kind, atoms in ((Function, e.atoms(AppliedUndef)), (IndexedBase, e.atoms(IndexedBase))):
            for atom in atoms:
                name = str(atom.func) if kind is Function else str(atom)
                declared[name] = f'{kind.__name__}("{name}")'
        lines += [f"# {r.start}", f"result{f'_{k + 1}' if k else ''} = {printer.doprint(e)}"]
    head = ["from sympy import *", ""] if page.standalone else []
    return "\n".join([*head, *(f"{name} = {made}" for name, made in declared.items()), "", *lines]) + "\n"


def _printer() -> Any:
    """SymPy's own, with names for what it prints in a way that Python does not read."""
    from sympy.printing.str import StrPrinter

    class Printer(StrPrinter):  # type: ignore[misc]
        def _print(self, e: Any, **options: Any) -> Any:
            if type(e).__name__ in _NAMED:
                return f"{type(e).__name__}({', '.join(self._print(a) for a in e.args)})"
            if type(e).__name__ == "ElementwiseApplyFunction":
                return f"({self._print(e.expr)}).applyfunc({self._print(e.function)})"
            return super()._print(e, **options)

    return Printer({"sympy_integers": True, "order": "none"})


_NAMED = ("HadamardProduct", "HadamardPower", "OneMatrix", "Identity", "KroneckerProduct")
"""What SymPy prints by signs of its own."""
_TOLD = ("real", "integer", "positive", "negative")
"""The assumptions on letters that are written; the others follow from them."""
