"""The words of mathematics that are read without a declaration: Greek letters, functions, and letters that usually are functions."""

from __future__ import annotations

from typing import Final

from symderiv.terms import ALIASES, FUNCTIONS


def words(text: str) -> tuple[str, ...]:
    """The words of a text: tables of names are written as one."""
    return tuple(text.split())


GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩϵϑϕϱς",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "omicron",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
            "Gamma",
            "Delta",
            "Theta",
            "Lambda",
            "Xi",
            "Pi",
            "Sigma",
            "Upsilon",
            "Phi",
            "Psi",
            "Omega",
            "epsilon",
            "theta",
            "phi",
            "rho",
            "sigma",
        ],
        strict=True,
    )
)
"""Greek letters and their names; the variants are letters of their own."""

DOUBLE_STRUCK: Final = {"ℝ": "mathbb(R)", "ℕ": "mathbb(N)", "ℤ": "mathbb(Z)"}
"""The letters of sets of numbers, and their names."""

ALGEBRA: Final = (
    "transpose",
    "inverse",
    "trace",
    "det",
    "diag",
    "rank",
    "vec",
    "norm",
    "frobenius",
    "inner",
    "hadamard",
    "otimes",
    "circ",
    "star",
    "ones",
    "identity",
    "delta",
    "factorial",
    "binomial",
    "floor",
    "ceil",
    "argmax",
    "argmin",
    "given",
    "apply",
    "expectation",
    "partial",
    "differential",
    "softmax",
    "gradient",
    "hessian",
    "mod",
)
"""Functions that are read by name and whose meaning lies outside the table of functions."""

COUNTING: Final = frozenset(("factorial", "binomial", "Gamma"))
"""Factorials, binomial coefficients and the function Γ."""

SPELLINGS: Final = {
    **ALIASES,
    "tr": "trace",
    "Tr": "trace",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "maximum": "max",
    "minimum": "min",
    "fabs": "abs",
    "absolute": "abs",
    "arg_max": "argmax",
    "arg_min": "argmin",
    "Var": "Var",
    "Cov": "Cov",
    "Pr": "Pr",
    "KL": "KL",
    "kron": "otimes",
    "heaviside": "heaviside",
    "dot": "inner",
}
"""Other spellings of a function's name."""

KNOWN: Final = frozenset((*FUNCTIONS, *ALGEBRA, *COUNTING, *SPELLINGS, "cot", "sec", "csc", "coth", "sech", "csch"))
"""Every name that is a function wherever it is applied."""

TAKEN: Final = KNOWN - {"KL", "softmax"}
"""Those of them that mean one thing; the others a document defines."""

USUAL_FUNCTIONS: Final = frozenset(("f", "g", "h", "F", "G", "H", "sigma", "phi", "psi", "varphi", "Phi", "Psi"))
"""Letters that are taken as functions before a bracket, unless declared otherwise."""

SOMETIMES_FUNCTIONS: Final = frozenset(
    [
        "p",
        "q",
        "P",
        "Q",
        "L",
        "J",
        "C",
        "E",
        "R",
        "S",
        "T",
        "D",
        "N",
        "I",
        "K",
        "k",
        "r",
        "s",
        "u",
        "v",
        "w",
        "z",
        "a",
        "y",
        "l",
        "c",
        "d",
        "ell",
        "rho",
        "Lambda",
        "Gamma",
        "eta",
    ]
)
"""Letters that are taken as functions before a bracket that holds a mere list of letters, such as `p(y | x)` or `L(w)`."""

INDEX_LETTERS: Final = frozenset(["i", "j", "k", "l", "m", "n", "t", "s", "c", "d"])
"""Letters that are an index as the subscript of a usual function: f_j(z) is entry j of f(z)."""

INVERSE_FUNCTIONS: Final = {"sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}
"""What the superscript −1 means on a function."""
