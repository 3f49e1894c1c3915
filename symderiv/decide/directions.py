"""Differentials as derivatives along lines: dL is the derivative of L(X + ε V) at ε = 0, V standing for dX.

Source: Magnus, Neudecker (1999), Matrix Differential Calculus, chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from symderiv.terms import ZERO, Add, Context, Derivative, Fn, Lambda, Mul, Prime, Sym, Term, fresh_name, replace, substitute


def differentials_in(terms: Iterable[Term]) -> list[Term]:
    """What the differential is taken of, at each place."""
    return [s.children[0] for t in terms for s in t.postorder() if isinstance(s, Fn) and s.name == "differential"]


def varying_letters(terms: Sequence[Term], context: Context) -> tuple[str, ...] | None:
    """The letters without a definition whose own differential is written; None where that does not say what varies.

    It does not where a differential is taken of a differential, or of a letter or function that is defined by what cannot be put in.
    """
    found: dict[str, None] = {}
    for u in differentials_in(terms):
        if differentials_in((u,)):
            return None
        if isinstance(u.bare, Sym) and u.bare.name not in context.definitions:
            found[u.bare.name] = None
    for u in differentials_in(terms):
        for s in opened(u, context).postorder():
            if isinstance(s, Sym) and s.name in context.definitions:
                return None
            if isinstance(s, (Fn, Prime)) and s.name in context.definitions:
                definition = context.definitions[s.name]
                if (definition.body.free - set(definition.parameters)) & (set(found) | set(context.definitions)):
                    return None
    return tuple(found)


def opened(term: Term, context: Context) -> Term:
    """The term with the definitions of letters put in, as deep as they go."""

    def change(t: Term) -> Term | None:
        definition = context.definitions.get(t.name) if isinstance(t, Sym) else None
        usable = definition is not None and not definition.parameters and not isinstance(definition.body, Lambda)
        return definition.body if definition is not None and usable else None

    for _ in context.definitions:
        changed = replace(term, change)
        if changed == term:
            break
        term = changed
    return term


def along_lines(terms: Sequence[Term], letters: Sequence[str], context: Context) -> tuple[tuple[Term, ...], Context]:
    """The terms with every differential as what it means, the letters varying independently of each other and nothing else.

    An equation that holds so holds for letters that depend on one another, too.
    """
    taken = {name for t in terms for name in t.free} | set(context.sorts) | set(letters)
    epsilon = fresh_name("epsilon", taken)
    directions: dict[str, str] = {}
    for letter in letters:
        directions[letter] = fresh_name("V", taken)
        taken.add(directions[letter])
    moved = {x: Add(Sym(x), Mul(Sym(epsilon), Sym(v))) for x, v in directions.items()}

    def meant(t: Term) -> Term | None:
        if not (isinstance(t, Fn) and t.name == "differential"):
            return None
        u = opened(t.children[0], context)
        if isinstance(u, Sym) and u.name in directions:
            return Sym(directions[u.name])
        return Derivative(substitute(u, moved), Sym(epsilon), 1, ZERO)

    for letter, direction in directions.items():
        context = context.declare(direction, context.sort(letter))
    return tuple(replace(t, meant) for t in terms), context
