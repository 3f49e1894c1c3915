"""Assignments, branches and loops of a function, as formulas.

A loop is read by going through its body once, with a letter for the round and a mark for what stood in a variable before the round:

    A[i, j] = e(i, j)     for all i and j: the array with the entries e(i, j), if every round sets entries of its own
    total += e(i)         total + Σ_i e(i)
    total *= e(i)         total · ∏_i e(i)
    out.append(e(i))      the array of the e(i)
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from symderiv.check.code.expressions import Closure, Expressions, Round, Unset, gathered
from symderiv.check.code.library import number_of
from symderiv.check.code.places import Names
from symderiv.check.code.values import Listing, Misfit, NeedsArray, Trouble, Value, as_number, chosen, prior, simpler, tidied
from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    And,
    Cases,
    Fn,
    Mul,
    Not,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
    plus,
    substitute,
    times,
)
from symderiv.terms import replace as replaced
from symderiv.terms.shapes import same_size

MOST_CALLS = 12
"""Calls of functions of the program in one another."""


class Program(Expressions):
    """The statements of one program. `applied`: functions of vectors that were applied to single numbers, with how it is written."""

    def __init__(self, *args: object, known: Mapping[str, int], program: Mapping[str, object], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.known = known
        self.program = program
        self.applied: list[tuple[str, str, Value]] = []
        self.sizes: Mapping[str, tuple[int, ...]] = {}
        self._calls: list[str] = []

    def run(self, closure: Closure, args: list[object], named: Mapping[str, object], depth: int) -> object:
        """The value that a function returns for these arguments."""
        if len(self._calls) >= MOST_CALLS or closure.name in self._calls:
            raise Trouble(f"{closure.name} calls itself, or calls are nested too deeply")
        a = closure.node.args
        if a.vararg or a.kwarg or a.kwonlyargs or a.posonlyargs:
            raise Trouble("its parameters are not plain names")
        parameters = [p.arg for p in a.args]
        names: Names = dict(closure.scope)
        given = dict(zip(parameters, args, strict=False)) | dict(named)
        for p, default in zip(reversed(parameters), reversed(a.defaults), strict=False):
            if p not in given:
                given[p] = self.of(default, names, depth)
        if set(given) != set(parameters) or len(args) > len(parameters):
            raise Trouble(f"{closure.name} is called with other arguments than it has")
        names.update(given)
        scalar = args and all(isinstance(n := number_of(x), Value) and not n.rank for x in args)
        if scalar and any(self.sizes.get(closure.name, ())):
            self.flat |= {n for x in args if isinstance(x, Value) for n in x.body.free} & self.numbers.keys()
            before = len(self.applied)
            self.applied.append((closure.name, self.arguments_written, Value(ZERO)))
            found = self._called(closure, names, depth)
            if isinstance(found, Value):
                self.applied[before] = (*self.applied[before][:2], found)
            return found
        return self._called(closure, names, depth)

    def _called(self, closure: Closure, names: Names, depth: int) -> object:
        self._calls.append(closure.name)
        try:
            if isinstance(closure.node, ast.Lambda):
                return self.of(closure.node.body, names, depth)
            found = self.block(closure.node.body, names, depth)
        finally:
            self._calls.pop()
        if found is None:
            raise Trouble("it returns nothing")
        return found

    # ------------------------------------------------------------------------------------------------- statements
    def block(self, statements: Sequence[ast.stmt], names: Names, depth: int) -> object | None:
        """What a block returns; None where it goes on to the next statement. The names are changed in place."""
        depth += 1
        for k, s in enumerate(statements):
            match s:
                case ast.Return(value=None) | ast.Return(value=ast.Constant(value=None)):
                    raise Trouble("it returns nothing")
                case ast.Return(value=ast.expr() as e):
                    found = self.of(e, names, depth)
                    return number_of(found)
                case ast.If():
                    returned = self.branch(s, statements[k + 1 :], names, depth)
                    if returned is not None:
                        return returned
                case ast.With(body=body):
                    if (found := self.block(body, names, depth)) is not None:
                        return found
                case _:
                    self.statement(s, names, depth)
        return None

    def statement(self, s: ast.stmt, names: Names, depth: int) -> None:
        """One statement that returns nothing."""
        match s:
            case ast.Expr(ast.Constant()) | ast.Pass() | ast.Assert() | ast.Import() | ast.ImportFrom():
                return
            case ast.Expr(ast.Call(ast.Name("print"))):
                return
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [item], [])) if isinstance(names.get(name), Listing):
                listing = names[name]
                assert isinstance(listing, Listing)
                names[name] = Listing((*listing.values, self.number(item, names, depth)))
            case ast.Assign(targets=targets, value=e):
                found = self.of(e, names, depth)
                for t in targets:
                    self.assign(t, found, names, depth)
            case ast.AnnAssign(target=t, value=ast.expr() as e):
                self.assign(t, self.of(e, names, depth), names, depth)
            case ast.AugAssign(target=t, op=op, value=e):
                before = ast.parse(ast.unparse(t), mode="eval").body
                self.assign(t, self.of(ast.BinOp(before, op, e), names, depth), names, depth)
            case ast.FunctionDef(name=name):
                names[name] = Closure(name, s, names)
            case ast.For(orelse=[]):
                self.loop(s, names, depth)
            case _:
                raise Trouble(f"line {s.lineno}: {type(s).__name__.lower()} is not read as a formula")

    def branch(self, s: ast.If, after: Sequence[ast.stmt], names: Names, depth: int) -> object | None:
        """If and else: what is returned, or None with the names after both branches."""
        if _raises(s.body):
            return self.block(s.orelse, names, depth)
        test = self.truth(s.test, names, depth)
        if test.rank:
            raise Misfit("`if` asks for the truth of a whole array, which is an error")
        condition = simpler(test.body)
        if condition in (Truth(), Not(Truth())):
            return self.block(s.body if condition == Truth() else s.orelse, names, depth)
        yes, no = dict(names), dict(names)
        first = self.block(s.body, yes, depth)
        second = None if _raises(s.orelse) else self.block(s.orelse, no, depth)
        if first is None and second is None:
            self.merge(condition, yes, no, names)
            return None
        if first is None:
            first = self.block(after, yes, depth)
        elif second is None:
            second = self.block(after, no, depth)
        if first is None or second is None:
            raise Trouble("it returns something on one way only")
        return self.either(condition, first, second)

    def either(self, condition: Term, first: object, second: object) -> object:
        """The one value where a condition holds, the other elsewhere."""
        if first is second or first == second:
            return first
        if isinstance(first, Listing) and isinstance(second, Listing) and len(first.values) == len(second.values):
            pairs = zip(first.values, second.values, strict=True)
            return Listing(tuple(v for a, b in pairs if isinstance(v := self.either(condition, a, b), Value)))
        first, second = number_of(first), number_of(second)
        if not isinstance(first, Value) or not isinstance(second, Value):
            raise Trouble("the branches give different kinds of things")
        return self.space.joined(lambda a, b: chosen(condition, a, b), as_number(first), as_number(second))

    def merge(self, condition: Term, yes: Names, no: Names, names: Names) -> None:
        """The names after two branches."""
        for name in {*yes, *no}:
            a, b = yes.get(name), no.get(name)
            if name not in yes or name not in no:
                names[name] = Unset(f"{name} is set in one branch only")
            elif a is not b:
                names[name] = a if isinstance(a, Unset) else b if isinstance(b, Unset) else self.either(condition, a, b)

    # ------------------------------------------------------------------------------------------------ assignments
    def assign(self, target: ast.expr, found: object, names: Names, depth: int) -> None:
        """Give a name, several names, or an entry of an array a value."""
        if not isinstance(target, ast.Subscript):
            self.bind(target, found, names)
            return
        places: list[ast.expr] = []
        inner: ast.expr = target
        while isinstance(inner, ast.Subscript):
            places = [*(inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]), *places]
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise Trouble("an entry of something without a name is set")
        whole = self._name(inner.id, names)
        whole, value = number_of(whole), number_of(found)
        if isinstance(value, Listing):
            value = self.stacked(value)
        if not isinstance(whole, Value) or not isinstance(value, Value):
            raise Trouble("entries of this are not set as those of an array")
        names[inner.id] = self.written(whole, places, as_number(value), names, depth)

    def written(self, whole: Value, places: list[ast.expr], value: Value, names: Names, depth: int) -> Value:
        """The array after some of its entries are set."""
        if len(places) == 1 and (mask := self.mask(places[0], whole, names, depth)) is not None:
            if value.rank and value.mask != mask:
                raise Trouble("entries are set to those of another choice")
            body = value.at(map(Sym, whole.indices)) if value.rank else value.body
            return replace(whole, body=chosen(mask, body, whole.body))
        if whole.rank < len(places):
            self.array(whole, len(places))
            raise Misfit("an entry of a single number is set")
        conditions: list[Term] = []
        left = []
        for p, size, index in zip(places, whole.axes, whole.indices, strict=False):
            if isinstance(p, ast.Slice):
                if p.lower or p.upper or p.step:
                    raise Trouble("a part of an array is set")
                left.append(index)
            else:
                conditions.append(Relation("=", Sym(index), self.place(p, size, names, depth)))
        left += whole.indices[len(places) :]
        if value.rank > len(left):
            raise Misfit("an entry is set to a whole array")
        for size, index in zip(value.axes[::-1], left[::-1], strict=False):
            if size != ONE:
                self.space.common(size, whole.axes[whole.indices.index(index)])
        put = left[len(left) - value.rank :]
        body = value.at([ONE if n == ONE else Sym(i) for n, i in zip(value.axes, put, strict=True)])
        condition = And(*conditions) if len(conditions) > 1 else conditions[0] if conditions else Truth()
        return replace(whole, body=chosen(condition, body, whole.body))

    # ------------------------------------------------------------------------------------------------------ loops
    def loop(self, s: ast.For, names: Names, depth: int) -> None:
        """A loop, as what it leaves in the names."""
        found = self.rounds(s.iter, names, depth)
        inner = dict(names)
        carried = [name for name in _stored(s.body) if name in names]
        marks: dict[str, str] = {}
        for name in carried:
            before = number_of(names[name])
            if isinstance(before, Value) and not before.truth:
                before = names[name] = self.space.settled(before)
                marks[name] = self.space.fresh(f"before_{name}")
                inner[name] = replace(before, body=prior(marks[name], before.indices))
            elif isinstance(before, Listing):
                inner[name] = Listing()
            else:
                inner[name] = Unset(f"{name} is changed in a loop in a way that is not read")
        self.bind(s.target, found.bound, inner)
        if self.block(s.body, inner, depth) is not None:
            raise Trouble("a loop is left in its midst")
        for name in inner:
            if name in carried:
                try:
                    _refuse_others(inner[name], {m for n, m in marks.items() if n != name})
                    names[name] = self.after(name, names[name], inner[name], marks.get(name, ""), found)
                except Misfit:
                    raise
                except NeedsArray:
                    raise
                except Trouble as reason:
                    names[name] = Unset(str(reason))
            elif name not in names:
                names[name] = Unset(f"{name} is set inside of a loop")

    def after(self, name: str, before: object, round_: object, mark: str, found: Round) -> object:
        """What stands in a name after all rounds, from what it is before and after one."""
        if isinstance(before, Listing):
            if not isinstance(round_, Listing) or len(round_.values) > 1 or before.values:
                raise Trouble(f"the list {name} grows in a way that is not read")
            return gathered(round_.values[0], found) if round_.values else before
        if not isinstance(before, Value) or not isinstance(round_, Value) or before.rank != round_.rank:
            raise Trouble(f"{name} is changed in a loop in a way that is not read")
        before = self.space.settled(before)
        old = prior(mark, before.indices)
        body = tidied(round_.at(map(Sym, before.indices)))
        if body == old:
            return before
        if any(isinstance(t, Fn) and t.name == mark and t != old for t in body.postorder()):
            raise Trouble(f"a round of the loop reads entries of {name} that another one sets")
        for axis, index in enumerate(before.indices):
            if _only_at(body, old, index, found.index):
                return replace(before, body=self._each(body, old, before, axis, found))
        added = _increment(body, old)
        if added is not None:
            total = Sum(added, Sym(found.index), found.low, self.space.size(found.high))
            return replace(before, body=total if before.body == ZERO else Add(before.body, total))
        factor = _factor(body, old)
        if factor is not None:
            product = Product(factor, Sym(found.index), found.low, self.space.size(found.high))
            return replace(before, body=product if before.body == ONE else Mul(before.body, product))
        raise Trouble(f"{name} is changed in a loop in a way that is no sum and no product")

    def _each(self, body: Term, old: Term, before: Value, axis: int, found: Round) -> Term:
        """The entries that the rounds set, each round those of its own index."""
        index, size = before.indices[axis], before.axes[axis]
        new = tidied(substitute(body, {found.index: Sym(index)}))
        new = tidied(replaced(new, lambda t: before.body if t == old else None))
        high = self.space.size(found.high)
        ends = []
        if found.low != ONE:
            ends.append(Relation("≥", Sym(index), found.low))
        if not same_size(high, size):
            ends.append(Relation("≤", Sym(index), high))
        if not ends:
            return new
        return chosen(And(*ends) if len(ends) > 1 else ends[0], new, before.body)


def _refuse_others(found: object, marks: set[str]) -> None:
    """Raise Trouble for what is made of the value that another variable has before the round."""
    for v in found.values if isinstance(found, Listing) else (found,):
        if isinstance(v, Value) and any(isinstance(t, Fn) and t.name in marks for t in v.body.postorder()):
            raise Trouble("a round of the loop uses what another one has left")


def _raises(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _stored(body: Iterable[ast.stmt]) -> list[str]:
    """The names that statements change."""
    found: dict[str, None] = {}
    for s in body:
        for node in ast.walk(s):
            match node:
                case ast.Name(name, ast.Store()):
                    found[name] = None
                case ast.Subscript(ctx=ast.Store()) as target:
                    inner: ast.expr = target
                    while isinstance(inner, ast.Subscript):
                        inner = inner.value
                    if isinstance(inner, ast.Name):
                        found[inner.id] = None
                case ast.Call(ast.Attribute(ast.Name(name), "append")):
                    found[name] = None
    return list(found)


def _conjuncts(condition: Term) -> Iterator[Term]:
    if isinstance(condition, And):
        for c in condition.children:
            yield from _conjuncts(c)
    else:
        yield condition


def _only_at(body: Term, old: Term, index: str, round_: str) -> bool:
    """Whether a round changes only entries whose index is its own."""
    if body == old:
        return True
    if not isinstance(body, Cases):
        return False
    here = (Relation("=", Sym(index), Sym(round_)), Relation("=", Sym(round_), Sym(index)))
    return all(any(c in here for c in _conjuncts(condition)) or _only_at(v, old, index, round_) for v, condition in body.pieces)


def _increment(t: Term, old: Term) -> Term | None:
    """What is added to the old value, if it stands in the term as a summand only."""
    if t == old:
        return ZERO
    match t:
        case Add(parts):
            with_old = [p for p in parts if p.contains(old)]
            if len(with_old) == 1 and (inner := _increment(with_old[0], old)) is not None:
                return plus(*(p if p is not with_old[0] else inner for p in parts))
        case Cases(pieces):
            inner_pieces = [(_increment(v, old), c) for v, c in pieces]
            if all(v is not None for v, _ in inner_pieces) and not any(c.contains(old) for _, c in pieces):
                return tidied(Cases(*((v, c) for v, c in inner_pieces if v is not None)))
    return None


def _factor(t: Term, old: Term) -> Term | None:
    """What the old value is multiplied by."""
    if t == old:
        return ONE
    match t:
        case Mul(parts):
            with_old = [p for p in parts if p.contains(old)]
            if len(with_old) == 1 and (inner := _factor(with_old[0], old)) is not None:
                return times(*(p if p is not with_old[0] else inner for p in parts))
    return None
