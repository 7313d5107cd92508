"""A comparison as SPARQL Update: the exact patch from the older graph to the newer one.

Source: SPARQL 1.1 Update, https://www.w3.org/TR/sparql11-update/
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import BinaryIO, Final

from pfocr_rdf.assess.diff.model import Change, Summary
from pfocr_rdf.processes import batched
from pfocr_rdf.rdf import Triple, ntriples_term

_AT_ONCE: Final = 1000  # triples an operation has; stores hold one in memory


class UpdateSink:
    """Writes DELETE DATA and INSERT DATA, some hundred triples at a time.

    Subjects of a release are written once, and what a subject says is a set, so the order of
    the operations does not matter.

    Args:
        out: Where to.
        graph: The named graph of the figures; "" for the default graph.
    """

    def __init__(self, out: BinaryIO, graph: str = "") -> None:
        self._out = out
        self._graph = graph
        self._pending: list[tuple[str, str, Triple]] = []
        self._operations = 0

    def change(self, change: Change) -> None:
        """Take one change."""
        graph = change.graph or self._graph
        self._pending += [("DELETE", graph, triple) for triple in change.removed]
        self._pending += [("INSERT", graph, triple) for triple in change.added]
        if len(self._pending) >= _AT_ONCE:
            self._flush()

    def end(self, summary: Summary) -> None:
        """Finish; a patch without operations says so in a comment."""
        self._flush()
        if summary.same and not self._operations:
            self._out.write(b"# The two releases say the same.\n")

    def _flush(self) -> None:
        # What is taken away first, then what is put in, each graph for itself.
        self._pending.sort(key=lambda each: each[:2])
        for (verb, graph), some in groupby(self._pending, key=lambda each: each[:2]):
            for triples in batched((triple for _, _, triple in some), _AT_ONCE):
                self._write(verb, graph, triples)
        self._pending = []

    def _write(self, verb: str, graph: str, triples: Iterable[Triple]) -> None:
        lines = "".join(
            f"<{subject}> <{predicate}> {ntriples_term(value)} .\n"
            for subject, predicate, value in triples
        )
        body = f"GRAPH <{graph}> {{\n{lines}}}\n" if graph else lines
        joint = ";\n" if self._operations else ""
        self._out.write(f"{joint}{verb} DATA {{\n{body}}}\n".encode())
        self._operations += 1
