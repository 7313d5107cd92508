from .compare import compare
from .model import ChangeKind, Summary
from .reports import DiffFormat, make_sink

__all__ = [
    "ChangeKind",
    "DiffFormat",
    "Summary",
    "compare",
    "make_sink",
]
