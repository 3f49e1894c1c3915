"""Proofs in the words of lectures: of each, whether it is a proof; a flawed one is a true one with one thing changed."""

from __future__ import annotations

_COLLAPSE = r"""Let $N \in \mathbb{N}$, $l \in \{1, \dots, N\}$, $W_l \in \mathbb{R}^{d \times d}$, $x \in \mathbb{R}^d$. Put $h_0 = x$ and $h_l = W_l h_{l-1}$. The largest index stands on the left in a product.

"""
TEXTS: dict[str, tuple[bool, str]] = {}
TEXTS["bernoulli true"] = (
    True,
    r"""**Theorem.** Let $x \ge -1$. For every natural number $n$ we have

$$(1+x)^n \ge 1 + n x.$$

We use induction on $n$.

*Base case.* For $n = 1$ both sides agree:

$$(1+x)^1 = 1 + x = 1 + 1 \cdot x$$

*Induction hypothesis.* Suppose the inequality holds for some $n$:

$$(1+x)^n \ge 1 + nx$$

*Induction step.* Because $1 + x \ge 0$, multiplying by $1 + x$ keeps the inequality:

$$
\begin{aligned}
(1+x)^{n+1} &= (1+x)(1+x)^n \\
&\ge (1+x)(1+nx) \\
&= 1 + (n+1)x + n x^2 \\
&\ge 1 + (n+1)x
\end{aligned}
$$
""",
)
TEXTS["bernoulli no sign"] = (
    False,
    TEXTS["bernoulli true"][1].replace(r"Let $x \ge -1$.", r"Let $x \in \mathbb{R}$.").replace("Because $1 + x \\ge 0$, m", "M"),
)
TEXTS["bernoulli dropped wrong"] = (False, TEXTS["bernoulli true"][1].replace("&\\ge 1 + (n+1)x\n", "&\\le 1 + (n+1)x\n"))
TEXTS["bernoulli no hypothesis"] = (
    False,
    TEXTS["bernoulli true"][1].replace(
        r"""(1+x)^{n+1} &= (1+x)(1+x)^n \\
&\ge (1+x)(1+nx) \\
&= 1 + (n+1)x + n x^2 \\
&\ge 1 + (n+1)x
""",
        r"""(1+x)^{n+1} &\ge 1 + (n+1)x
""",
    ),
)
TEXTS["bernoulli base missing"] = (
    False,
    TEXTS["bernoulli true"][1].replace(
        r"""*Base case.* For $n = 1$ both sides agree:

$$(1+x)^1 = 1 + x = 1 + 1 \cdot x$$

""",
        "",
    ),
)
TEXTS["powers of two"] = (
    True,
    r"""We show that $2^n > n$ for all integers $n \ge 1$:

$$2^n > n$$

Induction on $n$. Base case: for $n = 1$,

$$2^1 = 2 > 1$$

Assume that the statement is true for some $n \ge 1$, i.e.

$$2^n > n$$

Induction step: we get

$$2^{n+1} = 2 \cdot 2^n > 2n = n + n \ge n + 1$$

This completes the proof.
""",
)
TEXTS["2^n > n^2 from 1"] = (
    False,
    r"""Claim: for all integers $n \ge 1$,

$$2^n > n^2$$

Proof by induction on $n$. Base case $n = 1$:

$$2^1 = 2 > 1 = 1^2$$

Induction hypothesis: $2^n > n^2$ for some $n$.

Induction step:

$$2^{n+1} = 2 \cdot 2^n > 2 n^2 \ge (n+1)^2$$
""",
)
TEXTS["2^n > n^2 from 5"] = (
    True,
    r"""Claim: for all integers $n \ge 5$,

$$2^n > n^2$$

Proof by induction on $n$. Base case $n = 5$:

$$2^5 = 32 > 25 = 5^2$$

Induction hypothesis: assume the claim for some $n \ge 5$:

$$2^n > n^2$$

Induction step:

$$2^{n+1} = 2 \cdot 2^n > 2 n^2 \ge (n+1)^2$$
""",
)
TEXTS["contraction"] = (
    True,
    r"""Let $t \in \{0, \dots, T\}$, let $\rho \ge 0$ and let the errors $a_t \in \mathbb{R}$ satisfy $a_{t+1} \le \rho a_t$.

**Claim.** For every $T \ge 0$,

$$a_T \le \rho^T a_0$$

The proof is by induction on $T$.

**Base case.** For $T = 0$:

$$a_0 = \rho^0 a_0$$

**Induction hypothesis.** Assume for some $T$

$$a_T \le \rho^T a_0$$

**Induction step.** Since $\rho \ge 0$,

$$a_{T+1} \le \rho a_T \le \rho \rho^T a_0 = \rho^{T+1} a_0$$
""",
)
TEXTS["sum of squares bound"] = (
    True,
    r"""**Proposition.** For every $n \ge 1$

$$\sum_{k=1}^{n} \frac{1}{k^2} \le 2 - \frac{1}{n}$$

Proof by induction on $n$.

Induction start, $n = 1$:

$$\sum_{k=1}^{1} \frac{1}{k^2} = 1 = 2 - \frac{1}{1}$$

Induction hypothesis: let

$$\sum_{k=1}^{n} \frac{1}{k^2} \le 2 - \frac{1}{n}$$

be true for some $n \ge 1$.

Inductive step:

$$
\begin{aligned}
\sum_{k=1}^{n+1} \frac{1}{k^2} &= \sum_{k=1}^{n} \frac{1}{k^2} + \frac{1}{(n+1)^2} \\
&\le 2 - \frac{1}{n} + \frac{1}{(n+1)^2} \\
&\le 2 - \frac{1}{n+1}
\end{aligned}
$$
""",
)
TEXTS["sum of squares lost term"] = (
    False,
    TEXTS["sum of squares bound"][1].replace(r"&\le 2 - \frac{1}{n} + \frac{1}{(n+1)^2} \\", r"&\le 2 - \frac{1}{n} \\"),
)
TEXTS["vanishing"] = (
    True,
    r"""Let $\sigma(u) = \frac{1}{1 + e^{-u}}$ and let $l \in \{1, \dots, N\}$, $t \in \mathbb{R}$. Put $x_0 = t$, $x_l = \sigma(x_{l-1})$, $d_0 = 1$ and $d_l = \sigma'(x_{l-1}) d_{l-1}$.

**Theorem.** For all $N \ge 0$:

$$|d_N| \le \frac{1}{4^N}$$

We proceed by induction on $N$.

**Base case** ($N = 0$).

$$|d_0| = 1 = \frac{1}{4^0}$$

**Inductive hypothesis.** Suppose the statement holds for $N$:

$$|d_N| \le \frac{1}{4^N}$$

**Inductive step.**

$$|d_{N+1}| = |\sigma'(x_N)| |d_N| \le \frac{1}{4} |d_N| \le \frac{1}{4} \cdot \frac{1}{4^N} = \frac{1}{4^{N+1}}$$
""",
)
TEXTS["vanishing 1/8"] = (
    False,
    TEXTS["vanishing"][1]
    .replace("{4^N}", "{8^N}")
    .replace("4^{N+1}", "8^{N+1}")
    .replace("4^0", "8^0")
    .replace(r"\frac{1}{4}", r"\frac{1}{8}"),
)
TEXTS["collapse true"] = (
    True,
    _COLLAPSE
    + r"""To show: for all $N \ge 1$

$$h_N = W_N \cdots W_1 x$$

For $N = 1$ (base case) we have

$$h_1 = W_1 h_0 = W_1 x$$

Assume the formula is true for some $N$, so

$$h_N = W_N \cdots W_1 x$$

In the induction step we look at $N + 1$:

$$h_{N+1} = W_{N+1} h_N = W_{N+1} W_N \cdots W_1 x$$

So by induction the formula is true for all $N$.
""",
)
TEXTS["collapse wrong order"] = (
    False,
    TEXTS["collapse true"][1].replace("= W_{N+1} W_N \\cdots W_1 x$$\n\nSo", "= W_N \\cdots W_1 W_{N+1} x$$\n\nSo"),
)
TEXTS["direct square"] = (
    True,
    r"""**Claim.** For all real $a$, $b$

$$a b \le \frac{a^2 + b^2}{2}$$

**Proof.**

$$\frac{a^2 + b^2}{2} - a b = \frac{(a - b)^2}{2} \ge 0$$
""",
)
TEXTS["direct wrong"] = (False, TEXTS["direct square"][1].replace("(a - b)^2", "(a + b)^2"))
TEXTS["sum n cubes"] = (
    True,
    r"""**Theorem.** For all $n \in \mathbb{N}$

$$\sum_{k=1}^{n} k^3 = \left(\frac{n(n+1)}{2}\right)^2$$

*Proof by induction on $n$.*

Base case: $n = 1$.

$$\sum_{k=1}^{1} k^3 = 1 = \left(\frac{1 \cdot 2}{2}\right)^2$$

Induction hypothesis: the formula holds for $n$,

$$\sum_{k=1}^{n} k^3 = \left(\frac{n(n+1)}{2}\right)^2$$

Induction step $n \to n+1$:

$$\sum_{k=1}^{n+1} k^3 = \left(\frac{n(n+1)}{2}\right)^2 + (n+1)^3 = (n+1)^2 \left(\frac{n^2}{4} + n + 1\right) = \left(\frac{(n+1)(n+2)}{2}\right)^2$$
""",
)
TEXTS["factorial"] = (
    True,
    r"""**Claim.** For all integers $n \ge 4$

$$n! > 2^n$$

Proof by induction on $n$.

Base case $n = 4$:

$$4! = 24 > 16 = 2^4$$

Induction hypothesis. Assume the claim for some $n \ge 4$:

$$n! > 2^n$$

Induction step.

$$(n+1)! = (n+1) n! > (n+1) 2^n > 2 \cdot 2^n = 2^{n+1}$$
""",
)
TEXTS["factorial negative mono"] = (
    False,
    TEXTS["factorial"][1].replace(r"> (n+1) 2^n > 2 \cdot 2^n", r"> (n+1) 2^n > n \cdot 2^n \cdot 2"),
)
