"""What a document says of image kernels that it writes out: judged from the facts of the kernel."""

from __future__ import annotations

import re
from typing import Final

from symderiv.check.claim import Claim
from symderiv.check.documents import Document

_WRITTEN_OUT: Final = re.compile(r"=\s*\[\s*\[")
_ABOUT_KERNELS: Final = re.compile(r"\b(?:kernel|filter|convol|pixel)", re.IGNORECASE)


def kernel_claims(document: Document) -> list[Claim]:
    """The claims of the sentences after each kernel; the kernels are only looked at where a text has some and speaks of them."""
    text = document.source.text
    if not (_WRITTEN_OUT.search(text) and _ABOUT_KERNELS.search(text)):
        return []
    from symderiv.kernels import judge_text

    claims = []
    for found in judge_text(text, document.source.path):
        holds = found.judgement.holds
        claims.append(
            Claim(
                document.original(found.span),
                found.kernel,
                "is",
                found.claim,
                "proved" if holds else "undecided" if holds is None else "refuted",
                method="facts of the kernel",
                reason="" if holds else found.judgement.reason,
                cell=document.cell_of(found.span),
            )
        )
    return claims
