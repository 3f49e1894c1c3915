"""Proofs by induction laid out as blocks: the statement, the first members, base case, hypothesis, step and conclusion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from symderiv.decide.sequences import DESCENDING, system_of
from symderiv.derive import Derivation
from symderiv.derive.induction import Proof, Proposition
from symderiv.terms import Add, Context, Entry, Fn, Lambda, Num, Product, Relation, Sym, Term, number
from symderiv.terms.shapes import is_number
from symderiv.write.blocks import Block, Code, Equations, Heading, Note, Paragraph, Strong, Words, listed, marked_up

Body = Callable[[Derivation], tuple[Block, ...]]
"""How a derivation is laid out without its head."""


def blocks_of_proof(proof: Proof, body: Body) -> tuple[Block, ...]:
    """The blocks of a proof; `body` lays out the chains."""
    p = proof.proposition
    blocks: list[Block] = [Heading(p.title, 2)] if p.title else []
    blocks += _statement(p)
    if not p.letter:
        return (*blocks, Paragraph((Strong("Proof."),)), *body(proof.step), Paragraph(("This proves the claim. ∎",)), *_notes(p))
    for lemma in proof.lemmas:
        blocks += _lemma(lemma, body)
        blocks.append(Paragraph((Strong("Proof of the claim."),)))
    blocks += _parts(proof, body)
    blocks.append(Paragraph((Strong("Conclusion."), " By induction, the claim holds for every ", *_range(proof), ". ∎")))
    return (*blocks, *_notes(p))


def _lemma(lemma: Proof, body: Body) -> Iterator[Block]:
    p = lemma.proposition
    if p.letter:
        yield Paragraph((Strong("Lemma."), " ", p.relation, ", which is proved in the same way."))
        yield from _parts(lemma, body)
        return
    yield Paragraph((Strong("Lemma."), " ", f"{p.title}."))
    yield Equations((p.relation,))
    yield Paragraph((Strong("Proof of the lemma."),))
    yield from body(lemma.step)


def _notes(p: Proposition) -> Iterator[Block]:
    if p.remark:
        yield Note(_filled(marked_up(p.remark), p))
    if p.source:
        yield Note((f"Source: {p.source}",))


def _statement(p: Proposition) -> Iterator[Block]:
    said = [*_index(p.context), *_declarations(p)]
    if said:
        yield Paragraph(("Let ", *listed(said, ", "), "."))
    given = _given(p.context)
    if given:
        yield Paragraph(("Put",))
        yield Equations(tuple(given))
    if any(
        isinstance(t, Product) and system_of(p.context).is_array(t.body) for side in (p.left, p.right) for t in side.postorder()
    ):
        side = "largest" if DESCENDING in p.context.assumptions else "smallest"
        yield Paragraph(
            (
                f"In a product of matrices the factor with the {side} index stands on the left, and an empty product is the identity.",
            )
        )
    every: Words = (" For every ", Relation("≥", Sym(p.letter), number(p.start)), ":") if p.letter else ()
    bounds = p.context.sort(p.letter).bounds
    if bounds is not None:
        every = (" For every ", Fn("in", Sym(p.letter), Fn("integers", *bounds)), ":")
    yield Paragraph((Strong("Claim."), *every))
    yield Equations((p.at(Sym(p.letter)) if p.letter else p.relation,))


def _declarations(p: Proposition) -> Iterator[Words]:
    """What the letters are, and what is assumed of them."""
    for name, sort in p.context.sorts.items():
        if name in p.context.definitions or name.partition("_")[0] in p.context.definitions or sort.field == "integer":
            continue
        if sort.member and len(sort.shape) in (2, 3):
            yield (Fn("in", Entry(Sym(name), Sym(sort.member)), _space(sort.shape[1:])),)
        elif not is_number(sort.shape) and len(sort.shape) <= 2:
            yield (Fn("in", Sym(name), _space(sort.shape)),)
    for fact in p.context.assumptions:
        if not (p.letter and p.letter in fact.free) and _of_numbers(fact, p.context):
            yield (fact, *_for_every(fact, p.context))


def _of_numbers(fact: Term, context: Context) -> bool:
    """Whether a fact is about numbers, not about a size that is a whole number anyway, nor about a member of a sequence."""
    return (
        isinstance(fact, Relation)
        and not (isinstance(fact.left, Entry) and fact.op == "=")
        and not all(context.sort(x).field == "integer" for x in fact.free)
    )


def _for_every(fact: Term, context: Context) -> Words:
    """What the indices of the members run over that an assumption is about."""
    indices = sorted({x for e in fact.postorder() if isinstance(e, Entry) for k in e.children[1:] for x in k.free & fact.free})
    runs = [Fn("in", Sym(x), Fn("integers", *b)) for x in indices if (b := context.sort(x).bounds) is not None]
    return (" for ", *listed(((r,) for r in runs), ", ")) if runs else ()


def _space(sizes: tuple[Term, ...]) -> Term:
    return Fn("vectors", *sizes) if len(sizes) == 1 else Fn("matrices", *sizes)


def _given(context: Context) -> list[Term]:
    """The equations that define the sequences, bases first."""
    found: list[Term] = []
    for d in context.definitions.values():
        stem, _, low = d.name.partition("_")
        if d.parameters and not isinstance(d.body, Lambda):
            found.append(Relation("=", d.head, d.body))
        elif isinstance(d.body, Lambda):
            found.append(Relation("=", Entry(Sym(d.name), d.body.index), d.body.body))
        elif low.isdigit() and stem in context.definitions:
            found.append(Relation("=", Entry(Sym(stem), Num(int(low))), d.body))
    found += [f for f in context.assumptions if isinstance(f, Relation) and f.op == "=" and isinstance(f.left, Entry)]
    return found


def _index(context: Context) -> Iterator[Words]:
    """What the index of the recursions runs over."""
    found = dict.fromkeys(
        Fn("in", d.body.index, Fn("integers", d.body.low, d.body.high))
        for d in context.definitions.values()
        if isinstance(d.body, Lambda) and d.body.low is not None and d.body.high is not None
    )
    yield from ((t,) for t in found)


def _range(proof: Proof) -> Words:
    p = proof.proposition
    bounds = p.context.sort(p.letter).bounds
    if bounds is not None:
        return (Fn("in", Sym(p.letter), Fn("integers", *bounds)),)
    return (Relation("≥", Sym(p.letter), number(p.start)),)


def _parts(proof: Proof, body: Body) -> Iterator[Block]:
    p = proof.proposition
    here = Sym(p.letter)
    if proof.cases:
        yield Paragraph((Strong("The first members."), " Written out, they are"))
        for d in proof.cases:
            yield from body(d)
        yield Paragraph(("which suggests the claim. It is proved by induction on ", here, "."))
    else:
        yield Paragraph(("The proof is by induction on ", here, "."))
    first = [Relation("=", here, place) for place in _first_places(proof)]
    for place, d in zip(first, proof.base, strict=True):
        yield Paragraph((Strong("Base case."), " For ", place, ":"))
        yield from body(d)
    if proof.upwards:
        some: Words = (" Assume the claim for some ", Relation("≥", here, number(p.start + len(proof.base) - 1)), ":")
    else:
        bounds = p.context.sort(p.letter).bounds
        assert bounds is not None
        some = (" Let ", Relation("<", here, bounds[1]), ", and assume the claim for ", proof.hypothesis_place, ":")
    yield Paragraph((Strong("Induction hypothesis."), *some))
    yield Equations(proof.hypothesis)
    yield Paragraph((Strong("Induction step."), " Then, for ", proof.next, ":"))
    yield from body(proof.step)


def _first_places(proof: Proof) -> Iterable[Term]:
    p = proof.proposition
    if proof.upwards:
        return [number(p.start + k) for k in range(len(proof.base))]
    bounds = p.context.sort(p.letter).bounds
    assert bounds is not None
    return [bounds[1]]


def _filled(words: Words, p: Proposition) -> Words:
    """`{}` in the words of a remark as the parts of the right side, in order."""
    parts = _weights_and_bias(p.at(Sym(p.letter)).right)
    out: list[str | Term | Code | Strong] = []
    for w in words:
        if not isinstance(w, str):
            out.append(w)
            continue
        pieces = w.split("{}")
        for k, piece in enumerate(pieces):
            if k:
                out.append(next(parts))
            out.append(piece)
    return tuple(w for w in out if w != "")


def _weights_and_bias(right: Term) -> Iterator[Term]:
    """The first factor of the first summand, and the other summands."""
    first, *others = right.children if isinstance(right, Add) else (right,)
    yield first.children[0]
    yield from others
