"""What a document says of the weights of a whole network of linear layers: judged against what its layers compute together.

"The weights connecting the input layer to the output layer are given by $w_{ij}^{(N)}$" says that the network computes W^{(N)} x.
Layers may be written in components, z_i^{(l)} = Σ_j w_ij^{(l)} a_j^{(l-1)}, or as h_l = W_l h_{l-1} + b_l.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from symderiv.decide import Verdict, decide, sequences
from symderiv.decide.sequences import DESCENDING, System, system_of
from symderiv.decide.sequences.system import family_of
from symderiv.terms import (
    ONE,
    ZERO,
    Add,
    Context,
    Definition,
    Entry,
    Layer,
    Mul,
    Num,
    Relation,
    Sort,
    Sum,
    Sym,
    Term,
    minus,
    plus,
    times,
)
from symderiv.terms import replace as replaced
from symderiv.write.notations import latex

_SAYS: Final = (
    re.compile(
        r"\bweights?\b[^.]*\b(?:input|whole|entire|equivalent|reduced|resulting|single|one)\b[^.]*\b(?:is|are|by|equals?|becomes?)\s*$",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:single|one)[- ](?:linear )?layer\b[^.]*\bweights?(?: matrix)?\s*$", re.IGNORECASE),
)
_INPUT: Final = Sym("input")


def speaks_of_weights(words: str) -> bool:
    """Whether words say that the formula after them is the weights of a whole network."""
    return any(pattern.search(" ".join(words.split())) for pattern in _SAYS)


def judge_weights(said: Term, context: Context, equations: Mapping[Term, Term]) -> tuple[Verdict, str, str] | None:
    """The verdict on the weights, the reason in words, and the right weights in LaTeX; None where no layers are known."""
    network = _network(context, equations)
    if network is None:
        return None
    name, system, form = network
    letter = form.parameters[0]
    weights = _weights(form.body)
    claimed = _as_matrix(system.settled(said), system)
    if weights is None or not system.is_array(claimed):
        return None
    member = Entry(Sym(name), Sym(letter))
    rest = minus(form.body, times(weights, _INPUT))
    right = times(claimed, _INPUT) if rest == ZERO else plus(times(claimed, _INPUT), rest)
    verdict = sequences.decide(member, right, system.context, decide, equations={})
    if verdict.kind == "proved":
        return verdict, "", latex(weights)
    if verdict.kind == "refuted":
        reason = f"the layers compute {latex(form.body)} of an input {latex(_INPUT)}: its weights are the product over all layers, not these"
        return verdict, reason.replace(latex(_INPUT), "x"), latex(weights)
    return verdict, "; ".join(verdict.tried), ""


def _network(context: Context, equations: Mapping[Term, Term]) -> tuple[str, System, Definition] | None:
    """The last family of layers that depend on the one before in a linear way, with a letter for the input, and its closed form."""
    layers: dict[str, tuple[str, Term]] = {}
    for name, layer in _layers(equations):
        layers.setdefault(name, layer)
    given = system_of(context.assume(DESCENDING))
    for name in given.recursions:
        layers.setdefault(name, (given.recursions[name].letter, given.recursions[name].body))
    layers = {name: (letter, _opened(body, letter, layers)) for name, (letter, body) in layers.items()}
    here = context.assume(DESCENDING).declare("input", Sort(shape=(Sym("n_0"),)))
    given_families = {f: index for index, body in layers.values() for f in _families(body, index) if f not in layers}
    for family, letter in given_families.items():
        if not here.sort(family).member:
            matrix = _multiplies(family, [body for _, body in layers.values()])
            sizes = (Entry(Sym("n"), Sym(letter)), Entry(Sym("n"), minus(Sym(letter), ONE)))
            here = here.declare(family, Sort(shape=(Sym("N"), *(sizes if matrix else sizes[:1])), member=letter))
    for name, (letter, body) in reversed(layers.items()):
        facts = tuple(Relation("=", Entry(Sym(name), at), value) for at, value in ((Num(0), _INPUT), (Sym(letter), body)))
        definitions = {n: d for n, d in here.definitions.items() if n.partition("_")[0] != name}
        system = system_of(Context(here.sorts, definitions, (*here.assumptions, *facts)))
        form = sequences.closed_form(system, name)
        if form is not None and system.is_array(form.body):
            return name, system, form
    return None


def _layers(equations: Mapping[Term, Term]) -> Iterator[tuple[str, tuple[str, Term]]]:
    """Families of layers, with the letter of the layer and what a layer is, in vectors."""
    for head, body in equations.items():
        match head:
            case Entry(children=(Layer(children=(Sym(name), Sym(letter))), Sym(i))):
                vector = _vector(body, i)
                if vector is not None:
                    yield name, (letter, _settled(vector))
            case Layer(children=(Sym(name), Sym(letter))):
                yield name, (letter, _settled(body))


def _settled(t: Term) -> Term:
    return system_of(Context()).settled(t)


def _vector(t: Term, i: str) -> Term | None:
    """A term in the component i as a vector: Σ_j w_ij a_j is W a."""
    match t:
        case Add(args):
            parts = [_vector(a, i) for a in args]
            return None if any(p is None for p in parts) else plus(*(p for p in parts if p is not None))
        case Entry(children=(Layer() as family, Sym(k))) if k == i:
            return family
        case Sum(body=Mul((Entry(children=(Layer() as w, Sym(row), Sym(column))), Entry(children=(Layer() as a, Sym(k)))))) as s:
            if row == i and column == k == s.index.name:
                return Mul(w, a)
    return None


def _opened(body: Term, letter: str, layers: Mapping[str, tuple[str, Term]]) -> Term:
    """A layer with those of the same number put in: a_l = z_l is W_l a_{l-1}."""

    def put(t: Term) -> Term | None:
        name = family_of(t)
        if name is not None and name in layers and t.children[1] == Sym(letter) and layers[name][0] == letter:
            return layers[name][1]
        return None

    for _ in range(len(layers)):
        body = replaced(body, put)
    return body


def _families(body: Term, letter: str) -> set[str]:
    return {name for t in body.postorder() if (name := family_of(t)) is not None and letter in t.free}


def _multiplies(family: str, bodies: list[Term]) -> bool:
    """Whether a family stands as a factor of something else: W of W_l a_{l-1}, not b."""
    return any(isinstance(t, Mul) and family_of(t.children[0]) == family for b in bodies for t in b.postorder())


def _as_matrix(t: Term, system: System) -> Term:
    """w_ij^{(N)} as the matrix that it is the entry of."""

    def whole(s: Term) -> Term | None:
        match s:
            case Entry(children=(Entry(children=(Sym(), _)) as member, _, _)):
                return member
        return None

    return system.settled(replaced(t, whole))


def _weights(form: Term) -> Term | None:
    """What stands before the input in a closed form."""
    for part in form.children if isinstance(form, Add) else (form,):
        if isinstance(part, Mul) and part.children[-1] == _INPUT:
            return times(*part.children[:-1])
    return None
