"""Proofs by induction on request: theorems by name, closed forms that are found, proofs in files that are judged.

prove(name)            the proof of a theorem
discovered(text, let)    the closed form of a recursion, found and proved
judge_file(path)         whether the proofs of a file are complete and right, or what is wrong with them
judge_proof(text)        the same of a text
"""

from symderiv.check.inductions import Flaw
from symderiv.proving.judging import Judged, judge_file, judge_proof
from symderiv.proving.request import discovered, prove

__all__ = ["Flaw", "Judged", "discovered", "judge_file", "judge_proof", "prove"]
