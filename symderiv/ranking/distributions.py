"""Arithmetic of probability vectors in NumPy that is right at 0: p log p is 0 there, and p log(p/q) is ∞ where q is 0 and p is not."""

from __future__ import annotations

from typing import Any

Array = Any
"""A NumPy array; the last axis is that of the classes."""


def entropy(p: Array) -> Array:
    """−Σ p_k log p_k."""
    import numpy as np

    logarithm = np.log(np.maximum(p, np.finfo(p.dtype).tiny))
    logarithm *= p
    return np.maximum(-logarithm.sum(axis=-1), 0)


def divergence(p: Array, q: Array) -> Array:
    """KL(p‖q) = Σ p_k log(p_k/q_k), where terms with p_k = 0 are 0."""
    import numpy as np

    smallest = np.finfo(p.dtype).tiny
    ratio = np.log(np.maximum(p, smallest))
    with np.errstate(divide="ignore"):
        ratio -= np.log(q)
    np.multiply(ratio, p, out=ratio, where=p > 0)
    ratio[p == 0] = 0
    return np.maximum(ratio.sum(axis=-1), 0)


def softmax(z: Array) -> Array:
    """e^{z_k} / Σ e^{z_l}, with the largest logit taken off before."""
    import numpy as np

    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def votes(p: Array) -> Array:
    """For networks × images × classes: the share of the networks whose most probable class is each class that has a vote, else 0.

    The result has one column for each network: the share of the class that it votes for, divided by the number of networks that do
    so; summed over columns each class counts once.
    """
    import numpy as np

    chosen = p.argmax(axis=-1)
    return (chosen[:, None, :] == chosen[None, :, :]).sum(axis=0).T / np.asarray(len(chosen), dtype=p.dtype)
