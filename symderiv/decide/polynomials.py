"""The ring of a canonical form: polynomials over ℚ in FLINT, whose generators are the kernels, made as they are met."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from symderiv.decide.verdict import Unsupported

Polynomial = Any
"""`flint.fmpq_mpoly`."""

Monomial = tuple[int, ...]

MOST_TERMS = 60_000
"""Terms of a product that is still multiplied out."""
LARGEST_DEGREE = 1 << 40


class TooManyKernels(Exception):
    """The ring has too few generators; the form is begun again in a larger one."""


@lru_cache(maxsize=8)
def _ring(size: int) -> Any:
    return fmpq_mpoly_ctx.get([f"k{i}" for i in range(size)], Ordering.lex)


class Ring:
    """Polynomials in `size` generators, with bounds on what is computed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.context = _ring(size)
        self.zero: Polynomial = self.context.constant(0)
        self.one: Polynomial = self.context.constant(1)
        self.generators: tuple[Polynomial, ...] = self.context.gens()

    def constant(self, q: Fraction | int) -> Polynomial:
        """A number."""
        q = Fraction(q)
        return self.context.constant(fmpq(q.numerator, q.denominator))

    def monomial(self, exponents: Monomial, q: Fraction | int = 1) -> Polynomial:
        """A product of powers of generators."""
        q = Fraction(q)
        return self.context.from_dict({exponents: fmpq(q.numerator, q.denominator)})

    def times(self, a: Polynomial, b: Polynomial) -> Polynomial:
        """a b; raises Unsupported where the product is too long."""
        if len(a) * len(b) > MOST_TERMS:
            raise Unsupported("polynomials of this length")
        return a * b

    def power(self, a: Polynomial, n: int) -> Polynomial:
        """aⁿ for n ≥ 0; raises Unsupported where it is too long."""
        length = len(a)
        if n > 1:
            if length == 1:
                ((exponents, c),) = a.to_dict().items()
                if (
                    max(exponents, default=0) * n > LARGEST_DEGREE
                    or (int(c.p).bit_length() + int(c.q).bit_length()) * n > 200_000 + 2 * n
                ):
                    raise Unsupported("powers of this size")
            elif length > 1 and (n > 200 or _compositions(length, n) > MOST_TERMS):
                raise Unsupported("powers of this length")
        return a**n

    def divided(self, a: Polynomial, b: Polynomial) -> Polynomial:
        """a / b for a polynomial that b divides."""
        return a if b == self.one else divmod(a, b)[0]


def _compositions(length: int, n: int) -> int:
    """The number of terms of a general polynomial of that length to the n-th power, or something above MOST_TERMS."""
    total = 1
    for k in range(1, length):
        total = total * (n + k) // k
        if total > MOST_TERMS:
            break
    return total


def terms_of(p: Polynomial) -> list[tuple[Monomial, Fraction]]:
    """Monomials, as whole exponents, and their coefficients."""
    return [(tuple(map(int, m)), as_fraction(c)) for m, c in p.to_dict().items()]


def as_fraction(q: Any) -> Fraction:
    """A FLINT rational as a Fraction."""
    return Fraction(int(q.p), int(q.q))


def constant_of(p: Polynomial) -> Fraction | None:
    """The number that a polynomial is, or None."""
    if not p.is_constant():
        return None
    return as_fraction(p.leading_coefficient()) if p != 0 else Fraction(0)
