"""One HTML page without scripts or outside files: every claim with its formula in MathML, its mark, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from symderiv.check.claim import Claim, Report
from symderiv.check.report.pretty import MARKS, WORDS, remarks
from symderiv.terms import Term
from symderiv.write import mathml

_STYLE: Final = """
body { font-family: system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
h2 { font-size: 1.1rem; margin-top: 2rem }
article { border-left: .3rem solid #bbb; padding: .3rem .8rem; margin: .6rem 0 }
.proved { border-color: #2e7d32 } .refuted { border-color: #c62828; background: #fdf1f1 } .undecided { border-color: #f9a825 }
.unread { border-color: #6a1b9a } .definition { border-color: #1565c0 }
math { font-size: 1.15rem; math-style: normal }
code { background: #f4f4f4; padding: 0 .2rem; overflow-wrap: anywhere } ul { margin: .3rem 0; padding-left: 1.2rem } .place { color: #666 }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 } code { background: #2a2a2a } .refuted { background: #331d1d } }
"""


def text(report: Report) -> str:
    """The page."""
    counts = " · ".join(f"{MARKS[v]} {n} {WORDS[v]}" for v, n in report.summary.items() if n) or "no claims found"
    body = [f"<h1>Checked derivations</h1><p>{escape(counts)}</p>"]
    for entry in report.files:
        body.append(f"<h2>{escape(entry.path)}</h2>")
        if entry.error:
            body.append(f'<article class="refuted">cannot be read: {escape(entry.error)}</article>')
        body += [_claim(claim) for claim in entry.claims]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>symderiv check</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _claim(claim: Claim) -> str:
    line, column = claim.start
    cell = f", cell {claim.cell}" if claim.cell is not None else ""
    place = f'<span class="place">line {line}, column {column}{cell}</span> {MARKS[claim.verdict]} {WORDS[claim.verdict]}'
    said = "".join(f"<li>{escape(remark)}</li>" for remark in remarks(claim))
    listed = f"<ul>{said}</ul>" if said else ""
    return f'<article class="{claim.verdict}"><div>{place}</div><div>{"".join(_formula(claim))}</div>{listed}</article>'


def _formula(claim: Claim) -> Iterator[str]:
    """Both sides in MathML; a side that was not read as it is written."""
    yield _side(claim.left_term, claim.left)
    yield f" {escape(claim.relation)} "
    yield _side(claim.term, claim.right)


def _side(term: Term | None, written: str) -> str:
    return f"<code>{escape(written)}</code>" if term is None else f"<math>{mathml(term)}</math>"
