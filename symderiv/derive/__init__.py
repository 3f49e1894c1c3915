"""Derivations: differentiation, the way to a goal, regions and knots, backpropagation."""

from symderiv.derive.backprop import Backpropagation, backpropagate
from symderiv.derive.derivation import Derivation, Knot, Region, Remark
from symderiv.derive.derivative import derivative, once_more
from symderiv.derive.forms import with_forms
from symderiv.derive.gradient import matrix_gradient
from symderiv.derive.jacobian import hessian, jacobian
from symderiv.derive.rewriting import simplified, towards

__all__ = [
    "Backpropagation",
    "Derivation",
    "Knot",
    "Region",
    "Remark",
    "backpropagate",
    "derivative",
    "hessian",
    "jacobian",
    "matrix_gradient",
    "once_more",
    "simplified",
    "towards",
    "with_forms",
]
