"""Writing: one module for each output format."""
