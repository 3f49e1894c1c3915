"""Integrals, limits, factorials and moments of random variables: each is brought to a value that the deciders of numbers know."""
