"""Probability vectors in .npy files, read in chunks of rows and judged before they are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from symderiv.errors import DomainError, ReadError, ShapeError, SymderivError
from symderiv.ranking.distributions import Array

TOLERANCE: Final = {"float16": 2e-3, "float32": 1e-4, "float64": 1e-6}
"""How far the sum of a row may be from 1, by the type of its numbers; rows are then divided by their sum."""


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Files of one shape, images × classes, one for each network."""

    paths: tuple[Path, ...]
    images: int
    classes: int

    def chunks(self, rows: int) -> Iterator[tuple[int, Array]]:
        """The first row and networks × rows × classes for each piece, every row checked and divided by its sum.

        Files are mapped anew for each piece, so that no more than a piece stays in memory; the array is used again for the next one. Raises DomainError for numbers that are not
        probabilities.
        """
        import numpy as np

        kinds = [_open(path).dtype for path in self.paths]
        kind = np.float64 if any(k.name == "float64" for k in kinds) else np.float32
        whole = np.empty((len(self.paths), min(rows, self.images), self.classes), kind)
        for start in range(0, self.images, rows):
            end = min(start + rows, self.images)
            piece = whole[:, : end - start]
            for n, path in enumerate(self.paths):
                _converted(_open(path)[start:end], piece[n])
                sums = checked(piece[n], path.name, start, TOLERANCE[kinds[n].name])
                piece[n] /= sums[:, None]
            yield start, piece


def _converted(rows: Array, out: Array) -> None:
    """Put rows into an array of wider floats; half precision by a table of all of its numbers, which is several times faster."""
    import numpy as np

    if rows.dtype == np.float16 and rows.dtype.isnative and out.dtype == np.float32:
        np.take(_half_precision(), rows.view(np.uint16), out=out, mode="clip")
    else:
        out[...] = rows


@cache
def _half_precision() -> Array:
    import numpy as np

    return np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)


def checked(rows: Array, name: str, start: int, tolerance: float) -> Array:
    """The sums of rows of probabilities; raises DomainError with the file, the row and the reason if one is none."""
    import numpy as np

    sums = rows.sum(axis=1)
    bad = ~(np.abs(sums - 1) <= tolerance)
    if not rows.min() >= 0:
        bad |= ~(rows.min(axis=1) >= 0)
    if bad.any():
        n = int(bad.argmax())
        raise DomainError(
            f"{name}, row {start + n}: {_reason(rows[n])}",
            hint="rows are counted from 0; each holds the probabilities of all classes",
        )
    return sums


def _reason(row: Array) -> str:
    import numpy as np

    for what, found in (("is not a number (NaN)", np.isnan(row)), ("is infinite", np.isinf(row)), ("is negative", row < 0)):
        if found.any():
            k = int(found.argmax())
            return f"the entry of class {k} {what}{f': {row[k]:.6g}' if what == 'is negative' else ''}"
    return f"the probabilities add up to {float(row.sum(dtype=np.float64)):.6g}, not to 1"


def open_probabilities(paths: Sequence[str | Path]) -> Probabilities:
    """The files, none of their rows read yet.

    Raises ReadError for what is no .npy file of floats, ShapeError for arrays that are not images × classes or differ in shape.
    """
    if not paths:
        raise SymderivError("no files of probabilities are given", hint="one .npy file for each network")
    files = tuple(Path(p) for p in paths)
    shapes = []
    for path in files:
        array = _open(path)
        if array.dtype.name not in TOLERANCE:
            raise ReadError(f"{path.name} holds {array.dtype.name}, not floats", hint=f"save it as {', '.join(TOLERANCE)}")
        if array.ndim != 2 or 0 in array.shape:
            raise ShapeError(
                f"{path.name} has shape {array.shape}, not images × classes",
                hint="one row for each image, one column for each class",
            )
        shapes.append(array.shape)
    for path, shape in zip(files, shapes, strict=True):
        if shape != shapes[0]:
            raise ShapeError(
                f"{path.name} has shape {shape}, but {files[0].name} has {shapes[0]}",
                hint="the networks are asked about the same images and classes",
            )
    return Probabilities(files, *shapes[0])


def _open(path: Path) -> Any:
    import numpy as np

    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise ReadError(f"{path} is not an array of numbers in the .npy format: {error}", hint="write it with numpy.save") from None
    if not isinstance(array, np.ndarray):
        raise ReadError(f"{path} is an archive of several arrays", hint="save one array for each network with numpy.save")
    return array


def read_classes(given: Sequence[str] | str | Path | None, count: int) -> tuple[str, ...]:
    """The names of the classes: a list, or a file with one on each line; their numbers if none are given.

    Raises ShapeError if there are more or fewer than classes.
    """
    if given is None:
        return tuple(map(str, range(count)))
    if isinstance(given, (str, Path)):
        try:
            lines = Path(given).read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise ReadError(
                f"{given} is not text in UTF-8: {error.reason}", hint="the names of the classes, one on each line"
            ) from None
        names = tuple(line.strip() for line in lines if line.strip())
    else:
        names = tuple(given)
    if len(names) != count:
        raise ShapeError(
            f"there are {len(names)} names for {count} classes", hint="one name on each line, in the order of the columns"
        )
    return names
