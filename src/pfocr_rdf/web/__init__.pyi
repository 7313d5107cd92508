from .pages import ImageHost
from .schema_org import CONTEXT, CheckedPage, list_pages, page_triples, patch_pages
from .server import ServeOptions, check_library, run, run_stdio
from .site import ABOUT_SITE, SiteOptions, SiteResult, State, build_site

__all__ = [
    "ABOUT_SITE",
    "CONTEXT",
    "CheckedPage",
    "ImageHost",
    "ServeOptions",
    "SiteOptions",
    "SiteResult",
    "State",
    "build_site",
    "check_library",
    "list_pages",
    "page_triples",
    "patch_pages",
    "run",
    "run_stdio",
]
