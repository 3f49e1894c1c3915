"""Whether an equality holds for every size: proved by the normal form, refuted by a concrete one, or undecided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from symderiv.decide.indexed.claim import Claim
from symderiv.decide.indexed.functions import OPERATIONS
from symderiv.decide.indexed.setting import Ambiguous, conditions, defining
from symderiv.decide.verdict import EFFORT, Budget, Unsupported, Verdict, Witness
from symderiv.errors import ShapeError
from symderiv.terms import Add, Array, Context, Derivative, Fn, Lambda, Mul, Neg, Product, Shape, Sum, Sym, Term, value
from symderiv.terms import replace as replaced
from symderiv.terms.shapes import DENOMINATOR, ENTRIES, MIXED, NUMERATOR, SizeNotSaid, in_letters, is_number, same_shape, shape

DEEPEST: Final = 200
"""How deep a term may nest."""
_OF_ARRAYS: Final = frozenset(("transpose", "inverse", "trace", "det", "diag", "frobenius", "norm", "vec"))
"""Functions of one array that are of interest for arrays only."""
_CAPITAL: Final = re.compile(r"[A-Z](?:_\w+)?")
LAYOUTS: Final[dict[Term, str]] = {
    DENOMINATOR: "denominator layout",
    NUMERATOR: "numerator layout",
    MIXED: "gradients in denominator and Jacobians in numerator layout",
}
"""The assumptions about the layout of derivatives, in words."""


def concerns(left: Term, right: Term, context: Context) -> bool:
    """Whether a claim has sums, arrays, families or their derivatives in it, written or by definition."""
    ruled = {rule[0] for fact in conditions(context) if (rule := defining(fact, context)) is not None}
    for t in _reachable((left, right), context):
        if isinstance(t, Sym) and t.name in ruled:
            return True
        if isinstance(t, (Sum, Product, Lambda, Array)) or (isinstance(t, Derivative) and t.indices):
            return True
        if isinstance(t, Fn) and t.name in OPERATIONS and t.name not in context.definitions:
            return True
        if isinstance(t, (Sym, Fn)) and context.sort(t.name).shape:
            return True
    return False


def decide(left: Term, right: Term, context: Context | None = None, effort: float = EFFORT) -> Verdict:
    """Whether left = right for all sizes, wherever both sides are defined and the assumptions hold.

    >>> from symderiv.read import let, read_latex
    >>> context = let(r"X \\in \\mathbb{R}^{n \\times d}, W \\in \\mathbb{R}^{d \\times m}, Y \\in \\mathbb{R}^{n \\times m}")
    >>> gradient = read_latex(r"\\nabla_W \\|X W - Y\\|_F^2", context)
    >>> decide(gradient, read_latex(r"2 X^\\top (X W - Y)", context), context).method
    'equal normal forms, denominator layout'
    >>> decide(gradient, read_latex(r"2 (X W - Y) X^\\top", context), context).method
    'the shapes do not fit: 2*(X*W - Y) is n × m and transpose(X) is d × n: their product does not exist, denominator layout'
    """
    context = context or Context()
    left, right = left.bare, right.bare
    if max(left.depth, right.depth) > DEEPEST:
        return Verdict("undecided", tried=(f"terms nested more than {DEEPEST} deep at symbolic size",))
    budget = Budget(effort)
    kind = _arranged(left, right, context)
    verdict = _decided(left, right, context, budget)
    if verdict.kind == "proved" and (name := undeclared_array(left, right, context)) is not None:
        return Verdict("undecided", tried=(f"it is not said what {name} is; proved for a number {name} only",))
    if kind == "entry":
        return verdict
    assumed = list(conditions(context))
    said = [f for f in assumed if f in LAYOUTS]
    if verdict.kind == "refuted":
        for layout in _others(kind, said) if ENTRIES not in assumed else ():
            other = _decided(left, right, context.assume(layout), budget)
            if other.kind == "proved" and kind == "Jacobian" and not said:
                return replace(other, method=f"{other.method}, {LAYOUTS[layout]}")
            if other.kind == "proved" or (other.kind == "undecided" and kind == "Jacobian"):
                return Verdict("undecided", tried=(f"false in {LAYOUTS[DENOMINATOR]}, but {other.kind} in {LAYOUTS[layout]}",))
    if verdict.kind == "undecided":
        return verdict
    return replace(verdict, method=f"{verdict.method}, {LAYOUTS[said[0] if said else DENOMINATOR]}")


def _others(kind: str, said: list[Term]) -> list[Term]:
    """The layouts that an author may have had in mind beside the one in which a claim is false."""
    if not said:
        return [NUMERATOR, MIXED] if kind == "Jacobian" else [NUMERATOR]
    return [MIXED] if kind == "Jacobian" and said == [DENOMINATOR] else []


def prove(left: Term, right: Term, context: Context | None = None, effort: float = EFFORT) -> Verdict:
    """The proof alone, with no look for a counterexample."""
    context = context or Context()
    if max(left.depth, right.depth) > DEEPEST:
        return Verdict("undecided", tried=(f"terms nested more than {DEEPEST} deep at symbolic size",))
    if _misfit(left.bare, right.bare, context) is not None:
        return Verdict("undecided", tried=("the shapes do not fit",))
    if (name := undeclared_array(left.bare, right.bare, context)) is not None:
        return Verdict("undecided", tried=(f"it is not said what {name} is",))
    try:
        return _proved(left.bare, right.bare, context, Budget(effort), None)
    except Ambiguous as reason:
        both = [_proved(left.bare, right.bare, context, Budget(effort), identity) for identity in (True, False)]
        return both[0] if both[0].kind == both[1].kind else Verdict("undecided", tried=(str(reason),))


def _proved(left: Term, right: Term, context: Context, budget: Budget, times_identity: bool | None) -> Verdict:
    try:
        claim = Claim(left, right, context, budget, times_identity=times_identity)
        return _slow(claim) or Verdict("undecided", tried=("the normal forms differ",))
    except Ambiguous:
        raise
    except (Unsupported, RecursionError) as reason:
        return Verdict("undecided", tried=(str(reason),))


def _decided(left: Term, right: Term, context: Context, budget: Budget) -> Verdict:
    """The verdict in the layout that the context says, or in denominator layout."""
    misfit = _misfit(left, right, context)
    if misfit is not None:
        return misfit
    try:
        return _worked(left, right, context, budget, None)
    except Ambiguous as reason:
        first, second = (_worked(left, right, context, budget, identity) for identity in (True, False))
        return first if first.kind == second.kind else Verdict("undecided", tried=(str(reason),))


def _worked(left: Term, right: Term, context: Context, budget: Budget, times_identity: bool | None) -> Verdict:
    """A quick proof, a counterexample, a slow proof, whichever comes first. Raises Ambiguous."""
    tried: list[str] = []
    try:
        claim = Claim(left, right, context, budget, times_identity=times_identity)
    except Ambiguous:
        raise
    except Unsupported as reason:
        return Verdict("undecided", tried=(str(reason),))
    except RecursionError:
        return Verdict("undecided", tried=("terms nested deeper than this",))
    for attempt in (_quick, _refuted, _slow):
        try:
            verdict = attempt(claim)
        except Unsupported as reason:
            tried.append(str(reason))
            continue
        except RecursionError:
            tried.append("terms nested deeper than this")
            continue
        if verdict is not None:
            return verdict
    return Verdict("undecided", tried=tuple(dict.fromkeys(tried)) or ("the normal forms differ, and no counterexample was found",))


def _quick(claim: Claim) -> Verdict | None:
    how = claim.proved(slow=False)
    return None if how is None else Verdict("proved", how, claim.conditions())


def _refuted(claim: Claim) -> Verdict | None:
    witness = claim.witness()
    return None if witness is None else Verdict("refuted", "counterexample", witness=witness)


def _slow(claim: Claim) -> Verdict | None:
    how = claim.proved(slow=True)
    return None if how is None else Verdict("proved", how, claim.conditions())


def _misfit(left: Term, right: Term, context: Context) -> Verdict | None:
    """Refuted where shapes do not fit: within a side, or of one side with the other. The sizes are the witness."""
    shapes: list[Shape] = []
    for side in (left, right):
        try:
            shapes.append(shape(side, context))
        except SizeNotSaid:
            continue
        except ShapeError as error:
            return Verdict("refuted", f"the shapes do not fit: {error.what}", witness=_unequal((left, right), context, "", ""))
    if len(shapes) < 2:
        return None
    a, b = shapes
    if same_shape(a, b) or (is_number(a) and is_number(b)) or value(right) == 0 or value(left) == 0:
        return None
    if is_number(a) != is_number(b) and not _declared(left if is_number(a) else right, context):
        return None
    method = f"the shapes do not fit: the left side is {in_letters(a)}, the right side {in_letters(b)}"
    return Verdict("refuted", method, witness=_unequal((left, right), context, in_letters(a), in_letters(b)))


def _declared(side: Term, context: Context) -> bool:
    """Whether it is said of every letter of a side what it is."""
    return not _undeclared((side,), context)


def _undeclared(sides: tuple[Term, ...], context: Context) -> set[str]:
    """The letters of which it is not said what they are."""
    parts = set(_reachable(sides, context))
    letters = {t.name for t in parts if isinstance(t, Sym)} - {t.bound for t in parts if t.bound is not None}
    sizes = {x for sort in context.sorts.values() for n in (*sort.shape, *(sort.bounds or ())) for x in n.free}
    return letters - sizes - set(context.sorts) - set(context.definitions)


def undeclared_array(left: Term, right: Term, context: Context) -> str | None:
    """A letter that was taken for a number because nothing is said of it, though it stands where matrices do; None if there is none.

    It is an argument of matrix algebra in which nothing is declared, as A in tr(A B), or a capital beside an array, as A in A x.
    """
    loose = _undeclared((left, right), context) - {"I"}
    if not loose:
        return None
    found: set[str] = set()
    for t in _reachable((left, right), context):
        match t:
            case Fn(name, (u,)) if name in _OF_ARRAYS and name not in context.definitions:
                if not any(context.sort(x).shape for x in u.free):
                    found |= _factors(u) & loose
            case Mul(factors):
                capitals = {f.name for f in factors if isinstance(f, Sym) and f.name in loose and _CAPITAL.fullmatch(f.name)}
                if capitals and any(_is_array(f, context) for f in factors):
                    found |= capitals
    return min(found, default=None)


def _factors(t: Term) -> set[str]:
    """The letters that stand in a term as themselves: as summands, factors and their transposes, not as entries or arguments."""
    match t:
        case Sym(name):
            return {name}
        case Add(parts) | Mul(parts):
            return set().union(*map(_factors, parts))
        case Neg(u) | Fn("transpose" | "inverse", (u,)):
            return _factors(u)
    return set()


def _is_array(t: Term, context: Context) -> bool:
    try:
        return not is_number(shape(t, context))
    except ShapeError:
        return any(context.sort(x).shape for x in t.free)


def _unequal(sides: tuple[Term, ...], context: Context, left: str, right: str) -> Witness | None:
    """Sizes, all different, under which the shapes do not fit."""
    letters = sorted({x for t in sides for name in t.free for n in context.sort(name).shape for x in n.free})
    sizes = {x: Fraction(2 + k) for k, x in enumerate(letters)}
    return Witness(sizes, left, right)


def by_columns(left: Term, right: Term, context: Context) -> tuple[Term, Term, Context] | None:
    """The claim with the softmax of a matrix taken of its columns, not of its rows as usual; None where there is none."""
    if "softmax" in context.definitions:
        return None

    def turned(t: Term) -> Term | None:
        match t:
            case Fn("softmax", (a,)) if len(sizes := shape(a, context)) == 2 and not any(is_number((n,)) for n in sizes):
                return Fn("transpose", Fn("softmax", Fn("transpose", a)))
        return None

    try:
        definitions = {n: replace(d, body=replaced(d.body, turned)) for n, d in context.definitions.items()}
        sides = replaced(left, turned), replaced(right, turned)
    except ShapeError:
        return None
    if sides == (left, right) and definitions == context.definitions:
        return None
    return *sides, replace(context, definitions=definitions)


def _arranged(left: Term, right: Term, context: Context) -> str:
    """Whether derivatives by whole arrays are taken, of numbers or of arrays: then the layout matters."""
    kind = "entry"
    for t in _reachable((left, right), context):
        if isinstance(t, Derivative) and not t.indices:
            try:
                body, variable = shape(t.body, context), shape(t.at_point, context)
            except ShapeError:
                continue
            if not is_number(variable):
                if not is_number(body):
                    return "Jacobian"
                kind = "gradient"
    return kind


def _reachable(sides: tuple[Term, ...], context: Context) -> Iterator[Term]:
    """Every distinct term of the sides and of the definitions that they use."""
    seen: set[str] = set()
    todo = list(sides)
    while todo:
        for t in todo.pop().postorder():
            yield t
            name = t.name if isinstance(t, (Sym, Fn)) else None
            if name is not None and name not in seen and name in context.definitions:
                seen.add(name)
                todo.append(context.definitions[name].body)
