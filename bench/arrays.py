"""At symbolic size: rows of the catalogue, decisions, their growth, and tensorgrad; run by `make bench`, or alone by `python -m bench.arrays`.

derive      a row with all its steps, in a process of its own, imports excluded, and again in the same process
decide      one claim, from text to verdict
growth      (A₁ ⋯ A_k)^⊤ = A_k^⊤ ⋯ A₁^⊤, tr(A₁ ⋯ A_k) = tr(A_k A₁ ⋯), and Σ_i x_i ⋯ (k sums), and false twins of them, against k
tensorgrad  the same derivatives, each library in a process of its own; ours with all steps, theirs simplified, as only then its result can be
            read. It needs an environment of its own: `make peer`.

Where a process is fresh, Σ x_i² was derived in it before, so that all modules are loaded: imports are not measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from symderiv.catalogue import CATALOGUE

PEER = Path(".venv/peer/bin/python")

LOADED = """
import json, sys, time
import symderiv.request
symderiv.request.derive("sum(x[m]^2, m, 1, n)", "x[j]", let="x in R^n, j in 1..n")
symderiv.request.derive("inner(x, x)", "x", let="x in R^n")
"""
PEER_LOADED = """
import json, sys, time
import torch, sympy, tensorgrad as tg, tensorgrad.functions as F
(k,) = sympy.symbols("k,")
x = tg.Variable("x", k)
(x @ x).grad(x).full_simplify()
"""
ROW = (
    LOADED
    + """
started = time.perf_counter(); d = symderiv.request.derive(sys.argv[1]); first = time.perf_counter() - started
started = time.perf_counter(); symderiv.request.derive(sys.argv[1]); again = time.perf_counter() - started
count = lambda d: sum(1 + sum(count(r.derivation) for r in s.regions) for s in d.steps)
print(json.dumps([first, again, count(d)]))
"""
)

CLAIMS = (
    ("sum(softmax(z)[i], i, 1, K)", "1", "z in R^K"),
    ("d/dz[j] (log(sum(exp(z[m]), m, 1, K)))", "softmax(z)[j]", "z in R^K, j in 1..K"),
    ("d/dz[j] (log(sum(exp(z[m]), m, 1, K)))", "softmax(z)[j] - 1", "z in R^K, j in 1..K"),
    ("sum(sum(x[i]*x[j], i, 1, n), j, 1, n)", "sum(x[i], i, 1, n)^2", "x in R^n"),
    ("sum(sum(x[i]*x[j], i, 1, n), j, 1, n)", "sum(x[i]^2, i, 1, n)", "x in R^n"),
    ("frobenius(A*B)^2", "trace(transpose(B)*transpose(A)*A*B)", "A in R^{n x d}, B in R^{d x m}"),
    ("transpose(A)*(A*B - C)", "transpose(A)*A*B - transpose(A)*C", "A in R^{n x d}, B in R^{d x m}, C in R^{n x m}"),
    ("transpose(A)*(A*B - C)", "transpose(A)*A*B - C", "A in R^{n x n}, B in R^{n x m}, C in R^{n x m}"),
    ("inverse(A*B)", "inverse(B)*inverse(A)", "A in R^{n x n}, B in R^{n x n}"),
    ("inverse(A*B)", "inverse(A)*inverse(B)", "A in R^{n x n}, B in R^{n x n}"),
)
LONGEST = 12

OURS = {
    "softmax Jacobian": ("softmax", 1),
    "cross-entropy gradient": ("cross_entropy_softmax", 1),
    "cross-entropy Hessian": ("cross_entropy_softmax", 2),
    "‖XW − Y‖² by W": ("least_squares", 1),
    "layer norm Jacobian": ("layer_norm", 1),
    "attention by queries": ("attention_queries", 1),
    "attention by keys": ("attention_keys", 1),
    "attention by values": ("attention_values", 1),
}
COLD_OURS = (
    LOADED
    + """
started = time.perf_counter(); symderiv.request.derive(sys.argv[1], order=int(sys.argv[2])); print(json.dumps(time.perf_counter() - started))
"""
)
COLD_THEIRS = (
    PEER_LOADED
    + """
name = sys.argv[1]
started = time.perf_counter()
if name.startswith(("softmax", "cross")):
    (k,) = sympy.symbols("k,")
    z, y = tg.Variable("z", k), tg.Variable("y", k)
    p = F.softmax(z, dim="k")
    f = {"softmax Jacobian": lambda: p.grad(z), "cross-entropy gradient": lambda: (-(y @ F.log(p))).grad(z),
         "cross-entropy Hessian": lambda: (-(y @ F.log(p))).grad(z).grad(z)}[name]()
elif name.startswith("‖"):
    b, x, y = sympy.symbols("b x y")
    X, W, Y = tg.Variable("X", b, x), tg.Variable("W", x, y), tg.Variable("Y", b, y)
    e = X @ W - Y
    f = (e @ e).grad(W)
elif name.startswith("layer"):
    (n,) = sympy.symbols("n,")
    x = tg.Variable("x", n)
    c = x - F.mean(x, dim="n")
    f = (c / F.sqrt(F.mean(c * c, dim="n") + tg.Product([]) * 1e-5)).grad(x)
else:
    seq, key, d, v = sympy.symbols("seq key d v")
    Q, K, V, G = tg.Variable("Q", seq, d), tg.Variable("K", key, d), tg.Variable("V", key, v), tg.Variable("G", seq, v)
    out = F.dot(F.softmax(F.dot(Q, K, dim="d") / 8, dim="key"), V, dim="key")
    f = (G @ out).grad({"queries": Q, "keys": K, "values": V}[name.split()[-1]])
derived = f.full_simplify()
print(json.dumps(time.perf_counter() - started))
"""
)


def told(python: str | Path, code: str, *arguments: str, runs: int = 3, wait: float = 300) -> list[float] | None:
    """The medians of what a fresh process measures; None where it fails or takes too long."""
    found = []
    for _ in range(runs):
        try:
            out = subprocess.run([python, "-c", code, *arguments], capture_output=True, text=True, check=True, timeout=wait).stdout
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return None
        numbers = json.loads(out.splitlines()[-1])
        found.append(numbers if isinstance(numbers, list) else [numbers])
    return [median(column) for column in zip(*found, strict=True)]


def rows() -> None:
    print(f"{'derive at symbolic size':28}{'first ms':>9}{'again ms':>10}{'steps':>7}   (in a fresh process, imports excluded)")
    times = []
    for row in CATALOGUE.values():
        if row.by and (found := told(sys.executable, ROW, row.name)) is not None:
            first, again, steps = found
            times.append(first)
            print(f"{row.name:28}{1e3 * first:9.1f}{1e3 * again:10.1f}{int(steps):7}")
    print(f"{'median':28}{1e3 * median(times):9.1f}\n")


def decisions() -> None:
    from symderiv.request import equal

    print(f"{'decide at symbolic size':72}{'ms':>8}  verdict")
    for left, right, let in CLAIMS:
        times = []
        for _ in range(5):
            started = perf_counter()
            verdict = equal(left, right, let=let)
            times.append(perf_counter() - started)
        print(f"{left + ' = ' + right:72.72}{1e3 * median(times):8.1f}  {verdict.kind}")
    print()


def growth() -> None:
    from symderiv.request import equal

    letters = [f"A_{k}" for k in range(1, LONGEST + 1)]
    sizes = ", ".join(f"{a} in R^{{n x n}}" for a in letters)
    print(
        f"{'factors':>7}{'transpose ms':>14}{'false':>9}{'trace ms':>11}{'false':>9}{'sums ms':>10}{'false':>9}   (false: two factors exchanged, or a term lost)"
    )
    for k in range(2, LONGEST + 1, 2):
        own = letters[:k]
        swapped = [own[1], own[0], *own[2:]]
        chain, turned = "*".join(own), "*".join([own[-1], *own[:-1]])
        transposed, false = ("*".join(f"transpose({a})" for a in reversed(order)) for order in (own, swapped))
        sums = "*".join(f"sum(x[i{j}], i{j}, 1, n)" for j in range(k))
        claims = (
            (f"transpose({chain})", transposed),
            (f"transpose({chain})", false),
            (f"trace({chain})", f"trace({turned})"),
            (f"trace({chain})", f"trace({'*'.join(swapped)})" if k > 2 else "trace(A_1)*trace(A_2)"),
            (sums, f"sum(x[i], i, 1, n)^{k}"),
            (sums, f"sum(x[i]^{k}, i, 1, n)"),
        )
        shown = []
        for left, right in claims:
            times = []
            for _ in range(3):
                started = perf_counter()
                verdict = equal(left, right, let=f"{sizes}, x in R^n")
                times.append(perf_counter() - started)
            shown.append(f"{1e3 * median(times):.1f}{'' if verdict.kind != 'undecided' else '?'}")
        print(f"{k:7}{shown[0]:>14}{shown[1]:>9}{shown[2]:>11}{shown[3]:>9}{shown[4]:>10}{shown[5]:>9}")
    print()


def against_tensorgrad() -> None:
    if not PEER.exists():
        print("tensorgrad: not installed: skipped (`make peer` installs it)\n")
        return
    print(
        f"{'derive at symbolic size':28}{'symderiv ms':>12}{'tensorgrad ms':>15}{'ratio':>8}   (fresh processes, imports excluded; ours with all steps)"
    )
    ratios = []
    for name, (row, order) in OURS.items():
        ours, theirs = told(sys.executable, COLD_OURS, row, str(order)), told(PEER, COLD_THEIRS, name)
        if ours is None or theirs is None:
            print(
                f"{name:28}{'' if ours is None else format(1e3 * ours[0], '.1f'):>12}{'fails' if theirs is None else format(1e3 * theirs[0], '.1f'):>15}"
            )
            continue
        ratios.append(ours[0] / theirs[0])
        print(f"{name:28}{1e3 * ours[0]:12.1f}{1e3 * theirs[0]:15.1f}{ratios[-1]:8.2f}")
    print(f"{'median':28}{'':27}{median(ratios):8.2f}\n")


def at_symbolic_size() -> None:
    rows()
    decisions()
    growth()
    against_tensorgrad()


if __name__ == "__main__":
    at_symbolic_size()
