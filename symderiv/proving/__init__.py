"""Proofs by induction on request: theorems by name, closed forms that are found, proofs in files that are judged.

theorem(name)            the proof of a theorem
discovered(text, let)    the closed form of a recursion, found and proved
"""

from symderiv.proving.request import discovered, theorem

__all__ = ["discovered", "theorem"]
