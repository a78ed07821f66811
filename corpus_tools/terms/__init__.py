"""Documents by terms: counted, put together as a matrix, factorised into topics, and the topics measured."""
