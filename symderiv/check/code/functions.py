"""The functions that Python cells define, as formulas: of numbers where that can be, else of vectors, else of matrices.

>>> from symderiv.terms import Source
>>> source = Source("def softmax(z):\\n    e = np.exp(z - np.max(z))\\n    return e / e.sum()\\n")
>>> cell = Cell(Span(source, 0, len(source.text)), Functions())
>>> print(cell.functions[0].value.body)
exp(z[j] - max_z)/sum(exp(z[i] - max_z), i, 1, n)
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from symderiv.check.code.expressions import Closure, Unset
from symderiv.check.code.statements import Program
from symderiv.check.code.values import Items, Listing, Misfit, NeedsArray, Space, Trouble, Value, as_number, renamed, tidied
from symderiv.read.vocabulary import KNOWN
from symderiv.terms import (
    FUNCTIONS,
    INTEGER,
    ONE,
    ZERO,
    Context,
    Entry,
    Not,
    Relation,
    Span,
    Sym,
    Truth,
    index,
    matrix,
    vector,
)

MOST_AXES: Final = 2
"""Axes of a parameter."""
_MAGIC: Final = re.compile(r"^[ \t]*[%!?].*$|^.*\?$", re.MULTILINE)
_SIZES: Final = {1: (("n", "K", "d"),), 2: (("m", "N", "B"), ("n", "K", "d"))}
"""Letters for sizes, by the number of axes."""


@dataclass(frozen=True, slots=True)
class CodeFunction:
    """`name(parameters)` as a formula, parameters with a default value left out; or why it is not read, with `misfit` if the code fails when it is run.

    `ranks`: how many axes each parameter has. `guards`: what was left out because it is there for floating-point arithmetic.
    `applied`: functions of vectors that it applies to single numbers. `guessed`: whether its vectors may as well be matrices.
    """

    name: str
    parameters: tuple[str, ...]
    ranks: tuple[int, ...]
    span: Span
    text: str
    value: Value | None = None
    reason: str = ""
    misfit: bool = False
    space: Space = field(default_factory=lambda: Space(set()))
    guards: tuple[str, ...] = ()
    applied: tuple[tuple[str, str, Value], ...] = ()
    guessed: bool = False

    @property
    def of_numbers(self) -> bool:
        """Whether it is a function of numbers with a number as its value."""
        return self.value is not None and not self.value.rank and not any(self.ranks) and not self.space.maxima

    def context(self, known: Context) -> Context:
        """What its letters are: sizes, arrays, indices, largest entries."""
        assert self.value is not None
        return declared(self.value, dict(zip(self.parameters, self.ranks, strict=True)), self.space, known)


@dataclass(slots=True)
class Functions:
    """The functions of a document so far: `program` by name, `known` those that are written by their name, with the number of arguments."""

    program: dict[str, object] = field(default_factory=dict)
    read: dict[str, CodeFunction] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)


class Cell:
    """One cell: its functions, in order. Code that is not Python has none."""

    def __init__(self, piece: Span, all_functions: Functions) -> None:
        self.piece = piece
        self.all = all_functions
        self.code = _MAGIC.sub(lambda m: "#" + " " * (len(m[0]) - 1) if m[0] else "", piece.text)
        self.functions: list[CodeFunction] = []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(self.code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        self.lines = _line_starts(self.code)
        for statement in tree.body:
            match statement:
                case ast.FunctionDef(name=name):
                    self._function(Closure(name, statement, {}), statement, bool(statement.decorator_list))
                case ast.Assign(targets=[ast.Name(name)], value=ast.Lambda() as value):
                    self._function(Closure(name, value, {}), statement, False)
                case ast.Assign(targets=[ast.Name(name)], value=value):
                    self._constant(name, value)

    def _constant(self, name: str, value: ast.expr) -> None:
        """A number that has a name in the whole program."""
        try:
            found = Program(Space(set()), known={}, program=self.all.program).of(value, {}, 0)
        except (Trouble, RecursionError):
            found = None
        if isinstance(found, Value) and not found.body.free:
            self.all.program[name] = found
        else:
            self.all.program[name] = Unset(f"{name} is given by code that is not read")

    def _function(self, closure: Closure, statement: ast.stmt, decorated: bool) -> None:
        start = self.piece.start + self.lines[statement.lineno - 1]
        end_line = self.code[self.lines[statement.lineno - 1] :].find("\n")
        span = Span(self.piece.source, start, start + end_line if end_line >= 0 else self.piece.end)
        written = "".join(self.code.splitlines(keepends=True)[statement.lineno - 1 : statement.end_lineno])
        self.all.known.pop(closure.name, None)
        if decorated:
            self.all.program[closure.name] = Unset(f"{closure.name} has a decorator")
            names = tuple(p.arg for p in closure.node.args.args)
            self.functions.append(CodeFunction(closure.name, names, (0,) * len(names), span, written, reason="it has a decorator"))
            return
        self.all.program[closure.name] = closure
        found = read_function(closure, self.all, span, written)
        self.functions.append(found)
        self.all.read[closure.name] = found
        self.all.sizes[closure.name] = found.ranks
        if found.of_numbers and found.parameters and closure.name not in KNOWN and closure.name not in FUNCTIONS:
            self.all.known[closure.name] = len(found.parameters)


def read_function(
    closure: Closure,
    functions: Functions,
    span: Span,
    written: str,
    *,
    ranks: Mapping[str, int] | None = None,
    ideal: bool = False,
) -> CodeFunction:
    """A function for numbers; where it does something to a parameter that needs an array, for arrays. `ranks` asks for given axes."""
    a = closure.node.args
    names = tuple(p.arg for p in a.args)
    optional = set(names[len(names) - len(a.defaults) :]) if a.defaults else set()
    asked = dict.fromkeys(names, 0) | dict(ranks or {})
    reason, misfit = "", False
    for _ in range(1 + MOST_AXES * len(names)):
        space = Space({*names, *_identifiers(closure.node)})
        program = Program(
            space,
            {n: r for n, r in asked.items() if r < MOST_AXES and n not in optional} if ranks is None else {},
            ideal,
            known=functions.known,
            program=functions.program,
        )
        program.sizes = functions.sizes
        given = parameters(asked, space)
        for n in optional - {n for n, r in asked.items() if r}:
            del given[n]
        try:
            found = program.run(closure, [], given, 0)
            value = _result(found, space)
        except NeedsArray as need:
            more = {n: asked[n] + 1 for n in need.names if asked[n] < MOST_AXES and n not in optional}
            if not more or ranks is not None:
                reason = str(need)
                break
            asked.update(more)
            continue
        except Misfit as error:
            reason, misfit = str(error), True
            break
        except Trouble as error:
            reason = str(error)
            break
        except RecursionError:
            reason = "it is nested too deeply"
            break
        except Exception as fault:  # one function must not hide the others
            reason = f"a fault of symderiv, please report it: {type(fault).__name__}: {fault}"
            break
        wider = program.flat | ({n for n in names if n[:1].isupper() and asked[n]} if program.guessed else set())
        if ranks is None and wider and not ideal:
            more = {n: min(MOST_AXES, r + (n in wider)) for n, r in asked.items()}
            other = read_function(closure, functions, span, written, ranks=more)
            if other.value is not None and not other.applied:
                return other
        needed = tuple(n for n in names if n not in optional)
        shape = tuple(asked[n] for n in needed)
        return CodeFunction(
            closure.name,
            needed,
            shape,
            span,
            written,
            value,
            space=space,
            guards=tuple(program.guards),
            applied=tuple(program.applied),
            guessed=program.guessed,
        )
    shape = tuple(asked[n] for n in names)
    return CodeFunction(closure.name, names, shape, span, written, None, reason or "its parameters are not understood", misfit)


def parameters(ranks: Mapping[str, int], space: Space) -> dict[str, object]:
    """Parameters as numbers, vectors of n entries, matrices of m rows and n columns."""
    found: dict[str, object] = {}
    for name, rank in ranks.items():
        if not rank:
            found[name] = Value(Sym(name))
            continue
        axes = tuple(Sym(space.fresh(*wished)) for wished in _SIZES[rank])
        indices = tuple(space.fresh() for _ in range(rank))
        found[name] = Value(Entry(Sym(name), *map(Sym, indices)), axes, indices)
        space.arrays[name] = axes
    return found


def declared(value: Value, ranks: Mapping[str, int], space: Space, known: Context) -> Context:
    """The context with the sizes, arrays and indices of a value, and the largest entries as letters."""
    context = known
    sizes = {name for n in value.axes for name in n.free}
    for name, axes in space.arrays.items():
        axes = tuple(map(space.size, axes))
        sizes |= {s for n in axes for s in n.free}
        context = context.declare(name, vector(axes[0]) if len(axes) == 1 else matrix(*axes))
    for name, rank in ranks.items():
        if not rank:
            context = context.declare(name, INTEGER if name in sizes else context.sort(name))
    for name in sizes:
        context = context.declare(name, INTEGER).assume(Relation(">", Sym(name), ZERO))
    for i, n in zip(value.indices, value.axes, strict=True):
        context = context.declare(i, index(ONE, n))
    for name, (_, of, left) in space.maxima.items():
        if left:
            axes = tuple(space.size(n) for i, n in zip(of.indices, of.axes, strict=True) if i in left)
            context = context.declare(name, vector(axes[0]) if len(axes) == 1 else matrix(*axes[:2]))
    return context


def _result(found: object, space: Space) -> Value:
    if isinstance(found, Listing):
        raise Trouble("it returns a list of single values")
    if isinstance(found, Items):
        raise Trouble(f"it returns {len(found.values)} values at once")
    if not isinstance(found, Value):
        raise Trouble("it returns what is no number and no array")
    if found.mask is not None:
        raise Trouble("it returns a choice of entries")
    if found.body in (Truth(), Not(Truth())):
        raise Trouble("a truth value is no number")
    value = space.settled(as_number(found))
    return renamed(Value(tidied(value.body), value.axes, value.indices))


def _identifiers(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} | {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}


def _line_starts(code: str) -> list[int]:
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
