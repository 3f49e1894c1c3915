"""Verdicts in words."""

from __future__ import annotations

from symderiv.decide.verdict import Verdict
from symderiv.terms import Sym, Term


def in_words(verdict: Verdict) -> tuple[str | Term, ...]:
    """A verdict as running text, with its witness or its conditions; terms are left to the format to write.

    >>> "".join(map(str, in_words(Verdict("proved", "equal canonical forms"))))
    'proved by equal canonical forms.'
    """
    words: list[str | Term] = [verdict.kind]
    if verdict.witness is not None:
        words.append(": at " if verdict.witness.values else ":")
        for k, (name, value) in enumerate(verdict.witness.values.items()):
            words += [", " if k else "", Sym(name), f" = {value}"]
        words.append(f" the left side is {verdict.witness.left} and the right side {verdict.witness.right}")
    elif verdict.method:
        words.append(f" by {verdict.method}" if verdict.kind == "proved" else f": {verdict.method}")
    for k, c in enumerate(verdict.conditions):
        words += [", " if k else ", provided that ", c]
    return (*words, ".")
