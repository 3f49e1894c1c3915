"""The words around formulas: which of them declare, which state a condition, which begin anew."""

from __future__ import annotations

import re
from typing import Final

from symderiv.terms import INTEGER, ONE, REAL, Context, Relation, Sort, Sym, function

DECLARES: Final = re.compile(
    r"\b(?:let|let's|suppose|assume|assuming|define[ds]?|denote[ds]?|put|write|set|take|fix|consider|considering|given|where|with|here|introduce[ds]?"
    r"|abbreviate|recall that|for a function|of the function|the function is(?: just)?|as a function)\b",
    re.IGNORECASE,
)
"""Words after which a formula says what its letters are."""

DEFINES: Final = re.compile(
    r"\b(?:let|define[ds]?|denote[ds]?|put|write|set|consider|introduce[ds]?|where|given by|called|the function is(?: just)?|abbreviate)\b",
    re.IGNORECASE,
)
"""Words after which a formula replaces what its left side meant before."""

DEFINED_AS: Final = re.compile(
    r"\b(?:is|are) (?:defined|given|introduced|computed|modelled)(?: as follows| as| by)?\s*[:,]?\s*$", re.IGNORECASE
)

CONDITION: Final = re.compile(
    r"\b(?:if|when|whenever|for|for all|for every|for each|case|in case|at|at the point|equal to|values of|provided|unless|on|where)\s*(?:both|any|some|either)?\s*$",
    re.IGNORECASE,
)
"""Words right before a formula that is a condition."""

ASSUMES: Final = re.compile(
    r"\b(?:assume|assuming|suppose|given that|provided(?: that)?|if|when|case|with|so|for)\b[^.]*$", re.IGNORECASE
)

SENTENCE_END: Final = re.compile(r"[.!?](?=\s|$)")

_INTEGER: Final = re.compile(
    r"\b(?:integers?|natural numbers?|whole numbers?|number of|count of|dimensions?|size of|length of|index|indices|runs? over|batch size)\b",
    re.IGNORECASE,
)
_FUNCTION: Final = re.compile(r"\bfunctions?\b(?! of)", re.IGNORECASE)
_COUNT: Final = re.compile(r"\b(?:number of|count of|dimensions?|size of|length of|batch size)\b", re.IGNORECASE)


def described(name: str, words: str, context: Context) -> Context:
    """The context after "`name` is …": integer, a count, a function, as far as the words say so.

    >>> described("K", " is the number of classes", Context()).sort("K").field
    'integer'
    """
    letter = Sym(name)
    sort: Sort | None = None
    if _COUNT.search(words) or _INTEGER.search(words):
        sort = INTEGER
    elif _FUNCTION.search(words) and not context.sort(name).shape:
        sort = function()
    elif re.search(r"\b(?:real|number|scalar|constant)\b", words, re.IGNORECASE):
        sort = REAL
    if sort is not None and name not in context.definitions and name not in context.sorts:
        context = context.declare(name, sort)
    if _COUNT.search(words):
        context = context.assume(Relation("≥", letter, ONE))
    return context


SOLVES: Final = re.compile(
    r"\b(?:solv(?:e|es|ing)\b|set(?:s|ting)?\b[^.]{0,80}\b(?:to|equal)\b[^.]{0,20}(?:\b(?:zero|0)\b|§))", re.IGNORECASE
)
"""Words before equations that are solved, so that they hold for the solution only."""
