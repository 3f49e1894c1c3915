"""Terms with vectors and matrices of any size as NumPy: whole matrices by matrix operations, entries and sums over indices by axes.

Program(term, context, …)      a Python function: shapes in its docstring, checked when it is called
program_of(start, result, …)   the result of a derivation as a program
differentiated(start, …)       what is differentiated at the start of a chain, as a program
compared(derivation, …)        a derivative beside central differences at random sizes
with_maps(term, context)       a term as it goes to SymPy
"""

from symderiv.write.arrays.differences import ArrayVerification, compared, differentiated
from symderiv.write.arrays.program import Program, has_arrays, program_of
from symderiv.write.arrays.symbolic import with_maps

__all__ = ["ArrayVerification", "Program", "compared", "differentiated", "has_arrays", "program_of", "with_maps"]
