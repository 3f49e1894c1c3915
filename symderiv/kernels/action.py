"""What a kernel does to an image, derived: on any image, on an impulse, on polynomial images, on smooth images.

g(x, y) = Σ k_ij f(x + j h, y + i h)     cross-correlation, what deep learning calls convolution
q(x, y) = Σ k_ij f(x − j h, y − i h)     convolution: cross-correlation with the kernel turned by 180°
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial
from typing import Final

from symderiv.derive import Derivation
from symderiv.kernels.grid import Kernel, Offset
from symderiv.kernels.moments import Expansion, moment
from symderiv.kernels.scalars import Scalar, term_of, total, weighted
from symderiv.rules import Rule, Step
from symderiv.rules.definitions import definition_rule
from symderiv.rules.step import at_all_places
from symderiv.terms import (
    ONE,
    Context,
    Definition,
    Derivative,
    Fn,
    Mul,
    Neg,
    Sym,
    Term,
    function,
    neg,
    number,
    over,
    plus,
    power,
    times,
)

X: Final = Sym("x")
Y: Final = Sym("y")
STEP: Final = Sym("h")
IMAGE: Final = Fn("f", X, Y)


@dataclass(frozen=True, slots=True)
class Convention:
    """A way to lay a kernel on an image: `sign` of the offsets, `answer` the name of the result."""

    name: str
    answer: str
    sign: int
    formula: str
    used: str

    @property
    def start(self) -> Term:
        """The answer at a pixel."""
        return Fn(self.answer, X, Y)


CORRELATION: Final = Convention(
    "cross-correlation",
    "g",
    1,
    r"g(x, y) = \sum_{i, j} k_{ij} f(x + j h, y + i h)",
    "what deep-learning libraries compute and call convolution",
)
CONVOLUTION: Final = Convention(
    "convolution", "q", -1, r"q(x, y) = \sum_{i, j} k_{ij} f(x - j h, y - i h)", "that of mathematics and signal processing"
)
CONVENTIONS: Final = (CORRELATION, CONVOLUTION)


def pixel(at: Offset, convention: Convention, step: Term = STEP) -> Term:
    """f(x + j h, y + i h), or with − for a convolution."""
    i, j = (convention.sign * d for d in at)
    return Fn("f", _moved(X, j, step), _moved(Y, i, step))


def _moved(letter: Term, by: int, step: Term) -> Term:
    size = times(number(abs(by)), step)
    return plus(letter, Neg(size) if by < 0 else size) if by else letter


def action(kernel: Kernel, convention: Convention = CORRELATION) -> Derivation:
    """g(x, y) = every weight times its pixel = the sum without what is 0."""
    every = [Mul(term_of(w), pixel(at, convention)) for at, w in kernel.window()]
    whole = plus(*every)
    first = _once(
        f"definition_of_{convention.answer}",
        convention.formula,
        f"definition of {convention.name}: every weight times the pixel at its offset",
        convention.start,
        whole,
    )
    kept = plus(*(weighted(w, pixel(at, convention)) for at, w in kernel.support))
    steps = [first]
    if kept != whole:
        steps.append(
            _once("weights", r"0 \cdot t = 0,\ 1 \cdot t = t", "products with 0 vanish, factors 1 are left out", whole, kept)
        )
    context = _context().define(convention.answer, ("x", "y"), whole)
    return Derivation(convention.start, tuple(steps), context)


def on_image(kernel: Kernel, image: Term, convention: Convention = CORRELATION, *, title: str = "") -> Derivation:
    """The answer to a polynomial image f(x, y): definitions put in, multiplied out, powers of x and y collected."""
    answer, f = _definitions(kernel, convention, image)
    context = _context().define("f", ("x", "y"), image).define(answer.name, answer.parameters, answer.body)
    steps = list(_opened(convention.start, (answer, f)))
    line = steps[-1].after if steps else convention.start
    collected = _collected(kernel, image, convention)
    if line != collected:
        words = "multiply out and collect the powers of x and y"
        steps.append(_once("collect", r"(x + j h)^2 = x^2 + 2 j h x + j^2 h^2", words, line, collected))
    return Derivation(convention.start, tuple(steps), context, title, (f,))


def _definitions(kernel: Kernel, convention: Convention, image: Term) -> tuple[Definition, Definition]:
    body = plus(*(weighted(w, pixel(at, convention)) for at, w in kernel.support))
    return Definition(convention.answer, ("x", "y"), body), Definition("f", ("x", "y"), image)


MONOMIALS: Final[Mapping[Offset, str]] = {
    (0, 0): "constant",
    (1, 0): "linear to the right",
    (0, 1): "linear downwards",
    (2, 0): "quadratic to the right",
    (1, 1): "saddle",
    (0, 2): "quadratic downwards",
}
"""The images x^a y^b on which a kernel is tried, by (a, b)."""


def monomial(a: int, b: int) -> Term:
    """x^a y^b."""
    return times(power(X, a), power(Y, b))


def response(kernel: Kernel, a: int, b: int, convention: Convention = CORRELATION) -> Mapping[tuple[int, int, int], Scalar]:
    """The answer to x^a y^b: the coefficients of x^p y^q h^n by (p, q, n), those that are not 0.

    Σ k_ij (x ± j h)^a (y ± i h)^b = Σ_pq binom(a, p) binom(b, q) M_{a−p, b−q} (± h)^{a−p+b−q} x^p y^q.
    """
    found = {}
    for p in range(a, -1, -1):
        for q in range(b, -1, -1):
            n = a - p + b - q
            c = moment(kernel, a - p, b - q) * Fraction(_choose(a, p) * _choose(b, q) * convention.sign**n)
            if c != 0:
                found[p, q, n] = c
    return found


def _choose(n: int, k: int) -> int:
    return factorial(n) // (factorial(k) * factorial(n - k))


def _collected(kernel: Kernel, image: Term, convention: Convention) -> Term:
    exponents = next(ab for ab in MONOMIALS if monomial(*ab) == image)
    return plus(
        *(weighted(c, times(power(STEP, n), monomial(p, q))) for (p, q, n), c in response(kernel, *exponents, convention).items())
    )


IMPULSE: Final = "impulse"
"""The name of the image impulse(x, y), the δ of signal processing: it is 1 at (0, 0) and 0 elsewhere."""


def impulse(kernel: Kernel, convention: Convention = CORRELATION) -> Derivation:
    """The answer to a single bright pixel δ on the grid of step 1, as a sum of moved impulses."""
    answer = Definition(convention.answer, ("x", "y"), plus(*(weighted(w, pixel(at, convention, ONE)) for at, w in kernel.support)))
    f = Definition("f", ("x", "y"), Fn(IMPULSE, X, Y))
    context = Context().declare(IMPULSE, function(2)).define("f", ("x", "y"), f.body).define(answer.name, ("x", "y"), answer.body)
    return Derivation(convention.start, _opened(convention.start, (answer, f)), context)


def impulse_response(kernel: Kernel, convention: Convention = CORRELATION) -> Kernel:
    """The answer to the impulse on the window: the kernel turned by 180° for a cross-correlation, the kernel for a convolution."""
    return kernel.turned() if convention.sign > 0 else kernel


def wave(kernel: Kernel, even: Term, odd: Term) -> Derivation:
    """The answer to the wave cos(u x + v y) on the grid of step 1 is A cos(u x + v y) − B sin(u x + v y)."""
    phase = plus(times(Sym("u"), X), times(Sym("v"), Y))
    body = plus(*(weighted(w, pixel(at, CORRELATION, ONE)) for at, w in kernel.support))
    answer, f = Definition("g", ("x", "y"), body), Definition("f", ("x", "y"), Fn("cos", phase))
    context = Context().define("f", ("x", "y"), f.body).define("g", ("x", "y"), body)
    steps = list(_opened(CORRELATION.start, (answer, f)))
    line = steps[-1].after if steps else CORRELATION.start
    collected = plus(times(even, Fn("cos", phase)), neg(times(odd, Fn("sin", phase))))
    if line != collected:
        words = "addition theorem, opposite offsets taken together"
        steps.append(_once("waves", r"\cos(p + q) = \cos p \cos q - \sin p \sin q", words, line, collected))
    return Derivation(CORRELATION.start, tuple(steps), context, "", (f,))


def _opened(line: Term, definitions: tuple[Definition, ...]) -> tuple[Step, ...]:
    """Definitions put in one after the other."""
    steps = []
    for d in definitions:
        if (step := at_all_places(definition_rule(d), line)) is not None:
            named = f"definition of {d.name}"
            steps.append(replace(step, own_words=(named, named)) if len(step.details) > 1 else step)
            line = step.after
    return tuple(steps)


def taylor(kernel: Kernel, expanded: Expansion, convention: Convention = CORRELATION) -> Derivation:
    """The Taylor expansion in the grid step: moments times partial derivatives, and O of the first power left out."""
    answer, _ = _definitions(kernel, convention, IMAGE)
    context = _context().define(answer.name, answer.parameters, answer.body)
    steps = list(_opened(convention.start, (answer,)))
    line = steps[-1].after if steps else convention.start
    rest = () if expanded.exact else (Fn("O", power(STEP, expanded.remainder)),)
    written, known = [], []
    for n, symbol in sorted(expanded.parts.items()):
        for (a, b), c in symbol.items():
            size = total(w * Fraction(j**a * i**b) for (i, j), w in kernel.support)
            scale = over(power(STEP, n), number(factorial(a) * factorial(b)))
            signed = size * Fraction(convention.sign**n)
            written.append(weighted(signed, times(scale, partial(a, b))))
            known.append(weighted(c * Fraction(convention.sign**n), times(power(STEP, n), partial(a, b))))
    if not expanded.exact:
        words = "Taylor's theorem at every pixel; the weights are summed to moments, those not written are 0"
        statement = r"f(x + j h, y + i h) = \sum_{a, b} \frac{(j h)^a (i h)^b}{a!\, b!} \partial_x^a \partial_y^b f"
        steps.append(_once("taylor", statement, words, line, plus(*written, *rest)))
        if plus(*written) != plus(*known):
            steps.append(_once("moments", "M / (a! b!)", "the factorials divided out", plus(*written, *rest), plus(*known, *rest)))
    return Derivation(convention.start, tuple(steps), context)


def partial(a: int, b: int) -> Term:
    """∂x^a ∂y^b f(x, y)."""
    inner = Derivative(IMAGE, Y, b) if b else IMAGE
    return Derivative(inner, X, a) if a else inner


def _context() -> Context:
    return Context().declare("f", function(2))


def _once(name: str, statement: str, words: str, before: Term, after: Term) -> Step:
    """The step by a rule that knows this one equation."""

    def rewrite(t: Term) -> Term | None:
        return after if t == before else None

    step = Rule(name, statement, words, "", rewrite, str(before)).apply(before)
    if step is None:
        raise AssertionError(f"{name} changes nothing in {before}")
    return step


def operator(symbol: Mapping[Offset, Scalar]) -> Term:
    """The differential operator with that symbol, applied to f."""
    return plus(*(weighted(c, partial(a, b)) for (a, b), c in symbol.items()))
