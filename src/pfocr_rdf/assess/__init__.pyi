from .diff import DiffFormat, compare, make_sink
from .fair import FIRST_PAGE, FairOutcome, assess, fair_json, fair_text, gather
from .stats import coverage_html, coverage_json, coverage_of, coverage_text

__all__ = [
    "FIRST_PAGE",
    "DiffFormat",
    "FairOutcome",
    "assess",
    "compare",
    "coverage_html",
    "coverage_json",
    "coverage_of",
    "coverage_text",
    "fair_json",
    "fair_text",
    "gather",
    "make_sink",
]
