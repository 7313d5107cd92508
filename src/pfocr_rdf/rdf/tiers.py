"""PFOCR's tiers of gene sets: how strictly a gene must be read to be in the set of a figure."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """PFOCR's names of how strict a file is; each includes those before it.

    A gene whose mention has no tier (an earlier release says none, a keyword has none) is
    only in `all`.
    """

    STRICT = "strict"
    SYNONYMS = "synonyms"
    ALL = "all"
