from .errors import PfocrError
from .exporting.options import ExportOptions
from .exporting.run import ExportResult, export
from .figures.api import map_figure, read_figures, to_graph
from .figures.link.table import GeneTable
from .figures.link.table_source import load_gene_table
from .query.notebook.askable import enrich, open_release
from .rdf.iris import IriStyle
from .shacl.validation import ValidationOutcome, validate
from .version import __version__

__all__ = [
    "ExportOptions",
    "ExportResult",
    "GeneTable",
    "IriStyle",
    "PfocrError",
    "ValidationOutcome",
    "__version__",
    "enrich",
    "export",
    "load_gene_table",
    "map_figure",
    "open_release",
    "read_figures",
    "to_graph",
    "validate",
]
