"""Formulas of scores for a number of classes and networks: families become letters, sums are written out.

`p` are the probabilities of the first network, as p^(1); class a is the first, class b the second.
"""

from __future__ import annotations

from symderiv.terms import ONE, ZERO, Entry, Fn, Layer, Num, Sum, Sym, Term, number, over, plus, substitute, value


def letters(classes: int, networks: int) -> list[list[str]]:
    """The names of the probabilities: those of the first network are a_1, a_2, …"""
    return [[f"{chr(ord('a') + m)}_{k + 1}" for k in range(classes)] for m in range(networks)]


def instance(formula: Term, classes: int, networks: int, k: int = 1) -> Term:
    """The formula with K, M, a, b and its free index k put in; the formulas are those of the rows, so their depth is small."""
    numbers = {"a": Num(1), "b": Num(2), "K": Num(classes), "M": Num(networks), "k": Num(k)}
    return _written_out(substitute(formula, numbers), letters(classes, networks))


def _written_out(t: Term, names: list[list[str]]) -> Term:
    if isinstance(t, Sum):
        last = len(names) if t.index.name in ("m", "n") else len(names[0])
        return plus(*(_written_out(substitute(t.body, {t.index.name: Num(n)}), names) for n in range(1, last + 1)))
    if isinstance(t, Fn) and t.name == "delta":
        return ONE if t.children[0] == t.children[1] else ZERO
    if isinstance(t, Entry):
        return _entry(t, names)
    return t.rebuild(_written_out(c, names) for c in t.children) if t.children else t


def _entry(t: Entry, names: list[list[str]]) -> Term:
    at = value(t.indices[0])
    if at is None:
        raise ValueError(f"the index of {t} is not a number")
    k = int(at) - 1
    match t.family:
        case Layer() as layer:
            network = value(layer.number)
            if network is None:
                raise ValueError(f"the network of {t} is not a number")
            return Sym(names[int(network) - 1][k])
        case Sym("bar(p)"):
            return over(plus(*(Sym(row[k]) for row in names)), number(len(names)))
        case Sym("p"):
            return Sym(names[0][k])
    raise ValueError(f"{t} stands for nothing")
