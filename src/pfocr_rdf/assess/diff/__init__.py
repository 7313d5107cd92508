"""What differs between two releases: figures, facts, links of genes, names, counts.

Source: design/model.md; a release has no blank nodes, so its difference is one of sets.
"""

from pfocr_rdf.assess.diff.compare import compare
from pfocr_rdf.assess.diff.model import Change, ChangeKind, Linked, Renamed, Sink, Summary, Totals
from pfocr_rdf.assess.diff.reports import DiffFormat, make_sink

__all__ = [
    "Change",
    "ChangeKind",
    "DiffFormat",
    "Linked",
    "Renamed",
    "Sink",
    "Summary",
    "Totals",
    "compare",
    "make_sink",
]
