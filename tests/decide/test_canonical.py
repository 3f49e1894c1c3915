"""The canonical form: kernels are independent, guards say where a term is defined, signs are learned only where they must hold."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from symderiv.decide.canonical import Form, form_of
from symderiv.decide.facts import Facts
from symderiv.decide.intervals import REAL
from symderiv.decide.kernels import degree_of
from symderiv.decide.powers import primes
from symderiv.decide.verdict import Budget, NowhereDefined, Unsupported
from symderiv.read import read_plain
from symderiv.terms import Add, Const, Context, Fn, Neg, Num, Pow, Sym, Term


def built(build: Callable[[Form], Any]) -> Any:
    return form_of(build, Budget(), lambda _: REAL)


def kernels(text: str) -> list[str]:
    return form_of(lambda f: (f.of(read_plain(text).bare), [str(k.key[0]) for k in f.kernels])[1], Budget(), lambda _: REAL)


def guards(text: str, assumed: str = "") -> list[str]:
    facts = Facts(Context().assume(read_plain(assumed)) if assumed else Context())

    def build(f: Form) -> list[str]:
        f.of(read_plain(text).bare)
        return [str(g.condition) for g in f.guards.values()]

    return form_of(build, Budget(), facts.range_of)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exp(2*x)*exp(-x)*exp(x + y)", ["letter", "exp", "letter", "exp"]),
        ("exp(x/3) + exp(x/2)", ["letter", "exp"]),
        ("log(x^2*y)", ["letter", "letter", "log", "log"]),
        ("log(12)", ["log of number", "log of number"]),
        ("sqrt(12) + sqrt(3) + sqrt(1/3)", ["root of number"]),
        ("sinh(x) + cosh(x) + tanh(x)", ["letter", "exp"]),
        ("sin(2*x)*cos(x)", ["letter", "cos", "sin", "cos", "sin"]),
        ("erf(-x) + erf(x)", ["letter", "erf"]),
        ("asin(x) + acos(x)", ["letter", "asin", "pi"]),
        ("e^2*e^x", ["exp", "letter", "exp"]),
    ],
)
def test_kernels(text: str, expected: list[str]) -> None:
    found = kernels(text)
    assert sorted(set(found)) == sorted(set(expected))
    assert len(found) <= len(expected)


@pytest.mark.parametrize(
    ("text", "assumed", "expected"),
    [
        ("1/x", "", ["x != 0"]),
        ("1/(1 + exp(x))", "", []),
        ("1/(1 + x^2)", "", []),
        ("1/x", "x > 0", []),
        ("log(x)", "", ["x > 0"]),
        ("sqrt(x^2)", "", []),
        ("sqrt(x)", "", ["x >= 0"]),
        ("x^(-1/2)", "", ["x > 0"]),
        ("x^y", "", ["x > 0"]),
        ("x^0", "", ["x != 0"]),
        ("tan(x)", "", ["cos(x) != 0"]),
        ("asin(x)", "", ["1 + x >= 0", "1 - x >= 0"]),
        ("root(x, 4)", "", ["x >= 0"]),
        ("2^x", "", []),
    ],
)
def test_guards(text: str, assumed: str, expected: list[str]) -> None:
    assert guards(text, assumed) == expected


@pytest.mark.parametrize(
    "text", ["1/(x - x)", "log(-1 - x^2)", "sqrt(-1 - exp(x))", "(x - x)^(-1)", "0^0", "log(0)", "1/(exp(x)*exp(-x) - 1)"]
)
def test_what_is_nowhere_defined(text: str) -> None:
    with pytest.raises(NowhereDefined):
        guards(text)


@pytest.mark.parametrize(
    "term",
    [
        Const("oo"),
        Fn("root", Num(2), Sym("x")),
        Fn("max", Sym("x"), Sym("y")),
        Fn("log", Num(10**60)),
        Pow(Add(Num(1), Sym("x")), Num(10**6)),
        Fn("sin", Neg(Fn("asin", Fn("max", Sym("x"), Num(1))))),
    ],
)
def test_what_is_refused(term: Term) -> None:
    with pytest.raises(Unsupported):
        form_of(lambda f: f.of(term), Budget(), lambda _: REAL)


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        ("log(x)", {"k0", "-k0"}),
        ("sqrt(x)", {"k0", "-k0"}),
        ("sqrt(x^2*y)", set()),
        ("log(x^2*y)", {"k1", "-k1"}),
        ("log(x*y)", set()),
    ],
)
def test_a_sign_is_learned_only_where_it_must_hold(text: str, learned: set[str]) -> None:
    assert built(lambda f: (f.of(read_plain(text).bare), set(f.learned))[1]) == learned


def test_roots_are_taken_out_of_denominators() -> None:
    def build(f: Form) -> None:
        n, d = f.reduced(f.of(read_plain("1/(1 + sqrt(x))").bare))
        assert str(n) in ("k1 - 1", "-k1 + 1")
        assert str(d) in ("k0 - 1", "-k0 + 1")
        assert degree_of(d) == 1

    built(build)


def test_no_conjugate_makes_a_denominator_vanish() -> None:
    assert built(lambda f: f.reduced(f.of(read_plain("1/(sqrt(3 + 2*sqrt(2)) + 1 + sqrt(2))").bare)))[1] != 0


def test_a_form_with_many_letters_gets_a_larger_ring() -> None:
    letters = [Sym(f"x{k}") for k in range(100)]
    assert form_of(lambda f: (f.of(Add(*letters)), f.ring.size)[1], Budget(), lambda _: REAL) == 160
    with pytest.raises(Unsupported, match="more kernels"):
        form_of(lambda f: f.of(Add(*(Sym(f"x{k}") for k in range(600)))), Budget(), lambda _: REAL)


def test_primes() -> None:
    assert primes(Fraction(12, 35)) == [(2, 2), (3, 1), (5, -1), (7, -1)]
    with pytest.raises(Unsupported):
        primes(Fraction(10**40 + 1))


def test_the_time_is_kept() -> None:
    with pytest.raises(Unsupported, match="time"):
        form_of(lambda f: f.of(read_plain("x + 1").bare), Budget(-1), lambda _: REAL)
