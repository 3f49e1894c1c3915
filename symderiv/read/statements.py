r"""Statements: chains a = b = c over the rows of a block, with the conditions that stand beside them.

A row that begins with a relation goes on with the chain of the row before. Rows, commas and words separate statements; a side that
cannot be read is its error and hides none of the others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from symderiv.errors import ReadError, SymderivError
from symderiv.read.names import Names
from symderiv.read.notes import Note, Statement
from symderiv.read.parser import Parser
from symderiv.read.plain import PlainParser
from symderiv.read.reader import language, whole_span, with_alternatives
from symderiv.read.tokens import RELATIONS, Token
from symderiv.terms import CONDITIONS, Context, Fn, Source, Span, Term

_SIDE_RELATIONS = frozenset(RELATIONS) - {"⇒", "⇔"}
_LEFT_OUT = frozenset(("…", "&", "=", ",", "."))
"""What a row consists of that stands for the rows that are left out."""
_CONDITION_RELATIONS = frozenset(("≠", "<", "≤", ">", "≥", "∈", "∉"))


@dataclass(slots=True)
class _Draft:
    """A statement as tokens."""

    sides: list[list[Token]] = field(default_factory=lambda: [[]])
    relations: list[str] = field(default_factory=list)
    conditions: list[list[Token]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.relations and not any(self.sides) and not self.conditions


def statements(
    text: str | Span,
    context: Context = Context(),  # noqa: B008
    *,
    path: str | None = None,
    functions: Collection[str] = (),
    latex: bool | None = None,
) -> tuple[Statement, ...]:
    """The statements of a block of formulas, in order. `text` may be a Span: places then point into its source.

    A block that begins with a relation goes on with a chain that stands before it: its first statement has as many relations as
    sides. Raises nothing for what cannot be read: the side is its ReadError.
    """
    piece = whole_span(text, path)
    try:
        tokens, parser, repairs = language(piece, latex, context, functions, rows=True)
    except ReadError as error:
        return (Statement((error,), (), (), (), (error,), piece),)
    drafts = _drafts(_unwrapped(tokens), piece.source, quads=parser is not PlainParser)
    names = Names(context, functions)
    for _ in range(4):
        names.again()
        results = [_Reader(d, parser, piece.source, names) for d in drafts]
        if not names.stale:
            break
    return tuple(r.statement(repairs) for r in results)


# ------------------------------------------------------------------------------------------------------- separating
def _drafts(tokens: list[Token], source: Source, *, quads: bool) -> list[_Draft]:
    drafts: list[_Draft] = []
    remarks: list[Note] = []
    for written in map(_without_annotation, _rows(tokens)):
        row = _without_number(written)
        if len(row) < len(written):
            number = Span(source, written[len(row)].start, written[-1].end)
            remarks.append(Note("convention", "the number of the equation is no part of it", number))
        if row and all(t.kind == "operator" and t.text in _LEFT_OUT for t in row) and any(t.text == "…" for t in row):
            remarks.append(Note("convention", "dots stand for rows that are left out", Span(source, row[0].start, row[-1].end)))
            continue
        pieces = _pieces(row, quads=quads)
        if not pieces:
            continue
        begun = False
        for piece, separator in pieces:
            last = drafts[-1] if drafts else None
            if piece[0].kind == "text":
                span = Span(source, piece[0].start, piece[0].end)
                remark = Note("convention", f"the words {piece[0].text!r} are no part of the formula", span)
                (last.notes if last is not None else remarks).append(remark)
            elif last is not None and (within := _as_bounds(piece)) is not None:
                last.conditions.append(within)
            elif separator == "condition" and last is not None:
                last.conditions.append(piece)
            elif not begun and last is not None and _goes_on(piece, last):
                begun = True
                _add(last, piece)
            else:
                begun = True
                drafts.append(_Draft(notes=remarks))
                remarks = []
                _add(drafts[-1], piece)
    if drafts:
        drafts[-1].notes += remarks
    for d in drafts:
        _skip_steps(d, source)
    return [d for d in drafts if not d.empty]


def _skip_steps(draft: _Draft, source: Source) -> None:
    """a = … = b, where steps are left out, as a = b; a = … as a."""
    shift = len(draft.sides) - len(draft.relations)
    for k in reversed(range(1, len(draft.sides))):
        side = draft.sides[k]
        if len(side) != 1 or side[0].text != "…" or side[0].kind != "operator":
            continue
        before, after = draft.relations[k - shift], draft.relations[k - shift + 1 : k - shift + 2]
        if after and "=" not in (before, *after) and [before] != after:
            continue
        del draft.sides[k]
        del draft.relations[k - shift if before == "=" or not after else k - shift + 1]
        draft.notes.append(Note("convention", "dots stand for steps that are left out", Span(source, side[0].start, side[0].end)))


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """The tokens without braces or a box around all of them."""
    boxed = len(tokens) > 3 and tokens[0].text == "box" and tokens[0].kind == "command" and tokens[1].text == "{"
    if boxed and (inner := _unwrapped(tokens[1:]))[0] is not tokens[1]:
        return inner
    while len(tokens) > 2 and tokens[0].text == "{" and tokens[0].kind == "open":
        closing = next(
            (k for k, (_, depth) in enumerate(_with_depth(tokens)[1:], 1) if depth == 1 and tokens[k].kind == "close"), None
        )
        if closing != len(tokens) - 2:
            break
        tokens = [*tokens[1:closing], tokens[-1]]
    return tokens


def _rows(tokens: list[Token]) -> list[list[Token]]:
    """The rows of a block; what stands in brackets or an environment belongs to its row."""
    rows: list[list[Token]] = [[]]
    for t, depth in _with_depth(tokens):
        if t.kind == "end":
            break
        if t.kind == "row" and depth == 0:
            rows.append([])
        else:
            rows[-1].append(t)
    return rows


def _without_annotation(row: list[Token]) -> list[Token]:
    """The row without empty braces before it, up to a column of words beside it: `a &= b && \\text{by the chain rule with } u = x`; conditions there are kept."""
    begun = next((k for k, t in enumerate(row) if t.text != "&"), 0)
    if [t.text for t in row[begun : begun + 2]] == ["{", "}"]:
        row = row[begun + 2 :]
    marked = _with_depth(row)
    for k, (t, depth) in enumerate(marked[:-2]):
        both = depth == 0 == marked[k + 1][1] and t.text == "&" == marked[k + 1][0].text
        if both and k and marked[k + 2][0].kind == "text":
            return row[:k]
    return row


def _without_number(row: list[Token]) -> list[Token]:
    """The row without the number of the equation at its end: `… \\quad (2)`, `… \\cdots (2)`."""
    end = len(row)
    while end and row[end - 1].kind == "close" and row[end - 1].text == "}":
        end -= 1
    if end < 4 or [t.text for t in (row[end - 3], row[end - 1])] != ["(", ")"] or not row[end - 2].text.isdigit():
        return row
    start = end - 3
    while start and row[start - 1].kind == "open" and row[start - 1].text == "{":
        start -= 1
    if len(row) - end != end - 3 - start:
        return row
    dots = start > 1 and row[start - 1].text == "…"
    return row[: start - dots] if dots or any(t.spaced for t in row[start : end - 2]) else row


def _with_depth(tokens: list[Token]) -> list[tuple[Token, int]]:
    result: list[tuple[Token, int]] = []
    depth = 0
    for t in tokens:
        if t.kind == "open" or (t.kind == "command" and t.text.startswith("begin:")):
            depth += 1
        result.append((t, depth))
        if (t.kind == "close" or (t.kind == "command" and t.text == "end")) and depth:
            depth -= 1
    return result


def _pieces(row: list[Token], *, quads: bool) -> list[tuple[list[Token], str]]:
    """The statements ("") and conditions of a row; with `quads`, a wide space separates them too."""
    pieces: list[tuple[list[Token], str]] = [([], "")]
    marked = _with_depth(row)
    related = False
    ternary = any(t.kind == "command" and t.text == "else" for t in row)

    def begin(kind: str, *tokens: Token) -> None:
        nonlocal related
        pieces.append((list(tokens), kind))
        related = False

    for k, (t, depth) in enumerate(marked):
        current = pieces[-1][0]
        outside = depth == 0
        separates = outside and t.kind == "operator"
        if outside and t.kind == "text":
            begin("", t)
            begin("")
        elif outside and t.kind == "command" and t.text == "if" and not ternary:
            begin("condition")
        elif outside and t.kind == "command" and t.text in ("and", "otherwise"):
            begin(pieces[-1][1] if t.text == "and" else "condition")
        elif separates and (t.text in ("⇒", "⇔") or (t.text == "→" and related and _kind(marked, k + 1) is not None)):
            begin("")
        elif separates and t.text in (",", ";", ".") and (kind := _kind(marked, k + 1)) is not None and related:
            begin(kind)
        elif separates and t.text == "&":
            follows = marked[k + 1][0] if k + 1 < len(marked) else t
            fresh = related and current and current[-1].kind != "operator" and follows.kind != "operator"
            if fresh and (kind := _kind(marked, k + 1)) is not None:
                begin(kind)
        elif quads and t.spaced and related and (inner := _bracketed_condition(marked, k)) is not None:
            begin("condition", *inner)
            break
        elif quads and t.spaced and related and t.kind != "operator" and (kind := _kind(marked, k)) is not None:
            begin(kind, t)
        else:
            related = related or (separates and t.text in RELATIONS)
            current.append(t)
    return [(p, s) for p, s in pieces if p]


def _has_relation(tokens: list[Token]) -> bool:
    return any(d == 0 and t.kind == "operator" and t.text in RELATIONS for t, d in _with_depth(tokens))


def _kind(marked: list[tuple[Token, int]], start: int) -> str | None:
    """What the piece of a row from `start` on is: a statement (""), a condition, or None if it is no piece of its own."""
    relations = []
    for k in range(start, len(marked)):
        t, d = marked[k]
        if d == 0 and (t.text in (",", ";") or (t.kind == "command" and t.text in ("if", "and"))):
            break
        if d == 0 and t.kind == "operator" and t.text in RELATIONS:
            relations.append(t.text)
    if not relations:
        return None
    return "condition" if all(r in _CONDITION_RELATIONS for r in relations) else ""


def _bracketed_condition(marked: list[tuple[Token, int]], start: int) -> list[Token] | None:
    """The relation in brackets that starts here and ends the row: … (x > 0)."""
    opened, depth = marked[start]
    if opened.kind != "open" or opened.text not in ("(", "["):
        return None
    inner: list[Token] = []
    for k in range(start + 1, len(marked)):
        t, d = marked[k]
        if d == depth and t.kind == "close":
            ends = all(u.kind == "operator" and u.text in (",", ".", ";") for u, _ in marked[k + 1 :])
            return inner if ends and any(u.kind == "operator" and u.text in RELATIONS for u in inner) else None
        inner.append(t)
    return None


def _as_bounds(piece: list[Token]) -> list[Token] | None:
    """j = 1, …, K as 1 ≤ j ≤ K."""
    if len(piece) < 5 or piece[0].kind != "name" or piece[1].text not in ("=", "∈"):
        return None
    values = [t for t in piece[2:] if t.text not in ("\\{", "\\}", "{", "}")]
    dots = [k for k, t in enumerate(values) if t.kind == "operator" and t.text == "…"]
    if len(dots) != 1 or any(t.kind == "operator" and t.text in RELATIONS for t in values):
        return None
    low, high = values[: dots[0]], values[dots[0] + 1 :]
    commas = [k for k, t in enumerate(low) if t.text == ","]
    low = low[: commas[0]] if commas else low
    high = [t for t in high if t.text not in (",", ".")]
    if not low or not high:
        return None
    sign = Token("operator", "≤", piece[1].start, piece[1].end)
    return [*low, sign, piece[0], sign, *high]


def _goes_on(piece: list[Token], last: _Draft) -> bool:
    """Whether a row goes on with the statement before: it begins with a relation or a sign, or the row before ended with one."""
    first = piece[0]
    if first.kind == "operator" and first.text in _SIDE_RELATIONS:
        return True
    if last.relations and not last.sides[-1]:
        return True
    ended = last.sides[-1][-1] if last.sides[-1] else None
    if ended is not None and ended.kind == "operator" and ended.text in ("+", "-", "*", "/"):
        return True
    if first.kind == "operator" and first.text in ("+", "*", "-", "±", "⊙"):
        return bool(last.relations) and not _has_relation(piece)
    return False


def _add(draft: _Draft, piece: list[Token]) -> None:
    """The sides and relations of a piece, after those that the draft has; punctuation at its end is dropped."""
    while piece and piece[-1].kind == "operator" and piece[-1].text in (",", ".", ";", ":"):
        piece.pop()
    for k, (t, depth) in enumerate(_with_depth(piece)):
        if depth == 0 and t.kind == "operator" and t.text in _SIDE_RELATIONS:
            if k == 0 and draft.relations and not draft.sides[-1] and draft.relations[-1] == t.text:
                continue
            draft.relations.append(t.text)
            draft.sides.append([])
        else:
            draft.sides[-1].append(t)


# ------------------------------------------------------------------------------------------------------------ reading
class _Reader:
    """The sides and conditions of one draft, read."""

    def __init__(self, draft: _Draft, parser: type[Parser], source: Source, names: Names) -> None:
        self.draft, self.parser, self.source, self.names = draft, parser, source, names
        self.errors: list[ReadError] = []
        self.readers: list[tuple[list[Token], Parser]] = []
        everything = [t for part in (*draft.sides, *draft.conditions) for t in part]
        self.span = Span(source, everything[0].start, everything[-1].end) if everything else Span(source, 0, 0)
        self.sides: list[Term | ReadError] = []
        self.conditions: list[Term] = []
        at = self.span.start
        for k, tokens in enumerate(draft.sides):
            if tokens or k > 0 or not draft.relations:
                self.sides.append(self._part(tokens, at))
                at = tokens[-1].end if tokens else at
        for tokens in draft.conditions:
            self._condition(self._part(tokens, at))

    def _condition(self, condition: Term | ReadError) -> None:
        if isinstance(condition, CONDITIONS) or (isinstance(condition, Fn) and condition.name in ("in", "not_in")):
            self.conditions.append(condition)
        elif isinstance(condition, Term):
            self.errors.append(ReadError("this is no condition", condition.span, "write a relation, such as j = k"))

    def _part(self, tokens: list[Token], at: int) -> Term | ReadError:
        end = tokens[-1].end if tokens else at
        whole = [*tokens, Token("end", "", end, end)]
        self.names.bound.clear()
        try:
            if not tokens:
                raise ReadError("a side is missing here", Span(self.source, at, at), "write both sides of the relation")
            reader = self.parser(list(whole), self.source, self.names)
            term = reader.whole()
        except SymderivError as error:
            found = error if isinstance(error, ReadError) else ReadError(error.what, error.span, error.hint)
            self.errors.append(found)
            return found
        self.readers.append((whole, reader))
        return term

    def statement(self, repairs: list[Note]) -> Statement:
        """The statement, with the other readings of what is ambiguous."""
        notes = [n for n in repairs if self.span.start <= n.span.start < max(self.span.end, self.span.start + 1)]
        notes += self.draft.notes
        for whole, reader in self.readers:
            notes += with_alternatives(whole, self.parser, reader, self.names)
        relations, conditions = tuple(self.draft.relations), tuple(self.conditions)
        return Statement(tuple(self.sides), relations, conditions, tuple(dict.fromkeys(notes)), tuple(self.errors), self.span)
