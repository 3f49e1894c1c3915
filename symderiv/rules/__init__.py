"""Rules: named equations that rewrite terms, and the one module that makes Steps.

`ALGEBRA` and `CALCULUS` hold every general rule in the order in which they are tried; `definitions` makes the rules that a
context brings.
"""

from symderiv.rules.calculus import CALCULUS
from symderiv.rules.fractions import FRACTIONS
from symderiv.rules.functions import FUNCTION_RULES
from symderiv.rules.indexed import INDEXED
from symderiv.rules.step import Rewrite, Rule, Step
from symderiv.rules.sums import SUMS

ALGEBRA: tuple[Rule, ...] = (*FUNCTION_RULES, *SUMS, *FRACTIONS, *INDEXED)
"""Every rule between derivative-free terms."""

RULES: dict[str, Rule] = {r.name: r for r in (*CALCULUS, *ALGEBRA)}
"""Every general rule, by name."""

__all__ = ["ALGEBRA", "CALCULUS", "RULES", "Rewrite", "Rule", "Step"]
