"""Ratios against SymPy, medians of one run: `make bench`.

derive      a derivation with all its steps, against a cold `sympy.diff` of the same function: each in a process of its own, imports excluded
equal       from text to verdict, against SymPy's parse and simplify with its cache emptied, as every claim is new
deep        a d-fold composition: time and size against d
rank        images ranked from memory-mapped probabilities of three networks, with its peak memory, against the same scores in plain NumPy with whole
            arrays in memory; `python -m bench rank` runs a million images (5.6 GiB of disk for a while)
numeric     `.numpy()` of derivatives on a million points, against stable NumPy written by hand
arrays      at symbolic size: see `bench.arrays`
start       `symderiv equal` and `symderiv check` on one line as whole processes, against one that imports SymPy and simplifies
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.arrays import at_symbolic_size
from symderiv.catalogue import CATALOGUE

PAIRS = (
    ("exp(-x)/(1 + exp(-x))^2", "exp(x)/(1 + exp(x))^2"),
    ("(x + 1)^5", "x^5 + 5*x^4 + 10*x^3 + 10*x^2 + 5*x + 1"),
    ("1 - tanh(x)^2", "4/(exp(x) + exp(-x))^2"),
    ("sin(2*x)", "2*sin(x)*cos(x)"),
    ("x/(1 + x) + 1/(1 + x)", "1"),
    ("log(x*y) + log(x/y)", "2*log(x)"),
    ("(x + 1)^5", "x^5 + 5*x^4 + 10*x^3 + 10*x^2 + 5*x + 2"),
    ("1 - tanh(x)^2", "1 - tanh(x)"),
)

COLD_DERIVE = """
import json, sys, time
from symderiv.request import derive
name = sys.argv[1]
started = time.perf_counter(); d = derive(name); first = time.perf_counter() - started
print(json.dumps([first, len(d.steps)]))
"""
COLD_SYMPY = """
import json, sys, time
import sympy
from symderiv.catalogue import CATALOGUE
from symderiv.terms.sympy_border import to_sympy
from symderiv.terms import Context
row = CATALOGUE[sys.argv[1]]
body = to_sympy(row.definition.body, Context())
x = next(s for s in body.free_symbols if s.name == row.variable)
started = time.perf_counter(); sympy.diff(body, x); print(json.dumps([time.perf_counter() - started, 0]))
"""


def cold(code: str, name: str, runs: int = 3) -> tuple[float, int]:
    """The median of the times that a fresh process measures, in seconds, and what else it says."""
    out = [
        json.loads(subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True).stdout)
        for _ in range(runs)
    ]
    return median(t for t, _ in out), out[0][1]


def timed(call: Callable[[], object], runs: int = 5) -> float:
    """The median time of a call, in seconds."""
    times = []
    for _ in range(runs):
        started = perf_counter()
        call()
        times.append(perf_counter() - started)
    return median(times)


def derive_against_diff() -> None:
    print(f"{'derive':14}{'symderiv ms':>12}{'sympy ms':>10}{'ratio':>8}{'steps':>7}   (cold, imports excluded)")
    ratios = []
    for row in CATALOGUE.values():
        if row.by or row.uses or "cases" in row.formula or "max" in row.formula or "abs" in row.formula:
            continue
        ours, steps = cold(COLD_DERIVE, row.name)
        theirs, _ = cold(COLD_SYMPY, row.name)
        ratios.append(ours / theirs)
        print(f"{row.name:14}{1e3 * ours:12.1f}{1e3 * theirs:10.1f}{ours / theirs:8.2f}{steps:7}")
    print(f"{'median':14}{'':22}{median(ratios):8.2f}\n")


def equal_against_simplify() -> None:
    import sympy
    from sympy.core.cache import clear_cache
    from sympy.parsing.sympy_parser import parse_expr

    from symderiv.request import equal

    print(f"{'equal':46}{'symderiv µs':>12}{'sympy µs':>10}{'ratio':>8}")
    ratios = []
    for left, right in PAIRS:

        def simplified(left: str = left, right: str = right) -> bool:
            clear_cache()
            sides = [parse_expr(t.replace("^", "**")) for t in (left, right)]
            return sympy.simplify(sides[0] - sides[1]) == 0

        ours, theirs = timed(lambda left=left, right=right: equal(left, right)), timed(simplified)  # type: ignore[misc]
        ratios.append(ours / theirs)
        print(f"{left + ' = ' + right:46.46}{1e6 * ours:12.0f}{1e6 * theirs:10.0f}{ours / theirs:8.3f}")
    print(f"{'median':46}{'':22}{median(ratios):8.3f}\n")


def deep_compositions() -> None:
    from symderiv.decide import derivative_of
    from symderiv.derive.differentiate import calculus_rules, differentiate
    from symderiv.read import read_plain
    from symderiv.terms import Context, Derivative, Sym

    print(
        f"{'depth':>5}{'ms':>9}{'ms/depth':>10}{'steps':>7}{'nodes':>8}{'distinct':>9}   (sigmoid composed with itself; ms: derivative_of)"
    )
    for d in range(1, 13):
        text = "x"
        for _ in range(d):
            text = f"1/(1 + exp(-({text})))"
        body = read_plain(text).bare
        seconds = timed(lambda body=body: derivative_of(body, "x", Context()))  # type: ignore[misc]
        steps = list(differentiate(Derivative(body, Sym("x")), calculus_rules(Context())))
        result = steps[-1].after
        print(f"{d:5}{1e3 * seconds:9.2f}{1e3 * seconds / d:10.2f}{len(steps):7}{result.size:8}{len(list(result.postorder())):9}")
    print()


IMAGES, CLASSES, NETWORKS = 40_000, 1000, 3

PEAK = """
import json, sys, time


def peak_memory():
    "In MiB; that which getrusage tells has the peak of the parent process in it."
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return float("nan")


"""
RANKED = """
from symderiv.ranking import rank
score, *paths = sys.argv[1:]
started = time.perf_counter()
found = rank(paths, score=score, pair=(207, 931) if score == "confusion" else None, top=50)
peak = peak_memory()
print(json.dumps([time.perf_counter() - started, peak, [r.image for r in found.rows]]))
"""
PLAIN = """
import numpy as np
score, *paths = sys.argv[1:]
started = time.perf_counter()
p = np.stack([np.load(path).astype(np.float32) for path in paths])
p /= p.sum(axis=-1, keepdims=True)
if score == "confusion":
    values = (p[:, :, 207] * p[:, :, 931]).mean(axis=0)
else:
    mean = p.mean(axis=0)
    entropy = lambda q: -(q * np.log(np.where(q > 0, q, 1))).sum(axis=-1)
    values = entropy(mean) - sum(entropy(q) for q in p) / len(p)
best = np.argsort(-values, kind="stable")[:50]
peak = peak_memory()
print(json.dumps([time.perf_counter() - started, peak, best.tolist()]))
"""


def written_probabilities(folder: Path, images: int, kind: str) -> list[str]:
    """Files of random probabilities, most of the weight on few classes, as those of trained networks have."""
    import numpy as np

    draw = np.random.default_rng(0)
    paths = []
    for network in range(NETWORKS):
        path = folder / f"net{network + 1}.npy"
        out = np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(images, CLASSES))
        for start in range(0, images, 10_000):
            size = min(10_000, images - start)
            powers = np.exp(draw.standard_normal((size, CLASSES), dtype=np.float32) * 2)
            out[start : start + size] = powers / powers.sum(axis=1, keepdims=True)
        del out
        paths.append(str(path))
    return paths


def rank_against_numpy(images: int = IMAGES, *, plain: bool = True) -> None:
    """Time and peak memory of `rank`, in processes of their own; `plain`: and of NumPy with whole arrays."""
    print(f"{f'rank {images:,} × {CLASSES} × {NETWORKS}':46}{'symderiv s':>11}{'MiB':>6}{'numpy s':>9}{'MiB':>7}{'ratio':>7}")
    for kind in ("float16", "float32") if plain else ("float16",):
        with tempfile.TemporaryDirectory() as folder:
            paths = written_probabilities(Path(folder), images, kind)
            for score in ("jensen_shannon", "confusion"):
                ours, memory, found = measured_process(RANKED, score, *paths)
                print(f"{score + ', ' + kind:46}{ours:11.2f}{memory:6.0f}", end="", flush=True)
                if plain:
                    theirs, whole, expected = measured_process(PLAIN, score, *paths)
                    print(
                        f"{theirs:9.2f}{whole:7.0f}{ours / theirs:7.2f}{'' if found == expected else '   the rankings differ'}",
                        end="",
                    )
                print()
    print()


def measured_process(code: str, *arguments: str) -> tuple[float, float, list[int]]:
    """What a process says of its time, its peak memory in MiB, and the images that it found."""
    out = subprocess.run([sys.executable, "-c", PEAK + code, *arguments], capture_output=True, text=True, check=True).stdout
    seconds, memory, images = json.loads(out)
    return seconds, memory, images


def numeric_against_numpy() -> None:
    import numpy as np
    from scipy.special import erfc, expit

    from symderiv.request import derive

    x = np.linspace(-30, 30, 1_000_000)
    by_hand: dict[str, Callable[[], object]] = {
        "sigmoid": lambda: expit(x) * expit(-x),
        "softplus": lambda: expit(x),
        "gelu": lambda: 0.5 * erfc(-x / np.sqrt(2)) + x / np.sqrt(2 * np.pi) * np.exp(-(x**2) / 2),
    }
    print(f"{'derivative by .numpy(), a million points':46}{'symderiv ms':>12}{'numpy ms':>10}{'ratio':>8}")
    for name, theirs in by_hand.items():
        function = derive(name).numpy()
        ours = timed(lambda function=function: function(x), 9)  # type: ignore[misc]
        hand = timed(theirs, 9)
        print(f"{name:46}{1e3 * ours:12.1f}{1e3 * hand:10.1f}{ours / hand:8.2f}")
    print()


def whole_process() -> None:
    left, right = PAIRS[0]
    code = f"import sympy; a, b = map(sympy.sympify, ({left!r}, {right!r})); print(sympy.simplify(a - b) == 0)"
    theirs = timed(lambda: subprocess.run([sys.executable, "-c", code], capture_output=True, check=True))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "line.md")
        page.write_text("$\\frac{e^{-x}}{(1+e^{-x})^2} = \\frac{e^{x}}{(1+e^{x})^2}$\n")
        for name, arguments in (("equal", [left, right]), ("check", [str(page)])):
            command = [sys.executable, "-m", "symderiv", name, *arguments]
            ours = timed(lambda command=command: subprocess.run(command, capture_output=True, check=True))  # type: ignore[misc]
            print(f"{'whole process: ' + name:46}{1e3 * ours:9.0f} ms{1e3 * theirs:7.0f} ms{ours / theirs:8.2f}")


if __name__ == "__main__":
    if sys.argv[1:] == ["rank"]:
        rank_against_numpy(1_000_000, plain=False)
    else:
        derive_against_diff()
        equal_against_simplify()
        deep_compositions()
        numeric_against_numpy()
        rank_against_numpy()
        at_symbolic_size()
        whole_process()
