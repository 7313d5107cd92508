from .coverage import Coverage, coverage_of
from .page import as_html
from .reports import as_json, as_text

__all__ = [
    "Coverage",
    "as_html",
    "as_json",
    "as_text",
    "coverage_of",
]
