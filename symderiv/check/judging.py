"""The verdict on one step, in the scope of the document: never refuted on a guess of what the letters mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from symderiv.check import gradients
from symderiv.check.differentials import judge_differentials
from symderiv.check.doubts import (
    another_meaning,
    array_as_number,
    doubt,
    layout_in_words,
    member_of_a_sequence,
    other_index,
    sign_in_words,
    unknown_derivative,
    unknown_shape,
    vanishing_derivative,
)
from symderiv.check.implicit import with_determined
from symderiv.check.restrictions import is_number_letter, restricted
from symderiv.check.rounding import judge_rounded
from symderiv.check.scope import EFFORT, Scope
from symderiv.decide import Verdict, decide, decide_relation, differentials_in, sequences
from symderiv.decide.indexed.setting import family_name
from symderiv.errors import SymderivError
from symderiv.terms import (
    FUNCTIONS,
    Context,
    Definition,
    Fn,
    Prime,
    Relation,
    Sym,
    Term,
)
from symderiv.terms import replace as replaced

if TYPE_CHECKING:
    from symderiv.catalogue import Row

DEEPEST: Final = 120
"""How deep a term may be nested that is still decided."""
_UNDECIDED_RELATIONS: Final = frozenset("≈∝∼≡→")


@dataclass(slots=True)
class Judgement:
    """A verdict, the conditions under which it was reached besides its own, and what was inferred."""

    verdict: Verdict
    conditions: tuple[Term, ...] = ()
    inferred: tuple[str, ...] = ()
    reason: str = ""


def judge(left: Term, relation: str, right: Term, scope: Scope) -> Judgement:
    """Whether a step holds in the scope. Undecided, with the reason, wherever it is not clear what the letters mean.

    A gradient of which it is not said by which letter it is taken is taken by the one by which the step is proved.
    """
    left, right = (gradients.with_letters(t, scope) for t in (left, right))
    found = _step(left, relation, right, scope)
    if found.verdict.kind != "undecided" or not (meant := gradients.readings(left, right, scope)):
        return found
    proofs = [(x, _step(a, relation, b, scope)) for x, a, b in meant]
    proved = [(x, j) for x, j in proofs if j.verdict.kind == "proved"]
    if len(proved) != 1:
        return replace(found, reason="it is not said by which letter the gradient is taken")
    letter, one = proved[0]
    return replace(one, inferred=(*one.inferred, f"the gradient is taken by {letter}"))


def _step(left: Term, relation: str, right: Term, scope: Scope) -> Judgement:
    written = (left, right)
    left, right = with_determined(scope.said(left).bare, scope.said(right).bare, scope)
    if relation not in Relation.NEGATED and relation not in _UNDECIDED_RELATIONS:
        return _undecided(f"relations with {relation} are not decided")
    if _too_deep(left) or _too_deep(right):
        return _undecided("the formula is nested too deeply")
    if relation in ("=", "≈") and (rounded := judge_rounded(left, right)) is not None:
        if rounded.kind == "refuted" and (why := doubt(left, relation, right, scope, ())) is not None:
            return _undecided(why, rounded)
        return Judgement(rounded, reason="; ".join(rounded.tried))
    if relation in _UNDECIDED_RELATIONS:
        return _undecided(f"relations with {relation} are not decided")
    context, inferred = with_catalogue(left, right, scope)
    context = relevant(context, left, right, scope)
    for unclear in (layout_in_words, sign_in_words, vanishing_derivative, other_index):
        if (why := unclear(left, right, scope)) is not None:
            return _undecided(why)
    if differentials_in((left, right)):
        scope.learn_arrays(left, right)
        verdict, conditions, why_open = judge_differentials(written[0], relation, written[1], context, scope, decided)
        return Judgement(verdict, conditions, inferred, why_open)
    found = decided(left, relation, right, context, scope.effort, equations={**scope.shown, **scope.equations})
    if found.kind != "proved" and (ruled := with_rules(context, left, right, scope)) is not context:
        context, found = ruled, decided(left, relation, right, ruled, scope.effort)
    scope.learn_arrays(left, right)
    if left != right and (why := array_as_number(left, right, scope)) is not None:
        return _undecided(why, found, inferred)
    if found.kind == "proved":
        return Judgement(found, inferred=inferred)
    if scope.equations and (again := _with_equations(left, relation, right, context, scope)) is not None:
        return Judgement(again, inferred=inferred)
    if scope.recent:
        recent = decided(left, relation, right, context.assume(*scope.recent))
        if recent.kind == "proved":
            return Judgement(recent, scope.recent, inferred)
    if found.kind == "refuted":
        for name, former in scope.former.items():
            before = decided(left, relation, right, context.define(name, former.parameters, former.body))
            if name in context.definitions and before.kind == "proved":
                return Judgement(before, inferred=(*inferred, f"{name} is taken as it was given first"))
        if scope.stale:
            afresh = without_stale(context, scope)
            again = decided(left, relation, right, afresh)
            if again.kind == "proved":
                return Judgement(again, inferred=inferred)
            if again.kind != "refuted":
                return _undecided("letters of an earlier section may mean something else here", again, inferred)
            found = again
        why = unknown_shape(found, left, right, scope) or member_of_a_sequence(found, left, right, scope)
        why = why or other_index(left, right, scope, refuted=True)
        if (why := why or doubt(left, relation, right, scope, inferred)) is not None:
            return _undecided(why, found, inferred)

        if not scope.is_defined(left) and (why := saved_by_words(left, relation, right, scope, context)) is not None:
            return _undecided(why, found, inferred)

        def holds(a: Term, b: Term) -> bool:
            return decided(a, relation, b, context).kind == "proved"

        if relation == "=" and (why := another_meaning(left, right, holds, scope)) is not None:
            return _undecided(why, found, inferred)
        return Judgement(found, inferred=inferred, reason=_why(found))
    return Judgement(found, inferred=inferred, reason=unknown_derivative(left, right, scope) or "; ".join(found.tried))


def saved_by_words(left: Term, relation: str, right: Term, scope: Scope, context: Context | None = None) -> str | None:
    """The words that are not understood and with which a refuted step may hold; None where there are none."""
    here = context or relevant(with_catalogue(left, right, scope)[0], left, right, scope)
    return restricted(left, right, here, scope, lambda a, b, there: decided(a, relation, b, there, scope.effort))


def _why(found: Verdict) -> str:
    """What the method of a refutation says besides that there is a counterexample: sizes that do not fit, the index at which it is."""
    at_an_index = found.method.startswith("counterexample, ")
    return found.method.removeprefix("counterexample, ") if at_an_index or found.method.startswith("the shapes do not fit") else ""


def _undecided(reason: str, found: Verdict | None = None, inferred: tuple[str, ...] = ()) -> Judgement:
    tried = found.tried if found is not None else ()
    return Judgement(Verdict("undecided", tried=tried), inferred=inferred, reason=reason)


def decided(
    left: Term,
    relation: str,
    right: Term,
    context: Context,
    effort: float = EFFORT,
    equations: Mapping[Term, Term] = MappingProxyType({}),
) -> Verdict:
    """The verdict of `decide` or `decide_relation`, undecided for what they refuse; `equations` may define sequences."""
    try:
        if relation == "=":
            verdict = decide(left, right, context, effort)
            open_still = verdict.kind == "undecided" or (verdict.kind == "proved" and verdict.conditions)
            if open_still and equations and sequences.concerns(left, right, context, equations):
                again = sequences.decide(left, right, context, decide, effort, equations)
                return verdict if again.kind == "undecided" else again
            return verdict
        return decide_relation(Relation(relation, left, right), context, effort, equations)
    except SymderivError as error:
        return Verdict("undecided", tried=(error.what,))
    except RecursionError:
        return Verdict("undecided", tried=("the formula is nested too deeply",))
    except Exception as fault:  # one claim must not hide the others of a document, so a fault is reported with its claim
        return Verdict("undecided", tried=(f"a fault of symderiv, please report it: {type(fault).__name__}: {fault}",))


def _with_equations(left: Term, relation: str, right: Term, context: Context, scope: Scope) -> Verdict | None:
    """The proof after the document's equations for single terms were put in, in either side."""

    def put(t: Term) -> Term | None:
        return scope.equations.get(t)

    a, b = left, right
    for _ in range(4):
        c, d = replaced(a, put), replaced(b, put)
        if (c, d) == (a, b):
            return None
        a, b = c, d
        if a == b:
            return Verdict("proved", "both sides are the same once the equations before are put in")
        verdict = decided(a, relation, b, context)
        if verdict.kind == "proved":
            return verdict
    return None


def _too_deep(term: Term) -> bool:
    depth: dict[Term, int] = {}
    for t in term.postorder():
        depth[t] = 1 + max((depth[c] for c in t.children), default=0)
    return depth[term] > DEEPEST


def relevant(context: Context, left: Term, right: Term, scope: Scope) -> Context:
    """The context with those assumptions only that share letters with the step, or with another one that does."""
    letters = scope.reached(left) | scope.reached(right) | left.free | right.free
    kept: set[Term] = {a for a in context.assumptions if isinstance(a, Fn) and a.name in ("layout", "product_order")}
    while True:
        more = {a for a in context.assumptions if a not in kept and a.free & letters}
        if not more:
            break
        kept |= more
        for a in more:
            letters |= a.free
    context = replace(context, assumptions=tuple(a for a in context.assumptions if a in kept))
    if not scope.everywhere:
        return context
    numbers = [Sym(n) for n in sorted(letters) if is_number_letter(n, context)]
    return context.assume(*(Relation(sign, x, value) for x in numbers for sign, value in scope.everywhere))


def with_rules(context: Context, left: Term, right: Term, scope: Scope) -> Context:
    """The context with what the document says of all entries of a form that a step has to do with: x_1^{(i)} = …"""
    letters = (scope.reached(left) | scope.reached(right) | left.free | right.free) - set(context.definitions)
    rules = tuple(Relation("=", head, body) for head, body in scope.rules.items() if family_name(head) in letters)
    return context.assume(*rules) if rules else context


def without_stale(context: Context, scope: Scope) -> Context:
    """The context without what was defined in an earlier section."""
    stale = {Relation("=", head, body) for head, body in scope.rules.items() if family_name(head) in scope.stale}
    definitions = {n: d for n, d in context.definitions.items() if n not in scope.stale}
    return replace(context, definitions=definitions, assumptions=tuple(a for a in context.assumptions if a not in stale))


# ---------------------------------------------------------------------------------------------------------- catalogue
def with_catalogue(left: Term, right: Term, scope: Scope) -> tuple[Context, tuple[str, ...]]:
    """The context with the functions of the catalogue that the step names and the document does not define, and what is said of it."""
    context, said = scope.here, []
    names = {t.name for side in (left, right) for t in side.postorder() if isinstance(t, (Fn, Prime))}
    for name in [*names]:
        definition = context.definitions.get(name)
        if definition is not None:
            names |= {t.name for t in definition.body.postorder() if isinstance(t, (Fn, Prime))}
    for name in sorted(names):
        if name in FUNCTIONS or name in context.definitions:
            continue
        definition = catalogue_definition("sigmoid" if name == "sigma" else name)
        if definition is None:
            continue
        context = context.define(name, definition.parameters, definition.body)
        said.append(f"{name} is taken as the {definition.name} of the catalogue")
    return context, tuple(said)


def catalogue_row(name: str) -> Row | None:
    """The row of the catalogue that has a name, however it is capitalised."""
    from symderiv.catalogue import NAMES

    return NAMES.get(name) or NAMES.get(name.lower())


def catalogue_definition(name: str) -> Definition | None:
    """The definition of a function of the catalogue by any of its names, with the functions that it uses put in."""
    from symderiv.catalogue import CATALOGUE

    row = catalogue_row(name)
    if row is None or row.letters or row.definition.body.free - {row.variable}:
        return None

    def opened(t: Term) -> Term | None:
        if isinstance(t, Fn) and t.name in CATALOGUE and t.name not in FUNCTIONS and t.name != row.name:
            inner = catalogue_definition(t.name)
            return None if inner is None else inner.opened(t.children)
        return None

    return Definition(row.name, (row.variable,), replaced(row.definition.body, opened))
