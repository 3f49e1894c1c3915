"""The names of functions in NumPy, `math`, SciPy and PyTorch: what each is as a formula, or the operation that reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from symderiv.check.code.values import chosen
from symderiv.terms import ONE, TWO, ZERO, Add, Cases, Div, Fn, Mul, Neg, Num, Pow, Relation, Term, Truth


def _compared(op: str) -> Callable[[Term, Term], Term]:
    return lambda a, b: chosen(Relation(op, a, b), ONE, ZERO)


ENTRYWISE: Final[dict[str, Callable[..., Term]]] = {
    "square": lambda a: Pow(a, TWO),
    "reciprocal": lambda a: Div(ONE, a),
    "negative": Neg,
    "add": Add,
    "subtract": lambda a, b: Add(a, Neg(b)),
    "multiply": Mul,
    "divide": Div,
    "true_divide": Div,
    "power": Pow,
    "log2": lambda a: Div(Fn("log", a), Fn("log", TWO)),
    "log10": lambda a: Div(Fn("log", a), Fn("log", Num(10))),
    "exp2": lambda a: Pow(TWO, a),
    "log1p": lambda a: Fn("log1p", a),
    "expm1": lambda a: Fn("expm1", a),
    "erfc": lambda a: Fn("erfc", a),
    "expit": lambda a: Fn("expit", a),
    "logaddexp": lambda a, b: Fn("logaddexp", a, b),
    "heaviside": lambda a, b: Cases((ZERO, Relation("<", a, ZERO)), (b, Relation("=", a, ZERO)), (ONE, Truth())),
    "relu": lambda a: Fn("max", ZERO, a),
    "softplus": lambda a: Fn("logaddexp", ZERO, a),
    "silu": lambda a: Mul(a, Fn("expit", a)),
    "greater": _compared(">"),
    "less": _compared("<"),
    "greater_equal": _compared("≥"),
    "less_equal": _compared("≤"),
}
"""Functions of numbers that are formulas in those of the table of functions, or that the libraries compute with care."""

NAMES: Final = {
    "maximum": "max",
    "minimum": "min",
    "fmax": "max",
    "fmin": "min",
    "pow": "power",
    "float_power": "power",
    "absolute": "abs",
    "fabs": "abs",
    "arctan": "atan",
    "arcsin": "asin",
    "arccos": "acos",
    "sgn": "sign",
    "sigmoid": "expit",
    "ln": "log",
}
"""Other names that the libraries have for a function."""

OPERATIONS: Final[dict[str, str]] = {
    **{
        name: name
        for name in (
            *(
                "sum",
                "mean",
                "prod",
                "max",
                "min",
                "norm",
                "softmax",
                "log_softmax",
                "logsumexp",
                "matmul",
                "outer",
                "diag",
                "diagflat",
            ),
            *("ravel", "reshape", "transpose", "expand_dims", "squeeze", "zeros", "ones", "full", "eye", "zeros_like", "ones_like"),
            *("where", "clip", "empty", "empty_like", "size"),
        )
    },
    "average": "mean",
    "amax": "max",
    "amin": "min",
    "dot": "matmul",
    "mm": "matmul",
    "inner": "matmul",
    "mv": "matmul",
    "flatten": "ravel",
    "view": "reshape",
    "t": "transpose",
    "identity": "eye",
    "ger": "outer",
    "clamp": "clip",
    "unsqueeze": "expand_dims",
    **dict.fromkeys(
        ("array", "asarray", "copy", "astype", "float", "float64", "float32", "tensor", "clone", "numpy", "detach", "item", "list"),
        "same",
    ),
}
"""Operations by the names that the libraries have for them: the method of `Library` that reads each."""

KEYWORDS: Final = {
    "dim": "axis",
    "keepdim": "keepdims",
    "a_min": "low",
    "a_max": "high",
    "min": "low",
    "max": "high",
    "fill_value": "number",
}
"""Options of operations by their other names."""
IGNORED: Final = frozenset(("dtype", "copy", "order", "requires_grad", "device"))
"""Options that change nothing of the mathematics."""
