"""An embedded store of a release: its triples in Oxigraph, its words and numbers in SQLite.

Built on first use beside the release, rebuilt when the release has changed, otherwise opened
read-only and shared by as many processes as like to.
"""

from __future__ import annotations

from pfocr_rdf.description import ALIGNMENT_GRAPH
from pfocr_rdf.store.build import ensure_store, open_triples
from pfocr_rdf.store.place import StorePlace
from pfocr_rdf.store.progress import BuildProgress, BuildStep
from pfocr_rdf.store.triples import VOCABULARY_GRAPH

__all__ = [
    "ALIGNMENT_GRAPH",
    "VOCABULARY_GRAPH",
    "BuildProgress",
    "BuildStep",
    "StorePlace",
    "ensure_store",
    "open_triples",
]
