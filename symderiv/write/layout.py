"""Derivations laid out as blocks: which steps share a line, and what stands around the chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, Literal, get_args

from symderiv.decide import holds
from symderiv.derive import Backpropagation, Derivation, Knot, Region
from symderiv.derive.derivation import joint
from symderiv.derive.induction import Proof
from symderiv.errors import UnknownName
from symderiv.rules import Step
from symderiv.terms import And, Context, Definition, Derivative, Entry, Fn, Lambda, Relation, Sym, Term
from symderiv.terms.shapes import DENOMINATOR, NUMERATOR
from symderiv.write.blocks import (
    Block,
    Chain,
    Equations,
    Heading,
    Line,
    Note,
    Paragraph,
    Part,
    Strong,
    Table,
    Words,
    listed,
    worded,
)
from symderiv.write.proof import blocks_of_proof

Steps = Literal["all", "lines", "key", "result"]
"""Which steps are shown.

`all`: every step on a line of its own. `lines`: small steps share the line of their neighbour, which names them all.
`key`: they share it and are not named. `result`: the start and the result only.
"""

Writable = Derivation | Backpropagation | Proof | Block | Iterable["Writable"]

STEPS: Final = get_args(Steps)
LAID_OUT: Final[dict[Term, str]] = {
    DENOMINATOR: "Derivatives are in denominator layout.",
    NUMERATOR: "Derivatives are in numerator layout.",
}
"""What is said of the layout of derivatives, where it was asked for."""


def blocks_of(what: Writable, steps: Steps = "lines") -> tuple[Block, ...]:
    """The blocks of a derivation, a backward pass, a proof, or a sequence of these and of blocks.

    Raises UnknownName for a way to show steps that does not exist.
    """
    if steps not in STEPS:
        raise UnknownName.among("way to show steps", steps, STEPS)
    if isinstance(what, Derivation):
        return _derivation(what, steps)
    if isinstance(what, Backpropagation):
        return _backpropagation(what, steps)
    if isinstance(what, Proof):
        return blocks_of_proof(what, lambda d: _body(d, steps))
    if isinstance(what, Iterable):
        parts = list(what)
        blocks = (b for w in parts for b in blocks_of(w, steps))
        return tuple(_without_repetition(blocks) if all(isinstance(w, Derivation) for w in parts) else blocks)
    return (what,)


def _without_repetition(blocks: Iterable[Block]) -> Iterable[Block]:
    """The blocks without titles and definitions that were shown before: z is defined once for all of its partial derivatives."""
    shown: set[Block] = set()
    for b in blocks:
        if isinstance(b, Chain) or b not in shown:
            yield b
        if isinstance(b, (Heading, Paragraph, Equations)):
            shown.add(b)


def _derivation(d: Derivation, steps: Steps) -> tuple[Block, ...]:
    head: list[Block] = [Heading(d.title, 2)] if d.title else []
    if d.definitions:
        head += [Paragraph(("Let",)), Equations(tuple(map(_equation, d.definitions)))]
    if letters := _letters(d):
        head.append(Paragraph(("Here ", *listed(letters, ", "), ".")))
    if assumed := [a for a in d.context.assumptions if a not in LAID_OUT]:
        head.append(Paragraph(("Assume ", *listed(((a,) for a in assumed), ", "), ".")))
    head += [Paragraph((words,)) for a, words in LAID_OUT.items() if a in d.context.assumptions]
    body = _body(d, steps)
    if d.definitions and isinstance(body[0], Chain):
        head.append(Paragraph(("Then",)))
    notes = [Note(worded(r.words, r.details)) for r in d.remarks]
    return (*head, *body, *notes, *_source(d))


def _letters(d: Derivation) -> list[Words]:
    """What the arrays and indices of a derivation are."""
    used = d.start.free.union(*(e.body.free for e in d.definitions), *(s.after.free for s in d.steps))
    said: list[Words] = []
    ranges: list[Words] = []
    for name, sort in d.context.sorts.items():
        if name not in used and not any(name in (*e.parameters, *_indices(e)) for e in d.definitions):
            continue
        match sort.shape:
            case (n,):
                said.append((Sym(name), " is a vector of length ", n))
            case (rows, columns):
                said.append((Sym(name), " is a matrix with ", rows, " rows and ", columns, " columns"))
        if sort.bounds is not None:
            ranges.append((Fn("in", Sym(name), Fn("integers", *sort.bounds)),))
    return said + ranges


def _indices(d: Definition) -> list[str]:
    """The indices of what a family is defined as, entry by entry."""
    found, body = [], d.body
    while isinstance(body, Lambda):
        found.append(body.index.name)
        body = body.body
    return found


def _source(d: Derivation) -> list[Block]:
    return [Note((f"Source: {d.source}",))] if d.source else []


def _equation(d: Definition) -> Term:
    body = d.body
    while isinstance(body, Lambda):
        body = body.body
    indices = _indices(d)
    return Relation("=", Entry(d.head, *map(Sym, indices)) if indices else d.head, body)


def _body(d: Derivation, steps: Steps) -> tuple[Block, ...]:
    """The chain, with the regions of its steps before it, its knots after them, and its other forms after it."""
    before: list[Block] = []
    resting = [s for s in d.steps if s.regions] if steps != "result" else []
    for s in resting:
        before += [_part(r, steps) for r in s.regions]
        if s is resting[-1] and d.knots:
            before.append(_knots(d.knots))
        before.append(Paragraph((s.regions[-1].then,)))
    if d.knots and not resting:
        before.append(_knots(d.knots))
    forms = [_part(r, steps) for r in d.forms] if steps != "result" else []
    return (*before, Chain(d.start, tuple(_lines(d, steps)), d.context), *forms)


def _part(region: Region, steps: Steps) -> Part:
    title: Words = (region.title,) if region.title else ("For ", region.condition, ":")
    return Part(title, _body(region.derivation, steps))


def _knots(knots: Sequence[Knot]) -> Table:
    first = knots[0].point
    assert isinstance(first, Relation)
    head: tuple[Words, ...] = (
        ("knot at ", first.left, " ="),
        ("continuous",),
        ("from the left",),
        ("from the right",),
        ("differentiable",),
    )
    rows = tuple(
        (
            (k.point.children[1],),
            (_answer(k.continuous),),
            ("none",) if k.left is None else (k.left,),
            ("none",) if k.right is None else (k.right,),
            (_answer(k.differentiable),),
        )
        for k in knots
    )
    return Table(head, rows)


def _answer(known: bool | None) -> str:
    return "not known" if known is None else "yes" if known else "no"


def _lines(d: Derivation, steps: Steps) -> Iterable[Line]:
    groups = [list(d.steps)] if steps == "result" and d.steps else _grouped(d.steps, steps)
    for group in groups:
        named = [s for s in group if not s.rule.small] or group if steps == "key" else group
        yield Line(
            group[-1].after,
            () if steps == "result" else listed(dict.fromkeys(_named(named))),
            _needed((c for s in group for c in s.conditions), d.context),
            tuple(s.rule.name for s in group),
            joint(s.relation for s in group),
        )


def _named(steps: Sequence[Step]) -> Iterable[Words]:
    """The rules of a line in words; neighbours that say the same of one thing each are said together."""
    for words, same in groupby(steps, key=lambda s: s.words):
        together = list(same)
        if words.count("{}") == 1:
            yield worded(words, tuple(dict.fromkeys(d for s in together for d in s.details)))
        else:
            yield from (worded(words, s.details) for s in together)


def _grouped(steps: Sequence[Step], shown: Steps) -> list[list[Step]]:
    groups: list[list[Step]] = []
    for s in steps:
        joins = shown != "all" and groups and (s.rule.small or all(g.rule.small for g in groups[-1]))
        if joins and not s.regions and not any(g.regions for g in groups[-1]):
            groups[-1].append(s)
        else:
            groups.append([s])
    return groups


def _needed(conditions: Iterable[Term], context: Context) -> tuple[Term, ...]:
    """The conditions that the context does not give, those of a conjunction one by one."""
    single = dict.fromkeys(p for c in conditions for p in (c.children if isinstance(c, And) else (c,)))
    return tuple(c for c in single if holds(c, context) is not True)


def _node(node: Definition, b: Backpropagation) -> tuple[Words, Words]:
    """A row of the table: the operation, and its derivative by each of its arguments."""
    local = [
        Relation("=", d.start, d.result) for d in b.local if isinstance(d.start, Derivative) and d.start.body == Sym(node.name)
    ]
    return (_equation(node),), listed(((e,) for e in local), ",  ")


def _backpropagation(b: Backpropagation, steps: Steps) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading("Backpropagation", 2), Equations((_equation(b.output),))]
    if b.nodes:
        blocks.append(
            Paragraph((Strong("Forward pass."), " Every operation is a node of the computation graph, with its local derivatives:"))
        )
        blocks.append(Table((("node",), ("local derivatives",)), tuple(_node(d, b) for d in b.nodes)))
    if steps == "all":
        blocks += [block for d in b.local for block in _body(d, steps)]
    sections = (
        ("Backward pass.", " From the output to every node, by the chain rule over all nodes in which it is used.", b.adjoints),
        ("Partial derivatives.", "", b.partials),
    )
    for name, words, derivations in sections:
        if derivations:
            blocks.append(Paragraph((Strong(name), words)))
            blocks += [block for d in derivations for block in _body(d, steps)]
    return tuple(blocks)
