"""Normal forms written out as expressions again, so that they can be evaluated."""

from __future__ import annotations

from fractions import Fraction

from symderiv.decide.indexed.expressions import (
    Apply,
    Argument,
    AtLeast,
    Call,
    Cell,
    Counted,
    Delta,
    Determinant,
    Expression,
    Factors,
    Inverse,
    Largest,
    Number,
    Plus,
    Raised,
    Square,
    Times,
    Total,
)
from symderiv.decide.indexed.polynomials import Atom, Poly
from symderiv.decide.indexed.whole import Whole


def written_out(p: Poly) -> Expression:
    """The sum of the monomials, each a sum over its bound indices."""
    terms: list[Expression] = []
    for m, c in p.terms.items():
        body: Expression = Times((Number(c), *(a if e == 1 else Raised(a, e) for a, e in ((_atom(x), e) for x, e in m.factors))))
        for i in m.bound:
            body = Total(i, body)
        terms.append(body)
    return Plus(tuple(terms))


def _atom(a: Atom) -> Expression:
    match a.kind:
        case "entry":
            return Cell(a.name, a.args)
        case "number":
            return Counted(Whole.letter(a.name))
        case "prime":
            return Number(Fraction(a.name))
        case "delta":
            return Delta(a.args[0])
        case "range":
            return AtLeast(a.args[0])
        case "function":
            return Apply(a.name, tuple(map(written_out, a.args)))
        case "base":
            return written_out(a.args[0])
        case "inv" | "det":
            m, r, c, *at = a.args
            square = Square(r, c, written_out(m))
            return Inverse(square, *at) if a.kind == "inv" else Determinant(square)
        case "max" | "product":
            body, own = a.args
            return Largest(own, written_out(body)) if a.kind == "max" else Factors(own, written_out(body))
        case "call":
            arguments, by = a.args
            return Call(a.name, tuple(Argument(own, written_out(p)) for own, p in arguments), by)
    raise AssertionError(a.kind)
