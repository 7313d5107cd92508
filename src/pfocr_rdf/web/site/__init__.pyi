from .build import SiteResult, build_site
from .inventory import State
from .options import SiteOptions

__all__ = [
    "SiteOptions",
    "SiteResult",
    "State",
    "build_site",
]
