"""What the functions of a code cell claim: `sigmoid` is the sigmoid, `sigmoid_derivative` is its derivative, f is the f of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from symderiv.check.claim import Claim
from symderiv.check.code.comparing import CATALOGUED, Comparison, differentiated, same_as_catalogue
from symderiv.check.code.functions import Cell, CodeFunction, Functions, read_function
from symderiv.check.code.hazards import hazard
from symderiv.check.documents import Document
from symderiv.check.judging import Judgement, catalogue_definition, catalogue_row, judge
from symderiv.check.scope import Scope
from symderiv.check.writing import put
from symderiv.decide import decide
from symderiv.terms import FUNCTIONS, ONE, Definition, Prime, Span, Sym, Term, substitute
from symderiv.write import text
from symderiv.write.stable import with_library

_DERIVATIVE: Final = re.compile(
    r"(?:gradient|grad|derivative|deriv|der|jacobian|d)_?(?:of_)?(?P<after>\w+)"
    r"|(?P<before>\w+?)(?:_d|_?(?:derivative|deriv|der|prime|grad|gradient|backward|derivatives|jacobian|jac)(?:_function)?)",
    re.IGNORECASE,
)
"""Names that say of which function this is the derivative, if there is one of that name: d_f, grad_f, f_prime, dSigmoid, sigmoid_d."""


def code_claims(span: Span, document: Document, scope: Scope) -> Iterator[Claim]:
    """The claims of a code cell; what it defines is taken into the scope."""
    before = set(scope.functions.program)
    for found in Cell(span, scope.functions).functions:
        yield from _Function(found, document, scope, found.name in before).claims()


class _Function:
    def __init__(self, found: CodeFunction, document: Document, scope: Scope, again: bool) -> None:
        self.found = found
        self.scope = scope
        self.functions: Functions = scope.functions
        self.again = again
        self.body: Term | None = None if found.value is None else found.value.body
        self.claim = Claim(
            document.original(found.span),
            f"{found.name}({', '.join(found.parameters)})",
            "=",
            "" if self.body is None else text(self.body),
            "definition",
            cell=document.cell_of(found.span),
            term=self.body,
        )

    def claims(self) -> Iterator[Claim]:
        """At most one claim; a fault in judging one function must not hide the others."""
        try:
            yield from self._judged()
        except Exception as fault:
            self._differs(f"a fault of symderiv, please report it: {type(fault).__name__}: {fault}", defines=False)
            yield self.claim

    def _judged(self) -> Iterator[Claim]:
        found, claim = self.found, self.claim
        base = self._base()
        if found.value is None:
            if base is not None or catalogue_row(found.name) is not None:
                self._unread()
                yield claim
            return
        claim.reason = "; ".join(self._applied())
        if base is not None and not (isinstance(base, Definition) and len(found.parameters) != 1):
            self._derivative_of(base)
        elif (row := catalogue_definition(found.name)) is not None and len(found.parameters) == 1:
            self._same_as(row)
        elif found.name.lower() in CATALOGUED:
            self._compared(
                same_as_catalogue(found, self.functions, self.scope.context),
                f"the {CATALOGUED[found.name.lower()]} of the catalogue",
            )
        elif not self.again and found.of_numbers and found.name in self.scope.lines:
            self._same_as_text(self.scope.context.definitions.get(found.name))
        if found.of_numbers and found.name not in FUNCTIONS and found.parameters:
            assert self.body is not None
            self.scope.context = self.scope.context.define(found.name, found.parameters, self.body)
        if claim.verdict != "refuted" and (seen := hazard(found, self.scope.context)) is not None:
            claim.warnings.append(seen)
        yield claim

    def _unread(self) -> None:
        found, claim = self.found, self.claim
        claim.right = found.text.strip().splitlines()[-1].strip()
        if found.misfit:
            claim.verdict = "refuted"
            claim.method = claim.reason = f"this code fails when it is run: {found.reason}"
        else:
            claim.verdict = "unread"
            claim.reason = f"this code is not read as a formula: {found.reason}"

    def _base(self) -> Definition | CodeFunction | str | None:
        """The function of which the name says that this is the derivative: of the program, of the text, or of the catalogue."""
        match = _DERIVATIVE.fullmatch(self.found.name)
        if match is None or catalogue_row(self.found.name) is not None:
            return None
        name = (match["after"] or match["before"]).strip("_")
        read = {n.lower(): f for n, f in self.functions.read.items() if f.value is not None}
        of_program = self.functions.read.get(name) or read.get(name.lower())
        if of_program is not None and of_program.value is not None:
            return of_program
        known = self.scope.context.definitions.get(name)
        if known is not None and len(known.parameters) == 1:
            return known
        row = catalogue_definition(name)
        return row if row is not None else name.lower() if name.lower() in CATALOGUED else None

    # -------------------------------------------------------------------------------------------------- verdicts
    def _derivative_of(self, base: Definition | CodeFunction | str) -> None:
        name = base if isinstance(base, str) else base.name
        if isinstance(base, CodeFunction) and (base.of_numbers and len(base.parameters) == 1):
            base = self.scope.context.definitions.get(base.name) or base
        if isinstance(base, Definition) and self.found.of_numbers and len(self.found.parameters) == 1:
            self._derivative_of_numbers(base)
        elif not isinstance(base, Definition):
            found = differentiated(self.found, base, self.functions, self.scope.context)
            self._compared(found, f"the derivative of {name}")

    def _derivative_of_numbers(self, base: Definition) -> None:
        """Judge that the body is the derivative of `base`, at x or as a function of the value base(x)."""
        assert self.body is not None
        letter = self.found.parameters[0]
        scope = self._judged_in(base)
        left = Prime(base.name, (1,), Sym(letter))
        self.claim.left = f"{base.name}'({letter})"
        judgement = judge(left, "=", self.body, scope)
        if judgement.verdict.kind != "proved":
            of_value = substitute(self.body, {letter: base.opened((Sym(letter),))})
            again = judge(left, "=", of_value, scope)
            if again.verdict.kind == "proved":
                put(self.claim, again)
                self.claim.reason = f"as a function of the value {letter} = {base.name}(…)"
                return
            if again.verdict.kind == "undecided" and judgement.verdict.kind == "refuted":
                judgement = Judgement(again.verdict, reason=again.reason)
        self._put(judgement, f"this is not the derivative of {base.name}")
        if self.claim.verdict != "proved":
            self._soften(base)

    def _judged_in(self, base: Definition) -> Scope:
        context = with_library(self.scope.context).define(base.name, base.parameters, base.body)
        return Scope(context, mentioned={"sigmoid"})

    def _soften(self, base: Definition | None) -> None:
        """Undecided instead of wrong, where only what guards the floating-point arithmetic makes the difference, or authors differ."""
        row = catalogue_row(self.found.name if base is None else base.name)
        if row is not None and row.varies and (base is None or base.body == row.definition.body):
            self._differs(f"{row.varies}; this is not the {row.name} of the catalogue", defines=base is None)
            return
        closure = self.functions.program[self.found.name]
        ideal = read_function(closure, self.functions, self.found.span, self.found.text, ideal=True)  # type: ignore[arg-type]
        context = self.scope.context
        guards = list(ideal.guards)
        for name, f in self.functions.read.items():
            again = self.functions.program.get(name)
            if name in context.definitions and f.of_numbers:
                other = read_function(again, self.functions, f.span, f.text, ideal=True)  # type: ignore[arg-type]
                if other.guards and other.value is not None:
                    guards += other.guards
                    context = context.define(name, f.parameters, other.value.body)
        if not guards or ideal.value is None:
            return
        letter = Sym(self.found.parameters[0])
        if base is None:
            definition = catalogue_definition(self.found.name)
            assert definition is not None
            left = definition.opened((letter,))
        else:
            left = Prime(base.name, (1,), letter)
            context = context if base.name in context.definitions else context.define(base.name, base.parameters, base.body)
        if judge(left, "=", ideal.value.body, Scope(with_library(context))).verdict.kind == "proved":
            self._differs(
                f"right apart from {', '.join(dict.fromkeys(guards))}, which is there for the floating-point arithmetic",
                defines=base is None,
            )

    def _differs(self, reason: str, *, defines: bool) -> None:
        self.claim.verdict, self.claim.method, self.claim.reason = "definition" if defines else "undecided", "", reason
        self.claim.witness, self.claim.suggestion = None, None

    def _same_as(self, row: Definition) -> None:
        assert self.body is not None
        if not self.found.of_numbers:
            return
        scope = Scope(with_library(self.scope.context))
        judgement = judge(row.opened((Sym(self.found.parameters[0]),)), "=", self.body, scope)
        if judgement.verdict.kind == "proved":
            self.claim.reason = f"this is the {row.name} of the catalogue"
        elif judgement.verdict.kind == "refuted":
            self._put(judgement, f"the function is called {self.found.name}, but is not the {row.name} of the catalogue")
            if self.claim.verdict == "refuted":
                self._soften(None)

    def _same_as_text(self, given: Definition | None) -> None:
        assert self.body is not None
        if given is None or len(given.parameters) != len(self.found.parameters):
            return
        scope = Scope(with_library(self.scope.context))
        judgement = judge(given.opened(map(Sym, self.found.parameters)), "=", self.body, scope)
        line = self.scope.lines[self.found.name]
        if judgement.verdict.kind == "proved":
            put(self.claim, judgement)
            self.claim.reason = f"this is the {given.name} of the text, line {line}"
        elif judgement.verdict.kind == "refuted" and given.name not in self.scope.stale:
            self._put(judgement, f"this is not the {given.name} that the text gives in line {line}")

    def _compared(self, found: Comparison | None, what: str) -> None:
        """Take over what came of comparing arrays."""
        if found is None:
            return
        claim = self.claim
        remarks = self._applied()
        if found.names:
            claim.left = found.names
            if found.value is not None:
                claim.right, claim.term = text(found.value), found.value
        if found.verdict.kind == "proved" and found.equation:
            put(claim, Judgement(found.verdict, reason=found.reason))
        elif found.verdict.kind == "proved":
            claim.reason = found.reason or f"this is {what}"
        elif found.verdict.kind == "refuted":
            put(claim, Judgement(found.verdict))
            claim.reason = "; ".join([f"this is not {what}", *filter(None, [found.reason]), *remarks])
            claim.suggestion = found.suggestion
        elif found.equation or found.reason:
            put(claim, Judgement(found.verdict))
            claim.reason = "; ".join([*filter(None, [found.reason or "; ".join(found.verdict.tried)]), *remarks])

    def _put(self, judgement: Judgement, wrong: str) -> None:
        put(self.claim, judgement)
        if self.claim.verdict == "refuted":
            self.claim.reason = "; ".join([wrong, *self._applied()])
        elif self.claim.conditions:
            self.claim.reason = "elsewhere the derivative does not exist: a value there is a convention"

    def _applied(self) -> list[str]:
        """Functions of vectors that are applied to single numbers."""
        out: dict[str, None] = {}
        for name, written, value in self.found.applied:
            always = decide(value.body, ONE, with_library(self.scope.context)).kind == "proved"
            says = ", where it is always 1" if always else ", though it is a function of a vector"
            out.setdefault(f"{name} is applied to the single number {written}{says}")
        return list(out)[:1]
