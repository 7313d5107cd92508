"""Other forms of a release, made from its finished dump: all that are asked for in one pass.

A figure whose page has not changed is copied, never parsed, so the dump is the one thing that
all figures have passed through. Forms are made from it inside the same run, and are therefore
the same bytes however a figure came into the dump.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
