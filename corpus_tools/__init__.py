"""Annotated corpora and publishable figures from dated news reports, reproducibly."""

from corpus_tools.corpus import Corpus, open_corpus
from corpus_tools.errors import InputError

__all__ = ["Corpus", "InputError", "open_corpus"]
__version__ = "0.1.0"
