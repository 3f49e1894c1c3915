"""What commands that write have in common: the options for formats and files, and writing to them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from symderiv.errors import UnknownName


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add -f, -o and --steps."""
    parser.add_argument(
        "-f", "--format", metavar="FORMAT", default="", help="text, latex, markdown, html, json, typst, pdf, sympy, numpy"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, action="append", default=[], help="write to a file; may be repeated"
    )
    parser.add_argument("--steps", metavar="WHICH", default="lines", help="all, lines (small steps share a line), key, or result")


def outputs(options: argparse.Namespace, known: Iterable[str] | None = None) -> Iterator[tuple[str, Path | None]]:
    """Every format that is asked for, and the file that it goes to (None: standard output).

    Raises UnknownName for a format that is none of those `known`, and for an ending that no format has.
    """
    from symderiv.write import FORMATS

    names = list(FORMATS) if known is None else list(known)
    suffixes = {f.suffix: f.name for f in reversed(tuple(FORMATS.values())) if f.name in names}
    for path in options.output or [None]:
        name = options.format or ("text" if path is None else suffixes.get(path.suffix))
        if name is None:
            raise UnknownName.among("format for the ending", path.suffix, suffixes)
        if name not in names:
            raise UnknownName.among("format", name, names)
        yield name, path


def put(content: str | bytes, path: Path | None) -> None:
    """Write to a file and say its name, or to standard output."""
    if path is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        print(path)
    elif isinstance(content, bytes):
        sys.stdout.buffer.write(content)
    else:
        print(content, end="" if content.endswith("\n") else "\n")


def write_out(what: Any, options: argparse.Namespace, title: str = "") -> None:
    """Write what can be written in every format that is asked for."""
    from symderiv.write import write

    for name, path in outputs(options):
        put(write(what, name, steps=options.steps, title=title, standalone=path is not None), path)
