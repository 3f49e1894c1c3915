"""Steps of ≤ and ≥, each on a whole line: what is known put in where the line can only grow by it, summands of one sign left out.

known_bound   h ≤ c gives a h + b ≤ a c + b for a ≥ 0
leave_out     a + b ≥ a for b ≥ 0
abs_product   |a b| = |a| |b|
abs_of_sign   |u| = u for u ≥ 0, |u| = −u for u ≤ 0
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from symderiv.decide.monotone import direction
from symderiv.rules.family import matches
from symderiv.rules.parts import key, negated_sum, sign, terms_of
from symderiv.rules.step import Rewrite, Rule
from symderiv.terms import ZERO, Fn, Mul, Num, Relation, Sum, Sym, Term, neg, plus, replace, substitute, times

Certain = Callable[[Relation], bool]


def known_bound(known: Relation, upwards: bool, words: str, certain: Certain, name: str = "known_bound") -> Rule:
    """A bound put in for one side of it: upwards, what comes after is ≥ the line, otherwise ≤."""

    def put(t: Term) -> Rewrite | None:
        for part, new, rises in ((known.left, known.right, True), (known.right, known.left, False)):
            if not part.free or not t.contains(part):
                continue
            found = direction(t, part, new, certain)
            larger = rises == (known.op in ("<", "≤"))
            if found is None or not found[0] or (found[0] > 0) != (larger == upwards):
                continue
            after = replace(t, lambda s, part=part, new=new: new if s == part else None)  # type: ignore[misc]
            needed = tuple(dict.fromkeys(r for r in found[1] if not _plain(r)))
            own = (f"{words}, as {{}}",) * 2 if needed else (words,) * 2
            return Rewrite(after, (), needed, own, "≤" if upwards else "≥")
        return None

    return Rule(name, "a h \\le a c", words, words, put, "a*h")


def _plain(r: Relation) -> bool:
    """Whether nobody has to be told that a relation holds: it is one of numbers."""
    return not r.free


def leave_out(goal: Term, certain: Certain) -> Rule:
    """a + b ≥ a for b ≥ 0, and a + b ≤ a for b ≤ 0, where a is the goal."""

    def left(t: Term) -> Rewrite | None:
        rest = remainder(t, goal)
        if rest is None:
            return None
        for op in ("≥", "≤"):
            if certain(Relation(op, rest, ZERO)):
                return Rewrite(goal, (), (_shown(Relation(op, rest, ZERO)),), None, op)
        return None

    return Rule("leave_out", "a + b \\ge a", "as {}", "as {}", left, "a + b^2")


def remainder(t: Term, goal: Term) -> Term | None:
    """b with t = goal + b, as it is written; None if the goal does not stand there."""
    if goal == ZERO:
        return t
    left = Counter(map(key, terms_of(t)))
    left.subtract(map(key, terms_of(goal)))
    if min(left.values()) < 0:
        return None
    rest = []
    for s in terms_of(t):
        if left[key(s)] > 0:
            left[key(s)] -= 1
            rest.append(s)
    return plus(*rest)


def _shown(r: Relation) -> Relation:
    """What makes the sign of a term plain: every summand, a product without its sign."""
    op, t = r.op, r.left
    s, body = sign(t)
    if s < 0:
        op, t = Relation.MIRRORED[op], body
    elif all(sign(c)[0] < 0 for c in terms_of(t)):
        op, t = Relation.MIRRORED[op], negated_sum(t)
    return Relation(op, t.body, ZERO) if isinstance(t, Sum) else Relation(op, t, ZERO)


def abs_product() -> Rule:
    """|a b| = |a| |b|, the number in front by itself."""

    def split(t: Term) -> Term | None:
        match t:
            case Fn("abs", (Mul(args),)):
                return times(*(a if isinstance(a, Num) and a.value >= 0 else Fn("abs", a) for a in args))
        return None

    return Rule(
        "abs_product", "|a b| = |a|\\,|b|", "`|a b| = |a| |b|`", "`|a| |b| = |a b|`", split, "abs(a*b)", heads=frozenset(("abs",))
    )


def abs_of_sign(certain: Certain) -> Rule:
    """|u| = u for u ≥ 0, and −u for u ≤ 0."""

    def taken(t: Term) -> Rewrite | None:
        match t:
            case Fn("abs", (u,)):
                for op, value in (("≥", u), ("≤", neg(u))):
                    if certain(Relation(op, u, ZERO)):
                        return Rewrite(value, (), (Relation(op, u, ZERO),))
        return None

    return Rule("abs_of_sign", "|u| = u \\text{ for } u \\ge 0", "as {}", "as {}", taken, "abs(exp(x))", heads=frozenset(("abs",)))


def instance_in(bound: Relation, letters: frozenset[str], line: Term) -> Relation | None:
    """A bound that holds for all values of its letters, for those with which its left side stands in the line."""
    for t in line.preorder():
        found: dict[str, Term] = {}
        if matches(bound.left, t, found) and all(x in letters or v == Sym(x) for x, v in found.items()):
            put = {x: v for x, v in found.items() if x in letters}
            return Relation(bound.op, *(substitute(side, put) for side in bound.children))
    return None
