"""Claims about E, Var and Cov: expectations as polynomials in moments, at symbolic size.

E is linear; E[X Y] = E[X] E[Y] for independent X and Y; and for f_i and g_j that are independent wherever i ≠ j,
E[Σ_i f_i Σ_j g_j] = Σ_i (E[f_i g_i] − E[f_i] E[g_i]) + Σ_i E[f_i] Σ_j E[g_j].
A claim is proved by moments that are letters, and refuted by random numbers of two values that meet all that is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Final

from symderiv.decide.calculus.chances import Chances, Moments, letter_of
from symderiv.decide.traits import traits
from symderiv.decide.verdict import Unsupported, Verdict
from symderiv.terms import (
    ONE,
    TWO,
    Add,
    Context,
    Div,
    Entry,
    Expectation,
    Fn,
    Lambda,
    Mul,
    Neg,
    Pow,
    Sum,
    Sym,
    Term,
    fresh_name,
    minus,
    neg,
    over,
    plus,
    power,
    renamed,
    replace,
    substitute,
    times,
    value,
)

Decide = Callable[[Term, Term, Context, float], Verdict]
_E: Final = frozenset(("E", "expectation", "mathbb(E)"))
_VAR: Final = frozenset(("Var", "var", "Variance", "mathbb(V)", "V", "mathbb(Var)"))
_COV: Final = frozenset(("Cov", "cov"))
_NAMES: Final = _E | _VAR | _COV
LONGEST: Final = 200
"""Monomials of one expectation."""


def concerns(left: Term, right: Term, context: Context) -> bool:
    """Whether an expectation, a variance or a covariance stands in a claim."""
    for side in (left, right):
        found = traits(side)
        if Expectation in found.kinds or not (_E | _VAR | _COV).isdisjoint(found.functions - context.definitions.keys()):
            return True
        if context.random and not (_NAMES & found.letters).isdisjoint(_NAMES - context.sorts.keys() - context.definitions.keys()):
            return True
    return False


def decide(left: Term, right: Term, context: Context, effort: float, numbers: Decide) -> Verdict:
    """The verdict on left = right, where `numbers` decides what is left without expectations."""
    try:
        left, context = _written(left.bare, context)
        right, context = _written(right.bare, context)
        chances = Chances(context)
        if not chances.letters:
            return Verdict("undecided", tried=("it is not said what is random",))
        if (name := _stranger((left, right), context, chances)) is not None:
            return Verdict("undecided", tried=(f"it is not said whether {name} is random",))
    except Unsupported as reason:
        return Verdict("undecided", tried=(str(reason),))
    tried: list[str] = []
    try:
        a, b, moments = _valued(left, right, Moments(chances))
        found = numbers(a, b, moments.context(), effort / 2)
        if found.kind == "proved":
            return changed(found, method=f"expectations written by moments, {found.method}")
        tried += found.tried
    except Unsupported as reason:
        tried.append(str(reason))
    if unread := sorted(chances.unread | _bounded(context, chances)):
        return Verdict("undecided", tried=(f"what is said of the distribution of {unread[0]} is not understood", *tried))
    for skewed, shared in ((False, False), (True, False), (False, True), (True, True)):
        if shared and (chances.independent or chances.apart or chances.uncorrelated):
            break
        try:
            a, b, moments = _valued(left, right, Moments(chances, skewed, shared))
            found = numbers(a, b, moments.context(), effort / 4)
        except Unsupported as reason:
            tried.append(str(reason))
            continue
        if found.kind == "refuted":
            return changed(found, method="counterexample with random numbers of two values")
    return Verdict("undecided", tried=tuple(dict.fromkeys(tried)) or ("no distribution that refutes it was found",))


def _valued(left: Term, right: Term, moments: Moments) -> tuple[Term, Term, Moments]:
    """Both sides with their expectations written by the moments; in a model, what is random outside of them has one of its values."""
    context = moments.chances.context
    moments.taken |= {*left.free, *right.free, *context.sorts, *context.definitions}
    a, b = (_Side(moments).of(side) for side in (left, right))
    if moments.skewed is not None:
        a, b = (_Side(moments).outcomes(side) for side in (a, b))
    return a, b, moments


def _written(t: Term, context: Context) -> tuple[Term, Context]:
    """E[…], Var(…), Cov(…, …) in one spelling, and the context with the letters that an expectation says are random."""
    said: list[Term] = []

    def put(u: Term) -> Term | None:
        match u:
            case Expectation(body, index):
                said.append(Fn("random", index))
                where = u.where
                if where is not None:
                    said.append(Fn("unread", index))
                return Fn("E", body)
            case Fn(name, args) if name in _NAMES and name not in context.definitions:
                if name in _COV and len(args) == 2:
                    x, y = args
                    return minus(Fn("E", Mul(x, y)), Mul(Fn("E", x), Fn("E", y)))
                if len(args) == 1 and name in _E:
                    return Fn("E", *args)
                if len(args) == 1 and name in _VAR:
                    return minus(Fn("E", Pow(args[0], TWO)), Pow(Fn("E", args[0]), TWO))
                raise Unsupported(f"{name} of {len(args)} terms")
            case Entry(children=(Sym(name), *args)) if name in _NAMES and _is_free(name, context):
                return put(Fn(name, *args))
            case Mul(factors) if any(isinstance(f, Sym) and f.name in _NAMES and _is_free(f.name, context) for f in factors):
                out: list[Term] = []
                rest = list(factors)
                while rest:
                    f = rest.pop(0)
                    if rest and isinstance(f, Sym) and f.name in _NAMES and _is_free(f.name, context):
                        whole = put(Fn(f.name, rest.pop(0)))
                        assert whole is not None
                        f = whole
                    out.append(f)
                return times(*out)
        return None

    whole = replace(t, put)
    return whole, changed(context, random=(*context.random, *(f for f in said if f not in context.random)))


def _is_free(name: str, context: Context) -> bool:
    return name not in context.sorts and name not in context.definitions


@dataclass(slots=True)
class _Monomial:
    """c ∏ atomᵏ ∏ sums, with c free of what is random."""

    c: Term
    atoms: dict[Term, int]
    sums: tuple[Sum, ...] = ()


class _Side:
    """A side with its expectations worked out."""

    def __init__(self, moments: Moments) -> None:
        self.moments = moments
        self.chances = moments.chances
        self.definitions = self.chances.context.definitions
        self.random = _reached_by(self.chances)

    def of(self, t: Term) -> Term:
        """The term with E[…] written by moments, the innermost first."""

        def put(u: Term) -> Term | None:
            return self.expectation(u.children[0]) if isinstance(u, Fn) and u.name == "E" else None

        return replace(t, put)

    def outcomes(self, t: Term) -> Term:
        """Random letters outside of expectations at a value that they have with positive probability."""

        def put(u: Term) -> Term | None:
            return self.moments.outcome(u) if self.is_atom(u) else None

        if not self.is_random(t):
            return t
        defined = {n: d.body for n, d in self.definitions.items() if n in self.random and not d.parameters}
        for _ in range(len(defined)):
            t = substitute(t, defined)
        out = _with_entries(t, put)
        if self.is_random(out):
            raise Unsupported("what is random stands outside of an expectation")
        return out

    def is_random(self, t: Term) -> bool:
        """Whether a random letter stands in a term, itself or in a definition."""
        return not t.free.isdisjoint(self.random) or any(isinstance(u, Fn) and u.name in self.random for u in t.postorder())

    def is_atom(self, t: Term) -> bool:
        match t:
            case Sym(x):
                return x in self.chances.letters and not self.chances.context.sort(x).shape
            case Entry(children=(Sym(x), *_)):
                return x in self.chances.letters
        return False

    def expectation(self, t: Term) -> Term:
        """E of a term; raises Unsupported for what is no polynomial in random numbers."""
        return plus(*(self._mean(m) for m in self.polynomial(t)))

    def polynomial(self, t: Term) -> list[_Monomial]:
        """The term multiplied out, as far as it is random."""
        if isinstance(t, Sym) and t.name in self.definitions and not self.definitions[t.name].parameters:
            return self.polynomial(self.definitions[t.name].body)
        if not self.is_random(t):
            return [_Monomial(t, {})]
        if self.is_atom(t):
            return [_Monomial(ONE, {t: 1})]
        if isinstance(t, Entry) and (opened := self._opened(t)) is not None:
            return self.polynomial(opened)
        match t:
            case Add(args):
                return [m for a in args for m in self.polynomial(a)]
            case Neg(a):
                return [_Monomial(neg(m.c), m.atoms, m.sums) for m in self.polynomial(a)]
            case Mul(args):
                out = [_Monomial(ONE, {})]
                for a in args:
                    out = self._product(out, self.polynomial(a))
                return out
            case Div(a, b) if not self.is_random(b):
                return [_Monomial(over(m.c, b), m.atoms, m.sums) for m in self.polynomial(a)]
            case Pow(a, n) if (k := value(n)) is not None and k.denominator == 1 and 0 <= k <= 6:
                base, out = self.polynomial(a), [_Monomial(ONE, {})]
                for _ in range(int(k)):
                    out = self._product(out, base)
                return out
            case Sum():
                return [_Monomial(ONE, {}, (t,))]
        raise Unsupported(f"the expectation of {t}")

    def _opened(self, t: Entry) -> Term | None:
        """The entry z_i of a family that is defined by its members."""
        family = t.family
        body = self.definitions[family.name].body if isinstance(family, Sym) and family.name in self.definitions else None
        for i in t.indices:
            if not isinstance(body, Lambda):
                return None
            body = substitute(body.body, {body.index.name: i})
        return body

    def _product(self, a: list[_Monomial], b: list[_Monomial]) -> list[_Monomial]:
        if len(a) * len(b) > LONGEST:
            raise Unsupported("an expectation of this length")
        return [
            _Monomial(times(m.c, n.c), {t: m.atoms.get(t, 0) + n.atoms.get(t, 0) for t in {**m.atoms, **n.atoms}}, m.sums + n.sums)
            for m in a
            for n in b
        ]

    # ---------------------------------------------------------------------------------------------------- expectations
    def _mean(self, m: _Monomial) -> Term:
        if not m.sums:
            return times(m.c, self._of_atoms(m.atoms))
        rest = times(*(power(t, k) for t, k in m.atoms.items()))
        if len(m.sums) == 1:
            s = _apart(m.sums[0], {*rest.free, *m.c.free})
            return times(m.c, _over_range(s, self.expectation(times(rest, s.body))))
        if len(m.sums) == 2 and not m.atoms:
            return times(m.c, self._of_two_sums(*m.sums))
        raise Unsupported("the expectation of a product of this many sums")

    def _of_two_sums(self, f: Sum, g: Sum) -> Term:
        if f.children[1:] != g.children[1:] or f.data[1] != g.data[1]:
            raise Unsupported("the expectation of a product of sums over different ranges")
        g = _apart(g, f.free)
        f = _apart(f, {*g.free, g.index.name, *g.body.free})
        if self.moments.shared:
            return _over_range(f, _over_range(g, self.expectation(times(f.body, g.body))))
        if not self._independent_across(f, g):
            raise Unsupported("a product of sums whose terms are not known to be independent")
        there = substitute(g.body, {g.index.name: f.index})
        one, other = self.expectation(f.body), self.expectation(g.body)
        covariance = minus(self.expectation(times(f.body, there)), times(one, substitute(other, {g.index.name: f.index})))
        return plus(_over_range(f, covariance), times(_over_range(f, one), _over_range(g, other)))

    def _independent_across(self, f: Sum, g: Sum) -> bool:
        """Whether the summands of f and of g are independent for different indices."""
        slots: dict[str, set[int]] = {}
        for s in (f, g):
            if any(n in self.random - self.chances.letters for n in s.body.free):
                return False
            families = {t.family for t in s.body.postorder() if isinstance(t, Entry)}
            for t in s.body.postorder():
                if isinstance(t, Sym) and t.name in self.chances.letters and t not in families:
                    return False
                if isinstance(t, Entry) and self.is_atom(t):
                    here = {k for k, i in enumerate(t.indices) if i == s.index}
                    x = letter_of(t)
                    slots[x] = slots.get(x, here) & here
        names = sorted(slots)
        return (
            all(slots.values())
            and all(self._uncorrelated(x, y) for x in names for y in names)
            and (all(self._independent(x, y) for x in names for y in names) or all(self._linear(s.body) for s in (f, g)))
        )

    def _linear(self, t: Term) -> bool:
        return all(sum(m.atoms.values()) <= 1 and not m.sums for m in self.polynomial(t))

    def _of_atoms(self, atoms: dict[Term, int]) -> Term:
        """E[∏ atomᵏ]."""
        listed = sorted(atoms.items(), key=lambda p: p[0].digest)
        if len(listed) <= 1:
            return times(*(self.moments.moment(t, k) for t, k in listed))
        if self.moments.shared:
            return self.moments.joint(listed)
        if len(listed) == 2 and all(k == 1 for _, k in listed):
            (a, _), (b, _) = listed
            x, y = letter_of(a), letter_of(b)
            if self._uncorrelated(x, y):
                return times(self.moments.mean(a), self.moments.mean(b)) if x != y else self._same_family(a, b)
        groups: list[list[tuple[Term, int]]] = []
        for t, k in listed:
            x = letter_of(t)
            near = [g for g in groups if any(letter_of(u) == x or not self._independent(x, letter_of(u)) for u, _ in g)]
            groups = [g for g in groups if g not in near] + [[*(p for g in near for p in g), (t, k)]]
        if any(len(g) > 1 and self.moments.skewed is not None for g in groups):
            raise Unsupported("a product of entries that may be the same")
        return times(*(self.moments.moment(*g[0]) if len(g) == 1 else self.moments.joint(g) for g in groups))

    def _independent(self, x: str, y: str) -> bool:
        """Whether two letters, or two entries of one, are independent; in a model that they do not share, all are."""
        return self.moments.skewed is not None or self.chances.are_independent(x, y)

    def _uncorrelated(self, x: str, y: str) -> bool:
        return self.moments.skewed is not None or self.chances.are_uncorrelated(x, y)

    def _same_family(self, a: Term, b: Term) -> Term:
        """E[x_i x_k] of independent entries: E[x_i] E[x_k], and the variance besides if i = k."""
        places = zip(a.children[1:], b.children[1:], strict=True)
        same = times(*(Fn("delta", i, k) for i, k in places if i != k))
        return plus(times(self.moments.mean(a), self.moments.mean(b)), times(same, self.moments.variance(a)))


def _over_range(s: Sum, body: Term) -> Term:
    """The sum of another body over the same range."""
    return Sum.make(s.data, (body, *s.children[1:]))


def _apart(s: Sum, taken: set[str] | frozenset[str]) -> Sum:
    """The sum with an index that is none of the names."""
    if s.index.name not in taken:
        return s
    out = renamed(s, fresh_name(s.index.name, {*taken, *s.body.free}))
    assert isinstance(out, Sum)
    return out


def _with_entries(t: Term, put: Callable[[Term], Term | None]) -> Term:
    """The term with random numbers put in, entries before the letters of which they are entries."""
    entries = replace(t, lambda u: put(u) if isinstance(u, Entry) else None)
    return replace(entries, lambda u: put(u) if isinstance(u, Sym) else None)


def _reached_by(chances: Chances) -> frozenset[str]:
    """The random letters, and those that are defined by them."""
    out = set(chances.letters)
    while True:
        more = {
            n
            for n, d in chances.context.definitions.items()
            if n not in out and (d.body.free & out or any(isinstance(t, Fn) and t.name in out for t in d.body.postorder()))
        }
        if not more:
            return frozenset(out)
        out |= more


def _bounded(context: Context, chances: Chances) -> set[str]:
    """The random letters of which something is assumed besides their moments, or that are no plain real numbers."""
    reached = _reached_by(chances)
    out = {n for a in context.assumptions for n in a.free if n in reached}
    return out | {
        x
        for x in chances.letters
        if context.sort(x).field != "real" or context.sort(x).bounds is not None or context.sort(x).member
    }


def _stranger(sides: tuple[Term, ...], context: Context, chances: Chances) -> str | None:
    """A letter under an expectation of which nothing is said: it may be random."""
    said = {*context.sorts, *context.definitions, *chances.letters}
    said |= {n for a in context.assumptions for n in a.free}
    said |= {n for f in context.random for n in f.free}
    said |= {n for s in context.sorts.values() for size in (*s.shape, *(s.bounds or ())) for n in size.free}
    for side in sides:
        for t in side.postorder():
            if isinstance(t, Fn) and t.name == "E":
                parts = list(t.postorder())
                indices = {n for u in parts if isinstance(u, Entry) for i in u.indices for n in i.free}
                indices |= {n for u in parts if isinstance(u, Sum) for b in (u.low, u.high) if b is not None for n in b.free}
                bound = {u.bound for side in sides for u in side.postorder() if u.bound is not None}
                if loose := sorted(t.free - said - indices - bound):
                    return loose[0]
    return None
