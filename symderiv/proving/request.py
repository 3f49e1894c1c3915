"""Proofs asked for by the name of a theorem, or by a recursion of which the closed form is to be found."""

from __future__ import annotations

from symderiv.catalogue.theorems import THEOREMS
from symderiv.decide.sequences import DESCENDING, closed_form, system_of
from symderiv.derive.induction import Proof, Proposition
from symderiv.derive.induction import prove as proved
from symderiv.errors import NoDerivation, ReadError, UnknownName
from symderiv.read import let
from symderiv.terms import Context, Entry, Relation, Sort, Sym, index, number

WRITTEN_OUT = 3
"""Members that are written out before a closed form is found."""


def prove(name: str) -> Proof:
    """The proof of a theorem of the book.

    Raises UnknownName for a theorem that is not there.

    >>> prove("geometric-sum").leaps()
    ()
    """
    if name not in THEOREMS:
        raise UnknownName.among("theorem", name, THEOREMS)
    return proved(THEOREMS[name].proposition)


def discovered(recursion: str, declarations: str = "", name: str = "") -> Proof:
    """The closed form of a sequence, read off its first members, and the proof by induction that it is right.

    `recursion` gives a first member and the rule, `h_0 = x, h_l = W_l h_{l-1} + b_l`; `name` the sequence, if there are several.
    Raises ReadError where no recursion is given, NoDerivation where a member does not depend on the one before in a linear way.

    >>> print(discovered("x_0 = c, x_n = 2 x_{n-1}").proposition.relation)
    x[N] = 2^N*c
    """
    context = _context(recursion, declarations).assume(DESCENDING)
    system = system_of(context)
    found = [n for n in system.recursions if system.is_recursive(n) and (not name or n == name)]
    if not found:
        raise ReadError(
            "no sequence is defined by recursion here", hint="give a first member and the rule: x_0 = c, x_n = a x_{n-1} + b"
        )
    form = closed_form(system, found[-1])
    if form is None:
        raise NoDerivation(
            f"no closed form of {found[-1]} was found", hint="a member must depend on the one before in a linear way: A h_{l-1} + b"
        )
    (letter,) = form.parameters
    ((start, _),) = system.recursions[found[-1]].bases.items()
    first = int(start.value or 0)
    if letter not in context.sorts:
        context = context.declare(letter, Sort("integer"))
    context = context.assume(Relation("≥", Sym(letter), number(first)))
    member = Entry(Sym(found[-1]), Sym(letter))
    proposition = Proposition(f"The closed form of {found[-1]}", context, letter, member, form.body, first)
    return proved(proposition, cases=WRITTEN_OUT)


def _context(recursion: str, declarations: str) -> Context:
    """The declarations and the recursion; an index of which nothing is said runs over 1 … N."""
    context = Context()
    for letter in ("l", "n", "k", "t", "s", "m", "i", "j"):
        if (
            f"_{letter} " in f"{recursion} {declarations} "
            or f"_{{{letter}}}" in recursion + declarations
            or f"_{letter}=" in recursion
        ):
            context = context.declare(letter, index(number(1), Sym("N")))
    if context.sorts:
        context = context.declare("N", Sort("integer"))
    if declarations:
        context = let(declarations, context)
    return let(recursion, context, latex=True)
