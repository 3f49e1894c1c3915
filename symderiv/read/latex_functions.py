r"""Letters and functions of LaTeX with their scripts and arguments: f_j(z), \sigma'(z^{(l)}), W_{ij}^{(l)}, \hat y_k, \log_2 x, \max_j z_j."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from symderiv.read.binders import binding, indices_below
from symderiv.read.calls import applied
from symderiv.read.names import canonical
from symderiv.read.parser import FACTOR
from symderiv.read.scripts import Scripts, layered, raised, read_scripts
from symderiv.read.tokens import Token
from symderiv.read.vocabulary import COUNTING, GREEK, INDEX_LETTERS, INVERSE_FUNCTIONS, KNOWN, SOMETIMES_FUNCTIONS
from symderiv.terms import CONDITIONS, ONE, Const, Div, Entry, Fn, Indicator, Lambda, Neg, Num, Pow, Prime, Sym, Term

if TYPE_CHECKING:
    from symderiv.read.latex import LatexParser

_OVER_AN_INDEX: Final = frozenset(("max", "min", "argmax", "argmin", "sup", "inf"))
_GREEK: Final = frozenset(GREEK.values())


def letter(parser: LatexParser, *, applies: bool = True) -> Term:
    """A letter with its accent and scripts, applied to the bracket after it if it is a function."""
    first = parser.token
    stem, inner = _stem(parser)
    if stem == "d" and applies and _is_differential(parser, upright=first.end - first.start > 1):
        return _differential(parser, first)
    scripts = read_scripts(parser)
    if inner is not None:
        scripts.low = scripts.low or inner.low
        scripts.low_terms = scripts.low_terms or inner.low_terms
        scripts.high = inner.high + scripts.high
    if not scripts.high:
        parser.names.bare.add(stem)
    term = _special(parser, stem, scripts, first)
    if term is not None:
        return term
    if (
        applies
        and parser.token.text == "{"
        and parser.peek().text == "("
        and parser.unwraps()
        and _function_name(parser, stem, scripts)
    ):
        parser.unwrap()
    if applies and parser.token.kind == "open" and parser.token.text in ("(", "["):
        function = _function_name(parser, stem, scripts)
        if function is not None:
            return _application(parser, function, scripts, first)
    base = _base(parser, stem, scripts, first)
    if parser.token.text == "[" and parser.token.kind == "open" and not scripts.high and parser.indexes():
        opened = parser.advance()
        indices = parser.arguments(opened)
        if isinstance(base, Sym):
            parser.names.families.add(base.name)
        base = Entry.make(None, (base, *indices), parser.since(first.start))
    if scripts.primes:
        base = _primed_letter(parser, base, scripts, first)
    if scripts.high or parser.is_operator("!"):
        base = raised(parser, base, scripts, first.start)
        if parser.is_operator("!"):
            base = parser.scripted(base, first.start)
    return base


def _is_differential(parser: LatexParser, *, upright: bool) -> bool:
    """Whether an undeclared d stands before a letter or a bracket, dX or d(XY), or an upright one before anything: \\mathrm{d} \\log x."""
    t = parser.token
    if upright and "d" not in parser.names.bound:
        return parser.starts_operand() and t.kind != "number"
    follows = t.kind == "name" or (t.kind == "open" and t.text in ("(", "{")) or t.text.startswith("accent:")
    return follows and not parser.names.declared("d") and "d" not in parser.names.bound


def _differential(parser: LatexParser, first: Token) -> Term:
    """The differential of the next factor."""
    parser.convention("d is taken as the differential of what follows; declare d if it is a number", parser.span(first))
    return Fn.make("differential", (parser.expression(FACTOR),), parser.since(first.start))


def applied_letter(parser: LatexParser, name: str, start: int) -> Term | None:
    """A letter in braces before a bracket: {\\sigma}(x) is an application too."""
    scripts = Scripts()
    stem, _, low = name.partition("_")
    scripts.low = low or None
    function = _function_name(parser, stem, scripts)
    if function is None:
        return None
    return _application(parser, function, scripts, Token("name", name, start, start))


def _stem(parser: LatexParser) -> tuple[str, Scripts | None]:
    """The letter under its accents, and the scripts that stand under the accent with it."""
    t = parser.advance()
    if not t.text.startswith("accent:"):
        return t.text, None
    opened = parser.token
    if opened.kind == "open" and opened.text == "{":
        inner_braces = 0
        parser.advance()
        while parser.token.text == "{":
            parser.advance()
            inner_braces += 1
        if not (parser.token.kind == "name" or parser.token.text.startswith("accent:")):
            raise parser.error("an accent stands on one letter", parser.since(t.start), "name the whole by a letter of its own")
        stem, inner = _stem(parser)
        scripts = read_scripts(parser)
        for _ in range(inner_braces):
            if parser.token.text == "}":
                parser.advance()
        later = read_scripts(parser)
        scripts.low = scripts.low or later.low
        scripts.low_terms = scripts.low_terms or later.low_terms
        scripts.high += later.high
        if scripts.primes:
            stem = f"prime({stem})"
            scripts.primes = 0
        if parser.token.text != "}":
            raise parser.error("an accent stands on one letter", parser.since(t.start), "name the whole by a letter of its own")
        parser.advance()
        if inner is not None and not scripts.has_low:
            scripts.low, scripts.low_terms = inner.low, inner.low_terms
        return f"{t.text[7:]}({stem})", scripts
    if opened.kind == "name" or opened.text.startswith("accent:"):
        stem, inner = _stem(parser)
        return f"{t.text[7:]}({stem})", inner
    raise parser.error("an accent stands on one letter", t, "write \\hat{y}")


def _special(parser: LatexParser, stem: str, scripts: Scripts, first: Token) -> Term | None:
    """Kronecker's δ_ij, the expectation E[…], an indicator I(…) or I[…] of a condition."""
    names = parser.names
    if names.declared(stem):
        return None
    if stem == "delta" and scripts.has_low and not scripts.high:
        pair = scripts.low_terms
        if scripts.low is not None and len(scripts.low) == 2 and scripts.low.isalnum():
            pair = [Num(int(c)) if c.isdigit() else Sym(c) for c in scripts.low]
        if len(pair) == 2:
            names.shown_index(*pair)
            return parser.scripted(Fn.make("delta", tuple(pair), parser.since(first.start)), first.start)
        if len(pair) == 1 and isinstance(pair[0], CONDITIONS):
            if pair[0].data == "=":
                names.shown_index(*pair[0].children)
            return Indicator.make(None, (pair[0],), parser.since(first.start))
    if stem in ("o", "O", "mathcal(O)") and not scripts.high and (order := _landau(parser, stem, scripts, first)) is not None:
        return order
    if stem in ("E", "I", "mathbb(I)") and parser.token.text in ("[", "(") and parser.token.kind == "open" and not scripts.high:
        opened = parser.token
        if stem == "E" and opened.text == "[":
            parser.convention("E[…] is taken as an expectation", parser.span(first))
            parser.advance()
            arguments = parser.arguments(opened)
            low = names.symbol(scripts.low, None) if scripts.low else scripts.low_terms[0] if scripts.low_terms else None
            value = Fn.make("expectation", (*arguments, low) if low is not None else tuple(arguments), parser.since(first.start))
            return parser.scripted(value, first.start)
        if stem != "E" and not scripts.has_low and _holds_relation(parser):
            parser.advance()
            (condition,) = parser.arguments(opened)
            return parser.scripted(Indicator.make(None, (condition,), parser.since(first.start)), first.start)
    return None


def _landau(parser: LatexParser, stem: str, scripts: Scripts, first: Token) -> Term | None:
    """Landau's o(h), O(n^2), o_{h → 0}(h), as a function of which nothing is known."""
    towards = [t for t in scripts.low_terms if isinstance(t, Fn) and t.name == "tends_to"]
    opened = parser.token.kind == "open" and parser.token.text == "("
    if (scripts.has_low and not towards) or not (towards or opened):
        return None
    arguments: list[Term] = []
    if opened:
        arguments = parser.arguments(parser.advance())
    span = parser.since(first.start)
    parser.convention(f"{stem}(…) is taken as Landau's symbol", span)
    return Fn.make(stem, (*arguments, *towards), span)


def _holds_relation(parser: LatexParser) -> bool:
    depth, ahead = 0, 0
    while (t := parser.peek(ahead)).kind != "end":
        depth += (t.kind == "open") - (t.kind == "close")
        if depth == 0:
            return False
        if depth == 1 and t.kind == "operator" and t.text in ("=", "≠", "<", "≤", ">", "≥", "∈"):
            return True
        ahead += 1
    return False


def _function_name(parser: LatexParser, stem: str, scripts: Scripts) -> str | None:
    """The name of the function if the letter is applied to the bracket that comes next, by declaration or by habit."""
    names = parser.names
    bracket = parser.token.text
    full = f"{stem}_{scripts.low}" if scripts.low is not None else stem
    for name in (canonical(full), stem):
        if names.context.is_function(name) or name in names.functions:
            return name
    if names.declared(full) or (names.declared(stem) and stem not in names.context.definitions):
        return None
    if names.declared(stem):
        return None
    if bracket == "[":
        return None
    known = names.function(stem)
    if known is not None and (stem not in _GREEK or stem in COUNTING):
        return known
    core = stem[stem.index("(") + 1 : -1] if stem.endswith(")") else stem
    if stem.startswith(("mathcal(", "mathbb(", "mathfrak(")) and not stem.startswith("mathbb(R"):
        return stem
    if any(kind == "transpose" for kind, _ in scripts.high):
        return None
    usual = names.usual_function(core) and not _holds_bare(parser, stem)
    listed = (core in SOMETIMES_FUNCTIONS or scripts.primes > 0) and lists_letters(parser, stem)
    several = bracket == "(" and _holds_comma(parser)
    word = len(core) > 1 and core not in _GREEK and core not in ("ell", "hbar", "oo") and core.replace("_", "").isalpha()
    shown = stem in names.applied and not _holds_bare(parser, stem)
    if usual or listed or several or word or shown or scripts.primes:
        if (listed or several) and not usual:
            names.applied.add(stem)
        parser.convention(f"{full}(…) is taken as {full} applied to what stands in the brackets", parser.span(parser.token))
        return stem
    names.multiplied.add(stem)
    if len(names.context.sorts) or len(core) == 1:
        parser.convention(f"{full}(…) is taken as a product", parser.span(parser.token))
    return None


def _holds_comma(parser: LatexParser) -> bool:
    """Whether the bracket that comes next holds several arguments: \\xi(t, y)."""
    depth, ahead = 0, 0
    while (t := parser.peek(ahead)).kind != "end":
        depth += (t.kind == "open") - (t.kind == "close")
        if depth == 0:
            return False
        if depth == 1 and t.kind == "operator" and t.text == ",":
            return True
        ahead += 1
    return False


def _holds_bare(parser: LatexParser, name: str) -> bool:
    """Whether the bracket holds the same letter without an argument: σ(1 − σ) is a product."""
    depth, ahead = 0, 0
    while (t := parser.peek(ahead)).kind != "end":
        depth += (t.kind == "open") - (t.kind == "close")
        if depth == 0:
            return False
        if t.kind == "name" and t.text == name and _after_scripts(parser, ahead + 1).text != "(":
            return True
        ahead += 1
    return False


def _after_scripts(parser: LatexParser, ahead: int) -> Token:
    """The token after the scripts that start so many tokens ahead."""
    while (t := parser.peek(ahead)).kind == "operator" and t.text in ("_", "^", "'"):
        ahead += 1
        if t.text != "'":
            depth = 0
            while (u := parser.peek(ahead)).kind != "end":
                depth += (u.kind == "open") - (u.kind == "close")
                ahead += 1
                if depth == 0:
                    break
    return parser.peek(ahead)


def lists_letters(parser: LatexParser, own: str) -> bool:
    """Whether the bracket that comes next is a mere list of letters with their scripts: L(w, b), p(y | x), C(W^{(1)})."""
    depth, ahead, script, lone = 0, 0, 0, 0
    while (t := parser.peek(ahead)).kind != "end":
        if t.kind == "open":
            depth += 1
            if parser.peek(ahead - 1).text in ("_", "^") and ahead:
                script = script or depth
        elif t.kind == "close":
            if script == depth:
                script = 0
            depth -= 1
            if depth == 0:
                return lone > 0
        elif not script:
            if t.kind == "name" and t.text != own:
                before = parser.peek(ahead - 1)
                if before.kind == "name":
                    return False
                lone += 1
            elif (t.kind == "command" and t.text.startswith("accent:")) or (
                t.kind == "number" and parser.peek(ahead - 1).text in ("_", "^", "=")
            ):
                pass
            elif t.text not in (",", ";", "|", "\\mid", "_", "^", "'", "=", "‖", ":"):
                return False
        ahead += 1
    return False


def _application(parser: LatexParser, name: str, scripts: Scripts, first: Token) -> Term:
    """name(arguments) with the scripts that stood before the bracket, then those after it."""
    names = parser.names
    index: Term | None = None
    indices: tuple[Term, ...] = ()
    own = scripts.low is not None and name.endswith(f"_{scripts.low}")
    if scripts.has_low and not own:
        if scripts.low is not None and (scripts.low in INDEX_LETTERS or names.is_index(scripts.low)):
            index = names.symbol(scripts.low, None)
        elif scripts.low is not None and len(scripts.low) == 2 and all(map(names.is_index, scripts.low)):
            indices = tuple(map(Sym, scripts.low))
        elif scripts.low is not None:
            name = f"{name}_{scripts.low}"
        else:
            indices = tuple(scripts.low_terms)
    opened = parser.advance()
    arguments = parser.arguments(opened)
    span = parser.since(first.start)
    high = list(scripts.high)
    order = scripts.primes
    if high and high[0][0] == "bracketed" and isinstance(high[0][1], Num) and not order:
        order = high.pop(0)[1].value  # type: ignore[union-attr]
    term: Term
    if order:
        if len(arguments) != 1:
            raise parser.error("a prime is for a function of one variable", span, "write \\frac{\\partial g}{\\partial x}")
        term = Prime.make((name, (order,)), (arguments[0],), span)
    else:
        term = applied(parser, first, name, arguments)
    if any(kind in ("layer", "bracketed") for kind, _ in high):
        scripts.high = high
        family = layered(parser, Sym(name), scripts, first.start)
        high = scripts.high
        term = Fn.make("apply", (family, *arguments), span)
    if index is not None:
        indices = (index,)
    if indices:
        names.families.add(name)
        term = Entry.make(None, (term, *indices), span)
    if high and high[0] == ("power", Neg(ONE)):
        raise parser.error("this may be an inverse function or a reciprocal", span, "write 1/f(x), or name the inverse function")
    scripts.high = high
    term = raised(parser, term, scripts, first.start)
    return parser.scripted(term, first.start)


def _base(parser: LatexParser, stem: str, scripts: Scripts, first: Token) -> Term:
    """The letter with its subscript and layers."""
    names = parser.names
    span = parser.since(first.start)
    has_layer = bool(scripts.high) and not all(kind == "transpose" for kind, _ in scripts.high)
    if has_layer:
        family = names.symbol(stem, span)
        if isinstance(family, Const):
            return family
        low = scripts.low
        indexed = low is None or names.is_index(low) or len(low) == 1 or low.isdigit() or (len(low) == 2 and low.islower())
        before = family
        base = layered(parser, family if indexed else names.subscripted(stem, low or "", span), scripts, first.start)
        if base is not before and indexed:
            if low is not None:
                parts = (low,) if names.is_index(low) or low.isdigit() else tuple(low)
                indices = tuple(Num(int(p)) if p.isdigit() else Sym(canonical(p)) for p in parts)
                return Entry.make(None, (base, *indices), span)
            if scripts.low_terms:
                return Entry.make(None, (base, *scripts.low_terms), span)
        if base is not before or not scripts.has_low:
            return base
    if scripts.low is not None:
        return names.subscripted(stem, scripts.low, span)
    if scripts.low_terms:
        if any(isinstance(t, Fn) and t.name in ("distributed", "tends_to") for t in scripts.low_terms):
            raise parser.error("this subscript is not read", span, "write a letter or an index below")
        match scripts.low_terms:
            case [Entry(children=(Sym(label), index))] if (member := names.entry_of_member(stem, label, index, span)) is not None:
                return member
        return names.entry(stem, tuple(scripts.low_terms), span)
    return names.symbol(stem, span)


def _primed_letter(parser: LatexParser, base: Term, scripts: Scripts, first: Token) -> Term:
    """f' without an argument is f'(x) for a defined f(x), else a letter of its own."""
    span = parser.since(first.start)
    if isinstance(base, Fn) and len(base.children) == 1 and base.name in parser.names.context.definitions:
        return Prime.make((base.name, (scripts.primes,)), base.children, span)
    if isinstance(base, Sym):
        mark = "prime" if scripts.primes == 1 else f"prime{scripts.primes}"
        parser.convention(f"{base.name}{chr(39) * scripts.primes} is taken as a letter of its own", span)
        return Sym.make(f"{mark}({base.name})", (), span)
    if isinstance(base, Entry) and isinstance(base.family, Sym):
        parser.convention(f"{base.family.name}{chr(39) * scripts.primes} is taken as a letter of its own", span)
        return Entry.make(None, (Sym(f"prime({base.family.name})"), *base.indices), span)
    raise parser.error("this prime is not read", span, "write f'(x), or \\frac{d}{dx}")


# ------------------------------------------------------------------------------------------------- named functions
def function(parser: LatexParser) -> Term:
    r"""\log, \sin^2, \max_j, \operatorname{softmax}: with their scripts and argument."""
    first = parser.advance()
    name = first.text
    if name == "arg" and parser.token.kind == "function" and parser.token.text in ("max", "min"):
        name = "arg" + parser.advance().text
    scripts = read_scripts(parser)
    if name in _OVER_AN_INDEX and scripts.has_low:
        return _over_index(parser, name, scripts, first)
    called = parser.token.kind == "open" and parser.token.text in ("(", "[", "\\{")
    declared = parser.names.context.is_function(name) or name in parser.names.functions
    if (
        not called
        and not (parser.token.kind == "open" and parser.token.text == "{")
        and name not in KNOWN
        and name != "log10"
        and not declared
    ):
        term = parser.names.symbol(f"{name}_{scripts.low}" if scripts.low else name, parser.since(first.start))
        return raised(parser, term, scripts, first.start)
    if called:
        opened = parser.advance()
        arguments = parser.arguments(opened)
    elif name not in KNOWN and name != "log10" and not parser.starts_operand():
        return parser.names.symbol(name, parser.since(first.start))
    else:
        arguments = [parser.bare_argument(first)]
    return _with_scripts(parser, name, scripts, arguments, first)


def _with_scripts(parser: LatexParser, name: str, scripts: Scripts, arguments: list[Term], first: Token) -> Term:
    span = parser.since(first.start)
    term: Term
    high = list(scripts.high)
    if name == "log10":
        name, scripts.low = "log", scripts.low or "10"
    if scripts.primes:
        if len(arguments) != 1:
            raise parser.error("a prime is for a function of one variable", span, "write \\frac{\\partial g}{\\partial x}")
        term = Prime.make((name, (scripts.primes,)), (arguments[0],), span)
    elif name in INVERSE_FUNCTIONS and high == [("power", Neg(ONE))]:
        term, high = Fn.make(INVERSE_FUNCTIONS[name], tuple(arguments), span), []
    else:
        term = applied(parser, first, name, arguments)
    if scripts.has_low:
        if name == "log":
            base = scripts.low_terms[0] if scripts.low_terms else _index(parser, scripts.low or "")
            if base != Const("e"):
                term = Div.make(None, (term, Fn("log", base)), span)
        else:
            indices = scripts.low_terms or [_index(parser, scripts.low or "")]
            term = Entry.make(None, (term, *indices), span)
    scripts.high = high
    if high and high[0] == ("power", Neg(ONE)):
        raise parser.error("this may be an inverse function or a reciprocal", span, "write 1/f(x), or name the inverse function")
    for kind, value in high:
        if kind in ("power", "bracketed") and value is not None:
            term = Pow.make(None, (term, value), span)
        else:
            raise parser.error(f"this superscript of {name} is not read", span, "write the power of the whole: (f(x))^2")
    return parser.scripted(term, first.start)


def _index(parser: LatexParser, low: str) -> Term:
    return Num(int(low)) if low.isdigit() else parser.names.symbol(low, None)


def _over_index(parser: LatexParser, name: str, scripts: Scripts, first: Token) -> Term:
    r"""\max_j z_j: the maximum of the function j ↦ z_j."""
    low = scripts.low_terms[0] if len(scripts.low_terms) == 1 else None
    if scripts.low is not None:
        low = Sym(canonical(scripts.low))
    elif len(scripts.low_terms) > 1:
        low = Fn("tuple", *scripts.low_terms)
    indices = indices_below(parser, low, first)
    with binding(parser, *(n for n, _, _ in indices)):
        if parser.token.kind == "open" and parser.token.text in ("(", "[", "\\{"):
            opened = parser.advance()
            arguments = parser.arguments(opened)
            body = arguments[0]
            if len(arguments) > 1:
                body = Fn.make(name, tuple(arguments), parser.since(first.start))
        else:
            body = parser.expression(FACTOR)
    for index, below, where in reversed(indices):
        given = {"low": below, "where": where}
        roles = tuple(role for role, t in given.items() if t is not None)
        body = Lambda.make((index, roles), (body, *(t for t in given.values() if t is not None)), parser.since(first.start))
    return parser.scripted(Fn.make(name, (body,), parser.since(first.start)), first.start)
