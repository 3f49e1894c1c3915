"""One order for all ways to write a sum or a product: terms that share it differ in order and in names of indices only."""

from __future__ import annotations

from symderiv.terms.substitute import substitute
from symderiv.terms.term import Add, Binder, Mul, Neg, Sym, Term


def ordered(term: Term) -> Term:
    """The term with every sum and product flat and in a fixed order, at every depth, and with indices renamed. A term remembers it.

    >>> from symderiv.terms import Sym, Num
    >>> x = Sym("x")
    >>> ordered(Add(x, Num(1))) == ordered(Add(Num(1), x))
    True
    """
    term = term.bare
    if term.ordered is None:
        for t in term.postorder():
            if t.ordered is None:
                t.remember_order(_in_order(t))
    assert term.ordered is not None
    return term.ordered


def _in_order(t: Term) -> Term:
    if not t.children:
        return t
    children = [c.ordered for c in t.children if c.ordered is not None]
    if isinstance(t, (Add, Mul)):
        kind = type(t)
        flat = [s for c in children for s in (c.children if isinstance(c, kind) else (c,))]
        return kind.make(None, tuple(sorted(flat, key=_place)))
    if isinstance(t, Binder):
        return _with_usual_index(t, children)
    return t.rebuild(children)


def _with_usual_index(t: Binder, children: list[Term]) -> Term:
    """The sum or product over an index that is named by how many of them stand inside: names of indices do not matter."""
    height = 1 + sum(isinstance(s, Binder) for s in children[0].postorder())
    name = f"index_{height}"
    inside = (substitute(c, {t.index.name: Sym(name)}) if scoped else c for c, scoped in zip(children, t.scopes, strict=True))
    return type(t).make((name, *t.data[1:]), tuple(inside))


def _place(t: Term) -> tuple[bool, int]:
    return isinstance(t, Neg), t.digest
