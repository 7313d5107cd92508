from .checks import CHECKS, Outcome
from .gather import FIRST_PAGE, gather
from .metrics import METRICS
from .report import as_json, as_text, assess

__all__ = [
    "CHECKS",
    "FIRST_PAGE",
    "METRICS",
    "Outcome",
    "as_json",
    "as_text",
    "assess",
    "gather",
]
