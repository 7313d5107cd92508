"""How findable, accessible, interoperable and reusable an export or a site is, decided offline.

The metrics are those of F-UJI v0.8. Every result has the evidence it was decided by.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
