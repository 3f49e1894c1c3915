"""Places in a term: each occurrence of a subterm by the path to it, and the term with another one put there."""

from __future__ import annotations

from collections.abc import Iterator

from symderiv.terms import Term

Path = tuple[int, ...]


def places(term: Term, most: int) -> Iterator[tuple[Path, Term]]:
    """The first occurrences of subterms, from the top down and from left to right."""
    stack: list[tuple[Path, Term]] = [((), term)]
    for _ in range(most):
        if not stack:
            return
        path, t = stack.pop()
        yield path, t
        stack.extend(((*path, k), c) for k, c in reversed(list(enumerate(t.children))))


def put_at(term: Term, path: Path, new: Term) -> Term:
    """The term with another one at a place."""
    spine = [term]
    for k in path[:-1]:
        spine.append(spine[-1].children[k])
    for parent, k in zip(reversed(spine), reversed(path), strict=False) if path else ():
        children = list(parent.children)
        children[k] = new
        new = parent.rebuild(children)
    return new


def at(term: Term, path: Path) -> Term:
    """The subterm at a place."""
    for k in path:
        term = term.children[k]
    return term
