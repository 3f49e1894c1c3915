"""Kernels from text: `[[0,0,0],[0,0,1],[0,0,0]]`, `[[1 1 1], [1 1 1], [1 1 1]] / 9`, `a/9*[[…]]`, or a matrix in LaTeX.

Entries are plain maths; they are separated by commas, or by spaces where a row has no comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from symderiv.errors import ReadError, ShapeError, SymderivError
from symderiv.kernels.grid import Kernel
from symderiv.kernels.scalars import Scalar, scalar_of
from symderiv.read import is_latex, read_latex, read_plain
from symderiv.terms import Add, Array, Decimal, Div, Mul, Neg, Source, Span, Sym, Term, number

EXAMPLE: Final = "[[0,0,0],[0,0,1],[0,0,0]]"
LARGEST: Final = 31
"""The most rows or columns."""

Given = Any
"""A text, a Span of one, or a matrix: rows of numbers, texts or Terms, such as lists or a NumPy array."""


def read_kernel(given: Given) -> Kernel:
    """The kernel that a text or a matrix writes.

    Raises ReadError with the place for what cannot be read, ShapeError for rows of different lengths and for even sizes.

    >>> read_kernel("[[1 1 1], [1 1 1], [1 1 1]] / 9").weight(0, 1)
    Fraction(1, 9)
    """
    if isinstance(given, Span):
        return _from_text(given)
    if isinstance(given, str):
        return _from_text(Span(Source(given), 0, len(given)))
    if isinstance(given, Array):
        return _kernel([list(row) for row in given.rows], [], [row[0].span for row in given.rows])
    return _from_matrix(given)


def _from_text(span: Span) -> Kernel:
    try:
        return _from_latex(span) if is_latex(span.text) else _from_rows(span)
    except SymderivError as error:
        if error.span is None or error.span.source is span.source:
            raise
        at = error.span
        raise type(error)(error.what, Span(span.source, max(at.start, span.start), min(at.end, span.end)), error.hint) from None


def _from_rows(span: Span) -> Kernel:
    text = span.text
    first, last = text.find("["), text.rfind("]")
    if first < 0 or last < first:
        raise ReadError("this is not a kernel", span, f"write its rows in brackets: {EXAMPLE}")
    source, start = span.source, span.start
    rows, places = [], []
    for inner in _rows(Span(source, start + first, start + last + 1)):
        rows.append([read_plain(entry) for entry in _entries(inner)])
        places.append(inner)
    factors = _factors(text[:first], text[last + 1 :], source, start, last + 1)
    return _kernel(rows, factors, places)


def _factors(before: str, after: str, source: Source, start: int, end: int) -> list[Term]:
    """What the matrix is multiplied with: what stands before it, and 1/9 for `/9` behind it."""
    found = []
    if bare := before.rstrip():
        place = Span(source, start, start + len(bare.removesuffix("*")))
        found.append(number(-1 if bare == "-" else 1) if bare in ("-", "+") else read_plain(place))
        if isinstance(found[0], Add) and not place.text.strip().startswith("("):
            raise ReadError("only a product can stand before a kernel", place, "put a sum in brackets: (a + b)*[[…]]")
    if tail := after.rstrip():
        place = Span(source, start + end, start + end + len(tail))
        if tail.strip()[0] not in "*/":
            raise ReadError("this cannot stand behind a kernel", place, "a factor, as in [[…]]*2, or a divisor, as in [[…]]/9")
        one = Source(f"{source.text[: start + end - 1]}1{source.text[start + end :]}")
        factor = read_plain(Span(one, start + end - 1, place.end))
        if isinstance(factor, Add):
            raise ReadError("a sum cannot stand behind a kernel", place, "a factor, as in [[…]]*2, or a divisor, as in [[…]]/9")
        found.append(factor)
    return found


def _rows(span: Span) -> Iterator[Span]:
    """The insides of the rows of `[[…], […]]`."""
    source, text = span.source, span.text
    depth, begun, rows, wanted = 0, 0, 0, False
    for k, c in enumerate(text):
        at = span.start + k
        if c == "[":
            depth += 1
            if depth > 2:
                raise ReadError("brackets inside of a row", Span(source, at, at + 1), f"a kernel is a list of rows: {EXAMPLE}")
            if depth == 2:
                begun = at + 1
        elif c == "]":
            depth -= 1
            if depth == 1:
                rows, wanted = rows + 1, False
                yield Span(source, begun, at)
            elif depth < 0 or (depth == 0 and k < len(text) - 1):
                raise ReadError("this bracket closes nothing", Span(source, at, at + 1), f"a kernel is a list of rows: {EXAMPLE}")
        elif depth < 2 and not c.isspace():
            if c != "," or not rows or wanted:
                raise ReadError("here a row in brackets is expected", Span(source, at, at + 1), f"for example: {EXAMPLE}")
            wanted = True
    if depth or not rows:
        what = "a bracket is not closed" if depth else "a kernel without rows"
        raise ReadError(what, span, f"a kernel is a list of rows: {EXAMPLE}")


def _entries(row: Span) -> Iterator[Span]:
    """The entries of a row; commas and spaces inside of round brackets separate nothing."""
    text, source = row.text, row.source
    depth, cuts = 0, []
    mark = "," if "," in text else None
    for k, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0 and (c == mark if mark else c.isspace()):
            cuts.append(k)
    begun = 0
    pieces = []
    for end in (*cuts, len(text)):
        piece = text[begun:end]
        left = begun + len(piece) - len(piece.lstrip())
        pieces.append(Span(source, row.start + left, row.start + max(left, begun + len(piece.rstrip()))))
        begun = end + 1
    if mark is None:
        pieces = [p for p in pieces if p.text]
    elif len(pieces) > 1 and not pieces[-1].text:
        pieces.pop()
    for p in pieces:
        if not p.text:
            raise ReadError("an entry is missing here", Span(source, p.start, p.start + 1), f"for example: {EXAMPLE}")
        yield p


def _from_latex(span: Span) -> Kernel:
    factors: list[Term] = []
    term = read_latex(span)
    while not isinstance(term, Array):
        match term:
            case Neg(inner):
                factors.append(number(-1))
                term = inner
            case Div(inner, divisor):
                factors.append(Div(number(1), divisor))
                term = inner
            case Mul(parts) if sum(isinstance(p, Array) for p in parts) == 1:
                factors += [p for p in parts if not isinstance(p, Array)]
                term = next(p for p in parts if isinstance(p, Array))
            case _:
                raise ReadError(
                    "this is not a kernel", span, f"one matrix, perhaps with a factor; or its rows in brackets: {EXAMPLE}"
                )
    return _kernel([list(row) for row in term.rows], factors, [span] * len(term.rows))


def _from_matrix(given: Given) -> Kernel:
    given = given.tolist() if hasattr(given, "tolist") else given
    if not isinstance(given, Sequence) or not all(isinstance(row, Sequence) and not isinstance(row, str) for row in given):
        raise ReadError("this is not a kernel", hint=f"a kernel is a text or a list of rows: {EXAMPLE}")
    return _kernel([[_entry(e) for e in row] for row in given], [], [None] * len(given))


def _entry(given: Given) -> Term:
    """An entry as a term; a float is the decimal that it prints as."""
    if isinstance(given, Term):
        return given
    if isinstance(given, str):
        return read_plain(given)
    if isinstance(given, float) and given == given and abs(given) != float("inf"):
        size = Decimal(repr(abs(given)))
        return Neg(size) if given < 0 else size
    if isinstance(given, (int, Fraction)):
        return number(Fraction(given))
    raise ReadError(f"{given!r} is not a weight", hint="weights are integers, fractions, floats, texts or Terms")


def _kernel(rows: list[list[Term]], factors: list[Term], places: Sequence[Span | None]) -> Kernel:
    _refuse_shapes(rows, places)
    terms = [t for row in rows for t in row] + factors
    letters = tuple(sorted({name for t in terms for name in t.free}))
    if taken := [n for n in letters if n in RESERVED]:
        spans = [s.span for t in terms for s in t.postorder() if isinstance(s, Sym) and s.name in taken]
        raise ReadError(
            f"the letter {taken[0]} has a meaning of its own here",
            spans[0],
            f"reserved are {', '.join(RESERVED)}: write another letter, such as k_1 or w",
        )
    factor: Scalar = Fraction(1)
    for t in factors:
        factor = factor * scalar_of(t, letters)
    return Kernel(tuple(tuple(factor * scalar_of(t, letters) for t in row) for row in rows), letters)


RESERVED: Final = ("x", "y", "h", "u", "v", "f", "g", "q", "i", "j", "k", "O", "A", "B", "H", "nan")
"""Letters of the derivations: coordinates, grid step, frequencies, image, answers, indices; and what is no number."""


def _refuse_shapes(rows: list[list[Term]], places: Sequence[Span | None]) -> None:
    if not rows:
        raise ShapeError("a kernel without rows", hint=f"for example: {EXAMPLE}")
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count)
    for k, (width, place) in enumerate(zip(widths, places, strict=True), 1):
        if width == 0:
            raise ShapeError(f"row {k} is empty", place, f"for example: {EXAMPLE}")
        if width != usual:
            hint = "all rows of a kernel have one length"
            if place is not None and (stuck := re.search(r"\d[-+]\d", place.text)):
                hint += f"; is a comma or a space missing in {stuck[0]}?"
            raise ShapeError(f"row {k} has {width} entries, the others have {usual}", place, hint)
    for size, name in ((len(rows), "rows"), (usual, "columns")):
        if size % 2 == 0:
            whole = places[0].to(places[-1]) if places[0] is not None and places[-1] is not None else None
            raise ShapeError(
                f"the kernel has {size} {name}: without a middle pixel its answer belongs to no pixel",
                whole,
                f"an odd number of {name} is needed; a {name[:-1]} of zeros makes the convention explicit",
            )
        if size > LARGEST:
            raise ShapeError(f"the kernel has {size} {name}", places[0], f"at most {LARGEST} are analysed")
