from .beside import Beside, beside, shown_within
from .columns import LETTERS
from .concepts import term_labels
from .expression import is_phrase
from .folding import folded
from .gather import Gathered, digest_of, gather
from .listing import EntityList, ListFilter, ListOrder, in_order, listing
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
from .names import FittingName, How
from .neighbours import Neighbour, neighbours
from .read import Index, ShownIn
from .set_sizes import (
    ALL_ORGANISMS,
    LISTED,
    Scope,
    SetOf,
    Sizes,
    is_in,
    overlaps,
    sets_of,
)
from .words import Search, surest
from .write import BATCH, SHARDS, gathered, shard_of, write_index

__all__ = [
    "ALL_ORGANISMS",
    "BATCH",
    "LETTERS",
    "LISTED",
    "SHARDS",
    "TIER_WORDS",
    "UNTIERED",
    "Beside",
    "Concept",
    "CountedConcept",
    "CountedRef",
    "EntityList",
    "FigureItem",
    "FittingName",
    "Gathered",
    "How",
    "Index",
    "ListFilter",
    "ListOrder",
    "Meaning",
    "NameIs",
    "Neighbour",
    "Numbers",
    "Ref",
    "Scope",
    "Search",
    "SetOf",
    "ShownIn",
    "Sizes",
    "beside",
    "digest_of",
    "end_of",
    "folded",
    "gather",
    "gathered",
    "in_order",
    "is_in",
    "is_phrase",
    "listing",
    "neighbours",
    "overlaps",
    "sets_of",
    "shard_of",
    "shown_within",
    "surest",
    "term_labels",
    "write_index",
]
