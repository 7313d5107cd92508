"""One SHACL engine in Rust on one file: its results as JSON lines of N-Triples terms.

Run by the interpreter that has the engines: ENGINE DATA SHAPES OUT. A result is [focus node,
component, value].
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

_KEYS = ("focusNode", "sourceConstraintComponent", "value")


def _results(engine: str, data: str, shapes: str) -> list[list[Any]]:
    if engine == "shacl":
        found = import_module("shacl").Shapes.from_file(shapes).validate_file(data).results
        return [[each.focus_node, f"<{each.component_iri}>", each.value] for each in found]
    if engine == "shacl-rust":
        said = import_module("shacl_rust").validate_file(data, shapes)
        return [[each.get(key) for key in _KEYS] for each in said["results"]]
    from rdflib import SH, URIRef  # noqa: PLC0415 - the others do not need it

    _, report, _ = import_module("shifty").validate(data, shapes, infer=False, graph_mode="data")
    names = [URIRef(f"{SH}{key}") for key in _KEYS]
    values = [
        [report.value(node, name) for name in names] for node in report.objects(None, SH.result)
    ]
    return [[None if value is None else value.n3() for value in row] for row in values]


if __name__ == "__main__":
    with Path(sys.argv[4]).open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in _results(*sys.argv[1:4]))
