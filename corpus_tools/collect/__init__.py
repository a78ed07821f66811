"""Collect the reports of all sources as found, and the rows that cannot be used, with the reason."""
