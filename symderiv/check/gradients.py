r"""\nabla L and \nabla^2 L without a letter: by which letter the derivative is taken, where the document says it.

Also in words: "the Hessian of $L$ is $H = X^\top D X$" claims that \nabla^2 L is X^\top D X.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from symderiv.check.scope import Scope
from symderiv.errors import ShapeError
from symderiv.read import statements
from symderiv.read.vocabulary import KNOWN
from symderiv.terms import FUNCTIONS, Definition, Derivative, Fn, Span, Sym, Term
from symderiv.terms import replace as replaced
from symderiv.terms.shapes import same_shape, shape

_ORDERS: Final = {"gradient": 1, "hessian": 2}

_IN_WORDS: Final = re.compile(
    r"(?:^|[,:;]\s*|\b(?:so|then|thus|hence|therefore|that|and)\s+)the\s+(?P<what>gradient|hessian)(?:\s+(?:matrix|vector))?\s+of\s+§"
    r"(?P<by>\s+(?:with respect to|by)\s+§)?\s+(?:is|equals|reads)(?:\s+(?:given\s+by|equal\s+to))?\s*[:,]?\s*$",
    re.IGNORECASE,
)
"""Words before the formula that the gradient or the Hessian of the formula before it is, § standing for formulas."""


def in_words(before: str, formulas: Sequence[Span], scope: Scope) -> Term | None:
    """The gradient or Hessian of which the words right before a formula say that it is what the formula writes."""
    said = _IN_WORDS.search(before.strip())
    if said is None or len(formulas) < 1 + (said["by"] is not None):
        return None
    of, *by = (_term(span, scope) for span in formulas[-1 - (said["by"] is not None) :])
    if of is None:
        return None
    if not by:
        found = with_letters(Fn(said["what"].lower(), of), scope)
        return found if isinstance(found, Derivative) else None
    return Derivative(of, by[0], _ORDERS[said["what"].lower()]) if isinstance(by[0], Sym) else None


def _term(span: Span, scope: Scope) -> Term | None:
    """What a formula writes that is one term."""
    found = statements(span, scope.here, latex=True)
    sides = found[0].sides if len(found) == 1 and not found[0].relations else ()
    return sides[0].bare if len(sides) == 1 and isinstance(sides[0], Term) else None


def with_letters(term: Term, scope: Scope) -> Term:
    r"""The term with every \nabla f(w) and \nabla^2 f(w) as a derivative, where one letter only can be meant."""

    def taken(t: Term) -> Term | None:
        candidates = _candidates(t, scope)
        return _by(t, candidates[0], scope) if len(candidates) == 1 else None

    if not any(_candidates(t, scope) for t in term.bare.postorder()):
        return term
    return replaced(term, taken).at(term.span)


def readings(left: Term, right: Term, scope: Scope) -> list[tuple[str, Term, Term]]:
    """The sides with the gradients that are left taken by each of the vectors and matrices that may be meant, with its name."""
    found = [c for side in (left, right) for t in side.bare.postorder() for c in _candidates(t, scope)]
    letters = [x for x in dict.fromkeys(found) if scope.here.sort(x).shape]

    def by(side: Term, letter: str) -> Term:
        return replaced(side, lambda t: _by(t, letter, scope) if letter in _candidates(t, scope) else None)

    return [(x, by(left, x), by(right, x)) for x in letters]


def _candidates(t: Term, scope: Scope) -> list[str]:
    """The letters by which the gradient may be meant; none for what is no gradient."""
    if not (isinstance(t, Fn) and t.name in _ORDERS and len(t.children) == 1) or t.name in scope.here.definitions:
        return []
    definition = _function(t.children[0], scope)
    if definition is not None and definition.parameters:
        return [*definition.parameters] if len(definition.parameters) == 1 and _fits(t.children[0], definition, scope) else []
    if not isinstance(t.children[0], Sym):
        return []
    context = scope.here
    return sorted(
        x
        for x in scope.reached(t.children[0])
        if x not in FUNCTIONS
        and x not in KNOWN
        and not context.is_function(x)
        and not context.is_size(x)
        and context.sort(x).bounds is None
    )


def _fits(body: Term, definition: Definition, scope: Scope) -> bool:
    """Whether the point at which the gradient is taken has the size of the letter of the function: 0 need not be a number."""
    if isinstance(body, Sym):
        return True
    try:
        found = shape(body.children[0], scope.here)
    except ShapeError:
        return False
    return same_shape(found, scope.here.sort(definition.parameters[0]).shape)


def _function(body: Term, scope: Scope) -> Definition | None:
    """The definition of what the gradient is taken of."""
    return scope.here.definitions.get(body.name) if isinstance(body, (Fn, Sym)) else None


def _by(t: Term, letter: str, scope: Scope) -> Term:
    """The derivative of L, f or f(u) by its letter; of f(u) at u."""
    assert isinstance(t, Fn)
    order, body = _ORDERS[t.name], t.children[0]
    definition = _function(body, scope)
    if definition is None or not definition.parameters:
        return Derivative(body, Sym(letter), order)
    point = body.children[0] if isinstance(body, Fn) else Sym(letter)
    if isinstance(point, Sym) and point.name not in scope.here.definitions:
        return Derivative(Fn(definition.name, point), point, order)
    return Derivative(definition.head, Sym(letter), order, point)
