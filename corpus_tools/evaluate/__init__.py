"""Evaluate: agreement of the marks with reports annotated by people."""
