"""`pfocr-rdf serve`: one release as a SPARQL endpoint, linked data and web pages.

`app.create_app` is the application, `server.run` a server around it. Readers' queries run in
processes of their own (`query_pool`, `query_worker`), so that one that would never end can be ended.
Nothing is imported here: a worker must start quickly, and needs no web framework.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
