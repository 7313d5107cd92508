from .concepts import term_labels
from .gather import Gathered, digest_of, gather
from .model import (
    TIER_WORDS,
    UNTIERED,
    Concept,
    CountedConcept,
    CountedRef,
    FigureItem,
    Numbers,
    Ref,
    end_of,
)
from .names import folded
from .neighbours import Neighbour, neighbours
from .read import Index, ShownIn
from .words import Search
from .write import BATCH, SHARDS, batched, gathered, shard_of, write_index

__all__ = [
    "BATCH",
    "SHARDS",
    "TIER_WORDS",
    "UNTIERED",
    "Concept",
    "CountedConcept",
    "CountedRef",
    "FigureItem",
    "Gathered",
    "Index",
    "Neighbour",
    "Numbers",
    "Ref",
    "Search",
    "ShownIn",
    "batched",
    "digest_of",
    "end_of",
    "folded",
    "gather",
    "gathered",
    "neighbours",
    "shard_of",
    "term_labels",
    "write_index",
]
