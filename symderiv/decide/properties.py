"""Words for what arrays and functions are: `symmetric(A)`, `one_hot(y)`, `layout(numerator)` are assumptions of a Context."""

from __future__ import annotations

from typing import Final

OF_ARRAYS: Final = (
    "symmetric",
    "positive_definite",
    "positive_semidefinite",
    "diagonal",
    "orthogonal",
    "orthonormal_columns",
    "unit_norm",
    "one_hot",
    "sums_to_one",
    "invertible",
    "full_rank",
    "full_column_rank",
    "full_row_rank",
    "not_constant",
)
"""Properties of one array. `sums_to_one(T, 1)`: the sums over axis 1, so the rows, are 1. A definite matrix is symmetric."""
SPOKEN: Final = ("differentiable", "entrywise", "layout", "product_order")
"""What says nothing of values: how derivatives are laid out, in which order factors stand, how a function is applied."""
OF_VALUES: Final = ("one_of",)
"""What says which numbers a letter, or every entry of an array, can be: `one_of(y, 0, 1)`."""
WORDS: Final = frozenset((*OF_ARRAYS, *SPOKEN, *OF_VALUES))
"""Every word that an assumption `word(letter)` may have."""
