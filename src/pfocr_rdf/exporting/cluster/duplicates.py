"""Figids that pages of several partitions have, found from the partitions' sorted hashes.

Partitions do not know of each other. Their hashes are merged once, as sorted lists are, so
that ten million figids need no more memory than their 16 bytes each.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from pfocr_rdf.exporting.cluster.partition import FIGID_BYTES


class Merged(NamedTuple):
    """What the hashes of all partitions say.

    `repeated` has, by the partition's place in the sequence, those hashes that an earlier
    partition has as well; `present` are those of the wanted ones that any partition has.
    """

    repeated: dict[int, frozenset[bytes]]
    present: frozenset[bytes]


def merge_figids(packed: Sequence[bytes], wanted: Collection[bytes]) -> Merged:
    """Compare partitions.

    Args:
        packed: One sorted run of hashes a partition, in the order of the partitions.
        wanted: Hashes that somebody asks for.

    Example:
        >>> a, b = bytes(16), b"x" * 16
        >>> merge_figids([a + b, b], [a]).repeated == {1: frozenset([b])}
        True
    """
    repeated: dict[int, set[bytes]] = {}
    present: set[bytes] = set()
    last = b""
    for figid, place in heapq.merge(*(_hashes(run, place) for place, run in enumerate(packed))):
        if figid == last:
            repeated.setdefault(place, set()).add(figid)
            continue
        last = figid
        if figid in wanted:
            present.add(figid)
    return Merged(
        {place: frozenset(those) for place, those in repeated.items()}, frozenset(present)
    )


def _hashes(packed: bytes, place: int) -> Iterator[tuple[bytes, int]]:
    for start in range(0, len(packed), FIGID_BYTES):
        yield packed[start : start + FIGID_BYTES], place
