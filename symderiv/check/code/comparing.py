"""Functions of arrays compared, entry by entry: code with a function of the catalogue, and code with the derivative of a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import Final

from symderiv.check.code.expressions import Closure
from symderiv.check.code.functions import CodeFunction, Functions, declared, parameters
from symderiv.check.code.statements import Program
from symderiv.check.code.values import Misfit, Space, Trouble, Value, as_number, renamed, shown, tidied
from symderiv.check.judging import decided
from symderiv.decide import Verdict
from symderiv.terms import ZERO, Add, Context, Derivative, Entry, Fn, Neg, Sym, Term, plus, replace
from symderiv.write import latex
from symderiv.write.stable import library

CATALOGUED: Final = {
    "softmax": "softmax",
    "stable_softmax": "softmax",
    "softmax_stable": "softmax",
    "log_softmax": "log_softmax",
    "logsoftmax": "log_softmax",
    "logsumexp": "logsumexp",
    "log_sum_exp": "logsumexp",
}
"""Functions of vectors that code is expected to compute if it is called so, by the operation that reads them."""


_WORDS: Final = {"exp": "exponential", "log": "logarithm"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it: `names` is the left side in letters, `equation` whether the code claims an equation, and more to say; `value` is what
    the code gives, in the same letters."""

    verdict: Verdict
    names: str = ""
    equation: bool = False
    reason: str = ""
    suggestion: str | None = None
    value: Term | None = None


def same_as_catalogue(found: CodeFunction, functions: Functions, known: Context) -> Comparison | None:
    """Whether a function of a vector is the one of the catalogue that has its name, along the last axis or the first."""
    name = CATALOGUED[found.name.lower()]
    closure = functions.program[found.name]
    assert isinstance(closure, Closure)
    given = [p for p, r in zip(found.parameters, found.ranks, strict=True) if r] or list(found.parameters[:1])
    if len(given) != 1 or found.parameters.index(given[0]):
        return None
    rank = max(1, found.ranks[0])
    best: Comparison | None = None
    for ideal in (False, True):
        for axis in (-1, 0)[:rank]:
            comparison = _with_catalogue(closure, name, rank, axis, functions, known, ideal)
            if comparison is None or comparison.verdict.kind == "proved":
                return comparison
            best = best or comparison
    return best


def _with_catalogue(
    closure: Closure, name: str, rank: int, axis: int, functions: Functions, known: Context, ideal: bool
) -> Comparison | None:
    both = _Both(closure, {closure.node.args.args[0].arg: rank}, functions, known, ideal)
    (parameter,) = both.given.values()
    if both.value is None:
        return None
    reference = getattr(both.program, name)(parameter, axis)
    if both.value.rank != reference.rank:
        shapes = f"{shown(both.value.axes)} and not {shown(reference.axes)}"
        return Comparison(Verdict("undecided"), reason=f"the result has the shape {shapes}")
    verdict = both.verdict(lambda places: reference.at(places), both.value)
    if ideal and verdict.kind == "proved" and both.program.guards:
        guards = ", ".join(dict.fromkeys(both.program.guards))
        return Comparison(verdict, reason=f"right apart from {guards}, which is there for the floating-point arithmetic")
    body = reference.at(map(Sym, both.value.indices))
    names = f"{name}({both.names()[0]})" + "".join(f"_{i}" for i in both.value.indices[-1:] if reference.rank)
    missing = _functions(body) - _functions(both.value.body)
    reason = "; ".join(f"there is no {_WORDS.get(m, m)} in it" for m in sorted(missing))
    return Comparison(
        verdict, names if verdict.kind == "refuted" else "", reason=reason, suggestion=latex(body), value=both.value.body
    )


def differentiated(found: CodeFunction, base: CodeFunction | str, functions: Functions, known: Context) -> Comparison | None:
    """Whether a function is the derivative of another: the Jacobian, the gradient by one of its parameters, or entry by entry.

    The derivative may be given as a function of the value of the other one. Derivatives by any of the parameters count, and both
    layouts of a Jacobian.
    """
    results = list(_attempts(found, base, functions, known))
    for comparison in results:
        if comparison.verdict.kind == "proved":
            return comparison
    if not results:
        return None
    undecided = [c for c in results if c.verdict.kind != "refuted"]
    if undecided:
        return undecided[0]
    if found.guessed or (isinstance(base, CodeFunction) and base.guessed):
        return Comparison(
            Verdict("undecided"), equation=True, reason="the shapes of its arrays are not said; for vectors it is wrong"
        )
    if isinstance(base, CodeFunction) and base.name.lower() in CATALOGUED:
        right = [c for c in _attempts(found, CATALOGUED[base.name.lower()], functions, known) if c.verdict.kind == "proved"]
        if right:
            return Comparison(
                Verdict("undecided"), equation=True, reason=f"this is the derivative of the catalogue's, not of {base.name} above"
            )
    by_parameters = [c for c in results if not c.reason]
    return by_parameters[-1] if by_parameters else results[-1]


def _attempts(found: CodeFunction, base: CodeFunction | str, functions: Functions, known: Context) -> Iterator[Comparison]:
    """One comparison for each parameter, and one with the parameter standing for the value of the function."""
    closure = functions.program[found.name]
    assert isinstance(closure, Closure)
    ranks = dict(zip(found.parameters, found.ranks, strict=True))
    of, base_ranks = (("z",), (1,)) if isinstance(base, str) else (base.parameters, base.ranks)
    if set(of) <= set(ranks) and len(ranks) == len(of):
        renamed = dict(zip(of, of, strict=True))
    elif len(of) == len(ranks):
        renamed = dict(zip(of, ranks, strict=True))
    else:
        return
    for p, r in zip(of, base_ranks, strict=True):
        ranks[renamed[p]] = max(ranks[renamed[p]], r)
    both = _Both(closure, ranks, functions, known, False)
    value = both.value
    if value is None:
        return
    reference = both.reference(base, [both.given[renamed[p]] for p in of])
    if reference is None:
        yield Comparison(Verdict("undecided"), equation=True, reason="the largest entry in it is not reckoned with")
        return
    name = base if isinstance(base, str) else base.name
    for p in of:
        yield from _by(renamed[p], name, both, value, reference)
    if len(of) == 1 and reference.rank:
        (p,) = ranks
        inner = both.value_of(p, reference)
        if inner is not None:
            for comparison in _by(p, name, both, inner, reference, f"as a function of the value {p} = {name}(…)"):
                yield replaced(comparison, value=both.space.size(value.body))


def _by(p: str, name: str, both: _Both, value: Value, reference: Value, reason: str = "") -> Iterator[Comparison]:
    """The comparison with the derivative by one parameter."""
    of = both.given[p]
    i, j = ([*value.indices, *both.space_names()][k] for k in (0, 1))
    letter = Sym(p)

    def derivative(entry: Term, places: list[Term]) -> Term:
        return Derivative(entry, letter, 1, None, tuple(places))

    if value.rank == reference.rank + of.rank and value.rank <= 2:
        options: list[Callable[[list[Term]], Term]] = [
            lambda places: derivative(reference.at(places[: reference.rank]), places[reference.rank :])
        ]
        if reference.rank == of.rank == 1:
            options.append(lambda places: derivative(reference.at(places[1:]), places[:1]))
        top = f"{name}({', '.join(both.names())})" + (f"_{i}" if reference.rank else "")
        below = p + (f"_{value.indices[-1]}" if of.rank else "")
        verdicts = [both.verdict(option, value) for option in options]
        best = min(verdicts, key=lambda v: ("proved", "undecided", "refuted").index(v.kind))
        yield Comparison(best, f"∂{top}/∂{below}", True, reason, value=both.space.size(value.body))
    elif value.rank == reference.rank == of.rank == 1:
        verdict = both.verdict(lambda places: derivative(reference.at(places), places), value)
        alone = both.verdict(lambda places: derivative(reference.at([Sym(i)]), [Sym(j)]), Value(ZERO, value.axes, value.indices), j)
        if alone.kind == "proved":
            yield Comparison(verdict, f"∂{name}({p})_{i}/∂{p}_{i}", True, reason, value=both.space.size(value.body))
        else:
            size = value.axes[0]
            says = f"the Jacobian has {size} × {size} entries, and this gives {size}"
            if verdict.kind == "proved":
                says += f": those on its diagonal, ∂{name}({p})_{i}/∂{p}_{i}"
            yield Comparison(Verdict("undecided"), "", True, says)
    else:
        shapes = f"{shown(value.axes) if value.rank else 'one number'}"
        yield Comparison(Verdict("undecided"), "", True, f"the derivative by {p} is not a result of this shape: {shapes}")


class _Both:
    """A function of the program and what it is compared with, over the same parameters."""

    def __init__(self, closure: Closure, ranks: dict[str, int], functions: Functions, known: Context, ideal: bool) -> None:
        self.space = Space({*ranks, *functions.program, *known.definitions})
        self.program = Program(self.space, {}, ideal, known=functions.known, program=functions.program)
        self.program.sizes = functions.sizes
        self.ranks = ranks
        self.functions = functions
        given = parameters(ranks, self.space)
        self.given = {n: v for n, v in given.items() if isinstance(v, Value)}
        self.context = _functions_of(known)
        self.value = self._run(closure, given)

    def _run(self, closure: Closure, given: dict[str, object]) -> Value | None:
        try:
            found = self.program.run(closure, [], given, 0)
        except (Trouble, RecursionError):
            return None
        return self.clean(found)

    def names(self) -> list[str]:
        """The names of the parameters."""
        return list(self.ranks)

    def space_names(self) -> tuple[str, str]:
        """Two more names for indices."""
        return self.space.fresh("i", "j"), self.space.fresh("j", "k")

    def clean(self, found: object) -> Value | None:
        """The value without the largest entries, which must not matter; None if they do."""
        if not isinstance(found, Value) or found.mask is not None:
            return None
        found = self.space.settled(as_number(found))
        found = renamed(Value(tidied(found.body), found.axes, found.indices))
        used = found.body.free & self.space.maxima.keys()
        if not used:
            return found

        def zero(t: Term) -> Term | None:
            if (isinstance(t, Sym) and t.name in used) or (isinstance(t, Entry) and t.family == ZERO):
                return ZERO
            return plus(*(p for p in t.children if p != Neg(ZERO))) if isinstance(t, Add) else None

        without = replace(found.body, zero)
        same = decided(found.body, "=", without, self._declared(found))
        return Value(without, found.axes, found.indices) if same.kind == "proved" else None

    def reference(self, base: CodeFunction | str, given: list[Value]) -> Value | None:
        """The value of the other function."""
        if isinstance(base, str):
            found: object = getattr(self.program, base)(given[0])
            return self.clean(found)
        closure = self.functions.program.get(base.name)
        if not isinstance(closure, Closure):
            return None
        try:
            return self.clean(self.program.run(closure, list(given), {}, 0))
        except (Trouble, RecursionError):
            return None

    def value_of(self, p: str, reference: Value) -> Value | None:
        """The function with the value of the other one put in for its parameter."""
        assert self.value is not None
        if self.given[p].rank != reference.rank:
            return None
        try:
            for a, b in zip(self.given[p].axes, reference.axes, strict=True):
                self.space.common(a, b)
        except Misfit:
            return None

        def put(t: Term) -> Term | None:
            if isinstance(t, Entry) and t.family == Sym(p):
                return reference.at(t.indices)
            return None

        return Value(replace(self.value.body, put), self.value.axes, self.value.indices)

    def _declared(self, value: Value, *more: str) -> Context:
        context = declared(value, self.ranks, self.space, self.context)
        for name in more:
            context = context.declare(name, context.sort(value.indices[0]))
        return context

    def verdict(self, expected: Callable[[list[Term]], Term], value: Value, *more: str) -> Verdict:
        """Whether the entries of the value are as expected."""
        context = self._declared(value, *more)
        left = self.space.size(expected([Sym(i) for i in value.indices]))
        right = self.space.size(value.body)
        strangers = (left.free | right.free) - set(context.sorts) - {n for n, r in self.ranks.items() if not r}
        if strangers:
            return Verdict("undecided", tried=(f"it is not said what {min(strangers)} is",))
        return decided(left, "=", right, context)


def _functions_of(known: Context) -> Context:
    """The functions that a context defines, and those of the numerical libraries."""
    context = library()
    for d in known.definitions.values():
        if d.parameters:
            context = context.define(d.name, d.parameters, d.body)
    return context


def _functions(t: Term) -> set[str]:
    return {s.name for s in t.postorder() if isinstance(s, Fn)}
