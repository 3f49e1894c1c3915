"""The command `symderiv prove`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from symderiv.errors import ReadError
from symderiv.write.output import add_options, write_out

if TYPE_CHECKING:
    from symderiv.derive.induction import Proof
    from symderiv.proving.judging import Judged

EXAMPLES = """examples:
  symderiv prove linear-collapse -o proof.pdf
  symderiv prove --discover "v_0 = 0, v_t = beta v_{t-1} + g_t"
  symderiv prove proofs/*.md
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "prove",
        help="theorems by induction, and proofs in files judged part by part",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what", metavar="NAME|FILE.md", nargs="*", help="theorems of `symderiv list theorems`, or files with proofs to be judged"
    )
    parser.add_argument(
        "--discover", metavar="RECURSION", default="", help="find and prove the closed form: 'x_0 = c, x_n = a x_{n-1} + b'"
    )
    parser.add_argument(
        "--let", metavar="DECLARATIONS", default="", help="what the letters of the recursion are: 'A_l in R^{d x d}'"
    )
    add_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Write proofs, judge files; the exit status. Raises SymderivError for what is unknown, OSError for files that cannot be read."""
    from symderiv.proving.judging import judge_file
    from symderiv.proving.request import discovered, prove

    files = [Path(w) for w in options.what if "." in w or "/" in w]
    names = [w for w in options.what if Path(w) not in files]
    if not options.what and not options.discover:
        raise ReadError("prove what?", hint="a theorem of `symderiv list theorems`, a file, or --discover with a recursion")
    proofs: list[Proof] = [prove(name) for name in names]
    if options.discover:
        proofs.append(discovered(options.discover, options.let))
    if proofs:
        write_out(proofs, options, "Proofs" if len(proofs) > 1 else "")
    judged = [judge_file(path) for path in files]
    for j in judged:
        print("\n".join(_lines(j)))
    return 0 if all(j.accepted for j in judged) else 1


def _lines(judged: Judged) -> Iterator[str]:
    """The judgement on one file, as it is printed."""
    if judged.accepted:
        by = f"by induction on {', '.join(dict.fromkeys(judged.letters))}, " if judged.letters else ""
        yield f"✓ {judged.path}: {judged.title or 'accepted'} ({by}{judged.lines} lines proved)"
        return
    yield f"✗ {judged.path}: not a proof"
    for flaw in judged.flaws:
        yield f"    line {flaw.line}: {flaw.reason}"
