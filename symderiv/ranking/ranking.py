"""`rank`: the images of a large collection that classifiers confuse most, by a score, in one pass over memory-mapped files.

>>> import numpy, tempfile, pathlib
>>> folder = pathlib.Path(tempfile.mkdtemp())
>>> numpy.save(folder / "net.npy", numpy.array([[0.9, 0.1, 0.0], [0.5, 0.4, 0.1], [0.0, 0.1, 0.9]]))
>>> [row.image for row in rank([folder / "net.npy"], pair=("puppy", "bagel"), classes=["puppy", "bagel", "cat"], top=2).rows]
[1, 0]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from symderiv.errors import ShapeError, SymderivError, UnknownName
from symderiv.ranking.distributions import Array
from symderiv.ranking.probabilities import Probabilities, open_probabilities, read_classes
from symderiv.ranking.scores import Pair, Score, score_named

Progress = Callable[[int, int], None]
"""Called after each piece: how many images are done, and how many there are."""

CELLS = 1_200_000
"""Numbers in a piece, about: 5 MB in single precision, so that what is computed of it stays near the processor."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What one network says of an image: its most probable class, with the probability, and the probabilities of the pair."""

    label: str
    probability: float
    of_pair: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One image: its row in the files, its score, and what each network says of it."""

    image: int
    value: float
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The most confusing images first."""

    score: Score
    networks: tuple[str, ...]
    images: int
    classes: int
    pair: tuple[str, str] | None
    rows: tuple[Row, ...]


def rank(
    paths: Sequence[str | Path],
    *,
    pair: tuple[str | int, str | int] | str | None = None,
    classes: Sequence[str] | str | Path | None = None,
    top: int = 50,
    score: str | None = None,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """The `top` most confusing images of (images × classes) arrays of probabilities, one .npy file for each network.

    `pair`: two classes by name or number, or `puppy,bagel`. `score`: a name of `SCORES`; without one, `confusion` for a pair, else
    `jensen_shannon` for several networks and `margin` for one. `chunk`: rows that are read at a time. Images of equal score stand in
    the order of their rows.

    Raises DomainError for a row that is no probability vector, ShapeError for shapes that do not fit, UnknownName for classes and scores.
    """
    chosen = score_named(score or ("confusion" if pair is not None else "jensen_shannon" if len(paths) > 1 else "margin"))
    if top < 1:
        raise SymderivError(f"the number of images to list is at least 1, not {top}")
    if chunk is not None and chunk < 1:
        raise SymderivError(f"the number of rows read at a time is at least 1, not {chunk}")
    if 0 < len(paths) < chosen.networks:
        raise ShapeError(f"the {chosen.title} compares at least {chosen.networks} networks", hint="give one file for each network")
    files = open_probabilities(paths)
    names = read_classes(classes, files.classes)
    numbers = None if pair is None else _pair(pair, names)
    if chosen.needs_pair and numbers is None:
        raise SymderivError(f"the {chosen.title} needs a pair of classes", hint="for example pair='puppy,bagel'")
    best = _best(files, chosen, numbers, top, chunk or max(1, CELLS // (files.classes * len(files.paths))), progress)
    return Ranking(
        chosen,
        tuple(p.name for p in files.paths),
        files.images,
        files.classes,
        None if numbers is None else (names[numbers[0]], names[numbers[1]]),
        tuple(Row(image, value, _guesses(row, names, numbers)) for image, value, row in best),
    )


def _best(
    files: Probabilities, score: Score, pair: Pair | None, top: int, rows: int, progress: Progress | None
) -> list[tuple[int, float, Array]]:
    """The images with the best scores, with their probabilities."""
    import numpy as np

    sign = -1.0 if score.large else 1.0
    kept: list[tuple[float, int, Array]] = []
    for start, piece in files.chunks(rows):
        values = sign * score.compute(piece, pair)
        worst = kept[-1][0] if len(kept) >= top else math.inf
        candidates = np.flatnonzero(values < worst) if len(kept) >= top else np.arange(len(values))
        if len(candidates) > top:
            nearest = np.argsort(values[candidates], kind="stable")[:top]
            candidates = candidates[nearest]
        kept += [(float(values[n]), start + int(n), piece[:, n].copy()) for n in candidates]
        kept = sorted(kept, key=lambda found: found[:2])[:top]
        if progress is not None:
            progress(min(start + rows, files.images), files.images)
    return [(image, sign * value + 0.0, probabilities) for value, image, probabilities in kept]


def _guesses(probabilities: Array, names: Sequence[str], pair: Pair | None) -> tuple[Guess, ...]:
    found = []
    for row in probabilities:
        k = int(row.argmax())
        found.append(Guess(names[k], float(row[k]), tuple(float(row[c]) for c in pair or ())))
    return tuple(found)


def _pair(pair: tuple[str | int, str | int] | str, names: Sequence[str]) -> Pair:
    """The numbers of two different classes."""
    parts: Sequence[str | int] = _split(pair, names) if isinstance(pair, str) else pair
    if len(parts) != 2:
        raise SymderivError(f"a pair has two classes, not {len(parts)}: {pair}", hint="for example puppy,bagel")
    a, b = (_number(c, names) for c in parts)
    if a == b:
        raise SymderivError(f"a pair has two different classes, not twice {names[a]}")
    return a, b


def _split(pair: str, names: Sequence[str]) -> list[str]:
    """The text cut at the comma; names may have commas themselves, as those of ImageNet do."""
    parts = [part.strip() for part in pair.split(",")]
    cuts = [(", ".join(parts[:n]), ", ".join(parts[n:])) for n in range(1, len(parts))]
    known = [cut for cut in cuts if cut[0] in names and cut[1] in names]
    return list(known[0]) if len(known) == 1 else parts


def _number(given: str | int, names: Sequence[str]) -> int:
    if isinstance(given, str):
        found = [k for k, name in enumerate(names) if name == given]
        if len(found) > 1:
            raise SymderivError(
                f"{len(found)} classes are called {given!r}", hint=f"give the number of one: {', '.join(map(str, found))}"
            )
        if found:
            return found[0]
        if not given.isdecimal():
            near = get_close_matches(given, names, n=3, cutoff=0.5)
            hint = (
                f"did you mean {' or '.join(near)}?" if near else f"there are {len(names)} classes, such as {', '.join(names[:3])}"
            )
            raise UnknownName(f"no class is called {given!r}", hint=hint)
    k = int(given)
    if not 0 <= k < len(names):
        raise UnknownName(f"there is no class number {k}", hint=f"classes are numbered from 0 to {len(names) - 1}")
    return k
