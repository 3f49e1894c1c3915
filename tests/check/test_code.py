"""Code cells: what functions are read as, what is refused, what they claim, and what floating-point arithmetic does to them."""

import json
import random
from pathlib import Path

import pytest

from symderiv.check import check_text
from symderiv.check.claim import Claim
from symderiv.check.code.functions import Cell, CodeFunction, Functions
from symderiv.check.report.json import as_dict
from symderiv.cli import main
from symderiv.decide import decide
from symderiv.terms import Source, Span
from symderiv.write.stable import library


def functions(text: str) -> list[CodeFunction]:
    return Cell(Span(Source(text), 0, len(text)), Functions()).functions


def claims(*cells: str) -> list[Claim]:
    report = check_text("\n\n".join(f"```python\n{cell}\n```" for cell in cells), "markdown")
    return list(report.claims)


NUMBERS = [
    ("def f(x):\n    return 1/(1 + np.exp(-x))", "1/(1 + exp(-x))"),
    ("%magic\ndef f(x):\n  if x <= 0:\n    return 0\n  else:\n    return 1", "cases(0 if x <= 0, 1 otherwise)"),
    ("def f(x):\n  if 0 < x < 1:\n    return x\n  return -x", "cases(x if 0 < x and x < 1, -x otherwise)"),
    ("def f(x):\n  t = x**2\n  return np.where(x > 0, t, 2.5*t)", "cases(x^2 if x > 0, 2.5*x^2 otherwise)"),
    ("f = lambda x: np.maximum(0, x)", "max(0, x)"),
    ("def f(x, alpha=0.01):\n  return np.where(x > 0, x, alpha*x)", "cases(x if x > 0, 0.01*x otherwise)"),
    ("def f(x):\n  y = np.zeros_like(x)\n  y[x > 0] = 1\n  return y", "cases(1 if x > 0, 0 otherwise)"),
    ("def f(x):\n  p = x >= 0\n  y = np.exp(-x)\n  y[p] = x[p]\n  return y", "cases(x if x >= 0, exp(-x) otherwise)"),
    ("def f(x):\n  return (x > 0).astype(float)", "cases(1 if x > 0, 0 otherwise)"),
    ("def f(x):\n  def g(t):\n    return t**2\n  return g(x + 1)", "(x + 1)^2"),
    ("def f(x):\n  s = 0\n  for k in range(3):\n    s += x**k\n  return s", "sum(x^(i - 1), i, 1, 3)"),
    ("def f(x, n):\n  p = 1\n  for k in range(1, n + 1):\n    p *= x + k\n  return p", "prod(x + i - 1, i, 2, n + 1)"),
    ("def f(x: float) -> float:\n  'doc'\n  assert x > 0\n  if x < 0:\n    raise ValueError(x)\n  return math.log(x)", "log(x)"),
]


@pytest.mark.parametrize(("text", "body"), NUMBERS)
def test_functions_of_numbers(text: str, body: str) -> None:
    (found,) = functions(text)
    assert found.reason == ""
    assert found.of_numbers
    assert found.value is not None
    assert str(found.value.body).replace("(i - 1)", "i - 1").replace("x + (i - 1)", "x + i - 1") == body.replace("(i - 1)", "i - 1")


SOFTMAX = [
    "e = np.exp(z)\n  return e/np.sum(e)",
    "e = np.exp(z - np.max(z))\n  return e/e.sum()",
    "e = np.exp(z - z.max(axis=-1, keepdims=True))\n  return e/e.sum(axis=-1, keepdims=True)",
    "t = sum(math.exp(v) for v in z)\n  return [math.exp(v)/t for v in z]",
    "out = []\n  for v in z:\n    out.append(np.exp(v)/np.exp(z).sum())\n  return np.array(out)",
    "out = np.zeros(len(z))\n  for i in range(len(z)):\n    out[i] = np.exp(z[i])/np.sum(np.exp(z))\n  return out",
    "t = 0\n  for i in range(z.shape[0]):\n    t += np.exp(z[i])\n  return np.exp(z)/t",
    "return scipy.special.softmax(z)",
    "e = torch.exp(z)\n  return e/e.sum(dim=-1, keepdim=True)",
    "e = np.exp(z - np.max(z, axis=1, keepdims=True))\n  return e/np.sum(e, axis=1, keepdims=True)",
    "e = np.exp(z - np.max(z, axis=0))\n  return e/np.sum(e, axis=0)",
    "e = np.exp(z)\n  return e/np.sum(e, axis=1)[:, None]",
    "before = z.shape\n  if len(z.shape) > 1:\n    e = np.exp(z)\n    z = e/np.sum(e, axis=1)[:, None]\n  else:\n    e = np.exp(z)\n"
    "    z = e/np.sum(e)\n  assert z.shape == before\n  return z",
]


@pytest.mark.parametrize("body", SOFTMAX)
def test_ways_to_write_the_softmax(body: str) -> None:
    (claim,) = claims(f"def softmax(z):\n  {body}")
    assert (claim.verdict, claim.reason) == ("definition", "this is the softmax of the catalogue")


ROWS = [
    "out = np.zeros(X.shape)\n  for i in range(X.shape[0]):\n    out[i] = np.exp(X[i])/np.sum(np.exp(X[i]))\n  return out",
    "return np.array([np.exp(x)/np.sum(np.exp(x)) for x in X])",
]


@pytest.mark.parametrize("body", ROWS)
def test_an_entry_that_is_used_as_an_array_is_a_row(body: str) -> None:
    (claim,) = claims(f"def softmax(X):\n  {body}")
    assert (claim.verdict, claim.reason) == ("definition", "this is the softmax of the catalogue")


def test_gradients_with_matrices() -> None:
    loss = "def loss(w, X, y):\n  return np.mean((X @ w - y)**2)"
    code = "def loss_grad(w, X, y):\n  return {} @ (X @ w - y)/len(y)"
    assert claims(loss, code.format("2*X.T"))[-1].verdict == "proved"
    assert claims(loss, code.format("X.T"))[-1].verdict in ("refuted", "undecided")


@pytest.mark.parametrize(
    "name",
    [
        "dSigmoid",
        "dsigmoid",
        "d_sigmoid",
        "sigmoid_d",
        "sigmoidPrime",
        "sigmoid_derivative",
        "grad_sigmoid",
        "derivative_of_sigmoid",
    ],
)
def test_names_of_derivatives(name: str) -> None:
    sigmoid = "def sigmoid(x, derivative=False):\n  if derivative:\n    return x*(1 - x)\n  return 1/(1 + np.exp(-x))"
    right, wrong = "sigmoid(x)*(1 - sigmoid(x))", "sigmoid(x)*(1 + sigmoid(x))"
    assert [c.verdict for c in claims(sigmoid, f"def {name}(x):\n  return {right}")] == ["definition", "proved"]
    assert [c.verdict for c in claims(sigmoid, f"def {name}(x):\n  return {wrong}")] == ["definition", "refuted"]


@pytest.mark.parametrize("name", ["dropout", "descent", "gradient_descent", "dot", "prime", "d"])
def test_other_names_claim_nothing(name: str) -> None:
    assert [c.verdict for c in claims(f"def {name}(x):\n  return x**3")] == ["definition"]


NO_SOFTMAX = [
    ("return z/np.sum(z)", "no exponential"),
    ("return np.exp(z)/np.sum(z)", "not the softmax"),
    ("return np.exp(-z)/np.sum(np.exp(-z))", "not the softmax"),
    ("return np.exp(z)/np.mean(np.exp(z))", "not the softmax"),
    ("return np.exp(z)/np.sum(np.exp(z), axis=1)", "do not fit"),
    ("return np.exp(z)/np.sum(np.exp(z), axis=1, keepdims=True)**2", "not the softmax"),
]


@pytest.mark.parametrize(("body", "reason"), NO_SOFTMAX)
def test_what_is_no_softmax(body: str, reason: str) -> None:
    (claim,) = claims(f"def softmax(z):\n  {body}")
    assert claim.verdict == "refuted"
    assert reason in claim.reason
    assert claim.witness is not None or "fails when it is run" in claim.reason


JACOBIANS = [
    "def softmax_derivative(z):\n  s = softmax(z)\n  return np.diag(s) - np.outer(s, s)",
    "def softmax_grad(s):\n  s = s.reshape(-1, 1)\n  return np.diagflat(s) - np.dot(s, s.T)",
    "def d_softmax(z):\n  s = softmax(z)\n  n = len(z)\n  J = np.zeros((n, n))\n  for i in range(n):\n    for j in range(n):\n      if i == j:\n"
    "        J[i, j] = s[i]*(1 - s[i])\n      else:\n        J[i][j] = -s[i]*s[j]\n  return J",
    "def softmax_jacobian(z):\n  s = softmax(z)\n  return [[s[i]*((1 if i == j else 0) - s[j]) for j in range(len(z))] for i in range(len(z))]",
    "def softmax_prime(s):\n  J = np.diag(s)\n  for i in range(len(J)):\n    for j in range(len(J)):\n"
    "      J[i][j] = s[i]*(1 - s[i]) if i == j else -s[i]*s[j]\n  return J",
    "def softmax_derivative(z):\n  s = softmax(z)\n  return s[:, None]*(np.eye(len(z)) - s[None, :])",
    "def softmax_derivative(z):\n  s = softmax(z)\n  J = np.empty((len(z), len(z)))\n  for i in range(len(z)):\n    for j in range(len(z)):\n"
    "      J[i, j] = -s[i]*s[j]\n    J[i, i] = s[i]*(1 - s[i])\n  return J",
]
DEFINED = "def softmax(z):\n  e = np.exp(z - np.max(z))\n  return e/e.sum()"


@pytest.mark.parametrize("code", JACOBIANS)
def test_jacobians_of_the_softmax(code: str) -> None:
    assert [c.verdict for c in claims(DEFINED, code)] == ["definition", "proved"]
    assert [
        c.verdict
        for c in claims(
            DEFINED,
            code.replace("s[j]", "s[i]")
            .replace("diag(s) -", "diag(s) +")
            .replace("(s) -", "(s) +")
            .replace("s[None, :]", "s[:, None]"),
        )
    ] == ["definition", "refuted"]


VERDICTS = [
    ("mse(y, p)", "return np.mean((y - p)**2)", "mse_grad(y, p)", "return 2*(p - y)/len(y)", "proved"),
    ("mse(y, p)", "return np.mean((y - p)**2)", "mse_prime(y, p)", "return 2*(p - y)", "refuted"),
    ("ce(y, p)", "return -np.sum(y*np.log(p))", "d_ce(y, p)", "return -y/p", "proved"),
    ("loss(x)", "return sum(v**2 for v in x)", "grad_loss(x)", "return [2*v for v in x]", "proved"),
    ("loss(x)", "return np.linalg.norm(x)**2", "grad_loss(x)", "return 2*x", "proved"),
    ("sq(x)", "return x*x", "sq_derivative(x)", "return 2*x", "proved"),
    ("sq(x)", "return x*x", "sq_derivative(x)", "return x", "refuted"),
    ("leaky(x, a=0.2)", "return np.where(x > 0, x, a*x)", "leaky_derivative(x, a=0.2)", "return np.where(x > 0, 1, a)", "proved"),
    ("softmax(z)", "return np.exp(z)/np.exp(z).sum()", "softmax_grad(z)", "return softmax(z)*(1 - softmax(z))", "undecided"),
    (
        "sigmoid(x)",
        "return 1/(1 + np.exp(-np.clip(x, -500, 500)))",
        "sigmoid_prime(x)",
        "return sigmoid(x)*(1 - sigmoid(x))",
        "undecided",
    ),
    ("act(x)", "return np.vectorize(x)", "act_derivative(x)", "return 1", None),
    ("f(w, x)", "return np.dot(w, x)**2", "grad_f(w, x)", "return 2*np.dot(w, x)*w", "proved"),
    ("f(w, x)", "return np.dot(w, x)**2", "grad_f(w, x)", "return np.dot(w, x)*x", "undecided"),
]


@pytest.mark.parametrize(("head", "body", "second", "derivative", "verdict"), VERDICTS)
def test_derivatives(head: str, body: str, second: str, derivative: str, verdict: str | None) -> None:
    found = claims(f"def {head}:\n  {body}", f"def {second}:\n  {derivative}")
    assert [c.verdict for c in found if c.left.startswith(("∂", second.split("(")[0], "sq'", "leaky'", "sigmoid'"))] == [
        verdict or "definition"
    ]
    if verdict == "undecided":
        assert found[-1].reason


def test_a_softmax_of_single_numbers_is_told() -> None:
    code = "def softmax_derivative(z):\n  D = np.zeros((len(z), len(z)))\n  for i in range(len(z)):\n    for j in range(len(z)):\n"
    first, second = claims(DEFINED, code + "      D[i][j] = softmax(z[i])*((i == j) - softmax(z[j]))\n  return D")
    assert first.verdict == "definition"
    assert second.verdict == "refuted"
    assert "softmax is applied to the single number z[i], where it is always 1" in second.reason


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("leaky_relu(x)", "return np.where(x > 0, x, 0.2*x)"),
        ("gelu(x)", "return 0.5*x*(1 + np.tanh(np.sqrt(2/np.pi)*(x + 0.044715*x**3)))"),
        ("sigmoid(x)", "return 1/(1 + np.exp(-x) + 1e-12)"),
        ("softmax(z)", "return np.exp(z)/(np.sum(np.exp(z)) + 1e-8)"),
    ],
)
def test_what_authors_differ_in_is_not_wrong(head: str, body: str) -> None:
    (claim,) = claims(f"def {head}:\n  {body}")
    assert claim.verdict in ("definition", "undecided")
    assert claim.reason


def test_code_is_compared_with_the_text() -> None:
    text = "Let $f(x) = x^2 e^{-x}$.\n\n```python\ndef f(x):\n  return x**2*np.exp(-x)\n```\n"
    (_, right) = check_text(text, "markdown").claims
    (_, wrong) = check_text(text.replace("np.exp(-x)", "np.exp(x)"), "markdown").claims
    assert (right.verdict, right.reason) == ("proved", "this is the f of the text, line 1")
    assert (wrong.verdict, wrong.reason) == ("refuted", "this is not the f that the text gives in line 1")


UNREAD = [
    "def f(x):\n  while x:\n    x = x - 1\n  return x",
    "def f(*x):\n  return 1",
    "def f(x):\n  pass",
    "def f(x):\n  return x if x else 1",
    "def f(x):\n  return __import__('os').system('true')",
    "def f(x):\n  return " + "-" * 150 + "x",
    "def f(x):\n  return True",
    "def f(x):\n  return 1j",
    "def f(x):\n  return 1e999",
    "def f(x):\n  return f(x - 1)",
    "def f(x):\n  return x, 1",
    "def f(z):\n  t = 0\n  o = 0\n  for v in z:\n    t += v\n    o += t\n  return o",
    "def f(z):\n  for i in range(1, len(z)):\n    z[i] = z[i] + z[i - 1]\n  return z",
    "def f(z):\n  return [[0]*3]*3",
    "def f(z):\n  return np.sort(z)",
    "def f(z):\n  for v in z:\n    if v > 0:\n      return v\n  return 0",
    "def f(x):\n" + "".join(f"  x = x*x + {k}\n" for k in range(40)) + "  return x",
    "@decorated\ndef f(x):\n  return x",
    "def f(x):\n  return open(x).read()",
    "def f(x):\n  return eval(x)",
]


@pytest.mark.parametrize("text", UNREAD)
def test_other_code_is_unread_with_the_reason_and_the_next_function_is_not_lost(text: str) -> None:
    found, other = functions(f"{text}\n\ndef g(x):\n  return x\n")
    assert found.value is None
    assert found.reason
    assert "fault" not in found.reason
    assert other.value is not None


@pytest.mark.parametrize("text", ["def f(x:", "(" * 5000, "\x00", "x = [0 0 0]"])
def test_what_is_not_python_gives_nothing(text: str) -> None:
    assert functions(text) == []


def test_nothing_is_executed(tmp_path: Path) -> None:
    target = tmp_path / "made"
    claims(
        f"import pathlib\npathlib.Path({str(target)!r}).touch()\ndef sigmoid(x):\n  pathlib.Path({str(target)!r}).touch()\n  return x"
    )
    assert not target.exists()


def test_spoiled_code_is_never_a_fault() -> None:
    draw = random.Random(7)
    whole = "\n".join([DEFINED, *JACOBIANS, *(t for t, _ in NUMBERS)])
    pieces = [*"()[]:=+-*/@,.", "z", "s", "np.", "len(", "axis=1", "None", "range(", "sum(", "i", "0", "-1", "keepdims=True", ".T"]
    for _ in range(150):
        lines = whole.splitlines()
        k = draw.randrange(len(lines))
        at = draw.randrange(len(lines[k]) + 1)
        lines[k] = lines[k][:at] + draw.choice(pieces) + lines[k][at + draw.randrange(3) :]
        for name in ("softmax", "f", "d_softmax"):
            start = next((n for n, line in enumerate(lines) if line.startswith(f"def {name}")), 0)
            for found in functions("\n".join(lines[start : start + 12])):
                assert "fault" not in found.reason, (found.text, found.reason)


# ---------------------------------------------------------------------------------------------------------- hazards
HAZARDS = [
    ("softplus(x)", "np.log(1 + np.exp(x))", "gives inf (exp overflows), the exact value is 800", "np.logaddexp(0, x)"),
    ("sigmoid(x)", "1/(1 + np.exp(-x))", "the result is right", "scipy.special.expit(x)"),
    ("sigmoid(x)", "1/(1 + math.exp(-x))", "raises OverflowError", "scipy.special.expit(x)"),
    ("tanh(x)", "(np.exp(x) - np.exp(-x))/(np.exp(x) + np.exp(-x))", "gives nan", "np.tanh(x)"),
    ("decay(x)", "1 - np.exp(-x)", "digits cancel", "-np.expm1(-x)"),
    ("softmax(z)", "np.exp(z)/np.sum(np.exp(z))", "gives nan", "np.exp(z - np.max(z))/np.sum(np.exp(z - np.max(z)))"),
    ("logsumexp(z)", "np.log(np.sum(np.exp(z)))", "gives inf", "np.max(z) + np.log(np.sum(np.exp(z - np.max(z))))"),
    ("entropy(p)", "-np.sum(p*np.log(p))", None, None),
    ("ce(y, p)", "-np.sum(y*np.log(p))", "0·log(0) is nan", "scipy.special.xlogy(y, p)"),
    ("softmax(z)", "np.exp(z - np.max(z))/np.sum(np.exp(z - np.max(z)))", None, None),
    ("softplus(x)", "np.logaddexp(0, x)", None, None),
    ("square(x)", "x**2", None, None),
    ("relu(x)", "np.maximum(0, x)", None, None),
]


@pytest.mark.parametrize(("head", "body", "says", "code"), HAZARDS)
def test_hazards(head: str, body: str, says: str | None, code: str | None) -> None:
    (claim,) = claims(f"def {head}:\n  return {body}")
    assert claim.verdict == "definition"
    if says is None:
        assert claim.warnings == []
        return
    (warning,) = claim.warnings
    assert says in warning.message
    assert warning.code == code


@pytest.mark.parametrize(("head", "body", "code"), [(h, b, c) for h, b, _, c in HAZARDS if c and "(x)" in h])
def test_the_code_that_is_suggested_is_equal_and_safe(head: str, body: str, code: str) -> None:
    cell = f"def {head}:\n  return {{}}"
    (naive,), (better,) = functions(cell.format(body)), functions(cell.format(code))
    assert naive.value is not None
    assert better.value is not None
    assert decide(naive.value.body, better.value.body, library()).kind == "proved"
    assert [c.warnings for c in claims(cell.format(code))] == [[]]


def test_the_softmax_of_rows_is_suggested_along_the_same_axis() -> None:
    (claim,) = claims("def softmax(x):\n  return np.exp(x)/np.sum(np.exp(x), axis=1, keepdims=True)")
    (warning,) = claim.warnings
    assert warning.code is not None
    (again,) = claims(f"def softmax(x):\n  return {warning.code}")
    assert (again.reason, again.warnings) == ("this is the softmax of the catalogue", [])


def test_warnings_are_in_the_json_and_change_no_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.md"
    path.write_text("```python\ndef softplus(x):\n  return np.log(1 + np.exp(x))\ndef relu(x):\n  return np.maximum(0, x)\n```\n")
    assert main(["check", "--strict", "-f", "json", str(path)]) == 0
    first, second = json.loads(capsys.readouterr().out)["files"][0]["claims"]
    assert [set(w) for w in first["warnings"]] == [{"message", "code"}]
    assert "warnings" not in second
    assert main(["check", "-f", "github", str(path)]) == 0
    assert capsys.readouterr().out.count("title=symderiv hazard::") == 1
    assert main(["check", "-f", "sarif", str(path)]) == 0
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("hazard", "note")
    assert as_dict(check_text(path.read_text(), "markdown"))["files"][0]["claims"][0]["warnings"] == first["warnings"]
