from .schema_org import CONTEXT, CheckedPage, list_pages, page_triples, patch_pages
from .server import ServeOptions, run
from .site import SiteOptions, SiteResult, State, build_site

__all__ = [
    "CONTEXT",
    "CheckedPage",
    "ServeOptions",
    "SiteOptions",
    "SiteResult",
    "State",
    "build_site",
    "list_pages",
    "page_triples",
    "patch_pages",
    "run",
]
