"""Python cells read as mathematics; nothing of them is ever executed.

values       numbers and arrays of symbolic size, by the rules of NumPy for shapes
names        the functions of NumPy, math, SciPy and PyTorch that are read
library      what they do to arrays
places       entries and parts of arrays
expressions  what an expression of Python stands for
statements   assignments, branches, loops: a loop that fills an array or adds up is one formula
functions    the functions that a cell defines
comparing    a function with one of the catalogue, and with the derivative of another
hazards      what floating-point arithmetic does to a function
"""
