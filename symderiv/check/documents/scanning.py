"""Openers and closers of formulas, found in time that grows with the text, however damaged it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

LONGEST_BRACES: Final = 20_000
"""Characters that one braced argument may have."""

_BLANK_LINE: Final = re.compile(r"\n[ \t>]*\n")


@dataclass(slots=True)
class Closers:
    """Looks for closers in a text; what was not found once is not looked for again."""

    text: str
    end: int
    _absent: dict[str, int] = field(default_factory=dict)
    _break: tuple[int, int] = (-1, -1)

    def find(self, closer: str, start: int, *, paragraph: bool) -> tuple[int, int] | None:
        """Where the next text that matches the pattern `closer` is, within the paragraph or at all."""
        limit = self.paragraph_end(start) if paragraph else self.end
        if self._absent.get(closer, -1) >= limit:
            return None
        found = _compiled(closer).search(self.text, start, limit)
        if found is None:
            self._absent[closer] = limit
            return None
        return found.span()

    def paragraph_end(self, start: int) -> int:
        """Where the paragraph ends in which `start` stands."""
        low, high = self._break
        if not low <= start < high:
            found = _BLANK_LINE.search(self.text, start, self.end)
            high = found.start() + 1 if found else self.end
            self._break = (start, high)
        return high


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


def braced(text: str, at: int, end: int) -> int | None:
    """Where the group ends that opens with the brace at `at`; None if it does not end or is very long."""
    depth = 0
    for k in range(at, min(end, at + LONGEST_BRACES)):
        c = text[k]
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                return k + 1
    return None
