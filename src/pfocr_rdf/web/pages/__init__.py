"""The pages of a release: what is read for each, and its HTML.

Nothing here knows HTTP. The modules `read_*` ask the index and fill the records of `views`, `render`
turns them into HTML with the links of `links`, so that a server and a static site write the same pages.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
