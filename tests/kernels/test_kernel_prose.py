"""What texts say of kernels: claims found where they stand and judged; other sentences are left alone."""

from __future__ import annotations

import pytest

from symderiv.kernels import PROPERTIES, judge_text
from symderiv.kernels.prose import PHRASES

SOBEL = "s = [[-1,0,1],[-2,0,2],[-1,0,1]]"

SAID = {
    f"{SOBEL}\nThis is a vertical edge detector.": [("vertical edge detector", True)],
    f"{SOBEL}\nThis is a horizontal edge detector.": [("horizontal edge detector", False)],
    f"{SOBEL}\nIt is not a horizontal edge detector, it finds vertical edges.": [],
    f"{SOBEL}\nThe filter gives a weight of 2 to the middle-right pixel and -1 to the middle-left pixel.": [
        ("2 to the middle-right", True),
        ("-1 to the middle-left", False),
    ],
    f"{SOBEL}\nIt has 0 to the center and nothing else is said here.": [("0 to the center", True)],
    "a = [ [1 1 1], [1 1 1], [1 1 1] ] / 9\nA mean filter that smooths the image. It sharpens nothing.\n": [
        ("mean filter", True),
        ("smoothing", True),
        ("sharpening", False),
    ],
    "a = [ [1 1 1], [1 1 1], [1 1 1] ] / 9\nIt gives 1/9 to each of the nine neighbouring pixels.": [
        ("1/9 to each of the nine neighbouring pixels", True)
    ],
    "l = [[0,1,0],[1,-4,1],[0,1,0]]\nIt assigns 1 to the four neighboring pixels, -4 to the center and 0 to all other pixels.": [
        ("1 to the four neighboring pixels", True),
        ("-4 to the center", True),
        ("0 to all other pixels", True),
    ],
    "l = [[0,1,0],[1,-4,1],[0,1,0]]\n## Another subject\nThe identity filter is nice.": [],
    "bad = [[1,2],[3,4]]\nThis is an identity filter.": [],
    "w = [[0,a,0]]\nIt reduces noise and is an edge detector.": [("edge detector", None), ("reduces noise", None)],
    "There is no kernel here, but an edge detector.": [],
}


@pytest.mark.parametrize("text", SAID)
def test_claims(text):
    found = [(f.claim, f.judgement.holds) for f in judge_text(text)]
    assert sorted(found, key=str) == sorted(SAID[text], key=str)


def test_places_and_reasons():
    (finding,) = judge_text("k = [[0,0,1]]\n\nIt assigns -1 to the left pixel.", "notes.md")
    assert finding.span.place == "notes.md:3:12"
    assert finding.judgement.reason == "the weight 1 pixel to the left of the centre is 0, not -1"


def test_every_phrase_is_about_a_property():
    assert set(PHRASES.values()) <= set(PROPERTIES)
