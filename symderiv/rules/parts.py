"""How rules look at a term: its sign, its factors, its fraction, the number in front."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symderiv.terms import ONE, ZERO, Add, Decimal, Div, Fn, Mul, Neg, Num, Pow, Relation, Term, neg, over, plus, power, times
from symderiv.terms.order import ordered


def key(t: Term) -> Term:
    """What two factors share when they differ only in the order of their terms or in the name of an index: 1 + x and x + 1 are one factor."""
    return t if not t.children else ordered(t)


def sign(t: Term) -> tuple[int, Term]:
    """(+1 or −1, the term without its signs), through products, quotients and whole powers, not into sums."""
    match t:
        case Neg(a):
            s, r = sign(a)
            return -s, r
        case Mul(args):
            parts = [sign(a) for a in args]
            return (-1) ** sum(s < 0 for s, _ in parts), times(*(r for _, r in parts))
        case Div(a, b):
            (above, p), (below, q) = sign(a), sign(b)
            return above * below, Div(p, q)
        case Pow(Neg(a), Num(n)):
            return (-1) ** n, Pow(a, Num(n))
    return 1, t


def signed(s: int, t: Term) -> Term:
    """t, or −t where s is negative."""
    return neg(t) if s < 0 else t


def factors(t: Term) -> tuple[Term, ...]:
    """The factors of a product; of anything else, itself."""
    return t.children if isinstance(t, Mul) else (t,)


def terms_of(t: Term) -> tuple[Term, ...]:
    """The terms of a sum; of anything else, itself."""
    return t.children if isinstance(t, Add) else (t,)


class Powers(dict[Term, int]):
    """A product as base → whole exponent, in written order; bases that differ only in order are one, as first written."""

    def __init__(self, factors: Iterable[Term] = ()) -> None:
        super().__init__()
        self._written: dict[Term, Term] = {}
        for f in factors:
            match f:
                case Pow(b, Num(n)):
                    self.multiply(b, n)
                case _ if f != ONE:
                    self.multiply(f, 1)

    def multiply(self, base: Term, n: int) -> None:
        """Multiply by base^n."""
        written = self._written.setdefault(key(base), base)
        self[written] = self.get(written, 0) + n

    def of(self, base: Term) -> int:
        """The exponent of a base, in whatever order it is written."""
        written = self._written.get(key(base))
        return 0 if written is None else self[written]

    def divided(self, other: Powers) -> Powers:
        """The quotient; exponents that become 0 are left out."""
        out = Powers()
        for b, n in self.items():
            if n != (m := other.of(b)):
                out.multiply(b, n - m)
        return out

    def common(self, other: Powers) -> Powers:
        """The greatest product that divides both."""
        out = Powers()
        for b, n in self.items():
            if m := min(n, other.of(b)):
                out.multiply(b, m)
        return out

    def product(self) -> Term:
        """The product, written out."""
        return times(*(power(b, n) for b, n in self.items()))


def powers(t: Term) -> Powers:
    """The product that t is, as base → whole exponent."""
    return Powers(factors(t))


def collected(parts: Iterable[Term]) -> Term:
    """The product of the parts, equal factors collected."""
    return powers(times(*parts)).product()


def fraction(t: Term) -> tuple[list[Term], list[Term]]:
    """The factors of numerator and denominator of nested products and quotients."""
    match t:
        case Mul(args):
            parts = [fraction(a) for a in args]
            return [f for n, _ in parts for f in n], [f for _, d in parts for f in d]
        case Div(a, b):
            (n, d), (p, q) = fraction(a), fraction(b)
            return n + q, d + p
    return [t], []


def coefficient(t: Term) -> tuple[Fraction, Term]:
    """(the number in front, the rest): −2x/3 is (−2/3, x)."""
    match t:
        case Num(v):
            return Fraction(v), ONE
        case Decimal():
            return t.value, ONE
        case Neg(a):
            c, r = coefficient(a)
            return -c, r
        case Mul(args):
            c, rest = Fraction(1), []
            for a in args:
                d, r = coefficient(a) if isinstance(a, (Num, Decimal, Neg)) or _is_number(a) else (Fraction(1), a)
                c *= d
                rest.append(r)
            return c, times(*rest)
        case Div(a, Num(v)) if v:
            c, r = coefficient(a)
            return c / v, r
    return Fraction(1), t


def _is_number(t: Term) -> bool:
    return isinstance(t, Div) and isinstance(t.left, Num) and isinstance(t.right, Num) and t.right != ZERO


def with_coefficient(c: Fraction, t: Term, like: Term | None = None) -> Term:
    """c · t, the number written in front; as a decimal where it ends and `like` contains a decimal."""
    size = abs(c)
    decimals = like is not None and size.denominator != 1 and any(isinstance(s, Decimal) for s in like.postorder())
    if decimals and (text := _decimal(size)) is not None:
        return signed(-1 if c < 0 else 1, times(Decimal(text), t))
    return signed(-1 if c < 0 else 1, over(times(Num(size.numerator), t), Num(size.denominator)))


def _decimal(c: Fraction) -> str | None:
    """The number as a decimal of at most 15 places, or None if it does not end."""
    for places in range(1, 16):
        if (10**places * c).denominator == 1:
            digits = str(int(10**places * c)).rjust(places + 1, "0")
            return f"{digits[:-places]}.{digits[-places:]}"
    return None


def is_exp(t: Term) -> bool:
    """Whether t is e^u."""
    return isinstance(t, Fn) and t.name == "exp"


def nonzero(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The conditions that none of the terms is 0; numbers are left out."""
    return tuple(Relation("≠", t, ZERO) for t in terms if not isinstance(t, Num))


def negated_sum(t: Term) -> Term:
    """−(a + b − c) as −a − b + c."""
    return plus(*(signed(*sign(Neg(c))) for c in terms_of(t)))
