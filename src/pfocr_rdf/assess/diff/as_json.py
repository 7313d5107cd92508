"""A comparison as one JSON document, written as it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import BinaryIO

import orjson

from pfocr_rdf.assess.diff.model import Change, ChangeKind, Summary, Totals
from pfocr_rdf.rdf import Triple, ntriples_term


class JsonSink:
    """Writes `{"changes": [...], "summary": {...}}`; triples as N-Triples terms.

    Args:
        out: Where to.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._joint = b'{"changes":[\n'

    def change(self, change: Change) -> None:
        """Write one change on a line."""
        record = {
            "subject": change.subject,
            "what": "figure" if change.is_figure else "entity",
            "change": change.kind,
            "label": change.label,
            "removed": _shown(change.removed),
            "added": _shown(change.added),
        }
        if change.graph:
            record["graph"] = change.graph
        self._out.write(self._joint + orjson.dumps(record))
        self._joint = b",\n"

    def end(self, summary: Summary) -> None:
        """Write the numbers."""
        opening = b"\n],\n" if self._joint == b",\n" else b'{"changes":[],\n'
        record = {
            "same": summary.same,
            "releases": [
                {"name": name, "key": key}
                for name, key in zip(summary.names, summary.keys, strict=True)
            ],
            "triples": summary.triples._asdict()
            | {"removed": summary.triples_removed, "added": summary.triples_added},
            "figures": _counts(summary.all_figures, summary.figures),
            "entities": _counts(summary.all_entities, summary.entities),
            "classes": {name: totals._asdict() for name, totals in summary.classes.items()},
            "newly linked genes": [each._asdict() for each in summary.newly_linked],
            "no longer linked genes": [each._asdict() for each in summary.no_longer_linked],
            "renamed genes": [each._asdict() for each in summary.renamed],
        }
        self._out.write(opening + b'"summary":' + orjson.dumps(record) + b"}\n")


def _counts(there: Totals, changes: Mapping[ChangeKind, int]) -> dict[str, int]:
    return there._asdict() | {kind.value: count for kind, count in changes.items()}


def _shown(triples: Iterable[Triple]) -> list[list[str]]:
    return [
        [ntriples_term(subject), ntriples_term(predicate), ntriples_term(value)]
        for subject, predicate, value in triples
    ]
