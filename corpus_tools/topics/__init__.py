"""Topics: what the reports are about, as weighted terms and as shares of each report."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
