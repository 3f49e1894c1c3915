"""What the ranges of indices and the shape of a sum say at any size: j ≤ K for an index, Σ_m e^{z_m} > 0.

Only what can be read off is answered; everything else is left to the facts about numbers.
"""

from __future__ import annotations

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
    positive_side = (
        right if op in ("≤", "<") and left == ZERO else condition.left if op == "≠" and condition.right == ZERO else None
    )
    return positive_side is not None and positive(positive_side, context, 0)


def _bounded(index: Term, bound: Term, context: Context, *, upper: bool) -> bool:
    """Whether an index lies below its upper bound, or above its lower one, by its range alone."""
    bounds = context.sort(index.name).bounds if isinstance(index, Sym) else None
    if bounds is None:
        return False
    own = bounds[upper]
    low, high = (value(own), value(bound)) if upper else (value(bound), value(own))
    return own == bound or (low is not None and high is not None and low <= high)


def positive(t: Term, context: Context, depth: int) -> bool:
    """Whether a number is > 0 by its shape: an exponential, a sum of positive terms over a range that is not empty."""
    if depth > DEEPEST:
        return False

    def each(*parts: Term) -> bool:
        return all(positive(p, context, depth + 1) for p in parts)

    match t:
        case Num() | Decimal():
            return t.value > 0
        case Const("pi" | "e") | Fn("exp" | "cosh"):
            return True
        case Sym(name):
            return Relation(">", t, ZERO) in context.assumptions or (context.sort(name).bounds or (ZERO,))[0] == Num(1)
        case Add(args) | Mul(args):
            return each(*args)
        case Div(a, b):
            return each(a, b)
        case Pow(a, _):
            return each(a)
        case Sum() | Product():
            return each(t.body) and (isinstance(t, Product) or _not_empty(t, context))
        case Entry() if isinstance(t.family, Fn):
            return _of_entry(t, t.family, context, depth)
        case Fn(name, args) if name in context.definitions and name not in FUNCTIONS:
            d = context.definitions[name]
            return len(d.parameters) == len(args) and each(d.opened(args))
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
        and positive(t.high, context, 0)
        and context.sort(t.high.name).field == "integer"
    )


def _of_entry(t: Entry, family: Fn, context: Context, depth: int) -> bool:
    d = context.definitions.get(family.name)
    if d is None or len(d.parameters) != len(family.children):
        return False
    body = d.opened(family.children)
    for i in t.indices:
        if not isinstance(body, Lambda):
            return False
        body = substitute(body.body, {body.index.name: i})
    return positive(body, context, depth + 1)
