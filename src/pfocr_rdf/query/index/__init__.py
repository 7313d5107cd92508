"""What pages, search and suggestions show of a release, in one SQLite file.

It is made in one pass of the dump: `gather` takes what others need to know of each figure and
entity, `write` writes it, `read` and `words` answer from it. It lies with the store of a release;
a static site that finds none makes one for its run.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
