"""`rank` against a plain computation, on files of every type; what is refused, and with which row."""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys

import numpy as np
import pytest

from symderiv.errors import DomainError, ReadError, ShapeError, SymderivError, UnknownName
from symderiv.ranking import SCORES, evaluate, rank
from symderiv.ranking.command import WRITERS, add_parser
from symderiv.ranking.probabilities import TOLERANCE

CLASSES = ["puppy", "bagel", "cat", "tench, Tinca tinca", "muffin"]


@pytest.fixture
def files(tmp_path):
    return saved(tmp_path, np.float32)


def saved(folder, kind, images=300):
    random = np.random.default_rng(7)
    paths = []
    for k in range(3):
        paths.append(folder / f"net{k}.npy")
        np.save(paths[-1], random.dirichlet(np.full(5, 0.5), images).astype(kind))
    return paths


@pytest.mark.parametrize("kind", [*TOLERANCE, ">f2", ">f4"])
@pytest.mark.parametrize("name", SCORES)
def test_as_computed_at_once(tmp_path, kind, name):
    paths = saved(tmp_path, kind)
    p = np.stack([np.load(path).astype(np.float64) for path in paths])
    p /= p.sum(axis=-1, keepdims=True)
    values = evaluate(name, p, (0, 1))
    order = np.lexsort((np.arange(300), -values if SCORES[name].large else values))
    found = rank(paths, score=name, pair=(0, 1), top=20, chunk=37)
    assert [row.value for row in found.rows] == pytest.approx(values[order[:20]].tolist(), rel=1e-4, abs=1e-5)
    if kind == "float64":
        assert [row.image for row in found.rows] == order[:20].tolist()


def test_the_size_of_a_piece_changes_nothing(files):
    whole = rank(files, score="jensen_shannon", top=30)
    assert all(rank(files, score="jensen_shannon", top=30, chunk=chunk).rows == whole.rows for chunk in (1, 7, 299, 300, 1000))
    assert [r.image for r in rank(files, score="vote_entropy", top=300, chunk=11).rows] == [
        r.image for r in rank(files, score="vote_entropy", top=300).rows
    ]


def test_pairs_and_defaults(files, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(CLASSES) + "\n", encoding="utf-8")
    by_name = rank(files, pair="puppy,bagel", classes=names)
    assert (by_name.score.name, by_name.pair, len(by_name.rows)) == ("confusion", ("puppy", "bagel"), 50)
    assert rank(files, pair=("0", 1)).rows[0].image == by_name.rows[0].image
    assert rank(files, pair="puppy, tench, Tinca tinca", classes=CLASSES).pair == ("puppy", "tench, Tinca tinca")
    assert rank(files).score.name == "jensen_shannon"
    assert rank(files[:1]).score.name == "margin"
    assert len(rank(files, top=1000).rows) == 300


def test_progress_is_told(files):
    told = []
    rank(files, chunk=100, progress=lambda done, of: told.append((done, of)))
    assert told == [(100, 300), (200, 300), (300, 300)]


def spoiled(path, row, change):
    array = np.load(path)
    change(array[row])
    np.save(path, array)


BAD_ROWS = {
    "add up to": lambda row: row.__setitem__(slice(None), [0.5, 0.2, 0.1, 0.1, 0.0]),
    "not a number": lambda row: row.__setitem__(2, np.nan),
    "infinite": lambda row: row.__setitem__(2, np.inf),
    "negative": lambda row: row.__setitem__(slice(None), [1.5, -0.5, 0, 0, 0]),
}


@pytest.mark.parametrize("kind", TOLERANCE)
@pytest.mark.parametrize("words", BAD_ROWS)
def test_rows_that_are_no_probabilities(tmp_path, words, kind):
    paths = saved(tmp_path, kind)
    spoiled(paths[1], 217, BAD_ROWS[words])
    with pytest.raises(DomainError, match=f"net1.npy, row 217: .*{words}"):
        rank(paths, chunk=50)


def test_requests_that_are_refused(files, tmp_path):
    for arguments, error, words in (
        ({"pair": "puppy,bagle", "classes": CLASSES}, UnknownName, "did you mean bagel"),
        ({"pair": "puppy,zzz", "classes": CLASSES}, UnknownName, "5 classes"),
        ({"pair": "puppy", "classes": CLASSES}, SymderivError, "two classes"),
        ({"pair": (0, 5)}, UnknownName, "no class number 5"),
        ({"pair": (-1, 2)}, UnknownName, "no class number -1"),
        ({"pair": (1, 1)}, SymderivError, "different classes"),
        ({"pair": "a,b", "classes": ["a", "a", "b", "c", "d"]}, SymderivError, "2 classes are called"),
        ({"classes": CLASSES[:4]}, ShapeError, "4 names for 5 classes"),
        ({"score": "confusion"}, SymderivError, "needs a pair"),
        ({"score": "entropie"}, UnknownName, "entropy"),
        ({"top": 0}, SymderivError, "at least 1"),
        ({"chunk": 0}, SymderivError, "at least 1"),
    ):
        with pytest.raises(error) as found:
            rank(files, **arguments)
        assert words in str(found.value)
    with pytest.raises(SymderivError, match="no files"):
        rank([], score="margin")
    with pytest.raises(ShapeError, match="at least 2 networks"):
        rank(files[:1], score="kl")
    with pytest.raises(FileNotFoundError):
        rank([tmp_path / "nowhere.npy"])


def test_files_that_are_refused(files, tmp_path):
    other = tmp_path / "other.npy"
    for array, error, words in (
        (np.full((299, 5), 0.2), ShapeError, "other.npy has shape"),
        (np.full((300, 4), 0.25), ShapeError, "other.npy has shape"),
        (np.full(5, 0.2), ShapeError, "not images × classes"),
        (np.empty((0, 5)), ShapeError, "not images × classes"),
        (np.ones((300, 5), dtype=int), ReadError, "not floats"),
        (np.array([{}]), ReadError, "not an array of numbers"),
    ):
        np.save(other, array)
        with pytest.raises(error, match=words):
            rank([files[0], other])
    other.write_bytes(b"rubbish")
    with pytest.raises(ReadError, match="not an array of numbers"):
        rank([files[0], other])
    other.write_bytes(b"")
    with pytest.raises(ReadError, match="not an array of numbers"):
        rank([files[0], other])
    np.savez(tmp_path / "several.npz", np.ones(3))
    with pytest.raises(ReadError, match="archive"):
        rank([tmp_path / "several.npz"])
    names = tmp_path / "names.txt"
    names.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReadError, match="UTF-8"):
        rank(files, classes=names)


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    options = parser.parse_args(["rank", *map(str, arguments)])
    return options.command(options)


def test_command(files, tmp_path, capsys):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(CLASSES), encoding="utf-8")
    outputs = [tmp_path / f"ranking{ending}" for ending in WRITERS]
    written = [argument for path in outputs for argument in ("-o", path)]
    chosen = ("--probabilities", *files, "--pair", "puppy,bagel", "--classes", names, "--top", 7)
    assert run(*chosen, *written) == 0
    assert capsys.readouterr().out.split() == list(map(str, outputs))
    assert all("puppy" in path.read_text(encoding="utf-8") for path in outputs)
    rows = list(csv.DictReader(io.StringIO(outputs[0].read_text(encoding="utf-8"))))
    assert [row["rank"] for row in rows] == list("1234567")
    assert float(rows[0]["confusion"]) >= float(rows[-1]["confusion"])
    page = (tmp_path / "ranking.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page
    assert 'src="' not in page
    assert run(*chosen) == 0
    assert "pairwise confusion" in capsys.readouterr().out
    with pytest.raises(UnknownName):
        run(*chosen, "-o", tmp_path / "ranking.doc")


@pytest.mark.parametrize(
    "package", ["symderiv.ranking", "symderiv.kernels", "symderiv.ranking.command", "symderiv.kernels.command"]
)
def test_importing_loads_nothing_heavy(package):
    code = f"import sys, {package}; print([m for m in ('numpy', 'scipy', 'sympy', 'matplotlib') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
