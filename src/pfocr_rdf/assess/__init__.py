"""Judge a release: what it covers, what changed since another, how FAIR it is."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
