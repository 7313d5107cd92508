"""An export over many machines: the same figure function, a partition of the pages a task.

A task is a list of input paths in and a set of finished files out, so that records never
travel between processes and a task whose worker died is simply run again. Needs the extra
`pfocr-rdf[dask]`; nothing of it is imported before an export asks for it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
