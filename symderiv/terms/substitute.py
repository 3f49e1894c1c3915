"""Substitution that cannot capture, and the definitions of named functions put in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symderiv.terms.term import Binder, Fn, Sym, Term


def substitute(term: Term, values: Mapping[str, Term]) -> Term:
    """Every free symbol of `values` replaced by its value, all at once.

    A bound variable is renamed where it would capture a value.

    >>> from symderiv.terms import Sum, Entry, Sym, Fn
    >>> body = Fn("exp", Entry(Sym("z"), Sym("k")))
    >>> substitute(Sum(body, Sym("k")), {"z": Sym("k")}).index
    Sym('k_1')
    """
    live = {name: t for name, t in values.items() if name in term.free}
    if not live:
        return term
    done: dict[Term, Term] = {}
    stack: list[Term] = [term]
    while stack:
        t = stack[-1]
        if t in done:
            stack.pop()
        elif isinstance(t, Sym):
            done[t] = live.get(t.name, t)
            stack.pop()
        elif not any(name in t.free for name in live):
            done[t] = t
            stack.pop()
        elif t.bound is not None:
            done[t] = _under_binder(t, live)
            stack.pop()
        elif missing := [c for c in t.children if c not in done]:
            stack.extend(reversed(missing))
        else:
            done[t] = t.rebuild(done[c] for c in t.children)
            stack.pop()
    return done[term]


def _under_binder(t: Term, values: Mapping[str, Term]) -> Term:
    bound = t.bound
    assert bound is not None
    inner: dict[str, Term] = {name: v for name, v in values.items() if name != bound}
    inside = [c for c, scoped in zip(t.children, t.scopes, strict=True) if scoped]
    used = {name for c in inside for name in c.free}
    arriving = {name for key, v in inner.items() if key in used for name in v.free}
    name = bound
    if bound in arriving:
        name = fresh_name(bound, used | arriving)
        inner[bound] = Sym(name)
    children = tuple(substitute(c, inner if scoped else values) for c, scoped in zip(t.children, t.scopes, strict=True))
    return type(t).make((name, *t.data[1:]), children)


def renamed(binder: Binder, name: str) -> Binder:
    """The same sum or product over another index."""
    inside = [
        substitute(c, {binder.index.name: Sym(name)}) if scoped else c
        for c, scoped in zip(binder.children, binder.scopes, strict=True)
    ]
    return type(binder).make((name, *binder.data[1:]), tuple(inside))


def fresh_name(name: str, taken: set[str] | frozenset[str]) -> str:
    """A name like `name` that is not taken: k, k_1, k_2, …"""
    stem = name.split("_")[0]
    n = 1
    while f"{stem}_{n}" in taken:
        n += 1
    return f"{stem}_{n}"


def replace(term: Term, change: Callable[[Term], Term | None]) -> Term:
    """Bottom-up, every distinct subterm for which `change` gives a term replaced by it; None leaves it as it is.

    The replacement must not depend on what a binder above binds: for letters use `substitute`.
    """
    done: dict[Term, Term] = {}
    for t in term.postorder():
        children = tuple(done[c] for c in t.children)
        same = all(a is b for a, b in zip(children, t.children, strict=True))
        new = t if same else t.rebuild(children)
        changed = change(new)
        done[t] = new if changed is None else changed
    return done[term]


def names_of_functions(term: Term) -> list[str]:
    """The names of all functions that are applied in the term, each once, in the order in which they first occur."""
    return list(dict.fromkeys(t.name for t in term.preorder() if isinstance(t, Fn)))
