"""The command line: `symderiv derive | equal | check | prove | kernel | rank | list | sheet`.

Exit status: 0 nothing refuted, 1 something refuted (with --strict: or undecided), 2 the request itself failed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symderiv.errors import SymderivError

if TYPE_CHECKING:
    from symderiv.decide import Verdict

OK, REFUTED, FAILED = 0, 1, 2

_ENTRY_OR_LETTER = re.compile(r"(?:\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|[^\s,])+")
"""A letter or an entry; commas and spaces in brackets separate indices, not letters."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. Every expected problem is one message on standard error."""
    given = _with_positional_minus(sys.argv[1:] if arguments is None else list(arguments))
    options = _parser(given[0] if given else "").parse_args(given)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except SymderivError as error:
        _complain(error)
        return FAILED
    except OSError as error:
        _say(f"symderiv: {error.filename or 'file'}: {error.strerror or error}")
        return FAILED
    except KeyboardInterrupt:
        _say("symderiv: interrupted")
        return 130


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _complain(error: SymderivError) -> None:
    _say(f"symderiv: {error}")


def _with_positional_minus(arguments: list[str]) -> list[str]:
    """An expression may begin with a minus: `derive -x^2` is not an option."""
    if not arguments or arguments[0] not in ("derive", "equal"):
        return arguments
    return [f" {a}" if len(a) > 1 and a[0] == "-" and a[1] not in "-foh" else a for a in arguments]


ELSEWHERE = {
    "prove": ("symderiv.proving.command", "theorems by induction, and proofs in files judged part by part"),
    "check": ("symderiv.check.command", "judge every step of the formulas in documents"),
    "kernel": ("symderiv.kernels.command", "what an image kernel does, derived"),
    "rank": ("symderiv.ranking.command", "images that several classifiers confuse"),
}
"""Commands that a package brings: the module with `add_parser(subparsers)`, loaded when the command is asked for, and what it does."""


def _parser(asked: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symderiv",
        description="Derivations for the mathematics of deep learning: written step by step, checked, proved.",
        epilog="exit status: 0 nothing refuted · 1 something refuted · 2 the request itself failed",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    from symderiv.write.output import add_options

    derive = commands.add_parser("derive", help="the derivative of a function, step by step")
    derive.add_argument(
        "function", metavar="FUNCTION", help="a name of the catalogue (sigmoid), or an expression in plain maths or LaTeX"
    )
    derive.add_argument(
        "--wrt", metavar="LETTERS", default="", help="by which letters, separated by spaces or commas; default: all"
    )
    derive.add_argument("--let", metavar="DECLARATIONS", default="", help="what the letters are: 'a > 0, n integer'")
    derive.add_argument("--goal", metavar="FORM", default="", help="the form that the derivation is to end in")
    derive.add_argument("--order", metavar="N", type=int, default=1, help="2 for the second derivative")
    derive.add_argument(
        "--layout", metavar="LAYOUT", default="", help="of derivatives by vectors and matrices: denominator (default) or numerator"
    )
    derive.add_argument("--backprop", action="store_true", help="by backpropagation through the computation graph")
    derive.add_argument(
        "--verify", action="store_true", help="compare with finite differences and certified derivatives, as a table"
    )
    add_options(derive)
    derive.set_defaults(command=_derive)

    equal = commands.add_parser("equal", help="whether two expressions are equal: proved, refuted or undecided")
    equal.add_argument("left", metavar="LHS")
    equal.add_argument("right", metavar="RHS")
    equal.add_argument("--let", metavar="DECLARATIONS", default="", help="what the letters are: 'x > 0'")
    equal.add_argument("--strict", action="store_true", help="exit with 1 if undecided, too")
    equal.add_argument("-f", "--format", choices=("text", "json"), default="text")
    equal.set_defaults(command=_equal)

    listing = commands.add_parser("list", help=f"what symderiv knows: {', '.join(LISTS)}")
    listing.add_argument("what", nargs="?", default="catalogue", choices=tuple(LISTS))
    listing.set_defaults(command=_list)

    for name, (module, says) in ELSEWHERE.items():
        if name == asked:
            import_module(module).add_parser(commands)
        else:
            commands.add_parser(name, help=says)

    sheet = commands.add_parser("sheet", help="answer an exercise sheet: Markdown with ```symderiv blocks")
    sheet.add_argument("exercises", metavar="EXERCISES.md", type=Path)
    add_options(sheet)
    sheet.set_defaults(command=_sheet)
    return parser


def _version() -> str:
    from symderiv import __version__

    return f"symderiv {__version__}"


def _derive(options: argparse.Namespace) -> int:
    from symderiv.read import let
    from symderiv.request import backprop, goal_for, gradient_of, laid_out, letters_for, subject
    from symderiv.terms import Context
    from symderiv.write.output import write_out

    wrt = _ENTRY_OR_LETTER.findall(options.wrt)
    context = laid_out(let(options.let) if options.let else Context(), options.layout)
    if not 1 <= options.order <= 9:
        raise SymderivError(f"the order of a derivative is from 1 to 9, not {options.order}")
    if options.backprop:
        passes = backprop(options.function, wrt, context=context)
        write_out(passes, options)
        derived = passes.partials
    else:
        of = subject(options.function, context)
        goal = goal_for(options.goal, of) if options.goal else None
        derived = gradient_of(of, letters_for(of, wrt, options.order), goal=goal, order=options.order)
        write_out(derived, options)
    if not options.verify:
        return OK
    good = True
    for d in derived:
        table = d.verify()
        print(f"\n{table}")
        good = good and table.ok is not False
    return OK if good else REFUTED


def _equal(options: argparse.Namespace) -> int:
    from symderiv.compare import equal

    verdict = equal(options.left, options.right, let=options.let)
    if options.format == "json":
        import json

        print(json.dumps(_verdict_json(verdict), ensure_ascii=False, indent=2))
    else:
        from symderiv.decide.wording import in_words

        print("".join(map(str, in_words(verdict))))
        if verdict.kind == "undecided" and verdict.tried:
            print(f"tried: {'; '.join(verdict.tried)}")
    return REFUTED if verdict.kind == "refuted" or (options.strict and verdict.kind == "undecided") else OK


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    from symderiv.write import latex

    witness = verdict.witness
    values = {} if witness is None else {name: str(value) for name, value in witness.values.items()}
    return {
        "verdict": verdict.kind,
        "method": verdict.method,
        "conditions": [latex(c) for c in verdict.conditions],
        "witness": None if witness is None else {"values": values, "lhs": witness.left, "rhs": witness.right},
    }


def _list(options: argparse.Namespace) -> int:
    rows = LISTS[options.what]()
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]) - 1)]
    for row in rows:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip())
    return OK


def _catalogue() -> list[tuple[str, ...]]:
    from symderiv.catalogue import CATALOGUE

    return [(row.name, row.title, f"{row.name}({row.variable}) = {row.formula}") for row in CATALOGUE.values()]


def _functions() -> list[tuple[str, ...]]:
    from symderiv.terms import FUNCTIONS

    return [(f.name, ", ".join(f.aliases), f.example) for f in FUNCTIONS.values()]


def _rules() -> list[tuple[str, ...]]:
    from symderiv.rules import RULES

    return [(r.name, r.example, r.statement) for r in RULES.values()]


def _format_rows() -> list[tuple[str, ...]]:
    from symderiv.write import FORMATS

    return [(f.name, f.suffix, f.says) for f in FORMATS.values()]


def _theorems() -> list[tuple[str, ...]]:
    from symderiv.catalogue.theorems import THEOREMS

    return [(t.name, t.title) for t in THEOREMS.values()]


LISTS = {"catalogue": _catalogue, "theorems": _theorems, "functions": _functions, "rules": _rules, "formats": _format_rows}


def _sheet(options: argparse.Namespace) -> int:
    from symderiv.sheet import answer
    from symderiv.write.output import write_out

    text = options.exercises.read_text(encoding="utf-8")
    shown = sys.stderr.isatty()

    def progress(done: int, of: int, question: str) -> None:
        print(f"\r\033[K{done}/{of}  {question[:70]}", end="" if question else "\n", file=sys.stderr, flush=True)

    answered = answer(text, path=str(options.exercises), steps=options.steps, progress=progress if shown else None)
    write_out(answered.blocks, options, answered.title)
    for problem in answered.problems:
        _complain(problem)
    return FAILED if answered.problems else OK


if __name__ == "__main__":
    sys.exit(main())
