"""The one-way flow, and what importing costs."""

import subprocess
import sys


def test_imports_flow_one_way() -> None:
    from importlinter.cli import lint_imports

    assert lint_imports() == 0


def test_import_symderiv_loads_neither_sympy_nor_numpy() -> None:
    heavy = ("sympy", "numpy", "scipy", "matplotlib", "typst", "flint")
    code = f"import symderiv, sys; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
