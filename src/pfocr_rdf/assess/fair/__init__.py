"""How findable, accessible, interoperable and reusable an export or a site is, decided offline.

The metrics are those of F-UJI v0.8. Every result has the evidence it was decided by.
"""

from pfocr_rdf.assess.fair.checks import CHECKS, Outcome, Verdict
from pfocr_rdf.assess.fair.gather import FIRST_PAGE, Assessed, gather
from pfocr_rdf.assess.fair.metrics import METRICS, Metric, MetricTest
from pfocr_rdf.assess.fair.report import Result, as_json, as_text, assess

__all__ = [
    "CHECKS",
    "FIRST_PAGE",
    "METRICS",
    "Assessed",
    "Metric",
    "MetricTest",
    "Outcome",
    "Result",
    "Verdict",
    "as_json",
    "as_text",
    "assess",
    "gather",
]  # fmt: skip
