"""Everything that is derived of a kernel before a word is said about it: the conclusion reads this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symderiv.kernels.frequency import Spectrum, spectrum
from symderiv.kernels.grid import Kernel, Offset
from symderiv.kernels.moments import Expansion, expansion, moment, reproduces
from symderiv.kernels.scalars import Scalar, rational, total
from symderiv.kernels.structure import Factors, rank, separated, symmetries

LARGEST_SYMBOLIC_RANK = 3
"""Rows or columns, whichever are fewer, up to which the rank of a kernel with letters is computed."""


@dataclass(frozen=True)
class Facts:
    """The facts of a kernel, each computed when it is first asked for."""

    kernel: Kernel

    @cached_property
    def gain(self) -> Scalar:
        """Σ k_ij, the answer to the constant image 1 and H(0, 0)."""
        return moment(self.kernel, 0, 0)

    @cached_property
    def noise(self) -> Scalar:
        """Σ k_ij²: by what the variance of independent noise is multiplied; the mean of |H|² over all frequencies."""
        return total(w * w for _, w in self.kernel.support)

    @cached_property
    def expansion(self) -> Expansion:
        """The Taylor expansion in the grid step."""
        return expansion(self.kernel)

    @cached_property
    def degree_kept(self) -> int:
        """The largest degree up to which polynomial images are left as they are; −1 for none."""
        return reproduces(self.kernel)

    @cached_property
    def symmetries(self) -> dict[str, int]:
        """What each motion of the window does to the kernel: 1, −1 or 0."""
        return symmetries(self.kernel)

    @property
    def parity(self) -> int:
        """1 where the kernel is its own half turn, −1 where that changes its sign, else 0."""
        return self.symmetries["turned by 180°"]

    @cached_property
    def factors(self) -> Factors | None:
        """The column and the row of a separable kernel."""
        return separated(self.kernel)

    @cached_property
    def rank(self) -> int | None:
        """The rank as a matrix; None for large kernels with letters, whose minors are too long."""
        if self.kernel.letters and min(self.kernel.height, self.kernel.width) > LARGEST_SYMBOLIC_RANK:
            return None
        return rank(self.kernel)

    @cached_property
    def spectrum(self) -> Spectrum | None:
        """Zeros and extrema of the frequency response, where they are known exactly."""
        return spectrum(self.kernel, self.factors)

    @property
    def weights(self) -> dict[Offset, Fraction]:
        """The weights that are not 0 where all are rational; empty where one is not."""
        return dict(self.kernel.rational or {})

    @property
    def neighbours(self) -> dict[Offset, Fraction]:
        """The rational weights that are not 0, without that of the centre."""
        return {at: w for at, w in self.weights.items() if at != (0, 0)}

    @cached_property
    def slope(self) -> tuple[Fraction, Fraction] | None:
        """(M_10, M_01): the coefficients of h ∂f/∂x and h ∂f/∂y; None where they depend on letters."""
        a, b = rational(moment(self.kernel, 1, 0)), rational(moment(self.kernel, 0, 1))
        return None if a is None or b is None else (a, b)

    @cached_property
    def curvature(self) -> tuple[Fraction, Fraction, Fraction] | None:
        """(M_20/2, M_11, M_02/2): the coefficients of h² ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²; None where they depend on letters."""
        found = [rational(moment(self.kernel, a, b)) for a, b in ((2, 0), (1, 1), (0, 2))]
        p, q, r = found
        return None if p is None or q is None or r is None else (p / 2, q, r / 2)
