import pytest

from symderiv.catalogue import CATALOGUE
from symderiv.decide import holds
from symderiv.read import let, read_plain

LETTERS = "K positive integer, z in R^K, y in R^K, i in 1..K, j in 1..K, n integer, x real, p in R^K, p[m] > 0, q in R^K, 0 <= q[m], m > 0"


@pytest.mark.parametrize(
    ("condition", "known"),
    [
        ("j <= K", True),
        ("1 <= j", True),
        ("0 <= j", True),
        ("j >= 1", True),
        ("K >= i", True),
        ("j < K", None),
        ("2 <= j", None),
        ("sum(exp(z[m]), m, 1, K) > 0", True),
        ("sum(exp(z[m]), m, 1, K) != 0", True),
        ("softmax(z)[i] > 0", True),
        ("sum(exp(z[m]), m, 1, n) > 0", None),
        ("sum(z[m], m, 1, K) > 0", None),
        ("sum(y[m]^2, m, 1, K) > 0", None),
        ("sum(y[m]^2, m, 1, K) >= 0", True),
        ("sum(y[m]^3, m, 1, K) >= 0", None),
        ("sqrt(sum(y[m]^2, m, 1, K)/K + exp(x)) > 0", True),
        ("sqrt(sum(y[m]^2, m, 1, K)/K) > 0", None),
        ("sum(y[m]^2, m, 1, K)/x >= 0", None),
        ("p[j] > 0", True),
        ("p[j]/softmax(z)[j] != 0", True),
        ("q[j] >= 0", True),
        ("q[j] > 0", None),
        ("q[j] + p[i] > 0", True),
        ("q[j] - p[i] > 0", None),
        ("sum(m, m, -2, K) > 0", None),
        ("sum(exp(z[m]) - 1, m, 1, K) > 0", None),
        ("softmax(z)[i] - 1 > 0", None),
        ("z[i] != 0", None),
    ],
)
def test_only_what_can_be_read_off_is_answered(condition: str, known: bool | None) -> None:
    row = CATALOGUE["softmax"].definition
    context = let(LETTERS).define(row.name, row.parameters, row.body)
    assert holds(read_plain(condition, context), context) is known
