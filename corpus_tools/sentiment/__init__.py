"""The tone of each sentence, the voice that speaks in it, and the words that account for it."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
