"""pfocr-rdf: pathway figures of PFOCR as linked data.

The names below are the library; docs/python.md shows them at work. Each is loaded when it is
first asked for, so that neither the command nor a script waits for what it does not use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pfocr_rdf.version import __version__

if TYPE_CHECKING:
    from pfocr_rdf.errors import PfocrError
    from pfocr_rdf.exporting.options import ExportOptions
    from pfocr_rdf.exporting.run import ExportResult, export
    from pfocr_rdf.figures.api import map_figure, read_figures, to_graph
    from pfocr_rdf.figures.link.table import GeneTable
    from pfocr_rdf.figures.link.table_source import load_gene_table
    from pfocr_rdf.rdf.iris import IriStyle
    from pfocr_rdf.release.opened import open_release
    from pfocr_rdf.shacl.validate import ValidationOutcome, validate

__all__ = [
    "ExportOptions",
    "ExportResult",
    "GeneTable",
    "IriStyle",
    "PfocrError",
    "ValidationOutcome",
    "__version__",
    "export",
    "load_gene_table",
    "map_figure",
    "open_release",
    "read_figures",
    "to_graph",
    "validate",
]

_HOMES = {
    "ExportOptions": "exporting.options",
    "ExportResult": "exporting.run",
    "GeneTable": "figures.link.table",
    "IriStyle": "rdf.iris",
    "PfocrError": "errors",
    "ValidationOutcome": "shacl.validate",
    "export": "exporting.run",
    "load_gene_table": "figures.link.table_source",
    "map_figure": "figures.api",
    "open_release": "release.opened",
    "read_figures": "figures.api",
    "to_graph": "figures.api",
    "validate": "shacl.validate",
}


if not TYPE_CHECKING:  # a type checker would believe in any name

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = found  # asked for again, it is there
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
