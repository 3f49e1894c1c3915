"""The catalogue: activations as rows, each with its formula, its textbook derivative, its domain and its source."""
