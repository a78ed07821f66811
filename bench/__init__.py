"""Benchmarks against other programs, on the same texts in the same run (`make bench`); not part of the package."""
