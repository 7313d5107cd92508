"""pfocr-rdf: pathway figures of PFOCR as linked data.

The names below are the library; docs/python.md shows them at work.
"""

from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import ExportResult, export
from pfocr_rdf.figures.api import map_figure, read_figures, to_graph
from pfocr_rdf.figures.link.table import GeneTable
from pfocr_rdf.figures.link.table_source import load_gene_table
from pfocr_rdf.shacl.validate import ValidationOutcome, validate
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
