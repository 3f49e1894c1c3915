"""Linear maps of dx: the differential of a vector is brought to the form J dx, in which J is the Jacobian.

a ⊙ u = diag(a) u, ⟨a, u⟩ = aᵀu, numbers change places with vectors, A dx + B dx = (A + B) dx and dx = I dx.
Matrices do not commute, so nothing else touches the order of factors.
Source: Magnus, Neudecker (1999), Matrix Differential Calculus, chapters 5 and 9.
"""

from __future__ import annotations

from collections.abc import Mapping

from symderiv.rules.differentials import A, B, Varying, d, inner, named
from symderiv.rules.inner_products import inner_products
from symderiv.rules.step import Rewrite, Rule
from symderiv.terms import Add, Definition, Div, Fn, Mul, Neg, Num, Prime, Relation, Sym, Term, neg, plus, times
from symderiv.terms.shapes import shape

SHARED = ("product_of_sum", "transpose_of_sum", "ones_left_out")
"""Rules of inner products that are of use here, too."""
TIDY = ("numbers_first", "calculated_in_order", "like_terms_in_order")

X = Sym("x")


def linear_maps(v: Varying) -> tuple[Rule, ...]:
    """The rules that bring the differential of a vector, once it is taken apart, to the form J dx.

    Numbers go to the end of a product before they are written as products themselves: A (aᵀ dx) x has no meaning without brackets, A x aᵀ dx has.
    """

    def moving(t: Term) -> bool:
        return t.contains(v.step)

    def inner_as_product(t: Term) -> Rewrite | None:
        match t:
            case Fn("inner", (a, b)) if moving(t) and len(shape(a, v.context)) == 1:
                if moving(a):
                    a, b = b, a
                return Rewrite(times(v.turned(a), b), (), (Relation("=", inner(A, B), Mul(Fn("transpose", A), B)),))
        return None

    def hadamard_as_diagonal(t: Term) -> Rewrite | None:
        match t:
            case Fn("hadamard", args) if moving(t) and len(shape(t, v.context)) == 1:
                inside = [s for s in args if moving(s)]
                rest = [s for s in args if not moving(s)]
                if len(inside) == 1 and rest:
                    factor = rest[0] if len(rest) == 1 else Fn("hadamard", *rest)
                    law = Relation("=", Fn("hadamard", A, d(X)), Mul(Fn("diag", A), d(X)))
                    return Rewrite(times(Fn("diag", factor), inside[0]), (), (law,))
        return None

    def row_turned(t: Term) -> Rewrite | None:
        if not isinstance(t, Mul):
            return None
        args = t.children
        for k, f in enumerate(args):
            if isinstance(f, Fn) and f.name == "transpose" and moving(f):
                for m in range(k + 1, len(args)):
                    part = times(*args[k : m + 1])
                    if v.number(part):
                        law = Relation("=", Mul(Fn("transpose", A), B), Mul(Fn("transpose", B), A))
                        return Rewrite(times(*args[:k], v.transposed(part), *args[m + 1 :]), (), (law,))
        return None

    def number_last(t: Term) -> Term | None:
        if not isinstance(t, Mul):
            return None
        args = t.children
        at = [k for k, f in enumerate(args) if moving(f)]
        if len(at) != 1 or at[0] == len(args) - 1:
            return None
        k = at[0]
        if v.number(times(*args[k + 1 :])):
            return times(*args[k + 1 :], *args[: k + 1])
        for j in range(k, -1, -1):
            if v.number(times(*args[j : k + 1])):
                return times(*args[:j], *args[k + 1 :], *args[j : k + 1])
        return None

    def together(t: Term) -> Rewrite | None:
        found = linear_map(t, v) if isinstance(t, (Add, Div, Mul)) else None
        if found is None or times(found, v.step) == t:
            return None
        law = Relation("=", Add(Mul(A, d(X)), Mul(B, d(X))), Mul(Add(A, B), d(X)))
        return Rewrite(times(found, v.step), (), (law,))

    common = {r.name: r for r in inner_products(v)}
    return (
        named("number_last", "(a^\\top dx)\\,b = b\\,a^\\top dx", "a number may stand behind a vector", number_last),
        named("inner_as_product", "\\langle a,b\\rangle = a^\\top b", "{}", inner_as_product),
        named("hadamard_as_diagonal", "a \\odot u = \\operatorname{diag}(a)\\,u", "{}", hadamard_as_diagonal),
        named("row_turned", "a^\\top b = b^\\top a", "{}", row_turned),
        *(common[name] for name in SHARED),
        *(common[name] for name in TIDY),
        named("maps_added", "A\\,dx + B\\,dx = (A+B)\\,dx", "{}", together),
    )


def linear_map(t: Term, v: Varying) -> Term | None:
    """J with t = J dx; None for anything else."""
    match t:
        case Neg(a):
            return None if (found := linear_map(a, v)) is None else neg(found)
        case Div(a, c) if not c.contains(v.step) and v.number(c):
            return None if (found := linear_map(a, v)) is None else Div(found, c)
        case Add(args):
            maps = [linear_map(a, v) for a in args]
            terms = [m for m in maps if m is not None]
            return plus(*terms) if len(terms) == len(maps) else None
        case Mul(args) if args[-1] == v.step and not any(a.contains(v.step) for a in args[:-1]):
            before = times(*args[:-1])
            return times(before, _identity(v)) if v.number(before) else before
    return _identity(v) if t == v.step else None


def _identity(v: Varying) -> Term:
    return Fn("identity", *shape(v.letter, v.context))


def entrywise_known(known: Mapping[str, Definition], v: Varying) -> Rule:
    """f'(u) of a vector u by what f' is known to be, entry by entry: σ'(u) = σ(u) ⊙ (1 − σ(u))."""

    def opened(t: Term) -> Rewrite | None:
        match t:
            case Prime(name, (1,), (u,)) if name in known and len(sizes := shape(u, v.context)) == 1:
                definition = known[name]
                body = _entry_by_entry(definition.body, definition.parameters[0], u, Fn("ones", *sizes))
                return None if body is None else Rewrite(body, (), (Relation("=", t, body),))
        return None

    return Rule("known_entry_by_entry", "f'(u)", "known, entry by entry: {}", "", opened, "x", heads=frozenset((Prime,)))


def _entry_by_entry(body: Term, letter: str, u: Term, ones: Term) -> Term | None:
    """A function of a number of every entry of u, in the operations of vectors; None for what they do not write."""
    if letter not in body.free:
        return ones if body == Num(1) else times(body, ones)
    match body:
        case Sym():
            return u
        case Neg(a):
            return None if (found := _entry_by_entry(a, letter, u, ones)) is None else neg(found)
        case Fn(name, (a,)):
            return None if (found := _entry_by_entry(a, letter, u, ones)) is None else Fn(name, found)
        case Add(args):
            sums = [_entry_by_entry(a, letter, u, ones) for a in args]
            terms = [s for s in sums if s is not None]
            return plus(*terms) if len(terms) == len(sums) else None
        case Mul(args):
            products = [_entry_by_entry(a, letter, u, ones) for a in args if letter in a.free]
            factors = [p for p in products if p is not None]
            if len(factors) < len(products):
                return None
            whole = factors[0] if len(factors) == 1 else Fn("hadamard", *factors)
            return times(*(a for a in args if letter not in a.free), whole)
    return None
