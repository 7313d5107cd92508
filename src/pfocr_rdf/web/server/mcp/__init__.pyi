from .http import McpEndpoint
from .library import check_library
from .stdio import run_stdio
from .told import Addresses
from .tools import Tools

__all__ = [
    "Addresses",
    "McpEndpoint",
    "Tools",
    "check_library",
    "run_stdio",
]
