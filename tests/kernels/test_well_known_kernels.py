"""Well-known kernels are classified from their facts; every derivation is replayed and judged."""

from __future__ import annotations

import argparse
import json

import pytest

from symderiv.errors import ReadError, ShapeError, SymderivError, UnknownName
from symderiv.kernels import PROPERTIES, answer, kernel
from symderiv.kernels.command import DOCUMENTS, add_parser
from symderiv.terms import Context
from symderiv.write import write

KNOWN = {
    "identity, k1": ("[ [0 0 0], [0 1 0], [0 0 0] ]", "identity"),
    "shift, k2": ("[ [0 0 0], [0 0 1], [0 0 0] ]", "shift"),
    "eight-neighbour Laplacian, k3": ("[ [-1 -1 -1], [-1 8 -1], [-1 -1 -1] ]", "laplacian"),
    "mean, k4": ("[ [1 1 1], [1 1 1], [1 1 1] ] / 9", "mean"),
    "four-neighbour Laplacian": ("[[0,1,0],[1,-4,1],[0,1,0]]", "laplacian"),
    "nine-point Laplacian": ("[[1,4,1],[4,-20,4],[1,4,1]]/6", "laplacian"),
    "Laplacian of Gaussian": ("[[0,0,-1,0,0],[0,-1,-2,-1,0],[-1,-2,16,-2,-1],[0,-1,-2,-1,0],[0,0,-1,0,0]]", "laplacian"),
    "Sobel, x": ("[[-1,0,1],[-2,0,2],[-1,0,1]]", "sobel"),
    "Sobel, y": ("[[-1,-2,-1],[0,0,0],[1,2,1]]", "sobel"),
    "Prewitt": ("[[1,1,1],[0,0,0],[-1,-1,-1]]", "prewitt"),
    "Scharr": ("[[-3,0,3],[-10,0,10],[-3,0,3]]/32", "scharr"),
    "central difference": ("[[-1,0,1]]/2", "derivative"),
    "forward difference": ("[[0],[-1],[1]]", "derivative"),
    "Kirsch": ("[[5,5,5],[-3,0,-3],[-3,-3,-3]]", "derivative"),
    "Roberts": ("[[0,0,0],[0,1,0],[0,0,-1]]", "derivative"),
    "binomial": ("[[1,2,1],[2,4,2],[1,2,1]]/16", "gaussian"),
    "Gauss, 5 × 5": ("[[1,4,7,4,1],[4,16,26,16,4],[7,26,41,26,7],[4,16,26,16,4],[1,4,7,4,1]]/273", "gaussian"),
    "sharpen": ("[[0,-1,0],[-1,5,-1],[0,-1,0]]", "sharpening"),
    "unsharp masking": (
        "-[[1,4,6,4,1],[4,16,24,16,4],[6,24,-476,24,6],[4,16,24,16,4],[1,4,6,4,1]]/256",
        "unsharp masking",
    ),
    "emboss": ("[[-2,-1,0],[-1,1,1],[0,1,2]]", "emboss"),
    "motion blur": ("[[1,0,0],[0,1,0],[0,0,1]]/3", "motion blur"),
    "line detector": ("[[-1,2,-1],[-1,2,-1],[-1,2,-1]]", "second derivative"),
    "mixed derivative": ("[[1,0,-1],[0,0,0],[-1,0,1]]/4", "mixed derivative"),
    "Savitzky and Golay": ("[[-3,12,17,12,-3]]/35", "polynomial smoothing"),
    "biharmonic": ("[[0,0,1,0,0],[0,2,-8,2,0],[1,-8,20,-8,1],[0,2,-8,2,0],[0,0,1,0,0]]", "derivative of order 4"),
    "Laplacian with a letter": ("a*[[0,1,0],[1,-4,1],[0,1,0]]", "laplacian"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_classified_from_facts(name):
    text, kind = KNOWN[name]
    assert kernel(text).conclusion.kind == kind


@pytest.mark.parametrize("name", KNOWN)
def test_the_class_does_not_depend_on_how_it_is_written(name):
    """Transposed and padded with zeros it is the same operator along the other axis."""
    weights = kernel(KNOWN[name][0]).kernel
    columns = [[str(w) if not hasattr(w, "top") else w for w in row] for row in weights.transposed().rows]
    if weights.letters:
        pytest.skip("weights with letters are given as text")
    width = len(columns[0]) + 2
    padded = [["0"] * width, *(["0", *row, "0"] for row in columns), ["0"] * width]
    found = kernel(padded).conclusion.kind
    assert found == KNOWN[name][1] or (found, KNOWN[name][1]) in {
        ("mean", "mean"),
        ("derivative", "sobel"),
        ("derivative", "prewitt"),
        ("derivative", "scharr"),
    }


@pytest.mark.parametrize(
    "name", ["shift, k2", "eight-neighbour Laplacian, k3", "mean, k4", "Sobel, x", "emboss", "Laplacian with a letter"]
)
def test_every_derivation_is_replayed_and_nothing_is_refuted(name):
    for d in kernel(KNOWN[name][0]).derivations():
        assert all(s.replays() for s in d.steps)
        kinds = [v.kind for v in d.check()]
        remainders = [any("O(h" in str(side) for side in (s.before, s.after)) for s in d.steps]
        assert all(kind == "proved" or (kind == "undecided" and o) for kind, o in zip(kinds, remainders, strict=True))


def test_the_assignment():
    k1, k2, k3, k4 = (kernel(KNOWN[name][0]) for name in list(KNOWN)[:4])
    assert str(k1.correlate().result) == str(k1.convolve().result) == "f(x, y)"
    assert str(k2.correlate().result) == "f(x + h, y)"
    assert str(k2.convolve().result) == "f(x - h, y)"
    assert not k2.judge("a horizontal edge detection filter").holds
    assert k2.kernel.weight(0, -1) == 0
    assert {n: {ab: str(c) for ab, c in part.items()} for n, part in k3.facts.expansion.parts.items()}[2] == {
        (2, 0): "-3",
        (0, 2): "-3",
    }
    assert k3.facts.expansion.accuracy == 2
    assert k3.judge("edge detector").holds
    assert k3.judge("reduces noise").holds is False
    assert {ab: str(c) for ab, c in k4.facts.expansion.parts[2].items()} == {(2, 0): "1/3", (0, 2): "1/3"}
    assert k4.facts.gain == 1
    assert k4.judge("reduces noise").holds


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=PROPERTIES)
def test_every_property_has_what_has_it_and_what_has_it_not(row):
    assert kernel(row.example).judge(row.name).holds is True
    assert kernel(row.counterexample).judge(row.name).holds is False
    for alias in row.aliases:
        assert kernel(row.example).judge(alias).holds is True


def test_letters_leave_claims_open():
    assert kernel("[[a,b,a]]").judge("edge detector").holds is None
    assert kernel("[[a,b,a]]").judge("reduces noise").holds is None
    assert kernel("[[-a,0,a]]").judge("edge detector").holds is True
    with pytest.raises(UnknownName):
        kernel("[[1]]").judge("beautiful")


def test_what_no_inference_settles_is_left_open():
    """The low-pass filter of the 5/3 wavelet: it lifts low frequencies a little and removes the highest."""
    wavelet = kernel("[[-1,2,6,2,-1]]/8")
    assert wavelet.conclusion.kind == "combination"
    assert wavelet.judge("smoothing").holds is None
    assert wavelet.judge("sharpening").holds is None
    assert wavelet.judge("identity").holds is False
    assert kernel("[[-1,-1,-1],[-1,12,-1],[-1,-1,-1]]/2").conclusion.kind == "sharpening"


REFUSED = {
    "[[1,2],[3,4]]": (ShapeError, "rows"),
    "[[1,2]]": (ShapeError, "columns"),
    "[[1,2,3],[4,5,6,7],[7,8,9]]": (ShapeError, "row 2"),
    "[ [-1-1 -1], [-1 8 -1], [-1 -1 -1] ]": (ShapeError, "missing in 1-1"),
    "[[]]": (ShapeError, "empty"),
    "[]": (ReadError, "without rows"),
    "": (ReadError, "not a kernel"),
    "[[1,,2]]": (ReadError, "missing"),
    "[[1,2,3]": (ReadError, "not closed"),
    "[[1,2,3]]]": (ReadError, "closes nothing"),
    "[[[1]]]": (ReadError, "inside of a row"),
    "[1,2,3]": (ReadError, "row in brackets"),
    "[[1,sqrt(2),1]]": (ReadError, "sqrt"),
    "[[1,1/0,1]]": (SymderivError, "divides by 0"),
    "[[1]]/0": (SymderivError, "divides by 0"),
    "[[1]]+1": (ReadError, "behind a kernel"),
    "1+2*[[1]]": (ReadError, "before a kernel"),
    "[[9^9^9]]": (ReadError, "9^"),
    "[[x]]": (ReadError, "meaning of its own"),
    "[[nan]]": (SymderivError, ""),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused_with_the_place(text):
    error, words = REFUSED[text]
    with pytest.raises(error) as found:
        kernel(text)
    assert words in str(found.value)
    assert found.value.span is not None
    assert found.value.span.source.text == text


@pytest.mark.parametrize("given", [5, [1, 2, 3], ["abc"], [[None]], [[float("nan")]], [], [[1, 2], [3, 4]], {"a": 1}])
def test_matrices_that_are_refused(given):
    with pytest.raises(SymderivError):
        kernel(given)


def test_letters_of_any_alphabet_and_long_weights():
    assert kernel("[[é,2,α]]").facts.gain == kernel("[[é,1,α]]").facts.gain + 1
    assert "é" in write(kernel("[[é,2,é]]").blocks("result"), "text")
    with pytest.raises(SymderivError, match="too long"):
        kernel("[[" + "*".join(["(a+b+c+d+l+m+n+o)"] * 30) + "]]")
    assert kernel("[[" + "+".join(["a"] * 3000) + "]]").conclusion.kind == "scaled identity"
    assert kernel("[[" + "a/" * 2000 + "b]]").conclusion.kind == "scaled identity"


def test_the_ways_to_write_one_kernel():
    import numpy as np

    same = [
        "[[1,1,1],[1,1,1],[1,1,1]]/9",
        "1/9*[[1 1 1] [1 1 1] [1 1 1]]",
        "[[1/9,1/9,1/9],[1/9,1/9,1/9],[1/9,1/9,1/9]]",
        r"\frac{1}{9}\begin{bmatrix}1&1&1\\1&1&1\\1&1&1\end{bmatrix}",
        "[[2,2,2],[2,2,2],[2,2,2]]/9*1/2",
    ]
    assert len({kernel(text).kernel for text in same}) == 1
    assert kernel([[0.5, 0.25, 0.25]]).kernel == kernel("[[1/2,1/4,1/4]]").kernel
    assert kernel(np.array([[1, 2, 1]])).kernel == kernel([[1, 2, 1]]).kernel


@pytest.mark.parametrize("format", DOCUMENTS)
def test_written_in_every_format(format):
    analysis = kernel("[[-1,0,1],[-2,0,2],[-1,0,1]]")
    assert write(analysis.blocks("result"), format)


def test_pictures_are_png(tmp_path):
    analysis = kernel("[[0,-1,0],[-1,5,-1],[0,-1,0]]")
    figure = analysis.figure(tmp_path / "pictures", "k")
    files = sorted((tmp_path / "pictures").iterdir())
    assert len(files) == len(analysis.pictures())
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in files)
    assert figure.path.resolve() in [path.resolve() for path in files]
    for size in ("[[1,2,3,4,5,6,7]]", "[[1],[2],[3]]", "[[0]]"):
        assert kernel(size).pictures()
    with pytest.raises(SymderivError, match="depend on a"):
        kernel("[[a]]").pictures()


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    options = parser.parse_args(["kernel", *arguments])
    return options.command(options)


def test_command(capsys, tmp_path):
    k2 = "k2 = [[0,0,0],[0,0,1],[0,0,0]]"
    assert run(k2) == 0
    assert "Shift" in capsys.readouterr().out
    assert run(k2, "--is", "edge detector", "-f", "facts") == 1
    facts = json.loads(capsys.readouterr().out)
    assert (facts["kind"], facts["gain"], facts["claims"][0]["verdict"]) == ("shift", "1", "refuted")
    assert run(k2, "--is", "shift", "-o", str(tmp_path / "k2.html"), "--figures", str(tmp_path / "pictures")) == 0
    assert "<figure>" in (tmp_path / "k2.html").read_text(encoding="utf-8")
    for format in ("sympy", "nonsense"):
        with pytest.raises(UnknownName):
            run(k2, "-f", format)


def test_question_of_a_sheet():
    blocks, context = answer("k2 = [[0,0,0],[0,0,1],[0,0,0]]", {"is": "edge detector"}, Context(), "lines")
    written = write(blocks, "text")
    assert "Kernel k2" in written
    assert "refuted" in written
    assert context == Context()
    with pytest.raises(ShapeError) as found:
        answer("k5 = [[1,2],[3,4]]", {}, Context(), "lines")
    assert found.value.span.column == 8
