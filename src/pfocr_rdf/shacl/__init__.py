"""SHACL Core: shapes compiled once to closures, run over plain terms.

    shapes = compile_shapes(read_triples(Path("figure.ttl")))
    results = shapes.validate({node.subject: dict(node.properties) for node in nodes})

`names` and `paths` know the vocabulary and its property paths, `literals` and `patterns`
what XSD and XPath mean by a value and an expression, `constraints` and `rules` the
components; `declaration` and `parameters` read shapes, `compile` and `engine` join it all;
`reach` says which shapes can be answered part of a graph by part.
`report` turns results into a sh:ValidationReport. Beside them `reference` asks pyshacl
the same question; it is not imported here.
"""

from pfocr_rdf.shacl.engine import Shapes, compile_shapes
from pfocr_rdf.shacl.graph import Around, ClassOf, Index, index_triples
from pfocr_rdf.shacl.paths import Path
from pfocr_rdf.shacl.report import Group, group_results, report_triples
from pfocr_rdf.shacl.results import Result, conforms, count_severities
from pfocr_rdf.shacl.unsupported import UnsupportedShapesError

__all__ = [
    "Around",
    "ClassOf",
    "Group",
    "Index",
    "Path",
    "Result",
    "Shapes",
    "UnsupportedShapesError",
    "compile_shapes",
    "conforms",
    "count_severities",
    "group_results",
    "index_triples",
    "report_triples",
]
