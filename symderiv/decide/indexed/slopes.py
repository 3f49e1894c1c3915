"""Derivatives in index notation: ∂x_i/∂x_j = δ_ij, and the sum, product, power and chain rules."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symderiv.decide.indexed.elaborate import Elaborator
from symderiv.decide.indexed.expressions import (
    NOTHING,
    UNIT,
    Apply,
    AtLeast,
    Call,
    Cell,
    Counted,
    Delta,
    Determinant,
    Expression,
    Factors,
    Family,
    Inverse,
    Moved,
    Number,
    Plus,
    Positive,
    Raised,
    Slope,
    Square,
    Times,
    Total,
    negative,
    number,
    product,
    total,
)
from symderiv.decide.indexed.scope import USUAL, Scope, formula
from symderiv.decide.indexed.setting import Setting
from symderiv.decide.indexed.values import scalar
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import FUNCTIONS

LETTERS = ("u", "v")


def definition(setting: Setting, name: str, args: tuple[Expression, ...], unfolded: bool) -> Expression | None:
    """A function written by simpler ones: always for those the table does not know, and where `unfolded` for the others."""
    text = USUAL.get(name) or (FUNCTIONS[name].definition if unfolded and name in FUNCTIONS else "")
    if not text:
        return None
    return written(setting, text, args)


def written(setting: Setting, text: str, args: tuple[Expression, ...]) -> Expression:
    """A formula of the tables at its arguments."""
    local = dict(zip(LETTERS, map(scalar, args), strict=False))
    return Elaborator(setting).scalar(formula(text), Scope(local, {}, {}))


def partial(setting: Setting, name: str, args: tuple[Expression, ...], k: int) -> Expression:
    """The derivative of a function of the table by its argument k."""
    u = args[0] if args else NOTHING
    match name:
        case "abs":
            setting.kinks.append(u)
            return Apply("sign", (u,))
        case "sign" | "heaviside":
            setting.kinks.append(u)
            return NOTHING
        case "max" | "min" if len(args) == 2:
            gap = total(args[k], negative(args[1 - k])) if name == "max" else total(args[1 - k], negative(args[k]))
            setting.kinks.append(gap)
            return Apply("heaviside", (gap,))
        case "pow":
            base, exponent = args
            if k == 1:
                return product(Apply("pow", args), Apply("log", (base,)))
            return product(exponent, Apply("pow", args), Raised(base, Fraction(-1)))
    if name not in FUNCTIONS or k >= len(FUNCTIONS[name].derivative):
        raise Unsupported(f"the derivative of {name}")
    return written(setting, FUNCTIONS[name].derivative[k], args)


def slope(setting: Setting, t: Expression, family: Family, at: tuple[Whole, ...]) -> Expression:
    """∂t/∂family[at]."""
    setting.budget.check()

    def d(u: Expression) -> Expression:
        return slope(setting, u, family, at)

    match t:
        case Number() | Counted() | Delta() | AtLeast():
            return NOTHING
        case Positive(body):
            setting.kinks.append(body)
            return NOTHING
        case Cell(other, slots):
            if other is family and len(slots) != len(at):
                return NOTHING
            if other is family:
                return product(UNIT, *(Delta(i - j) for i, j in zip(slots, at, strict=True)))
            return NOTHING if other.point is None else d(other.point(slots))
        case Total(k, body, guard, start):
            inner = d(body)
            return NOTHING if inner is NOTHING else Total(k, inner, guard, start)
        case Factors(k, body, guard):
            inner = d(body)
            if inner is NOTHING:
                return NOTHING
            return product(t, Total(k, product(inner, Raised(body, Fraction(-1))), guard))
        case Plus(args):
            return total(*map(d, args))
        case Times(args):
            return total(*(product(*args[:n], d(a), *args[n + 1 :]) for n, a in enumerate(args)))
        case Raised(base, q):
            inner = d(base)
            return NOTHING if inner is NOTHING else product(number(q), Raised(base, q - 1), inner)
        case Apply("log", (Apply("abs", (u,)),)):
            inner = d(u)
            return NOTHING if inner is NOTHING else product(Raised(u, Fraction(-1)), inner)
        case Apply(name, args):
            if name in USUAL:
                return d(written(setting, USUAL[name], args))
            parts = []
            for n, a in enumerate(args):
                inner = d(a)
                if inner is not NOTHING:
                    parts.append(product(partial(setting, name, args, n), inner))
            return total(*parts)
        case Inverse(m, i, j):
            inner = d(m.body)
            if inner is NOTHING:
                return NOTHING
            return negative(_over(setting, m, inner, lambda a, b: (Inverse(m, i, a), Inverse(m, b, j))))
        case Determinant(m):
            inner = d(m.body)
            return NOTHING if inner is NOTHING else product(t, _over(setting, m, inner, lambda a, b: (Inverse(m, b, a),)))
        case Call():
            return _call(setting, t, d)
        case Moved(body, to):
            inner = d(body)
            return NOTHING if inner is NOTHING else Moved(inner, to)
        case Slope(body, other, slots):
            return d(slope(setting, body, other, slots))
    raise Unsupported(f"the derivative of {type(t).__name__.lower()}")


def _over(setting: Setting, m: Square, inner: Expression, beside: Callable[[Whole, Whole], tuple[Expression, ...]]) -> Expression:
    """Σ_ab of the entry (a, b) of a matrix beside other factors."""
    row, column = setting.fresh(m.row.size), setting.fresh(m.row.size)
    a, b = Whole.letter(row.name), Whole.letter(column.name)
    moved = Moved(inner, {m.row.name: a, m.column.name: b})
    return Total(row, Total(column, product(moved, *beside(a, b))))


def _call(setting: Setting, t: Call, d: Callable[[Expression], Expression]) -> Expression:
    """∂f(u, …) = Σ over the entries of the arguments of ∂f/∂u_k ∂u_k."""
    parts = []
    for place, argument in enumerate(t.args):
        inner = d(argument.body)
        if inner is NOTHING:
            continue
        indices = [setting.fresh(i.size) for i in argument.indices]
        slots = tuple(Whole.letter(i.name) for i in indices)
        moved = Moved(inner, {old.name: w for old, w in zip(argument.indices, slots, strict=True)}) if slots else inner
        term: Expression = product(Call(t.name, t.args, (*t.by, (place, slots))), moved)
        for i in reversed(indices):
            term = Total(i, term)
        parts.append(term)
    return total(*parts)
