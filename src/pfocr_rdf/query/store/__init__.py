"""An embedded store of a release: its triples in Oxigraph, its index in SQLite.

Built on first use beside the release, rebuilt when the release has changed, otherwise opened
read-only and shared by as many processes as like to.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
