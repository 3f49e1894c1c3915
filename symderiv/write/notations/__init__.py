"""How terms are written: the tables of LaTeX, Typst, MathML and one-line Unicode over the mechanism of `symderiv.terms.notation`."""

from symderiv.write.notations.latex import latex
from symderiv.write.notations.mathml import mathml
from symderiv.write.notations.text import text
from symderiv.write.notations.typst import typst

__all__ = ["latex", "mathml", "text", "typst"]
