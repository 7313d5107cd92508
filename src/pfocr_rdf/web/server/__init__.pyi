from .options import ServeOptions
from .server import run

__all__ = [
    "ServeOptions",
    "run",
]
