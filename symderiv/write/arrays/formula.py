"""What of a term is done entry by entry, as one formula of numbers in letters that stand for arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from symderiv.catalogue import NAMES
from symderiv.decide import derivative_of
from symderiv.read import read_plain
from symderiv.terms import (
    CONDITIONS,
    FUNCTIONS,
    ONE,
    TWO,
    Add,
    Cases,
    Const,
    Context,
    Decimal,
    Definition,
    Div,
    Entry,
    Fn,
    Indicator,
    Mul,
    Neg,
    Num,
    Pow,
    Prime,
    Sum,
    Sym,
    Term,
    substitute,
)
from symderiv.terms.build import neg
from symderiv.terms.shapes import is_number, same_size
from symderiv.write.arrays.pieces import NUMBER, Piece, no_numpy
from symderiv.write.arrays.ranges import Frame

if TYPE_CHECKING:
    from symderiv.write.arrays.emit import Emitter

AMBIGUOUS: Final = frozenset(("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "abs"))
"""Functions that also mean something else of a square matrix."""
EXPONENTIAL: Final = frozenset(("exp", "log", "tanh", "sinh", "cosh", "erf"))
"""Functions whose formulas may overflow or cancel."""
ALGEBRA: Final = (Add, Neg, Mul, Div, Pow, Fn)


class Formula:
    """What of a term is done entry by entry, as a formula in letters for the rest."""

    def __init__(self, emitter: Emitter, frame: Frame, root: Term | None = None) -> None:
        self.emitter = emitter
        self.frame = frame
        self.root = root
        self.pieces: dict[Sym, Piece] = {}
        self._named: dict[Term, Sym] = {}
        self._local: dict[str, Term] = {}

    def of(self, t: Term) -> Term:
        """The formula."""
        e = self.emitter
        if t != self.root and e.often(t) and isinstance(t, ALGEBRA) and _is_worth_a_name(t):
            if isinstance(t, Neg):
                return Neg(self._named_as(t.arg, e.assigned(e.of(t.arg, self.frame))))
            return self._named_as(t, e.of(t, self.frame))
        match t:
            case Num() | Decimal() | Const():
                return t
            case Sym(name) if name in self._local:
                return self._local[name]
            case Add():
                self._refuse_number_beside_square(t)
                return t.rebuild(map(self.of, _ones_as_1(t.children, e.array)))
            case Neg() | Div():
                return t.rebuild(self.of(c) for c in t.children)
            case Mul():
                return self._product(t)
            case Pow(a, b) if not e.array(a) and not squared_norm(t):
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
                return Mul(*map(self.of, _ones_as_1(parts, e.array)))
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
        if t in self._named:
            return self._named[t]
        return self._named_as(t, self.emitter.atom(t, self.frame))

    def _named_as(self, t: Term, p: Piece) -> Sym:
        if t not in self._named:
            e = self.emitter
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


def _is_worth_a_name(t: Term) -> bool:
    """Whether a formula needs a sum or an operation on arrays, and has no function that rules against overflow look for."""
    match t:
        case Sum():
            return True
        case Fn(name, parts) if name in FUNCTIONS and len(parts) == 1:
            return name == "sqrt" and _is_worth_a_name(parts[0])
        case Fn("inner" | "norm" | "frobenius" | "det" | "trace" | "inverse"):
            return True
        case Add() | Neg() | Mul() | Div() | Pow():
            inner = [c for c in t.children if not isinstance(c, (Num, Sym, Entry))]
            return any(map(_is_worth_a_name, inner)) and not any(isinstance(c, Fn) and c.name in EXPONENTIAL for c in inner)
    return False


def _ones_as_1(parts: Sequence[Term], array: Callable[[Term], bool]) -> list[Term]:
    """Operands that are combined entry by entry, with 1 for the array of ones beside another array."""
    ones = [(p.arg if isinstance(p, Neg) else p) for p in parts]
    named = [isinstance(p, Fn) and p.name == "ones" for p in ones]
    if not any(array(p) and not one for p, one in zip(parts, named, strict=True)):
        return list(parts)
    return [(neg(ONE) if isinstance(p, Neg) else ONE) if one else p for p, one in zip(parts, named, strict=True)]


def squared_norm(t: Term) -> bool:
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
