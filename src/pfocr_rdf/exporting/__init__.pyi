from .options import ExportOptions, day_of_epoch
from .run import ExportResult, export

__all__ = [
    "ExportOptions",
    "ExportResult",
    "day_of_epoch",
    "export",
]
