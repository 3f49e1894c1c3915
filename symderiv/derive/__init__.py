"""Derivations: differentiation, the way to a goal, regions and knots, backpropagation."""

from symderiv.derive.backprop import Backpropagation, backpropagate
from symderiv.derive.derivation import Derivation, Knot, Region, Remark
from symderiv.derive.derivative import derivative
from symderiv.derive.gradient import matrix_gradient
from symderiv.derive.rewriting import simplified, towards

__all__ = [
    "Backpropagation",
    "Derivation",
    "Knot",
    "Region",
    "Remark",
    "backpropagate",
    "derivative",
    "matrix_gradient",
    "simplified",
    "towards",
]
