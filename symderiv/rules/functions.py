"""Powers, exponentials, logarithms, roots and the other functions of the table.

Most rows are equations between two shapes, in which u, a, b stand for any term and m, n for a whole number greater than 1.

exp_product       e^a e^b = e^(a+b)                        one exponential from many
exp_split         e^(a+b) = e^a e^b
extend_by_exp     a/(1 + e^(-u)) = a e^u/(e^u + 1)         extend the fraction by e^u
powers_product    u^a u^b = u^(a+b)                        exponents that are not whole numbers
root_product      √a √b = √(a b)
rationalise       a/√b = a √b/b
pythagoras        sin² u + cos² u = 1, cosh² u − sinh² u = 1
definition rows   tanh u = (e^u − e^(−u))/(e^u + e^(−u)), …, from the table of functions
"""

from __future__ import annotations

from fractions import Fraction

from symderiv.rules.family import equation, rule
from symderiv.rules.parts import factors, is_exp, nonzero, powers, sign, signed, terms_of, with_coefficient
from symderiv.rules.step import Rewrite, Rule
from symderiv.rules.sums import like_terms
from symderiv.terms import FUNCTIONS, ONE, TWO, ZERO, Add, Div, Fn, Mul, Neg, Num, Pow, Relation, Sym, Term, exp, plus, power, times

A, B, U = Sym("a"), Sym("b"), Sym("u")

EQUATIONS: tuple[Rule, ...] = (
    equation("reciprocal", "a^(-1) = 1/a", example="x^(-1)", conditions=("a != 0",)),
    equation("negative_power", "a^(-n) = 1/a^n", example="x^(-2)", conditions=("a != 0",)),
    equation("square_root", "a^(1/2) = sqrt(a)", example="x^(1/2)", conditions=("a >= 0",)),
    equation("exp_of_minus", "exp(-u) = 1/exp(u)", example="exp(-x)"),
    equation("exp_power", "exp(u)^n = exp(n*u)", example="exp(x)^2"),
    equation("exp_multiple", "exp(n*u) = exp(u)^n", example="exp(2*x)"),
    equation("power_of_quotient", "(a/b)^n = a^n/b^n", example="(x/y)^2", conditions=("b != 0",)),
    equation("root_square", "sqrt(a)^2 = a", example="sqrt(x)^2", conditions=("a >= 0",)),
    equation("root_of_square", "sqrt(a^2) = abs(a)", example="sqrt(x^2)"),
    equation("exp_log", "exp(log(u)) = u", example="exp(log(x))", conditions=("u > 0",)),
    equation("exp_multiple_log", "exp(a*log(u)) = u^a", example="exp(y*log(x))", conditions=("u > 0",)),
    equation("log_exp", "log(exp(u)) = u", example="log(exp(x))"),
    equation("log_power", "log(a^n) = n*log(a)", example="log(x^3)", conditions=("a > 0",)),
    equation("log_root", "log(sqrt(a)) = log(a)/2", example="log(sqrt(x))", conditions=("a > 0",)),
    equation("log_quotient", "log(a/b) = log(a) - log(b)", example="log(x/y)", conditions=("a > 0", "b > 0")),
    equation("log_product", "log(a*b) = log(a) + log(b)", example="log(x*y)", conditions=("a > 0", "b > 0")),
    equation("tan_of_atan", "tan(atan(u)) = u", example="tan(atan(x))"),
    equation("abs_square", "abs(a)^2 = a^2", example="abs(x)^2"),
    equation("tanh_quotient", "tanh(u) = sinh(u)/cosh(u)", example="tanh(x)"),
)

DEFINITIONS: tuple[Rule, ...] = tuple(
    equation(
        f"definition_of_{row.name}", f"{row.name}({'u' if row.arity == 1 else 'u, v'}) = {row.definition}", example=row.example
    )
    for row in FUNCTIONS.values()
    if row.definition
)
"""Functions of the table that are defined by simpler ones."""

VALUES: tuple[Rule, ...] = tuple(
    equation(f"value_{k}_of_{row.name}", text, example=text.split(" = ")[0], cost=0.7, tidy=True)
    for row in FUNCTIONS.values()
    for k, text in enumerate(row.values)
)
"""Values that one knows."""

PARITY: tuple[Rule, ...] = tuple(
    equation(
        f"{row.parity}_{row.name}",
        f"{row.name}(-u) = {'-' if row.parity == 'odd' else ''}{row.name}(u)",
        example=f"{row.name}(-x)",
    )
    for row in FUNCTIONS.values()
    if row.parity
)
"""f(−u) = f(u) for the even, f(−u) = −f(u) for the odd functions of the table."""


def _law(left: Term, right: Term) -> tuple[Term, ...]:
    return (Relation("=", left, right),)


@rule("e^a\\,e^b = e^{a+b}", "{}", example="exp(x)*exp(y)", heads=(Mul,))
def exp_product(t: Term) -> Rewrite | None:
    """e^a e^b = e^(a+b); e^u e^(−u) = 1."""
    if not (isinstance(t, Mul) and sum(map(is_exp, t.children)) > 1):
        return None
    total = plus(*(a.children[0] for a in t.children if is_exp(a)))
    step = like_terms.apply(total)
    merged = exp(step.after if step else total)
    law = _law(Mul(exp(U), exp(Neg(U))), ONE) if merged == ONE else _law(Mul(exp(A), exp(B)), exp(Add(A, B)))
    return Rewrite(times(*(a for a in t.children if not is_exp(a)), merged), (), law)


@rule("e^{a+b} = e^a\\,e^b", "{}", example="exp(x + y)", everywhere=True, heads=("exp",))
def exp_split(t: Term) -> Rewrite | None:
    """e^(a+b) = e^a e^b."""
    match t:
        case Fn("exp", (Add(args),)):
            return Rewrite(times(*map(exp, args)), (), _law(exp(Add(A, B)), Mul(exp(A), exp(B))))
    return None


def _merged(t: Term) -> Term:
    step = exp_product.apply(t)
    return step.after if step else t


@rule(
    "\\frac{a}{1+e^{-u}} = \\frac{a\\,e^u}{e^u+1}",
    "extend the fraction by {}",
    "divide numerator and denominator by {}",
    example="1/(1 + exp(-x))",
    heads=(Div,),
)
def extend_by_exp(t: Term) -> Rewrite | None:
    """a/(1 + e^(−u)) = a e^u/(e^u + 1), with e^(−u) e^u = 1 taken."""
    if not isinstance(t, Div):
        return None
    down = powers(t.right)
    for b, n in down.items():
        inner = next(
            (s.children[0].children[0] for _, s in map(sign, terms_of(b)) if is_exp(s) and isinstance(s.children[0], Neg)), None
        )
        if not isinstance(b, Add) or inner is None:
            continue
        whole = exp(with_coefficient(Fraction(n), inner))
        new = plus(*(signed(s, _merged(times(r, exp(inner)))) for s, r in map(sign, b.children)))
        bottom = times(*(power(new if c is b else c, m) for c, m in down.items()))
        return Rewrite(Div(_merged(times(t.left, whole)), bottom), (), (whole,))
    return None


@rule("u^a\\,u^b = u^{a+b}", "{}", example="x^(1/2)*x^(1/3)", heads=(Mul,))
def powers_product(t: Term) -> Rewrite | None:
    """u^a u^b = u^(a+b) where an exponent is not a whole number; u > 0."""
    if not isinstance(t, Mul):
        return None
    for base in (f.left for f in t.children if isinstance(f, Pow) and not isinstance(f.right, Num)):
        same = [f for f in t.children if f == base or (isinstance(f, Pow) and f.left == base)]
        if len(same) < 2:
            continue
        total = plus(*(f.right if isinstance(f, Pow) else ONE for f in same))
        step = like_terms.apply(total)
        exponent = step.after if step else total
        new = ONE if exponent == ZERO else base if exponent == ONE else Pow(base, exponent)
        rest = list(t.children)
        rest[rest.index(same[0])] = new
        for f in same[1:]:
            rest.remove(f)
        law = _law(Mul(Pow(U, A), Pow(U, B)), Pow(U, Add(A, B)))
        return Rewrite(times(*rest), (Relation(">", base, ZERO),), law)
    return None


@rule("\\sqrt a\\,\\sqrt b = \\sqrt{a\\,b}", "{}", example="sqrt(2)*sqrt(x)", heads=(Mul,))
def root_product(t: Term) -> Rewrite | None:
    """√a √b = √(a b), √a √a = a, for a, b ≥ 0."""
    if not isinstance(t, Mul):
        return None
    roots = [f for f in t.children if isinstance(f, Fn) and f.name == "sqrt"]
    if len(roots) < 2:
        return None
    inner = [r.children[0] for r in roots]
    same = len(roots) == 2 and roots[0] == roots[1]
    law = _law(Mul(Fn("sqrt", A), Fn("sqrt", A)), A) if same else _law(Mul(Fn("sqrt", A), Fn("sqrt", B)), Fn("sqrt", Mul(A, B)))
    new = inner[0] if same else Fn("sqrt", times(*inner))
    rest = times(*(f for f in t.children if f not in roots))
    return Rewrite(times(rest, new), tuple(Relation("≥", a, ZERO) for a in inner if not isinstance(a, Num)), law)


@rule(
    "\\frac{a}{\\sqrt b} = \\frac{a\\,\\sqrt b}{b}",
    "rationalise the denominator",
    "cancel {}",
    example="1/sqrt(2)",
    back_cost=1.2,
    heads=(Div,),
)
def rationalise(t: Term) -> Rewrite | None:
    """a/√b = a √b/b, where b > 0."""
    if not isinstance(t, Div):
        return None
    root = next((f for f in factors(t.right) if isinstance(f, Fn) and f.name == "sqrt"), None)
    if root is None:
        return None
    bottom = [f.children[0] if f is root else f for f in factors(t.right)]
    return Rewrite(Div(times(t.left, root), times(*bottom)), nonzero((root.children[0],)), (root,))


SQUARES = {("sin", "cos"): 1, ("cosh", "sinh"): -1}
"""f² u + s g² u = 1."""


@rule("\\sin^2 u+\\cos^2 u = 1", "{}", example="sin(x)^2 + cos(x)^2", heads=(Add,))
def pythagoras(t: Term) -> Rewrite | None:
    """sin² u + cos² u = 1, cosh² u − sinh² u = 1, with a common factor or none."""
    if not isinstance(t, Add):
        return None
    for (f, g), s in SQUARES.items():
        for i, a in enumerate(t.children):
            r, p = sign(a)
            arg = next((b.children[0] for b, n in powers(p).items() if n == 2 and isinstance(b, Fn) and b.name == f), None)
            if arg is None:
                continue
            rest = powers(p).divided(powers(Pow(Fn(f, arg), TWO)))
            wanted = powers(times(rest.product(), Pow(Fn(g, arg), TWO)))
            for j, b in enumerate(t.children):
                q, other = sign(b)
                if j != i and q == r * s and powers(other) == wanted:
                    parts = [c for k, c in enumerate(t.children) if k != j]
                    parts[parts.index(a)] = signed(r, rest.product())
                    law = _law(Add(Pow(Fn(f, U), TWO), signed(s, Pow(Fn(g, U), TWO))), ONE)
                    return Rewrite(plus(*parts), (), law)
    return None


FUNCTION_RULES = (
    *EQUATIONS,
    *VALUES,
    *DEFINITIONS,
    *PARITY,
    exp_product,
    exp_split,
    extend_by_exp,
    powers_product,
    root_product,
    rationalise,
    pythagoras,
)
