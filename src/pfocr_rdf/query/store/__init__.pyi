from .build import ensure_store, open_triples
from .interruptible import run_interruptibly
from .location import StorePlace, current_place, is_current
from .steps import BuildStep
from .triples import VOCABULARY_GRAPH

__all__ = [
    "VOCABULARY_GRAPH",
    "BuildStep",
    "StorePlace",
    "current_place",
    "ensure_store",
    "is_current",
    "open_triples",
    "run_interruptibly",
]
