from .concepts import term_labels
from .expression import is_phrase
from .folding import folded
from .gather import Gathered, digest_of, gather
from .meanings import Meaning
from .model import (
    TIER_WORDS,
    UNTIERED,
    Concept,
    CountedConcept,
    CountedRef,
    FigureItem,
    NameIs,
    Numbers,
    Ref,
    end_of,
)
from .names import How
from .neighbours import Neighbour, neighbours
from .read import Index, ShownIn
from .words import Search
from .write import BATCH, SHARDS, gathered, shard_of, write_index

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
    "How",
    "Index",
    "Meaning",
    "NameIs",
    "Neighbour",
    "Numbers",
    "Ref",
    "Search",
    "ShownIn",
    "digest_of",
    "end_of",
    "folded",
    "gather",
    "gathered",
    "is_phrase",
    "neighbours",
    "shard_of",
    "term_labels",
    "write_index",
]
