"""Documents by terms: counted, as a matrix, factorised into topics, and the topics measured."""
