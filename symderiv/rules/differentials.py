"""The differential method: d of a number that depends on a matrix or vector X, rule by rule, until it reads ⟨G, dX⟩; then G is the gradient.

Matrices do not commute, so nothing here touches the order of factors. A and B stand for any matrices, ⟨A, B⟩ = tr(AᵀB).
Source: Magnus, Neudecker (1999), Matrix Differential Calculus, chapters 8 and 9; Petersen, Pedersen (2012), The Matrix Cookbook, 2.

Differentials      constant, sum, product, transpose, trace, squared norm, norm, inner product, log-determinant, determinant, inverse,
                   Hadamard product, softmax, functions of numbers and of entries, powers and quotients of numbers

`symderiv.rules.inner_products` brings what they give to the form ⟨G, dX⟩.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from symderiv.errors import ShapeError
from symderiv.rules.calculus import power_derivative, table
from symderiv.rules.step import Rewrite, Rule
from symderiv.rules.sums import signs
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    TWO,
    ZERO,
    Add,
    Context,
    Definition,
    Div,
    Fn,
    Lambda,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Relation,
    Shape,
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

    def transposed(self, t: Term) -> Term:
        """tᵀ, where (tᵀ)ᵀ = t, (A B)ᵀ = Bᵀ Aᵀ and cᵀ = c for a number are written so at once."""
        match t:
            case Fn("transpose", (a,)):
                return a
            case Mul(args):
                return times(*(self.transposed(a) for a in reversed(args)))
            case Div(a, c) if self.number(c):
                return Div(self.transposed(a), c)
            case Neg(a):
                return Neg(self.transposed(a))
        return t if self.number(t) else Fn("transpose", t)

    def _apart(self, args: tuple[Term, ...]) -> tuple[list[Term], list[Term]]:
        """The factors that are numbers, alone or several in a row as xᵀ A x, and the others."""
        numbers: list[Term] = []
        others: list[Term] = []
        k = 0
        while k < len(args):
            end = next((n for n in range(k + 1, len(args) + 1) if self._is_number(args[k:n])), None)
            if end is None:
                others.append(args[k])
            else:
                numbers += args[k:end]
            k = end or k + 1
        return numbers, others

    def _is_number(self, args: tuple[Term, ...]) -> bool:
        try:
            return self.number(times(*args))
        except ShapeError:
            return False

    def turned(self, t: Term) -> Term:
        """tᵀ as a textbook writes it: sums term by term, numbers in front, what is symmetric as it is."""
        match t:
            case Add(args):
                return plus(*(neg(self.turned(a.arg)) if isinstance(a, Neg) else self.turned(a) for a in args))
            case Neg(a):
                return neg(self.turned(a))
            case Div(a, c) if self.number(c):
                return Div(self.turned(a), c)
            case Mul(args):
                numbers, others = self._apart(args)
                return times(*numbers, *(self.transposed(a) if isinstance(a, Add) else self.turned(a) for a in reversed(others)))
            case Fn("identity") | Fn("diag", (_,)):
                return t
        return self.transposed(t)

    def beside_softmax(self, p: Fn, t: Term) -> Term | None:
        """The derivative of a softmax p along t; of a matrix, it is the softmax of every row.

        None for a function of that name that is defined, and for a row.
        """
        sizes = shape(p, self.context)
        if p.name in self.context.definitions or not sizes or sizes[0] == ONE:
            return None
        return None if sizes[-1] == ONE else along_softmax(p, t, sizes)


def along_softmax(p: Term, t: Term, sizes: Shape) -> Term:
    """p ⊙ (t − (p ⊙ t) 1 1ᵀ) for a matrix of these sizes, p ⊙ (t − ⟨p, t⟩ 1) for a vector."""
    ones = Fn("ones", sizes[-1])
    mean = times(inner(p, t), ones) if len(sizes) == 1 else times(Fn("hadamard", p, t), ones, Fn("transpose", ones))
    return Fn("hadamard", p, minus(t, mean))


def named(name: str, statement: str, words: str, function: Callable[[Term], Rewrite | Term | None], small: bool = False) -> Rule:
    """A rule about differentials; one whose name begins with d_ applies to a differential only."""
    heads = frozenset(("differential",)) if name.startswith("d_") else frozenset()
    return Rule(name, statement, words, "", function, "d(X)", small=small, heads=heads)


def differentials(v: Varying, known: Mapping[str, Definition] = MappingProxyType({})) -> tuple[Rule, ...]:
    """The rules that take a differential apart, outermost first. `known`: derivatives of named functions of a number, f'(x) := …"""

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

    def softmax(t: Term) -> Rewrite | None:
        match of(t):
            case Fn("softmax", (u,)) as p if (after := v.beside_softmax(p, d(u))) is not None:
                return Rewrite(after, (), (_law_of_softmax(shape(u, v.context)),))
        return None

    def function(t: Term) -> Rewrite | None:
        match of(t):
            case Fn(name, (u,)) if (slope := _slope(name, v, known)) is not None:
                value, needed = slope
                if v.number(u):
                    law = Relation("=", d(Fn(name, A)), times(value(A), d(A)))
                    return Rewrite(times(value(u), d(u)), needed(u), (law,))
                at = value if isinstance(value(A), Fn) else lambda w: Prime(name, (1,), w)
                law = Relation("=", d(Fn(name, A)), Fn("hadamard", at(A), d(A)))
                return Rewrite(Fn("hadamard", at(u), d(u)), (), (law,))
        return None

    def derived(t: Term) -> Rewrite | None:
        match of(t):
            case Prime(name, (order,), (u,)):
                slope = Prime(name, (order + 1,), A)
                law = Relation("=", d(Prime(name, (order,), A)), Fn("hadamard", slope, d(A)))
                after = Prime(name, (order + 1,), u)
                return Rewrite(times(after, d(u)) if v.number(u) else Fn("hadamard", after, d(u)), (), (law,))
        return None

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
        named(
            "d_softmax",
            "d\\operatorname{softmax}A = P\\odot(dA - (P\\odot dA)\\mathbf 1\\mathbf 1^\\top),\\ P = \\operatorname{softmax}A",
            "{}",
            softmax,
        ),
        named("d_function", "d f(A) = f'(A)\\odot dA", "{}", function),
        named("d_derived", "d f'(A) = f''(A)\\odot dA", "{}", derived),
    )


def _law_of_softmax(sizes: Shape) -> Term:
    """d softmax(A) = … in the name of A."""
    p = Fn("softmax", A)
    return Relation("=", d(p), along_softmax(p, d(A), sizes))


def _slope(
    name: str, v: Varying, known: Mapping[str, Definition]
) -> tuple[Callable[[Term], Term], Callable[[Term], tuple[Term, ...]]] | None:
    """f' as a function of a number, and the conditions of it: of the table, of a definition, or just its name."""
    if name in FUNCTIONS and FUNCTIONS[name].derivative:
        return table(name).value, table(name).needed
    definition = v.context.definitions.get(name)
    if definition is None or len(definition.parameters) != 1 or v.context.sort(definition.parameters[0]).shape:
        return None
    if isinstance(definition.body, Lambda):
        return None
    if name in known:
        return lambda u: known[name].opened((u,)), lambda _: ()
    return lambda u: Prime(name, (1,), u), lambda _: ()


GRADIENT = Rule(
    "gradient_from_differential",
    "dL = \\langle G, dX\\rangle \\Rightarrow \\frac{\\partial L}{\\partial X} = G",
    "the gradient is what stands beside {} in the inner product (denominator layout: it has the shape of {})",
    "",
    lambda _: None,
    "d(X)",
)
TURNED_GRADIENT = replace(
    GRADIENT,
    name="turned_gradient_from_differential",
    statement="dL = \\langle G, dX\\rangle \\Rightarrow \\frac{\\partial L}{\\partial X} = G^\\top",
    words="the transpose of what stands beside {} in the inner product (numerator layout: it has the shape of the transpose of {})",
)
