from symderiv.errors import ReadError, UnknownName
from symderiv.terms import Source, Span

SOURCE = Source("first line\n1/(1 + x", "paper.tex")


def test_lines_and_columns_count_from_one() -> None:
    span = Span(SOURCE, 13, 14)
    assert (span.line, span.column, span.text, span.place) == (2, 3, "(", "paper.tex:2:3")
    assert Span(Source("x"), 0, 1).place == "1:1"


def test_carets_stand_under_the_piece() -> None:
    assert Span(SOURCE, 13, 14).underlined() == "1/(1 + x\n  ^"
    assert Span(SOURCE, 11, 19).underlined() == "1/(1 + x\n^^^^^^^^"
    assert Span(SOURCE, 19, 19).underlined() == "1/(1 + x\n        ^", "the end of the text has a place too"


def test_a_long_line_is_cut_around_the_piece() -> None:
    text = "a + " * 200 + "?"
    shown = Span(Source(text), 800, 801).underlined(60)
    line, carets = shown.split("\n")
    assert len(line) < 70
    assert line[carets.index("^")] == "?"


def test_a_span_reaches_to_another() -> None:
    assert Span(SOURCE, 13, 14).to(Span(SOURCE, 18, 19)).text == "(1 + x"


def test_an_error_says_what_where_and_what_would_help() -> None:
    error = ReadError("the bracket is not closed", Span(SOURCE, 13, 14), "add )")
    assert str(error).split("\n") == ["paper.tex:2:3: the bracket is not closed", "    1/(1 + x", "      ^", "add )"]


def test_a_name_that_is_unknown_gets_its_nearest() -> None:
    error = UnknownName.among("function", "sigmiod", ["sigmoid", "tanh"])
    assert "did you mean sigmoid?" in str(error)
    assert "known: a, b" in str(UnknownName.among("format", "xyz", ["a", "b"]))
