"""A static site of a release, for any web host: the pages of the server, without a server.

`build.build_site` makes it, from the index of the release. `page_maker` is what one process makes
`figure_pages` and `entity_pages` with; `output` and `inventory` write only what has changed;
`site_files` and `host_files` add what a site has once.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
