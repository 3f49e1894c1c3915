"""Deciding: proved by a normal form, refuted by a witness, or undecided; never a guess."""
