r"""`cases` and matrices of LaTeX, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from symderiv.read.parser import OR, SUM
from symderiv.terms import And, Array, Cases, Fn, Term, Truth

if TYPE_CHECKING:
    from symderiv.read.parser import Parser

_SEPARATORS: Final = frozenset(",;.:")


def cases(parser: Parser) -> Term:
    r"""value & condition \\ …; the last row may say `otherwise`, or nothing."""
    first = parser.advance()
    pieces: list[Term] = []
    while True:
        _skip_rows(parser)
        if _ends(parser):
            break
        value = parser.expression(SUM)
        _skip_punctuation(parser)
        pieces += (value, _condition(parser))
        _skip_punctuation(parser)
        if not _ends(parser) and parser.token.kind != "row":
            raise parser.unexpected("a case is: value & condition \\\\")
    if not pieces:
        raise parser.error("there are no cases here", first, "write: value & condition \\\\")
    _close(parser)
    return Cases.make(None, tuple(pieces), parser.since(first.start))


def _condition(parser: Parser) -> Term:
    while parser.token.kind == "command" and parser.token.text == "if":
        parser.advance()
    if parser.token.kind == "command" and parser.token.text == "otherwise":
        word = parser.advance()
        return Truth.make(None, (), parser.span(word))
    if _ends(parser):
        return Truth()
    if parser.token.kind == "row":
        raise parser.error("this case has no condition", parser.token, "write: value & condition \\\\")
    start = parser.token.start
    conditions = [parser.expression(OR)]
    while parser.is_operator(",") and parser.peek().kind not in ("row", "end") and parser.peek().text != "end":
        parser.advance()
        conditions.append(parser.expression(OR))
    for condition in conditions:
        if condition.data == "=" or condition.data == "≠":
            parser.names.shown_index(*condition.children)
    return conditions[0] if len(conditions) == 1 else And.make(None, tuple(conditions), parser.since(start))


def matrix(parser: Parser) -> Term:
    r"""a & b \\ c & d, between its brackets; of `vmatrix`, the determinant."""
    first = parser.advance()
    rows: list[tuple[Term, ...]] = []
    while True:
        _skip_rows(parser)
        if _ends(parser):
            break
        row = [_cell(parser)]
        while parser.is_operator("&") or (parser.is_operator(",") and parser.peek().text == "&"):
            _skip_punctuation(parser)
            row.append(_cell(parser))
        if len(row) == 1 and row[0].data == "dots" and rows:
            row *= len(rows[0])
        if rows and len(row) != len(rows[0]):
            what = f"this row has {len(row)} entries, the first one has {len(rows[0])}"
            raise parser.error(what, row[0].span or parser.span(first), "the rows of a matrix have one length")
        rows.append(tuple(row))
        if not _ends(parser) and parser.token.kind != "row":
            raise parser.unexpected("the entries of a row are separated by &")
    if not rows:
        raise parser.error("this matrix is empty", first, "write its entries: a & b \\\\ c & d")
    _close(parser)
    term: Term = Array(*rows).at(parser.since(first.start))
    return Fn("det", term).at(parser.since(first.start)) if first.text == "begin:vmatrix" else term


def _cell(parser: Parser) -> Term:
    """One entry of a matrix; dots stand for those that are left out."""
    follows = parser.peek()
    alone = follows.kind in ("row", "end") or follows.text in ("&", ",", "end")
    return parser.left_out() if parser.is_ellipsis() and alone else parser.expression(SUM)


def _ends(parser: Parser) -> bool:
    return parser.token.kind == "end" or (parser.token.kind == "command" and parser.token.text == "end")


def _close(parser: Parser) -> None:
    if parser.token.kind == "end":
        raise parser.error("\\end is missing", parser.token, "close what \\begin opened")
    parser.advance()


def _skip_rows(parser: Parser) -> None:
    while parser.token.kind == "row":
        parser.advance()


def _skip_punctuation(parser: Parser) -> None:
    while parser.token.kind == "operator" and (parser.token.text in _SEPARATORS or parser.token.text == "&"):
        parser.advance()
