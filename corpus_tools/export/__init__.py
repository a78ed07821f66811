"""Export: the corpus in the formats of other tools."""

FORMATS = ("brat", "conllu", "csv", "jsonl")
