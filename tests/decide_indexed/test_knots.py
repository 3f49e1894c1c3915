"""Conditions on entries, and what has knots: proved on either side of them, refuted with values, and never past a knot that matters."""

import pytest

from symderiv.decide import decide
from symderiv.read import let, read_latex

HERE = let(r"x, y \in \mathbb{R}^{n}, i \in \{1, \dots, n\}, j \in \{1, \dots, n\}")
POSITIVE = HERE.assume(read_latex(r"x > 0", HERE))


def cases(*pieces: tuple[str, str]) -> str:
    return r"\begin{cases} " + r" \\ ".join(f"{value} & {condition}" for value, condition in pieces) + r" \end{cases}"


RELU = r"\frac{\partial \max(0, x_i)}{\partial x_j}"
ELSE = r"\text{otherwise}"
STEP = cases(("1", "x_i > 0"), ("0", ELSE))
WEAK_STEP = cases(("1", r"x_i \ge 0"), ("0", ELSE))

CLAIMS = [
    # (left, right, verdict, whether with a condition)
    (r"\max(0, x_i)", cases(("x_i", "x_i > 0"), ("0", ELSE)), "proved", False),
    (r"\max(0, x_i)", cases(("x_i", r"x_i \ge 0"), ("0", ELSE)), "proved", False),
    (r"\max(0, x_i)", cases(("x_i", r"x_i \ge 1"), ("0", ELSE)), "refuted", False),
    (r"|x_i|", cases(("x_i", "x_i > 0"), ("-x_i", ELSE)), "proved", False),
    (r"|x_i|", cases(("x_i", "x_i > 0"), ("x_i", ELSE)), "refuted", False),
    (r"\max(x_i, y_i)", cases(("x_i", "x_i > y_i"), ("y_i", ELSE)), "proved", False),
    (r"\max(x_i, y_i)", cases(("x_i", "x_i < y_i"), ("y_i", ELSE)), "refuted", False),
    (r"\min(x_i, y_i)", r"\frac{x_i + y_i - |x_i - y_i|}{2}", "proved", False),
    (r"\min(x_i, y_i)", r"\frac{x_i + y_i + |x_i - y_i|}{2}", "refuted", False),
    (r"\max(0, |x_i| - x_i)", r"2 \max(0, -x_i)", "proved", False),
    (r"\delta_{ij} \max(0, x_i)", cases(("x_i", r"x_i > 0 \text{ and } i = j"), ("0", ELSE)), "proved", False),
    (r"\delta_{ij} \max(0, x_i)", cases(("x_i", r"x_i > 0 \text{ or } i = j"), ("0", ELSE)), "refuted", False),
    (RELU, cases((r"\delta_{ij}", "x_i > 0"), ("0", ELSE)), "proved", True),
    (RELU, cases((r"\delta_{ij}", r"x_i \ge 0"), ("0", ELSE)), "proved", True),
    (RELU, cases((r"\delta_{ij}", "x_i > 0"), ("0", "x_i < 0")), "proved", False),
    (RELU, cases(("0", "x_i < 0"), (r"\delta_{ij}", "x_i > 0")), "proved", False),
    (RELU, cases((r"\delta_{ij}", "x_i < 0"), ("0", "x_i > 0")), "refuted", False),
    (RELU, cases(("1", "x_i > 0"), ("0", ELSE)), "refuted", False),
    (r"\frac{\partial |x_i|}{\partial x_j}", cases((r"\delta_{ij}", "x_i > 0"), (r"-\delta_{ij}", ELSE)), "proved", True),
    (r"\frac{\partial}{\partial x_j} \sum_{k=1}^{n} \max(0, x_k)", cases(("1", "x_j > 0"), ("0", ELSE)), "proved", True),
    (r"\frac{\partial}{\partial x_j} \sum_{k=1}^{n} \max(0, x_k)", cases(("1", "x_j > 0"), ("1", ELSE)), "refuted", False),
    (
        r"\frac{\partial}{\partial x_j} \sum_{k=1}^{n} \max(0, x_k)",
        r"\sum_{k=1}^{n} " + cases(("1", "x_k > 0"), ("0", ELSE)),
        "refuted",
        False,
    ),
    (f"{WEAK_STEP} x_i", f"{STEP} x_i", "proved", False),
    # both sides have a value at the knot, and not the same one
    (WEAK_STEP, STEP, "undecided", False),
    (r"\operatorname{sign}(x_i)", cases(("1", "x_i > 0"), ("-1", ELSE)), "undecided", False),
    (f"{STEP} + {cases(('1', 'x_i < 0'), ('0', ELSE))}", "1", "undecided", False),
    (f"\\frac{{\\partial}}{{\\partial x_j}} y_i^2 {WEAK_STEP}", f"2 y_i {STEP}", "undecided", False),
]


@pytest.mark.parametrize(("left", "right", "verdict", "conditional"), CLAIMS)
def test_a_claim_with_knots(left: str, right: str, verdict: str, conditional: bool) -> None:
    found = decide(read_latex(left, HERE), read_latex(right, HERE), HERE)
    assert found.kind in (verdict, "refuted" if verdict == "undecided" else verdict), found
    assert bool(found.conditions) == conditional


def test_what_the_context_says_of_all_entries_is_reckoned_with() -> None:
    found = decide(read_latex(WEAK_STEP, HERE), read_latex(STEP, HERE), POSITIVE)
    assert (found.kind, found.conditions) == ("proved", ())
    found = decide(read_latex(RELU, HERE), read_latex(r"\delta_{ij}", HERE), POSITIVE)
    assert (found.kind, found.conditions) == ("proved", ())


def test_a_vector_that_is_not_zero_may_have_entries_that_are() -> None:
    context = HERE.assume(read_latex(r"x \ne 0", HERE))
    assert decide(read_latex(WEAK_STEP, HERE), read_latex(STEP, HERE), context).kind != "proved"


HINGE = let(r"z \in \mathbb{R}^{K}, D > 0, y \in \{1, \dots, K\}, m \in \{1, \dots, K\}", latex=True)
LOSS = r"\sum_{j \ne y} \max(0, z_j - z_y + D)"
OUTER = r"\sum_{j \ne y} \mathbb{1}(z_j - z_y + D > 0)"


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (rf"\frac{{\partial}}{{\partial z_y}} {LOSS}", f"-{OUTER}", "proved"),
        (rf"\frac{{\partial}}{{\partial z_y}} {LOSS}", OUTER, "refuted"),
        (
            rf"\frac{{\partial}}{{\partial z_m}} {LOSS}",
            cases((f"-{OUTER}", "m = y"), (r"\mathbb{1}(z_m - z_y + D > 0)", ELSE)),
            "proved",
        ),
        (
            rf"\frac{{\partial}}{{\partial z_m}} {LOSS}",
            cases((OUTER, "m = y"), (r"\mathbb{1}(z_m - z_y + D > 0)", ELSE)),
            "refuted",
        ),
    ],
)
def test_the_gradient_of_a_hinge_loss(left: str, right: str, verdict: str) -> None:
    found = decide(read_latex(left, HINGE), read_latex(right, HINGE), HINGE)
    assert found.kind == verdict
    assert bool(found.conditions) == (verdict == "proved")


JACOBIAN = let(r"z \in \mathbb{R}^K, s(t) = \frac{1}{1 + e^{-t}}, p = s(z)", latex=True)


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (cases(("p_i (1 - p_i)", "i = j"), ("0", ELSE)), "proved"),
        (r"\delta_{ij} p_i (1 - p_j)", "proved"),
        (cases(("p_i", "i = j"), ("0", ELSE)), "refuted"),
        (cases(("p_i (1 - p_i)", r"i \ne j"), ("0", ELSE)), "refuted"),
    ],
)
def test_an_entry_of_a_jacobian_whose_indices_run_over_its_rows_and_columns(right: str, verdict: str) -> None:
    left = read_latex(r"\left(\frac{\partial p}{\partial z}\right)_{ij}", JACOBIAN)
    assert decide(left, read_latex(right, JACOBIAN), JACOBIAN).kind == verdict


def test_an_index_is_not_compared_as_a_number() -> None:
    context = let(r"a, y \in \mathbb{R}^K, i \in \mathbb{R}", latex=True)
    left, right = (read_latex(rf"\sum_{{k \ne i}} {body}", context) for body in (r"y_k \frac{1}{a_k} a_k", "y_k"))
    assert decide(left, right, context).kind != "refuted"
