"""A `kernel` question of an exercise sheet: `kernel k3 = [[-1,-1,-1],[-1,8,-1],[-1,-1,-1]]`, judged with `--is "edge detector"`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from symderiv.kernels.analysis import KernelAnalysis, kernel
from symderiv.kernels.properties import Judgement
from symderiv.terms import Context, Source, Span
from symderiv.write import Block, Paragraph, Strong
from symderiv.write.layout import Steps

OPTIONS: Final = ("is",)
"""The options of the question."""

EXAMPLE: Final = "kernel [[0,0,0],[0,0,1],[0,0,0]]"


def answer(text: str, options: Mapping[str, str], context: Context, steps: Steps) -> tuple[list[Block], Context]:
    """The blocks that answer the question; the context is left as it is.

    Raises ReadError or ShapeError for what is no kernel, UnknownName for a property that cannot be judged.
    """
    name, analysis = named(text)
    blocks = analysis.blocks(steps, title=f"Kernel {name}" if name else "")
    if "is" in options:
        blocks.append(judged(options["is"], analysis.judge(options["is"])))
    return blocks, context


def named(text: str) -> tuple[str, KernelAnalysis]:
    """The name before an equals sign, or '', and the kernel."""
    m = re.match(r"\s*([A-Za-z]\w*)\s*=", text)
    source = Source(text)
    return (m[1], kernel(Span(source, m.end(), len(text)))) if m else ("", kernel(text))


def judged(claim: str, judgement: Judgement) -> Paragraph:
    """A claim with what became of it, as running text."""
    return Paragraph((Strong(judgement.verdict.kind), f": “{claim}”: {judgement.reason}"))
