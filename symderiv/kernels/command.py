"""The command line of `symderiv kernel`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from symderiv.kernels.analysis import KernelAnalysis
from symderiv.kernels.properties import Judgement
from symderiv.kernels.question import judged, named
from symderiv.kernels.scalars import term_of
from symderiv.write import FORMATS, STEPS, Block, Figure, write
from symderiv.write.output import outputs, put

DOCUMENTS = tuple(f.name for f in FORMATS.values() if f.suffix != ".py")
"""The formats that show words and tables; programs of a kernel are not written."""


def add_parser(subparsers: Any) -> None:
    """Add `kernel` to the commands of a parser; its options carry `run` as `command`."""
    parser = subparsers.add_parser(
        "kernel",
        help="what an image kernel computes, derived from its weights",
        description="The action of a convolution filter, its Taylor expansion, frequency response, symmetry, separability, and what follows.",
        epilog="exit status: 0 · 1 a claim given with --is is refuted · 2 the kernel cannot be read",
    )
    parser.add_argument(
        "kernel", metavar="KERNEL", help="rows of an odd number of weights: [[0,0,0],[0,0,1],[0,0,0]], also with /9"
    )
    parser.add_argument(
        "--is",
        metavar="PROPERTY",
        dest="claims",
        action="append",
        default=[],
        help="judge a claim: 'edge detector'; may be repeated",
    )
    parser.add_argument("-f", "--format", metavar="FORMAT", default="", help=f"{', '.join(DOCUMENTS)}, or facts (as JSON)")
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, action="append", default=[], help="write to a file; may be repeated"
    )
    parser.add_argument("--figures", metavar="DIR", type=Path, help="write pictures of the weights, of H and of the effect there")
    parser.add_argument("--steps", metavar="WHICH", default="lines", help=", ".join(STEPS))
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Analyse the kernel of the options and write it; the exit status. Raises SymderivError for what cannot be read."""
    name, analysis = named(options.kernel)
    judgements = [(claim, analysis.judge(claim)) for claim in options.claims]
    figures: tuple[Figure, ...] = ()
    if options.figures is not None:
        figures = (analysis.figure(options.figures, name or "kernel"),)
    title = f"Kernel {name}".strip()
    blocks: list[Block] = analysis.blocks(options.steps, figures=figures)
    blocks += [judged(claim, judgement) for claim, judgement in judgements]
    for format, path in outputs(options, (*DOCUMENTS, "facts")):
        written: str | bytes
        if format == "facts":
            written = json.dumps(_summary(analysis, judgements), ensure_ascii=False, indent=2) + "\n"
        else:
            written = write(blocks, format, steps=options.steps, title=title, standalone=path is not None)
        put(written, path)
    return 1 if any(j.holds is False for _, j in judgements) else 0


def _summary(analysis: KernelAnalysis, judgements: list[tuple[str, Judgement]]) -> dict[str, Any]:
    """The facts as JSON: numbers are exact, as text."""
    facts = analysis.facts
    factors = facts.factors
    return {
        "version": 1,
        "kernel": [[str(term_of(w)) for w in row] for row in facts.kernel.rows],
        "kind": analysis.conclusion.kind,
        "says": analysis.conclusion.says,
        "because": analysis.conclusion.because,
        "gain": str(term_of(facts.gain)),
        "noise": str(term_of(facts.noise)),
        "order": facts.expansion.order,
        "expansion": {
            str(n): {f"{a},{b}": str(term_of(c)) for (a, b), c in symbol.items()} for n, symbol in facts.expansion.parts.items()
        },
        "symmetries": facts.symmetries,
        "rank": facts.rank,
        "factors": None
        if factors is None
        else {"column": [str(term_of(w)) for w in factors.column], "row": [str(term_of(w)) for w in factors.row]},
        "claims": [{"claim": claim, "verdict": j.verdict.kind, "reason": j.reason} for claim, j in judgements],
    }
