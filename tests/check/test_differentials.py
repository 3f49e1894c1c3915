"""Differentials written by hand: proved along every direction, refuted where one letter varies, open where it is not said what does."""

import pytest

from symderiv.check import check_text

SIZES = (
    "Here $X$ is a matrix with $n$ rows and $d$ columns, $W$ is a matrix with $d$ rows and $m$ columns, "
    "$Y$ is a matrix with $n$ rows and $m$ columns. "
)
SAID = SIZES + "Take the differential, all else being constant:\n\n"
SQUARE = "Let $A \\in \\mathbb{R}^{n \\times n}$ and $B \\in \\mathbb{R}^{n \\times n}$.\n\n"

PROVED = [
    (SAID, r"\mathrm{d}\|XW-Y\|_F^2 = 2\langle XW-Y, X\,\mathrm{d}W\rangle"),
    (SAID, r"2\langle XW-Y, X\,\mathrm{d}W\rangle = \langle 2X^\top(XW-Y), \mathrm{d}W\rangle"),
    (SQUARE, r"\mathrm{d}(AB) = \mathrm{d}A\,B + A\,\mathrm{d}B"),
    (SQUARE, r"\mathrm{d}(A^{-1}) = -A^{-1}\,\mathrm{d}A\,A^{-1}"),
    (SQUARE, r"\mathrm{d}\log\det A = \operatorname{tr}(A^{-1}\,\mathrm{d}A)"),
    ("", r"\mathrm{d}(uv) = u\,\mathrm{d}v + v\,\mathrm{d}u"),
    ("", r"\mathrm{d}\sin x = \cos x\,\mathrm{d}x"),
    ("Let $u = x^2$.\n\n", r"du = 2x\,dx"),
    ("Let $z = x^2 y$.\n\n", r"dz = 2xy\,dx + x^2\,dy"),
]
REFUTED = [
    (SAID, r"2\langle XW-Y, X\,\mathrm{d}W\rangle = \langle X^\top(XW-Y), \mathrm{d}W\rangle"),
    (SAID, r"\mathrm{d}\|XW-Y\|_F^2 = \langle XW-Y, X\,\mathrm{d}W\rangle"),
    (SQUARE, r"\mathrm{d}(A^{-1}) = -A^{-1}A^{-1}\,\mathrm{d}A"),
    ("Let $u = x^2$.\n\n", r"du = 3x\,dx"),
]
OPEN = [
    (SIZES + "\n\n", r"\mathrm{d}\|XW-Y\|_F^2 = 2\langle XW-Y, X\,\mathrm{d}W\rangle"),
    (SQUARE, r"\mathrm{d}(AB) = B\,\mathrm{d}A + A\,\mathrm{d}B"),
    ("", r"\mathrm{d}L = 0"),
    ("", r"\mathrm{d}L = \operatorname{tr}(A^\top\,\mathrm{d}X)"),
    ("", r"d(fg) = f\,dg"),
    ("", r"d(n^2) = 3 d(n)"),
    ("", r"d(x,y) = d(y,x)"),
    ("", r"dX_t = \mu\,dt + \sigma\,dW_t"),
    ("", r"\mathrm{d}\mathrm{d}x = 0"),
    ("Let $z = x^2 y$.\n\n", r"dz = 2xy\,dx"),
    ("Let $f(x,y) = x^2 y$.\n\n", r"df = 2xy\,dx"),
]
ALL = [(*case, kind) for kind, cases in (("proved", PROVED), ("refuted", REFUTED), ("undecided", OPEN)) for case in cases]


@pytest.mark.parametrize(("words", "formula", "kind"), ALL)
def test_a_step_with_differentials(words: str, formula: str, kind: str) -> None:
    *_, claim = check_text(f"{words}$$ {formula} $$\n", "markdown").claims
    assert claim.verdict == kind, claim.reason


def test_what_is_taken_as_constant_is_a_condition() -> None:
    (claim,) = check_text(f"{SAID}$$ {PROVED[0][1]} $$\n", "markdown").claims
    assert claim.conditions == [r"\mathrm{d} X = 0", r"\mathrm{d} Y = 0"]
