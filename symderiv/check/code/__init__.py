"""Python cells read as mathematics; nothing of them is ever executed.

values       numbers and arrays of symbolic size, by the rules of NumPy for shapes
library      the functions of NumPy, math, SciPy and PyTorch that are read
expressions  what an expression of Python stands for
statements   assignments, branches, loops: a loop that fills an array or adds up is one formula
functions    the functions that a cell defines
"""
