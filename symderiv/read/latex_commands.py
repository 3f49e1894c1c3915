"""The LaTeX commands that are read, sorted by what they become."""

from __future__ import annotations

from typing import Final

from symderiv.read.vocabulary import GREEK

LETTERS: Final = {
    **{name: name for name in GREEK.values()},
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "varphi": "phi",
    "varrho": "rho",
    "varsigma": "sigma",
    "varpi": "pi",
    "varkappa": "kappa",
    "digamma": "digamma",
    "ell": "ell",
    "hbar": "hbar",
    "ud": "d",
    "dd": "d",
    "imath": "i",
    "jmath": "j",
    "infty": "oo",
    "aleph": "aleph",
    "Re": "Re",
    "R": "mathbb(R)",
    "emptyset": "emptyset",
    "top": "top",
    "intercal": "top",
    "bot": "bot",
    "prime": "prime",
    "dagger": "dagger",
}
"""Commands that are a letter, and its name."""

FUNCTION_COMMANDS: Final = {
    **{
        name: name
        for name in ["exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "max", "min", "det", "arg", "Pr", "sup", "inf", "dim", "ker", "erf", "trace", "diag", "rank", "sign", "argmax", "argmin", "softmax", "sigmoid", "relu"]
    },
    "ln": "log",
    "lg": "log10",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "tr": "trace",
    "Tr": "trace",
    "Trace": "trace",
    "sgn": "sign",
    "sign": "sign",
    "abs": "abs",
    "Diag": "diag",
    "H": "heaviside",
    "rk": "rank",
}
"""Commands and operator names that are a function, and its name."""

OPERATOR_COMMANDS: Final = {
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "bullet": "*",
    "div": "/",
    "le": "≤",
    "leq": "≤",
    "leqslant": "≤",
    "ge": "≥",
    "geq": "≥",
    "geqslant": "≥",
    "ne": "≠",
    "neq": "≠",
    "lt": "<",
    "gt": ">",
    "eq": "=",
    "approx": "≈",
    "simeq": "≈",
    "cong": "≈",
    "in": "∈",
    "notin": "∉",
    "propto": "∝",
    "sim": "∼",
    "equiv": "≡",
    "triangleq": ":=",
    "coloneqq": ":=",
    "doteq": ":=",
    "defeq": ":=",
    "to": "→",
    "rightarrow": "→",
    "longrightarrow": "→",
    "mapsto": "→",
    "leftarrow": "←",
    "gets": "←",
    "implies": "⇒",
    "Rightarrow": "⇒",
    "Longrightarrow": "⇒",
    "iff": "⇔",
    "Longleftrightarrow": "⇔",
    "leftrightarrow": "⇔",
    "Leftrightarrow": "⇔",
    "therefore": "⇒",
    "odot": "⊙",
    "circ": "∘",
    "otimes": "⊗",
    "star": "⋆",
    "pm": "±",
    "mid": "\\mid",
    "vert": "|",
    "Vert": "‖",
    "parallel": "‖",
    "colon": ":",
    "land": "and",
    "wedge": "and",
    "lor": "or",
    "vee": "or",
    "dots": "…",
    "ldots": "…",
    "cdots": "…",
    "vdots": "…",
    "ddots": "…",
    "dotsc": "…",
    "dotsb": "…",
    "subset": "⊂",
    "subseteq": "⊆",
    "ll": "≪",
    "gg": "≫",
    "oplus": "⊕",
    "ominus": "⊖",
    "cup": "∪",
    "cap": "∩",
    "setminus": "\\",
    "quotient": "/",
}
"""Commands that are an operator, and its spelling among the tokens."""

STRUCTURES: Final = {
    "frac": "frac",
    "dfrac": "frac",
    "tfrac": "frac",
    "cfrac": "frac",
    "binom": "binom",
    "dbinom": "binom",
    "tbinom": "binom",
    "sqrt": "sqrt",
    "sum": "sum",
    "prod": "prod",
    "int": "integral",
    "lim": "limit",
    "partial": "∂",
    "nabla": "nabla",
    "triangledown": "nabla",
    "underbrace": "brace",
    "overbrace": "brace",
    "boxed": "box",
    "fbox": "box",
    "cancel": "box",
    "ensuremath": "box",
    "lnot": "not",
    "neg": "not",
    "substack": "substack",
    "forall": "if",
    "indicator": "one",
    "E": "expectation",
}
"""Commands with a grammar of their own, and its name in the parser."""

ACCENTS: Final = {
    "hat": "hat",
    "widehat": "hat",
    "bar": "bar",
    "overline": "bar",
    "tilde": "tilde",
    "widetilde": "tilde",
    "dot": "dot",
    "ddot": "ddot",
    "check": "check",
    "breve": "breve",
    "acute": "acute",
    "grave": "grave",
    "mathring": "ring",
    "underline": "underline",
}
"""Accents that make another letter: hat(y)."""

STYLES: Final = frozenset(
    ["mathbin", "mathrel", "mathord", "mathopen", "mathclose", "footnotesize", "scriptscriptstyle", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "rm", "bf", "it", "sf", "tt", "cal", "rmfamily", "bfseries", "mathstrut", "strut", "vec", "overrightarrow", "hline", "small", "large", "Large", "normalsize", "allowbreak", "break", "par", "noindent", "centering", "boldmath", "unboldmath", "relax"]
)
"""What only concerns the looks; of \\vec{x}, x is kept."""

DROPPED: Final = frozenset(["quad", "qquad", "thinspace", "medspace", "thickspace", "negthinspace", "enspace", "hfill", "hfil", "space"])
"""Spaces."""

DROPPED_WITH_ARGUMENT: Final = frozenset(
    ["label", "tag", "hspace", "vspace", "mspace", "kern", "hskip", "phantom", "hphantom", "vphantom", "footnote", "ref", "eqref", "cite"]
)
"""Commands that say nothing, together with their argument."""

BIG: Final = frozenset(["left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "Bigm"])
"""Sizes of brackets."""

CHARACTERS: Final = {
    "lbrace": "\\{",
    "rbrace": "\\}",
    "langle": "⟨",
    "rangle": "⟩",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "lceil": "⌈",
    "rceil": "⌉",
    "lvert": "\\lvert",
    "rvert": "\\rvert",
    "lVert": "\\lVert",
    "rVert": "\\rVert",
    "lbrack": "[",
    "rbrack": "]",
    "lparen": "(",
    "rparen": ")",
}
"""Brackets that have a name."""

UPRIGHT: Final = frozenset(
    ["operatorname", "mathop", "mathrm", "mathbf", "boldsymbol", "bm", "pmb", "mathsf", "mathit", "mathtt", "mathbb", "mathds", "mathbbm", "mathcal", "mathscr", "mathfrak"]
)
"""Fonts: the upright and bold ones make no other letter, the calligraphic and double ones do."""

TEXTS: Final = frozenset(["text", "textrm", "textbf", "textit", "textsf", "texttt", "mbox", "hbox", "textnormal", "intertext", "shortintertext", "emph"])
"""Text inside formulas."""

KEYWORDS: Final = {
    "and": "and",
    "or": "or",
    "if": "if",
    "when": "if",
    "for": "if",
    "for all": "if",
    "for every": "if",
    "for any": "if",
    "for each": "if",
    "where": "if",
    "whenever": "if",
    "with": "if",
    "as": "if",
    "provided": "if",
    "provided that": "if",
    "iff": "if",
    "si": "if",
    "falls": "if",
    "wenn": "if",
    "für": "if",
    "if and only if": "if",
    "else if": "if",
    "elif": "if",
    "otherwise": "otherwise",
    "else": "otherwise",
    "sonst": "otherwise",
    "o.w": "otherwise",
    "in other cases": "otherwise",
    "not": "not",
}
"""Words between formulas, and what they mean."""

ALIGNMENTS: Final = frozenset(
    ["align", "aligned", "alignat", "alignedat", "split", "gather", "gathered", "eqnarray", "equation", "multline", "flalign", "displaymath", "math", "IEEEeqnarray", "document", "subequations", "center", "dmath", "tabular"]
)
"""Environments that set formulas out in rows."""
