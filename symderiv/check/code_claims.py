"""What the functions of a code cell claim: `sigmoid` is the sigmoid, `sigmoid_derivative` is its derivative."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.claim import Claim
from symderiv.check.documents import Document
from symderiv.check.documents.code import CodeDefinition, definitions
from symderiv.check.judging import Judgement, catalogue_definition, judge
from symderiv.check.scope import Scope
from symderiv.check.writing import put
from symderiv.terms import FUNCTIONS, Definition, Prime, Span, Sym, substitute
from symderiv.write import text

_DERIVATIVE: Final = re.compile(
    r"(?:d_|grad_|gradient_|derivative_(?:of_)?|deriv_|der_)(?P<after>\w+)"
    r"|(?P<before>\w+?)_?(?:derivative|deriv|der|prime|grad|gradient|backward|derivatives)(?:_function)?",
    re.IGNORECASE,
)
_SOFTMAX: Final = re.compile(r"softmax$", re.IGNORECASE)
_SINGLE: Final = re.compile(r"(?P<call>\b\w*softmax)\((?P<number>\w+\[\w+\])\)", re.IGNORECASE)


def code_claims(span: Span, document: Document, scope: Scope) -> Iterator[Claim]:
    """The claims of a code cell; what it defines is taken into the scope."""
    for found in definitions(span):
        yield from _Function(found, document, scope).claims()


class _Function:
    def __init__(self, found: CodeDefinition, document: Document, scope: Scope) -> None:
        self.found = found
        self.scope = scope
        body = "" if found.body is None else text(found.body)
        self.claim = Claim(
            document.original(found.span),
            f"{found.name}({', '.join(found.parameters)})",
            "=",
            body,
            "definition",
            cell=document.cell_of(found.span),
            term=found.body,
        )

    def claims(self) -> Iterator[Claim]:
        found, claim = self.found, self.claim
        remarks = self._softmax()
        base = self._base()
        if found.body is None:
            if remarks or base is not None or self._of_catalogue() is not None:
                claim.verdict, claim.right = "unread", found.text.strip().splitlines()[-1].strip()
                claim.reason = "; ".join([*remarks, f"this code is not read as a formula: {found.reason}"])
                yield claim
            return
        claim.reason = "; ".join(remarks)
        if base is not None and len(found.parameters) == 1:
            self._derivative_of(base)
        elif (row := self._of_catalogue()) is not None and len(found.parameters) == 1:
            self._same_as(row)
        if found.name not in FUNCTIONS and found.parameters:
            self.scope.context = self.scope.context.define(found.name, found.parameters, found.body)
        yield claim

    def _of_catalogue(self) -> Definition | None:
        return catalogue_definition(self.found.name)

    def _base(self) -> Definition | None:
        """The function of which the name says that this is the derivative."""
        match = _DERIVATIVE.fullmatch(self.found.name)
        if match is None:
            return None
        name = (match["after"] or match["before"]).rstrip("_")
        known = self.scope.context.definitions.get(name)
        return known if known is not None and len(known.parameters) == 1 else catalogue_definition(name)

    def _derivative_of(self, base: Definition) -> None:
        """Judge that the body is the derivative of `base`, at x or as a function of the value base(x)."""
        found, claim = self.found, self.claim
        assert found.body is not None
        letter = found.parameters[0]
        scope = Scope(self.scope.context.define(base.name, base.parameters, base.body), mentioned={"sigmoid"})
        left = Prime(base.name, (1,), Sym(letter))
        claim.left = f"{base.name}'({letter})"
        judgement = judge(left, "=", found.body, scope)
        if judgement.verdict.kind != "proved":
            of_value = substitute(found.body, {letter: base.opened((Sym(letter),))})
            again = judge(left, "=", of_value, scope)
            if again.verdict.kind == "proved":
                put(claim, again)
                claim.reason = f"as a function of the value {letter} = {base.name}(…)"
                return
        self._put(judgement, f"this is not the derivative of {base.name}")

    def _same_as(self, row: Definition) -> None:
        found, claim = self.found, self.claim
        assert found.body is not None
        judgement = judge(row.opened((Sym(found.parameters[0]),)), "=", found.body, Scope(self.scope.context))
        if judgement.verdict.kind == "proved":
            claim.reason = f"this is the {row.name} of the catalogue"
        elif judgement.verdict.kind == "refuted":
            self._put(judgement, f"the function is called {found.name}, but is not the {row.name} of the catalogue")

    def _put(self, judgement: Judgement, wrong: str) -> None:
        put(self.claim, judgement)
        if self.claim.verdict == "refuted":
            self.claim.reason = wrong
        elif self.claim.conditions:
            self.claim.reason = "elsewhere the derivative does not exist: a value there is a convention"

    def _softmax(self) -> list[str]:
        """What is wrong with code that calls itself softmax."""
        out = []
        if _SOFTMAX.search(self.found.name) and "exp" not in self.found.text:
            out.append(f"{self.found.name} has no exponential: softmax(z) is exp(z)/sum(exp(z))")
        for call in _SINGLE.finditer(self.found.text):
            out.append(f"{call['call']} is applied to the single number {call['number']}, where it is always 1")
            break
        return out
