"""The command line of `symderiv check`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

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
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Check what the options name and report it; the exit status."""
    from symderiv.check import configuration
    from symderiv.check.files import check, check_text
    from symderiv.check.report import json

    settings = configuration.read(Path.cwd(), options)
    if options.paths == ["-"]:
        report = check_text(sys.stdin.read())
    else:
        if not settings.paths:
            print("symderiv: nothing to check\nname files or folders, or paths in [tool.symderiv] of pyproject.toml", file=sys.stderr)
            return 2
        report = check(settings.paths, exclude=settings.exclude)
    text = json.text(report)
    print(text)
    return report.status(strict=settings.strict)
