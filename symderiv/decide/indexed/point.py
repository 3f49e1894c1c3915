"""Evaluation at concrete sizes and rational values: exact where it can be, in certified balls where not.

Derivatives are taken by forward mode: a number carries its slopes along the entries of the families that are differentiated by,
so a refutation never uses the rules or the normal form that it is checking.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from symderiv.decide.indexed.duals import (
    Dual,
    Numeric,
    Real,
    Undefined,
    bare,
    chained,
    determinant,
    exact,
    inverted,
    parts,
    plus,
    raised,
    times,
)
from symderiv.decide.indexed.expressions import (
    Apply,
    AtLeast,
    Call,
    Cell,
    Counted,
    Delta,
    Determinant,
    Expression,
    Factors,
    Family,
    Inverse,
    Largest,
    Moved,
    Number,
    Plus,
    Positive,
    Raised,
    Slope,
    Square,
    Times,
    Total,
)
from symderiv.decide.indexed.setting import Setting
from symderiv.decide.indexed.slopes import definition, partial
from symderiv.decide.indexed.whole import Whole
from symderiv.decide.verdict import Unsupported
from symderiv.terms import FUNCTIONS


@dataclass
class Point:
    """Concrete sizes, and values drawn when they are first asked for, the same ones in every run.

    `padded`: entries that the declared sizes do not have are 0, not numbers like the others. `outside`: whether one was asked for.
    """

    setting: Setting
    sizes: dict[str, int]
    seed: int
    padded: bool = False
    outside: bool = False
    drawn: dict[tuple[str, tuple[int, ...]], Real] = field(default_factory=dict)
    _extents: dict[str, list[int]] = field(default_factory=dict)
    _memo: dict[Any, Numeric] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)
    _seeds: list[tuple[Family, int]] = field(default_factory=list)

    def evaluate(self, t: Expression, at: Mapping[str, int]) -> Numeric:
        """The value of an expression at values of its indices; raises Undefined where it has none."""
        letters = self.letters(t)
        key = (id(t), tuple((f, level) for f, level in self._seeds), tuple((x, at[x]) for x in letters if x in at))
        if key not in self._memo:
            self.setting.budget.check()
            self._memo[key] = self._evaluate(t, at)
        return self._memo[key]

    def letters(self, t: Expression) -> tuple[str, ...]:
        """Every index letter that may matter to the value."""
        key = ("letters", id(t))
        if key not in self._memo:
            self._kept.append(t)
            self._memo[key] = tuple(sorted(self._free(t)))
        found: tuple[str, ...] = self._memo[key]
        return found

    def _free(self, t: Any) -> set[str]:
        out: set[str] = set()
        match t:
            case Cell(family, slots):
                out = {x for w in slots for x in w.letters}
                if family.point is not None:
                    out |= set(self.letters(self._pointed(t)))
                return out
            case Positive(body):
                return set(self.letters(body))
            case Moved(body, to):
                return {y for x in self.letters(body) for y in (to[x].letters if x in to else (x,))}
        for name in t.__slots__:
            part = getattr(t, name)
            for p in part if isinstance(part, tuple) and not hasattr(part, "_fields") else (part,):
                if isinstance(p, Whole):
                    out |= p.letters
                elif isinstance(p, Expression):
                    out |= set(self.letters(p))
                elif hasattr(p, "body"):
                    out |= self._free(p)
                elif hasattr(p, "size"):
                    out |= p.size.letters
                elif isinstance(p, tuple):
                    out |= {x for w in p[1] for x in w.letters}
        return out

    def _pointed(self, t: Cell) -> Expression:
        key = ("point", id(t))
        if key not in self._memo:
            assert t.family.point is not None
            self._kept.append(t)
            self._memo[key] = t.family.point(t.slots)
            self._kept.append(self._memo[key])
        made: Expression = self._memo[key]
        return made

    def whole(self, w: Whole, at: Mapping[str, int]) -> int:
        """A whole number at this point."""
        values = {}
        for x in w.letters:
            if x in at:
                values[x] = at[x]
            elif x in self.setting.equal:
                values[x] = self.whole(self.setting.equal[x], at)
            else:
                values[x] = self.size(x)
        try:
            return w.at(values)
        except ValueError:
            raise Undefined from None

    def size(self, name: str) -> int:
        """The value of a size; the next small number for one that was not given."""
        if name not in self.sizes:
            self.sizes[name] = 2 + len(self.sizes) % 3
        return self.sizes[name]

    def draw(self, family: Family, at: tuple[int, ...]) -> Real:
        """The value of an entry, as the assumptions want it."""
        if family.symmetric and len(at) == 2:
            at = (min(at), max(at))
        if family.diagonal and len(at) >= 2 and at[-1] != at[-2]:
            return fmpq(0)
        key = (family.name, at)
        if key not in self.drawn:
            self.drawn[key] = self._drawn(family, at)
        return self.drawn[key]

    def _drawn(self, family: Family, at: tuple[int, ...]) -> Real:
        rng = random.Random(f"{self.seed}/{family.name}/{at}")
        if family.orthonormal:
            return self._of_orthonormal(family, at)
        if family.total is not None and family.total < len(at):
            axis = family.total
            n = self.whole(self.setting.extent(family.name, axis), {})
            along = [(*at[:axis], k, *at[axis + 1 :]) for k in range(1, n + 1)]
            if family.hot:
                place = random.Random(f"{self.seed}/{family.name}/{at[:axis]}/{at[axis + 1 :]}").randint(1, n)
                return fmpq(int(at[axis] == place))
            weights = [random.Random(f"{self.seed}/{family.name}/{a}").randint(1, 12) for a in along]
            return exact(Fraction(rng.randint(1, 12), sum(weights)))
        if family.values:
            return exact(rng.choice(family.values))
        size = Fraction(rng.randint(1, 12), rng.randint(2, 7))
        low, high = family.low, family.high
        if low is not None and high is not None:
            return exact(low + (high - low) * Fraction(rng.randint(1, 11), 12))
        if low is None and high is None:
            size *= rng.choice((-1, 1))
        value = high - size if high is not None else size if low is None else low + size
        if family.semidefinite and len(at) >= 2 and at[-1] == at[-2]:
            value += 50
        return exact(value)

    def _of_orthonormal(self, family: Family, at: tuple[int, ...]) -> Real:
        """The entry of a rational vector of norm 1, or of the Cayley transform (I − S)(I + S)^{-1} of a skew S."""
        sizes = [self.whole(self.setting.extent(family.name, axis), {}) for axis in range(len(at))]
        if len(at) == 1:
            t = [self._small(family, (k,)) for k in range(sizes[0] - 1)]
            square = sum((x * x for x in t), Fraction(0))
            return exact((2 * t[at[0] - 1] if at[0] < sizes[0] else square - 1) / (square + 1))
        n = sizes[0]
        if len(at) != 2 or sizes[1] > n:
            raise Undefined
        key = ("orthonormal", family.name)
        if key not in self._memo:
            self._memo[key] = self._cayley(family, n)
        return exact(self._memo[key][at[0] - 1][at[1] - 1])

    def _small(self, family: Family, at: tuple[int, ...]) -> Fraction:
        rng = random.Random(f"{self.seed}/{family.name}/{at}")
        return Fraction(rng.choice((-1, 1)) * rng.randint(1, 5), rng.randint(1, 3))

    def _cayley(self, family: Family, n: int) -> list[list[Fraction]]:
        skew = [
            [Fraction(0) if i == j else self._small(family, (i, j)) if i < j else -self._small(family, (j, i)) for j in range(n)]
            for i in range(n)
        ]
        plus_one, minus_one = ([[fmpq(int(i == j)) + exact(s * skew[i][j]) for j in range(n)] for i in range(n)] for s in (1, -1))
        inverse = inverted(plus_one)
        return [[_fraction(sum((minus_one[i][k] * inverse[k][j] for k in range(n)), fmpq(0))) for j in range(n)] for i in range(n)]

    # ------------------------------------------------------------------------------------------------------ node by node
    def _evaluate(self, t: Expression, at: Mapping[str, int]) -> Numeric:
        match t:
            case Number(v):
                return exact(v)
            case Counted(w):
                return fmpq(self.whole(w, at))
            case Cell():
                return self._cell(t, at)
            case Delta(w):
                return fmpq(int(self.whole(w, at) == 0))
            case AtLeast(w):
                return fmpq(int(self.whole(w, at) >= 0))
            case Positive(body):
                return self._positive(self.evaluate(body, at))
            case Total(index, body, guard) | Factors(index, body, guard):
                out: Numeric = fmpq(int(isinstance(t, Factors)))
                size = self.whole(index.size, at)
                if size < 0:
                    raise Undefined
                for n in range(1, size + 1):
                    inner = {**at, index.name: n}
                    if guard is None or self.evaluate(guard, inner) != 0:
                        term = self.evaluate(body, inner)
                        out = times(out, term) if isinstance(t, Factors) else plus(out, term)
                return out
            case Largest(k, body):
                return self._largest([self.evaluate(body, {**at, k.name: v}) for v in range(1, self.whole(k.size, at) + 1)])
            case Plus(args):
                out = fmpq(0)
                for a in args:
                    out = plus(out, self.evaluate(a, at))
                return out
            case Times(args):
                return self._product(args, at)
            case Raised(base, q):
                return raised(self.evaluate(base, at), q)
            case Apply(name, args):
                return self._apply(t, name, args, at)
            case Inverse(m, i, j):
                return self._inverse(m, at)[self.whole(i, at) - 1][self.whole(j, at) - 1]
            case Determinant(m):
                return determinant(self._rows(m, at))
            case Call():
                return self._call(t, at)
            case Moved(body, to):
                return self.evaluate(body, {**at, **{x: self.whole(w, at) for x, w in to.items()}})
            case Slope(body, family, slots):
                return self._slope(body, family, slots, at)
        raise Unsupported(f"the value of {type(t).__name__.lower()}")

    def _product(self, args: tuple[Expression, ...], at: Mapping[str, int]) -> Numeric:
        """The product; a zero indicator in front hides what is undefined behind it."""
        out: Numeric = fmpq(1)
        for a in sorted(args, key=lambda a: not self._indicates(a)):
            out = times(out, self.evaluate(a, at))
            if self._indicates(a) and not isinstance(out, Dual) and out == 0:
                return fmpq(0)
        return out

    def _indicates(self, t: Expression) -> bool:
        """Whether an expression is 0 or 1 by a condition: [c], 1 − [c]."""
        match t:
            case Delta() | AtLeast() | Positive():
                return True
            case Times(args):
                return all(self._indicates(a) for a in args)
            case Plus((Number(), *rest)):
                return all(
                    isinstance(a, Times) and isinstance(a.args[0], Number) and all(map(self._indicates, a.args[1:])) for a in rest
                )
        return False

    def _positive(self, x: Numeric) -> Numeric:
        """[x > 0]; at a knot it has no derivative."""
        v = bare(x)
        if isinstance(v, fmpq) and v == 0 and not self._seeds:
            return fmpq(0)
        ball = arb(v)
        if not (ball > 0 or ball < 0):
            raise Undefined
        return fmpq(int(bool(ball > 0)))

    def _cell(self, t: Cell, at: Mapping[str, int]) -> Numeric:
        slots = tuple(self.whole(w, at) for w in t.slots)
        value: Numeric = self._entry(t.family, slots) if t.family.point is None else self.evaluate(self._pointed(t), at)
        for family, level in self._seeds:
            if family is t.family:
                value = plus(value, Dual(level, fmpq(0), {(id(family), slots): fmpq(1)}))
        return value

    def _entry(self, family: Family, at: tuple[int, ...]) -> Real:
        if self._exists(family.name, at):
            return self.draw(family, at)
        self.outside = True
        return fmpq(0) if self.padded else self.draw(family, at)

    def _exists(self, name: str, at: tuple[int, ...]) -> bool:
        """Whether an array that is declared has an entry at a place: w_0 and w_{n+1} do not stand in w ∈ R^n."""
        if self.setting.context.sort(name).varies:
            return True
        if name not in self._extents:
            self._extents[name] = [self.whole(n, {}) for n in self.setting.shape(name)]
        return all(1 <= k <= n for k, n in zip(at, self._extents[name], strict=False))

    def _slope(self, body: Expression, family: Family, slots: tuple[Whole, ...], at: Mapping[str, int]) -> Numeric:
        """The derivative: the body with one more kind of slopes, those along the family."""
        level = 1 + len(self._seeds)
        key = (id(family), tuple(self.whole(w, at) for w in slots))
        self._seeds.append((family, level))
        try:
            out = self.evaluate(body, at)
        finally:
            self._seeds.pop()
        _, slopes = parts(out, level)
        return slopes.get(key, fmpq(0))

    def _largest(self, values: list[Numeric]) -> Numeric:
        best = values[0]
        for v in values[1:]:
            x, y = bare(best), bare(v)
            if arb(y) > arb(x):
                best = v
            elif not arb(y) < arb(x):
                raise Undefined
        return best

    def _apply(self, t: Apply, name: str, args: tuple[Expression, ...], at: Mapping[str, int]) -> Numeric:
        written = self._once(("definition", id(t)), t, lambda: definition(self.setting, name, args, False))
        if written is not None:
            return self.evaluate(written, at)
        if name in ("pi", "e"):
            return arb.pi() if name == "pi" else arb(1).exp()
        values = [self.evaluate(a, at) for a in args]
        if name == "pow":
            return self._power(values[0], values[1])
        if name in ("max", "min"):
            turned = values if name == "max" else [times(fmpq(-1), v) for v in values]
            best = self._largest(turned)
            return best if name == "max" else times(fmpq(-1), best)
        if len(values) != 1:
            raise Unsupported(f"the value of {name}")
        return self._function(name, values[0])

    def _function(self, name: str, x: Numeric) -> Numeric:
        ball = FUNCTIONS[name].ball if name in FUNCTIONS else None
        if name in ("abs", "sign", "heaviside"):
            return self._by_sign(name, x)
        if ball is None:
            raise Unsupported(f"the value of {name}")
        return chained(x, lambda v: ball(arb(v)), lambda v: self._derived(name, v))

    def _derived(self, name: str, v: Numeric) -> Numeric:
        """The derivative of a function of the table at a number."""
        family = Family("u~")
        cell = Cell(family, ())
        made = self._once(("slope", name), cell, lambda: (family, partial(self.setting, name, (cell,), 0)))
        own, formula = made
        return _Substituted(self, own, v).evaluate(formula, {})

    def _by_sign(self, name: str, x: Numeric) -> Numeric:
        v = arb(bare(x))
        sign = 1 if v > 0 else -1 if v < 0 else 0
        if sign == 0:
            raise Undefined
        if name == "abs":
            return times(fmpq(sign), x)
        return fmpq(sign) if name == "sign" else fmpq(int(sign > 0))

    def _power(self, x: Numeric, y: Numeric) -> Numeric:
        whole = not isinstance(y, Dual) and isinstance(y, fmpq) and y.q == 1
        if whole:
            return raised(x, Fraction(int(y.p)))
        if not arb(bare(x)) > 0:
            raise Undefined
        return self._function("exp", times(y, self._function("log", x)))

    def _rows(self, m: Square, at: Mapping[str, int]) -> list[list[Numeric]]:
        n = self.whole(m.row.size, at)
        return [[self.evaluate(m.body, {**at, m.row.name: a, m.column.name: b}) for b in range(1, n + 1)] for a in range(1, n + 1)]

    def _inverse(self, m: Square, at: Mapping[str, int]) -> list[list[Numeric]]:
        own = {x: at[x] for x in self._free(m) if x in at}
        key = ("inverse", id(m), tuple(self._seeds), tuple(sorted(own.items())))
        if key not in self._memo:
            self._kept.append(m)
            self._memo[key] = inverted(self._rows(m, at))
        rows: list[list[Numeric]] = self._memo[key]
        return rows

    def _call(self, t: Call, at: Mapping[str, int]) -> Numeric:
        """An unknown function taken as a cubic of its own: c + Σ a_k u_k + Σ b_kl u_k u_l + Σ d_k u_k³."""
        context = self.setting.context
        if t.name not in context.definitions and not context.is_function(t.name):
            raise Unsupported(f"nothing is said of the function {t.name}")
        values: dict[tuple[int, tuple[int, ...]], Numeric] = {}
        for place, argument in enumerate(t.args):
            ranges = [range(1, self.whole(i.size, at) + 1) for i in argument.indices]
            for cell in itertools.product(*ranges):
                inner = {**at, **{i.name: v for i, v in zip(argument.indices, cell, strict=True)}}
                values[place, cell] = self.evaluate(argument.body, inner)
        by = [(place, tuple(self.whole(w, at) for w in slots)) for place, slots in t.by]
        return self._cubic(t.name, values, by)

    def _cubic(self, name: str, values: dict[Any, Numeric], by: list[Any]) -> Numeric:
        keys = list(values)
        monomials: list[tuple[Any, ...]] = [(), *((k,) for k in keys), *itertools.combinations_with_replacement(keys, 2)]
        monomials += [(k, k, k) for k in keys]
        out: Numeric = fmpq(0)
        for m in monomials:
            rng = random.Random(f"{self.seed}/{name}/{m}")
            c, left = Fraction(rng.choice((-1, 1)) * rng.randint(1, 9), rng.randint(2, 5)), list(m)
            for k in by:
                c *= left.count(k)
                if c:
                    left.remove(k)
            term: Numeric = exact(c)
            for k in left if c else ():
                term = times(term, values[k])
            out = plus(out, term)
        return out

    def _once(self, key: Any, owner: Any, make: Callable[[], Any]) -> Any:
        if key not in self._memo:
            self._kept.append(owner)
            self._memo[key] = make()
            self._kept.append(self._memo[key])
        return self._memo[key]


class _Substituted(Point):
    """A point at which one family has a given value: for the formulas of the table of functions."""

    def __init__(self, point: Point, family: Family, value: Numeric) -> None:
        super().__init__(point.setting, point.sizes, point.seed)
        self._own = family
        self._value = value

    def _cell(self, t: Cell, at: Mapping[str, int]) -> Numeric:
        return self._value if t.family is self._own else super()._cell(t, at)


def _fraction(x: Real) -> Fraction:
    assert isinstance(x, fmpq)
    return Fraction(int(x.p), int(x.q))
