from .options import ExportOptions, day_of_epoch
from .run import ExportResult, Progress, export

__all__ = [
    "ExportOptions",
    "ExportResult",
    "Progress",
    "day_of_epoch",
    "export",
]
