"""Letters that an equation of the context determines: "let a be the number with a b = c" says that a = c / b where b is not 0."""

from __future__ import annotations

from symderiv.check.scope import Scope, derivatives_in, name_of
from symderiv.decide import decide_relation
from symderiv.decide.opened import is_scalar
from symderiv.errors import SymderivError
from symderiv.terms import ONE, ZERO, Add, Context, Div, Entry, Mul, Neg, Relation, Sym, Term, minus, over, plus, replace


def determined(letter: Term, scope: Scope) -> Term | None:
    """What an assumed equation says that a letter or an entry is; None where none determines it.

    The equation has to be of degree one in the letter, with a factor that is different from zero by the assumptions.
    """
    bare = letter.bare
    if not isinstance(bare, (Sym, Entry)) or scope.is_defined(letter) or name_of(letter) in scope.context.definitions:
        return None
    for fact in scope.context.assumptions:
        if isinstance(fact, Relation) and fact.op == "=" and bare not in (fact.left, fact.right):
            found = _solved(bare, fact, scope.here)
            if found is not None:
                return found
    return None


def with_determined(left: Term, right: Term, scope: Scope) -> tuple[Term, Term]:
    """Both sides with what is determined put in, where the left side is that itself."""
    value = determined(left, scope)
    if value is None:
        return left, right

    def put(t: Term) -> Term | None:
        return value if t == left else None

    return value, replace(right, put)


def _solved(letter: Term, fact: Relation, context: Context) -> Term | None:
    factor, rest = _linear(minus(fact.left, fact.right), letter) or (None, ZERO)
    if factor is None or not is_scalar(fact, context) or derivatives_in(fact):
        return None
    try:
        known = decide_relation(Relation("≠", factor, ZERO), context).kind == "proved"
    except SymderivError:
        return None
    return over(Neg(rest), factor) if known else None


def _linear(term: Term, letter: Term) -> tuple[Term | None, Term] | None:
    """A term as factor · letter + rest, the factor None where the letter does not occur; None where it is not of degree one."""
    if term == letter:
        return ONE, ZERO
    inside = [c for c in term.children if letter in set(c.postorder())]
    if not inside:
        return None, term
    splits = [_linear(c, letter) for c in term.children]
    if any(s is None for s in splits):
        return None
    parts = [s for s in splits if s is not None]
    factors, rests = [f for f, _ in parts if f is not None], [r for _, r in parts]
    match term:
        case Add():
            return plus(*factors), plus(*rests)
        case Neg():
            return Neg(factors[0]), Neg(rests[0])
        case Mul() | Div() if len(factors) == 1 and (isinstance(term, Mul) or parts[0][0] is not None):
            return type(term)(*(r if f is None else f for f, r in parts)), type(term)(*rests)
    return None
