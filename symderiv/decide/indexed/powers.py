"""Powers, exponentials, logarithms and products over an index: split as far as signs are known, and kept whole beyond."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from symderiv.decide.indexed import folding, knots, labelling, matrices
from symderiv.decide.indexed.expressions import Factors
from symderiv.decide.indexed.polynomials import (
    NIL,
    Atom,
    Poly,
    add,
    components,
    constant,
    content,
    kernel,
    prime,
    scale,
    single,
)
from symderiv.decide.indexed.whole import ONE, Index, Whole, never_negative
from symderiv.decide.verdict import Unsupported
from symderiv.terms import FUNCTIONS

if TYPE_CHECKING:
    from symderiv.decide.indexed.normal import Normal

LARGEST_POWER: Final = 12
LARGEST_PRIME: Final = 10_000
ALWAYS_POSITIVE: Final = ("exp", "pi", "e", "cosh")
NEVER_NEGATIVE: Final = ("heaviside", "positive", "abs")


# --------------------------------------------------------------------------------------------------------------- signs
def is_positive(n: Normal, a: Atom) -> bool:
    """Whether an atom is shown to be positive."""
    match a.kind:
        case "entry":
            return bool(a.name.positive)
        case "prime":
            return True
        case "number":
            low = n.setting.ranges.get(a.name)
            return a.name not in n.setting.ranges if low is None else never_negative(low[0] - ONE, n.setting.ranges)
        case "function":
            return a.name in ALWAYS_POSITIVE
        case "base":
            return poly_positive(n, a.args[0])
        case "det":
            inside = a.args[0].atom
            return inside is not None and inside.kind == "entry" and bool(inside.name.definite)
    return False


def poly_positive(n: Normal, p: Poly) -> bool:
    """Whether a polynomial is shown to be positive: a sum of monomials ≥ 0 with one > 0, perhaps beside a known fact."""
    if _sum_positive(n, p):
        return True
    for fact in n.positives:
        rest = add(p, scale(fact, -1))
        if not rest or _sum_positive(n, rest, strict=False):
            return True
    return False


def _sum_positive(n: Normal, p: Poly, strict: bool = True) -> bool:
    found = False
    for m, c in p.terms.items():
        if c < 0:
            return False
        for a, e in m.factors:
            even = e.denominator == 1 and e % 2 == 0
            if not (
                is_positive(n, a) or even or a.kind in ("delta", "range") or (a.kind == "function" and a.name in NEVER_NEGATIVE)
            ):
                return False
        found |= all(is_positive(n, a) for a, _ in m.factors)
    return found or not strict


# -------------------------------------------------------------------------------------------------------------- powers
def common_content(n: Normal, p: Poly, only_positive: bool) -> tuple[Fraction, dict[Atom, Fraction], Poly]:
    """p = number · common atoms · rest: numbers and atoms that every monomial has (or divides by) taken out."""
    seen = {
        a
        for m in p.terms
        for a, _ in m.factors
        if not a.free & m.names and a.kind not in ("delta", "range") and a.name not in ("heaviside", "positive")
    }
    if only_positive:
        seen = {a for a in seen if is_positive(n, a)}
    least = {a: min(dict(m.factors).get(a, Fraction(0)) for m in p.terms) for a in seen}
    least = {a: e for a, e in sorted(least.items(), key=lambda p: p[0].key) if e}
    rest = n.multiply(p, *(single(a, -e) for a, e in least.items())) if least else p
    c = content(rest) if rest else Fraction(1)
    return c, least, scale(rest, 1 / c)


def rational_power(c: Fraction, e: Fraction) -> Poly:
    """c^e for c > 0, over roots of primes."""
    if e.denominator == 1:
        return constant(c ** int(e))
    out: dict[Atom, Fraction] = {}
    for m, sign in ((c.numerator, 1), (c.denominator, -1)):
        for p in _primes(m):
            out[prime(p)] = out.get(prime(p), Fraction(0)) + e * sign
    result = constant(1)
    for a, f in out.items():
        whole = f.numerator // f.denominator
        result = scale(_times_single(result, a, f - whole), Fraction(a.name) ** whole)
    return result


def _times_single(p: Poly, a: Atom, e: Fraction) -> Poly:
    from symderiv.decide.indexed.polynomials import Mono

    if not e:
        return p
    return Poly({Mono(m.bound, {**dict(m.factors), a: e}): c for m, c in p.terms.items()})


def _primes(m: int) -> list[int]:
    out, p = [], 2
    while m > 1:
        if p * p > m:
            p = m
        while m % p == 0:
            out.append(p)
            m //= p
        p += 1
        if p > LARGEST_PRIME and m > 1 and m > LARGEST_PRIME**2:
            raise Unsupported("a large number under a root or a logarithm")
    return out


def power(n: Normal, p: Poly, e: Fraction) -> Poly:
    """p^e. (a²)^{1/2} stays as it is unless a > 0 is known; 1/(a b) = 1/a · 1/b."""
    if e == 1:
        return p
    if not p:
        if e > 0:
            return p
        raise Unsupported("division by zero")
    if e == 0:
        return constant(1)
    if (p.key, e) not in n.powers:
        n.powers[p.key, e] = _power(n, p, Fraction(e))
    return n.powers[p.key, e]


def base_power(n: Normal, p: Poly, e: Fraction) -> Poly:
    """p^e as a power of a base that is kept whole."""
    if e.denominator == 1:
        n.whole_bases.add(p.key)
    return single(kernel("base", "B", p), e)


def _power(n: Normal, p: Poly, e: Fraction) -> Poly:
    integral = e.denominator == 1
    if integral and e > 0:
        if e > LARGEST_POWER:
            raise Unsupported(f"the power {e}")
        return n.multiply(*[p] * int(e))
    if len(p.terms) == 1:
        return _monomial_power(n, p, e)
    c, common, rest = common_content(n, p, only_positive=not integral)
    parts = [rational_power(c, e)] + [single(a, f * e) for a, f in common.items()]
    if not rest:
        raise Unsupported("a power of zero")
    if common and len(rest.terms) == 1:
        return n.multiply(power(n, rest, e), *parts)
    if integral and rest.terms[folding.leading(rest)] < 0:
        rest = scale(rest, -1)
        parts.append(constant(Fraction(-1) ** int(e)))
    return n.multiply(base_power(n, rest, e), *parts)


def _monomial_power(n: Normal, p: Poly, e: Fraction) -> Poly:
    integral = e.denominator == 1
    (m, c), *_ = p.terms.items()
    if any(a.kind in ("delta", "range") for a, _ in m.factors) and e < 0:
        raise Unsupported("division by an indicator")
    sizes = {b.name: b for b in m.bound}
    parts: list[Poly] = []
    rest: list[tuple[Poly, tuple[str, ...], tuple[tuple[Atom, Fraction], ...]]] = []
    for names, factors in components(sizes, m.factors):
        bound = tuple(sizes[x] for x in names)
        piece = single(*factors[0]) if not names else labelling.label(n, bound, dict(factors))
        if not names and (integral or is_positive(n, factors[0][0])):
            parts.append(single(factors[0][0], factors[0][1] * e))
        elif names and (integral or poly_positive(n, piece)):
            parts.append(base_power(n, piece, e))
        else:
            rest.append((piece, names, factors))
    if len(rest) == 1 and not rest[0][1] and c > 0 and (f := rest[0][2][0][1]).denominator == 1 and f % 2:
        parts.append(single(rest.pop()[2][0][0], f * e))
    if integral:
        parts.append(constant(c ** int(e)))
        c = Fraction(1)
    elif c > 0:
        parts.append(rational_power(c, e))
        c = Fraction(1)
    if rest or c != 1:
        parts.append(base_power(n, scale(n.multiply(*(r[0] for r in rest)), c), e))
    return n.multiply(*parts)


# ----------------------------------------------------------------------------------------------------------- functions
def apply(n: Normal, name: str, *args: Poly) -> Poly:
    """A function of the table of normal forms."""
    if not args:
        return single(Atom("function", name, (), name, ()))
    p = args[0]
    if n.by_steps and name in knots.STEPPED:
        return knots.stepped(n, name, args)
    match name:
        case "exp":
            return _exponential(n, p)
        case "log":
            return logarithm(n, p)
        case "pow":
            return _symbolic_power(n, p, args[1])
        case "max" | "min":
            return single(kernel("function", name, *sorted(args, key=lambda q: q.key)))
        case "abs" | "sign" | "heaviside" | "positive":
            return _by_sign(n, name, p)
    parity = FUNCTIONS[name].parity if name in FUNCTIONS else ""
    if not p and parity == "odd":
        return NIL
    if not p and name in ("cos", "cosh"):
        return constant(1)
    if p and parity in ("odd", "even") and p.terms[folding.leading(p)] < 0:
        turned = single(kernel("function", name, scale(p, -1)))
        return scale(turned, -1) if parity == "odd" else turned
    return single(kernel("function", name, *args))


def _by_sign(n: Normal, name: str, p: Poly) -> Poly:
    if not p:
        if name == "heaviside":
            raise Unsupported("the step at its knot")
        return NIL
    c, common, rest = common_content(n, p, only_positive=True)
    outside = n.multiply(constant(c), *(single(a, e) for a, e in common.items())) if name == "abs" else constant(1)
    sign = 1 if poly_positive(n, rest) else -1 if poly_positive(n, scale(rest, -1)) else 0
    if sign:
        value = {"abs": scale(rest, sign), "sign": constant(sign)}.get(name, constant(int(sign > 0)))
        return n.multiply(outside, value)
    if name in ("abs", "sign") and rest.terms[folding.leading(rest)] < 0:
        rest = scale(rest, -1)
        if name == "sign":
            outside = scale(outside, -1)
    return n.multiply(outside, single(kernel("function", name, rest)))


def _exponential(n: Normal, p: Poly) -> Poly:
    """exp(Σ c m) = ∏ exp(m)^c; exp(c log a) = a^c."""
    parts = []
    for m, c in p.terms.items():
        alone = m.alone
        if alone is not None and alone[1] == 1 and alone[0].kind == "function" and alone[0].name == "log":
            parts.append(power(n, alone[0].args[0], c))
        else:
            parts.append(single(kernel("function", "exp", Poly({m: Fraction(1)})), c))
    return n.multiply(*parts)


def _symbolic_power(n: Normal, p: Poly, q: Poly) -> Poly:
    """p^q = exp(q log p) for p > 0; (p^q as it is otherwise)."""
    if q.value is not None:
        return power(n, p, q.value)
    if p.value == 1:
        return p
    if poly_positive(n, p):
        return _exponential(n, n.multiply(q, logarithm(n, p)))
    return single(kernel("function", "pow", p, q))


def logarithm(n: Normal, p: Poly) -> Poly:
    """log(a b) = log a + log b for factors shown positive; log(a^q) = q log a for odd q; the rest stays inside."""
    if not p:
        raise Unsupported("the logarithm of zero")
    c, common, rest = common_content(n, p, only_positive=True)
    parts = []
    for a, e in common.items():
        if a.kind == "function" and a.name == "exp":
            inner = a.args[0]
        elif a.kind == "base":
            inner = logarithm(n, a.args[0])
        elif a.kind == "prime":
            inner = single(kernel("function", "log", constant(a.name)))
        else:
            inner = single(kernel("function", "log", single(a)))
        parts.append(scale(inner, e))
    for m, sign in ((c.numerator, 1), (c.denominator, -1)):
        parts += [scale(single(kernel("function", "log", constant(q))), sign) for q in _primes(m)]
    if rest.value != 1:
        (m0, c0), *others = rest.terms.items()
        alone = m0.alone
        if not others and c0 == 1 and alone is not None and alone[1].denominator == 1 and alone[1] % 2:
            a, e = alone
            parts.append(scale(logarithm(n, a.args[0]) if a.kind == "base" else single(kernel("function", "log", single(a))), e))
        else:
            parts.append(single(kernel("function", "log", rest)))
    return add(*parts)


# ------------------------------------------------------------------------------------------------ sums and products
def faulhaber(n: Normal, p: int, size: Whole) -> Poly:
    """Σ_{k=1}^{N} k^p as a polynomial in N, by (N+1)^{p+1} − 1 = Σ_j binom(p+1, j) Σ_k k^j."""
    from math import comb

    count = n.counted(size)
    sums = [count]
    for q in range(1, p + 1):
        top = add(power(n, add(count, constant(1)), Fraction(q + 1)), constant(-1))
        below = [scale(sums[j], -comb(q + 1, j)) for j in range(q)]
        sums.append(scale(add(top, *below), Fraction(1, q + 1)))
    return sums[p]


def factors(n: Normal, t: Factors) -> Poly:
    """∏_k: exp(Σ log) of what is positive; otherwise factor by factor; the ends split off."""
    p = n.of(t.body)
    guard = constant(1) if t.guard is None else n.of(t.guard)
    if (t.guard is not None and guard.value is None) or poly_positive(n, p):
        if not poly_positive(n, p):
            raise Unsupported("a product with a condition over factors of unknown sign")
        return _exponential(n, n.bind(n.multiply(guard, logarithm(n, p)), t.index))
    if guard.value == 0:
        return constant(1)
    return over_index(n, p, t.index)


def over_index(n: Normal, p: Poly, k: Index) -> Poly:
    """∏_{k=1}^{size} p."""
    size = k.size.value
    if size is not None:
        if size > LARGEST_POWER:
            raise Unsupported(f"a product of {size} factors")
        return n.multiply(constant(1), *(n.rename(p, {k.name: Whole.number(v)}) for v in range(1, int(size) + 1)))
    if not never_negative(k.size, n.setting.ranges, n.known):
        raise Unsupported(f"a product of {k.size} factors, which may be fewer than none")
    c = k.size.constant
    base = k.size - Whole.number(c)
    if c.denominator == 1 and 0 < c <= LARGEST_POWER and never_negative(base, n.setting.ranges, n.known):
        ends = [n.rename(p, {k.name: base + Whole.number(v)}) for v in range(1, int(c) + 1)]
        own = n.setting.fresh(base)
        return n.multiply(over_index(n, n.rename(p, {k.name: Whole.letter(own.name)}), own), *ends)
    if k.size.letters & n.setting.ranges.keys():
        raise Unsupported("a product whose range depends on an index")
    if k.name not in p.free:
        return _symbolic_power(n, p, n.counted(k.size))
    if len(p.terms) != 1:
        return single(matrices.bound_kernel(n, "product", k, p))
    (m, number), *_ = p.terms.items()
    if m.bound or any(e.denominator != 1 for _, e in m.factors):
        return single(matrices.bound_kernel(n, "product", k, p))
    parts = [] if number == 1 else [_symbolic_power(n, constant(number), n.counted(k.size))]
    for a, e in m.factors:
        if k.name not in a.free:
            parts.append(power(n, _symbolic_power(n, single(a), n.counted(k.size)), e))
        elif is_positive(n, a):
            parts.append(_exponential(n, n.bind(scale(logarithm(n, single(a)), e), k)))
        else:
            parts.append(single(matrices.bound_kernel(n, "product", k, single(a)), e))
    return n.multiply(*parts)
