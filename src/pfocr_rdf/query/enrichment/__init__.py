"""Genes of a user against the sets of a release: which figures show more of them than chance would."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
