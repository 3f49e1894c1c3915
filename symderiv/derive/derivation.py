"""The Derivation: a chain of steps with its context, its result, and the derivations of its regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from symderiv.decide import Verdict, along_lines, decide, decide_relation, holds
from symderiv.rules.step import Step
from symderiv.terms import (
    ZERO,
    Context,
    Definition,
    Derivative,
    Relation,
    Term,
    names_of_functions,
)
from symderiv.terms import replace as replaced

if TYPE_CHECKING:
    from symderiv.write.arrays import ArrayVerification
    from symderiv.write.layout import Steps
    from symderiv.write.numeric import Verification


@dataclass(frozen=True, slots=True)
class Remark:
    """A note for the reader: words with `{}` standing for each of the terms."""

    words: str
    details: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """One part of the line on which a function has one formula: `condition` says where, `derivation` what holds there.

    With a `title`, a derivation that a step rests on; `then`: what leads on from it to the step.
    """

    condition: Term
    derivation: Derivation
    title: str = ""
    then: str = "Together:"


@dataclass(frozen=True, slots=True)
class Knot:
    """A point at which two formulas meet, examined: `point` is `variable = value`.

    `left`, `right`: the one-sided derivatives, None where the formula has none. `continuous`: whether the values of both formulas
    and of the function agree; `agree`: whether the one-sided derivatives do. Three-valued: None where it depends on letters of which
    too little is known.
    """

    point: Term
    left: Term | None
    right: Term | None
    continuous: bool | None
    agree: bool | None

    @property
    def differentiable(self) -> bool | None:
        """Whether the derivative exists at the knot."""
        if self.continuous is False or self.agree is False:
            return False
        return True if self.continuous and self.agree else None


@dataclass(frozen=True, slots=True)
class Derivation:
    """start = … = result, each step one named rule; or start ≤ … ≤ result, with steps of = and ≤.

    `title`: what is derived, in words. `definitions`: what the names in it mean, to be printed before it. `knots`: the points
    between regions, examined. `forms`: the result written otherwise, case by case and as a matrix. `remarks`: notes for the reader.
    `source`: where the function is from. `varying`: the letter X of which dX stands in it.
    """

    start: Term
    steps: tuple[Step, ...]
    context: Context
    title: str = ""
    definitions: tuple[Definition, ...] = ()
    knots: tuple[Knot, ...] = ()
    remarks: tuple[Remark, ...] = ()
    source: str = ""
    varying: str = ""
    forms: tuple[Region, ...] = ()

    @property
    def result(self) -> Term:
        """The last line."""
        return self.steps[-1].after if self.steps else self.start

    @property
    def relation(self) -> str:
        """What the steps together say of start and result."""
        return joint(s.relation for s in self.steps)

    @property
    def conditions(self) -> tuple[Term, ...]:
        """What the steps need and the context does not give."""
        inner = (c for s in self.steps for r in s.regions for c in r.derivation.conditions)
        found = dict.fromkeys((*(c for s in self.steps for c in s.conditions), *inner))
        return tuple(c for c in found if holds(c, self.context) is not True)

    def check(self) -> tuple[Verdict, ...]:
        """The verdict of `decide` on every step, which does not use the rules; those of the regions follow their step, those of the forms the last."""
        return tuple(verdict for _, verdict in self._judged())

    def _judged(self) -> list[tuple[Step, Verdict]]:
        judged = []
        for s in self.steps:
            before, after, context = s.before, s.after, self.context
            if self.varying:
                (before, after), context = along_lines((before, after), (self.varying,), context)
            before, after = (with_constants_differentiated(t, context) for t in (before, after))
            here = context.assume(*s.conditions)
            equal = s.relation == "="
            verdict = decide(before, after, here) if equal else decide_relation(Relation(s.relation, before, after), here)
            judged.append((s, verdict))
            judged += [pair for r in s.regions for pair in r.derivation._judged()]
        return judged + [pair for r in self.forms for pair in r.derivation._judged()]

    def leaps(self) -> tuple[Step, ...]:
        """The steps that no rule justifies: it does not give them when applied again, or `decide` refutes them. There must be none."""
        return tuple(s for s, verdict in self._judged() if not s.replays() or verdict.kind == "refuted")

    @property
    def variable(self) -> str:
        """The letter by which is differentiated; empty where the start is no derivative."""
        return self.start.var.name if isinstance(self.start, Derivative) else ""

    def write(self, format: str = "text", *, steps: Steps = "lines") -> str | bytes:
        """The derivation in a format of `symderiv.write`; bytes for pdf. Raises UnknownName for one that does not exist."""
        from symderiv.write import write

        return write(self, format, steps=steps)

    def latex(self, *, steps: Steps = "lines", standalone: bool = False) -> str:
        """The derivation in LaTeX; `standalone`: as a document."""
        from symderiv.write import write

        return str(write(self, "latex", steps=steps, standalone=standalone))

    def sympy(self) -> Any:
        """The result as a SymPy expression, definitions put in; vectors are matrices of one column."""
        from symderiv.terms.sympy_border import to_sympy
        from symderiv.write.numeric import for_sympy

        return to_sympy(for_sympy(self.result, self.context), self.context)

    def numpy(self) -> Callable[..., Any]:
        """The result as a function of floats and arrays, in a stable form: its arguments are the free letters, the variable first.

        At symbolic size its arguments are arrays of any sizes that fit together; an axis of the value stands for each index.
        """
        from symderiv.write.numeric import result_function

        return result_function(self.start, self.result, self.context)

    def verify(self, *, points: int = 8, seed: int = 0) -> Verification | ArrayVerification:
        """The result against finite differences and certified balls, at random points, at large ones, and close to 0.

        A derivative by an entry is compared at size 3; one by a whole array is compared with differences at three random sizes.

        Raises SymderivError where the function or its result cannot be evaluated.
        """
        from symderiv.write.numeric import at_a_size, verify

        start = self._last_derivative
        if start.indices:
            function, result, letter = at_a_size(start.body, self.result, start, self.context)
            return verify(function, result, letter, points=points, seed=seed)
        if self.context.sort(self.variable).shape:
            return self.compare(seed=seed)
        return verify(start.body, self.result, self.variable, self.context, points=points, seed=seed)

    @property
    def _last_derivative(self) -> Derivative:
        """d/dx of what is differentiated at last: of the first derivative where this is the second."""
        resting = self.steps[0] if self.steps and self.steps[0].regions else None
        last = resting.after if resting is not None and isinstance(resting.after, Derivative) else self.start
        assert isinstance(last, Derivative)
        return last

    def compare(self, *, points: int = 3, seed: int = 0) -> ArrayVerification:
        """The result beside central differences, at random sizes that are all different, for a derivative at symbolic size.

        Raises SymderivError where the function or its result is not written with NumPy.
        """
        from symderiv.write.numeric import compared

        return compared(self, points=points, seed=seed)

    def __str__(self) -> str:
        return str(self.write())

    def _repr_latex_(self) -> str:
        """How a notebook shows the derivation."""
        return self.latex()

    def with_remarks(self, remarks: Sequence[Remark]) -> Derivation:
        """The same derivation with more notes for the reader."""
        return replace(self, remarks=(*self.remarks, *remarks))


def joint(relations: Iterable[str]) -> str:
    """The relation of the first to the last of a chain: = where all are, < where one is strict. Raises ValueError if they point both ways.

    >>> joint(["=", "≤", "<"])
    '<'
    """
    found = {r for r in relations if r != "="}
    if len({r in ("<", "≤") for r in found}) > 1:
        raise ValueError("a chain that goes up and down")
    return next((r for r in ("<", ">", "≤", "≥") if r in found), "=")


def with_constants_differentiated(term: Term, context: Context) -> Term:
    """The term with 0 for derivatives of what does not depend on the letter: in a derivation, a letter without a definition is constant.

    In somebody else's text it need not be, so deciding by itself does not take it for one.
    """

    def constant(t: Term) -> Term | None:
        return ZERO if isinstance(t, Derivative) and t.var.name not in reachable(t.body, context) else None

    return replaced(term, constant)


def reachable(term: Term, context: Context) -> frozenset[str]:
    """The letters that a term depends on, through the definitions of the context."""
    found: set[str] = set()
    seen: list[Term] = [term]
    while seen:
        t = seen.pop()
        for name in {*t.free, *names_of_functions(t)} - found:
            found.add(name)
            if name in context.definitions:
                d = context.definitions[name]
                seen.append(d.body)
    return frozenset(found)
