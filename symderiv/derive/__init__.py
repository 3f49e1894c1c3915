"""Deriving: chains of named steps from a function to its derivative."""
