"""The command line of `symderiv check`."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from symderiv.check.claim import Report
from symderiv.check.configuration import read as read_settings
from symderiv.check.files import check, check_text
from symderiv.errors import SymderivError, UnknownName

FORMATS: Final = ("pretty", "json", "github", "sarif", "html")


def add_parser(subparsers: Any) -> None:
    """Add `check` to the commands of a parser; its options carry `run` as `command`."""
    parser = subparsers.add_parser(
        "check",
        help="judge every step of a hand derivation",
        description="Every equation of Markdown, notebooks, LaTeX and text: proved, refuted with a counterexample, or undecided.",
        epilog="exit status: 0 nothing refuted · 1 something refuted (with --strict: or undecided, unread) · 2 a file cannot be read",
    )
    parser.add_argument("paths", metavar="FILE|DIR", nargs="*", help="files and folders; - reads Markdown from standard input")
    parser.add_argument("-f", "--format", choices=FORMATS, default=None, help="how to report; default: pretty")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write the report to a file")
    parser.add_argument("--strict", action="store_true", default=None, help="exit with 1 if undecided or unread, too")
    parser.add_argument("--exclude", metavar="PATTERN", action="append", default=[], help="files to pass over; may be repeated")
    parser.add_argument("-v", "--verbose", action="store_true", default=None, help="show what is proved and defined, too")
    parser.add_argument(
        "--second-reader", action="store_true", default=None, help="ask latex2sympy2, too, and report sides that it reads otherwise"
    )
    parser.add_argument(
        "--second-reader-python",
        metavar="PYTHON",
        help="the interpreter that has latex2sympy2; default: the one that runs symderiv",
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check what the options name and report it; the exit status. Raises SymderivError for settings that are not understood."""
    settings = read_settings(Path.cwd(), options)
    if settings.format not in FORMATS:
        raise UnknownName.among("format of a report", settings.format, FORMATS)
    if options.paths == ["-"]:
        report = check_text(sys.stdin.read())
    elif settings.paths:
        report = check(settings.paths, exclude=settings.exclude, progress=_progress if sys.stderr.isatty() else None)
    else:
        raise SymderivError(
            "there is nothing to check", hint="name files or folders, or paths in [tool.symderiv] of pyproject.toml"
        )
    if settings.second_reader:
        from symderiv.check.second_reader import compare

        compare(report, settings.second_reader_python)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    written = _written(report, settings.format, colours=_colours(options.output), verbose=settings.verbose)
    if options.output is None:
        sys.stdout.write(written)
    else:
        options.output.write_text(written, encoding="utf-8")
    return report.status(strict=settings.strict)


def _written(report: Report, name: str, *, colours: bool, verbose: bool) -> str:
    if name == "pretty":
        from symderiv.check.report import pretty

        return pretty.text(report, colours=colours, verbose=verbose)
    module = import_module(f"symderiv.check.report.{name}")
    return str(module.text(report))


def _colours(output: Path | None) -> bool:
    return output is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _progress(done: int, of: int, path: str) -> None:
    if of > 1:
        filled = 24 * done // of
        print(f"\r\033[K{'█' * filled}{'░' * (24 - filled)} {done}/{of}  {path[-60:]}", end="", file=sys.stderr, flush=True)
