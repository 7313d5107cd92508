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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
