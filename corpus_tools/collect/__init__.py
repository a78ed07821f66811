"""Collect: every report of every source, as found, and every row that cannot be used, with the reason."""
