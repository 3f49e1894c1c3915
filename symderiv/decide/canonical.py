"""The canonical form: a term as a quotient of polynomials in kernels that are algebraically independent.

A kernel is what is not rational arithmetic: a letter, e^u, log|p|, a root, |p|, sin u, erf u, an unknown function. They are made independent:

    exponents   are split over their monomials: e^(a+b), e^(2a), e^(−a) are powers of one kernel each for a and b
    logarithms  go over the factors: log(p² q) = 2 log|p| + log|q|, numbers into primes; log e^u = u
    roots       carry their relation r^q = p; |p| carries |p|² = p² unless its sign is known
    angles      are split over their monomials as exponents are, with sin² = 1 − cos²
    hyperbolic functions are exponentials

Two terms with equal forms are equal wherever both are defined; what each needs for that is recorded as its guards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpz

from symderiv.decide.intervals import NONNEGATIVE, POSITIVE, REAL, Interval
from symderiv.decide.polynomials import Monomial, Polynomial, Ring, TooManyKernels, as_fraction, constant_of, terms_of
from symderiv.decide.verdict import Budget, Unsupported
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    ZERO,
    Add,
    Binder,
    Cases,
    Const,
    Decimal,
    Div,
    Entry,
    Fn,
    Indicator,
    Layer,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Relation,
    Sym,
    Term,
    value,
)

Quotient = tuple[Polynomial, Polynomial]
"""Numerator and denominator."""

SIZES = (16, 48, 160, 512)
"""Numbers of generators that are tried, one after the other: a small ring is a fast one."""
LONGEST_GCD = 4000
"""Terms, numerator times denominator, up to which common factors are looked for."""
LONGEST_FACTORED = 120
"""Terms of a polynomial that is still factored."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """A generator: `key` tells kernels apart, `range` holds of its values; `parts` depend on the kind, the first word of the key."""

    key: tuple[Any, ...]
    range: Interval
    parts: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold for a term to be defined: `condition`; `key` is what equal guards of different terms share."""

    key: tuple[str, str]
    condition: Term


@dataclass(slots=True)
class Form:
    """A canonical form under way: the kernels met so far, their relations, the signs known, the guards of what was read."""

    ring: Ring
    budget: Budget
    range_of: Callable[[Term], Interval]
    scale: dict[Any, int]
    kernels: list[Kernel] = field(default_factory=list)
    index: dict[tuple[Any, ...], int] = field(default_factory=dict)
    relations: dict[int, tuple[int, Polynomial]] = field(default_factory=dict)
    learned: dict[str, int] = field(default_factory=dict)
    done: dict[Term, Quotient] = field(default_factory=dict)
    guards: dict[tuple[str, str], Guard] = field(default_factory=dict)

    # ------------------------------------------------------------------------------------------------------- terms
    def of(self, term: Term) -> Quotient:
        """The quotient that a term is; its guards are added to `guards`."""
        for t in term.postorder():
            if t not in self.done:
                self.budget.check()
                self.done[t] = self._node(t)
        return self.done[term]

    def _node(self, t: Term) -> Quotient:
        one = self.ring.one
        match t:
            case Num() | Decimal():
                return self.ring.constant(t.value), one
            case Sym(name):
                return self.kernel(("letter", name), self.range_of(t)), one
            case Const("pi"):
                return self.kernel(("pi",), Interval(Fraction(314, 100), Fraction(315, 100))), one
            case Const("e"):
                return self.exponential((one, one))
            case Add(args):
                return self.sum([self.done[a] for a in args])
            case Neg(a):
                n, d = self.done[a]
                return -n, d
            case Mul(args):
                return self.product([self.done[a] for a in args])
            case Div(a, b):
                (n, d), (p, q) = self.done[a], self.done[b]
                self.guard("≠", b, self.done[b])
                return self.ring.times(n, q), self.ring.times(d, p)
            case Pow():
                return self._power(t)
            case Fn(name, args):
                return self._function(t, name, args)
            case Prime() | Entry() | Layer():
                return self.opaque(t)
        if isinstance(t, Binder):
            return self.kernel(("binder", t), REAL), one
        if isinstance(t, (Cases, Indicator)):
            raise Unsupported("case distinctions that the assumptions do not decide")
        if isinstance(t, Relation):
            return self.ring.zero, one
        raise Unsupported(type(t).__name__)

    def _power(self, t: Pow) -> Quotient:
        base, exponent = self.done[t.left], self.reduced(self.done[t.right])
        q = constant_of(exponent[0]) if exponent[1] == self.ring.one else None
        if q is None:
            self.guard(">", t.left, base)
            log = self.logarithm(base)
            return self.exponential((self.ring.times(log[0], exponent[0]), self.ring.times(log[1], exponent[1])))
        if q.denominator != 1:
            self.guard("≥" if q > 0 else ">", t.left, base)
        elif q <= 0:
            self.guard("≠", t.left, base)
        return self.rational_power(base, q)

    def _function(self, t: Fn, name: str, args: tuple[Term, ...]) -> Quotient:
        ring = self.ring
        if name in FUNCTIONS and len(args) == 1:
            u = self.done[args[0]]
            match name:
                case "exp":
                    return self.exponential(u)
                case "log":
                    self.guard(">", args[0], u)
                    return self.logarithm(u)
                case "sqrt":
                    self.guard("≥", args[0], u)
                    return self.rational_power(u, Fraction(1, 2))
                case "sinh" | "cosh" | "tanh":
                    n, d = self.exponential(u)
                    up, down = ring.times(n, n), ring.times(d, d)
                    both = ring.times(n, d)
                    if name == "tanh":
                        return up - down, up + down
                    return (up - down if name == "sinh" else up + down), 2 * both
                case "sin" | "cos":
                    cosine, sine = self.circle(u)
                    return sine if name == "sin" else cosine
                case "tan":
                    cosine, sine = self.circle(u)
                    self.guard("≠", Fn("cos", args[0]), cosine)
                    return self.product([sine, (cosine[1], cosine[0])])
                case "acos":
                    self._between(args[0], u)
                    n, d = self.odd("asin", u)
                    return self.sum([(self._node(Const("pi"))[0], ring.constant(2)), (-n, d)])
                case "erf" | "atan" | "asin":
                    if name == "asin":
                        self._between(args[0], u)
                    return self.odd(name, u)
                case "abs":
                    return self.modulus(u)
        if name == "root" and len(args) == 2:
            n = value(args[1])
            if n is None or n.denominator != 1 or n <= 0:
                raise Unsupported("roots whose index is not a number")
            self.guard("≥", args[0], self.done[args[0]])
            return self.rational_power(self.done[args[0]], 1 / n)
        if name in FUNCTIONS:
            raise Unsupported(f"{name} where the assumptions do not decide which case holds")
        return self.opaque(t)

    def _between(self, u: Term, quotient: Quotient) -> None:
        self.guard("≥", Add(ONE, u), self.sum([(self.ring.one, self.ring.one), quotient]))
        self.guard("≥", Add(ONE, Neg(u)), self.sum([(self.ring.one, self.ring.one), (-quotient[0], quotient[1])]))

    # ----------------------------------------------------------------------------------------------------- kernels
    def kernel(self, key: tuple[Any, ...], range: Interval, parts: tuple[Any, ...] = ()) -> Polynomial:
        """The generator for a kernel, made when it is met first."""
        k = self.index.get(key)
        if k is None:
            k = len(self.kernels)
            if k >= self.ring.size:
                raise TooManyKernels
            self.index[key] = k
            self.kernels.append(Kernel(key, range, parts))
        return self.ring.generators[k]

    def opaque(self, t: Term) -> Quotient:
        """A kernel for something of which nothing is known but its arguments."""
        key = (type(t).__name__, t.data, *(self.name_of(self.done[c]) for c in t.children))
        return self.kernel(key, REAL), self.ring.one

    def name_of(self, q: Quotient) -> str:
        """What equal quotients share."""
        n, d = self.reduced(q)
        return f"{n}//{d}"

    # -------------------------------------------------------------------------------------------------- arithmetic
    def sum(self, parts: list[Quotient]) -> Quotient:
        """The sum, over the least common denominator."""
        by_denominator: dict[str, tuple[Polynomial, Polynomial]] = {}
        for n, d in parts:
            key = str(d)
            before = by_denominator.get(key)
            by_denominator[key] = (n if before is None else before[0] + n, d)
        found = list(by_denominator.values())
        while len(found) > 1:
            found = [self._sum_of_two(*found[k : k + 2]) if k + 1 < len(found) else found[k] for k in range(0, len(found), 2)]
        return found[0]

    def _sum_of_two(self, a: Quotient, b: Quotient) -> Quotient:
        (n, d), (p, q) = a, b
        ring = self.ring
        if len(d) * len(q) > LONGEST_GCD:
            return ring.times(n, q) + ring.times(p, d), ring.times(d, q)
        g = d.gcd(q)
        left, right = ring.divided(q, g), ring.divided(d, g)
        return ring.times(n, left) + ring.times(p, right), ring.times(d, left)

    def product(self, parts: list[Quotient]) -> Quotient:
        """The product."""
        n, d = self.ring.one, self.ring.one
        for p, q in parts:
            n, d = self.ring.times(n, p), self.ring.times(d, q)
        return n, d

    def reduced(self, quotient: Quotient) -> Quotient:
        """In lowest terms: relations used, square roots out of the denominator, common factors cancelled, the denominator monic."""
        ring = self.ring
        n, d = self.related(quotient[0]), self.related(quotient[1])
        if n == 0:
            if d == 0:
                raise Unsupported("a denominator that is 0")
            return ring.zero, ring.one
        n, d = self._rationalised(n, d)
        if d == 0:
            raise Unsupported("a denominator that is 0")
        if not d.is_constant() and len(n) * len(d) <= LONGEST_GCD:
            g = n.gcd(d)
            n, d = ring.divided(n, g), ring.divided(d, g)
        c = d.leading_coefficient()
        return n / c, d / c

    def _rationalised(self, n: Polynomial, d: Polynomial) -> Quotient:
        """Without generators of degree 2 over the others (square roots, moduli, sines) in the denominator."""
        for k in sorted(self.relations, reverse=True):
            if self.relations[k][0] != 2 or d.is_constant():
                continue
            terms = d.to_dict()
            if any(m[k] for m in terms):
                conjugate = self.ring.context.from_dict({m: (-c if m[k] % 2 else c) for m, c in terms.items()})
                if len(terms) == 1:
                    conjugate = self.ring.generators[k]
                self.budget.check()
                n, d = self.related(self.ring.times(n, conjugate)), self.related(self.ring.times(d, conjugate))
        return n, d

    def related(self, p: Polynomial) -> Polynomial:
        """The polynomial with powers of roots taken down by their relations."""
        ring = self.ring
        for k in sorted(self.relations, reverse=True):
            degree, power = self.relations[k]
            terms = p.to_dict()
            if not any(m[k] >= degree for m in terms):
                continue
            low: dict[Monomial, Any] = {}
            out = ring.zero
            for m, c in terms.items():
                times, rest = divmod(m[k], degree)
                if not times:
                    low[m] = c
                    continue
                exponents = (*m[:k], rest, *m[k + 1 :])
                out = out + ring.times(ring.context.from_dict({exponents: c}), ring.power(power, times))
            p = out + ring.context.from_dict(low)
            self.budget.check()
        return p

    # ------------------------------------------------------------------------------------------------------- signs
    def range_of_polynomial(self, p: Polynomial) -> Interval:
        """What values a polynomial can take, from the ranges of its kernels."""
        total = Interval.point(Fraction(0))
        for m, c in terms_of(p):
            term = Interval.point(c)
            for k, n in enumerate(m):
                if n:
                    term = term * self.kernels[k].range.power(n)
            total = total + term
        return total

    def sign(self, p: Polynomial) -> int:
        """+1 if p ≥ 0 is known, −1 if p ≤ 0 is, else 0."""
        if (known := self.learned.get(str(p))) is not None:
            return known
        found = self.range_of_polynomial(p)
        if found.nonnegative():
            return 1
        return -1 if (-found).nonnegative() else 0

    def nonzero(self, p: Polynomial) -> bool:
        """Whether p ≠ 0 is known."""
        return 0 not in self.range_of_polynomial(p).signs()

    def factored(self, quotient: Quotient, learn: bool) -> tuple[Fraction, list[tuple[Polynomial, int]]]:
        """(a number, [(factor, exponent)]) with quotient = number · ∏ factor^exponent.

        `learn`: the quotient is known not to be negative; if that leaves the sign of one factor open, it is taken from there.
        """
        n, d = self.reduced(quotient)
        if n == 0:
            raise Unsupported("a power or logarithm of 0")
        if len(n) > LONGEST_FACTORED or len(d) > LONGEST_FACTORED:
            raise Unsupported("factors of polynomials of this length")
        self.budget.check()
        (c, above), (e, below) = n.factor(), d.factor()
        number = as_fraction(c) / as_fraction(e)
        factors = [(p, int(k)) for p, k in above] + [(p, -int(k)) for p, k in below]
        if learn:
            sign, unknown = (1 if number > 0 else -1), []
            for p, k in factors:
                if k % 2:
                    known = self.sign(p)
                    sign *= known or 1
                    if not known:
                        unknown.append(p)
            if len(unknown) == 1:
                self.learned[str(unknown[0])] = sign
                self.learned[str(-unknown[0])] = -sign
        return number, factors

    # ------------------------------------------------------------------------------------------- powers and moduli
    def modulus(self, quotient: Quotient) -> Quotient:
        """|quotient|."""
        n, d = self.reduced(quotient)
        if n == 0:
            return self.ring.zero, self.ring.one
        number, factors = self.factored((n, d), learn=False)
        return self.product(
            [(self.ring.constant(abs(number)), self.ring.one), *(self._modulus_power(p, Fraction(k)) for p, k in factors)]
        )

    def _modulus(self, p: Polynomial) -> Polynomial:
        known = self.sign(p)
        if known:
            return p * known
        g = self.kernel(("abs", str(p)), NONNEGATIVE, (p,))
        self.relations[self.index["abs", str(p)]] = (2, self.related(self.ring.times(p, p)))
        return g

    def _modulus_power(self, p: Polynomial, q: Fraction) -> Quotient:
        """|p|^q."""
        ring = self.ring
        if q.denominator == 1:
            n = abs(int(q))
            base = ring.power(self._modulus(p) if n % 2 else p, n)
            return (base, ring.one) if q >= 0 else (ring.one, base)
        kernel = self._single(p)
        if kernel is not None and kernel.key[0] == "exp":
            exponent, scale = kernel.parts
            return self.exponential((exponent[0] * self._flint(q / scale), exponent[1]))
        base = self._modulus(p)
        key = ("root", str(p))
        index = self.scaled(key, q)
        g = self.kernel(key, POSITIVE if self.nonzero(p) else NONNEGATIVE, (p, index))
        self.relations[self.index[key]] = (index, base)
        n = ring.power(g, int(abs(q) * index))
        return (n, ring.one) if q >= 0 else (ring.one, n)

    def _flint(self, q: Fraction) -> Any:
        return self.ring.constant(q)

    def _single(self, p: Polynomial) -> Kernel | None:
        """The kernel that a polynomial is, or None."""
        if len(p) != 1:
            return None
        ((m, c),) = terms_of(p)
        return self.kernels[m.index(1)] if sum(m) == 1 and c == 1 else None

    def rational_power(self, quotient: Quotient, q: Fraction) -> Quotient:
        """quotient^q, the quotient not negative unless q is whole."""
        ring = self.ring
        if q.denominator == 1:
            n, d = (quotient[0], quotient[1]) if q >= 0 else (quotient[1], quotient[0])
            if q < 0 and self.related(d) == 0:
                raise Unsupported("a denominator that is 0")
            return ring.power(n, abs(int(q))), ring.power(d, abs(int(q)))
        if self.related(quotient[0]) == 0:
            if q < 0:
                raise Unsupported("a denominator that is 0")
            return ring.zero, ring.one
        number, factors = self.factored(quotient, learn=True)
        if number < 0 and not any(k % 2 for _, k in factors):
            raise Unsupported("roots of what is negative")
        parts = [self._root_of_number(p, k * q) for p, k in _primes(abs(number))]
        parts += [self._modulus_power(p, k * q) for p, k in factors]
        n, d = self.product(parts)
        return self.related(n), self.related(d)

    def _root_of_number(self, prime: int, q: Fraction) -> Quotient:
        ring = self.ring
        if q.denominator == 1:
            base = ring.constant(Fraction(prime) ** abs(int(q)))
        else:
            key = ("root of number", prime)
            index = self.scaled(key, q)
            g = self.kernel(key, Interval(Fraction(1), Fraction(prime)), (prime, index))
            self.relations[self.index[key]] = (index, ring.constant(prime))
            base = ring.power(g, int(abs(q) * index))
        return (base, ring.one) if q >= 0 else (ring.one, base)

    # ----------------------------------------------------------------------------------- exponentials and logarithms
    def exponential(self, quotient: Quotient) -> Quotient:
        """e^quotient, one kernel for each monomial of the exponent."""
        ring = self.ring
        n, d = self.reduced(quotient)
        top, bottom = ring.one, ring.one
        for m, c in terms_of(n):
            power = self._power_from_log(m, c) if d == ring.one else None
            if power is None:
                key = ("exp", m, str(d))
                scale = self.scaled(key, c)
                g = self.kernel(key, POSITIVE, ((ring.monomial(m), d), scale))
                raised = ring.power(g, abs(int(c * scale)))
                power = (raised, ring.one) if c > 0 else (ring.one, raised)
            top, bottom = ring.times(top, power[0]), ring.times(bottom, power[1])
        return top, bottom

    def scaled(self, key: tuple[Any, ...], c: Fraction) -> int:
        """By what the kernel's exponent is divided so that c is a whole multiple; begins the form again where that changes."""
        scale = self.scale.get(key, 1)
        if (c * scale).denominator != 1:
            self.scale[key] = lcm(scale, c.denominator)
            raise ScaleChanged
        return scale

    def _power_from_log(self, m: Monomial, c: Fraction) -> Quotient | None:
        """e^(c log|p|) = |p|^c."""
        if sum(m) != 1:
            return None
        kernel = self.kernels[m.index(1)]
        if kernel.key[0] == "log":
            return self._modulus_power(kernel.parts[0], c)
        if kernel.key[0] == "log of number":
            return self._root_of_number(kernel.parts[0], c)
        return None

    def logarithm(self, quotient: Quotient) -> Quotient:
        """log of what is positive, over its factors."""
        ring = self.ring
        number, factors = self.factored(quotient, learn=True)
        parts = [(self.kernel(("log of number", p), POSITIVE, (p,)) * k, ring.one) for p, k in _primes(abs(number))]
        parts += [self._log_of_factor(p, Fraction(k)) for p, k in factors]
        return self.sum(parts) if parts else (ring.zero, ring.one)

    def _log_of_factor(self, p: Polynomial, c: Fraction) -> Quotient:
        """c log|p|."""
        kernel = self._single(p)
        if kernel is not None and kernel.key[0] == "exp":
            exponent, scale = kernel.parts
            return exponent[0] * self._flint(c / scale), exponent[1]
        if kernel is not None and kernel.key[0] == "root":
            return self._log_of_factor(kernel.parts[0], c / kernel.parts[1])
        if kernel is not None and kernel.key[0] == "root of number":
            return self.kernel(("log of number", kernel.parts[0]), POSITIVE, kernel.parts[:1]) * self._flint(
                c / kernel.parts[1]
            ), self.ring.one
        if kernel is not None and kernel.key[0] == "abs":
            return self._log_of_factor(kernel.parts[0], c)
        return self.kernel(("log", str(p)), REAL, (p,)) * self._flint(c), self.ring.one

    # ------------------------------------------------------------------------------------------------------- angles
    def circle(self, quotient: Quotient) -> tuple[Quotient, Quotient]:
        """(cos, sin) of an angle, from those of its monomials by the addition theorem."""
        ring = self.ring
        n, d = self.reduced(quotient)
        cosine, sine = (ring.one, ring.one), (ring.zero, ring.one)
        for m, coefficient in terms_of(n):
            self.budget.check()
            c, s = self._monomial_circle(m, coefficient, d)
            cosine, sine = (
                self.sum([self.product([cosine, c]), self._negated(self.product([sine, s]))]),
                self.sum([self.product([cosine, s]), self.product([sine, c])]),
            )
            cosine, sine = (self.related(cosine[0]), cosine[1]), (self.related(sine[0]), sine[1])
        return cosine, sine

    def _negated(self, quotient: Quotient) -> Quotient:
        return -quotient[0], quotient[1]

    def _monomial_circle(self, m: Monomial, c: Fraction, d: Polynomial) -> tuple[Quotient, Quotient]:
        ring = self.ring
        kernel = self.kernels[m.index(1)] if sum(m) == 1 and d == ring.one else None
        if kernel is not None and kernel.key == ("pi",) and (2 * c).denominator == 1:
            quarter = int(2 * c) % 4
            return (ring.constant((1, 0, -1, 0)[quarter]), ring.one), (ring.constant((0, 1, 0, -1)[quarter]), ring.one)
        if kernel is not None and kernel.key[0] == "atan" and c.denominator == 1:
            u = kernel.parts[0]
            one = (ring.one, ring.one)
            root = self.rational_power(self.sum([one, self.product([u, u])]), Fraction(1, 2))
            unit: tuple[Quotient, Quotient] = ((root[1], root[0]), self.product([u, (root[1], root[0])]))
            times = int(c)
        else:
            key = ("angle", m, str(d))
            times = int(c * self.scaled(key, c))
            cos = self.kernel(("cos", *key), Interval(Fraction(-1), Fraction(1), False, False))
            sin = self.kernel(("sin", *key), Interval(Fraction(-1), Fraction(1), False, False))
            self.relations[self.index["sin", *key]] = (2, ring.one - cos * cos)
            unit = (cos, ring.one), (sin, ring.one)
        if abs(times) > 200:
            raise Unsupported("multiples of an angle this large")
        cosine, sine = (ring.one, ring.one), (ring.zero, ring.one)
        for _ in range(abs(times)):
            cosine, sine = (
                self.sum([self.product([cosine, unit[0]]), self._negated(self.product([sine, unit[1]]))]),
                self.sum([self.product([cosine, unit[1]]), self.product([sine, unit[0]])]),
            )
            cosine, sine = (self.related(cosine[0]), self.related(cosine[1])), (self.related(sine[0]), self.related(sine[1]))
        return cosine, sine if times >= 0 else self._negated(sine)

    def odd(self, name: str, quotient: Quotient) -> Quotient:
        """A kernel for an odd function: f(−u) = −f(u)."""
        n, d = self.reduced(quotient)
        if n == 0:
            return self.ring.zero, self.ring.one
        sign = -1 if n.leading_coefficient() < 0 else 1
        n = n * sign
        return self.kernel((name, f"{n}//{d}"), RANGES[name], ((n, d),)) * sign, self.ring.one

    # ------------------------------------------------------------------------------------------------------- guards
    def guard(self, op: str, term: Term, quotient: Quotient) -> None:
        """Record that `term op 0` must hold, unless it is known to."""
        n, d = self.reduced(quotient)
        if n == 0:
            if op == "≥":
                return
            raise Unsupported("a part that is nowhere defined")
        if op == "≠":
            if n.is_constant() or self.nonzero(n):
                return
            if len(n) > LONGEST_FACTORED:
                self._guarded(op, str(n), Relation("≠", term, ZERO))
                return
            for p, _ in n.factor()[1]:
                if not self.nonzero(p):
                    self._guarded(op, str(p), Relation("≠", term, ZERO))
            return
        top, bottom = self.range_of_polynomial(n), self.range_of_polynomial(d)
        whole = top * bottom
        if whole.positive() or (op == "≥" and whole.nonnegative()):
            return
        self._guarded(op, f"{n}//{d}", Relation(op, term, ZERO))

    def _guarded(self, op: str, key: str, condition: Term) -> None:
        self.guards.setdefault((op, key), Guard((op, key), condition))


class ScaleChanged(Exception):
    """An exponent needs a finer kernel than the one in use; the form is begun again."""


RANGES = {
    "erf": Interval(Fraction(-1), Fraction(1)),
    "atan": Interval(Fraction(-16, 10), Fraction(16, 10)),
    "asin": Interval(Fraction(-16, 10), Fraction(16, 10)),
}


def _primes(q: Fraction) -> list[tuple[int, int]]:
    """The prime factors of a positive rational, with exponents."""
    out = []
    for whole, sign in ((q.numerator, 1), (q.denominator, -1)):
        if whole.bit_length() > 100:
            raise Unsupported("factors of numbers of this size")
        if whole != 1:
            out += [(int(p), int(k) * sign) for p, k in fmpz(whole).factor()]
    return out


def form_of(build: Callable[[Form], Any], budget: Budget, range_of: Callable[[Term], Interval]) -> Any:
    """What `build` makes of a fresh form, begun again in a larger ring or with finer kernels as long as it asks for that."""
    scale: dict[Any, int] = {}
    for size in SIZES:
        for _ in range(30):
            try:
                return build(Form(Ring(size), budget, range_of, scale))
            except ScaleChanged:
                continue
            except TooManyKernels:
                scale.clear()
                break
    raise Unsupported("more kernels than this")
