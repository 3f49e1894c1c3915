r"""Reading: text to terms and contexts, every token read or the place named.

    read, read_plain, read_latex     a formula as a term
    reading                          the term, and notes: ambiguities, repairs, conventions
    statements                       the chains a = b = c of a block, with their conditions
    let                              declarations, definitions and assumptions put into a Context

Conventions (application or product, the reach of a derivative, an index that is inferred and remarks left out are reported as notes):

- `\mathbf{x}` and `\vec{x}` are x; `\mathcal{L}` is a letter of its own, `mathcal(L)`; `\hat y` is `hat(y)`, `x^*` is `star(x)`, `x'` is `prime(x)`.
- A subscript that is bound, declared as an index, or stands in a Kronecker delta makes its letter a family in all of the text.
- `^{(l)}` and `^{[l]}` on a letter number a layer; `^T` and `^\top` transpose; `^{-1}` on a declared matrix is its inverse.
- Before a bracket, f, g, h, σ, φ, ψ are functions unless the bracket holds the same letter by itself; other letters are so where the
  bracket is a mere list of letters, as in `p(y \mid x)`.
- Σ, ∏ and d/dx reach up to the next + or −; a bracket right after d/dx is all that it is taken of.
- In `a / 5*b` what follows the denominator multiplies the fraction, as in code.
"""

from symderiv.read.declarations import let
from symderiv.read.notes import Note, Reading, Statement
from symderiv.read.reader import is_latex, read, read_latex, read_plain, reading
from symderiv.read.statements import statements

__all__ = ["Note", "Reading", "Statement", "is_latex", "let", "read", "read_latex", "read_plain", "reading", "statements"]
