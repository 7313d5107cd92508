from .coverage import Coverage, coverage_of
from .page import coverage_html
from .reports import coverage_json, coverage_text

__all__ = [
    "Coverage",
    "coverage_html",
    "coverage_json",
    "coverage_of",
    "coverage_text",
]
