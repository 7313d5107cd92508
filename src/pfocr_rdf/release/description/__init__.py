"""What an export says about itself: three levels, its files, its counts, its run.

`dataset` is in every dump. All else stands in void.ttl alone: a file cannot state its own hash,
nor a graph count itself.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
