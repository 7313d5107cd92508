from .build import ensure_store, open_triples
from .interruptible import run_interruptibly
from .location import StorePlace, current_place, is_current
from .progress import BuildProgress, BuildStep
from .triples import VOCABULARY_GRAPH

__all__ = [
    "VOCABULARY_GRAPH",
    "BuildProgress",
    "BuildStep",
    "StorePlace",
    "current_place",
    "ensure_store",
    "is_current",
    "open_triples",
    "run_interruptibly",
]
