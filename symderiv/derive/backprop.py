"""Backpropagation as a derivation: the computation graph, local derivatives, adjoints multiplied and added.

Every operation of an expression is a node v_k. The adjoint of a node is ∂z/∂v; with the nodes k in which v_j is used,

    ∂z/∂v_j = Σ_k ∂z/∂v_k · ∂v_k/∂v_j        (chain rule: the generalized delta rule)

from z backwards to the letters. Source: Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symderiv.derive.derivation import Derivation
from symderiv.derive.derivative import derivative
from symderiv.derive.rewriting import simplified, towards
from symderiv.rules.definitions import definition_rule
from symderiv.rules.step import Rewrite, Rule, at_all_places
from symderiv.terms import ONE, Context, Definition, Derivative, Neg, Sym, Term, fresh_name, plus, times


@dataclass(frozen=True, slots=True)
class Backpropagation:
    """The backward pass through the computation graph of `output`.

    `nodes`: the forward pass, each operation named. `local`: ∂v_k/∂v_j for every edge. `adjoints`: ∂z/∂v_j for every inner node,
    last first. `partials`: ∂z/∂x for every letter asked for.
    """

    output: Definition
    nodes: tuple[Definition, ...]
    local: tuple[Derivation, ...]
    adjoints: tuple[Derivation, ...]
    partials: tuple[Derivation, ...]

    def derivations(self) -> tuple[Derivation, ...]:
        """Every derivation in it, in the order in which they are made."""
        return (*self.local, *self.adjoints, *self.partials)


def graph_of(output: Definition, context: Context) -> tuple[Definition, ...]:
    """The forward pass: a definition v_k := operation for each distinct operation, arguments first; the output is the last.

    Numbers and signs stand in the operations; a subterm that occurs twice is one node; a letter that the context defines is a node of its name.
    """
    graph = _Graph(output, context)
    graph.name(output)
    return tuple(graph.nodes)


class _Graph:
    def __init__(self, output: Definition, context: Context) -> None:
        self.definitions = {n: d for n, d in context.definitions.items() if not d.parameters}
        self.taken = {
            output.name,
            *output.body.free,
            *self.definitions,
            *(n for d in self.definitions.values() for n in d.body.free),
        }
        self.nodes: list[Definition] = []
        self.named: dict[Term, Term] = {}

    def name(self, d: Definition) -> None:
        """Put the operations of a definition into the graph, the last of them under its name."""
        if any(n.name == d.name for n in self.nodes):
            return
        for t in d.body.postorder():
            if isinstance(t, Sym) and t.name in self.definitions and t.name != d.name:
                self.name(self.definitions[t.name])
            if t in self.named or not t.children or not t.free:
                self.named.setdefault(t, t)
                continue
            operation = t.rebuild(self.named[c] for c in t.children)
            if isinstance(t, Neg) and t != d.body:
                self.named[t] = operation
                continue
            name = d.name if t == d.body else fresh_name("v", self.taken)
            self.taken.add(name)
            self.nodes.append(Definition(name, (), operation))
            self.named[t] = Sym(name)
        if not any(n.name == d.name for n in self.nodes):
            self.nodes.append(Definition(d.name, (), self.named[d.body]))


def backpropagate(output: Definition, by: Sequence[str], context: Context, known: Sequence[Definition] = ()) -> Backpropagation:
    """∂z/∂x for each letter, by one backward pass, each partial in the form that direct differentiation gives.

    Raises NotDerivable where an operation has no derivative, NoDerivation where the two ways disagree.
    """
    nodes = graph_of(output, context)
    forward = context
    for d in nodes:
        forward = forward.define(d.name, (), d.body)
    local: dict[tuple[str, str], Derivation] = {}
    held = Context(context.sorts, {n: d for n, d in context.definitions.items() if d.parameters}, context.assumptions)
    reached = {*by, *(d.name for d in nodes)}
    for d in nodes:
        for name in sorted(d.body.free & reached, key=lambda n: _place(n, nodes, by)):
            local[d.name, name] = derivative(d, name, held, known=known)
    adjoints: dict[str, Derivation] = {output.name: Derivation(ONE, (), forward)}
    for d in reversed(nodes[:-1]):
        adjoints[d.name] = _adjoint(d.name, output.name, local, adjoints, forward)
    partials = []
    for name in by:
        direct = derivative(output, name, context, known=known).result
        partials.append(_partial(_adjoint(name, output.name, local, adjoints, forward), nodes, direct))
    del adjoints[output.name]
    return Backpropagation(output, nodes, tuple(local.values()), tuple(adjoints.values()), tuple(partials))


def _place(name: str, nodes: Sequence[Definition], by: Sequence[str]) -> tuple[int, int]:
    names = [d.name for d in nodes]
    return (1, names.index(name)) if name in names else (0, list(by).index(name))


def _adjoint(
    name: str, output: str, local: dict[tuple[str, str], Derivation], adjoints: dict[str, Derivation], forward: Context
) -> Derivation:
    """∂z/∂v_j: for every node that uses v_j its adjoint times its local derivative, added."""
    start = Derivative(Sym(output), Sym(name))
    context = Context(forward.sorts, {n: d for n, d in forward.definitions.items() if n != name}, forward.assumptions)
    through = [k for k, j in local if j == name]
    total = plus(*(times(adjoints[k].result, local[k, name].result) for k in through))

    def delta(t: Term) -> Rewrite | None:
        return Rewrite(total, (), (Sym(name), *map(Sym, through))) if t == start else None

    words = {0: "{} is not used", 1: "chain rule: {} is used in {}"}.get(
        len(through), "chain rule: {} is used in {}, and what comes back is added"
    )
    rule = Rule(
        f"delta_rule_{name}",
        "\\frac{\\partial z}{\\partial v_j} = \\sum_k \\frac{\\partial z}{\\partial v_k} \\frac{\\partial v_k}{\\partial v_j}",
        words,
        "",
        delta,
        "d/dv(z)",
    )
    step = rule.apply(start)
    assert step is not None
    return Derivation(start, (step, *simplified(total, context)), context)


def _partial(adjoint: Derivation, nodes: Sequence[Definition], direct: Term) -> Derivation:
    """The adjoint of a letter with the names of the forward pass opened, in the form that direct differentiation gives."""
    steps = list(adjoint.steps)
    line = adjoint.result
    for d in reversed(nodes):
        opened = at_all_places(definition_rule(d), line)
        if opened is not None:
            steps.append(opened)
            line = opened.after
    steps += towards(line, direct, adjoint.context)
    return Derivation(adjoint.start, tuple(steps), adjoint.context)
