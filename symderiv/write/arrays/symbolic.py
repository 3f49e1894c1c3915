"""What is put in before a term with arrays goes to SymPy: definitions, functions of numbers as maps over arrays."""

from __future__ import annotations

from symderiv.terms import FUNCTIONS, ONE, Context, Div, Fn, Lambda, Mul, Prime, Shape, Sym, Term, fresh_name
from symderiv.terms.shapes import is_number, shape
from symderiv.terms.sympy_arrays import MAP
from symderiv.write.arrays.formula import derived, scalar_definition
from symderiv.write.arrays.program import opened


def with_maps(term: Term, context: Context) -> Term:
    """The term with everything put in that SymPy would not know."""
    body, context = opened(term, context)
    done: dict[Term, Term] = {}
    for t in body.postorder():
        new = t.rebuild(done[c] for c in t.children) if t.children else t
        done[t] = _function(t, new, context) if isinstance(t, (Fn, Prime)) else new
    return done[body]


def _function(t: Fn | Prime, new: Term, context: Context) -> Term:
    """A function of a number by its formula; of an array as a map."""
    known = derived(t.name, t.orders, context, t) if isinstance(t, Prime) else scalar_definition(t.name, context)
    array = [not is_number(shape(u, context)) for u in t.children]
    if not any(array):
        return new if known is None else with_maps(known.opened(new.children), context)
    if known is None and t.name == "softmax" and t.name not in context.definitions:
        return _softmax(new.children[0], shape(t.children[0], context), context)
    if known is None and (t.name not in FUNCTIONS or len(t.children) != 1):
        return new
    (u,) = new.children
    x = _letter(u, context)
    body = Fn(t.name, x) if known is None else with_maps(known.opened((x,)), context)
    return Fn(MAP, Lambda(body, x), u)


def _softmax(u: Term, sizes: Shape, context: Context) -> Term:
    """e^{u_ij} / Σ_k e^{u_ik} for every row of a matrix, e^{u_i} / Σ_k e^{u_k} for a column."""
    x = _letter(u, context)
    exponentials = Fn(MAP, Lambda(Fn("exp", x), x), u)
    if len(sizes) == 1 or sizes[1] == ONE:
        return Div(exponentials, Fn("inner", Fn("ones", sizes[0]), exponentials))
    ones = Fn("ones", sizes[1])
    return Div(exponentials, Mul(exponentials, ones, Fn("transpose", ones)))


def _letter(u: Term, context: Context) -> Sym:
    taken = u.free | {*context.sorts}
    return Sym(fresh_name("x", taken) if "x" in taken else "x")
