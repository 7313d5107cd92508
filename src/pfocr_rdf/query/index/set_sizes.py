"""Sets of a release in one scope: what a figure, or a paper, mentions within tier and organism.

They are never built as sets. An index lists the figures of each gene, by tier; so the sizes of all
sets are a count over all genes. Those that are asked for most are counted when an index is
written: for a full release that takes longer than all the rest of an answer.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import compress, product
from typing import Final, NamedTuple

from pfocr_rdf.query.index.model import TIER_WORDS
from pfocr_rdf.rdf import Kind, Tier

ALL_ORGANISMS: Final = 0
"""The number of no organism: genes of all, and of unknown ones."""
LISTED: Final = (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE)
"""What may be a member of a set."""
SIZES_SCHEMA: Final = """
CREATE TABLE set_size(
    scope TEXT PRIMARY KEY, members INTEGER NOT NULL, sets INTEGER NOT NULL, sizes BLOB NOT NULL
)
"""
WIDEST: Final = {
    Tier.STRICT: TIER_WORDS.index("Symbol"),
    Tier.SYNONYMS: TIER_WORDS.index("Synonym"),
    Tier.ALL: len(TIER_WORDS) - 1,
}
"""Of each tier the last place in `TIER_WORDS` that it includes."""
_NOTHING: Final = 0


class SetOf(StrEnum):
    """What a set is of."""

    FIGURE = "figure"
    PAPER = "paper"


class Scope(NamedTuple):
    """Which members count for which sets.

    Attributes:
        tier: Of genes; chemicals and diseases have none, and are in every tier.
        organism: Of genes, by its number in the index, or `ALL_ORGANISMS`.
        certain: Only what is mentioned unambiguously.
        by: What a set is of.
        kinds: What may be a member.
    """

    tier: Tier
    organism: int
    certain: bool
    by: SetOf
    kinds: tuple[Kind, ...]

    @property
    def key(self) -> str:
        """Its name in the index."""
        kinds = ",".join(self.kinds)
        return f"{self.tier} {self.organism} {self.certain:d} {self.by} {kinds}"


class SetMember(NamedTuple):
    """An entity with its figures, those of the strictest tier first; see `ShownIn`."""

    entity: int
    kind: Kind
    organism: int
    figures: array[int]
    tiers: bytes
    certain: bytes


class Sizes(NamedTuple):
    """How many members each set has, by its number; how many members and sets there are."""

    of_set: Mapping[int, int] | Sequence[int]
    members: int
    sets: int


def sets_of(scope: Scope, shown: SetMember, papers: Sequence[int]) -> Iterable[int]:
    """Return the sets of a scope that have an entity, each once.

    Args:
        scope: Which sets there are.
        shown: The entity; of the scope's organism and kinds.
        papers: Of figures, by their numbers.
    """
    figures = shown.figures
    if shown.kind is Kind.GENE:
        within = bisect_right(shown.tiers, WIDEST[scope.tier])
        figures = figures[:within] if within < len(figures) else figures
    sets: Iterable[int] = figures
    if scope.certain:
        sets = list(compress(figures, shown.certain))
    if scope.by is SetOf.PAPER:
        return {papers[figure] for figure in sets} - {_NOTHING}
    return sets


def is_in(scope: Scope, kind: Kind | None, organism: int) -> bool:
    """Say whether an entity of a kind and organism may be a member in a scope."""
    is_of = kind is not Kind.GENE or scope.organism in (ALL_ORGANISMS, organism)
    return kind in scope.kinds and is_of


class Overlaps(NamedTuple):
    """How many of some entities each set has that has any, and how many of them are in any."""

    of_set: Counter[int]
    members: int


def overlaps(scope: Scope, entities: Iterable[SetMember], papers: Sequence[int]) -> Overlaps:
    """Return how many of some entities each set of a scope has."""
    counts: Counter[int] = Counter()
    members = 0
    for shown in entities:
        if is_in(scope, shown.kind, shown.organism):
            sets = sets_of(scope, shown, papers)
            counts.update(sets)
            members += bool(sets)
    return Overlaps(counts, members)


def write_sizes(
    db: sqlite3.Connection, entities: Sequence[SetMember], papers: Sequence[int], human: int
) -> None:
    """Write the sizes of the scopes that are asked for most: of human genes, and of all.

    Args:
        db: Of the index.
        entities: All that may be members.
        papers: Of figures, by their numbers.
        human: The number of that organism, `ALL_ORGANISMS` where the release has it not.
    """
    organisms = sorted({human, ALL_ORGANISMS})
    for parts in product(Tier, organisms, (False, True), SetOf, ((Kind.GENE,), LISTED)):
        scope = Scope(*parts)
        of_set, members = overlaps(scope, entities, papers)
        last = max(of_set, default=_NOTHING)
        dense = array("I", map(of_set.__getitem__, range(last + 1)))
        row = (scope.key, members, len(of_set), dense.tobytes())
        db.execute("INSERT INTO set_size VALUES (?, ?, ?, ?)", row)


def read_sizes(db: sqlite3.Connection, scope: Scope) -> Sizes | None:
    """Return the sizes of all sets of a scope, None where they were not counted."""
    row = db.execute(
        "SELECT members, sets, sizes FROM set_size WHERE scope = ?", (scope.key,)
    ).fetchone()
    return Sizes(array("I", row[2]), row[0], row[1]) if row else None


def shown_rows(
    rows: Iterable[tuple[int, bytes, bytes, bytes]],
    kinds: Mapping[int, Kind | None] | Sequence[Kind | None],
    organisms: Sequence[int],
) -> Iterator[SetMember]:
    """Yield what may be a member of a set, of rows of an index.

    Args:
        rows: Entity, figures, tiers and certain, as the index has them.
        kinds: By the number of an entity.
        organisms: Likewise.
    """
    for entity, figures, tiers, certain in rows:
        kind = kinds[entity]
        if kind in LISTED:
            assert kind is not None
            yield SetMember(entity, kind, organisms[entity], array("I", figures), tiers, certain)
