"""Rules about sequences, sums and ordered products, as an induction uses them; made for the recursions of one context.

definition_of_member    h_{N+1} = W_{N+1} h_N + b_{N+1}
hypothesis              h_N = …
distribute              A (B + C) D = A B D + A C D                    the factors keep their order
scalars_first           A c B = c A B
into_the_sum            A Σ_l B_l = Σ_l A B_l
last_summand            Σ_{l≤N+1} a_l = Σ_{l≤N} a_l + a_{N+1}
outer_factor            W_{N+1} ⋯ W_1 = W_{N+1} (W_N ⋯ W_1)
empty_product           a product of no factors is I
empty_sum               a sum of no summands is 0
identity_factor         I A = A
one_factor              a product or sum over one index is its only member
next_power              a^{n+1} = a a^n, a^0 = 1
turned_product          (A B)ᵀ = Bᵀ Aᵀ, (W_N ⋯ W_1)ᵀ = W_1ᵀ ⋯ W_Nᵀ
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from symderiv.decide.indexed.whole import ONE as UNIT
from symderiv.decide.indexed.whole import Ranges, Whole
from symderiv.decide.sequences import System
from symderiv.decide.sequences.system import family_of, whole, written
from symderiv.decide.sequences.words import exponent, range_of
from symderiv.decide.verdict import Unsupported
from symderiv.rules.step import Rewrite, Rule
from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    DescendingProduct,
    Fn,
    Mul,
    Neg,
    Pow,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    fresh_name,
    neg,
    plus,
    substitute,
    times,
)

IDENTITY: Final = Sym("I")
_POWER_ZERO: Final = ("`a^0 = 1`",) * 2
_WITH_EMPTY: Final = (
    "split off the last summand, where the product is empty",
    "the summand joins the sum, with an empty product before it",
)


@dataclass(frozen=True)
class Sequences:
    """The rules of one system, with bounds split off down to those of `letter`: N + 1 as N and one more.

    `exponents`: for what an exponent is up to a number, the number in the hypothesis, down to which powers are split.
    """

    system: System
    letter: str
    ranges: Ranges
    exponents: Mapping[Whole, int]

    # ---------------------------------------------------------------------------------------------------- definitions
    def definition(self, there: Callable[[str, Whole], bool]) -> Rule:
        """The members at some places by what defines them."""

        def opened(t: Term) -> Rewrite | None:
            name = family_of(t)
            if name is None:
                return None
            at = whole(t.children[1])
            value = self.system.value(name, at) if name in self.system.recursions and there(name, at) else None
            return None if value is None else Rewrite(value, (), (t,))

        return Rule("definition_of_member", "h_l = f(h_{l-1})", "definition of {}", "recognise {}", opened, "h[l]")

    def hypothesis(self, equations: Mapping[Term, Term]) -> Rule:
        """What the claim says of the members before."""

        def used(t: Term) -> Term | None:
            return equations.get(t)

        return Rule("induction_hypothesis", "P(N)", "induction hypothesis", "induction hypothesis", used, "h[N]")

    def known(self, left: Term, right: Term) -> Rule:
        """A lemma that was proved before."""

        def put(t: Term) -> Rewrite | None:
            return Rewrite(right, (), (Relation("=", left, right),)) if t == left else None

        return Rule("lemma", "P", "lemma: {}", "lemma: {}", put, "j[N]")

    # ------------------------------------------------------------------------------------------------------- products
    def distribute(self) -> Rule:
        """A (B + C) D = A B D + A C D."""

        def distributed(t: Term) -> Term | None:
            if not isinstance(t, Mul):
                return None
            for k, f in enumerate(t.children):
                if isinstance(f, Add):
                    left, right = t.children[:k], t.children[k + 1 :]
                    return plus(
                        *(neg(times(*left, s.arg, *right)) if isinstance(s, Neg) else times(*left, s, *right) for s in f.children)
                    )
            return None

        return Rule("distribute", "A(B+C) = AB + AC", "multiply out", "factor out", distributed, "a*(b + c)")

    def scalars_first(self) -> Rule:
        """A c B = c A B for a number c."""

        def ordered(t: Term) -> Term | None:
            if not isinstance(t, Mul) or not self.system.is_array(t):
                return None
            arrays = [f for f in t.children if self.system.is_array(f)]
            new = times(*(f for f in t.children if f not in arrays), *arrays)
            return None if new == t else new

        return Rule("scalars_first", "A\\,c = c\\,A", "numbers in front", "numbers in front", ordered, "A*c", small=True)

    def into_the_sum(self) -> Rule:
        """A Σ_l B_l = Σ_l A B_l, and a sign."""

        def inside(t: Term) -> Term | None:
            factors = t.children if isinstance(t, Mul) else ()
            for k, f in enumerate(factors):
                if isinstance(f, Sum):
                    others = (*factors[:k], *factors[k + 1 :])
                    taken = {name for o in others for name in o.free}
                    index = f.index
                    body = f.body
                    if index.name in taken:
                        index = Sym(fresh_name(index.name, taken | set(body.free)))
                        body = substitute(body, {f.index.name: index})
                    return Sum.make((index.name, f.data[1]), (times(*factors[:k], body, *factors[k + 1 :]), *f.children[1:]))
            return None

        return Rule(
            "into_the_sum",
            "A \\sum_l B_l = \\sum_l A B_l",
            "factor into the sum",
            "factor out of the sum",
            inside,
            "a*sum(b[l], l, 1, N)",
        )

    def outer_factor(self) -> Rule:
        """W_{N+1} ⋯ W_1 = W_{N+1} (W_N ⋯ W_1), where that factor exists."""

        def split(t: Term) -> Term | None:
            if not isinstance(t, Product):
                return None
            ends = self._further(t)
            if ends is None:
                return None
            low, high, upper = ends
            at = high if upper else low
            factor = self.system.settled(substitute(t.body, {t.index.name: written(at)}))
            rest = type(t)(t.body, t.index, *map(written, (low, high - UNIT) if upper else (low + UNIT, high)))
            first = upper == isinstance(t, DescendingProduct)
            return times(factor, rest) if first else times(rest, factor)

        return Rule(
            "outer_factor",
            "\\prod_{l \\le N+1} W_l = W_{N+1} \\prod_{l \\le N} W_l",
            "split off the outer factor",
            "the factor joins the product",
            split,
            "prod(w[l], l, 1, N + 1)",
        )

    def last_summand(self) -> Rule:
        """Σ_{l≤N+1} a_l = Σ_{l≤N} a_l + a_{N+1}."""

        def split(t: Term) -> Rewrite | None:
            if not isinstance(t, Sum):
                return None
            ends = self._further(t)
            if ends is None:
                return None
            low, high, upper = ends
            last = self.system.settled(substitute(t.body, {t.index.name: written(high if upper else low)}))
            rest = Sum(t.body, t.index, *map(written, (low, high - UNIT) if upper else (low + UNIT, high)))
            empty = self._without_empty(last)
            last = last if empty is None else empty
            return Rewrite(plus(rest, last) if upper else plus(last, rest), (), (), None if empty is None else _WITH_EMPTY)

        return Rule(
            "last_summand",
            "\\sum_{l \\le N+1} a_l = \\sum_{l \\le N} a_l + a_{N+1}",
            "split off the last summand",
            "the summand joins the sum",
            split,
            "sum(a[l], l, 1, N + 1)",
        )

    def _further(self, t: Sum | Product) -> tuple[Whole, Whole, bool] | None:
        """The bounds of what reaches beyond the letter, and whether at the upper end; None if it does not, or may be empty."""
        try:
            low, high = range_of(t)
        except Unsupported:
            return None
        here = Whole.letter(self.letter)
        inner = self._inner(t)
        beyond, below = (high - here).value, (low - here).value
        if beyond is not None and beyond >= 1 and self.system.certain(high - low, inner):
            return low, high, True
        if below is not None and below <= 1 and high != here and not self.upwards and self.system.certain(high - low, inner):
            return low, high, False
        return None

    @property
    def upwards(self) -> bool:
        """Whether the letter counts up."""
        return not any(r.steps and not r.upwards for r in self.system.recursions.values())

    def _inner(self, t: Term) -> dict[str, tuple[Whole, Whole]]:
        """What the indices of enclosing sums run over: what is declared, or 1 … letter."""
        out = dict(self.ranges)
        for name in t.free - {self.letter}:
            bounds = self.system.context.sort(name).bounds
            if name not in out and bounds is not None:
                out[name] = (whole(bounds[0]), whole(bounds[1]))
            elif name not in out and name not in self.system.context.sorts:
                out[name] = (UNIT, Whole.letter(self.letter))
        return out

    def empty_product(self) -> Rule:
        """A product of no factors is the identity, or 1."""

        def nothing(t: Term) -> Term | None:
            if isinstance(t, Mul):
                return self._without_empty(t)
            return self._one(t.body) if isinstance(t, Product) and self._is_empty(t) else None

        words = "an empty product is the identity"
        return Rule("empty_product", "\\prod_{l \\in \\emptyset} W_l = I", words, words, nothing, "prod(w[l], l, 1, 0)")

    def empty_sum(self) -> Rule:
        """A sum of no summands is 0."""

        def nothing(t: Term) -> Term | None:
            return ZERO if isinstance(t, Sum) and self._is_empty(t) else None

        words = "an empty sum is 0"
        return Rule("empty_sum", "\\sum_{l \\in \\emptyset} a_l = 0", words, words, nothing, "sum(a[l], l, 1, 0)")

    def identity_factor(self) -> Rule:
        """I A = A."""

        def without(t: Term) -> Term | None:
            if not isinstance(t, Mul) or IDENTITY not in t.children:
                return None
            kept = [f for f in t.children if f != IDENTITY]
            return times(*kept) if any(map(self.system.is_array, kept)) else None

        return Rule("identity_factor", "I A = A", "`I A = A`", "`A = I A`", without, "I*A", small=True)

    def _without_empty(self, t: Term) -> Term | None:
        """A product without its factors that are empty products, or the identity; None if there are none."""
        if not isinstance(t, Mul):
            return None
        kept = [f for f in t.children if not (isinstance(f, Product) and self._is_empty(f))]
        return None if len(kept) == len(t.children) else times(*kept) if kept else IDENTITY

    def _is_empty(self, t: Term) -> bool:
        if not isinstance(t, (Sum, Product)):
            return False
        try:
            low, high = range_of(t)
        except Unsupported:
            return False
        return self.system.certain(low - high - UNIT, self._inner(t))

    def one_factor(self) -> Rule:
        """A product or a sum over a single index."""

        def only(t: Term) -> Term | None:
            if not isinstance(t, (Sum, Product)):
                return None
            try:
                low, high = range_of(t)
            except Unsupported:
                return None
            return self.system.settled(substitute(t.body, {t.index.name: written(low)})) if low == high else None

        return Rule(
            "one_factor",
            "\\prod_{l=k}^{k} W_l = W_k",
            "written out",
            "written as a product or sum",
            only,
            "prod(w[l], l, 1, 1)",
            small=True,
        )

    def next_power(self) -> Rule:
        """a^{n+1} = a a^n and a^0 = 1, for whole n ≥ 0: down to the exponents of the hypothesis."""

        def power(t: Term) -> Rewrite | Term | None:
            if not isinstance(t, Pow) or t.right == ONE or (e := exponent(t.right)) is None:
                return None
            if e.value is not None:
                return None if e.value not in (0, 1) else t.left if e.value else Rewrite(self._one(t.left), (), (), _POWER_ZERO)
            least = self.exponents.get(e - Whole.number(e.constant), 0)
            if e.slope(self.letter) != 1 or e.constant <= least or not self.system.certain(e - UNIT, self._inner(t)):
                return None
            rest = e - UNIT
            return times(t.left, t.left if rest == UNIT else Pow(t.left, written(rest)))

        return Rule("next_power", "a^{n+1} = a\\,a^n", "one factor from the power", "powers of one base", power, "a^(n + 1)")

    def _one(self, t: Term) -> Term:
        return IDENTITY if self.system.is_array(t) else ONE

    def turned_product(self) -> Rule:
        """(A B)ᵀ = Bᵀ Aᵀ, (A + B)ᵀ = Aᵀ + Bᵀ, and the same of a product over an index."""

        def turned(t: Term) -> Term | None:
            match t:
                case Fn("transpose", (Mul(args),)):
                    return times(*(_transposed(a) for a in reversed(args)))
                case Fn("transpose", (Add(args),)):
                    return plus(*map(_transposed, args))
                case Fn("transpose", (Product() as p,)):
                    kind = Product if isinstance(p, DescendingProduct) else DescendingProduct
                    return kind.make(p.data, (_transposed(p.body), *p.children[1:]))
            return None

        return Rule(
            "turned_product",
            "(AB)^\\top = B^\\top A^\\top",
            "the transpose turns the order",
            "the transpose turns the order",
            turned,
            "transpose(A*B)",
        )


def _transposed(t: Term) -> Term:
    return t.children[0] if isinstance(t, Fn) and t.name == "transpose" else Fn("transpose", t)
