"""Differentiation: one rule for each shape of what stands under d/dx; the first of CALCULUS that applies is the textbook's choice.

elementary          c' = 0, x' = 1, (c x)' = c, (xⁿ)' = n xⁿ⁻¹, f'(x) of the table; ∂z_i/∂z_k = δ_ik
higher_order        f'' = (f')'
sum_rule            (u + v)' = u' + v'
indexed_sum_rule    (Σ u_m)' = Σ u_m'
constant_factor     (c u)' = c u'
product_rule        (u v)' = u' v + u v'
reciprocal_rule     (1/u)' = −u'/u²
quotient_rule       (u/v)' = (u' v − u v')/v²
power_rule          (uⁿ)' = n uⁿ⁻¹ u'
exponential_rule    (aᵘ)' = aᵘ log a · u'
general_power       u^v = e^(v log u)
chain_<f>           f(u)' = f'(u) u' for the functions of the table
unfold_<f>          a function that is defined by others, under d/dx

Each rule applies only where none before it does, so that a line says which rule is the fitting one. Source of the rules: any
calculus text; the table of derivatives stands in the rows of the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from symderiv.read import read_plain
from symderiv.rules.family import rule
from symderiv.rules.parts import nonzero
from symderiv.rules.step import Rewrite, Rule
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    TWO,
    ZERO,
    Add,
    Binder,
    Derivative,
    Div,
    Entry,
    Fn,
    Function,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sum,
    Sym,
    Term,
    exp,
    fresh_name,
    neg,
    plus,
    power,
    renamed,
    substitute,
    times,
)
from symderiv.terms.build import minus

U = Sym("u")


@dataclass(frozen=True, slots=True)
class By:
    """What is differentiated by: a letter x, or an entry z_k of a family."""

    letter: Sym
    indices: tuple[Term, ...] = ()

    @property
    def term(self) -> Term:
        """x, or z_k."""
        return Entry(self.letter, *self.indices) if self.indices else self.letter

    def of(self, body: Term) -> Derivative:
        """d/dx of something else."""
        return Derivative(body, self.letter, indices=self.indices)

    def constant(self, t: Term) -> bool:
        """Whether a term does not depend on the letter."""
        return self.letter.name not in t.free


def simple(t: Term) -> tuple[Term, By] | None:
    """(body, by what) of a first derivative at its own variable; None for any other term."""
    if isinstance(t, Derivative) and t.order == 1 and t.at_point == t.var:
        return t.body, By(t.var, t.indices)
    return None


@rule("\\frac{d}{dx} x = 1", "{}", small=True, example="d/dx(x^2)")
def elementary(t: Term) -> Rewrite | None:
    """The derivatives one knows by heart, of a constant, x, c x, xⁿ and f(x)."""
    parts = simple(t)
    if parts is None:
        return None
    after, conditions = _by_heart(*parts)
    return None if after is None else Rewrite(after, conditions, (Relation("=", t, after),))


def _by_heart(body: Term, by: By) -> tuple[Term | None, tuple[Term, ...]]:
    if by.constant(body):
        return ZERO, ()
    x = by.term
    if body == x:
        return ONE, ()
    match body:
        case Entry() if body.family == by.letter and len(body.indices) == len(by.indices):
            deltas = (ONE if i == j else Fn("delta", i, j) for i, j in zip(body.indices, by.indices, strict=True))
            return times(*deltas), ()
        case Neg(a) if a == x:
            return Neg(ONE), ()
        case Mul(args) if args.count(x) == 1 and all(by.constant(a) for a in args if a != x):
            return times(*(a for a in args if a != x)), ()
        case Div(a, c) if a == x and by.constant(c):
            return Div(ONE, c), ()
        case Pow(a, Num(n)) if a == x and n > 0:
            return times(Num(n), power(x, n - 1)), ()
        case Div(Num(1), a) if a == x:
            return Neg(Div(ONE, Pow(x, TWO))), nonzero((x,))
        case Fn(name, (a,)) if a == x and name in FUNCTIONS and FUNCTIONS[name].derivative:
            row = table(name)
            return row.value(x), row.needed(x)
    return None, ()


class TableRow:
    """A row of the table of derivatives, read: d/du f(u) = value(u), where the conditions hold."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self._derivative = read_plain(function.derivative[0]).bare
        self._smooth = tuple(read_plain(c).bare for c in function.smooth or function.domain)

    def value(self, u: Term) -> Term:
        """The derivative at u."""
        return substitute(self._derivative, {"u": u})

    def needed(self, u: Term) -> tuple[Term, ...]:
        """What must hold of u."""
        return tuple(substitute(c, {"u": u}) for c in self._smooth)


@cache
def table(name: str) -> TableRow:
    """The row of a function."""
    return TableRow(FUNCTIONS[name])


@rule("f'' = (f')'", "the second derivative is the derivative of the derivative", example="diff(sin(2*x), x, 2)")
def higher_order(t: Term) -> Term | None:
    """f'' = (f')'."""
    if isinstance(t, Derivative) and t.order > 1 and t.at_point == t.var and not t.indices:
        return Derivative(Derivative(t.body, t.var, t.order - 1), t.var)
    return None


@rule("(u+v)' = u' + v'", "sum rule", small=True, example="d/dx(exp(2*x) + x)")
def sum_rule(t: Term) -> Term | None:
    """(u + v)' = u' + v', signs kept; (u + c)' = u' for a letter c that is constant."""
    match simple(t):
        case Add(args), x:
            moving = [a for a in args if not (isinstance(a, Sym) and x.constant(a))]
            return plus(*(Neg(x.of(a.arg)) if isinstance(a, Neg) else x.of(a) for a in moving))
    return None


@rule("\\left(\\sum_m u_m\\right)' = \\sum_m u_m'", "sum rule", small=True, example="diff(sum(exp(m*x), m, 1, n), x)")
def indexed_sum_rule(t: Term) -> Term | None:
    """(Σ_m u_m)' = Σ_m u_m', where the range does not depend on x; the index is renamed if z_m is differentiated by."""
    match simple(t):
        case Sum() as s, x if not any(x.letter.name in bound.free for bound in s.children[1:]):
            taken = {name for k in x.indices for name in k.free}
            inner: Binder = renamed(s, fresh_name(s.index.name, taken | s.body.free)) if s.index.name in taken else s
            return inner.rebuild((x.of(inner.children[0]), *inner.children[1:]))
    return None


@rule("(c\\,u)' = c\\,u'", "constant factor", small=True, example="d/dx(3*exp(2*x))")
def constant_factor(t: Term) -> Term | None:
    """(c u)' = c u', (u/c)' = u'/c, (−u)' = −u'."""
    match simple(t):
        case Neg(a), x:
            return Neg(x.of(a))
        case Mul(args), x if any(x.constant(a) for a in args):
            moving = times(*(a for a in args if not x.constant(a)))
            return times(*(a for a in args if x.constant(a)), x.of(moving))
        case Div(a, b), x if x.constant(b):
            return Div(x.of(a), b)
        case Div(a, b), x if x.constant(a) and a != ONE:
            return times(a, x.of(Div(ONE, b)))
    return None


@rule("(u\\,v)' = u'\\,v + u\\,v'", "product rule", example="d/dx(x*exp(x))")
def product_rule(t: Term) -> Term | None:
    """(u v)' = u' v + u v', the factors split after the first."""
    match simple(t):
        case Mul((a, *rest)), x:
            b = times(*rest)
            return plus(times(x.of(a), b), times(a, x.of(b)))
    return None


@rule("\\left(\\frac1u\\right)' = -\\frac{u'}{u^2}", "reciprocal rule with {}", example="d/dx(1/(1 + x))")
def reciprocal_rule(t: Term) -> Rewrite | None:
    """(1/u)' = −u'/u², where u ≠ 0."""
    match simple(t):
        case Div(Num(1), b), x:
            return Rewrite(Neg(Div(x.of(b), _squared(b))), nonzero((b,)), (Relation("=", U, b),))
    return None


@rule("\\left(\\frac uv\\right)' = \\frac{u'\\,v-u\\,v'}{v^2}", "quotient rule", example="d/dx(x/(1 + x))")
def quotient_rule(t: Term) -> Rewrite | None:
    """(u/v)' = (u' v − u v')/v², where v ≠ 0."""
    match simple(t):
        case Div(a, b), x:
            top = minus(times(x.of(a), b), times(a, x.of(b)))
            return Rewrite(Div(top, _squared(b)), nonzero((b,)))
    return None


def _squared(b: Term) -> Term:
    return Pow(b.left, Num(2 * b.right.value)) if isinstance(b, Pow) and isinstance(b.right, Num) else Pow(b, TWO)


def _chain(law: Relation, u: Term) -> tuple[Term, ...]:
    return law, Relation("=", U, u)


@rule("(u^n)' = n\\,u^{n-1}\\,u'", "chain rule, {} with {}", example="d/dx((1 + x)^3)")
def power_rule(t: Term) -> Rewrite | None:
    """(uⁿ)' = n uⁿ⁻¹ u' for an exponent that does not depend on x; u > 0 unless n is a whole number."""
    match simple(t):
        case Pow(a, n), x if x.constant(n):
            after, law = power_derivative(a, n), Relation("=", Derivative(Pow(U, n), U), power_derivative(U, n))
            positive = () if _whole(n) is not None else (Relation(">", a, ZERO),)
            negative = nonzero((a,)) if (_whole(n) or 0) < 0 else ()
            if a == x.term:
                return Rewrite(after, (*positive, *negative), (law,), ("power rule {}", "power rule {}"))
            return Rewrite(times(after, x.of(a)), (*positive, *negative), _chain(law, a))
    return None


def _whole(n: Term) -> int | None:
    match n:
        case Num(k):
            return k
        case Neg(Num(k)):
            return -k
    return None


def power_derivative(u: Term, n: Term) -> Term:
    """n uⁿ⁻¹, the exponent calculated where it is a number."""
    match n:
        case Num(k):
            return times(n, power(u, k - 1)) if k else ZERO
        case Neg(Num(k)):
            return neg(times(Num(k), Pow(u, Neg(Num(k + 1)))))
        case Div(Num(p), Num(q)) if q:
            return times(n, Pow(u, Div(Num(p - q), Num(q)) if p > q else Neg(Div(Num(q - p), Num(q)))))
    return times(n, Pow(u, minus(n, ONE)))


@rule("(a^u)' = a^u \\log a\\; u'", "chain rule, {} with {}", example="d/dx(2^x)")
def exponential_rule(t: Term) -> Rewrite | None:
    """(aᵘ)' = aᵘ log a · u', where a > 0 does not depend on x."""
    match simple(t):
        case Pow(a, u), x if x.constant(a):
            law = Relation("=", Derivative(Pow(a, U), U), Mul(Pow(a, U), Fn("log", a)))
            inner = ONE if u == x.term else x.of(u)
            return Rewrite(times(Pow(a, u), Fn("log", a), inner), (Relation(">", a, ZERO),), _chain(law, u))
    return None


@rule("u^v = e^{v \\log u}", "write the power with the exponential function", example="d/dx(x^x)")
def general_power(t: Term) -> Rewrite | None:
    """u^v = e^(v log u), u > 0, where base and exponent both depend on x."""
    match simple(t):
        case Pow(a, u), x:
            return Rewrite(x.of(exp(times(u, Fn("log", a)))), (Relation(">", a, ZERO),))
    return None


def _chain_by_table(name: str) -> Rule:
    function = FUNCTIONS[name]

    def chain(t: Term) -> Rewrite | None:
        match simple(t):
            case Fn(g, (u,)), x if g == name:
                row = table(name)
                law = Relation("=", Derivative(Fn(name, U), U), row.value(U))
                return Rewrite(times(row.value(u), x.of(u)), row.needed(u), _chain(law, u))
        return None

    example = f"d/dx({function.name}(x^2))"
    return Rule(f"chain_{name}", f"{name}(u)' = {function.derivative[0]} u'", "chain rule, {} with {}", "", chain, example)


def _unfold(name: str) -> Rule:
    function = FUNCTIONS[name]

    @cache
    def sides() -> tuple[Term, Term]:
        head = Fn(name, *(Sym(letter) for letter in ("u", "v")[: function.arity]))
        return head, read_plain(function.definition).bare

    def unfold(t: Term) -> Rewrite | None:
        match simple(t):
            case Fn(g, args), x if g == name:
                head, body = sides()
                opened = substitute(body, dict(zip(("u", "v"), args, strict=False)))
                return Rewrite(x.of(opened), (), (Relation("=", head, body),))
        return None

    return Rule(f"unfold_{name}", f"{name}(u) = {function.definition}", "{}", "", unfold, f"d/dx({function.example})")


def _in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The same rules, each applying only where none before it does."""
    earlier: list[Callable[[Term], Rewrite | Term | None]] = []
    out = []
    for r in rules:
        out.append(replace(r, function=_unless(r.function, tuple(earlier)), heads=frozenset((Derivative,))))
        earlier.append(r.function)
    return tuple(out)


def _unless(
    function: Callable[[Term], Rewrite | Term | None], earlier: tuple[Callable[[Term], Rewrite | Term | None], ...]
) -> Callable[[Term], Rewrite | Term | None]:
    def fitting(t: Term) -> Rewrite | Term | None:
        result = function(t)
        return None if result is None or any(f(t) is not None for f in earlier) else result

    return fitting


CALCULUS = _in_order(
    (
        elementary,
        higher_order,
        sum_rule,
        indexed_sum_rule,
        constant_factor,
        product_rule,
        reciprocal_rule,
        quotient_rule,
        power_rule,
        exponential_rule,
        general_power,
        *(_chain_by_table(row.name) for row in FUNCTIONS.values() if row.derivative and row.arity == 1),
        *(_unfold(row.name) for row in FUNCTIONS.values() if row.definition and not row.derivative),
    )
)
