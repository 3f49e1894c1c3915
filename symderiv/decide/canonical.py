"""The canonical form: a term as a quotient of polynomials in kernels that are algebraically independent.

A kernel is what is not rational arithmetic: a letter, e^u, log|p|, a root, |p|, sin u, erf u, an unknown function; `powers` and
`angles` say how they are made independent. Hyperbolic functions are exponentials.

Two terms with equal forms are equal wherever both are defined; what each needs for that is recorded as its guards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symderiv.decide.angles import Angles
from symderiv.decide.intervals import REAL, Interval
from symderiv.decide.kernels import LONGEST_FACTORED, Quotient, ScaleChanged, degree_of
from symderiv.decide.polynomials import Polynomial, Ring, TooManyKernels, constant_of
from symderiv.decide.traits import outside_binders
from symderiv.decide.verdict import Budget, NowhereDefined, Unsupported
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

SIZES = (12, 40, 160, 512)
"""Numbers of generators that are tried, one after the other: a small ring is a fast one."""
MOST_RESTARTS = 30
"""How often a form is begun again with finer kernels."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold for a term to be defined: `condition`; `key` is what equal guards of different terms share."""

    key: tuple[str, str]
    condition: Term


@dataclass(slots=True)
class Form(Angles):
    """A canonical form under way: quotients of the terms read so far, and the guards of what was read."""

    done: dict[Term, Quotient] = field(default_factory=dict)
    guards: dict[tuple[str, str], Guard] = field(default_factory=dict)
    is_integer: Callable[[Term], bool] = lambda _: False

    # ------------------------------------------------------------------------------------------------------- terms
    def of(self, term: Term) -> Quotient:
        """The quotient that a term is; its guards are added to `guards`."""
        done = self.done
        if term not in done:
            for t in outside_binders(term):
                if t not in done:
                    self.budget.check()
                    done[t] = self._node(t)
        return done[term]

    def _node(self, t: Term) -> Quotient:
        one = self.ring.one
        match t:
            case Num() | Decimal():
                return self.ring.constant(t.value), one
            case Sym(name):
                return self.kernel(("letter", name), self.range_of(t)), one
            case Const("pi"):
                return self._pi(), one
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

    def _pi(self) -> Polynomial:
        return self.kernel(("pi",), Interval(Fraction(314, 100), Fraction(315, 100)))

    def _power(self, t: Pow) -> Quotient:
        base, exponent = self.done[t.left], self.reduced(self.done[t.right])
        q = constant_of(exponent[0]) if exponent[1] == self.ring.one else None
        if q is None:
            if self.is_integer(t.right):
                if not self.range_of_polynomial(exponent[0]).positive():
                    self.guard("≠", t.left, base)
                return self.integer_power(base, exponent)
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
                    return self.sum([(self._pi(), ring.constant(2)), (-n, d)])
                case "erf" | "atan" | "asin":
                    if name == "asin":
                        self._between(args[0], u)
                    return self.odd(name, u)
                case "abs":
                    return self.modulus(u)
        if name == "root" and len(args) == 2:
            n = value(args[1])
            if n is None:
                whole = self.reduced(self.done[args[1]])
                n = constant_of(whole[0]) if whole[1] == ring.one else None
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

    def opaque(self, t: Term) -> Quotient:
        """A kernel for something of which nothing is known but its arguments."""
        key = (type(t).__name__, t.data, *(self.name_of(self.done[c]) for c in t.children))
        return self.kernel(key, REAL), self.ring.one

    def name_of(self, q: Quotient) -> str:
        """What equal quotients share."""
        n, d = self.reduced(q)
        return f"{n}//{d}"

    # ------------------------------------------------------------------------------------------------------- guards
    def guard(self, op: str, term: Term, quotient: Quotient) -> None:
        """Record that `term op 0` must hold, unless it is known to; raises NowhereDefined where it cannot."""
        n, d = quotient
        if op == "≠" and n.is_constant() and n != 0:
            return
        if d == self.ring.one and self._certain(n, op):
            return
        n, d = self.reduced(quotient)
        if n == 0:
            if op == "≥":
                return
            raise NowhereDefined("a part that is nowhere defined")
        if op == "≠":
            if n.is_constant() or self.nonzero(n):
                return
            if len(n) == 1 or (len(n) <= LONGEST_FACTORED and degree_of(n) <= 24):
                for p, _ in self.factors(n)[1]:
                    if not self.nonzero(p):
                        self._guarded(op, str(p), Relation("≠", term, ZERO))
            else:
                self._guarded(op, str(n), Relation("≠", term, ZERO))
            return
        whole = self.range_of_polynomial(n) * self.range_of_polynomial(d)
        if whole.positive() or (op == "≥" and whole.nonnegative()):
            return
        if (-whole).positive() or (op == ">" and (-whole).nonnegative()):
            raise NowhereDefined("a part that is nowhere defined")
        self._guarded(op, f"{n}//{d}", Relation(op, term, ZERO))

    def _certain(self, p: Polynomial, op: str) -> bool:
        """Whether a sum of positive kernels with positive coefficients shows that p > 0."""
        if not all(c > 0 for c in p.coeffs()):
            return False
        kernels = self.kernels
        strict = op == "≥"
        for m in p.monoms():
            positive = True
            for k, n in enumerate(m):
                if n and not kernels[k].range.positive():
                    if n % 2 and not kernels[k].range.nonnegative():
                        return False
                    positive = False
            strict = strict or positive
        return strict

    def _guarded(self, op: str, key: str, condition: Term) -> None:
        self.guards.setdefault((op, key), Guard((op, key), condition))


def form_of(
    build: Callable[[Form], Any],
    budget: Budget,
    range_of: Callable[[Term], Interval],
    is_integer: Callable[[Term], bool] = lambda _: False,
) -> Any:
    """What `build` makes of a fresh form, begun again in a larger ring or with finer kernels as long as it asks for that."""
    scale: dict[Any, Fraction] = {}
    for size in SIZES:
        for _ in range(MOST_RESTARTS):
            try:
                return build(Form(Ring(size), budget, range_of, scale, is_integer=is_integer))
            except ScaleChanged:
                continue
            except TooManyKernels:
                scale.clear()
                break
    raise Unsupported("more kernels than this")
