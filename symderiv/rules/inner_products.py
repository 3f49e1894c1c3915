"""Inner products with dX: whatever a differential has become is brought to the form ⟨G, dX⟩.

⟨A, B dX C⟩ = ⟨Bᵀ A Cᵀ, dX⟩ and its relatives; traces, and products that are numbers, as inner products; ⟨A, B⟩ = tr(AᵀB).
Matrices do not commute, so nothing here touches the order of factors.
Source: Magnus, Neudecker (1999), Matrix Differential Calculus, chapters 8 and 9.
"""

from __future__ import annotations

from fractions import Fraction

from symderiv.rules.differentials import A, B, Varying, X, d, inner, named
from symderiv.rules.parts import coefficient, with_coefficient
from symderiv.rules.step import Rewrite, Rule
from symderiv.terms import (
    Add,
    Div,
    Fn,
    Mul,
    Neg,
    Relation,
    Sym,
    Term,
    neg,
    plus,
    times,
)


def inner_products(v: Varying) -> tuple[Rule, ...]:
    """The rules that bring a differential, once it is taken apart, to the form ⟨G, dX⟩."""

    def trace_as_inner(t: Term) -> Rewrite | None:
        match t:
            case Fn("trace", (a,)) if (found := _around(a, v)) is not None:
                left, turned, right = found
                g = times(right, left) if turned else times(v.transposed(left), v.transposed(right))
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
                        inner(times(v.transposed(times(*args[:k])), v.transposed(times(*args[k + 1 :]))), args[k]), (), (law,)
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
        g = times(right, left) if turned else times(v.transposed(left), v.transposed(right))
        law = Relation("=", Mul(A, d(X), B), inner(Mul(Fn("transpose", A), Fn("transpose", B)), d(X)))
        return Rewrite(inner(g, v.step), (), (law,))

    def product_as_inner(t: Term) -> Rewrite | None:
        if not isinstance(t, Mul) or v.constant(t) or not v.number(t):
            return None
        at = [k for k, f in enumerate(t.children) if _mentions_step(f, v)]
        if len(at) != 1 or v.number(t.children[at[0]]):
            return None
        left, c, right = times(*t.children[: at[0]]), t.children[at[0]], times(*t.children[at[0] + 1 :])
        law = Relation("=", Mul(A, Sym("C"), B), inner(Mul(Fn("transpose", A), Fn("transpose", B)), Sym("C")))
        match c:
            case Fn("transpose", (u,)):
                return Rewrite(inner(times(right, left), u), (), (law,))
        return Rewrite(inner(times(v.transposed(left), v.transposed(right)), c), (), (law,))

    def transpose_of_sum(t: Term) -> Term | None:
        match t:
            case Fn("transpose", (Add(args),)) if _mentions_step(t, v):
                return plus(*(neg(v.transposed(a.arg)) if isinstance(a, Neg) else v.transposed(a) for a in args))
            case Fn("transpose", (Neg() | Div(),)) if _mentions_step(t, v):
                return _changed(t, v.transposed(t.children[0]))
        return None

    def product_of_sum(t: Term) -> Term | None:
        if not isinstance(t, Mul):
            return None
        for k, f in enumerate(t.children):
            if isinstance(f, Add) and _mentions_step(f, v):
                before, after = t.children[:k], t.children[k + 1 :]
                return plus(
                    *(neg(times(*before, a.arg, *after)) if isinstance(a, Neg) else times(*before, a, *after) for a in f.children)
                )
        return None

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
            case Fn("inner", (a, Div(b, c))) if _mentions_step(b, v) and v.number(c):
                return Div(inner(a, b), c)
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
                g = times(v.transposed(left), a, v.transposed(right))
                law = Relation(
                    "=", inner(A, Mul(B, d(X), Sym("C"))), inner(Mul(Fn("transpose", B), A, Fn("transpose", Sym("C"))), d(X))
                )
                if turned:
                    g = times(right, v.transposed(a), left)
                    law = Relation("=", inner(A, Fn("transpose", d(X))), inner(Fn("transpose", A), d(X)))
                return Rewrite(inner(g, v.step), (), (law,))
        return None

    def factors_moved(t: Term) -> Rewrite | None:
        match t:
            case Fn("inner", (a, Mul(args))) if _around(Mul(*args), v) is None:
                at = [k for k, f in enumerate(args) if _mentions_step(f, v)]
                if len(at) == 1:
                    k = at[0]
                    g = times(v.transposed(times(*args[:k])), a, v.transposed(times(*args[k + 1 :])))
                    law = Relation(
                        "=", inner(A, Mul(B, X, Sym("C"))), inner(Mul(Fn("transpose", B), A, Fn("transpose", Sym("C"))), X)
                    )
                    return Rewrite(inner(g, args[k]), (), (law,))
        return None

    def ones_left_out(t: Term) -> Term | None:
        match t:
            case Fn("hadamard", args):
                rest = [s for s in args if not (isinstance(s, Fn) and s.name == "ones")]
                if 0 < len(rest) < len(args):
                    return rest[0] if len(rest) == 1 else Fn("hadamard", *rest)
        return None

    def softmax_moved(t: Term) -> Rewrite | None:
        match t:
            case Fn("inner", (a, Fn("hadamard", (Fn("softmax") as p, Add((u, _)))) as b)) if b == v.beside_softmax(p, u):
                after = v.beside_softmax(p, a)
                return None if after is None else Rewrite(inner(after, u))
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
            "transpose_of_sum",
            "(A+B)^\\top = A^\\top + B^\\top",
            "the transpose is linear",
            transpose_of_sum,
            small=True,
        ),
        named("product_of_sum", "A\\,(B+C) = A\\,B + A\\,C", "multiply out", product_of_sum, small=True),
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
        named(
            "inner_softmax",
            "\\langle A, P\\odot(B - (P\\odot B)\\mathbf 1\\mathbf 1^\\top)\\rangle "
            "= \\langle P\\odot(A - (P\\odot A)\\mathbf 1\\mathbf 1^\\top), B\\rangle",
            "the derivative of the softmax is symmetric",
            softmax_moved,
        ),
        named("inner_hadamard", "\\langle A,B\\odot C\\rangle = \\langle A\\odot B,C\\rangle", "{}", hadamard_moved),
        named("inner_moved", "\\langle A,B\\,dX\\,C\\rangle = \\langle B^\\top A\\,C^\\top,dX\\rangle", "{}", moved),
        named("inner_factors_moved", "\\langle A,B\\,X\\,C\\rangle = \\langle B^\\top A\\,C^\\top,X\\rangle", "{}", factors_moved),
        named("number_as_inner", "a^\\top dX\\,b = \\langle a\\,b^\\top, dX\\rangle", "{}", number_as_inner),
        named("product_as_inner", "a^\\top C\\,b = \\langle a\\,b^\\top, C\\rangle", "{}", product_as_inner),
        named("ones_left_out", "1 \\odot A = A", "the entries times 1", ones_left_out, small=True),
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
            opened = (v.transposed(f) for f in reversed(inner_factors))
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
