"""The moves of a reader of many texts: lines in context, frequencies, keywords, collocations, dispersion, diversity."""
