"""Cut texts into the sentences and tokens of NLTK; tag the tokens."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
