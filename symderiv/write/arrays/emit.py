"""Terms with arrays as statements of NumPy.

A number that depends on indices is an array with an axis for each of them: z_i − z_j is `z[:, None] - z`. Arrays as a whole are combined
by operations on matrices. What is done entry by entry is one formula in letters that stand for arrays, so that the rules for formulas of
numbers (`symderiv.write.stable`) keep it from overflowing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from symderiv.catalogue import NAMES
from symderiv.decide import derivative_of
from symderiv.errors import SymderivError
from symderiv.read import read_plain
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    TWO,
    Add,
    And,
    Array,
    Binder,
    Cases,
    Const,
    Context,
    Decimal,
    Definition,
    Div,
    Entry,
    Fn,
    Indicator,
    Lambda,
    Mul,
    Neg,
    Not,
    Num,
    Or,
    Pow,
    Prime,
    Product,
    Relation,
    Sum,
    Sym,
    Term,
    Truth,
    fresh_name,
    renamed,
    substitute,
    times,
    value,
)
from symderiv.terms.build import neg, over
from symderiv.terms.shapes import in_letters, is_number, same_size, shape
from symderiv.write.arrays.exponentials import SOFTMAX
from symderiv.write.arrays.pieces import (
    COLUMN,
    MATRIX,
    NUMBER,
    ROW,
    Kind,
    Piece,
    chained,
    diagonal,
    entrywise_kind,
    inverted,
    multiplied,
    of_kind,
    product,
)
from symderiv.write.arrays.ranges import Affine, Range, affine, at_least_zero, combined, difference, extreme, written
from symderiv.write.floats import shared_parts
from symderiv.write.notations.python import ATOM, POWER, PRODUCT, SUM, Written, condition_with, python_with
from symderiv.write.stable import stable

B = TypeVar("B", bound=Binder)

Frame = tuple[Range, ...]
"""The indices in whose scope a term stands, in the order of their axes."""

AMBIGUOUS: Final = frozenset(("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "abs"))
"""Functions that also mean something else of a square matrix."""
TRANSCENDENTAL: Final = frozenset(("exp", "log", "tanh", "sinh", "cosh", "erf"))
"""Functions whose formulas may overflow or cancel."""
CONDITIONS: Final = (Relation, And, Or, Not, Truth)


def no_numpy(t: Term, why: str) -> SymderivError:
    """What is raised for a term that is not written with NumPy."""
    return SymderivError(f"{t} is not written with NumPy: {why}", t.span, "LaTeX has it")


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
        if not stem:
            self._count += 1
            stem = f"part_{self._count}"
        word = self.name(stem)
        self.lines.append(f"{word} = {p.text}")
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
            named = self._uses.get(t, 0) > 1 and p.inverse is None and p.diagonal is None
            self._done[key] = self.assigned(p) if named else p
        return self._done[key]

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
        formula = _Formula(self, frame)
        body = formula.of(t)
        return formula.pieces[body] if isinstance(body, Sym) else self._computed(body, formula.pieces, frame)

    def _computed(self, body: Term, pieces: Mapping[Sym, Piece], frame: Frame) -> Piece:
        """A formula in letters that stand for pieces."""
        if any(isinstance(u, Fn) and u.name in TRANSCENDENTAL for u in body.postorder()):
            body = stable(body)
        known, axes, kind = self._operands(body, pieces, frame)
        for part in shared_parts(body):
            known[part] = self.assigned(Piece(*python_with(part, known))).text, ATOM
        return Piece(*python_with(body, known), axes, kind)

    def _operands(self, body: Term, pieces: Mapping[Sym, Piece], frame: Frame) -> tuple[dict[Term, Written], tuple[str, ...], Kind]:
        """The texts of the letters of a formula, with axes that fit together, and what the formula gives."""
        used = {s: p for s, p in pieces.items() if s.name in body.free}
        often = {s for s in used if sum(u.children.count(s) for u in body.postorder()) > 1}
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
                return self._entry(t, frame)
            case Sum():
                return self._sum(t, frame)
            case Product() if type(t) is Product:
                return self._reduced(t, frame, "prod", "1")
            case Lambda():
                return self._vector(t, frame)
            case Array():
                return self._written_out(t, frame)
            case Fn(name, parts):
                return self._function(t, name, parts, frame)
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
        if _squared_norm(t):
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

    # --------------------------------------------------------------------------------------------------- functions
    def _function(self, t: Fn, name: str, parts: tuple[Term, ...], frame: Frame) -> Piece:
        if name == "delta" and len(parts) == 2:
            return self._delta(parts, frame)
        if name in ("identity", "ones"):
            sizes = ", ".join(self.whole(affine(n)) for n in parts)
            if name == "identity" and len(parts) == 1:
                return Piece(f"numpy.eye({sizes})", kind=MATRIX)
            if name == "ones" and len(parts) in (1, 2):
                text = f"numpy.ones({sizes})" if len(parts) == 1 else f"numpy.ones(({sizes}))"
                return Piece(text, kind=COLUMN if len(parts) == 1 else MATRIX, ones=True)
        if name == "log" and isinstance(parts[0], Fn) and parts[0].name == "det":
            return self._log_determinant(parts[0].children[0])
        if name == "trace" and isinstance(parts[0], Mul) and all(map(self.array, parts[0].children)):
            *first, last = map(self.of, parts[0].children)
            return Piece(f'numpy.einsum("ij,ji->", {chained(first).matrix}, {last.matrix})')
        if name in ("logsumexp", *SOFTMAX, "max", "min") and len(parts) == 1:
            return self._over_all(name, parts[0], frame)
        arrays = [self.of(p) for p in parts] if name in _OPERATIONS else []
        if arrays and (found := _OPERATIONS[name](self, t, arrays)) is not None:
            return found
        raise no_numpy(t, f"{name} is not known as a function of arrays")

    def _log_determinant(self, a: Term) -> Piece:
        """log det A without its overflow; no number where the determinant is not positive."""
        sign, size = self.name("sign"), self.name("log_det")
        self.lines.append(f"{sign}, {size} = numpy.linalg.slogdet({self.of(a).text})")
        return Piece(f"numpy.where({sign} > 0, {size}, numpy.nan)")

    def _over_all(self, name: str, t: Term, frame: Frame) -> Piece:
        """Functions along the last axis of an array: of a vector, or of every row of a matrix."""
        p = self.of(t, frame) if not isinstance(t, Lambda) else self._vector(t, frame)
        if name in ("max", "min"):
            return Piece(f"{p.atom}.{name}({'axis=-1' if p.axes else ''})", axes=p.axes)
        if p.kind == NUMBER:
            raise no_numpy(t, "it is a number")
        axis = ", axis=1" if p.kind == MATRIX else ", axis=-1" if p.axes else ""
        if name == "logsumexp" and p.kind == MATRIX:
            raise no_numpy(Fn(name, t), "of a matrix")
        written = f"scipy.special.{name}({p.text}{axis})"
        return Piece(written, axes=p.axes, kind=NUMBER if name == "logsumexp" else p.kind)

    # ----------------------------------------------------------------------------------------------------- indices
    def _delta(self, parts: tuple[Term, ...], frame: Frame) -> Piece:
        ranges = [next((r for r in frame if p == Sym(r.name)), None) for p in parts]
        a, b = ranges
        if a is not None and b is not None and a != b and (a.low, a.high) == (b.low, b.high):
            size = _length(a)
            return Piece(f"numpy.eye({self.whole(size)})", axes=tuple(r.name for r in frame if r in ranges))
        pieces = [self.numbers(p, frame) for p in parts]
        axes = tuple(r.name for r in frame if any(r.name in p.axes for p in pieces))
        left, right = (p.aligned(axes)[0] for p in pieces)
        return Piece(f"numpy.where({left} == {right}, 1, 0)", axes=axes)

    def _vector(self, t: Lambda, frame: Frame) -> Piece:
        """An array by its entries, its last axis that of the index."""
        if t.low is None or t.high is None:
            raise no_numpy(t, "the range of its index is not said")
        own = _without(t, frame)
        body, r = own.body, Range(own.index.name, own.low, own.high)  # type: ignore[arg-type]
        if isinstance(body, Entry) and body.indices == (own.index,) and own.low == ONE and own.index.name not in body.family.free:
            sizes = () if isinstance(body.family, Lambda) else self.shape(body.family)
            if len(sizes) == 1 and same_size(sizes[0], own.high or ONE):
                return self.of(body.family, frame)
        if isinstance(body, Lambda):
            inner = self._vector(body, (*frame, r))
            if frame or inner.axes != (r.name,):
                raise no_numpy(t, "an array of more than two axes")
            return Piece(inner.text, inner.level, kind=MATRIX)
        p = self.numbers(body, (*frame, r))
        if r.name not in p.axes:
            length = self.whole(_length(r))
            outer = p.aligned((*p.axes, r.name))[0] if p.axes else p.text
            if p.axes:
                raise no_numpy(t, "an array that does not depend on its index")
            return Piece(f"numpy.full({length}, {outer})", kind=COLUMN)
        return Piece(p.text, p.level, tuple(a for a in p.axes if a != r.name), COLUMN)

    def _entry(self, t: Entry, frame: Frame) -> Piece:
        family = t.family
        if isinstance(family, Fn) and family.name == "transpose" and len(t.indices) == 2:
            return self.of(Entry(family.children[0], *reversed(t.indices)), frame)
        if any(r.name in family.free for r in frame):
            return self._entry_of_dependent(t, frame)
        sizes = self._sizes(family)
        places = [affine(i) for i in t.indices]
        if None in places:
            raise no_numpy(t, "an index is no whole combination of letters")
        if len(sizes) != len(places):
            raise no_numpy(t, f"{in_letters(sizes)} with {len(places)} indices")
        text = self.letters[family.name] if isinstance(family, Sym) else self.of(family).atom
        forms = [p for p in places if p is not None]
        exist = all(at_least_zero(f, frame) for p, n in zip(forms, sizes, strict=True) for f in _margins(p, n))
        slices = [self._slice(p, n, frame) for p, n in zip(forms, sizes, strict=True)]
        names = [next((r.name for r in frame if r.name in p), "") for p in forms]
        along = [n for n in names if n]
        if exist and None not in slices and len({*along}) == len(along):
            found = [s or "" for s in slices]
            while found and found[-1] == ":":
                found.pop()
            order = tuple(r.name for r in frame if r.name in along)
            p = Piece(f"{text}[{', '.join(found)}]" if found else text, axes=order)
            if list(order) == along:
                return p
            if len(order) == 2:
                return Piece(f"{p.text}.T", axes=order)
            return Piece(f"{p.text}.transpose({', '.join(str(along.index(a)) for a in order)})", axes=order)
        return self._gathered(text, forms, sizes, frame, exist)

    def _sizes(self, family: Term) -> tuple[Term, ...]:
        """The sizes of the axes of what entries are taken of."""
        match family:
            case Fn(name, (Lambda(_, _, low, high),)) if name in SOFTMAX and low == ONE and high is not None:
                return (high,)
            case Lambda(_, _, low, high) if low == ONE and high is not None:
                return (high,)
        found = self.shape(family)
        if not found:
            raise no_numpy(family, "its sizes are not said")
        return found

    def _entry_of_dependent(self, t: Entry, frame: Frame) -> Piece:
        """An entry of a vector that depends on indices itself, as softmax(k ↦ u_ik)_j does."""
        place = next((r for r in frame if (Sym(r.name),) == t.indices), None)
        family = t.family
        p = self.of(family, frame) if not isinstance(family, Lambda) else self._vector(family, frame)
        sizes = self._sizes(family)
        if place is None or place.low != ONE or not same_size(place.high, sizes[0]) or place.name in p.axes or p.kind != COLUMN:
            raise no_numpy(t, "an entry of a vector that depends on an index")
        order = (*p.axes, place.name)
        kept = tuple(r.name for r in frame if r.name in order)
        if kept == order:
            return Piece(p.text, p.level, order)
        return Piece(f"{p.atom}.transpose({', '.join(str(order.index(a)) for a in kept)})", axes=kept)

    def _slice(self, form: Affine, size: Term, frame: Frame) -> str | None:
        """`:`, a slice, or the number of one entry; None where it is none of these."""
        inside = [r for r in frame if r.name in form]
        shift = {n: c for n, c in form.items() if n not in {r.name for r in inside}}
        if not inside:
            return self.whole(combined(form, {"": -1}))
        if len(inside) != 1 or form[inside[0].name] != 1:
            return None
        (r,) = inside
        low, high = combined(affine(r.low), shift, {"": -1}), combined(affine(r.high), shift)
        if not at_least_zero(high, ()):
            return None
        start = "" if low == {} else self.whole(low)
        end = "" if difference(high, affine(size)) == {} else self.whole(high)
        return f"{start}:{end}"

    def _gathered(self, text: str, forms: list[Affine], sizes: tuple[Term, ...], frame: Frame, exist: bool) -> Piece:
        """Entries by arrays of indices; nan for those that do not exist, so that they count only where they are asked for."""
        axes = tuple(r.name for r in frame if any(r.name in f for f in forms))
        places, tests = [], []
        for form, n in zip(forms, sizes, strict=True):
            known: dict[Term, Written] = {Sym(r.name): self.index(r).aligned(axes) for r in frame if r.name in form}
            known |= {Sym(name): (self.letters[name], ATOM) for name in form if name and Sym(name) not in known}
            at = python_with(written(combined(form, {"": -1}) or {}), known)
            end = self.whole(affine(n))
            if exist:
                places.append(at[0])
            else:
                p = self.assigned(Piece(*at, axes=axes))
                places.append(f"numpy.clip({p.text}, 0, {end} - 1)")
                tests.append(f"({p.text} >= 0) & ({p.text} < {end})")
        if exist:
            return Piece(f"{text}[{', '.join(places)}]", axes=axes)
        found = " & ".join(tests)
        return Piece(f"numpy.where({found}, {text}[{', '.join(places)}], numpy.nan)", axes=axes)

    # -------------------------------------------------------------------------------------------------------- sums
    def _sum(self, t: Sum, frame: Frame) -> Piece:
        own = _without(t, frame)
        r, guard = self._rectangle(own, frame)
        if guard is not None:
            return self._reduced(own, frame, "sum", "0")
        sign, above, below = _fraction(own.body)
        inside = [f for f in above if r.name in f.free]
        inside_below = [f for f in below if r.name in f.free]
        outside = over(times(*(f for f in above if f not in inside)), times(*(f for f in below if f not in inside_below)))
        total = self._contracted(inside, inside_below, r, frame)
        if sign > 0 and outside == ONE:
            return total
        letter = Sym("total~")
        formula = _Formula(self, frame)
        whole = formula.of(outside)
        left = (
            letter
            if whole == ONE
            else Div(letter, whole.right)
            if isinstance(whole, Div) and whole.left == ONE
            else Mul(whole, letter)
        )
        pieces = {**formula.pieces, letter: total}
        return self._computed(left if sign > 0 else neg(left), pieces, frame)

    def _contracted(self, above: list[Term], below: list[Term], r: Range, frame: Frame) -> Piece:
        """Σ of a product of factors that all depend on the index."""
        inner = (*frame, r)
        if any(self.array(f) for f in (*above, *below)):
            raise no_numpy(times(*above), "a sum of arrays")
        if not above and not below:
            size = _length(r)
            text = self.whole(size)
            return Piece(text, ATOM if text.isidentifier() else SUM) if at_least_zero(size, ()) else Piece(f"max(0, {text})")
        if below:
            above = [over(times(*above), times(*below))]
        factors = [self.numbers(f, inner) for f in above]
        axes = tuple(s.name for s in inner if any(s.name in p.axes for p in factors))
        kept = axes[:-1]
        if len(factors) == 1:
            (p,) = factors
            return Piece(f"{p.atom}.sum({f'axis={len(kept)}' if kept else ''})", axes=kept)
        if len(factors) == 2:
            a, b = factors
            if a.axes == b.axes == (r.name,):
                return product(a, b)
            for left, right in ((a, b), (b, a)):
                if len(left.axes) == 2 and right.axes == (r.name,):
                    return product(left, right, axes=left.axes[:1])
        letters = {name: chr(ord("a") + k) for k, name in enumerate(axes)}
        spelled = ",".join("".join(letters[a] for a in p.axes) for p in factors)
        target = "".join(letters[a] for a in kept)
        fast = ", optimize=True" if len(factors) > 2 else ""
        return Piece(f'numpy.einsum("{spelled}->{target}", {", ".join(p.text for p in factors)}{fast})', axes=kept)

    def _rectangle(self, t: Sum | Product, frame: Frame) -> tuple[Range, Term | None]:
        """The range of an index as far as it goes for any value of the others, and the condition that says how far it goes."""
        if t.low is None or t.high is None:
            raise no_numpy(t, f"the range of {t.index} is not said")
        k, guards = t.index, [] if t.where is None else [t.where]
        low, high = (extreme(affine(b), frame, least=least) for b, least in ((t.low, True), (t.high, False)))
        if low is None or high is None:
            raise no_numpy(t, f"the range of {t.index} is no whole combination of letters")
        names = {r.name for r in frame}
        if names & t.low.free:
            guards.append(Relation("≥", k, t.low))
        if names & t.high.free:
            guards.append(Relation("≤", k, t.high))
        r = Range(k.name, written(low), written(high))
        return r, None if not guards else guards[0] if len(guards) == 1 else And(*guards)

    def _reduced(self, t: Sum | Product, frame: Frame, how: str, neutral: str) -> Piece:
        """Σ or ∏ over the last axis, the neutral element where the condition does not hold."""
        own = _without(t, frame)
        r, guard = self._rectangle(own, frame)
        inner = (*frame, r)
        body = self.numbers(own.body, inner)
        conditions = None if guard is None else self._condition(guard, inner)
        pieces = [p for p in (body, conditions) if p is not None]
        along = any(r.name in p.axes for p in pieces)
        if not along:
            size = Piece(f"max(0, {self.whole(_length(r))})")
            text = f"{size.text}*{body.at(POWER)}" if how == "sum" else f"{body.atom}**{size.text}"
            body = Piece(text, PRODUCT if how == "sum" else POWER, body.axes)
        axes = tuple(s.name for s in inner if any(s.name in p.axes for p in pieces))
        text, level = body.aligned(axes)
        if conditions is not None:
            text, level = f"numpy.where({conditions.aligned(axes)[0]}, {text}, {neutral})", ATOM
        if not along:
            return Piece(text, level, axes)
        return Piece(f"{Piece(text, level).atom}.{how}({f'axis={len(axes) - 1}' if len(axes) > 1 else ''})", axes=axes[:-1])

    def _condition(self, t: Term, frame: Frame) -> Piece:
        formula = _Formula(self, frame)
        body = formula.condition(t)
        known, axes, _ = self._operands(body, formula.pieces, frame)
        return Piece(condition_with(body, known), SUM, axes)


class _Formula:
    """What of a term is done entry by entry, as a formula in letters for the rest."""

    def __init__(self, emitter: Emitter, frame: Frame) -> None:
        self.emitter = emitter
        self.frame = frame
        self.pieces: dict[Sym, Piece] = {}
        self._named: dict[Term, Sym] = {}
        self._local: dict[str, Term] = {}

    def of(self, t: Term) -> Term:
        """The formula."""
        e = self.emitter
        match t:
            case Num() | Decimal() | Const():
                return t
            case Sym(name) if name in self._local:
                return self._local[name]
            case Add():
                self._refuse_number_beside_square(t)
                return t.rebuild(self.of(c) for c in t.children)
            case Neg() | Div():
                return t.rebuild(self.of(c) for c in t.children)
            case Mul():
                return self._product(t)
            case Pow(a, b) if not e.array(a) and not _squared_norm(t):
                return Pow(self.of(a), self.of(b))
            case Cases(pieces):
                return Cases(*((self.of(v), self.condition(c)) for v, c in pieces))
            case Indicator(c):
                return Indicator(self.condition(c))
            case Prime(name, orders, parts):
                return self._applied(derived(name, orders, e.context, t), parts)
            case Fn("log", (Fn("det", _),)):
                return self._letter(t)
            case Fn("hadamard" | "circ", parts):
                return Mul(*(self.of(p) for p in parts))
            case Fn(name, parts) if (known := scalar_definition(name, e.context)) is not None:
                return self._applied(known, parts)
            case Fn(name, parts) if name in FUNCTIONS and not (name in ("max", "min") and len(parts) == 1):
                for p in parts:
                    if name in AMBIGUOUS and len(s := e.shape(p)) == 2 and same_size(*s) and not is_number(s):
                        raise no_numpy(t, f"{name} of a square matrix may be meant entry by entry or of the matrix")
                return Fn(name, *(self.of(p) for p in parts))
        return self._letter(t)

    def condition(self, t: Term) -> Term:
        """A condition on numbers."""
        if isinstance(t, CONDITIONS):
            return t.rebuild(self.condition(c) if isinstance(c, CONDITIONS) else self.of(c) for c in t.children)
        raise no_numpy(t, "it is no condition")

    def _product(self, t: Mul) -> Term:
        e = self.emitter
        arrays = [c for c in t.children if e.shape(c)]
        if len(arrays) < 2 or all(is_number(e.shape(c)) for c in arrays):
            return Mul(*(self.of(c) for c in t.children))
        numbers = [self.of(c) for c in t.children if not e.shape(c)]
        chain = self._letter(Mul(*arrays))
        return Mul(*numbers, chain) if numbers else chain

    def _applied(self, known: Definition, parts: tuple[Term, ...]) -> Term:
        """The formula of a function of numbers, at formulas of its arguments."""
        given: dict[str, Term] = {}
        for p, u in zip(known.parameters, parts, strict=True):
            given[p] = u
            if self.emitter.array(u):
                given[p] = Sym(f"argument~{len(self._local)}")
                self._local[given[p].data] = self.of(u)
        return self.of(substitute(known.body, given))

    def _letter(self, t: Term) -> Term:
        if t not in self._named:
            e = self.emitter
            p = e.atom(t, self.frame)
            if p.kind != NUMBER and not e.array(t):
                p = p.number
            self._named[t] = Sym(f"array~{len(self._named)}")
            self.pieces[self._named[t]] = p
        return self._named[t]

    def _refuse_number_beside_square(self, t: Add) -> None:
        e = self.emitter
        sizes = [e.shape(c) for c in t.children]
        square = any(len(s) == 2 and same_size(*s) and not is_number(s) for s in sizes)
        if square and any(is_number(s) for s in sizes):
            raise no_numpy(t, "a number beside a square matrix may be meant times the identity or times ones")


def _squared_norm(t: Term) -> bool:
    """Whether a term is the square of a Euclidean or Frobenius norm."""
    match t:
        case Pow(Fn("frobenius" | "norm", (_, *p)), Num(2)):
            return p in ([], [TWO])
    return False


def scalar_definition(name: str, context: Context) -> Definition | None:
    """The definition of a function of numbers, by the context or by the catalogue."""
    d = context.definitions.get(name)
    if d is None and name in NAMES and name not in FUNCTIONS and not NAMES[name].by and name not in context.sorts:
        d = NAMES[name].definition
    return d if d is not None and d.parameters else None


def derived(name: str, orders: tuple[int, ...], context: Context, t: Term) -> Definition:
    """The derivative of a function of numbers, as a function."""
    d, known = scalar_definition(name, context), None
    if d is not None:
        known = NAMES[name].known if name in NAMES and _same(NAMES[name].definition, d) else None
    elif name in FUNCTIONS and len(FUNCTIONS[name].derivative) == 1:
        d = Definition(name, ("u",), Fn(name, Sym("u")))
        known = Definition(name, ("u",), read_plain(FUNCTIONS[name].derivative[0]).bare)
    if d is None or len(d.parameters) != len(orders):
        raise no_numpy(t, f"{name} has no formula")
    body, left = d.body, orders
    if known is not None and orders[0] > 0:
        body, left = known.opened(map(Sym, d.parameters)), (orders[0] - 1,)
    for letter, order in zip(d.parameters, left, strict=True):
        for _ in range(order):
            body = derivative_of(body, letter, context)
    return Definition(name, d.parameters, body)


def _same(a: Definition, b: Definition) -> bool:
    """Whether two functions have one formula, whatever their parameters are called."""
    return len(a.parameters) == len(b.parameters) and a.opened(map(Sym, b.parameters)) == b.body


def _fraction(t: Term) -> tuple[int, list[Term], list[Term]]:
    """The sign, the factors above and those below of a product of fractions."""
    match t:
        case Neg(a):
            sign, above, below = _fraction(a)
            return -sign, above, below
        case Mul(parts):
            found = [_fraction(p) for p in parts]
            sign = -1 if sum(s < 0 for s, _, _ in found) % 2 else 1
            return sign, [f for _, fs, _ in found for f in fs], [f for _, _, fs in found for f in fs]
        case Div(a, b):
            (s, above, below), (r, more_below, more_above) = _fraction(a), _fraction(b)
            return s * r, above + more_above, below + more_below
    return 1, [] if t == ONE else [t], []


def _length(r: Range) -> Affine | None:
    """How many values an index has."""
    return combined(difference(affine(r.high), affine(r.low)), {"": 1})


def _margins(place: Affine, size: Term) -> tuple[Affine | None, Affine | None]:
    """What must not be negative for an entry to exist."""
    return combined(place, {"": -1}), difference(affine(size), place)


def _without(t: B, frame: Frame) -> B:
    """The same sum over an index that has not the name of another one in scope."""
    names = {r.name for r in frame}
    return renamed(t, fresh_name(t.index.name, names | t.free)) if t.index.name in names else t  # type: ignore[return-value]


def _transpose(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return parts[0].transposed if not parts[0].axes else None


def _inverse(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return inverted(parts[0]) if parts[0].kind == MATRIX else None


def _determinant(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return Piece(f"numpy.linalg.det({parts[0].text})") if parts[0].kind == MATRIX else None


def _trace(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return Piece(f"numpy.trace({parts[0].text})") if parts[0].kind == MATRIX else None


def _norm(_: Emitter, t: Fn, parts: list[Piece]) -> Piece | None:
    """The Euclidean norm of a vector, its p-norm, and the Frobenius norm of a matrix."""
    p = value(t.children[1]) if len(t.children) == 2 else None
    (a, *_rest) = parts
    if a.kind in (COLUMN, ROW):
        order = "" if p is None or p == 2 else f", {int(p) if p.denominator == 1 else float(p)}"
        return Piece(f"numpy.linalg.norm({a.text}{order})") if p is None or p >= 1 else None
    return Piece(f"numpy.linalg.norm({a.text})") if t.name == "frobenius" and a.kind == MATRIX else None


def _inner(e: Emitter, _: Fn, parts: list[Piece]) -> Piece | None:
    if len(parts) != 2 or NUMBER in (kinds := [p.kind for p in parts]):
        return None
    if MATRIX not in kinds:
        return multiplied(replace(parts[0], kind=ROW), replace(parts[1], kind=COLUMN))
    a, b = (Piece(*of_kind(p, MATRIX)) for p in parts)
    return Piece(f"numpy.sum({a.at(PRODUCT)}*{b.at(POWER)})")


def _diag(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    return diagonal(parts[0]) if parts[0].kind != NUMBER else None


def _vec(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    """The columns one below the other."""
    return Piece(f'{parts[0].atom}.ravel(order="F")', kind=COLUMN) if parts[0].kind != NUMBER else None


def _kronecker(_: Emitter, __: Fn, parts: list[Piece]) -> Piece | None:
    if len(parts) != 2 or NUMBER in (p.kind for p in parts):
        return None
    a, b = (Piece(*of_kind(p, MATRIX)) for p in parts)
    return Piece(f"numpy.kron({a.text}, {b.text})", kind=MATRIX)


_OPERATIONS: Final[dict[str, Callable[[Emitter, Fn, list[Piece]], Piece | None]]] = {
    "transpose": _transpose,
    "inverse": _inverse,
    "det": _determinant,
    "trace": _trace,
    "frobenius": _norm,
    "norm": _norm,
    "inner": _inner,
    "diag": _diag,
    "vec": _vec,
    "otimes": _kronecker,
}
"""Functions of whole arrays."""
