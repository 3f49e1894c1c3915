"""Functions of vectors of any length: softmax and its relatives, losses."""

from __future__ import annotations

from symderiv.catalogue.row import Row

CLASSES = "K positive integer, z in R^K, i in 1..K, j in 1..K"

VECTORS = (
    Row(
        name="softmax",
        title="softmax",
        formula="exp(z[i])/sum(exp(z[m]), m, 1, K)",
        derivative="softmax(z)[i]*(delta(i, j) - softmax(z)[j])",
        latex=r"\operatorname{softmax}",
        variable="z",
        entry="i",
        by="z[j]",
        letters=CLASSES,
        domain="all z in R^K",
        source="Goodfellow, Bengio, Courville (2016), Deep Learning, eq. 6.29",
    ),
    Row(
        name="log_softmax",
        title="logarithm of the softmax",
        formula="z[i] - log(sum(exp(z[m]), m, 1, K))",
        derivative="delta(i, j) - softmax(z)[j]",
        latex=r"\operatorname{log\_softmax}",
        variable="z",
        entry="i",
        by="z[j]",
        letters=CLASSES,
        domain="all z in R^K",
        uses=("softmax",),
        aliases=("logsoftmax", "LogSoftmax"),
        source="Goodfellow, Bengio, Courville (2016), Deep Learning, eq. 6.30",
    ),
    Row(
        name="logsumexp",
        title="log-sum-exp",
        formula="log(sum(exp(z[m]), m, 1, K))",
        derivative="softmax(z)[j]",
        latex=r"\operatorname{logsumexp}",
        variable="z",
        by="z[j]",
        letters=CLASSES,
        domain="all z in R^K",
        uses=("softmax",),
        aliases=("LSE", "lse"),
        source="Boyd, Vandenberghe (2004), Convex Optimization, section 3.1.5",
    ),
    Row(
        name="cross_entropy_softmax",
        title="cross-entropy of a softmax",
        formula="-sum(y[m]*log(softmax(z)[m]), m, 1, K)",
        derivative="softmax(z)[j] - y[j]",
        latex=r"\operatorname{CE}",
        variable="z",
        by="z[j]",
        letters=CLASSES + ", y in R^K, sum(y[m], m, 1, K) = 1",
        domain="all z in R^K",
        uses=("softmax",),
        aliases=("softmax_cross_entropy",),
        source="Bishop (2006), Pattern Recognition and Machine Learning, eq. 4.109",
    ),
    Row(
        name="mean_squared_error",
        title="mean squared error",
        formula="sum((p[m] - y[m])^2, m, 1, n)/n",
        derivative="2*(p[j] - y[j])/n",
        latex=r"\operatorname{MSE}",
        variable="p",
        by="p[j]",
        letters="n positive integer, p in R^n, y in R^n, j in 1..n",
        domain="all p in R^n",
        aliases=("mse", "MSE"),
        source="Goodfellow, Bengio, Courville (2016), Deep Learning, section 5.1.4",
    ),
)
