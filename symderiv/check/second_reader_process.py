"""What runs in the process of the second reader: LaTeX lines from standard input, one tree of SymPy's for each to standard output.

It needs latex2sympy2 alone, so that any interpreter that has it can run this file; nothing of symderiv is imported. Whatever an input
leaves behind in the globals of latex2sympy2 is put back before the next one.
"""

import copy
import json
import sys


def main() -> int:
    """Read, answer and flush line by line; exit status 3 if latex2sympy2 is not there."""
    try:
        import latex2sympy2
    except ImportError as error:
        print(error, file=sys.stderr)
        return 3
    import sympy

    kinds = (bool, int, str, list, dict, set, type(None))
    first = {name: copy.copy(v) for name, v in vars(latex2sympy2).items() if isinstance(v, kinds) and not name.startswith("__")}
    for line in sys.stdin:
        vars(latex2sympy2).update({name: copy.copy(v) for name, v in first.items()})
        try:
            answer = {"tree": tree(latex2sympy2.latex2sympy(json.loads(line)), sympy)}
        except Exception as error:  # whatever it raises, it has not read this input
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), flush=True)
    return 0


def tree(e, sympy):  # type: ignore[no-untyped-def]
    """An expression as lists: the name of its class, then its arguments; letters and numbers by their text."""
    if isinstance(e, sympy.Symbol):
        return ["Symbol", e.name]
    if isinstance(e, sympy.Rational):
        return ["Rational", str(e.p), str(e.q)]
    if isinstance(e, sympy.Float):
        return ["Float", str(e)]
    if isinstance(e, (tuple, list, sympy.Tuple)):
        return ["Tuple", *(tree(a, sympy) for a in e)]
    if not isinstance(e, sympy.Basic):
        raise TypeError(f"{type(e).__name__} is no expression")
    if type(e).__module__.split(".")[0] != "sympy":
        return ["Function", type(e).__name__, *(tree(a, sympy) for a in e.args)]
    return [type(e).__name__, *(tree(a, sympy) for a in e.args)]


if __name__ == "__main__":
    sys.exit(main())
