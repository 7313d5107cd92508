from .mcp import check_library, run_stdio
from .options import ServeOptions
from .server import run

__all__ = [
    "ServeOptions",
    "check_library",
    "run",
    "run_stdio",
]
