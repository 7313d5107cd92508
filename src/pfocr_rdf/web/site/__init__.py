"""A static site of a release, for any web host: the pages of the server, without a server.

`build.build_site` makes it. `gather` and `index` find out what pages show of each other;
`desk` is what one process has at hand to draw `figure_pages` and `entity_pages`; `output` and
`ledger` write only what has changed; `whole` and `hosts` add what a site has once.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
