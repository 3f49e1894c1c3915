"""The command line of `symderiv rank`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from symderiv.errors import UnknownName
from symderiv.ranking.ranking import Ranking, rank
from symderiv.ranking.report import to_csv, to_html, to_markdown, to_text
from symderiv.ranking.scores import SCORES

WRITERS: Final = {
    ".csv": to_csv,
    ".html": to_html,
    ".txt": to_text,
    ".md": to_markdown,
}
"""How a ranking is written, by the ending of the file."""


def add_parser(subparsers: Any) -> None:
    """Add `rank` to the commands of a parser; its options carry `run` as `command`."""
    parser = subparsers.add_parser(
        "rank",
        help="images that classifiers confuse, from their probabilities",
        description="Rank images by how much classifiers confuse them: 'puppy or bagel'. Scores: "
        + "; ".join(f"{row.name} ({row.says})" for row in SCORES.values())
        + ".",
        epilog="exit status: 0 · 2 the files do not hold probabilities of the same images, or the request is not understood",
    )
    parser.add_argument(
        "--probabilities", metavar="FILE.npy", type=Path, nargs="+", required=True, help="one (images × classes) array a network"
    )
    parser.add_argument("--pair", metavar="A,B", help="two classes, by name or number")
    parser.add_argument("--classes", metavar="FILE.txt", type=Path, help="the names of the classes, one on each line")
    parser.add_argument(
        "--score", metavar="NAME", help=f"{', '.join(SCORES)}; default: confusion for a pair, else jensen_shannon or margin"
    )
    parser.add_argument("--top", metavar="N", type=int, default=50, help="how many images are listed; default: 50")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="write to a .csv, .html, .md or .txt file; may be repeated",
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Rank the images that the options name and write the ranking; the exit status. Raises SymderivError for what is not right."""
    for path in options.output:
        if path.suffix not in WRITERS:
            raise UnknownName.among("format for the ending", path.suffix, WRITERS)
    try:
        ranking = rank(
            options.probabilities,
            pair=options.pair,
            classes=options.classes,
            top=options.top,
            score=options.score,
            progress=_progress if sys.stderr.isatty() else None,
        )
    finally:
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)
    _write(ranking, options.output)
    return 0


def _write(ranking: Ranking, paths: list[Path]) -> None:
    if not paths:
        sys.stdout.write(to_text(ranking))
    for path in paths:
        path.write_text(WRITERS[path.suffix](ranking), encoding="utf-8")
        print(path)


def _progress(done: int, of: int) -> None:
    filled = 24 * done // of
    print(f"\r\033[K{'█' * filled}{'░' * (24 - filled)} {done:,}/{of:,} images", end="", file=sys.stderr, flush=True)
