"""pfocr-rdf: pathway figures of PFOCR as linked data.

The names below are the library; docs/python.md shows them at work. Each is loaded when it is
first asked for, so that neither the command nor a script waits for what it does not use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
