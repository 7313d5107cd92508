"""Figures become a release: here, on all cores, or on a cluster; and again."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
