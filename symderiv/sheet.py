"""Exercise sheets: Markdown with fenced `symderiv` blocks, answered in place.

Every line of a block is a question, written as on the command line:

    let x > 0                                   what the letters are, until the next heading
    derive sigmoid                              the derivative of one function
    derive log(x)/x --wrt x --goal (1 - log(x))/x^2
    gradient z = x1*x2 + exp(x2)                all partial derivatives
    backprop z = x1*x2 + exp(x2)                the same, backwards through the computation graph
    equal (x + 1)^2 = x^2 + 2*x + 1             proved, refuted with a witness, or undecided
    prove linear-collapse                       a theorem, by induction
    kernel [[0,0,0],[0,0,1],[0,0,0]]            what an image kernel does
    confusable entropy                          a score by which images that confuse classifiers are found
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from symderiv.compare import equal
from symderiv.decide.wording import in_words
from symderiv.errors import ReadError, SymderivError, UnknownName
from symderiv.read import let
from symderiv.request import backprop, goal_for, gradient_of, laid_out, letters_for, subject
from symderiv.terms import Context, Source, Span
from symderiv.write import Block, Code, Heading, Note, Paragraph, Strong, blocks_of, marked_up
from symderiv.write.layout import Steps

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(slots=True)
class Sheet:
    """An answered sheet: its title, its blocks, and the questions that could not be answered."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    problems: list[SymderivError] = field(default_factory=list)
    answered: int = 0


Progress = Callable[[int, int, str], None]
"""Called before each question: how many are done, how many there are, the question."""


def answer(text: str, *, path: str | None = None, steps: Steps = "lines", progress: Progress | None = None) -> Sheet:
    """Answer an exercise sheet. A question that cannot be answered leaves a note in its place and loses nothing else."""
    from markdown_it import MarkdownIt

    source = Source(text, path)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    questions = sum(len(_questions(t)) for t in tokens)
    sheet, context, done = Sheet(), Context(), 0
    for t in _top_level(tokens):
        if t.opening.type == "fence" and t.opening.info.strip() == "symderiv":
            for question in _questions(t.opening):
                if progress is not None:
                    progress(done, questions, question.strip())
                done += 1
                span = _place(source, t.opening, question)
                try:
                    blocks, context = _answer(question, context, steps)
                    sheet.blocks += blocks
                    sheet.answered += 1
                except SymderivError as error:
                    sheet.problems.append(_placed(error, span))
                    sheet.blocks.append(Note((Strong("Not answered"), f": {error.what}. ", Code(question.strip()))))
            continue
        block = _block(t)
        if isinstance(block, Heading):
            context = Context()
            if block.level == 1 and not sheet.title:
                sheet.title = block.text
                continue
        if block is not None:
            sheet.blocks.append(block)
    if progress is not None:
        progress(done, questions, "")
    return sheet


def _questions(t: Token) -> list[str]:
    if t.type != "fence" or t.info.strip() != "symderiv":
        return []
    return [line for line in t.content.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _place(source: Source, fence: Token, question: str) -> Span:
    line = fence.map[0] if fence.map else 0
    start = sum(len(one) + 1 for one in source.text.split("\n")[: line + 1])
    at = source.text.find(question, start)
    return Span(source, at + len(question) - len(question.lstrip()), at + len(question.rstrip()))


def _placed(error: SymderivError, span: Span) -> SymderivError:
    """The error at its place in the sheet: the piece that it names, inside the question."""
    if error.span is not None and error.span.source.text:
        inner = error.span.source.text
        offset = span.source.text.find(inner, span.start, span.end)
        if offset >= 0:
            span = Span(span.source, offset + error.span.start, offset + error.span.end)
    return type(error)(error.what, span, error.hint)


# -------------------------------------------------------------------------------------------------------- questions
def _answer(question: str, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    word, _, rest = question.strip().partition(" ")
    if word not in ANSWERS:
        raise UnknownName.among("kind of question", word, ANSWERS)
    text, *flags = re.split(r"\s--(?=[a-z])", " " + rest)
    options = {}
    for flag in flags:
        name, _, value = flag.strip().partition(" ")
        if name not in OPTIONS:
            raise UnknownName.among("option", name, OPTIONS)
        options[name] = value.strip()
    if not text.strip():
        raise ReadError(f"{word} what?", hint=f"for example: {EXAMPLES[word]}")
    return ANSWERS[word](text.strip(), options, context, steps)


Options = dict[str, str]
OPTIONS = ("wrt", "goal", "order", "let", "is", "layout")


def _let(text: str, options: Options, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    return [], let(text, context)


def _derive(text: str, options: Options, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    here = laid_out(context, options.get("layout", ""))
    of = subject(text, let(options["let"], here) if "let" in options else here)
    order = options.get("order", "1")
    if not order.isdigit() or not 1 <= int(order) <= 9:
        raise ReadError(f"the order of a derivative is a number from 1 to 9, not {order}")
    letters = letters_for(of, options.get("wrt", "").split(), int(order))
    goal = goal_for(options["goal"], of) if "goal" in options else None
    derived = gradient_of(of, letters, goal=goal, order=int(order))
    return [b for b in blocks_of(derived, steps) if not isinstance(b, Heading)], context


def _backprop(text: str, options: Options, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    context_here = let(options["let"], context) if "let" in options else context
    blocks = blocks_of(backprop(text, options.get("wrt", "").split(), context=context_here), steps)
    return [b for b in blocks if not isinstance(b, Heading)], context


def _equal(text: str, options: Options, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    left, sign, right = text.replace("==", "=").partition("=")
    if not sign:
        raise ReadError("two sides with = between them are needed", hint=f"for example: {EXAMPLES['equal']}")
    verdict = equal(left.strip(), right.strip(), let=options.get("let", ""), context=context)
    kind, *rest = in_words(verdict)
    return [Paragraph((Strong(str(kind)), *rest))], context


def _prove(text: str, options: Options, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    from symderiv.proving import prove

    return [b for b in blocks_of(prove(text), steps) if not isinstance(b, Heading)], context


def _kernel(text: str, options: Options, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    from symderiv.kernels import answer as of_kernel

    return of_kernel(text, options, context, steps)


def _confusable(text: str, options: Options, context: Context, steps: Steps) -> tuple[list[Block], Context]:
    from symderiv.ranking import answer as of_score

    return of_score(text, options, context, steps)


ANSWERS = {
    "let": _let,
    "derive": _derive,
    "gradient": _derive,
    "backprop": _backprop,
    "equal": _equal,
    "prove": _prove,
    "kernel": _kernel,
    "confusable": _confusable,
}
EXAMPLES = {
    "let": "let x > 0",
    "derive": "derive sigmoid",
    "gradient": "gradient z = x1*x2",
    "backprop": "backprop z = x1*x2",
    "equal": "equal (x + 1)^2 = x^2 + 2*x + 1",
    "prove": "prove linear-collapse",
    "kernel": "kernel [[0, 0, 0], [0, 0, 1], [0, 0, 0]]",
    "confusable": "confusable entropy",
}


# --------------------------------------------------------------------------------------------------------- Markdown
@dataclass(frozen=True, slots=True)
class _Piece:
    """A block of Markdown: its opening token, the inline token inside if it has one, and what stands before it in a list."""

    opening: Token
    inline: Token | None = None
    mark: str = ""


def _top_level(tokens: list[Token]) -> Iterator[_Piece]:
    mark, ordered, number = "", False, 0
    for k, t in enumerate(tokens):
        if t.type in ("bullet_list_open", "ordered_list_open"):
            ordered, number = t.type == "ordered_list_open", int(t.attrGet("start") or 1) - 1
        elif t.type == "list_item_open":
            number += 1
            mark = f"{number}. " if ordered else "• "
        elif t.type in ("heading_open", "paragraph_open"):
            yield _Piece(t, tokens[k + 1], mark)
            mark = ""
        elif t.type in ("fence", "code_block"):
            yield _Piece(t)


def _block(piece: _Piece) -> Block | None:
    t = piece.opening
    if piece.inline is None:
        return Paragraph((Code(t.content.rstrip()),)) if t.content.strip() else None
    if t.type == "heading_open":
        return Heading(piece.inline.content, int(t.tag[1]))
    return Paragraph(marked_up(piece.mark + piece.inline.content))


def sheet(source: str | Path, *, steps: Steps = "lines") -> Sheet:
    """Answer an exercise sheet, given as its text or as the path of a Markdown file."""
    if isinstance(source, Path):
        return answer(source.read_text(encoding="utf-8"), path=str(source), steps=steps)
    return answer(source, steps=steps)
