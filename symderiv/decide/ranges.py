"""What the ranges of indices and the shape of a sum say at any size: j ≤ K for an index, Σ_m e^{z_m} > 0.

Only what can be read off is answered; everything else is left to the facts about numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from symderiv.decide.opened import DEEPEST
from symderiv.terms import (
    FUNCTIONS,
    ZERO,
    Add,
    Const,
    Context,
    Decimal,
    Div,
    Entry,
    Fn,
    Lambda,
    Mul,
    Num,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    substitute,
    value,
)


def follows(condition: Term, context: Context) -> bool:
    """Whether a condition can be read off from the ranges of indices or from the shape of its left side."""
    if not isinstance(condition, Relation):
        return False
    op, left, right = condition.op, condition.left, condition.right
    if op in ("≥", ">"):
        op, left, right = Relation.MIRRORED[op], right, left
    if op == "≤" and (_bounded(left, right, context, upper=True) or _bounded(right, left, context, upper=False)):
        return True
    if op in ("≤", "<") and left == ZERO:
        return sign_by_shape(right, context) >= (Sign.POSITIVE if op == "<" else Sign.NOT_NEGATIVE)
    return op == "≠" and right == ZERO and sign_by_shape(left, context) is Sign.POSITIVE


def _bounded(index: Term, bound: Term, context: Context, *, upper: bool) -> bool:
    """Whether an index lies below its upper bound, or above its lower one, by its range alone."""
    bounds = context.sort(index.name).bounds if isinstance(index, Sym) else None
    if bounds is None:
        return False
    own = bounds[upper]
    low, high = (value(own), value(bound)) if upper else (value(bound), value(own))
    return own == bound or (low is not None and high is not None and low <= high)


class Sign(IntEnum):
    """What the shape of a number tells of its sign."""

    UNKNOWN = 0
    NOT_NEGATIVE = 1
    POSITIVE = 2


def sign_by_shape(t: Term, context: Context, depth: int = 0, bound: frozenset[str] = frozenset()) -> Sign:
    """The sign of a number, by its shape: of exponentials, squares, roots, and of sums of what is not negative.

    `bound`: the letters that sums around it bind, of which nothing is said.
    """
    if depth > DEEPEST:
        return Sign.UNKNOWN

    def of(part: Term, index: str = "") -> Sign:
        return sign_by_shape(part, context, depth + 1, bound | {index} if index else bound)

    match t:
        case Num() | Decimal():
            return Sign.POSITIVE if t.value > 0 else Sign.NOT_NEGATIVE
        case Const("pi" | "e") | Fn("exp" | "cosh"):
            return Sign.POSITIVE
        case Sym(name) if name not in bound:
            if any(_says_positive(a, t) for a in context.assumptions) or (context.sort(name).bounds or (ZERO,))[0] == Num(1):
                return Sign.POSITIVE
            return Sign.NOT_NEGATIVE if Relation("≥", t, ZERO) in context.assumptions else Sign.UNKNOWN
        case Add(args):
            signs = list(map(of, args))
            return max(signs) if all(signs) else Sign.UNKNOWN
        case Mul(args):
            return min(map(of, args))
        case Div(a, b):
            return of(a) if of(b) is Sign.POSITIVE else Sign.UNKNOWN
        case Pow(a, n):
            inside = of(a)
            if inside is Sign.POSITIVE or not isinstance(n, Num):
                return inside if inside is Sign.POSITIVE else Sign.UNKNOWN
            return Sign.NOT_NEGATIVE if n.value % 2 == 0 else inside
        case Fn("sqrt", (a,)):
            return max(of(a), Sign.NOT_NEGATIVE)
        case Fn("abs"):
            return Sign.NOT_NEGATIVE
        case Sum():
            inside = of(t.body, t.bound)
            return inside if inside is not Sign.POSITIVE or _not_empty(t, context) else Sign.NOT_NEGATIVE
        case Product():
            return of(t.body, t.bound)
        case Entry(family=Fn() as family):
            body = _entry_of(t, family, context)
            return Sign.UNKNOWN if body is None else of(body)
        case Entry(family=Sym(name)):
            return _of_entries(name, context)
        case Fn(name, args) if name in context.definitions and name not in FUNCTIONS:
            d = context.definitions[name]
            return of(d.opened(args)) if len(d.parameters) == len(args) else Sign.UNKNOWN
    return Sign.UNKNOWN


def _of_entries(name: str, context: Context) -> Sign:
    """What is assumed of every entry of a family."""
    from symderiv.decide.indexed.setting import every_entry

    return max((sign for larger, sign in _said(context) if every_entry(larger, name)), default=Sign.UNKNOWN)


def _said(context: Context) -> Iterator[tuple[Term, Sign]]:
    """What the assumptions say to be larger than a number that is not negative."""
    for fact in context.assumptions:
        if isinstance(fact, Relation) and fact.op not in ("=", "≠"):
            op, larger, smaller = fact.op, fact.left, fact.right
            if op in ("<", "≤"):
                op, larger, smaller = Relation.MIRRORED[op], smaller, larger
            bound = value(smaller)
            if bound is not None and bound >= 0:
                yield larger, Sign.POSITIVE if op == ">" or bound > 0 else Sign.NOT_NEGATIVE


def _says_positive(fact: Term, letter: Term) -> bool:
    """Whether an assumption is that a letter is greater than 0, or at least some positive number."""
    match fact:
        case Relation(">" | "≥" as op, side, bound) if side == letter and (q := value(bound)) is not None:
            return q > 0 or (q == 0 and op == ">")
    return False


def _not_empty(t: Sum, context: Context) -> bool:
    """Whether a sum has a term: it runs from 1 to a size that is positive."""
    if t.where is not None or t.low is None or t.high is None:
        return False
    low, high = value(t.low), value(t.high)
    if low is not None and high is not None:
        return low <= high
    return (
        t.low == Num(1)
        and isinstance(t.high, Sym)
        and sign_by_shape(t.high, context) is Sign.POSITIVE
        and context.sort(t.high.name).field == "integer"
    )


def _entry_of(t: Entry, family: Fn, context: Context) -> Term | None:
    """What the definition of a family says that an entry is."""
    d = context.definitions.get(family.name)
    if d is None or len(d.parameters) != len(family.children):
        return None
    body = d.opened(family.children)
    for i in t.indices:
        if not isinstance(body, Lambda):
            return None
        body = substitute(body.body, {body.index.name: i})
    return None if isinstance(body, Lambda) else body
