"""The catalogue: functions of deep learning as rows, each with its formula, its textbook derivative, and its source."""

from symderiv.catalogue.activations import ACTIVATIONS
from symderiv.catalogue.matrices import MATRICES
from symderiv.catalogue.normalization import NORMALIZATION
from symderiv.catalogue.row import Row
from symderiv.catalogue.vectors import VECTORS

CATALOGUE: dict[str, Row] = {row.name: row for row in (*ACTIVATIONS, *VECTORS, *NORMALIZATION, *MATRICES)}
"""Every row, by name."""

NAMES: dict[str, Row] = {name: row for row in CATALOGUE.values() for name in row.names}
"""Every row, by each of its names."""

__all__ = ["CATALOGUE", "NAMES", "Row"]
