from .build import SiteResult, build_site
from .inventory import State
from .options import ABOUT_SITE, SiteOptions

__all__ = [
    "ABOUT_SITE",
    "SiteOptions",
    "SiteResult",
    "State",
    "build_site",
]
