"""An embedded store of a release: its triples in Oxigraph, its words and numbers in SQLite.

Built on first use beside the release, rebuilt when the release has changed, otherwise opened
read-only and shared by as many processes as like to.
"""

from __future__ import annotations

from pfocr_rdf.query.store.build import ensure_store, open_triples
from pfocr_rdf.query.store.location import StorePlace
from pfocr_rdf.query.store.progress import BuildProgress, BuildStep
from pfocr_rdf.query.store.triples import VOCABULARY_GRAPH
from pfocr_rdf.rdf.iris import ALIGNMENT_GRAPH

__all__ = [
    "ALIGNMENT_GRAPH",
    "VOCABULARY_GRAPH",
    "BuildProgress",
    "BuildStep",
    "StorePlace",
    "ensure_store",
    "open_triples",
]
