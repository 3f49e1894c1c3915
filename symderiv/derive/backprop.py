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
from symderiv.rules.step import Rewrite, Rule, Step, at_all_places
from symderiv.terms import Const, Context, Decimal, Definition, Derivative, Num, Sym, Term, fresh_name, plus, times


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


def graph_of(body: Term, taken: frozenset[str]) -> tuple[Definition, ...]:
    """The forward pass: one definition v_k := operation for each distinct operation, arguments first; the last one is the output.

    Numbers stand in the operations; a subterm that occurs twice is one node.
    """
    nodes: list[Definition] = []
    named: dict[Term, Term] = {}
    used = set(taken)
    for t in body.postorder():
        if isinstance(t, (Sym, Num, Decimal, Const)) or not t.free:
            named[t] = t
            continue
        operation = t.rebuild(named[c] for c in t.children)
        name = fresh_name("v", used)
        used.add(name)
        nodes.append(Definition(name, (), operation))
        named[t] = Sym(name)
    return tuple(nodes)


def backpropagate(output: Definition, by: Sequence[str], context: Context, known: Sequence[Definition] = ()) -> Backpropagation:
    """∂z/∂x for each letter, by one backward pass, each partial in the form that direct differentiation gives.

    Raises NotDerivable where an operation has no derivative, NoDerivation where the two ways disagree.
    """
    body = output.body
    *inner, last = graph_of(body, frozenset(body.free | {output.name})) or (Definition(output.name, (), body),)
    nodes = (*inner, Definition(output.name, (), last.body))
    forward = context
    for d in nodes:
        forward = forward.define(d.name, (), d.body)
    users = {n: [d for d in nodes if n in d.body.free] for n in (*(d.name for d in nodes), *by)}
    local: dict[tuple[str, str], Derivation] = {}
    for d in nodes:
        for name in sorted(d.body.free, key=lambda n: _place(n, nodes, by)):
            if name in users:
                local[d.name, name] = _local(d, name, context, known)
    adjoints: dict[str, Derivation] = {}
    for d in reversed(inner):
        adjoints[d.name] = _adjoint(d.name, output.name, users, local, adjoints, forward)
    partials = []
    for name in by:
        direct = derivative(output.body, name, context, known=known).result
        partials.append(_partial(_adjoint(name, output.name, users, local, adjoints, forward), nodes, direct, context))
    return Backpropagation(output, nodes, tuple(local.values()), tuple(adjoints.values()), tuple(partials))


def _place(name: str, nodes: Sequence[Definition], by: Sequence[str]) -> tuple[int, int]:
    names = [d.name for d in nodes]
    return (1, names.index(name)) if name in names else (0, list(by).index(name) if name in by else -1)


def _local(node: Definition, name: str, context: Context, known: Sequence[Definition]) -> Derivation:
    """∂v_k/∂v_j, the other letters of the operation held constant."""
    return derivative(node, name, context, known=known)


def _adjoint(
    name: str,
    output: str,
    users: dict[str, list[Definition]],
    local: dict[tuple[str, str], Derivation],
    adjoints: dict[str, Derivation],
    forward: Context,
) -> Derivation:
    """∂z/∂v_j as the sum over the nodes that use v_j, with what is known of them put in."""
    z, v = Sym(output), Sym(name)
    start = Derivative(z, v)
    context = Context(forward.sorts, {n: d for n, d in forward.definitions.items() if n != name}, forward.assumptions)
    values: dict[Term, Term] = {Derivative(z, Sym(n)): d.result for n, d in adjoints.items()}
    values |= {Derivative(Sym(k), Sym(j)): d.result for (k, j), d in local.items()}
    through = [Sym(d.name) for d in users[name]]
    steps: list[Step] = []
    if through and through != [z]:
        summed = plus(*(times(Derivative(z, v_k), Derivative(v_k, v)) if v_k != z else Derivative(z, v) for v_k in through))
        words = "chain rule through {}" if len(through) == 1 else "chain rule: {} enters {}, so their contributions are added"
        shown = (through[0],) if len(through) == 1 else (v, *through)
        slots = words if len(through) == 1 else words.replace("enters {}", "enters " + " and ".join("{}" for _ in through))
        delta = _given(f"adjoint_of_{name}", slots, {start: summed}, shown)
        step = at_all_places(delta, start)
        assert step is not None
        steps.append(step)
    line = steps[-1].after if steps else start
    inserted = at_all_places(_given("insert_known", "put in what is known", values, ()), line)
    if inserted is not None:
        steps.append(inserted)
        line = inserted.after
    steps += simplified(line, context)
    return Derivation(start, tuple(steps), context)


def _given(name: str, words: str, values: dict[Term, Term], details: tuple[Term, ...]) -> Rule:
    """The rule that puts given terms in for others."""

    def put_in(t: Term) -> Rewrite | None:
        return Rewrite(values[t], (), details) if t in values else None

    return Rule(name, words, words, words, put_in, "d/dx(z)", everywhere=True)


def _partial(adjoint: Derivation, nodes: Sequence[Definition], direct: Term, context: Context) -> Derivation:
    """The adjoint of a letter with the names of the forward pass opened, in the form that direct differentiation gives."""
    steps = list(adjoint.steps)
    line = adjoint.result
    for d in reversed(nodes):
        opened = at_all_places(definition_rule(d), line)
        if opened is not None:
            steps.append(opened)
            line = opened.after
    steps += towards(line, direct, context)
    return Derivation(adjoint.start, tuple(steps), adjoint.context)
