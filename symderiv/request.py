"""What a person asks for, made precise: `derive`, `gradient`, `backprop`, `equal`.

A function is given as a name of the catalogue, as text (plain maths or LaTeX, an expression or `f(x) = …`), as a SymPy expression,
or as a Term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from symderiv.catalogue import CATALOGUE, NAMES, Row
from symderiv.compare import Asked, equal, merged, refuse_nonsense, sizes_in, with_catalogue, with_rows, with_rows_of
from symderiv.decide import decide, derivative_of, has_knots
from symderiv.derive import (
    Backpropagation,
    Derivation,
    Remark,
    backpropagate,
    derivative,
    hessian,
    jacobian,
    matrix_gradient,
    once_more,
    with_forms,
)
from symderiv.errors import NotDerivable, SymderivError, UnknownName
from symderiv.read import let as declared
from symderiv.read import reading
from symderiv.rules.differentials import Varying
from symderiv.terms import (
    FUNCTIONS,
    ONE,
    And,
    Array,
    Context,
    Definition,
    Derivative,
    Entry,
    Fn,
    Not,
    Or,
    Relation,
    Sym,
    Term,
    Truth,
    index,
    substitute,
)
from symderiv.terms import replace as replaced
from symderiv.terms.shapes import DENOMINATOR, NUMERATOR, SizeNotSaid, shape

INDICES: Final = "ijklrs"
"""Letters for entries by which is differentiated, where none are declared."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is differentiated: a definition or a bare expression, its letters, the row of the catalogue that it is, notes on reading it."""

    of: Definition | Term
    context: Context
    row: Row | None = None
    remarks: tuple[Remark, ...] = ()
    other: Term | None = None

    @property
    def body(self) -> Term:
        """The expression."""
        return self.of.body if isinstance(self.of, Definition) else self.of

    def letters(self, order: int = 1) -> tuple[str, ...]:
        """The letters by which it can be differentiated, in the order of x1, x2, x10; for a row that is differentiated by an entry, that one.

        Second derivatives are taken by every two entries.
        """
        if self.row is not None:
            return (self.row.by if self.row.by and order == 1 else self.row.variable,)
        if isinstance(self.of, Definition) and self.of.parameters:
            return self.of.parameters
        return tuple(sorted(_letters(self.body, self.context), key=_natural))


def _letters(t: Term, context: Context) -> set[str]:
    out: set[str] = set()
    for name in t.free:
        d = context.definitions.get(name)
        if d is None:
            out.add(name)
        elif not d.parameters:
            out |= _letters(d.body, context)
    return out


def _natural(name: str) -> tuple[str, int, str]:
    stem, _, index = name.partition("_")
    return stem, int(index) if index.isdigit() else -1, index


def subject(asked: Asked, context: Context | None = None) -> Subject:
    """Read what is asked for. Raises ReadError for text that cannot be read, UnknownName for a name that is not known."""
    context = context or Context()
    if isinstance(asked, Term):
        return _recognised(Subject(asked, context))
    if not isinstance(asked, str):
        from symderiv.terms.sympy_border import from_sympy

        return _recognised(Subject(from_sympy(asked), context))
    text = asked.strip()
    if (row := NAMES.get(text)) is not None:
        return of_row(row, context)
    if text in FUNCTIONS and FUNCTIONS[text].arity == 1:
        return subject(f"{text}(x)", context)
    if text.isidentifier() and len(text) > 2 and text not in context.definitions and text not in context.sorts:
        raise UnknownName.among("function of the catalogue", text, [*NAMES])
    read = reading(asked, with_catalogue(context), functions=tuple(NAMES))
    refuse_nonsense(read.term)
    context = with_rows_of((read.term,), context)
    match read.term:
        case Relation("=", Fn(name, args), body) if all(isinstance(a, Sym) for a in args):
            found: Definition | Term = Definition(name, tuple(a.name for a in args if isinstance(a, Sym)), body.bare)
        case Relation("=", Sym(name), body):
            found = Definition(name, (), body.bare)
        case Array():
            raise SymderivError("this is a vector or a matrix", read.term.span, "give its entries one by one")
        case Relation() | And() | Or() | Not() | Truth():
            raise SymderivError(
                "a relation has no derivative",
                read.term.span,
                "give an expression, f(x) = … or z = …; to compare two sides use `equal`",
            )
        case term:
            found = term
    other = next((n.other for n in read.notes if n.kind == "ambiguity" and n.other is not None), None)
    if isinstance(other, Relation):
        other = other.right
    return _recognised(Subject(found, context, other=None if other is None else other.bare))


def of_row(row: Row, context: Context | None = None) -> Subject:
    """A row of the catalogue as what is asked for."""
    context = merged(context or Context(), row.context)
    return Subject(row.definition, with_rows(context, [CATALOGUE[name] for name in row.uses]), row)


def _recognised(asked: Subject) -> Subject:
    """The same with the row of the catalogue that it is equal to, if it has one letter and is equal to one for all values."""
    letters = asked.letters()
    if len(letters) != 1 or asked.body.size > 60:
        return asked
    for row in CATALOGUE.values():
        if row.by or row.letters or (row.definition.body.free - {row.variable}):
            continue
        body = substitute(row.definition.body, {row.variable: Sym(letters[0])})
        verdict = decide(asked.body, body, with_rows(asked.context, [CATALOGUE[n] for n in row.uses]))
        if verdict.kind == "proved" and not verdict.conditions:
            return _as_row(asked, row, letters[0])
    return asked


def _as_row(asked: Subject, row: Row, letter: str) -> Subject:
    remark = Remark(f"this is the {row.title} of the catalogue ({row.source})")
    context = with_rows(asked.context, [CATALOGUE[n] for n in row.uses])
    of = asked.of if isinstance(asked.of, Definition) and asked.of.parameters else Definition(row.name, (letter,), asked.body.bare)
    return replace(
        asked, of=of, context=context, row=replace(row, variable=letter) if letter != row.variable else row, remarks=(remark,)
    )


def _goal(asked: Subject, order: int, places: Sequence[Term]) -> Term | None:
    """The textbook form of the derivative of the row, in terms of the name that was given and of the entries by which it is taken."""
    if asked.row is None or not isinstance(asked.of, Definition):
        return None
    original = CATALOGUE[asked.row.name]
    goal = original.goal if order == 1 else original.second_goal if order == 2 else None
    if goal is None:
        return None
    name, (letter,) = asked.of.name, asked.of.parameters
    indices = [p.indices[0].name for p in places[:order] if isinstance(p, Entry) and isinstance(p.indices[0], Sym)]
    renaming = dict(zip(original.indices(order), map(Sym, indices), strict=False))
    goal = substitute(goal, {original.variable: Sym(letter), **renaming})

    def renamed(t: Term) -> Term | None:
        return Fn(name, *t.children) if isinstance(t, Fn) and t.name == original.name else None

    return goal if name == original.name else replaced(goal, renamed)


def _known(asked: Subject) -> list[Definition]:
    """The derivatives of the catalogue's functions that are used."""
    own = asked.of.name if isinstance(asked.of, Definition) else ""
    used = [CATALOGUE[n].known for n in asked.context.definitions if n in CATALOGUE and n != own and _smooth(CATALOGUE[n])]
    sizes = sizes_in((asked.body,), asked.context)
    return [replace(d, body=substitute(d.body, sizes)) for d in used]


def _smooth(row: Row) -> bool:
    return not has_knots(row.definition.body)


__all__ = [
    "Subject",
    "backprop",
    "derive",
    "derive_subject",
    "equal",
    "goal_for",
    "gradient",
    "gradient_of",
    "laid_out",
    "letters_for",
    "of_row",
    "subject",
]


def derive(
    asked: Asked,
    wrt: str | None = None,
    *,
    let: str = "",
    goal: Asked | None = None,
    order: int = 1,
    layout: str = "",
    context: Context | None = None,
) -> Derivation:
    """The derivation of the derivative of a function by `wrt`, which may be left out where it has one letter.

    `let`: what its letters are ("a > 0, n integer"). `goal`: the form that the derivation is to end in. `order`: 2 for the second
    derivative. `layout`: of derivatives by vectors and matrices, "denominator" (a gradient has the shape of its variable) or "numerator".

    >>> str(derive("x^2*exp(x)").result)
    'x*exp(x)*(2 + x)'
    >>> str(derive("sigmoid").result)
    'sigmoid(x)*(1 - sigmoid(x))'
    """
    context = laid_out(context or Context(), layout)
    of = subject(asked, declared(let, context) if let else context)
    letters = letters_for(of, () if wrt is None else (wrt,), order)
    if len(letters) > 1:
        raise SymderivError(f"by which letter? {of.body} has {', '.join(letters)}", hint="say wrt=…, or ask for the gradient")
    return derive_subject(of, letters[0], goal=None if goal is None else goal_for(goal, of), order=order)


LAYOUTS: Final = {"": (), "denominator": (DENOMINATOR,), "numerator": (NUMERATOR,)}
"""What is assumed of the layout of derivatives; denominator layout is taken where nothing is said."""


def laid_out(context: Context, layout: str) -> Context:
    """The context in which derivatives are laid out so. Raises UnknownName for a layout that does not exist."""
    if layout not in LAYOUTS:
        raise UnknownName.among("layout", layout, [*filter(None, LAYOUTS)])
    return context.assume(*LAYOUTS[layout])


def letters_for(of: Subject, wrt: Sequence[str], order: int = 1) -> tuple[str, ...]:
    """The letters by which to differentiate: those asked for, as the reader spells them, or all that the subject has."""
    asked = []
    for text in wrt:
        match reading(text, of.context).term:
            case Sym(name):
                asked.append(name)
            case Entry() as t if isinstance(t.family, Sym):
                asked.append(str(t))
            case term:
                raise SymderivError(f"{text} is not a letter", term.span, "differentiate by one letter at a time")
    return tuple(asked) or of.letters(order) or ("x",)


def goal_for(goal: Asked, of: Subject) -> Term:
    """The form that a derivation is to end in, read with the name of what is differentiated as a function."""
    if isinstance(goal, Term):
        return goal
    if not isinstance(goal, str):
        from symderiv.terms.sympy_border import from_sympy

        return from_sympy(goal)
    names = [of.of.name] if isinstance(of.of, Definition) and of.of.parameters else []
    return reading(goal, with_catalogue(of.context), functions=(*NAMES, *names)).term


def derive_subject(of: Subject, letter: str, *, goal: Term | None = None, order: int = 1) -> Derivation:
    """The derivation for a subject that was read."""
    by = reading(letter, of.context).term.bare
    whole = isinstance(by, Sym) and bool(of.context.sort(by.name).shape)
    plain = replace(of, other=None, remarks=())
    if not whole:
        found = _by_entries(plain, (by,) * order, goal)
    else:
        assert isinstance(by, Sym)
        try:
            found = _by_array(plain, by, goal, order)
        except (NotDerivable, SizeNotSaid) as reason:
            indexed = _with_indices(plain, by, order)
            if indexed is None:
                raise
            try:
                found = _by_entries(*indexed, goal)
            except NotDerivable:
                raise reason from None
    remarks = list(of.remarks)
    if of.other is not None:
        remarks.append(_misreading(of, (letter,), order))
    if not (by.free & _letters(of.body, of.context)):
        remarks.append(Remark("{} does not occur, so the derivative is 0", (by,)))
    found = found if found.forms else with_forms(found)
    return replace(
        found.with_remarks(remarks), title=found.title or _title(of, order, whole), source=of.row.source if of.row else ""
    )


def _by_array(of: Subject, by: Sym, goal: Term | None, order: int) -> Derivation:
    """The gradient by a whole vector or matrix, or the matrix of second derivatives by a vector."""
    first = _textbook(of, goal, 1, order)
    if goal is None and first is not None and NUMERATOR in of.context.assumptions:
        first = Varying(by, of.context).turned(first)
    if order == 1 and len(of.context.sort(by.name).shape) == len(shape(of.body.bare, of.context)) == 1:
        return jacobian(of.of, by.name, of.context, goal=first, known=_known(of))
    gradient = matrix_gradient(of.of, by.name, of.context, goal=first, known=_known(of))
    if order == 1:
        return gradient
    if order > 2 or len(of.context.sort(by.name).shape) > 1:
        which = "second derivatives" if order == 2 else f"derivatives of order {order}"
        raise NotDerivable(f"{which} by {by}, which is an array, are not derived", hint="ask for the first")
    return hessian(gradient, goal=_textbook(of, goal, 2, order), known=_known(of))


def _by_entries(of: Subject, places: Sequence[Term], goal: Term | None) -> Derivation:
    """The derivative by a letter or an entry, and that of the result by each of those that follow."""
    order = len(places)
    found = derivative(
        of.of,
        places[0],
        of.context,
        head=of.row.head if of.row and of.row.entry else None,
        goal=_textbook(of, goal, 1, order, places),
        known=_known(of),
    )
    for n, by in enumerate(places[1:], start=2):
        known = (*_known(of), *([CATALOGUE[of.row.name].known] if of.row and of.row.entry else ()))
        found = once_more(found, by, goal=_textbook(of, goal, n, order, places), known=known)
    return found


def _textbook(of: Subject, goal: Term | None, n: int, order: int, places: Sequence[Term] = ()) -> Term | None:
    """What the derivation of the derivative of order n is to end in, on the way to one of another order: the goal, or as the row has it."""
    if goal is not None or of.row is None:
        return goal if n == order else None
    return _goal(of, n, places)


def _with_indices(of: Subject, letter: Sym, order: int) -> tuple[Subject, tuple[Term, ...]] | None:
    """Entries z_j, z_k, … of a vector z, with indices over its length that the subject does not have, and the subject with these declared."""
    sort = of.context.sort(letter.name)
    if len(sort.shape) != 1:
        return None
    taken = _letters(of.body, of.context) | ({of.row.entry} if of.row else set())
    over = index(ONE, sort.shape[0])
    found = [name for name, s in of.context.sorts.items() if s.bounds == over.bounds and name not in taken]
    free = (x for x in INDICES if x not in taken and x not in of.context.sorts and x not in of.context.definitions)
    context = of.context
    for name in islice(free, max(order - len(found), 0)):
        context = context.declare(name, over)
        found.append(name)
    if len(found) < order:
        return None
    return replace(of, context=context), tuple(Entry(letter, Sym(name)) for name in found[:order])


def _title(of: Subject, order: int, whole: bool) -> str:
    names = ("Gradient", "Hessian") if whole else ("Derivative", "Second derivative")
    what = names[order - 1] if order <= 2 else f"Derivative of order {order}"
    return f"{what} of the {CATALOGUE[of.row.name].title}" if of.row else what


def _misreading(of: Subject, letters: Sequence[str], order: int = 1) -> Remark:
    """The reading of an ambiguous fraction that was not taken, and what would follow from it."""
    assert of.other is not None
    others = [derivative(of.other, letter, of.context, order=order, known=_known(of)).result for letter in letters]
    shown = [Relation("=", Derivative(Sym(_name(of)), Sym(x), order), other) for x, other in zip(letters, others, strict=True)]
    return Remark(
        "`a/b*c` is read from left to right, as (a/b) c, so the expression is {}. It is often misread with the product in the denominator, "
        "as {}; with that reading {}",
        (of.body, of.other, *shown),
    )


def _name(of: Subject) -> str:
    return of.of.name if isinstance(of.of, Definition) else "z"


def gradient(asked: Asked, wrt: Sequence[str] = (), *, let: str = "", context: Context | None = None) -> tuple[Derivation, ...]:
    """All partial derivatives of an expression, one derivation for each letter (or for those of `wrt`)."""
    of = subject(asked, declared(let, context or Context()) if let else context)
    return gradient_of(of, letters_for(of, wrt))


def gradient_of(of: Subject, letters: Sequence[str], *, goal: Term | None = None, order: int = 1) -> tuple[Derivation, ...]:
    """One derivation for each letter; what is to be said of all of them stands with the last."""
    plain = replace(of, other=None, remarks=())
    derived = [derive_subject(plain, letter, goal=goal, order=order) for letter in letters]
    remarks = list(of.remarks)
    if of.other is not None:
        affected = [x for x in letters if x in of.body.free and _differs(of, x)]
        remarks.append(_misreading(of, affected or letters, order))
    return (*derived[:-1], derived[-1].with_remarks(remarks))


def _differs(of: Subject, letter: str) -> bool:
    """Whether the derivative by a letter depends on how the fraction is read."""
    assert of.other is not None
    here, there = (derivative_of(t, letter, of.context) for t in (of.body, of.other))
    return decide(here, there, of.context).kind != "proved"


def backprop(asked: Asked, wrt: Sequence[str] = (), *, let: str = "", context: Context | None = None) -> Backpropagation:
    """All partial derivatives by one backward pass through the computation graph."""
    of = subject(asked, declared(let, context or Context()) if let else context)
    output = Definition(_name(of), (), of.body)
    return backpropagate(output, letters_for(of, wrt), of.context, _known(of))
