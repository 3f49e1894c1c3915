"""Random terms, true rewritings and small corruptions of them, all from a seed."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from symderiv.decide.balls import ball_of, condition_at
from symderiv.decide.verdict import Unsupported
from symderiv.read import let
from symderiv.rules import ALGEBRA
from symderiv.rules.step import applications
from symderiv.terms import (
    CONDITIONS,
    ONE,
    TWO,
    ZERO,
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
    Truth,
)

NAMES = "xyab"
LETTERS = [Sym(n) for n in NAMES]
SMOOTH = ["exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "erf", "asin", "acos"]
HALF = Div(ONE, TWO)
EXPONENTS = [TWO, TWO, Num(3), Neg(ONE), Neg(TWO), HALF, Div(ONE, Num(3)), ZERO, ONE, Div(Num(3), TWO), Neg(HALF)]
CONTEXTS = [Context(), Context()] + [
    let(text)
    for text in ("x > 0", "x > 0, y > 0", "x < 0", "x > y", "x >= 1, y != 0", "0 < x < 1", "x integer, y > 0", "x + y = 1, x > 0")
]
SPECIAL = [Fraction(q) for q in (0, 1, -1, 2, -2, 3)] + [Fraction(1, 2)]


def atom(r: Random) -> Term:
    k = r.random()
    if k < 0.6:
        return r.choice(LETTERS[:2] if r.random() < 0.7 else LETTERS)
    if k < 0.9:
        return Num(r.choice([0, 1, 1, 2, 2, 3, 4, 5]))
    return r.choice([Decimal("0.5"), Const("pi"), Const("e"), HALF])


def condition(r: Random, left: Term, right: Term) -> Term:
    return Relation(r.choice(["<", "≤", ">", "≥", "=", "≠"]), left, right)


def term(r: Random, depth: int, knots: bool) -> Term:
    if depth <= 0 or r.random() < 0.12:
        return atom(r)

    def inner() -> Term:
        return term(r, depth - 1, knots)

    k = r.random()
    if k < 0.28:
        return Add(inner(), Neg(inner())) if k < 0.08 else Add(*(inner() for _ in range(r.choice([2, 2, 3]))))
    if k < 0.52:
        return Neg(inner()) if k < 0.35 else Mul(*(inner() for _ in range(r.choice([2, 2, 3]))))
    if k < 0.63:
        return Div(inner(), inner())
    if k < 0.76:
        return Pow(inner(), r.choice(EXPONENTS) if k < 0.73 else inner())
    if knots and k < 0.9:
        return _knotted(r, inner)
    return Fn(r.choice(SMOOTH[:7] if r.random() < 0.7 else SMOOTH), inner())


def _knotted(r: Random, inner) -> Term:
    k = r.random()
    if k < 0.35:
        return Fn(r.choice(["abs", "sign", "heaviside"]), inner())
    if k < 0.55:
        return Fn(r.choice(["max", "min"]), inner(), inner())
    if k < 0.6:
        return Indicator(condition(r, inner(), inner()))
    pieces = [(inner(), condition(r, r.choice(LETTERS[:2]), r.choice([ZERO, ONE, LETTERS[1]])))]
    if r.random() < 0.3:
        pieces.append((inner(), condition(r, LETTERS[0], atom(r))))
    if r.random() < 0.8:
        pieces.append((inner(), Truth()))
    return Cases(*pieces)


def _rewritten_by_hand(r: Random, t: Term) -> Term:
    a = atom(r)
    above, below = Fn("exp", Fn("sin", a)), Fn("exp", Neg(Fn("sin", a)))
    positive = Add(ONE, Pow(LETTERS[0], TWO))
    choices = [
        Add(t, a, Neg(a)),
        Neg(Neg(t)),
        Mul(ONE, t),
        Add(Mul(TWO, t), Neg(t)),
        Div(Mul(t, positive), positive),
        Mul(above, t, below),
        Mul(t, Add(Pow(Fn("sin", a), TWO), Pow(Fn("cos", a), TWO))),
        Fn("log", Fn("exp", t)),
        Add(Div(t, TWO), Div(t, TWO)),
        Add(Fn("max", t, a), Fn("min", t, a), Neg(a)),
    ]
    if isinstance(t, (Add, Mul)):
        choices.append(type(t)(*r.sample(t.children, len(t.children))))
    if isinstance(t, Mul) and isinstance(t.children[0], Add):
        choices.append(Add(*(Mul(part, *t.children[1:]) for part in t.children[0].children)))
    return r.choice(choices)


def places(t: Term) -> list[tuple[Term, tuple[int, ...]]]:
    """The subterms that are values, with their paths."""
    found, stack = [], [(t, ())]
    while stack:
        u, path = stack.pop()
        found.append((u, path))
        stack += [(c, (*path, k)) for k, c in enumerate(u.children) if not isinstance(c, CONDITIONS)]
    return found


def put(t: Term, path: tuple[int, ...], new: Term) -> Term:
    if not path:
        return new
    children = list(t.children)
    children[path[0]] = put(children[path[0]], path[1:], new)
    return t.rebuild(children)


def rewritten(r: Random, t: Term) -> Term:
    """The term after a few true rewritings, by the rules of the house and by others."""
    for _ in range(r.choice([1, 2, 3])):
        if r.random() < 0.4:
            u, path = r.choice(places(t))
            t = put(t, path, _rewritten_by_hand(r, u))
            continue
        for rule in r.sample(ALGEBRA, 8):
            steps = [step for _, step in zip(range(6), applications(rule, t), strict=False)]
            if steps:
                after = r.choice(steps).after
                t = after if after.size < 300 else t
                break
    return t


def corrupted(r: Random, t: Term) -> Term:
    """The term with one small change, which may happen to change nothing."""
    u, path = r.choice(places(t))
    choices = [Neg(u), Add(u, ONE), Mul(TWO, u), Add(u, Div(ONE, Num(10 ** r.choice([1, 6, 12, 30]))))]
    if isinstance(u, (Add, Mul)):
        kept = u.children[:-1]
        choices.append(kept[0] if len(kept) == 1 else type(u)(*kept))
    if isinstance(u, Fn) and len(u.children) == 1:
        choices.append(Fn(r.choice(SMOOTH), *u.children))
    if isinstance(u, Sym):
        choices.append(r.choice(LETTERS))
    if isinstance(u, Div):
        choices.append(Div(u.right, u.left))
    return put(t, path, r.choice(choices))


def integers(context: Context) -> frozenset[str]:
    return frozenset(n for n in NAMES if context.sort(n).field == "integer")


def points(r: Random, context: Context, count: int) -> list[dict[str, Fraction]]:
    """Points that meet the assumptions, knots among them."""
    whole, found = integers(context), []
    for _ in range(4 * count):
        point = {}
        for n in NAMES:
            if n in whole:
                point[n] = Fraction(r.randint(-4, 4))
            else:
                point[n] = r.choice(SPECIAL) if r.random() < 0.35 else Fraction(r.randint(-4000, 4000), r.choice([1000, 700, 4001]))
        if Relation("=", Add(LETTERS[0], LETTERS[1]), ONE) in context.assumptions:
            point["y"] = 1 - point["x"]
        if all(condition_at(c, point, 64) is True for c in context.assumptions):
            found.append(point)
        if len(found) == count:
            break
    return found


def balls_of(a: Term, b: Term, point: dict[str, Fraction], context: Context, bits: int = 400):
    """The balls of both at a point; None where one is not defined there."""
    try:
        left = ball_of(a, point, bits, integers(context))
        right = ball_of(b, point, bits, integers(context))
    except Unsupported:
        return None
    return None if left is None or right is None else (left, right)
