from .counts import Classes, ClassOf, Counts, Tally
from .distinct import RANGES, DistinctCounts, ObjectHashes, counted, object_record, total
from .linksets import (
    ALIGNED,
    LINKSETS,
    NCBI_GENE,
    AlignedLinks,
    LinkCounter,
    Target,
    aligned_spaces,
    uri_spaces,
)
from .spill import COUNTED_AT_ONCE, ObjectCounter, parts_for, write_merged

__all__ = [
    "ALIGNED",
    "COUNTED_AT_ONCE",
    "LINKSETS",
    "NCBI_GENE",
    "RANGES",
    "AlignedLinks",
    "ClassOf",
    "Classes",
    "Counts",
    "DistinctCounts",
    "LinkCounter",
    "ObjectCounter",
    "ObjectHashes",
    "Tally",
    "Target",
    "aligned_spaces",
    "counted",
    "object_record",
    "parts_for",
    "total",
    "uri_spaces",
    "write_merged",
]
