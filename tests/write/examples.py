"""Derivations made by hand: a chain with small steps, one by regions with a knot, one with formulas wider than a page."""

from itertools import pairwise

from symderiv.derive import Backpropagation, Derivation, Knot, Region, Remark
from symderiv.rules import Rule, Step
from symderiv.terms import (
    ONE,
    TWO,
    ZERO,
    Add,
    Cases,
    Context,
    Definition,
    Derivative,
    Div,
    Fn,
    Mul,
    Neg,
    Num,
    Pow,
    Relation,
    Sym,
    Term,
    exp,
)

x = Sym("x")


def rule(name: str, words: str, *, small: bool = False) -> Rule:
    return Rule(name, name, words, words, lambda _: None, "x", small=small)


def step(before: Term, after: Term, words: str, *details: Term, small: bool = False, conditions: tuple[Term, ...] = ()) -> Step:
    return Step(before, after, rule(words.split()[0], words, small=small), conditions, details)


def sigmoid() -> Derivation:
    below = Add(ONE, exp(Neg(x)))
    body = Div(ONE, below)
    s = Fn("sigmoid", x)
    lines = [
        Derivative(s, x),
        Derivative(body, x),
        Neg(Div(Derivative(below, x), Pow(below, TWO))),
        Neg(Div(Neg(exp(Neg(x))), Pow(below, TWO))),
        Div(exp(Neg(x)), Pow(below, TWO)),
        Mul(s, Add(ONE, Neg(s))),
    ]
    steps = (
        step(lines[0], lines[1], "definition of {}", s),
        step(lines[1], lines[2], "reciprocal rule", conditions=(Relation("≠", below, ZERO), Relation("≠", x, Num(7)))),
        step(lines[2], lines[3], "chain rule, {}", Relation("=", Derivative(exp(Neg(x)), x), Neg(exp(Neg(x))))),
        step(lines[3], lines[4], "signs: minus times minus is plus", small=True),
        step(lines[4], lines[5], "recognise {} & 100% of its_parts", s),
    )
    return Derivation(
        lines[0],
        steps,
        Context().define("sigmoid", ("x",), body),
        title="Derivative of the logistic sigmoid",
        definitions=(Definition("sigmoid", ("x",), body),),
        remarks=(Remark("`a/b*c` is read as {}", (Mul(Div(Sym("a"), Sym("b")), Sym("c")),)),),
        source="A textbook, eq. 3",
    )


def relu() -> Derivation:
    below, above = Relation("<", x, ZERO), Relation(">", x, ZERO)
    body = Fn("max", ZERO, x)
    result = Cases((ZERO, below), (ONE, above))

    def region(condition: Term, formula: Term, slope: Term) -> Region:
        start = Derivative(body, x)
        inner = Derivative(formula, x)
        steps = (step(start, inner, "{} here", Relation("=", body, formula)), step(inner, slope, "derivative of {}", formula))
        return Region(condition, Derivation(start, steps, Context().assume(condition)))

    whole = Step(
        Derivative(body, x),
        result,
        rule("by_regions", "put the regions together"),
        conditions=(Relation("≠", x, ZERO),),
        regions=(region(below, ZERO, ZERO), region(above, x, ONE)),
    )
    first = step(Derivative(Fn("relu", x), x), Derivative(body, x), "definition of {}", Fn("relu", x))
    return Derivation(
        first.before,
        (first, whole),
        Context().define("relu", ("x",), body),
        title="Derivative of the rectified linear unit",
        definitions=(Definition("relu", ("x",), body),),
        knots=(Knot(Relation("=", x, ZERO), ZERO, ONE, True, False),),
    )


def wide() -> Derivation:
    body = Add(*(Mul(Num(n + 2), Pow(x, Num(n + 2)), Fn("sin", Mul(Num(n + 2), x))) for n in range(14)))
    lines = [Derivative(body, x), body, Div(body, Add(ONE, Pow(x, TWO))), Neg(body)]
    words = "a long explanation of what has happened in this line, which does not fit beside it: {}"
    steps = tuple(step(a, b, words, Relation("=", exp(ZERO), ONE)) for a, b in pairwise(lines))
    return Derivation(lines[0], steps, Context(), title="A wide one")


def empty() -> Derivation:
    return Derivation(x, (), Context())


def backward() -> Backpropagation:
    """z = x²: one node, ∂z/∂z = 1, ∂z/∂x = 2x."""
    z = Sym("z")
    square = Pow(x, TWO)
    local = Derivation(Derivative(square, x), (step(Derivative(square, x), Mul(TWO, x), "power rule"),), Context())
    own = Derivation(Derivative(z, z), (step(Derivative(z, z), ONE, "the output itself"),), Context())
    chain = Mul(Derivative(z, z), Derivative(square, x))
    partial = Derivation(
        Derivative(z, x), (step(Derivative(z, x), chain, "chain rule"), step(chain, Mul(TWO, x), "put in")), Context()
    )
    definition = Definition("z", (), square)
    return Backpropagation(definition, (definition,), (local,), (own,), (partial,))


EXAMPLES = (sigmoid(), relu(), wide(), empty(), backward())
