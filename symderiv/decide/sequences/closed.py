"""Closed forms of sequences that depend on the member before in a linear way, read off the recursion."""

from __future__ import annotations

from symderiv.decide.indexed.whole import ONE as UNIT
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.sequences.system import System, whole, written
from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    Definition,
    DescendingProduct,
    Div,
    Entry,
    Mul,
    Neg,
    Pow,
    Product,
    Sum,
    Sym,
    Term,
    minus,
    neg,
    over,
    plus,
    substitute,
    times,
)


def closed_form(system: System, name: str) -> Definition | None:
    """member ↦ closed form of h_l = A_l h_{l-1} + b_l from h_s: A_l ⋯ A_{s+1} h_s + Σ_m (A_l ⋯ A_{m+1}) b_m.

    The one variable of the answer is its parameter. A constant A gives powers, constant b_l of numbers a geometric sum. None where
    the recursion is not of this kind. A conjecture: it still has to be proved.
    """
    recursion = system.recursions.get(name)
    if recursion is None or recursion.steps != (-1,) or len(recursion.bases) != 1:
        return None
    ((start, first),) = recursion.bases.items()
    letter = recursion.letter
    before = Entry(Sym(name), written(Whole.letter(letter) - UNIT))
    parts = linear(recursion.body, before)
    if parts is None:
        return None
    factor, rest = parts
    taken = {*recursion.body.free, *first.free, *system.recursions, *system.context.sorts, letter}
    end = _last(system, letter) or next(x for x in ("N", "M", "n", "L", "T") if x not in taken)
    inside = next(x for x in ("j", "m", "i", "k", "p") if x not in taken)
    n, m = Sym(end), Sym(letter)
    array = system.is_array(factor)
    if array:
        factor = plus(*(_signed_term(s, p if system.is_array(p) else times(p, Sym("I"))) for s, p in _signed(factor, before)))

    numbers = [f for f in factors_of(factor) if not system.is_array(f)]
    arrays = [f for f in factors_of(factor) if system.is_array(f)]

    def run(low: Term) -> Term:
        """The factors from `low` to N, numbers first, then arrays with the largest index on the left."""
        parts: list[Term] = []
        for part, kind in ((times(*numbers), Product), (times(*arrays), DescendingProduct)):
            if part == ONE:
                continue
            if letter not in part.free:
                parts.append(Pow(part, written(whole(n) - whole(low) + UNIT)))
            else:
                parts.append(kind(substitute(part, {letter: Sym(inside)}), Sym(inside), low, n))
        return times(*parts)

    low = written(start + UNIT)
    head = times(run(low), first) if first != ZERO else ZERO
    if rest == ZERO:
        return Definition(name, (end,), head)
    if letter not in factor.free | rest.free and not system.is_array(rest) and not array:
        count = written(whole(n) - start)
        total = times(count, rest) if factor == ONE else times(over(minus(ONE, Pow(factor, count)), minus(ONE, factor)), rest)
        return Definition(name, (end,), plus(head, total))
    tail = Sum(times(run(written(Whole.letter(letter) + UNIT)), rest), m, low, n)
    return Definition(name, (end,), plus(head, tail))


def factors_of(t: Term) -> tuple[Term, ...]:
    """The factors of a product, or the term itself."""
    return t.children if isinstance(t, Mul) else (t,)


def _last(system: System, letter: str) -> str | None:
    """The letter up to which the index of a recursion is declared to run."""
    match system.context.sort(letter).bounds:
        case (_, Sym(name)):
            return str(name)
    return None


def linear(body: Term, member: Entry) -> tuple[Term, Term] | None:
    """(A, b) with body = A · member + b, the member last in its product; None if it is not of this form."""
    factors: list[Term] = []
    rest: list[Term] = []
    for sign, part in _signed(body, member):
        if not part.contains(member):
            rest.append(_signed_term(sign, part))
            continue
        made = _factor(part, member)
        if made is None:
            return None
        factors.append(_signed_term(sign, made))
    return (plus(*factors), plus(*rest)) if factors else None


def _signed(t: Term, member: Entry, sign: int = 1) -> list[tuple[int, Term]]:
    """The summands with their signs, products with the member in a bracket multiplied out."""
    match t:
        case Add(args):
            return [p for a in args for p in _signed(a, member, sign)]
        case Neg(a):
            return _signed(a, member, -sign)
        case Mul(args):
            for k, a in enumerate(args):
                if isinstance(a, (Add, Neg)) and a.contains(member):
                    inner = _signed(a, member, sign)
                    return [p for s, b in inner for p in _signed(times(*args[:k], b, *args[k + 1 :]), member, s)]
    return [(sign, t)]


def _signed_term(sign: int, t: Term) -> Term:
    return neg(t) if sign < 0 else t


def _factor(t: Term, member: Entry) -> Term | None:
    """A with t = A · member."""
    if t == member:
        return ONE
    if isinstance(t, Div) and not t.right.contains(member):
        above = _factor(t.left, member)
        return None if above is None else Div(above, t.right)
    if isinstance(t, Mul) and t.children.count(member) == 1:
        others = [c for c in t.children if c != member]
        return None if any(c.contains(member) for c in others) else times(*others)
    return None
