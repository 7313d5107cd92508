from .checks import CHECKS, FairOutcome
from .gather import FIRST_PAGE, gather
from .metrics import METRICS
from .report import assess, fair_json, fair_text

__all__ = [
    "CHECKS",
    "FIRST_PAGE",
    "METRICS",
    "FairOutcome",
    "assess",
    "fair_json",
    "fair_text",
    "gather",
]
