"""Clean the reports: repaired texts, dates, datelines, languages and near-duplicates."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
