r"""Declarations: what the letters are, in the words of a lecture: `x > 0, n integer`, `W \in \mathbb{R}^{n \times d}`, `f(x) = x^2`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from symderiv.errors import ReadError
from symderiv.read.items import DOTS, items_of, relation_at
from symderiv.read.names import Names, canonical
from symderiv.read.parser import Parser
from symderiv.read.reader import language, whole_span
from symderiv.read.tokens import Token
from symderiv.read.vocabulary import INDEX_LETTERS
from symderiv.terms import (
    INTEGER,
    ONE,
    REAL,
    ZERO,
    And,
    Const,
    Context,
    Entry,
    Fn,
    Lambda,
    Layer,
    Neg,
    Num,
    Relation,
    Shape,
    Sort,
    Source,
    Span,
    Sym,
    Term,
    function,
    index,
    number,
    value,
    vector,
)

_SORT_WORDS: Final = frozenset(
    [
        "real",
        "integer",
        "natural",
        "function",
        "positive",
        "negative",
        "nonzero",
        "nonnegative",
        "number",
        "numbers",
        "index",
        "integers",
        "reals",
    ]
)
_FAMILY_INDICES: Final = frozenset("ijklmn")
_FILLERS: Final = frozenset(["is", "are", "a", "an", "be", "let", "the", "and", "with"])
_REALS: Final = frozenset(("R", "mathbb(R)", "reals", "Reals"))
_INTEGERS: Final = frozenset(("N", "Z", "mathbb(N)", "mathbb(Z)"))
_PLAIN_SET: Final = re.compile(r"\bin\s+[RNZ\d]|->")
_INFINITY: Final = Const("oo")
_HINT: Final = "write such as: x > 0, n integer, W in R^{n x d}, f(x) = x^2, i in 1..K"


def let(
    text: str | Span,
    context: Context = Context(),  # noqa: B008
    *,
    path: str | None = None,
    functions: Collection[str] = (),
    latex: bool | None = None,
    open_ranges: bool = False,
) -> Context:
    """The context with the declarations, definitions and assumptions of the text added; ReadError with the place.

    `open_ranges`: entries x_{nd}, x^{(i)} are numbers even where it is not said what their indices run over.

    >>> context = let("x > 0, n integer, f(x) = x^2")
    >>> context.assumptions, context.sort("n").field, context.is_function("f")
    ((Relation('>', Sym('x'), Num(0)),), 'integer', True)
    """
    piece = whole_span(text, path)
    if latex is None and "\\" not in piece.text and _PLAIN_SET.search(piece.text):
        latex = False
    tokens, parser, _ = language(piece, latex, context, functions, rows=True)
    items = items_of(tokens)
    if not items:
        raise ReadError("there is nothing to declare", piece, _HINT)
    reader = _Declarations(context, parser, piece.source, functions, open_ranges)
    reader.find_ranges(items)
    for item in items:
        reader.item(item)
    reader.finish()
    return reader.context


class _Declarations:
    def __init__(
        self, context: Context, parser: type[Parser], source: Source, functions: Collection[str], open_ranges: bool = False
    ) -> None:
        self.context = context
        self.parser = parser
        self.source = source
        self.functions = functions
        self.open_ranges = open_ranges
        self.pending: list[tuple[str, list[Token]]] = []
        self.ranges: dict[str, tuple[Term, Term]] = {}

    # --------------------------------------------------------------------------------------------------- the items
    def find_ranges(self, items: list[list[Token]]) -> None:
        """Which ranges the indices have, for families that are declared before their index is."""
        waiting: list[str] = []
        for tokens in items:
            if len(tokens) == 1:
                waiting.append(tokens[0].text)
                continue
            at = relation_at(tokens)
            right = tokens[at + 1 :] if at is not None else []
            inner = right[1:-1] if right and right[0].kind == "open" else right
            if at == 1 and any(t.text in DOTS for t in inner) and (bounds := self._range(inner)) is not None:
                self.ranges.update(dict.fromkeys((*waiting, tokens[0].text), bounds))
            waiting = []

    def _family_of(self, name: str, tokens: list[Token]) -> tuple[str, tuple[Term, ...], str]:
        """For W_k with an index k: W, the size that k gives it, and k; ReadError if the range of k is not known."""
        stem, _, low = name.partition("_")
        bounds = self.ranges.get(low) or self.context.sort(low).bounds
        if low not in _FAMILY_INDICES and (bounds is None or bounds[0] != ONE):
            return name, (), ""
        if bounds is None:
            raise ReadError(f"it is not said what {low} runs over", self._span(tokens), f"add: {low} in 1..N")
        return stem, (bounds[1].bare,), low

    def item(self, tokens: list[Token]) -> None:
        """One item: letters that wait for the next one, a sort, a membership, a definition, an assumption."""
        if tokens[-1].kind == "operator" and tokens[-1].text == ".":
            tokens = tokens[:-1]
        tokens = [t for t in tokens if not (t.kind in ("name", "text") and t.text.lower() in _FILLERS and len(t.text) > 1)]
        words: list[str] = []
        while (
            tokens
            and tokens[-1].kind in ("name", "text")
            and set(tokens[-1].text.split()) <= _SORT_WORDS | _FILLERS
            and len(tokens) > 1
        ):
            words += tokens.pop().text.split()
        if not tokens:
            return
        at = relation_at(tokens)
        if at is None:
            name = self._name(tokens)
            if not words:
                self.pending.append((name, tokens))
            else:
                self._words([*self._subjects(), name], words)
            return
        sign = tokens[at].text
        left, right = tokens[:at], tokens[at + 1 :]
        if not right or not left:
            raise ReadError(f"something is missing beside {sign}", self._span([tokens[at]]), _HINT)
        if sign in ("∈", "in"):
            dots = [k for k, t in enumerate(left) if t.text in DOTS]
            if dots:
                self._listed(left, dots[0], right)
                return
            subjects = [tokens for _, tokens in self.pending]
            self.pending.clear()
            for written in [*subjects, left]:
                if (entry := self._entry(written)) is None or not self._entry_of_set(entry, right, written):
                    self._member(self._subscripted_name(written), right)
        elif sign == ":":
            self._mapping(self._name(left), right)
        elif sign in ("=", ":="):
            self._equation(left, right, tokens)
        else:
            self._assumption(tokens, left, words)

    def finish(self) -> None:
        """ReadError if letters are left of which nothing was said."""
        if self.pending:
            name, tokens = self.pending[0]
            raise ReadError(f"it is not said what {name} is", self._span(tokens), _HINT)

    def _subjects(self) -> list[str]:
        names = [name for name, _ in self.pending]
        self.pending.clear()
        return names

    def _span(self, tokens: list[Token]) -> Span:
        return Span(self.source, tokens[0].start, tokens[-1].end)

    def _names(self) -> Names:
        return Names(self.context, self.functions)

    def _term(self, tokens: list[Token], names: Names | None = None) -> Term:
        names = names or self._names()
        end = tokens[-1].end
        for _ in range(4):
            names.again()
            term = self.parser([*tokens, Token("end", "", end, end)], self.source, names).whole()
            if not names.stale:
                break
        return term

    def _entry(self, tokens: list[Token]) -> Entry | Layer | None:
        """x^{(i)}, x_{nd}, h_j^{(l)}, W[a, l, k] as an entry; None for a letter by itself or with one subscript."""
        if len(tokens) < 3:
            return None
        names = self._names()
        names.indices |= {*self.ranges, *_FAMILY_INDICES}
        try:
            term = self._term(tokens, names).bare
        except ReadError:
            return None
        match term:
            case Layer(children=(Sym(), _)) | Entry(children=(Sym() | Layer(children=(Sym(), _)), *_)):
                return term
        return None

    def _entry_of_set(self, entry: Entry | Layer, tokens: list[Token], whole: list[Token]) -> bool:
        """Every entry of this form is a number, or an array, of the set; False where an entry is declared as a letter is."""
        layer = entry.family if isinstance(entry, Entry) else entry
        above = layer.children[1:] if isinstance(layer, Layer) else ()
        family = layer.children[0] if above else layer
        indices = (*above, *(entry.indices if isinstance(entry, Entry) else ()))
        values = self._values(tokens) if tokens[0].kind == "open" and tokens[0].text == "\\{" else None
        of_reals = tokens[0].kind == "name" and tokens[0].text in _REALS
        if not isinstance(family, Sym) or not (values or (of_reals and (above or len(indices) > 1))):
            return False
        sizes = self._extents(indices)
        if sizes is None and not (self.open_ranges and of_reals and len(tokens) == 1):
            if values and not above and len(indices) == 1:
                return False
            raise ReadError("it is not said what the indices run over", self._span(whole), "add: i in 1..N")
        letter = str(indices[0].data) if len(indices) == 1 else ""
        if sizes is None and family.name in self.context.sorts:
            return True
        if values:
            self.context = self.context.declare(family.name, Sort(shape=sizes or (), raised=len(above)))
            self.context = self.context.assume(Fn("one_of", family, *map(number, values)))
        else:
            self._of_set(family.name, tokens, sizes or (), letter)
            sort = replace(self.context.sort(family.name), raised=len(above))
            self.context = replace(self.context, sorts=MappingProxyType({**self.context.sorts, family.name: sort}))
        return True

    def _extents(self, indices: tuple[Term, ...]) -> Shape | None:
        """The sizes of the axes at which these indices stand; None unless each is a letter of its own that runs from 1."""
        if len(set(indices)) != len(indices):
            return None
        bounds = [self.ranges.get(i.name) or self.context.sort(i.name).bounds if isinstance(i, Sym) else None for i in indices]
        known = [b[1].bare for b in bounds if b is not None and b[0] == ONE]
        return tuple(known) if len(known) == len(indices) else None

    def _listed(self, left: list[Token], dots: int, right: list[Token]) -> None:
        """u_1, …, u_K ∈ R^d: a family of K members."""
        first, last = [t for t in left[:dots] if t.text != ","], [t for t in left[dots + 1 :] if t.text != ","]
        if not first or not last:
            raise ReadError("this list is not read", self._span(left), "write u_1, …, u_K")
        stem, _, low = self._subscripted_name(first).partition("_")
        same, _, high = self._subscripted_name(last).partition("_")
        if low != "1" or stem != same or not high:
            raise ReadError("this list is not read", self._span(left), "write u_1, …, u_K")
        for name in self._subjects():
            self._member(name, right)
        self._of_set(stem, right, (Num(int(high)) if high.isdigit() else Sym(high),))

    def _subscripted_name(self, tokens: list[Token]) -> str:
        """The name with its subscript as it is written, whether or not that is an index."""
        texts = [t.text for t in tokens if t.text not in ("_", "{", "}")]
        if tokens[0].kind == "name" and len(tokens) > 1 and tokens[1].text == "_" and len(texts) == 2:
            return "_".join(texts)
        if len(tokens) == 1 and tokens[0].kind == "name":
            return canonical(tokens[0].text)
        return self._name(tokens)

    def _name(self, tokens: list[Token]) -> str:
        term = self._term(tokens)
        match term.bare:
            case Sym(name):
                return str(name)
            case Fn(name, children) if self.context.is_function(name) and all(isinstance(c, Sym) for c in children):
                return str(name)
            case Layer(children=(Sym(name), _)) | Entry(children=(Sym(name) | Layer(children=(Sym(name), _)), *_)):
                return str(name)
        if len(tokens) == 1 and tokens[0].kind == "name":
            return canonical(tokens[0].text)
        raise ReadError("only a letter can be declared", self._span(tokens), _HINT)

    # ------------------------------------------------------------------------------------------------------- sorts
    def _words(self, names: list[str], words: list[str]) -> None:
        for name in names:
            sort: Sort = REAL
            if "function" in words:
                sort = function()
            elif {"integer", "natural", "index", "integers"} & set(words):
                sort = INTEGER
            self.context = self.context.declare(name, sort)
            for word, sign in (("positive", ">"), ("negative", "<"), ("nonzero", "≠"), ("nonnegative", "≥")):
                if word in words:
                    self.context = self.context.assume(Relation(sign, Sym(name), ZERO))
            if "natural" in words:
                self.context = self.context.assume(Relation("≥", Sym(name), ONE))

    def _member(self, name: str, tokens: list[Token]) -> None:
        """name ∈ R^{n × d}, N, {1, …, K}, 1..K."""
        first = tokens[0]
        if first.kind == "name" and first.text in _REALS | _INTEGERS:
            name, members, letter = self._family_of(name, tokens)
            self._of_set(name, tokens, members, letter)
            return
        inner = tokens
        if first.kind == "open" and first.text == "\\{" and (values := self._values(tokens)) is not None:
            self._one_of(name, tokens, values)
            return
        if first.kind == "open" and first.text in ("(", "[") and self._interval(name, tokens):
            return
        if first.kind == "open" and first.text in ("{", "\\{", "["):
            inner = tokens[1:-1]
        bounds = self._range(inner)
        if bounds is None:
            raise ReadError("this set is not read", self._span(tokens), "write R, R^n, R^{n x d}, N, Z, 1..K or \\{1, \\dots, K\\}")
        self.context = self.context.declare(name, index(*bounds))

    def _values(self, tokens: list[Token]) -> list[Fraction] | None:
        """The numbers of a set {−1, 1}, {0, 1/2, 1}, {±1}; None for any other set."""
        end = next((k for k, t in enumerate(tokens) if t.kind == "close" and t.text == "\\}"), None)
        parts: list[list[Token]] = [[]]
        for t in tokens[1:end] if end is not None else ():
            if t.text == ",":
                parts.append([])
            elif not (t.text == "+" and not parts[-1]):
                parts[-1].append(t)
        if not all(parts) or any(t.kind == "name" or t.text in DOTS for part in parts for t in part):
            return None
        found: list[Fraction] = []
        for part in parts:
            both = part[0].text == "±"
            q = value(self._term(part[1:] if both else part).bare) if len(part) > both else None
            if q is None:
                return None
            found += [-q, q] if both else [q]
        return found

    def _one_of(self, name: str, tokens: list[Token], values: list[Fraction]) -> None:
        """name ∈ {−1, 1}, or an array of such entries: y_j, or y ∈ {−1, 1}^K."""
        rest = tokens[next(k for k, t in enumerate(tokens) if t.kind == "close" and t.text == "\\}") + 1 :]
        sizes: list[Term] = []
        if rest:
            if rest[0].text != "^" or len(rest) < 2:
                raise ReadError("this set is not read", self._span(tokens), _HINT)
            sizes = self._sizes(rest[2:-1] if rest[1].kind == "open" else rest[1:])
        stem, members, letter = self._family_of(name, tokens)
        low, high = min(values), max(values)
        whole = [low + k for k in range(int(high - low) + 1)] == sorted(values) and low.denominator == 1 and len(values) > 1
        if whole and not sizes and not members:
            self.context = self.context.declare(name, index(number(low), number(high)))
            return
        self.context = self.context.declare(stem, Sort(shape=(*members, *sizes), member=letter))
        self.context = self.context.assume(Fn("one_of", Sym(stem), *map(number, values)))

    def _interval(self, name: str, tokens: list[Token]) -> bool:
        """name ∈ (a, b), [a, b), … of real numbers; False where this is no interval."""
        commas = [k for k, t in enumerate(tokens) if t.text == ","]
        if len(commas) != 1 or tokens[-1].text not in (")", "]") or any(t.text in DOTS for t in tokens):
            return False
        if not 1 < commas[0] < len(tokens) - 2:
            return False
        low, high = (self._term(part).bare for part in (tokens[1 : commas[0]], tokens[commas[0] + 1 : -1]))
        if self.context.sort(name).field != "integer" or name not in self.context.sorts:
            self.context = self.context.declare(name, REAL)
        if low not in (Neg(_INFINITY), _INFINITY):
            self.context = self.context.assume(Relation("≤" if tokens[0].text == "[" else "<", low, Sym(name)))
        if high != _INFINITY:
            self.context = self.context.assume(Relation("≤" if tokens[-1].text == "]" else "<", Sym(name), high))
        return True

    def _of_set(self, name: str, tokens: list[Token], members: tuple[Term, ...] = (), letter: str = "") -> None:
        """name ∈ R^{n × d}, with a first size for each index of a family, and the letter of that index."""
        field, rest = tokens[0].text, tokens[1:]
        positive = weakly = False
        sizes: list[Term] = []
        while rest:
            sign, group = rest[0], rest[1:2]
            if not (sign.kind == "operator" and sign.text in ("^", "_") and group):
                raise ReadError("this set is not read", self._span(tokens), _HINT)
            end = 2
            if group[0].kind == "open":
                depth = 0
                for k, t in enumerate(rest[1:], 1):
                    depth += (t.kind == "open") - (t.kind == "close")
                    if depth == 0:
                        end = k + 1
                        break
                group = rest[2 : end - 1]
            if [t.text for t in group] in (["+"], ["+", "+"], ["++"], [">", "0"], ["≥", "0"]):
                positive = True
                weakly = weakly or group[0].text == "≥"
            elif sign.text == "^":
                sizes = self._sizes(group)
            else:
                raise ReadError("this set is not read", self._span(tokens), _HINT)
            rest = rest[end:]
        if field in _INTEGERS and not sizes and not members:
            self.context = self.context.declare(name, INTEGER)
            if "N" in field:
                self.context = self.context.assume(Relation("≥", Sym(name), ONE))
            return
        self.context = self.context.declare(name, Sort(shape=(*members, *sizes), member=letter))
        if positive and not sizes:
            self.context = self.context.assume(Relation("≥" if weakly else ">", Sym(name), ZERO))

    def _sizes(self, tokens: list[Token]) -> list[Term]:
        """n × d, also written n x d."""
        parts: list[list[Token]] = [[]]
        depth = 0
        for k, t in enumerate(tokens):
            depth += (t.kind == "open") - (t.kind == "close")
            times = t.text == "*" or (t.text == "x" and t.kind == "name" and 0 < k < len(tokens) - 1)
            if times and depth == 0:
                parts.append([])
            else:
                parts[-1].append(t)
        if not all(parts):
            raise ReadError("a size is missing", self._span(tokens) if tokens else Span(self.source, 0, 0), _HINT)
        return [self._term(p).bare for p in parts]

    def _range(self, tokens: list[Token]) -> tuple[Term, Term] | None:
        """1..K and 1, …, K; {0, 1} too."""
        dots = [k for k, t in enumerate(tokens) if t.text in DOTS]
        commas = [k for k, t in enumerate(tokens) if t.text == ","]
        if len(dots) == 1:
            low = [t for t in tokens[: dots[0]] if t.text != ","]
            high = [t for t in tokens[dots[0] + 1 :] if t.text != ","]
            if commas and commas[0] < dots[0]:
                low = tokens[: commas[0]]
            if low and high:
                return self._term(low).bare, self._term(high).bare
        if not dots and len(commas) == 1 and len(tokens) == 3:
            low_term, high_term = self._term(tokens[:1]), self._term(tokens[2:])
            match low_term.bare, high_term.bare:
                case Num(a), Num(b) if b == a + 1:
                    return Num(a), Num(b)
        return None

    def _mapping(self, name: str, tokens: list[Token]) -> None:
        """f : R^n -> R^m."""
        arrow = next((k for k, t in enumerate(tokens) if t.text == "→"), None)
        if arrow is None:
            raise ReadError("an arrow is missing", self._span(tokens), "write f : R -> R")
        self._space(tokens[:arrow])
        above = self._space(tokens[arrow + 1 :])
        self.context = self.context.declare(name, function(1, above))

    def _space(self, tokens: list[Token]) -> tuple[Term, ...]:
        if not tokens or tokens[0].text not in _REALS:
            raise ReadError("this space is not read", self._span(tokens or [Token("end", "", 0, 0)]), "write f : R^n -> R")
        if len(tokens) == 1:
            return ()
        probe = _Declarations(self.context, self.parser, self.source, self.functions)
        probe._of_set("\0", tokens)
        return probe.context.sort("\0").shape

    # ------------------------------------------------------------------------------------- definitions, assumptions
    def _equation(self, left: list[Token], right: list[Token], whole: list[Token]) -> None:
        """f(x) = …, z = …, p_i = …, i = 1, …, K; anything else is assumed."""
        if any(t.text in DOTS for t in right):
            bounds = self._range(right)
            if bounds is None:
                raise ReadError("this range is not read", self._span(right), "write i = 1, …, K, or i in 1..K")
            for name in [*self._subjects(), self._name(left)]:
                self.context = self.context.declare(name, index(*bounds))
            return
        head = self._head(left)
        names = self._names()
        if head is not None:
            name, parameters, low = head
            self._define(name, parameters, low, right, names)
            return
        term = self._term(left, names)
        match term.bare:
            case Sym(name):
                stem, _, low = name.partition("_")
                body = self._term(right, names)
                if low in INDEX_LETTERS and self._mentions(body, low):
                    self._define(stem, (), low, right, names)
                else:
                    self._check_body(name, body)
                    self.context = self.context.define(name, (), body)
            case Entry(children=(Sym(stem), Sym(low))) if not self.context.is_size(low):
                self._define(stem, (), low, right, names)
            case _:
                self.context = self.context.assume(self._term(whole))

    def _head(self, tokens: list[Token]) -> tuple[str, tuple[str, ...], str | None] | None:
        """For f(x, y) and f_j(z): the name, the parameters, the index."""
        opened = next((k for k, t in enumerate(tokens) if t.kind == "open" and t.text == "("), None)
        if not opened or tokens[-1].text != ")" or tokens[0].kind not in ("name", "function"):
            return None
        before = tokens[:opened]
        name, low = before[0].text, None
        scripted = [t for t in before[1:] if t.kind in ("name", "number")]
        if len(before) > 1:
            if before[1].text != "_" or len(scripted) != 1:
                return None
            low = scripted[0].text
        elif "_" in name:
            name, _, low = name.partition("_")
        inner = tokens[opened + 1 : -1]
        groups: list[list[Token]] = [[]]
        for t in inner:
            if t.text in (",", ";"):
                groups.append([])
            else:
                groups[-1].append(t)
        if not all(groups) or any(t.kind not in ("name", "number", "operator", "open", "close") for t in inner):
            return None
        terms = [self._term(g).bare for g in groups]
        if not all(isinstance(t, Sym) for t in terms):
            return None
        if low is not None and low not in INDEX_LETTERS and not self._names().is_index(low):
            name, low = f"{name}_{low}", None
        return canonical(name), tuple(str(t.data) for t in terms), low

    def _mentions(self, body: Term, low: str) -> bool:
        return any(name == low or name.endswith(f"_{low}") for name in body.free)

    def _check_body(self, name: str, body: Term) -> None:
        if name in body.free:
            raise ReadError(f"{name} is defined by itself", body.span, "name the new value by another letter")

    def _define(self, name: str, parameters: tuple[str, ...], low: str | None, right: list[Token], names: Names) -> None:
        if low is not None:
            names.indices.add(low)
        body = self._term(right, names)
        if low is None:
            if not parameters:
                self._check_body(name, body)
            self.context = self.context.define(name, parameters, body)
            return
        bounds = self.context.sort(low).bounds or (None, None)
        family = Lambda(body.bare, Sym(low), *bounds)
        shape = vector(bounds[1]).shape if bounds[1] is not None and bounds[0] == ONE else ()
        self.context = self.context.define(name, parameters, family)
        sort = replace(self.context.sort(name), shape=shape)
        self.context = replace(self.context, sorts=MappingProxyType({**self.context.sorts, name: sort}))

    def _assumption(self, tokens: list[Token], left: list[Token], words: list[str]) -> None:
        """x, y > 0; 0 < p < 1; K ≥ 2 integer."""
        term = self._term(tokens)
        chain = term.children if isinstance(term, And) else (term,)
        if not all(isinstance(c, Relation) for c in chain):
            raise ReadError("this is not read as an assumption", self._span(tokens), _HINT)
        letters: list[Term] = [c.children[0] for c in chain if isinstance(c.children[0], Sym)] or [chain[0].children[1]]
        named = [t.name for t in letters if isinstance(t, Sym)]
        for name in self._subjects():
            if len(left) != 1:
                raise ReadError(f"it is not said what {name} is", self._span(left), _HINT)
            if name not in self.context.sorts:
                self.context = self.context.declare(name, REAL)
            self.context = self.context.assume(*(Relation(str(c.data), Sym(name), c.children[1].bare) for c in chain))
        for name in named[:1]:
            if words:
                self._words([name], words)
            elif name not in self.context.sorts and name not in self.context.definitions:
                self.context = self.context.declare(name, REAL)
        self.context = self.context.assume(*chain)
