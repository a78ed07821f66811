"""Export: the corpus in the formats of other tools."""
