"""Facts of random rational kernels against brute force: convolution on polynomial images, waves in floating point, matrices."""

from __future__ import annotations

from cmath import exp, pi
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.kernels import Facts, Kernel, kernel
from symderiv.kernels.action import CONVENTIONS, CONVOLUTION, CORRELATION, MONOMIALS, impulse_response, monomial, on_image, response
from symderiv.kernels.conclusion import conclude
from symderiv.kernels.frequency import CORNERS, gain, squared_gain
from symderiv.kernels.moments import reproduces, symbol
from symderiv.kernels.scalars import term_of
from symderiv.kernels.surds import ONE, Surd, compared, roots_on_interval, surd, value_at
from symderiv.terms import Add, Div, Mul, Neg, Num, Pow, Sym

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)
WEIGHTS = st.one_of(st.integers(-3, 3).map(Fraction), st.fractions(min_value=-2, max_value=2, max_denominator=6))


@st.composite
def kernels(draw):
    height, width = draw(st.sampled_from([(1, 1), (1, 3), (3, 1), (3, 3), (3, 5), (5, 5)]))
    rows = [[draw(WEIGHTS) for _ in range(width)] for _ in range(height)]
    if draw(st.booleans()):
        sign = draw(st.sampled_from([1, -1]))
        rows = [
            [(w + sign * v) / 2 for w, v in zip(row, other[::-1], strict=True)] for row, other in zip(rows, rows[::-1], strict=True)
        ]
    return Kernel(tuple(map(tuple, rows)))


def brute(k, image, x, y, h, sign=1):
    return sum((w * image(x + sign * j * h, y + sign * i * h) for (i, j), w in k.window()), Fraction(0))


def power_image(a, b):
    return lambda s, t: s**a * t**b


POINT = (Fraction(2, 3), Fraction(-5, 7), Fraction(3, 11))


@SETTINGS
@given(kernels())
def test_responses_to_polynomials(k):
    x, y, h = POINT
    for (a, b), c in product(MONOMIALS, CONVENTIONS):
        derived = sum((w * x**p * y**q * h**n for (p, q, n), w in response(k, a, b, c).items()), Fraction(0))
        assert derived == brute(k, power_image(a, b), x, y, h, c.sign)


@SETTINGS
@given(kernels())
def test_taylor_is_exact_on_polynomials_below_the_remainder(k):
    """The listed parts applied to x^a y^b are the whole answer if a + b is below the first degree left out."""
    expanded = Facts(k).expansion
    x, y, h = POINT
    for degree in range(expanded.remainder + 2 if expanded.exact else expanded.remainder):
        for a in range(degree + 1):
            b = degree - a
            derived = Fraction(0)
            for n, part in expanded.parts.items():
                for (p, q), c in part.items():
                    if p <= a and q <= b:
                        derived += h**n * c * falling(a, p) * falling(b, q) * x ** (a - p) * y ** (b - q)
            assert derived == brute(k, power_image(a, b), x, y, h)
    if not expanded.exact:
        assert symbol(k, expanded.remainder)


def falling(n, p):
    result = 1
    for m in range(p):
        result *= n - m
    return result


@SETTINGS
@given(kernels())
def test_degree_that_is_kept(k):
    kept = reproduces(k)
    x, y, h = POINT
    exact = [all(brute(k, power_image(a, d - a), x, y, h) == x**a * y ** (d - a) for a in range(d + 1)) for d in range(kept + 1)]
    assert all(exact)
    if not Facts(k).expansion.exact or kept < 0:
        d = kept + 1
        points = [(Fraction(p), Fraction(q)) for p in range(d + 1) for q in range(d + 1)]
        assert any(brute(k, power_image(a, d - a), p, q, h) != p**a * q ** (d - a) for a in range(d + 1) for p, q in points)


@SETTINGS
@given(kernels())
def test_impulse_response(k):
    for c in CONVENTIONS:
        answer = impulse_response(k, c)
        for (i, j), w in answer.window():
            lit = brute(k, lambda s, t: Fraction(s == 0 and t == 0), Fraction(j), Fraction(i), Fraction(1), c.sign)
            assert w == lit


@SETTINGS
@given(kernels())
def test_symmetry_separability_and_rank(k):
    import sympy

    facts = Facts(k)
    matrix = sympy.Matrix([[sympy.Rational(w.numerator, w.denominator) for w in row] for row in k.rows])
    assert facts.rank == matrix.rank()
    assert (facts.factors is not None) == (facts.rank == 1)
    if facts.factors is not None:
        assert tuple(tuple(c * r for r in facts.factors.row) for c in facts.factors.column) == k.rows
    for (i, j), w in k.window():
        assert facts.symmetries["turned by 180°"] * k.weight(-i, -j) in (w, 0)


def transfer(k, u, v):
    return sum(float(w) * exp(1j * (j * u + i * v)) for (i, j), w in k.window())


def number(t):
    import sympy

    from symderiv.terms.sympy_border import to_sympy

    return float(sympy.N(to_sympy(t)))


@SETTINGS
@given(kernels())
def test_spectrum_against_a_grid(k):
    facts = Facts(k)
    for p, q in CORNERS:
        assert abs(transfer(k, p * pi, q * pi) - float(gain(k, (p, q)))) < 1e-9
    found = facts.spectrum
    if found is None:
        return
    grid = [n * pi / 16 for n in range(-16, 17)]
    values = [transfer(k, u, v) for u in grid for v in grid]
    sizes = [z.real for z in values] if found.real else [abs(z) for z in values]
    for extremum, beyond in ((found.largest, max(sizes)), (found.smallest, -min(sizes))):
        if extremum is None:
            continue
        sign = 1 if extremum is found.largest else -1
        shown = number(extremum.value)
        assert sign * shown >= beyond - 1e-9
        at = transfer(k, *(number(angle) for angle in extremum.place))
        assert abs((at.real if found.real else abs(at)) - shown) < 1e-7
    if found.zeros == ():
        assert min(map(abs, values)) > 0
    for u, v in found.zeros or ():
        assert abs(transfer(k, 0.7 if u is None else number(u), 0.3 if v is None else number(v))) < 1e-7


@SETTINGS
@given(st.lists(WEIGHTS, min_size=1, max_size=7))
def test_squared_gain(values):
    p = squared_gain(values)
    for n in range(5):
        u = n * pi / 4 + 0.1
        size = abs(sum(float(a) * exp(1j * j * u) for j, a in enumerate(values))) ** 2
        assert abs(sum(float(c) * (exp(1j * u).real) ** m for m, c in enumerate(p)) - size) < 1e-9


@SETTINGS
@given(st.lists(st.sampled_from([-2, -1, 0, 1, 2, 3]), min_size=2, max_size=3), st.integers(0, 3))
def test_roots_are_roots_and_ordered(coefficients, extra):
    p = tuple(map(Fraction, coefficients))
    while p and not p[-1]:
        p = p[:-1]
    roots = roots_on_interval(p)
    if roots is None:
        assert not p
        return
    assert all(value_at(p, r).sign() == 0 for r in roots)
    assert all(compared(a, b) > 0 for a, b in pairwise(roots))


def test_roots_of_higher_degree_are_not_claimed():
    assert roots_on_interval(tuple(map(Fraction, (-1, 3, 0, 5)))) is None
    assert roots_on_interval(tuple(map(Fraction, (-30, 3, 0, 5)))) == ()


def test_comparison_of_different_roots():
    near = surd(Fraction(0), Fraction(2))[0]
    other = surd(Fraction(-1, 10), Fraction(23, 10))[0]
    assert compared(near, other) == (1 if 2**0.5 > 2.3**0.5 - 0.1 else -1)
    assert compared(near, near) == 0
    assert compared(Surd(Fraction(3, 2)), near) == 1
    assert compared(near, ONE) == 1


@settings(max_examples=12, deadline=None, derandomize=True)
@given(kernels())
def test_derivations_on_polynomials_are_proved(k):
    for (a, b), c in product([(1, 0), (1, 1), (0, 2)], (CORRELATION, CONVOLUTION)):
        d = on_image(k, monomial(a, b), c)
        assert not d.leaps()
        assert all(v.kind == "proved" for v in d.check())


@SETTINGS
@given(kernels())
def test_conclusions_keep_to_the_facts(k):
    """What a class says of gain and noise is true of every kernel that falls into it."""
    facts = Facts(k)
    kind = conclude(facts).kind
    if kind in ("laplacian", "derivative", "sobel", "prewitt", "scharr", "second derivative", "mixed derivative"):
        assert facts.gain == 0
    if kind in ("mean", "gaussian", "motion blur", "low pass"):
        assert all(w >= 0 for _, w in k.support)
        assert facts.noise <= facts.gain**2
    if kind == "identity":
        assert all(w == (i == j == 0) for (i, j), w in k.window())


WEIGHT_WITH_LETTERS = st.tuples(st.integers(-3, 3), st.integers(-2, 2), st.integers(-2, 2), st.integers(1, 4))


def exact(t, values):
    """The rational value of a polynomial in letters, or a quotient of two."""
    parts = [exact(c, values) for c in t.children]
    match t:
        case Num(n):
            return Fraction(n)
        case Sym(name):
            return values[name]
        case Add():
            return sum(parts, Fraction(0))
        case Mul():
            return prod(parts)
        case Neg():
            return -parts[0]
        case Div():
            return parts[0] / parts[1]
        case Pow():
            return parts[0] ** int(parts[1])
    raise AssertionError(t)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from([(1, 3), (3, 1), (3, 3)]).flatmap(
        lambda shape: st.lists(
            st.lists(WEIGHT_WITH_LETTERS, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
        )
    ),
    st.fractions(min_value=-2, max_value=2, max_denominator=5),
    st.fractions(min_value=-2, max_value=2, max_denominator=5),
)
def test_letters_agree_with_numbers_put_in(weights, a, b):
    values = {"a": a, "b": b}
    general = kernel(
        "[" + ",".join("[" + ",".join(f"({n} + {p}*a + {q}*b)/{d}" for n, p, q, d in row) + "]" for row in weights) + "]"
    )
    special = Kernel(tuple(tuple((n + p * a + q * b) / d for n, p, q, d in row) for row in weights))
    facts = Facts(special)

    def put(w):
        return exact(term_of(w), values)

    assert put(general.facts.gain) == facts.gain
    assert put(general.facts.noise) == facts.noise
    for (m, n), c in product(MONOMIALS, CONVENTIONS):
        found = {k: v for k, w in response(general.kernel, m, n, c).items() if (v := put(w))}
        assert found == {k: v for k, v in response(special, m, n, c).items() if v}


def test_a_kernel_over_its_own_sum_has_gain_1():
    general = kernel("[[a,b,a],[b,4,b],[a,b,a]]/(4*a+4*b+4)")
    special = kernel("[[1,2,1],[2,4,2],[1,2,1]]/16")
    values = {"a": Fraction(1), "b": Fraction(2)}
    assert general.facts.gain == 1
    assert exact(term_of(general.facts.noise), values) == special.facts.noise
    for n, part in special.facts.expansion.parts.items():
        assert {ab: exact(term_of(c), values) for ab, c in general.facts.expansion.parts[n].items()} == dict(part)
