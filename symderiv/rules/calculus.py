"""Differentiation: one rule for each shape of what stands under d/dx; the first of CALCULUS that applies is the textbook's choice.

elementary          c' = 0, x' = 1, (c x)' = c, (xⁿ)' = n xⁿ⁻¹, f'(x) of the table
higher_order        f'' = (f')'
sum_rule            (u + v)' = u' + v'
constant_factor     (c u)' = c u'
product_rule        (u v)' = u' v + u v'
reciprocal_rule     (1/u)' = −u'/u²
quotient_rule       (u/v)' = (u' v − u v')/v²
power_rule          (uⁿ)' = n uⁿ⁻¹ u'
exponential_rule    (aᵘ)' = aᵘ log a · u'
general_power       u^v = e^(v log u)
chain_<f>           f(u)' = f'(u) u' for the functions of the table
unfold_<f>          a function that is defined by others, under d/dx
chain_rule          f(u)' = f'(u) u' for a function that is only named

Each rule applies only where none before it does, so that a line says which rule is the fitting one. Source of the rules: any
calculus text; the table of derivatives stands in the rows of the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
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
    Definition,
    Derivative,
    Div,
    Fn,
    Function,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Relation,
    Sym,
    Term,
    exp,
    neg,
    plus,
    power,
    substitute,
    times,
)
from symderiv.terms.build import minus

U = Sym("u")


def simple(t: Term) -> tuple[Term, Sym] | None:
    """(body, variable) of a first derivative at its own variable, by the whole of it; None for any other term."""
    if isinstance(t, Derivative) and t.order == 1 and t.at_point == t.var and not t.indices:
        return t.body, t.var
    return None


def constant_in(t: Term, x: Sym) -> bool:
    """Whether the term does not depend on the letter."""
    return x.name not in t.free


@rule("\\frac{d}{dx} x = 1", "{}", small=True, example="d/dx(x^2)")
def elementary(t: Term) -> Rewrite | None:
    """The derivatives one knows by heart, of a constant, x, c x, xⁿ and f(x)."""
    parts = simple(t)
    if parts is None:
        return None
    body, x = parts
    after, conditions = _by_heart(body, x)
    return None if after is None else Rewrite(after, conditions, (Relation("=", t, after),))


def _by_heart(body: Term, x: Sym) -> tuple[Term | None, tuple[Term, ...]]:
    if constant_in(body, x):
        return ZERO, ()
    match body:
        case Sym():
            return ONE, ()
        case Neg(a) if a == x:
            return Neg(ONE), ()
        case Mul(args) if args.count(x) == 1 and all(constant_in(a, x) for a in args if a != x):
            return times(*(a for a in args if a != x)), ()
        case Div(a, c) if a == x and constant_in(c, x):
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
    """(u + v)' = u' + v', signs kept."""
    match simple(t):
        case Add(args), x:
            return plus(*(Neg(Derivative(a.arg, x)) if isinstance(a, Neg) else Derivative(a, x) for a in args))
    return None


@rule("(c\\,u)' = c\\,u'", "constant factor", small=True, example="d/dx(3*exp(2*x))")
def constant_factor(t: Term) -> Term | None:
    """(c u)' = c u', (u/c)' = u'/c, (−u)' = −u'."""
    match simple(t):
        case Neg(a), x:
            return Neg(Derivative(a, x))
        case Mul(args), x if any(constant_in(a, x) for a in args):
            moving = times(*(a for a in args if not constant_in(a, x)))
            return times(*(a for a in args if constant_in(a, x)), Derivative(moving, x))
        case Div(a, b), x if constant_in(b, x):
            return Div(Derivative(a, x), b)
        case Div(a, b), x if constant_in(a, x) and a != ONE:
            return times(a, Derivative(Div(ONE, b), x))
    return None


@rule("(u\\,v)' = u'\\,v + u\\,v'", "product rule", example="d/dx(x*exp(x))")
def product_rule(t: Term) -> Term | None:
    """(u v)' = u' v + u v', the factors split after the first."""
    match simple(t):
        case Mul((a, *rest)), x:
            b = times(*rest)
            return plus(times(Derivative(a, x), b), times(a, Derivative(b, x)))
    return None


@rule("\\left(\\frac1u\\right)' = -\\frac{u'}{u^2}", "reciprocal rule with {}", example="d/dx(1/(1 + x))")
def reciprocal_rule(t: Term) -> Rewrite | None:
    """(1/u)' = −u'/u², where u ≠ 0."""
    match simple(t):
        case Div(Num(1), b), x:
            return Rewrite(Neg(Div(Derivative(b, x), _squared(b))), nonzero((b,)), (Relation("=", U, b),))
    return None


@rule("\\left(\\frac uv\\right)' = \\frac{u'\\,v-u\\,v'}{v^2}", "quotient rule", example="d/dx(x/(1 + x))")
def quotient_rule(t: Term) -> Rewrite | None:
    """(u/v)' = (u' v − u v')/v², where v ≠ 0."""
    match simple(t):
        case Div(a, b), x:
            top = minus(times(Derivative(a, x), b), times(a, Derivative(b, x)))
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
        case Pow(a, n), x if constant_in(n, x):
            after, law = power_derivative(a, n), Relation("=", Derivative(Pow(U, n), U), power_derivative(U, n))
            positive = () if _whole(n) is not None else (Relation(">", a, ZERO),)
            negative = nonzero((a,)) if (_whole(n) or 0) < 0 else ()
            if a == x:
                return Rewrite(after, (*positive, *negative), (law,), ("power rule {}", "power rule {}"))
            return Rewrite(times(after, Derivative(a, x)), (*positive, *negative), _chain(law, a))
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
        case Pow(a, u), x if constant_in(a, x):
            law = Relation("=", Derivative(Pow(a, U), U), Mul(Pow(a, U), Fn("log", a)))
            inner = ONE if u == x else Derivative(u, x)
            return Rewrite(times(Pow(a, u), Fn("log", a), inner), (Relation(">", a, ZERO),), _chain(law, u))
    return None


@rule("u^v = e^{v \\log u}", "write the power with the exponential function", example="d/dx(x^x)")
def general_power(t: Term) -> Rewrite | None:
    """u^v = e^(v log u), u > 0, where base and exponent both depend on x."""
    match simple(t):
        case Pow(a, u), x:
            return Rewrite(Derivative(exp(times(u, Fn("log", a))), x), (Relation(">", a, ZERO),))
    return None


def _chain_by_table(name: str) -> Rule:
    function = FUNCTIONS[name]

    def chain(t: Term) -> Rewrite | None:
        match simple(t):
            case Fn(g, (u,)), x if g == name:
                row = table(name)
                law = Relation("=", Derivative(Fn(name, U), U), row.value(U))
                return Rewrite(times(row.value(u), Derivative(u, x)), row.needed(u), _chain(law, u))
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
                return Rewrite(Derivative(opened, x), (), (Relation("=", head, body),))
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


def chain_rule(defined: Iterable[str]) -> Rule:
    """f(u, v, …)' = ∂₁f u' + ∂₂f v' + … for a function that is only named: none of the table and none of those defined."""
    known = {*defined, *FUNCTIONS}

    def chain(t: Term) -> Rewrite | None:
        parts = simple(t)
        if parts is None:
            return None
        body, x = parts
        if not isinstance(body, (Fn, Prime)) or body.name in known or constant_in(body, x):
            return None
        orders = body.orders if isinstance(body, Prime) else (0,) * len(body.children)
        total = []
        for k, u in enumerate(body.children):
            if not constant_in(u, x):
                slope = Prime(body.name, tuple(n + (i == k) for i, n in enumerate(orders)), *body.children)
                total.append(times(slope, ONE if u == x else Derivative(u, x)))
        return Rewrite(plus(*total), (), (body,))

    return Rule("chain_rule", "f(u)' = f'(u)\\,u'", "chain rule for {}", "", chain, "d/dx(f(x^2))")


def known_derivative(definition: Definition) -> Rule:
    """A derivative that was derived before, used with the chain rule: `definition` gives f'(parameter)."""
    name, (letter,) = definition.name, definition.parameters
    law = Relation("=", Derivative(Fn(name, Sym(letter)), Sym(letter)), definition.body)

    def known(t: Term) -> Rewrite | None:
        match simple(t):
            case Fn(g, (u,)), x if g == name and not constant_in(u, x):
                inner = ONE if u == x else Derivative(u, x)
                shown = (law,) if u == x else (law, Relation("=", Sym(letter), u))
                words = ("known: {}",) * 2 if u == x else ("known: {}, chain rule with {}",) * 2
                return Rewrite(times(definition.opened((u,)), inner), (), shown, words)
        return None

    return Rule(f"known_derivative_of_{name}", f"{name}'", "known: {}", "", known, f"d/dx({name}(x))")


def opened_under_derivative(definition: Definition) -> Rule:
    """The definition of a function put in where its derivative is to be taken."""

    def opened(t: Term) -> Rewrite | None:
        match simple(t):
            case Fn(g, args), x if g == definition.name:
                return Rewrite(Derivative(definition.opened(args), x), (), (definition.head,))
        return None

    return Rule(f"open_{definition.name}", "definition", "definition of {}", "", opened, f"d/dx({definition.name}(x))")
