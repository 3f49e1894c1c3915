"""Functions of matrices of any shape, with their gradients in denominator layout."""

from __future__ import annotations

from symderiv.catalogue.row import Row

DATA = "X in R^{n x d}, W in R^{d x m}, Y in R^{n x m}"

MATRICES = (
    Row(
        name="least_squares",
        title="squared error of a linear layer",
        formula="frobenius(X*W - Y)^2",
        derivative="2*transpose(X)*(X*W - Y)",
        latex=r"\operatorname{LS}",
        variable="W",
        by="W",
        letters=DATA,
        domain="all W",
        source="Petersen, Pedersen (2012), The Matrix Cookbook, eq. 119",
    ),
    Row(
        name="ridge",
        title="ridge regression loss",
        formula="frobenius(X*W - Y)^2 + lambda*frobenius(W)^2",
        derivative="2*transpose(X)*(X*W - Y) + 2*lambda*W",
        latex=r"\operatorname{ridge}",
        variable="W",
        by="W",
        letters=DATA + ", lambda > 0",
        domain="all W",
        source="Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, eq. 3.43",
    ),
    Row(
        name="quadratic_form",
        title="quadratic form",
        formula="transpose(x)*A*x",
        derivative="A*x + transpose(A)*x",
        latex=r"\operatorname{q}",
        variable="x",
        by="x",
        letters="A in R^{n x n}, x in R^n",
        domain="all x",
        source="Petersen, Pedersen (2012), The Matrix Cookbook, eq. 81",
    ),
    Row(
        name="log_determinant",
        title="logarithm of the determinant",
        formula="log(det(A))",
        derivative="transpose(inverse(A))",
        latex=r"\operatorname{logdet}",
        variable="A",
        by="A",
        letters="A in R^{n x n}",
        domain="det A > 0",
        aliases=("logdet",),
        source="Petersen, Pedersen (2012), The Matrix Cookbook, eq. 57",
    ),
    Row(
        name="two_layers",
        title="squared error of a network with one hidden tanh layer, by its first weights",
        formula="frobenius(tanh(X*W)*V - Y)^2",
        derivative="2*transpose(X)*hadamard((tanh(X*W)*V - Y)*transpose(V), tanh'(X*W))",
        latex=r"\operatorname{E}",
        variable="W",
        by="W",
        letters="X in R^{n x d}, W in R^{d x h}, V in R^{h x m}, Y in R^{n x m}",
        domain="all W",
        source="Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5",
    ),
)
