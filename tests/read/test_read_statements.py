from __future__ import annotations

import json
from pathlib import Path

import pytest

from symderiv.errors import ReadError
from symderiv.read import Statement, read_plain, statements
from symderiv.terms import ONE, Relation, Source, Span, Sym

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "chains.jsonl"


def shown(text: str) -> list[tuple[int, tuple[str, ...], int]]:
    return [(len(s.sides), s.relations, len(s.conditions)) for s in statements(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b", [(2, ("=",), 0)]),
        ("a = b = c", [(3, ("=", "="), 0)]),
        (r"a &= b \\ &= c \\ &\le d", [(4, ("=", "=", "≤"), 0)]),
        (r"\begin{align} a &= b \\ c &= d \end{align}", [(2, ("=",), 0), (2, ("=",), 0)]),
        (r"\begin{eqnarray} a &=& b \\ &=& c \end{eqnarray}", [(3, ("=", "="), 0)]),
        (r"a &= b \\ &\quad + c", [(2, ("=",), 0)]),
        (r"a = b, \quad c = d", [(2, ("=",), 0), (2, ("=",), 0)]),
        (r"a = b \text{ and } c = d.", [(2, ("=",), 0), (2, ("=",), 0)]),
        (r"a = b \quad \text{if } j = k", [(2, ("=",), 1)]),
        (r"a = b \quad \text{for } j \ne k", [(2, ("=",), 1)]),
        (r"a = b \quad (x > 0)", [(2, ("=",), 1)]),
        (r"a = b, \quad x > 0", [(2, ("=",), 1)]),
        (r"a = b, \text{ where } c = d", [(2, ("=",), 1)]),
        (r"= a = b", [(2, ("=", "="), 0)]),
        ("a = b\n  = c\nd = x", [(3, ("=", "="), 0), (2, ("=",), 0)]),
        (r"a = b \Rightarrow c = d", [(2, ("=",), 0), (2, ("=",), 0)]),
        (r"a = b \quad \text{for } j = 1, \dots, K", [(2, ("=",), 1)]),
        (r"a = b, \quad j = 1, 2, \dots, K", [(2, ("=",), 1)]),
        (r"a = b, \quad j \in \{1, \dots, K\}", [(2, ("=",), 1)]),
        (r"a = b \to c = d", [(2, ("=",), 0), (2, ("=",), 0)]),
        (r"a \approx 0.25", [(2, ("≈",), 0)]),
        (r"a = b \quad \text{(by the chain rule)}", [(2, ("=",), 0)]),
        (r"x^2 + 1", [(1, (), 0)]),
    ],
)
def test_a_block_is_separated_into_statements(text: str, expected: list[tuple[int, tuple[str, ...], int]]) -> None:
    assert shown(text) == expected
    assert not any(s.errors for s in statements(text))


def test_one_unreadable_side_hides_none_of_the_others() -> None:
    (s,) = statements(r"a &= \foo{b} \\ &= c + \\ &= d")
    assert [isinstance(side, ReadError) for side in s.sides] == [False, True, True, False]
    assert len(s.errors) == 2
    assert all(e.span is not None for e in s.errors)


def test_places_point_into_the_whole_document() -> None:
    source = Source("Some words.\n$$ a = b + \\foo $$\n", "notes.md")
    start = source.text.index("a =")
    (s,) = statements(Span(source, start, source.text.index(" $$\n")))
    assert s.span.place == "notes.md:2:4"
    assert s.errors[0].span is not None
    assert s.errors[0].span.place == "notes.md:2:12"


def test_letters_mean_the_same_on_all_sides() -> None:
    (s,) = statements(r"\frac{e^{z_j}}{\sum_{k=1}^K e^{z_k}} = e^{z_j} s")
    assert "z_j" not in {name for side in s.sides if not isinstance(side, ReadError) for name in side.free}


def test_conditions_are_relations() -> None:
    (s,) = statements(r"f(x) = x \quad \text{if } x > 1")
    assert s.conditions == (Relation(">", Sym("x"), ONE),)


def test_nothing_gives_no_statement() -> None:
    assert statements("") == ()
    assert isinstance(statements("x = ")[0], Statement)
    assert statements("x = ")[0].errors


def test_an_ambiguous_side_has_its_other_reading() -> None:
    (s,) = statements("z = a/5*b")
    assert [n.other for n in s.notes] == [read_plain("a/(5*b)")]


@pytest.mark.skipif(not CORPUS.exists(), reason="the collection of derivations is not here")
def test_most_sides_of_real_derivations_are_read() -> None:
    sides = [
        side
        for line in CORPUS.read_text(encoding="utf-8").splitlines()
        for s in statements(json.loads(line)["latex"], latex=True)
        for side in s.sides
    ]
    unread = sum(isinstance(side, ReadError) for side in sides)
    assert unread / len(sides) < 0.105


def test_a_long_statement_is_read_whole() -> None:
    (s,) = statements("y = " + " + ".join(f"x_{{{k}}}" for k in range(5000)))
    assert len(s.sides) == 2


def test_a_column_of_words_beside_the_rows_is_no_part_of_them() -> None:
    text = r"""\begin{aligned}
    f &= x + x && \text{definition of } f(x) \\
    &= 2 x && \text{collect, } u = 3 \text{, } v \\
    &= y && \text{if } x > 0
    \end{aligned}"""
    (s,) = statements(text, latex=True)
    assert [str(side) for side in s.sides] == ["f", "x + x", "2*x", "y"]
    assert not s.errors
    assert len(s.conditions) == 1
