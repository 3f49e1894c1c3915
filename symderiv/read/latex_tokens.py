r"""The lexer of LaTeX: commands become the tokens that the parser knows, what only concerns the looks is passed over.

Damage that copying does to LaTeX is mended and reported: `\` for `\\` between rows, HTML entities, Markdown escapes.
"""

from __future__ import annotations

import re
from typing import Final

from symderiv.errors import ReadError
from symderiv.read.latex_commands import (
    ACCENTS,
    ALIGNMENTS,
    BIG,
    CHARACTERS,
    DROPPED,
    DROPPED_WITH_ARGUMENT,
    FUNCTION_COMMANDS,
    KEYWORDS,
    LETTERS,
    OPERATOR_COMMANDS,
    STRUCTURES,
    STYLES,
    TEXTS,
    UPRIGHT,
)
from symderiv.read.notes import Note
from symderiv.read.tokens import CLOSING, OPERATORS, Token, number_token
from symderiv.read.vocabulary import DOUBLE_STRUCK, GREEK, KNOWN
from symderiv.terms import Context, Source, Span

_PATTERN: Final = re.compile(
    r"""(?P<space>[\s~\u200b\u00a0\ufeff$]+|%[^\n]*)
    |(?P<number>\d+(?:\.\d+|\{,\}\d{3})*|\.\d+)
    |(?P<word>[A-Za-z]+)
    |(?P<row>\\\\(?!_)\*?(?:\[[-\d.]+\s*(?:pt|em|ex|mm|cm|in|px)\])?)
    |(?P<command>\\[A-Za-z]+\*?)
    |(?P<entity>&(?:amp|lt|gt|le|ge|ne|nbsp);)
    |(?P<escape>\\\\?_|\\[*^])
    |(?P<symbol>\\[^A-Za-z])
    |(?P<operator><=|>=|==|!=|:=|\|\||->|\.\.\.|\S)""",
    re.VERBOSE,
)
_ENTITIES: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&le;": "≤", "&ge;": "≥", "&ne;": "≠"}
_OPEN: Final = {"（": "(", "(": "(", "[": "[", "{": "{", "⌊": "⌊", "⌈": "⌈", "⟨": "⟨"}
_CLOSE: Final = frozenset(")]}⌋⌉⟩")
_PLAIN_OPERATORS: Final = frozenset("+-*/^_=<>|,;:!'&‖…⊙⊗∘⋆≤≥≠≈∈∉∝∼≡→±.")
_FUNCTIONS_BY_LENGTH: Final = sorted((n for n in KNOWN if len(n) > 1), key=len, reverse=True)
_MACRO: Final = re.compile(
    r"(?:[vmb]|rv|bf|bs|mb|vec)([A-Za-z]|alpha|beta|gamma|delta|epsilon|theta|lambda|mu|phi|sigma|Sigma|Theta)"
)
_ONE_PIECE: Final = re.compile(r"\\[A-Za-z]+|.", re.DOTALL)
_EXPONENT: Final = re.compile(r"e-\d+")
_BRACKET: Final = re.compile(r"\s*(?:\\left\s*)?[(\[]")
_DELIMITER: Final = re.compile(r"\s*(\\[A-Za-z]+|\\[|{}]|\S)")
_NEGATED: Final = re.compile(r"\s*(=|<|>|\\[A-Za-z]+)")
_SCRIPT: Final = re.compile(r"\s*[_^]")
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n")
_CASES: Final = re.compile(r"(?:d|r)?cases\*?|[pbvVB]?(?:small)?matrix\*?|array")


class _Lexer:
    def __init__(self, source: Source, start: int, end: int, known: frozenset[str], rows: bool) -> None:
        self.rows = rows
        self.depth = 0
        self.source, self.end, self.known = source, end, known
        self.at = start
        self.tokens: list[Token] = []
        self.repairs: list[Note] = []
        self.environments: list[str] = []
        self.wide = False

    # ---------------------------------------------------------------------------------------------------- pieces
    def add(self, kind: str, text: str, start: int, stop: int) -> None:
        self.tokens.append(Token(kind, text, start, stop, self.wide))  # type: ignore[arg-type]
        self.wide = False
        self.depth += (kind == "open") - (kind == "close")

    def span(self, start: int, stop: int) -> Span:
        return Span(self.source, start, stop)

    def repair(self, message: str, start: int, stop: int) -> None:
        self.repairs.append(Note("repair", message, self.span(start, stop)))

    def group(self, of: str) -> tuple[int, int]:
        """Where the content of the { … } that comes next starts and ends; the lexer moves behind it."""
        text = self.source.text
        at = self.at
        while at < self.end and text[at].isspace():
            at += 1
        if at >= self.end:
            raise ReadError(f"{of} needs an argument", self.span(self.at, self.at), "write it in braces")
        if text[at] != "{":
            found = _ONE_PIECE.match(text, at, self.end)
            assert found is not None
            self.at = found.end()
            return at, self.at
        depth = 0
        for k in range(at, self.end):
            c = text[k]
            if c == "{" and text[k - 1] != "\\":
                depth += 1
            elif c == "}" and text[k - 1] != "\\":
                depth -= 1
                if depth == 0:
                    self.at = k + 1
                    return at + 1, k
        raise ReadError("this { is never closed", self.span(at, at + 1), "a } is missing after it")

    def inside(self, start: int, stop: int) -> None:
        """The tokens of a piece, here."""
        after, end = self.at, self.end
        self.at, self.end = start, stop
        self.run()
        self.at, self.end = after, end

    def run(self) -> None:
        text = self.source.text
        while self.at < self.end:
            found = _PATTERN.match(text, self.at, self.end)
            assert found is not None
            start, self.at = self.at, found.end()
            try:
                self._piece(found.lastgroup, found.group(), start)
            except ReadError as failure:
                self.at = max(self.at, found.end())
                self.tokens.append(Token("bad", found.group(), start, self.at, False, failure))

    def _piece(self, kind: str | None, piece: str, start: int) -> None:
        text = self.source.text
        match kind:
            case "space":
                if self.rows and self.depth <= 0 and not any(self.environments) and _BLANK_LINE.search(piece):
                    self.add("row", "\\\\", start, self.at)
            case "number":
                digits = piece.replace("{,}", "")
                exponent = _EXPONENT.match(text, self.at, self.end)
                if exponent:
                    self.at = exponent.end()
                    digits += exponent.group()
                self.tokens.append(number_token(digits, self.source, start, self.at, self.wide))
                self.wide = False
            case "word":
                self._word(piece, start)
            case "row":
                self.add("row", "\\\\", start, self.at)
            case "command":
                self._command(piece, start)
            case "entity":
                self.repair(f"{piece} stands for {_ENTITIES.get(piece, 'a space')}", start, self.at)
                if piece in _ENTITIES:
                    self.add("operator", _ENTITIES[piece], start, self.at)
            case "escape":
                self.repair(f"{piece} stands for {piece[-1]}", start, self.at)
                self.add("operator", piece[-1], start, self.at)
            case "symbol":
                self._symbol(piece, start)
            case _:
                self._operator(piece, start)

    # ---------------------------------------------------------------------------------------------------- letters
    def _word(self, word: str, start: int) -> None:
        """Letters stand for themselves, except in a known word: `exp(`, `softmax(`, a declared name."""
        if len(word) == 1:
            self.add("name", word, start, self.at)
            return
        applied = _BRACKET.match(self.source.text, self.at, self.end) is not None
        lowered = word in KNOWN and len(word) > 2 and self.source.text.startswith("_", self.at)
        if lowered and word in FUNCTION_COMMANDS.values():
            self.add("function", word, start, self.at)
            return
        if word in self.known or lowered or (applied and word in KNOWN):
            self.add("name", word, start, self.at)
            return
        if applied:
            for name in _FUNCTIONS_BY_LENGTH:
                if word.endswith(name) and (len(name) > 2 or len(word) == len(name)):
                    self._letters(word[: -len(name)], start)
                    self.add("name", name, self.at - len(name), self.at)
                    return
        if word in ("if", "for", "otherwise", "and", "or") and len(self.tokens) > 0:
            self.add("command", KEYWORDS[word], start, self.at)
            return
        if len(word) >= 4 and (word.islower() or word.istitle() or (applied and word.isalpha())):
            self.add("name", word, start, self.at)
            return
        self._letters(word, start)

    def _letters(self, word: str, start: int) -> None:
        for k, letter in enumerate(word):
            self.add("name", letter, start + k, start + k + 1)

    # --------------------------------------------------------------------------------------------------- commands
    def _command(self, piece: str, start: int) -> None:
        name = piece[1:].rstrip("*")
        if name in LETTERS:
            self.add("name", LETTERS[name], start, self.at)
        elif name in FUNCTION_COMMANDS:
            self.add("function", FUNCTION_COMMANDS[name], start, self.at)
        elif name in OPERATOR_COMMANDS:
            self.add("operator", OPERATOR_COMMANDS[name], start, self.at)
        elif name in STRUCTURES:
            self.add("command", STRUCTURES[name], start, self.at)
        elif name in ACCENTS:
            self.add("command", "accent:" + ACCENTS[name], start, self.at)
        elif name in ("newline", "cr"):
            self.add("row", "\\\\", start, self.at)
        elif (letter := _MACRO.fullmatch(name)) and (len(letter[1]) == 1 or letter[1] in LETTERS):
            self.repairs.append(Note("convention", f"{piece} is taken as the letter {letter[1]}", self.span(start, self.at)))
            self.add("name", LETTERS.get(letter[1], letter[1]), start, self.at)
        elif name in DROPPED:
            if name in ("quad", "qquad"):
                self.wide = True
        elif name in STYLES:
            pass
        elif name in BIG:
            self._big(name, start)
        elif name in CHARACTERS:
            bracket = CHARACTERS[name]
            self.add("open" if bracket in CLOSING else "close", bracket, start, self.at)
        elif name in UPRIGHT:
            self._upright(name, start)
        elif name in TEXTS:
            first, last = self.group(piece)
            self._text(first, last, start)
        elif name == "parbox":
            self.group(piece)
            first, last = self.group(piece)
            self.add("text", self.source.text[first:last].strip() or name, start, self.at)
        elif name in ("fitted", "resizebox"):
            self.group(piece)
        elif name in DROPPED_WITH_ARGUMENT or name in ("color", "textcolor"):
            self.group(piece)
            self.wide = self.wide or name == "hspace"
        elif name in ("overset", "stackrel", "underset", "xrightarrow", "xlongequal"):
            self._set(name, piece, start)
        elif name in ("begin", "end"):
            self._environment(name, start)
        elif name == "not":
            self._not(start)
        elif name == "middle":
            self.add("operator", "\\mid", start, self.at + 1)
            self.at += 1
        else:
            hint = "write a letter, or \\operatorname{" + name + "}(…) for a function"
            raise ReadError(f"the command {piece} is not known", self.span(start, self.at), hint)

    def _big(self, name: str, start: int) -> None:
        """\\left and \\right make a bar an opening or closing one; a dot after them is no bracket."""
        found = _DELIMITER.match(self.source.text, self.at, self.end)
        if found is None:
            raise ReadError(f"\\{name} needs a bracket", self.span(start, self.at), "write the bracket, or drop it")
        piece = found[1]
        opening = name == "left" or name.endswith("l")
        closing = name == "right" or name.endswith("r")
        if piece == ".":
            self.at = found.end()
            if opening:
                self.add("command", "left.", start, self.at)
            elif closing:
                self.add("command", "right.", start, self.at)
        elif piece in ("|", "\\vert", "\\|", "\\Vert") and (opening or closing):
            self.at = found.end()
            size = "vert" if piece in ("|", "\\vert") else "Vert"
            if self.tokens and opening is False and any(t.text == "left." for t in self.tokens) and size == "vert":
                self.add("command", "evaluated", start, self.at)
            else:
                self.add("open" if opening else "close", ("\\l" if opening else "\\r") + size, start, self.at)

    def _upright(self, name: str, start: int) -> None:
        """\\mathrm{softmax}, \\mathbf{x}, \\mathbb{E}, \\mathcal{L}: one name each."""
        after = self.at
        first, last = self.group("\\" + name)
        content = self.source.text[first:last].strip()
        if name == "mathbb" or content == "1" or (name in ("mathds", "mathbbm")):
            special = {"E": "expectation", "1": "one", "I": "one"}.get(content)
            if special:
                self.add("command", special, start, self.at)
                return
        if name in ("operatorname", "mathop", "DeclareMathOperator"):
            word = re.sub(r"\\[,;! ]|[\s~{}*-]|\\(?:rm|mathrm|text)", "", content)
            if word.isalnum() and not word[0].isdigit():
                known = FUNCTION_COMMANDS.get(word, word)
                self.add("function", known, start, self.at)
                return
            self.at = after
            return
        word = content.replace("\\_", "_").replace("\\", "\\")
        if len(content) == 1 and content.isalpha() and name in ("mathcal", "mathscr", "mathfrak", "mathbb"):
            kind = {"mathscr": "mathcal"}.get(name, name)
            self.add("name", f"{kind}({content})", start, self.at)
        elif content.isalpha() and content.isascii():
            bold = name in ("mathbf", "boldsymbol", "bm", "pmb", "mathit", "bf") and content not in self.known and len(content) < 3
            if bold:
                self._letters(content, first)
            else:
                self.add("name", content, start, self.at)
        elif re.fullmatch(r"[A-Za-z][\w-]*", word) and name in ("mathrm", "mathsf", "mathtt"):
            self.add("name", word.replace("-", "_").rstrip("_"), start, self.at)
        else:
            self.at = after

    def _text(self, first: int, last: int, start: int) -> None:
        """\\text{…}: a keyword, a name, or words that no formula holds."""
        content = self.source.text[first:last]
        words = content.strip(" ,.;:~\t\n")
        if not words:
            if "," in content:
                self.add("operator", ",", start, self.at)
            return
        lower = words.lower()
        if lower in KEYWORDS:
            self.add("command", KEYWORDS[lower], start, self.at)
            return
        head, _, rest = lower.partition(" ")
        if head in KEYWORDS and re.search(r"[=<>]|\\(?:ne|neq|le|leq|ge|geq|in|lt|gt)\b", rest):
            self.add("command", KEYWORDS[head], start, start)
            self.inside(first + content.lower().index(head) + len(head), last)
        elif re.fullmatch(r"[A-Za-z]+\([A-Za-z]\)|\d+", words):
            self.inside(first, last)
        elif re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", content):
            self.add("name", words, start, self.at)
        elif re.fullmatch(r"[A-Za-z]+-[A-Za-z]+", words):
            self.add("name", words.replace("-", ""), start, self.at)
        else:
            self.add("text", words, start, self.at)

    def _set(self, name: str, piece: str, start: int) -> None:
        """\\overset{(1)}{=} is =; \\underset{x}{\\max} is \\max_x."""
        small = self.group(piece)
        if name.startswith("x"):
            self.add("operator", "→" if name == "xrightarrow" else "=", start, self.at)
            return
        large = self.group(piece)
        self.inside(*large)
        if name == "underset" and self.tokens[-1].kind in ("function", "command"):
            at = small[0]
            self.add("operator", "_", at, at)
            self.add("open", "{", at, at)
            self.inside(*small)
            self.add("close", "}", small[1], small[1])
        else:
            self.repairs.append(
                Note(
                    "convention",
                    f"the remark over the sign is no part of the formula: {self.source.text[small[0] : small[1]]}",
                    self.span(*small),
                )
            )

    def _environment(self, name: str, start: int) -> None:
        first, last = self.group("\\" + name)
        environment = self.source.text[first:last].strip().rstrip("*")
        within = environment == "array" and not ((self.tokens and self.tokens[-1].kind in ("open",)) or self._fenced())
        if name == "begin":
            if environment in ("array", "alignat", "tabular", "IEEEeqnarray"):
                self.group("\\begin")
            alignment = environment in ALIGNMENTS or within
            if not alignment and not _CASES.fullmatch(environment) and environment != "smallmatrix":
                raise ReadError(
                    f"the environment {environment} is not read", self.span(start, self.at), "write the formula by itself"
                )
            self.environments.append("" if alignment else environment)
            if not alignment:
                self.add("command", "begin:" + environment, start, self.at)
        else:
            if not self.environments:
                raise ReadError(f"this \\end{{{environment}}} ends nothing", self.span(start, self.at), "its \\begin is missing")
            opened = self.environments.pop()
            if opened:
                self.add("command", "end", start, self.at)

    def _fenced(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].text in ("left.",)

    def _not(self, start: int) -> None:
        found = _NEGATED.match(self.source.text, self.at, self.end)
        negated = {"=": "≠", "\\in": "∉", "\\equiv": "≠", "<": "≥", ">": "≤", "\\eq": "≠"}
        if found is None or found[1] not in negated:
            raise ReadError("\\not is only read before = and \\in", self.span(start, self.at), "write \\ne or \\notin")
        self.at = found.end()
        self.add("operator", negated[found[1]], start, self.at)

    # ---------------------------------------------------------------------------------------------------- symbols
    def _symbol(self, piece: str, start: int) -> None:
        mark = piece[1]
        if mark in "{}":
            self.add("open" if mark == "{" else "close", piece, start, self.at)
        elif mark == "|":
            self.add("operator", "‖", start, self.at)
        elif mark in "#%&$":
            raise ReadError(f"{piece} is no part of a formula", self.span(start, self.at))
        elif mark.isspace():
            self._broken_row(start)
        elif mark in ",;:!>/-" or mark in "()[]":
            pass
        elif mark.isdigit() and any(self.environments):
            self.at = start + 1
            self._broken_row(start)
        else:
            raise ReadError(f"{piece} is not known", self.span(start, self.at), "drop the backslash")

    def _broken_row(self, start: int) -> None:
        """A lone backslash between two rows of cases or of a matrix stands for two."""
        if not (self.environments and self.environments[-1]):
            return
        text = self.source.text
        stop = min(
            (k for k in (text.find("\\\\", self.at, self.end), text.find("\\end", self.at, self.end)) if k >= 0), default=self.end
        )
        seen = False
        for t in reversed(self.tokens):
            if t.kind == "row" or t.text.startswith("begin:"):
                break
            seen = seen or t.text == "&"
        if seen and "&" in text[self.at : stop]:
            self.repair("\\ stands for \\\\, the end of a row", start, start + 1)
            self.add("row", "\\\\", start, self.at)

    def _operator(self, piece: str, start: int) -> None:
        text = OPERATORS.get(piece, piece)
        if piece in _OPEN:
            self.add("open", _OPEN[piece], start, self.at)
        elif piece == "）":
            self.add("close", ")", start, self.at)
        elif piece in _CLOSE:
            self.add("close", piece, start, self.at)
        elif piece in GREEK and piece not in "ΣΠ":
            self.add("name", GREEK[piece], start, self.at)
        elif text in ("...",):
            self.add("operator", "…", start, self.at)
        elif text in _PLAIN_OPERATORS or len(text) > 1:
            self.add("operator", text, start, self.at)
        elif piece in DOUBLE_STRUCK:
            self.add("name", DOUBLE_STRUCK[piece], start, self.at)
        elif piece in "∑∏∫ΣΠ∂√∞∇":
            self._unicode(piece, start)
        else:
            raise ReadError(f"{piece!r} is not a character of a formula", self.span(start, self.at))

    def _unicode(self, piece: str, start: int) -> None:
        structures = {"∑": "sum", "∏": "prod", "Σ": "sum", "Π": "prod", "∫": "integral", "∂": "∂", "√": "sqrt", "∇": "nabla"}
        if piece == "∞":
            self.add("name", "oo", start, self.at)
        elif piece in "ΣΠ" and not _SCRIPT.match(self.source.text, self.at, self.end):
            self.add("name", GREEK[piece], start, self.at)
        else:
            self.add("command", structures[piece], start, self.at)


def latex_tokens(
    source: Source,
    start: int = 0,
    end: int | None = None,
    context: Context | None = None,
    functions: frozenset[str] = frozenset(),
    *,
    rows: bool = False,
) -> tuple[list[Token], list[Note]]:
    """The tokens of the text from `start` to `end`, and what was mended; with `rows`, a blank line ends a row too."""
    known = functions | frozenset((*context.sorts, *context.definitions) if context is not None else ())
    end = len(source.text) if end is None else end
    lexer = _Lexer(source, start, end, known, rows)
    lexer.run()
    lexer.tokens.append(Token("end", "", end, end))
    return lexer.tokens, lexer.repairs
