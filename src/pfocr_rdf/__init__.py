"""pfocr-rdf: pathway figures of PFOCR as linked data.

The names below are the library; docs/python.md shows them at work.
"""

from pfocr_rdf.api import map_figure, read_figures, to_graph
from pfocr_rdf.export import ExportResult, export
from pfocr_rdf.hgnc import GeneTable
from pfocr_rdf.hgnc_choice import load_gene_table
from pfocr_rdf.options import ExportOptions
from pfocr_rdf.validation import ValidationOutcome, validate
from pfocr_rdf.version import __version__

__all__ = [
    "ExportOptions",
    "ExportResult",
    "GeneTable",
    "ValidationOutcome",
    "__version__",
    "export",
    "load_gene_table",
    "map_figure",
    "read_figures",
    "to_graph",
    "validate",
]
