r"""Statements: chains a = b = c over the rows of a block, with the conditions that stand beside them.

A row that begins with a relation goes on with the chain of the row before. Rows, commas and words separate statements; a side that
cannot be read is its error and hides none of the others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from symderiv.errors import ReadError, SymderivError
from symderiv.read.names import Names
from symderiv.read.notes import Note, Statement
from symderiv.read.parser import Parser
from symderiv.read.reader import language, whole_span, with_alternatives
from symderiv.read.tokens import RELATIONS, Token
from symderiv.terms import CONDITIONS, Context, Fn, Source, Span, Term

_SIDE_RELATIONS = frozenset(RELATIONS) - {"⇒", "⇔"}
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
    drafts = _drafts(tokens, piece.source)
    names = Names(context, functions)
    for _ in range(4):
        names.again()
        results = [_statement(d, parser, piece.source, names, alternatives=False) for d in drafts]
        if not names.stale:
            break
    results = [_statement(d, parser, piece.source, names, alternatives=True) for d in drafts]
    return tuple(replace(s, notes=(*_within(repairs, s.span), *s.notes)) for s in results)


def _within(notes: list[Note], span: Span) -> list[Note]:
    return [n for n in notes if span.start <= n.span.start < max(span.end, span.start + 1)]


# ------------------------------------------------------------------------------------------------------- separating
def _drafts(tokens: list[Token], source: Source) -> list[_Draft]:
    drafts: list[_Draft] = []
    remarks: list[Note] = []
    for row in _rows(tokens):
        pieces = _pieces(row)
        if not pieces:
            continue
        begun = False
        for piece, separator in pieces:
            last = drafts[-1] if drafts else None
            if piece[0].kind == "text":
                span = Span(source, piece[0].start, piece[0].end)
                remark = Note("convention", f"the words {piece[0].text!r} are no part of the formula", span)
                (last.notes if last is not None else remarks).append(remark)
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
    return [d for d in drafts if not d.empty]


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


def _pieces(row: list[Token]) -> list[tuple[list[Token], str]]:
    """The statements and conditions of a row."""
    pieces: list[tuple[list[Token], str]] = [([], "")]
    marked = _with_depth(row)
    for k, (t, depth) in enumerate(marked):
        current = pieces[-1][0]
        rest = marked[k + 1 :]
        if depth == 0:
            if t.kind == "text":
                pieces.append(([t], ""))
                pieces.append(([], ""))
                continue
            if t.kind == "command" and t.text == "if" and not _ternary(rest):
                pieces.append(([], "condition"))
                continue
            if t.kind == "command" and t.text in ("and", "otherwise"):
                pieces.append(([], pieces[-1][1] if t.text == "and" else "condition"))
                continue
            if t.kind == "operator" and t.text in ("⇒", "⇔"):
                pieces.append(([], ""))
                continue
            if t.kind == "operator" and t.text in (",", ";", "."):
                if not rest or all(u.kind == "operator" and u.text in ",;." for u, _ in rest):
                    break
                kind = _kind(rest, current)
                if kind is not None:
                    pieces.append(([], kind))
                    continue
            if t.kind == "operator" and t.text == "&":
                if (
                    current
                    and _has_relation(current)
                    and rest
                    and _kind([*rest], current) is not None
                    and rest[0][0].kind != "operator"
                ):
                    pieces.append(([], _kind(rest, current) or ""))
                continue
        elif depth == 1 and t.kind == "open" and t.text in ("(", "[") and t.spaced and _has_relation(current):
            inner = _bracketed_condition(marked[k:])
            if inner is not None:
                pieces.append((inner, "condition"))
                break
        if t.spaced and current and _has_relation(current) and t.kind != "operator" and _kind(marked[k:], current) is not None:
            pieces.append(([t], _kind(marked[k:], current) or ""))
            continue
        current.append(t)
    return [(p, s) for p, s in pieces if p]


def _ternary(rest: list[tuple[Token, int]]) -> bool:
    return any(t.kind == "command" and t.text == "else" for t, _ in rest)


def _has_relation(tokens: list[Token]) -> bool:
    return any(d == 0 and t.kind == "operator" and t.text in RELATIONS for t, d in _with_depth(tokens))


def _kind(rest: list[tuple[Token, int]], before: list[Token]) -> str | None:
    """What the next piece of a row is: a statement (""), a condition, or None if it is no piece of its own."""
    relations = []
    for t, d in rest:
        if d == 0 and t.kind == "operator" and t.text in (",", ";"):
            break
        if d == 0 and t.kind == "command" and t.text in ("if", "and"):
            break
        if d == 0 and t.kind == "operator" and t.text in RELATIONS:
            relations.append(t.text)
    if not relations:
        return None
    if _has_relation(before) and all(r in _CONDITION_RELATIONS for r in relations):
        return "condition"
    if not _has_relation(before):
        return "" if relations and all(t.kind in ("name", "operator") and t.text not in ("=",) for t in before) is False else None
    return ""


def _bracketed_condition(rest: list[tuple[Token, int]]) -> list[Token] | None:
    depth = rest[0][1]
    inner: list[Token] = []
    for k, (t, d) in enumerate(rest[1:], 1):
        if d == depth and t.kind == "close":
            trailing = rest[k + 1 :]
            ends = all(u.kind == "operator" and u.text in (",", ".", ";") for u, _ in trailing)
            return inner if ends and any(u.kind == "operator" and u.text in RELATIONS for u in inner) else None
        inner.append(t)
    return None


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
def _statement(draft: _Draft, parser: type[Parser], source: Source, names: Names, *, alternatives: bool) -> Statement:
    sides: list[Term | ReadError] = []
    notes = list(draft.notes)
    errors: list[ReadError] = []
    everything = [t for part in (*draft.sides, *draft.conditions) for t in part]
    span = Span(source, everything[0].start, everything[-1].end) if everything else Span(source, 0, 0)
    at = span.start
    for k, tokens in enumerate(draft.sides):
        if not tokens and k == 0 and draft.relations:
            continue
        side = _part(tokens, parser, source, names, notes, errors, at, alternatives)
        at = tokens[-1].end if tokens else at
        sides.append(side)
    conditions = []
    for tokens in draft.conditions:
        condition = _part(tokens, parser, source, names, notes, errors, at, alternatives)
        if isinstance(condition, CONDITIONS) or (isinstance(condition, Fn) and condition.name in ("in", "not_in")):
            conditions.append(condition)
        elif isinstance(condition, Term):
            errors.append(ReadError("this is no condition", condition.span, "write a relation, such as j = k"))
    return Statement(tuple(sides), tuple(draft.relations), tuple(conditions), tuple(dict.fromkeys(notes)), tuple(errors), span)


def _part(
    tokens: list[Token],
    parser: type[Parser],
    source: Source,
    names: Names,
    notes: list[Note],
    errors: list[ReadError],
    at: int,
    alternatives: bool,
) -> Term | ReadError:
    end = tokens[-1].end if tokens else at
    whole = [*tokens, Token("end", "", end, end)]
    names.bound.clear()
    try:
        if not tokens:
            raise ReadError("a side is missing here", Span(source, at, at), "write both sides of the relation")
        reader = parser([replace(t) for t in whole], source, names)
        term = reader.whole()
    except SymderivError as error:
        found = error if isinstance(error, ReadError) else ReadError(error.what, error.span, error.hint)
        errors.append(found)
        return found
    if alternatives:
        notes += with_alternatives(whole, parser, reader, names)
    return term
