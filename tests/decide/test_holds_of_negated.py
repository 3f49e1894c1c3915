"""A sign that is known of a kernel is known of its negative."""

import pytest

from symderiv.decide import holds
from symderiv.read import read_plain
from symderiv.terms import Context


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        ("-sqrt(x + 3) != 0", None),
        ("0 >= sqrt(x + 3)", None),
        ("sqrt(x + 3) >= 0", True),
        ("-sqrt(x + 3) <= 0", True),
        ("-2*abs(x) <= 0", True),
        ("-2*abs(x) < 0", None),
        ("-exp(x) < 0", True),
        ("-x^2 <= 0", True),
        ("-x^2 < 0", None),
    ],
)
def test_negation_mirrors_a_sign(condition: str, known: bool | None) -> None:
    assert holds(read_plain(condition), Context()) is known
