"""A Python function of arrays for a term: its arguments, the sizes that their shapes give, its statements, and what it returns.

>>> from symderiv.read import let, read_plain
>>> context = let("K positive integer, z in R^K, i in 1..K")
>>> term = read_plain("exp(z[i])/sum(exp(z[m]), m, 1, K)", context)
>>> print(Program(term, context).source("softmax"))
def softmax(z):
    \"\"\"
    z: K
    returns: K, with the axis i
    \"\"\"
    z = numpy.asarray(z)
    (K,) = z.shape
    return scipy.special.softmax(z)
<BLANKLINE>
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from symderiv.errors import SymderivError
from symderiv.rules.named import applied
from symderiv.terms import Array, Binder, Context, Derivative, Entry, Fn, Lambda, Shape, Sym, Term, renamed, substitute
from symderiv.terms import replace as replaced
from symderiv.terms.shapes import SizeNotSaid, is_number, shape
from symderiv.write.arrays.emit import Emitter
from symderiv.write.arrays.exponentials import without_overflow
from symderiv.write.arrays.pieces import NUMBER, Piece
from symderiv.write.arrays.ranges import Range
from symderiv.write.notations.python import ATOM, identifier, python_with

DEEPEST = 50
"""How often definitions that use definitions are opened."""


def has_arrays(term: Term, context: Context) -> bool:
    """Whether a term is computed by arrays: it has vectors, matrices, entries, or sums over an index."""
    return any(
        isinstance(t, (Entry, Binder, Array)) or (isinstance(t, Sym) and bool(context.sort(t.name).shape)) or _of_arrays(t, context)
        for t in term.postorder()
    )


def _of_arrays(t: Term, context: Context) -> bool:
    d = context.definitions.get(t.name) if isinstance(t, Fn) else None
    return d is not None and d.body is not t and _whole(d.parameters, d.body, context)


def _whole(parameters: Sequence[str], body: Term, context: Context) -> bool:
    """Whether a function takes arrays as a whole."""
    taken = {t.family.name for t in body.postorder() if isinstance(t, Entry) and isinstance(t.family, Sym)}
    return isinstance(body, Lambda) or any(context.sort(p).shape or p in taken for p in parameters)


def opened(term: Term, context: Context) -> tuple[Term, Context]:
    """The term with letters and functions of arrays put in, and the context with what is left: functions of numbers.

    Raises SymderivError if definitions go round in a circle.
    """
    letters = {d.name: d.body for d in context.definitions.values() if not d.parameters}
    families = {d.name: d for d in context.definitions.values() if d.parameters and _whole(d.parameters, d.body, context)}

    def put_in(t: Term) -> Term | None:
        head = t.family if isinstance(t, Entry) else t
        d = families.get(head.name) if isinstance(head, Fn) else None
        if d is None:
            return _entry(t)
        assert isinstance(head, Fn)
        if not isinstance(t, Entry) and isinstance(d.body, Lambda) and len(d.parameters) == len(head.children):
            rank, wanted = (len(s) for s in (_shape(head.children[0], context), context.sort(d.parameters[0]).shape))
            return d.opened(head.children) if not rank or not wanted or rank == wanted else None
        return applied(d, t)

    for _ in range(DEEPEST):
        new = replaced(substitute(term, letters), put_in)
        if new == term:
            left = {n: d for n, d in context.definitions.items() if n not in families and n not in letters}
            sorts = {n: s for n, s in context.sorts.items() if n not in families}
            return term, replace(context, definitions=left, sorts=sorts)
        term = new
    raise SymderivError("the definitions use each other in a circle, or are nested too deeply")


def _shape(t: Term, context: Context) -> Shape:
    try:
        return shape(t, context)
    except SizeNotSaid:
        return ()


def _entry(t: Term) -> Term | None:
    """An entry of an array that is given by its entries."""
    if isinstance(t, Entry) and isinstance(t.family, Lambda):
        body: Term = t.family
        for i in t.indices:
            if not isinstance(body, Lambda):
                return None
            body = substitute(body.body, {body.index.name: i})
        return body
    return None


@dataclass(frozen=True, slots=True)
class _Argument:
    name: str
    sizes: Shape


class Program:
    """A term as a function of the letters that it has, arrays of any size among them.

    `axes`: the indices that its value depends on, in the order of its axes, where it is not that in which they occur. `variables`:
    letters that come first, whether they occur or not. `sizes`: the shape of the value, for a term that does not show it, as 0.

    Raises SymderivError for what is not written with NumPy, ShapeError for sizes that do not fit together.
    """

    def __init__(
        self, term: Term, context: Context, *, axes: Sequence[str] = (), variables: Sequence[str] = (), sizes: Shape = ()
    ) -> None:
        body, self.context = opened(term, context)
        self.body = _alike(without_overflow(body), {*context.sorts, *body.free})
        if any(isinstance(t, Derivative) for t in self.body.postorder()):
            raise SymderivError(f"a derivative is left in {term}", hint="derive it first")
        free = [n for n in dict.fromkeys((*_in_order(term), *_in_order(self.body))) if n in self.body.free]
        self.axes = tuple(self._range(n) for n in dict.fromkeys((*axes, *(n for n in free if self._is_index(n)))))
        self.sizes = tuple(r.high for r in self.axes) or sizes or shape(self.body, self.context)
        indices = {r.name for r in self.axes}
        shaped = list(dict.fromkeys((*variables, *sorted({*free} - indices))))
        arrays = [n for n in shaped if context.sort(n).shape]
        given = {c.name for n in arrays for c in context.sort(n).shape if isinstance(c, Sym)}
        needed = {m for n in arrays for c in context.sort(n).shape for m in c.free} | {m for c in self.sizes for m in c.free}
        letters = [n for n in dict.fromkeys((*shaped, *sorted(needed))) if n not in given]
        self.letters = _identifiers([*letters, *sorted(given)])
        self.arguments = tuple(_Argument(n, context.sort(n).shape) for n in letters)
        if "I" in letters and "I" not in context.sorts and arrays:
            raise SymderivError("how large the identity matrix I is, is not said", hint="write identity(n)")

    def _is_index(self, name: str) -> bool:
        return self.context.sort(name).bounds is not None

    def _range(self, name: str) -> Range:
        bounds = self.context.sort(name).bounds
        if bounds is None:
            raise SymderivError(f"the range of {name} is not said", hint=f"say {name} in 1..n")
        return Range(name, *bounds)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The letters that are its arguments, in their order."""
        return tuple(a.name for a in self.arguments)

    def source(self, name: str, says: str = "") -> str:
        """The function in Python."""
        emitter = Emitter(self.context, self.letters, self.body)
        value = emitter.of(self.body, self.axes)
        returned = self._broadcast(value, emitter)
        lines = [
            f'"""{says}',
            *([""] if says else []),
            *self._shapes(),
            '"""',
            *self._checks(),
            *emitter.lines,
            f"return {returned}",
        ]
        names = ", ".join(self.letters[a.name] for a in self.arguments)
        return f"def {name}({names}):\n" + "".join(f"    {line}\n" if line else "\n" for line in lines)

    def _broadcast(self, value: Piece, emitter: Emitter) -> str:
        """The value with all of its axes."""
        axes = tuple(r.name for r in self.axes)
        if axes:
            text = value.aligned(axes)[0]
            return text if value.axes == axes else f"numpy.broadcast_to({text}, {self._tuple(self.sizes)})"
        if value.kind == NUMBER and not is_number(self.sizes):
            return f"numpy.full({self._tuple(self.sizes)}, {value.text})"
        return value.text

    def _shapes(self) -> list[str]:
        """What the arguments are, for the docstring."""
        said = [f"{self.letters[a.name]}: {_times(a.sizes)}" for a in self.arguments]
        along = " and ".join(r.name for r in self.axes)
        axes = f", with the {'axis' if len(self.axes) == 1 else 'axes'} {along}" if self.axes else ""
        return [*said, f"returns: {_times(self.sizes)}{axes}"]

    def _checks(self) -> list[str]:
        """Arrays for whatever is given, sizes from their shapes, and an error where these do not fit together."""
        arrays = [a for a in self.arguments if a.sizes]
        if not arrays:
            return []
        names = [self.letters[a.name] for a in arrays]
        listed = ", ".join(names)
        lines = [f"{listed} = numpy.asarray({listed})" if len(names) == 1 else f"{listed} = map(numpy.asarray, ({listed}))"]
        known: set[str] = set()
        fitting = []
        for a, name in zip(arrays, names, strict=True):
            targets = []
            for n in a.sizes:
                new = isinstance(n, Sym) and n.name not in known and n.name not in self.parameters
                targets.append(self.letters[str(n)] if new else "_")
                known |= {str(n)} if new else set()
            if any(t != "_" for t in targets):
                lines.append(f"{', '.join(targets)} = {name}.shape" if len(targets) > 1 else f"({targets[0]},) = {name}.shape")
            if "_" in targets:
                fitting.append((a, name))
        if fitting:
            tests = " or ".join(f"{name}.shape != {self._tuple(a.sizes)}" for a, name in fitting)
            wanted = ", ".join(f"{self.letters[a.name]}: {_times(a.sizes)}" for a in arrays)
            lines += [f"if {tests}:", f'    raise ValueError("the shapes do not fit together: {wanted}")']
        return lines

    def _tuple(self, sizes: Shape) -> str:
        written = [python_with(n, {Sym(m): (self.letters[m], ATOM) for m in n.free})[0] for n in sizes]
        return f"({', '.join(written)}{',' if len(written) == 1 else ''})"

    def function(self) -> Callable[..., Any]:
        """The function itself."""
        import numpy
        import scipy
        import scipy.special

        scope: dict[str, Any] = {"numpy": numpy, "scipy": scipy}
        exec(self.source("computed"), scope)
        computed: Callable[..., Any] = scope["computed"]
        return computed


def program_of(start: Term, result: Term, context: Context) -> Program:
    """The result of a chain as a function; its axes are the indices in the order in which they occur at the start."""
    by = [t for t in start.preorder() if isinstance(t, Derivative)]
    bounded = [s.name for s in start.preorder() if isinstance(s, Sym) and context.sort(s.name).bounds is not None]
    axes = list(dict.fromkeys(n for n in bounded if n in start.free))
    sizes: Shape = () if axes else shape(start, context)
    return Program(result, context, axes=axes, variables=[d.var.name for d in by[:1]], sizes=sizes)


def _times(sizes: Shape) -> str:
    return " × ".join(map(str, sizes)) or "a number"


def _alike(term: Term, taken: set[str]) -> Term:
    """The term with bound indices named by how deep sums are nested in theirs: sums that are equal are one term."""
    names = [n for n in ("k", "l", "m", "q", "r") if n not in taken]
    apart = _named_by_depth(term, lambda depth: f"~{depth}")  # no letter is called so: nothing is captured on the way
    return _named_by_depth(apart, lambda depth: names[depth] if depth < len(names) else f"k~{depth}")


def _named_by_depth(term: Term, name: Callable[[int], str]) -> Term:
    done: dict[Term, tuple[Term, int]] = {}
    for t in term.postorder():
        parts = [done[c] for c in t.children]
        new, depth = (t.rebuild(c for c, _ in parts) if t.children else t), max((n for _, n in parts), default=0)
        if isinstance(new, Binder):
            new, depth = renamed(new, name(depth)), depth + 1
        done[t] = new, depth
    return done[term][0]


def _in_order(t: Term) -> list[str]:
    """The free letters in the order in which they occur."""
    return [n for n in dict.fromkeys(s.name for s in t.preorder() if isinstance(s, Sym)) if n in t.free]


def _identifiers(names: Sequence[str]) -> dict[str, str]:
    """Names for letters, all different."""
    found: dict[str, str] = {}
    for name in names:
        word, n = identifier(name), 1
        while word in found.values() or word in ("numpy", "scipy"):
            n += 1
            word = f"{identifier(name)}_{n}"
        found[name] = word
    return found
