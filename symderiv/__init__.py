"""symderiv writes the derivation, checks yours, proves it for every size, and puts it in your paper.

    derive(f, wrt)       the derivative of a function as a Derivation, every step one named rule
    gradient(z)          all partial derivatives
    backprop(z)          the same by backpropagation through the computation graph
    equal(left, right)   proved, refuted with a witness, or undecided
    prove(theorem)       a theorem by induction; discovered(recursion) a closed form, judge_proof(text) somebody's proof
    check(paths)         every step of the formulas in documents, judged; check_text(text) for one text
    kernel(matrix)       what an image kernel does, derived
    rank(paths)          images that several classifiers confuse
    sheet(text)          an exercise sheet, answered

Names are loaded when they are first used, so `import symderiv` is cheap.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symderiv.check import check, check_text
    from symderiv.compare import equal
    from symderiv.derive import Derivation
    from symderiv.errors import SymderivError
    from symderiv.kernels import kernel
    from symderiv.proving import discovered, judge_proof, prove
    from symderiv.ranking import rank
    from symderiv.request import backprop, derive, gradient
    from symderiv.sheet import sheet

__version__ = "0.1.0"

_HOMES = {
    "derive": "symderiv.request",
    "gradient": "symderiv.request",
    "backprop": "symderiv.request",
    "equal": "symderiv.compare",
    "prove": "symderiv.proving",
    "discovered": "symderiv.proving",
    "judge_proof": "symderiv.proving",
    "check": "symderiv.check",
    "check_text": "symderiv.check",
    "kernel": "symderiv.kernels",
    "rank": "symderiv.ranking",
    "sheet": "symderiv.sheet",
    "Derivation": "symderiv.derive",
    "SymderivError": "symderiv.errors",
}

__all__ = [
    "Derivation",
    "SymderivError",
    "backprop",
    "check",
    "check_text",
    "derive",
    "discovered",
    "equal",
    "gradient",
    "judge_proof",
    "kernel",
    "prove",
    "rank",
    "sheet",
]


class _Package(ModuleType):
    """The package: a public function wins over the subpackage of the same name, which importing would otherwise put in its place."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'symderiv' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
