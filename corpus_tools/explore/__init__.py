"""Exploring: concordances, frequencies, keywords, collocations, dispersion and lexical diversity."""
