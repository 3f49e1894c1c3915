"""Canonical names for bound indices: the least text over the orders that colour refinement leaves open.

Any one-to-one renaming is sound, so a bad labelling can miss a proof but never prove a false claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from symderiv.decide.indexed.polynomials import Atom, Mono, Poly, components
from symderiv.decide.indexed.whole import Index, Whole
from symderiv.decide.verdict import Unsupported

if TYPE_CHECKING:
    from symderiv.decide.indexed.normal import Normal

MOST_ORDERS: Final = 5040
"""How many orders of symmetric indices are looked at."""
Colours = Mapping[str, str]
Powers = tuple[tuple[Atom, Fraction], ...]


def signature(a: Atom, colours: Colours) -> str:
    """The text of an atom with each bound index replaced by its colour: unchanged by renaming."""
    match a.kind:
        case "entry":
            slots = [_shown(w, colours) for w in a.args]
            return f"{a.name.name}" + ",".join(sorted(slots) if a.name.symmetric else slots)
        case "number":
            return f"#{colours.get(a.name, a.name)}"
        case "delta":
            return "d" + _unsigned(a.args[0], colours)
        case "range":
            return "r" + _shown(a.args[0], colours)
        case "function" | "base":
            return f"{a.name}" + "".join(_poly_signature(p, colours) for p in a.args)
        case "inv" | "det":
            m, r, c, *at = a.args
            inner = {x: k for x, k in colours.items() if x not in (r.name, c.name)}
            return (
                a.kind + _poly_signature(m, {**inner, r.name: "@", c.name: "@"}) + ",".join(sorted(_shown(w, colours) for w in at))
            )
        case "max" | "product":
            body, own = a.args
            return a.kind + _poly_signature(body, {**colours, own.name: "@"})
        case "call":
            arguments, by = a.args
            inside = [_poly_signature(p, {**colours, **{i.name: f"@{k}" for k, i in enumerate(own)}}) for own, p in arguments]
            return f"{a.name}{inside}{sorted((k, tuple(_shown(w, colours) for w in at)) for k, at in by)}"
    return a.key


def _shown(w: Whole, colours: Colours) -> str:
    if w.name is not None:
        return _coloured(w.name, colours)
    parts = sorted((sorted(_coloured(x, colours) for x in m), str(c)) for m, c in w.terms)
    return str(parts)


def _coloured(x: str, colours: Colours) -> str:
    return colours.get(x) or ("*" if x[0] == "%" else x)


def _unsigned(w: Whole, colours: Colours) -> str:
    return min(_shown(w, colours), _shown(-w, colours))


def _poly_signature(p: Poly, colours: Colours) -> str:
    parts = []
    for m, c in p.terms.items():
        inner = {x: k for x, k in colours.items() if x not in m.names}
        parts.append(f"{abs(c)}" + "*".join(sorted(f"{signature(a, inner)}^{e}" for a, e in m.factors)))
    return "(" + "+".join(sorted(parts)) + ")"


def _orders(sizes: Mapping[str, Index], names: tuple[str, ...], factors: Powers) -> Iterator[list[str]]:
    """Candidate orders of the bound indices of one component: refine, then set one tied index apart and refine again."""
    budget = [MOST_ORDERS]

    def refine(colours: dict[str, str]) -> dict[str, str]:
        while True:
            text = {}
            for i in names:
                mine = {**colours, i: "#" + colours[i]}
                text[i] = repr((colours[i], sorted(f"{signature(a, mine)}^{e}" for a, e in factors if i in a.free)))
            ranks = {t: f"<{k}>" for k, t in enumerate(sorted(set(text.values())))}
            new = {i: ranks[text[i]] for i in names}
            if len(ranks) == len(set(colours.values())):
                return new
            colours = new

    def search(colours: dict[str, str]) -> Iterator[list[str]]:
        cells: dict[str, list[str]] = {}
        for i in names:
            cells.setdefault(colours[i], []).append(i)
        tied = next((cells[c] for c in sorted(cells) if len(cells[c]) > 1), None)
        if tied is None:
            budget[0] -= 1
            if budget[0] < 0:
                raise Unsupported("too many symmetric indices")
            yield sorted(names, key=lambda i: int(colours[i][1:-1]))
            return
        for i in tied:
            yield from search(refine({**colours, i: colours[i] + "!"}))

    yield from search(refine({i: f"<{sizes[i].size}>" for i in names}))


def label(n: Normal, bound: tuple[Index, ...], factors: Mapping[Atom, Fraction]) -> Poly:
    """The monomial with canonical bound names, component by component.

    If two orders give the same text with different signs, the monomial is its own negative: zero.
    """
    sizes = {i.name: i for i in bound}
    height = 1 + max((a.height for a in factors), default=-1)
    done: list[tuple[str, list[str]]] = []
    for names, atoms in components(sizes, factors.items()):
        if not names:
            continue
        best: dict[str, tuple[list[str], Fraction]] = {}
        for order in [list(names)] if len(names) == 1 else _orders(sizes, names, atoms):
            n.setting.budget.check()
            c, renamed = n.injective(atoms, _canonical(order, height))
            key = Mono(tuple(Index(f"%{height}.{k}", sizes[x].size) for k, x in enumerate(order)), renamed).key
            if key in best and best[key][1] != c:
                return Poly({})
            best.setdefault(key, (order, c))
        key = min(best)
        done.append((key, best[key][0]))
    order = [x for _, names in sorted(done) for x in names]
    c, renamed = n.injective(tuple(factors.items()), _canonical(order, height))
    return Poly({Mono(tuple(Index(f"%{height}.{k}", sizes[x].size) for k, x in enumerate(order)), renamed): c})


def _canonical(order: list[str], height: int) -> dict[str, Whole]:
    return {x: Whole.letter(f"%{height}.{k}") for k, x in enumerate(order)}
