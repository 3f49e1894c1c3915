"""An image kernel, analysed: its facts, each with its derivation, what follows from them, and all of it as blocks to be written.

>>> k = kernel("[[0,0,0],[0,0,1],[0,0,0]]")
>>> k.conclusion.kind, k.judge("an edge detector").holds
('shift', False)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from symderiv.derive import Derivation
from symderiv.kernels.action import CONVOLUTION, CORRELATION, action
from symderiv.kernels.conclusion import Conclusion, conclude
from symderiv.kernels.facts import Facts
from symderiv.kernels.grid import Kernel
from symderiv.kernels.pictures import PICTURES, pictures
from symderiv.kernels.properties import Judgement, judge
from symderiv.kernels.reading import Given, read_kernel
from symderiv.kernels.statements import STATEMENTS, Fact
from symderiv.terms import Relation, Sym
from symderiv.write import Block, Equations, Figure, Heading, Paragraph, Strong, blocks_of
from symderiv.write.layout import Steps

WINDOW = 25
"""Weights up to which derivations are written out without being asked for every step."""


@dataclass(frozen=True)
class KernelAnalysis:
    """Everything about one kernel; what takes time is computed when it is asked for."""

    kernel: Kernel

    @cached_property
    def facts(self) -> Facts:
        """The derived facts as values."""
        return Facts(self.kernel)

    @cached_property
    def conclusion(self) -> Conclusion:
        """What the kernel does, in words, and the facts that it follows from."""
        return conclude(self.facts)

    def judge(self, claim: str) -> Judgement:
        """Whether the kernel has a property of `PROPERTIES`, such as "edge detector"; raises UnknownName for others."""
        return judge(self.facts, claim)

    def correlate(self) -> Derivation:
        """The action as cross-correlation."""
        return action(self.kernel, CORRELATION)

    def convolve(self) -> Derivation:
        """The action as convolution."""
        return action(self.kernel, CONVOLUTION)

    @cached_property
    def statements(self) -> tuple[Fact, ...]:
        """Every fact with its derivation, in the order in which they are written."""
        return tuple(state(self.facts) for state in STATEMENTS)

    def derivations(self) -> tuple[Derivation, ...]:
        """Every derivation behind the facts."""
        return tuple(d for fact in self.statements for d in fact.derivations)

    def pictures(self) -> dict[str, bytes]:
        """PNG pictures by name; raises SymderivError for weights that depend on letters."""
        return pictures(self.kernel)

    def figure(self, folder: Path, stem: str = "kernel") -> Figure:
        """Every picture written into a folder, and the overview as a block.

        Its path is relative to the working directory where it is below it, for that is where a PDF looks.
        """
        folder.mkdir(parents=True, exist_ok=True)
        drawn = self.pictures()
        for name, content in drawn.items():
            (folder / f"{stem}-{name}.png").write_bytes(content)
        path = folder.resolve() / f"{stem}-overview.png"
        here = Path.cwd()
        return Figure(path.relative_to(here) if path.is_relative_to(here) else path, (PICTURES["overview"][0],))

    def blocks(self, steps: Steps = "lines", *, title: str = "", figures: Iterable[Figure] = ()) -> list[Block]:
        """The kernel, the conclusion, and every fact; `lines` and `key` add the main derivations, `all` every one, `result` none."""
        found: list[Block] = [Heading(title, 2)] if title else []
        found.append(Equations((Relation("=", Sym("k"), self.kernel.array()),)))
        found.append(Paragraph((Strong(self.conclusion.says), " ", self.conclusion.because)))
        found += figures
        large = self.kernel.height * self.kernel.width > WINDOW
        for fact in self.statements:
            found.append(Heading(fact.name, 3))
            found += fact.states
            if steps == "all" or (steps != "result" and fact.main and not large):
                found += blocks_of(fact.derivations, steps)
        return found

    def __str__(self) -> str:
        return str(self.conclusion)


def kernel(given: Given) -> KernelAnalysis:
    """The analysis of a kernel given as text, as a Span of one, as rows of numbers, texts or Terms, or as an array.

    Raises ReadError or ShapeError with the place for what is no kernel.
    """
    return KernelAnalysis(read_kernel(given))
