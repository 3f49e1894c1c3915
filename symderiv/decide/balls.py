"""Certified evaluation: a term at a rational point as a ball that contains its value, with every digit that is printed certain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
from flint import arb, arb_series, fmpq

from symderiv.decide.connectives import CONNECTED, connected
from symderiv.decide.opened import opened
from symderiv.decide.verdict import Unsupported
from symderiv.errors import DomainError
from symderiv.terms import (
    FUNCTIONS,
    Add,
    Cases,
    Const,
    Context,
    Decimal,
    Div,
    Fn,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    Term,
    number,
    value,
)
from symderiv.terms.functions import Ball

LARGEST_EXPONENT = 10**6
"""Whole exponents above this are evaluated through the logarithm."""


class Precision:
    """`with Precision(256):` balls with that many bits."""

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        self.before = flint.ctx.prec
        flint.ctx.prec = self.bits

    def __exit__(self, *_: object) -> None:
        flint.ctx.prec = self.before


def rational(q: Fraction) -> Ball:
    """The ball of an exact number."""
    return arb(fmpq(q.numerator, q.denominator))


def evaluate(term: Term, values: Mapping[str, Fraction], context: Context | None = None, bits: int = 64) -> Ball:
    """The ball of a term at a point, definitions and derivatives of the context opened first.

    Raises DomainError where the term is not defined there, or cannot be evaluated.
    """
    try:
        context = context or Context()
        integers = frozenset(n for n in values if context.sort(n).field == "integer")
        ball = ball_of(opened(term, context), values, bits, integers)
    except Unsupported as reason:
        raise DomainError(f"{term} cannot be evaluated: {reason}") from None
    if ball is None:
        at = ", ".join(f"{name} = {v}" for name, v in values.items())
        raise DomainError(f"{term} is not defined at {at}")
    return ball


def ball_of(term: Term, values: Mapping[str, Fraction], bits: int, integers: frozenset[str] = frozenset()) -> Ball | None:
    """The ball of an opened term; None where it is not defined or not finite. Raises Unsupported for what has no value in balls.

    `integers` are the letters for integers: a power of a negative number is defined for exponents made of them.
    """
    with Precision(bits):
        found = _Values({name: rational(q) for name, q in values.items()}, integers).of(term)
        return found if found is not None and found.is_finite() else None


def series_of(term: Term, name: str, values: Mapping[str, Fraction], order: int, bits: int) -> list[Ball] | None:
    """Value and derivatives, from order 0 up, of an opened term by one letter at a point, in certified balls; None where undefined.

    No rule of differentiation is used: the term is evaluated on a truncated power series.
    """
    with Precision(bits):
        point = {n: rational(q) for n, q in values.items()}
        letter = arb_series([point[name], 1], prec=order + 1)
        found = _Series({**point, name: letter}, order + 1).of(term)
        if found is None:
            return None
        coefficients = [found[k] if not isinstance(found, arb) else (found if k == 0 else arb(0)) for k in range(order + 1)]
        factorial, out = 1, []
        for k, c in enumerate(coefficients):
            factorial *= max(k, 1)
            out.append(c * factorial)
        return out if all(b.is_finite() for b in out) else None


def condition_at(condition: Term, values: Mapping[str, Fraction], bits: int, integers: frozenset[str] = frozenset()) -> bool | None:
    """Whether an opened condition holds at a point; None where balls do not decide it."""
    with Precision(bits):
        return _Values({name: rational(q) for name, q in values.items()}, integers).holds(condition)


@lru_cache(maxsize=128)
def _order(term: Term) -> tuple[Term, ...]:
    """Subterms, children first; a case distinction is a leaf, for only one of its values is looked at."""
    order: list[Term] = []
    stack: list[tuple[Term, bool]] = [(term, False)]
    seen: set[Term] = set()
    while stack:
        t, ready = stack.pop()
        if ready:
            order.append(t)
        elif t not in seen:
            seen.add(t)
            stack.append((t, True))
            if not isinstance(t, (Cases, Indicator)):
                stack.extend((c, False) for c in t.children)
    return tuple(order)


class _Values:
    """Evaluation of terms in balls, every distinct subterm once."""

    def __init__(self, letters: Mapping[str, Any], integers: frozenset[str] = frozenset()) -> None:
        self.letters = letters
        self.integers = integers
        self.done: dict[Term, Ball | None] = {}

    def of(self, term: Term) -> Ball | None:
        """The value, or None where some part is undefined."""
        done = self.done
        for t in _order(term):
            if t not in done:
                done[t] = self._node(t)
        return done[term]

    def _node(self, t: Term) -> Ball | None:
        match t:
            case Sym(name):
                if name not in self.letters:
                    raise Unsupported(f"the letter {name} without a value")
                return self.letters[name]
            case Num(n):
                return arb(n)
            case Decimal():
                return rational(t.value)
            case Const("pi"):
                return arb.pi()
            case Const("e"):
                return arb(1).exp()
            case Cases(pieces):
                return self._cases(pieces)
            case Indicator(condition):
                known = self.holds(condition)
                return None if known is None else arb(int(known))
        if not isinstance(t, (Add, Mul, Neg, Div, Pow, Fn)):
            raise Unsupported(f"{type(t).__name__} in balls")
        parts: list[Any] = [self.done[c] for c in t.children]
        if any(p is None for p in parts):
            return None
        match t:
            case Add():
                return sum(parts[1:], parts[0])
            case Mul():
                product = parts[0]
                for p in parts[1:]:
                    product = product * p
                return product
            case Neg():
                return -parts[0]
            case Div():
                return None if self._may_be_zero(parts[1]) else parts[0] / parts[1]
            case Pow():
                return self._power(parts[0], parts[1], t.right)
            case Fn(name, _):
                return self._function(name, parts)
        return None

    def _cases(self, pieces: tuple[tuple[Term, Term], ...]) -> Ball | None:
        for v, condition in pieces:
            known = self.holds(condition)
            if known is None:
                return None
            if known:
                return self.of(v)
        return None

    def holds(self, condition: Term) -> bool | None:
        """Whether a condition holds; None where the balls overlap or a side is undefined."""
        if isinstance(condition, CONNECTED):
            return connected(condition, self.holds)
        match condition:
            case Relation(op, a, b):
                left, right = self.of(a), self.of(b)
                return None if left is None or right is None else compared(op, self._constant(left) - self._constant(right))
        raise Unsupported(f"the condition {type(condition).__name__}")

    def _constant(self, ball: Ball) -> Ball:
        return ball

    def _may_be_zero(self, ball: Ball) -> bool:
        return bool(ball.contains(0))

    def _power(self, base: Ball, exponent: Ball, written: Term) -> Ball | None:
        q = value(written)
        if q is None and written.free and written.free <= self.integers and _is_whole(written):
            whole = exponent.unique_fmpz()
            q = None if whole is None else Fraction(int(whole))
        if q is not None and q.denominator == 1 and abs(q.numerator) <= LARGEST_EXPONENT:
            if q <= 0 and self._may_be_zero(base):
                return None
            return base ** int(q)
        if base > 0:
            return (exponent * base.log()).exp()
        return arb(0) if q is not None and q > 0 and base.is_zero() else None

    def _function(self, name: str, parts: list[Any]) -> Ball | None:
        if name in KNOTTED:
            return KNOTTED[name](*parts)
        row = FUNCTIONS.get(name)
        if row is None or row.ball is None:
            raise Unsupported(f"the function {name} in balls")
        if name == "root":
            n = parts[1].unique_fmpz()
            if n is None or n <= 0 or not parts[0] >= 0:
                return None
            return parts[0] if parts[0].is_zero() else parts[0].root(int(n))
        if name == "sqrt" and not parts[0] >= 0:
            return None
        if name in ("asin", "acos") and not (parts[0] >= -1 and parts[0] <= 1):
            return None
        found = row.ball(*parts)
        return found if found.is_finite() else None


def _is_whole(exponent: Term) -> bool:
    """Whether a term takes only integers as values if its letters do."""
    return all(
        isinstance(t, (Num, Sym, Add, Mul, Neg)) or (isinstance(t, Pow) and isinstance(t.right, Num)) for t in exponent.postorder()
    )


def compared(op: str, d: Ball) -> bool | None:
    """What balls say of `d op 0`."""
    if d > 0:
        return op in (">", "≥", "≠")
    if d < 0:
        return op in ("<", "≤", "≠")
    if d.is_zero():
        return op in ("=", "≤", "≥")
    if (d >= 0 and op in ("≥", "<")) or (d <= 0 and op in ("≤", ">")):
        return op in ("≥", "≤")
    return None


def _sign(u: Ball) -> Ball | None:
    return arb(1) if u > 0 else arb(-1) if u < 0 else arb(0) if u.is_zero() else None


def _heaviside(u: Ball) -> Ball | None:
    return arb(1) if u > 0 else arb(0) if u < 0 else None


KNOTTED: dict[str, Callable[..., Ball | None]] = {"sign": _sign, "heaviside": _heaviside}


class _Series(_Values):
    """The same on power series in one letter."""

    def __init__(self, letters: Mapping[str, Any], length: int) -> None:
        super().__init__(letters)
        self.length = length

    def _constant(self, ball: Ball) -> Ball:
        return ball[0] if isinstance(ball, arb_series) else ball

    def _may_be_zero(self, ball: Ball) -> bool:
        return bool(self._constant(ball).contains(0))

    def _power(self, base: Ball, exponent: Ball, written: Term) -> Ball | None:
        if not isinstance(base, arb_series) and not isinstance(exponent, arb_series):
            return super()._power(base, exponent, written)
        q = value(written)
        if q is not None and q.denominator == 1 and abs(q.numerator) <= 1000:
            if q <= 0 and self._may_be_zero(base):
                return None
            result = self._series(arb(1))
            for _ in range(abs(int(q))):
                result = result * base
            return result if q > 0 else self._series(arb(1)) / result
        if not self._constant(base) > 0:
            return None
        return (exponent * self._series(base).log()).exp()

    def _series(self, ball: Ball) -> Ball:
        return ball if isinstance(ball, arb_series) else arb_series([ball], prec=self.length)

    def _function(self, name: str, parts: list[Any]) -> Ball | None:
        if not any(isinstance(p, arb_series) for p in parts):
            return super()._function(name, parts)
        u = parts[0]
        if name in ("abs", "sign", "heaviside"):
            constant = self._constant(u)
            s = _sign(constant)
            if s is None or constant.contains(0):
                return None
            return {"abs": s * u, "sign": self._series(s), "heaviside": self._series((s + 1) / 2)}[name]
        if name in ("max", "min"):
            best = parts[0]
            for p in parts[1:]:
                d = self._constant(p) - self._constant(best)
                if d.contains(0):
                    return None
                best = p if (d > 0) == (name == "max") else best
            return best
        if name in ("sinh", "cosh", "tanh"):
            up, down = u.exp(), (-u).exp()
            return {"sinh": (up - down) / 2, "cosh": (up + down) / 2, "tanh": (up - down) / (up + down)}[name]
        if name == "root":
            return self._power(u, 1 / parts[1], Div(number(1), Sym("")))
        row = FUNCTIONS.get(name)
        if row is None or row.series is None:
            raise Unsupported(f"the function {name} in power series")
        constant = self._constant(u)
        if name in ("log", "sqrt") and not constant > 0:
            return None
        if name in ("asin", "acos") and not (constant > -1 and constant < 1):
            return None
        if name == "tan" and constant.cos().contains(0):
            return None
        return row.series(u)


def derivative_ball(
    term: Term, name: str, values: Mapping[str, Fraction], order: int = 1, bits: int = 64, context: Context | None = None
) -> Ball:
    """The derivative of a term by a letter at a point, in a certified ball, by power series.

    Raises DomainError where it is not defined, or where the function cannot be evaluated so.
    """
    try:
        found = series_of(opened(term, context or Context()), name, values, order, bits)
    except Unsupported as reason:
        raise DomainError(f"the derivative of {term} cannot be evaluated: {reason}") from None
    if found is None:
        at = ", ".join(f"{n} = {v}" for n, v in values.items())
        raise DomainError(f"{term} has no derivative of order {order} at {at}")
    return found[order]
