"""Sentiment: the tone of each sentence, whose voice it is in, and which words carry it."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
