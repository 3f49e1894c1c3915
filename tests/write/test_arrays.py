"""Arrays of any size as NumPy and SymPy: random terms against the schoolbook, matrix operations, what cannot be written."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from symderiv.errors import ShapeError, SymderivError
from symderiv.read import let, read_plain
from symderiv.request import derive
from symderiv.terms import Context, Derivative, Fn, Sym, Term
from symderiv.write.arrays import Program
from tests.decide_indexed.random_terms import CONTEXT, FREE, Indexed, Matrices
from tests.decide_indexed.test_indexed_brute_force import Missing, point

SIZES = ((2, 3), (3, 2), (4, 1))
LETTERS = let(
    "A in R^{n x n}, B in R^{n x m}, C in R^{m x n}, S in R^{n x n}, x in R^n, y in R^n, u in R^m, w in R^h, c > 0, "
    "n positive integer, m positive integer, i in 1..n, j in 1..n, a in 1..m, s in 1..n"
)
RANDOM = np.random.default_rng(0)
VALUES: dict[str, Any] = {
    "A": RANDOM.normal(size=(4, 4)) + 4 * np.eye(4),
    "B": RANDOM.normal(size=(4, 3)),
    "C": RANDOM.normal(size=(3, 4)),
    "S": RANDOM.normal(size=(4, 4)),
    "x": RANDOM.uniform(0.5, 2, size=4),
    "y": RANDOM.normal(size=4),
    "u": RANDOM.normal(size=3),
    "w": RANDOM.normal(size=2),
    "c": 1.5,
    "n": 4,
}
V = type("Values", (), VALUES)


def program(text: str, context: Context = LETTERS) -> Program:
    t = read_plain(text, context, functions=("softmax",)).bare
    return Program(t, context, axes=[i for i in ("i", "j", "a") if i in t.free])


def computed(p: Program, values: dict[str, Any] = VALUES) -> Any:
    return p.function()(*(values[n] for n in p.parameters))


def schoolbook(t: Term, seed: int, sizes: tuple[int, int]) -> None:
    """Compare the function with the schoolbook at every entry; nan is what has no value somewhere."""
    if any(isinstance(u, Derivative) for u in t.postorder()):
        with pytest.raises(SymderivError, match="derivative is left"):
            Program(t, CONTEXT)
        return
    p = Program(t, CONTEXT, variables=("x", "B"))
    plain, _ = point(str(seed), sizes, {})
    named = dict(zip(("n", "m"), sizes, strict=True))
    arguments = []
    for a in p.arguments:
        shape = [int(plain.of(n, {})) for n in a.sizes]
        cells = [float(plain.entry(a.name, tuple(k + 1 for k in at))) for at in np.ndindex(*shape)]
        arguments.append(named[a.name] if a.name in named else np.array(cells).reshape(shape))
    with np.errstate(all="ignore"):
        try:
            found = np.asarray(p.function()(*arguments), dtype=float)
        except np.linalg.LinAlgError:
            return
    axes = [r.name for r in p.axes]
    for at in itertools.product(*(range(1, named[FREE[name]] + 1) for name in axes)):
        try:
            expected = np.array(plain.of(t, dict(zip(axes, at, strict=True))), dtype=float)
        except (Missing, ZeroDivisionError):
            continue
        mine = found[tuple(k - 1 for k in at)]
        assert mine.size == expected.size
        if not np.isnan(mine).any():
            np.testing.assert_allclose(mine, expected.reshape(mine.shape), rtol=1e-7, atol=1e-7 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("sizes", SIZES)
def test_random_terms_have_the_values_of_the_schoolbook(sizes: tuple[int, int]) -> None:
    for seed in range(60):
        source = Indexed(seed, rational=True)
        schoolbook(source.rewritten(source.term(FREE, 3)), seed, sizes)
        schoolbook(Matrices(seed).pair("n", "nm"[seed % 2], 3)[0], seed, sizes)


WHOLE: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("2*transpose(B)*(A*B - B)", lambda: 2 * V.B.T @ (V.A @ V.B - V.B)),
    ("transpose(x)*A*y", lambda: V.x @ V.A @ V.y),
    ("x*transpose(y)*x", lambda: V.x * (V.y @ V.x)),
    ("inverse(A)*x", lambda: np.linalg.inv(V.A) @ V.x),
    ("transpose(y)*inverse(A)", lambda: V.y @ np.linalg.inv(V.A)),
    ("C*transpose(inverse(A))", lambda: V.C @ np.linalg.inv(V.A).T),
    ("inverse(A) + A^2", lambda: np.linalg.inv(V.A) + V.A @ V.A),
    ("diag(x)*B", lambda: np.diag(V.x) @ V.B),
    ("C*diag(x)", lambda: V.C @ np.diag(V.x)),
    ("diag(A)", lambda: np.diag(V.A)),
    ("B*ones(m)", lambda: V.B.sum(axis=1)),
    ("transpose(ones(n))*B", lambda: V.B.sum(axis=0)),
    ("B + ones(n)*transpose(u)", lambda: V.B + V.u),
    ("x + identity(n)*y", lambda: V.x + V.y),
    ("trace(A*S)", lambda: np.trace(V.A @ V.S)),
    ("trace(A)", lambda: np.trace(V.A)),
    ("det(A)", lambda: np.linalg.det(V.A)),
    ("log(det(A))", lambda: np.log(np.linalg.det(V.A))),
    ("inner(A, S)", lambda: np.sum(V.A * V.S)),
    ("frobenius(B)", lambda: np.linalg.norm(V.B)),
    ("frobenius(B)^2", lambda: np.sum(V.B**2)),
    ("norm(x)^2", lambda: V.x @ V.x),
    ("norm(u, 1)", lambda: np.abs(V.u).sum()),
    ("hadamard(B, B)", lambda: V.B**2),
    ("B/c", lambda: V.B / V.c),
    ("otimes(A, B)", lambda: np.kron(V.A, V.B)),
    ("tanh(B)", lambda: np.tanh(V.B)),
    ("tanh'(x)", lambda: 1 - np.tanh(V.x) ** 2),
    ("sigmoid'(x)", lambda: 1 / (2 + 2 * np.cosh(V.x))),
    ("softmax(B)", lambda: np.exp(V.B) / np.exp(V.B).sum(axis=1, keepdims=True)),
    ("log(softmax(x))", lambda: V.x - np.log(np.exp(V.x).sum())),
    ("(A*x)[i]", lambda: V.A @ V.x),
    ("A[j, i]", lambda: V.A.T),
    ("A[i, j]*x[j]", lambda: V.A * V.x),
    ("A[i, i]", lambda: np.diag(V.A)),
    ("x[i] - x[j]", lambda: V.x[:, None] - V.x),
    ("i*x[i]/n", lambda: np.arange(1, 5) * V.x / 4),
    ("delta(i, j)*x[j]", lambda: np.diag(V.x)),
    ("cases(x[i] if i = j, y[j] otherwise)", lambda: np.where(np.eye(4), V.x, np.tile(V.y, (4, 1)))),
    ("sum(A[i, k]*B[k, a], k, 1, n)", lambda: V.A @ V.B),
    ("sum(A[i, k]*x[k], k, 1, n)", lambda: V.A @ V.x),
    ("sum(sum(x[k]*A[k, l]*y[l], l, 1, n), k, 1, n)", lambda: V.x @ V.A @ V.y),
    ("sum(x[k], k, 1, n - 1)", lambda: V.x[:-1].sum()),
    ("sum(x[k + 1]*x[k], k, 1, n - 1)", lambda: V.x[1:] @ V.x[:-1]),
    ("sum(x[k], k, 1, n, where k != i)", lambda: V.x.sum() - V.x),
    ("sum(x[k], k, 1, i)", lambda: np.cumsum(V.x)),
    ("sum(1/x[k], k, 1, n)", lambda: (1 / V.x).sum()),
    ("sum(c, k, 1, n)", lambda: 6.0),
    ("prod(x[k], k, 1, n)", lambda: np.prod(V.x)),
    ("prod(c, k, 1, n)", lambda: 1.5**4),
    ("sum(w[k]*x[i + k - 1], k, 1, h)", lambda: np.append(np.convolve(V.x, V.w[::-1], "valid"), np.nan)),
    ("exp(x[i])/sum(exp(x[k]), k, 1, n)", lambda: np.exp(V.x) / np.exp(V.x).sum()),
    ("sum(exp(x[k])*y[k], k, 1, n)/sum(exp(x[k]), k, 1, n)", lambda: np.exp(V.x) @ V.y / np.exp(V.x).sum()),
    ("exp(A[i, j])/sum(exp(A[i, k]), k, 1, n)", lambda: np.exp(V.A) / np.exp(V.A).sum(axis=1, keepdims=True)),
    ("exp(A[i, j])/sum(exp(A[k, j]), k, 1, n)", lambda: np.exp(V.A) / np.exp(V.A).sum(axis=0)),
    ("1/sum(exp(x[k]), k, 1, n)^2", lambda: 1 / np.exp(V.x).sum() ** 2),
    ("max(x)", lambda: V.x.max()),
)


@pytest.mark.parametrize(("text", "expected"), WHOLE, ids=[text for text, _ in WHOLE])
def test_operations_on_arrays(text: str, expected: Callable[[], Any]) -> None:
    np.testing.assert_allclose(computed(program(text)), expected(), rtol=1e-12)


def test_vec_puts_the_columns_one_below_the_other() -> None:
    np.testing.assert_array_equal(computed(Program(Fn("vec", Sym("B")), LETTERS)), V.B.T.ravel())


REFUSED = (
    ("exp(A)", "entry by entry or of the matrix"),
    ("A + 1", "beside a square matrix"),
    ("c*I*A", "not said"),
    ("softmax(x)*softmax(c)", "number"),
    ("x*transpose(x[i]*x)", "index"),
    ("norm(B)", "norm"),
)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_not_written(text: str, reason: str) -> None:
    with pytest.raises(SymderivError, match=reason):
        program(text).function()


def test_sizes_that_do_not_fit_are_named() -> None:
    with pytest.raises(ShapeError, match="B is n × m"):
        program("B*A")
    f = program("B*u").function()
    with pytest.raises(ValueError, match="B: n × m, u: m"):
        f(VALUES["B"], VALUES["x"])
    with pytest.raises(ValueError, match="unpack"):
        f(VALUES["x"], VALUES["u"])


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp", "cross_entropy_softmax"])
def test_far_away_nothing_overflows(name: str, shift: float) -> None:
    """Softmax and its relatives do not change, or change by the shift, where all entries are shifted by 1000."""
    z = np.array([0.3, -1.2, 0.7, 2.0])
    d = derive(name)
    f = d.numpy()
    rest = [np.array([0.1, 0.2, 0.3, 0.4])] if name.startswith("cross") else []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(f(z + shift, *rest), f(z, *rest), rtol=1e-12)
        assert np.isfinite(f(np.array([1000.0, 0.0, -1000.0, 5.0]), *rest)).all()
