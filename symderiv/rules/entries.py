"""From entries back to arrays: what stands in row i and column j is one entry of one matrix; and δ_ij, case by case.

diagonal_entry    δ_ij u_i = diag(u)_ij, δ_ij = I_ij
outer_entry       u_i v_j = (u vᵀ)_ij, u_i A_ij v_j = (diag(u) A diag(v))_ij, A_ji = (Aᵀ)_ij
entries_added     A_ij + B_ij = (A + B)_ij, c A_ij = (c A)_ij
delta_case        δ_ij = 1 for i = j, δ_ij = 0 for i ≠ j
same_index        u_j = u_i for i = j
"""

from __future__ import annotations

from dataclasses import dataclass, field

from symderiv.rules.step import Rewrite, Rule
from symderiv.terms import ONE, ZERO, Add, Div, Entry, Fn, Mul, Neg, Relation, Sym, Term, neg, plus, substitute, times


@dataclass(frozen=True, slots=True)
class Place:
    """Row i and column j of a matrix, and how many rows and columns it has."""

    row: Sym
    column: Sym
    rows: Term
    columns: Term

    def of(self, matrix: Term) -> Entry:
        """A_ij."""
        return Entry(matrix, self.row, self.column)

    def elsewhere(self, t: Term) -> bool:
        """Whether a term depends on neither index."""
        return not {self.row.name, self.column.name} & t.free

    def matrix(self, t: Term) -> Term | None:
        """A with t = A_ij; None for anything else."""
        match t:
            case Entry(children=(family, i, j)) if (i, j) == (self.row, self.column) and self.elsewhere(family):
                return family
        return None


@dataclass(slots=True)
class _Factors:
    """A product by what its factors depend on: c δ_ij u_i v_j A_ij."""

    scalars: list[Term] = field(default_factory=list)
    of_row: list[Term] = field(default_factory=list)
    of_column: list[Term] = field(default_factory=list)
    matrices: list[Term] = field(default_factory=list)
    delta: bool = False


def _sorted(t: Term, place: Place) -> _Factors | None:
    found = _Factors()
    for f in t.children if isinstance(t, Mul) else (t,):
        match f:
            case Fn("delta", (i, j)) if {i, j} == {place.row, place.column} and not found.delta:
                found.delta = True
            case Entry(children=(family, i)) if place.elsewhere(family) and i == place.row:
                found.of_row.append(family)
            case Entry(children=(family, j)) if place.elsewhere(family) and j == place.column:
                found.of_column.append(family)
            case Entry(children=(family, i, j)) if place.elsewhere(family) and (i, j) == (place.row, place.column):
                found.matrices.append(family)
            case Entry(children=(family, j, i)) if place.elsewhere(family) and (i, j) == (place.row, place.column):
                found.matrices.append(Fn("transpose", family))
            case _ if place.elsewhere(f):
                found.scalars.append(f)
            case _:
                return None
    return found


def _entrywise(vectors: list[Term]) -> Term:
    return vectors[0] if len(vectors) == 1 else Fn("hadamard", *vectors)


def folding(place: Place) -> tuple[Rule, ...]:
    """The rules that write a sum of products of entries as one entry of a matrix."""

    def written(scalars: list[Term], matrix: Term, t: Term) -> Rewrite:
        bare = times(*(f for f in (t.children if isinstance(t, Mul) else (t,)) if f not in scalars))
        entry = place.of(matrix)
        return Rewrite(times(*scalars, entry), (), (Relation("=", bare, entry),))

    def diagonal(t: Term) -> Rewrite | None:
        found = _sorted(t, place) if isinstance(t, (Mul, Fn)) else None
        if found is None or not found.delta or found.matrices:
            return None
        vectors = found.of_row + found.of_column
        return written(found.scalars, Fn("diag", _entrywise(vectors)) if vectors else Fn("identity", place.rows), t)

    def outer(t: Term) -> Rewrite | None:
        found = _sorted(t, place) if isinstance(t, (Mul, Entry)) and place.matrix(t) is None else None
        if found is None or found.delta or len(found.matrices) > 1:
            return None
        if not (found.matrices or found.of_row or found.of_column):
            return None
        if found.matrices:
            sides = (found.of_row, found.of_column)
            before, after = ([Fn("diag", _entrywise(vectors))] if vectors else [] for vectors in sides)
            matrix = times(*before, found.matrices[0], *after)
            return written(found.scalars, matrix, t) if len(found.scalars) < len(t.children) - 1 or isinstance(t, Entry) else None
        left = _entrywise(found.of_row) if found.of_row else Fn("ones", place.rows)
        right = _entrywise(found.of_column) if found.of_column else Fn("ones", place.columns)
        return written(found.scalars, Mul(left, Fn("transpose", right)), t)

    def added(t: Term) -> Rewrite | None:
        found = None if place.matrix(t) is not None else _together(t, place)
        return None if found is None else Rewrite(place.of(found), (), (Relation("=", t, place.of(found)),))

    return (
        Rule("diagonal_entry", "\\delta_{ij}\\,u_i = \\operatorname{diag}(u)_{ij}", "{}", "{}", diagonal, "delta(i, j)*z[i]"),
        Rule("outer_entry", "u_i\\,v_j = (u\\,v^\\top)_{ij}", "{}", "{}", outer, "z[i]*z[j]"),
        Rule(
            "entries_added",
            "A_{ij}+B_{ij} = (A+B)_{ij}",
            "entries of sums and multiples",
            "",
            added,
            "A[i, j] + B[i, j]",
            small=True,
        ),
    )


def _together(t: Term, place: Place) -> Term | None:
    """A with t = A_ij, through sums, signs, and factors that are numbers."""
    match t:
        case Neg(a):
            return None if (found := _together(a, place)) is None else neg(found)
        case Add(args):
            parts = [_together(a, place) for a in args]
            terms = [p for p in parts if p is not None]
            return plus(*terms) if len(terms) == len(parts) else None
        case Div(a, c) if place.elsewhere(c):
            return None if (found := _together(a, place)) is None else Div(found, c)
        case Mul((*numbers, a)) if all(map(place.elsewhere, numbers)):
            return None if (found := _together(a, place)) is None else times(*numbers, found)
    return place.matrix(t)


def delta_case(i: Sym, j: Sym, equal: bool) -> Rule:
    """δ_ij = 1 for i = j, δ_ij = 0 for i ≠ j."""
    value = ONE if equal else ZERO

    def known(t: Term) -> Rewrite | None:
        match t:
            case Fn("delta", (a, b)) if {a, b} == {i, j}:
                return Rewrite(value, (), (Relation("=", t, value), Relation("=" if equal else "≠", i, j)))
        return None

    statement = "\\delta_{ij} = 1 \\text{ for } i = j" if equal else "\\delta_{ij} = 0 \\text{ for } i \\ne j"
    return Rule("delta_case", statement, "{}, as {}", "", known, "delta(i, j)", everywhere=True, heads=frozenset(("delta",)))


def same_index(i: Sym, j: Sym) -> Rule:
    """u_j = u_i for i = j."""

    def renamed(t: Term) -> Rewrite | None:
        return Rewrite(substitute(t, {j.name: i}), (), (Relation("=", j, i),)) if j.name in t.free else None

    return Rule("same_index", "u_j = u_i \\text{ for } i = j", "as {}", "", renamed, "z[j]", small=True)
