"""Theorems: rows from which `prove` writes proofs, by induction for sequences of any length, by rewriting for identities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from symderiv.decide.sequences import ASCENDING, DESCENDING
from symderiv.derive.induction import Proposition
from symderiv.read import let, read_latex
from symderiv.terms import Relation, Sort, Sym, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Theorem:
    """A theorem: what the letters are, and a claim for every value of `letter` from `start` on; without a letter, of all values.

    `order`: on which side the factor with the largest index of a product of matrices stands, if there is one. `remark`: what it means.
    `op`: the relation of the sides. `via`: lines on the way. `lemmas`: names of the theorems that are used.
    """

    name: str
    title: str
    given: str
    left: str
    right: str
    letter: str = ""
    start: int = 0
    order: str = ""
    remark: str = ""
    source: str = ""
    op: str = "="
    via: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()

    @property
    def proposition(self) -> Proposition:
        """The claim in its context."""
        context = let(self.given)
        if self.order:
            context = context.assume(DESCENDING if self.order == "descending" else ASCENDING)
        if self.letter and context.sort(self.letter).bounds is None:
            context = context.declare(self.letter, Sort("integer")).assume(Relation("≥", Sym(self.letter), number(self.start)))
        left, right, *via = (read_latex(text, context).bare for text in (self.left, self.right, *self.via))
        lemmas = tuple(THEOREMS[name].proposition for name in self.lemmas)
        return Proposition(
            self.title, context, self.letter, left, right, self.start, self.source, self.remark, self.op, tuple(via), lemmas
        )


_LAYER: Final = r"N \text{ integer}, l \in \{1, \dots, N\}, W_l \in \mathbb{R}^{n_l \times n_{l-1}}, x \in \mathbb{R}^{n_0}, "
_CLASSES: Final = r"K \in \mathbb{N}, z \in \mathbb{R}^K, i \in \{1, \dots, K\}, "
_SIGMOID: Final = r"\sigma(u) = \frac{1}{1 + e^{-u}}"
_NUMBERS: Final = r"l \in \{1, \dots, N\}, "

_ROWS: Final = (
    Theorem(
        name="linear-collapse",
        title="A network of N linear layers is one linear layer",
        given=_LAYER + r"b_l \in \mathbb{R}^{n_l}, h_0 = x, h_l = W_l h_{l-1} + b_l",
        left="h_N",
        right=r"\left(\prod_{l=1}^{N} W_l\right) x + \sum_{l=1}^{N} \left(\prod_{k=l+1}^{N} W_k\right) b_l",
        letter="N",
        order="descending",
        remark="One layer with the weights {} and the bias {} computes the same, whatever the widths are.",
        source="Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning in deep linear networks (2014)",
    ),
    Theorem(
        name="linear-collapse-without-biases",
        title="A network of N linear layers without biases is one linear layer",
        given=_LAYER + r"h_0 = x, h_l = W_l h_{l-1}",
        left="h_N",
        right=r"\left(\prod_{l=1}^{N} W_l\right) x",
        letter="N",
        order="descending",
    ),
    Theorem(
        name="affine-collapse",
        title="A network of N layers with the activation a(z) = αz + β is one linear layer",
        given=_LAYER
        + r"b_l \in \mathbb{R}^{n_l}, c_l \in \mathbb{R}^{n_l}, \alpha \in \mathbb{R}, h_0 = x, h_l = \alpha (W_l h_{l-1} + b_l) + c_l",
        left="h_N",
        right=r"\alpha^N \left(\prod_{l=1}^{N} W_l\right) x + \sum_{l=1}^{N} \alpha^{N-l} \left(\prod_{k=l+1}^{N} W_k\right) (\alpha b_l + c_l)",
        letter="N",
        order="descending",
        remark="Here every entry of $c_l$ is β.",
    ),
    Theorem(
        name="backpropagation",
        title="Backpropagation through N layers, unrolled",
        given=r"N \in \mathbb{N}, l \in \{1, \dots, N\}, W_l \in \mathbb{R}^{n_l \times n_{l-1}}, D_l \in \mathbb{R}^{n_l \times n_l}, "
        r"g \in \mathbb{R}^{n_N}, \delta_N = g, \delta_l = D_l W_{l+1}^\top \delta_{l+1}",
        left=r"\delta_l",
        right=r"\left(\prod_{k=l+1}^{N} D_{k-1} W_k^\top\right) g",
        letter="l",
        order="ascending",
        remark="With $z_l = W_l a_{l-1} + b_l$ and $a_l = \\sigma(z_l)$ entry by entry, $D_l$ is the diagonal matrix of $\\sigma'(z_l)$, "
        "$g$ the gradient by $z_N$, and the gradient by $W_l$ is $\\delta_l a_{l-1}^\\top$.",
        source="Goodfellow, Bengio, Courville: Deep Learning (2016), section 6.5",
    ),
    Theorem(
        name="composition",
        title="The derivative of an N-fold composition",
        given=_NUMBERS + r"s \in \mathbb{R}^N, d_0 = 1, d_l = s_l d_{l-1}",
        left="d_N",
        right=r"\prod_{l=1}^{N} s_l",
        letter="N",
        remark="By the chain rule, $d_l$ is the derivative of $x_l = f_l(x_{l-1})$ by $x_0$, with $s_l = f_l'(x_{l-1})$.",
    ),
    Theorem(
        name="residual-network",
        title="A linear residual network",
        given=_NUMBERS + r"A_l \in \mathbb{R}^{d \times d}, x \in \mathbb{R}^d, h_0 = x, h_l = h_{l-1} + A_l h_{l-1}",
        left="h_N",
        right=r"\left(\prod_{l=1}^{N} (I + A_l)\right) x",
        letter="N",
        order="descending",
        source="He, Zhang, Ren, Sun: Identity mappings in deep residual networks (2016)",
    ),
    Theorem(
        name="momentum",
        title="Momentum, unrolled",
        given=r"s \in \{1, \dots, t\}, \beta \in \mathbb{R}, g \in \mathbb{R}^t, v_0 = 0, v_s = \beta v_{s-1} + g_s",
        left="v_t",
        right=r"\sum_{s=1}^{t} \beta^{t-s} g_s",
        letter="t",
        source="Polyak: Some methods of speeding up the convergence of iteration methods (1964)",
    ),
    Theorem(
        name="moving-average",
        title="The exponential moving average",
        given=r"s \in \{1, \dots, t\}, \beta \in \mathbb{R}, c \in \mathbb{R}, x \in \mathbb{R}^t, v_0 = c, v_s = \beta v_{s-1} + (1 - \beta) x_s",
        left="v_t",
        right=r"\beta^t c + \sum_{s=1}^{t} (1 - \beta) \beta^{t-s} x_s",
        letter="t",
    ),
    Theorem(
        name="geometric-sum",
        title="The geometric sum",
        given=r"\beta \ne 1",
        left=r"\sum_{s=0}^{t} \beta^s",
        right=r"\frac{1 - \beta^{t+1}}{1 - \beta}",
        letter="t",
    ),
    Theorem(
        name="bias-correction",
        title="Adam's bias correction",
        given=r"s \in \{1, \dots, t\}, \beta \in \mathbb{R}, g \in \mathbb{R}, m_0 = 0, m_s = \beta m_{s-1} + (1 - \beta) g",
        left="m_t",
        right=r"(1 - \beta^t) g",
        letter="t",
        remark="For gradients of one expectation $g$, the average started at 0 is too small by the factor $1 - \\beta^t$: Adam divides by it.",
        source="Kingma, Ba: Adam (2015), section 3",
    ),
    Theorem(
        name="affine-sequence",
        title="The sequence x_{l} = a x_{l-1} + b",
        given=_NUMBERS + r"a \in \mathbb{R}, a \ne 1, b \in \mathbb{R}, c \in \mathbb{R}, x_0 = c, x_l = a x_{l-1} + b",
        left="x_N",
        right=r"a^N c + b \frac{1 - a^N}{1 - a}",
        letter="N",
    ),
    Theorem(
        name="receptive-field",
        title="The receptive field of N convolutions",
        given=_NUMBERS + r"k \in \mathbb{R}^N, r_0 = 1, r_l = r_{l-1} + k_l - 1",
        left="r_N",
        right=r"1 + \sum_{l=1}^{N} (k_l - 1)",
        letter="N",
    ),
    Theorem(
        name="receptive-field-with-strides",
        title="The receptive field of N convolutions with strides",
        given=_NUMBERS
        + r"k \in \mathbb{R}^N, s \in \mathbb{R}^N, j_0 = 1, j_l = j_{l-1} s_l, r_0 = 1, r_l = r_{l-1} + (k_l - 1) j_{l-1}",
        left="r_N",
        right=r"1 + \sum_{l=1}^{N} (k_l - 1) \prod_{i=1}^{l-1} s_i",
        letter="N",
        source="Araujo, Norris, Sim: Computing receptive fields of convolutional neural networks (Distill, 2019)",
    ),
    Theorem(
        name="variance-through-layers",
        title="The variance of an activation after N linear layers",
        given=_NUMBERS + r"n \in \mathbb{R}^N, s \in \mathbb{R}^N, c \in \mathbb{R}, q_0 = c, q_l = n_l s_l^2 q_{l-1}",
        left="q_N",
        right=r"c \prod_{l=1}^{N} n_l s_l^2",
        letter="N",
        remark="Where the weights of layer $l$ are independent of each other and of what comes before, with mean 0 and variance $s_l^2$, "
        "an entry after it has the variance $q_l$, $n_l$ being the width before it. It stays the same where the product of $n_l$ and $s_l^2$ is 1.",
        source="Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks (2010)",
    ),
    Theorem(
        name="softmax-shift-invariance",
        title="The softmax does not change when all logits are shifted",
        given=_CLASSES + r"c \in \mathbb{R}",
        left=r"\frac{e^{z_i + c}}{\sum_{k=1}^{K} e^{z_k + c}}",
        right=r"\frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}",
        source="Goodfellow, Bengio, Courville: Deep Learning (2016), section 6.2.2.3",
    ),
    Theorem(
        name="logsumexp-shift",
        title="The log-sum-exp of shifted logits",
        given=_CLASSES + r"c \in \mathbb{R}",
        left=r"\log \sum_{k=1}^{K} e^{z_k + c}",
        right=r"c + \log \sum_{k=1}^{K} e^{z_k}",
        remark="With $c$ the negative of the largest logit, no exponential overflows.",
    ),
    Theorem(
        name="softmax-sum",
        title="The softmax sums to 1",
        given=_CLASSES,
        left=r"\sum_{i=1}^{K} \frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}",
        right="1",
    ),
    Theorem(
        name="softmax-jacobian-rows",
        title="The rows of the Jacobian of a softmax sum to 0",
        given=_CLASSES,
        left=r"\sum_{j=1}^{K} \frac{\partial}{\partial z_j} \frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}",
        right="0",
        remark="A shift of all logits changes nothing, so the derivative along it is 0.",
    ),
    Theorem(
        name="logsumexp-convexity",
        title="The log-sum-exp is convex",
        given=r"K \in \mathbb{N}, k \in \{1, \dots, K\}, p \in \mathbb{R}^K, v \in \mathbb{R}^K, p_k \ge 0, \sum_{k=1}^{K} p_k = 1",
        left=r"\sum_{i=1}^{K} \sum_{j=1}^{K} v_i p_i (\delta_{ij} - p_j) v_j",
        via=(r"\sum_{i=1}^{K} p_i \left(v_i - \sum_{j=1}^{K} p_j v_j\right)^2",),
        op="≥",
        right="0",
        remark="For the softmax $p$ of $z$, the numbers $p_i (\\delta_{ij} - p_j)$ are the second derivatives of the log-sum-exp of $z$: "
        "its Hessian is positive semidefinite. The sum is the variance of $v$ under the probabilities $p$.",
        source="Boyd, Vandenberghe: Convex Optimization (2004), section 3.1.5",
    ),
    Theorem(
        name="bernoulli",
        title="Bernoulli's inequality",
        given=r"x \in \mathbb{R}, x \ge -1",
        left=r"(1 + x)^n",
        op="≥",
        right=r"1 + n x",
        letter="n",
    ),
    Theorem(
        name="sigmoid-slope",
        title="The slope of the logistic sigmoid is at most 1/4",
        given=_SIGMOID,
        left=r"\left|\frac{\mathrm{d}}{\mathrm{d} u} \sigma(u)\right|",
        via=(
            r"\left|\sigma(u) (1 - \sigma(u))\right|",
            r"\sigma(u) (1 - \sigma(u))",
            r"\frac{1}{4} - \left(\frac{1}{4} - \sigma(u) + \sigma(u)^2\right)",
            r"\frac{1}{4} - \left(\frac{1}{2} - \sigma(u)\right)^2",
        ),
        op="≤",
        right=r"\frac{1}{4}",
    ),
    Theorem(
        name="vanishing-gradient",
        title="The vanishing gradient of N logistic sigmoids",
        given=_NUMBERS + _SIGMOID + r", t \in \mathbb{R}, x_0 = t, x_l = \sigma(x_{l-1}), d_0 = 1, d_l = \sigma'(x_{l-1}) d_{l-1}",
        left=r"|d_N|",
        op="≤",
        right=r"\left(\frac{1}{4}\right)^N",
        letter="N",
        lemmas=("sigmoid-slope",),
        remark="By the chain rule, $d_l$ is the derivative of $x_l$ by $t$: of N sigmoids in a row, hardly anything comes through.",
        source="Hochreiter: Untersuchungen zu dynamischen neuronalen Netzen (1991)",
    ),
    Theorem(
        name="sigmoid-tanh",
        title="The hyperbolic tangent is a logistic sigmoid, stretched",
        given=r"x \in \mathbb{R}",
        left=r"\tanh(x)",
        right=r"2 \frac{1}{1 + e^{-2x}} - 1",
    ),
    Theorem(
        name="sigmoid-symmetry",
        title="The symmetry of the logistic sigmoid",
        given=r"x \in \mathbb{R}",
        left=r"1 - \frac{1}{1 + e^{-x}}",
        right=r"\frac{1}{1 + e^{x}}",
    ),
)

THEOREMS: Final[Mapping[str, Theorem]] = MappingProxyType({row.name: row for row in _ROWS})
"""Every theorem, by name."""
