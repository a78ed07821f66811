"""Explore: concordances, frequencies, keywords, collocations, dispersion, diversity."""
