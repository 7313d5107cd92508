"""`pfocr-rdf validate` beside the SHACL engines in Rust that PyPI has, on one Turtle file.

Each is a process of its own, timed from its start to its end, with what it needs to read the
file. They get all our shapes in one file, and a venv of their own, which is made here. What they
get wrong is counted: a few known faults are put into the data, and results are compared by focus
node, path, component and value.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple

from end_to_end import run_export
from measured import Run, measure
from page import ratio, table
from places import CACHE, Places, say

from pfocr_rdf.shipped import dump_shapes

_ENGINES: Final = {
    "shacl": "shacl==0.3.4",
    "shacl-rust": "shacl-rust==0.2.12",
    "pyshifty": "pyshifty==0.5.1",
}
_LIMIT: Final = 600.0
_WRITTEN: Final = CACHE / "rust-engines"

# Each is run by the other interpreter: (engine, data, shapes, where results go).
_SCRIPT: Final = '''
import json, sys
engine, data, shapes, out = sys.argv[1:]
rows = []
if engine == "shacl":
    import shacl
    report = shacl.Shapes.from_file(shapes).validate_file(data)
    rows = [(r.focus_node, r.path, r.component, r.value) for r in report.results]
elif engine == "shacl-rust":
    import shacl_rust
    report = shacl_rust.validate_file(data, shapes)
    rows = [[r.get(k) for k in KEYS] for r in report["results"]] if (
        KEYS := ("focus_node", "path", "component", "value")) else []
    if report["results"] and rows[0][0] is None:
        raise SystemExit(f"other keys: {sorted(report['results'][0])}")
else:
    import shifty
    from rdflib import SH
    _, graph, _ = shifty.validate(data, shapes, infer=False, graph_mode="data")
    for result in graph.subjects(SH.resultSeverity):
        values = [graph.value(result, p) for p in
                  (SH.focusNode, SH.resultPath, SH.sourceConstraintComponent, SH.value)]
        rows.append([None if v is None else v.n3() for v in values])
json.dump([[None if v is None else str(v) for v in row] for row in rows], open(out, "w"))
'''
