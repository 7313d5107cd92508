from .address import parse_address
from .asking import how_to_ask
from .client import StoreClient
from .graphs import DEFAULT_GRAPH, shown_graph
from .loader import LoadResult, load_release
from .plan import LoadOptions
from .recipe import recipe
from .stores import DIALECTS, AuthScheme, StoreName, endpoints, store_of
from .transport import Credentials, server_of

__all__ = [
    "DEFAULT_GRAPH",
    "DIALECTS",
    "AuthScheme",
    "Credentials",
    "LoadOptions",
    "LoadResult",
    "StoreClient",
    "StoreName",
    "endpoints",
    "how_to_ask",
    "load_release",
    "parse_address",
    "recipe",
    "server_of",
    "shown_graph",
    "store_of",
]
