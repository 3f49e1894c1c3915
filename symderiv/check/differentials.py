"""Steps with differentials, dL = ⟨G, dX⟩: proved for every direction dX, in which what has no differential of its own is constant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from symderiv.check.doubts import array_as_number, doubt
from symderiv.decide import Verdict, along_lines, differentials_in, opened, varying_letters
from symderiv.terms import ZERO, Context, Fn, Relation, Sym, Term

if TYPE_CHECKING:
    from symderiv.check.scope import Scope

_UNMISTAKABLE: Final = re.compile(r"\\(mathrm|operatorname|text|mathop|rm|,|dd)|d\s*\\?[A-Za-z]")
"""How a differential is written that is no function d(x)."""

_CONSTANT: Final = frozenset(("constant", "fixed"))
_ALL_ELSE: Final = frozenset(("else", "other", "others", "but", "rest"))

Found = tuple[Verdict, tuple[Term, ...], str]
"""The verdict, the conditions under which it was reached, and why it is open."""


def judge_differentials(
    left: Term, relation: str, right: Term, context: Context, scope: Scope, decided: Callable[[Term, str, Term, Context], Verdict]
) -> Found:
    """The verdict on a step with differentials.

    Refuted only where one letter varies, both sides have a differential, and d cannot be a function: then every reading in which more varies
    has the witness, too.
    """
    sides = (left.bare, right.bare)
    letters = varying_letters((*sides, *scope.chain), context)
    if not letters:
        return Verdict("undecided"), (), "it is not said of which letters the differential is taken"
    meant, moved = along_lines(sides, letters, context)
    found = decided(meant[0], relation, meant[1], moved)
    constants = _constants(sides, letters, context)
    if (why := array_as_number(*sides, scope)) is not None:
        return Verdict("undecided"), (), why
    if found.kind == "proved":
        if constants and not _said(letters, scope, context):
            return Verdict("undecided"), (), f"it is not said whether {constants[0]} is constant"
        return found, tuple(Relation("=", Fn("differential", Sym(name)), ZERO) for name in constants), ""
    if found.kind == "refuted":
        if len(letters) > 1:
            return Verdict("undecided"), (), f"it is not said whether {' and '.join(letters)} depend on each other"
        if not all(differentials_in((side,)) for side in sides) or not _unmistakable(left, right):
            return Verdict("undecided"), (), "it is not certain that a differential is meant"
        if (why := doubt(sides[0], relation, sides[1], scope, ())) is not None:
            return Verdict("undecided"), (), why
    return found, (), "; ".join(found.tried)


def _constants(sides: tuple[Term, Term], letters: tuple[str, ...], context: Context) -> list[str]:
    """What stands in differentials, is neither a size nor an index, and does not vary."""
    inside = {name for u in differentials_in(sides) for name in opened(u, context).free}
    indices = {name for name in inside if context.sort(name).bounds is not None or context.is_size(name)}
    return sorted(inside - set(letters) - indices - set(context.definitions))


def _said(letters: tuple[str, ...], scope: Scope, context: Context) -> bool:
    """Whether the document says what varies: all else is constant, or a function of just these letters is defined."""
    if scope.mentioned & _CONSTANT and scope.mentioned & _ALL_ELSE:
        return True
    return any(set(letters) == set(d.parameters) for name, d in context.definitions.items() if name in scope.lines)


def _unmistakable(left: Term, right: Term) -> bool:
    """Whether some differential is written \\mathrm{d}… or dX, not d(x)."""
    written = (t.span for side in (left, right) for t in side.postorder() if isinstance(t, Fn) and t.name == "differential")
    return any(span is not None and _UNMISTAKABLE.match(span.text) is not None for span in written)
