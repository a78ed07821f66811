"""Annotate: mark who said what, when and where, and how many people were affected."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
