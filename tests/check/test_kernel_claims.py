from symderiv.check import check_text

TEXT = """k2 = [[0 0 0], [0 0 1], [0 0 0]]

This kernel is a horizontal edge detection filter. It shifts the image.
"""


def test_what_is_said_of_a_kernel_is_judged_from_its_facts() -> None:
    claims = list(check_text(TEXT, "text").claims)
    assert [(c.left, c.relation, c.right, c.verdict) for c in claims] == [
        ("k2", "is", "horizontal edge detector", "refuted"),
        ("k2", "is", "shift", "proved"),
    ]
    assert claims[0].start[0] == 3
    assert "add up to 1" in claims[0].reason


def test_lists_that_are_no_kernels_are_left_alone() -> None:
    assert list(check_text("data = [[1, 2], [3, 4]] are the samples.", "text").claims) == []
