r"""latex2sympy2 as a second reader of scalar LaTeX: where it reads a side otherwise than we do, the report says so.

It runs in a process of its own: its pins and the globals that an input can leave poisoned stay out of ours. What it reads comes back as
a tree of SymPy's, goes through the border to a term, and our own decider compares the two. Its word is a hint: it never makes a verdict.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from symderiv.check.claim import Claim, Report
from symderiv.decide import decide
from symderiv.errors import SymderivError
from symderiv.read import is_latex
from symderiv.terms import FUNCTIONS, Add, Const, Decimal, Derivative, Div, Fn, Mul, Neg, Num, Pow, Prime, Sym, Term
from symderiv.terms.sympy_border import from_sympy

PROGRAM: Final = Path(__file__).with_name("second_reader_process.py")
START: Final = 30.0
"""Seconds for the process to start, and for every hundred sides."""
_SCALAR: Final = (Add, Const, Decimal, Derivative, Div, Fn, Mul, Neg, Num, Pow, Prime, Sym)
_ABSENT: Final = 3


class Misreading(NamedTuple):
    """A known misreading of latex2sympy2: where it may happen, and what it does."""

    pattern: re.Pattern[str]
    reason: str


MISREADINGS: Final = (
    Misreading(re.compile(r"\\log(?!\s*_)"), r"it takes \log to base 10"),
    Misreading(re.compile(r"'"), "it drops primes"),
    Misreading(re.compile(r"\^\s*\{?\s*(?:T|\\top|\\intercal)\b"), "it drops transposes"),
    Misreading(re.compile(r"\\partial|\\frac\s*\{\s*d"), "it reads the derivative of a letter as a quotient, or as 0"),
    Misreading(re.compile(r"\^\s*\{\s*[(\[]"), "it reads labels such as (l) as powers"),
    Misreading(
        re.compile(r"(?<![A-Za-z\\])(?:\\[A-Za-z]+|[A-Za-z])(?:_\w|_\{\w+\})?\s*(?:\\left)?\("),
        "it reads a function of its argument as a product",
    ),
    Misreading(re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}"), "it reads a name of several letters as a product"),
)
"""Why the two may disagree, the most particular reason first."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A side that the second reader reads otherwise: how, and which known misreading it may be (empty: none)."""

    claim: Claim
    latex: str
    ours: Term
    theirs: Term
    reason: str

    def __str__(self) -> str:
        why = f"; {self.reason}" if self.reason else ""
        return f"latex2sympy2 reads {' '.join(self.latex.split())} as {self.theirs}{why}"


def compare(report: Report, python: str = "") -> list[Disagreement]:
    """Ask the second reader for all scalar sides; each disagreement is also put among what is inferred of its claim.

    `python`: the interpreter that has latex2sympy2, by default our own. Raises SymderivError if it cannot be asked.
    """
    sides = list(scalar_sides(report.claims))
    found = []
    for (claim, latex, ours), answer in zip(sides, asked([latex for _, latex, _ in sides], python), strict=False):
        theirs = _term(answer)
        if theirs is not None and (theirs := _named_alike(theirs)) != ours and decide(ours, theirs).kind == "refuted":
            found.append(Disagreement(claim, latex, ours, theirs, known_misreading(latex)))
            claim.inferred.append(str(found[-1]))
    return found


def scalar_sides(claims: Iterable[Claim]) -> Iterator[tuple[Claim, str, Term]]:
    """The sides of claims that are LaTeX for a number, each once for every claim."""
    for claim in claims:
        for latex, term in ((claim.left, claim.left_term), (claim.right, claim.term)):
            if term is not None and is_latex(latex) and all(isinstance(t, _SCALAR) for t in term.bare.postorder()):
                known = all(t.name in FUNCTIONS for t in term.bare.postorder() if isinstance(t, Fn))
                if known or "(" in latex:
                    yield claim, latex, term.bare


def asked(inputs: Sequence[str], python: str = "") -> list[dict[str, Any]]:
    """The answers of the second reader, in order; fewer than inputs if its time is over. Raises SymderivError if it is not installed."""
    if not inputs:
        return []
    interpreter = python or sys.executable
    try:
        process = subprocess.Popen(
            [interpreter, str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
    except OSError as error:
        raise SymderivError(
            f"the second reader cannot be started: {interpreter}: {error.strerror}",
            hint="name an interpreter that has latex2sympy2",
        ) from None
    lines = "".join(json.dumps(i) + "\n" for i in inputs)
    try:
        out, complaint = process.communicate(lines, timeout=START * (1 + len(inputs) / 100))
    except subprocess.TimeoutExpired:
        process.kill()
        out, complaint = process.communicate()
    if process.returncode == _ABSENT:
        raise SymderivError(
            f"the second reader is not there: {complaint.strip()}",
            hint="pip install 'symderiv[latex2sympy2]', or name an interpreter that has it by --second-reader-python",
        )
    return [json.loads(line) for line in out.splitlines()]


def known_misreading(latex: str) -> str:
    """The known misreading that the text invites, or nothing."""
    return next((m.reason for m in MISREADINGS if m.pattern.search(latex)), "")


def _term(answer: dict[str, Any]) -> Term | None:
    """The term of an answer; None if nothing was read, or nothing that is a term."""
    if "tree" not in answer:
        return None
    try:
        return from_sympy(_built(answer["tree"]))
    except (SymderivError, TypeError, ValueError, AttributeError):
        return None


def _built(tree: Any) -> Any:
    """The SymPy object of a tree: only classes of SymPy's expressions are called."""
    import sympy

    name, *parts = tree
    if name == "Symbol":
        return sympy.Symbol(parts[0], real=True)
    if name == "Rational":
        return sympy.Rational(int(parts[0]), int(parts[1]))
    if name == "Float":
        return sympy.Float(parts[0])
    if name == "Function":
        return sympy.Function(parts[0])(*map(_built, parts[1:]))
    made = getattr(sympy, name, None) or getattr(sympy.core.numbers, name, None)
    if not (isinstance(made, type) and issubclass(made, sympy.Basic)):
        raise TypeError(f"{name} is no expression")
    return made(*map(_built, parts))


def _named_alike(term: Term) -> Term:
    """The letters under the names that our reader gives them: x_{1} is x_1, \\alpha is alpha."""
    from symderiv.terms import substitute

    plain = {name: Sym(re.sub(r"[{}\\\\ ]", "", name)) for name in term.free}
    return substitute(term, {name: letter for name, letter in plain.items() if letter.name != name})
