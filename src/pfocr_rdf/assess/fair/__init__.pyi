from .checks import CHECKS, Outcome
from .gather import FIRST_PAGE, gather
from .metrics import METRICS
from .report import assess, fair_json, fair_text

__all__ = [
    "CHECKS",
    "FIRST_PAGE",
    "METRICS",
    "Outcome",
    "assess",
    "fair_json",
    "fair_text",
    "gather",
]
