"""Terms with arrays as statements of NumPy.

A number that depends on indices is an array with an axis for each of them: z_i − z_j is `z[:, None] - z`. Arrays as a whole are combined
by operations on matrices. What is done entry by entry is one formula in letters that stand for arrays, so that the rules for formulas of
numbers (`symderiv.write.stable`) keep it from overflowing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symderiv.errors import SymderivError
from symderiv.terms import CONDITIONS, Array, Context, Entry, Fn, Lambda, Mul, Pow, Product, Sum, Sym, Term, value
from symderiv.terms.shapes import is_number, shape
from symderiv.write.arrays import entries, operations, sums
from symderiv.write.arrays.formula import EXPONENTIAL, Formula, squared_norm
from symderiv.write.arrays.pieces import (
    COLUMN,
    MATRIX,
    NUMBER,
    Kind,
    Piece,
    beside,
    chained,
    entrywise_kind,
    inverted,
    no_numpy,
    of_kind,
    product,
)
from symderiv.write.arrays.ranges import Affine, Frame, Range, affine, combined, written
from symderiv.write.floats import shared_parts
from symderiv.write.notations.python import ATOM, POWER, Written, identifier, python_with
from symderiv.write.stable import stable


class Emitter:
    """The statements of one function. `letters`: what the letters and sizes of the term are called in it."""

    def __init__(self, context: Context, letters: Mapping[str, str], root: Term) -> None:
        self.context = context
        self.letters = letters
        self.lines: list[str] = []
        self.taken = {*letters.values()}
        self._uses: dict[Term, int] = {}
        for t in root.postorder():
            for c in t.children:
                self._uses[c] = self._uses.get(c, 0) + 1
        self._done: dict[tuple[bool, Term, Frame], Piece] = {}
        self._indices: dict[Range, Piece] = {}
        self._named: dict[str, str] = {}
        self._count = 0

    # -------------------------------------------------------------------------------------------------- statements
    def name(self, stem: str) -> str:
        """A name that nothing has yet."""
        word, n = stem, 1
        while word in self.taken:
            n += 1
            word = f"{stem}_{n}"
        self.taken.add(word)
        return word

    def assigned(self, p: Piece, stem: str = "") -> Piece:
        """The piece under a name of its own."""
        if p.simple:
            return p
        if not stem and p.text not in self._named:
            self._count += 1
            stem = f"part_{self._count}"
        if p.text not in self._named:
            self._named[p.text] = self.name(identifier(stem))
            self.lines.append(f"{self._named[p.text]} = {p.text}")
        word = self._named[p.text]
        return Piece(word, axes=p.axes, kind=p.kind, inverse=p.inverse, diagonal=p.diagonal, ones=p.ones)

    def index(self, r: Range) -> Piece:
        """The numbers that an index runs over."""
        if r not in self._indices:
            end = self.whole(combined(affine(r.high), {"": 1}))
            p = Piece(f"numpy.arange({self.whole(affine(r.low))}, {end})", axes=(r.name,))
            self._indices[r] = self.assigned(p, r.name)
        return self._indices[r]

    def whole(self, form: Affine | None) -> str:
        """A size, as an expression."""
        if form is None:
            raise SymderivError("a size that is no whole combination of letters is not written with NumPy")
        if missing := [n for n in form if n and n not in self.letters]:
            raise SymderivError(f"an array as a whole that depends on the index {missing[0]} is not written with NumPy")
        letters: dict[Term, Written] = {Sym(n): (self.letters[n], ATOM) for n in form if n}
        return python_with(written(form), letters)[0]

    # ------------------------------------------------------------------------------------------------------- terms
    def of(self, t: Term, frame: Frame = ()) -> Piece:
        """The piece that computes a term in the scope of some indices; what is used more than once gets a name."""
        return self._once(True, t, frame)

    def atom(self, t: Term, frame: Frame = ()) -> Piece:
        """The same for a term that is not done entry by entry."""
        return self._once(False, t, frame)

    def _once(self, entrywise: bool, t: Term, frame: Frame) -> Piece:
        own = tuple(r for r in frame if r.name in t.free)
        key = (entrywise, t, own)
        if key not in self._done:
            p = self._entrywise(t, own) if entrywise else self._atom(t, own)
            named = self.often(t) and p.inverse is None and p.diagonal is None and not p.ones and not p.spread
            self._done[key] = self.assigned(p) if named else p
        return self._done[key]

    def often(self, t: Term) -> bool:
        """Whether a term is used more than once."""
        return self._uses.get(t, 0) > 1

    def array(self, t: Term) -> bool:
        """Whether a term is an array as a whole, with more than one entry."""
        return not isinstance(t, CONDITIONS) and not is_number(self.shape(t))

    def shape(self, t: Term) -> tuple[Term, ...]:
        """The shape of a term, a function of a vector being one."""
        return shape(t, self.context)

    def numbers(self, t: Term, frame: Frame) -> Piece:
        """The piece that computes a number."""
        p = self.of(t, frame)
        return p if p.kind == NUMBER else p.number

    # --------------------------------------------------------------------------------------------- entry by entry
    def _entrywise(self, t: Term, frame: Frame) -> Piece:
        formula = Formula(self, frame, t)
        body = formula.of(t)
        return formula.pieces[body] if isinstance(body, Sym) else self.computed(body, formula.pieces, frame)

    def computed(self, body: Term, pieces: Mapping[Sym, Piece], frame: Frame) -> Piece:
        """A formula in letters that stand for pieces."""
        if any(isinstance(u, Fn) and u.name in EXPONENTIAL for u in body.postorder()):
            body = stable(body)
        known, axes, kind = self.operands(body, pieces, frame)
        for part in shared_parts(body):
            known[part] = self.assigned(Piece(*python_with(part, known))).text, ATOM
        return Piece(*python_with(body, known), axes, kind)

    def operands(self, body: Term, pieces: Mapping[Sym, Piece], frame: Frame) -> tuple[dict[Term, Written], tuple[str, ...], Kind]:
        """The texts of the letters of a formula, with axes that fit together, and what the formula gives."""
        used = {s: p for s, p in pieces.items() if s.name in body.free}
        often = {s for s in used if sum(u.children.count(s) for u in body.postorder()) > 1}
        used = {s: beside(p, used.values()) for s, p in used.items()}
        used = {s: self.assigned(p) if s in often else p for s, p in used.items()}
        axes = tuple(r.name for r in frame if any(r.name in p.axes for p in used.values()))
        kind = entrywise_kind([*used.values()])
        if axes and kind != NUMBER:
            raise no_numpy(body, "arrays that depend on an index")
        return {s: p.aligned(axes) if axes else of_kind(p, kind) for s, p in used.items()}, axes, kind

    # ------------------------------------------------------------------------------------------------------- atoms
    def _atom(self, t: Term, frame: Frame) -> Piece:
        match t:
            case Sym(name):
                return self._letter(name, t, frame)
            case Mul(parts):
                return self._product(parts)
            case Pow(a, n):
                return self._power(t, a, n)
            case Entry():
                return entries.entry(self, t, frame)
            case Sum():
                return sums.total(self, t, frame)
            case Product() if type(t) is Product:
                return sums.reduced(self, t, frame, "prod", "1")
            case Lambda():
                return entries.vector(self, t, frame)
            case Array():
                return self._written_out(t, frame)
            case Fn(name, parts):
                return operations.function(self, t, name, parts, frame)
        raise no_numpy(t, "there is no array for it")

    def _letter(self, name: str, t: Term, frame: Frame) -> Piece:
        for r in frame:
            if r.name == name:
                return self.index(r)
        if name not in self.letters:
            raise no_numpy(t, "it has no value")
        sizes = self.context.sort(name).shape
        if len(sizes) > 2:
            raise no_numpy(t, f"it has {len(sizes)} axes")
        return Piece(self.letters[name], kind=(NUMBER, COLUMN, MATRIX)[len(sizes)])

    def _product(self, parts: Iterable[Term]) -> Piece:
        """The product of arrays, the first of which may be a row."""
        return chained([self.of(p) for p in parts])

    def _power(self, t: Term, a: Term, n: Term) -> Piece:
        if n == Sym("T"):
            return self.of(a).transposed
        if squared_norm(t):
            return self._squares(self.of(a.children[0]))
        q = value(n)
        if q is None or q.denominator != 1:
            raise no_numpy(t, "a power of a matrix has a whole exponent")
        return inverted(self.of(a)) if q == -1 else Piece(f"numpy.linalg.matrix_power({self.of(a).text}, {int(q)})", kind=MATRIX)

    def _squares(self, p: Piece) -> Piece:
        """The sum of the squares of all entries."""
        if p.kind == NUMBER:
            return Piece(f"{p.atom}**2", POWER)
        if p.kind == MATRIX:
            return Piece(f"numpy.sum({p.atom}**2)")
        p = self.assigned(p)
        return product(p, p)

    def _written_out(self, t: Array, frame: Frame) -> Piece:
        if frame:
            raise no_numpy(t, "its entries depend on an index")
        rows = [[self.numbers(u, ()).text for u in row] for row in t.rows]
        if len(rows[0]) == 1:
            return Piece(f"numpy.array([{', '.join(r[0] for r in rows)}])", kind=COLUMN)
        listed = [f"[{', '.join(row)}]" for row in rows]
        return Piece(f"numpy.array([{', '.join(listed)}])", kind=MATRIX)
