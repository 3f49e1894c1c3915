"""Moduli, roots, powers, exponentials and logarithms, as kernels that are independent of one another.

|p|        carries |p|² = p² unless the sign of p is known
p^(1/q)    carries r^q = |p|, for every irreducible factor p
e^u        is split over the monomials of u: e^(a+b), e^(2a), e^(−a) are powers of one kernel each for a and b
log u      goes over the factors: log(p² q) = 2 log|p| + log|q|, numbers into primes; log e^u = u
p^n        for an integer letter n: split over the monomials of n; a negative number leaves (−1)^n
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpz

from symderiv.decide.intervals import NONNEGATIVE, POSITIVE, REAL, Interval
from symderiv.decide.kernels import Kernels, Quotient
from symderiv.decide.polynomials import Monomial, Polynomial, terms_of
from symderiv.decide.verdict import NowhereDefined, Unsupported

LONGEST_NUMBER = 100
"""Bits of a number that is still taken into primes."""


@dataclass(slots=True)
class Powers(Kernels):
    """Kernels for what grows and shrinks."""

    # ------------------------------------------------------------------------------------------------ roots, moduli
    def modulus(self, quotient: Quotient) -> Quotient:
        """|quotient|."""
        if self.related(quotient[0]) == 0:
            return self.ring.zero, self.ring.one
        number, factors = self.factored(quotient)
        return self.product(
            [(self.ring.constant(abs(number)), self.ring.one), *(self._modulus_power(p, Fraction(k)) for p, k in factors)]
        )

    def _modulus(self, p: Polynomial) -> Polynomial:
        known = self.sign(p)
        if known:
            return p * known
        key = ("abs", str(p))
        g = self.kernel(key, NONNEGATIVE, (p,))
        self.relations[self.index[key]] = (2, self.related(self.ring.times(p, p)))
        return g

    def _modulus_power(self, p: Polynomial, q: Fraction) -> Quotient:
        """|p|^q."""
        ring = self.ring
        if q.denominator == 1:
            n = abs(int(q))
            base = ring.power(self._modulus(p) if n % 2 else p, n)
            return (base, ring.one) if q >= 0 else (ring.one, base)
        kernel = self.single(p)
        if kernel is not None and kernel.key[0] == "exp":
            exponent, unit = kernel.parts
            return self.exponential((exponent[0] * ring.constant(q * unit), exponent[1]))
        base = self._modulus(p)
        key = ("root", str(p))
        index = self.scaled(key, q)
        g = self.kernel(key, POSITIVE if self.nonzero(p) else NONNEGATIVE, (p, index))
        self.relations[self.index[key]] = (index, base)
        n = ring.power(g, int(abs(q) * index))
        return (n, ring.one) if q >= 0 else (ring.one, n)

    def rational_power(self, quotient: Quotient, q: Fraction) -> Quotient:
        """quotient^q, the quotient not negative unless q is whole."""
        ring = self.ring
        if q.denominator == 1:
            n, d = (quotient[0], quotient[1]) if q >= 0 else (quotient[1], quotient[0])
            if q < 0 and self.related(d) == 0:
                raise NowhereDefined("a denominator that is 0")
            return ring.power(n, abs(int(q))), ring.power(d, abs(int(q)))
        if self.related(quotient[0]) == 0:
            if q < 0:
                raise NowhereDefined("a denominator that is 0")
            return ring.zero, ring.one
        number, factors = self.factored(quotient, learn="≥" if q > 0 else ">")
        if number < 0 and not any(k % 2 for _, k in factors):
            raise Unsupported("roots of what is negative")
        parts = [self._root_of_number(p, k * q) for p, k in primes(abs(number))]
        parts += [self._modulus_power(p, k * q) for p, k in factors]
        n, d = self.product(parts)
        return self.related(n), self.related(d)

    def _root_of_number(self, prime: int, q: Fraction) -> Quotient:
        ring = self.ring
        if q.denominator == 1:
            base = ring.power(ring.constant(prime), abs(int(q)))
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
        whole = d == ring.one
        below = "1" if whole else str(d)
        for m, c in terms_of(n):
            power = self._power_from_log(m, c) if whole else None
            if power is None:
                key = ("exp", m, below)
                unit = self.unit(key, c)
                g = self.kernel(key, POSITIVE, ((ring.monomial(m), d), unit))
                raised = ring.power(g, abs(int(c / unit)))
                power = (raised, ring.one) if c > 0 else (ring.one, raised)
            top, bottom = ring.times(top, power[0]), ring.times(bottom, power[1])
        return top, bottom

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
        return self._logarithm(*self.factored(quotient, learn=">"))

    def _logarithm(self, number: Fraction, factors: Iterable[tuple[Polynomial, int]]) -> Quotient:
        ring = self.ring
        parts = [(self.kernel(("log of number", p), POSITIVE, (p,)) * k, ring.one) for p, k in primes(abs(number))]
        parts += [self._log_of_factor(p, Fraction(k)) for p, k in factors]
        return self.sum(parts) if parts else (ring.zero, ring.one)

    def _log_of_factor(self, p: Polynomial, c: Fraction) -> Quotient:
        """c log|p|."""
        ring = self.ring
        kernel = self.single(p)
        match kernel.key[0] if kernel is not None else "":
            case "exp":
                assert kernel is not None
                exponent, unit = kernel.parts
                return exponent[0] * ring.constant(c * unit), exponent[1]
            case "root":
                assert kernel is not None
                return self._log_of_factor(kernel.parts[0], c / kernel.parts[1])
            case "root of number":
                assert kernel is not None
                prime, index = kernel.parts
                return self.kernel(("log of number", prime), POSITIVE, (prime,)) * ring.constant(c / index), ring.one
            case "abs":
                assert kernel is not None
                return self._log_of_factor(kernel.parts[0], c)
        return self.kernel(("log", str(p)), REAL, (p,)) * ring.constant(c), ring.one

    # ------------------------------------------------------------------------------------------------ integer powers
    def integer_power(self, base: Quotient, exponent: Quotient) -> Quotient:
        """base^exponent for an exponent that takes only integers as values, whatever the sign of the base."""
        ring = self.ring
        n, d = self.reduced(exponent)
        if d != ring.one:
            raise Unsupported("powers with a quotient of integers in the exponent")
        number, factors = self.factored(base)
        monomials = terms_of(n)
        odd = number < 0
        positive: list[tuple[Polynomial, int]] = []
        parts: list[Quotient] = []
        for p, k in factors:
            known = self.sign(p)
            if known and (self.nonzero(p) or str(p) in self.learned):
                positive.append((p, k))
                odd ^= known < 0 and k % 2 == 1
            else:
                parts += [self._integer_monomial(p, m, c * k) for m, c in monomials]
        log = self._logarithm(number, positive)
        parts.append(self.exponential((ring.times(log[0], n), log[1])))
        if odd:
            parts += [self._parity(m, c) for m, c in monomials]
        return self.product(parts)

    def _integer_monomial(self, p: Polynomial, m: Monomial, c: Fraction) -> Quotient:
        """p^(c m), for a monomial m of integers."""
        ring = self.ring
        if c.denominator != 1:
            raise Unsupported("powers with a fraction of an integer in the exponent")
        base = ring.power(self.kernel(("power", str(p), m), REAL, (p, m)) if any(m) else p, abs(int(c)))
        return (base, ring.one) if c > 0 else (ring.one, base)

    def _parity(self, m: Monomial, c: Fraction) -> Quotient:
        """(−1)^(c m), for a monomial m of integers."""
        ring = self.ring
        if c.denominator != 1:
            raise Unsupported("powers with a fraction of an integer in the exponent")
        if c % 2 == 0:
            return ring.one, ring.one
        if not any(m):
            return -ring.one, ring.one
        key = ("parity", m)
        g = self.kernel(key, Interval(Fraction(-1), Fraction(1), False, False))
        self.relations[self.index[key]] = (2, ring.one)
        return g, ring.one


def primes(q: Fraction) -> list[tuple[int, int]]:
    """The prime factors of a positive rational, with exponents; raises Unsupported for large numbers."""
    out = []
    for whole, sign in ((q.numerator, 1), (q.denominator, -1)):
        if whole.bit_length() > LONGEST_NUMBER:
            raise Unsupported("factors of numbers of this size")
        if whole != 1:
            out += [(int(p), int(k) * sign) for p, k in fmpz(whole).factor()]
    return out
