"""The numbers of a kernel: rationals, and quotients of polynomials in its letters where it has letters.

Both are exact: equality with 0 is decided, never sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from symderiv.errors import DomainError, ReadError, SymderivError
from symderiv.terms import ZERO, Add, Decimal, Div, Mul, Neg, Num, Pow, Sym, Term, neg, number, over, plus, power, times


class Quotient:
    """p / q for polynomials over ℚ in the letters of one kernel, in lowest terms; equal quotients compare equal."""

    __slots__ = ("bottom", "top")

    def __init__(self, top: Any, bottom: Any) -> None:
        common = top.gcd(bottom)
        top, bottom = top / common, bottom / common
        leading = bottom.leading_coefficient()
        self.top: Any = top / leading
        self.bottom: Any = bottom / leading

    def _like(self, other: Scalar | int) -> Quotient:
        if isinstance(other, Quotient):
            return other
        ring = self.top.context()
        return Quotient(ring.constant(_flint(Fraction(other))), ring.constant(1))

    def __add__(self, other: Scalar | int) -> Quotient:
        o = self._like(other)
        return Quotient(_times(self.top, o.bottom) + _times(o.top, self.bottom), _times(self.bottom, o.bottom))

    def __mul__(self, other: Scalar | int) -> Quotient:
        o = self._like(other)
        return Quotient(_times(self.top, o.top), _times(self.bottom, o.bottom))

    def __truediv__(self, other: Scalar | int) -> Quotient:
        o = self._like(other)
        if o.top == 0:
            raise ZeroDivisionError
        return Quotient(_times(self.top, o.bottom), _times(self.bottom, o.top))

    def __rtruediv__(self, other: Scalar | int) -> Quotient:
        return self._like(other) / self

    def __neg__(self) -> Quotient:
        return Quotient(-self.top, self.bottom)

    def __sub__(self, other: Scalar | int) -> Quotient:
        return self + (-self._like(other))

    def __rsub__(self, other: Scalar | int) -> Quotient:
        return self._like(other) - self

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, n: int) -> Quotient:
        return Quotient(self.top**n, self.bottom**n)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Quotient, Fraction, int)):
            return NotImplemented
        o = self._like(other)
        return bool(self.top == o.top and self.bottom == o.bottom)

    def __hash__(self) -> int:
        known = rational(self)
        return hash((str(self.top), str(self.bottom))) if known is None else hash(known)


LONGEST = 20_000
"""Terms of a product of polynomials that is still multiplied out."""


def _times(a: Any, b: Any) -> Any:
    if len(a) * len(b) > LONGEST:
        raise SymderivError("the weights are too long to be multiplied out", hint="write a letter for a long expression")
    return a * b


Scalar = Fraction | Quotient


def total(scalars: Iterable[Scalar]) -> Scalar:
    """The sum; 0 of none."""
    result: Scalar = Fraction(0)
    for s in scalars:
        result = result + s
    return result


def rational(s: Scalar) -> Fraction | None:
    """The rational number that a scalar is, or None where it depends on a letter."""
    if isinstance(s, Fraction):
        return s
    if not (s.top.is_constant() and s.bottom.is_constant()):
        return None
    return _fraction(s.top.leading_coefficient()) if s.top != 0 else Fraction(0)


def term_of(s: Scalar) -> Term:
    """The scalar as a term: −2/3, (a + 1)/(b + 2)."""
    if isinstance(s, Fraction):
        return number(s)
    return over(_polynomial(s.top), _polynomial(s.bottom))


def weighted(weight: Scalar, term: Term) -> Term:
    """The weight times a term: 2 t, −t, t."""
    known = rational(weight)
    if known is not None and known < 0:
        return Neg(times(number(-known), term))
    return times(term_of(weight), term)


def scalar_of(term: Term, letters: Sequence[str]) -> Scalar:
    """The value of a term built of numbers, letters, + − · / and whole powers; a Fraction where there are no letters.

    Raises ReadError for anything else, DomainError for a division by 0.
    """
    ring = _ring(tuple(letters)) if letters else None
    done: dict[Term, Scalar] = {}
    for t in term.postorder():
        done[t] = _value(t, done, ring, letters)
    return done[term]


def _value(t: Term, done: dict[Term, Scalar], ring: Any, letters: Sequence[str]) -> Scalar:
    parts = [done[c] for c in t.children]
    match t:
        case Num() | Decimal():
            return Fraction(t.value)
        case Sym(name) if ring is not None and name in letters:
            return Quotient(ring.gen(list(letters).index(name)), ring.constant(1))
        case Add():
            return total(parts)
        case Mul():
            product: Scalar = Fraction(1)
            for p in parts:
                product = product * p
            return product
        case Neg():
            return -parts[0]
        case Div() if parts[1] == 0:
            raise DomainError("this divides by 0", t.span)
        case Div():
            return parts[0] / parts[1]
        case Pow() if (n := rational(parts[1])) is not None and n.denominator == 1 and _size(parts[0]) * abs(n) <= LARGEST:
            if n < 0 and parts[0] == 0:
                raise DomainError(f"{t} is not defined", t.span, "0 has powers with a positive exponent only")
            raised: Scalar = parts[0] ** abs(int(n))
            return 1 / raised if n < 0 else raised
    raise ReadError(
        f"the weight {t} is not a rational expression",
        t.span,
        "weights are rational numbers and letters under + − · / and whole powers; write a letter for anything else",
    )


LARGEST = 256
"""Digits of a number, or degree times length of a polynomial, up to which a power is multiplied out."""


def _size(s: Scalar) -> int:
    if isinstance(s, Fraction):
        return 0 if abs(s) == 1 or s == 0 else len(str(s.numerator)) + len(str(s.denominator))
    return sum(len(p) * (1 + int(p.total_degree())) for p in (s.top, s.bottom))


def _ring(letters: tuple[str, ...]) -> Any:
    """The polynomials in the letters; FLINT takes names in ASCII only, so they are written in hexadecimal there."""
    from flint import Ordering, fmpq_mpoly_ctx

    return fmpq_mpoly_ctx.get([f"g{letter.encode().hex()}" for letter in letters], Ordering.lex)


def _flint(q: Fraction) -> Any:
    from flint import fmpq

    return fmpq(q.numerator, q.denominator)


def _fraction(q: Any) -> Fraction:
    return Fraction(int(q.p), int(q.q))


def _polynomial(p: Any) -> Term:
    names = [bytes.fromhex(name[1:]).decode() for name in p.context().names()]
    summands = []
    for exponents, c in p.to_dict().items():
        q = _fraction(c)
        letters = [power(Sym(n), int(e)) for n, e in zip(names, exponents, strict=True) if e]
        size = times(number(abs(q)), *letters)
        summands.append(neg(size) if q < 0 else size)
    return plus(*summands) if summands else ZERO
