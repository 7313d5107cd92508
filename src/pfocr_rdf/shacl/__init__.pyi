from .constraints import show
from .engine import Shapes, compile_shapes
from .graph import Around, Index, Properties, index_triples
from .names import SH, SH_BASE
from .paths import Path, show_path
from .rdflib_terms import to_rdflib_graph
from .report import Group, group_results, report_triples
from .results import Result, conforms, count_severities
from .unsupported import UnsupportedShapesError
from .validation import ShaclEngine, ValidationOutcome, load_shapes, validate, validate_files

__all__ = [
    "SH",
    "SH_BASE",
    "Around",
    "Group",
    "Index",
    "Path",
    "Properties",
    "Result",
    "ShaclEngine",
    "Shapes",
    "UnsupportedShapesError",
    "ValidationOutcome",
    "compile_shapes",
    "conforms",
    "count_severities",
    "group_results",
    "index_triples",
    "load_shapes",
    "report_triples",
    "show",
    "show_path",
    "to_rdflib_graph",
    "validate",
    "validate_files",
]
