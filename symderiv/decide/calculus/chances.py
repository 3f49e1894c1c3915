"""What is known of random letters: which they are, which of them are independent, their means, variances and distributions.

Facts of a Context (`Context.random`), as terms:

    random(x)              x is random; for a vector or a matrix, its entries are
    independent(x, y, …)   the letters, and the entries of each, are independent
    apart(x, y, …)         different letters of these are independent, of the entries of each nothing is said
    uncorrelated(x, y, …)  the same for pairs of them, as far as their covariances go
    identical(x)           the entries of x have the same distribution
    mean(x, m), variance(x, v)
    two_valued(x, a, p, b, q)   x is a with probability p and b with probability q
    normal(x, m, v)        x has the normal distribution with mean m and variance v
    unread(x)              something is said of x that is not understood
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import comb
from typing import Final

from symderiv.decide.verdict import Unsupported
from symderiv.terms import ONE, ZERO, Context, Entry, Fn, Num, Relation, Sym, Term, fresh_name, number, plus, power, times

HIGHEST: Final = 8
"""Moments that are worked out."""


@dataclass(slots=True)
class Chances:
    """The facts about the random letters of a context, by letter."""

    context: Context
    letters: set[str] = field(default_factory=set)
    independent: list[frozenset[str]] = field(default_factory=list)
    apart: list[frozenset[str]] = field(default_factory=list)
    uncorrelated: list[frozenset[str]] = field(default_factory=list)
    identical: set[str] = field(default_factory=set)
    means: dict[str, Term] = field(default_factory=dict)
    variances: dict[str, Term] = field(default_factory=dict)
    laws: dict[str, Fn] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for fact in self.context.random:
            assert isinstance(fact, Fn)
            names = [t.name for t in fact.children if isinstance(t, Sym)]
            match fact:
                case Fn("random", (Sym(x),)):
                    self.letters.add(x)
                case Fn("independent"):
                    self.independent.append(frozenset(names))
                case Fn("apart"):
                    self.apart.append(frozenset(names))
                case Fn("uncorrelated"):
                    self.uncorrelated.append(frozenset(names))
                case Fn("identical", (Sym(x),)):
                    self.identical.add(x)
                case Fn("mean", (Sym(x), m)):
                    self.means[x] = m
                case Fn("variance", (Sym(x), v)):
                    self.variances[x] = v
                case Fn("two_valued" | "normal", (Sym(x), *_)):
                    self.laws[x] = fact
                case Fn("unread", (Sym(x),)):
                    self.unread.add(x)

    def are_independent(self, a: str, b: str) -> bool:
        """Whether two different letters, or different entries of one, are independent."""
        groups = self.independent if a == b else [*self.independent, *self.apart]
        return any(a in group and b in group for group in groups)

    def are_uncorrelated(self, a: str, b: str) -> bool:
        """Whether the covariance of two different letters or entries is 0."""
        return self.are_independent(a, b) or any(a in group and b in group for group in self.uncorrelated)


def letter_of(atom: Term) -> str:
    """The letter of a random number: X, or x for the entry x_i."""
    t = atom.children[0] if isinstance(atom, Entry) else atom
    assert isinstance(t, Sym)
    return t.name


@dataclass(slots=True)
class Moments:
    """E[Xᵏ] of single random numbers.

    With `skewed` None, means, variances and higher moments of which nothing is said are letters. Otherwise X = m + s T, where T has
    two values: ±1 for skewness 0, and 2, −1/2 with probabilities 1/5, 4/5 for skewness 3/2.
    """

    chances: Chances
    skewed: bool | None = None
    shared: bool = False
    taken: set[str] = field(default_factory=set)
    made: dict[str, tuple[str, str]] = field(default_factory=dict)
    free: bool = True

    def moment(self, atom: Term, k: int) -> Term:
        """E[atomᵏ]; raises Unsupported for high ones."""
        if k > HIGHEST:
            raise Unsupported(f"a moment of order {k}")
        law = self.chances.laws.get(letter_of(atom))
        match law:
            case Fn("two_valued", (_, a, p, b, q)):
                return plus(times(p, power(a, k)), times(q, power(b, k)))
            case Fn("normal", (_, m, v)):
                return _normal(m, v, k)
        if k == 0:
            return ONE
        m = self.mean(atom)
        if k == 1:
            return m
        if k == 2:
            return plus(self.variance(atom), power(m, 2))
        if self.skewed is None:
            self.free = False
            return self._letter(atom, f"E^{k}")
        s = self.deviation(atom)
        return plus(*(times(number(comb(k, j) * _of_t(j, self.skewed)), power(s, j), power(m, k - j)) for j in range(k + 1)))

    def joint(self, atoms: list[tuple[Term, int]]) -> Term:
        """E[∏ atomᵏ] of numbers that may depend on each other: a letter, or worked out for one T that all of them share."""
        if self.skewed is None:
            names, places = sorted(letter_of(t) for t, _ in atoms), {t.indices if isinstance(t, Entry) else () for t, _ in atoms}
            sorts = {self.chances.context.sort(x).shape for x in names}
            if len(set(names)) < len(names) or len(places) > 1 or len(sorts) > 1 or set(names) & self.chances.identical:
                raise Unsupported(
                    f"the expectation of a product of {atoms[0][0]} and {atoms[1][0]}, which may depend on each other"
                )
            self.free = False
            powers = " ".join(f"{letter_of(t)}^{k}" for t, k in sorted(atoms, key=lambda p: letter_of(p[0])))
            return self._letter(atoms[0][0], f"E[{powers}]")
        if any(letter_of(t) in self.chances.laws for t, _ in atoms):
            raise Unsupported("letters with a distribution that may depend on each other")
        powers_of_t: dict[int, Term] = {0: ONE}
        for t, k in atoms:
            for _ in range(k):
                longer: dict[int, Term] = {}
                for j, c in powers_of_t.items():
                    longer[j] = plus(longer.get(j, ZERO), times(c, self.mean(t)))
                    longer[j + 1] = plus(longer.get(j + 1, ZERO), times(c, self.deviation(t)))
                powers_of_t = longer
        return plus(*(times(number(_of_t(j, self.skewed)), c) for j, c in powers_of_t.items()))

    def mean(self, atom: Term) -> Term:
        """E[X], as it is said or as a letter."""
        x = letter_of(atom)
        match self.chances.laws.get(x):
            case Fn("normal", (_, m, _)):
                return m
        return self.chances.means.get(x) or self._letter(atom, "E")

    def variance(self, atom: Term) -> Term:
        """Var X, as it is said or as a letter."""
        x = letter_of(atom)
        if (said := self.chances.variances.get(x)) is not None:
            return said
        return self._letter(atom, "Var") if self.skewed is None else power(self._letter(atom, "s"), 2)

    def deviation(self, atom: Term) -> Term:
        """The root of the variance."""
        said = self.chances.variances.get(letter_of(atom))
        return self._letter(atom, "s") if said is None else Fn("sqrt", said)

    def outcome(self, atom: Term) -> Term:
        """One of the values that X has with positive probability."""
        match self.chances.laws.get(letter_of(atom)):
            case Fn("two_valued", (_, _, _, b, _)):
                return b
            case Fn():
                raise Unsupported("a value of a normal letter")
        return plus(self.mean(atom), self.deviation(atom))

    def _letter(self, atom: Term, what: str) -> Term:
        x = letter_of(atom)
        key = f"{what}({x})"
        if key not in self.made:
            self.made[key] = (fresh_name(key, self.taken), x)
            self.taken.add(self.made[key][0])
        letter = Sym(self.made[key][0])
        if isinstance(atom, Entry) and x not in self.chances.identical:
            return Entry(letter, *atom.indices)
        return letter

    def context(self) -> Context:
        """The context with what the letters for means and variances are."""
        out = self.chances.context
        for key, (name, x) in self.made.items():
            sort = out.sort(x)
            if sort.shape and x not in self.chances.identical:
                out = out.declare(name, sort)
                if key.startswith(("Var", "s")):
                    self.free = self.free and not key.startswith("Var")
            elif key.startswith(("Var", "s")):
                out = out.assume(Relation("≥", Sym(name), ZERO))
        for x in sorted(self.chances.letters):
            if (v := self.chances.variances.get(x)) is not None and not any(isinstance(t, Entry) for t in v.postorder()):
                out = out.assume(Relation("≥", v, ZERO))
            if (law := self.chances.laws.get(x)) is not None and law.name == "two_valued":
                out = out.assume(*(Relation("≥", p, ZERO) for p in (law.children[2], law.children[4])))
        return out


def _normal(m: Term, v: Term, k: int) -> Term:
    before: Term = ONE
    now = m
    if k == 0:
        return before
    for j in range(2, k + 1):
        before, now = now, plus(times(m, now), times(Num(j - 1), v, before))
    return now


def _of_t(j: int, skewed: bool) -> Fraction:
    """E[Tʲ] of the two-valued letter with mean 0 and variance 1."""
    if skewed:
        return Fraction(2**j, 5) + Fraction(4 * (-1) ** j, 5 * 2**j)
    return Fraction(1 - j % 2)
