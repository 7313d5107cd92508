"""How much of a release is identified, by what and why not: for curators, on one page."""

from pfocr_rdf.assess.stats.coverage import Coverage, coverage_of
from pfocr_rdf.assess.stats.page import as_html
from pfocr_rdf.assess.stats.reports import as_json, as_text

__all__ = ["Coverage", "as_html", "as_json", "as_text", "coverage_of"]
