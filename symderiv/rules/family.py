"""How a rule is declared: a function under `@rule`, or an equation between two shapes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from symderiv.read import read_plain
from symderiv.rules.step import Function, Head, Rewrite, Rule, joined
from symderiv.terms import ONE, Num, Pow, Relation, Sym, Term


def rule(
    statement: str,
    words: str,
    back: str = "",
    *,
    example: str,
    cost: float = 1.0,
    back_cost: float | None = None,
    everywhere: bool = False,
    tidy: bool = False,
    small: bool = False,
    heads: tuple[Head, ...] = (),
) -> Callable[[Function], Rule]:
    """Make a Rule of a function; its name is the function's, and `back` is `words` if not given."""

    def declare(function: Function) -> Rule:
        return Rule(
            name=function.__name__,
            statement=statement,
            words=words,
            back=back or words,
            function=function,
            example=example,
            cost=cost,
            back_cost=cost if back_cost is None else back_cost,
            everywhere=everywhere,
            tidy=tidy,
            small=small,
            heads=frozenset(heads),
        )

    return declare


def equation(
    name: str,
    text: str,
    *,
    example: str,
    conditions: tuple[str, ...] = (),
    cost: float = 1.0,
    back_cost: float | None = None,
    tidy: bool = False,
) -> Rule:
    """A rule that is an equation between two shapes, in plain maths; the equation is its own name.

    Its left side is a function or a power. Its letters stand for any term; `n` and `m` stand for a whole number greater than 1. It is used at all places of a line at once.
    """
    left_text, right_text = text.split(" = ")

    @cache
    def sides() -> tuple[Term, Term, tuple[Term, ...], Term]:
        left, right = read_plain(left_text).bare, read_plain(right_text).bare
        return left, right, tuple(read_plain(c).bare for c in conditions), Relation("=", left, right)

    def rewrite(t: Term) -> Rewrite | None:
        left, right, needed, shown = sides()
        found: dict[str, Term] = {}
        if not matches(left, t, found):
            return None
        return Rewrite(filled(right, found), tuple(filled(c, found) for c in needed), (shown,))

    call = re.fullmatch(r"(\w{2,})\([^()]*(?:\([^()]*\)[^()]*)*\)", left_text)
    heads: frozenset[Head] = frozenset((call[1] if call else Pow,))
    back = cost if back_cost is None else back_cost
    return Rule(name, text, "{}", "{}", rewrite, example, cost, back, everywhere=True, tidy=tidy, small=tidy, heads=heads)


def matches(pattern: Term, t: Term, found: dict[str, Term]) -> bool:
    """Whether the term has the shape of the pattern; what its letters stand for is put into `found`."""
    if isinstance(pattern, Sym):
        if pattern.name in ("n", "m") and not (isinstance(t, Num) and t.value > 1):
            return False
        return found.setdefault(pattern.name, t) == t
    return (
        type(pattern) is type(t)
        and pattern.data == t.data
        and len(pattern.children) == len(t.children)
        and all(matches(p, c, found) for p, c in zip(pattern.children, t.children, strict=True))
    )


def filled(pattern: Term, found: dict[str, Term]) -> Term:
    """The pattern with what its letters stand for."""
    if isinstance(pattern, Sym):
        return found[pattern.name]
    if not pattern.children:
        return pattern
    result = joined(pattern, [filled(c, found) for c in pattern.children])
    return ONE if isinstance(result, Pow) and result.left == ONE else result
