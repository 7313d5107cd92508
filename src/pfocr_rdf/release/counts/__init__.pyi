from .counts import Counts, Tally
from .distinct import RANGES, DistinctCounts, ObjectHashes, counted, object_record, total
from .linksets import LINKSETS, NCBI_GENE, LinkCounter, Target, uri_spaces
from .spill import COUNTED_AT_ONCE, ObjectCounter, parts_for, write_merged

__all__ = [
    "COUNTED_AT_ONCE",
    "LINKSETS",
    "NCBI_GENE",
    "RANGES",
    "Counts",
    "DistinctCounts",
    "LinkCounter",
    "ObjectCounter",
    "ObjectHashes",
    "Tally",
    "Target",
    "counted",
    "object_record",
    "parts_for",
    "total",
    "uri_spaces",
    "write_merged",
]
