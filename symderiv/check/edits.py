"""Single edits of the right side of a step: the slips that people make, each with its words, the smallest and most usual first.

An edit is `(cost, words, new term)`; a lower cost is a smaller or more usual slip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from symderiv.check.places import Path, at, places, put_at
from symderiv.terms import (
    CONDITIONS,
    FUNCTIONS,
    ONE,
    TWO,
    ZERO,
    Add,
    Binder,
    Cases,
    Context,
    Decimal,
    Derivative,
    Div,
    Entry,
    Fn,
    Layer,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    neg,
    over,
    plus,
    replace,
    substitute,
    times,
)
from symderiv.write import text

Edit = tuple[int, str, Term]
Local = Callable[[Term], Iterator[Edit]]

MOST_PLACES: Final = 60
"""Places of a term at which an edit is tried."""

_CONFUSED: Final = {
    "sin": ("cos",),
    "cos": ("sin",),
    "sinh": ("cosh",),
    "cosh": ("sinh",),
    "exp": ("log",),
    "log": ("exp",),
    "max": ("min",),
    "min": ("max",),
}


def edits(left: Term, right: Term, context: Context) -> list[Edit]:
    """Every single edit of the right side, the cheapest first."""
    found: dict[Term, Edit] = {}
    for edit in (
        *_everywhere(right),
        *_whole(left, right),
        *_letters(left, right, context),
        *_arrays(left, right, context),
        *_deltas(left, right),
        *_cases(left, right),
    ):
        if edit[2] != right and not _trivial(left, right, edit[2]) and (edit[2] not in found or edit[0] < found[edit[2]][0]):
            found[edit[2]] = edit
    return sorted(found.values(), key=lambda e: e[0])


def multiplied(factor: Term, t: Term) -> Term:
    """factor · t as one would write it: a number in front, the rest after it; into the numerator of a fraction; −1 turns the sign."""
    match factor, t:
        case Neg(Num(1)), _:
            return t.arg if isinstance(t, Neg) else neg(t)
        case _, Neg(a):
            return neg(multiplied(factor, a))
        case Neg(f), _:
            return neg(multiplied(f, t))
        case _, Div(a, b):
            return Div(multiplied(factor, a), b)
        case Num(n), Num(m):
            return Num(n * m)
        case Num(n), Mul((Num(m), *rest)):
            return times(Num(n * m), *rest)
        case _, Mul((Num() as number, *rest)):
            return times(number, factor, *rest)
    return times(factor, t)


def _trivial(left: Term, right: Term, new: Term) -> bool:
    """Whether an edit writes the left side itself, or cancels the right side: that explains nothing."""
    if isinstance(left, (Sym, Entry, Layer, Fn, Prime, Derivative)):
        once = sum(t == left for t in right.postorder())
        return new == left or sum(t == left for t in new.postorder()) > once
    parts = new.children if isinstance(new, (Add, Mul)) else (new,)
    whole = left.children if type(left) is type(new) and isinstance(left, (Add, Mul)) else (left,)
    return (set(whole) <= set(parts) and len(parts) > len(whole)) or (isinstance(new, Add) and neg(right) in new.children)


def _everywhere(right: Term) -> Iterator[Edit]:
    """The edits of one place, at every place outside conditions and bounds."""
    closed: list[Path] = []
    for path, t in places(right, MOST_PLACES):
        if any(path[: len(c)] == c for c in closed):
            continue
        if isinstance(t, CONDITIONS) or (path and isinstance(at(right, path[:-1]), Derivative) and path[-1] > 0):
            closed.append(path)
            continue
        parent = at(right, path[:-1]) if path else None
        for local in _LOCAL:
            for cost, words, new in local(t):
                yield cost + min(len(path), 3), words, put_at(right, path, new)
        exponent = isinstance(parent, Pow) and path[-1] == 1
        if (parent is None or isinstance(parent, (Add, Cases, Fn, Pow))) and not exponent:
            flipped = t.arg if isinstance(t, Neg) else Neg(t)
            yield (
                10 + min(len(path), 3),
                f"the sign of {text(t.arg if isinstance(t, Neg) else t)} is wrong",
                put_at(right, path, flipped),
            )


# ----------------------------------------------------------------------------------------------------------- one place
def _signs(t: Term) -> Iterator[Edit]:
    if isinstance(t, Neg):
        yield 10, f"the minus before {text(t.arg)} is too much", t.arg
    if isinstance(t, Add):
        for k in range(1, len(t.children)):
            rest = t.children[k:]
            if isinstance(rest[0], Neg) and len(rest) > 1:
                yield (
                    16,
                    "parentheses are missing: the minus is for all that follows",
                    plus(*t.children[:k], neg(plus(rest[0].arg, *rest[1:]))),
                )


def _dropped(t: Term) -> Iterator[Edit]:
    kinds = ((Mul, times, "factor"), (Add, plus, "term"))
    for kind, build, word in kinds:
        if isinstance(t, kind):
            for k, c in enumerate(t.children):
                yield 14, f"the {word} {text(c)} is too much", build(*t.children[:k], *t.children[k + 1 :])
    if isinstance(t, Div):
        yield 17, f"the denominator {text(t.right)} is too much", t.left


def _exponents(t: Term) -> Iterator[Edit]:
    match t:
        case Pow(a, Num(n)):
            for m in (n - 1, n + 1):
                if m > 0:
                    new = a if m == 1 else Pow(a, Num(m))
                    yield 13, f"the exponent of {text(a)} is {m}, not {n}", new
            yield 18, f"the exponent {n} of {text(a)} is negative", Pow(a, Neg(Num(n)))
        case Pow(a, Neg(Num(n))):
            for m in (n - 1, n + 1):
                if m > 0:
                    yield 13, f"the exponent of {text(a)} is -{m}, not -{n}", Pow(a, Neg(Num(m)))
            yield 18, f"the exponent of {text(a)} is {n}, not -{n}", Pow(a, Num(n))
        case Sym() | Add() | Fn() | Entry():
            yield 15, f"the exponent 2 of {text(t)} is missing", Pow(t, TWO)
            yield 24, f"the exponent 3 of {text(t)} is missing", Pow(t, Num(3))


def _numbers(t: Term) -> Iterator[Edit]:
    if not isinstance(t, Num):
        return
    v = t.value
    others = [v + 1, abs(v - 1), v * v, *(v * d for d in (2, 3, 4, 5)), *(v // d for d in range(2, 11) if v and v % d == 0)]
    for n in dict.fromkeys(others):
        if n != v:
            yield 12 if n and v % n == 0 else 14, f"the number {v} should be {n}", Num(n)
    if v > 1:
        yield 17, f"the number {v} should be {text(over(ONE, t))}", over(ONE, t)


def _fractions(t: Term) -> Iterator[Edit]:
    match t:
        case Div(a, b):
            yield 17, "the fraction is upside down", Div(b, a)
            yield 18, f"{text(b)} is a factor, not the denominator", Mul(a, b)
            yield 18, f"the denominator {text(b)} is squared", Div(a, Pow(b, TWO))
            if isinstance(b, Mul):
                for k, c in enumerate(b.children):
                    rest = times(*b.children[:k], *b.children[k + 1 :])
                    yield 17, f"{text(c)} stands in the numerator", Mul(Div(a, rest), c)
        case Mul(factors):
            for k, c in enumerate(factors):
                rest = times(*factors[:k], *factors[k + 1 :])
                yield 18, f"{text(c)} stands in the denominator", Div(rest, c)


def _same(t: Term) -> Term:
    return t


def _parentheses(t: Term) -> Iterator[Edit]:
    match t:
        case Add(terms):
            for k, c in enumerate(terms):
                sign, body = (Neg, c.arg) if isinstance(c, Neg) else (_same, c)
                if isinstance(body, Mul) and len(body.children) >= 2:
                    first, rest = body.children[0], times(*body.children[1:])
                    before, last = terms[:k], terms[k + 1 :]
                    if before:
                        yield (
                            16,
                            "parentheses are missing around the sum before a factor",
                            plus(times(plus(*before, sign(first)), rest), *last),
                        )
                    if last:
                        head, tail = times(*body.children[:-1]), body.children[-1]
                        yield (
                            16,
                            "parentheses are missing around the sum after a factor",
                            plus(*before, sign(times(head, plus(tail, *last)))),
                        )
                if isinstance(body, Div):
                    before, last = terms[:k], terms[k + 1 :]
                    if before:
                        yield (
                            17,
                            "the fraction line reaches too short",
                            plus(Div(plus(*before, sign(body.left)), body.right), *last),
                        )
                    if last:
                        yield 17, "the denominator reaches further", plus(*before, sign(Div(body.left, plus(body.right, *last))))
        case Mul(factors):
            for k, c in enumerate(factors):
                if isinstance(c, Pow) and k:
                    yield (
                        17,
                        "parentheses are missing: the exponent is for all factors",
                        times(Pow(times(*factors[:k], c.left), c.right), *factors[k + 1 :]),
                    )
        case Pow(Mul(factors), n):
            yield 17, "the exponent is for the last factor only", times(*factors[:-1], Pow(factors[-1], n))
        case Fn(name, (Mul(factors),)) if name in FUNCTIONS:
            yield 19, f"the argument of {name} ends earlier", times(Fn(name, factors[0]), *factors[1:])


def _functions(t: Term) -> Iterator[Edit]:
    if isinstance(t, Fn) and t.children:
        for other in _CONFUSED.get(t.name, ()):
            yield 18, f"{other} stands where {t.name} is written", Fn(other, *t.children)
        if len(t.children) == 1 and t.name not in ("transpose", "inverse"):
            u = t.children[0]
            yield 16, f"the minus in the argument of {t.name} is missing", t.rebuild((neg(u),)) if not isinstance(u, Neg) else t
            yield 18, f"the argument of {t.name} lacks the factor 2", t.rebuild((times(TWO, u),))
            yield 19, f"the argument of {t.name} is squared", t.rebuild((Pow(u, TWO),))
        if t.name == "log":
            yield 22, "the logarithm is too much", t.children[0]


def _matrices(t: Term) -> Iterator[Edit]:
    match t:
        case Fn("transpose", (a,)):
            yield 15, f"{text(a)} is not transposed", a
        case Sym() | Add():
            yield 20, f"{text(t)} is transposed", Fn("transpose", t)
        case Mul(factors) if 2 <= len(factors) <= 5:
            for k in range(len(factors) - 1):
                order = (*factors[:k], factors[k + 1], factors[k], *factors[k + 2 :])
                yield 18, f"the factors {text(factors[k])} and {text(factors[k + 1])} stand in the wrong order", Mul(*order)


def _variables(t: Term) -> Iterator[Edit]:
    if isinstance(t, Derivative) and not t.indices and t.at_point == t.var:
        for name in sorted(t.body.free - {t.var.name}):
            by = Sym(name)
            yield 12, f"the derivative is by {text(by)}, not by {text(t.var)}", Derivative(t.body, by, t.order)


def _sums(t: Term) -> Iterator[Edit]:
    if isinstance(t, Sum):
        yield 18, "the sum is too much", t.body
        for name in sorted(t.body.free - {t.index.name}):
            if len(name) == 1:
                moved = t.make((name, *t.data[1:]), t.children)
                yield 16, f"the sum runs over {name}, not {t.index.name}", moved
        if isinstance(t.body, Neg):
            yield 14, "the sign inside the sum is wrong", t.rebuild((t.body.arg, *t.children[1:]))


_LOCAL: Final[tuple[Local, ...]] = (
    _signs,
    _dropped,
    _exponents,
    _numbers,
    _fractions,
    _parentheses,
    _functions,
    _matrices,
    _variables,
    _sums,
)


# -------------------------------------------------------------------------------------------------- the whole right side
def _whole(left: Term, right: Term) -> Iterator[Edit]:
    """Missing factors and terms."""
    yield 11, "the minus in front is missing", neg(right)
    yield 9, "the left side is 0", ZERO
    parts = _parts(left, right)
    for n in (2, 3, 4, 5, 6, 10):
        yield 13, f"the factor {n} is missing", multiplied(Num(n), right)
        yield 14, f"the factor 1/{n} is missing", Div(right, Num(n))
    for p in parts:
        yield 15, f"the factor {text(p)} is missing", multiplied(p, right)
        yield 17, f"the denominator {text(p)} is missing", Div(right, p)
    summands = [s for t in (left, right) for s in (t.children if isinstance(t, Add) else (t,))] + parts + [ONE]
    for s in dict.fromkeys(summands):
        cost = 19 if s in right.children else 15
        yield cost, f"the term {text(s)} is missing", plus(right, s)
        yield 15, f"the term {text(neg(s))} is missing", plus(right, neg(s))
    squares = [t.left for t in right.children if isinstance(t, Pow) and t.right == TWO] if isinstance(right, Add) else []
    if len(squares) == 2:
        mixed = times(TWO, *squares)
        yield 14, f"the mixed term {text(mixed)} is missing", plus(right, mixed)
        yield 14, f"the mixed term {text(neg(mixed))} is missing", plus(right, neg(mixed))
    if isinstance(right, Add):
        for k, c in enumerate(right.children):
            for p in (TWO, *parts):
                new = plus(*right.children[:k], multiplied(p, c), *right.children[k + 1 :])
                yield 14, f"the factor {text(p)} of {text(c)} is missing", new
    for index in dict.fromkeys(t.index for t in left.postorder() if isinstance(t, Sum)):
        if index.name in right.free:
            yield 16, f"the sum over {index.name} is lost", Sum(right, index)


def _parts(left: Term, right: Term) -> list[Term]:
    """Small subterms that may be missing as a factor."""
    found: dict[Term, None] = {}
    for side in (left, right):
        for t in side.postorder():
            bound = isinstance(t, (Binder, Derivative, Cases, Num, Decimal, *CONDITIONS))
            if bound or t.size > 12 or isinstance(t, Neg):
                continue
            if t != right:
                found[t] = None
            if isinstance(t, Fn) and t.name not in ("transpose", "inverse"):
                found[plus(ONE, neg(t))] = None
    for t in list(found):
        if isinstance(t, Sym):
            found[plus(ONE, neg(t))] = None
    return sorted(found, key=lambda t: (t.size, t.digest))[:24]


# -------------------------------------------------------------------------------------------------------------- letters
def _letters(left: Term, right: Term, context: Context) -> Iterator[Edit]:
    """One letter for another, once or throughout."""
    names = sorted(left.free | right.free)
    if len(names) > 10:
        return
    said = {*context.sorts, *context.definitions}
    differentiated = {t.var.name for t in right.postorder() if isinstance(t, Derivative)}
    for old in sorted(right.free - differentiated):
        stem = old.partition("_")[0]
        for name in (*names, *sorted(n for n in said if n not in names and n.startswith(f"{stem}_"))):
            if name != old and context.sort(name).shape == context.sort(old).shape:
                yield 19, f"{name} belongs where {old} stands, throughout", substitute(right, {old: Sym(name)})
    for path, t in places(right, MOST_PLACES):
        if not isinstance(t, Sym) or any(isinstance(at(right, path[:k]), CONDITIONS) for k in range(len(path))):
            continue
        stem = t.name.partition("_")[0]
        for name in (*names, *sorted(n for n in said if n not in names and n.startswith(f"{stem}_"))):
            if name != t.name and context.sort(name).shape == context.sort(t.name).shape:
                yield 17 + min(len(path), 3), f"{name} belongs where {t.name} stands", put_at(right, path, Sym(name))


def _arrays(left: Term, right: Term, context: Context) -> Iterator[Edit]:
    """What goes wrong with vectors and matrices: another length of a sum, a lost factor, the transposes of one letter exchanged."""
    arrays = [name for name in sorted(left.free | right.free) if context.sort(name).shape]
    sizes = {size.name for name in arrays for size in context.sort(name).shape if isinstance(size, Sym)}
    bounds = {t.high.name for t in right.postorder() if isinstance(t, (Sum, Product)) and isinstance(t.high, Sym)}
    for old in sorted(bounds):
        for size in sorted(sizes - {old}):
            yield 11, f"the sum runs to {size}, not {old}", substitute(right, {old: Sym(size)})
    factors = right.children if isinstance(right, Mul) else (right,)
    for name in arrays:
        letter = Sym(name)
        for factor in (letter, Fn("transpose", letter)):
            yield 17, f"the factor {text(factor)} at the end is missing", Mul(*factors, factor)
            yield 17, f"the factor {text(factor)} in front is missing", Mul(factor, *factors)
        if len(context.sort(name).shape) == 2 and name in right.free:
            yield 12, f"the transposes of {text(letter)} are exchanged", _turned(right, letter)


def _deltas(left: Term, right: Term) -> Iterator[Edit]:
    """Where an entry is differentiated by an entry: the factor δ_ij, of everything, of one summand, or where a 1 stands."""
    pairs: dict[tuple[Term, Term], None] = {}
    for d in (t for t in left.postorder() if isinstance(t, Derivative) and len(t.indices) == 1):
        bound = {t.bound for t in d.body.postorder()}
        for t in d.body.postorder():
            if isinstance(t, Entry) and len(t.indices) == 1 and not t.indices[0].free & bound:
                pairs[t.indices[0], d.indices[0]] = None
    for i, j in (p for p in pairs if p[0] != p[1]):
        delta = Fn("delta", i, j)
        words = f"the factor {text(delta)} is missing"
        yield 13, words, multiplied(delta, right)
        for k, c in enumerate(right.children if isinstance(right, Add) else ()):
            yield 14, f"{words} in {text(c)}", plus(*right.children[:k], multiplied(delta, c), *right.children[k + 1 :])
        for path, t in places(right, MOST_PLACES):
            if t == ONE and not any(isinstance(at(right, path[:k]), (*CONDITIONS, Entry)) for k in range(len(path))):
                yield 13, f"{text(delta)} belongs where 1 stands", put_at(right, path, delta)


def _turned(t: Term, letter: Sym) -> Term:
    """The term with A for Aᵀ and Aᵀ for A."""
    high = Fn("transpose", letter)
    mark = Sym(f"{letter.name}'")
    once = replace(t, lambda u: mark if u == high else None)
    return substitute(substitute(once, {letter.name: high}), {mark.name: letter})


def _cases(left: Term, right: Term) -> Iterator[Edit]:
    """Swapped values, a wrong letter or a wrong sign in a condition."""
    outside = left.free | {n for t in right.postorder() if isinstance(t, Cases) for v, _ in t.pieces for n in v.free}
    for path, t in places(right, MOST_PLACES):
        if not isinstance(t, Cases):
            continue
        pieces = t.pieces
        if len(pieces) == 2:
            swapped = Cases((pieces[1][0], pieces[0][1]), (pieces[0][0], pieces[1][1]))
            yield 9, "the two cases are swapped", put_at(right, path, swapped)
        for k, (value, condition) in enumerate(pieces):
            for new, words in _conditions(condition, outside):
                yield 12, words, put_at(right, path, Cases(*pieces[:k], (value, new), *pieces[k + 1 :]))


def _conditions(condition: Term, outside: Iterable[str]) -> Iterator[tuple[Term, str]]:
    if not isinstance(condition, Relation):
        return
    shown = text(condition)
    for op in Relation.NEGATED:
        if op != condition.op:
            new = Relation(op, condition.left, condition.right)
            yield new, f"the case says {shown}: {text(new)}?"
    left, right = condition.left, condition.right
    for here, other in ((left, right), (right, left)):
        if isinstance(here, Sym):
            for name in sorted(set(outside) - {here.name} - other.free):
                letter = Sym(name)
                new = Relation(condition.op, letter, right) if here is left else Relation(condition.op, left, letter)
                absent = f" but {here.name} does not occur" if here.name not in outside else ""
                yield new, f"the case says {shown}{absent}: {text(new)}?"
