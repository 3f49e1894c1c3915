"""From a text to its term: the language is found, the text is read, and read again where it shows what its letters are."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from symderiv.errors import ReadError
from symderiv.read.names import Names
from symderiv.read.notes import Note, Reading
from symderiv.read.parser import Parser
from symderiv.read.plain import PlainParser
from symderiv.read.plain_tokens import plain_tokens
from symderiv.read.tokens import Token
from symderiv.terms import Context, Source, Span, Term

LONGEST_TEXT: Final = 100_000
"""Characters of one formula that are still read."""
MOST_ALTERNATIVES: Final = 8
"""Of how many choices in one text the other reading is worked out."""

_LATEX: Final = re.compile(r"\\[A-Za-z]|\\\\|\\[{}|,;!]|[_^]\s*\{|&(?:amp|lt|gt);")
_PLAIN_BIG: Final = re.compile(r"\b(?:sum|prod)_\{")


def is_latex(text: str) -> bool:
    """Whether the text is LaTeX: it has a command, or braces after ^ or _."""
    return _LATEX.search(text) is not None and ("\\" in text or not _PLAIN_BIG.search(text))


def whole_span(text: str | Span, path: str | None) -> Span:
    """The piece of a source that is to be read."""
    return text if isinstance(text, Span) else Span(Source(text, path), 0, len(text))


def language(
    piece: Span, latex: bool | None, context: Context, functions: Collection[str], *, rows: bool = False
) -> tuple[list[Token], type[Parser], list[Note]]:
    """The tokens of a piece, the parser for them, and the repairs of the lexer. Raises ReadError for what is too long."""
    if piece.end - piece.start > LONGEST_TEXT:
        beginning = Span(piece.source, piece.start, piece.start + 1)
        raise ReadError(f"a formula of {piece.end - piece.start} characters is not read", beginning, "write it in parts")
    if is_latex(piece.text) if latex is None else latex:
        from symderiv.read.latex import LatexParser
        from symderiv.read.latex_tokens import latex_tokens

        tokens, repairs = latex_tokens(piece.source, piece.start, piece.end, context, frozenset(functions), rows=rows)
        if not rows:
            while len(tokens) > 2 and tokens[-2].kind == "operator" and tokens[-2].text in (".", ",", ";"):
                mark = tokens.pop(-2)
                repairs.append(
                    Note(
                        "repair", f"the {mark.text} at the end is no part of the formula", Span(piece.source, mark.start, mark.end)
                    )
                )
        return tokens, LatexParser, repairs
    return plain_tokens(piece.source, piece.start, piece.end, rows=rows), PlainParser, []


def parsed(tokens: list[Token], parser: type[Parser], source: Source, names: Names) -> tuple[Term, Parser]:
    """The term, read with what the text itself has shown of its letters."""
    for _ in range(4):
        names.again()
        reader = parser(list(tokens), source, names)
        term = reader.whole()
        if not names.stale:
            break
    return term, reader


def with_alternatives(tokens: list[Token], parser: type[Parser], reader: Parser, names: Names) -> tuple[Note, ...]:
    """The notes of a reading, each ambiguity with the whole term in the other reading; one that can be read in one way only is none."""
    notes = list(reader.notes)
    for k, (place, note) in enumerate(sorted(reader.choices.items())):
        other: Term | None = None
        if k < MOST_ALTERNATIVES:
            names.again()
            try:
                other = parser(list(tokens), reader.source, names, frozenset((place,))).whole()
            except ReadError:
                continue
            if other == reader.term:
                continue
        notes.append(replace(note, other=other))
    return tuple(sorted(dict.fromkeys(notes), key=lambda n: n.span.start))


def reading(
    text: str | Span,
    context: Context = Context(),  # noqa: B008
    *,
    path: str | None = None,
    functions: Collection[str] = (),
    latex: bool | None = None,
) -> Reading:
    """The term that a text writes, and what was decided in reading it.

    `text` may be a Span: then that piece of its source is read, and all places point into the source. `functions`: names that
    may be applied besides those of the table and the Context. `latex`: which language it is; None finds out. Raises ReadError.
    """
    piece = whole_span(text, path)
    tokens, parser, repairs = language(piece, latex, context, functions)
    _refuse_nothing(tokens, piece)
    names = Names(context, functions)
    term, reader = parsed(tokens, parser, piece.source, names)
    return Reading(term, (*repairs, *with_alternatives(tokens, parser, reader, names)))


def read(
    text: str | Span,
    context: Context = Context(),  # noqa: B008
    *,
    path: str | None = None,
    functions: Collection[str] = (),
    latex: bool | None = None,
) -> Term:
    """The term that a text in LaTeX or plain maths writes; ReadError with the place if it cannot be read.

    >>> read("1/(1 + exp(-x))") == read(r"\\frac{1}{1+e^{-x}}")
    True
    """
    piece = whole_span(text, path)
    tokens, parser, _ = language(piece, latex, context, functions)
    _refuse_nothing(tokens, piece)
    return parsed(tokens, parser, piece.source, Names(context, functions))[0]


def read_plain(
    text: str | Span,
    context: Context = Context(),  # noqa: B008
    *,
    path: str | None = None,
    functions: Collection[str] = (),
) -> Term:
    """The term that plain maths writes: `1/(1+exp(-x))`."""
    return read(text, context, path=path, functions=functions, latex=False)


def read_latex(
    text: str | Span,
    context: Context = Context(),  # noqa: B008
    *,
    path: str | None = None,
    functions: Collection[str] = (),
) -> Term:
    r"""The term that LaTeX writes: `\frac{1}{1+e^{-x}}`."""
    return read(text, context, path=path, functions=functions, latex=True)


def _refuse_nothing(tokens: list[Token], piece: Span) -> None:
    if tokens[0].kind == "end":
        raise ReadError("there is nothing to read", piece, "write a formula, such as 1/(1 + exp(-x))")
