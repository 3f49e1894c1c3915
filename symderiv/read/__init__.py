"""Reading: text to terms and contexts, every token read or the place named."""

from symderiv.read.declarations import let
from symderiv.read.notes import Note, Reading, Statement
from symderiv.read.reader import is_latex, read, read_latex, read_plain, reading
from symderiv.read.statements import statements

__all__ = ["Note", "Reading", "Statement", "is_latex", "let", "read", "read_latex", "read_plain", "reading", "statements"]
