"""Image kernels: what a convolution filter computes, derived from its weights.

kernel(text_or_matrix)    the analysis: facts with their derivations, the conclusion that follows, blocks to write, pictures
judge_text(text)          what a text says of the kernels in it, judged
answer                    a `kernel` question of an exercise sheet
PROPERTIES                what can be claimed of a kernel and judged
"""

from symderiv.kernels.analysis import KernelAnalysis, kernel
from symderiv.kernels.conclusion import Conclusion, conclude
from symderiv.kernels.facts import Facts
from symderiv.kernels.grid import Kernel
from symderiv.kernels.properties import PROPERTIES, Judgement, judge
from symderiv.kernels.prose import Finding, judge_text
from symderiv.kernels.question import answer
from symderiv.kernels.reading import read_kernel
from symderiv.kernels.statements import Fact

__all__ = [
    "PROPERTIES",
    "Conclusion",
    "Fact",
    "Facts",
    "Finding",
    "Judgement",
    "Kernel",
    "KernelAnalysis",
    "answer",
    "conclude",
    "judge",
    "judge_text",
    "kernel",
    "read_kernel",
]
