"""Refutations beside words that were not understood: they count where no usual restriction of the letters saves the claim."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

from symderiv.check.scope import Scope, derivatives_in
from symderiv.decide import Verdict
from symderiv.terms import INTEGER, ONE, ZERO, Context, Definition, Neg, Relation, Sym, Term, substitute

MOST_LETTERS: Final = 3
"""Letters that are given the values of a pair such as 0 and 1, each by itself."""
_PAIRS: Final[tuple[tuple[Term, Term], ...]] = ((ZERO, ONE), (Neg(ONE), ONE))
_BELOW: Final = frozenset(("negative", "negativ", "below", "under", "less", "smaller", "opposite", "debt", "loss"))
_STRICT: Final = str.maketrans("≤≥", "<>")

Decider = Callable[[Term, Term, Context], Verdict]


def restricted(left: Term, right: Term, context: Context, scope: Scope, decided: Decider) -> str | None:
    """The words that may restrict the letters so that the claim holds; None where there are none.

    Words that may relate letters ("a is less than b") are never passed over. Beside any other words the claim has to fail where the
    letters are positive, within (0, 1), above 1, whole numbers, below 0 if the words name that, 0 or 1, and ±1.
    """
    letters = sorted(n for n in scope.reached(left) | scope.reached(right) if is_number_letter(n, context))
    related = next((n for n in letters if n in scope.related_words and not _bounded(n, context)), None)
    if related is not None:
        return f"what is said of {related} is not understood: {scope.related_words[related]!r}"
    open_letters = [n for n in letters if n in scope.open_words or (scope.loose_words and not _bounded(n, context))]
    if not open_letters:
        return None
    words = scope.open_words.get(open_letters[0]) or scope.loose_words
    if any(decided(left, right, there).kind != "refuted" for there in _regions(open_letters, words, context)) or any(
        _holds_at(left, right, open_letters, pair, context, decided) for pair in _PAIRS
    ):
        return f"it may hold as {open_letters[0]} is meant: {words!r} is not understood"
    return None


def is_number_letter(name: str, context: Context) -> bool:
    """Whether a letter stands for a real number, neither random nor a size, and has no definition."""
    sort = context.sort(name)
    if sort.shape or sort.arity or sort.field != "real" or name in context.definitions:
        return False
    sizes = (n for s in context.sorts.values() for n in (*s.shape, *(s.bounds or ())))
    return not any(name in n.free for n in sizes) and not any(name in fact.free for fact in context.random)


def _bounded(name: str, context: Context) -> bool:
    """Whether an assumption compares the letter with a number."""
    return any(isinstance(a, Relation) and a.op != "≠" and a.free == {name} for a in context.assumptions)


def _regions(letters: list[str], words: str, context: Context) -> Iterator[Context]:
    strict = [
        Relation(a.op.translate(_STRICT), a.left, a.right)
        for a in context.assumptions
        if isinstance(a, Relation) and a.op in "≤≥" and len(a.free) == 1 and a.free <= set(letters)
    ]
    if strict:
        yield context.assume(*strict)
    free = [Sym(n) for n in letters if not _bounded(n, context)]
    if not free:
        return
    yield context.assume(*(Relation(">", x, ZERO) for x in free))
    yield context.assume(*(r for x in free for r in (Relation(">", x, ZERO), Relation("<", x, ONE))))
    yield context.assume(*(Relation(">", x, ONE) for x in free))
    if _BELOW & set(words.lower().split()):
        yield context.assume(*(Relation("<", x, ZERO) for x in free))
    whole = context
    for x in free:
        whole = whole.declare(x.name, INTEGER).assume(Relation("≥", x, ONE))
    yield whole


def _holds_at(left: Term, right: Term, letters: list[str], pair: tuple[Term, Term], context: Context, decided: Decider) -> bool:
    """Whether the claim is proved at all values of a pair that the letters have."""
    if any(derivatives_in(t) for t in (left, right, *(d.body for d in context.definitions.values()))):
        return False
    chosen = letters[:MOST_LETTERS]
    for values in itertools.product(pair, repeat=len(chosen)):
        put = dict(zip(chosen, values, strict=True))
        there = {n: Definition(n, d.parameters, substitute(d.body, put)) for n, d in context.definitions.items()}
        if decided(substitute(left, put), substitute(right, put), Context(context.sorts, there)).kind != "proved":
            return False
    return True
