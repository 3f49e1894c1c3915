"""The differential method: d of a number that depends on a matrix or vector X, rule by rule, until it reads ⟨G, dX⟩; then G is the gradient.

Matrices do not commute, so nothing here touches the order of factors. A and B stand for any matrices, ⟨A, B⟩ = tr(AᵀB).
Source: Magnus, Neudecker (1999), Matrix Differential Calculus, chapters 8 and 9; Petersen, Pedersen (2012), The Matrix Cookbook, 2.

Differentials      constant, sum, product, transpose, trace, squared norm, norm, inner product, log-determinant, determinant, inverse,
                   Hadamard product, functions of numbers and of entries, powers and quotients of numbers
Inner products     ⟨A, B dX C⟩ = ⟨Bᵀ A Cᵀ, dX⟩ and its relatives; traces and products that are numbers as inner products
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from symderiv.rules.calculus import power_derivative, table
from symderiv.rules.parts import coefficient, with_coefficient
from symderiv.rules.step import Rewrite, Rule
from symderiv.rules.sums import signs
from symderiv.terms import (
    FUNCTIONS,
    TWO,
    ZERO,
    Add,
    Context,
    Div,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Relation,
    Sym,
    Term,
    minus,
    neg,
    plus,
    times,
)
from symderiv.terms.shapes import is_number, shape

A, B, X = Sym("A"), Sym("B"), Sym("X")


def d(t: Term) -> Term:
    """dt."""
    return Fn("differential", t)


def transposed(t: Term) -> Term:
    """tᵀ, where (tᵀ)ᵀ = t and (A B)ᵀ = Bᵀ Aᵀ are written so at once."""
    match t:
        case Fn("transpose", (a,)):
            return a
        case Mul(args):
            return times(*(transposed(a) for a in reversed(args)))
        case Num():
            return t
    return Fn("transpose", t)


def inner(a: Term, b: Term) -> Term:
    """⟨a, b⟩."""
    return Fn("inner", a, b)


@dataclass(frozen=True, slots=True)
class Varying:
    """What is varied, and the context that says what is a number and what a matrix."""

    letter: Sym
    context: Context

    @property
    def step(self) -> Term:
        """dX."""
        return d(self.letter)

    def constant(self, t: Term) -> bool:
        """Whether a term does not depend on the letter, dX included."""
        return self.letter.name not in t.free

    def number(self, t: Term) -> bool:
        """Whether a term is a number."""
        return is_number(shape(t, self.context))


def differentials(v: Varying) -> tuple[Rule, ...]:
    """The rules that take a differential apart, outermost first, and those that bring it to the form ⟨G, dX⟩."""

    def named(
        name: str, statement: str, words: str, function: Callable[[Term], Rewrite | Term | None], small: bool = False
    ) -> Rule:
        head = "differential" if name.startswith("d_") else None
        heads = frozenset((head,)) if head else frozenset()
        return Rule(name, statement, words, "", function, "d(X)", small=small, heads=heads)

    def of(t: Term) -> Term | None:
        return t.children[0] if isinstance(t, Fn) and t.name == "differential" else None

    def constant(t: Term) -> Term | None:
        u = of(t)
        return ZERO if u is not None and v.constant(u) else None

    def sum_rule(t: Term) -> Term | None:
        match of(t):
            case Add(args):
                return plus(*(neg(d(a.arg)) if isinstance(a, Neg) else d(a) for a in args if not v.constant(a)))
            case Neg(a):
                return Neg(d(a))
        return None

    def product_rule(t: Term) -> Term | None:
        match of(t):
            case Mul(args):
                moving = [k for k, a in enumerate(args) if not v.constant(a)]
                return plus(*(times(*args[:k], d(args[k]), *args[k + 1 :]) for k in moving))
        return None

    def quotient_rule(t: Term) -> Rewrite | None:
        match of(t):
            case Div(a, b) if v.constant(b):
                return Rewrite(Div(d(a), b))
            case Div(a, b):
                return Rewrite(Div(minus(times(d(a), b), times(a, d(b))), Pow(b, TWO)), (Relation("≠", b, ZERO),))
        return None

    def transpose_rule(t: Term) -> Term | None:
        match of(t):
            case Fn("transpose", (a,)):
                return Fn("transpose", d(a))
        return None

    def trace_rule(t: Term) -> Term | None:
        match of(t):
            case Fn("trace", (a,)):
                return Fn("trace", d(a))
        return None

    def squared_norm(t: Term) -> Rewrite | None:
        match of(t):
            case Pow(Fn("norm" | "frobenius" as f, (a,)), Num(2)):
                law = Relation("=", d(Pow(Fn(f, A), TWO)), times(TWO, inner(A, d(A))))
                return Rewrite(times(TWO, inner(a, d(a))), (), (law,))
        return None

    def norm(t: Term) -> Rewrite | None:
        match of(t):
            case Fn("norm" | "frobenius", (a,)) as whole:
                law = Relation("=", d(Fn(whole.name, A)), Div(inner(A, d(A)), Fn(whole.name, A)))
                return Rewrite(Div(inner(a, d(a)), whole), (Relation("≠", whole, ZERO),), (law,))
        return None

    def inner_rule(t: Term) -> Term | None:
        match of(t):
            case Fn("inner", (a, b)):
                return plus(*(x for x, dead in ((inner(d(a), b), v.constant(a)), (inner(a, d(b)), v.constant(b))) if not dead))
        return None

    def log_det(t: Term) -> Rewrite | None:
        match of(t):
            case Fn("log", (Fn("det", (a,)),)):
                law = Relation("=", d(Fn("log", Fn("det", A))), Fn("trace", times(Fn("inverse", A), d(A))))
                return Rewrite(Fn("trace", times(Fn("inverse", a), d(a))), (Relation(">", Fn("det", a), ZERO),), (law,))
        return None

    def det(t: Term) -> Rewrite | None:
        match of(t):
            case Fn("det", (a,)) as whole:
                law = Relation("=", d(Fn("det", A)), times(Fn("det", A), Fn("trace", times(Fn("inverse", A), d(A)))))
                return Rewrite(times(whole, Fn("trace", times(Fn("inverse", a), d(a)))), (Relation("≠", whole, ZERO),), (law,))
        return None

    def inverse(t: Term) -> Rewrite | None:
        match of(t):
            case Fn("inverse", (a,)) as whole:
                law = Relation("=", d(Fn("inverse", A)), Neg(times(Fn("inverse", A), d(A), Fn("inverse", A))))
                return Rewrite(Neg(times(whole, d(a), whole)), (), (law,))
        return None

    def hadamard(t: Term) -> Term | None:
        match of(t):
            case Fn("hadamard", args):
                moving = [k for k, a in enumerate(args) if not v.constant(a)]
                return plus(*(Fn("hadamard", *(d(a) if j == k else a for j, a in enumerate(args))) for k in moving))
        return None

    def power(t: Term) -> Term | None:
        match of(t):
            case Pow(u, n) if v.constant(n) and v.number(u):
                return times(power_derivative(u, n), d(u))
        return None

    def function(t: Term) -> Rewrite | None:
        match of(t):
            case Fn(name, (u,)) if name in FUNCTIONS and FUNCTIONS[name].derivative and v.number(u):
                law = Relation("=", d(Fn(name, A)), times(table(name).value(A), d(A)))
                return Rewrite(times(table(name).value(u), d(u)), table(name).needed(u), (law,))
            case Fn(name, (u,)) if name in FUNCTIONS and FUNCTIONS[name].derivative:
                law = Relation("=", d(Fn(name, A)), Fn("hadamard", Prime(name, (1,), A), d(A)))
                return Rewrite(Fn("hadamard", Prime(name, (1,), u), d(u)), (), (law,))
        return None

    def trace_as_inner(t: Term) -> Rewrite | None:
        match t:
            case Fn("trace", (a,)) if (found := _around(a, v)) is not None:
                left, turned, right = found
                g = times(right, left) if turned else times(transposed(left), transposed(right))
                law = Relation("=", Fn("trace", Mul(A, d(X), B)), inner(Mul(Fn("transpose", A), Fn("transpose", B)), d(X)))
                return Rewrite(inner(g, v.step), (), (law,))
        return None

    def trace_of_product(t: Term) -> Rewrite | None:
        match t:
            case Fn("trace", (Mul(args),)):
                at = [k for k, f in enumerate(args) if _mentions_step(f, v)]
                if len(at) == 1:
                    k = at[0]
                    law = Relation(
                        "=", Fn("trace", Mul(A, Sym("C"), B)), inner(Mul(Fn("transpose", A), Fn("transpose", B)), Sym("C"))
                    )
                    return Rewrite(
                        inner(times(transposed(times(*args[:k])), transposed(times(*args[k + 1 :]))), args[k]), (), (law,)
                    )
        return None

    def number_as_inner(t: Term) -> Rewrite | None:
        if not isinstance(t, (Mul, Fn)) or (isinstance(t, Fn) and t.name != "transpose"):
            return None
        if v.constant(t) or any(isinstance(s, Fn) and s.name == "inner" for s in t.children) or not v.number(t):
            return None
        found = _around(t, v)
        if found is None:
            return None
        left, turned, right = found
        g = times(right, left) if turned else times(transposed(left), transposed(right))
        law = Relation("=", Mul(A, d(X), B), inner(Mul(Fn("transpose", A), Fn("transpose", B)), d(X)))
        return Rewrite(inner(g, v.step), (), (law,))

    def swapped(t: Term) -> Term | None:
        match t:
            case Fn("inner", (a, b)) if not v.constant(a) and _mentions_step(a, v) and not _mentions_step(b, v):
                return inner(b, a)
        return None

    def inner_of_sum(t: Term) -> Term | None:
        match t:
            case Fn("inner", (a, Add(args))):
                return plus(*(neg(inner(a, s.arg)) if isinstance(s, Neg) else inner(a, s) for s in args))
            case Fn("inner", (a, Neg(b))):
                return Neg(inner(a, b))
        return None

    def inner_of_trace(t: Term) -> Term | None:
        match t:
            case Fn("trace", (Add(args),)):
                return plus(*(neg(Fn("trace", s.arg)) if isinstance(s, Neg) else Fn("trace", s) for s in args))
            case Fn("trace", (Neg(a),)):
                return Neg(Fn("trace", a))
        return None

    def moved(t: Term) -> Rewrite | None:
        match t:
            case Fn("inner", (a, b)) if b != v.step and _mentions_step(b, v) and (found := _around(b, v)) is not None:
                left, turned, right = found
                g = times(transposed(left), a, transposed(right))
                law = Relation(
                    "=", inner(A, Mul(B, d(X), Sym("C"))), inner(Mul(Fn("transpose", B), A, Fn("transpose", Sym("C"))), d(X))
                )
                if turned:
                    g = times(right, transposed(a), left)
                    law = Relation("=", inner(A, Fn("transpose", d(X))), inner(Fn("transpose", A), d(X)))
                return Rewrite(inner(g, v.step), (), (law,))
        return None

    def factors_moved(t: Term) -> Rewrite | None:
        match t:
            case Fn("inner", (a, Mul(args))) if _around(Mul(*args), v) is None:
                at = [k for k, f in enumerate(args) if _mentions_step(f, v)]
                if len(at) == 1:
                    k = at[0]
                    g = times(transposed(times(*args[:k])), a, transposed(times(*args[k + 1 :])))
                    law = Relation(
                        "=", inner(A, Mul(B, X, Sym("C"))), inner(Mul(Fn("transpose", B), A, Fn("transpose", Sym("C"))), X)
                    )
                    return Rewrite(inner(g, args[k]), (), (law,))
        return None

    def hadamard_moved(t: Term) -> Rewrite | None:
        match t:
            case Fn("inner", (a, Fn("hadamard", args))):
                inside = [s for s in args if _mentions_step(s, v)]
                rest = [s for s in args if not _mentions_step(s, v)]
                if len(inside) == 1:
                    law = Relation("=", inner(A, Fn("hadamard", B, d(X))), inner(Fn("hadamard", A, B), d(X)))
                    return Rewrite(inner(Fn("hadamard", a, *rest), inside[0]), (), (law,))
        return None

    def factor_in(t: Term) -> Term | None:
        match t:
            case Mul(args):
                at = [k for k, a in enumerate(args) if isinstance(a, Fn) and a.name == "inner" and a.children[1] == v.step]
                if len(at) == 1 and all(v.number(a) and not _mentions_step(a, v) for k, a in enumerate(args) if k != at[0]):
                    pair = args[at[0]]
                    return inner(times(*(a for k, a in enumerate(args) if k != at[0]), pair.children[0]), v.step)
            case Neg(Fn("inner", (a, b))) if b == v.step:
                return inner(neg(a), b)
            case Div(Fn("inner", (a, b)), c) if b == v.step and v.number(c):
                return inner(Div(a, c), b)
        return None

    def together(t: Term) -> Term | None:
        match t:
            case Add(args):
                pairs = [_pair(a, v) for a in args]
                if all(p is not None for p in pairs):
                    return inner(plus(*(p for p in pairs if p is not None)), v.step)
        return None

    def numbers_first(t: Term) -> Term | None:
        if not isinstance(t, Mul) or v.number(t) or any(f.contains(v.step) for f in t.children):
            return None
        numbers = [f for f in t.children if v.number(f)]
        return (
            None if len(numbers) == len(t.children) else _changed(t, times(*numbers, *(f for f in t.children if f not in numbers)))
        )

    def calculated(t: Term) -> Term | None:
        return _changed(t, with_coefficient(*coefficient(t))) if isinstance(t, (Mul, Div)) else None

    def like_terms(t: Term) -> Term | None:
        if not isinstance(t, Add):
            return None
        totals: dict[Term, Fraction] = {}
        for c, r in map(coefficient, t.children):
            totals[r] = totals.get(r, Fraction(0)) + c
        return None if len(totals) == len(t.children) else plus(*(with_coefficient(c, r) for r, c in totals.items() if c))

    return (
        signs,
        named("d_constant", "dA = 0", "the differential of a constant is 0", constant, small=True),
        named("d_sum", "d(A+B) = dA + dB", "sum rule", sum_rule, small=True),
        named("d_log_det", "d \\log\\det A = \\operatorname{tr}(A^{-1} dA)", "{}", log_det),
        named("d_squared_norm", "d\\|A\\|^2 = 2\\langle A, dA\\rangle", "{}", squared_norm),
        named("d_norm", "d\\|A\\| = \\langle A, dA\\rangle/\\|A\\|", "{}", norm),
        named("d_product", "d(AB) = dA\\,B + A\\,dB", "product rule", product_rule),
        named("d_quotient", "d(u/v) = (du\\,v - u\\,dv)/v^2", "quotient rule", quotient_rule),
        named("d_transpose", "d(A^\\top) = (dA)^\\top", "the transpose of the differential", transpose_rule, small=True),
        named("d_trace", "d\\operatorname{tr} A = \\operatorname{tr} dA", "the trace is linear", trace_rule, small=True),
        named("d_inner", "d\\langle A,B\\rangle = \\langle dA,B\\rangle + \\langle A,dB\\rangle", "product rule", inner_rule),
        named("d_det", "d\\det A = \\det A \\operatorname{tr}(A^{-1}dA)", "{}", det),
        named("d_inverse", "d(A^{-1}) = -A^{-1}\\,dA\\,A^{-1}", "{}", inverse),
        named("d_hadamard", "d(A\\odot B) = dA\\odot B + A\\odot dB", "product rule", hadamard),
        named("d_power", "d(u^n) = n u^{n-1} du", "power rule", power),
        named("d_function", "d f(A) = f'(A)\\odot dA", "{}", function),
        named(
            "trace_of_sum",
            "\\operatorname{tr}(A+B) = \\operatorname{tr}A + \\operatorname{tr}B",
            "the trace is linear",
            inner_of_trace,
            small=True,
        ),
        named("trace_as_inner", "\\operatorname{tr}(A\\,dX\\,B) = \\langle A^\\top B^\\top, dX\\rangle", "{}", trace_as_inner),
        named("trace_of_product", "\\operatorname{tr}(A\\,C\\,B) = \\langle A^\\top B^\\top, C\\rangle", "{}", trace_of_product),
        named(
            "inner_swapped", "\\langle A,B\\rangle = \\langle B,A\\rangle", "the inner product is symmetric", swapped, small=True
        ),
        named(
            "inner_of_sum",
            "\\langle A,B+C\\rangle = \\langle A,B\\rangle+\\langle A,C\\rangle",
            "the inner product is linear",
            inner_of_sum,
            small=True,
        ),
        named("inner_hadamard", "\\langle A,B\\odot C\\rangle = \\langle A\\odot B,C\\rangle", "{}", hadamard_moved),
        named("inner_moved", "\\langle A,B\\,dX\\,C\\rangle = \\langle B^\\top A\\,C^\\top,dX\\rangle", "{}", moved),
        named("inner_factors_moved", "\\langle A,B\\,X\\,C\\rangle = \\langle B^\\top A\\,C^\\top,X\\rangle", "{}", factors_moved),
        named("number_as_inner", "a^\\top dX\\,b = \\langle a\\,b^\\top, dX\\rangle", "{}", number_as_inner),
        named(
            "inner_scaled",
            "c\\langle A,dX\\rangle = \\langle c\\,A,dX\\rangle",
            "the inner product is linear",
            factor_in,
            small=True,
        ),
        named(
            "inner_added",
            "\\langle A,dX\\rangle+\\langle B,dX\\rangle = \\langle A+B,dX\\rangle",
            "the inner product is linear",
            together,
            small=True,
        ),
        named("numbers_first", "A\\,c = c\\,A", "numbers in front", numbers_first, small=True),
        named("calculated_in_order", "2 \\cdot 3\\,A = 6\\,A", "calculate", calculated, small=True),
        named("like_terms_in_order", "A + A = 2\\,A", "collect like terms", like_terms, small=True),
    )


def _changed(before: Term, after: Term) -> Term | None:
    return None if after == before else after


def _mentions_step(t: Term, v: Varying) -> bool:
    return t.contains(v.step)


def _around(t: Term, v: Varying) -> tuple[Term, bool, Term] | None:
    """(P, whether it is transposed, Q) with t = P dX Q or P dXᵀ Q and no other dX; None for anything else."""
    factors = t.children if isinstance(t, Mul) else (t,)
    at = [k for k, f in enumerate(factors) if _mentions_step(f, v)]
    if len(at) != 1:
        return None
    k = at[0]
    left, right = times(*factors[:k]), times(*factors[k + 1 :])
    if factors[k] == v.step:
        return left, False, right
    if factors[k] == Fn("transpose", v.step):
        return left, True, right
    match factors[k]:
        case Fn("transpose", (Mul(inner_factors),)):
            opened = (transposed(f) for f in reversed(inner_factors))
            return _around(times(*factors[:k], *opened, *factors[k + 1 :]), v)
    return None


def _pair(t: Term, v: Varying) -> Term | None:
    """A with t = ⟨A, dX⟩, signs taken in."""
    match t:
        case Neg(a):
            found = _pair(a, v)
            return None if found is None else neg(found)
        case Fn("inner", (a, b)) if b == v.step:
            return a
    return None


GRADIENT = Rule(
    "gradient_from_differential",
    "dL = \\langle G, dX\\rangle \\Rightarrow \\frac{\\partial L}{\\partial X} = G",
    "the gradient is what stands beside {} in the inner product (denominator layout: it has the shape of {})",
    "",
    lambda _: None,
    "d(X)",
)
