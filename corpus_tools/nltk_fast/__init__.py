"""Faster implementations of NLTK's sentences, words, tags and VADER scores, with NLTK's results."""
