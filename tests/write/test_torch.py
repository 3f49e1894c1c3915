"""Every derivative at symbolic size against PyTorch's automatic differentiation of the function, where PyTorch is installed."""

from __future__ import annotations

import importlib.util
import random
import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from symderiv import derive
from symderiv.catalogue import CATALOGUE
from symderiv.write.arrays import Program, differentiated, program_of
from symderiv.write.arrays.differences import Point

ROWS = [row for row in CATALOGUE.values() if row.by]

pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed"),
]


def torch_function(program: Program) -> Any:
    """The program with PyTorch in the place of NumPy: the names are the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch

    torch.set_default_dtype(torch.float64)

    def of_tensors(f: Any) -> Any:
        return lambda *xs: f(*(torch.as_tensor(x, dtype=torch.float64) for x in xs))

    own = {
        "asarray": torch.as_tensor,
        "einsum": lambda spelled, *xs, optimize=True: torch.einsum(spelled, *xs),
        **{name: of_tensors(getattr(torch, name)) for name in ("logaddexp", "maximum", "minimum", "sqrt")},
    }
    along = {
        "expit": torch.special.expit,
        "softmax": lambda x, axis=-1: torch.softmax(x, axis),
        "log_softmax": lambda x, axis=-1: torch.log_softmax(x, axis),
        "logsumexp": lambda x, axis=-1: torch.logsumexp(x, axis),
    }

    class Names(SimpleNamespace):
        def __getattr__(self, name: str) -> Any:
            return getattr(torch.special if self.special else torch, name)

    scope = {
        "numpy": Names(special=False, **own),
        "scipy": SimpleNamespace(special=Names(special=True, **along)),
    }
    exec(program.source("computed"), scope)
    return scope["computed"]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_autograd_agrees(row: Any) -> None:
    import torch

    d = derive(row.name)
    f, variable = differentiated(d.start, d.context)
    derivative = program_of(d.start, d.result, d.context)
    point = Point([f, derivative], d.context, random.Random(1))
    arguments = {n: torch.as_tensor(v) for n, v in point.values.items()}
    of = torch_function(f)
    found = torch.autograd.functional.jacobian(
        lambda x: of(*(x if n == variable else arguments[n] for n in f.parameters)), arguments[variable]
    )
    stated = derivative.function()(*(point.values[n] for n in derivative.parameters))
    np.testing.assert_allclose(np.asarray(found), stated, rtol=1e-9, atol=1e-10)
