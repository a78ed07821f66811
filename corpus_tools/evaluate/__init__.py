"""Evaluate: how well the marks agree with reports annotated by people."""
