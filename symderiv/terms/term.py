"""The Term: an immutable expression, exactly as written.

Building a term simplifies, reorders and folds nothing: `x/x` stays `x/x` until a rule cancels it and records `x ≠ 0`.
Three identifications are made, all of notation only: `a - b` is the sum `a + (-b)`; `e^u` is `exp(u)`; brackets are not kept
where they change nothing (the span still points at them).

Terms without a span are interned: equal ones are one object. A term read from text carries a `Span` beside its structure; it is
equal to, and hashes as, its `bare` twin. So `==` and `hash` cost nothing at any size, and memo tables see shared parts once.

    Num Decimal Const Sym                 atoms
    Add Mul Neg Div Pow                   arithmetic, n-ary sums and products in written order
    Fn Prime                              f(u, …) of the table or named by a user; f'(u)
    Derivative Sum Product Integral       binders: they own their variable; DescendingProduct is W_N ⋯ W_1
    Limit Lambda Expectation
    Entry Layer Array                     z_i, W_ij; z^{(l)}; a matrix written out
    Relation And Or Not Truth             conditions
    Cases Indicator                       values that depend on conditions
"""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction
from typing import Any, ClassVar, Final, Self
from zlib import crc32

from symderiv.terms.span import Span

_interned: dict[tuple[Any, ...], _Entry] = {}


class _Entry(weakref.ref["Term"]):
    """A weak entry of the intern table that knows its key, so that a dead term leaves the table."""

    __slots__ = ("key",)
    key: tuple[Any, ...]


def _forget(entry: weakref.ref[Term]) -> None:
    assert isinstance(entry, _Entry)
    if _interned.get(entry.key) is entry:
        del _interned[entry.key]


class Term:
    """An immutable expression: `data` (a name, a number) and `children` (terms), compared by structure."""

    __slots__ = ("__weakref__", "_bare", "_digest", "_free", "_ordered", "children", "data", "depth", "size", "span")
    __match_args__: ClassVar[tuple[str, ...]] = ()

    children: Final[tuple[Term, ...]]  # type: ignore[misc]
    data: Final[Any]  # type: ignore[misc]
    span: Final[Span | None]  # type: ignore[misc]
    size: Final[int]  # type: ignore[misc]
    depth: Final[int]  # type: ignore[misc]
    _bare: Term | None
    _digest: int | None
    _free: frozenset[str] | None
    _ordered: Term | bool | None

    @classmethod
    def make(cls, data: Hashable, children: tuple[Term, ...], span: Span | None = None) -> Self:
        """The term of this class over the given parts: the interned one unless it or a child carries a span."""
        bare_children = children
        spanned = span is not None
        for c in children:
            if c._bare is not None:
                spanned = True
                bare_children = tuple(c.bare for c in children)
                break
        key = (cls, data, *map(id, bare_children))
        entry = _interned.get(key)
        bare = entry() if entry is not None else None
        if bare is None:
            bare = cls._new(data, bare_children, None, None)
            entry = _Entry(bare, _forget)
            entry.key = key
            _interned[key] = entry
        if not spanned:
            return bare  # type: ignore[return-value]
        return cls._new(data, children, span, bare)

    @classmethod
    def _new(cls, data: Hashable, children: tuple[Term, ...], span: Span | None, bare: Term | None) -> Self:
        self = object.__new__(cls)
        put = object.__setattr__
        put(self, "children", children)
        put(self, "data", data)
        put(self, "span", span)
        put(self, "_bare", bare)
        put(self, "_digest", None)
        put(self, "_free", None)
        put(self, "_ordered", None)
        put(self, "size", 1 + sum([c.size for c in children]))
        put(self, "depth", 1 + max([c.depth for c in children], default=0))
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Term is immutable: {name} cannot be set")

    @property
    def bare(self) -> Self:
        """The interned twin without spans; the term itself if it carries none."""
        return self if self._bare is None else self._bare  # type: ignore[return-value]

    def at(self, span: Span | None) -> Self:
        """The same term, standing at a place of a source."""
        return self if span is None else type(self).make(self.data, self.children, span)

    def rebuild(self, children: Iterable[Term]) -> Self:
        """The same node over other children, nothing folded; without a span, for it was not written so."""
        return type(self).make(self.data, tuple(children))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return self.bare is other.bare if isinstance(other, Term) else NotImplemented

    def __hash__(self) -> int:
        return id(self) if self._bare is None else id(self._bare)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).make, (self.data, self.children, self.span)

    def __repr__(self) -> str:
        parts = [repr(c) for c in self.children]
        if self.data is not None:
            parts.insert(0, repr(self.data))
        return f"{type(self).__name__}({', '.join(parts)})"

    def __str__(self) -> str:
        from symderiv.terms.plain import plain

        return plain(self)

    # ------------------------------------------------------------------------------------------------ traversal
    def postorder(self) -> Iterator[Term]:
        """Every distinct subterm once, children before parents; no recursion, so depth does not matter."""
        key = id if self._bare is None else hash
        seen: set[int] = set()
        stack: list[tuple[Term, bool]] = [(self, False)]
        while stack:
            t, ready = stack.pop()
            if ready:
                yield t
            elif key(t) not in seen:
                seen.add(key(t))
                if t.children:
                    stack.append((t, True))
                    stack.extend([(c, False) for c in reversed(t.children)])
                else:
                    yield t

    def preorder(self) -> Iterator[Term]:
        """Every subterm at every place, in reading order."""
        stack: list[Term] = [self]
        while stack:
            t = stack.pop()
            yield t
            stack.extend(reversed(t.children))

    def contains(self, part: Term) -> bool:
        """Whether `part` stands somewhere in the term (syntactically; binders are not looked at)."""
        return any(t == part for t in self.postorder())

    @property
    def scopes(self) -> tuple[bool, ...]:
        """For each child, whether the variable that this node binds is visible in it."""
        return (False,) * len(self.children)

    @property
    def bound(self) -> str | None:
        """The name of the variable that this node binds, if it binds one."""
        return None

    @property
    def free(self) -> frozenset[str]:
        """The names of the free symbols."""
        if self._free is None:
            for t in self.bare.postorder():
                if t._free is None:
                    names: set[str] = {t.name} if isinstance(t, Sym) else set()
                    for c, inside in zip(t.children, t.scopes, strict=True):
                        assert c._free is not None
                        names |= c._free - {t.bound} if inside else c._free
                    object.__setattr__(t, "_free", frozenset(names))
            if self._bare is not None:
                object.__setattr__(self, "_free", self._bare._free)
        assert self._free is not None
        return self._free

    @property
    def digest(self) -> int:
        """A number that depends on the structure alone, the same in every run: for a deterministic order of terms."""
        if self._digest is None:
            for t in self.bare.postorder():
                if t._digest is None:
                    text = f"{type(t).__name__}|{t.data!r}|{[c._digest for c in t.children]}"
                    object.__setattr__(t, "_digest", crc32(text.encode()) | (t.size << 32))
            if self._bare is not None:
                object.__setattr__(self, "_digest", self._bare._digest)
        assert self._digest is not None
        return self._digest

    @property
    def ordered(self) -> Term | None:
        """The term in the order of `symderiv.terms.order`, once it was asked for there."""
        return self if self._ordered is True else self._ordered or None

    def remember_order(self, ordered: Term) -> None:
        """Keep the ordered form; its own is marked, not referred to, so that nothing keeps itself alive."""
        object.__setattr__(self, "_ordered", True if ordered is self else ordered)


# ------------------------------------------------------------------------------------------------------------ atoms
class Num(Term):
    """A non-negative integer; −3 is `Neg(Num(3))`, as it is written."""

    __slots__ = ()
    __match_args__ = ("value",)

    def __new__(cls, value: int) -> Num:
        if value < 0:
            raise ValueError(f"Num is non-negative; write Neg(Num({-value}))")
        return cls.make(value, ())

    @property
    def value(self) -> int:
        return self.data


class Decimal(Term):
    """A decimal as written, meaning the exact fraction: 0.044715 is 44715/1000000."""

    __slots__ = ()
    __match_args__ = ("text",)

    def __new__(cls, text: str) -> Decimal:
        Fraction(text)
        return cls.make(text, ())

    @property
    def text(self) -> str:
        return self.data

    @property
    def value(self) -> Fraction:
        return Fraction(self.text)


class Const(Term):
    """A constant of mathematics: `pi`, `e`, `oo` (infinity, as a bound only)."""

    __slots__ = ()
    __match_args__ = ("name",)

    def __new__(cls, name: str) -> Const:
        return cls.make(name, ())

    @property
    def name(self) -> str:
        return self.data


class Sym(Term):
    """A letter: `x`, `x_1`, `alpha`, `hat(y)`. What it is stands in the Context."""

    __slots__ = ()
    __match_args__ = ("name",)

    def __new__(cls, name: str) -> Sym:
        return cls.make(name, ())

    @property
    def name(self) -> str:
        return self.data


# ------------------------------------------------------------------------------------------------------- arithmetic
class Add(Term):
    """a + b + …, in written order; a − b is Add(a, Neg(b))."""

    __slots__ = ()
    __match_args__ = ("children",)

    def __new__(cls, *terms: Term) -> Add:
        if len(terms) < 2:
            raise ValueError("a sum has at least two terms; `plus` takes any number")
        return cls.make(None, terms)


class Mul(Term):
    """a b …, in written order: matrices do not commute."""

    __slots__ = ()
    __match_args__ = ("children",)

    def __new__(cls, *factors: Term) -> Mul:
        if len(factors) < 2:
            raise ValueError("a product has at least two factors; `times` takes any number")
        return cls.make(None, factors)


class _Unary(Term):
    __slots__ = ()
    __match_args__ = ("arg",)

    def __new__(cls, arg: Term) -> Self:
        return cls.make(None, (arg,))

    @property
    def arg(self) -> Term:
        return self.children[0]


class _Binary(Term):
    __slots__ = ()
    __match_args__ = ("left", "right")

    def __new__(cls, left: Term, right: Term) -> Self:
        return cls.make(None, (left, right))

    @property
    def left(self) -> Term:
        return self.children[0]

    @property
    def right(self) -> Term:
        return self.children[1]


class Neg(_Unary):
    """−a."""

    __slots__ = ()


class Div(_Binary):
    """a / b, a fraction."""

    __slots__ = ()


class Pow(_Binary):
    """a to the power b."""

    __slots__ = ()


# -------------------------------------------------------------------------------------------------------- functions
class Fn(Term):
    """f(u, …): a function of the table (`Fn("exp", u)`) or one that the Context names (`Fn("f", x)`)."""

    __slots__ = ()
    __match_args__ = ("name", "children")

    def __new__(cls, name: str, *args: Term) -> Fn:
        return cls.make(name, args)

    @property
    def name(self) -> str:
        return self.data


class Prime(Term):
    """The derivative of a named function at a point: f'(u) is Prime("f", (1,), u); ∂₂g(u, v) is Prime("g", (0, 1), u, v)."""

    __slots__ = ()
    __match_args__ = ("name", "orders", "children")

    def __new__(cls, name: str, orders: tuple[int, ...], *args: Term) -> Prime:
        if len(orders) != len(args):
            raise ValueError("one order of differentiation for each argument")
        return cls.make((name, orders), args)

    @property
    def name(self) -> str:
        return self.data[0]

    @property
    def orders(self) -> tuple[int, ...]:
        return self.data[1]


class Entry(Term):
    """An entry of a family: z_i is Entry(z, i), W_ij is Entry(W, i, j)."""

    __slots__ = ()

    def __new__(cls, family: Term, *indices: Term) -> Entry:
        return cls.make(None, (family, *indices))

    @property
    def family(self) -> Term:
        return self.children[0]

    @property
    def indices(self) -> tuple[Term, ...]:
        return self.children[1:]


class Layer(_Binary):
    """The member of a family that a superscript numbers: z^{(l)} is Layer(z, l), z_i^{(l)} is Entry(Layer(z, l), i)."""

    __slots__ = ()

    @property
    def family(self) -> Term:
        return self.children[0]

    @property
    def number(self) -> Term:
        return self.children[1]


class Array(Term):
    """A matrix written out, row by row; a column vector is an Array of one-entry rows."""

    __slots__ = ()
    __match_args__ = ("rows",)

    def __new__(cls, *rows: tuple[Term, ...]) -> Array:
        width = {len(row) for row in rows}
        if len(width) != 1:
            raise ValueError("the rows of a matrix have one length, at least 1")
        return cls.make(width.pop(), tuple(t for row in rows for t in row))

    @property
    def rows(self) -> tuple[tuple[Term, ...], ...]:
        width: int = self.data
        return tuple(self.children[k : k + width] for k in range(0, len(self.children), width))


# ---------------------------------------------------------------------------------------------------------- binders
class Derivative(Term):
    """The derivative of `body` by `var`, of some order, at the point `at` (`var` itself unless something was put in for it).

    `var` is bound in the body and free in `at`: so d/dx x² at x = y + 1 is not captured by a substitution.
    With `indices`, the derivative by one entry: ∂f/∂z_k is Derivative(f, z, indices=(k,)). By a vector or matrix `var`
    without indices, it is the gradient or Jacobian; its layout is the Context's.
    """

    __slots__ = ()
    __match_args__ = ("body", "var", "order", "at_point", "indices")

    def __new__(
        cls, body: Term, var: Sym, order: int = 1, at_point: Term | None = None, indices: tuple[Term, ...] = ()
    ) -> Derivative:
        return cls.make((var.name, order), (body, var.bare if at_point is None else at_point, *indices))

    @property
    def body(self) -> Term:
        return self.children[0]

    @property
    def var(self) -> Sym:
        return Sym(self.data[0])

    @property
    def order(self) -> int:
        return self.data[1]

    @property
    def at_point(self) -> Term:
        return self.children[1]

    @property
    def indices(self) -> tuple[Term, ...]:
        return self.children[2:]

    @property
    def scopes(self) -> tuple[bool, ...]:
        return (True, *(False for _ in self.children[1:]))

    @property
    def bound(self) -> str:
        return self.data[0]


class Binder(Term):
    """A node that binds an index in its body: over low … high, and where a condition holds; any of these may be absent."""

    __slots__ = ()
    __match_args__ = ("body", "index", "low", "high", "where")

    def __new__(cls, body: Term, index: Sym, low: Term | None = None, high: Term | None = None, where: Term | None = None) -> Self:
        bounds = {"low": low, "high": high, "where": where}
        roles = tuple(role for role, t in bounds.items() if t is not None)
        return cls.make((index.name, roles), (body, *(t for t in bounds.values() if t is not None)))

    def _bound(self, role: str) -> Term | None:
        roles: tuple[str, ...] = self.data[1]
        return self.children[1 + roles.index(role)] if role in roles else None

    @property
    def body(self) -> Term:
        return self.children[0]

    @property
    def index(self) -> Sym:
        return Sym(self.data[0])

    @property
    def low(self) -> Term | None:
        return self._bound("low")

    @property
    def high(self) -> Term | None:
        return self._bound("high")

    @property
    def where(self) -> Term | None:
        return self._bound("where")

    @property
    def scopes(self) -> tuple[bool, ...]:
        return (True, *(role == "where" for role in self.data[1]))

    @property
    def bound(self) -> str:
        return self.data[0]


class Sum(Binder):
    """Σ of the body over the index."""

    __slots__ = ()


class Product(Binder):
    """∏ of the body over the index; of matrices, the factor with the smallest index stands first."""

    __slots__ = ()


class DescendingProduct(Product):
    """W_N ⋯ W_1, the product over the index in which the factor with the largest index stands first."""

    __slots__ = ()


class Integral(Binder):
    """∫ of the body over the variable."""

    __slots__ = ()


class Expectation(Binder):
    """E of the body over the random variable; `where` may say how it is distributed."""

    __slots__ = ()


class Limit(Binder):
    """The limit of the body as the index tends to `low`."""

    __slots__ = ()


class Lambda(Binder):
    """The function index ↦ body."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------------------- conditions
class Relation(Term):
    """left op right, with op one of = ≠ < ≤ > ≥."""

    __slots__ = ()
    __match_args__ = ("op", "left", "right")
    NEGATED: ClassVar[dict[str, str]] = {"=": "≠", "≠": "=", "<": "≥", "≥": "<", ">": "≤", "≤": ">"}
    MIRRORED: ClassVar[dict[str, str]] = {"=": "=", "≠": "≠", "<": ">", ">": "<", "≤": "≥", "≥": "≤"}

    def __new__(cls, op: str, left: Term, right: Term) -> Relation:
        if op not in cls.NEGATED:
            raise ValueError(f"no such relation: {op}")
        return cls.make(op, (left, right))

    @property
    def op(self) -> str:
        return self.data

    @property
    def left(self) -> Term:
        return self.children[0]

    @property
    def right(self) -> Term:
        return self.children[1]


class And(Term):
    """All of the conditions hold; 0 < x < 6 is And(0 < x, x < 6)."""

    __slots__ = ()
    __match_args__ = ("children",)

    def __new__(cls, *conditions: Term) -> And:
        return cls.make(None, conditions)


class Or(Term):
    """At least one of the conditions holds."""

    __slots__ = ()
    __match_args__ = ("children",)

    def __new__(cls, *conditions: Term) -> Or:
        return cls.make(None, conditions)


class Not(_Unary):
    """The condition does not hold."""

    __slots__ = ()


class Truth(Term):
    """The condition that always holds: the `otherwise` of a case distinction."""

    __slots__ = ()

    def __new__(cls) -> Truth:
        return cls.make(None, ())


class Cases(Term):
    """value₁ if condition₁, value₂ if condition₂, …: the first condition that holds decides; undefined where none holds."""

    __slots__ = ()
    __match_args__ = ("pieces",)

    def __new__(cls, *pieces: tuple[Term, Term]) -> Cases:
        return cls.make(None, tuple(t for piece in pieces for t in piece))

    @property
    def pieces(self) -> tuple[tuple[Term, Term], ...]:
        return tuple(zip(self.children[::2], self.children[1::2], strict=True))


class Indicator(_Unary):
    """1 where the condition holds, 0 where it does not."""

    __slots__ = ()
    __match_args__ = ("arg",)


CONDITIONS: Final = (Relation, And, Or, Not, Truth)
ZERO: Final = Num(0)
ONE: Final = Num(1)
TWO: Final = Num(2)
