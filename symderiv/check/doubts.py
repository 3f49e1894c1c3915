"""Why a refutation may be none: the document can mean something else than what was read. A false alarm is the worst that can happen."""

from __future__ import annotations

from collections.abc import Callable

from symderiv.check.scope import Scope, derivatives_in, is_number, name_of
from symderiv.decide import Verdict
from symderiv.decide.indexed.setting import family_name, slots_of
from symderiv.errors import ShapeError
from symderiv.read.kinds import kind_of
from symderiv.read.vocabulary import ALGEBRA, KNOWN, words
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    Array,
    Binder,
    Const,
    Decimal,
    Derivative,
    Entry,
    Fn,
    Integral,
    Lambda,
    Layer,
    Limit,
    Mul,
    Neg,
    Pow,
    Prime,
    Sym,
    Term,
    replace,
)
from symderiv.terms.shapes import same_shape, shape

_WELL_KNOWN = frozenset((*KNOWN, "logsumexp", "in"))
"""Functions of one meaning; and `in`, the condition of a sum over a set."""
_ANY_FUNCTION = frozenset(
    words(
        "let suppose assume for every all any some and the then there with that where which any real variable number numbers line point points "
        "function functions differentiable twice continuously smooth times everywhere derivative derivatives definition limit limits fix "
        "fixed given have has show prove its are definition difference quotient central forward backward symmetric theta epsilon delta alpha beta"
    )
)
"""Words that say no more of a function than that it can be differentiated."""
_EXPECTATIONS = frozenset(("E", "Var", "var", "Cov", "cov", "V", "mathbb(V)"))
"""Functions that are decided where it is said what is random, and nowhere else."""
_OF_CHANCE = frozenset(
    (
        "random",
        "independent",
        "i.i.d",
        "i.i.d.",
        "mean zero",
        "zero mean",
        "zero-mean",
        "distribution",
        "probability",
        "probabilities",
    )
)
"""Words of which the facts about random letters are read."""


def doubt(left: Term, relation: str, right: Term, scope: Scope, inferred: tuple[str, ...]) -> str | None:
    """Why a refutation of `left relation right` is not to be trusted; None where it is."""
    return (
        unknown_derivative(left, right, scope)
        or _undefined_side(left, right, scope)
        or _strangers(left, relation, right, scope, inferred)
        or _undeclared_family(left, right, scope)
        or _letter_and_family(left, right, scope)
        or _properties(left, right, scope)
        or _sigma(scope, inferred)
        or _numbers(left, right, scope)
        or _said_of_functions(left, right, scope)
    )


# -------------------------------------------------------------------------------------------------------- derivatives
def unknown_derivative(left: Term, right: Term, scope: Scope) -> str | None:
    """The derivative of something that may depend on the letter, though the document has not said how."""
    if any(isinstance(t, Limit) for side in (left, right) for t in side.postorder()):
        return None
    dependent = {t.body.name for side in (left, right) for t in derivatives_in(side) if isinstance(t.body, Sym)}
    for side in (left, right):
        for t in side.postorder():
            if isinstance(t, Prime) and t.name not in scope.context.definitions and t.name not in FUNCTIONS:
                return f"it is not said what the function {t.name} is"
        for d in derivatives_in(side):
            by = d.var.name
            for t in d.body.postorder():
                definition = scope.context.definitions.get(t.name) if isinstance(t, Fn) else None
                if definition is not None and (hidden := definition.body.free) and not hidden & set(definition.parameters):
                    return f"it is not said how {min(hidden)} depends on {by}"
            reached = scope.reached(d.body, by)
            if by in reached and not (dependent - {by}) & (reached - set(scope.context.definitions)):
                continue
            indices = {n for t in d.body.postorder() if isinstance(t, Entry) for i in t.indices for n in i.free}
            loose = sorted(n for n in reached - indices if n != by and n not in _WELL_KNOWN)
            if loose:
                return f"it is not said how {loose[0]} depends on {by}"
    return None


def layout_in_words(left: Term, right: Term, scope: Scope) -> str | None:
    """A derivative of a vector by a vector in a document that speaks of Jacobians: their layout is not read from words."""
    said = any(isinstance(a, Fn) and a.name == "layout" for a in scope.context.assumptions)
    if said or "jacobian" not in scope.mentioned:
        return None
    for d in (*derivatives_in(left), *derivatives_in(right)):
        definition = scope.context.definitions.get(d.body.name) if isinstance(d.body, Sym) else None
        body = d.body if definition is None else definition.body
        if not d.indices and scope.context.sort(d.var.name).shape and kind_of(body, scope.context) != "number":
            return "the layout of this Jacobian is not read from the words"
    return None


def sign_in_words(left: Term, right: Term, scope: Scope) -> str | None:
    """⊗ of which the document does not say, by words or by sizes, that it is the Kronecker product; vec that may go along the rows."""
    functions = {t for side in (left, right) for t in side.postorder() if isinstance(t, Fn)}
    for t in sorted((t for t in functions if t.name == "otimes"), key=str):
        if "kronecker" not in scope.mentioned and not _differ(t, scope):
            return "it is not said that ⊗ is the Kronecker product"
    if (
        any(t.name == "vec" for t in functions)
        and scope.mentioned & {"row", "rows"}
        and scope.mentioned & {"stack", "stacks", "stacking"}
    ):
        return "vec is read as the columns under each other, and rows are spoken of"
    return None


def _differ(t: Fn, scope: Scope) -> bool:
    """Whether the arguments are matrices of which the sizes differ, so that an elementwise product does not exist."""
    try:
        first, *others = (shape(u, scope.context) for u in t.children)
    except ShapeError:
        return False
    return len(first) == 2 and any(len(s) == 2 and not same_shape(s, first) for s in others)


def vanishing_derivative(left: Term, right: Term, scope: Scope) -> str | None:
    """The derivative of a letter whose definition does not have the variable in it: most often it was given a number for an example."""
    for side in (left, right):
        for d in derivatives_in(side):
            if (
                isinstance(d.body, Sym)
                and d.body.name in scope.context.definitions
                and d.var.name not in scope.reached(d.body, d.var.name)
            ):
                return f"as {d.body} is given, it does not depend on {d.var}"
    return None


def unknown_shape(found: Verdict, left: Term, right: Term, scope: Scope) -> str | None:
    """A refutation by shapes where a letter was taken for a number because nothing was said of it."""
    if found.witness is None or "a number" not in (found.witness.left, found.witness.right):
        return None
    said = scope.known() & {*scope.context.sorts, *scope.context.definitions} - scope.stale
    strangers = sorted((left.free | right.free) - said)
    return f"it is not said what {strangers[0]} is" if strangers else None


def member_of_a_sequence(found: Verdict, left: Term, right: Term, scope: Scope) -> str | None:
    """A refutation by shapes where w_k, an entry of a vector w, may be meant as the k-th of a sequence of vectors."""
    if not found.method.startswith("the shapes do not fit"):
        return None
    free = left.free | right.free
    for t in (*left.postorder(), *right.postorder()):
        match t:
            case Entry(children=(Sym(name), Sym(k))) if len(scope.context.sort(name).shape) == 1 and k in free:
                if scope.context.sort(k).bounds is None and name not in scope.context.definitions:
                    return f"{t} may be a vector of a sequence"
    return None


def array_as_number(left: Term, right: Term, scope: Scope) -> str | None:
    """A matrix or a vector that a proof took for a number, since the document has not said its size."""
    for name in sorted((scope.reached(left) | scope.reached(right)) & scope.arrays):
        if name not in scope.context.definitions and (name not in scope.context.sorts or name in scope.learned):
            return f"it is not said of what size {name} is"
    return None


def other_index(left: Term, right: Term, scope: Scope, refuted: bool = False) -> str | None:
    """A letter that the document has with an index above, x^{(i)}, and that stands here without it or with other indices.

    Where it stands bare throughout, a step that holds for every number holds whatever it is.
    """
    wanted = {name: sort.raised for name, sort in scope.context.sorts.items() if sort.raised}
    wanted |= {name: len(slots_of(head)) for head in scope.rules if (name := family_name(head)) is not None}
    for t in (*left.postorder(), *right.postorder()):
        used = scope.context.definitions.get(t.name) if isinstance(t, (Fn, Prime)) else None
        for parameter in used.parameters if used is not None else ():
            wanted.pop(parameter, None)
    if not refuted:
        parts = (*left.postorder(), *right.postorder())
        shown = {family_name(t) for t in parts if isinstance(t, (Entry, Layer))}
        for d in (t for t in parts if isinstance(t, Derivative)):
            shown |= {family_name(d), *(n for n in d.body.free if isinstance(d.body, Sym))}
        wanted = {name: n for name, n in wanted.items() if name in shown}
    inside: set[Term] = set()
    for t in (*_parents_first(left), *_parents_first(right)):
        name = t.name if isinstance(t, Sym) else family_name(t) if isinstance(t, (Entry, Layer)) else None
        if t in inside or name not in wanted:
            continue
        inside |= {u for u in t.postorder() if isinstance(u, (Entry, Layer, Sym)) and family_name(u) == name}
        above = sum(isinstance(u, Layer) for u in t.postorder() if family_name(u) == name)
        fits = above == wanted[name] if scope.context.sort(name).raised else len(slots_of(t)) >= wanted[name]
        if not fits and name not in scope.context.definitions:
            return f"{t} stands without the index that {name} has elsewhere"
    return None


def _parents_first(term: Term) -> list[Term]:
    return list(term.postorder())[::-1]


# ------------------------------------------------------------------------------------------------------------ letters
def _undefined_side(left: Term, right: Term, scope: Scope) -> str | None:
    """A side that is a mere letter without a meaning: the other side may give it one."""
    for side, other in ((left, right), (right, left)):
        inner = side.children[0] if isinstance(side, Fn) and side.name == "transpose" else side
        names = [_loose_name(c, scope)[0] for c in inner.children] if isinstance(inner, Array) else []
        if loose := [n for n in names if n is not None and not _has_letter(other, n, scope)]:
            return f"it is not said what {loose[0]} is"
        name, written = _loose_name(side, scope)
        bare = isinstance(side, (Sym, Entry, Layer)) and side is left
        if name is None or (name != "e" and not bare and written in other.postorder()):
            continue
        if name == "e" or bare or not _has_letter(other, name, scope):
            return f"it is not said what {name} is"
    return None


def _loose_name(t: Term, scope: Scope) -> tuple[str | None, Term]:
    """The name of a side that is a letter, an entry or a value without definition, up to a number, a sign or a power, as it stands."""
    while True:
        match t:
            case Pow(a, n) if is_number(n):
                t = a
            case Neg(a) | Fn("transpose" | "inverse", (a,)):
                t = a
            case Mul((k, a)) if is_number(k):
                t = a
            case Mul((a, k)) if is_number(k):
                t = a
            case Fn("exp", (n,)) if is_number(n):
                return "e", t
            case _:
                break
    if t == Const("e"):
        return "e", t
    name = name_of(t)
    return None if name is None or _has_meaning(t, name, scope) or _is_size(t, scope) else name, t


def _is_array(name: str, scope: Scope) -> bool:
    """Whether a letter is declared as a vector or a matrix, or defined entry by entry: nobody puts one number in for it."""
    definition = scope.context.definitions.get(name)
    return bool(scope.context.sort(name).shape) or (definition is not None and isinstance(definition.body, Lambda))


def _is_size(t: Term, scope: Scope) -> bool:
    """Whether a letter counts the rows or the columns of something."""
    sizes = (n for sort in scope.context.sorts.values() for n in (*sort.shape, *(sort.bounds or ())))
    return isinstance(t, Sym) and any(t.name in n.free for n in sizes)


def _has_letter(term: Term, name: str, scope: Scope) -> bool:
    """Whether a letter occurs in a term as itself, not as the name of a family, once the definitions are put in."""
    families = {t.children[0] for t in term.postorder() if isinstance(t, (Entry, Layer))}
    return name in scope.reached(term) and Sym(name) not in families


def _has_meaning(t: Term, name: str, scope: Scope) -> bool:
    definition = scope.context.definitions.get(name)
    match t:
        case Sym():
            return definition is not None or any(name in fact.free for fact in scope.context.random)
        case Entry(children=(Sym(), *_)):
            return definition is not None and isinstance(definition.body, Lambda)
        case Entry() | Layer():
            return definition is not None and not isinstance(t.children[0], Layer) and not isinstance(t, Layer)
    return definition is not None or name in _WELL_KNOWN or name in {"relu", "sigma"}


def _strangers(left: Term, relation: str, right: Term, scope: Scope, inferred: tuple[str, ...]) -> str | None:
    """A letter on one side only of which the document has not said anything, or a function that it has not."""
    known = scope.known() | _identity(left, right, scope)
    for name in sorted(left.free | right.free):
        if name.startswith("d_") or (name == "d" and ("d" not in known or _before_a_factor("d", left, right))):
            return f"{name} may be a differential"
    alone = (left.free ^ right.free) - _of_integrals(left, right) - _any_index(left, right)
    for name in sorted(alone if relation == "=" else left.free | right.free):
        if name not in known:
            return f"it is not said what {name} is"
    arbitrary = _arbitrary(left, right)
    for t in (*left.postorder(), *right.postorder()):
        if isinstance(t, Fn) and _applied_to_itself(t, scope):
            return f"{t.name}(…) may be a product"
        if (
            isinstance(t, (Fn, Prime))
            and t.name not in known | arbitrary | _EXPECTATIONS
            and t.name not in _WELL_KNOWN
            and not _was_given(t.name, inferred)
        ):
            return f"it is not said what the function {t.name} is"
    return None


def _any_index(left: Term, right: Term) -> set[str]:
    """Letters that a claim has for any entry by which is differentiated, ∂/∂x_ij; they stand as indices and nowhere else."""
    parts = {*left.postorder(), *right.postorder()}
    found = {i.name for t in parts for i in _differentiated_at(t) if isinstance(i, Sym)}
    elsewhere = {
        c.name
        for t in (Mul(left, right), *parts)
        for c in (t.children[:1] if isinstance(t, (Entry, Layer)) else () if _is_delta(t) else t.children)
        if isinstance(c, Sym) and not any(c is i for i in _differentiated_at(t))
    }
    return found - elsewhere


def _is_delta(t: Term) -> bool:
    return isinstance(t, Fn) and t.name == "delta"


def _differentiated_at(t: Term) -> tuple[Term, ...]:
    """The indices of what a derivative is taken by."""
    match t:
        case Derivative():
            return t.indices
        case Fn("partial", (_, Entry() | Layer() as by)):
            return tuple(slots_of(by))
    return ()


def _arbitrary(left: Term, right: Term) -> set[str]:
    """The functions whose derivative a claim writes as a limit, and the letters of the place: it is about any of them."""
    parts = {*left.postorder(), *right.postorder()}
    if not any(isinstance(t, Limit) for t in parts):
        return set()
    primes = [t for t in parts if isinstance(t, Prime)]
    return {t.name for t in primes} | {name for t in primes for name in t.free}


def _said_of_functions(left: Term, right: Term, scope: Scope) -> str | None:
    """Something besides that it is differentiable that a document may say of a function which a counterexample would choose."""
    names = {t.name for t in (*left.postorder(), *right.postorder()) if isinstance(t, Prime)} & _arbitrary(left, right)
    if not names or names <= set(scope.context.definitions):
        return None
    said = {t.name for a in (*scope.context.assumptions, *scope.temporary) for t in a.postorder() if isinstance(t, (Fn, Prime))}
    said |= {t.name for e in scope.equations for t in e.postorder() if isinstance(t, (Fn, Prime))}
    if held := sorted(names & said):
        return f"what is said of the function {held[0]} is not reckoned with"
    more = sorted(w for w in scope.mentioned if w.islower() and w.isalpha() and len(w) > 2 and w not in _ANY_FUNCTION)
    return f"what is said of {min(names)} may be more than that it is differentiable: {more[0]!r}" if more else None


def _of_integrals(left: Term, right: Term) -> set[str]:
    """The letters of integrals without bounds, which both sides are functions of, and the names that a constant of integration has."""
    found = {t.index.name for side in (left, right) for t in side.postorder() if isinstance(t, Integral) and t.low is None}
    return found | {"C", "c", "K"} if found else found


def _identity(left: Term, right: Term, scope: Scope) -> set[str]:
    """I beside matrices, or where an identity is spoken of, if it was not said to be anything else."""
    beside = any(len(scope.context.sort(n).shape) == 2 for n in left.free | right.free)
    return {"I"} - scope.known() if beside or "identity" in scope.mentioned else set()


def _applied_to_itself(t: Fn, scope: Scope) -> bool:
    r"""Whether the function stands bare in its own argument, as in \sigma(1 - \sigma)."""
    definition = scope.context.definitions.get(t.name)
    bare = [Sym(t.name)] if definition is None else [Sym(t.name), definition.head]
    return any(b in a.postorder() for a in t.children for b in bare)


def _undeclared_family(left: Term, right: Term, scope: Scope) -> str | None:
    """In a claim on vectors, matrices or sums, a letter of which the document has not said in this section what it is."""
    parts = {*left.postorder(), *right.postorder()}
    of_arrays = any(isinstance(t, (Array, Binder, Entry, Layer)) or (isinstance(t, Fn) and t.name in ALGEBRA) for t in parts)
    letters = left.free | right.free
    if not of_arrays and not any(scope.context.sort(n).shape for n in letters):
        return None
    indices = {n for t in parts if isinstance(t, (Entry, Layer)) for i in t.children[1:] for n in i.free}
    indices |= _any_index(left, right)
    bounds = {n for t in parts if isinstance(t, Binder) for b in (t.low, t.high) if b is not None for n in b.free}
    said = scope.known() - scope.stale - scope.learned | _identity(left, right, scope)
    loose = sorted(n for n in letters - indices - bounds - _arbitrary(left, right) - _of_integrals(left, right) if n not in said)
    if loose:
        return f"it is not said here what {loose[0]} is"
    functions = sorted(
        t.name
        for t in parts
        if isinstance(t, Fn)
        and t.name not in _WELL_KNOWN | _EXPECTATIONS | _arbitrary(left, right)
        and t.name not in scope.context.definitions
    )
    return f"it is not said what the function {functions[0]} is" if functions else None


def _letter_and_family(left: Term, right: Term, scope: Scope) -> str | None:
    """A letter of no declared size that stands by itself and with an index too: by itself it may be a vector."""
    parts = {*left.postorder(), *right.postorder()}
    families = {t.children[0] for t in parts if isinstance(t, Entry)}
    bare = {c for t in (Mul(left, right), *parts) if not isinstance(t, Entry) for c in t.children if isinstance(c, Sym)}
    for letter in sorted(families & bare, key=str):
        name = str(letter.data)
        if not scope.context.sort(name).shape and name not in scope.context.definitions:
            return f"it is not said of what size {name} is"
    return None


def another_meaning(left: Term, right: Term, holds: Callable[[Term, Term], bool], scope: Scope) -> str | None:
    """What the author may have meant, where a refuted equation then holds: labels ±1, the derivative of a composition."""
    said = {*scope.context.sorts, *scope.context.definitions, *(x for fact in scope.context.random for x in fact.free)}
    for name in sorted((left.free ^ right.free) - said):
        if all(holds(_with_value(left, name, v), _with_value(right, name, v)) for v in (ONE, Neg(ONE))):
            return f"it holds where {name} is 1 or −1, and it is not said what {name} is"
    match left:
        case Prime(name, (1,), (argument,)) if not isinstance(argument, Sym) and len(argument.free) == 1:
            if holds(Derivative(Fn(name, argument), Sym(min(argument.free))), right):
                return f"{left} is the derivative of {name} at {argument}; the derivative of {name}({argument}) may be meant"
    return None


def _with_value(t: Term, name: str, number: Term) -> Term:
    """The term with a number for a letter, its entries and its labelled copies."""
    letter = Sym(name)

    def put(u: Term) -> Term | None:
        of_letter = isinstance(u, (Entry, Layer)) and u.children[0] == number
        return number if u == letter or of_letter else None

    return replace(t, put)


def _before_a_factor(name: str, *sides: Term) -> bool:
    """Whether a letter stands right before another factor, as d in d x."""
    products = [t for side in sides for t in side.postorder() if isinstance(t, Mul)]
    return any(f == Sym(name) for t in products for f in t.children[:-1])


def _was_given(name: str, inferred: tuple[str, ...]) -> bool:
    return any(note.startswith(f"{name} ") for note in inferred)


def _properties(left: Term, right: Term, scope: Scope) -> str | None:
    """A letter with a property that the verdict did not reckon with, such as symmetric."""
    for name in sorted(scope.reached(left) | scope.reached(right) | left.free | right.free):
        word = scope.unusual.get(name) or scope.unusual.get(name.partition("_")[0])
        if word is not None and not (word in _OF_CHANCE and scope.context.random):
            return f"{name} is called {word}, and that is not reckoned with"
    return None


def _sigma(scope: Scope, inferred: tuple[str, ...]) -> str | None:
    if _was_given("sigma", inferred) and not ({"sigmoid", "logistic"} & scope.mentioned):
        return "it is not said that σ is the sigmoid; if it is, this is wrong"
    return None


def _numbers(left: Term, right: Term, scope: Scope) -> str | None:
    """Numbers put in for letters, as in z = w x + b = 2·3 + 1, or a rounded value for an expression."""
    parts = list(left.postorder())
    if any(isinstance(t, (Integral, Limit)) for t in parts) or (scope.context.random and any(isinstance(t, Fn) for t in parts)):
        return None
    if right.free or any(isinstance(t, Fn) and t.name not in FUNCTIONS for t in right.postorder()):
        return None
    decimals = any(isinstance(t, Decimal) for t in right.postorder())
    valued = any(is_number(d.body) for d in scope.context.definitions.values() if not d.parameters)
    indices = {i.name for t in parts if isinstance(t, (Entry, Layer)) for i in t.children[1:] if isinstance(i, Sym)}
    of_arrays = all(_is_array(n, scope) or _is_size(Sym(n), scope) or n in indices for n in left.free)
    if left.free and (decimals or valued or not (derivatives_in(left) or of_arrays)):
        return "numbers were put in for letters here"
    return None
