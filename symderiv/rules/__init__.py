"""Rules: named equations that rewrite terms, and the one module that makes Steps."""
